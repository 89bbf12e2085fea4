"""Reads messages, each once, whichever channels and operations refer to it."""

from __future__ import annotations

from venuekit.contract import JsonValue, Message, Schema
from venuekit.contract.message import Refusal
from venuekit.load.asyncapi import fix
from venuekit.load.asyncapi.traits import Traited, tag_names, with_traits
from venuekit.load.context import Context, Dialect
from venuekit.load.json_schema import SchemaReader
from venuekit.origin import Pointer
from venuekit.source import Document, Node

_OURS = frozenset({"x-fix", "x-refusal"})
_FORMATS = (
    ("application/vnd.aai.asyncapi", Dialect.ASYNCAPI),
    ("application/schema+json;version=draft-07", Dialect.ASYNCAPI),
    ("application/schema+yaml;version=draft-07", Dialect.ASYNCAPI),
    ("application/schema+json;version=2020-12", Dialect.JSON_SCHEMA_2020),
    ("application/schema+yaml;version=2020-12", Dialect.JSON_SCHEMA_2020),
    ("application/vnd.oai.openapi;version=3.0", Dialect.OPENAPI_30),
    ("application/vnd.oai.openapi+json;version=3.0", Dialect.OPENAPI_30),
    ("application/vnd.oai.openapi+yaml;version=3.0", Dialect.OPENAPI_30),
    ("application/vnd.oai.openapi;version=3.1", Dialect.JSON_SCHEMA_2020),
)


class MessageReader:
    """Gives each message its key and reads it; `messages` holds them by key."""

    def __init__(self, context: Context, schemas: SchemaReader, content_type: str | None) -> None:
        self._context = context
        self._schemas = schemas
        self._content_type = content_type
        self._keys: dict[tuple[Document, Pointer], str] = {}
        self.messages: dict[str, Message] = {}

    def key(self, name: str, reference: Node, channel: str | None = None) -> str | None:
        """Return the key of the message at a reference, reading it when it is new.

        A message of `components` has its name there; one that a channel writes itself has
        the channel's name before its own where its own is taken.
        """
        node = self._context.resolve(reference, "messageObject")
        if node is None:
            return None
        place = (node.document, node.pointer)
        if place not in self._keys:
            name = str(node.pointer[-1]) if node.pointer else name
            key = name
            if key in self.messages and channel is not None:
                key = f"{channel}.{name}"
            while key in self.messages:
                key += "_"
            self._keys[place] = key
            self.messages[key] = self._message(key, name, node)
        return self._keys[place]

    def _message(self, key: str, name: str, node: Node) -> Message:
        written = with_traits(self._context, node)
        correlation = written.get("correlationId")
        located = self._context.resolve(correlation) if correlation is not None else None
        layout = written.get("x-fix")
        resolved_layout = self._context.resolve(layout) if layout is not None else None
        payload = written.get("payload")
        return Message(
            key=key,
            name=written.text("name") or name,
            payload=self._schema(payload) if payload is not None else None,
            headers=self._headers(written),
            content_type=written.text("contentType") or self._content_type,
            correlation=located.text("location") if located is not None else None,
            title=written.text("title"),
            summary=written.text("summary"),
            description=written.text("description"),
            tags=tag_names(self._context, written.all("tags")),
            is_deprecated=written.flag("deprecated"),
            examples=self._examples(written),
            fix=fix.read_message(resolved_layout),
            refusal=self._refusal(written.get("x-refusal")),
            extensions={
                member: value
                for member, value in written.members().items()
                if member.startswith("x-") and member not in _OURS
            },
            origin=node.origin,
        )

    def _refusal(self, written: Node | None) -> Refusal | None:
        """Read `x-refusal`; what its JSON Schema refuses was reported."""
        node = self._context.resolve(written) if written is not None else None
        code = node.text("code") if node is not None else None
        if node is None or not code:
            return None
        return Refusal(code=code, message=node.text("message"), origin=node.origin)

    def _headers(self, written: Traited) -> Schema | None:
        levels = [self._schema(level) for level in written.all("headers")]
        found = [level for level in levels if level is not None]
        return self._schemas.all_of(found, written.own.origin) if found else None

    def _schema(self, node: Node) -> Schema | None:
        """Return a payload's schema, in the format that it names (Multi Format Schema)."""
        word = node.text("schemaFormat")
        schema = node.get("schema")
        if word is None or schema is None:
            return self._schemas.read(node, Dialect.ASYNCAPI)
        plain = word.replace(" ", "")
        for prefix, dialect in _FORMATS:
            if plain.startswith(prefix):
                return self._schemas.read(schema, dialect)
        self._context.report.error(
            "schema-format-not-carried",
            node,
            f"a schema in the format {word!r} cannot be carried",
            "Describe the payload by JSON Schema.",
        )
        return None

    def _examples(self, written: Traited) -> tuple[JsonValue, ...]:
        examples = written.get("examples")
        return tuple(
            example.members["payload"]
            for example in (examples.elements() if examples is not None else ())
            if example.has("payload")
        )
