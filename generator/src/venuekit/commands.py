"""What each command does, from paths to a report; `cli.py` parses and prints around it.

What one command alone needs is imported in it: generating loads no judge of changes.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast, get_args

from venuekit.collector import paused
from venuekit.emit.files import Difference, difference, write
from venuekit.emit.lock import Renames
from venuekit.emit.model_back_end import beside
from venuekit.emit.staleness import reasons
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.generating import Job, work_of
from venuekit.manifest import FILE_NAME, Manifest, Target, TargetOptions, load_manifest
from venuekit.missing import allowance, is_allowed, tally
from venuekit.name_lock import lock_file, read_lock
from venuekit.overlays import overlay_files
from venuekit.rebuild import CacheFolder, DroppedError, Made, kept_run
from venuekit.report import Report
from venuekit.source import GitFiles

if TYPE_CHECKING:
    from venuekit.contract import Counts
    from venuekit.load import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The documents of one contract, and the manifest that named them, if one did."""

    documents: tuple[Path, ...]
    overlays: tuple[Path, ...] = ()
    manifest: Manifest | None = None


def inputs(paths: Sequence[Path], overlays: Sequence[Path]) -> Inputs:
    """Return what to work on: the documents named, a manifest named, or ./venuekit.yaml.

    Overlays are named by file, or by the name of one that is shipped. Raises FindingsError when
    neither a document nor a manifest is there, and for an unknown overlay.
    """
    overlays = overlay_files(overlays)
    if not paths:
        paths = (Path(FILE_NAME),)
        if not paths[0].is_file():
            raise FindingsError([_nothing_to_do()])
    if len(paths) == 1 and paths[0].name == FILE_NAME:
        manifest = load_manifest(paths[0])
        both = (*manifest.overlays, *overlays)
        return Inputs(documents=manifest.documents, overlays=both, manifest=manifest)
    return Inputs(documents=tuple(paths), overlays=tuple(overlays))


def _nothing_to_do() -> Finding:
    return Finding(
        rule="no-document",
        severity=Severity.ERROR,
        message=f"no document was named and there is no {FILE_NAME} here",
        help=f"name an OpenAPI or AsyncAPI document, or go to the folder of {FILE_NAME}",
    )


def check(given: Inputs, only: Collection[str] = ()) -> Report:
    """Load the contract and ask every lint rule (or those named by id)."""
    from venuekit import checks
    from venuekit.load import load

    loaded = load(given.documents, given.overlays)
    unknown = sorted(set(only) - set(checks.rules()))
    if unknown:
        raise FindingsError([_unknown_rule(name) for name in unknown])
    return Report(
        command="check",
        findings=(*loaded.findings, *checks.check(loaded.contract, only)),
        facts={"read": counts_text(loaded.contract.counts)},
    )


def _unknown_rule(name: str) -> Finding:
    return Finding(
        rule="unknown-rule",
        severity=Severity.ERROR,
        message=f"there is no rule {name!r}",
        help="`venuekit explain` lists the rules",
    )


