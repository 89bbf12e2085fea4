"""What reaches a handler over REST: typed values, and nothing that the contract does not allow."""

from __future__ import annotations

import json
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from asking import Asker, Emit

from venuekit_runtime.bodies import File
from venuekit_runtime.server.handling import BindingError, Context, OpenDoor
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.requests import Request

DOCUMENT = r"""
openapi: 3.1.0
info: {title: Shop, version: "1"}
servers: [{url: https://shop.example/api}]
x-errors:
  NO_MONEY: {http_status: 422, cause: No money., action: Pay in., retry: never}
paths:
  /orders:
    post:
      operationId: placeOrder
      x-errors: [NO_MONEY]
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/Order"}}
          application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Order"}}
      responses:
        "200": {description: known, content: {application/json: {schema: {type: string}}}}
        "201":
          description: made
          headers: {X-Count: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
  /orders/{id}:
    get:
      operationId: findOrder
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, format: int64}}
        - {name: tags, in: query, style: pipeDelimited, explode: false,
           schema: {type: array, items: {type: string}}}
        - {name: filter, in: query, style: deepObject,
           schema: {type: object, properties: {low: {type: number}}, additionalProperties: false}}
        - {name: depth, in: query, schema: {type: integer, minimum: 1, maximum: 9, default: 3}}
        - {name: X-Trace, in: header, schema: {type: string, maxLength: 4}}
        - {name: theme, in: cookie, schema: {type: string, enum: [dark, light]}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: string}}}}
  /files:
    post:
      operationId: sendFile
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [upload]
              properties:
                upload: {type: string, format: binary}
                note: {type: string}
      responses: {"204": {description: taken}}
  /private:
    get:
      operationId: readPrivate
      security: [{token: []}]
      responses: {"204": {description: yes}}
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
  schemas:
    Order:
      type: object
      required: [price, side]
      additionalProperties: false
      properties:
        price: {type: string, format: decimal, pattern: "^[0-9]+\\.[0-9]{2}$"}
        side: {type: string, enum: [buy, sell]}
        count: {type: integer, format: int64, default: 1}
        ratio: {type: number, exclusiveMinimum: 0, multipleOf: 0.25}
        legs:
          {type: array, maxItems: 2, uniqueItems: true, items: {$ref: "#/components/schemas/Order"}}
"""
JSON = "application/json"
GOOD = {"price": "1.50", "side": "buy"}


class Shop:
    """Handlers that keep what they were given."""

    def __init__(self, package: ModuleType) -> None:
        self.package = package
        self.given: dict[str, Any] = {}
        self.calls = 0

    async def place_order(self, context: Context, **given: Any) -> Any:
        self.given, self.calls = given, self.calls + 1
        if given["side"] == "sell":
            raise self.package.errors.NoMoneyError("nothing there", {"balance": "0"})
        order = self.package.models.Order(price=given["price"], side=given["side"])
        return self.package.answers.Created(order, headers={"X-Count": "1\r\nX-Evil: yes"})

    async def find_order(self, context: Context, **given: Any) -> Any:
        self.given, self.calls = given, self.calls + 1
        return "found"

    async def send_file(self, context: Context, **given: Any) -> None:
        self.given, self.calls = given, self.calls + 1

    async def read_private(self, context: Context) -> None:
        self.given, self.calls = {"caller": context.caller}, self.calls + 1


