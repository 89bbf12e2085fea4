"""Operations that no request can mean, because another one on the same path takes all of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

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


def _demands(one: RestBinding) -> tuple[object, ...]:
    """Return what a request is held to, whatever handlers call it."""
    parameters = (p for p in one.route.parameters if p.location != "path")
    body = one.route.body
    return (
        {repr(replace(p, argument="", default=None)) for p in parameters},
        repr(replace(body, members=(), whole=None)) if body is not None else None,
    )
