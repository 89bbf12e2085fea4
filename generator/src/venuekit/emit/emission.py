"""What an emitter returns: files by relative path, what it could not carry, what it counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from venuekit.emit.lock import Lock, TargetLock
from venuekit.finding import Finding

if TYPE_CHECKING:
    from venuekit.contract import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """The output of one emitter, not yet written.

    `emitted` counts what of the contract is in the files; a difference to the contract's own
    counts fails the run. `findings` of severity error fail it as well, and nothing is written.
    `names` is the name lock as it is with this output, where one is kept.
    """

    files: Mapping[str, str | bytes]
    emitted: Counts
    findings: tuple[Finding, ...] = ()
    names: TargetLock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the caller may choose; each emitter reads the members that concern it.

    `package` is the import name (Python) or the npm name (TypeScript), `distribution` the name
    to install by where it differs, `version` that of the package. With a `lock` names stay.
    `lost` is what loading found; its errors were allowed, or nothing is written.
    """

    package: str
    distribution: str | None = None
    version: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    lock: Lock | None = None
    lost: tuple[Finding, ...] = ()
