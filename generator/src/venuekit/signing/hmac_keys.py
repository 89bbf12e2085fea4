"""Which credentials are HMAC keys and nothing else, so that they can be prepared once."""

from __future__ import annotations

from venuekit.contract.signing import Call, Decoding, Placement, Reference, SigningScheme, walk


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
