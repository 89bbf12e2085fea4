"""Reads `x-fix`: the session of a FIX server and the tags of a message."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import (
    FixCode,
    FixField,
    FixGroup,
    FixMember,
    FixMessage,
    FixSession,
    Presence,
)
from venuekit.source import Node

_PRESENCES = {str(presence): presence for presence in Presence}
_SESSION_WORDS = frozenset({"begin_string", "header", "trailer"})


def read_session(server: Node) -> FixSession | None:
    """Return the session settings of a server, or None when it states none."""
    fix = server.get("x-fix")
    if fix is None:
        return None
    return FixSession(
        begin_string=fix.text("begin_string") or "",
        header=tuple(_members(fix.get("header"))),
        trailer=tuple(_members(fix.get("trailer"))),
        settings={key: value for key, value in fix.members.items() if key not in _SESSION_WORDS},
        origin=fix.origin,
    )


def read_message(fix: Node | None) -> FixMessage | None:
    """Return the tag layout of a message from its `x-fix`."""
    if fix is None:
        return None
    scenarios = fix.get("scenarios")
    return FixMessage(
        msg_type=fix.text("msg_type") or "",
        members=tuple(_members(fix.get("members"))),
        scenarios={
            name: scenario.text("when") or ""
            for name, scenario in (scenarios.items() if scenarios is not None else ())
        },
        example=fix.text("example"),
        origin=fix.origin,
    )


def _members(written: Node | None) -> Iterator[FixMember]:
    for member in written.elements() if written is not None else ():
        yield _group(member) if member.has("group") else _field(member)


def _group(member: Node) -> FixGroup:
    return FixGroup(
        name=member.text("group") or "",
        count_tag=_tag(member, "count_tag"),
        presence=_presence(member),
        source=member.text("from"),
        when=member.text("when"),
        members=tuple(_members(member.get("members"))),
        origin=member.origin,
    )


def _field(member: Node) -> FixField:
    codes = member.get("codes")
    constant = member.members.get("constant")
    return FixField(
        tag=_tag(member, "tag"),
        name=member.text("name") or "",
        datatype=member.text("type"),
        presence=_presence(member),
        source=member.text("from"),
        constant=str(constant) if constant is not None else None,
        when=member.text("when"),
        codes=tuple(
            FixCode(value=str(code.value), meaning=meaning)
            for meaning, code in (codes.items() if codes is not None else ())
        ),
        description=member.text("description"),
        origin=member.origin,
    )


def _presence(member: Node) -> Presence:
    """Return the presence stated; a constant is always there, everything else is optional."""
    default = Presence.CONSTANT if member.has("constant") else Presence.OPTIONAL
    return _PRESENCES.get(member.text("presence") or "", default)


def _tag(member: Node, key: str) -> int:
    value = member.members.get(key)
    return value if isinstance(value, int) else 0
