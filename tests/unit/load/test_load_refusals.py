"""A message that refuses: what it names must be there, and a client must be able to see it."""

from __future__ import annotations

from typing import Any

import pytest

DOCUMENT = """asyncapi: 3.0.0
info: {title: Refusals, version: '1'}
channels:
  control:
    address: /
    messages:
      ask: {payload: {type: object, properties: {id: {type: string}}}}
      error:
        x-refusal: {REFUSAL}
        payload:
          type: object
          required: [id, type]
          properties: {id: {type: string}, type: {TYPE}, code: {type: integer}, data: {}}
operations:
  ask:
    action: receive
    x-effect: read
    channel: {$ref: '#/channels/control'}
    messages: [{$ref: '#/channels/control/messages/ask'}]
    reply:
      channel: {$ref: '#/channels/control'}
      messages: [{$ref: '#/channels/control/messages/error'}]
"""


def text(refusal: str, kind: str = "const: error") -> str:
    return DOCUMENT.replace("REFUSAL", refusal).replace("TYPE", kind)


def test_it_says_where_the_code_and_the_reason_stand(documents: Any) -> None:
    contract = documents.load(text("code: code, message: data")).contract
    (message,) = [one for one in contract.messages.values() if one.refusal is not None]
    assert message.refusal is not None
    assert (message.refusal.code, message.refusal.message) == ("code", "data")
    assert "x-refusal" not in message.extensions


@pytest.mark.parametrize(
    ("refusal", "kind", "said"),
    [
        ("code: cod", "const: error", "has no member 'cod', which its x-refusal names"),
        ("code: code, message: text", "const: error", "has no member 'text'"),
        ("code: code", "type: string", "nothing tells the message 'error' apart"),
        ("message: data", "const: error", "the member 'code' is missing"),
        ("code: code, reason: data", "const: error", "unknown member 'reason'"),
    ],
)
def test_a_mistake_has_its_place(documents: Any, refusal: str, kind: str, said: str) -> None:
    lines = documents.fails(text(refusal, kind))
    assert any(said in line and line.startswith("api.yaml:9:") for line in lines), lines
