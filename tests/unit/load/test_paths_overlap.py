"""Overlapping path templates: which pairs no one can order, held to what their patterns match."""

from __future__ import annotations

import functools
import re
from itertools import product

import pytest

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
