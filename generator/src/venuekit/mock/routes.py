"""Routes: which operations of the contract a method and a target mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from venuekit.contract import Contract, HttpBinding, Operation, Server, Wire
from venuekit.contract.paths import concreteness, segments


@dataclass(frozen=True, slots=True)
class Route:
    """One operation, the pattern of its path, and the names in it."""

    operation: Operation
    binding: HttpBinding
    pattern: re.Pattern[str]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """An operation that a target may mean, with the raw texts of its path parameters."""

    route: Route
    path: dict[str, str]


class Routes:
    """The routes of a contract; the more concrete of two paths goes first, from left to right."""

    def __init__(self, contract: Contract) -> None:
        found = [
            _route(operation, operation.binding)
            for operation in contract.operations
            if isinstance(operation.binding, HttpBinding)
        ]
        self._routes = sorted(found, key=lambda route: concreteness(route.binding.path))
        self._prefixes = tuple(dict.fromkeys(_prefixes(contract.servers)))

    @property
    def all(self) -> tuple[Route, ...]:
        return tuple(self._routes)

    def matches(self, method: str, path: str) -> list[Match]:
        """Return the operations that a request means: several where they share one path.

        A path without parameters goes before every template (OpenAPI 3.1, 4.8.8), whatever
        methods it has; of templates, the most concrete that has the method is meant.
        """
        found = list(self._on(path))
        if found and not found[0].path:
            found = [m for m in found if not m.path]
        fitting = [m for m in found if m.route.binding.method == method]
        return [m for m in fitting if _shape(m.route) == _shape(fitting[0].route)]

    def methods(self, path: str) -> list[str]:
        """Return the methods that a path has."""
        found = list(self._on(path))
        exact = [match for match in found if not match.path]
        return sorted({match.route.binding.method for match in exact or found})

    def _on(self, path: str) -> Iterator[Match]:
        paths = [path]
        paths += [path[len(p) :] for p in self._prefixes if path.startswith(p + "/")]
        for route in self._routes:
            for candidate in paths:
                fit = route.pattern.fullmatch(candidate)
                if fit is not None:
                    yield Match(route, dict(zip(route.names, fit.groups(), strict=True)))
                    break


def _route(operation: Operation, binding: HttpBinding) -> Route:
    # A fragment after the path tells operations apart that share it (`/info#l2Book`).
    path = binding.path.partition("#")[0].partition("?")[0]
    parts = re.split(r"(\{[^{}]*\})", path)
    names = tuple(part[1:-1] for part in parts if part.startswith("{"))
    pattern = "".join("([^/]*)" if part.startswith("{") else _literal(part) for part in parts)
    return Route(operation, binding, re.compile(pattern), names)


def _literal(part: str) -> str:
    """Return a pattern of a path's words, each written plainly or percent-encoded."""
    return "".join(
        f"(?:{re.escape(c)}|(?i:{''.join(f'%{b:02x}' for b in c.encode())}))"
        if not (c.isascii() and c.isalnum())
        else c
        for c in part
    )


def _shape(route: Route) -> tuple[object, ...]:
    return segments(route.binding.path)


def _prefixes(servers: Iterable[Server]) -> Iterator[str]:
    """Yield the paths below which servers stand, with their variables filled."""
    for server in servers:
        if server.wire is not Wire.REST:
            continue
        path = unquote(urlsplit(server.default_url).path).rstrip("/")
        if path:
            yield path
