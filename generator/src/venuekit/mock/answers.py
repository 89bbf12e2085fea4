"""Answers: what each operation says, chosen and judged before the first request comes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from venuekit.contract import (
    ArraySchema,
    Content,
    Contract,
    HttpBinding,
    JsonValue,
    ObjectSchema,
    Operation,
    Response,
    Schema,
)
from venuekit.contract.walk import resolve
from venuekit.finding import Finding, Severity
from venuekit.mock.bodies import BodyError, is_json, read_json
from venuekit.mock.exchange import Answer
from venuekit.mock.raw import RawSchemas
from venuekit.mock.values import Direction, Maker, NoValueError, Wish
from venuekit.origin import Origin

_ATTEMPTS = 12
_OF_THE_WIRE = (
    "content-type",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "trailer",
)
"""Headers that say how this very answer travels: the mock writes them for what it sends."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def to_json(value: JsonValue) -> bytes:
    """Return JSON text; Decimals are numbers with their digits kept."""
    return _ENCODER.encode(value)


class Answers:
    """The answers of one contract."""

    def __init__(self, contract: Contract, schemas: RawSchemas, seed: int) -> None:
        self._contract = contract
        self._schemas = schemas
        self._seed = seed
        self.findings: list[Finding] = []

    def answer(self, operation: Operation, binding: HttpBinding) -> Answer:
        """Return the success of an operation: an example, or else made data.

        Where neither passes the document's own schema, the answer is 501 and a finding says so.
        """
        response = _success(binding)
        if response is None:
            problem = ": the document states no success"
            return self._unanswerable(operation, operation.origin, [problem])
        return self.of(operation, response)

    def of(self, operation: Operation, response: Response) -> Answer:
        """Return one response of an operation."""
        status = _status(response.status)
        headers = [(h.name, _text(self._plain(h.schema))) for h in response.headers]
        headers = [(name, value) for name, value in headers if name.lower() not in _OF_THE_WIRE]
        content = _content(response)
        if content is None or status in (204, 304):
            return Answer(status=status, headers=tuple(headers), operation=operation.name)
        media_type = content.media_type if "*" not in content.media_type else "text/plain"
        value, problems = self.value(content)
        if problems:
            return self._unanswerable(operation, content.origin, problems)
        body = to_json(value) if is_json(media_type) else _text(value).encode()
        return Answer(
            status=status,
            headers=(("Content-Type", media_type), *headers),
            body=body,
            operation=operation.name,
        )

    def value(self, content: Content) -> tuple[JsonValue, list[str]]:
        """Return a value of a content, or what is wrong with the best one."""
        if content.schema is None:
            return (content.examples[0] if content.examples else ""), []
        origin = content.origin.child("schema")
        return self.judged(origin, content.schema, content.examples, "response")

    def judged(
        self,
        origin: Origin,
        schema: Schema,
        examples: tuple[JsonValue, ...],
        direction: Direction,
        is_full: bool = True,
    ) -> tuple[JsonValue, list[str]]:
        """Return the first value that the document's own schema takes, or why there is none."""
        problems = [": no value can be made"]
        for candidate in self._candidates(schema, examples, direction, is_full):
            if isinstance(candidate, NoValueError):
                problems = [f": {candidate}"]
                continue
            problems = self._schemas.problems(origin, candidate, direction)
            if not problems:
                return candidate, []
        return None, problems

    def _candidates(
        self, schema: Schema, examples: tuple[JsonValue, ...], direction: Direction, is_full: bool
    ) -> Iterator[JsonValue | NoValueError]:
        if is_full:
            yield from self._shown(schema, (*examples, *schema.notes.examples))
        for attempt in range(_ATTEMPTS):
            # A member that is not declared may break a rule that the contract does not know.
            for full, free in ((is_full, is_full), (is_full, False), (not is_full, False)):
                if free and attempt:
                    continue
                wish = Wish(
                    direction=direction,
                    attempt=attempt,
                    is_full=full,
                    is_free=free,
                    seed=self._seed,
                )
                try:
                    yield Maker(self._contract, wish).make(schema)
                except NoValueError as error:
                    yield error
        yield from self._emptiest(schema, direction)

    def _shown(self, schema: Schema, examples: Iterable[JsonValue]) -> Iterator[JsonValue]:
        """Yield the examples that have the schema's kind of value, reading those in JSON text.

        A schema that states fields and no type takes any text; its SDK does not.
        """
        shape = resolve(self._contract, schema)
        wanted = {ObjectSchema: dict, ArraySchema: list}.get(type(shape), object)
        for example in examples:
            shown = example
            if isinstance(example, str) and wanted is not object:
                with contextlib.suppress(BodyError):
                    shown = read_json(example.encode())
            if isinstance(shown, wanted):
                yield shown

    def _emptiest(self, schema: Schema, direction: Direction) -> Iterator[JsonValue]:
        """Yield the value without list items: the last chance where no item is unambiguous."""
        wish = Wish(direction=direction, is_full=False, is_empty=True, seed=self._seed)
        with contextlib.suppress(NoValueError):
            yield Maker(self._contract, wish).make(schema)

    def _plain(self, schema: Schema) -> JsonValue:
        try:
            return Maker(self._contract, Wish(direction="response", seed=self._seed)).make(schema)
        except NoValueError:
            return ""

    def _unanswerable(self, operation: Operation, origin: Origin, problems: list[str]) -> Answer:
        reason = f"no answer of {operation.name} passes the document's schema{problems[0]}"
        self.findings.append(
            Finding(
                rule="mock-has-no-answer",
                severity=Severity.WARNING,
                message=reason,
                help="give the response an example that its schema allows, or mend the schema",
                origin=origin,
            )
        )
        body = to_json({"code": "MOCK_HAS_NO_ANSWER", "message": reason})
        headers = (("Content-Type", "application/json"),)
        return Answer(status=501, headers=headers, body=body, operation=operation.name)


def _success(binding: HttpBinding) -> Response | None:
    ranked = sorted(binding.responses, key=lambda response: _rank(response.status))
    return ranked[0] if ranked and _rank(ranked[0].status)[0] < 3 else None


def _rank(status: str) -> tuple[int, str]:
    """Order statuses: stated successes, their range, `default`, redirects, then errors."""
    if status.startswith("2"):
        return (1 if status.upper().endswith("XX") else 0), status
    return (2 if status == "default" else 3), status


def _status(written: str) -> int:
    if written == "default":
        return 200
    return int(written.upper().replace("XX", "00"))


def _content(response: Response) -> Content | None:
    """Return the content to answer with: JSON where there is some, else the first."""
    found = (content for content in response.contents if is_json(content.media_type))
    return next(found, response.contents[0] if response.contents else None)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return str(value)
    return json.dumps(value, default=str)
