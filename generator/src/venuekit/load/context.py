"""What the loaders of one run share: references, findings and the names of schemas."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from venuekit.contract import JsonValue
from venuekit.load.dialect import Dialect
from venuekit.load.findings import Report
from venuekit.load.validity import Format, judge_part
from venuekit.origin import Origin, Pointer
from venuekit.source import Document, Node, Resolver, SourceError

__all__ = ["Context", "Dialect", "is_reference"]


@dataclass(frozen=True, slots=True)
class Context:
    """References are followed and findings are kept through here.

    `judged` are the documents that the format's own judge has seen whole; what they refer to
    in other files is judged part by part, as `format` says, each part once.
    """

    resolver: Resolver
    report: Report
    judged: set[Document] = field(default_factory=set)
    format: Format | None = None
    judged_parts: set[tuple[Document, Pointer]] = field(default_factory=set)

    def within(self, format_: Format) -> Context:
        """Return this context for the parts of a document of one format."""
        return dataclasses.replace(self, format=format_)

    def resolve(self, node: Node, part: str | None = None) -> Node | None:
        """Return what the node, or its `$ref`, says; None after reporting why it cannot.

        `part` is what the format calls it; a part in a file of its own is judged by that.
        """
        try:
            found = self.resolver.resolve(node)
        except SourceError as error:
            self.report.add(error)
            return None
        if part is not None and self.format is not None and found.document not in self.judged:
            place = (found.document, found.pointer)
            if place not in self.judged_parts:
                self.judged_parts.add(place)
                judge_part(found, self.format, part, self.report)
        return found

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
