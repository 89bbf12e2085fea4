"""Members that a document leaves free reach handlers, and go back as they came."""

from __future__ import annotations

import json
from typing import Any

from asking import Asker, Emit

from venuekit_runtime.server.handling import Context, OpenDoor

DOCUMENT = r"""
openapi: 3.1.0
info: {title: Labels, version: "1"}
servers: [{url: https://labels.example}]
paths:
  /things:
    put:
      operationId: putThing
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
components:
  schemas:
    Thing:
      type: object
      required: [id]
      properties: {id: {type: string}}
      additionalProperties: {type: string, format: decimal}
"""


def test_free_members_reach_the_handler_and_come_back(emitted: Emit) -> None:
    package = emitted(DOCUMENT, "labels_server")

    class Handlers:
        seen: Any = None

        async def put_thing(self, context: Context, *, body: Any) -> Any:
            self.seen = body
            return body

    handlers = Handlers()
    ask = Asker(package.application(handlers, OpenDoor()))
    sent = {"id": "a", "size": "0.10", "weight": "12345678901234567890.5"}
    answer = ask.json("PUT", "/things", sent)
    assert answer.status == 200, answer.body
    assert json.loads(answer.body) == sent
    assert {name: str(value) for name, value in handlers.seen.extra.items()} == {
        "size": "0.10",
        "weight": "12345678901234567890.5",
    }
    refused = ask.json("PUT", "/things", {"id": "a", "size": "much"})
    assert refused.status in (400, 422), refused.body
