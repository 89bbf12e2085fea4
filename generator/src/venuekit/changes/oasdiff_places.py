"""Where one of oasdiff's results stands in the user's later document.

oasdiff gives lines for YAML alone, and none in the later document for what is gone. So what it
names (operation, status, parameter, property) is looked up here; what is gone is shown at
its nearest parent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from venuekit.changes.oasdiff_run import Result
from venuekit.origin import Origin, Place
from venuekit.source import Document, Node, Resolver, SourceError, root
from venuekit.source.errors import FixedPlace

_LITERAL = re.compile(r"`([^`]*)`")
_PROPERTY = re.compile(r"property `([^`]+)`|`([^`]+)` (?:request|response)(?:'s)? property")


class Places:
    """Looks up places in one document and what it refers to."""

    def __init__(
        self, document: Document, resolver: Resolver, files: Mapping[str, Document]
    ) -> None:
        self._document = document
        self._resolver = resolver
        self._files = files

    def origin(self, result: Result) -> Origin:
        """Return the place of a result in the later document."""
        source = result.revision_source
        if source is not None and source.line and source.file in self._files:
            name = self._files[source.file].name
            return Origin(FixedPlace(Place(name, source.line, max(source.column, 1))))
        return self._look_up(result)

    def _look_up(self, result: Result) -> Origin:
        section = "webhooks" if result.path.startswith("webhook:") else "paths"
        path = result.path.removeprefix("webhook:")
        node = root(self._document)
        for token in (section, path, result.operation.lower()):
            inner = self._member(node, token) if token else None
            if inner is None:
                return node.origin
            node = inner
        literals = _LITERAL.findall(result.text)
        starts = list(self._starts(node, result.text, literals))
        named = next((a or b for a, b in _PROPERTY.findall(result.text)), "")
        for start in starts if named else ():
            found = self._descend(start, named.split("/"))
            if found is not None:
                return found.origin
        return starts[0].origin if starts else node.origin

    def _starts(self, operation: Node, text: str, literals: list[str]) -> Iterator[Node]:
        """Yield the parts of an operation that a result can be about, best guess first."""
        if "parameter" in text:
            yield from self._parameters(operation, literals)
        body: Node | None = operation
        if "response" in text:
            for literal in literals:
                status = self._at(operation, "responses", literal)
                if status is not None:
                    yield from self._schemas(status)
        if "request" in text:
            body = self._at(operation, "requestBody")
            if body is not None:
                yield from self._schemas(body)

    def _parameters(self, operation: Node, literals: list[str]) -> Iterator[Node]:
        parameters = operation.get("parameters")
        for parameter in parameters.elements() if parameters is not None else ():
            followed = self._follow(parameter)
            if followed is not None and followed.text("name") in literals:
                yield followed

    def _schemas(self, holder: Node) -> Iterator[Node]:
        content = self._at(holder, "content")
        for _name, media in content.items() if content is not None else ():
            schema = self._at(media, "schema")
            if schema is not None:
                yield schema

    def _descend(self, schema: Node, names: list[str]) -> Node | None:
        """Follow a property path such as `orders/items/price`; a missing end gives its parent."""
        node: Node = schema
        for index, name in enumerate(names):
            inner = self._property(node, name)
            if inner is None:
                return self._at(node, "properties") if index == len(names) - 1 else None
            node = inner
        return node

    def _property(self, schema: Node, name: str) -> Node | None:
        if name == "items":
            return self._at(schema, "items")
        found = self._at(schema, "properties", name)
        for keyword in ("allOf", "oneOf", "anyOf"):
            members = schema.get(keyword) if found is None else None
            for member in members.elements() if members is not None else ():
                followed = self._follow(member)
                if followed is not None and found is None:
                    found = self._property(followed, name)
        return found

    def _at(self, node: Node, *tokens: str) -> Node | None:
        for token in tokens:
            inner = self._member(node, token)
            if inner is None:
                return None
            node = inner
        return node

    def _member(self, node: Node, token: str) -> Node | None:
        inner = node.get(token)
        return self._follow(inner) if inner is not None else None

    def _follow(self, node: Node) -> Node | None:
        try:
            return self._resolver.resolve(node)
        except SourceError:
            # A place is only looked up: the loader has reported the reference already.
            return None
