"""Swagger 2.0 rewritten as OpenAPI 3.0.3 (by the two specifications' own words)."""

from __future__ import annotations

from typing import Any

from venuekit.load.upgrade.rewrite import Rewrite, each_object, rename_refs
from venuekit.load.upgrade.swagger_parts import (
    body_of,
    parameter_of,
    response_of,
    security_scheme_of,
)
from venuekit.source import Document, Node, root
from venuekit.source.patched import PatchedDocument

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
REFS = {
    "#/definitions/": "#/components/schemas/",
    "#/responses/": "#/components/responses/",
    "#/parameters/": "#/components/parameters/",
}
_PATH_MEMBERS = frozenset({*METHODS, "parameters"})
_OPERATION_MEMBERS = frozenset({"parameters", "responses", "consumes", "produces", "schemes"})
_JSON = ("application/json",)


def upgrade_swagger(document: Document) -> PatchedDocument:
    """Return a Swagger 2.0 document as OpenAPI 3.0.3, every part with its old place."""
    return _Upgrade(document).document()


class _Upgrade:
    def __init__(self, document: Document) -> None:
        self._old = root(document)
        self._new = Rewrite(document)
        self._consumes = self._old.texts("consumes") or _JSON
        self._produces = self._old.texts("produces") or _JSON
        self._shared = {
            f"#/parameters/{name}": node for name, node in _members(self._old, "parameters")
        }

    def document(self) -> PatchedDocument:
        top: dict[str, Any] = self._new.value
        top["openapi"] = "3.0.3"
        for name in ("info", "tags", "externalDocs", "security"):
            self._new.copy(top, name, self._old.get(name))
        for name, node in self._old.items():
            if name.startswith("x-"):
                self._new.copy(top, name, node)
        self._servers(top, self._old)
        self._components(top)
        top["paths"] = {}
        for path, item in _members(self._old, "paths"):
            self._path(self._new.put_from(top["paths"], path, {}, item), item)
        rename_refs(top, REFS)
        each_object(top.get("components", {}), _mend_schema)
        each_object(top["paths"], _mend_schema)
        return self._new.finished()

    def _servers(self, target: dict[str, Any], source: Node) -> None:
        """Write `host`, `basePath` and `schemes` as servers; an operation has only schemes."""
        host = self._old.text("host")
        path = (self._old.text("basePath") or "").rstrip("/")
        schemes = source.texts("schemes") or self._old.texts("schemes")
        if host is None:
            urls = [path] if path else []
        else:
            urls = [f"{scheme}://{host}{path}" for scheme in schemes or ("https",)]
        if urls:
            place = self._old.get("host") or self._old.get("basePath") or source
            self._new.put_from(target, "servers", [{"url": url} for url in urls], place)

    def _components(self, top: dict[str, Any]) -> None:
        components: dict[str, Any] = {}
        schemas = components.setdefault("schemas", {})
        for name, node in _members(self._old, "definitions"):
            self._new.copy(schemas, name, node)
        parameters = components.setdefault("parameters", {})
        for name, node in _members(self._old, "parameters"):
            if node.text("in") not in ("body", "formData"):
                self._new.put_from(parameters, name, parameter_of(node), node)
        responses = components.setdefault("responses", {})
        for name, node in _members(self._old, "responses"):
            response_of(self._new, responses, name, node, self._produces)
        schemes = components.setdefault("securitySchemes", {})
        for name, node in _members(self._old, "securityDefinitions"):
            self._new.put_from(schemes, name, security_scheme_of(node), node)
        top["components"] = {name: part for name, part in components.items() if part}

    def _path(self, target: dict[str, Any], item: Node) -> None:
        self._new.copy_members(target, item, _PATH_MEMBERS)
        common = self._inputs(item)
        plain = [node for node in common if not _is_body(node)]
        self._parameters(target, plain)
        for method in METHODS:
            operation = item.get(method)
            if operation is not None:
                made = self._new.put_from(target, method, {}, operation)
                self._operation(made, operation, [n for n in common if _is_body(n)])

    def _operation(self, target: dict[str, Any], source: Node, common: list[Node]) -> None:
        self._new.copy_members(target, source, _OPERATION_MEMBERS)
        inputs = self._inputs(source)
        self._parameters(target, [node for node in inputs if not _is_body(node)])
        bodies = [node for node in inputs if _is_body(node)] or common
        consumes = source.texts("consumes") or self._consumes
        produces = source.texts("produces") or self._produces
        if bodies:
            body = body_of(self._new, bodies, consumes)
            self._new.put_from(target, "requestBody", body, bodies[0])
        responses: dict[str, Any] = {}
        target["responses"] = responses
        for status, response in _members(source, "responses"):
            if status.startswith("x-"):
                self._new.copy(responses, status, response)
            else:
                response_of(self._new, responses, status, response, produces)
        if source.has("schemes"):
            self._servers(target, source)

    def _inputs(self, owner: Node) -> list[Node]:
        """Return the parameters of a path or operation; shared bodies are looked up."""
        written = owner.get("parameters")
        nodes = list(written.elements()) if written is not None else []
        return [self._looked_up(node) for node in nodes]

    def _looked_up(self, node: Node) -> Node:
        target = self._shared.get(node.text("$ref") or "")
        return target if target is not None and _is_body(target) else node

    def _parameters(self, target: dict[str, Any], nodes: list[Node]) -> None:
        if nodes:
            written: list[Any] = []
            target["parameters"] = written
            for node in nodes:
                self._new.put_from(written, 0, parameter_of(node), node)


def _members(node: Node, name: str) -> list[tuple[str, Node]]:
    member = node.get(name)
    return list(member.items()) if member is not None else []


def _is_body(node: Node) -> bool:
    return node.text("in") in ("body", "formData")


def _mend_schema(members: dict[str, Any]) -> None:
    """Write what Swagger's schemas say otherwise: discriminators, files and nullability."""
    kind = members.get("discriminator")
    if isinstance(kind, str) and ("properties" in members or "allOf" in members):
        members["discriminator"] = {"propertyName": kind}
    if members.get("type") == "file":
        members["type"] = "string"
        members["format"] = "binary"
    if members.get("x-nullable") is True:
        members["nullable"] = True
