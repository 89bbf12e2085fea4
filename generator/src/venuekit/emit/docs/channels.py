"""The page of one channel: its address, its messages, and how they add up to a state."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Action, Channel, ChannelBinding, FixBinding, StreamRule
from venuekit.emit.docs.draw import bullets, draw, fields, grid
from venuekit.emit.docs.operations import parameter_row
from venuekit.emit.docs.pages import link
from venuekit.emit.docs.site import Site, origin_words
from venuekit.emit.docs.text import cell, code, inline, prose
from venuekit.emit.docs.views import ChannelPage

SERVERS_PAGE = "servers.md"
RESUME_WORDS = {
    "snapshot": "a new subscription starts with a snapshot",
    "replay": "missed messages can be asked for and are sent again",
    "none": "nothing; what was missed must be read elsewhere",
}
ACTION_WORDS = {
    Action.REQUEST: "you ask, a reply comes",
    Action.SEND: "you send",
    Action.RECEIVE: "you receive",
}


def channel_page(site: Site, key: str, channel: Channel) -> str:
    """Return the page of a channel."""
    page = site.pages.channels[key]
    shapes = site.shapes(page)
    handshake = [
        *(shapes.rows(channel.query, "query") if channel.query is not None else ()),
        *(shapes.rows(channel.headers, "header") if channel.headers is not None else ()),
    ]
    operations = _operations(site, page, key)
    view = ChannelPage(
        title=inline(channel.title or channel.name),
        address=f"Address: {code(channel.address) if channel.address else 'given at run time'}",
        summary=prose(channel.summary),
        description=prose(channel.description),
        servers=_servers(site, page, channel),
        inputs=fields(
            parameter_row(site, page, parameter, "address") for parameter in channel.parameters
        ),
        handshake=fields(handshake),
        messages=grid(("Message", "Meaning"), _messages(site, page, channel))
        or "The channel states none.",
        operations=bullets(operations) or "No operation uses the channel.",
        stream=grid(("Fact", "Value"), _stream(site, page, channel, channel.stream))
        if channel.stream is not None
        else "",
        origin=origin_words(channel.origin),
    )
    return draw("channel", view)


def _servers(site: Site, page: str, channel: Channel) -> str:
    names = [
        link(page, SERVERS_PAGE, inline(server.url))
        for server in site.contract.servers
        if server.wire is channel.wire and (not channel.servers or server.key in channel.servers)
    ]
    return f"Served at {', '.join(names)}." if names else ""


def _messages(site: Site, page: str, channel: Channel) -> Iterator[tuple[str, str]]:
    for _name, key in channel.messages:
        message = site.contract.messages[key]
        yield site.message_link(page, key), cell(message.summary or message.description)


def _operations(site: Site, page: str, key: str) -> list[str]:
    return [
        f"{site.operation_link(page, operation)}: {ACTION_WORDS[operation.action]}"
        for operation in site.contract.operations
        if isinstance(operation.binding, ChannelBinding | FixBinding)
        and operation.binding.channel == key
    ]


def _stream(site: Site, page: str, channel: Channel, rule: StreamRule) -> Iterator[tuple[str, str]]:
    keys = dict(channel.messages)
    for word, name in (("Snapshot", rule.snapshot), ("Delta", rule.delta)):
        if name is not None:
            yield word, site.message_link(page, keys[name]) if name in keys else code(name)
    yield "Sequence", _sequence(rule)
    if rule.checksum is not None:
        yield "Checksum", cell(rule.checksum)
    if rule.heartbeat_ms is not None:
        yield "Longest silence", f"{rule.heartbeat_ms} ms"
    yield "After a reconnect", RESUME_WORDS[rule.resume]
    if rule.topic_field is not None:
        yield "Field with the address", code(rule.topic_field)
    for word, operation in (
        ("Starts with", rule.subscribe_operation),
        ("Stops with", rule.unsubscribe_operation),
    ):
        if operation is not None:
            path = site.pages.operations.get((operation, channel.wire))
            yield word, link(page, path, inline(operation)) if path else code(operation)


def _sequence(rule: StreamRule) -> str:
    field = code(rule.sequence_field or "")
    match rule.sequence_rule:
        case "previous_equals_last":
            previous = code(rule.previous_field or "")
            return f"{previous} equals the {field} of the message before; else messages were lost"
        case "increment":
            return f"{field} grows by one; else messages were lost"
        case "none":
            return "nothing to check: each message stands for itself"
