"""The book: the back end draws every shape once, and its text is what the shape says."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venuekit.emit.model_back_end import BackEnd, ModelError, Schemas, beside
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


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process that gets ready, as where nothing has loaded the library yet."""
    with ExitStack() as stack:
        with monkeypatch.context() as patch:
            patch.delitem(sys.modules, "datamodel_code_generator", raising=False)
            patch.setattr(os, "cpu_count", lambda: 2)
            started = stack.enter_context(beside())
        assert started is not None
        yield started
    assert started.poll() is not None


def test_a_process_beside_this_one_draws_the_same(process: subprocess.Popen[bytes]) -> None:
    there, here = BackEnd(), BackEnd()
    for one in (there, here):
        one.give(SCHEMAS)
    assert there.text() == here.text()
    assert process.returncode == 0


def test_a_process_that_fails_is_an_error_with_its_last_words(
    process: subprocess.Popen[bytes],
) -> None:
    there = BackEnd()
    there.give({"Order": {"type": 17}})  # type: ignore[dict-item]
    with pytest.raises(ModelError, match=r"the back end failed: .*pydantic"):
        there.text()
    assert process.returncode != 0


def test_a_process_that_nobody_asks_is_ended(process: subprocess.Popen[bytes]) -> None:
    assert process.poll() is None  # The fixture sees it ended.


def test_where_the_library_is_loaded_there_is_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datamodel_code_generator", sys)
    with beside() as started:
        assert started is None
