"""What clients may send, by the contract's names of schemas."""

from __future__ import annotations

from decimal import Decimal

from venuekit_runtime.server.shapes import Member, Members, Named, Number, Shape, Values

SHAPES: dict[str, Shape] = {
    "Order": Members(
        members=(
            Member("price", Number(is_text=True, above=Decimal("0"), scale=2), is_required=True),
            Member("side", Values(("buy", "sell")), is_required=True),
            Member(
                "count",
                Number(is_whole=True, low=Decimal("-2147483648"), high=Decimal("2147483647")),
            ),
            Member("parent", Named("Order")),
        ),
        others=None,
    ),
}
