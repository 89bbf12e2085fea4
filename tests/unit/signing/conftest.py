"""Meridian's schemes and vectors, read from the contract as the tools read it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from venuekit.contract.signing import SigningScheme
from venuekit.load.signing import load_signing
from venuekit.origin import Origin
from venuekit.source.document import load_document

# The helpers beside the tests are imported by name, which importlib mode does not do by itself.
if str(Path(__file__).parent) not in sys.path:
    sys.path.append(str(Path(__file__).parent))

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def meridian() -> Mapping[str, SigningScheme]:
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
