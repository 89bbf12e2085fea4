"""Names that all emitters share: words of a wire name, unique names, names of inline schemas.

Every schema that a language must name gets its name here, once, so that the SDKs of a contract
agree with each other. A schema without a name of its own is named by its place (the operation,
message or schema that holds it, then the fields down to it), never by a running number.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar, assert_never

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
from venuekit.origin import Origin

Key = TypeVar("Key", bound=Hashable)

LONGEST = 100
"""A longer name is cut in the middle, and a digest of the whole keeps it unique."""

ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """Split a wire name into words as written: `HTTPServer_v2.orderID` is HTTP Server v2 order ID.

    Whatever may not stand in an identifier (Unicode UAX 31) separates words, bidirectional
    control characters among it; the text is first brought to NFKC, as Python does with names.
    """
    text = unicodedata.normalize("NFKC", name)
    kept = "".join(c if c != "_" and ("a" + c).isidentifier() else " " for c in text)
    return tuple(word for part in kept.split() for word in _HUMP.split(part) if word)


def pascal(name: str | Iterable[str]) -> str:
    """Return words in PascalCase: `place_order` and `placeOrder` are `PlaceOrder`."""
    return "".join(_capital(word) for word in _words(name))


def camel(name: str | Iterable[str]) -> str:
    """Return words in camelCase."""
    first, *rest = _words(name) or ("",)
    return first.lower() + "".join(_capital(word) for word in rest)


def snake(name: str | Iterable[str]) -> str:
    """Return words in snake_case."""
    return "_".join(word.lower() for word in _words(name))


def constant(name: str | Iterable[str]) -> str:
    """Return words in CONSTANT_CASE."""
    return snake(name).upper()


def assign(
    wanted: Iterable[tuple[Key, Iterable[str]]], taken: Iterable[str] = ()
) -> dict[Key, str]:
    """Give every key the first of its names that is still free, in the order given.

    Where all are taken, the last one gets a digest of the key's text, so that the result does
    not depend on how many others collide.
    """
    used = set(taken)
    names: dict[Key, str] = {}
    for key, choices in wanted:
        name = ""
        for choice in choices:
            name = choice
            if name and name not in used:
                break
        else:
            name = f"{name}{_capital(digest(str(key)))}"
        used.add(name)
        names[key] = name
    return names


def digest(text: str) -> str:
    """Return eight characters, the first one a letter, that stand for a text."""
    return "x" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:7]


@dataclass(frozen=True, slots=True)
class SchemaNames:
    """The PascalCase name of every named schema, and of every inline one that needs a name."""

    named: Mapping[str, str]
    inline: Mapping[int, str]

    def of(self, schema: Schema) -> str | None:
        """Return the name of an inline schema of the contract, or None when it has none."""
        return self.inline.get(id(schema))


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """An inline schema, the name that its place gives it, and where it stands."""

    schema: Schema
    name: str
    origin: Origin

    def __str__(self) -> str:
        return f"{self.name} {self.origin}"


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
) -> SchemaNames:
    """Name the schemas of a contract; `taken` are words that the emitter keeps for itself.

    Named schemas choose first, then inline ones in the order of the documents.
    """
    reserved = set(taken)
    named = assign(((key, _named_choices(key)) for key in _exact_first(contract.schemas)), reserved)
    found: dict[int, Placed] = {}
    for placed in inline_schemas(contract, named):
        if needs_name(placed.schema):
            found.setdefault(id(placed.schema), placed)
    inline = assign(
        ((placed, (placed.name, f"{placed.name}Schema")) for placed in found.values()),
        reserved | set(named.values()),
    )
    return SchemaNames(named, {id(placed.schema): name for placed, name in inline.items()})


def inline_schemas(contract: Contract, named: Mapping[str, str]) -> Iterator[Placed]:
    """Yield every schema that has no name of its own, with the name that its place gives it."""
    for key, entry in contract.schemas.items():
        yield from _inside(entry.schema, named[key])
    for operation in contract.operations:
        for schema, name in operation_places(operation):
            yield from _at(schema, name)
    for channel in contract.channels.values():
        for schema, name in channel_places(channel):
            yield from _at(schema, name)
    for message in contract.messages.values():
        for schema, name in message_places(message):
            yield from _at(schema, name)


def operation_places(operation: Operation) -> Iterator[tuple[Schema, str]]:
    """Yield the schemas that stand in an operation itself, with their names."""
    match operation.binding:
        case HttpBinding(parameters=parameters, body=body, responses=responses):
            base = _base("Operation", operation.name)
            for parameter in parameters:
                yield parameter.schema, base + pascal(parameter.name)
            for content in body.contents if body else ():
                if content.schema is not None:
                    yield content.schema, f"{base}Request"
            success = next((r.status for r in responses if r.status.startswith("2")), None)
            for response in responses:
                status = "" if response.status == success else pascal(response.status)
                for content in response.contents:
                    if content.schema is not None:
                        yield content.schema, f"{base}Response{status}"
                for header in response.headers:
                    yield header.schema, f"{base}Response{status}{pascal(header.name)}Header"
        case WebhookBinding(parameters=parameters, body=body, responses=responses):
            base = _base("Operation", operation.name)
            for parameter in parameters:
                yield parameter.schema, base + pascal(parameter.name)
            for content in body.contents if body else ():
                if content.schema is not None:
                    yield content.schema, f"{base}Payload"
            for response in responses:
                for content in response.contents:
                    if content.schema is not None:
                        yield content.schema, f"{base}Answer"
                for header in response.headers:
                    yield header.schema, f"{base}Answer{pascal(header.name)}Header"
        case ChannelBinding() | FixBinding():
            return
        case _:
            assert_never(operation.binding)


def channel_places(channel: Channel) -> Iterator[tuple[Schema, str]]:
    """Yield the schemas that stand in a channel itself, with their names."""
    base = _base("Channel", channel.name)
    for parameter in channel.parameters:
        yield parameter.schema, base + pascal(parameter.name)
    if channel.query is not None:
        yield channel.query, f"{base}Query"
    if channel.headers is not None:
        yield channel.headers, f"{base}Headers"


def message_places(message: Message) -> Iterator[tuple[Schema, str]]:
    """Yield the payload and headers of a message with their names."""
    base = _base("Message", message.name if words(message.name) else message.key)
    if message.payload is not None:
        yield message.payload, base if base.endswith("Message") else f"{base}Message"
    if message.headers is not None:
        yield message.headers, f"{base}Headers"


def variant_word(schema: Schema, position: int) -> str:
    """Return the word that tells a union's inline variant from its siblings."""
    if isinstance(schema, ObjectSchema):
        if schema.notes.title and len(words(schema.notes.title)) <= 4:
            return pascal(schema.notes.title)
        for field in schema.fields:
            if field.is_required and isinstance(field.schema, ConstSchema):
                word = pascal(str(field.schema.value))
                if word:
                    return word
    kind = type(schema).__name__.removesuffix("Schema")
    return f"{ordinal(position)}{kind}"


