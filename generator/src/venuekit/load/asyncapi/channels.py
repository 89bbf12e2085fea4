"""Reads channels: address, parameters, messages, handshake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from venuekit.contract import (
    Channel,
    ConstSchema,
    EnumSchema,
    Location,
    Parameter,
    Schema,
    Server,
    StringSchema,
    Wire,
)
from venuekit.load import domain
from venuekit.load.asyncapi.messages import MessageReader
from venuekit.load.asyncapi.traits import tag_names
from venuekit.load.context import Context, Dialect
from venuekit.load.json_schema import SchemaReader
from venuekit.load.schema_notes import read_notes
from venuekit.origin import Pointer
from venuekit.source import Document, Node

_OURS = frozenset({"x-stream"})


class ChannelReader:
    """Reads channels and remembers their keys by place."""

    def __init__(
        self,
        context: Context,
        schemas: SchemaReader,
        messages: MessageReader,
        servers: Mapping[str, Server],
        server_keys: Mapping[tuple[Document, Pointer], str],
    ) -> None:
        self._context = context
        self._schemas = schemas
        self._messages = messages
        self._servers = servers
        self._server_keys = server_keys
        self._keys: dict[tuple[Document, Pointer], str] = {}
        self.channels: dict[str, Channel] = {}

    def read(self, name: str, reference: Node) -> None:
        """Read a channel of the document's `channels`."""
        node = self._context.resolve(reference, "channel")
        if node is None:
            return
        self._keys[(node.document, node.pointer)] = name
        servers = tuple(self._server_names(node))
        bindings = self._bindings(node)
        self.channels[name] = Channel(
            key=name,
            name=name,
            address=node.text("address"),
            wire=self._wire(node, servers),
            parameters=tuple(self._parameters(node)),
            messages=tuple(self._channel_messages(name, node)),
            servers=servers,
            title=node.text("title"),
            summary=node.text("summary"),
            description=node.text("description"),
            tags=tag_names(self._context, [tags] if (tags := node.get("tags")) else []),
            stream=domain.read_stream(node),
            query=self._binding_schema(bindings, "query"),
            headers=self._binding_schema(bindings, "headers"),
            extensions=domain.other_extensions(node, _OURS),
            origin=node.origin,
        )

    def key(self, reference: Node) -> str | None:
        """Return the key of the channel that an operation refers to."""
        node = self._context.resolve(reference)
        if node is None:
            return None
        key = self._keys.get((node.document, node.pointer))
        if key is None:
            self._context.report.error(
                "unresolved-reference",
                reference,
                "an operation refers to something that is not in this document's channels",
                f"The channels are {', '.join(self.channels) or 'none'}.",
            )
        return key

    def _channel_messages(self, channel: str, node: Node) -> Iterator[tuple[str, str]]:
        written = node.get("messages")
        for name, reference in written.items() if written is not None else ():
            key = self._messages.key(name, reference, channel)
            if key is not None:
                yield name, key

    def _server_names(self, node: Node) -> Iterator[str]:
        written = node.get("servers")
        for reference in written.elements() if written is not None else ():
            server = self._context.resolve(reference)
            key = self._server_keys.get((server.document, server.pointer)) if server else None
            if key is not None:
                yield key

    def _wire(self, node: Node, servers: tuple[str, ...]) -> Wire:
        wires = {self._servers[key].wire for key in servers or self._servers}
        if len(wires) > 1:
            self._context.report.error(
                "channel-on-two-wires",
                node,
                "the channel is served over WebSocket and over FIX",
                "List the servers of one wire under `servers` of the channel.",
            )
        return next(iter(sorted(wires)), Wire.WEBSOCKET)

    def _parameters(self, node: Node) -> Iterator[Parameter]:
        written = node.get("parameters")
        for name, reference in written.items() if written is not None else ():
            parameter = self._context.resolve(reference, "parameter")
            if parameter is None:
                continue
            yield Parameter(
                name=name,
                location=Location.PATH,
                schema=_parameter_schema(parameter),
                is_required=True,
                style="simple",
                is_exploded=False,
                description=parameter.text("description"),
                examples=parameter.texts("examples"),
                origin=parameter.origin,
            )

    def _bindings(self, node: Node) -> Node | None:
        written = node.get("bindings")
        bindings = self._context.resolve(written) if written is not None else None
        ws = bindings.get("ws") if bindings is not None else None
        return self._context.resolve(ws) if ws is not None else None

    def _binding_schema(self, bindings: Node | None, key: str) -> Schema | None:
        schema = bindings.get(key) if bindings is not None else None
        return self._schemas.read(schema, Dialect.ASYNCAPI) if schema is not None else None


def _parameter_schema(parameter: Node) -> Schema:
    """Return the schema of a channel parameter, which is always text (AsyncAPI 3.0)."""
    notes = read_notes(parameter)
    values = parameter.texts("enum")
    if len(values) == 1:
        return ConstSchema(notes=notes, value=values[0])
    return EnumSchema(notes=notes, values=values) if values else StringSchema(notes=notes)
