"""Emits what verifies a venue's calls by its public key, in Python."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract.signing import Decoding, SigningScheme
from venuekit.emit.signing.python_language import PythonLanguage, double_quoted
from venuekit.emit.signing.python_lines import (
    local_name,
    method_lines,
    part_line,
    prose,
    setting_line,
    spelled_names,
)
from venuekit.emit.signing.views import VerifierView, class_name, public_arguments, settings
from venuekit.emit.signing.writer import Writer
from venuekit.signing.hmac_keys import prepared_hmac_keys
from venuekit.signing.public_check import PublicCheck, public_check

_KEYS = {
    Decoding.ED25519: "ed25519_public_part",
    Decoding.RSA: "rsa_public_part",
    Decoding.P256: "p256_public_part",
    Decoding.SECP256K1: "secp256k1_public_part",
}


def python_verifiers(scheme: SigningScheme) -> Iterator[VerifierView]:
    """Yield the verifier of a scheme whose webhooks a private key signs; none for others."""
    check = public_check(scheme)
    if check is None:
        return
    name, title = class_name(scheme), prose(scheme.title or scheme.name)
    names = spelled_names(scheme, check.use)
    names[check.key.name] = f"self._{check.held_name(check.key)}"
    steps = ", ".join(f"{step.name}={local_name(step.name)}" for step in check.plan.steps)
    held = [(part.name, check.held_name(part)) for part in check.credentials]
    parameters = [f"{given}: str" for _, given in held]
    parameters += [f"{s.name}: str = {double_quoted(s.default or '')}" for s in settings(scheme)]
    parts = [given for _, given in held] + [s.name for s in settings(scheme)]
    yield VerifierView(
        name=f"{name}Verifier",
        keys=f"{name}PublicKey",
        scheme=double_quoted(scheme.name),
        doc=f"Verifies calls that are signed with {prose(title)}, by the sender's public key.",
        keys_doc=f"The public key that verifies calls signed with {prose(title)}.",
        parameters=", ".join(["self", "*", *parameters]),
        parts="{" + ", ".join(f"{double_quoted(item)}: {item}" for item in parts) + "}",
        prepared=tuple(_prepared(scheme, check)),
        lines=tuple(method_lines(scheme, check.plan, names)),
        trace=steps,
        holds=_holds(scheme, check, names),
    )


def _prepared(scheme: SigningScheme, check: PublicCheck) -> list[str]:
    lines = []
    for part in check.credentials:
        if part is not check.key:
            lines.append(part_line(scheme, part))
            continue
        held = check.held_name(part)
        arguments = f"{double_quoted(scheme.name)}, parts, {double_quoted(held)}"
        lines.append(f"self._{held} = crypto_public.{_KEYS[part.decoding]}({arguments})")
    return lines + [setting_line(scheme, item) for item in settings(scheme)]


def _holds(scheme: SigningScheme, check: PublicCheck, names: dict[str, str]) -> str:
    writer = Writer(scheme, PythonLanguage(frozenset(prepared_hmac_keys(scheme))), names)
    message = writer.write(check.message).bytes
    received = f"crypto_public.strict_{check.encoding}(signature)"
    method, arguments = public_arguments(check.call, message, received)
    return f"{names[check.key.name]}.{method}({', '.join(arguments)})"
