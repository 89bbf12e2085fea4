"""What an output was made from: every document, overlay and option, and the generator itself."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from venuekit import __version__
from venuekit.emit.emission import Options
from venuekit.emit.lock import TargetLock, lock_text
from venuekit.overlays import folder as shipped_folder

if TYPE_CHECKING:
    from venuekit.load import Loaded


def made_from(
    loaded: Loaded,
    overlays: Collection[Path],
    target: str,
    options: Options,
    names: TargetLock | None,
    allowed: Collection[str],
) -> dict[str, str]:
    """Return everything that decides an output, so that two equal ones give equal output.

    Paths start at the documents' common folder, whatever the working folder; nothing tells where
    on a machine that is.
    """
    made = {"venuekit": __version__, "target": target, "package": options.package}
    if options.distribution is not None:
        made["distribution"] = options.distribution
    if options.version is not None:
        made["version"] = options.version
    if options.extra:
        made["extra"] = _digest(json.dumps(dict(options.extra), sort_keys=True))
    if allowed:
        made["allow-missing"] = " ".join(sorted(allowed))
    if names is not None:
        made["lock"] = _digest(lock_text({target: names}))
    roots = [_path(Path(info.file)) for info in loaded.contract.documents]
    folder = Path(os.path.commonpath([path.parent for path in roots]))
    applied = {_path(path) for path in overlays}
    for document in loaded.resolver.documents:
        path = _path(Path(document.path or document.name))
        word = "overlay" if path in applied else "document"
        made[f"{word} {_shown(path, folder)}"] = document.digest
    return made


def _path(path: Path) -> Path:
    return Path(os.path.abspath(path)).resolve()


def _shown(path: Path, folder: Path) -> str:
    if path.is_relative_to(shipped_folder().resolve()):
        return f"shipped/{path.name}"
    if Path(os.path.commonpath([path, folder])) == Path(path.anchor):
        return path.name
    return Path(os.path.relpath(path, folder)).as_posix()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
