"""What becomes of credentials: which are HMAC keys alone, and which could be seen in a step."""

from __future__ import annotations

from venuekit.contract.signing import (
    DECODED_TYPE,
    Call,
    Decoding,
    Placement,
    Reference,
    SigningScheme,
    ValueType,
    walk,
)
from venuekit.signing.plan import names_behind


def prepared_hmac_keys(scheme: SigningScheme) -> dict[str, str]:
    """Return the credentials that serve as HMAC keys of one hash alone, with that hash."""
    hashes: dict[str, set[str]] = {}
    spoiled: set[str] = set()
    for call, name, parent in _credential_uses(scheme):
        if parent == "key" and call.operator == "hmac":
            hashes.setdefault(name, set()).add(str(call.argument("hash")))
        else:
            spoiled.add(name)
    byte_parts = {
        part.name
        for part in scheme.credentials
        if part.decoding in (Decoding.UTF8, Decoding.BASE64, Decoding.BASE64URL, Decoding.HEX)
    }
    return {
        name: next(iter(found))
        for name, found in hashes.items()
        if len(found) == 1 and name in byte_parts - spoiled
    }


def shown_secrets(scheme: SigningScheme) -> tuple[str, ...]:
    """Return the secrets that may stand in a computed step as they are, such as a passphrase.

    Keys of MACs and signatures are not among them: nothing but their digest leaves them.
    """
    keys = prepared_hmac_keys(scheme)
    behind = frozenset().union(*(names_behind(scheme, step.name) for step in scheme.steps))
    return tuple(
        part.name
        for part in scheme.credentials
        if part.is_secret
        and part.name in behind
        and part.name not in keys
        and DECODED_TYPE[part.decoding] in (ValueType.TEXT, ValueType.BYTES)
    )


def _credential_uses(scheme: SigningScheme) -> list[tuple[Call, str, str]]:
    """Return each use of a credential inside an operator: the call, its name, the argument."""
    names = {part.name for part in scheme.credentials}
    expressions = [step.expression for step in scheme.steps]
    expressions += [placement.value for placement in _placements(scheme)]
    found: list[tuple[Call, str, str]] = []
    for expression in expressions:
        for part in walk(expression):
            if not isinstance(part, Call):
                continue
            for argument_name, argument in part.arguments:
                for child in argument if isinstance(argument, tuple) else (argument,):
                    if isinstance(child, Reference) and child.name in names:
                        found.append((part, child.name, argument_name))
    return found


def _placements(scheme: SigningScheme) -> list[Placement]:
    return [placement for use in scheme.uses for placement in use.placements]
