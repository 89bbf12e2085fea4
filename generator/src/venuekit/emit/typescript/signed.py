"""Messages of a socket that are signed one by one: by which schemes, and what a signer fills in."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract, Operation, SignedScheme
from venuekit.contract.signing import Moment, SignedWire, Slot, Use


def message_signers(contract: Contract, operation: Operation) -> dict[str, Use]:
    """Return the schemes of an operation that sign each of its messages, by their names."""
    found: dict[str, Use] = {}
    for requirement in operation.security or ():
        for name, _scopes in requirement.schemes:
            scheme = contract.security_schemes.get(name)
            if not isinstance(scheme, SignedScheme):
                continue
            use = scheme.signing.use(SignedWire.WEBSOCKET)
            if use is not None and use.moment is Moment.MESSAGE:
                found[name] = use
    return found


def filled_fields(signers: dict[str, Use], payload: str) -> tuple[str, ...]:
    """Return the members of a payload that every signer fills in, so that no caller has to.

    `payload` is the dotted place of the payload in its frame, "" for the frame itself.
    """
    places = [set(_placed(use, payload)) for use in signers.values()]
    return tuple(sorted(set.intersection(*places))) if places else ()


def _placed(use: Use, payload: str) -> Iterator[str]:
    for placement in use.placements:
        place, _dot, name = placement.name.rpartition(".")
        if placement.slot is Slot.FIELD and place == payload:
            yield name
