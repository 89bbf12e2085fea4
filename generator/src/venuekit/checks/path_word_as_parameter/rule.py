"""A parameter of a path may be a word that stands there in another path: another thing is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from venuekit.contract import Contract, HttpBinding, Operation
from venuekit.contract.path_words import mistaken
from venuekit.contract.paths import segments
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule

_SAFE = ("GET", "HEAD", "OPTIONS")


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    for group in _alike(contract):
        for operation, binding in group:
            for other, fixed in group:
                found = mistaken(contract, binding, fixed)
                if found is not None:
                    parameter, word = found
                    names = {"name": operation.name, "other": other.name}
                    yield operation.origin, {**names, "parameter": parameter, "word": word}


def _alike(contract: Contract) -> Iterable[list[tuple[Operation, HttpBinding]]]:
    """Return the operations that write, in groups of one method and as many segments."""
    groups: dict[tuple[str, int], list[tuple[Operation, HttpBinding]]] = defaultdict(list)
    for operation in contract.operations:
        binding = operation.binding
        if isinstance(binding, HttpBinding) and binding.method not in _SAFE:
            groups[binding.method, len(segments(binding.path))].append((operation, binding))
    return groups.values()


RULE = Rule(
    severity=Severity.WARNING,
    message="{name} with {parameter} {word!r} is a request for {other}",
    help="give the parameter a pattern or a format that the word does not have, or change a path",
    find=find,
)
