"""The file of a name lock: where it stands, what is read from it, and whether it is up to date."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from venuekit.emit.files import replace_file
from venuekit.emit.lock import Lock, LockText, Renames, TargetLock, lock_text, parse_lock
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.manifest import Manifest
from venuekit.origin import Locator, Origin
from venuekit.source import Document

FILE_NAME = "venuekit.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLock:
    """A lock that was read; `file` is None where no names are kept."""

    file: Path | None
    text: str = ""
    targets: tuple[tuple[str, TargetLock], ...] = ()
    renames: Renames = Renames.REFUSE

    def lock(self, target: str, version: str, *, is_part: bool = False) -> Lock | None:
        """Return what the emitter of a target is given, None where no names are kept.

        `is_part` says that it will see a part of the contract alone.
        """
        if self.file is None:
            return None
        folder = self.file.resolve().parent
        return Lock(
            known=self.known(target),
            version=version,
            renames=self.renames,
            shown=_Shown(folder, {}),
            is_part=is_part,
        )

    def known(self, target: str) -> TargetLock:
        """Return the names that a target has so far."""
        return dict(self.targets).get(target, TargetLock())

    def updated(self, target: str, names: TargetLock | None) -> NameLock:
        """Return the lock with other names for one target; an emitter without names adds none."""
        if self.file is None or names is None:
            return self
        targets = {**dict(self.targets), target: names}
        return NameLock(
            file=self.file,
            text=self.text,
            targets=tuple(sorted(targets.items())),
            renames=self.renames,
        )

    def after(self, names: Mapping[str, TargetLock | None]) -> str | None:
        """Return the text of the lock with the names of some targets; None where it holds none."""
        lock = self
        for target, one in names.items():
            lock = lock.updated(target, one)
        return lock_text(dict(lock.targets)) if self.file is not None and lock.targets else None

    def write(self, text: str | None) -> None:
        """Put the text that a run gave into the file, where it is not there already."""
        if self.file is not None and text is not None and text != self.text:
            replace_file(self.file, text)

    def stale(self, text: str | None) -> list[Finding]:
        """Return the finding that the file does not hold the text that a run gave, if so."""
        if self.file is None or text is None or text == self.text:
            return []
        new, old = set(text.splitlines()), set(self.text.splitlines())
        fact = f"{len(new - old)} lines are missing and {len(old - new)} are left over"
        return [
            Finding(
                rule="stale-lock",
                severity=Severity.ERROR,
                message=f"the name lock is not what the contract gives: {fact}"
                if self.text
                else "there is no name lock yet",
                help="run `venuekit generate` and commit the lock with the rest",
                origin=Origin(LockText(str(self.file))),
            )
        ]


def lock_file(manifest: Manifest | None, chosen: Path | None) -> Path | None:
    """Return where the lock stands.

    That is where `--lock` says, else where the manifest says or beside it. Without either no names
    are kept: a lock that happens to stand beside a document may be that of several.
    """
    if chosen is not None:
        return chosen
    if manifest is not None:
        return manifest.lock or manifest.file.parent / FILE_NAME
    return None


def read_lock(file: Path | None, renames: Renames) -> NameLock:
    """Read a lock; one that does not exist yet is empty. Raises FindingsError for a broken one."""
    if file is None or not file.exists():
        return NameLock(file=file, renames=renames)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FindingsError(
            [
                Finding(
                    rule="invalid-lock",
                    severity=Severity.ERROR,
                    message=f"the lock cannot be read: {error}",
                    help="restore the committed lock, or name another file by --lock",
                    origin=Origin(LockText(str(file))),
                )
            ]
        ) from None
    targets = parse_lock(str(file), text)
    return NameLock(file=file, text=text, targets=tuple(sorted(targets.items())), renames=renames)


@dataclass(frozen=True, slots=True)
class _Shown:
    """Calls documents by their path from the lock's folder, whatever the working folder is.

    A path is looked up once for each document, because places are many and documents are few.
    """

    folder: Path
    known: dict[int, tuple[Locator, str]]

    def __call__(self, document: Locator) -> str:
        if id(document) not in self.known:
            path = document.path if isinstance(document, Document) else None
            whole = Path(path or document.name).resolve()
            shown = Path(os.path.relpath(whole, self.folder)).as_posix()
            self.known[id(document)] = (document, shown)
        return self.known[id(document)][1]
