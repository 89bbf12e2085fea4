"""Tells an extension of ours from one of somebody else's that has the same name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from venuekit.source import JsonValue

_NEVER = frozenset({"x-signing", "x-signing-inputs", "x-operations", "x-fix"})
"""What decides how requests are made is refused rather than left alone."""
_SIMILAR = 0.8
"""From which likeness on a member counts as a misspelt one of ours."""


def are_foreign(
    key: str, schema: Mapping[str, Any], values: Iterable[tuple[str | None, JsonValue]]
) -> bool:
    """Say whether no value has anything of what the extension's JSON Schema describes.

    `values` are all that one document gives the extension, each with its form. A value is
    somebody else's when it has objects and none of their members is called like one of ours,
    or nearly so. Whatever else is wrong with a value is a mistake in one of ours.
    """
    known = frozenset(_members(schema))
    return key not in _NEVER and all(
        _is_foreign(value, known, _is_map(schema, form)) for form, value in values
    )


def _is_foreign(value: JsonValue, known: frozenset[str], is_map: bool) -> bool:
    inside = value.values() if is_map and isinstance(value, dict) else (value,)
    written = {name for part in inside for name in _names(part)}
    return bool(written) and not any(_is_known(name, known) for name in written)


def _is_known(name: str, known: frozenset[str]) -> bool:
    plain = name.lower().replace("-", "_")
    return bool(difflib.get_close_matches(plain, known, n=1, cutoff=_SIMILAR))


def _names(value: JsonValue) -> Iterator[str]:
    """Yield the names of members at any depth."""
    stack = [value]
    while stack:
        match stack.pop():
            case dict() as found:
                yield from found
                stack.extend(found.values())
            case list() as found:
                stack.extend(found)


def _members(schema: Any) -> Iterator[str]:
    """Yield the names of members that a JSON Schema describes."""
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        for part in schema.values():
            yield from _members(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _members(part)


def _is_map(schema: Mapping[str, Any], form: str | None) -> bool:
    """Say whether the names at the top are the document's own, such as codes of errors."""
    forms = schema.get("$defs", {})
    stated = forms.get(form, schema)
    if "properties" in stated:
        return False
    return any(isinstance(f.get("additionalProperties"), dict) for f in (stated, *forms.values()))
