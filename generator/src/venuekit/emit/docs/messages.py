"""The page of one message: its payload, and its tags where it travels over FIX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from venuekit.contract import (
    Action,
    FixCode,
    FixField,
    FixGroup,
    FixMember,
    Message,
    Operation,
    Presence,
)
from venuekit.emit.docs.draw import bullets, draw, examples, fields, grid, tags
from venuekit.emit.docs.pages import anchor, link_to
from venuekit.emit.docs.site import Site, origin_words
from venuekit.emit.docs.text import block, cell, code, inline, prose
from venuekit.emit.docs.views import MessagePage, TagRow


def message_page(site: Site, key: str, message: Message) -> str:
    """Return the page of a message."""
    page = site.pages.messages[key]
    shapes = site.shapes(page)
    payload = message.payload
    view = MessagePage(
        title=inline(message.name),
        summary=prose(message.summary or message.title),
        description=prose(message.description),
        facts=grid(("Fact", "Value"), _facts(site, page, key, message)),
        tags=tags(tag_rows(message.fix.members)) if message.fix is not None else "",
        wire_example=_wire_example(message),
        payload=shapes.type_words(payload) if payload is not None else "The message has none.",
        fields=fields(shapes.rows(payload, "msg")) if payload is not None else "",
        headers=fields(shapes.rows(message.headers, "header")) if message.headers else "",
        examples=examples(("Example:", value) for value in message.examples),
        uses=bullets(_uses(site, page, key)) or "No operation uses it.",
        origin=origin_words(message.origin),
    )
    return draw("message", view)


def _facts(site: Site, page: str, key: str, message: Message) -> Iterator[tuple[str, str]]:
    channels = [
        link_to(page, site.pages.channels[name], channel.name)
        for name, channel in site.contract.channels.items()
        if key in (target for _name, target in channel.messages)
    ]
    if message.fix is not None:
        yield "MsgType (35)", code(message.fix.msg_type)
    if channels:
        yield "Channel", ", ".join(channels)
    if message.content_type:
        yield "Content type", code(message.content_type)
    if message.correlation:
        yield "Correlation", code(message.correlation)
    for name, when in message.fix.scenarios.items() if message.fix is not None else ():
        yield f"Shape {code(name)}", f"when {code(when)}"
    if message.is_deprecated:
        yield "Deprecated", "yes"


def _uses(site: Site, page: str, key: str) -> Iterator[str]:
    for operation, is_reply in site.operations_with(key):
        yield f"{site.operation_link(page, operation)}: {_direction(operation, is_reply)}"


def _direction(operation: Operation, is_reply: bool) -> str:
    if is_reply:
        return "you receive it as a reply"
    return "you receive it" if operation.action is Action.RECEIVE else "you send it"


def _wire_example(message: Message) -> str:
    if message.fix is None or message.fix.example is None:
        return ""
    return f"On the wire, with a bar for each SOH:\n\n{block(message.fix.example)}"


def tag_rows(members: Iterable[FixMember], depth: int = 0) -> Iterator[TagRow]:
    """Yield a row for each tag in order; the members of a group are set in below its count."""
    mark = "→ " * depth
    for member in members:
        match member:
            case FixField():
                yield _field_row(member, mark)
            case FixGroup():
                yield _group_row(member, mark)
                yield from tag_rows(member.members, depth + 1)


def _field_row(field: FixField, mark: str) -> TagRow:
    words = [cell(field.description), *_codes(field.codes)]
    if field.constant is not None:
        words.append(f"Always {code(field.constant)}.")
    return TagRow(
        anchor=anchor(f"tag.{field.tag}"),
        tag=f"{mark}{field.tag}",
        name=code(field.name),
        type=inline(field.datatype or ""),
        presence=_presence(field.presence, field.when),
        carries=code(field.source) if field.source else "",
        text=" ".join(word for word in words if word),
    )


def _group_row(group: FixGroup, mark: str) -> TagRow:
    return TagRow(
        anchor=anchor(f"tag.{group.count_tag}"),
        tag=f"{mark}{group.count_tag}",
        name=code(group.name),
        type="NumInGroup",
        presence=_presence(group.presence, group.when),
        carries=code(group.source) if group.source else "",
        text="Counts the entries that follow; each starts with the first tag set in below.",
    )


def _presence(presence: Presence, when: str | None) -> str:
    return f"when {code(when)}" if when else presence.value


def _codes(codes: Iterable[FixCode]) -> list[str]:
    pairs = [f"{code(entry.value)} {inline(entry.meaning)}" for entry in codes]
    return [f"Values: {', '.join(pairs)}."] if pairs else []
