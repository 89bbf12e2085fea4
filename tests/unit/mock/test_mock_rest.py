"""The REST side of the mock: what fits is answered, what does not is told why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from venuekit.load import load
from venuekit.mock.exchange import Answer, Request
from venuekit.mock.rest import RestMock

DOCUMENT = """
openapi: 3.1.0
info: {title: Shop, version: 1.0.0}
servers: [{url: "https://example.com/api"}]
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
        - {name: depth, in: query, schema: {type: integer, maximum: 9}}
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - name: filter
          in: query
          style: deepObject
          schema: {type: object, properties: {size: {type: integer}}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Order"}
              examples:
                wrong: {value: {id: none}}
                right: {value: {id: 7, price: "1.50"}}
  /orders/latest:
    get:
      operationId: getLatest
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
  /orders:
    post:
      operationId: placeOrder
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/Order"}}
          application/x-www-form-urlencoded:
            schema: {$ref: "#/components/schemas/Order"}
      responses: {"201": {description: made}}
components:
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: integer, exclusiveMinimum: 0}
        price: {type: string, pattern: "^[0-9]{1,3}\\\\.[0-9]{2}$"}
        state: {type: string, enum: [open, closed], readOnly: true}
        next: {$ref: "#/components/schemas/Order"}
"""


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> RestMock:
    path = tmp_path_factory.mktemp("mock") / "shop.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    return RestMock(load([path]))


def ask(mock: RestMock, method: str, target: str, body: bytes = b"", kind: str = "") -> Answer:
    headers = (("content-type", kind),) if kind else ()
    return mock.handle(Request(method=method, target=target, headers=headers, body=body))


def test_the_first_example_that_its_schema_takes_is_served(mock: RestMock) -> None:
    answer = ask(mock, "GET", "/orders/7")
    assert (answer.status, answer.operation) == (200, "getOrder")
    assert json.loads(answer.body) == {"id": 7, "price": "1.50"}


def test_data_is_made_where_no_example_is(mock: RestMock) -> None:
    made = json.loads(ask(mock, "GET", "/orders/latest").body)
    assert made["id"] == 1
    assert made["state"] == "open"
    assert len(made["price"].partition(".")[2]) == 2
    assert "next" not in made


def test_words_in_a_path_beat_parameters_and_server_paths_are_optional(mock: RestMock) -> None:
    assert ask(mock, "GET", "/api/orders/latest").operation == "getLatest"
    assert ask(mock, "GET", "/api/orders/8").operation == "getOrder"


@pytest.mark.parametrize(
    ("method", "target", "reason"),
    [
        ("GET", "/nothing", "the documents have no path /nothing"),
        ("PUT", "/orders", "/orders has POST and no PUT"),
        ("GET", "/orders/0", "the path parameter 'id': 0 is less than the minimum of 1"),
        ("GET", "/orders/x", 'the path parameter \'id\': "x" is not of type "integer"'),
        ("GET", "/orders/1?depth=10", "the query parameter 'depth': 10 is greater than"),
        ("GET", "/orders/1?filter[size]=x", "the query parameter 'filter' at /size:"),
        ("POST", "/orders", "the body is required and missing"),
    ],
)
def test_what_does_not_fit_is_told_why(
    mock: RestMock, method: str, target: str, reason: str
) -> None:
    answer = ask(mock, method, target)
    assert answer.status == 400
    assert json.loads(answer.body)["message"].startswith(reason)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"id":1}', "application/json", 201),
        (b'{"id":1}', "application/json; charset=utf-8", 201),
        (b'{"id":1.5}', "application/json", 400),
        (b'{"id":', "application/json", 400),
        (b'{"id":1,"price":"1.5"}', "application/json", 400),
        (b"id=1&price=1.50", "application/x-www-form-urlencoded", 201),
        (b"id=x", "application/x-www-form-urlencoded", 400),
        (b"<id/>", "application/xml", 400),
    ],
)
def test_bodies_are_judged_by_the_raw_schema(
    mock: RestMock, body: bytes, kind: str, status: int
) -> None:
    assert ask(mock, "POST", "/orders", body, kind).status == status


def test_the_record_tells_names_that_nobody_declares(mock: RestMock) -> None:
    facts: dict[str, Any] = dict(ask(mock, "GET", "/orders/1?tags=a,b&signature=1").facts)
    assert facts["undeclared_query"] == ["signature"]
    assert facts["parameters"] == [("path", "id", 1), ("query", "tags", ["a", "b"])]


def test_a_response_that_allows_no_value_is_a_finding_and_501(tmp_path: Path) -> None:
    path = tmp_path / "never.yaml"
    path.write_text(
        "openapi: 3.1.0\ninfo: {title: N, version: 1.0.0}\npaths:\n  /a:\n    get:\n"
        "      operationId: getA\n      responses:\n        '200':\n          description: ok\n"
        "          content:\n"
        "            application/json: {schema: {type: integer, minimum: 2, maximum: 1}}\n",
        encoding="utf-8",
    )
    mock = RestMock(load([path]))
    assert [finding.rule for finding in mock.findings] == ["mock-has-no-answer"]
    assert ask(mock, "GET", "/a").status == 501


ID = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]"
NUMBER = "parameters: [{name: n, in: query, schema: {type: integer}}]"
GONE = 'responses: {"204": {description: gone}}'
OVERLAPS = f"""
openapi: 3.1.0
info: {{title: Overlaps, version: 1.0.0}}
paths:
  /{{id}}/latest:
    {ID}
    get: {{operationId: latest, {GONE}}}
  /orders/{{id}}:
    {ID}
    get: {{operationId: one, {GONE}}}
    delete: {{operationId: cancel, {GONE}}}
  /orders/open:
    get: {{operationId: open, {NUMBER}, {GONE}}}
"""


def test_of_overlapping_paths_one_is_meant_and_no_other_is_tried(tmp_path: Path) -> None:
    path = tmp_path / "overlaps.yaml"
    path.write_text(OVERLAPS, encoding="utf-8")
    mock = RestMock(load([path]))
    asked = {
        ("GET", "/orders/7"): (204, "one"),
        ("DELETE", "/orders/7"): (204, "cancel"),
        ("GET", "/orders/open?n=1"): (204, "open"),
        # Neither of these is a call of `one` or `cancel` for an order that is called "open".
        ("GET", "/orders/open?n=x"): (400, "open"),
        ("DELETE", "/orders/open"): (400, None),
        # From left to right: the first segment that differs decides.
        ("GET", "/orders/latest"): (204, "one"),
        ("GET", "/trades/latest"): (204, "latest"),
    }
    for (method, target), expected in asked.items():
        answer = ask(mock, method, target)
        assert (answer.status, answer.operation) == expected, target
    assert b"/orders/open has GET and no DELETE" in ask(mock, "DELETE", "/orders/open").body
