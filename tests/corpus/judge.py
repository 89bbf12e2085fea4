"""Holds what arrived at the mock against what was asked for."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from case import Case
from frames import without
from samples import Sample

from venuekit.mock.bodies import is_json


def judge(
    case: Case, language: str, samples: list[Sample], results: list[dict[str, Any]], record: Path
) -> None:
    """Note each operation that was not called, refused, or called with other values."""
    arrived = lines(record)
    by_call: dict[str, list[dict[str, Any]]] = {}
    for line in arrived:
        by_call.setdefault(str(line["operation"]), []).append(line)
    wanted = {sample.operation for sample in samples}
    called = {name for name, found in by_call.items() if any(f["status"] != 400 for f in found)}
    case.facts[f"{language} called"] = f"{len(called & wanted)} of {len(wanted)}"
    case.facts[f"{language} judged"] = str(len(arrived))
    for name in sorted(wanted - called):
        case.fault(f"{language}: {name} was not called, or nothing that fits arrived")
    _problems(case, language, results)
    for sample in samples:
        if not sample.unmade:
            _compare(case, language, sample, by_call.get(sample.operation, []))


def judge_frames(
    case: Case,
    language: str,
    wanted: list[dict[str, Any]],
    results: list[dict[str, Any]],
    record: Path,
) -> None:
    """Note each operation of a socket that was not sent, refused, or sent with other values."""
    arrived = [line for line in lines(record) if line["wire"] == "websocket"]
    taken = [line for line in arrived if not line["problems"]]
    frames = {_frame(line["body"], []) for line in taken}
    names = {sample["operation"] for sample in wanted}
    sent: set[str] = set()
    _problems(case, language, results)
    for sample in wanted:
        place = sample["correlation"]
        asked = repr(exact(without(sample["frame"], place)))
        # Operations that share a message are told apart by nothing on the wire.
        if asked in frames | {_frame(line["body"], place) for line in taken}:
            sent.add(sample["operation"])
        elif not sample["unmade"]:
            case.fault(f"{language}: {sample['operation']} asked {asked[:300]}, and it never came")
    case.facts[f"{language} called"] = f"{len(sent)} of {len(names)}"
    for name in sorted(names - sent):
        case.fault(f"{language}: {name} was not sent, or nothing that fits arrived")


def judge_heard(
    case: Case, language: str, wanted: list[dict[str, Any]], results: list[dict[str, Any]]
) -> None:
    """Note each operation that heard nothing, or not what was sent on it.

    What is sent on other channels of the socket may be heard too, where messages look alike.
    """
    by_name = {result["operation"]: result for result in results}
    count = 0
    for one in (one for one in wanted if one["sent"]):
        result = by_name.get(one["operation"])
        if result is None or result["problem"] is not None:
            reason = "nobody followed it" if result is None else result["problem"]
            case.fault(f"{language}: {one['operation']}: {reason}")
            continue
        # TypeScript's driver shows an event by each table that it may have been read with.
        shown = [e if language.startswith("typescript") else [e] for e in result["events"]]
        forms = {repr(exact(value)) for event in shown for value in event}
        lost = [w for w in one["sent"] if not forms & {repr(exact(v)) for v in _parts_of(w)}]
        if lost:
            text = f"{one['operation']} was sent {lost[0]!r}, and heard {shown[:2]!r}"
            case.fault(f"{language}: {text}"[:700])
        else:
            count += 1
    case.facts[f"{language}"] = f"{count} of {sum(1 for one in wanted if one['sent'])}"


def _parts_of(whole: Any) -> list[Any]:
    """Return a message and what stands in it: an SDK hands out the one member that matters."""
    return [whole, *(whole.values() if isinstance(whole, dict) else ())]


def _frame(body: str, place: list[str]) -> str:
    return repr(exact(without(json.loads(base64.b64decode(body), parse_float=Decimal), place)))


def _problems(case: Case, language: str, results: list[dict[str, Any]]) -> None:
    for result in results:
        if result["problem"] is not None and "MOCK_HAS_NO_ANSWER" not in result["problem"]:
            kind = "full" if result["is_full"] else "least"
            case.fault(f"{language}: {result['operation']} ({kind}): {result['problem']}")


def _compare(case: Case, language: str, sample: Sample, found: list[dict[str, Any]]) -> None:
    """Demand one request that has exactly the sample's values."""
    fitting = [line for line in found if line["status"] != 400]
    kind = "full" if sample.is_full else "least"
    if not any(_is_same(sample, line) for line in fitting):
        shown = [_shown(line) for line in (fitting or found)[:2]]
        asked = {"parameters": sample.parameters, "body": sample.body}
        text = json.dumps(asked, default=str)[:300]
        case.fault(f"{language}: {sample.operation} ({kind}) asked {text} arrived {shown}")


def _is_same(sample: Sample, line: dict[str, Any]) -> bool:
    given = {(place, name) for place, name, _ in sample.parameters}
    # An SDK names itself where nobody gives another name.
    arrived = [
        one
        for one in line.get("parameters", [])
        if one[1].lower() != "user-agent" or (one[0], one[1]) in given
    ]
    asked = sorted(map(repr, _values(sample.parameters)))
    if asked != sorted(map(repr, _values(arrived))):
        return False
    body = base64.b64decode(line["body"])
    if not sample.has_body:
        return body == b""
    sent = next((value for name, value in line["headers"] if name == "content-type"), "")
    if not is_json(sent):
        return body != b""
    return repr(exact(sample.body)) == repr(exact(json.loads(body, parse_float=Decimal)))


def _values(parameters: Iterable[Any]) -> list[Any]:
    """Return parameters without empty lists and objects, which have no text in a request."""
    return [[str(p[0]), p[1], exact(p[2])] for p in parameters if p[2] not in ([], {})]


def exact(value: Any) -> Any:
    """Return a value in a form in which equal JSON is equal: sorted, numbers as decimals."""
    match value:
        case bool() | None | str():
            return value
        case int() | float() | Decimal():
            return Decimal(str(value)).normalize()
        case dict():
            return {name: exact(value[name]) for name in sorted(value)}
        case _:
            return [exact(item) for item in value]


def _shown(line: dict[str, Any]) -> str:
    body = base64.b64decode(line["body"]).decode("utf-8", "replace")[:200]
    reason = (line.get("problems") or [""])[0]
    return f"{line['method']} {line['target'][:200]} {body} -> {line['status']} {reason}"


def lines(record: Path) -> list[dict[str, Any]]:
    """Return the record, whose fractions stay exact."""
    if not record.is_file():
        return []
    text = record.read_text(encoding="utf-8").splitlines()
    return [json.loads(line, parse_float=Decimal) for line in text]
