"""Emits the TypeScript module of signers for a contract's signing schemes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from venuekit.contract.signing import (
    Call,
    Clock,
    Decoding,
    Expression,
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
from venuekit.emit.naming import camel
from venuekit.emit.signing.templating import environment
from venuekit.emit.signing.typescript_language import (
    TypeScriptLanguage,
    property_name,
    script_quoted,
)
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
from venuekit.signing.plan import Plan, is_optional, plan, references, used_inputs

_PARTS = {
    Decoding.TEXT: ("crypto.textPart", "string"),
    Decoding.UTF8: ("crypto.utf8Part", "Uint8Array"),
    Decoding.BASE64: ("crypto.base64Part", "Uint8Array"),
    Decoding.BASE64URL: ("crypto.base64urlPart", "Uint8Array"),
    Decoding.HEX: ("crypto.hexPart", "Uint8Array"),
    Decoding.ED25519: ("crypto.ed25519Part", "crypto.Ed25519Key"),
    Decoding.RSA: ("crypto.rsaPart", "crypto.RsaKey"),
    Decoding.P256: ("crypto.p256Part", "crypto.P256Key"),
    Decoding.SECP256K1: ("ethereum.secp256k1Part", "ethereum.Secp256k1Key"),
}
_INPUT_TYPES = {
    ValueType.TEXT: "string",
    ValueType.BYTES: "crypto.Data",
    ValueType.NUMBER: "number | bigint",
    ValueType.LIST: "crypto.Pairs",
    ValueType.VALUE: "unknown",
}
_LONGEST = 100
_UNITS_PER_MS = {TimeFormat.UNIX_MS: 1, TimeFormat.UNIX_US: 1_000, TimeFormat.UNIX_NS: 1_000_000}
_DOC = "How requests are signed: straight-line code, made from the contract's signing schemes."
_TAKEN = frozenset(("draft", "trace", "crypto", "ethereum", "default", "delete", "new", "class"))


def typescript_signers(schemes: Sequence[SigningScheme], runtime: str = "@venuekit/runtime") -> str:
    """Return the source of a module with credentials and a signer for each scheme."""
    signers = tuple(_signer(scheme) for scheme in schemes)
    rows = ", ".join(
        f"{property_name(scheme.name)}: {class_name(scheme)}Credentials" for scheme in schemes
    )
    table = "{ " + rows + " }"
    text = _render(ModuleView(doc=_DOC, imports=(), signers=signers, table=table))
    imports = tuple(_imports(text, runtime))
    return _render(ModuleView(doc=_DOC, imports=imports, signers=signers, table=table))


def _render(module: ModuleView) -> str:
    return environment().get_template("signers.ts.j2").render(module=module)


def _imports(text: str, runtime: str) -> Iterable[str]:
    values = [name for name in ("IncreasingNonce", "RandomNonce", "UuidNonce") if name in text]
    types = [
        "Clock",
        "Credentials",
        *(["RequestDraft"] if "RequestDraft" in text else []),
        "Signer",
    ]
    if values:
        names = ", ".join(sorted([*values, *(f"type {name}" for name in types)], key=_import_key))
        yield f'import {{ {names} }} from "{runtime}";'
    else:
        yield f'import type {{ {", ".join(types)} }} from "{runtime}";'
    yield f'import * as crypto from "{runtime}/crypto";'
    if "ethereum." in text:
        yield f'import * as ethereum from "{runtime}/ethereum";'


def _import_key(name: str) -> str:
    return name.removeprefix("type ")


def _signer(scheme: SigningScheme) -> SignerView:
    name = class_name(scheme)
    required = [part.name for part in scheme.credentials]
    parameters = [f"readonly {camel(part)}: string" for part in required]
    parameters += [f"readonly {camel(s.name)}?: string" for s in settings(scheme)]
    held = [(part, f"parts.{camel(part)}") for part in required]
    held += [
        (s.name, f"parts.{camel(s.name)} ?? {script_quoted(s.default or '')}")
        for s in settings(scheme)
    ]
    title = " ".join((scheme.title or scheme.name).split()).replace("*/", "* /").rstrip(".")
    return SignerView(
        name=f"{name}Signer",
        credentials=f"{name}Credentials",
        scheme=script_quoted(scheme.name),
        doc=f"Signs with {title}; holds the secrets and never shows them.",
        credentials_doc=f"What signs with {title}; printing it shows nothing.",
        parameters="; ".join(parameters),
        parts="{ " + ", ".join(f"{property_name(n)}: {text}" for n, text in held) + " }",
        declared=tuple(_declared(scheme)),
        clock="clock" if _needs_clock(scheme) else "_clock",
        prepared=tuple(_prepared(scheme)),
        has_session=scheme.session is not None,
        held="parts" if any("parts" in line for line in _prepared(scheme)) else "_parts",
        methods=tuple(_method(scheme, *found) for found in emitted_uses(scheme)),
    )


def _read_names(scheme: SigningScheme) -> frozenset[str]:
    """Return the credentials and inputs that some use reads; others would be unused fields."""
    return frozenset().union(*(used_inputs(scheme, use) for use in scheme.uses))


def _declared(scheme: SigningScheme) -> Iterable[str]:
    keys, read = prepared_hmac_keys(scheme), _read_names(scheme)
    for part in scheme.credentials:
        if part.name in read:
            kind = "crypto.HmacKey" if part.name in keys else _PARTS[part.decoding][1]
            yield f"readonly #{camel(part.name)}: {kind};"
    for item in settings(scheme):
        if item.name in read:
            yield f"readonly #{camel(item.name)}: {_INPUT_TYPES[item.type]};"
    if scheme.clock is not None:
        yield "readonly #clock: Clock;"
    if scheme.nonce is not None and _nonce_source(scheme.nonce):
        kind = _nonce_source(scheme.nonce).removeprefix("new ").partition("(")[0]
        yield f"readonly #nonces: {kind};"


def _needs_clock(scheme: SigningScheme) -> bool:
    rises = scheme.nonce is not None and scheme.nonce.kind is NonceKind.INCREASING
    return scheme.clock is not None or rises


def _prepared(scheme: SigningScheme) -> Iterable[str]:
    keys, read = prepared_hmac_keys(scheme), _read_names(scheme)
    label = script_quoted(scheme.name)
    for part in scheme.credentials:
        text = f"{_PARTS[part.decoding][0]}({label}, parts, {script_quoted(part.name)})"
        if part.name in keys:
            text = f"new crypto.HmacKey({script_quoted(keys[part.name])}, {text})"
        target = f"this.#{camel(part.name)} = " if part.name in read else ""
        yield f"{target}{text};"
    for item in settings(scheme):
        if item.name in read:
            value = f"parts[{script_quoted(item.name)}] ?? {script_quoted(item.default or '')}"
            yield f"this.#{camel(item.name)} = {_converted(item, value, is_setting=True)};"
    if scheme.clock is not None:
        yield "this.#clock = clock;"
    if scheme.nonce is not None and _nonce_source(scheme.nonce):
        yield f"this.#nonces = {_nonce_source(scheme.nonce)};"


def _nonce_source(nonce: Nonce) -> str:
    match nonce.kind:
        case NonceKind.UUID:
            return "new UuidNonce()"
        case NonceKind.INCREASING:
            return f"new IncreasingNonce(clock, {_UNITS_PER_MS.get(nonce.format, 1)}n)"
        case NonceKind.RANDOM if nonce.byte_count == 16 and nonce.encoding == "hex":
            return "new RandomNonce()"
        case _:
            return ""


def _method(scheme: SigningScheme, wire_name: str, doc: str, use: Use) -> MethodView:
    steps = plan(scheme, use)
    pairs = ", ".join(
        name if (name := _local(step.name)) == step.name else f"{property_name(step.name)}: {name}"
        for step in steps.steps
    )
    name = camel(wire_name)
    read = _read(steps)
    return MethodView(
        name=name,
        explain_name=f"explain{name[0].upper()}{name[1:]}",
        draft="crypto.LogonDraft" if use.wire is SignedWire.FIX else "RequestDraft",
        doc=doc,
        at_doc="Signs with a given time and nonce; `trace` receives every step.",
        explain_doc="Signs the draft and returns every step as text, never a secret.",
        timestamp=_timestamp(scheme.clock),
        nonce=_nonce(scheme.nonce),
        lines=tuple(_lines(scheme, steps, is_async=False)),
        async_lines=tuple(_lines(scheme, steps, is_async=True)),
        async_timestamp="timestamp" if "timestamp" in read else "_timestamp",
        async_nonce="nonce" if "nonce" in read else "_nonce",
        trace="{ " + pairs + " }",
        shown=", ".join(["trace", *(f"this.#{camel(name)}" for name in shown_secrets(scheme))]),
    )


def _timestamp(clock: Clock | None) -> str:
    if clock is None:
        return '""'
    ahead = (clock.lifetime_ms or 0) if clock.kind is TimeKind.DEADLINE else 0
    later = f" + {ahead}" if ahead else ""
    if clock.format is TimeFormat.UNIX_MS:
        return f"String(this.#clock.nowMs(){later})"
    return f"crypto.timeText({script_quoted(clock.format)}, this.#clock.nowMs(){later})"


def _nonce(nonce: Nonce | None) -> str:
    if nonce is None:
        return '""'
    match nonce.kind:
        case NonceKind.SERVER:
            return 'crypto.asText(crypto.given(draft.inputs, "nonce"))'
        case NonceKind.INCREASING:
            return "String(this.#nonces.next())"
        case _ if not _nonce_source(nonce):
            return f"crypto.randomText({nonce.byte_count}, {script_quoted(nonce.encoding)})"
        case _:
            return "this.#nonces.next()"


def _lines(scheme: SigningScheme, steps: Plan, is_async: bool) -> Iterable[str]:
    language = TypeScriptLanguage(frozenset(prepared_hmac_keys(scheme)), is_async)
    writer = Writer(scheme, language, _names(scheme, steps.use))
    for item in scheme.inputs:
        if item.source is not InputSource.SETTING and item.name in used_inputs(scheme, steps.use):
            fallback = "" if is_needed(scheme, item) else f", {script_quoted(item.default or '')}"
            given = f"crypto.given(draft.inputs, {script_quoted(item.name)}{fallback})"
            yield f"const {_local(item.name)} = {_converted(item, given)};"
    read = _read(steps)
    for name, expression in steps.use.bindings:
        if name in read:
            yield f"const {_local(name)} = {writer.write(expression).text};"
    for action in steps.actions:
        if isinstance(action, Step):
            yield from _step_lines(writer, action)
        else:
            yield from _placement_lines(writer, action)


def _step_lines(writer: Writer, step: Step) -> Iterable[str]:
    """Yield a step; a join that does not fit stands with one part to a line."""
    text = writer.write(step.expression).text
    line = f"const {_local(step.name)} = {text};"
    call = step.expression
    if len(line) + 4 <= _LONGEST or not (isinstance(call, Call) and call.operator == "join"):
        yield line
        return
    yield f"const {_local(step.name)} = {text.partition('[')[0]}["
    for part in children(call.argument("parts")):
        yield f"  {writer.write(part).text},"
    yield f"]{text[text.rindex(']') + 1 :]};"


def _read(steps: Plan) -> frozenset[str]:
    """Return the names that the actions of a use refer to."""
    return frozenset().union(*(references(_expression(action)) for action in steps.actions))


def _expression(action: Step | Placement) -> Expression:
    return action.expression if isinstance(action, Step) else action.value


def _placement_lines(writer: Writer, placement: Placement) -> Iterable[str]:
    value = writer.write(placement.value).text
    placer = f"draft.{camel(PLACERS[placement.slot])}"
    name = script_quoted(placement.name)
    if placement.slot is Slot.BODY:
        yield f"draft.body = {value};"
        return
    if not is_optional(writer.scheme, placement):
        yield f"{placer}({name}, {value});"
        return
    # Two optional placements must not declare one name, so each stands in a block of its own.
    yield "{"
    yield f"  const optional = {value};"
    yield f"  if (optional.length > 0) {placer}({name}, optional);"
    yield "}"


def _converted(item: Input, text: str, is_setting: bool = False) -> str:
    match item.type:
        case ValueType.TEXT:
            return text if is_setting else f"crypto.asText({text})"
        case ValueType.BYTES:
            return text if is_setting else f"crypto.asText({text})"
        case ValueType.NUMBER:
            return f"crypto.number(crypto.asText({text}))"
        case ValueType.LIST:
            return f"crypto.pairs({text})"
        case _:
            return text


def _names(scheme: SigningScheme, use: Use) -> dict[str, str]:
    names = {
        name: f"draft.{name}"
        for name in ("method", "host", "path", "query", "target", "body", "headers", "tags")
    }
    names["message"] = "draft.members"
    names |= {part.name: f"this.#{camel(part.name)}" for part in scheme.credentials}
    for item in scheme.inputs:
        is_setting = item.source is InputSource.SETTING
        names[item.name] = f"this.#{camel(item.name)}" if is_setting else _local(item.name)
    names |= {"timestamp": "timestamp", "nonce": "nonce"}
    names |= {step.name: _local(step.name) for step in scheme.steps}
    names |= {name: _local(name) for name, _ in use.bindings}
    return names


def _local(name: str) -> str:
    """Return a name that hides nothing else in the method."""
    spelled = camel(name)
    return f"{spelled}_" if spelled in _TAKEN or not re.match(r"[A-Za-z_]", spelled) else spelled
