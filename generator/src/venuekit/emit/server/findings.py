"""What this emitter says about a contract: what it cannot carry, and what in part."""

from __future__ import annotations

from venuekit.emit.findings import Voice

_VOICE = Voice("server-not-emitted", "server-in-part")
not_emitted = _VOICE.not_emitted
in_part = _VOICE.in_part
