"""How values are written beside their types: exact text, exact numbers, or as they came."""

from __future__ import annotations

from typing import Literal

from venuekit.contract import (
    ArraySchema,
    DecimalSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    UnionSchema,
)
from venuekit.emit.python.traits import is_decimal, is_struct
from venuekit.emit.python.types import ListOf, MapOf, Named, OneOf, Plain, Shape, Types

Wire = Literal["plain", "decimal", "decimal_number", "or_empty", "untyped"]

_ANY = Plain("Any")

# References to references: more steps than documents have, and an end for circles.
_DEEPEST = 64


def wire(types: Types, schema: Schema) -> Wire:
    """Return how a value is written; structs know it for themselves."""
    return "untyped" if _is_untyped(types, types.shape(schema)) else decimal_wire(types, schema)


def free_members(types: Types, schema: ObjectSchema) -> tuple[Shape, Wire]:
    """Return the type of an object's free members, and how their values are written."""
    values = [inner for _, inner in schema.patterns]
    if schema.additional is not None:
        values.append(schema.additional)
    joint = UnionSchema(notes=schema.notes, kind="any_of", variants=tuple(values))
    shape = types.union(values)
    return MapOf(shape), "untyped" if _is_untyped(types, shape) else decimal_wire(types, joint)


def decimal_wire(types: Types, schema: Schema) -> Wire:
    """Return how the decimals in a value are written."""
    for _ in range(_DEEPEST):
        match schema:
            case RefSchema():
                schema = types.target(schema)
            case NullableSchema(inner=inner) | ArraySchema(items=inner):
                schema = inner
            case ObjectSchema(fields=(), additional=additional) if additional is not None:
                schema = additional
            case UnionSchema(variants=variants):
                decimals = [v for v in types.flat(variants) if is_decimal(types.target(v))]
                if not decimals:
                    return "plain"
                schema = decimals[0]
            case DecimalSchema(wire="string", is_empty_null=is_empty_null):
                return "or_empty" if is_empty_null else "decimal"
            case DecimalSchema() | NumberSchema():
                return "decimal_number"
            case _:
                return "plain"
    return "plain"


def _is_untyped(types: Types, shape: Shape) -> bool:
    """Whether a shape has a place without a type outside of its structs, so that values are
    written as they came; every shape is looked at once."""
    if shape not in types.untyped:
        seen: set[Shape] = set()
        waiting = [shape]
        holds_any = False
        while waiting and not holds_any:
            one = waiting.pop()
            holds_any = types.untyped.get(one, one == _ANY)
            if one not in seen and one not in types.untyped:
                seen.add(one)
                waiting += _inside(types, one)
        # Where the whole has no such place, nothing in it has; where it has one, not all of it do.
        types.untyped.update(dict.fromkeys(() if holds_any else seen, False))
        types.untyped[shape] = holds_any
    return types.untyped[shape]


def _inside(types: Types, shape: Shape) -> tuple[Shape, ...]:
    """Return the shapes that a shape is written with, behind the names of aliases."""
    match shape:
        case ListOf(item=inner) | MapOf(value=inner):
            return (inner,)
        case OneOf(shapes=shapes):
            return tuple(shapes)
        case Named(name=name):
            schema = types.by_name.get(name)
            if schema is None or types.is_one(schema) or is_struct(schema):
                return ()
            return (types.definition(schema),)
        case _:
            return ()
