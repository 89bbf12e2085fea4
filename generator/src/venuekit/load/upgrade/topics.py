"""WebSocket topics that OpenAPI writes as `trace` paths with `x-topic`, rewritten as AsyncAPI 3.0.

KuCoin publishes its streams so. No path is called by HTTP: the topic is what a client subscribes
to, and the answer with status 200 is what then arrives. How a client subscribes has no place in
OpenAPI, so `x-asyncapi` at the root takes it: channels and operations as AsyncAPI 3.0 writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from venuekit.load.upgrade.rewrite import Rewrite
from venuekit.source import Document, Node, root
from venuekit.source.patched import PatchedDocument

TOPIC = "x-topic"
PARTS = "x-asyncapi"
_LIST = re.compile(r"(\{([^{}]+)\})(?:,\{\2\})+")
_PARAMETER = re.compile(r"\{([^{}]+)\}")
_WORD = re.compile(r"[A-Za-z0-9]+")
_OPERATION = frozenset(
    {"summary", "description", "tags", "responses", "parameters", "operationId", "deprecated"}
)
_TAKEN = frozenset({PARTS, "openapi", "info", "servers", "paths", "components", "security", "tags"})
_METHODS = frozenset(["get", "put", "post", "delete", "options", "head", "patch", "trace"])


def describes_topics(document: Document) -> bool:
    """Say whether all operations of an OpenAPI document are WebSocket topics."""
    written = list(_written(root(document)))
    return bool(written) and all(
        method == "trace" and node.text(TOPIC) is not None for method, node in written
    )


def upgrade_topics(document: Document) -> PatchedDocument:
    """Return the topics as channels of AsyncAPI 3.0.0, every part with its old place."""
    return _Upgrade(document).document()


def _written(document: Node) -> Iterator[tuple[str, Node]]:
    paths = document.get("paths")
    for _, item in paths.items() if paths is not None else ():
        for key, node in item.items():
            if key in _METHODS or key == "$ref":
                yield key, node


class _Upgrade:
    def __init__(self, document: Document) -> None:
        self._old = root(document)
        self._new = Rewrite(document)

    def document(self) -> PatchedDocument:
        top: dict[str, Any] = self._new.value
        top["asyncapi"] = "3.0.0"
        top["x-perspective"] = "server"
        info = self._old.get("info") or self._old
        self._new.copy_members(self._new.put_from(top, "info", {}, info), info)
        self._servers(top)
        self._new.copy_members(top, self._old, _TAKEN)
        parts = self._old.get(PARTS)
        for key in ("channels", "operations"):
            made = self._new.put_from(top, key, {}, self._old.get("paths") or self._old)
            stated = parts.get(key) if parts is not None else None
            if stated is not None:
                self._new.copy_members(made, stated)
        for _, node in _written(self._old):
            self._topic(top, node)
        self._components(top)
        return self._new.finished()

    def _servers(self, top: dict[str, Any]) -> None:
        written = self._old.get("servers")
        for index, server in enumerate(written.elements() if written is not None else ()):
            url = urlsplit(server.text("url") or "")
            made = {"host": url.netloc, "pathname": url.path or "/", "protocol": url.scheme}
            servers = top.setdefault("servers", {})
            self._new.put_from(servers, f"server{index + 1}", made, server)

    def _topic(self, top: dict[str, Any], node: Node) -> None:
        """Write one topic as a channel, its message and the operation that receives it."""
        name = self._name(node, top["channels"])
        topic = node.text(TOPIC) or ""
        address = _LIST.sub(r"\1", topic)
        channel = self._new.put_from(top["channels"], name, {"address": address}, node)
        for key in ("description", "x-stream"):
            self._new.copy(channel, key, node.get(key))
        parameters: dict[str, Any] = {word: {} for word in _PARAMETER.findall(address)}
        for match in _LIST.finditer(topic):
            parameters[match[2]] = {"description": "One, or several joined by commas."}
        if parameters:
            self._new.put_from(channel, "parameters", parameters, node)
        message = self._new.put_from(channel, "messages", {name: {"name": name}}, node)[name]
        self._new.copy(message, "payload", _payload(node))
        made = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        }
        operation = self._new.put_from(top["operations"], name, made, node)
        for key in ("summary", "description"):
            self._new.copy(operation, key, node.get(key))
        self._security(operation, node.get("security") or self._old.get("security"))
        for key, member in node.items():
            if key not in _OPERATION and key.startswith("x-") and key != "x-stream":
                self._new.copy(operation, key, member)

    def _security(self, operation: dict[str, Any], written: Node | None) -> None:
        """Write requirements as AsyncAPI does, which has no two schemes that are needed together.

        What cannot be said so is copied as it stands, and judged as what it then is.
        """
        alternatives = [*written.elements()] if written is not None else []
        names = [[name for name, _ in one.items()] for one in alternatives]
        if written is None or not all(len(one) == 1 for one in names):
            self._new.copy(operation, "security", written)
            return
        references = [{"$ref": f"#/components/securitySchemes/{one[0]}"} for one in names]
        self._new.put_from(operation, "security", references, written)

    def _name(self, node: Node, taken: dict[str, Any]) -> str:
        stated = node.text("operationId") or node.text("x-sdk-method-name") or node.text(TOPIC)
        wish = "_".join(_WORD.findall(stated or "")) or "topic"
        name, number = wish, 2
        while name in taken:
            name, number = f"{wish}{number}", number + 1
        return name

    def _components(self, top: dict[str, Any]) -> None:
        components = self._old.get("components")
        for key in ("schemas", "securitySchemes"):
            written = components.get(key) if components is not None else None
            if written is not None and written.members:
                self._new.copy(top.setdefault("components", {}), key, written)


def _payload(node: Node) -> Node | None:
    """Return the schema of what arrives: the first content of the answer with status 200."""
    found: Node | None = node
    for key in ("responses", "200", "content"):
        found = found.get(key) if found is not None else None
    for _, content in found.items() if found is not None else ():
        return content.get("schema")
    return None
