"""Judges pairs of OpenAPI documents: oasdiff compares, we weigh, place and gather its results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from venuekit.changes.law import SAFE
from venuekit.changes.oasdiff_levels import promise_of, severity_of
from venuekit.changes.oasdiff_places import Places
from venuekit.changes.oasdiff_run import Answer, CannotCompareError, Result, checks, compare
from venuekit.contract import Contract, DocumentInfo, Operation, Wire
from venuekit.finding import Finding, Promise, Severity
from venuekit.load import Loaded
from venuekit.origin import Origin
from venuekit.source import Document, Node, root

SHOWN_OPERATIONS = 4
REMEDY = "keep what was promised and add the new beside it; deprecate the old, then remove it"
VERSION_REMEDY = "raise info.version, so that clients see that something changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenapiVerdict:
    """What comparing the OpenAPI documents gave; incomplete when a pair could not be compared."""

    findings: tuple[Finding, ...]
    pairs: tuple[str, ...] = ()
    is_complete: bool = True


def judge_openapi(before: Loaded, after: Loaded) -> OpenapiVerdict:
    """Compare the OpenAPI documents of two contracts, each pair once."""
    findings: list[Finding] = []
    names: list[str] = []
    is_complete = True
    for old, new in _pairs(before.contract, after.contract):
        if old is None or new is None:
            findings.append(_alone(old, new, after.contract))
            continue
        names.append(new.file)
        findings += _not_covered(new)
        try:
            findings += _compare(before, after, old, new)
        except CannotCompareError as error:
            is_complete = False
            findings.append(_not_compared(new, error))
    return OpenapiVerdict(findings=tuple(findings), pairs=tuple(names), is_complete=is_complete)


def _pairs(
    before: Contract, after: Contract
) -> Iterator[tuple[DocumentInfo | None, DocumentInfo | None]]:
    """Yield documents by file name; one alone on either side is a pair whatever its name."""
    old = [info for info in before.documents if info.kind == "openapi"]
    new = [info for info in after.documents if info.kind == "openapi"]
    if len(old) == 1 and len(new) == 1:
        yield old[0], new[0]
        return
    by_name = {_name(info): info for info in new}
    for info in old:
        yield info, by_name.pop(_name(info), None)
    for info in by_name.values():
        yield None, info


def _name(info: DocumentInfo) -> str:
    return PurePath(_document(info).path or info.file).name


def _document(info: DocumentInfo) -> Document:
    document = info.origin.document
    assert isinstance(document, Document)
    return document


def _compare(before: Loaded, after: Loaded, old: DocumentInfo, new: DocumentInfo) -> list[Finding]:
    document = _document(new)
    answer = compare(
        (_document(old), before.resolver),
        (document, after.resolver),
        is_upgraded=old.format_version[:3] != new.format_version[:3],
    )
    places = Places(document, after.resolver, answer.files)
    return [
        _finding(gathered, before.contract, after.contract) for gathered in _gather(answer, places)
    ]


@dataclass(slots=True)
class _Gathered:
    """Results that tell of one edit, seen through every operation that uses the place."""

    result: Result
    origin: Origin
    operations: list[str] = field(default_factory=list)


def _gather(answer: Answer, places: Places) -> list[_Gathered]:
    found: dict[tuple[object, ...], _Gathered] = {}
    for result in answer.results:
        origin = places.origin(result)
        key = (result.id, origin.place, result.base_source, _edit(result.text))
        gathered = found.setdefault(key, _Gathered(result, origin))
        name = result.operation_id or f"{result.operation} {result.path}".strip()
        if name and name not in gathered.operations:
            gathered.operations.append(name)
    return list(found.values())


def _edit(text: str) -> str:
    """Return what an edit says without the operation's view of it: path to it, and status."""
    without_status = re.sub(r"`(?:[1-5](?:\d\d|XX)|default)`", "", text)
    return re.sub(r"`[^`]*/([^`/]*)`", r"`\1`", without_status)


