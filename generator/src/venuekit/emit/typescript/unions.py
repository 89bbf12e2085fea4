"""Unions without a tag: by which test each variant is known, and where nothing tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from venuekit.contract import (
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    IntegerSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
    TupleSchema,
    UnionSchema,
)
from venuekit.contract.walk import all_schemas
from venuekit.emit.typescript.findings import uncarried
from venuekit.emit.typescript.kinds import Kind, kind_of
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.text import Value
from venuekit.finding import Finding, Severity

TESTS: dict[Kind, str] = {
    "decimal": "decimal",
    "decimal_number": "number",
    "int64": "number",
    "int64_string": "integer",
    "integer_string": "integer",
    "number": "number",
    # What may be empty is told from no other text.
    "decimal_or_empty": "string",
    "int64_or_empty": "string",
    "integer_or_empty": "string",
    "text_or_empty": "string",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One variant, the test that a value must pass to be it, and how demanding that is."""

    variant: Schema
    fit: dict[str, Value]
    weight: float


def options_of(model: Model, schema: UnionSchema) -> list[Option]:
    """Return the options of an untagged union, the most demanding ones first.

    Objects that demand the same are told apart by the fields that each has alone; a value with
    none of these is taken for the first of them.
    """
    found: list[Option] = []
    for group in _groups(model, schema):
        if len(group) == 1:
            found += group
            continue
        known = [_alone(model, option, group) for option in group]
        # More demanding than its own group, and less than a group that requires one field more.
        found += [
            replace(option, fit={**option.fit, "knows": [*names]}, weight=option.weight + 0.5)
            for option, names in zip(group, known, strict=True)
            if names
        ]
        others = [one for one, names in zip(group, known, strict=True) if not names]
        found.append(others[0] if others else group[0])
    found.sort(key=lambda option: -option.weight)
    return found


def indistinct_unions(model: Model, table: Callable[[Schema], Value]) -> Iterator[Finding]:
    """Yield each union with variants that no field tells apart, though they travel differently.

    `table` gives the table by which a schema's values are turned.
    """
    for schema in all_schemas(model.contract):
        if not isinstance(schema, UnionSchema) or schema.discriminator is not None:
            continue
        if not model.coerced.of(schema):
            continue
        for group in _groups(model, schema):
            plain = [option for option in group if not _alone(model, option, group)]
            tables = [table(model.shape(option.variant)) for option in plain]
            if any(other != tables[0] for other in tables[1:]):
                names = " and ".join(_name(model, option.variant) for option in plain)
                yield uncarried(
                    f"nothing tells the variants {names} of a union apart: the first one is taken",
                    "give them a discriminator, a constant, or required fields of their own",
                    schema.notes.origin,
                    Severity.WARNING,
                )


def fit_of(model: Model, variant: Schema) -> Option:
    """Return the test by which an untagged shape is known by itself."""
    shape = model.shape(variant)
    found: dict[str, Value] = {"is": json_kind(shape)}
    if not isinstance(shape, ObjectSchema):
        return Option(variant, found, _WEIGHTS.get(str(found["is"]), 1))
    required = [field.name for field in shape.fields if field.is_required]
    constants: dict[str, Value] = {
        field.name: value
        for field in shape.fields
        if field.is_required
        and isinstance(value := _constant(model, field.schema), str | bool | int)
    }
    if required:
        found["requires"] = [*required]
    if constants:
        found["constants"] = constants
    return Option(variant, found, 1 + len(required) + 1000 * len(constants))


_WEIGHTS = {"any": 0.0, "decimal": 1.2, "integer": 1.4}
"""How demanding the tests of scalars are: text of digits is a decimal, and is text as well."""


def _groups(model: Model, schema: UnionSchema) -> list[list[Option]]:
    """Return the options, those that the same values pass together."""
    groups: list[list[Option]] = []
    for option in (fit_of(model, variant) for variant in schema.variants):
        same = next((group for group in groups if group[0].fit == option.fit), None)
        if same is None:
            groups.append([option])
        else:
            same.append(option)
    return groups


def _alone(model: Model, option: Option, group: list[Option]) -> tuple[str, ...]:
    """Return the fields that one option has and no other of its group."""
    others = {name for other in group if other is not option for name in _fields(model, other)}
    return tuple(name for name in _fields(model, option) if name not in others)


def _fields(model: Model, option: Option) -> tuple[str, ...]:
    shape = model.shape(option.variant)
    return tuple(f.name for f in shape.fields) if isinstance(shape, ObjectSchema) else ()


def _constant(model: Model, schema: Schema) -> object:
    shape = model.shape(schema)
    return shape.value if isinstance(shape, ConstSchema) else None


def _name(model: Model, schema: Schema) -> str:
    key = schema.name if isinstance(schema, RefSchema) else model.names.of(schema)
    return repr(key or schema.notes.title or "without a name")


def json_kind(schema: Schema) -> str:
    """Return the test that a value of a schema passes in an untagged union."""
    kind = kind_of(schema)
    if kind != "plain":
        return TESTS[kind]
    match schema:
        case ObjectSchema():
            return "object"
        case ArraySchema() | TupleSchema():
            return "array"
        case StringSchema():
            return "string"
        case BooleanSchema():
            return "boolean"
        case EnumSchema(values=values):
            kinds = {_scalar_kind(value) for value in values}
            return kinds.pop() if len(kinds) == 1 else "any"
        case ConstSchema(value=value):
            return _scalar_kind(value)
        case IntegerSchema():
            return "number"
        case _:
            return "any"


def _scalar_kind(value: object) -> str:
    match value:
        case bool():
            return "boolean"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
        case None:
            return "any"
        case _:
            return "number"