def split_target(words: Sequence[str]) -> tuple[Target | None, tuple[Path, ...]]:
    """Tell a leading target's name from the documents behind it."""
    known: dict[str, Target] = {target: target for target in get_args(Target)}
    target = known.get(words[0]) if words else None
    return target, tuple(Path(word) for word in words[target is not None :])


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What a run of `generate` may do that is not a matter of course.

    `lock` is the file of the name lock, where another than the usual one is meant; `renames` says
    what becomes of names that the documents changed; `missing` are rules whose losses are allowed.
    """

    lock: Path | None = None
    renames: Renames = Renames.REFUSE
    missing: tuple[str, ...] = ()


_DRAWING = frozenset({"python", "server"})
"""The targets that have models."""


def generate(
    given: Inputs,
    target: Target | None,
    output: Path | None,
    package: str | None,
    is_check: bool,
    allowed: Allowed = Allowed(),
    cache: CacheFolder | None = None,
) -> Report:
    """Emit one target (or all of the manifest's) and write it, or compare it with `is_check`.

    Nothing is written when loading or emitting found an error that is not allowed. What `cache`
    holds of an earlier run is taken from there; the result is the same to the byte.
    """
    manifest = given.manifest
    job = Job(
        documents=given.documents,
        overlays=given.overlays,
        targets=dict(_targets(given, target, output, package)),
        may=allowance((*(manifest.allow_missing if manifest else ()), *allowed.missing)),
        names=read_lock(lock_file(manifest, allowed.lock), allowed.renames),
    )
    kept = kept_run(cache, job.request) if cache is not None else None
    if kept is not None:
        with contextlib.suppress(DroppedError):  # It is made again.
            return _finished(kept, job, is_check)
    draws = not _DRAWING.isdisjoint(job.targets)
    with paused(), beside() if draws else contextlib.nullcontext():
        from venuekit.rebuild import steps

        return _finished(steps.made(cache, work_of(job)), job, is_check)


def _finished(made: Made, job: Job, is_check: bool) -> Report:
    """Write what was made, or compare it, and say so."""
    findings = list(made.findings)
    facts: dict[str, object] = {"read": counts_text(made.read)}
    for one in made.targets:
        name = cast(Target, one.name)
        output = job.targets[name].output
        facts[f"emitted {name}"] = tally(made.there, one.emitted)
        if not one.digests:
            continue
        stale = difference(output, one.digests)
        if is_check:
            findings += [_stale(name, output, stale, one.content())] if stale else []
        else:
            if stale:
                write(output, one.content(), stale)
            job.names.write(made.lock)
            facts[f"written {name}"] = f"{len(one.digests)} files to {_shown(output)}" + (
                "" if stale else " (nothing changed)"
            )
    findings += job.names.stale(made.lock) if is_check else []
    missing = sum(is_allowed(finding) for finding in findings)
    return Report(
        command="generate",
        findings=tuple(findings),
        facts=facts | ({"allowed missing": missing} if missing else {}),
    )


def _targets(
    given: Inputs, target: Target | None, output: Path | None, package: str | None
) -> list[tuple[Target, TargetOptions]]:
    stated = dict(given.manifest.targets) if given.manifest is not None else {}
    if target is None:
        if not stated:
            raise FindingsError([_no_target("no target was named and no manifest lists one")])
        return list(stated.items())
    known = stated.get(target)
    if output is None and known is None:
        raise FindingsError([_no_target(f"no output folder was named for {target}")])
    chosen = TargetOptions(
        output=output or cast(TargetOptions, known).output,
        package=package or (known.package if known else None),
        distribution=known.distribution if known else None,
        samples=known.samples if known else None,
    )
    return [(target, chosen)]


def _no_target(message: str) -> Finding:
    return Finding(
        rule="no-target",
        severity=Severity.ERROR,
        message=message,
        help="write `venuekit generate python FILE -o FOLDER`, or list targets in the manifest",
    )


def _stale(
    target: Target, folder: Path, stale: Difference, content: Mapping[str, bytes]
) -> Finding:
    why = "; ".join(reasons(folder, content))
    return Finding(
        rule="stale-output",
        severity=Severity.ERROR,
        message=f"{_shown(folder)} is not what the contract gives for {target}: {stale} ({why})",
        help="run `venuekit generate` and commit the result",
    )


def _shown(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)


def compare(given: Inputs, against: str | None) -> Report:
    """Compare a contract with an earlier one and say what breaks.

    `against` is a document, a folder that holds the same documents, or a git revision; without
    it the manifest's baseline is meant. The report is incomplete, and the exit code 2, when
    oasdiff is missing or something could not be compared.
    """
    from venuekit.changes import judging
    from venuekit.load import load

    if against is None and _baseline(given) is None:
        raise FindingsError([_no_baseline()])
    before = _before(given, against)
    after = load(given.documents, given.overlays)
    promises = given.manifest.promises if given.manifest is not None else ()
    judgement = judging.judge(before, after, promises)
    return Report(
        command="changes",
        findings=judgement.findings,
        facts=judgement.facts,
        is_complete=judgement.is_complete,
    )


def _baseline(given: Inputs) -> Path | None:
    return given.manifest.baseline if given.manifest is not None else None


def _before(given: Inputs, against: str | None) -> Loaded:
    """Load the earlier contract, from where `against` says."""
    from venuekit.load import load

    root = Path(os.path.commonpath([path.resolve().parent for path in given.documents]))
    path = Path(against) if against is not None else _baseline(given)
    if path is None or not path.exists():
        revision = against or ""
        return load(given.documents, given.overlays, files=GitFiles(root, revision))
    if path.is_file():
        return load([path], given.overlays)
    inside = [document.resolve().relative_to(root) for document in given.documents]
    return load([path / name for name in inside], given.overlays)


def _no_baseline() -> Finding:
    return Finding(
        rule="no-baseline",
        severity=Severity.ERROR,
        message="there is nothing to compare with",
        help="add --against DOCUMENT, FOLDER or REVISION, or a baseline to the manifest",
    )


def explain(rule_id: str) -> str:
    """Return the page of a rule. Raises FindingsError when no family has it."""
    from venuekit.rulebook import folders, page

    for family in _families():
        if rule_id in folders(family):
            return page(family, rule_id).text
    raise FindingsError([_unknown_rule(rule_id)])


def rule_ids() -> tuple[str, ...]:
    """Return the ids of all rules, lint rules first."""
    from venuekit.rulebook import folders

    return tuple(name for family in _families() for name in folders(family))


def _families() -> tuple[ModuleType, ...]:
    """Return the rules of the linter and those about changes."""
    from venuekit import changes, checks

    return checks, changes


def counts_text(counts: Counts) -> str:
    """Return counts as a line: "12 operations, 3 channels, 9 messages, 20 schemas"."""
    return (
        f"{counts.operations} operations, {counts.channels} channels, "
        f"{counts.messages} messages, {counts.schemas} schemas"
    )
