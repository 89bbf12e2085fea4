"""FIX's words: the layout of a message in tags, kept apart from the domain's schemas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from venuekit.origin import Origin


class Presence(StrEnum):
    """Whether a member must stand in a message (FIX Orchestra presence)."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    CONDITIONAL = "conditional"
    CONSTANT = "constant"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class FixCode:
    """One value of a code set: FIX's `value` and the domain's word for it."""

    value: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FixField:
    """One tag of a message. `source` is the dotted domain field that it carries, if any."""

    tag: int
    name: str
    datatype: str | None = None
    presence: Presence = Presence.OPTIONAL
    source: str | None = None
    constant: str | None = None
    when: str | None = None
    codes: tuple[FixCode, ...] = ()
    description: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class FixGroup:
    """A repeating group; the first member is its delimiter."""

    name: str
    count_tag: int
    presence: Presence = Presence.OPTIONAL
    source: str | None = None
    when: str | None = None
    members: tuple[FixMember, ...] = ()
    origin: Origin


FixMember = FixField | FixGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class FixMessage:
    """The tag layout of a message: MsgType (35) and its ordered body members.

    `example` is one whole message with `|` for SOH.
    """

    msg_type: str
    members: tuple[FixMember, ...]
    scenarios: Mapping[str, str] = field(default_factory=dict)
    example: str | None = None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class FixSession:
    """Session settings of a FIX server, with the header and trailer of every message."""

    begin_string: str
    header: tuple[FixMember, ...] = ()
    trailer: tuple[FixMember, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    origin: Origin
