"""Judges values by JSON Schema and words each error with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as Kind

from venuekit.load.findings import Report
from venuekit.origin import Pointer
from venuekit.source import JsonValue, Node

MAXIMUM_ERRORS = 100
"""How many errors of one document are reported; the rest is counted."""

_LONGEST_MESSAGE = 240


class Validator(Protocol):
    """A compiled JSON Schema."""

    def iter_errors(self, instance: Any) -> Iterator[jsonschema_rs.ValidationError]:
        """Yield what is wrong with a value."""


def report_errors(
    validator: Validator,
    node: Node,
    report: Report,
    rule: str,
    help_text: str,
    unknown_rule: str | None = None,
) -> bool:
    """Report what a schema finds wrong with a value; say whether it found nothing.

    `unknown_rule` is the rule of members that the schema does not know.
    """
    errors = list(validator.iter_errors(node.value))
    mistyped: set[Pointer] = set()
    for error in errors[:MAXIMUM_ERRORS]:
        best = _closest(error)
        pointer: Pointer = (*node.pointer, *_exact(node.value, best.instance_path))
        if pointer in mistyped:
            continue  # A value of another type breaks every other demand too.
        if isinstance(best.kind, Kind.Type):
            mistyped.add(pointer)
        unexpected = _unexpected(best)
        if not unexpected:
            report.error(rule, _at(node, pointer), _fact(best), help_text)
        for name in unexpected:
            report.error(
                unknown_rule or rule,
                _at(node, (*pointer, name)),
                f"unknown member {name!r}{_holder(best)}",
                "Remove it, or correct its spelling.",
            )
    if len(errors) > MAXIMUM_ERRORS:
        more = len(errors) - MAXIMUM_ERRORS
        report.error(rule, node, f"{more} more errors were found", "Correct the first ones.")
    return not errors


def _exact(value: JsonValue, path: Iterable[str | int]) -> Iterator[str | int]:
    """Yield a validator's path with keys as text, where it takes "200" for a number."""
    for token in path:
        if isinstance(value, dict):
            yield str(token)
            value = value.get(str(token))
        else:
            yield token
            value = value[token] if isinstance(value, list) and isinstance(token, int) else None


def _at(node: Node, pointer: Pointer) -> Node:
    return Node(node.document, pointer, None)


def _closest(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Return the error that a reader can act on.

    Where no branch of oneOf or anyOf fits, it is the deepest error of the branch that the
    writer meant: not one that wants a `$ref` or another word in a field of fixed words, and
    of the rest the one that went deepest.
    """
    if not isinstance(error.kind, Kind.OneOfNotValid | Kind.AnyOf):
        return error
    branches = [[_closest(inner) for inner in branch] for branch in error.kind.context if branch]
    meant = [branch for branch in branches if not _only_misses_reference(branch)]
    if not meant:
        return error
    return max(max(meant, key=_likelihood), key=lambda inner: len(inner.instance_path))


def _likelihood(branch: Iterable[jsonschema_rs.ValidationError]) -> tuple[bool, int, int]:
    lengths = [len(error.instance_path) for error in branch]
    is_other_form = any(
        isinstance(error.kind, Kind.Constant)
        or (isinstance(error.kind, Kind.Enum) and len(error.kind.options) == 1)
        for error in branch
    )
    return not is_other_form, max(lengths), -len(lengths)


def _only_misses_reference(branch: Iterable[jsonschema_rs.ValidationError]) -> bool:
    """Say whether a branch failed because it wanted a `$ref`."""
    return any(
        isinstance(error.kind, Kind.Required) and error.kind.property == "$ref" for error in branch
    )


def _unexpected(error: jsonschema_rs.ValidationError) -> list[str]:
    kind = error.kind
    if isinstance(kind, Kind.AdditionalProperties | Kind.UnevaluatedProperties):
        return [str(name) for name in kind.unexpected]
    return []


def _holder(error: jsonschema_rs.ValidationError) -> str:
    names = [token for token in error.instance_path if isinstance(token, str)]
    return f" in {_short(names[-1])!r}" if names else ""


def _fact(error: jsonschema_rs.ValidationError) -> str:
    kind = error.kind
    value = _short(repr(error.instance))
    if isinstance(kind, Kind.Required):
        return f"the member {kind.property!r} is missing"
    if isinstance(kind, Kind.Type):
        return f"{value} is not of type {' or '.join(kind.types)}{_holder(error)}"
    if isinstance(kind, Kind.Enum):
        return _short(f"{value} is not one of {', '.join(map(repr, kind.options))}")
    if isinstance(kind, Kind.Pattern):
        return f"{value} does not match {kind.pattern}"
    if isinstance(kind, Kind.OneOfNotValid | Kind.AnyOf):
        return f"{value} has none of the forms that may stand here"
    if isinstance(kind, Kind.OneOfMultipleValid):
        return f"{value} has two of the forms of which one may stand here"
    return _short(error.message)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "..."
