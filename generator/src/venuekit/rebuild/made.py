"""What one run made, before anything is written: findings, counts, files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from venuekit.emit.files import digests_of
from venuekit.finding import Finding, Severity

if TYPE_CHECKING:
    from venuekit.contract import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeTarget:
    """The tree of one target, the stamp in it; none where errors were found.

    `digests` has the SHA-256 of each file; `content` brings the files themselves, which are not
    needed where the output folder has them already.
    """

    name: str
    emitted: Counts
    digests: Mapping[str, str]
    content: Callable[[], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What one run made. `inputs` has the SHA-256 of each file that it was made from.

    `read` counts the contract, `there` what the documents have; `lock` is the text of the name
    lock as it is with this output, None where no names are kept.
    """

    findings: tuple[Finding, ...]
    read: Counts
    there: Counts
    lock: str | None
    targets: tuple[MadeTarget, ...]
    inputs: Mapping[Path, str]

    @property
    def is_clean(self) -> bool:
        """Whether no finding is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def made_target(name: str, emitted: Counts, files: Mapping[str, bytes]) -> MadeTarget:
    """Return a target that was made in this run."""
    return MadeTarget(name=name, emitted=emitted, digests=digests_of(files), content=lambda: files)
