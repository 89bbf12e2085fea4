"""Places: what a thing is known by while its name, its neighbours and its document change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from venuekit.contract import (
    ArraySchema,
    ChannelBinding,
    Contract,
    EnumSchema,
    FixBinding,
    HttpBinding,
    NullableSchema,
    ObjectSchema,
    Operation,
    Schema,
    TupleSchema,
    UnionSchema,
    WebhookBinding,
)
from venuekit.origin import Origin

T = TypeVar("T")

_MARK = re.compile(r"~[0-9a-f]{8}(?=/|\+|$)")

_DEEPEST = 4
"""How far a shape is looked into; below that only the kinds count."""


@dataclass(frozen=True, slots=True)
class At:
    """A place: something of the document that has a pointer, and a role inside of it.

    A role is made of words (`Request/legs/item`), never of positions, so that a neighbour that
    comes or goes does not move it. `wish` is what the document calls the holder, where a thing has
    several.
    """

    origin: Origin
    role: str = ""
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Generic[T]):
    """Something that needs a name: how it may be called, how the document calls it, its places.

    An act over several wires is one thing with several places. `shape` is asked for only where a
    lock is kept. `text` tells it from others that share its names and its place. `label` is what a
    key is known by from run to run, where it is no text.
    """

    key: T
    choices: Iterable[str]
    wish: str
    at: tuple[At, ...]
    shape: Callable[[], str] | None = None
    text: str = ""
    label: str = ""

    @property
    def mark(self) -> str:
        """Return what the thing is known by from run to run, whatever its name."""
        return self.label or (self.key if isinstance(self.key, str) else self.wish)

    @property
    def wishes(self) -> frozenset[str]:
        """Return all that the document calls the thing, by whichever place."""
        return frozenset((self.wish, *(at.wish for at in self.at if at.wish)))


def said(origin: Origin, name: str) -> str:
    """Return what the document itself calls a component.

    `name` is that of the contract, to which loading adds a document's name where two collide.
    """
    return str(origin.pointer[-1]) if origin.pointer else name


def operation_places(contract: Contract) -> dict[int, At]:
    """Return the place of each operation by its identity.

    Operations that share one place in the document, told apart by a field of the body, have
    their names as roles.
    """
    seen: dict[tuple[int, tuple[str | int, ...]], int] = {}
    for operation in contract.operations:
        key = (id(operation.origin.document), operation.origin.pointer)
        seen[key] = seen.get(key, 0) + 1
    return {
        id(operation): At(
            operation.origin,
            operation.name
            if seen[(id(operation.origin.document), operation.origin.pointer)] > 1
            else "",
        )
        for operation in contract.operations
    }


def operation_shape(operation: Operation) -> str:
    """Return a digest of what an operation over a channel does; HTTP has a path as its place."""
    match operation.binding:
        case HttpBinding() | WebhookBinding():
            return ""
        case (
            ChannelBinding(channel=channel, messages=keys)
            | FixBinding(channel=channel, messages=keys)
        ):
            return _short(f"{operation.action} {channel} {' '.join(keys)}")


def schema_shape(schema: Schema) -> str:
    """Return a digest of a shape that is telling enough to be known again, else nothing.

    References count as such, whatever they name: a schema that only refers to one which was
    renamed is still the same.
    """
    if not _is_telling(schema):
        return ""
    return _short(_shape(schema, 0))


def _is_telling(schema: Schema) -> bool:
    match schema:
        case ObjectSchema(fields=fields):
            return len(fields) > 1
        case EnumSchema(values=values):
            return len(values) > 2
        case UnionSchema() | TupleSchema():
            return True
        case _:
            return False


def variant_mark(schema: Schema) -> str:
    """Return what tells a variant without title or tag from its siblings, whatever the order.

    That is its kind, and a digest of its shape.
    """
    kind = type(schema).__name__.removesuffix("Schema")
    return f"{kind}~{_short(_shape(schema, _DEEPEST - 1))}"


def unmarked(role: str) -> str:
    """Return a role without the digests of shapes, which change with the shapes."""
    return _MARK.sub("", role)


def _shape(schema: Schema, depth: int) -> str:
    kind = type(schema).__name__.removesuffix("Schema")
    if depth >= _DEEPEST:
        return kind
    match schema:
        case ObjectSchema(fields=fields):
            rows = [f"{f.name}{'!' * f.is_required}:{_shape(f.schema, depth + 1)}" for f in fields]
            return "{" + ",".join(sorted(rows)) + "}"
        case EnumSchema(values=values):
            return "<" + "|".join(sorted(str(value) for value in values)) + ">"
        case ArraySchema(items=items):
            return f"[{_shape(items, depth + 1)}]"
        case TupleSchema(items=items):
            return f"({','.join(_shape(item, depth + 1) for item in items)})"
        case UnionSchema(variants=variants):
            return "/".join(sorted(_shape(variant, depth + 1) for variant in variants))
        case NullableSchema(inner=inner):
            return "?" + _shape(inner, depth)
        case _:
            return kind


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
