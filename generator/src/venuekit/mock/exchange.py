"""Requests and answers as plain values, before and after the socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came: the target with its query, header names in lower case."""

    method: str
    target: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first value of a header, by its name in lower case."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer, and what is recorded beside it."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    operation: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
