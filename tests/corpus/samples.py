"""Arguments for every REST operation of a contract: made values that the raw document allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from venuekit.contract import (
    ConstSchema,
    Content,
    Contract,
    HttpBinding,
    JsonValue,
    Location,
    ObjectSchema,
    Operation,
    Parameter,
)
from venuekit.contract.walk import resolve
from venuekit.load import Loaded
from venuekit.mock.answers import Answers
from venuekit.mock.bodies import FORM, essence, is_json, is_opaque
from venuekit.mock.raw import RawSchemas

BYTES = "bytes of an image, say"
"""What is sent where a schema does not tell what bytes hold."""
IGNORED = frozenset({"accept", "content-type", "authorization"})


@dataclass(slots=True, kw_only=True)
class Sample:
    """What one call is given, and so what must arrive."""

    operation: str
    is_full: bool
    parameters: list[tuple[str, str, JsonValue]] = field(default_factory=list)
    body: JsonValue = None
    has_body: bool = False
    media_type: str | None = None
    unmade: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


class Sampler:
    """Makes two samples of each operation: with all that it takes, and with what it demands."""

    def __init__(self, loaded: Loaded) -> None:
        self._contract: Contract = loaded.contract
        schemas = RawSchemas(loaded.resolver.documents)
        self._schemas = schemas
        self._answers = Answers(loaded.contract, schemas, seed=0)

    def samples(self) -> Iterator[Sample]:
        for operation in self._contract.operations:
            if isinstance(operation.binding, HttpBinding):
                yield self._sample(operation, operation.binding, is_full=True)
                yield self._sample(operation, operation.binding, is_full=False)

    def _sample(self, operation: Operation, binding: HttpBinding, is_full: bool) -> Sample:
        sample = Sample(operation=operation.name, is_full=is_full)
        maps = [one for one in binding.parameters if self._is_spread_map(one)]
        for parameter in binding.parameters:
            if parameter in maps[1:]:
                # Names of a second map are the first one's to any server; it is sent empty.
                if parameter.is_required:
                    sample.parameters.append((parameter.location, parameter.name, {}))
            elif self._is_wanted(parameter, is_full):
                self._add(sample, parameter, is_full)
        body = binding.body
        if body is not None and body.contents and (is_full or body.is_required):
            self._add_body(sample, sent_content(body.contents), is_full)
        return sample

    def _is_spread_map(self, parameter: Parameter) -> bool:
        """Whether a parameter is written as members of any name."""
        is_spread = parameter.style == "form" and parameter.is_exploded
        shape = resolve(self._contract, parameter.schema)
        is_map = isinstance(shape, ObjectSchema) and not shape.fields
        return is_spread and is_map and parameter.content_type is None

    def _is_wanted(self, parameter: Parameter, is_full: bool) -> bool:
        is_header = parameter.location is Location.HEADER
        if is_header and parameter.name.lower() in IGNORED:
            return False
        return is_full or parameter.is_required

    def _add(self, sample: Sample, parameter: Parameter, is_full: bool) -> None:
        origin = parameter.origin.child("schema")
        if parameter.content_type is not None:
            origin = parameter.origin.child("content", parameter.content_type, "schema")
        if self._schemas.value(origin) is None:
            if isinstance(parameter.schema, ConstSchema):  # It stands in the query of the path.
                value = parameter.schema.value
                sample.parameters.append((parameter.location, parameter.name, value))
            else:
                sample.unmade.append(f"{parameter.name}: has no schema")
            return
        value, problems = self._answers.judged(
            origin, parameter.schema, parameter.examples, "request", is_full
        )
        if problems:
            sample.unmade.append(f"{parameter.name}{problems[0]}")
        else:
            sample.parameters.append((parameter.location, parameter.name, value))

    def _add_body(self, sample: Sample, content: Content, is_full: bool) -> None:
        if content.schema is None:
            sample.unmade.append("body: has no schema")
            return
        if is_opaque(self._contract, content):
            sample.body, sample.has_body = BYTES, True
            sample.media_type = content.media_type
            return
        value, problems = self._answers.judged(
            content.origin.child("schema"), content.schema, content.examples, "request", is_full
        )
        if problems:
            sample.unmade.append(f"body{problems[0]}")
            return
        sample.body, sample.has_body = value, True
        sample.media_type = content.media_type


def sent_content(contents: tuple[Content, ...]) -> Content:
    """Return the content that an SDK sends where there are several: JSON, then forms."""
    for wish in (is_json, lambda kind: essence(kind) == FORM):
        for content in contents:
            if wish(content.media_type):
                return content
    return contents[0]
