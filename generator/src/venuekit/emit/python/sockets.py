"""Which operations share a socket, and what its sessions write into the request that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from venuekit.contract import Channel, ChannelBinding, Operation, Wire
from venuekit.contract.signing import Moment, SignedWire, Slot
from venuekit.contract.walk import session_schemes
from venuekit.emit.naming import constant, pascal, snake
from venuekit.emit.python.context import Context
from venuekit.emit.signing.views import handshake_use


@dataclass(frozen=True, slots=True, kw_only=True)
class Socket:
    """One connection: its class, module and constant, its own address, and what travels on it."""

    name: str
    module: str
    protocol: str
    address: str
    operations: tuple[Operation, ...]


def sockets(context: Context) -> list[Socket]:
    """Return the contract's connections: one, and one more for each address that a session fills.

    A socket whose address holds what a session gives cannot be shared with anything else.
    """
    operations = list(context.operations(Wire.WEBSOCKET))
    own = {key: c for key, c in context.contract.channels.items() if filled_by_sessions(context, c)}
    shared = tuple(o for o in operations if channel_of(o) not in own)
    found = []
    if shared:
        found.append(_socket("StreamClient", "stream", "PROTOCOL", "", shared))
    for key, channel in own.items():
        inside = tuple(o for o in operations if channel_of(o) == key)
        address = channel.address or ""
        if not inside:
            continue
        if not shared and len(own) == 1:
            found.append(_socket("StreamClient", "stream", "PROTOCOL", address, inside))
            continue
        name = f"{pascal(channel.name).removesuffix('Stream')}StreamClient"
        protocol = f"{constant(channel.name)}_PROTOCOL"
        found.append(_socket(name, snake(name), protocol, address, inside))
    return found


def _socket(
    name: str, module: str, protocol: str, address: str, operations: tuple[Operation, ...]
) -> Socket:
    return Socket(
        name=name, module=module, protocol=protocol, address=address, operations=operations
    )


def channel_of(operation: Operation) -> str:
    """Return the key of a stream operation's channel."""
    assert isinstance(operation.binding, ChannelBinding)
    return operation.binding.channel


def filled_by_sessions(context: Context, channel: Channel) -> frozenset[str]:
    """Return the parameters of a channel's address that sessions fill."""
    if channel.wire is not Wire.WEBSOCKET:
        return frozenset()
    address = channel.address or ""
    return frozenset(
        placement.name
        for scheme, _ in session_schemes(context.contract)
        for use in scheme.uses
        if use.wire is SignedWire.WEBSOCKET
        for placement in use.placements
        if placement.slot is Slot.PATH and f"{{{placement.name}}}" in address
    )


def handshake(context: Context, socket: Socket) -> list[tuple[str, bool]]:
    """Return the schemes whose sessions complete a socket's opening, and whether each must.

    One must that fills the address, or that every operation of the socket asks for.
    """
    found: list[tuple[str, bool]] = []
    for scheme, _ in session_schemes(context.contract):
        use = scheme.use(SignedWire.WEBSOCKET)
        early = handshake_use(scheme, use) if use is not None else None
        if early is None:
            continue
        paths = [p.name for p in early.placements if p.slot is Slot.PATH]
        if any(f"{{{name}}}" in socket.address for name in paths):
            found.append((scheme.name, True))
        elif not paths and any(_asks(o, scheme.name) for o in socket.operations):
            found.append((scheme.name, all(_asks(o, scheme.name) for o in socket.operations)))
    return found


def session_names(context: Context, operations: Sequence[Operation]) -> list[str]:
    """Return the schemes whose sessions fill messages of some operation."""
    found = []
    for scheme, _ in session_schemes(context.contract):
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
