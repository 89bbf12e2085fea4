"""All items of an operation that answers in pages: which page comes next. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET, Struct

from venuekit_runtime.errors import ConfigurationError, ProtocolError
from venuekit_runtime.operation import HttpOperation, PageRule, Place


class PageStep(Struct, frozen=True):
    """The items of one answer, and the arguments that ask for the next; None after the last."""

    items: Sequence[Any]
    arguments: Mapping[str, Any] | None


def rule_of(operation: HttpOperation[Any]) -> PageRule:
    """How an operation's answers follow each other; ConfigurationError where they do not."""
    if operation.pages is None:
        raise ConfigurationError(f"{operation.name} does not answer in pages")
    return operation.pages


def page_step(rule: PageRule, arguments: Mapping[str, Any], answer: Any) -> PageStep:
    """Judge an answer.

    A page without items ends a walk by numbers, whatever the venue says about more. Raises
    ProtocolError where a venue gives the cursor again that it was just asked with, because that
    would never end, and where the answer holds no list.
    """
    items = _at(answer, rule.items)
    if items is None:
        items = ()
    if not isinstance(items, (list, tuple)):
        raise ProtocolError("a page holds no list of items", maybe_sent=True)
    value = _next(rule, arguments.get(rule.argument), answer, len(items))
    return PageStep(items, None if value is None else {**arguments, rule.argument: value})


def _next(rule: PageRule, asked: Any, answer: Any, count: int) -> Any:
    if rule.next:
        cursor = _at(answer, rule.next)
        if cursor is None or cursor == "":
            return None
        if cursor == asked:
            raise ProtocolError("the venue gave the same cursor again", maybe_sent=True)
        return cursor
    number = rule.first if asked is None or asked is UNSET else int(asked)
    if count == 0:
        return None
    if rule.has_more:
        return number + 1 if _at(answer, rule.has_more) is True else None
    total = int(_at(answer, rule.total_pages) or 0)
    return number + 1 if number - rule.first + 1 < total else None


def _at(answer: Any, place: Place) -> Any:
    for name in place:
        answer = getattr(answer, name, None)
        if answer is UNSET:
            return None
    return answer
