"""What one run of `generate` makes: loading, emitting, and everything that decides the result."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from venuekit.emit.emission import Emission, Options
from venuekit.emit.files import tree
from venuekit.emit.ledger import Ledger, noting
from venuekit.emit.lock import Lock
from venuekit.emit.package_names import python_package
from venuekit.finding import Finding, Severity
from venuekit.manifest import Target, TargetOptions
from venuekit.missing import Allowance, counted
from venuekit.name_lock import NameLock
from venuekit.rebuild.runs import Request, lock_mark

if TYPE_CHECKING:
    from venuekit.contract import Contract
    from venuekit.load import Loaded
    from venuekit.rebuild.run import Run
    from venuekit.rebuild.steps import Work
    from venuekit.source import Files

Emitter = Callable[["Contract", Options], Emission]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be made, and of what: nothing else decides what comes out."""

    documents: tuple[Path, ...]
    overlays: tuple[Path, ...]
    targets: Mapping[Target, TargetOptions]
    may: Allowance
    names: NameLock

    @property
    def single(self) -> Path | None:
        """Return the only file that is read, where there are no others."""
        is_single = len(self.documents) == 1 and not self.overlays
        return self.documents[0] if is_single else None

    @property
    def request(self) -> Request:
        """Return all that decides what is made, beside what the documents say."""
        words = [f"document {path}" for path in self.documents]
        words += [f"overlay {path}" for path in self.overlays]
        words += [f"allowed {rule}" for rule in sorted(self.may.rules)]
        for name, options in self.targets.items():
            words += [f"target {name} {options.package} {options.distribution}"]
            words += _samples(options.samples).values() if options.samples is not None else []
        if self.names.file is None:
            return Request(words=tuple(words))
        words += [f"lock {self.names.file.resolve()} {self.names.renames}"]
        return Request(words=tuple(words), lock=lock_mark(self.names.text))

    def run(self, files: Files | None, ledgers: Mapping[str, Ledger], is_part: bool = False) -> Run:
        """Load the documents and emit every target; nothing to write where errors were found.

        `is_part` says that `files` have a part of the contract, beside which a lock has more.
        """
        from venuekit.load import load
        from venuekit.rebuild.run import Run

        loaded = load(self.documents, self.overlays, files=files)
        loading = self.may.judged(loaded.findings)
        findings, there = [*loading], counted(loaded)
        emissions: dict[str, Emission] = {}
        for name, stated in self.targets.items():
            lock = self.names.lock(name, loaded.contract.version, is_part=is_part)
            options = _options(loaded.contract, stated, lock, loaded.findings)
            with noting(ledgers[name]):
                emission = emitter(name)(loaded.contract, options)
            judged = self.may.judged(emission.findings)
            findings += [*judged, *self.may.lost(name, there, emission, [*loading, *judged])]
            has_errors = any(finding.severity is Severity.ERROR for finding in findings)
            emissions[name] = replace(emission, files={}, names=None) if has_errors else emission
        return Run(loaded=loaded, there=there, emissions=emissions, findings=tuple(findings))

    def stamped(self, name: str, emission: Emission, loaded: Loaded) -> Mapping[str, bytes]:
        """Return the tree of a target, with what it was made from."""
        from venuekit.provenance import made_from

        stated = self.targets[cast(Target, name)]
        options = _options(loaded.contract, stated, None, ())
        made = made_from(loaded, self.overlays, name, options, emission.names, self.may.rules)
        return tree(emission.files, made)


def work_of(job: Job) -> Work:
    """Return a job as the cache does it."""
    from venuekit.rebuild.steps import Work

    return Work(
        request=job.request,
        targets=list(job.targets),
        single=job.single,
        names=job.names,
        make=job.run,
        stamp=job.stamped,
    )


def emitter(target: Target) -> Emitter:
    """Return the emitter of a target: the `emit` function of `venuekit.emit.<target>`."""
    return cast(Emitter, importlib.import_module(f"venuekit.emit.{target}").emit)


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
