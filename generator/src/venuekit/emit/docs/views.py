"""What the templates draw: one view for each template, all of whose members are final text.

A member that holds a table, a list or an example is itself the drawing of a smaller template;
an empty one is not there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One row of a table of fields."""

    anchor: str
    name: str
    type: str
    required: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """A table of fields (`fields`)."""

    rows: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRow:
    """One FIX tag, or the count of a repeating group, in its place."""

    anchor: str
    tag: str
    name: str
    type: str
    presence: str
    carries: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """A table of FIX tags (`tags`)."""

    rows: tuple[TagRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of plain cells (`grid`): the heading, its rule and the rows, joined by bars."""

    heading: str
    rule: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A worked value under a caption, inside a fence of `language`."""

    caption: str
    body: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Worked values (`examples`)."""

    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A program: the label of its tab, the language of its colours, the file to include."""

    label: str
    language: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Programs in tabs (`samples`)."""

    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What comes back under one status."""

    heading: str
    text: str
    type: str
    headers: str
    fields: str
    examples: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPage:
    """One operation over one wire (`operation`)."""

    title: str
    signature: str
    badges: str
    summary: str
    description: str
    elsewhere: str
    heading: str
    inputs: str
    body: str
    body_fields: str
    body_examples: str
    messages: str
    replies: str
    samples: str
    answers: tuple[Answer, ...]
    errors: str
    limits: str
    notes: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPage:
    """One channel (`channel`)."""

    title: str
    address: str
    summary: str
    description: str
    servers: str
    inputs: str
    handshake: str
    messages: str
    operations: str
    stream: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """One message (`message`)."""

    title: str
    summary: str
    description: str
    facts: str
    tags: str
    wire_example: str
    payload: str
    fields: str
    headers: str
    examples: str
    uses: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaPage:
    """One named schema (`schema`)."""

    title: str
    type: str
    description: str
    demands: str
    fields: str
    values: str
    variants: str
    examples: str
    uses: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """One error code (`error`)."""

    title: str
    cause: str
    facts: str
    action: str
    provoke: str
    operations: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedUse:
    """Where the parts of a signature stand on one wire."""

    heading: str
    text: str
    places: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorView:
    """One worked signature."""

    heading: str
    inputs: str
    canonical: str
    steps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityPage:
    """One security scheme (`security`)."""

    title: str
    description: str
    facts: str
    credentials: str
    session: str
    steps: str
    uses: tuple[SignedUse, ...]
    vectors: tuple[VectorView, ...]
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page under its own heading; an empty heading is not drawn."""

    heading: str
    text: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionsPage:
    """A page of sections: an index, the servers, the limits (`sections`)."""

    title: str
    text: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation:
    """The lines of the reference's own table of contents (`summary`)."""

    lines: tuple[str, ...]
