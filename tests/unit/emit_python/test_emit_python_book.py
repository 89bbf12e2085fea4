"""The book: the back end draws every shape once, and its text is what the shape says."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venuekit.emit.python.back_end import BackEnd, ModelError, Schemas
from venuekit.emit.python.book import Book, Members, Part, draft
from venuekit.emit.python.types import Constant, ListOf, MapOf, Named, OneOf, Plain, Shape, hint

LEAVES = st.one_of(
    st.sampled_from([Plain("Any"), Plain("bool"), Plain("int"), Plain("str"), Plain("Decimal")]),
    st.sampled_from([Named("Order"), Named("Side"), Named("VenuekitPlace0")]),
    st.one_of(st.text(max_size=6), st.integers()).map(Constant),
)
SHAPES: st.SearchStrategy[Shape] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(ListOf),
        inner.map(MapOf),
        st.tuples(inner.map(ListOf), st.just(Named("Order")), st.just(Plain("None"))).map(OneOf),
    ),
    max_leaves=4,
)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(SHAPES, st.booleans()), min_size=1, max_size=30))
def test_every_part_has_the_text_of_its_shape(rows: list[tuple[Shape, bool]]) -> None:
    parts = [Part(shape, is_required) for shape, is_required in rows]
    book = draft(parts, [], BackEnd()).book()
    for part in parts:
        wanted = hint(part.shape) + ("" if part.is_required else " | UnsetType")
        assert _members(book.text(part)) == _members(wanted)


def _members(text: str) -> set[str]:
    found = set()
    stack: list[ast.expr] = [ast.parse(text, mode="eval").body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.BinOp):
            stack += [node.left, node.right]
        else:
            found.add(ast.unparse(node))
    return found


MEMBERS = Members((("BUY", "buy"), ("SELL", "sell")))


class Saying(BackEnd):
    """A back end that draws something else than it is given."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def text(self) -> str:
        return self._text


def test_nothing_to_draw_is_an_empty_book() -> None:
    assert draft([], [], BackEnd()).book() == Book({})


def test_an_enum_that_is_drawn_differently_fails() -> None:
    draft([], [MEMBERS], BackEnd()).book()
    wrong = Saying("class VenuekitEnum0:\n    BUY = 'b'\n")
    with pytest.raises(ModelError, match="an enum was drawn"):
        draft([], [MEMBERS], wrong).book()


def test_a_type_that_is_drawn_wider_fails() -> None:
    wrong = Saying("class VenuekitBook:\n    f0: Any\n")
    with pytest.raises(ModelError, match="drawn as 'Any', expected 'int'"):
        draft([Part(Plain("int"), is_required=True)], [], wrong).book()


SCHEMAS: Schemas = {
    "Side": {"type": "string", "enum": ["buy", "sell"]},
    "Order": {"type": "object", "properties": {"side": {"$ref": "#/components/schemas/Side"}}},
}


def test_a_process_beside_this_one_draws_the_same() -> None:
    with BackEnd() as here, BackEnd(is_beside=True) as beside:
        for one in (here, beside):
            one.give(SCHEMAS)
        assert beside.text() == here.text()


def test_a_process_that_fails_is_an_error_with_its_last_words() -> None:
    with BackEnd(is_beside=True) as beside:
        beside.give({"Order": {"type": 17}})  # type: ignore[dict-item]
        with pytest.raises(ModelError, match=r"the back end failed: .*pydantic"):
            beside.text()


def test_a_process_that_nobody_asks_is_ended() -> None:
    with BackEnd(is_beside=True) as beside:
        process = beside.process
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None
