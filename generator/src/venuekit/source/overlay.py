"""OpenAPI Overlay 1.0: a document changed by actions, in order, on a copy."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from venuekit.finding import Finding, Severity
from venuekit.origin import Pointer
from venuekit.source.document import Document
from venuekit.source.errors import SourceError
from venuekit.source.node import Node, root
from venuekit.source.patched import Patched
from venuekit.source.values import MAXIMUM_DEPTH, too_deep

if TYPE_CHECKING:
    from jsonpath_rfc9535 import JSONPathEnvironment

_FIELDS = frozenset({"overlay", "info", "extends", "actions"})
_ACTION_FIELDS = frozenset({"target", "description", "update", "remove"})


def is_overlay(document: Document) -> bool:
    """Say whether a document calls itself an overlay."""
    return root(document).has("overlay")


def apply(base: Document, overlay: Document, *, must_match: bool = True) -> Document:
    """Return `base` with the actions of `overlay` applied (Overlay 1.0.0 section 4.4).

    Raises SourceError with a finding for each action that is wrong or, unless `must_match`
    is false, matches nothing.
    """
    document, unmatched = apply_counting(base, overlay)
    if must_match and unmatched:
        raise SourceError([matches_nothing(target) for target in unmatched])
    return document


def apply_counting(base: Document, overlay: Document) -> tuple[Document, list[Node]]:
    """Return `base` with the actions applied, and the targets that matched nothing.

    Raises SourceError with a finding for each action that is wrong.
    """
    from jsonpath_rfc9535 import JSONPathError

    findings = list(_shape_findings(root(overlay)))
    if findings:
        raise SourceError(findings)
    patched = Patched(base)
    unmatched: list[Node] = []
    actions = root(overlay).get("actions")
    assert actions is not None
    for action in actions.elements():
        target = action.get("target")
        assert target is not None
        try:
            if not _act(patched, action, target):
                unmatched.append(target)
        except (JSONPathError, RecursionError) as error:
            findings.append(
                _finding(target, f"this is not an RFC 9535 JSONPath: {error}", "Correct it.")
            )
        except SourceError as error:
            findings.extend(error.findings)
    if too_deep(patched.value) is not None:
        fact = f"the overlay nests deeper than {MAXIMUM_DEPTH} levels"
        findings.append(_finding(root(overlay), fact, "Use $ref for the inner parts."))
    if findings:
        raise SourceError(findings)
    return patched.document(), unmatched


def matches_nothing(target: Node) -> Finding:
    """Return the finding for an action whose target selects no value."""
    return _finding(
        target,
        f"the target {target.value!r} matches nothing",
        "Correct the path, or drop the action.",
    )


@functools.cache
def _paths() -> JSONPathEnvironment:
    """Return the reader of JSONPath, which takes longer to import than most overlays to apply."""
    from jsonpath_rfc9535 import JSONPathEnvironment

    environment = JSONPathEnvironment()
    environment.max_recursion_depth = MAXIMUM_DEPTH + 1
    return environment


def _act(patched: Patched, action: Node, target: Node) -> bool:
    """Perform one action; say whether its target matched."""
    found = _paths().find(str(target.value), patched.value)
    locations: list[Pointer] = [node.location for node in found]
    if action.flag("remove"):
        for location in sorted(set(locations), key=_removal_order, reverse=True):
            if location == ():
                raise _error(target, "the target is the whole document", "Name a part of it.")
            patched.remove(location)
    else:
        update = action.get("update")
        assert update is not None
        for location in locations:
            _update(patched, location, update, target)
    return bool(locations)


def _update(patched: Patched, location: Pointer, update: Node, target: Node) -> None:
    value: Any = patched.at(location)
    if isinstance(value, list):
        patched.put(value, len(value), update)
    elif isinstance(value, dict) and isinstance(update.value, dict):
        patched.merge(value, update)
    elif isinstance(value, dict):
        raise _error(update, "an object is updated by something else", "Give an object.")
    else:
        raise _error(
            target,
            f"the target {target.value!r} selects {type(value).__name__} {value!r}, and only"
            " objects and lists can be updated",
            "Select the object around it and name the member in the update.",
        )


def _removal_order(location: Pointer) -> tuple[tuple[int, int, str], ...]:
    """Order locations so that, reversed, inner and later ones go first."""
    return tuple((0, t, "") if isinstance(t, int) else (1, 0, t) for t in location)


def _shape_findings(overlay: Node) -> Iterator[Finding]:
    version = overlay.text("overlay")
    if version is None or not version.startswith("1.0."):
        stated = overlay.members.get("overlay", "not stated")
        fact = f"the overlay's version is {stated}, and version 1.0 is read"
        yield _finding(overlay.get("overlay") or overlay, fact, "Begin with `overlay: 1.0.0`.")
    yield from _unknown(overlay, _FIELDS)
    actions = overlay.get("actions")
    if actions is None or not isinstance(actions.value, list) or not actions.value:
        yield _finding(actions or overlay, "the overlay has no list of actions", "Add `actions`.")
        return
    for action in actions.elements():
        yield from _action_findings(action)


def _action_findings(action: Node) -> Iterator[Finding]:
    if not isinstance(action.value, dict):
        yield _finding(action, "the action is not an object", "Give it a target.")
        return
    yield from _unknown(action, _ACTION_FIELDS)
    if action.text("target") is None:
        yield _finding(action, "the action has no target", "Add `target`, a JSONPath.")
    if not action.flag("remove") and not action.has("update"):
        yield _finding(action, "the action neither updates nor removes", "Add `update`.")


def _unknown(node: Node, known: frozenset[str]) -> Iterator[Finding]:
    for key, member in node.items():
        if key not in known and not key.startswith("x-"):
            fact = f"an overlay has no field {key!r} here"
            yield _finding(member, fact, f"The fields are {', '.join(sorted(known))}.")


def _finding(node: Node, message: str, help_text: str) -> Finding:
    return Finding(
        rule="invalid-overlay",
        severity=Severity.ERROR,
        message=message,
        help=help_text,
        origin=node.origin,
    )


def _error(node: Node, message: str, help_text: str) -> SourceError:
    return SourceError([_finding(node, message, help_text)])
