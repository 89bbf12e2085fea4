"""Marks what goes on under an earlier name, for type checkers (PEP 702) and when it is called."""

from __future__ import annotations

import functools
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import deprecated as deprecated
else:

    def deprecated(message):
        """Return a decorator that warns with DeprecationWarning at the caller's line."""

        def mark(function):
            @functools.wraps(function)
            def call(*args, **kwargs):
                text = f"{function.__name__} is deprecated: {message}"
                warnings.warn(text, DeprecationWarning, stacklevel=2)
                return function(*args, **kwargs)

            return call

        return mark


__all__ = ["deprecated"]
