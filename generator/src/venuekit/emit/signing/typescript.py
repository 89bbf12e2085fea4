"""Emits the TypeScript module of signers for a contract's signing schemes."""

from __future__ import annotations

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
from venuekit.emit.naming import camel
from venuekit.emit.signing.templating import environment
from venuekit.emit.signing.typescript_language import (
    property_name,
    script_quoted,
)
from venuekit.emit.signing.typescript_lines import (
    declared_parts,
    local_name,
    method_lines,
    prepared_parts,
    prose,
    read_names,
    spelled_names,
)
from venuekit.emit.signing.typescript_verifiers import typescript_verifiers
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
from venuekit.signing.plan import plan, used_inputs

_UNITS_PER_MS = {TimeFormat.UNIX_MS: 1, TimeFormat.UNIX_US: 1_000, TimeFormat.UNIX_NS: 1_000_000}
_DOC = "How requests are signed: straight-line code, made from the contract's signing schemes."


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
        *(["PublicKey"] if "implements PublicKey" in text else []),
        "Signer",
        *(["Verifier"] if "implements Verifier" in text else []),
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
    title = prose(scheme.title or scheme.name)
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
        verifiers=tuple(typescript_verifiers(scheme)),
    )


def _read_names(scheme: SigningScheme) -> frozenset[str]:
    """Return the credentials and inputs that some use reads; others would be unused fields."""
    return frozenset().union(*(used_inputs(scheme, use) for use in scheme.uses))


def _declared(scheme: SigningScheme) -> Iterable[str]:
    read = _read_names(scheme)
    yield from declared_parts(scheme, scheme.credentials, read)
    if scheme.clock is not None:
        yield "readonly #clock: Clock;"
    if scheme.nonce is not None and _nonce_source(scheme.nonce):
        kind = _nonce_source(scheme.nonce).removeprefix("new ").partition("(")[0]
        yield f"readonly #nonces: {kind};"


def _needs_clock(scheme: SigningScheme) -> bool:
    rises = scheme.nonce is not None and scheme.nonce.kind is NonceKind.INCREASING
    return scheme.clock is not None or rises


def _prepared(scheme: SigningScheme) -> Iterable[str]:
    yield from prepared_parts(scheme, scheme.credentials, _read_names(scheme))
    if scheme.clock is not None:
        yield "this.#clock = clock;"
    if scheme.nonce is not None and _nonce_source(scheme.nonce):
        yield f"this.#nonces = {_nonce_source(scheme.nonce, key_part(scheme))};"


def _nonce_source(nonce: Nonce, key: str | None = None) -> str:
    match nonce.kind:
        case NonceKind.UUID:
            return "new UuidNonce()"
        case NonceKind.INCREASING:
            units = _UNITS_PER_MS.get(nonce.format, 1)
            shared = f", parts[{script_quoted(key)}]" if key is not None else ""
            return f"new IncreasingNonce(clock, {units}n{shared})"
        case NonceKind.RANDOM if nonce.byte_count == 16 and nonce.encoding == "hex":
            return "new RandomNonce()"
        case _:
            return ""


def _method(scheme: SigningScheme, wire_name: str, doc: str, use: Use) -> MethodView:
    steps = plan(scheme, use)
    pairs = ", ".join(
        name
        if (name := local_name(step.name)) == step.name
        else f"{property_name(step.name)}: {name}"
        for step in steps.steps
    )
    name = camel(wire_name)
    read, names = read_names(steps), spelled_names(scheme, use)
    return MethodView(
        name=name,
        explain_name=f"explain{name[0].upper()}{name[1:]}",
        draft="crypto.LogonDraft" if use.wire is SignedWire.FIX else "RequestDraft",
        doc=doc,
        at_doc="Signs with a given time and nonce; `trace` receives every step.",
        explain_doc="Signs the draft and returns every step as text, never a secret.",
        timestamp=_timestamp(scheme.clock),
        nonce=_nonce(scheme.nonce),
        lines=tuple(method_lines(scheme, steps, names, is_async=False)),
        async_lines=tuple(method_lines(scheme, steps, names, is_async=True)),
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
