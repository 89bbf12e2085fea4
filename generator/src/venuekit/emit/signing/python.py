"""Emits the Python module of signers for a contract's signing schemes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from venuekit.contract.signing import (
    Clock,
    Nonce,
    NonceKind,
    SignedWire,
    SigningScheme,
    TimeFormat,
    TimeKind,
    Use,
)
from venuekit.emit.signing.python_language import double_quoted
from venuekit.emit.signing.python_lines import (
    local_name,
    method_lines,
    part_line,
    prose,
    setting_line,
    spelled_names,
)
from venuekit.emit.signing.python_verifiers import python_verifiers
from venuekit.emit.signing.templating import environment
from venuekit.emit.signing.views import (
    MethodView,
    ModuleView,
    SignerView,
    class_name,
    emitted_uses,
    key_part,
    settings,
)
from venuekit.signing.hmac_keys import shown_secrets
from venuekit.signing.plan import plan

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
    "crypto_public",
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
        doc=f"Signs with {prose(title)}; holds the secrets and never shows them.",
        credentials_doc=f"What signs with {prose(title)}; printing it shows nothing.",
        parameters=", ".join(["self", *(["*"] if parameters else []), *parameters]),
        parts="{" + ", ".join(f"{double_quoted(item)}: {item}" for item in held) + "}"
        if held
        else "dict[str, str]()",
        prepared=tuple(_prepared(scheme)) or ("pass",),
        has_session=scheme.session is not None,
        methods=tuple(_method(scheme, *found) for found in emitted_uses(scheme)),
        verifiers=tuple(python_verifiers(scheme)),
    )


def _prepared(scheme: SigningScheme) -> Iterable[str]:
    for part in scheme.credentials:
        yield part_line(scheme, part)
    for item in settings(scheme):
        yield setting_line(scheme, item)
    if scheme.clock is not None or scheme.nonce is not None:
        yield "self._clock = clock"
    if scheme.nonce is not None:
        source = _nonce_source(scheme.nonce, key_part(scheme))
        if source:
            yield f"self._nonces = {source}"


def _nonce_source(nonce: Nonce, key: str | None = None) -> str:
    match nonce.kind:
        case NonceKind.UUID:
            return "UuidNonce()"
        case NonceKind.INCREASING:
            unit_ns = _UNIT_NS.get(nonce.format, 1_000_000)
            shared = f", parts[{double_quoted(key)}]" if key is not None else ""
            return f"IncreasingNonce(clock, {unit_ns}{shared})"
        case NonceKind.RANDOM if nonce.byte_count == 16 and nonce.encoding == "hex":
            return "RandomNonce()"
        case _:
            return ""


def _method(scheme: SigningScheme, name: str, doc: str, use: Use) -> MethodView:
    steps = plan(scheme, use)
    pairs = ", ".join(f"{step.name}={local_name(step.name)}" for step in steps.steps)
    return MethodView(
        name=name,
        explain_name=f"explain_{name}",
        draft="LogonDraft" if use.wire is SignedWire.FIX else "RequestDraft",
        doc=doc,
        at_doc="Sign with a given time and nonce; `trace` receives every step.",
        explain_doc="Sign the draft and return every step as text, never a secret.",
        timestamp=_timestamp(scheme.clock),
        nonce=_nonce(scheme.nonce),
        lines=tuple(method_lines(scheme, steps, spelled_names(scheme, use))),
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
