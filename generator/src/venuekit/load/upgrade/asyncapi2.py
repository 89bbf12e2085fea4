"""AsyncAPI 2.x rewritten as AsyncAPI 3.0 (by the official migration guide's table).

In version 2 `publish` means that clients may publish, so the application receives; `subscribe`
means that clients may subscribe, so the application sends.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from venuekit.load.upgrade.rewrite import Rewrite
from venuekit.source import Document, Node, root
from venuekit.source.patched import PatchedDocument
from venuekit.source.values import copied

ACTIONS = {"publish": "receive", "subscribe": "send"}
_COMPONENTS_KEPT = (
    "schemas",
    "securitySchemes",
    "correlationIds",
    "operationTraits",
    "serverVariables",
    "serverBindings",
    "channelBindings",
    "operationBindings",
    "messageBindings",
)
_CHANNEL_MEMBERS = frozenset({"publish", "subscribe", "parameters", "servers"})
_OPERATION_MEMBERS = frozenset({"operationId", "message", "security"})
_MESSAGE_MEMBERS = frozenset({"messageId", "schemaFormat", "payload"})


def upgrade_asyncapi(document: Document) -> PatchedDocument:
    """Return an AsyncAPI 2.x document as AsyncAPI 3.0.0, every part with its old place."""
    return _Upgrade(document).document()


class _Upgrade:
    def __init__(self, document: Document) -> None:
        self._old = root(document)
        self._new = Rewrite(document)
        components = self._old.get("components") or self._old
        self._schemes = dict(_members(components, "securitySchemes"))
        self._channels: dict[str, Any] = {}
        self._operations: dict[str, Any] = {}

    def document(self) -> PatchedDocument:
        top: dict[str, Any] = self._new.value
        top["asyncapi"] = "3.0.0"
        for name in ("id", "defaultContentType"):
            self._new.copy(top, name, self._old.get(name))
        info = self._new.put_from(top, "info", {}, self._old.get("info") or self._old)
        self._new.copy_members(info, self._old.get("info") or self._old)
        for name in ("tags", "externalDocs"):
            self._new.copy(info, name, self._old.get(name))
        for name, node in self._old.items():
            if name.startswith("x-"):
                self._new.copy(top, name, node)
        self._servers(top)
        self._components(top)
        top["channels"], top["operations"] = self._channels, self._operations
        for address, channel in _members(self._old, "channels"):
            self._channel(address, channel)
        return self._new.finished()

    def _servers(self, top: dict[str, Any]) -> None:
        servers = _members(self._old, "servers")
        if not servers:
            return
        top["servers"] = {}
        for name, node in servers:
            made = self._new.put_from(top["servers"], name, {}, node)
            self._new.copy_members(made, node, frozenset({"url", "security"}))
            url = node.text("url") or ""
            parts = urlsplit(url if "://" in url else f"//{url}")
            self._new.put_from(made, "host", parts.netloc, node.get("url") or node)
            if parts.path:
                made["pathname"] = parts.path
            security = self._security(node)
            if security:
                made["security"] = security

    def _security(self, owner: Node) -> list[Any]:
        """Return version 3's list of schemes; each old requirement is one of them."""
        written = owner.get("security")
        names: list[Any] = []
        for requirement in written.elements() if written is not None else ():
            for name, scopes in requirement.items():
                reference: dict[str, Any] = {"$ref": f"#/components/securitySchemes/{name}"}
                scheme = self._schemes.get(name)
                if scopes.value and scheme is not None:
                    stated = {key: copied(value) for key, value in scheme.members.items()}
                    reference = stated | {"scopes": copied(scopes.value)}
                names.append(reference)
        return names

    def _components(self, top: dict[str, Any]) -> None:
        old = self._old.get("components")
        if old is None:
            return
        components: dict[str, Any] = self._new.put_from(top, "components", {}, old)
        for name in _COMPONENTS_KEPT:
            self._new.copy(components, name, old.get(name))
        for kind in ("messages", "messageTraits"):
            if old.has(kind):
                components[kind] = {}
                for name, node in _members(old, kind):
                    self._new.put_from(components[kind], name, self._message(node), node)
        if old.has("parameters"):
            components["parameters"] = {}
            for name, node in _members(old, "parameters"):
                self._new.put_from(components["parameters"], name, _parameter(node), node)

    def _message(self, node: Node) -> dict[str, Any]:
        if node.has("$ref"):
            return {"$ref": node.text("$ref")}
        made: dict[str, Any] = {}
        self._new.copy_members(made, node, _MESSAGE_MEMBERS)
        if "name" not in made and node.has("messageId"):
            made["name"] = node.text("messageId")
        payload, form = node.get("payload"), node.text("schemaFormat")
        if payload is not None and form is not None:
            wrapped: dict[str, Any] = {"schemaFormat": form}
            self._new.copy(wrapped, "schema", payload)
            self._new.put_from(made, "payload", wrapped, payload)
        elif payload is not None:
            self._new.copy(made, "payload", payload)
        return made

    def _channel(self, address: str, node: Node) -> None:
        key = _free(_identifier(address) or "root", self._channels)
        made: dict[str, Any] = self._new.put_from(self._channels, key, {}, node)
        made["address"] = address
        self._new.copy_members(made, node, _CHANNEL_MEMBERS)
        parameters = _members(node, "parameters")
        if parameters:
            made["parameters"] = {}
            for name, written in parameters:
                self._new.put_from(made["parameters"], name, _parameter(written), written)
        servers = node.texts("servers")
        if servers:
            made["servers"] = [{"$ref": f"#/servers/{name}"} for name in servers]
        made["messages"] = {}
        for old_action, action in ACTIONS.items():
            operation = node.get(old_action)
            if operation is not None:
                self._operation(key, made, old_action, action, operation)

    def _operation(
        self, channel: str, made_channel: dict[str, Any], old: str, action: str, node: Node
    ) -> None:
        name = node.text("operationId") or f"{old}_{channel}"
        made: dict[str, Any] = self._new.put_from(
            self._operations, _free(name, self._operations), {}, node
        )
        made["action"] = action
        made["channel"] = {"$ref": f"#/channels/{_escaped(channel)}"}
        self._new.copy_members(made, node, _OPERATION_MEMBERS)
        security = self._security(node)
        if security:
            made["security"] = security
        made["messages"] = []
        for index, message in enumerate(_alternatives(node.get("message"))):
            key = self._message_key(made_channel["messages"], message, name, index)
            reference = f"#/channels/{_escaped(channel)}/messages/{_escaped(key)}"
            self._new.put_from(made["messages"], 0, {"$ref": reference}, message)

    def _message_key(
        self, messages: dict[str, Any], message: Node, operation: str, index: int
    ) -> str:
        """Put a message under the channel, once for equal references, and return its key."""
        reference = message.text("$ref")
        for key, present in messages.items():
            if reference is not None and present.get("$ref") == reference:
                return key
        stated = message.text("messageId") or message.text("name")
        name = reference.rsplit("/", 1)[-1] if reference is not None else stated
        fallback = f"{operation}Message" if index == 0 else f"{operation}Message{index + 1}"
        key = _free(name or fallback, messages)
        self._new.put_from(messages, key, self._message(message), message)
        return key


def _alternatives(message: Node | None) -> list[Node]:
    if message is None:
        return []
    several = message.get("oneOf")
    return list(several.elements()) if several is not None else [message]


def _parameter(node: Node) -> dict[str, Any]:
    """Return a channel parameter: version 3 knows enum, default, examples and description."""
    if node.has("$ref"):
        return {"$ref": node.text("$ref")}
    made = {k: copied(m.value) for k, m in node.items() if k != "schema"}
    schema = node.get("schema")
    if schema is not None:
        for name in ("enum", "default", "examples", "description"):
            if schema.has(name) and name not in made:
                made[name] = copied(schema.members[name])
    return made


def _members(node: Node, name: str) -> list[tuple[str, Node]]:
    member = node.get(name)
    return list(member.items()) if member is not None else []


def _identifier(address: str) -> str:
    return "_".join(re.findall(r"[A-Za-z0-9]+", address))


def _free(name: str, taken: dict[str, Any]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _escaped(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")
