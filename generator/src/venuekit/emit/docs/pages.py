"""Decides which page stands for which part of the contract, and how pages link to each other."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from venuekit.contract import Contract, Operation, Wire
from venuekit.emit.choosing import digest
from venuekit.emit.docs.text import inline

Key = TypeVar("Key", bound=Hashable)

RESERVED = frozenset({"index", "readme", "summary", "con", "prn", "aux", "nul"})
LONGEST = 80
FOLDERS = {
    Wire.REST: "rest",
    Wire.WEBSOCKET: "websocket",
    Wire.FIX: "fix",
    Wire.WEBHOOK: "webhooks",
}


@dataclass(frozen=True, slots=True)
class Pages:
    """The path of every page, from the root of the reference."""

    operations: Mapping[tuple[str, Wire], str]
    channels: Mapping[str, str]
    messages: Mapping[str, str]
    schemas: Mapping[str, str]
    errors: Mapping[str, str]
    security: Mapping[str, str]

    def operation(self, operation: Operation) -> str:
        """Return the path of an operation's page."""
        return self.operations[operation.name, operation.wire]


def pages(contract: Contract) -> Pages:
    """Give every part of the contract its page."""
    operations: dict[tuple[str, Wire], str] = {}
    for wire, folder in FOLDERS.items():
        names = (o.name for o in contract.operations if o.wire is wire)
        operations |= {(name, wire): path for name, path in _paths(folder, names).items()}
    return Pages(
        operations=operations,
        channels=_paths("channels", contract.channels),
        messages=_paths("messages", contract.messages),
        schemas=_paths("schemas", contract.schemas),
        errors=_paths("errors", contract.errors),
        security=_paths("security", contract.security_schemes),
    )


def _paths(folder: str, names: Iterable[Key]) -> dict[Key, str]:
    """Return one path for each name, different even where case does not count."""
    used = set(RESERVED)
    paths: dict[Key, str] = {}
    for name in names:
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", str(name)).strip("-")[:LONGEST]
        if not stem or stem.casefold() in used:
            stem = f"{stem}-{digest(str(name))}".lstrip("-")
        used.add(stem.casefold())
        paths[name] = f"{folder}/{stem}.md"
    return paths


def link(source: str, target: str, words: str, anchor: str = "") -> str:
    """Return a Markdown link from one page to another; `words` are already safe."""
    address = posixpath.relpath(target, posixpath.dirname(source) or ".")
    return f"[{words}]({address}{'#' + anchor if anchor else ''})"


def link_to(source: str, target: str, name: str) -> str:
    """Return a link whose words are a name as written in the contract."""
    return link(source, target, inline(name))


def anchor(text: str) -> str:
    """Return a fragment for a field's path: what HTML and addresses both take as it is."""
    plain = text.replace("[]", "-item")
    kept = re.sub(r"[^A-Za-z0-9_.-]+", "-", plain)
    return kept if kept == plain else f"{kept.strip('-')}-{digest(text)}"
