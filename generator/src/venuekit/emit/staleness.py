"""Why a generated folder is not what the generator would write: the stamp of each is compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from venuekit.emit.files import STAMP

_MOST = 5
"""How many names a reason lists; a report is no place for a thousand."""


def reasons(folder: Path, content: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return why a folder differs from what should stand in it, in words; the likeliest first."""
    before, after = _stamp(folder / STAMP), json.loads(content[STAMP])
    if before is None:
        return ("it was not generated yet",)
    made, making = _texts(before.get("made_from")), _texts(after.get("made_from"))
    found = list(_changes(made, making))
    edited = _edited(folder, _texts(before.get("files")))
    if edited:
        found.append(f"edited by hand: {_listed(edited)}")
    if not found:
        found.append("the generator changed, and its version did not")
    return tuple(found)


def _changes(made: Mapping[str, str], making: Mapping[str, str]) -> Iterator[str]:
    if made.get("venuekit") != making.get("venuekit"):
        yield f"the generator changed from {made.get('venuekit')} to {making.get('venuekit')}"
    names = sorted(made.keys() | making.keys())
    for word in ("document", "overlay"):
        keys = [name for name in names if name.startswith(f"{word} ")]
        for verb, changed in (
            ("changed", [k for k in keys if k in made and k in making and made[k] != making[k]]),
            ("new", [k for k in keys if k not in made]),
            ("gone", [k for k in keys if k not in making]),
        ):
            if changed:
                yield f"{word} {verb}: {_listed([k.partition(' ')[2] for k in changed])}"
    if made.get("lock") != making.get("lock"):
        yield "the name lock changed"
    others = [
        name
        for name in names
        if not name.startswith(("document ", "overlay "))
        and name not in ("venuekit", "lock")
        and made.get(name) != making.get(name)
    ]
    if others:
        yield f"other options: {_listed(others)}"


def _edited(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return the files that are not as the generator wrote them."""
    found = []
    for name, digest in files.items():
        path = folder / name
        if not path.is_file() or _digest(path.read_bytes()) != digest:
            found.append(name)
    return found


def _stamp(path: Path) -> Mapping[str, object] | None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _texts(value: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_MOST])
    return f"{shown} and {len(names) - _MOST} more" if len(names) > _MOST else shown


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