def _finding(gathered: _Gathered, before: Contract, after: Contract) -> Finding:
    result = gathered.result
    check = checks().get(result.id)
    severity = severity_of(check) if check is not None else _stated(result)
    if result.id == "api-security-added":
        severity = _added_security(result, before, after)
    shown = gathered.operations[:SHOWN_OPERATIONS]
    more = len(gathered.operations) - len(shown)
    where = ", ".join(shown) + (f" and {more} more" if more else "")
    return Finding(
        rule=f"oasdiff/{result.id}",
        severity=severity,
        message=f"{where}: {result.text}" if where else result.text,
        help=_remedy(result, severity),
        origin=gathered.origin,
        promise=promise_of(result.id),
    )


def _stated(result: Result) -> Severity:
    """Return oasdiff's own level, for a result whose check it does not list."""
    levels = {1: Severity.INFO, 2: Severity.WARNING}
    return levels.get(result.level, Severity.ERROR)


def _remedy(result: Result, severity: Severity) -> str:
    """Prefer oasdiff's explanation, unless it explains a level that is not ours."""
    if result.id.startswith("api-version-"):
        return VERSION_REMEDY
    if severity is Severity.INFO:
        return SAFE
    comment = re.sub(
        r"\s*This is a warning because[^.]*\.|\s*Downgrade this[^.]*\.", "", result.comment
    )
    return comment.strip() or REMEDY


def _added_security(result: Result, before: Contract, after: Contract) -> Severity:
    """Judge a scheme that was added: where anybody could call before, it locks clients out."""
    for contract in (before, after):
        operation = _operation(contract, result)
        if operation is None:
            return Severity.ERROR
        is_public = not operation.security or any(not r.schemes for r in operation.security)
        if contract is before and not is_public:
            return Severity.INFO
        if contract is after and is_public:
            return Severity.INFO
    return Severity.ERROR


def _operation(contract: Contract, result: Result) -> Operation | None:
    for operation in contract.operations:
        binding = operation.binding
        if operation.wire is Wire.REST and (
            getattr(binding, "method", None),
            getattr(binding, "path", None),
        ) == (result.operation, result.path):
            return operation
    return None


def _alone(old: DocumentInfo | None, new: DocumentInfo | None, after: Contract) -> Finding:
    if new is not None:
        return Finding(
            rule="document-added",
            severity=Severity.INFO,
            message=f"{new.file} is new in the contract",
            help=SAFE,
            origin=new.origin,
            promise=Promise.WIRE,
        )
    assert old is not None
    return Finding(
        rule="document-removed",
        severity=Severity.ERROR,
        message=f"{old.file} is gone from the contract, with all of its operations",
        help="name it in the manifest again; if it was renamed, give it its old name",
        origin=after.documents[0].origin if after.documents else None,
        promise=Promise.WIRE,
    )


def _not_compared(new: DocumentInfo, error: CannotCompareError) -> Finding:
    return Finding(
        rule="not-compared",
        severity=Severity.ERROR,
        message=f"{new.file} was not compared: {error}",
        help="mend this and run again; until then nothing is known about its changes",
        origin=new.origin,
    )


def _not_covered(new: DocumentInfo) -> Iterator[Finding]:
    """Tell of what the pinned oasdiff does not look into."""
    document = root(_document(new))
    for callbacks in _callbacks(document):
        yield Finding(
            rule="not-covered",
            severity=Severity.WARNING,
            message="changes inside callbacks are not found: oasdiff does not look into them",
            help="compare them by hand, or describe them as webhooks, which are compared",
            origin=callbacks.origin,
        )


def _callbacks(document: Node) -> Iterator[Node]:
    paths = document.get("paths")
    for _path, item in paths.items() if paths is not None else ():
        for _method, operation in item.items():
            callbacks = operation.get("callbacks")
            if callbacks is not None:
                yield callbacks
