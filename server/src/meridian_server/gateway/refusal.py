"""The refusals that stand for what the engine rejected."""

from __future__ import annotations

from meridian_server.events import Rejected
from venuekit_runtime.server.refusal import RefusalError


def from_engine(event: Rejected) -> RefusalError:
    """The refusal that the engine's rejection stands for."""
    details = None if event.field is None else {"field": event.field}
    return RefusalError(event.code, event.message, details)
