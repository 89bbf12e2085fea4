"""Reads Meridian's documents with libraries that are not ours, so that the judge is independent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7, DRAFT202012

SPEC = Path(__file__).parents[3] / "spec"
DIALECTS = {DRAFT202012: Draft202012Validator, DRAFT7: Draft7Validator}


@cache
def read(uri: str) -> Any:
    return yaml.safe_load(Path(unquote(urlparse(uri).path)).read_text(encoding="utf-8"))


class Documents:
    """Meridian's documents, and a validator for any place in them."""

    folder = SPEC

    def load(self, name: str) -> Any:
        return read((SPEC / name).as_uri())

    def errors(self, name: str, pointer: str, value: Any) -> Iterator[str]:
        """Yield what is wrong with a value under the schema at `name#pointer`, in both dialects."""
        for dialect, validator in DIALECTS.items():
            registry: Registry[Any] = Registry(
                retrieve=lambda uri, d=dialect: Resource(read(uri), d)  # type: ignore[misc]
            )
            schema = {"$ref": f"{(SPEC / name).as_uri()}#{pointer}"}
            for error in validator(schema, registry=registry).iter_errors(value):
                yield f"{name}#{pointer}: {error.json_path}: {error.message}"


def escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


@pytest.fixture(scope="session")
def documents() -> Documents:
    return Documents()


@pytest.fixture(scope="session")
def walk() -> Any:
    """Return a walker over a document's mappings, each with its JSON pointer."""

    def mappings(node: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        if isinstance(node, dict):
            yield pointer, node
            for key, value in node.items():
                yield from mappings(value, f"{pointer}/{escape(str(key))}")
        elif isinstance(node, list):
            for index, value in enumerate(node):
                yield from mappings(value, f"{pointer}/{index}")

    return mappings
