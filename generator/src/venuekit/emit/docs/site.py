"""What every page builder needs to know: the contract, its pages, and who uses what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from venuekit.contract import (
    ChannelBinding,
    Contract,
    FixBinding,
    HttpBinding,
    Message,
    Operation,
    RefSchema,
    Schema,
    WebhookBinding,
    Wire,
)
from venuekit.contract.walk import descend, operation_schemas
from venuekit.emit.docs.pages import Pages, link_to, pages
from venuekit.emit.docs.shapes import Shapes
from venuekit.emit.docs.text import code
from venuekit.origin import Origin, pointer_text

WIRE_WORDS = {
    Wire.REST: "REST",
    Wire.WEBSOCKET: "WebSocket",
    Wire.FIX: "FIX",
    Wire.WEBHOOK: "Webhooks",
}


@dataclass(frozen=True, slots=True)
class Site:
    """One contract with its pages; `samples` maps an operation to its programs by language."""

    contract: Contract
    pages: Pages
    schema_uses: Mapping[str, tuple[tuple[str, str], ...]]
    samples: Mapping[str, Mapping[str, str]]

    def shapes(self, page: str) -> Shapes:
        """Return the writer of schemas for one page."""
        return Shapes(self.contract, self.pages, page)

    def operations_with(self, message: str) -> Iterator[tuple[Operation, bool]]:
        """Yield the operations that a message takes part in; True where it is the reply."""
        for operation in self.contract.operations:
            match operation.binding:
                case HttpBinding() | WebhookBinding():
                    continue
                case (
                    ChannelBinding(messages=sent, reply=reply)
                    | FixBinding(messages=sent, reply=reply)
                ):
                    if message in sent:
                        yield operation, False
                    if reply is not None and message in reply.messages:
                        yield operation, True

    def operation_link(self, page: str, operation: Operation) -> str:
        """Return a link to an operation that names its wire."""
        words = link_to(page, self.pages.operation(operation), operation.name)
        return f"{words} ({WIRE_WORDS[operation.wire]})"

    def message_link(self, page: str, key: str) -> str:
        """Return a link to a message."""
        return link_to(page, self.pages.messages[key], self.contract.messages[key].name)


def site(contract: Contract, samples: Mapping[str, Mapping[str, str]]) -> Site:
    """Look once through the contract for what the pages say about each other."""
    found = pages(contract)
    return Site(contract, found, _schema_uses(contract, found), samples)


def origin_words(origin: Origin) -> str:
    """Return the place in the document as `file#/pointer`, without the folders of a machine."""
    name = PurePosixPath(origin.document.name.replace("\\", "/")).name
    return code(f"{name}#{pointer_text(origin.pointer)}")


def _schema_uses(contract: Contract, found: Pages) -> dict[str, tuple[tuple[str, str], ...]]:
    uses: dict[str, dict[tuple[str, str], None]] = {name: {} for name in contract.schemas}

    def note(schema: Schema, page: str, name: str) -> None:
        for inner in descend(schema):
            if isinstance(inner, RefSchema):
                uses[inner.name][page, name] = None

    for operation in contract.operations:
        for schema in operation_schemas(operation):
            note(schema, found.operation(operation), operation.name)
    for key, channel in contract.channels.items():
        for parameter in channel.parameters:
            note(parameter.schema, found.channels[key], channel.name)
        for inner in (channel.query, channel.headers):
            if inner is not None:
                note(inner, found.channels[key], channel.name)
    for key, message in contract.messages.items():
        for part in message_schemas(message):
            note(part, found.messages[key], message.name)
    for name, named in contract.schemas.items():
        note(named.schema, found.schemas[name], name)
    return {name: tuple(places) for name, places in uses.items()}


def message_schemas(message: Message) -> tuple[Schema, ...]:
    """Return the payload and headers of a message, where it has them."""
    return tuple(schema for schema in (message.payload, message.headers) if schema is not None)
