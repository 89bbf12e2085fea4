"""The loggers of the runtime, made when there is something to say: `logging` takes long to import.

Lines are for `logging.DEBUG` alone, which nobody can have asked for before importing `logging`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging

_DEBUG = 10


class Log:
    """One logger, by its name."""

    __slots__ = ("_logger", "_name")

    def __init__(self, name: str) -> None:
        self._name = name
        self._logger: logging.Logger | None = None

    @property
    def logger(self) -> logging.Logger:
        """The logger itself; it imports `logging`."""
        if self._logger is None:
            import logging

            self._logger = logging.getLogger(self._name)
        return self._logger

    @property
    def is_debugged(self) -> bool:
        """Whether somebody wants to read debug lines."""
        logger = self._logger
        if logger is None:
            if "logging" not in sys.modules:
                return False
            logger = self.logger
        return logger.isEnabledFor(_DEBUG)


HTTP_LOG = Log("venuekit.http")
STREAM_LOG = Log("venuekit.stream")
