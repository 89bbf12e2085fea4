"""Counts what the raw documents write, apart from the loaders, to prove that nothing is lost."""

from __future__ import annotations

from venuekit.contract import Counts
from venuekit.load.context import Context
from venuekit.load.openapi.splitting import alternatives_count
from venuekit.load.upgrade import describes_topics
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
    if node.has("openapi") and describes_topics(document):
        topics = _http_operations(context, node)
        parts = node.get("x-asyncapi") or Node(document, node.pointer, {})
        return Counts(
            operations=topics + _members(parts, "operations"),
            channels=topics + _members(parts, "channels"),
            messages=topics + _messages(context, parts),
            schemas=schemas,
        )
    if node.has("openapi"):
        operations = _http_operations(context, node) + _calls(context, node)
        return Counts(operations=operations, channels=0, messages=0, schemas=schemas)
    if (node.text("asyncapi") or "").startswith("2."):
        return _asyncapi2(context, node, schemas)
    return Counts(
        operations=_members(node, "operations"),
        channels=_members(node, "channels"),
        messages=_messages(context, node),
        schemas=schemas,
    )


def _asyncapi2(context: Context, node: Node, schemas: int) -> Counts:
    """Return the counts of AsyncAPI 2, whose operations and messages stand in the channels."""
    components = node.get("components")
    written = components.get("messages") if components is not None else None
    messages = [message for _, message in written.items()] if written is not None else []
    channels = node.get("channels")
    operations = 0
    for _, reference in channels.items() if channels is not None else ():
        channel = context.resolve(reference)
        for action in ("publish", "subscribe"):
            operation = channel.get(action) if channel is not None else None
            if operation is not None:
                operations += 1
                messages += _alternatives(operation.get("message"))
    return Counts(
        operations=operations,
        channels=_members(node, "channels"),
        messages=len(_places(context, messages)),
        schemas=schemas,
    )


def _alternatives(message: Node | None) -> list[Node]:
    several = message.get("oneOf") if message is not None else None
    if several is not None:
        return list(several.elements())
    return [message] if message is not None else []


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
            others = item.get("additionalOperations")
            written = [node for key, node in item.items() if key in _METHODS]
            written += [node for _, node in others.items()] if others is not None else []
            total += sum(alternatives_count(node) for node in written)
    return total


def _calls(context: Context, node: Node) -> int:
    """Return how many calls of the venue are written: webhooks, and callbacks of operations."""
    holders = [node.get("webhooks")]
    paths = node.get("paths")
    for path, reference in paths.items() if paths is not None else ():
        item = context.resolve(reference) if path.startswith("/") else None
        for key, operation in item.items() if item is not None else ():
            asked = operation.get("callbacks") if key in _METHODS else None
            holders += [context.resolve(one) for _, one in asked.items()] if asked else []
    total = 0
    for holder in holders:
        for name, reference in holder.items() if holder is not None else ():
            item = context.resolve(reference) if not name.startswith("x-") else None
            total += len(_METHODS & set(item.members)) if item is not None else 0
    return total


def _messages(context: Context, node: Node) -> int:
    """Return how many places messages of components and channels lead to."""
    holders = [node.get("components")]
    channels = node.get("channels")
    if channels is not None:
        holders.extend(context.resolve(channel) for _, channel in channels.items())
    found: list[Node] = []
    for holder in holders:
        messages = holder.get("messages") if holder is not None else None
        found += [message for _, message in messages.items()] if messages is not None else []
    return len(_places(context, found))


def _places(context: Context, messages: list[Node]) -> set[tuple[Document, Pointer]]:
    resolved = [context.resolve(message) for message in messages]
    return {(message.document, message.pointer) for message in resolved if message is not None}
