"""Operations that share a path: told apart by what travels, and told of where nothing does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from asking import Asker, Emit, emission_of

from venuekit_runtime.server.application import Application
from venuekit_runtime.server.handling import Context

HEAD = """
openapi: 3.1.0
info: {title: Overlaps, version: 1.0.0}
servers: [{url: "https://venue.example"}]
paths:
"""
ANSWER = '{"200": {description: Yes, content: {application/json: {schema: {type: string}}}}}'
TEXT = "{content: {text/plain: {schema: {type: integer}}}, required: true}"
ACTIONS = f"""
  /#Action=First:
    post:
      operationId: first
      parameters: [{{name: Action, in: query, required: true, schema: {{enum: [First]}}}}]
      requestBody: {{content: {{application/json: {{schema: {{type: integer}}}}}}, required: true}}
      responses: {ANSWER}
  /#Action=Second:
    post:
      operationId: second
      parameters: [{{name: Action, in: query, required: true, schema: {{enum: [Second]}}}}]
      requestBody: {{content: {{application/json: {{schema: {{type: integer}}}}}}, required: true}}
      responses: {ANSWER}
  /numbers?unit=one%20by%20one:
    post: {{operationId: number, requestBody: {TEXT}, responses: {ANSWER}}}
"""
ALIKE = f"""
  /#Action=First:
    get: {{operationId: first, responses: {ANSWER}}}
  /#Action=Second:
    get: {{operationId: second, responses: {ANSWER}}}
"""


class Handlers:
    async def first(self, context: Context, **given: Any) -> str:
        return f"first {given['body']!r}"

    async def second(self, context: Context, **given: Any) -> str:
        return f"second {given['body']!r}"

    async def number(self, context: Context, **given: Any) -> str:
        return f"number {given['unit']} {given['body']!r}"


def test_a_constant_of_the_query_says_which_operation_is_meant(emitted: Emit) -> None:
    package = emitted(HEAD + ACTIONS, "overlaps_server")
    ask = Asker(Application(package.operations.BINDINGS, Handlers()))
    assert json.loads(ask.json("POST", "/?Action=First", 1).body) == "first 1"
    assert json.loads(ask.json("POST", "/?Action=Second", 2).body) == "second 2"
    # What is wrong is said by the operation that is meant.
    said = ask.json("POST", "/?Action=Second", "x").body.decode()
    assert "body" in said
    assert "Action" not in said
    assert "Action" in ask.json("POST", "/?Action=Third", 3).body.decode()
    numbered = ask("POST", "/numbers?unit=one%20by%20one", b"7", "text/plain")
    assert json.loads(numbered.body) == "number one by one 7"
    assert ask("POST", "/numbers", b"7", "text/plain").status == 400


def test_what_nothing_on_the_wire_tells_apart_is_a_finding(tmp_path: Path) -> None:
    (found,) = emission_of(tmp_path, HEAD + ALIKE, "alike_server").findings
    assert found.rule == "server-in-part"
    assert found.message == "second is never asked: its requests look like those of first"
    assert found.origin is not None
    assert found.origin.place.line == 10
    assert not emission_of(tmp_path, HEAD + ACTIONS, "apart_server").findings


TWO = """
  /{{id}}/latest:
    {verb}:
      operationId: latest
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      responses: {answer}
  /orders/{{id}}:
    get:
      operationId: one
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      responses: {answer}
  /orders/open:
    get: {{operationId: open, responses: {answer}}}
"""


def test_a_request_that_fits_two_paths_alike_is_a_finding(tmp_path: Path) -> None:
    text = HEAD + TWO.format(verb="get", answer=ANSWER)
    (found,) = emission_of(tmp_path, text, "two_server").findings
    assert found.rule == "server-in-part"
    assert found.message == (
        "latest is not asked where its path looks like '/orders/{id}' too: one is"
    )
    assert found.origin is not None
    assert found.origin.place.line == 9
    other = HEAD + TWO.format(verb="post", answer=ANSWER)
    assert not emission_of(tmp_path, other, "other_server").findings
