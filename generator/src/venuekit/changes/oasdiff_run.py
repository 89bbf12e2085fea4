"""Hands two OpenAPI documents to oasdiff and takes its answer, or says why there is none."""

from __future__ import annotations

import functools
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

import venuekit_oasdiff
from venuekit.changes.oasdiff_levels import Check
from venuekit.source import Document, JsonValue, Resolver
from venuekit.source.patched import PatchedDocument

OASDIFF_SECONDS = 300
"""How long one comparison may take."""


class CannotCompareError(Exception):
    """oasdiff gave no answer that can be trusted; the text says why. Never a green result."""


class Source(msgspec.Struct, frozen=True):
    """Where oasdiff saw something: a file as we handed it over; line and column from 1."""

    file: str
    line: int = 0
    column: int = 0


class Result(msgspec.Struct, frozen=True, rename="camel"):
    """One change as oasdiff reports it; level 1 is INFO, 2 WARN, 3 ERR."""

    id: str
    text: str
    level: int
    operation: str = ""
    operation_id: str = ""
    path: str = ""
    comment: str = ""
    base_source: Source | None = None
    revision_source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What oasdiff found. `files` maps the later files, as it names them, to the documents.

    Only files that were handed over as written are in `files`: the lines of the others are
    not the lines of the user's file.
    """

    results: tuple[Result, ...]
    files: Mapping[str, Document]


def compare(
    before: tuple[Document, Resolver], after: tuple[Document, Resolver], *, is_upgraded: bool
) -> Answer:
    """Run `oasdiff changelog` on two documents with all that they refer to.

    `is_upgraded` lets oasdiff bring both to one version of OpenAPI first. Raises
    CannotCompareError when oasdiff is absent, fails, or says what cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="venuekit-changes-") as name:
        folder = Path(name).resolve()
        old, _ = _hand_over(folder, "before", *before)
        new, files = _hand_over(folder, "after", *after)
        options = ["--format", "json", "--level", "INFO"]
        if is_upgraded:
            options.append("--auto-upgrade")
        said = _run(folder, "changelog", *options, old, new)
    try:
        results = msgspec.json.decode(said, type=tuple[Result, ...])
    except msgspec.DecodeError as error:
        raise CannotCompareError(f"oasdiff's answer cannot be read: {error}") from None
    return Answer(results=results, files=files)


@functools.cache
def checks() -> Mapping[str, Check]:
    """Return what oasdiff says of its own checks, by id. Raises CannotCompareError."""
    with tempfile.TemporaryDirectory(prefix="venuekit-changes-") as name:
        said = _run(Path(name), "checks", "changelog", "--format", "json")
    try:
        return {check.id: check for check in msgspec.json.decode(said, type=tuple[Check, ...])}
    except msgspec.DecodeError as error:
        raise CannotCompareError(f"oasdiff's list of checks cannot be read: {error}") from None


def _hand_over(
    folder: Path, side: str, root: Document, resolver: Resolver
) -> tuple[str, dict[str, Document]]:
    """Write a document and its neighbours as they lie to each other; return their names.

    A document that an overlay changed is written from its value, as JSON (which is YAML).
    """
    paths = {
        document: Path(document.path or document.name).resolve()
        for document in _all(resolver, root)
    }
    top = Path(os.path.commonpath([path.parent for path in paths.values()]))
    as_written: dict[str, Document] = {}
    for document, path in paths.items():
        _refuse_network(document)
        name = Path(side) / path.relative_to(top)
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(document, PatchedDocument):
            target.write_bytes(msgspec.json.Encoder(decimal_format="number").encode(document.value))
        else:
            target.write_bytes(document.text.encode())
            as_written[name.as_posix()] = document
    return (Path(side) / paths[root].relative_to(top)).as_posix(), as_written


def _all(resolver: Resolver, root: Document) -> tuple[Document, ...]:
    known = resolver.documents
    return known if root in known else (root, *known)


def _refuse_network(document: Document) -> None:
    """Refuse references to the network, which oasdiff would follow."""
    for ref in _refs(document.value):
        if "://" in ref or ref.startswith("//"):
            raise CannotCompareError(
                f"{document.name} refers to {ref!r}: only files are read, never the network"
            )


def _refs(value: JsonValue) -> Iterator[str]:
    stack: list[JsonValue] = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            ref = node.get("$ref")
            if isinstance(ref, str):
                yield ref
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _run(folder: Path, *arguments: str) -> bytes:
    """Run oasdiff in a folder where no configuration of the user's can change its verdict."""
    try:
        binary = venuekit_oasdiff.binary()
        done = subprocess.run(
            [str(binary), *arguments],
            cwd=folder,
            env={"HOME": str(folder), "PATH": os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=OASDIFF_SECONDS,
            check=False,
        )
    except venuekit_oasdiff.OasdiffMissingError as error:
        raise CannotCompareError(str(error)) from None
    except subprocess.TimeoutExpired:
        raise CannotCompareError(f"oasdiff took longer than {OASDIFF_SECONDS} s") from None
    except OSError as error:
        raise CannotCompareError(f"oasdiff does not run: {error}") from None
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        said = lines[0].removeprefix("Error: ") if lines else "it said nothing"
        said = said.replace(f"{folder}{os.sep}", "")
        raise CannotCompareError(f"oasdiff ended with exit code {done.returncode}: {said}")
    return done.stdout
