"""From commands to entries and back: the codec, the hash chain, and recovery at start-up."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from meridian_server.commands import Command
from meridian_server.engine import Engine, EngineError
from meridian_server.events import Event, Rejected, Unchanged
from meridian_server.journal import Entry, Journal, JournalError

GENESIS = bytes(32)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Command)


def link(chain: bytes, command: bytes, events: Sequence[Event]) -> bytes:
    """The next value of the chain; lengths keep the parts apart."""
    told = _encoder.encode(events)
    head = chain + len(command).to_bytes(4, "big") + len(told).to_bytes(4, "big")
    return hashlib.sha256(head + command + told).digest()


def entry_of(chain: bytes, command: Command, events: Sequence[Event]) -> Entry:
    """The entry of an applied command that follows `chain`."""
    encoded = _encoder.encode(command)
    return Entry(command.sequence, encoded, link(chain, encoded, events))


def recover(journal: Journal, engine: Engine) -> bytes:
    """Apply the whole journal to a new engine and return the end of the chain.

    Raises JournalError where an entry is missing, altered, or gives other events than when
    it was written."""
    chain = GENESIS
    for entry in journal.entries():
        place = f"entry {entry.sequence} of the journal"
        try:
            command = _decoder.decode(entry.command)
            events = engine.apply(command)
        except (msgspec.DecodeError, EngineError, KeyError) as error:
            raise JournalError(f"{place} is damaged: {error}; restore a backup") from error
        chain = link(chain, entry.command, events)
        if isinstance(events[0], Rejected | Unchanged) or chain != entry.chain:
            raise JournalError(
                f"{place} does not match its chain: it was altered, or another version of the "
                "engine wrote it; restore a backup or start that version"
            )
    return chain
