"""Refusals: what any part of a server raises to answer with an error instead of a result."""

from __future__ import annotations

from typing import Any

STATUSES = {
    "MALFORMED_REQUEST": 400,
    "VALIDATION_FAILED": 400,
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "BODY_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
}
"""The codes that this package raises itself, with the status of each (RFC 9110 section 15)."""


class RefusalError(Exception):
    """An error reply in the making: a code, words for people, facts for programs, and whole
    seconds to wait where that helps."""

    def __init__(
        self,
        code: str,
        message: str,
        details: dict[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.details = details
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> int:
        """The HTTP status; 400 for a code that this package does not know."""
        return STATUSES.get(self.code, 400)

    def body(self, request_id: str | None) -> dict[str, Any]:
        """The error body: `code`, `message`, then `details` and `request_id` where known."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        details = self.details
        if self.retry_after_s is not None:
            details = {**(details or {}), "retry_after_s": self.retry_after_s}
        if details is not None:
            body["details"] = details
        if request_id is not None:
            body["request_id"] = request_id
        return body


def invalid(field: str, message: str) -> RefusalError:
    """A refusal that names the field at fault."""
    return RefusalError("VALIDATION_FAILED", message, {"field": field})


def malformed(message: str) -> RefusalError:
    """A refusal of what could not be read at all."""
    return RefusalError("MALFORMED_REQUEST", message)
