"""Which operations share a socket: an address that a session fills is a socket of its own."""

from __future__ import annotations

from dataclasses import dataclass

from venuekit.contract import ChannelBinding, Operation, Wire
from venuekit.emit.naming import constant, pascal, snake
from venuekit.emit.python.context import Context
from venuekit.emit.signing.handshakes import filled_by_sessions


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
    own = {
        key: c
        for key, c in context.contract.channels.items()
        if filled_by_sessions(context.contract, c)
    }
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
