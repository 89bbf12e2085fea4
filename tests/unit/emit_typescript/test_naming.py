"""Names shared by the emitters: words, casing, collisions and names by place."""

from __future__ import annotations

import pytest

from venuekit.contract import (
    MISSING,
    ArraySchema,
    ConstSchema,
    Contract,
    Field,
    HttpBinding,
    NamedSchema,
    Notes,
    ObjectSchema,
    Operation,
    Response,
    Schema,
    StringSchema,
    UnionSchema,
)
from venuekit.contract.operation import Action, Content
from venuekit.emit.naming import assign, camel, constant, pascal, snake, words
from venuekit.emit.schema_naming import LONGEST, name_schemas
from venuekit.origin import Origin, Place


class Sheet:
    """A document that has one place for everything."""

    name = "a.yaml"

    def place(self, pointer: tuple[str | int, ...]) -> Place:
        return Place("a.yaml", 1, 1)


ORIGIN = Origin(Sheet(), ())


def notes(title: str | None = None) -> Notes:
    return Notes(origin=ORIGIN, title=title, default=MISSING)


def text() -> StringSchema:
    return StringSchema(notes=notes())


def record(*fields: tuple[str, Schema]) -> ObjectSchema:
    return ObjectSchema(
        notes=notes(),
        fields=tuple(
            Field(name=name, schema=schema, is_required=True, origin=ORIGIN)
            for name, schema in fields
        ),
        additional=None,
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("placeOrder", ("place", "Order")),
        ("HTTPServer_v2.orderID", ("HTTP", "Server", "v2", "order", "ID")),
        ("X-MBX-APIKEY", ("X", "MBX", "APIKEY")),
        ("order\u202eid", ("order", "id")),
        ("24hr", ("24hr",)),
        ("ﬁll", ("fill",)),
        ("*/", ()),
    ],
)
def test_words(name: str, expected: tuple[str, ...]) -> None:
    assert words(name) == expected


def test_casings_agree_on_the_words() -> None:
    for name in ("placeOrder", "place_order", "PlaceOrder", "place-order"):
        assert (pascal(name), camel(name), snake(name), constant(name)) == (
            "PlaceOrder",
            "placeOrder",
            "place_order",
            "PLACE_ORDER",
        )


def test_a_collision_takes_the_next_choice_and_then_a_digest() -> None:
    names = assign([("a", ["X", "XSchema"]), ("b", ["X", "XSchema"]), ("c", ["X", "XSchema"])])
    assert names["a"] == "X"
    assert names["b"] == "XSchema"
    assert names["c"].startswith("XSchemaX")
    again = assign([("a", ["X"]), ("c", ["X", "XSchema"])], taken=["XSchema"])
    assert again["c"] == names["c"]


def contract(schemas: dict[str, Schema], operations: tuple[Operation, ...] = ()) -> Contract:
    return Contract(
        title="t",
        version="1",
        description=None,
        documents=(),
        operations=operations,
        schemas={
            name: NamedSchema(name=name, schema=schema, origin=ORIGIN)
            for name, schema in schemas.items()
        },
    )


def test_inline_schemas_are_named_by_their_place() -> None:
    level = record(("price", text()))
    book = record(("bids", ArraySchema(notes=notes(), items=level)))
    answer = record(("code", text()))
    operation = Operation(
        name="getBook",
        action=Action.REQUEST,
        origin=ORIGIN,
        binding=HttpBinding(
            method="GET",
            path="/book",
            responses=(
                Response(
                    status="200",
                    description="",
                    origin=ORIGIN,
                    contents=(
                        Content(media_type="application/json", schema=answer, origin=ORIGIN),
                    ),
                ),
            ),
        ),
    )
    names = name_schemas(contract({"book": book}, (operation,)))
    assert names.named == {"book": "Book"}
    assert names.of(level) == "BookBidsItem"
    assert names.of(answer) == "GetBookResponse"
    assert names.of(book) is None


def test_union_variants_are_named_by_title_or_tag() -> None:
    fill = record(("type", ConstSchema(notes=notes(), value="fill")))
    other = record(("size", text()))
    union = UnionSchema(notes=notes(), kind="one_of", variants=(fill, other))
    names = name_schemas(contract({"Event": union}))
    assert (names.of(fill), names.of(other)) == ("EventFill", "EventSecondObject")


def test_schemas_that_differ_in_case_keep_the_exact_one() -> None:
    names = name_schemas(contract({"order": record(), "Order": record()}), taken=["Client"])
    assert names.named == {"order": "OrderSchema", "Order": "Order"}


def test_a_deep_place_is_cut_and_stays_unique() -> None:
    schema: Schema = record(("leaf", text()))
    deepest = schema
    for step in range(100):
        schema = record((f"level{step}", schema))
    names = name_schemas(contract({"Deep": schema}))
    found = list(names.inline.values())
    assert len(set(found)) == 100
    assert max(map(len, found)) <= LONGEST + 10
    assert names.of(deepest) is not None


def test_a_name_that_begins_with_a_digit_says_what_it_names() -> None:
    names = name_schemas(contract({"24hr": record(), "*": record()}))
    assert names.named["24hr"] == "Schema24hr"
    assert names.named["*"].isidentifier()
