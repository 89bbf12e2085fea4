"""What the loaders of one run share: references, findings and the names of schemas."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from venuekit.contract import JsonValue
from venuekit.load.findings import Report
from venuekit.origin import Origin
from venuekit.source import Document, Node, Resolver, SourceError


class Dialect(Enum):
    """Which JSON Schema a document speaks."""

    OPENAPI_30 = auto()
    JSON_SCHEMA_2020 = auto()
    ASYNCAPI = auto()

    @property
    def honours_ref_siblings(self) -> bool:
        """Whether keywords beside a `$ref` count (JSON Schema 2019-09 and later)."""
        return self is Dialect.JSON_SCHEMA_2020


@dataclass(frozen=True, slots=True)
class Context:
    """References are followed and findings are kept through here.

    `judged` are the documents that the format's own judge has seen whole; what they refer to
    in other files is judged part by part.
    """

    resolver: Resolver
    report: Report
    judged: set[Document] = field(default_factory=set)

    def resolve(self, node: Node) -> Node | None:
        """Return what the node, or its `$ref`, says; None after reporting why it cannot."""
        try:
            return self.resolver.resolve(node)
        except SourceError as error:
            self.report.add(error)
            return None

    def follow(self, node: Node) -> Node | None:
        """Return what the `$ref` of a node names, one hop; None after reporting why not."""
        try:
            return self.resolver.follow(node)
        except SourceError as error:
            self.report.add(error)
            return None

    def resolved(self, value: JsonValue, origin: Origin) -> tuple[JsonValue, Origin]:
        """Return a value and its place after its `$ref`, for readers of extensions.

        Raises SourceError.
        """
        document = origin.document
        assert isinstance(document, Document)
        node = self.resolver.resolve(Node(document, origin.pointer, value))
        return node.value, node.origin


def is_reference(node: Node) -> bool:
    """Say whether the node is an object with a textual `$ref`."""
    return node.text("$ref") is not None
