"""The manifest, `venuekit.yaml`: which documents make the contract and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from venuekit.finding import Finding, FindingsError, Promise, Severity
from venuekit.origin import Origin, Pointer
from venuekit.source.document import Document, load_document

if TYPE_CHECKING:
    from venuekit.contract import JsonValue

Target = Literal["python", "typescript", "docs", "server"]
FILE_NAME = "venuekit.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOptions:
    """One thing to emit: where to, and under which name.

    `samples` is a folder of programs, `<operation>/<language>.<suffix>`, that the docs show.
    """

    output: Path
    package: str | None = None
    distribution: str | None = None
    samples: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A manifest, with its paths made absolute."""

    file: Path
    name: str
    version: str
    documents: tuple[Path, ...]
    overlays: tuple[Path, ...] = ()
    targets: Mapping[Target, TargetOptions] = field(default_factory=dict)
    promises: tuple[Promise, ...] = (Promise.WIRE, Promise.SDK)
    baseline: Path | None = None
    lock: Path | None = None
    allow_missing: tuple[str, ...] = ()


def load_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises FindingsError with the place of every member that is missing, unknown or of the
    wrong kind.
    """
    document = load_document(path)
    reader = _Reader(document)
    root = path.resolve().parent
    members = reader.mapping((), document.value)
    reader.refuse_unknown(
        (),
        members,
        (
            *("name", "version", "documents", "overlays", "targets", "promises", "baseline"),
            *("lock", "allow-missing"),
        ),
    )
    baseline = reader.text((), members, "baseline", is_required=False)
    lock = reader.text((), members, "lock", is_required=False)
    manifest = Manifest(
        file=path,
        name=reader.text((), members, "name") or "",
        version=reader.text((), members, "version") or "",
        documents=tuple(root / p for p in reader.texts((), members, "documents")),
        overlays=tuple(root / p for p in reader.texts((), members, "overlays")),
        targets=_targets(reader, members, root),
        promises=_promises(reader, members),
        baseline=root / baseline if baseline else None,
        lock=root / lock if lock else None,
        allow_missing=reader.texts((), members, "allow-missing"),
    )
    if not manifest.documents:
        reader.report((), "the manifest lists no documents", "add documents: [FILE, ...]")
    if reader.findings:
        raise FindingsError(reader.findings)
    return manifest


def _targets(
    reader: _Reader, members: Mapping[str, JsonValue], root: Path
) -> dict[Target, TargetOptions]:
    known: tuple[Target, ...] = get_args(Target)
    stated = reader.mapping(("targets",), members.get("targets", {}))
    reader.refuse_unknown(("targets",), stated, known)
    targets: dict[Target, TargetOptions] = {}
    for name in known:
        if name not in stated:
            continue
        at: Pointer = ("targets", name)
        options = reader.mapping(at, stated[name])
        reader.refuse_unknown(at, options, ("output", "package", "distribution", "samples"))
        samples = reader.text(at, options, "samples", is_required=False)
        targets[name] = TargetOptions(
            output=(root / (reader.text(at, options, "output") or "")).resolve(),
            package=reader.text(at, options, "package", is_required=False),
            distribution=reader.text(at, options, "distribution", is_required=False),
            samples=root / samples if samples else None,
        )
    return targets


def _promises(reader: _Reader, members: Mapping[str, JsonValue]) -> tuple[Promise, ...]:
    if "promises" not in members:
        return (Promise.WIRE, Promise.SDK)
    known = {promise.name: promise for promise in Promise}
    promises = []
    for index, word in enumerate(reader.texts((), members, "promises")):
        if word in known:
            promises.append(known[word])
        else:
            fact = f"{word!r} is no promise; expected one of {', '.join(known)}"
            reader.report(("promises", index), fact, "name who must not be hurt by a change")
    return tuple(promises)


class _Reader:
    """Reads typed members of the manifest and collects what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def report(self, pointer: Pointer, message: str, help_text: str) -> None:
        origin = Origin(self.document, pointer)
        self.findings.append(
            Finding(
                rule="invalid-manifest",
                severity=Severity.ERROR,
                message=message,
                help=help_text,
                origin=origin,
            )
        )

    def mapping(self, at: Pointer, value: JsonValue) -> Mapping[str, JsonValue]:
        if isinstance(value, dict):
            return value
        self.report(at, f"expected a mapping, found {_kind(value)}", "write `name: value` lines")
        return {}

    def refuse_unknown(
        self, at: Pointer, members: Mapping[str, JsonValue], known: tuple[str, ...]
    ) -> None:
        for name in members:
            if name not in known:
                fact = f"unknown member {name!r}; expected one of {', '.join(known)}"
                self.report((*at, name), fact, "remove it or correct its spelling")

    def text(
        self, at: Pointer, members: Mapping[str, JsonValue], name: str, *, is_required: bool = True
    ) -> str | None:
        value = members.get(name)
        if isinstance(value, str):
            return value
        if name in members:
            self.report((*at, name), f"expected text, found {_kind(value)}", "put it in quotes")
        elif is_required:
            self.report(at, f"the member {name!r} is missing", f"add {name}: ...")
        return None

    def texts(self, at: Pointer, members: Mapping[str, JsonValue], name: str) -> tuple[str, ...]:
        value = members.get(name, [])
        if not isinstance(value, list):
            self.report((*at, name), f"expected a list, found {_kind(value)}", "write [a, b]")
            return ()
        words = []
        for index, item in enumerate(value):
            if isinstance(item, str):
                words.append(item)
            else:
                fact = f"expected text, found {_kind(item)}"
                self.report((*at, name, index), fact, "put it in quotes")
        return tuple(words)


def _kind(value: JsonValue) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return "true or false"
        case str():
            return f"the text {value!r}"
        case _:
            return f"the number {value}"
