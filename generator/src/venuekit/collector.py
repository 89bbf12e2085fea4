"""Python's collector of garbage, paused while a large contract is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Look for no garbage in here.

    A large contract, and what is emitted of it, is some million objects that all stay to the end;
    looking for garbage among them again and again took a third of the time and found none.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
