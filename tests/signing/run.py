"""Signing at full size: ten thousand random requests for every scheme, in every engine.

`python tests/signing/run.py [--count N] [NAME...]` asks interpreter, emitted Python, emitted
TypeScript and the verifier for the same numbered requests, for each use of each scheme of the
catalogue and of Meridian's contract; words choose schemes whose name holds one of them. It prints
a line for each scheme and fails when any two engines differ. A request that differed is drawn again
by its number: `--first NUMBER --count 1`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path.append(str(TESTS / "unit" / "signing"))

from agreement import disagreements, jobs, keep_parsed_keys  # noqa: E402 - found by the path above
from every_scheme import catalogue_schemes, meridian_schemes  # noqa: E402

from venuekit.contract.signing import SigningScheme  # noqa: E402

SHARE = 500
"""How many requests one process holds at a time; they bound the memory, not the run."""
SHOWN = 3
"""How many differences of one scheme are printed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Share:
    """Some of one scheme's numbered requests."""

    scheme: str
    numbers: range


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a share: how many requests were judged, and where engines differ."""

    scheme: str
    count: int
    faults: tuple[str, ...]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    schemes = [
        name for name in every() if not given.names or any(word in name for word in given.names)
    ]
    if not schemes:
        parser.error(f"no scheme's name holds any of {given.names}")
    began = time.monotonic()
    numbers = range(given.first, given.first + given.count)
    with multiprocessing.get_context("spawn").Pool(os.cpu_count(), keep_parsed_keys) as workers:
        failed, count = follow(schemes, workers.imap(judge, shares(schemes, numbers)), began)
    print(f"{len(schemes)} schemes, {count:,} requests in {time.monotonic() - began:.0f} s")
    if failed:
        print(f"engines differ: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


@cache
def every() -> dict[str, SigningScheme]:
    """All schemes by name; Meridian's with the venue's name before theirs."""
    found = {scheme.name: scheme for scheme in catalogue_schemes()}
    return found | {f"meridian-{name}": one for name, one in meridian_schemes().items()}


def shares(schemes: list[str], numbers: range) -> Iterator[Share]:
    for scheme in schemes:
        for start in range(0, len(numbers), SHARE):
            yield Share(scheme, numbers[start : start + SHARE])


def judge(share: Share) -> Answer:
    given = jobs([every()[share.scheme]], share.numbers)
    faults = []
    for number, fault in enumerate(disagreements(given)):
        faults.append(fault if number < SHOWN else "")
    return Answer(share.scheme, len(given), tuple(faults))


def follow(schemes: list[str], answers: Iterator[Answer], began: float) -> tuple[list[str], int]:
    """Print a line for each scheme as soon as all its shares have come, in their order."""
    failed, total = [], 0
    counts = dict.fromkeys(schemes, 0)
    faults: dict[str, list[str]] = {name: [] for name in schemes}
    last = schemes[0]
    for answer in answers:
        if answer.scheme != last:
            line(last, counts[last], faults[last], began)
            last = answer.scheme
        counts[last] += answer.count
        total += answer.count
        faults[last].extend(answer.faults)
    line(last, counts[last], faults[last], began)
    failed = [name for name in schemes if faults[name]]
    return failed, total


def line(name: str, count: int, faults: list[str], began: float) -> None:
    verdict = f"{len(faults)} DIFFER" if faults else "agree"
    print(f"{time.monotonic() - began:6.0f} s  {name:45} {count:7,} {verdict}", flush=True)
    for fault in [text for text in faults if text][:SHOWN]:
        print(f"          {fault[:2000]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
