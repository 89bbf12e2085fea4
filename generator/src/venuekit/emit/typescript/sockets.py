"""A contract's connections: which channels are sockets, and which are topics on one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from venuekit.contract import Channel, ChannelBinding, Operation, Server, Wire
from venuekit.contract.signing import SignedWire, Slot
from venuekit.contract.walk import session_schemes
from venuekit.emit.naming import camel, pascal
from venuekit.emit.servers import server_of
from venuekit.emit.signing.handshakes import filled_by_sessions, rivals
from venuekit.emit.signing.views import handshake_use
from venuekit.emit.typescript.findings import uncarried
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.names import property_names
from venuekit.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Socket:
    """One connection: the channel that is its path, and what travels on it."""

    name: str
    path: str
    parameters: tuple[tuple[str, str], ...]
    server: Server | None
    channels: tuple[str, ...]
    operations: tuple[Operation, ...]
    doc: str | None


def sockets(model: Model) -> list[Socket]:
    """Return the contract's connections.

    A channel that says how to subscribe is a topic on the connection that has that operation,
    even where its topics look like paths. Of the others, each whose address is a path is a
    connection of its own.
    """
    contract = model.contract
    operations = [o for o in contract.operations if o.wire is Wire.WEBSOCKET]
    channels = {k: c for k, c in contract.channels.items() if c.wire is Wire.WEBSOCKET}
    if not channels:
        return []
    by_name = {operation.name: operation for operation in operations}
    asked = {key: _asked_on(channel, by_name) for key, channel in channels.items()}
    paths = [key for key, c in channels.items() if _is_path(c) and asked[key] in (None, key)]
    homes = {key: key for key in paths}
    fallback = paths[0] if paths else next(iter(channels))
    for key in channels:
        homes.setdefault(key, homes.get(asked[key] or "", fallback))
    found = []
    for home in dict.fromkeys(homes.values()):
        members = tuple(key for key in channels if homes[key] == home)
        inside = tuple(o for o in operations if _channel_of(o) in members)
        found.append(_socket(model, home, members, inside, is_only=len(set(homes.values())) == 1))
    return found


def _socket(
    model: Model,
    home: str,
    members: tuple[str, ...],
    operations: tuple[Operation, ...],
    *,
    is_only: bool,
) -> Socket:
    channel = model.contract.channels[home]
    server = server_of(model.contract, Wire.WEBSOCKET, channel.servers, channel.origin)
    prefix = _path_of(server.url) if server is not None else ""
    address = channel.address if _is_path(channel) and channel.address else ""
    filled = filled_by_sessions(model.contract, channel)
    names = property_names(p.name for p in channel.parameters if p.name not in filled)
    return Socket(
        name="StreamClient" if is_only else _client_name(channel),
        path=prefix.rstrip("/") + (address if address != "/" else "") or "/",
        parameters=tuple(names.items()) if _is_path(channel) else (),
        server=server,
        channels=members,
        operations=operations,
        doc=channel.description or channel.title,
    )


def handshake_findings(model: Model) -> Iterator[Finding]:
    """Yield what the handshake demands and a portable WebSocket cannot send."""
    for channel in model.contract.channels.values():
        if channel.wire is Wire.WEBSOCKET and channel.headers is not None:
            yield uncarried(
                f"channel {channel.name!r} demands headers in the WebSocket handshake, "
                "which browsers cannot send",
                "pass a WebSocket that sends them as the option webSocket",
                channel.headers.notes.origin,
                Severity.WARNING,
            )

    for scheme, _session in session_schemes(model.contract):
        use = scheme.use(SignedWire.WEBSOCKET)
        early = handshake_use(scheme, use) if use is not None else None
        for placement in early.placements if early is not None else ():
            if placement.slot is Slot.HEADER:
                yield uncarried(
                    f"the session of {scheme.name!r} stands in a header of the WebSocket "
                    "handshake, which browsers cannot send; Node does",
                    "pass a WebSocket that sends headers as the option webSocket",
                    placement.origin,
                    Severity.WARNING,
                )


def rival_findings(model: Model, socket: Socket) -> Iterator[Finding]:
    """Yield what names a socket's server beside another session that does."""
    for one in rivals(model.contract, socket.path, socket.operations):
        severity = Severity.ERROR if one.is_always else Severity.WARNING
        yield uncarried(one.fact, one.cure, one.origin, severity)


def _asked_on(channel: Channel, by_name: dict[str, Operation]) -> str | None:
    """Return the channel of the operation that subscribes to a channel, where it says so."""
    rule = channel.stream
    subscribe = by_name.get(rule.subscribe_operation or "") if rule is not None else None
    return _channel_of(subscribe) if subscribe is not None else None


def _client_name(channel: Channel) -> str:
    return f"{pascal(channel.name).removesuffix('Stream')}StreamClient"


def _channel_of(operation: Operation) -> str:
    assert isinstance(operation.binding, ChannelBinding)
    return operation.binding.channel


def _is_path(channel: Channel) -> bool:
    return channel.address is None or channel.address.startswith("/") or not channel.address


def _path_of(url: str) -> str:
    rest = url.split("://", 1)[-1]
    return "/" + rest.split("/", 1)[1] if "/" in rest else ""


def socket_constant(socket: Socket) -> str:
    """Return the name of a socket's protocol constant."""
    return camel(socket.name.removesuffix("Client")) + "Protocol"
