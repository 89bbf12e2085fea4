"""Pages: which comes next, when it ends, and that nothing goes round for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec import UNSET, json

from venuekit_runtime import errors
from venuekit_runtime.async_client import BaseAsyncClient
from venuekit_runtime.client import BaseClient
from venuekit_runtime.http.transport import WireResponse
from venuekit_runtime.models import Model
from venuekit_runtime.operation import HttpOperation, PageRule, Parameter, Response, TypeRef
from venuekit_runtime.pages import page_step
from venuekit_runtime.signing import WireRequest


class Inner(Model):
    """What stands in the envelope."""

    items: list[int] | None = None
    next_cursor: str | None = None
    has_more: bool | None = None
    pages: int | None = None


class Answer(Model):
    """The envelope."""

    data: Inner


CURSOR = PageRule("cursor", ("data", "items"), next=("data", "next_cursor"))
MORE = PageRule("page", ("data", "items"), has_more=("data", "has_more"), first=0)
TOTAL = PageRule("page", ("data", "items"), total_pages=("data", "pages"))


def step(rule: PageRule, arguments: Mapping[str, Any], **inner: Any) -> Mapping[str, Any] | None:
    return page_step(rule, arguments, Answer(data=Inner(**inner))).arguments


def test_a_cursor_is_followed_until_there_is_none() -> None:
    assert step(CURSOR, {"symbol": "X"}, items=[1], next_cursor="b") == {
        "symbol": "X",
        "cursor": "b",
    }
    assert step(CURSOR, {"cursor": "a"}, items=[], next_cursor="b") == {"cursor": "b"}
    assert step(CURSOR, {"cursor": "b"}, items=[1], next_cursor=None) is None
    assert step(CURSOR, {"cursor": "b"}, items=[1], next_cursor="") is None
    with pytest.raises(errors.ProtocolError, match="same cursor again"):
        step(CURSOR, {"cursor": "b"}, items=[1], next_cursor="b")


@pytest.mark.parametrize("asked", [None, UNSET])
def test_pages_are_counted_from_the_first(asked: Any) -> None:
    assert step(MORE, {"page": asked}, items=[1], has_more=True) == {"page": 1}
    assert step(MORE, {"page": 1}, items=[1], has_more=False) is None
    assert step(MORE, {"page": 1}, items=[], has_more=True) is None
    assert step(MORE, {"page": 1}, items=[1]) is None
    assert step(TOTAL, {"page": asked}, items=[1], pages=2) == {"page": 2}
    assert step(TOTAL, {"page": 2}, items=[1], pages=2) is None
    assert step(TOTAL, {}, items=[1]) is None


def test_an_answer_without_a_list_is_said_and_one_without_items_is_empty() -> None:
    assert page_step(CURSOR, {}, Answer(data=Inner())).items == ()
    with pytest.raises(errors.ProtocolError, match="no list"):
        page_step(PageRule("cursor", ("data",), next=("data",)), {}, Answer(data=Inner()))


LIST: HttpOperation[Answer] = HttpOperation(
    name="listOrders",
    method="GET",
    path="/orders",
    effect="read",
    parameters=(Parameter("cursor", "cursor", "query"),),
    responses=(Response("200", "application/json", TypeRef(__name__, "Answer")),),
    pages=CURSOR,
)


class Venue:
    """Answers with three items to a page, and counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def answer(self, request: WireRequest) -> WireResponse:
        start = int(parse_qs(urlsplit(request.target).query).get("cursor", ["0"])[0])
        self.asked.append(request.target)
        following = str(start + 3) if start < 6 else None
        inner = Inner(items=list(range(start, start + 3)), next_cursor=following)
        return WireResponse(200, (), json.encode(Answer(data=inner)))


class Sync(Venue):
    """For threads."""

    def send(self, request: WireRequest, timeout_s: float) -> WireResponse:
        return self.answer(request)

    def close(self) -> None:
        """Nothing is open."""


class Async(Venue):
    """For tasks."""

    async def send(self, request: WireRequest, timeout_s: float) -> WireResponse:
        return self.answer(request)

    async def aclose(self) -> None:
        """Nothing is open."""


def walk_sync(most: int | None, **arguments: Any) -> tuple[list[int], int]:
    venue = Sync()
    with BaseClient("http://h", transport=venue) as client:
        return list(client._iterate(LIST, arguments, most)), len(venue.asked)


def walk_async(most: int | None, **arguments: Any) -> tuple[list[int], int]:
    async def run() -> tuple[list[int], int]:
        venue = Async()
        async with BaseAsyncClient("http://h", transport=venue) as client:
            return [one async for one in client._iterate(LIST, arguments, most)], len(venue.asked)

    return asyncio.run(run())


@pytest.mark.parametrize("walk", [walk_sync, walk_async])
def test_a_walk_asks_for_no_more_than_it_needs(walk: Any) -> None:
    assert walk(None) == (list(range(9)), 3)
    assert walk(None, cursor="6") == ([6, 7, 8], 1)
    assert walk(4) == ([0, 1, 2, 3], 2)
    assert walk(3) == ([0, 1, 2], 1)
    assert walk(0) == ([], 0)


def test_a_walk_that_is_left_asks_no_more() -> None:
    venue = Sync()
    with BaseClient("http://h", transport=venue) as client:
        walk = client._iterate(LIST, {}, None)
        assert venue.asked == []
        assert next(walk) == 0
        walk.close()
    assert len(venue.asked) == 1


def test_an_operation_without_pages_is_refused() -> None:
    plain: HttpOperation[Any] = HttpOperation(name="get", method="GET", path="/", effect="read")
    with BaseClient("http://h") as client, pytest.raises(errors.ConfigurationError):
        next(client._iterate(plain, {}, None))
