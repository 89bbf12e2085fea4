"""Where the pinned oasdiff binary is; `venuekit.changes` runs it on pairs of OpenAPI documents."""

import json
import os
from pathlib import Path

__all__ = ["VERSION", "OasdiffMissingError", "binary"]

VERSION = "v1.33.0"
"""The pinned version of oasdiff; `go.mod` names the same one, and a test holds them together."""

_FOLDER = Path(__file__).parent / "_bin"


class OasdiffMissingError(RuntimeError):
    """There is no oasdiff to run; the text says why and what to do."""


def binary() -> Path:
    """Return the absolute path of the oasdiff executable that was built with this package.

    Raises `OasdiffMissingError`, with the recorded reason, when the build made none.
    """
    record = _record()
    reason = record.get("reason")
    if reason:
        raise _missing(f"oasdiff {VERSION} was not built when this package was installed: {reason}")
    path = _FOLDER / str(record["file"])
    if not os.access(path, os.X_OK):
        raise _missing(f"{path} is recorded as the oasdiff binary and cannot be executed")
    if record.get("version") != VERSION:
        found = record.get("version")
        raise _missing(f"the oasdiff binary is {found}, expected {VERSION}")
    return path


def _record() -> dict[str, str]:
    """Read what the build wrote beside the binary."""
    path = _FOLDER / "build.json"
    try:
        record: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _missing(f"{path} is absent: this package was never built") from None
    except ValueError as error:
        raise _missing(f"{path} cannot be read: {error}") from None
    return record


def _missing(fact: str) -> OasdiffMissingError:
    """Add the cure to a fact."""
    return OasdiffMissingError(
        f"{fact}; install Go 1.26 or newer and run `pip install --force-reinstall venuekit-oasdiff`"
    )
