"""What the venue calls: webhooks and callbacks, read as operations that are received."""

from __future__ import annotations

from typing import Any

from venuekit.contract import Action, WebhookBinding, Wire

WEBHOOKS = """
openapi: 3.1.0
info: {title: T, version: '1'}
security: [{key: []}]
webhooks:
  order.filled:
    summary: On a fill
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses: {'204': {description: taken}}
    put: {operationId: replaced, security: [], responses: {'204': {description: taken}}}
  shared: {$ref: '#/components/pathItems/Shared'}
components:
  pathItems: {Shared: {post: {operationId: shared, responses: {'200': {description: taken}}}}}
  schemas: {A: {type: object}}
  securitySchemes: {key: {type: apiKey, in: header, name: K}}
"""
CALLBACKS = """
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    post:
      operationId: start
      callbacks:
        done: {$ref: '#/components/callbacks/Done'}
        failed:
          'http://{$request.body#/host}/x':
            put: {operationId: failed, responses: {default: {description: any}}}
      responses: {'204': {description: taken}}
components:
  callbacks:
    Done:
      '{$request.query.url}': {post: {responses: {'204': {description: taken}}}}
      x-note: nothing
"""


def calls(loaded: Any) -> list[tuple[str, WebhookBinding]]:
    found = [o for o in loaded.contract.operations if o.wire is Wire.WEBHOOK]
    assert all(o.action is Action.RECEIVE for o in found)
    return [(o.name, o.binding) for o in found]


def test_webhooks_are_received_and_counted(documents: Any) -> None:
    loaded = documents.load(WEBHOOKS)
    found = calls(loaded)
    names = [(name, binding.name, binding.method) for name, binding in found]
    assert names == [
        ("onOrderFilled", "order.filled", "POST"),
        ("replaced", "order.filled", "PUT"),
        ("shared", "shared", "POST"),
    ]
    assert loaded.read.operations == loaded.contract.counts.operations == 3
    first, second, _ = loaded.contract.operations
    assert (first.summary, first.is_name_derived) == ("On a fill", True)
    assert [len(o.security) for o in (first, second)] == [1, 0]
    assert found[0][1].body is not None
    assert found[0][1].address is None
    assert first.origin.pointer == ("webhooks", "order.filled", "post")


def test_callbacks_know_who_asked_and_where_to(documents: Any) -> None:
    loaded = documents.load(CALLBACKS)
    found = [(name, b.name, b.method, b.address, b.asked_by) for name, b in calls(loaded)]
    assert found == [
        ("onDone", "done", "POST", "{$request.query.url}", "start"),
        ("failed", "failed", "PUT", "http://{$request.body#/host}/x", "start"),
    ]
    assert loaded.read.operations == loaded.contract.counts.operations == 3
