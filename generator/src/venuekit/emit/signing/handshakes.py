"""What sessions write into a socket: into the request that opens it, and into its messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from venuekit.contract import Channel, Contract, Operation, Wire
from venuekit.contract.signing import Moment, SignedWire, Slot
from venuekit.contract.walk import session_schemes
from venuekit.emit.signing.views import handshake_use
from venuekit.origin import Origin


def filled_by_sessions(contract: Contract, channel: Channel) -> frozenset[str]:
    """Return the parameters of a channel's address that sessions fill."""
    if channel.wire is not Wire.WEBSOCKET:
        return frozenset()
    address = channel.address or ""
    return frozenset(
        placement.name
        for scheme, _ in session_schemes(contract)
        for use in scheme.uses
        if use.wire is SignedWire.WEBSOCKET
        for placement in use.placements
        if placement.slot is Slot.PATH and f"{{{placement.name}}}" in address
    )


def handshake(
    contract: Contract, address: str, operations: Sequence[Operation]
) -> list[tuple[str, bool]]:
    """Return the schemes whose sessions complete a socket's opening, and whether each must.

    One must that fills the address, or that every operation of the socket asks for.
    """
    found: list[tuple[str, bool]] = []
    for scheme, _ in session_schemes(contract):
        use = scheme.use(SignedWire.WEBSOCKET)
        early = handshake_use(scheme, use) if use is not None else None
        if early is None:
            continue
        paths = [p.name for p in early.placements if p.slot is Slot.PATH]
        if any(f"{{{name}}}" in address for name in paths):
            found.append((scheme.name, True))
        elif not paths and any(_asks(o, scheme.name) for o in operations):
            found.append((scheme.name, all(_asks(o, scheme.name) for o in operations)))
    return found


class Told(Enum):
    """Whether the reply that opens a session says where a socket is."""

    NEVER = auto()
    WITH_CREDENTIALS = auto()
    ALWAYS = auto()


def told_server(contract: Contract, address: str, operations: Sequence[Operation]) -> Told:
    """Return when a socket's place is told; always, where it cannot be opened without that."""
    sessions = {scheme.name: session for scheme, session in session_schemes(contract)}
    told = [
        is_required
        for name, is_required in handshake(contract, address, operations)
        if sessions[name].server is not None
    ]
    if not told:
        return Told.NEVER
    return Told.ALWAYS if any(told) else Told.WITH_CREDENTIALS


@dataclass(frozen=True, slots=True)
class Rivals:
    """Two sessions of which each says where one socket is; whether each of its users has both."""

    fact: str
    cure: str
    origin: Origin
    is_always: bool


def rivals(contract: Contract, address: str, operations: Sequence[Operation]) -> Iterator[Rivals]:
    """Yield what names a socket's server beside the first session that does."""
    sessions = {scheme.name: session for scheme, session in session_schemes(contract)}
    told = [
        (name, is_required, server.origin)
        for name, is_required in handshake(contract, address, operations)
        if (server := sessions[name].server) is not None
    ]
    for name, is_required, origin in told[1:]:
        first, is_first_required, _ = told[0]
        yield Rivals(
            f"the sessions of {first} and {name} both name the server of the socket"
            f" {address or '/'}, and it can be at one alone",
            "leave `server` to one of the sessions, or give each a channel with an address of its"
            " own; a base URL that the caller gives the stream goes before both",
            origin,
            is_required or is_first_required,
        )


def session_names(contract: Contract, operations: Sequence[Operation]) -> list[str]:
    """Return the schemes whose sessions fill messages of some operation."""
    found = []
    for scheme, _ in session_schemes(contract):
        use = scheme.use(SignedWire.WEBSOCKET)
        if use is None or not any(p.slot is Slot.FIELD for p in use.placements):
            continue
        is_log_on = any(use.operation == o.name for o in operations)
        is_message = use.moment is Moment.MESSAGE
        if is_log_on or (is_message and any(_names(o, scheme.name) for o in operations)):
            found.append(scheme.name)
    return found


def _names(operation: Operation, scheme: str) -> bool:
    return any(name == scheme for r in operation.security for name, _ in r.schemes)


def _asks(operation: Operation, scheme: str) -> bool:
    """Whether every way to be let in to an operation needs the scheme."""
    return bool(operation.security) and all(
        any(name == scheme for name, _ in requirement.schemes) for requirement in operation.security
    )
