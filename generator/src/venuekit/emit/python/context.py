"""What all parts of the package share: the contract, its types, and the names of everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from venuekit.contract import (
    Contract,
    HttpBinding,
    Location,
    Operation,
    Wire,
)
from venuekit.emit.python.methods import Input
from venuekit.emit.python.text import literal, tuple_text, value_literal
from venuekit.emit.python.types import Types


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One contract on its way into one package."""

    contract: Contract
    types: Types
    package: str
    distribution: str
    version: str
    methods: Mapping[str, str]
    constants: Mapping[str, str]
    error_classes: Mapping[str, str]
    method_formers: Mapping[str, tuple[str, ...]]
    """The earlier names of a method, which go on as deprecated ones."""
    error_formers: Mapping[str, tuple[str, ...]]

    def operations(self, wire: Wire) -> Iterator[Operation]:
        """Yield the operations of one wire, in the contract's order."""
        return (o for o in self.contract.operations if o.wire is wire)

    def errors_of(self, operation: Operation) -> list[str]:
        """Return the classes of the errors that an operation names."""
        return [self.error_classes[c] for c in operation.errors if c in self.error_classes]

    def shared_members(self, operation: Operation, inputs: Sequence[Input]) -> dict[str, str]:
        """Return the descriptor members that every wire has: security, dedup key, costs, errors."""
        costs = [f"Cost({literal(c.bucket)}, {c.weight})" for c in operation.limits]
        return {
            "security": self.security(operation),
            "signing_inputs": value_literal(dict(operation.signing_inputs))
            if operation.signing_inputs
            else "",
            "dedup_key": self._dedup_key(operation, inputs),
            "costs": tuple_text(costs) if costs else "",
            "errors": "_ERRORS" if self.error_classes else "",
        }

    def security(self, operation: Operation) -> str:
        """Return the alternatives; being let in without credentials is the last resort."""
        named = [[name for name, _ in r.schemes] for r in operation.security]
        named.sort(key=lambda schemes: not schemes)
        if not any(named):
            return ""
        return tuple_text(tuple_text(literal(n) for n in one) if one else "()" for one in named)

    def _dedup_key(self, operation: Operation, inputs: Sequence[Input]) -> str:
        key = operation.dedup_key
        found = next((one for one in inputs if one.name == (key or "").split(".")[-1]), None)
        if key is None or found is None:
            return ""
        parts = [literal(found.argument), literal(found.name), "is_resend_safe=True"]
        resolver = self._resolver(found.name)
        parts += [f"resolver={literal(resolver)}"] if resolver else []
        return f"DedupKey({', '.join(parts)})"

    def _resolver(self, name: str) -> str | None:
        """Return the read operation whose path holds the dedup key: it looks an order up."""
        for operation in self.operations(Wire.REST):
            binding = operation.binding
            if isinstance(binding, HttpBinding) and binding.method == "GET":
                for parameter in binding.parameters:
                    if parameter.name == name and parameter.location is Location.PATH:
                        return operation.name
        return None
