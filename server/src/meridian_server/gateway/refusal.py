"""Refusals: what any part of a gateway raises to answer with an error of the contract."""

from __future__ import annotations

from typing import Any

from meridian_server.events import Rejected


class RefusalError(Exception):
    """An error reply in the making: a code of the contract's error table, words for people,
    facts for programs, and whole seconds to wait where that helps."""

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

    def body(self, request_id: str) -> dict[str, Any]:
        """The error body of the contract."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        details = self.details
        if self.retry_after_s is not None:
            details = {**(details or {}), "retry_after_s": self.retry_after_s}
        if details is not None:
            body["details"] = details
        body["request_id"] = request_id
        return body


def invalid(field: str, message: str) -> RefusalError:
    """A refusal that names the field at fault."""
    return RefusalError("VALIDATION_FAILED", message, {"field": field})


def malformed(message: str) -> RefusalError:
    """A refusal of what could not be read at all."""
    return RefusalError("MALFORMED_REQUEST", message)


def from_engine(event: Rejected) -> RefusalError:
    """The refusal that the engine's rejection stands for."""
    details = None if event.field is None else {"field": event.field}
    return RefusalError(event.code, event.message, details)
