"""Finds what the signature of a request takes from its operation, by method and path."""

from __future__ import annotations

import re
from collections.abc import Mapping

from venuekit.contract import Contract, HttpBinding, JsonValue


class OperationInputs:
    """The `x-signing-inputs` of a contract's REST operations.

    A path counts with or without the prefix of a server. Where operations that state different
    inputs share a method and a path, none is guessed.
    """

    def __init__(self, contract: Contract | None) -> None:
        self._rows = [
            (operation.binding.method, _pattern(operation.binding.path), operation.signing_inputs)
            for operation in (contract.operations if contract is not None else ())
            if isinstance(operation.binding, HttpBinding) and operation.signing_inputs
        ]

    def of(self, method: str, target: str) -> Mapping[str, JsonValue]:
        """Return the inputs of the operation that a request line names; empty when none does."""
        path = target.partition("?")[0]
        fits = [
            (len(found.group(1)), inputs)
            for known, pattern, inputs in self._rows
            if known == method and (found := pattern.fullmatch(path)) is not None
        ]
        nearest = min((prefix for prefix, _ in fits), default=0)
        chosen = [inputs for prefix, inputs in fits if prefix == nearest]
        return chosen[0] if chosen and all(one == chosen[0] for one in chosen) else {}


def _pattern(path: str) -> re.Pattern[str]:
    """Return what matches a path template; group 1 is the prefix before it."""
    plain = path.partition("#")[0]
    pieces = re.split(r"\{[^{}]*\}", plain)
    return re.compile("(.*)" + "[^/]+".join(map(re.escape, pieces)))
