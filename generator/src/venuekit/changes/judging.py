"""The whole judgement of a change: our rules on streams and FIX, oasdiff on OpenAPI, one answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import venuekit_oasdiff
from venuekit.changes import compare, rules
from venuekit.changes.openapi import judge_openapi
from venuekit.finding import Finding, Promise, Severity
from venuekit.load import Loaded

NOT_COMPARED = "signing, limits, errors; servers, security and x-stream of AsyncAPI documents"
"""What no rule asks about: said in every report, so that silence is not taken for safety."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What changed. It is incomplete when something could not be compared: never green."""

    findings: tuple[Finding, ...]
    facts: Mapping[str, object] = field(default_factory=dict)
    is_complete: bool = True


def judge(before: Loaded, after: Loaded, promises: Collection[Promise] = ()) -> Judgement:
    """Compare two contracts over all their documents.

    `promises` are those that the venue gives (all, when empty): a break of any other is shown
    as a warning.
    """
    lost = (*_lost(before), *_lost(after))
    openapi = judge_openapi(before, after)
    found = (*openapi.findings, *compare(before.contract, after.contract))
    return Judgement(
        findings=(*lost, *(_weighed(finding, promises) for finding in found)),
        facts={
            "before": f"{before.contract.title} {before.contract.version}",
            "after": f"{after.contract.title} {after.contract.version}",
            "judged by": f"oasdiff {venuekit_oasdiff.VERSION} on OpenAPI "
            f"({', '.join(openapi.pairs) or 'no document'}), "
            f"{len(rules())} rules on AsyncAPI and FIX",
            "not compared": NOT_COMPARED,
        },
        is_complete=openapi.is_complete and not lost,
    )


def _lost(loaded: Loaded) -> Iterator[Finding]:
    """Yield what the loader could not carry, for what is not loaded cannot be compared.

    oasdiff reads OpenAPI documents themselves, so that a loss there hides nothing from it.
    """
    openapi = {info.file for info in loaded.contract.documents if info.kind == "openapi"}
    for finding in loaded.findings:
        is_openapi = finding.origin is not None and finding.origin.document.name in openapi
        if finding.severity is Severity.ERROR and not is_openapi:
            yield finding


def _weighed(finding: Finding, promises: Collection[Promise]) -> Finding:
    is_promised = not promises or finding.promise is None or finding.promise in promises
    if is_promised or finding.severity is not Severity.ERROR:
        return finding
    return replace(finding, severity=Severity.WARNING)
