"""Which JSON Schema a document speaks."""

from __future__ import annotations

from enum import Enum, auto


class Dialect(Enum):
    """The dialects of OpenAPI 3.0, of JSON Schema 2020-12, and of AsyncAPI (draft 7 and more)."""

    OPENAPI_30 = auto()
    JSON_SCHEMA_2020 = auto()
    ASYNCAPI = auto()

    @property
    def honours_ref_siblings(self) -> bool:
        """Whether keywords beside a `$ref` count (JSON Schema 2019-09 and later)."""
        return self is Dialect.JSON_SCHEMA_2020
