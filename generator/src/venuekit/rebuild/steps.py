"""The way of one run: what was made before, else the edited paths alone, else everything."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from venuekit.emit.emission import Emission
from venuekit.emit.ledger import Ledger
from venuekit.load import Loaded
from venuekit.missing import is_allowed
from venuekit.name_lock import NameLock
from venuekit.rebuild.edits import is_patchable, patched
from venuekit.rebuild.folder import CacheFolder
from venuekit.rebuild.generator_mark import generator_mark
from venuekit.rebuild.kept_findings import findings_from
from venuekit.rebuild.made import Made, made_target
from venuekit.rebuild.run import Make, Run
from venuekit.rebuild.runs import (
    Request,
    as_counts,
    content_digest,
    input_digest,
    keep_run,
    loaded_inputs,
    lock_mark,
)
from venuekit.rebuild.state import State, text_digest, whole_state
from venuekit.rebuild.unsure import UnsureError

_TARGETS = frozenset({"python", "typescript"})
_MOST_DRAWN = 50_000
_BOM = b"\xef\xbb\xbf"

Stamp = Callable[[str, Emission, Loaded], Mapping[str, bytes]]
"""Returns the tree of a target, its stamp in it, from what was emitted and loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How a request is done: `single` is its only document, where nothing else is read.

    `names` is the name lock as it was read.
    """

    request: Request
    targets: Collection[str]
    single: Path | None
    names: NameLock
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
        found = patched(state, old, data, path, work.names, work.make, drawn)
    targets = [
        made_target(name, emission.emitted, work.stamp(name, emission, found.loaded))
        for name, emission in found.emissions.items()
    ]
    result = Made(
        findings=findings_from(found.state.findings),
        read=as_counts(found.state.read),
        there=as_counts(found.state.read),
        lock=work.names.after({name: one.names for name, one in found.emissions.items()}),
        targets=tuple(targets),
        inputs={path: input_digest(path, content_digest(data))},
    )
    following = _next(work.request, result)
    for request in dict.fromkeys((work.request, following)):
        keep_run(folder, request, result)
    _keep(folder, following, found.state, data)
    return result


def _anew(folder: CacheFolder | None, work: Work, data: bytes | None) -> Made:
    """Load and emit everything; `data` is the document, where its edits can be patched later."""
    with _drawings(folder) as drawn:
        ledgers = {name: Ledger(drawn=drawn) for name in work.targets}
        run = work.make(None, ledgers, False)
    result = _whole(run, work)
    if folder is not None:
        keep_run(folder, work.request, result)
        # A run that changes the lock says so in its findings; the next one has others.
        is_settled = result.lock is None or result.lock == work.names.text
        is_whole = is_settled and result.is_clean and not any(map(is_allowed, result.findings))
        if data is not None and is_whole and _is_plain(run, data) and is_patchable(data):
            state = whole_state(run, ledgers, data)
            if state is not None:
                _keep(folder, work.request, state, data)
    return result


def _next(request: Request, made: Made) -> Request:
    """Return the request that the next run makes, which finds the lock as this one left it."""
    return request if made.lock is None else replace(request, lock=lock_mark(made.lock))


def _whole(run: Run, work: Work) -> Made:
    targets = []
    for name, emission in run.emissions.items():
        # An emission with errors has no files, and nothing is written for it.
        tree = work.stamp(name, emission, run.loaded) if emission.files else {}
        targets.append(made_target(name, emission.emitted, tree))
    return Made(
        findings=run.findings,
        read=run.loaded.contract.counts,
        there=run.there,
        lock=work.names.after({name: one.names for name, one in run.emissions.items()}),
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
