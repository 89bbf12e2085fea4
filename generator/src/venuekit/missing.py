"""What may be missing from an output, by rule, and the count of it: never in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from venuekit.emit.emission import Emission
from venuekit.finding import Finding, FindingsError, Severity

if TYPE_CHECKING:
    from venuekit.contract import Counts
    from venuekit.load import Loaded

NOT_CARRIED = frozenset(
    (
        "callback-not-carried",
        "content-not-carried",
        "example-not-carried",
        "link-not-carried",
        "parameter-not-carried",
        "path-query-not-carried",
        "path-sibling-not-carried",
        "protocol-not-carried",
        "schema-format-not-carried",
        "schema-keyword-not-carried",
        "schema-not-carried",
        "schema-not-satisfiable",
        "schema-too-deep",
        "topic-not-carried",
        "webhook-not-carried",
    )
)
"""What loaders say of a part that a contract cannot hold."""

NOT_EMITTED = frozenset(("python-not-emitted", "server-not-emitted", "typescript-cannot-carry"))
"""What emitters say of a part that has no place in their output."""

FAMILIES = {"not-carried": NOT_CARRIED, "not-emitted": NOT_EMITTED}
"""Words that stand for all rules of a kind."""

ALLOWED = "allowed to be missing: "
_LOSSES = frozenset(("lost-in-loading",))


@dataclass(frozen=True, slots=True)
class Allowance:
    """The rules whose findings do not fail the run; everything else still does."""

    rules: frozenset[str] = frozenset()

    def judged(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return findings with the allowed ones as warnings.

        What the loaders count as lost is allowed where findings as many as it explain it.
        """
        found = [self._judged(finding) for finding in findings]
        if any(is_allowed(finding) for finding in found):
            return [_as_allowed(f) if f.rule in _LOSSES else f for f in found]
        return found

    def _judged(self, finding: Finding) -> Finding:
        if finding.rule in self.rules and finding.severity is Severity.ERROR:
            return _as_allowed(finding)
        return finding

    def lost(
        self, target: str, read: Counts, emission: Emission, judged: Iterable[Finding]
    ) -> list[Finding]:
        """Return the finding that counts differ: an error unless allowed ones explain it.

        Each missing part has a finding of its own, so there are never more parts than those.
        """
        missing = _missing(read, emission.emitted)
        if not any(missing.values()):
            return []
        allowed = sum(is_allowed(finding) for finding in judged)
        is_explained = all(count >= 0 for count in missing.values()) and (
            sum(missing.values()) <= allowed
        )
        if is_explained:
            return []
        words = "; ".join(
            f"{word}: read {getattr(read, word)}, emitted {getattr(emission.emitted, word)}"
            for word, count in missing.items()
            if count
        )
        return [
            Finding(
                rule="lost-in-emission",
                severity=Severity.ERROR,
                message=f"{target}: {words}",
                help="the findings beside this one name what could not be emitted; nothing was"
                " written",
            )
        ]


def allowance(rules: Collection[str]) -> Allowance:
    """Return what the named rules allow. Raises FindingsError for a rule that allows nothing."""
    known = NOT_CARRIED | NOT_EMITTED
    unknown = [rule for rule in rules if rule not in known and rule not in FAMILIES]
    if unknown:
        raise FindingsError([_unknown(rule) for rule in unknown])
    return Allowance(frozenset().union(*(FAMILIES.get(rule, {rule}) for rule in rules)))


def counted(loaded: Loaded) -> Counts:
    """Return what there is to emit: the contract, and what the loaders lost of the documents."""
    built, lost = loaded.contract.counts, loaded.lost
    return replace(built, **{w: getattr(built, w) + getattr(lost, w) for w in built.__slots__})


def is_allowed(finding: Finding) -> bool:
    """Say whether a finding would have failed the run, had its rule not been allowed."""
    return finding.message.startswith(ALLOWED)


def tally(read: Counts, emitted: Counts) -> str:
    """Return the counts in and out: "operations in 382, out 380, 2 allowed missing; ..."."""
    parts = []
    for word, missing in _missing(read, emitted).items():
        text = f"{word} in {getattr(read, word)}, out {getattr(emitted, word)}"
        parts.append(f"{text}, {missing} allowed missing" if missing else text)
    return "; ".join(parts)


def _missing(read: Counts, emitted: Counts) -> dict[str, int]:
    return {word: getattr(read, word) - getattr(emitted, word) for word in read.__slots__}


def _as_allowed(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.WARNING, message=ALLOWED + finding.message)


def _unknown(rule: str) -> Finding:
    return Finding(
        rule="unknown-rule",
        severity=Severity.ERROR,
        message=f"{rule!r} is no rule that --allow-missing takes",
        help=f"expected {' or '.join(FAMILIES)}, which stand for all, or one of "
        + ", ".join(sorted(NOT_CARRIED | NOT_EMITTED)),
    )
