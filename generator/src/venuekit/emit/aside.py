"""Text that a copy of this process makes while this one goes on.

A large contract is a million objects in memory. A copy of the process (POSIX fork) has them all
at once, where another process would have to be told of each; only what it made travels back.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO, NoReturn

import msgspec

from venuekit.contract import Contract

Texts = dict[str, str]
"""What was made, by the name of the module or of what else it is."""

_LARGE = 1_000
"""How many operations and schemas make up for a copy."""


@contextlib.contextmanager
def aside(contract: Contract, work: Callable[[], Texts]) -> Iterator[Callable[[], Texts]]:
    """Begin work in a copy of this process; yields what waits for its texts.

    The work may change nothing but what it returns. It is done here, when it is asked for, where
    a contract is small, where a copy would have no processor of its own, or where it failed: its
    error is then raised here.
    """
    if not _is_worth_it(contract):
        yield work
        return
    reading, writing = os.pipe()
    copy = os.fork()
    if copy == 0:
        _tell(work, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as answer:
            yield lambda: _told(answer) or work()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(copy, signal.SIGKILL)
        os.waitpid(copy, 0)


def _is_worth_it(contract: Contract) -> bool:
    is_large = len(contract.operations) + len(contract.schemas) >= _LARGE
    # Elsewhere than on Linux, system libraries do not all survive in a copy; nor do other threads.
    is_safe = sys.platform == "linux" and threading.active_count() == 1
    return is_large and is_safe and (os.cpu_count() or 1) > 1


def _tell(work: Callable[[], Texts], writing: int) -> NoReturn:
    """Do the work and end, whatever happens: nothing else of this process is the copy's to do."""
    try:
        texts = msgspec.json.encode(work())
        with os.fdopen(writing, "wb") as answer:
            answer.write(texts)
    finally:
        os._exit(0)


def _told(answer: BinaryIO) -> Texts | None:
    """Return the texts of a copy; None when it did not come to its end."""
    try:
        return msgspec.json.decode(answer.read(), type=Texts)
    except msgspec.DecodeError:
        return None
