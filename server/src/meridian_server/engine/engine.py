"""The engine's front: one command at a time, numbered without holes, in; events out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from meridian_server import commands
from meridian_server.commands import Command
from meridian_server.engine import listing, orders
from meridian_server.engine.state import State, state_hash
from meridian_server.events import Event, changed_state

_HANDLERS: dict[type[Any], Callable[[State, Any], list[Event]]] = {
    commands.PlaceOrder: orders.place,
    commands.CancelOrder: orders.cancel,
    commands.ReplaceOrder: orders.replace,
    commands.Deposit: listing.deposit,
    commands.OpenAccount: listing.open_account,
    commands.ListInstrument: listing.list_instrument,
    commands.ListCurrency: listing.list_currency,
}


class EngineError(Exception):
    """A command came out of turn: a fault of the caller or of the journal, not of a client."""


class Engine:
    """Holds the state. Nothing but `apply` changes it; readers look at `state`."""

    def __init__(self) -> None:
        self.state = State()

    def apply(self, command: Command) -> list[Event]:
        """Apply a command whose sequence is the last one plus 1. The events are never empty.
        When the first is Rejected or Unchanged the state is as before and the number is
        free for the next command. Raises EngineError when the command is out of turn."""
        state = self.state
        if command.sequence != state.sequence + 1 or command.timestamp_ms < state.timestamp_ms:
            raise EngineError(
                f"command {command.sequence} at {command.timestamp_ms} ms cannot follow "
                f"{state.sequence} at {state.timestamp_ms} ms"
            )
        before = state.timestamp_ms
        state.timestamp_ms = command.timestamp_ms
        events = _HANDLERS[type(command)](state, command)
        if changed_state(events):
            state.sequence = command.sequence
        else:
            state.timestamp_ms = before
        return events

    def state_hash(self) -> str:
        """The canonical hash of the whole state (lower-hex SHA-256)."""
        return state_hash(self.state)
