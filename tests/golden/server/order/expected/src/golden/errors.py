"""What a handler raises to refuse: one class for each code."""

from __future__ import annotations

from venuekit_runtime.server.handling import TableError
from venuekit_runtime.server.refusal import RefusalError


class NoMoneyError(TableError):
    """The balance is too small."""

    code_of_table = "NO_MONEY"

    status_of_table = 422


__all__ = [
    "NoMoneyError",
    "RefusalError",
    "TableError",
]
