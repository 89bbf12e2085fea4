"""All schemes that there are: the catalogue's, and Meridian's as its contract states them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from venuekit.contract.signing import SigningScheme
from venuekit.load.signing import load_signing
from venuekit.origin import Origin
from venuekit.signing.catalogue import catalogue_entry, catalogue_names
from venuekit.source.document import load_document

ROOT = Path(__file__).parents[3]


def catalogue_schemes() -> list[SigningScheme]:
    entries = (catalogue_entry(name) for name in catalogue_names())
    return [entry.scheme for entry in entries if entry is not None]


def meridian_schemes() -> Mapping[str, SigningScheme]:
    """Meridian's signing schemes by name, with their vectors."""
    document = load_document(ROOT / "spec" / "signing.yaml", "signing.yaml")
    vectors = load_document(ROOT / "spec" / "vectors" / "signing.json", "signing.json")

    def resolve(value: Any, origin: Origin) -> tuple[Any, Origin]:
        if isinstance(value, dict) and "$ref" in value:
            assert value["$ref"] == "vectors/signing.json#/derived"
            return vectors.value["derived"], vectors.origin("derived")
        return value, origin

    return {
        name: load_signing(name, value, document.origin(name), resolve)
        for name, value in document.value.items()
    }
