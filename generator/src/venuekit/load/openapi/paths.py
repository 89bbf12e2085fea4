"""Finds the operations that an OpenAPI document writes, path by path."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from venuekit.load.context import Context
from venuekit.load.openapi.splitting import EXTENSION, written_alternatives
from venuekit.source import Node

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


@dataclass(frozen=True, slots=True)
class WrittenOperation:
    """An operation as written; `method` is in upper case, `path` as in the document.

    `name` is what `x-operations` calls it.
    """

    method: str
    path: str
    node: Node
    path_item: Node
    name: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenCall:
    """A call of the venue as written: the name of the webhook or callback, and the operation.

    A callback has the address that is called, as a runtime expression.
    """

    name: str
    operation: WrittenOperation
    address: str | None = None


def written_operations(context: Context, document: Node) -> Iterator[WrittenOperation]:
    """Yield the operations of `paths`, in the document's order (OpenAPI 3.1 section 4.8.8)."""
    paths = document.get("paths")
    for path, reference in paths.items() if paths is not None else ():
        if path.startswith("x-"):
            continue
        item = context.resolve(reference, "path-item")
        if item is None:
            continue
        beside = [key for key in reference.members if key != "$ref"]
        if reference.has("$ref") and beside:
            context.report.error(
                "path-sibling-not-carried",
                reference,
                f"{', '.join(beside)} beside the $ref of the path {path} is not defined by OpenAPI",
                "Write the path out, or put everything behind the $ref.",
            )
        for key, node in item.items():
            if key in METHODS:
                yield from _carried(context, WrittenOperation(key.upper(), path, node, item))
            elif key == "additionalOperations":
                for method, other in node.items():
                    yield from _carried(context, WrittenOperation(method, path, other, item))


def written_calls(context: Context, document: Node) -> Iterator[WrittenCall]:
    """Yield the calls of the venue to the client: webhooks, then callbacks of each operation."""
    webhooks = document.get("webhooks")
    for name, reference in webhooks.items() if webhooks is not None else ():
        for written in _called(context, name, reference):
            yield WrittenCall(name, written)


def written_callbacks(context: Context, operation: Node) -> Iterator[WrittenCall]:
    """Yield the callbacks of one operation (OpenAPI 3.1 section 4.8.18)."""
    callbacks = operation.get("callbacks")
    for name, reference in callbacks.items() if callbacks is not None else ():
        callback = context.resolve(reference, "callback")
        for address, item in callback.items() if callback is not None else ():
            if not address.startswith("x-"):
                for written in _called(context, address, item):
                    yield WrittenCall(name, written, address)


def _called(context: Context, path: str, reference: Node) -> Iterator[WrittenOperation]:
    item = context.resolve(reference, "path-item")
    for key, node in item.items() if item is not None else ():
        if item is None or key not in METHODS:
            continue
        nested = node.get("callbacks")
        for name, callback in nested.items() if nested is not None else ():
            context.report.error(
                "callback-not-carried",
                callback,
                f"the callback {name!r} of a call by the venue cannot be carried",
                "Take it out of this document, or remove it by an overlay.",
            )
        yield WrittenOperation(key.upper(), path, node, item)


def _carried(context: Context, written: WrittenOperation) -> Iterator[WrittenOperation]:
    if written.method == "TRACE" and written.node.text("x-topic") is not None:
        context.report.error(
            "topic-not-carried",
            written.node,
            f"{written.path} describes a WebSocket topic beside operations of HTTP",
            "Put topics into a document of their own; one that holds nothing else is read as"
            " channels.",
        )
    if not written.node.has(EXTENSION):
        yield written
        return
    for name, node in written_alternatives(context, written.node):
        yield dataclasses.replace(written, node=node, name=name)
