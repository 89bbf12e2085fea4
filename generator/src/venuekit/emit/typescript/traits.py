"""What holds for a schema and everything that it reaches, through references and cycles."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from venuekit.contract import Contract, ObjectSchema, RefSchema, Schema
from venuekit.contract.walk import children, descend


class Trait:
    """True for each schema that holds the trait itself or reaches one that does."""

    def __init__(self, contract: Contract, holds: Callable[[Schema], bool]) -> None:
        self._holds = holds
        self._named = _propagated(contract, holds)
        self._known: dict[int, bool] = {}

    def of(self, schema: Schema) -> bool:
        """Return whether the trait holds; each schema is looked at once."""
        found = self._known.get(id(schema))
        if found is None:
            found = self._judge(schema)
            self._known[id(schema)] = found
        return found

    def _judge(self, schema: Schema) -> bool:
        if isinstance(schema, RefSchema):
            return schema.name in self._named
        return self._holds(schema) or any(self.of(child) for child in children(schema))


def _propagated(contract: Contract, holds: Callable[[Schema], bool]) -> frozenset[str]:
    """Return the named schemas for which the trait holds, found from the leaves upwards."""
    users: dict[str, list[str]] = {}
    found: set[str] = set()
    for name, entry in contract.schemas.items():
        for node in descend(entry.schema):
            if isinstance(node, RefSchema):
                users.setdefault(node.name, []).append(name)
            elif holds(node):
                found.add(name)
    waiting = list(found)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found:
                found.add(user)
                waiting.append(user)
    return frozenset(found)


class Reached:
    """The schemas that some starting points reach: named ones by key, inline ones by identity."""

    def __init__(self, contract: Contract, starts: Iterable[Schema]) -> None:
        self.named: set[str] = set()
        self.inline: set[int] = set()
        stack = list(starts)
        while stack:
            schema = stack.pop()
            if id(schema) in self.inline:
                continue
            self.inline.add(id(schema))
            if isinstance(schema, RefSchema):
                if schema.name not in self.named:
                    self.named.add(schema.name)
                    stack.append(contract.schemas[schema.name].schema)
            else:
                stack.extend(children(schema))

    def __contains__(self, schema: Schema) -> bool:
        return id(schema) in self.inline


def has_members_of_a_direction(schema: Schema) -> bool:
    """True for an object with a field that only one side may send."""
    return isinstance(schema, ObjectSchema) and any(
        field.schema.notes.is_read_only or field.schema.notes.is_write_only
        for field in schema.fields
    )