class Token:
    """A guard that knows one token and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def admit(self, request: Request, needs: Any) -> object:
        self.asked += 1
        if request.header(b"authorization") != b"Bearer good":
            raise RefusalError("UNAUTHENTICATED", "no token")
        return "alice"

    async def admit_message(self, context: Any, needs: Any) -> object:
        raise AssertionError("this contract has no socket")


@pytest.fixture(scope="module")
def package(emitted: Emit) -> ModuleType:
    return emitted(DOCUMENT, "shop_server")


@pytest.fixture
def shop(package: ModuleType) -> Shop:
    return Shop(package)


@pytest.fixture
def ask(package: ModuleType, shop: Shop) -> Asker:
    return Asker(package.application(shop, Token()))


def refused(found: Any) -> tuple[int, str, str]:
    body = json.loads(found.body)
    return found.status, body["code"], body["message"]


def test_a_body_becomes_typed_arguments_with_defaults(ask: Asker, shop: Shop) -> None:
    found = ask.json("POST", "/api/orders", {**GOOD, "legs": [GOOD]})
    assert found.status == 201
    assert json.loads(found.body) == GOOD
    assert shop.given["price"] == Decimal("1.50")
    assert shop.given["side"] is shop.package.models.OrderSide.BUY
    assert shop.given["count"] == 1
    assert shop.given["legs"][0].price == Decimal("1.50")
    assert "ratio" not in shop.given


def test_a_header_of_a_handler_cannot_end_its_line(ask: Asker) -> None:
    assert ask.json("POST", "/orders", GOOD).headers == b"X-Count: 1X-Evil: yes\r\n"


def test_the_same_body_may_come_as_a_form(ask: Asker, shop: Shop) -> None:
    form = b"price=1.50&side=buy&ratio=0.75"
    assert ask("POST", "/orders", form, "application/x-www-form-urlencoded").status == 201
    assert shop.given["ratio"] == Decimal("0.75")


def test_an_error_of_the_table_has_its_status_and_facts(ask: Asker) -> None:
    found = ask.json("POST", "/orders", {**GOOD, "side": "sell"})
    assert found.status == 422
    assert json.loads(found.body)["details"] == {"balance": "0"}


def test_parameters_of_every_place_and_style(ask: Asker, shop: Shop) -> None:
    target = "/orders/9223372036854775807?tags=a%7Cb&filter%5Blow%5D=0.10&depth=9"
    found = ask("GET", target, x_trace="abcd", cookie="theme=dark; other=1")
    assert (found.status, found.body) == (200, b'"found"')
    assert shop.given == {
        "id": 9223372036854775807,
        "tags": ["a", "b"],
        "filter": shop.package.models.FindOrderFilter(low=Decimal("0.10")),
        "depth": 9,
        "x_trace": "abcd",
        "theme": "dark",
    }


def test_a_default_is_filled_in(ask: Asker, shop: Shop) -> None:
    assert ask("GET", "/orders/1").status == 200
    assert shop.given == {"id": 1, "depth": 3}


def test_a_file_arrives_as_it_was_sent(ask: Asker, shop: Shop) -> None:
    data = bytes(range(256)) + b"\r\n--not-the-boundary\r\n"
    body = (
        b'--b\r\ncontent-disposition: form-data; name="upload"; filename="a%22b"\r\n'
        b"content-type: image/png\r\n\r\n" + data + b"\r\n"
        b'--b\r\ncontent-disposition: form-data; name="note"\r\n\r\n\xc3\xa9\r\n--b--\r\n'
    )
    found = ask("POST", "/files", body, "multipart/form-data; boundary=b")
    assert found.status == 204
    assert shop.given == {"upload": File(data, 'a"b', "image/png"), "note": "é"}


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (b'{"price":"1.50","price":"9.99","side":"buy"}', "MALFORMED", "names a member twice"),
        (b'{"price":"1.50","pric\\u0065":"9.99","side":"buy"}', "MALFORMED", "member twice"),
        (b'{"price":"1.50","side":"buy","ratio":NaN}', "MALFORMED", "one JSON value"),
        (b'{"price":"1.50","side":"buy","ratio":Infinity}', "MALFORMED", "one JSON value"),
        (b'{"price":"1.50","side":"buy","ratio":1e999999999}', "VALIDATION", "1000 digits"),
        (b'{"price":"1.50","side":"buy","ratio":1e99999999999999999999}', "MALFORMED", "JSON"),
        (b'{"price":"1.50","side":"buy","ratio":0.1}', "VALIDATION", "body.ratio: expected a mult"),
        (b'{"price":"1.50","side":"buy","ratio":0}', "VALIDATION", "body.ratio: expected more"),
        (b'{"price":1.50,"side":"buy"}', "VALIDATION", "body.price: expected a number as plain"),
        (b'{"price":"1.5","side":"buy"}', "VALIDATION", "body.price: expected text like"),
        (b'{"price":"1.50\\n","side":"buy"}', "VALIDATION", "body.price"),
        ('{"price":"١.50","side":"buy"}'.encode(), "VALIDATION", "body.price"),
        (b'{"price":"1.50","side":"bid"}', "VALIDATION", "body.side: expected 'buy', 'sell'"),
        (b'{"price":"1.50"}', "VALIDATION", "body: lacks side"),
        (b'{"price":"1.50","side":"buy","colour":1}', "VALIDATION", "knows no member 'colour'"),
        (b'{"price":"1.50","side":"buy","count":9223372036854775808}', "VALIDATION", "at most"),
        (b'{"price":"1.50","side":"buy","count":true}', "VALIDATION", "found true"),
        (b'{"price":"1.50","side":"buy","count":1.5}', "VALIDATION", "a whole number"),
        (b'{"price":"1.50","side":"buy","count":' + b"9" * 5000 + b"}", "", ""),
        (b'{"price":"1.50","side":"buy","legs":' + b"[" * 200 + b"]" * 200 + b"}", "", "deeper"),
        (b"[" * 100_000, "MALFORMED", "deeper than 128"),
        (b'{"price":"1.50","side":"buy","legs":[{"price":"1","side":"buy"}]}', "", "legs.0.price"),
        (b'{"price":"1.50","side":"buy"}{}', "MALFORMED", "one JSON value"),
        (b'\xef\xbb\xbf{"price":"1.50","side":"buy"}', "MALFORMED", "one JSON value"),
        (b'{"price":"1.50","side":"\xff"}', "MALFORMED", "UTF-8"),
        (b"null", "VALIDATION", "body: expected an object, found null"),
        (b"", "MALFORMED", "one JSON value"),
    ],
)
def test_a_body_that_does_not_fit_never_reaches_the_handler(
    ask: Asker, shop: Shop, body: bytes, code: str, words: str
) -> None:
    status, found, message = refused(ask("POST", "/orders", body, JSON))
    assert status == 400
    assert found.startswith(code)
    assert words in message or not words
    assert message.isascii()
    assert shop.calls == 0


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("/orders/x", "id: expected a whole number"),
        ("/orders/1.0e1", "id: expected"),
        ("/orders/9223372036854775808", "id: expected at most"),
        ("/orders/1?depth=0", "depth: expected at least 1"),
        ("/orders/1?depth=1&depth=2", "depth stands twice"),
        ("/orders/1?depht=1", "no query parameter 'depht' is known here"),
        ("/orders/1?depth=%zz", "a % that is no escape"),
        ("/orders/1?tags=%ff", "escapes that are not UTF-8"),
        ("/orders/1?tags=%00", "an escaped NUL"),
        ("/orders/1?filter%5Blow%5D=1&filter%5Blow%5D=2", "filter names low twice"),
        ("/orders/1?filter%5Bhigh%5D=1", "knows no member 'high'"),
    ],
)
def test_a_target_that_does_not_fit_never_reaches_the_handler(
    ask: Asker, shop: Shop, target: str, words: str
) -> None:
    status, _, message = refused(ask("GET", target))
    assert status == 400
    assert words in message
    assert shop.calls == 0


def test_other_places_are_judged_too(ask: Asker) -> None:
    assert "X-Trace" in refused(ask("GET", "/orders/1", x_trace="abcde"))[2]
    assert "theme" in refused(ask("GET", "/orders/1", cookie="theme=blue"))[2]


def test_what_is_not_there_says_what_is(ask: Asker) -> None:
    assert refused(ask("GET", "/nothing"))[0] == 404
    found = ask("DELETE", "/orders")
    assert found.status == 405
    assert b"Allow: POST" in found.headers
    assert refused(ask("POST", "/orders", b"<a/>", "text/xml"))[:2] == (
        415,
        "UNSUPPORTED_MEDIA_TYPE",
    )
    assert refused(ask("POST", "/orders", b"{}", "application/json; charset=utf-16"))[0] == 415
    assert refused(ask("POST", "/orders", b"x", JSON, content_encoding="gzip"))[0] == 400


def test_the_guard_comes_before_the_body(package: ModuleType, shop: Shop) -> None:
    ask = Asker(package.application(shop, Token()))
    assert refused(ask("GET", "/private?%zz=1", b"{", JSON))[:2] == (401, "UNAUTHENTICATED")
    assert ask("GET", "/private", authorization="Bearer good").status == 204
    assert shop.given == {"caller": "alice"}


def test_nobody_is_let_in_by_accident(package: ModuleType, shop: Shop) -> None:
    with pytest.raises(BindingError, match="readPrivate and 0 more demand credentials"):
        package.application(shop)
    assert Asker(package.application(shop, OpenDoor()))("GET", "/private").status == 204


def test_a_handler_that_is_missing_stops_the_start(package: ModuleType) -> None:
    with pytest.raises(BindingError, match="`async def place_order`"):
        package.application(object(), OpenDoor())


def test_an_answer_that_the_contract_has_not_is_a_failure(
    package: ModuleType, shop: Shop, ask: Asker, caplog: pytest.LogCaptureFixture
) -> None:
    async def wrong(context: Context, **given: Any) -> Any:
        return package.answers.Answer("teapot", status=418)

    shop.find_order = wrong  # type: ignore[method-assign]
    found = Asker(package.application(shop, OpenDoor()))("GET", "/orders/1")
    assert refused(found)[:2] == (500, "INTERNAL")
    assert "no status 418" in caplog.text
