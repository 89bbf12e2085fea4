"""Path templates beside each other: which is the more concrete, and which pairs no one can order.

OpenAPI matches concrete paths before their templated counterparts, and leaves it to tools what a
request means that fits two templates of which neither is the more concrete (3.1, section 4.8.8).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple, TypeVar

T = TypeVar("T")
_TEMPLATE = re.compile(r"\{[^{}]*\}")
_ANY = "\0"


class Segment(NamedTuple):
    """One segment: its text where it is fixed, else what stands before, between and after."""

    is_fixed: bool
    parts: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int]:
        """The order in which segments are tried: fixed, then partly fixed, then parameters."""
        if self.is_fixed:
            return 0, 0
        letters = sum(map(len, self.parts))
        return (1, -letters) if letters else (2, 0)


@lru_cache(maxsize=65536)
def segments(path: str) -> tuple[Segment, ...]:
    """Return the segments of a path template; a fragment and a query do not count."""
    return tuple(map(_segment, plain(path).split("/")[1:]))


def plain(path: str) -> str:
    """Return a path template without the fragment or query that tells operations apart."""
    return path.partition("#")[0].partition("?")[0]


def concreteness(path: str) -> tuple[tuple[int, int], ...]:
    """Return a key that sorts path templates into the order in which a server tries them."""
    return tuple(segment.rank for segment in segments(path))


def ambiguous(asked: Iterable[tuple[Hashable, str, T]]) -> Iterator[tuple[T, T]]:
    """Yield the pairs among (method, path, what it is) of which one request may mean either.

    Of two templates one must be the more concrete in every segment. Paths that are told apart by
    a fragment are one path on the wire, and are left to those who know what else they demand.
    """
    groups: dict[tuple[Hashable, int], list[tuple[tuple[Segment, ...], T]]] = defaultdict(list)
    for method, path, what in asked:
        found = segments(path)
        if "#" not in path and not all(segment.is_fixed for segment in found):
            groups[method, len(found)].append((found, what))
    for group in groups.values():
        for (first, one), (second, other) in combinations(group, 2):
            if _is_ambiguous(first, second):
                yield one, other


def _is_ambiguous(first: tuple[Segment, ...], second: tuple[Segment, ...]) -> bool:
    is_first, is_second = True, True
    for one, other in zip(first, second, strict=True):
        if one == other:
            continue
        if not _may_meet(one, other):
            return False
        is_first = is_first and _is_within(one, other)
        is_second = is_second and _is_within(other, one)
    return is_first == is_second


def _may_meet(one: Segment, other: Segment) -> bool:
    """Whether a text may fit both; what stands between two templates of a segment is not seen."""
    if one.is_fixed and other.is_fixed:
        return one == other
    if one.is_fixed or other.is_fixed:
        return _is_within(one, other) or _is_within(other, one)
    starts = sorted((one.parts[0], other.parts[0]), key=len)
    ends = sorted((one.parts[-1], other.parts[-1]), key=len)
    return starts[1].startswith(starts[0]) and ends[1].endswith(ends[0])


def _is_within(one: Segment, other: Segment) -> bool:
    """Whether each text of one segment fits the other as well.

    What a template stands for is one character that no path has: where it lies in a template of
    the other, so does every text.
    """
    pattern = "(.+)".join(map(re.escape, other.parts))
    return re.fullmatch(pattern, _ANY.join(one.parts), re.DOTALL) is not None


def _segment(text: str) -> Segment:
    parts = tuple(_TEMPLATE.split(text))
    return Segment(len(parts) == 1, parts)
