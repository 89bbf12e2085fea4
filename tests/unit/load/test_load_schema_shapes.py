"""Objects, lists, unions and allOf become shapes; nothing falls away in silence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from venuekit.contract import (
    AnySchema,
    ArraySchema,
    ConstSchema,
    DecimalSchema,
    EnumSchema,
    IntegerSchema,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
    TupleSchema,
    UnionSchema,
)


def fields(schema: Schema) -> dict[str, tuple[type[Schema], bool]]:
    assert isinstance(schema, ObjectSchema)
    return {field.name: (type(field.schema), field.is_required) for field in schema.fields}


def test_objects(documents: Any) -> None:
    schemas, found = documents.schemas("""\
        Plain: {type: object, required: [b, c], properties: {a: {type: string}, b: {}}}
        Closed: {type: object, additionalProperties: false}
        Map: {type: object, additionalProperties: {type: integer}, minProperties: 1}
        Beside: {properties: {a: {}}, additionalProperties: true, patternProperties: {^x: {}}}
        Unevaluated: {type: object, unevaluatedProperties: false}
        """)
    assert fields(schemas["Plain"]) == {
        "a": (StringSchema, False),
        "b": (AnySchema, True),
        "c": (AnySchema, True),
    }
    assert isinstance(schemas["Plain"].additional, AnySchema)
    assert not schemas["Plain"].is_additional_stated
    assert schemas["Closed"].additional is None
    assert schemas["Unevaluated"].additional is None
    assert isinstance(schemas["Map"].additional, IntegerSchema)
    assert schemas["Map"].min_properties == 1
    assert schemas["Beside"].is_additional_stated
    assert [pattern for pattern, _ in schemas["Beside"].patterns] == ["^x"]
    assert found == []


def test_lists_and_tuples(documents: Any) -> None:
    schemas, _ = documents.schemas("""\
        List: {type: array, items: {type: string}, minItems: 1, maxItems: 9, uniqueItems: true}
        Pair: {type: array, prefixItems: [{type: string}, {type: integer}], items: false}
        Open: {type: array, prefixItems: [{type: string}], items: {type: integer}, minItems: 1}
        Sized: {prefixItems: [{}, {}], maxItems: 2}
        Bare: {type: array}
        """)
    assert isinstance(schemas["List"], ArraySchema)
    assert (schemas["List"].min_items, schemas["List"].max_items) == (1, 9)
    assert schemas["List"].is_unique
    assert isinstance(schemas["Pair"], TupleSchema)
    assert [type(item) for item in schemas["Pair"].items] == [StringSchema, IntegerSchema]
    assert schemas["Pair"].rest is None
    assert isinstance(schemas["Open"].rest, IntegerSchema)
    assert schemas["Sized"].rest is None
    assert isinstance(schemas["Bare"].items, AnySchema)


def test_all_of_merges_fields_and_bounds(documents: Any) -> None:
    schemas, found = documents.schemas("""\
        Base: {type: object, required: [id], properties: {id: {type: string, minLength: 1}}}
        Child:
          description: Said here
          allOf:
            - {$ref: '#/components/schemas/Base'}
            - type: object
              required: [price]
              properties:
                id: {type: string, maxLength: 9}
                price: {type: string, format: decimal}
        Grandchild: {allOf: [{$ref: '#/components/schemas/Child'}], required: [extra]}
        """)
    child = schemas["Child"]
    assert fields(child) == {"id": (StringSchema, True), "price": (DecimalSchema, True)}
    assert (child.fields[0].schema.min_length, child.fields[0].schema.max_length) == (1, 9)
    assert child.notes.description == "Said here"
    assert list(fields(schemas["Grandchild"])) == ["id", "price", "extra"]
    assert found == []


def test_all_of_one_reference_stays_a_reference(documents: Any) -> None:
    schemas, _ = documents.schemas(
        """\
        Side: {type: string, enum: [buy, sell]}
        A: {description: Mine, allOf: [{$ref: '#/components/schemas/Side'}]}
        B: {nullable: true, allOf: [{$ref: '#/components/schemas/Side'}]}
        C: {type: object, allOf: [{$ref: '#/components/schemas/D'}]}
        D: {type: object, properties: {a: {}}}
        """,
        "3.0.3",
    )
    assert isinstance(schemas["A"], RefSchema)
    assert (schemas["A"].name, schemas["A"].notes.description) == ("Side", "Mine")
    assert isinstance(schemas["B"], NullableSchema)
    assert isinstance(schemas["B"].inner, RefSchema)
    assert isinstance(schemas["C"], RefSchema)


def test_words_beside_a_reference(documents: Any) -> None:
    text = """\
        Base: {type: object, properties: {a: {}}}
        A: {$ref: '#/components/schemas/Base', description: Mine}
        B: {$ref: '#/components/schemas/Base', required: [a]}
        """
    schemas, found = documents.schemas(text)
    assert isinstance(schemas["A"], RefSchema)
    assert schemas["A"].notes.description == "Mine"
    assert fields(schemas["B"]) == {"a": (AnySchema, True)}
    assert found == []


def test_openapi_3_0_ignores_what_stands_beside_a_reference(documents: Any) -> None:
    schemas, found = documents.schemas(
        """\
        Base: {type: object, properties: {a: {}}}
        A: {$ref: '#/components/schemas/Base', description: Mine}
        B: {$ref: '#/components/schemas/Base', nullable: true}
        """,
        "3.0.3",
    )
    assert schemas["A"].notes.description == "Mine"
    assert isinstance(schemas["B"], RefSchema)
    assert found == [
        "api.yaml:8:8: warning[ref-sibling-ignored]: nullable beside $ref is ignored by this"
        " document's format"
    ]


def test_enums_are_narrowed_by_all_of(documents: Any) -> None:
    schemas, _ = documents.schemas("""\
        A: {type: string, enum: [a, b, c], allOf: [{enum: [b, c, d]}]}
        B: {type: string, allOf: [{enum: [x, y]}]}
        C: {allOf: [{type: number, minimum: 1}, {type: integer, minimum: 0, maximum: 5}]}
        """)
    assert isinstance(schemas["A"], EnumSchema)
    assert schemas["A"].values == ("b", "c")
    assert isinstance(schemas["B"], EnumSchema)
    assert type(schemas["C"]) is IntegerSchema
    assert (schemas["C"].minimum, schemas["C"].maximum) == (Decimal(1), Decimal(5))


def test_what_cannot_be_merged_is_an_error(documents: Any) -> None:
    _, found = documents.schemas("""\
        A: {allOf: [{type: string}, {type: object}]}
        B: {type: object, additionalProperties: false, allOf: [{properties: {b: {}}}]}
        C: {allOf: [{type: string, pattern: ^a}, {type: string, pattern: b$}]}
        D: {allOf: [{$ref: '#/components/schemas/D'}, {type: object}]}
        """)
    assert found == [
        "api.yaml:6:8: error[schema-not-satisfiable]: these schemas cannot be merged: no value is"
        " both string and object",
        "api.yaml:7:8: warning[all-of-closed]: additionalProperties: false forbids the fields that"
        " allOf adds: 'b'",
        "api.yaml:8:46: warning[schema-keyword-not-carried]: allOf demands a second pattern, and"
        " one is carried; SDKs check the first",
        "api.yaml:9:8: error[schema-not-satisfiable]: the schema 'D' only refers to itself",
    ]


def test_recursion_is_read(documents: Any) -> None:
    schemas, found = documents.schemas("""\
        Tree:
          type: object
          properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}
        List: {type: object, properties: {next: {$ref: '#/components/schemas/List'}}}
        Both:
          allOf: [{$ref: '#/components/schemas/List'}, {$ref: '#/components/schemas/Tree'}]
        """)
    assert schemas["Tree"].fields[0].schema.items.name == "Tree"
    assert list(fields(schemas["Both"])) == ["next", "children"]
    assert found == []


def test_recursive_schemas_that_merge_without_end_are_reported(documents: Any) -> None:
    _, found = documents.schemas("""\
        A: {type: object, properties: {next: {$ref: '#/components/schemas/A'}}}
        B: {type: object, properties: {next: {$ref: '#/components/schemas/B'}}}
        C: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
        """)
    assert any("refer to each other without end" in line for line in found)


TAGGED = """\
    Event:
      oneOf: [{$ref: '#/components/schemas/Trade'}, {$ref: '#/components/schemas/Quote'}]
    Trade: {type: object, required: [e], properties: {e: {const: trade}, p: {}}}
    Quote: {type: object, required: [e], properties: {e: {enum: [bid, ask]}}}
    """


def test_tags_are_found(documents: Any) -> None:
    schemas, _ = documents.schemas(TAGGED)
    union = schemas["Event"]
    assert isinstance(union, UnionSchema)
    assert union.discriminator is not None
    assert union.discriminator.field == "e"
    assert union.discriminator.mapping == (("trade", 0), ("bid", 1), ("ask", 1))
    assert not union.discriminator.is_stated


def test_stated_discriminators(documents: Any) -> None:
    schemas, found = documents.schemas("""\
        Pet:
          oneOf:
            - {$ref: '#/components/schemas/Cat'}
            - {$ref: '#/components/schemas/Dog'}
            - {$ref: '#/components/schemas/Cow'}
          discriminator:
            propertyName: kind
            mapping: {dog: Dog, puppy: '#/components/schemas/Dog', fish: Fish}
        Cat: {type: object, properties: {kind: {type: string}}}
        Dog: {type: object, properties: {kind: {type: string}}}
        Cow: {type: object, properties: {kind: {type: string, enum: [moo]}}}
        Fish: {type: object}
        """)
    assert schemas["Pet"].discriminator.mapping == (
        ("dog", 1),
        ("puppy", 1),
        ("Cat", 0),
        ("moo", 2),
    )
    assert schemas["Pet"].discriminator.is_stated
    assert found == [
        "api.yaml:13:70: warning[discriminator-mapping]: the discriminator maps to 'Fish', which"
        " is no variant of this union"
    ]


def test_a_base_with_a_discriminator_stands_for_its_family(documents: Any) -> None:
    schemas, _ = documents.schemas("""\
        Zoo: {type: object, properties: {star: {$ref: '#/components/schemas/Pet'}}}
        Pet:
          type: object
          required: [kind]
          properties: {kind: {type: string}, name: {type: string}}
          discriminator: {propertyName: kind, mapping: {cat: Cat}}
        Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {type: integer}}}]}
        Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {bark: {}}}]}
        Puppy: {allOf: [{$ref: '#/components/schemas/Dog'}, {properties: {age: {}}}]}
        """)
    pet = schemas["Pet"]
    assert isinstance(pet, UnionSchema)
    assert [v.name for v in pet.variants if isinstance(v, RefSchema)] == ["Cat", "Dog", "Puppy"]
    assert pet.discriminator is not None
    assert pet.discriminator.mapping == (("cat", 0), ("Dog", 1), ("Puppy", 2))
    assert list(fields(schemas["Cat"])) == ["kind", "name", "lives"]
    assert list(fields(schemas["Puppy"])) == ["kind", "name", "bark", "age"]


def test_fields_beside_a_union_go_into_each_variant(documents: Any) -> None:
    schemas, found = documents.schemas("""\
        A:
          type: object
          required: [id]
          properties: {id: {type: string}}
          oneOf:
            - {type: object, required: [x], properties: {x: {const: 1}}}
            - {type: object, required: [y], properties: {y: {const: 2}}}
        """)
    assert isinstance(schemas["A"], UnionSchema)
    assert [list(fields(variant)) for variant in schemas["A"].variants] == [
        ["x", "id"],
        ["y", "id"],
    ]
    assert found == []


@pytest.mark.parametrize(
    ("keyword", "severity"),
    [
        ("not: {type: string}", "warning"),
        ("if: {}", "warning"),
        ("dependentSchemas: {a: {}}", "warning"),
        ("propertyNames: {pattern: a}", "warning"),
        ("contains: {}", "warning"),
        ("$dynamicRef: '#meta'", "error"),
        ("anyOf: [{required: [a]}, {required: [b]}]", "warning"),
        ("made-up: 1", "warning"),
    ],
)
def test_keywords_that_are_not_carried_are_reported(
    documents: Any, keyword: str, severity: str
) -> None:
    _, found = documents.schemas(f"A: {{type: object, {keyword}}}")
    (line,) = found
    assert line.startswith(f"api.yaml:6:{25 + keyword.index(':')}: {severity}[schema-")


def test_schemas_too_deep_are_refused(documents: Any) -> None:
    deep = "{type: array, items: " * 150 + "{}" + "}" * 150
    _, found = documents.schemas(f"A: {deep}")
    (line,) = found
    assert "error[schema-too-deep]" in line
    shallow = "{type: array, items: " * 90 + "{}" + "}" * 90
    assert documents.schemas(f"A: {shallow}")[1] == []


def test_references_grow_linearly(documents: Any) -> None:
    doubling = "S0: {type: object}\n" + "".join(
        f"S{n}: {{type: object, properties: {{a: {{$ref: '#/components/schemas/S{n - 1}'}},"
        f" b: {{$ref: '#/components/schemas/S{n - 1}'}}}}}}\n"
        for n in range(1, 60)
    )
    schemas, found = documents.schemas(doubling)
    assert len(schemas) == 60
    assert found == []


def test_constants(documents: Any) -> None:
    schemas, _ = documents.schemas("A: {oneOf: [{const: {a: 1}}, {type: string}]}")
    variant = schemas["A"].variants[0]
    assert isinstance(variant, ConstSchema)
    assert variant.value == {"a": 1}


def test_variants_that_nothing_can_be_fall_away(documents: Any) -> None:
    schemas, found = documents.schemas("""\
        A: {allOf: [{type: [string, integer]}, {type: string, maxLength: 3}]}
        B:
          allOf:
            - oneOf:
                - {type: object, required: [t], properties: {t: {const: x}}}
                - {type: object, required: [t], properties: {t: {const: y}}}
                - {type: object, required: [t], properties: {t: {const: z}}}
            - {type: object, properties: {t: {enum: [y, z]}}}
        """)
    assert isinstance(schemas["A"], StringSchema)
    assert schemas["A"].max_length == 3
    assert isinstance(schemas["B"], UnionSchema)
    assert schemas["B"].discriminator is not None
    assert schemas["B"].discriminator.mapping == (("y", 0), ("z", 1))
    assert found == []


def test_fields_that_no_value_can_have_are_told(documents: Any) -> None:
    schemas, found = documents.schemas("""\
        A:
          properties: {a: {type: string}}
          allOf: [{properties: {a: {type: object}}}]
        B: {type: object, required: [b], additionalProperties: false}
        C:
          allOf:
            - {type: object, additionalProperties: {type: string}}
            - {type: object, properties: {c: {}}}
        """)
    assert [line.split(": ")[1] for line in found] == [
        "warning[field-never-present]",
        "warning[required-field-forbidden]",
    ]
    assert fields(schemas["C"]) == {"c": (StringSchema, False)}
