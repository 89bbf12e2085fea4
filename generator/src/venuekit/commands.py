"""What each command does, from paths to a report; `cli.py` parses and prints around it."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from venuekit import changes, checks
from venuekit.changes import judging
from venuekit.contract import Contract, Counts
from venuekit.emit.emission import Emission, Options
from venuekit.emit.files import Difference, difference, tree, write
from venuekit.emit.lock import Lock, Renames
from venuekit.emit.package_names import python_package
from venuekit.emit.staleness import reasons
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.load import Loaded, load
from venuekit.manifest import FILE_NAME, Manifest, Target, TargetOptions, load_manifest
from venuekit.missing import allowance, counted, is_allowed, tally
from venuekit.name_lock import lock_file, read_lock
from venuekit.overlays import overlay_files
from venuekit.provenance import made_from
from venuekit.report import Report
from venuekit.rulebook import folders, page
from venuekit.source import GitFiles

Emitter = Callable[[Contract, Options], Emission]


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


def generate(
    given: Inputs,
    target: Target | None,
    output: Path | None,
    package: str | None,
    is_check: bool,
    allowed: Allowed = Allowed(),
) -> Report:
    """Emit one target (or all of the manifest's) and write it, or compare it with `is_check`.

    Nothing is written when loading or emitting found an error that is not allowed.
    """
    manifest = given.manifest
    may = allowance((*(manifest.allow_missing if manifest else ()), *allowed.missing))
    names = read_lock(lock_file(manifest, given.documents, allowed.lock), allowed.renames)
    loaded = load(given.documents, given.overlays)
    loading = may.judged(loaded.findings)
    findings = [*loading]
    contract, read = loaded.contract, counted(loaded)
    facts: dict[str, object] = {"read": counts_text(contract.counts)}
    for name, stated in _targets(given, target, output, package):
        options = _options(contract, stated, names.lock(name, contract.version), loaded.findings)
        emission = emitter(name)(contract, options)
        judged = may.judged(emission.findings)
        findings += [*judged, *may.lost(name, read, emission, [*loading, *judged])]
        facts[f"emitted {name}"] = tally(read, emission)
        if any(finding.severity is Severity.ERROR for finding in findings):
            continue
        made = made_from(loaded, given.overlays, name, options, emission.names, may.rules)
        content = tree(emission.files, made)
        names = names.updated(name, emission.names)
        if is_check:
            stale = difference(stated.output, content)
            findings += [_stale(name, stated.output, stale, content)] if stale else []
        else:
            changed = write(stated.output, content)
            names.write()
            facts[f"written {name}"] = f"{len(content)} files to {_shown(stated.output)}" + (
                "" if changed else " (nothing changed)"
            )
    findings += names.stale() if is_check else []
    missing = sum(is_allowed(finding) for finding in findings)
    return Report(
        command="generate",
        findings=tuple(findings),
        facts=facts | ({"allowed missing": missing} if missing else {}),
    )


def emitter(target: Target) -> Emitter:
    """Return the emitter of a target: the `emit` function of `venuekit.emit.<target>`."""
    return cast(Emitter, importlib.import_module(f"venuekit.emit.{target}").emit)


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


def _options(
    contract: Contract, target: TargetOptions, lock: Lock | None, lost: Sequence[Finding]
) -> Options:
    return Options(
        package=target.package or python_package(contract.title),
        distribution=target.distribution,
        version=contract.version,
        extra=_samples(target.samples) if target.samples is not None else {},
        lock=lock,
        lost=tuple(lost),
    )


def _samples(folder: Path) -> dict[str, str]:
    """Return `sample:<operation>:<language>` to the program's path beside the docs."""
    return {
        f"sample:{file.parent.name}:{file.stem}": f"{folder.name}/{file.parent.name}/{file.name}"
        for file in sorted(folder.glob("*/*.*"))
    }


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
    for family in (checks, changes):
        if rule_id in folders(family):
            return page(family, rule_id).text
    raise FindingsError([_unknown_rule(rule_id)])


def rule_ids() -> tuple[str, ...]:
    """Return the ids of all rules, lint rules first."""
    return (*folders(checks), *folders(changes))


def counts_text(counts: Counts) -> str:
    """Return counts as a line: "12 operations, 3 channels, 9 messages, 20 schemas"."""
    return (
        f"{counts.operations} operations, {counts.channels} channels, "
        f"{counts.messages} messages, {counts.schemas} schemas"
    )
