"""The way of one run: what was made before, else the edited paths alone, else everything."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from venuekit.emit.ledger import Ledger
from venuekit.load import Loaded
from venuekit.rebuild.edits import is_patchable, patched
from venuekit.rebuild.folder import CacheFolder
from venuekit.rebuild.generator_mark import generator_mark
from venuekit.rebuild.kept_findings import findings_from
from venuekit.rebuild.made import Made, made_target
from venuekit.rebuild.run import Make, Run
from venuekit.rebuild.runs import Request, as_counts, input_digest, keep_run, loaded_inputs
from venuekit.rebuild.state import State, text_digest, whole_state
from venuekit.rebuild.unsure import UnsureError

_TARGETS = frozenset({"python", "typescript"})
_MOST_DRAWN = 50_000
_BOM = b"\xef\xbb\xbf"

Files = Mapping[str, str | bytes]
Stamp = Callable[[str, Files, Loaded], Mapping[str, bytes]]
"""Returns the tree of a target, its stamp in it, from its files and what they were made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How a request is done: `single` is its only document, where nothing else is read."""

    request: Request
    targets: Collection[str]
    single: Path | None
    make: Make
    stamp: Stamp


def made(folder: CacheFolder | None, work: Work) -> Made:
    """Do the work: as little of it as gives the same bytes as all of it, and keep the result."""
    if folder is None or work.single is None or not _TARGETS.issuperset(work.targets):
        return _anew(folder, work, None)
    try:
        data = work.single.read_bytes()
    except OSError:
        return _anew(folder, work, None)  # Loading says what is wrong with the file.
    with contextlib.suppress(UnsureError):
        return _edited(folder, work, data, work.single)
    return _anew(folder, work, data)


def _edited(folder: CacheFolder, work: Work, data: bytes, path: Path) -> Made:
    """Return what the edited paths change. Raises UnsureError where that is not sure."""
    old, state = _last(folder, work.request)
    with _drawings(folder) as drawn:
        found = patched(state, old, data, path, work.make, drawn)
    targets = []
    for name, target in found.state.targets.items():
        files = {at: one.text for at, one in target.files.items()}
        tree = work.stamp(name, files, found.loaded)
        targets.append(made_target(name, as_counts(target.emitted), tree))
    result = Made(
        findings=findings_from(found.state.findings),
        read=as_counts(found.state.read),
        targets=tuple(targets),
        inputs={path: input_digest(path, data)},
    )
    keep_run(folder, work.request, result)
    _keep(folder, work.request, found.state, data)
    return result


def _anew(folder: CacheFolder | None, work: Work, data: bytes | None) -> Made:
    """Load and emit everything; `data` is the document, where its edits can be patched later."""
    with _drawings(folder) as drawn:
        ledgers = {name: Ledger(drawn=drawn) for name in work.targets}
        run = work.make(None, ledgers)
    result = _whole(run, work)
    if folder is not None:
        keep_run(folder, work.request, result)
        if data is not None and result.is_clean and _is_plain(run, data) and is_patchable(data):
            state = whole_state(run, ledgers, data)
            if state is not None:
                _keep(folder, work.request, state, data)
    return result


def _whole(run: Run, work: Work) -> Made:
    targets = []
    for name, emission in run.emissions.items():
        # An emission with errors has no files, and nothing is written for it.
        tree = work.stamp(name, emission.files, run.loaded) if emission.files else {}
        targets.append(made_target(name, emission.emitted, tree))
    return Made(
        findings=run.findings,
        read=run.loaded.contract.counts,
        targets=tuple(targets),
        inputs=loaded_inputs(run.loaded.resolver.documents),
    )


def _is_plain(run: Run, data: bytes) -> bool:
    """Whether a run read one JSON document of OpenAPI, and the bytes given are its own."""
    documents = run.loaded.resolver.documents
    if len(documents) != 1 or data.startswith(_BOM):
        return False
    (document,) = documents
    is_openapi = run.loaded.contract.documents[0].kind == "openapi"
    return document.is_json and is_openapi and document.text.encode() == data


def _last(folder: CacheFolder, request: Request) -> tuple[bytes, State]:
    """Return the document and the state of the last run. Raises UnsureError without one."""
    text = folder.get(f"{request.key}-text")
    kept = folder.get(f"{request.key}-state")
    if text is None or kept is None:
        raise UnsureError("there was no run before")
    try:
        state = msgspec.json.decode(kept, type=State)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UnsureError(str(error)) from None
    if state.text != text_digest(text):
        raise UnsureError("another run is writing its state")
    return text, state


def _keep(folder: CacheFolder, request: Request, state: State, data: bytes) -> None:
    folder.put(f"{request.key}-text", data)
    folder.put(f"{request.key}-state", msgspec.json.encode(state))


@contextlib.contextmanager
def _drawings(folder: CacheFolder | None) -> Iterator[dict[str, str]]:
    """Give what back ends drew in any run of this generator, and keep what is new.

    A drawing is compared with what it stands for whenever it is used.
    """
    if folder is None:
        yield {}
        return
    key = f"{generator_mark()}-drawn"
    drawn: dict[str, str] = {}
    kept = folder.get(key)
    with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError):
        drawn = msgspec.json.decode(kept or b"{}", type=dict[str, str])
    count = len(drawn)
    yield drawn
    if count < len(drawn) <= _MOST_DRAWN:
        folder.put(key, msgspec.json.encode(drawn))
