"""Two FIX layouts of one message, side by side, in the same words as two schemas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from venuekit.changes.difference import Difference, Kind
from venuekit.contract import FixField, FixGroup, FixMember, FixMessage, Presence
from venuekit.origin import Origin

MUST_STAND = {Presence.REQUIRED, Presence.CONSTANT}


def layout_differences(was: FixMessage, now: FixMessage) -> Iterator[Difference]:
    """Yield how the tags of a message changed. Engines refuse undeclared tags by default.

    (QuickFIX/J: `AllowUnknownMsgFields=N`, `ValidateUserDefinedFields=Y`.)
    """
    if was.msg_type != now.msg_type:
        yield _typed("35 MsgType", now.origin.child("msg_type"), was.msg_type, now.msg_type)
    yield from _members(was.members, now.members, now.origin, "")


def _members(
    was: Iterable[FixMember], now: Iterable[FixMember], parent: Origin, path: str
) -> Iterator[Difference]:
    before = {_tag(member): member for member in was}
    after = {_tag(member): member for member in now}
    for tag, member in before.items():
        inner = _join(path, member)
        if tag not in after:
            yield Difference(
                kind=Kind.FIELD_REMOVED,
                path=inner,
                origin=parent.child("members"),
                before=_type(member),
                is_required=member.presence in MUST_STAND,
                is_closed=True,
            )
            continue
        yield from _member(member, after[tag], _join(path, after[tag]))
    for tag, member in after.items():
        if tag not in before:
            yield Difference(
                kind=Kind.FIELD_ADDED,
                path=_join(path, member),
                origin=member.origin,
                after=_type(member),
                is_required=member.presence in MUST_STAND,
                is_closed=True,
            )


def _member(was: FixMember, now: FixMember, path: str) -> Iterator[Difference]:
    if _type(was) != _type(now):
        yield _typed(path, now.origin, _type(was), _type(now))
    if (was.presence in MUST_STAND) != (now.presence in MUST_STAND):
        kind = Kind.NOW_REQUIRED if now.presence in MUST_STAND else Kind.NOW_OPTIONAL
        yield Difference(kind=kind, path=path, origin=now.origin.child("presence"))
    if was.source is not None and was.source != now.source:
        yield Difference(
            kind=Kind.UNIT_CHANGED,
            path=path,
            origin=now.origin,
            before=f"it carries {was.source}",
            after=now.source or "no stated field of the domain",
            is_announced=now.source is None,
        )
    match was, now:
        case FixField(), FixField():
            if was.when != now.when:
                yield Difference(
                    kind=Kind.CONSTRAINT_CHANGED,
                    path=path,
                    origin=now.origin,
                    before=f"needed when {was.when or 'nothing'}",
                    after=now.when or "never by a condition",
                )
            yield from _codes(was, now, path)
        case FixGroup(), FixGroup():
            yield from _group(was, now, path)
        case _:
            # A field that became a group, or the reverse, already differs in its type.
            return


def _codes(was: FixField, now: FixField, path: str) -> Iterator[Difference]:
    before = {code.value: code.meaning for code in was.codes}
    after = {code.value: code.meaning for code in now.codes}
    origin = now.origin.child("codes")
    if was.constant != now.constant:
        yield _typed(path, now.origin, f"constant {was.constant}", f"constant {now.constant}")
    for value in before:
        if after and value not in after:
            yield Difference(kind=Kind.VALUE_REMOVED, path=path, origin=origin, before=value)
    for value in after:
        if before and value not in before:
            yield Difference(kind=Kind.VALUE_ADDED, path=path, origin=origin, after=value)
    if bool(before) != bool(after):
        kind = Kind.VALUE_ADDED if before else Kind.VALUE_REMOVED
        yield Difference(kind=kind, path=path, origin=origin, before="any value", after="any value")
    for value, meaning in before.items():
        if after.get(value, meaning) != meaning:
            yield Difference(
                kind=Kind.UNIT_CHANGED,
                path=path,
                origin=origin,
                before=f"code {value} means {meaning}",
                after=after[value],
            )


def _group(was: FixGroup, now: FixGroup, path: str) -> Iterator[Difference]:
    """The first member delimits the entries of a group, so it may never change."""
    first, new_first = was.members[:1], now.members[:1]
    if [_tag(member) for member in first] != [_tag(member) for member in new_first]:
        names = [_name(member) for member in (*first, *new_first)]
        yield _typed(path, now.origin, f"delimiter {names[0]}", f"delimiter {names[-1]}")
    else:
        before, after = ([_tag(m) for m in group.members] for group in (was, now))
        common = [tag for tag in before if tag in after]
        if common != [tag for tag in after if tag in before]:
            yield _typed(path, now.origin, f"order {before}", f"order {after}")
    yield from _members(was.members, now.members, now.origin, path)


def _typed(path: str, origin: Origin, before: str, after: str) -> Difference:
    return Difference(kind=Kind.TYPE_CHANGED, path=path, origin=origin, before=before, after=after)


def _tag(member: FixMember) -> int:
    return member.count_tag if isinstance(member, FixGroup) else member.tag


def _type(member: FixMember) -> str:
    return "group" if isinstance(member, FixGroup) else member.datatype or "no datatype"


def _name(member: FixMember) -> str:
    return f"{_tag(member)} {member.name}"


def _join(path: str, member: FixMember) -> str:
    return f"{path} / {_name(member)}" if path else _name(member)
