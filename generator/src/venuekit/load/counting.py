"""Counts what the raw documents write, apart from the loaders, to prove that nothing is lost."""

from __future__ import annotations

from venuekit.contract import Counts
from venuekit.load.context import Context
from venuekit.origin import Pointer
from venuekit.source import Document, Node, root

_METHODS = frozenset(["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"])


def raw_counts(context: Context, document: Document) -> Counts:
    """Return how many operations, channels, messages and component schemas are written."""
    node = root(document)
    if node.has("swagger"):
        return Counts(
            operations=_http_operations(context, node),
            channels=0,
            messages=0,
            schemas=_members(node, "definitions"),
        )
    schemas = _members(node, "components", "schemas")
    if node.has("openapi"):
        return Counts(
            operations=_http_operations(context, node), channels=0, messages=0, schemas=schemas
        )
    return Counts(
        operations=_members(node, "operations"),
        channels=_members(node, "channels"),
        messages=_messages(context, node),
        schemas=schemas,
    )


def _members(node: Node, *path: str) -> int:
    found: Node | None = node
    for key in path:
        found = found.get(key) if found is not None else None
    return len(found.members) if found is not None else 0


def _http_operations(context: Context, node: Node) -> int:
    paths = node.get("paths")
    total = 0
    for path, reference in paths.items() if paths is not None else ():
        item = context.resolve(reference) if path.startswith("/") else None
        if item is not None:
            total += len(_METHODS & item.members.keys())
            total += _members(item, "additionalOperations")
    return total


def _messages(context: Context, node: Node) -> int:
    """Return how many places messages of components and channels lead to."""
    holders = [node.get("components")]
    channels = node.get("channels")
    if channels is not None:
        holders.extend(context.resolve(channel) for _, channel in channels.items())
    places: set[tuple[Document, Pointer]] = set()
    for holder in holders:
        messages = holder.get("messages") if holder is not None else None
        for _, reference in messages.items() if messages is not None else ():
            message = context.resolve(reference)
            if message is not None:
                places.add((message.document, message.pointer))
    return len(places)
