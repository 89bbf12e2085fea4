"""Schemes of real venues by name, each a file beside this one with its source and vectors."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from venuekit.contract.schema import JsonValue
from venuekit.contract.signing import SigningScheme
from venuekit.load.signing import load_signing
from venuekit.source.document import load_document


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A scheme, and inputs that the sources of its vectors leave unsaid."""

    scheme: SigningScheme
    vector_defaults: Mapping[str, JsonValue] = field(default_factory=dict)


def catalogue_names() -> tuple[str, ...]:
    """Return the names of all schemes, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


def catalogue_file(name: str) -> Path | None:
    """Return the file of a scheme, or None when the catalogue has none of that name."""
    path = _folder() / f"{name}.yaml"
    return path if name in catalogue_names() else None


@functools.cache
def catalogue_entry(name: str) -> CatalogueEntry | None:
    """Return a scheme by name, or None. Raises FindingsError when its file is wrong."""
    path = catalogue_file(name)
    if path is None:
        return None
    document = load_document(path, f"catalogue/{name}.yaml")
    value = document.value
    defaults = value.get("x-vector-defaults", {}) if isinstance(value, dict) else {}
    scheme = load_signing(name, value, document.origin())
    return CatalogueEntry(scheme, defaults if isinstance(defaults, dict) else {})


def _folder() -> Path:
    return Path(str(resources.files("venuekit.signing.catalogue")))
