"""From paths to a contract: open, overlay, judge, read, join, count."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from venuekit.collector import paused
from venuekit.contract import Contract, Counts
from venuekit.finding import Finding, FindingsError
from venuekit.load.asyncapi import load_asyncapi
from venuekit.load.context import Context
from venuekit.load.counting import raw_counts
from venuekit.load.extensions_check import check_extensions, judge_parts
from venuekit.load.findings import Report
from venuekit.load.join import join
from venuekit.load.json_schema import SchemaReader
from venuekit.load.kinds import Kind, kind_of
from venuekit.load.openapi import load_openapi
from venuekit.load.openapi.splitting import check_told_apart
from venuekit.load.parameter_forms import check_parameter_forms
from venuekit.load.parameter_names import check_parameter_names
from venuekit.load.parts import Part
from venuekit.load.refusals import check_refusals
from venuekit.load.security import SecurityReader
from venuekit.load.sessions import check_sessions
from venuekit.load.signing_inputs import check_signing_inputs
from venuekit.load.upgrade import upgrade_asyncapi, upgrade_swagger, upgrade_topics
from venuekit.load.validity import judge_asyncapi, judge_openapi, judge_swagger
from venuekit.source import Document, Files, Node, Resolver, SourceError, overlay, root

_RECURSION = 20_000
"""Python frames that reading may take: the levels of schemas and of merges are bounded."""


def _judge_topics(document: Node, report: Report) -> bool:
    return judge_openapi(document, report) and judge_parts(document, report)


_JUDGES = {
    "openapi": judge_openapi,
    "asyncapi": judge_asyncapi,
    "swagger": judge_swagger,
    "asyncapi2": judge_asyncapi,
    "topics": _judge_topics,
}
_UPGRADES = {
    "swagger": upgrade_swagger,
    "asyncapi2": upgrade_asyncapi,
    "topics": upgrade_topics,
}
_VERSIONS = {"asyncapi2": "asyncapi", "topics": "openapi"}
"""The member that states a format's version, where it is not called as the kind is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A contract, what was found while loading, and what the documents count.

    `read` counts what the documents write, `lost` what of it is not in the contract; `digests`
    has the SHA-256 of every document read, by its path below the documents' common folder.
    `resolver` holds those documents, and follows their references.
    """

    contract: Contract
    findings: tuple[Finding, ...] = ()
    read: Counts
    lost: Counts
    digests: Mapping[str, str] = field(default_factory=dict)
    resolver: Resolver = field(repr=False, compare=False)


def load(
    paths: Sequence[Path],
    overlays: Sequence[Path] = (),
    *,
    files: Files | None = None,
    root_folder: Path | None = None,
) -> Loaded:
    """Return the contract of one or more documents, changed by overlays.

    References may not leave `root_folder`: by default the working folder where it holds all
    documents and overlays, else the folder above theirs. `files` reads from elsewhere than the
    disk.
    Raises FindingsError when a document cannot be read, is not valid or leads nowhere.
    """
    report = Report()
    resolver = Resolver(root_folder or _root_folder([*paths, *overlays]), files)
    context = Context(resolver, report)
    with paused(), _deep():
        documents = _documents(context, paths, overlays)
        parts, schemas = _parts(context, documents)
        named = schemas.named()
        for document in context.resolver.documents:
            if not overlay.is_overlay(document):  # What it says is judged where it was put.
                check_extensions(context, document)
        _stop_if(report.is_fatal or not parts, report)
        contract = join(parts, named, report)
        check_signing_inputs(contract, report)
        for part in parts:
            check_told_apart(contract, part.operations, report)
        check_sessions(contract, report)
        check_refusals(contract, report)
        check_parameter_forms(contract, report)
        check_parameter_names(contract, report)
        read, lost = _count(context, documents, parts)
    _stop_if(report.is_fatal, report)
    return Loaded(
        contract=contract,
        findings=report.findings,
        read=read,
        lost=lost,
        resolver=resolver,
        digests=_digests(resolver, paths),
    )


def _documents(
    context: Context, paths: Sequence[Path], overlays: Sequence[Path]
) -> tuple[Document, ...]:
    opened: dict[Path, Document] = {}
    for path in paths:
        try:
            opened[path] = context.resolver.open(path)
        except SourceError as error:
            context.report.add(error)
    _stop_if(len(opened) < len(set(paths)), context.report)
    for path in overlays:
        try:
            _overlay(context, opened, context.resolver.open(path))
        except SourceError as error:
            context.report.add(error)
    _stop_if(bool(context.report.findings), context.report)
    return tuple(opened.values())


def _overlay(context: Context, opened: dict[Path, Document], written: Document) -> None:
    """Apply an overlay to the documents that it is written for, or to all where none of them is.

    An action must match in one of them.
    """
    chosen = [path for path in opened if _is_for(written, path)] or list(opened)
    unmatched: list[set[tuple[object, ...]]] = []
    targets = {}
    for path in chosen:
        changed, missing = overlay.apply_counting(opened[path], written)
        targets.update({target.pointer: target for target in missing})
        unmatched.append({target.pointer for target in missing})
        opened[path] = changed
        context.resolver.replace(path, changed)
    never = set.intersection(*unmatched) if unmatched else set()
    if never:
        raise SourceError([overlay.matches_nothing(targets[p]) for p in targets if p in never])


def _is_for(written: Document, path: Path) -> bool:
    """Whether an overlay extends a document, or names its file, as the shipped ones do."""
    node = root(written)
    extends = node.text("extends")
    if extends is not None and written.path is not None:
        return path.resolve() == (Path(written.path).parent / extends).resolve()
    return path.name in (node.text("x-document"), *node.texts("x-documents"))


def _parts(
    context: Context, documents: tuple[Document, ...]
) -> tuple[tuple[Part, ...], SchemaReader]:
    kinds: list[tuple[Document, Kind]] = []
    for document in documents:
        kind = kind_of(document, context.report)
        if kind is not None and _JUDGES[kind](root(document), context.report):
            kinds.append((document, kind))
    _stop_if(len(kinds) < len(documents), context.report)
    current = [_upgraded(context, document, kind) for document, kind in kinds]
    context.judged.update(current)
    schemas = SchemaReader(context)
    security = SecurityReader(context)
    parts = []
    for (old, kind), document in zip(kinds, current, strict=True):
        loader = load_openapi if kind in ("openapi", "swagger") else load_asyncapi
        part = loader(context, schemas, security, document)
        written = root(old).members.get(_VERSIONS.get(kind, kind))
        info = dataclasses.replace(part.info, format_version=str(written))
        parts.append(dataclasses.replace(part, info=info))
    return tuple(parts), schemas


def _upgraded(context: Context, document: Document, kind: Kind) -> Document:
    """Return an older document rewritten, in whose place references find the new one."""
    upgrade = _UPGRADES.get(kind)
    if upgrade is None:
        return document
    upgraded = upgrade(document)
    if document.path is not None:
        context.resolver.replace(Path(document.path), upgraded)
    return upgraded


def _count(
    context: Context, documents: tuple[Document, ...], parts: tuple[Part, ...]
) -> tuple[Counts, Counts]:
    """Return what the documents write, and what was lost; report each document of the latter."""
    read = [raw_counts(context, document) for document in documents]
    for part, counts in zip(parts, read, strict=True):
        for word in Counts.__slots__:
            wrote, kept = getattr(counts, word), getattr(part.counts, word)
            if wrote != kept:
                context.report.error(
                    "lost-in-loading",
                    part.origin,
                    f"the document has {wrote} {word}, and {kept} were read",
                    "The findings beside this one name what could not be read.",
                )
    built = [part.counts for part in parts]
    written = {word: sum(getattr(c, word) for c in read) for word in Counts.__slots__}
    lost = {w: written[w] - sum(getattr(c, w) for c in built) for w in Counts.__slots__}
    return Counts(**written), Counts(**lost)


def _digests(resolver: Resolver, paths: Sequence[Path]) -> dict[str, str]:
    """Return the SHA-256 of each document by its path below the documents' common folder.

    The names do not depend on where the command runs.
    """
    folder = os.path.commonpath([path.resolve().parent for path in paths])
    return {
        Path(
            os.path.relpath(Path(document.path or document.name).resolve(), folder)
        ).as_posix(): document.digest
        for document in resolver.documents
    }


def _stop_if(condition: bool, report: Report) -> None:
    if condition:
        raise FindingsError(report.findings)


def _root_folder(paths: Sequence[Path]) -> Path:
    folders = [path.resolve().parent for path in paths]
    here = Path.cwd().resolve()
    if all(folder.is_relative_to(here) for folder in folders):
        return here
    return Path(os.path.commonpath(folders)).parent


@contextmanager
def _deep() -> Iterator[None]:
    """Allow as many frames as the bounds on nesting can take."""
    frames = sys.getrecursionlimit()
    sys.setrecursionlimit(max(frames, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(frames)
