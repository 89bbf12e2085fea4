"""Reads the plain members of a mapping, with a finding and its place for each mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from venuekit.contract.schema import JsonValue
from venuekit.load.signing_expressions import Report, describe, suggestion
from venuekit.origin import Origin

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(slots=True)
class PartReader:
    """Reads members by name; a wrong one is reported and read as absent."""

    report: Report

    def mapping(
        self,
        value: JsonValue,
        origin: Origin,
        what: str,
        known: frozenset[str] | None = None,
    ) -> dict[str, JsonValue]:
        """Return a mapping with text keys; unknown members are reported, `x-` ones pass."""
        if not isinstance(value, Mapping):
            self.report.add(
                origin, f"{what} is a mapping, not {describe(value)}", "Write a mapping."
            )
            return {}
        for key in value:
            if known is not None and key not in known and not str(key).startswith("x-"):
                self.report.add(
                    origin.child(key), f"{what} has no member {key!r}", suggestion(str(key), known)
                )
        return {str(key): item for key, item in value.items()}

    def text(self, part: Mapping[str, JsonValue], key: str, origin: Origin) -> str | None:
        """Return a text member, or None when it is absent."""
        value = part.get(key)
        if value is None or isinstance(value, str):
            return value
        self.report.add(
            origin.child(key), f"{key!r} is a text, not {describe(value)}", "Put it in quotes."
        )
        return None

    def flag(self, part: Mapping[str, JsonValue], key: str, origin: Origin) -> bool:
        """Return a boolean member, False when it is absent."""
        value = part.get(key, False)
        if isinstance(value, bool):
            return value
        self.report.add(
            origin.child(key), f"{key!r} is true or false, not {describe(value)}", "Write true."
        )
        return False

    def count(self, part: Mapping[str, JsonValue], key: str, origin: Origin) -> int | None:
        """Return a whole number from 0, or None when it is absent."""
        value = part.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.report.add(
            origin.child(key),
            f"{key!r} is a whole number from 0, not {describe(value)}",
            "Write the number without a unit.",
        )
        return None

    def choice(
        self, part: Mapping[str, JsonValue], key: str, kind: type[Choice], origin: Origin
    ) -> Choice | None:
        """Return a member of a closed set of words, or None when it is absent."""
        value = part.get(key)
        if value is None:
            return None
        try:
            return kind(str(value))
        except ValueError:
            self.report.add(
                origin.child(key),
                f"{key!r} cannot be {describe(value)}",
                suggestion(str(value), [str(option) for option in kind]),
            )
            return None
