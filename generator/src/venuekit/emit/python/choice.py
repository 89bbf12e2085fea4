"""How the objects of a union are told apart: the words that unions, drawings and types share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One variant: what an object must have to be it.

    `values` and `kinds` are of required fields, and name only what tells it from another one.
    """

    name: str
    required: tuple[str, ...]
    values: tuple[tuple[str, tuple[str | int | bool, ...]], ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A union by its tag (`tags` maps values of the field to classes), or by cases in order."""

    names: tuple[str, ...]
    tag: str | None = None
    tags: tuple[tuple[str, str], ...] = ()
    cases: tuple[Case, ...] = ()
