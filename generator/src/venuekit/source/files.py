"""Where documents come from: the disk, or one revision of a git repository."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from venuekit.origin import Place
from venuekit.source.document import Document, load_document, parse_document
from venuekit.source.errors import SourceError, unreadable

GIT_SECONDS = 60
"""How long one git command may take."""


class Files(Protocol):
    """Reads documents by path."""

    def load(self, path: Path, name: str) -> Document:
        """Return the document at `path`, which messages call `name`. Raises SourceError."""


@dataclass(frozen=True, slots=True)
class DiskFiles:
    """The files as they are now."""

    def load(self, path: Path, name: str) -> Document:
        """Return the document in the file."""
        return load_document(path, name)


@dataclass(frozen=True, slots=True)
class GitFiles:
    """The files of the repository around `directory`, as `revision` holds them."""

    directory: Path
    revision: str

    def load(self, path: Path, name: str) -> Document:
        """Return the document that `git show REVISION:PATH` prints.

        Raises SourceError when git, the repository, the revision or the file is missing.
        """
        shown = f"{self.revision}:{name}"
        if self.revision.startswith("-") or ":" in self.revision:
            raise unreadable(
                Place(shown, 1, 1),
                f"{self.revision!r} is not a revision",
                "Name a commit, a tag or a branch.",
            )
        top = Path(self._git(shown, "rev-parse", "--show-toplevel").decode().strip())
        try:
            inside = path.absolute().resolve().relative_to(top.resolve())
        except ValueError:
            raise unreadable(
                Place(shown, 1, 1),
                f"the file lies outside of the git repository {top}",
                "Name a file of the repository.",
            ) from None
        data = self._git(shown, "show", f"{self.revision}:{inside.as_posix()}")
        return parse_document(shown, data, path)

    def _git(self, shown: str, *arguments: str) -> bytes:
        command = ["git", "-C", str(self.directory), *arguments]
        try:
            done = subprocess.run(
                command, capture_output=True, check=True, timeout=GIT_SECONDS, shell=False
            )
        except FileNotFoundError:
            raise _git_error(shown, "git is not installed, or the folder is gone") from None
        except subprocess.TimeoutExpired:
            raise _git_error(shown, f"git took longer than {GIT_SECONDS} s") from None
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip().splitlines()
            raise _git_error(shown, said[0] if said else "git failed") from None
        return done.stdout


def _git_error(shown: str, said: str) -> SourceError:
    return unreadable(
        Place(shown, 1, 1),
        f"git cannot give this document: {said}",
        "Check the revision and the path; `git show REVISION:PATH` must print it.",
    )
