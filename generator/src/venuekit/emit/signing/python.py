"""Emits the Python module of signers for a contract's signing schemes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby

from venuekit.contract.signing import (
    Call,
    Clock,
    Decoding,
    Input,
    InputSource,
    Nonce,
    NonceKind,
    Placement,
    SignedWire,
    SigningScheme,
    Slot,
    Step,
    TimeFormat,
    TimeKind,
    Use,
    ValueType,
    children,
)
from venuekit.emit.signing.python_language import PythonLanguage, double_quoted
from venuekit.emit.signing.templating import environment
from venuekit.emit.signing.views import (
    PLACERS,
    MethodView,
    ModuleView,
    SignerView,
    class_name,
    emitted_uses,
    is_needed,
    settings,
)
from venuekit.emit.signing.writer import Writer
from venuekit.signing.hmac_keys import prepared_hmac_keys, shown_secrets
from venuekit.signing.plan import Plan, is_optional, plan, used_inputs

_LONGEST = 100
_INDENT = 8
_PART_FUNCTIONS = {
    Decoding.TEXT: "crypto.text_part",
    Decoding.UTF8: "crypto.utf8_part",
    Decoding.BASE64: "crypto.base64_part",
    Decoding.BASE64URL: "crypto.base64url_part",
    Decoding.HEX: "crypto.hex_part",
    Decoding.ED25519: "crypto_keys.ed25519_part",
    Decoding.RSA: "crypto_keys.rsa_part",
    Decoding.P256: "crypto_keys.p256_part",
    Decoding.SECP256K1: "crypto_keys.secp256k1_part",
}
_REQUEST_NAMES = {
    "method": "draft.method",
    "host": "draft.host",
    "path": "draft.path",
    "query": "draft.query",
    "target": "draft.target",
    "body": "draft.body",
    "headers": "draft.headers",
    "message": "draft.members",
    "tags": "draft.tags",
}
_UNIT_NS = {
    TimeFormat.UNIX_S: 1_000_000_000,
    TimeFormat.UNIX_MS: 1_000_000,
    TimeFormat.UNIX_US: 1_000,
    TimeFormat.UNIX_NS: 1,
}
_CLOCK_CALLS = {
    TimeFormat.UNIX_S: ("now_s", 1_000),
    TimeFormat.UNIX_MS: ("now_ms", 1),
}
_RUNTIME_MODULES = (
    "crypto",
    "crypto_keys",
    "crypto_messages",
    "crypto_values",
    "crypto_wallets",
)
_NONCE_CLASSES = ("IncreasingNonce", "RandomNonce", "UuidNonce")


def python_signers(schemes: Sequence[SigningScheme]) -> str:
    """Return the source of a module with credentials and a signer for each scheme."""
    signers = tuple(_signer(scheme) for scheme in schemes)
    rows = ", ".join(f"{signer.scheme}: {signer.credentials}" for signer in signers)
    draft = _render(ModuleView(doc=_DOC, imports=(), signers=signers, table="{" + rows + "}"))
    module = ModuleView(
        doc=_DOC, imports=tuple(_imports(draft)), signers=signers, table="{" + rows + "}"
    )
    return _render(module)


_DOC = "How requests are signed: straight-line code, made from the contract's signing schemes."


def _render(module: ModuleView) -> str:
    return environment().get_template("signers.py.j2").render(module=module)


def _imports(text: str) -> Iterable[str]:
    if "hashlib." in text:
        yield "import hashlib"
    yield "from collections.abc import Mapping"
    yield ""
    used = [name for name in _RUNTIME_MODULES if re.search(rf"\b{name}\.", text)]
    yield f"from venuekit_runtime import {', '.join(used)}"
    yield "from venuekit_runtime.clock import Clock"
    if "LogonDraft" in text:
        yield "from venuekit_runtime.crypto_messages import LogonDraft"
    nonces = [name for name in _NONCE_CLASSES if f"{name}(" in text]
    if nonces:
        yield f"from venuekit_runtime.nonce import {', '.join(nonces)}"
    if "RequestDraft" in text:
        yield "from venuekit_runtime.signing import RequestDraft"


def _signer(scheme: SigningScheme) -> SignerView:
    name = class_name(scheme)
    parameters = [f"{part.name}: str" for part in scheme.credentials]
    parameters += [f"{s.name}: str = {double_quoted(s.default or '')}" for s in settings(scheme)]
    held = [*(part.name for part in scheme.credentials), *(s.name for s in settings(scheme))]
    title = scheme.title or scheme.name
    return SignerView(
        name=f"{name}Signer",
        credentials=f"{name}Credentials",
        scheme=double_quoted(scheme.name),
        doc=f"Signs with {_prose(title)}; holds the secrets and never shows them.",
        credentials_doc=f"What signs with {_prose(title)}; printing it shows nothing.",
        parameters=", ".join(["self", *(["*"] if parameters else []), *parameters]),
        parts="{" + ", ".join(f"{double_quoted(item)}: {item}" for item in held) + "}"
        if held
        else "dict[str, str]()",
        prepared=tuple(_prepared(scheme)) or ("pass",),
        has_session=scheme.session is not None,
        methods=tuple(_method(scheme, *found) for found in emitted_uses(scheme)),
    )


def _prose(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''").rstrip(".")


def _prepared(scheme: SigningScheme) -> Iterable[str]:
    keys = prepared_hmac_keys(scheme)
    label = double_quoted(scheme.name)
    for part in scheme.credentials:
        text = f"{_PART_FUNCTIONS[part.decoding]}({label}, parts, {double_quoted(part.name)})"
        if part.name in keys:
            text = f"crypto.HmacKey({double_quoted(keys[part.name])}, {text})"
        yield f"self._{part.name} = {text}"
    for item in settings(scheme):
        default = double_quoted(item.default or "")
        text = f"crypto.optional_part({label}, parts, {double_quoted(item.name)}, {default})"
        yield f"self._{item.name} = {_converted(item, text)}"
    if scheme.clock is not None or scheme.nonce is not None:
        yield "self._clock = clock"
    if scheme.nonce is not None:
        source = _nonce_source(scheme.nonce)
        if source:
            yield f"self._nonces = {source}"


def _nonce_source(nonce: Nonce) -> str:
    match nonce.kind:
        case NonceKind.UUID:
            return "UuidNonce()"
        case NonceKind.INCREASING:
            return f"IncreasingNonce(clock, {_UNIT_NS.get(nonce.format, 1_000_000)})"
        case NonceKind.RANDOM if nonce.byte_count == 16 and nonce.encoding == "hex":
            return "RandomNonce()"
        case _:
            return ""


def _method(scheme: SigningScheme, name: str, doc: str, use: Use) -> MethodView:
    steps = plan(scheme, use)
    pairs = ", ".join(f"{step.name}={_local(step.name)}" for step in steps.steps)
    return MethodView(
        name=name,
        explain_name=f"explain_{name}",
        draft="LogonDraft" if use.wire is SignedWire.FIX else "RequestDraft",
        doc=doc,
        at_doc="Sign with a given time and nonce; `trace` receives every step.",
        explain_doc="Sign the draft and return every step as text, never a secret.",
        timestamp=_timestamp(scheme.clock),
        nonce=_nonce(scheme.nonce),
        lines=tuple(_lines(scheme, steps)),
        trace=pairs,
        shown=", ".join(["trace", *(f"self._{name}" for name in shown_secrets(scheme))]),
    )


def _timestamp(clock: Clock | None) -> str:
    if clock is None:
        return '""'
    ahead = clock.lifetime_ms or 0 if clock.kind is TimeKind.DEADLINE else 0
    if clock.format in _CLOCK_CALLS:
        call, unit_ms = _CLOCK_CALLS[clock.format]
        later = f" + {ahead // unit_ms}" if ahead else ""
        return f"str(self._clock.{call}(){later})"
    later = f" + {ahead * 1_000_000}" if ahead else ""
    return f'crypto.time_text("{clock.format}", self._clock.now_ns(){later})'


def _nonce(nonce: Nonce | None) -> str:
    if nonce is None:
        return '""'
    match nonce.kind:
        case NonceKind.SERVER:
            return 'crypto.given(draft.inputs, "nonce")'
        case NonceKind.INCREASING:
            return "str(self._nonces.next())"
        case _ if not _nonce_source(nonce):
            return f"crypto.random_text({nonce.byte_count}, {double_quoted(nonce.encoding)})"
        case _:
            return "self._nonces.next()"


def _lines(scheme: SigningScheme, steps: Plan) -> Iterable[str]:
    writer = Writer(
        scheme, PythonLanguage(frozenset(prepared_hmac_keys(scheme))), _names(scheme, steps.use)
    )
    for item in scheme.inputs:
        if item.source is not InputSource.SETTING and item.name in used_inputs(scheme, steps.use):
            fallback = "" if is_needed(scheme, item) else f", {double_quoted(item.default or '')}"
            given = f"crypto.given(draft.inputs, {double_quoted(item.name)}{fallback})"
            yield f"{_local(item.name)} = {_converted(item, given)}"
    for name, expression in steps.use.bindings:
        written = writer.write(expression)
        yield f"{_local(name)} = {written.bytes if name == 'body' else written.text}"
    for is_headers, actions in groupby(steps.actions, partial(_is_certain_header, scheme)):
        if is_headers:
            yield from _header_lines(writer, [a for a in actions if isinstance(a, Placement)])
            continue
        for action in actions:
            if isinstance(action, Step):
                yield from _step_lines(writer, action)
            else:
                yield from _placement_lines(writer, action)


def _is_certain_header(scheme: SigningScheme, action: Step | Placement) -> bool:
    if not isinstance(action, Placement) or action.slot is not Slot.HEADER:
        return False
    return not is_optional(scheme, action)


def _header_lines(writer: Writer, placements: Sequence[Placement]) -> Iterable[str]:
    """Yield headers that stand one after the other; adding them at once costs a third."""
    items = [
        f"({double_quoted(placement.name)}, {writer.write(placement.value)})"
        for placement in placements
    ]
    if len(items) == 1:
        yield f"draft.add_header{items[0]}"
        return
    yield "draft.add_headers("
    for item in items:
        yield f"    {item},"
    yield ")"


def _step_lines(writer: Writer, step: Step) -> Iterable[str]:
    """Yield a step; a join that does not fit stands with one part to a line."""
    text = writer.write(step.expression).text
    line = f"{_local(step.name)} = {text}"
    call = step.expression
    if len(line) + _INDENT <= _LONGEST or not (isinstance(call, Call) and call.operator == "join"):
        yield line
        return
    start, _, _ = text.partition(".join(")
    yield f"{_local(step.name)} = {start}.join("
    yield "    ("
    for part in children(call.argument("parts")):
        written = writer.write(part)
        yield f"        {written.text if step.type is ValueType.TEXT else written.bytes},"
    yield "    )"
    yield ")"


def _placement_lines(writer: Writer, placement: Placement) -> Iterable[str]:
    value = writer.write(placement.value).text
    name = double_quoted(placement.name)
    if placement.slot is Slot.BODY:
        yield f"draft.body = {writer.write(placement.value).bytes}"
        return
    if not is_optional(writer.scheme, placement):
        yield f"draft.{PLACERS[placement.slot]}({name}, {value})"
        return
    yield f"optional = {value}"
    yield "if optional:"
    yield f"    draft.{PLACERS[placement.slot]}({name}, optional)"


def _converted(item: Input, text: str) -> str:
    match item.type:
        case ValueType.TEXT:
            return text if "optional_part" in text else f"crypto_values.as_text({text})"
        case ValueType.BYTES:
            return f"crypto.raw({text})"
        case ValueType.NUMBER:
            return f"crypto_values.number(crypto_values.as_text({text}))"
        case ValueType.LIST:
            return f"crypto_values.pairs({text})"
        case _:
            return text


def _names(scheme: SigningScheme, use: Use) -> dict[str, str]:
    names = dict(_REQUEST_NAMES)
    names |= {part.name: f"self._{part.name}" for part in scheme.credentials}
    for item in scheme.inputs:
        is_setting = item.source is InputSource.SETTING
        names[item.name] = f"self._{item.name}" if is_setting else _local(item.name)
    names |= {"timestamp": "timestamp", "nonce": "nonce"}
    names |= {step.name: _local(step.name) for step in scheme.steps}
    names |= {name: _local(name) for name, _ in use.bindings}
    return names


_TAKEN = frozenset(("draft", "self", "crypto", "hashlib", "trace", "str", "hash", "lambda", "pass"))


def _local(name: str) -> str:
    """Return a name that hides nothing else in the method."""
    return f"{name}_" if name in _TAKEN else name
