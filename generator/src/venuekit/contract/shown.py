"""What a document's own examples show and its schemas do not declare."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract.contract import Contract
from venuekit.contract.operation import Content, HttpBinding, WebhookBinding
from venuekit.contract.schema import (
    ArraySchema,
    JsonValue,
    ObjectSchema,
    Schema,
    TupleSchema,
    UnionSchema,
)
from venuekit.contract.walk import all_schemas, resolve

_Found = dict[int, tuple[ObjectSchema, dict[str, None]]]
"""The names by the identity of the object that they are missing in."""


def undeclared(contract: Contract) -> Iterator[tuple[ObjectSchema, tuple[str, ...]]]:
    """Yield each object with the names of members that some example has and it does not declare.

    Objects that state what further members are (`additionalProperties`, `patternProperties`)
    announce them.
    """
    found: _Found = {}
    for schema, examples in _shown(contract):
        for example in examples:
            _look(contract, schema, example, found)
    for shape, names in found.values():
        yield shape, tuple(names)


def undeclared_in(contract: Contract, schema: Schema, value: JsonValue) -> frozenset[str]:
    """Return the names of members that one value has and that its schema does not declare."""
    found: _Found = {}
    _look(contract, schema, value, found)
    return frozenset(name for _shape, names in found.values() for name in names)


def _shown(contract: Contract) -> Iterator[tuple[Schema, tuple[JsonValue, ...]]]:
    for schema in all_schemas(contract):
        yield schema, schema.notes.examples
    for content in _contents(contract):
        if content.schema is not None:
            yield content.schema, content.examples
    for message in contract.messages.values():
        if message.payload is not None:
            yield message.payload, message.examples


def _contents(contract: Contract) -> Iterator[Content]:
    for operation in contract.operations:
        match operation.binding:
            case (
                HttpBinding(body=body, responses=responses)
                | WebhookBinding(body=body, responses=responses)
            ):
                yield from body.contents if body is not None else ()
                for response in responses:
                    yield from response.contents
            case _:
                continue


def _look(contract: Contract, schema: Schema, value: JsonValue, found: _Found) -> None:
    shape = resolve(contract, schema)
    match shape, value:
        case ObjectSchema(), dict():
            _look_inside(contract, shape, value, found)
        case ArraySchema(items=items), list():
            for item in value:
                _look(contract, items, item, found)
        case TupleSchema(items=parts), list():
            for part, item in zip(parts, value, strict=False):
                _look(contract, part, item, found)
        case UnionSchema(), _:
            variant = _told(contract, shape, value)
            if variant is not None:
                _look(contract, variant, value, found)
        case _:
            pass


def _look_inside(
    contract: Contract, shape: ObjectSchema, value: dict[str, JsonValue], found: _Found
) -> None:
    declared = {field.name: field.schema for field in shape.fields}
    for name, member in value.items():
        if name in declared:
            _look(contract, declared[name], member, found)
        elif shape.fields and shape.additional is not None and not shape.is_open:
            found.setdefault(id(shape), (shape, {}))[1][name] = None


def _told(contract: Contract, union: UnionSchema, value: JsonValue) -> Schema | None:
    """Return the variant that a value is by its tag, or the only one of its kind."""
    if union.discriminator is not None:
        tag = value.get(union.discriminator.field) if isinstance(value, dict) else None
        position = next((at for word, at in union.discriminator.mapping if word == tag), None)
        return union.variants[position] if position is not None else None
    kind = ObjectSchema if isinstance(value, dict) else ArraySchema
    alike = [one for one in union.variants if isinstance(resolve(contract, one), kind)]
    return alike[0] if len(alike) == 1 else None
