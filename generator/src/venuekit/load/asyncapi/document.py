"""Reads one AsyncAPI document: servers, channels, messages and operations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from venuekit.contract import (
    Channel,
    ChannelBinding,
    Counts,
    DocumentInfo,
    FixBinding,
    Operation,
    Reply,
    Requirement,
    SecurityScheme,
    Server,
    Wire,
)
from venuekit.load import domain
from venuekit.load.asyncapi import fix
from venuekit.load.asyncapi.channels import ChannelReader
from venuekit.load.asyncapi.messages import MessageReader
from venuekit.load.asyncapi.perspective import EXTENSION, client_action, perspective
from venuekit.load.asyncapi.traits import Traited, tag_names, with_traits
from venuekit.load.context import Context, Dialect
from venuekit.load.json_schema import SchemaReader
from venuekit.load.parts import Part
from venuekit.load.security import SecurityReader
from venuekit.load.signing_inputs import read_signing_inputs
from venuekit.origin import Pointer
from venuekit.source import Document, Node, root

_DOCUMENT_EXTENSIONS = frozenset({"x-errors", "x-rate-limit", EXTENSION})
_WIRES = {"ws": Wire.WEBSOCKET, "wss": Wire.WEBSOCKET, "fix": Wire.FIX, "fixs": Wire.FIX}


def load_asyncapi(
    context: Context, schemas: SchemaReader, security: SecurityReader, document: Document
) -> Part:
    """Return what the document says. Everything that is wrong or lost is in the report."""
    return _Loader(context, schemas, security, root(document)).part()


class _Loader:
    def __init__(
        self, context: Context, schemas: SchemaReader, security: SecurityReader, node: Node
    ) -> None:
        context = context.within(("asyncapi", node.text("asyncapi") or ""))
        self._context = context
        self._schemas = schemas
        self._security = security
        self._root = node
        self._side = perspective(node, context.report)
        self._server_keys: dict[tuple[Document, Pointer], str] = {}
        self._server_security: dict[str, tuple[Requirement, ...]] = {}
        self._schemes: dict[str, SecurityScheme] = {}
        self._read_schemes()
        self._servers = {server.key: server for server in self._read_servers()}
        self._messages = MessageReader(context, schemas, node.text("defaultContentType"))
        self._channels = ChannelReader(
            context, schemas, self._messages, self._servers, self._server_keys
        )

    def part(self) -> Part:
        named = self._name_schemas()
        for name, node in self._component("messages"):
            self._messages.key(name, node)
        for name, node in _items(self._root, "channels"):
            self._channels.read(name, node)
        operations = tuple(self._operations())
        return Part(
            info=self._info(),
            counts=Counts(
                operations=len(operations),
                channels=len(self._channels.channels),
                messages=len(self._messages.messages),
                schemas=len(set(named)),
            ),
            servers=tuple(self._servers.values()),
            operations=operations,
            channels=tuple(self._channels.channels.values()),
            messages=tuple(self._messages.messages.values()),
            security_schemes=tuple(self._schemes.values()),
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
            kind="asyncapi",
            format_version=self._root.text("asyncapi") or "",
            title=info.text("title") or "",
            version=info.text("version") or "",
            description=info.text("description"),
            origin=info.origin,
        )

    def _tags(self) -> dict[str, str | None]:
        info = self._root.get("info")
        written = info.get("tags") if info is not None else None
        tags: dict[str, str | None] = {}
        for reference in written.elements() if written is not None else ():
            tag = self._context.resolve(reference)
            if tag is not None:
                tags[tag.text("name") or ""] = tag.text("description")
        return tags

    def _component(self, key: str) -> Iterator[tuple[str, Node]]:
        components = self._root.get("components")
        return _items(components, key) if components is not None else iter(())

    def _name_schemas(self) -> list[str]:
        names = []
        for _, node in self._component("schemas"):
            if node.text("schemaFormat") is not None and node.has("schema"):
                inner = node.get("schema")
                assert inner is not None
                node = inner
            name = self._schemas.name(node, Dialect.ASYNCAPI)
            names.append(name if name is not None else str(node.pointer))
        return names

    def _read_schemes(self) -> None:
        for name, reference in self._component("securitySchemes"):
            node = self._context.resolve(reference, "SecurityScheme")
            scheme = self._security.scheme(name, node) if node is not None else None
            if scheme is not None:
                self._schemes[name] = scheme

    def _read_servers(self) -> Iterator[Server]:
        for key, reference in _items(self._root, "servers"):
            node = self._context.resolve(reference, "server")
            if node is None:
                continue
            protocol = node.text("protocol") or ""
            wire = _WIRES.get(protocol.lower())
            if wire is None:
                self._context.report.error(
                    "protocol-not-carried",
                    node.get("protocol") or node,
                    f"servers of the protocol {protocol!r} cannot be carried",
                    f"The protocols are {', '.join(_WIRES)}.",
                )
                continue
            self._server_keys[(node.document, node.pointer)] = key
            self._server_security[key] = self._requirements(node)
            yield _server(self._context, key, protocol, wire, node)

    def _requirements(self, holder: Node) -> tuple[Requirement, ...]:
        """Return the alternatives of AsyncAPI's `security`: a list of schemes or references."""
        found: list[Requirement] = []
        written = holder.get("security")
        for reference in written.elements() if written is not None else ():
            node = self._context.resolve(reference, "SecurityScheme")
            if node is None:
                continue
            name = _scheme_name(node)
            if name not in self._schemes:
                scheme = self._security.scheme(name, node)
                if scheme is not None:
                    self._schemes[name] = scheme
            scopes = reference.texts("scopes") or node.texts("scopes")
            found.append(Requirement(schemes=((name, scopes),), origin=reference.origin))
        return tuple(found)

    def _operations(self) -> Iterator[Operation]:
        for name, reference in _items(self._root, "operations"):
            node = self._context.resolve(reference, "operation")
            operation = self._operation(name, node) if node is not None else None
            if operation is not None:
                yield operation

    def _operation(self, name: str, node: Node) -> Operation | None:
        written = with_traits(self._context, node)
        reference = node.get("channel")
        key = self._channels.key(reference) if reference is not None else None
        if key is None:
            return None
        channel = self._channels.channels[key]
        reply = self._reply(node)
        binding = (FixBinding if channel.wire is Wire.FIX else ChannelBinding)(
            channel=key, messages=self._message_keys(node, channel), reply=reply
        )
        return Operation(
            name=name,
            action=client_action(node.text("action"), reply is not None, self._side),
            binding=binding,
            summary=written.text("summary") or written.text("title"),
            description=written.text("description"),
            tags=tag_names(self._context, written.all("tags")),
            effect=domain.read_effect(node),
            dedup_key=node.text("x-dedup-key"),
            lacks_dedup_key=node.members.get("x-dedup-key") is False,
            security=self._operation_security(written, channel),
            limits=domain.read_limit_costs(node),
            errors=node.texts("x-errors"),
            is_deprecated=written.flag("deprecated") or written.flag("x-deprecated"),
            stability=domain.read_stability(node),
            sunset=node.text("x-sunset"),
            signing_inputs=read_signing_inputs(self._context, node),
            extensions=domain.other_extensions(node, domain.OPERATION_EXTENSIONS),
            origin=node.origin,
        )

    def _operation_security(self, written: Traited, channel: Channel) -> tuple[Requirement, ...]:
        """Return what an operation demands, or else what connecting to its server demands."""
        own = written.get("security")
        if own is not None:
            holder = Node(own.document, own.pointer[:-1], {"security": own.value})
            return self._requirements(holder)
        for key in channel.servers or self._servers:
            if self._server_security.get(key):
                return self._server_security[key]
        return ()

    def _message_keys(self, node: Node, channel: Channel | None) -> tuple[str, ...]:
        """Return the messages listed, or all of the channel's when none are."""
        listed = node.get("messages")
        if listed is None:
            return tuple(dict.fromkeys(key for _, key in channel.messages)) if channel else ()
        keys = [self._messages.key("message", reference) for reference in listed.elements()]
        return tuple(key for key in keys if key is not None)

    def _reply(self, node: Node) -> Reply | None:
        written = node.get("reply")
        reply = self._context.resolve(written) if written is not None else None
        if reply is None:
            return None
        reference = reply.get("channel")
        key = self._channels.key(reference) if reference is not None else None
        address = reply.get("address")
        located = self._context.resolve(address) if address is not None else None
        return Reply(
            messages=self._message_keys(reply, self._channels.channels.get(key or "")),
            channel=key,
            address_location=located.text("location") if located is not None else None,
            origin=reply.origin,
        )


def _scheme_name(node: Node) -> str:
    """Return the name of a scheme: its key, or where it stands when it is written in place."""
    if not node.pointer:
        return PurePath(node.document.name).name.split(".")[0]
    last = node.pointer[-1]
    return last if isinstance(last, str) else "-".join(map(str, node.pointer))


def _items(node: Node, key: str) -> Iterator[tuple[str, Node]]:
    written = node.get(key)
    return written.items() if written is not None else iter(())


def _server(context: Context, key: str, protocol: str, wire: Wire, node: Node) -> Server:
    variables: dict[str, str] = {}
    for name, reference in _items(node, "variables"):
        variable = context.resolve(reference)
        variables[name] = (variable.text("default") or "") if variable is not None else ""
    return Server(
        key=key,
        url=f"{protocol}://{node.text('host') or ''}{node.text('pathname') or ''}",
        wire=wire,
        protocol=protocol,
        title=node.text("title"),
        description=node.text("description") or node.text("summary"),
        variables=variables,
        fix=fix.read_session(node),
        origin=node.origin,
    )
