"""What a handler may return: the plain success, or an answer of a class for each status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from venuekit.contract import Contract, HttpBinding, Response
from venuekit.emit.naming import pascal
from venuekit.emit.python.context import Context
from venuekit.emit.python.rest import answer_hint
from venuekit.emit.python.text import docstring
from venuekit.emit.server.views import ClassView

_PHRASES = {str(status.value): status.phrase for status in HTTPStatus}
_RANGES = {"1": "Informational", "2": "Successful", "3": "Redirect", "4": "Refused", "5": "Failed"}


def result_of(context: Context, binding: HttpBinding) -> str:
    """Return the annotation of what a handler returns.

    Where the contract states one success, its body alone will do; every status, that success
    included, has an answer class, whose generic parameter is its body.
    """
    plain = plain_success(binding.responses)
    hints = [] if plain is None else [answer_hint(context, plain)]
    if not binding.responses:
        hints = ["None"]
    hints += [
        f"answers.{answer_class(response.status)}[{answer_hint(context, response)}]"
        for response in binding.responses
    ]
    distinct = list(dict.fromkeys(hints))
    return " | ".join(sorted(distinct, key=lambda text: text == "None"))


def plain_success(responses: Sequence[Response]) -> Response | None:
    """Return the response that a plain result means, None where there are several."""
    stated = [response for response in responses if response.status.startswith("2")]
    if not stated:
        return next((r for r in responses if r.status == "default"), None)
    return stated[0] if len(stated) == 1 else None


def answer_class(status: str) -> str:
    """Return the class of a status: "201" is Created, "4XX" Refused4XX, "default" Default."""
    if status == "default":
        return "Default"
    if status.upper().endswith("XX"):
        return f"{_RANGES.get(status[0], 'Status')}{status.upper()}"
    phrase = _PHRASES.get(status)
    return pascal(phrase.replace("'", "")) if phrase is not None else f"Status{status}"


def answer_classes(contract: Contract) -> list[ClassView]:
    """Return a class for each status that the contract states."""
    statuses: dict[str, str] = {}
    for status in sorted(_statuses(contract)):
        statuses.setdefault(answer_class(status), status)
    return [
        ClassView(
            name=name,
            base="Answer[T]",
            doc=docstring(_doc(status), 4),
            lines=(f"fixed_status = {status}",) if status.isdigit() else (),
        )
        for name, status in sorted(statuses.items())
    ]


def _statuses(contract: Contract) -> Iterable[str]:
    bindings = (operation.binding for operation in contract.operations)
    return {r.status for b in bindings if isinstance(b, HttpBinding) for r in b.responses}


def _doc(status: str) -> str:
    if status.isdigit():
        return f"{status} {_PHRASES.get(status, '')}".strip() + "."
    return f"What the contract calls {status}: give the status that is meant."
