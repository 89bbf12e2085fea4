"""What an operation over WebSocket or FIX sends and gets: its messages, with an example of each."""

from __future__ import annotations

from collections.abc import Iterable

from venuekit.contract import Message
from venuekit.emit.docs.draw import examples, grid
from venuekit.emit.docs.site import Site
from venuekit.emit.docs.text import block, cell, code

SHOWN_MESSAGES = 4
"""An operation with more messages than these shows examples on the messages' own pages alone."""


def conversation(site: Site, page: str, keys: Iterable[str]) -> str:
    """Return a table of messages and, where they are few, an example of each."""
    chosen = tuple(keys)
    table = grid(
        ("Message", "Meaning"),
        (
            (site.message_link(page, key), cell(message.summary or message.description))
            for key, message in ((key, site.contract.messages[key]) for key in chosen)
        ),
    )
    if len(chosen) > SHOWN_MESSAGES:
        return table
    drawn = (_example(site.contract.messages[key]) for key in chosen)
    return "\n\n".join(text for text in (table, *drawn) if text)


def _example(message: Message) -> str:
    if message.fix is not None and message.fix.example is not None:
        return f"{code(message.name)}, with a bar for each SOH:\n\n{block(message.fix.example)}"
    return examples((f"{code(message.name)}:", value) for value in message.examples[:1])
