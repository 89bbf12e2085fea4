"""The REST side of a mock: a request in, the document's judgement or its answer out; no sockets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

from msgspec import UNSET

from venuekit.contract import (
    MISSING,
    Body,
    ConstSchema,
    Contract,
    HttpBinding,
    JsonValue,
    Location,
    Missing,
    Parameter,
)
from venuekit.contract.walk import resolve
from venuekit.load import Loaded
from venuekit.mock.answers import Answers, to_json
from venuekit.mock.bodies import BodyError, chosen, is_opaque, read_body
from venuekit.mock.exchange import Answer, Request
from venuekit.mock.raw import RawSchemas
from venuekit.mock.routes import Match, Routes
from venuekit.serving import Shaper, place_of
from venuekit_runtime.server.parameters import (
    Pairs,
    Place,
    is_nothing_meant,
    openness,
    read_parameter,
)
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.texts import Reading, split_pairs

_IGNORED = frozenset({"accept", "content-type", "authorization"})
"""Header parameters that OpenAPI leaves to other words (3.1, section 4.8.12.1)."""


class RestMock:
    """Answers requests as the documents say."""

    def __init__(self, loaded: Loaded, seed: int = 0) -> None:
        self._contract = loaded.contract
        self._shaper = Shaper(loaded.contract)
        self._schemas = RawSchemas(loaded.resolver.documents)
        self._routes = Routes(loaded.contract)
        answers = Answers(loaded.contract, self._schemas, seed)
        self._answers = {
            route.operation.name: answers.answer(route.operation, route.binding)
            for route in self._routes.all
        }
        self.findings = tuple(answers.findings)

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of the operations that are served."""
        return tuple(self._answers)

    def handle(self, request: Request) -> Answer:
        """Return the answer of the operation that a request fits, or 400 and why it fits none."""
        path, _, query = request.target.partition("?")
        found = self._routes.matches(request.method, path)
        if not found:
            return self._no_route(request, path)
        refusals: list[tuple[str, list[str]]] = []
        for match in self._most_told_first(found, query):
            try:
                problems, facts = self._judge(request, match, query)
            except RefusalError as refusal:
                problems, facts = [refusal.message], {}
            if not problems:
                answer = self._answers[match.route.operation.name]
                return _with_facts(answer, facts)
            refusals.append((match.route.operation.name, problems))
        name, problems = refusals[0]
        return _refused("REQUEST_DOES_NOT_FIT", problems, name)

    def _most_told_first(self, found: list[Match], query: str) -> list[Match]:
        """Return the operations of one path, those first whose constants the query has."""
        if len(found) == 1:
            return found
        given = set(parse_qsl(query, keep_blank_values=True))

        def told(match: Match) -> int:
            marks = set(_marks(self._contract, match.route.binding))
            return len(marks) if marks <= given else 0

        return sorted(found, key=told, reverse=True)

    def _no_route(self, request: Request, path: str) -> Answer:
        methods = self._routes.methods(path)
        if methods:
            reason = f"{path} has {', '.join(methods)} and no {request.method}"
            return _refused("UNKNOWN_METHOD", [reason])
        return _refused("UNKNOWN_PATH", [f"the documents have no path {path}"])

    def _judge(
        self, request: Request, match: Match, query: str
    ) -> tuple[list[str], dict[str, Any]]:
        """Return what is wrong with a request for one operation, and what to record of it."""
        raw: dict[Location, Pairs] = {
            Location.PATH: tuple(match.path.items()),
            Location.QUERY: split_pairs(query, "the query", is_plus_space=True),
            Location.HEADER: request.headers,
            Location.COOKIE: _cookies(request.header("cookie") or ""),
        }
        taken: dict[Location, set[str]] = {location: set() for location in raw}
        problems: list[str] = []
        understood: list[tuple[str, str, JsonValue]] = []
        binding, table = match.route.binding, self._shaper.table
        placed = [(p, place_of(self._shaper, p)) for p in binding.parameters]
        for parameter, place in sorted(placed, key=lambda one: openness(one[1], table)):
            value = self._value(parameter, place, raw, taken)
            problems += self._parameter(parameter, value)
            if value is not MISSING:
                understood.append((parameter.location, parameter.name, value))
        if binding.body is not None:
            problems += self._body(binding.body, request)
        elif request.body:
            problems.append("the operation takes no body, and one was sent")
        names = {name for name, _ in raw[Location.QUERY]} - taken[Location.QUERY]
        return problems, {"parameters": understood, "undeclared_query": sorted(names)}

    def _value(
        self,
        parameter: Parameter,
        place: Place,
        raw: dict[Location, Pairs],
        taken: dict[Location, set[str]],
    ) -> JsonValue | Missing:
        location = parameter.location
        texts = raw[location]
        if location is Location.HEADER:
            name = parameter.name.lower()
            texts = [(parameter.name, value) for key, value in texts if key == name]
        value = read_parameter(Reading(self._shaper.table), place, texts, taken[location])
        if value is UNSET:
            is_nothing = parameter.is_required and is_nothing_meant(place, self._shaper.table)
            return {} if is_nothing else MISSING
        found: JsonValue = value
        return found

    def _parameter(self, parameter: Parameter, value: JsonValue | Missing) -> list[str]:
        """Return what is wrong with a parameter's value."""
        if parameter.location is Location.HEADER and parameter.name.lower() in _IGNORED:
            return []
        where = f"the {parameter.location} parameter {parameter.name!r}"
        if value is MISSING:
            return [f"{where} is required and missing"] if parameter.is_required else []
        origin = parameter.origin.child("schema")
        if parameter.content_type is not None:
            origin = parameter.origin.child("content", parameter.content_type, "schema")
        if self._schemas.value(origin) is None:
            return []
        found = self._schemas.problems(origin, value, "request")
        return [f"{where}{problem}" for problem in found]

    def _body(self, body: Body, request: Request) -> list[str]:
        media_type = request.header("content-type")
        if not request.body and media_type is None:
            return ["the body is required and missing"] if body.is_required else []
        content = chosen(body.contents, media_type or "")
        if content is None:
            wanted = ", ".join(c.media_type for c in body.contents)
            return [f"the body is {media_type or 'of no stated type'}; expected {wanted}"]
        try:
            value: JsonValue = read_body(
                self._shaper, content, media_type or content.media_type, request.body
            )
        except BodyError as error:
            return [str(error)]
        if content.schema is None or is_opaque(self._contract, content):
            return []
        found = self._schemas.problems(content.origin.child("schema"), value, "request")
        return [f"the body{problem}" for problem in found]


def _cookies(text: str) -> Pairs:
    split = (pair.strip().partition("=") for pair in text.split(";") if pair.strip())
    return [(unquote(name), value) for name, _, value in split]


def _with_facts(answer: Answer, facts: dict[str, Any]) -> Answer:
    return Answer(
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        operation=answer.operation,
        facts=facts,
    )


def _refused(code: str, problems: list[str], operation: str | None = None) -> Answer:
    body = {"code": code, "message": problems[0], "operation": operation, "problems": problems}
    return Answer(
        status=400,
        headers=(("Content-Type", "application/json"),),
        body=to_json(body),  # type: ignore[arg-type]
        operation=operation,
        facts={"problems": problems},
    )


def _marks(contract: Contract, binding: HttpBinding) -> Iterator[tuple[str, str]]:
    """Yield the query parameters that have one value and no other."""
    for parameter in binding.parameters:
        schema = resolve(contract, parameter.schema)
        value = schema.value if isinstance(schema, ConstSchema) else None
        is_mark = parameter.location is Location.QUERY and parameter.is_required
        if is_mark and isinstance(value, str):
            yield parameter.name, value
