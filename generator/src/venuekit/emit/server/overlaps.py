"""Operations that a request cannot mean for sure, because it may mean another one as well."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from venuekit.contract import Contract, HttpBinding
from venuekit.contract.path_words import are_apart
from venuekit.contract.paths import ambiguous, concreteness
from venuekit.emit.server.findings import in_part
from venuekit.emit.server.rest import RestBinding
from venuekit.finding import Finding


def unreachable(bindings: Iterable[RestBinding]) -> Iterator[Finding]:
    """Yield each operation whose requests look like those of one before it.

    A fragment in a path tells two operations apart in a document, and never travels (RFC 9110,
    4.2.5): what travels must differ as well.
    """
    groups: dict[tuple[str, str], list[RestBinding]] = defaultdict(list)
    for one in bindings:
        plain = re.sub(r"\{[^{}]*\}", "{}", one.route.path.partition("#")[0])
        groups[(one.route.method, plain)].append(one)
    for group in groups.values():
        for position, one in enumerate(group):
            first = next((o for o in group[:position] if _demands(o) == _demands(one)), None)
            if first is not None:
                name = first.operation.name
                fact = (
                    f"{one.operation.name} is never asked: its requests look like those of {name}"
                )
                help_text = "state the parameter that tells them apart, with one value in its enum"
                yield in_part(fact, one.operation.origin, help_text)


def ambiguities(contract: Contract, bindings: Iterable[RestBinding]) -> Iterator[Finding]:
    """Yield each operation whose path fits requests that another one's, no less concrete, fits."""
    asked = [(one.route.method, one.route.path, one) for one in bindings]
    for pair in ambiguous(asked):
        first, second = sorted(pair, key=lambda one: concreteness(one.route.path))
        one, other = first.operation.binding, second.operation.binding
        assert isinstance(one, HttpBinding)
        assert isinstance(other, HttpBinding)
        if are_apart(contract, one, other):
            continue
        if concreteness(first.route.path) == concreteness(second.route.path):
            continue  # One path under two names of its parameters: told apart by what it demands.
        fact = (
            f"{second.operation.name} is not asked where its path looks like {first.route.path!r}"
            f" too: {first.operation.name} is"
        )
        help_text = "change one of the paths, so that one is the more concrete in every segment"
        yield in_part(fact, second.operation.origin, help_text)


def _demands(one: RestBinding) -> tuple[object, ...]:
    """Return what a request is held to, whatever handlers call it."""
    parameters = (p for p in one.route.parameters if p.location != "path")
    body = one.route.body
    return (
        {repr(replace(p, argument="", default=None)) for p in parameters},
        repr(replace(body, members=(), whole=None)) if body is not None else None,
    )
