"""One request fits two paths of which neither is the more concrete: servers may choose either."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract, HttpBinding
from venuekit.contract.path_words import are_apart
from venuekit.contract.paths import ambiguous
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    asked = [
        (binding.method, binding.path, (operation, binding))
        for operation in contract.operations
        if isinstance(binding := operation.binding, HttpBinding)
    ]
    for (_, first), (operation, second) in ambiguous(asked):
        if are_apart(contract, first, second):
            continue
        yield operation.origin, {"method": second.method, "path": second.path, "other": first.path}


RULE = Rule(
    severity=Severity.WARNING,
    message="a request {method} may fit both {path!r} and {other!r}, and neither is more concrete",
    help="change one of the paths, so that one is the more concrete in every segment",
    find=find,
)
