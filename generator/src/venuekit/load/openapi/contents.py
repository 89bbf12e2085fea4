"""Reads what an operation takes and gives: parameters, bodies, responses, headers."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import (
    AnySchema,
    Body,
    ConstSchema,
    Content,
    Header,
    JsonValue,
    Location,
    NullableSchema,
    Parameter,
    Response,
    Schema,
    UnionSchema,
)
from venuekit.load.context import Context, Dialect
from venuekit.load.json_schema import SchemaReader
from venuekit.load.schema_notes import bare_notes
from venuekit.source import Node

_STYLES = {
    Location.PATH: "simple",
    Location.QUERY: "form",
    Location.HEADER: "simple",
    Location.COOKIE: "form",
}
_WITHOUT_CONTENT = frozenset({"204", "205", "304"})
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})


class ContentReader:
    """Reads the parts of operations in one dialect."""

    def __init__(self, context: Context, schemas: SchemaReader, dialect: Dialect) -> None:
        self._context = context
        self._schemas = schemas
        self._dialect = dialect

    def parameters(self, path_item: Node, operation: Node) -> tuple[Parameter, ...]:
        """Return an operation's parameters over those of its path (4.8.9, 4.8.10)."""
        merged: dict[tuple[str, str], Parameter] = {}
        for level in (path_item, operation):
            seen: set[tuple[str, str]] = set()
            for node in self._written_parameters(level):
                key = (node.text("name") or "", node.text("in") or "")
                if key in seen:
                    self._context.report.error(
                        "invalid-document",
                        node,
                        f"the {key[1]} parameter {key[0]!r} stands twice",
                        "Keep one of the two.",
                    )
                seen.add(key)
                parameter = self._parameter(node)
                if parameter is not None:
                    merged[key] = parameter
        return tuple(merged.values())

    def body(self, operation: Node) -> Body | None:
        """Return the request body of an operation."""
        written = operation.get("requestBody")
        node = self._context.resolve(written, "request-body") if written is not None else None
        if node is None:
            return None
        return Body(
            is_required=node.flag("required"),
            contents=tuple(self._contents(node)),
            description=node.text("description"),
            origin=node.origin,
        )

    def responses(self, operation: Node) -> tuple[Response, ...]:
        """Return the answers of an operation by status, in the document's order."""
        written = operation.get("responses")
        found = []
        for status, reference in written.items() if written is not None else ():
            if status.startswith("x-"):
                continue
            node = self._context.resolve(reference, "response")
            if node is None:
                continue
            links = node.get("links")
            if links is not None and links.members:
                self._context.report.warning(
                    "link-not-carried",
                    links,
                    "links between operations are not carried",
                    "Nothing but the links is lost.",
                )
            found.append(
                Response(
                    status=status if status == "default" else status.upper(),
                    description=node.text("description") or "",
                    contents=self._answered(status, node),
                    headers=tuple(self._headers(node)),
                    origin=node.origin,
                )
            )
        return tuple(found)

    def _answered(self, status: str, node: Node) -> tuple[Content, ...]:
        """Return what an answer holds: nothing under a status that has no content (RFC 9110)."""
        contents = tuple(self._contents(node))
        if status not in _WITHOUT_CONTENT or not contents:
            return contents
        self._context.report.warning(
            "content-without-effect",
            node.get("content") or node,
            f"an answer with status {status} has no content (RFC 9110), so none is read",
            "Take the content out, or answer with 200.",
        )
        return ()

    def _written_parameters(self, level: Node) -> Iterator[Node]:
        written = level.get("parameters")
        for reference in written.elements() if written is not None else ():
            node = self._context.resolve(reference, "parameter")
            if node is not None:
                yield node

    def _parameter(self, node: Node) -> Parameter | None:
        name = node.text("name") or ""
        word = node.text("in") or ""
        if word not in list(Location):
            self._context.report.error(
                "parameter-not-carried",
                node,
                f"a parameter in {word!r} cannot be carried",
                "Say it as parameters in path, query, header or cookie.",
            )
            return None
        location = Location(word)
        if location is Location.HEADER and name.lower() in _IGNORED_HEADERS:
            self._context.report.info(
                "parameter-ignored",
                node,
                f"OpenAPI ignores the header parameter {name!r}",
                "Bodies, responses and security schemes say it.",
            )
            return None
        if node.flag("allowEmptyValue"):
            self._context.report.info(
                "parameter-ignored",
                node.get("allowEmptyValue") or node,
                "allowEmptyValue is not carried; an empty text can be sent without it",
                "Drop it; OpenAPI means to remove it.",
            )
        schema, media_type = self._schema(node)
        if media_type is None and _has_compound_values(schema):
            self._refuse_compound_values(node, name)
        style = node.text("style") or _STYLES[location]
        explode = node.members.get("explode", style in ("form", "cookie"))
        return Parameter(
            name=name,
            location=location,
            schema=schema,
            is_required=node.flag("required"),
            style=style,
            is_exploded=explode is True,
            allows_reserved=node.flag("allowReserved"),
            content_type=media_type,
            description=node.text("description"),
            is_deprecated=node.flag("deprecated"),
            examples=self.examples(node),
            origin=node.origin,
        )

    def _refuse_compound_values(self, node: Node, name: str) -> None:
        self._context.report.error(
            "schema-not-carried",
            node,
            f"the parameter {name!r} is one of several lists or objects, and no style says how",
            "Describe the items, or wrap the parameter in `content: {application/json: ...}`.",
        )

    def _schema(self, node: Node) -> tuple[Schema, str | None]:
        """Return the schema of a parameter or header, and the media type that wraps it."""
        schema = node.get("schema")
        if schema is not None:
            return self._schemas.read(schema, self._dialect), None
        for content in self._contents(node):
            if content.schema is not None:
                return content.schema, content.media_type
            return AnySchema(notes=bare_notes(content.origin)), content.media_type
        return AnySchema(notes=bare_notes(node.origin)), None

    def _contents(self, node: Node) -> Iterator[Content]:
        written = node.get("content")
        for media_type, reference in written.items() if written is not None else ():
            if media_type.startswith("x-"):
                continue
            content = self._context.resolve(reference)
            if content is None:
                continue
            schema = content.get("schema") or content.get("itemSchema")
            if content.has("itemSchema"):
                self._context.report.error(
                    "content-not-carried",
                    content,
                    "a sequence of items (itemSchema) cannot be carried yet",
                    "Describe the stream as an AsyncAPI channel.",
                )
            encoding = content.get("encoding")
            yield Content(
                media_type=media_type,
                schema=self._schemas.read(schema, self._dialect) if schema is not None else None,
                examples=self.examples(content),
                encoding=encoding.members if encoding is not None else {},
                origin=content.origin,
            )

    def _headers(self, node: Node) -> Iterator[Header]:
        written = node.get("headers")
        for name, reference in written.items() if written is not None else ():
            header = self._context.resolve(reference, "header")
            if header is None or name.lower() == "content-type":
                continue
            yield Header(
                name=name,
                schema=self._schema(header)[0],
                is_required=header.flag("required"),
                description=header.text("description"),
                origin=header.origin,
            )

    def examples(self, node: Node) -> tuple[JsonValue, ...]:
        """Return the examples of a parameter or content, with references followed."""
        found: list[JsonValue] = []
        if node.has("example"):
            found.append(node.members["example"])
        written = node.get("examples")
        for _, reference in written.items() if written is not None else ():
            example = self._context.resolve(reference, "example")
            if example is None:
                continue
            if example.has("externalValue"):
                self._context.report.info(
                    "example-not-carried",
                    example,
                    "an example in another place (externalValue) is not read",
                    "Write the value here.",
                )
            for key in ("value", "dataValue"):
                if example.has(key):
                    found.append(example.members[key])
        return tuple(found)


def _has_compound_values(schema: Schema) -> bool:
    """Say whether a schema is an enum of which some values are lists or objects."""
    inner = schema.inner if isinstance(schema, NullableSchema) else schema
    variants = inner.variants if isinstance(inner, UnionSchema) else ()
    return any(isinstance(v, ConstSchema) and isinstance(v.value, list | dict) for v in variants)
