"""Parameters, bodies, responses and security schemes of Swagger 2.0 in OpenAPI 3.0's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from venuekit.load.upgrade.rewrite import Rewrite
from venuekit.source import Node
from venuekit.source.values import copied

SCHEMA_MEMBERS = frozenset(
    {
        "type",
        "format",
        "items",
        "default",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "enum",
        "multipleOf",
        "x-nullable",
    }
)
"""What Swagger 2.0 writes beside a parameter's name and OpenAPI 3.0 in its schema."""

STYLES = {
    ("query", "multi"): ("form", True),
    ("query", "csv"): ("form", False),
    ("query", "ssv"): ("spaceDelimited", False),
    ("query", "pipes"): ("pipeDelimited", False),
    ("path", "csv"): ("simple", False),
    ("header", "csv"): ("simple", False),
}
"""`collectionFormat` (Swagger 2.0, Parameter Object) as style and explode.

Tab-separated lists (`tsv`) have no style in OpenAPI 3.0 and stay a plain string.
"""

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def parameter_of(node: Node) -> dict[str, Any]:
    """Return a parameter of path, query or header; a reference stays one."""
    if node.has("$ref"):
        return {"$ref": node.text("$ref")}
    made: dict[str, Any] = {
        key: copied(member.value)
        for key, member in node.items()
        if key not in SCHEMA_MEMBERS and key != "collectionFormat"
    }
    schema = _schema_of(node)
    if schema.get("type") == "array":
        form = (node.text("in") or "", node.text("collectionFormat") or "csv")
        if form in STYLES:
            made["style"], made["explode"] = STYLES[form]
        else:
            schema = {"type": "string"}
    made["schema"] = schema
    return made


def _schema_of(node: Node) -> dict[str, Any]:
    schema = {k: copied(m.value) for k, m in node.items() if k in SCHEMA_MEMBERS}
    items = schema.get("items")
    while isinstance(items, dict):
        items.pop("collectionFormat", None)
        items = items.get("items")
    return schema


def body_of(new: Rewrite, nodes: Sequence[Node], consumes: Sequence[str]) -> dict[str, Any]:
    """Return the request body of a `body` parameter, or of all `formData` parameters."""
    first = nodes[0]
    body: dict[str, Any] = {"content": {}}
    if first.text("in") == "body":
        if first.has("description"):
            new.copy(body, "description", first.get("description"))
        if first.flag("required"):
            body["required"] = True
        schema = first.get("schema")
        for media_type in consumes:
            content: dict[str, Any] = {}
            body["content"][media_type] = content
            new.copy(content, "schema", schema)
        return body
    media_types = [m for m in consumes if m in (FORM, MULTIPART)]
    if not media_types:
        has_file = any(node.text("type") == "file" for node in nodes)
        media_types = [MULTIPART if has_file else FORM]
    for media_type in media_types:
        body["content"][media_type] = {"schema": _form_schema(new, nodes)}
    if any(node.flag("required") for node in nodes):
        body["required"] = True
    return body


def _form_schema(new: Rewrite, nodes: Sequence[Node]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for node in nodes:
        schema = _schema_of(node)
        if node.has("description"):
            schema["description"] = node.text("description")
        new.put_from(properties, node.text("name") or "", schema, node)
    schema = {"type": "object", "properties": properties}
    required = [node.text("name") for node in nodes if node.flag("required")]
    return schema | ({"required": required} if required else {})


def response_of(
    new: Rewrite, parent: dict[str, Any], name: str, node: Node, produces: Sequence[str]
) -> None:
    """Put a response under `parent`; a reference stays one."""
    if node.has("$ref"):
        new.copy(parent, name, node)
        return
    made: dict[str, Any] = new.put_from(parent, name, {}, node)
    new.copy_members(made, node, frozenset({"schema", "headers", "examples"}))
    schema, examples = node.get("schema"), node.get("examples")
    if schema is not None:
        made["content"] = {}
        for media_type in produces:
            content: dict[str, Any] = {}
            made["content"][media_type] = content
            new.copy(content, "schema", schema)
            if examples is not None and examples.has(media_type):
                new.copy(content, "example", examples.get(media_type))
    headers = node.get("headers")
    if headers is not None:
        made["headers"] = {}
        for header, written in headers.items():
            described = {"schema": _schema_of(written)}
            target = new.put_from(made["headers"], header, described, written)
            new.copy(target, "description", written.get("description"))


def security_scheme_of(node: Node) -> dict[str, Any]:
    """Return a security scheme; `basic` is HTTP's, OAuth 2 flows get their new names."""
    kept = {key: copied(member.value) for key, member in node.items()}
    match kept.get("type"):
        case "basic":
            return kept | {"type": "http", "scheme": "basic"}
        case "oauth2":
            names = {"accessCode": "authorizationCode", "application": "clientCredentials"}
            flow = str(kept.pop("flow", ""))
            moved = ("authorizationUrl", "tokenUrl", "scopes")
            facts = {key: kept.pop(key) for key in moved if key in kept}
            facts.setdefault("scopes", {})
            return kept | {"flows": {names.get(flow, flow): facts}}
        case _:
            return kept
