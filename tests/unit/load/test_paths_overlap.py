"""Overlapping path templates: which pairs no one can order, held to what their patterns match."""

from __future__ import annotations

import functools
import re
from itertools import product
from typing import Any

import pytest

from venuekit.contract.path_words import are_apart, mistaken
from venuekit.contract.paths import ambiguous, concreteness

SEGMENTS = ("a", "b", "v1.x", "{p}", "{q}", "v{p}", "v1.{p}", "{p}.x", "{p}.{q}")
PATHS = tuple(f"/{one}/{other}" for one in SEGMENTS for other in SEGMENTS[:6])
TEXTS = ("a", "b", "v1.x", "v1.y", "v2", "z.x", "z.y", "z", "v.")


@functools.cache
def fits(path: str) -> frozenset[str]:
    """Return which of many paths a template matches, by a pattern of our own."""
    pattern = re.compile(re.sub(r"\\\{[pq]\\\}", "[^/]+", re.escape(path)))
    candidates = ("/" + "/".join(texts) for texts in product(TEXTS, repeat=path.count("/")))
    return frozenset(one for one in candidates if pattern.fullmatch(one))


@pytest.mark.parametrize("first", PATHS)
def test_a_pair_is_ambiguous_when_neither_is_within_the_other(first: str) -> None:
    for second in PATHS:
        one, other = fits(first), fits(second)
        if first == second or (one == other and "{" not in first + second):
            continue
        is_ordered = not one & other or (one < other) or (other < one)
        found = list(ambiguous([("GET", first, 1), ("GET", second, 2)]))
        assert (found == []) == is_ordered, (second, one & other, one - other, other - one)
        if one < other:
            assert concreteness(first) < concreteness(second)


def test_other_methods_fragments_and_lengths_are_apart() -> None:
    pair = ("/{a}/x", "/y/{b}")
    assert list(ambiguous([("GET", pair[0], 1), ("GET", pair[1], 2)])) == [(1, 2)]
    assert not list(ambiguous([("GET", pair[0], 1), ("POST", pair[1], 2)]))
    assert not list(ambiguous([("GET", pair[0] + "#one", 1), ("GET", pair[1] + "#two", 2)]))
    assert not list(ambiguous([("GET", pair[0] + "/z", 1), ("GET", pair[1], 2)]))


DOCUMENT = """
openapi: 3.1.0
info: {{title: T, version: '1'}}
paths:
  /orders/{{id}}/{{part}}:
    delete:
      operationId: one
      parameters:
        - {{name: id, in: path, required: true, schema: {schema}}}
        - {{name: part, in: path, required: true, schema: {{type: string}}}}
      responses: {{'204': {{description: done}}}}
  /orders/open/{{what}}:
    delete:
      operationId: all
      parameters: [{{name: what, in: path, required: true, schema: {{type: string}}}}]
      responses: {{'204': {{description: done}}}}
  /{{kind}}/{{id}}/fills:
    delete:
      operationId: fills
      parameters:
        - {{name: kind, in: path, required: true, schema: {{type: string}}}}
        - {{name: id, in: path, required: true, schema: {{type: string}}}}
      responses: {{'204': {{description: done}}}}
"""


@pytest.mark.parametrize(
    ("schema", "takes"),
    [
        ("{type: string}", True),
        ("{}", True),
        ("{type: integer}", False),
        ("{type: string, format: uuid}", False),
        ("{type: string, pattern: '^[0-9]+$'}", False),
        ("{type: string, pattern: '^[a-z]+$'}", True),
        ("{type: string, minLength: 5}", False),
        ("{type: string, enum: [open, closed]}", True),
        ("{type: string, enum: [new, closed]}", False),
    ],
)
def test_what_a_parameter_may_be_tells_paths_apart(
    documents: Any, schema: str, takes: bool
) -> None:
    contract = documents.load(DOCUMENT.format(schema=schema)).contract
    one, every, fills = (operation.binding for operation in contract.operations)
    found = mistaken(contract, one, every)
    assert found == (("id", "open") if takes else None)
    assert mistaken(contract, every, one) is None
    assert are_apart(contract, one, every) is not takes
    assert not are_apart(contract, fills, every)
