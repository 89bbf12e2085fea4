"""Emits what verifies a venue's calls by its public key, in TypeScript."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract.signing import Decoding, SigningScheme
from venuekit.emit.naming import camel
from venuekit.emit.signing.typescript_language import (
    TypeScriptLanguage,
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
from venuekit.emit.signing.views import VerifierView, class_name, public_arguments, settings
from venuekit.emit.signing.writer import Writer
from venuekit.signing.hmac_keys import prepared_hmac_keys
from venuekit.signing.plan import references, used_inputs
from venuekit.signing.public_check import PublicCheck, public_check

_KEYS = {
    Decoding.ED25519: ("crypto.ed25519PublicPart", "crypto.Ed25519PublicKey"),
    Decoding.RSA: ("crypto.rsaPublicPart", "crypto.RsaPublicKey"),
    Decoding.P256: ("crypto.p256PublicPart", "crypto.P256PublicKey"),
    Decoding.SECP256K1: ("ethereum.secp256k1PublicPart", "ethereum.Secp256k1PublicKey"),
}


def typescript_verifiers(scheme: SigningScheme) -> Iterator[VerifierView]:
    """Yield the verifier of a scheme whose webhooks a private key signs; none for others."""
    check = public_check(scheme)
    if check is None:
        return
    name, title = class_name(scheme), prose(scheme.title or scheme.name)
    names = spelled_names(scheme, check.use)
    names[check.key.name] = f"this.#{camel(check.held_name(check.key))}"
    given = [check.held_name(part) for part in check.credentials]
    parameters = [f"readonly {camel(one)}: string" for one in given]
    parameters += [f"readonly {camel(s.name)}?: string" for s in settings(scheme)]
    held = [f"{property_name(one)}: parts.{camel(one)}" for one in given]
    held += [
        f"{property_name(s.name)}: parts.{camel(s.name)} ?? {script_quoted(s.default or '')}"
        for s in settings(scheme)
    ]
    read = read_names(check.plan) | references(check.message)
    declared, prepared = _fields(scheme, check)
    yield VerifierView(
        name=f"{name}Verifier",
        keys=f"{name}PublicKey",
        scheme=script_quoted(scheme.name),
        doc=f"Verifies calls that are signed with {title}, by the sender's public key.",
        keys_doc=f"The public key that verifies calls signed with {title}.",
        parameters="; ".join(parameters),
        parts="{ " + ", ".join(held) + " }",
        declared=tuple(declared),
        prepared=tuple(prepared),
        lines=tuple(method_lines(scheme, check.plan, names, is_async=False)),
        async_lines=tuple(method_lines(scheme, check.plan, names, is_async=True)),
        timestamp="timestamp" if "timestamp" in read else "_timestamp",
        nonce="nonce" if "nonce" in read else "_nonce",
        trace="{ " + ", ".join(_pair(step.name) for step in check.plan.steps) + " }",
        holds=_holds(scheme, check, names, is_async=False),
        async_holds=_holds(scheme, check, names, is_async=True),
    )


def _pair(name: str) -> str:
    spelled = local_name(name)
    return name if spelled == name else f"{property_name(name)}: {spelled}"


def _fields(scheme: SigningScheme, check: PublicCheck) -> tuple[list[str], list[str]]:
    """Return the declared fields and the lines that fill them, the public key's first."""
    part, kind = _KEYS[check.key.decoding]
    held = check.held_name(check.key)
    others = [one for one in check.credentials if one is not check.key]
    read = used_inputs(scheme, check.use)
    arguments = f"{script_quoted(scheme.name)}, parts, {script_quoted(held)}"
    declared = [f"readonly #{camel(held)}: {kind};", *declared_parts(scheme, others, read)]
    prepared = [
        f"this.#{camel(held)} = {part}({arguments});",
        *prepared_parts(scheme, others, read),
    ]
    return declared, prepared


def _holds(scheme: SigningScheme, check: PublicCheck, names: dict[str, str], is_async: bool) -> str:
    language = TypeScriptLanguage(frozenset(prepared_hmac_keys(scheme)), is_async)
    message = Writer(scheme, language, names).write(check.message).text
    if check.call.operator == "secp256k1":
        message = f"crypto.bytesOf({message})"
    received = f"crypto.{camel(f'strict_{check.encoding}')}(signature)"
    method, arguments = public_arguments(check.call, message, received)
    spelled = camel(f"{method}_async") if is_async else camel(method)
    return f"{names[check.key.name]}.{spelled}({', '.join(arguments)})"
