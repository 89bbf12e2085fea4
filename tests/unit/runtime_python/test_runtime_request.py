"""A request's exact bytes: built once, signed, refused when they would smuggle."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.errors import ConfigurationError, SigningError
from venuekit_runtime.http.message import encode_request
from venuekit_runtime.operation import Body, BodyField, HttpOperation, Parameter
from venuekit_runtime.request import RequestPlan
from venuekit_runtime.signing import RequestDraft, WireRequest, api_key, basic, bearer

BASE = parse_base_url("https://api.venue.example/v1")

PLACE: HttpOperation[Any] = HttpOperation(
    name="placeOrder",
    method="POST",
    path="/orders",
    effect="create",
    body=Body(
        "application/json",
        fields=(
            BodyField("client_order_id", "clientOrderId", required=True),
            BodyField("quantity", "quantity", required=True, wire="decimal"),
            BodyField("price", "price", nullable=True, wire="decimal"),
            BodyField("size", "size", wire="decimal_number"),
            BodyField("post_only", "postOnly"),
        ),
    ),
)
GET: HttpOperation[Any] = HttpOperation(
    name="getBook",
    method="GET",
    path="/instruments/{symbol}/book",
    effect="read",
    parameters=(
        Parameter("symbol", "symbol", "path", required=True, style="simple"),
        Parameter("depth", "depth", "query"),
        Parameter("ids", "ids", "query"),
        Parameter("trace", "X-Trace", "header", style="simple"),
    ),
)


def build(operation: HttpOperation[Any], **arguments: object) -> RequestDraft:
    return RequestPlan(operation, BASE, "test/1").build(arguments)


def test_a_body_is_written_in_the_contracts_order_with_exact_numbers() -> None:
    draft = build(
        PLACE,
        size=Decimal("1E-3"),
        quantity=Decimal("1E+2"),
        client_order_id="a-1",
        price=None,
        post_only=True,
    )
    expected = b'{"clientOrderId":"a-1","quantity":"100","price":null,"size":0.001,"postOnly":true}'
    assert draft.body == expected
    assert ("content-type", "application/json") in draft.headers


def test_what_is_not_given_is_not_sent() -> None:
    draft = build(PLACE, client_order_id="a-1", quantity=Decimal(1), post_only=None)
    assert draft.body == b'{"clientOrderId":"a-1","quantity":"1"}'


def test_path_query_and_headers_are_filled() -> None:
    draft = build(GET, symbol="BTC/USD", depth=10, ids=["a&b", "c"], trace="t")
    assert draft.target == "/v1/instruments/BTC%2FUSD/book?depth=10&ids=a%26b&ids=c"
    assert ("X-Trace", "t") in draft.headers
    assert draft.body == b""


@pytest.mark.parametrize("symbol", ["", ".", ".."])
def test_a_value_that_would_change_the_path_is_refused(symbol: str) -> None:
    with pytest.raises(ValueError, match="symbol must not be"):
        build(GET, symbol=symbol)


def test_a_missing_argument_is_named() -> None:
    with pytest.raises(TypeError, match="client_order_id is required"):
        build(PLACE, quantity=Decimal(1))
    with pytest.raises(TypeError, match="symbol is required"):
        build(GET)


def test_a_float_price_is_refused() -> None:
    with pytest.raises(TypeError, match="quantity must be a Decimal"):
        build(PLACE, client_order_id="a", quantity=0.1)


def test_the_wire_bytes_are_exactly_these() -> None:
    draft = build(PLACE, client_order_id="a-1", quantity=Decimal("0.5"))
    assert encode_request(draft.finish()) == (
        b"POST /v1/orders HTTP/1.1\r\nhost: api.venue.example\r\nuser-agent: test/1\r\n"
        b"accept: application/json\r\naccept-encoding: identity\r\n"
        b"content-type: application/json\r\ncontent-length: 40\r\n\r\n"
        b'{"clientOrderId":"a-1","quantity":"0.5"}'
    )


@pytest.mark.parametrize("text", ["a\r\nx: 1", "a\n", "a\r", "a\0"])
def test_a_header_cannot_break_out_of_its_line(text: str) -> None:
    request = WireRequest("GET", "/", (("host", "h"), ("x", text)), b"")
    with pytest.raises(SigningError, match="line break or NUL"):
        encode_request(request)


def test_a_form_body_is_percent_encoded() -> None:
    operation: HttpOperation[Any] = HttpOperation(
        name="login",
        method="POST",
        path="/login",
        effect="create",
        body=Body(
            "application/x-www-form-urlencoded",
            fields=(
                BodyField("user", "user"),
                BodyField("tags", "tags"),
                BodyField("price", "price", wire="decimal_number"),
            ),
        ),
    )
    draft = build(operation, user="a b&c", tags=["x", "y+"], price=Decimal("1E+2"))
    assert draft.body == b"user=a%20b%26c&tags=x&tags=y%2B&price=100"


def test_signers_place_secrets_and_hide_them() -> None:
    draft = build(GET, symbol="BTC", depth=1)
    for credentials in (
        api_key("k", "query", "api key", "s/1"),
        api_key("h", "header", "X-Key", "s2"),
        bearer("b", "token"),
        basic("u", "user", "pass"),
    ):
        assert "s/1" not in repr(credentials)
        credentials.signer(None).sign(draft)  # type: ignore[arg-type]
    assert draft.query == "depth=1&api%20key=s%2F1"
    assert ("X-Key", "s2") in draft.headers
    assert ("authorization", "Bearer token") in draft.headers
    assert ("authorization", "Basic dXNlcjpwYXNz") in draft.headers


def test_a_secret_with_a_line_break_is_refused_without_being_shown() -> None:
    with pytest.raises(SigningError) as caught:
        bearer("b", "tok\nen")
    assert "tok" not in str(caught.value)


def test_a_draft_takes_members_into_json_and_form_bodies() -> None:
    draft = RequestDraft("POST", "h", "/", members={"a": "1"}, body=b'{"a":"1"}')
    draft.add_field("auth.key", "k")
    assert draft.body == b'{"a":"1","auth":{"key":"k"}}'
    draft.add_field("top", "t")
    draft.add_field("args.0.key", "k")
    draft.add_field("args.0.sign", "s")
    draft.add_field("list.0", "first")
    assert json.loads(draft.body) == {
        "a": "1",
        "auth": {"key": "k"},
        "top": "t",
        "args": [{"key": "k", "sign": "s"}],
        "list": ["first"],
    }
    form = RequestDraft("POST", "h", "/", body=b"a=1")
    form.add_form("s g", "x=")
    assert form.body == b"a=1&s%20g=x%3D"
    with pytest.raises(SigningError, match="JSON object"):
        RequestDraft("GET", "h", "/").add_field("a", "1")


@pytest.mark.parametrize(
    ("text", "authority", "path"),
    [
        ("http://127.0.0.1:8700", "127.0.0.1:8700", ""),
        ("https://API.Venue.example:443/v1/", "api.venue.example", "/v1"),
        ("http://[::1]:80", "[::1]", ""),
        ("wss://h:8443", "h:8443", ""),
    ],
)
def test_base_urls_give_the_host_header_as_it_is_sent(text: str, authority: str, path: str) -> None:
    base = parse_base_url(text)
    assert (base.authority, base.path) == (authority, path)


@pytest.mark.parametrize(
    "text", ["", "ftp://h", "http://u:p@h", "http://h?x=1", "http://h#f", "http://h:99999", "h"]
)
def test_a_base_url_that_cannot_work_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse_base_url(text)


def test_a_member_that_is_written_like_another_parameter_is_refused() -> None:
    maps: HttpOperation[Any] = HttpOperation(
        name="find",
        method="GET",
        path="/things",
        effect="read",
        parameters=(
            Parameter("labels", "labels", "query"),
            Parameter("sizes", "sizes", "query"),
            Parameter("limit", "limit", "query"),
            Parameter("deep", "filter", "query", style="deepObject"),
            Parameter("state", "filter[state]", "query"),
        ),
    )
    sent = build(maps, labels={"a b": "1"}, sizes={"b": 2}, deep={"x": 1}, state="new", limit=9)
    assert sent.target.partition("?")[2] == (
        "a%20b=1&b=2&limit=9&filter%5Bx%5D=1&filter%5Bstate%5D=new"
    )
    with pytest.raises(ValueError, match=r"a member of sizes is written as b, .* of labels"):
        build(maps, labels={"a": "1", "b": "2"}, sizes={"b": 2})
    # A server would read it as the limit, given or not.
    with pytest.raises(ValueError, match=r"a member of labels is written as limit, .* of limit"):
        build(maps, labels={"limit": "1"})
    with pytest.raises(ValueError, match=r"a member of deep is written as filter%5Bstate%5D"):
        build(maps, deep={"state": "new"})
