"""What became of a vector in one engine, and whether two signatures say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from venuekit.contract.schema import JsonValue


class Engine(StrEnum):
    """What computes or judges a signature."""

    INTERPRETER = "interpreter"
    PYTHON = "python"
    TYPESCRIPT = "typescript"
    VERIFIER = "verifier"


class Verdict(StrEnum):
    """The outcome; `unverified` vectors are listed and not counted against anybody."""

    PASSED = "passed"
    FAILED = "failed"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class VectorResult:
    """One vector in one engine."""

    id: str
    scheme: str
    engine: Engine
    verdict: Verdict
    message: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The request after it was signed, as it would go out."""

    target: str
    body: str
    headers: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """What an engine computed: the signature as it travels, and the canonical string as text."""

    signature: Any
    canonical: str
    sent: Sent


def agrees(expected: JsonValue, signed: Signed, encoding: str) -> bool:
    """Return whether a computed signature is the expected one.

    Files write some signatures in another spelling than they travel in: upper-case hexadecimal,
    r and s apart, or a whole token. The vector's own `signature_encoding` says so.
    """
    found = signed.signature
    if isinstance(expected, str) and "compact" in encoding:
        return expected == f"{signed.canonical}.{found}"
    if isinstance(expected, str) and isinstance(found, str):
        if "hex-upper" in encoding or "upper-case" in encoding:
            return expected.lower() == found.lower()
        return expected == found
    if isinstance(expected, Mapping) and isinstance(found, str):
        halves = str(expected.get("r", "")) + str(expected.get("s", ""))
        return halves.lower() == found.lower()
    return bool(expected == found)


def travelling(expected: JsonValue, sample: Any, encoding: str) -> Any:
    """Return an expected signature as it travels, spelled like `sample`."""
    if isinstance(expected, str) and "compact" in encoding:
        return expected.rpartition(".")[2]
    if isinstance(expected, Mapping) and isinstance(sample, str):
        return (str(expected.get("r", "")) + str(expected.get("s", ""))).lower()
    if isinstance(expected, str) and isinstance(sample, str) and expected != sample:
        return expected.lower() if expected.lower() == sample.lower() else expected
    return expected
