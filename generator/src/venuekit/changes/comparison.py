"""A before and an after, their parts matched by what stands on the wire, not by key alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath

from venuekit.changes.difference import Difference, Direction, Kind, PayloadDifference
from venuekit.changes.fix_layout import layout_differences
from venuekit.changes.shapes import Shapes
from venuekit.contract import (
    Action,
    Channel,
    ChannelBinding,
    ConstSchema,
    Contract,
    FixBinding,
    Message,
    ObjectSchema,
    Operation,
    Wire,
)
from venuekit.contract.walk import resolve
from venuekit.origin import Origin

StreamBinding = ChannelBinding | FixBinding


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOperation:
    """An operation over WebSocket or FIX, with its messages by the way they travel."""

    operation: Operation
    binding: StreamBinding
    messages: tuple[tuple[Direction, Message], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePair:
    """One message before and after; None where it is absent. `holder` is the later operation."""

    before: Message | None
    after: Message | None
    direction: Direction
    wire: Wire
    holder: Operation


class Comparison:
    """What the rules ask about; everything is computed once."""

    def __init__(self, before: Contract, after: Contract) -> None:
        self.before = before
        self.after = after

    @cached_property
    def channels(self) -> tuple[tuple[Channel | None, Channel | None], ...]:
        """Return channels before and after, matched by wire and address.

        Channels of the same key whose address changed are a pair as well.
        """
        before, after = _channels(self.before), _channels(self.after)
        gone = {where: before[where] for where in before if where not in after}
        come = {where: after[where] for where in after if where not in before}
        moved = {
            where: next((w for w in come if _same_key(come[w], gone[where])), None)
            for where in gone
        }
        pairs: list[tuple[Channel | None, Channel | None]] = []
        for where, channel in before.items():
            there = moved.get(where, where)
            pairs.append((channel, after[there] if there is not None else None))
        taken = set(moved.values())
        pairs += [(None, channel) for where, channel in come.items() if where not in taken]
        return tuple(pairs)

    @cached_property
    def operations(self) -> tuple[tuple[StreamOperation | None, StreamOperation | None], ...]:
        """Return operations before and after, matched by name and wire.

        One that only changed its name is matched by its action, its address and its messages.
        """
        before, after = _operations(self.before), _operations(self.after)
        gone = [before[key] for key in before if key not in after]
        come = [after[key] for key in after if key not in before]
        renamed: dict[int, StreamOperation] = {}
        for old in gone:
            for new in come:
                if self._identity(self.before, old) == self._identity(self.after, new):
                    renamed[id(old)] = new
        taken = {id(new) for new in renamed.values()}
        pairs: list[tuple[StreamOperation | None, StreamOperation | None]] = [
            (old, after.get(key) or renamed.get(id(old))) for key, old in before.items()
        ]
        pairs += [(None, new) for new in come if id(new) not in taken]
        return tuple(pairs)

    @staticmethod
    def _identity(contract: Contract, held: StreamOperation) -> tuple[object, ...]:
        channel = contract.channels[held.binding.channel]
        names = frozenset(message.name for _direction, message in held.messages)
        return held.operation.action, _where(channel), names

    def later_parent(self, gone: Channel | Operation, section: str) -> Origin:
        """Return where in the later documents something that is gone would stand."""
        name = PurePath(gone.origin.document.name).name
        same = [d for d in self.after.documents if PurePath(d.file).name == name]
        return Origin((same or self.after.documents)[0].origin.document, (section,))

    @staticmethod
    def is_same_place(before: Channel, after: Channel) -> bool:
        """Say whether two channels have the same address on the same wire."""
        return _where(before) == _where(after)

    @cached_property
    def messages(self) -> tuple[MessagePair, ...]:
        """Return the messages of all matched operations, each pair once for each direction."""
        pairs: list[MessagePair] = []
        seen: set[tuple[Direction, str | None, str | None]] = set()
        for old, new in self.operations:
            if old is None or new is None:
                continue
            for pair in self._pairs(old, new):
                keys = [m.key if m is not None else None for m in (pair.before, pair.after)]
                if (pair.direction, keys[0], keys[1]) not in seen:
                    seen.add((pair.direction, keys[0], keys[1]))
                    pairs.append(pair)
        return tuple(pairs)

    def _pairs(self, old: StreamOperation, new: StreamOperation) -> Iterator[MessagePair]:
        wire, holder = new.operation.wire, new.operation
        for direction in Direction:
            before = [message for way, message in old.messages if way is direction]
            after = [message for way, message in new.messages if way is direction]
            for was in before:
                now = self._same_message(was, after)
                if now is not None:
                    after.remove(now)
                yield MessagePair(
                    before=was, after=now, direction=direction, wire=wire, holder=holder
                )
            for now in after:
                yield MessagePair(
                    before=None, after=now, direction=direction, wire=wire, holder=holder
                )

    def _same_message(self, was: Message, candidates: list[Message]) -> Message | None:
        """Find a message again by its name, else by what tells it apart on the wire."""
        for now in candidates:
            if now.name == was.name:
                return now
        tags = _wire_tags(self.before, was)
        for now in candidates:
            if tags and _wire_tags(self.after, now) == tags:
                return now
        return None

    def payload(self, *kinds: Kind) -> Iterator[PayloadDifference]:
        """Yield the differences of those kinds, each once with all the messages it is seen in."""
        return (found for found in self._payload if found.difference.kind in kinds)

    @cached_property
    def _payload(self) -> tuple[PayloadDifference, ...]:
        found: dict[tuple[object, ...], PayloadDifference] = {}
        for pair in self.messages:
            if pair.before is None or pair.after is None:
                continue
            for difference in self._message_differences(pair.before, pair.after):
                key = (replace(difference, path=_last(difference.path)), pair.direction, pair.wire)
                known = found.get(key)
                names = known.messages if known is not None else ()
                if pair.after.name not in names:
                    names = (*names, pair.after.name)
                found[key] = PayloadDifference(
                    difference=known.difference if known is not None else difference,
                    direction=pair.direction,
                    wire=pair.wire,
                    messages=names,
                )
        return tuple(found.values())

    def _message_differences(self, was: Message, now: Message) -> Iterator[Difference]:
        shapes = Shapes(self.before, self.after)
        for before, after, path in (
            (was.payload, now.payload, ""),
            (was.headers, now.headers, "headers"),
        ):
            if before is not None and after is not None:
                yield from shapes.differences(before, after, path)
            elif before is not after:
                words = ("stated", "not stated") if after is None else ("not stated", "stated")
                yield Difference(
                    kind=Kind.TYPE_CHANGED,
                    path=path,
                    origin=now.origin,
                    before=f"shape {words[0]}",
                    after=words[1],
                )
        if was.fix is not None and now.fix is not None:
            yield from layout_differences(was.fix, now.fix)


def _channels(contract: Contract) -> dict[tuple[Wire, str], Channel]:
    return {_where(channel): channel for channel in contract.channels.values()}


def _where(channel: Channel) -> tuple[Wire, str]:
    """Return what a channel is known by on the wire; names of parameters do not travel."""
    address = channel.address if channel.address is not None else f"<{channel.name}>"
    return channel.wire, re.sub(r"\{[^}]*\}", "{}", address)


def _same_key(one: Channel, other: Channel) -> bool:
    return one.name == other.name and one.wire is other.wire


def _operations(contract: Contract) -> dict[tuple[str, Wire], StreamOperation]:
    return {
        (operation.name, operation.wire): StreamOperation(
            operation=operation,
            binding=operation.binding,
            messages=tuple(_travelling(contract, operation.action, operation.binding)),
        )
        for operation in contract.operations
        if isinstance(operation.binding, StreamBinding)
    }


def _travelling(
    contract: Contract, action: Action, binding: StreamBinding
) -> Iterator[tuple[Direction, Message]]:
    """Yield each message of an operation with its direction; a reply travels the other way."""
    there, back = Direction.TO_SERVER, Direction.TO_CLIENT
    if action is Action.RECEIVE:
        there, back = back, there
    for key in binding.messages:
        yield there, contract.messages[key]
    for key in binding.reply.messages if binding.reply is not None else ():
        yield back, contract.messages[key]


def _wire_tags(contract: Contract, message: Message) -> frozenset[tuple[str, str]]:
    """Return the fixed values by which a reader knows a message: MsgType, or const fields."""
    if message.fix is not None:
        return frozenset({("35", message.fix.msg_type)})
    shape = resolve(contract, message.payload) if message.payload is not None else None
    if not isinstance(shape, ObjectSchema):
        return frozenset()
    return frozenset(
        (field.name, repr(field.schema.value))
        for field in shape.fields
        if isinstance(field.schema, ConstSchema)
    )


def _last(path: str) -> str:
    """Return the end of a path: a shared schema is the same place under any path to it."""
    return re.split(r"\.| / ", path)[-1]
