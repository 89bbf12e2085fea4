"""Descriptors of FIX messages: what a session needs to write and read them, as data."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from venuekit_runtime.operation import DedupKey, Effect

Presence = Literal["required", "optional", "conditional", "constant", "forbidden"]


class FixField(Struct, frozen=True):
    """One tag: ``source`` is the domain field it carries, ``codes`` pair values with meanings."""

    tag: int
    name: str
    presence: Presence = "optional"
    datatype: str | None = None
    source: str | None = None
    constant: str | None = None
    when: str | None = None
    codes: tuple[tuple[str, str], ...] = ()


class FixGroup(Struct, frozen=True):
    """A repeating group; its first member is the delimiter."""

    count_tag: int
    name: str
    presence: Presence
    members: tuple[FixField | FixGroup, ...]
    source: str | None = None
    when: str | None = None


class FixMessage(Struct, frozen=True):
    """One message: MsgType (35) and the body's members in their order."""

    name: str
    msg_type: str
    members: tuple[FixField | FixGroup, ...]


class FixSession(Struct, frozen=True):
    """A server's session: its address, version, header and trailer, and its settings as written."""

    url: str
    begin_string: str
    header: tuple[FixField | FixGroup, ...]
    trailer: tuple[FixField | FixGroup, ...]
    settings: dict[str, object]


class FixOperation(Struct, frozen=True):
    """What a client sends or receives over FIX, and what answers it."""

    name: str
    action: Literal["request", "send", "receive"]
    effect: Effect
    messages: tuple[FixMessage, ...]
    replies: tuple[FixMessage, ...] = ()
    dedup_key: DedupKey | None = None
