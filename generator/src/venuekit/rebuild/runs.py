"""Whole runs: what was made from the same inputs with the same options is not made again.

Under the key of a request stands which files it read last; under a key that has their contents as
well stands what came of it. So a request finds its result without reading any document.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from venuekit.rebuild.folder import CacheFolder
from venuekit.rebuild.generator_mark import generator_mark
from venuekit.rebuild.kept_findings import findings_from, findings_text
from venuekit.rebuild.made import Made, MadeTarget
from venuekit.source import Document

if TYPE_CHECKING:
    from venuekit.contract import Counts

_BOM = b"\xef\xbb\xbf"


class DroppedError(Exception):
    """What was there a moment ago was dropped by another run, or spoilt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a run is asked for. `words` is all that decides its result beside the files it reads.

    `lock` stands for the text of the name lock, if names are kept. The generator itself and the
    working folder, by which places are shown, are added to them.
    """

    words: tuple[str, ...]
    lock: str | None = None

    @property
    def key(self) -> str:
        lock = () if self.lock is None else (f"names {self.lock}",)
        return _key("request", generator_mark(), str(Path.cwd()), *self.words, *lock)


def lock_mark(text: str) -> str:
    """Return what stands for the text of a name lock in requests."""
    return hashlib.sha256(text.encode()).hexdigest()


def kept_run(folder: CacheFolder, request: Request) -> Made | None:
    """Return what the same request made of the same files, or None when it has to be made."""
    paths = _members(folder.get(request.key))
    if paths is None:
        return None
    inputs = {Path(path): digest_of(Path(path)) for path in paths.get("inputs", ())}
    if None in inputs.values():
        return None
    digests = {path: digest for path, digest in inputs.items() if digest is not None}
    key = _run_key(request, digests)
    kept = _members(folder.get(f"{key}-run"))
    if kept is None:
        return None
    return Made(
        findings=findings_from(kept["findings"]),
        read=as_counts(kept["read"]),
        there=as_counts(kept["there"]),
        lock=kept["lock"],
        targets=tuple(_target(folder, key, target) for target in kept["targets"]),
        inputs=digests,
    )


def keep_run(folder: CacheFolder, request: Request, made: Made) -> None:
    """Keep what a run made; one with errors is not kept, because it will be mended."""
    if not made.is_clean:
        return
    key = _run_key(request, made.inputs)
    targets = []
    for target in made.targets:
        content = target.content()
        pack = b"".join(content[path] for path in sorted(content))
        if not folder.put(f"{key}-{target.name}", pack):
            return
        sizes = {path: len(content[path]) for path in sorted(content)}
        targets.append(
            {
                "name": target.name,
                "emitted": as_numbers(target.emitted),
                "sizes": sizes,
                "digests": dict(target.digests),
            }
        )
    kept = {
        "findings": findings_text(made.findings),
        "read": as_numbers(made.read),
        "there": as_numbers(made.there),
        "lock": made.lock,
        "targets": targets,
    }
    if folder.put(f"{key}-run", json.dumps(kept).encode()):
        paths = [str(path) for path in made.inputs]
        folder.put(request.key, json.dumps({"inputs": paths}).encode())


def digest_of(path: Path) -> str | None:
    """Return what stands for a file in keys: where it leads, and what it says; None without one."""
    try:
        return input_digest(path, content_digest(path.read_bytes()))
    except OSError:
        return None


def input_digest(path: Path, digest: str) -> str:
    """Return the same for a file whose content has a digest."""
    return f"{digest} {path.resolve()}"


def content_digest(data: bytes) -> str:
    """Return the SHA-256 of a file that was read, with or without its byte order mark."""
    return hashlib.sha256(data.removeprefix(_BOM)).hexdigest()


def loaded_inputs(documents: Iterable[Document]) -> dict[Path, str]:
    """Return what stands in keys for all documents that a run read."""
    return {
        Path(document.path): input_digest(Path(document.path), document.digest)
        for document in documents
        if document.path is not None
    }


def as_counts(numbers: Sequence[int]) -> Counts:
    """Return the counts that plain numbers were made of."""
    # The contract is imported for a run that is kept, and not to find that none is.
    from venuekit.contract import Counts

    return Counts(**dict(zip(Counts.__slots__, numbers, strict=True)))


def as_numbers(counts: Counts) -> tuple[int, int, int, int]:
    """Return counts as plain numbers."""
    return counts.operations, counts.channels, counts.messages, counts.schemas


def _target(folder: CacheFolder, key: str, kept: Mapping[str, Any]) -> MadeTarget:
    sizes: dict[str, int] = kept["sizes"]
    return MadeTarget(
        name=kept["name"],
        emitted=as_counts(kept["emitted"]),
        digests=kept["digests"],
        content=functools.partial(_unpacked, folder, f"{key}-{kept['name']}", sizes),
    )


def _unpacked(folder: CacheFolder, key: str, sizes: Mapping[str, int]) -> Mapping[str, bytes]:
    """Return the files of a pack. Raises DroppedError when another run dropped it meanwhile."""
    pack = folder.get(key)
    if pack is None or len(pack) != sum(sizes.values()):
        raise DroppedError(key)
    files, start = {}, 0
    for path, size in sizes.items():
        files[path] = pack[start : start + size]
        start += size
    return files


def _run_key(request: Request, inputs: Mapping[Path, str]) -> str:
    return _key("run", request.key, *(f"{path} {digest}" for path, digest in inputs.items()))


def _key(*words: str) -> str:
    text = json.dumps(words)  # No two lists of words have the same text.
    return hashlib.sha256(text.encode()).hexdigest()


def _members(data: bytes | None) -> dict[str, Any] | None:
    """Return an entry as it was kept; its digest proves that this generator wrote it whole."""
    if data is None:
        return None
    members: dict[str, Any] = json.loads(data)
    return members
