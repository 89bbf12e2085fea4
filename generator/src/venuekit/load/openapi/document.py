"""Reads one OpenAPI document: servers, security, tags and every operation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from venuekit.contract import (
    Action,
    Counts,
    DocumentInfo,
    HttpBinding,
    Operation,
    Parameter,
    SecurityScheme,
    Server,
    WebhookBinding,
    Wire,
)
from venuekit.load import domain
from venuekit.load.context import Context, Dialect
from venuekit.load.json_schema import SchemaReader
from venuekit.load.openapi.contents import ContentReader
from venuekit.load.openapi.path_query import Split, without_query
from venuekit.load.openapi.paths import (
    WrittenCall,
    WrittenOperation,
    written_callbacks,
    written_calls,
    written_operations,
)
from venuekit.load.parts import Part
from venuekit.load.security import SecurityReader, named_requirements
from venuekit.load.signing_inputs import read_signing_inputs
from venuekit.source import Document, Node, root

_DOCUMENT_EXTENSIONS = frozenset({"x-errors", "x-rate-limit"})


def load_openapi(
    context: Context, schemas: SchemaReader, security: SecurityReader, document: Document
) -> Part:
    """Return what the document says. Everything that is wrong or lost is in the report."""
    return _Loader(context, schemas, security, root(document)).part()


class _Loader:
    def __init__(
        self, context: Context, schemas: SchemaReader, security: SecurityReader, node: Node
    ) -> None:
        self._version = node.text("openapi") or ""
        context = context.within(("openapi", self._version[:3]))
        self._context = context
        self._schemas = schemas
        self._security = security
        self._root = node
        self._dialect = (
            Dialect.OPENAPI_30 if self._version.startswith("3.0") else Dialect.JSON_SCHEMA_2020
        )
        self._contents = ContentReader(context, schemas, self._dialect)
        self._extra_servers: list[Server] = []
        self._names: set[str] = set()
        self._asking: list[tuple[str, Node]] = []

    def part(self) -> Part:
        named = self._name_schemas()
        schemes = tuple(self._schemes())
        servers = tuple(self._servers(self._root, "rest"))
        known = self._known_schemes()
        operations = (*self._operations(known), *self._calls(known))
        return Part(
            info=self._info(),
            counts=Counts(
                operations=len(operations), channels=0, messages=0, schemas=len(set(named))
            ),
            servers=(*servers, *self._extra_servers),
            operations=operations,
            security_schemes=schemes,
            errors=domain.read_error_codes(self._context, self._root),
            limits=domain.read_limit_buckets(self._context, self._root),
            tags=self._tags(),
            extensions=domain.other_extensions(self._root, _DOCUMENT_EXTENSIONS),
            origin=self._root.origin,
        )

    def _info(self) -> DocumentInfo:
        info = self._root.get("info") or self._root
        return DocumentInfo(
            file=self._root.document.name,
            kind="openapi",
            format_version=self._version,
            title=info.text("title") or "",
            version=info.text("version") or "",
            description=info.text("description") or info.text("summary"),
            origin=info.origin,
        )

    def _name_schemas(self) -> list[str]:
        """Give every component schema its name, used or not."""
        components = self._root.get("components")
        schemas = components.get("schemas") if components is not None else None
        names = []
        for _, node in schemas.items() if schemas is not None else ():
            name = self._schemas.name(node, self._dialect)
            names.append(name if name is not None else str(node.pointer))
        return names

    def _schemes_node(self) -> Node | None:
        components = self._root.get("components")
        return components.get("securitySchemes") if components is not None else None

    def _known_schemes(self) -> frozenset[str]:
        written = self._schemes_node()
        return frozenset(written.members) if written is not None else frozenset()

    def _schemes(self) -> Iterator[SecurityScheme]:
        written = self._schemes_node()
        for name, reference in written.items() if written is not None else ():
            node = self._context.resolve(reference, "security-scheme")
            scheme = self._security.scheme(name, node) if node is not None else None
            if scheme is not None:
                yield scheme

    def _servers(self, node: Node, key: str) -> Iterator[Server]:
        written = node.get("servers")
        for index, server in enumerate(written.elements() if written is not None else ()):
            variables = server.get("variables")
            yield Server(
                key=key if index == 0 else f"{key}-{index + 1}",
                url=server.text("url") or "/",
                wire=Wire.REST,
                protocol=(server.text("url") or "").split(":", 1)[0] or "https",
                title=server.text("name"),
                description=server.text("description"),
                variables={
                    name: variable.text("default") or ""
                    for name, variable in (variables.items() if variables is not None else ())
                },
                origin=server.origin,
            )

    def _tags(self) -> dict[str, str | None]:
        written = self._root.get("tags")
        return {
            tag.text("name") or "": tag.text("description")
            for tag in (written.elements() if written is not None else ())
        }

    def _operations(self, known: frozenset[str]) -> Iterator[Operation]:
        for written in written_operations(self._context, self._root):
            name, is_derived = self._name(written)
            self._asking.append((name, written.node))
            yield self._operation(written, name, is_derived, known)

    def _operation(
        self, written: WrittenOperation, name: str, is_derived: bool, known: frozenset[str]
    ) -> Operation:
        node = written.node
        split = self._split_path(written)
        security = node.get("security") or self._root.get("security")
        return Operation(
            name=name,
            action=Action.REQUEST,
            binding=HttpBinding(
                method=written.method,
                path=split.path,
                parameters=split.parameters,
                body=self._contents.body(node),
                responses=self._contents.responses(node),
            ),
            summary=node.text("summary") or written.path_item.text("summary"),
            description=node.text("description") or written.path_item.text("description"),
            tags=node.texts("tags"),
            effect=domain.read_effect(node),
            dedup_key=node.text("x-dedup-key"),
            lacks_dedup_key=node.members.get("x-dedup-key") is False,
            security=named_requirements(self._context, security, known),
            limits=domain.read_limit_costs(node),
            errors=node.texts("x-errors"),
            is_deprecated=node.flag("deprecated"),
            stability=domain.read_stability(node),
            sunset=node.text("x-sunset"),
            is_name_derived=is_derived,
            servers=self._own_servers(written, name),
            signing_inputs=read_signing_inputs(self._context, node),
            extensions=domain.other_extensions(node, domain.OPERATION_EXTENSIONS),
            origin=node.origin,
        )

    def _calls(self, known: frozenset[str]) -> Iterator[Operation]:
        """Yield what the venue calls at the client: webhooks, and callbacks of operations."""
        for call in written_calls(self._context, self._root):
            yield self._call(call, None, known)
        for name, node in self._asking:
            for call in written_callbacks(self._context, node):
                yield self._call(call, name, known)

    def _call(self, call: WrittenCall, asked_by: str | None, known: frozenset[str]) -> Operation:
        written = call.operation
        node = written.node
        name, is_derived = self._name(written, call.name)
        security = node.get("security") or self._root.get("security")
        return Operation(
            name=name,
            action=Action.RECEIVE,
            binding=WebhookBinding(
                name=call.name,
                method=written.method,
                address=call.address,
                asked_by=asked_by,
                parameters=self._contents.parameters(written.path_item, node),
                body=self._contents.body(node),
                responses=self._contents.responses(node),
            ),
            summary=node.text("summary") or written.path_item.text("summary"),
            description=node.text("description") or written.path_item.text("description"),
            tags=node.texts("tags"),
            security=named_requirements(self._context, security, known),
            is_deprecated=node.flag("deprecated"),
            stability=domain.read_stability(node),
            sunset=node.text("x-sunset"),
            is_name_derived=is_derived,
            extensions=domain.other_extensions(node, domain.OPERATION_EXTENSIONS),
            origin=node.origin,
        )

    def _own_servers(self, written: WrittenOperation, name: str) -> tuple[str, ...]:
        """Return the keys of the servers that one operation or path alone has."""
        for level in (written.node, written.path_item):
            if level.has("servers"):
                servers = list(self._servers(level, f"rest-{name}"))
                self._extra_servers.extend(servers)
                return tuple(server.key for server in servers)
        return ()

    def _name(self, written: WrittenOperation, call: str | None = None) -> tuple[str, bool]:
        """Return the operation's name; where none is, one is derived from method and path.

        A call of the venue without a name is called after its webhook: `onOrderFilled`.
        """
        stated = written.name or written.node.text("operationId")
        if stated:
            if stated in self._names:
                self._context.report.error(
                    "invalid-document",
                    written.node.get("operationId") or written.node,
                    f"the operationId {stated!r} stands twice",
                    "Give each operation its own (OpenAPI 3.1 section 4.8.10).",
                )
            self._names.add(stated)
            return stated, False
        derived = wish = (
            derived_name(written.method, written.path) if call is None else derived_name("on", call)
        )
        number = 2
        while derived in self._names:
            derived, number = f"{wish}{number}", number + 1
        self._names.add(derived)
        self._context.report.info(
            "derived-operation-name",
            written.node,
            f"{written.method} {call or written.path} has no operationId; it is called {derived!r}",
            "Write an operationId, so that the name stays when the path changes.",
        )
        return derived, True

    def _split_path(self, written: WrittenOperation) -> Split:
        """Return the path without a query, and the parameters; report what fits no place."""
        parameters = self._contents.parameters(written.path_item, written.node)
        self._check_path(written, parameters)
        split = without_query(written.path, parameters, written.path_item.origin)
        for pair in split.uncarried:
            self._context.report.error(
                "path-query-not-carried",
                written.node,
                f"the query of the path {written.path} has {pair}, which is text and template",
                "Describe it under `parameters` with `in: query`, and take it out of the path.",
            )
        return split

    def _check_path(self, written: WrittenOperation, parameters: tuple[Parameter, ...]) -> None:
        """Report path parameters without a place in the path and the other way round."""
        in_path = set(re.findall(r"\{([^{}]*)\}", written.path))
        query = written.path.partition("#")[0].partition("?")[2]
        in_query = set(re.findall(r"\{([^{}]*)\}", query))
        declared = {p.name for p in parameters if p.location == "path"}
        declared |= {p.name for p in parameters if p.location == "query"} & in_query
        for name in sorted(in_path - declared):
            self._context.report.error(
                "invalid-document",
                written.node,
                f"the path {written.path} has {{{name}}} and no path parameter of that name",
                "Describe it under `parameters` with `in: path`.",
            )
        for name in sorted(declared - in_path):
            self._context.report.error(
                "invalid-document",
                written.node,
                f"the path parameter {name!r} does not stand in the path {written.path}",
                "Put it into the path as {" + name + "}, or drop it.",
            )


def derived_name(method: str, path: str) -> str:
    """Return the name of an operation without operationId: `getOrdersByOrderId`."""
    words = [method.lower()]
    for segment in path.split("/"):
        for word in re.findall(r"\{[^{}]*\}|[^{}]+", segment):
            letters = [part for part in re.split(r"[^0-9A-Za-z]+", word) if part]
            if word.startswith("{"):
                letters.insert(0, "by")
            words.extend(letters)
    return words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:])
