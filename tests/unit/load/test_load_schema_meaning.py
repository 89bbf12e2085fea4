"""What the contract's schemas accept is what the written ones accept, by an outside judge."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_never

import jsonschema_rs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from venuekit.contract import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    DecimalSchema,
    EnumSchema,
    IntegerSchema,
    NeverSchema,
    NullableSchema,
    NullSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
    TimestampSchema,
    TupleSchema,
    UnionSchema,
)
from venuekit.load.context import Context, Dialect
from venuekit.load.findings import Report
from venuekit.load.json_schema import SchemaReader
from venuekit.source import Node, Resolver, parse_document

NAMES = ("a", "b")
SCALARS: list[Any] = [None, True, 0, 1, 2, 5, 1.5, "", "x", "abc"]
LISTS: list[Any] = [
    list(items) for n in (0, 1, 2) for items in itertools.product(["x", 1], repeat=n)
]
OBJECTS: list[Any] = [
    dict(zip(names, values, strict=True))
    for names in [(), ("a",), ("b",), ("z",), ("a", "b"), ("a", "z")]
    for values in itertools.product(["x", 1, None], repeat=len(names))
]
INSTANCES: list[Any] = [*SCALARS, *LISTS, *OBJECTS]

COUNTS = st.integers(0, 3)


def optional(**words: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=words)


def typed(word: Any, **words: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return optional(**words).map(lambda extra: {"type": word, **extra})


LEAVES = st.one_of(
    st.just({}),
    typed("string", minLength=COUNTS, maxLength=COUNTS),
    typed(["string", "null"], maxLength=COUNTS),
    typed("integer", minimum=COUNTS, maximum=COUNTS, exclusiveMinimum=COUNTS),
    typed("number", minimum=COUNTS, maximum=COUNTS),
    typed(["integer", "string"]),
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.lists(st.sampled_from(["x", "abc", 1, 2, None, True]), min_size=1, unique_by=repr).map(
        lambda values: {"enum": values}
    ),
    st.sampled_from(["x", 1, None]).map(lambda value: {"const": value}),
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, min_size=1, max_size=3)
    objects = typed(
        "object",
        properties=st.dictionaries(st.sampled_from(NAMES), inner),
        required=st.lists(st.sampled_from(NAMES), unique=True),
        additionalProperties=st.booleans() | inner,
        minProperties=st.integers(0, 2),
    )
    return st.one_of(
        objects,
        typed("array", items=inner, minItems=COUNTS, maxItems=COUNTS),
        typed("array", prefixItems=lists, items=st.just(False)),
        lists.map(lambda parts: {"allOf": parts}),
        lists.map(lambda parts: {"anyOf": parts}),
        lists.map(lambda parts: {"oneOf": parts}),
        st.tuples(objects, lists).map(lambda pair: {**pair[0], "allOf": pair[1]}),
        st.tuples(objects, lists).map(lambda pair: {**pair[0], "anyOf": pair[1]}),
    )


SCHEMAS = st.recursive(LEAVES, nested, max_leaves=8)


def read(written: Any) -> tuple[Schema, Report]:
    document = parse_document("schema.json", json.dumps(written).encode())
    report = Report()
    reader = SchemaReader(Context(Resolver(Path.cwd()), report))
    return reader.read(Node(document, (), document.value), Dialect.JSON_SCHEMA_2020), report


def bounds(schema: Any, **names: str) -> dict[str, Any]:
    found = {word: getattr(schema, name) for word, name in names.items()}
    return {
        word: float(value) if isinstance(value, Decimal) else value
        for word, value in found.items()
        if value is not None
    }


NUMBER_BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
    "multipleOf": "multiple_of",
}


def back(schema: Schema) -> Any:
    """Return a schema of the contract as JSON Schema."""
    match schema:
        case AnySchema():
            return True
        case NeverSchema():
            return False
        case NullSchema():
            return {"type": "null"}
        case BooleanSchema():
            return {"type": "boolean"}
        case IntegerSchema():
            return {"type": "integer", **bounds(schema, **NUMBER_BOUNDS)}
        case NumberSchema():
            return {"type": "number", **bounds(schema, **NUMBER_BOUNDS)}
        case StringSchema():
            return {
                "type": "string",
                **bounds(schema, minLength="min_length", maxLength="max_length"),
            }
        case ConstSchema(value=value):
            return {"const": value}
        case EnumSchema(values=values):
            return {"enum": list(values)}
        case ArraySchema() | TupleSchema() | ObjectSchema():
            return container(schema)
        case UnionSchema(kind=kind, variants=variants):
            word = "oneOf" if kind == "one_of" else "anyOf"
            return {word: [back(variant) for variant in variants]}
        case NullableSchema(inner=inner):
            return {"anyOf": [{"type": "null"}, back(inner)]}
        case DecimalSchema() | TimestampSchema() | RefSchema():
            raise AssertionError("not made by these tests")
        case _:
            assert_never(schema)


def container(schema: ArraySchema | TupleSchema | ObjectSchema) -> dict[str, Any]:
    match schema:
        case ArraySchema():
            counts = bounds(schema, minItems="min_items", maxItems="max_items")
            return {"type": "array", "items": back(schema.items), **counts}
        case TupleSchema():
            rest = False if schema.rest is None else back(schema.rest)
            items = [back(item) for item in schema.items]
            return {
                "type": "array",
                "prefixItems": items,
                "items": rest,
                **bounds(schema, minItems="min_items"),
            }
        case ObjectSchema():
            return {
                "type": "object",
                "properties": {field.name: back(field.schema) for field in schema.fields},
                "required": [field.name for field in schema.fields if field.is_required],
                "additionalProperties": (
                    False if schema.additional is None else back(schema.additional)
                ),
                **bounds(schema, minProperties="min_properties", maxProperties="max_properties"),
            }


def words(written: Any) -> Iterator[str]:
    if isinstance(written, dict):
        for key, value in written.items():
            yield key
            yield from words(value)
    elif isinstance(written, list):
        for item in written:
            yield from words(item)


NULL_IN_A_VARIANT = {"allOf": [{"type": ["string", "null"]}, {"oneOf": [{}, {"type": "string"}]}]}


@given(SCHEMAS)
@example(NULL_IN_A_VARIANT)
@settings(max_examples=400)
def test_schemas_accept_what_was_written(written: Any) -> None:
    schema, report = read(written)
    if report.findings:
        return
    theirs = jsonschema_rs.Draft202012Validator(written)
    ours = jsonschema_rs.Draft202012Validator(back(schema))
    for instance in INSTANCES:
        is_written, is_read = theirs.is_valid(instance), ours.is_valid(instance)
        if "oneOf" in words(written):
            # Null is taken out of unions; two variants that both allow it may then allow it.
            assert is_read or not is_written, (instance, back(schema))
        else:
            assert is_read == is_written, (instance, back(schema))
