"""The name of every schema that a language must declare, and the place that gave it.

Every schema that a language must name gets its name here, once, so that the SDKs of a contract
agree with each other. A schema without a name of its own is named by its place (the operation,
message or schema that holds it, then the fields down to it), never by a running number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import assert_never

from venuekit.contract import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    Channel,
    ChannelBinding,
    ConstSchema,
    Contract,
    DecimalSchema,
    EnumSchema,
    FixBinding,
    HttpBinding,
    IntegerSchema,
    Message,
    NamedSchema,
    NeverSchema,
    NullableSchema,
    NullSchema,
    NumberSchema,
    ObjectSchema,
    Operation,
    RefSchema,
    Schema,
    StringSchema,
    TimestampSchema,
    TupleSchema,
    UnionSchema,
    WebhookBinding,
)
from venuekit.contract.walk import is_leaf
from venuekit.emit.choosing import digest
from venuekit.emit.ledger import note_owners
from venuekit.emit.lock.namer import Namer
from venuekit.emit.lock.places import At, Wanted, said
from venuekit.emit.lock.shapes import operation_places, schema_shape, variant_mark
from venuekit.emit.naming import capital, pascal, words
from venuekit.origin import pointer_text

LONGEST = 100
"""A longer name is cut in the middle, and a digest of the whole keeps it unique."""

ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")


@dataclass(frozen=True, slots=True)
class SchemaNames:
    """The PascalCase name of every named schema, and of every inline one that needs a name."""

    named: Mapping[str, str]
    inline: Mapping[int, str]

    def of(self, schema: Schema) -> str | None:
        """Return the name of an inline schema of the contract, or None when it has none."""
        return self.inline.get(id(schema))


@dataclass(frozen=True, slots=True)
class Owner:
    """What inline schemas stand in: its name in the document, and its place."""

    wish: str
    at: At
    is_operation: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """An inline schema, the name that its place gives it, where it stands, and in what."""

    schema: Schema
    name: str
    owner: Owner
    role: str

    @property
    def at(self) -> At:
        """Return the place by which a lock knows the schema."""
        role = "/".join(part for part in (self.owner.at.role, self.role) if part)
        return At(self.owner.at.origin, role, self.owner.wish)


def is_composite(schema: Schema) -> bool:
    """True for what languages declare apart: objects with fields, unions and enums."""
    match schema:
        case ObjectSchema(fields=fields):
            return bool(fields)
        case UnionSchema() | EnumSchema():
            return True
        case _:
            return False


def name_schemas(
    contract: Contract,
    needs_name: Callable[[Schema], bool] = is_composite,
    taken: Iterable[str] = (),
    namer: Namer | None = None,
) -> SchemaNames:
    """Name the schemas of a contract; `taken` are words that the emitter keeps for itself.

    Named schemas choose first, then inline ones in the order of the documents. A namer with a
    lock leaves the names that it holds where they are.
    """
    namer = namer or Namer("", None)
    reserved = set(taken)
    rows = [_named_row(contract.schemas[key]) for key in _exact_first(contract.schemas)]
    if namer.is_locked:
        keys = {key: key for key in contract.schemas}
        places = [row.at[0] for row in rows]
        places += [p.at for p in inline_schemas(contract, keys, needs_name, True)]
        namer.expect("class", places)
    named = namer.assign("class", rows, reserved)
    found: dict[int, list[Placed]] = {}
    for placed in inline_schemas(contract, named, needs_name, namer.is_locked):
        found.setdefault(id(placed.schema), []).append(placed)
    inline = namer.assign("class", map(_inline_row, found.values()), reserved | set(named.values()))
    note_owners(
        {inline[key]: at[0].owner.wish for key, at in found.items() if at[0].owner.is_operation}
    )
    return SchemaNames(named, inline)


def _named_row(entry: NamedSchema) -> Wanted[str]:
    return Wanted(
        key=entry.name,
        choices=_named_choices(entry.name),
        wish=said(entry.origin, entry.name),
        at=(At(entry.origin),),
        shape=partial(schema_shape, entry.schema),
    )


def _inline_row(everywhere: Sequence[Placed]) -> Wanted[int]:
    """Return what is known of one schema, which may stand in several operations."""
    placed = everywhere[0]
    return Wanted(
        key=id(placed.schema),
        choices=(placed.name, f"{placed.name}Schema"),
        wish=placed.owner.wish,
        at=tuple(dict.fromkeys(one.at for one in everywhere)),
        shape=partial(schema_shape, placed.schema),
        label=f"inline {placed.name}",
        text=f"{placed.name} {pointer_text(placed.schema.notes.origin.pointer)}",
    )


def inline_schemas(
    contract: Contract,
    named: Mapping[str, str],
    needs_name: Callable[[Schema], bool],
    has_roles: bool = False,
) -> Iterator[Placed]:
    """Yield every schema that needs a name of its place, with that name.

    Roles are told only where they are asked for: a digest may stand in them.
    """
    for key, entry in contract.schemas.items():
        owner = Owner(said(entry.origin, key), At(entry.origin))
        yield from _inside(Placed(entry.schema, named[key], owner, ""), needs_name, has_roles)
    for holder, rows in _holders(contract, has_roles):
        for schema, name, role in rows:
            placed = Placed(schema, name, holder, role)
            if needs_name(schema):
                yield placed
            yield from _inside(placed, needs_name, has_roles)


def _holders(
    contract: Contract, has_roles: bool
) -> Iterator[tuple[Owner, Iterator[tuple[Schema, str, str]]]]:
    places = operation_places(contract) if has_roles else {}
    for operation in contract.operations:
        at = places.get(id(operation), At(operation.origin))
        yield Owner(operation.name, at, is_operation=True), operation_schemas(operation)
    for channel in contract.channels.values():
        yield (
            Owner(said(channel.origin, channel.name), At(channel.origin)),
            channel_schemas(channel),
        )
    for message in contract.messages.values():
        yield Owner(said(message.origin, message.key), At(message.origin)), message_schemas(message)


def operation_schemas(operation: Operation) -> Iterator[tuple[Schema, str, str]]:
    """Yield the schemas that stand in an operation itself, with their names and roles."""
    match operation.binding:
        case (
            HttpBinding(parameters=parameters, body=body, responses=responses)
            | WebhookBinding(parameters=parameters, body=body, responses=responses) as binding
        ):
            is_asked = isinstance(binding, HttpBinding)
            asks, answers = ("Request", "Response") if is_asked else ("Payload", "Answer")
            base = _base("Operation", operation.name)
            for parameter in parameters:
                role = f"{parameter.location}:{parameter.name}"
                yield parameter.schema, base + pascal(parameter.name), role
            for content in body.contents if body else ():
                if content.schema is not None:
                    yield content.schema, base + asks, f"Request:{content.media_type}"
            success = next((r.status for r in responses if r.status.startswith("2")), None)
            for response in responses:
                status = "" if response.status == success else pascal(response.status)
                role = f"Response:{response.status}"
                for content in response.contents:
                    if content.schema is not None:
                        kind = f"{role}:{content.media_type}"
                        yield content.schema, base + answers + status, kind
                for header in response.headers:
                    name = f"{base}{answers}{status}{pascal(header.name)}Header"
                    yield header.schema, name, f"{role}:{header.name}"
        case ChannelBinding() | FixBinding():
            return
        case _:
            assert_never(operation.binding)


def channel_schemas(channel: Channel) -> Iterator[tuple[Schema, str, str]]:
    """Yield the schemas that stand in a channel itself, with their names and roles."""
    base = _base("Channel", channel.name)
    for parameter in channel.parameters:
        yield parameter.schema, base + pascal(parameter.name), f"Parameter:{parameter.name}"
    if channel.query is not None:
        yield channel.query, f"{base}Query", "Query"
    if channel.headers is not None:
        yield channel.headers, f"{base}Headers", "Headers"


def message_schemas(message: Message) -> Iterator[tuple[Schema, str, str]]:
    """Yield the payload and headers of a message with their names and roles."""
    base = _base("Message", message.name if words(message.name) else message.key)
    if message.payload is not None:
        name = base if base.endswith("Message") else f"{base}Message"
        yield message.payload, name, "Payload"
    if message.headers is not None:
        yield message.headers, f"{base}Headers", "Headers"


def variant_word(schema: Schema, position: int) -> str:
    """Return the word that tells a union's inline variant from its siblings."""
    kind = type(schema).__name__.removesuffix("Schema")
    return _own_word(schema) or f"{ordinal(position)}{kind}"


