"""Scalar schemas keep exactness, units, bounds and every spelling of null."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from venuekit.contract import (
    AnySchema,
    BooleanSchema,
    ConstSchema,
    DecimalSchema,
    EnumSchema,
    IntegerSchema,
    NeverSchema,
    NullableSchema,
    NullSchema,
    NumberSchema,
    Schema,
    StringSchema,
    TimestampSchema,
    TimeUnit,
    UnionSchema,
)


def facts(schema: Schema) -> dict[str, Any]:
    """Return what a schema says beside its notes and its defaults."""
    said = {name: getattr(schema, name) for name in type(schema).__slots__ if name != "notes"}
    return {
        name: value
        for name, value in said.items()
        if value is not None and value is not False and value != () and value != {}
    }


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("{type: string}", StringSchema, {}),
        (
            "{type: string, minLength: 1, maxLength: 3.0, pattern: ^a}",
            StringSchema,
            {"min_length": 1, "max_length": 3, "pattern": "^a"},
        ),
        ("{type: string, format: uuid}", StringSchema, {"format": "uuid"}),
        (
            "{type: string, contentEncoding: base64, contentMediaType: image/png}",
            StringSchema,
            {"content_encoding": "base64", "content_media_type": "image/png"},
        ),
        (
            "{type: string, format: decimal, pattern: ^x, x-scale: 8}",
            DecimalSchema,
            {"wire": "string", "pattern": "^x", "scale": 8},
        ),
        ("{type: number, format: decimal}", DecimalSchema, {"wire": "number"}),
        (
            "{type: number, format: double, multipleOf: 0.1}",
            NumberSchema,
            {"format": "double", "multiple_of": Decimal("0.1")},
        ),
        (
            "{type: integer, format: int64, minimum: 1, exclusiveMaximum: 9}",
            IntegerSchema,
            {
                "bits": 64,
                "is_signed": True,
                "wire": "number",
                "minimum": Decimal(1),
                "exclusive_maximum": Decimal(9),
            },
        ),
        (
            "{type: string, format: int64}",
            IntegerSchema,
            {"bits": 64, "is_signed": True, "wire": "string"},
        ),
        ("{type: string, format: uint64}", IntegerSchema, {"bits": 64, "wire": "string"}),
        (
            "{type: number, format: int32}",
            IntegerSchema,
            {"bits": 32, "is_signed": True, "wire": "number"},
        ),
        (
            "{type: string, format: date-time}",
            TimestampSchema,
            {"unit": TimeUnit.RFC3339, "wire": "string"},
        ),
        (
            "{type: integer, x-unit: unix-ms, maximum: 9007199254740991}",
            TimestampSchema,
            {"unit": TimeUnit.UNIX_MS, "wire": "number", "maximum": Decimal(9007199254740991)},
        ),
        (
            "{type: string, x-unit: unix-ns}",
            TimestampSchema,
            {"unit": TimeUnit.UNIX_NS, "wire": "string"},
        ),
        ("{type: boolean}", BooleanSchema, {}),
        ("{type: 'null'}", NullSchema, {}),
        ("{const: 5}", ConstSchema, {"value": 5}),
        ("{enum: [a]}", ConstSchema, {"value": "a"}),
        ("{enum: [a, 1, true]}", EnumSchema, {"values": ("a", 1, True)}),
        (
            "{type: string, enum: [a], x-extensible-enum: true}",
            EnumSchema,
            {"values": ("a",), "is_open": True, "is_openness_stated": True},
        ),
        (
            "{type: string, x-extensible-enum: [a, b]}",
            EnumSchema,
            {"values": ("a", "b"), "is_open": True, "is_openness_stated": True},
        ),
        (
            "{oneOf: [{const: a, title: First}, {const: b, description: Second}]}",
            EnumSchema,
            {"values": ("a", "b"), "meanings": {"a": "First", "b": "Second"}},
        ),
        (
            "{type: string, enum: [a, b], x-fix: {tag: 54, codes: {a: '1', b: 2}}}",
            EnumSchema,
            {"values": ("a", "b"), "fix_codes": {"a": "1", "b": "2"}, "fix_tag": 54},
        ),
        ("{}", AnySchema, {}),
        ("true", AnySchema, {}),
        ("false", NeverSchema, {}),
        ("{pattern: ^a}", StringSchema, {"pattern": "^a"}),
        ("{minimum: 1}", NumberSchema, {"minimum": Decimal(1)}),
        ("{type: [integer, number]}", NumberSchema, {}),
    ],
)
def test_scalars(documents: Any, text: str, kind: type[Schema], said: dict[str, Any]) -> None:
    schemas, found = documents.schemas(f"A: {text}")
    assert type(schemas["A"]) is kind
    assert facts(schemas["A"]) == said
    assert found == []


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("{type: string, format: decimal, nullable: true}", "3.0.3"),
        ("{type: [string, 'null'], format: decimal}", "3.1.0"),
        ("{anyOf: [{type: string, format: decimal}, {type: 'null'}]}", "3.1.0"),
        ("{oneOf: [{type: 'null'}, {type: string, format: decimal}]}", "3.1.0"),
        ("{anyOf: [{type: string, format: decimal}, {enum: [null]}]}", "3.1.0"),
        ("{allOf: [{type: string, format: decimal}], nullable: true}", "3.0.3"),
    ],
)
def test_every_spelling_of_null_is_the_same(documents: Any, text: str, version: str) -> None:
    schemas, found = documents.schemas(f"A: {text}", version)
    assert isinstance(schemas["A"], NullableSchema)
    assert isinstance(schemas["A"].inner, DecimalSchema)
    assert found == []


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_null_in_an_enum_makes_it_nullable(documents: Any, version: str) -> None:
    schemas, _ = documents.schemas("A: {enum: [a, b, null]}", version)
    assert isinstance(schemas["A"], NullableSchema)
    assert facts(schemas["A"].inner) == {"values": ("a", "b")}


def test_several_types_are_a_union(documents: Any) -> None:
    schemas, _ = documents.schemas("A: {type: [string, integer, 'null'], format: int64}")
    assert isinstance(schemas["A"], NullableSchema)
    union = schemas["A"].inner
    assert isinstance(union, UnionSchema)
    assert [type(variant) for variant in union.variants] == [IntegerSchema, IntegerSchema]


def test_exclusive_bounds_of_openapi_3_0(documents: Any) -> None:
    schemas, _ = documents.schemas(
        "A: {type: integer, minimum: 0, exclusiveMinimum: true, maximum: 9}", "3.0.3"
    )
    assert facts(schemas["A"])["exclusive_minimum"] == 0
    assert "minimum" not in facts(schemas["A"])


def test_notes_are_kept(documents: Any) -> None:
    schemas, _ = documents.schemas("""\
        A:
          type: string
          title: T
          description: D
          default: null
          example: e1
          examples: [e2]
          deprecated: true
          readOnly: true
          writeOnly: true
          x-unit: USD
          x-stability: beta
          x-sunset: '2027-01-01'
          x-other: {a: 1}
          externalDocs: {url: 'https://example.com'}
        """)
    notes = schemas["A"].notes
    assert (notes.title, notes.description, notes.default) == ("T", "D", None)
    assert notes.examples == ("e2", "e1")
    assert (notes.is_deprecated, notes.is_read_only, notes.is_write_only) == (True, True, True)
    assert (notes.unit, notes.stability, notes.sunset) == ("USD", "beta", "2027-01-01")
    assert notes.extensions == {
        "x-other": {"a": 1},
        "externalDocs": {"url": "https://example.com"},
    }
    assert notes.origin.place.line == 7


def test_numbers_in_an_enum_of_text_are_read_as_text(documents: Any) -> None:
    schemas, found = documents.schemas("A: {type: string, enum: [5, 1.50, ok]}")
    assert facts(schemas["A"]) == {"values": ("5", "1.50", "ok")}
    assert found == [
        "api.yaml:6:30: warning[enum-type-mismatch]: the value 5 of the enum is not of type"
        " string; it is read as text",
        "api.yaml:6:33: warning[enum-type-mismatch]: the value 1.50 of the enum is not of type"
        " string; it is read as text",
    ]


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        ("{type: string, enum: [a, b], default: a}", True),
        ("{type: string, enum: [a, b], default: ''}", False),
        ("{type: integer, default: 1.0}", True),
        ("{type: integer, default: 1.5}", False),
        ("{type: string, format: decimal, default: '0.1'}", True),
        ("{type: string, format: decimal, default: 0.1}", False),
        ("{type: boolean, default: 'true'}", False),
        ("{type: [boolean, 'null'], default: null}", True),
        ("{type: array, default: []}", True),
        ("{type: object, default: []}", False),
    ],
)
def test_defaults_outside_of_their_schema_are_told(
    documents: Any, text: str, is_allowed: bool
) -> None:
    schemas, found = documents.schemas(f"A: {text}")
    assert [line.split(": ")[1] for line in found] == (
        [] if is_allowed else ["warning[default-not-allowed]"]
    )
    assert "default" in repr(schemas["A"].notes)


def test_an_enum_of_lists_is_refused_where_no_style_writes_it(documents: Any) -> None:
    text = """
        openapi: 3.1.0
        info: {title: T, version: '1'}
        paths:
          /a:
            get:
              operationId: a
              parameters: [{name: range, in: query, schema: {enum: [[1, 2], [3, 4]]}}]
              responses: {'200': {description: d}}
        """
    (found,) = documents.load(text).findings
    assert found.rule == "schema-not-carried"
    assert "'range' is one of several lists" in found.message
