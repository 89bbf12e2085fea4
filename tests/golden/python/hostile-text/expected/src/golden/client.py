"""The sync client: data and one call each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.client import BaseClient

from golden import operations

if TYPE_CHECKING:
    from venuekit_runtime.core import CallOptions


class Client(BaseClient):
    """Calls Quotes " and ''' and \\ here and waits for each answer."""

    _default_base_url = ""
    _user_agent = "golden/1"

    def say_it(self, x: str, *, options: CallOptions | None = None) -> None:
        """Ends with a quote".

        Triple \"\"\" quotes, a \\ backslash,
        new lines, \\u202e bidirectional \\u2066 marks, a NUL \\x00 and \\N{DIGIT ONE}.

        Args:
            x: a \"\"\" b
        """
        self._call(operations.SAY_IT, {"x": x}, options)