def _own_word(schema: Schema) -> str:
    if isinstance(schema, ObjectSchema):
        if schema.notes.title and len(words(schema.notes.title)) <= 4:
            return pascal(schema.notes.title)
        for field in schema.fields:
            if field.is_required and isinstance(field.schema, ConstSchema):
                word = pascal(str(field.schema.value))
                if word:
                    return word
    return ""


def ordinal(position: int) -> str:
    """Return the word for a place in a tuple or union, counted from 0."""
    return ORDINALS[position] if position < len(ORDINALS) else f"Place{position + 1}"


def _inside(
    root: Placed, needs_name: Callable[[Schema], bool], has_roles: bool
) -> Iterator[Placed]:
    stack = [root]
    while stack:
        parent = stack.pop()
        below = []
        for child, word, role in _children(parent.schema):
            # Most of what stands in an object is a scalar, which has no name and nothing inside.
            if is_leaf(child) and not needs_name(child):
                continue
            path = f"{parent.role}/{role or variant_mark(child)}".lstrip("/") if has_roles else ""
            placed = Placed(child, shorten(parent.name + word), parent.owner, path)
            below.append(placed)
            if needs_name(child):
                yield placed
        stack.extend(reversed(below))


def _children(schema: Schema) -> Iterator[tuple[Schema, str, str]]:
    """Yield what stands in a schema: its word in names, and its role unless order decides it."""
    match schema:
        case ArraySchema(items=items):
            yield items, "Item", "Item"
        case TupleSchema(items=items, rest=rest):
            for position, item in enumerate(items):
                yield item, f"{ordinal(position)}Item", f"Item:{position}"
            if rest is not None:
                yield rest, "RestItem", "RestItem"
        case ObjectSchema(fields=fields, additional=additional, patterns=patterns):
            for field in fields:
                yield field.schema, pascal(field.name) or capital(digest(field.name)), field.name
            if additional is not None:
                yield additional, "Value", "Value:"
            for pattern, inner in patterns:
                word = pascal(pattern) or capital(digest(pattern))
                yield inner, f"{word}Value", f"Value:{pattern}"
        case UnionSchema(variants=variants):
            for position, variant in enumerate(variants):
                yield variant, variant_word(variant, position), _own_word(variant)
        case NullableSchema(inner=inner):
            yield inner, "", "?"
        case (
            AnySchema()
            | NeverSchema()
            | NullSchema()
            | BooleanSchema()
            | IntegerSchema()
            | NumberSchema()
            | DecimalSchema()
            | TimestampSchema()
            | StringSchema()
            | ConstSchema()
            | EnumSchema()
            | RefSchema()
        ):
            return
        case _:
            assert_never(schema)


def shorten(name: str) -> str:
    """Cut a name that is longer than `LONGEST` in the middle, keeping it unique."""
    if len(name) <= LONGEST:
        return name
    return f"{name[:45]}{capital(digest(name))}{name[-45:]}"


def _exact_first(keys: Iterable[str]) -> list[str]:
    """Put first what is already written as it will be emitted, so that `Order` beats `order`."""
    return sorted(keys, key=lambda key: pascal(key) != key)


def _named_choices(key: str) -> tuple[str, ...]:
    name = shorten(_base("Schema", key))
    return name, f"{name}Schema"


def _base(kind: str, name: str) -> str:
    """Return a name in PascalCase that an identifier may begin with."""
    text = pascal(name) or capital(digest(name))
    return f"{kind}{text}" if text[0].isdigit() else text
