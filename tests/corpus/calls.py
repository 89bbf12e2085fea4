"""Calls of the venue: payloads made from the document, verified and decoded by both SDKs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from judge import exact

from venuekit.contract import Content, WebhookBinding
from venuekit.contract.shown import undeclared_in
from venuekit.load import Loaded
from venuekit.mock.answers import Answers, to_json
from venuekit.mock.bodies import is_json
from venuekit.mock.raw import RawSchemas


def calls(loaded: Loaded) -> Iterator[dict[str, Any]]:
    """Yield two payloads of each webhook and callback, full and with what is demanded."""
    answers = Answers(loaded.contract, RawSchemas(loaded.resolver.documents), seed=0)
    for operation in loaded.contract.operations:
        binding = operation.binding
        if not isinstance(binding, WebhookBinding):
            continue
        contents = binding.body.contents if binding.body is not None else ()
        content = min(contents, key=lambda one: not is_json(one.media_type), default=None)
        for is_full in (True, False):
            value, problems = _payload(answers, content, is_full)
            yield {
                "operation": operation.name,
                "is_full": is_full,
                "is_json": content is not None and is_json(content.media_type),
                "value": value,
                "body": to_json(value).decode() if content is not None else "",
                "unmade": problems,
                "undeclared": sorted(_undeclared(loaded, content, value)),
            }


def _undeclared(loaded: Loaded, content: Content | None, value: Any) -> frozenset[str]:
    if content is None or content.schema is None:
        return frozenset()
    return undeclared_in(loaded.contract, content.schema, value)


def _payload(answers: Answers, content: Content | None, is_full: bool) -> tuple[Any, list[str]]:
    if content is None or content.schema is None:
        return None, []
    origin = content.origin.child("schema")
    return answers.judged(origin, content.schema, content.examples, "response", is_full)


def compare_calls(
    wanted: list[dict[str, Any]], results: list[dict[str, Any]], language: str
) -> tuple[int, list[str]]:
    """Return how many operations were taken, and what did not come out as it was sent."""
    faults, taken = [], set()
    if len(results) != len(wanted):
        faults.append(f"{language}: {len(results)} calls were taken of {len(wanted)}")
    for sample, result in zip(wanted, results, strict=False):
        name = sample["operation"]
        if sample["unmade"]:
            continue
        if result.get("problem"):
            faults.append(f"{language}: {name}: {result['problem']}"[:600])
        elif sample["is_json"] and repr(exact(result["value"])) != repr(
            _expected(sample, result, language)
        ):
            text = f"{language}: {name} sent {sample['value']!r}, and {result['value']!r} came out"
            faults.append(text[:600])
        else:
            taken.add(name)
    return len(taken), faults


def _expected(sample: dict[str, Any], result: dict[str, Any], language: str) -> Any:
    """Return what must come out: Python alone keeps no member that nothing declares (0031)."""
    if not language.startswith("python"):
        return exact(sample["value"])

    def kept(sent: Any, came: Any) -> Any:
        if isinstance(sent, dict) and isinstance(came, dict):
            names = [name for name in sent if name in came or name not in sample["undeclared"]]
            return {name: kept(sent[name], came.get(name)) for name in names}
        if isinstance(sent, list) and isinstance(came, list) and len(sent) == len(came):
            return [kept(one, other) for one, other in zip(sent, came, strict=True)]
        return sent

    return exact(kept(sample["value"], result["value"]))
