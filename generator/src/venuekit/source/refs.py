"""References: `$ref` followed within a document and over files, without leaving a folder."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from venuekit.origin import Origin, Pointer
from venuekit.source.document import Document
from venuekit.source.errors import SourceError, unresolved
from venuekit.source.files import DiskFiles, Files
from venuekit.source.node import Node
from venuekit.source.values import JsonValue

MAXIMUM_PATH = 1000
MAXIMUM_NAME = 255
"""How long, in bytes, a path and a name in it may be; longer ones are not paths but text."""

MAXIMUM_HOPS = 100
"""How many references may follow each other before a value comes."""


class Resolver:
    """Follows references; each file is read once.

    `root` is the folder that references may not leave (symbolic links resolved).
    """

    def __init__(self, root: Path, files: Files | None = None) -> None:
        self._root = root.resolve()
        self._files = files or DiskFiles()
        self._documents: dict[Path, Document] = {}
        self._anchors: dict[Document, dict[str, Pointer]] = {}

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that were read so far, in the order of reading."""
        return tuple(self._documents.values())

    def open(self, path: Path, name: str | None = None) -> Document:
        """Return the document at `path`, from memory when it was read before.

        Raises SourceError.
        """
        key = path.resolve()
        if key not in self._documents:
            self._documents[key] = self._files.load(path, name or shown(path))
        return self._documents[key]

    def replace(self, path: Path, document: Document) -> None:
        """Put `document` in the place of the file, for overlays."""
        self._documents[path.resolve()] = document

    def resolve(self, node: Node) -> Node:
        """Return the node itself, or what its `$ref` leads to, over as many hops as it takes.

        Raises SourceError at the `$ref` when a file or pointer is missing, when references
        only lead to each other, and when they leave the folder or the disk.
        """
        seen: list[tuple[Document, Pointer]] = []
        while isinstance(node.value, dict) and isinstance(node.value.get("$ref"), str):
            if (node.document, node.pointer) in seen or len(seen) > MAXIMUM_HOPS:
                raise unresolved(
                    node.origin.child("$ref"),
                    f"the reference {node.value['$ref']!r} leads back to itself",
                    "Point it at a value.",
                )
            seen.append((node.document, node.pointer))
            node = self.follow(node)
        return node

    def follow(self, node: Node) -> Node:
        """Return what the `$ref` of `node` names, one hop. Raises SourceError."""
        ref = node.members["$ref"]
        origin = node.origin.child("$ref")
        assert isinstance(ref, str)
        return self.target(origin, node.document, ref)

    def target(self, origin: Origin, document: Document, ref: str) -> Node:
        """Return what `ref`, written in `document` at `origin`, names. Raises SourceError."""
        file, _, fragment = ref.partition("#")
        if file:
            document = self._file(origin, document, file)
        pointer_text = unquote(fragment)
        if pointer_text and not pointer_text.startswith("/"):
            return self._anchored(origin, document, pointer_text)
        tokens = [
            token.replace("~1", "/").replace("~0", "~") for token in pointer_text.split("/")[1:]
        ]
        return self._walk(origin, document, ref, tokens)

    def _file(self, origin: Origin, document: Document, file: str) -> Document:
        if not _is_path(unquote(file)):
            raise unresolved(
                origin,
                f"the reference {file[:60]!r} is no path of a file",
                "Write a relative path, and a pointer behind #.",
            )
        if _SCHEME.match(file):
            raise unresolved(
                origin,
                f"the reference {file!r} leads to the network, and only files are read",
                "Download the document beside this one and refer to its relative path.",
            )
        if document.path is None:
            raise unresolved(
                origin,
                f"the reference {file!r} is relative, and this document has no folder",
                "Read the document from a file.",
            )
        path = self._path(origin, document, unquote(file))
        if not path.resolve().is_relative_to(self._root):
            raise unresolved(
                origin,
                f"the reference {file!r} leaves the folder {shown(self._root)}",
                "Move the file below it, or run the command from a folder that holds both.",
            )
        try:
            return self.open(path)
        except SourceError as error:
            if path.is_file():
                raise
            near = _near(path.name, _names(path.parent))
            fact = f"the reference {file!r} leads to no file"
            raise unresolved(origin, fact, near or error.findings[0].message) from None

    def _path(self, origin: Origin, document: Document, relative: str) -> Path:
        """Return the file that a relative reference names.

        It is relative to the document; one that an overlay wrote may also be relative to the
        overlay, which often lies elsewhere and brings files of its own.
        """
        path = Path(document.path or ".").parent / relative
        writer = document.written_in(origin.pointer)
        if writer.path is not None and writer is not document and not path.is_file():
            beside = Path(writer.path).parent / relative
            return beside if beside.is_file() else path
        return path

    def _walk(self, origin: Origin, document: Document, ref: str, tokens: list[str]) -> Node:
        node = Node(document, (), document.value)
        for token in tokens:
            step = _step(node, token)
            if step is None and node.has("$ref"):
                node = self.resolve(node)
                step = _step(node, token)
            if step is None:
                names = [*node.members] if node.members else []
                raise unresolved(
                    origin,
                    f"the reference {ref!r} leads nowhere: there is no {token!r}",
                    _near(token, names) or "Correct the reference, or add what it names.",
                )
            node = step
        return node

    def _anchored(self, origin: Origin, document: Document, name: str) -> Node:
        anchors = self._anchors.get(document)
        if anchors is None:
            anchors = self._anchors[document] = dict(_anchors(document.value))
        pointer = anchors.get(name)
        if pointer is None:
            raise unresolved(
                origin,
                f"the reference '#{name}' leads nowhere: no $anchor has that name",
                _near(name, anchors) or "Write a JSON Pointer, such as #/components/schemas/X.",
            )
        value = document.value
        for token in pointer:
            value = value[token]  # type: ignore[index]
        return Node(document, pointer, value)


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def _is_path(text: str) -> bool:
    """Say whether a file system could have a file of that path."""
    lengths = [len(part.encode()) for part in text.split("/")] if text.isprintable() else [0]
    return text.isprintable() and max(lengths) <= MAXIMUM_NAME and sum(lengths) <= MAXIMUM_PATH


def _step(node: Node, token: str) -> Node | None:
    value = node.value
    if isinstance(value, dict):
        return node.get(token)
    if isinstance(value, list) and token.isascii() and token.isdigit():
        index = int(token) if len(token) < 10 else len(value)
        if index < len(value) and (token == "0" or token[0] != "0"):
            return Node(node.document, (*node.pointer, index), value[index])
    return None


def _anchors(value: JsonValue) -> Iterable[tuple[str, Pointer]]:
    stack: list[tuple[JsonValue, Pointer]] = [(value, ())]
    while stack:
        node, pointer = stack.pop()
        if isinstance(node, dict):
            anchor = node.get("$anchor")
            if isinstance(anchor, str):
                yield anchor, pointer
            stack.extend((child, (*pointer, key)) for key, child in node.items())
        elif isinstance(node, list):
            stack.extend((child, (*pointer, index)) for index, child in enumerate(node))


def _near(name: str, names: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(name, list(names), n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(map(repr, close))}?" if close else None


def _names(directory: Path) -> list[str]:
    return sorted(os.listdir(directory)) if directory.is_dir() else []


def shown(path: Path) -> str:
    """Return how messages name a file: relative where it lies below the working folder."""
    plain = Path(os.path.normpath(path))
    here = Path.cwd()
    return str(plain.relative_to(here)) if plain.is_relative_to(here) else str(plain)
