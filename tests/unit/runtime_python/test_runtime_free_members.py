"""Members of a request over a socket that the contract admits and does not declare."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from venuekit_runtime.operation import BodyField, Frame, StreamOperation
from venuekit_runtime.stream.frames import RequestFrame, encode

PLACE: StreamOperation[Any] = StreamOperation(
    name="place",
    effect="create",
    frame=Frame(((("op",), "place"), (("params", "kind"), "fast")), ("id",), ("params",)),
    fields=(BodyField("symbol", "symbol"), BodyField("extra", "extra")),
    free=BodyField("extra_free", "extra", wire="decimal"),
)


def text(**given: Any) -> str:
    return encode(RequestFrame(PLACE).members(given, "7")).decode()


def test_free_members_stand_beside_the_declared_ones() -> None:
    free = {"__proto__": Decimal("1.50"), "op": "2", "constructor": "3"}
    inside = '"kind":"fast","symbol":"A","extra":"x","__proto__":"1.50","op":"2","constructor":"3"'
    found = text(symbol="A", extra="x", extra_free=free)
    assert found == f'{{"op":"place","params":{{{inside}}},"id":"7"}}'
    assert text(extra_free={}) == '{"op":"place","params":{"kind":"fast"},"id":"7"}'


@pytest.mark.parametrize(
    ("name", "said"), [("symbol", "give it as symbol"), ("kind", "by the SDK")]
)
def test_a_free_member_never_replaces_a_declared_one(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        text(extra_free={name: "1"})
