"""One operation's request to its handler's arguments: decoded, judged, then typed."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from msgspec import UNSET

from venuekit_runtime.bodies import File
from venuekit_runtime.models import decode_hook
from venuekit_runtime.operation import Location
from venuekit_runtime.server.bodies import chosen, read_body
from venuekit_runtime.server.json_text import read_json
from venuekit_runtime.server.judge import Judge
from venuekit_runtime.server.operations import Body, BodyMember, Content, Parameter, Route
from venuekit_runtime.server.parameters import (
    Pairs,
    Place,
    is_nothing_meant,
    openness,
    read_parameter,
)
from venuekit_runtime.server.refusal import invalid, malformed
from venuekit_runtime.server.requests import Request
from venuekit_runtime.server.shapes import Table
from venuekit_runtime.server.texts import Reading, percent_decode, split_pairs

Hints = Mapping[str, Any]
"""The handler's annotations, by argument."""


class RequestReader:
    """Reads the requests of one operation."""

    def __init__(self, route: Route, table: Table, hints: Hints) -> None:
        self._route = route
        self._reading = Reading(table)
        self._judge = Judge(table)
        self._hints = hints
        # A map takes every name that is left: it is read when all others have theirs.
        placed = [(p, _place(p), _default(p.default)) for p in route.parameters]
        self._parameters = sorted(placed, key=lambda one: openness(one[1], table))
        self._free_query = {name for location, name in route.signed if location == "query"}
        self._body_free = {name for location, name in route.signed if location == "body"}
        body = route.body
        self._members = [(m, _default(m.default)) for m in body.members] if body else []

    def arguments(
        self, request: Request, path: list[tuple[str, str]]
    ) -> tuple[dict[str, Any], Any]:
        """The handler's keyword arguments, and the whole body.

        Raises RefusalError for the first thing that the contract does not allow.
        """
        given = self._read_parameters(request, path)
        body = self._route.body
        if body is None:
            if request.body:
                raise malformed("this operation takes no body")
            return given, None
        value = self._read_body(body, request, given)
        return given, value

    def _read_parameters(self, request: Request, path: list[tuple[str, str]]) -> dict[str, Any]:
        query = split_pairs(request.query, "the query", is_plus_space=True)
        raw: dict[Location, Pairs] = {"path": path, "query": query}
        taken: dict[Location, set[str]] = {}
        given: dict[str, Any] = {}
        for parameter, place, default in self._parameters:
            location = parameter.location
            if location not in raw:
                raw["header"], raw["cookie"] = _headers(request), _cookies(request)
            held = taken.setdefault(location, set())
            value = read_parameter(self._reading, place, raw[location], held)
            if value is UNSET and parameter.is_required and self._is_nothing_meant(place):
                value = {}
            if value is UNSET:
                if parameter.is_required:
                    raise invalid(parameter.name, f"the {location} lacks {parameter.name}")
                value = default
            else:
                self._judge.check(parameter.shape, value, parameter.name)
            if value is not UNSET:
                given[parameter.argument] = self._typed(value, parameter.argument, parameter.name)
        known = taken.get("query", set()) | self._free_query
        for name, _ in query:
            if name not in known:
                raise invalid(name[:60], f"no query parameter {name[:60]!a} is known here")
        return given

    def _is_nothing_meant(self, place: Place) -> bool:
        return is_nothing_meant(place, self._reading.table)

    def _read_body(self, body: Body, request: Request, given: dict[str, Any]) -> Any:
        media_type = (request.header(b"content-type") or b"").decode("latin-1")
        if request.header(b"content-encoding") not in (None, b"identity"):
            raise malformed("the body must come without Content-Encoding")
        if not request.body and not media_type:
            if body.is_required:
                raise invalid("body", "the body is required and missing")
            self._add_defaults(given)
            return None
        content = chosen(body, media_type)
        value = read_body(self._reading, content, media_type, request.body)
        if content.kind != "bytes":
            self._judge.check(content.shape, self._unsigned(value), "body")
        self._spread(body, content, value, given)
        return value

    def _unsigned(self, value: Any) -> Any:
        """The body without what credentials wrote into it."""
        if not self._body_free or not isinstance(value, dict):
            return value
        return {k: v for k, v in value.items() if k.lower() not in self._body_free}

    def _spread(self, body: Body, content: Content, value: Any, given: dict[str, Any]) -> None:
        if body.whole is not None:
            kind = content.type.load() if content.type is not None else None
            given[body.whole] = self._typed(value, body.whole, "body", kind)
            return
        for member, default in self._members:
            found = value.get(member.name, default) if isinstance(value, dict) else default
            if found is not UNSET:
                given[member.argument] = self._typed(found, member.argument, member.name)

    def _add_defaults(self, given: dict[str, Any]) -> None:
        for member, default in self._members:
            if default is not UNSET:
                given[member.argument] = self._typed(default, member.argument, member.name)

    def _typed(self, value: Any, argument: str, name: str, kind: Any = None) -> Any:
        return typed(value, kind if kind is not None else self._hints[argument], name)


def typed(value: Any, kind: Any, name: str) -> Any:
    """A judged value as what the handler's annotation says.

    Raises VALIDATION_FAILED where the type is narrower than the shape.
    """
    if kind is Any or isinstance(value, (bytes, File)):
        return value.content if kind is bytes and isinstance(value, File) else value
    if isinstance(value, list) and value and isinstance(value[0], File):
        return value
    try:
        return msgspec.convert(value, _without_bytes(kind), dec_hook=decode_hook)
    except (msgspec.ValidationError, ValueError) as error:
        raise invalid(name, f"{name}: {error}") from None


@functools.cache
def _without_bytes(kind: Any) -> Any:
    """A type without bytes as a variant: they need no conversion, and beside text bar it."""
    variants = get_args(kind) if get_origin(kind) in (Union, UnionType) else ()
    others = [one for one in variants if one is not bytes]
    return functools.reduce(operator.or_, others) if bytes in variants and others else kind


def members_of(value: Any, members: tuple[BodyMember, ...], hints: Hints) -> dict[str, Any]:
    """The arguments that the members of an object are; absent ones are left out."""
    given: dict[str, Any] = {}
    for member in members:
        found = value.get(member.name, UNSET) if isinstance(value, dict) else UNSET
        if found is UNSET:
            found = _default(member.default)
        if found is not UNSET:
            given[member.argument] = typed(found, hints[member.argument], member.name)
    return given


def _place(p: Parameter) -> Place:
    return Place(p.name, p.shape, p.location, p.style, p.explode, p.is_json)


def _default(text: str | None) -> Any:
    return UNSET if text is None else read_json(text.encode("utf-8"))


class _AnyCase(str):
    """A header's name: equal in any case (RFC 9110, 5.1)."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and self.lower() == other.lower()

    def __hash__(self) -> int:
        return hash(self.lower())


def _headers(request: Request) -> Pairs:
    return [(_AnyCase(k.decode("latin-1")), v.decode("latin-1")) for k, v in request.headers]


def _cookies(request: Request) -> Pairs:
    text = (request.header(b"cookie") or b"").decode("latin-1")
    split = (pair.strip().partition("=") for pair in text.split(";") if pair.strip())
    return [(percent_decode(name, "the cookies"), value) for name, _, value in split]