def ordinal(position: int) -> str:
    """Return the word for a place in a tuple or union, counted from 0."""
    return ORDINALS[position] if position < len(ORDINALS) else f"Place{position + 1}"


def _at(schema: Schema, name: str) -> Iterator[Placed]:
    yield Placed(schema, name, schema.notes.origin)
    yield from _inside(schema, name)


def _inside(schema: Schema, name: str) -> Iterator[Placed]:
    stack = [(schema, name)]
    while stack:
        parent, parent_name = stack.pop()
        below = [(child, shorten(parent_name + word)) for child, word in _children(parent)]
        for child, child_name in below:
            yield Placed(child, child_name, child.notes.origin)
        stack.extend(reversed(below))


def _children(schema: Schema) -> Iterator[tuple[Schema, str]]:
    match schema:
        case ArraySchema(items=items):
            yield items, "Item"
        case TupleSchema(items=items, rest=rest):
            for position, item in enumerate(items):
                yield item, f"{ordinal(position)}Item"
            if rest is not None:
                yield rest, "RestItem"
        case ObjectSchema(fields=fields, additional=additional, patterns=patterns):
            for field in fields:
                yield field.schema, pascal(field.name) or _capital(digest(field.name))
            if additional is not None:
                yield additional, "Value"
            for pattern, inner in patterns:
                yield inner, (pascal(pattern) or _capital(digest(pattern))) + "Value"
        case UnionSchema(variants=variants):
            for position, variant in enumerate(variants):
                yield variant, variant_word(variant, position)
        case NullableSchema(inner=inner):
            yield inner, ""
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
    return f"{name[:45]}{_capital(digest(name))}{name[-45:]}"


def _exact_first(keys: Iterable[str]) -> list[str]:
    """Put first what is already written as it will be emitted, so that `Order` beats `order`."""
    return sorted(keys, key=lambda key: pascal(key) != key)


def _named_choices(key: str) -> tuple[str, ...]:
    name = shorten(_base("Schema", key))
    return name, f"{name}Schema"


def _base(kind: str, name: str) -> str:
    """Return a name in PascalCase that an identifier may begin with."""
    text = pascal(name) or _capital(digest(name))
    return f"{kind}{text}" if text[0].isdigit() else text


def _words(name: str | Iterable[str]) -> tuple[str, ...]:
    return words(name) if isinstance(name, str) else tuple(name)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:].lower()
