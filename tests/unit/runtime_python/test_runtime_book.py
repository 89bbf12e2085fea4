"""A book rebuilt from snapshots and deltas: exact, sorted, and equal to a slow model of itself."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from venuekit_runtime.models import Model
from venuekit_runtime.operation import BookRule
from venuekit_runtime.stream.book import Book, BookSide


class Sides(Model):
    """What a message brings of both sides."""

    bids: list[tuple[Decimal, Decimal]]
    asks: list[tuple[Decimal, Decimal]]


CHANGES = st.lists(st.tuples(st.integers(1, 20), st.integers(0, 3)), max_size=60)


@given(CHANGES)
def test_a_side_equals_a_plain_map_that_is_sorted(changes: list[tuple[int, int]]) -> None:
    bids, asks = BookSide(is_bid=True), BookSide(is_bid=False)
    model: dict[Decimal, Decimal] = {}
    for price, quantity in changes:
        for side in (bids, asks):
            side.change(Decimal(price), Decimal(quantity))
        model[Decimal(price)] = Decimal(quantity)
        kept = sorted((p, q) for p, q in model.items() if q)
        assert [(level.price, level.quantity) for level in asks.levels()] == kept
        assert [(level.price, level.quantity) for level in bids.levels()] == kept[::-1]
        assert bids.levels(2) == bids.levels()[:2]
        assert asks.best() == (asks.levels()[0] if kept else None)


def test_a_book_follows_snapshots_and_deltas_exactly() -> None:
    book = Book(BookRule("bids", "asks", 0, 1))
    book.apply_snapshot(
        Sides(
            bids=[
                (Decimal("10.0"), Decimal(1)),
                (Decimal(9), Decimal(2)),
                (Decimal(8), Decimal(0)),
            ],
            asks=[(Decimal(11), Decimal(1))],
        )
    )
    book.apply_delta(
        Sides(
            bids=[
                (Decimal(10), Decimal(0)),
                (Decimal("9.5"), Decimal(3)),
                (Decimal(7), Decimal(0)),
            ],
            asks=[(Decimal("10.5"), Decimal(4)), (Decimal(11), Decimal(5))],
        )
    )
    assert [(str(x.price), str(x.quantity)) for x in book.bids.levels()] == [
        ("9.5", "3"),
        ("9", "2"),
    ]
    assert [str(x.price) for x in book.asks.levels(1)] == ["10.5"]
    best = book.asks.best()
    assert best is not None
    assert best.quantity == 4
    assert (len(book.bids), len(book.asks)) == (2, 2)
    assert book.bids.levels(0) == []
