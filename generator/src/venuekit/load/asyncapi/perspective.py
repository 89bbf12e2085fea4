"""Whose side a document states: AsyncAPI's actions are those of the application it describes."""

from __future__ import annotations

from enum import StrEnum

from venuekit.contract import Action
from venuekit.load.findings import Report
from venuekit.source import Node

EXTENSION = "x-perspective"


class Perspective(StrEnum):
    """The application that a document describes."""

    SERVER = "server"
    CLIENT = "client"


def perspective(document: Node, report: Report) -> Perspective:
    """Return whose side the document states: `x-perspective`, else what its replies tell.

    A venue answers requests, so operations with a reply that it receives make a server's
    document, and those that it sends make a client's. Without replies, a document that only
    receives is a client's, because a venue that never sends anything has no stream.
    """
    stated = document.text(EXTENSION)
    if stated in list(Perspective):
        return Perspective(stated)
    operations = document.get("operations")
    if operations is None or not operations.members:
        return Perspective.SERVER
    actions = [(node.text("action"), node.has("reply")) for _, node in operations.items()]
    received, sent = actions.count(("receive", True)), actions.count(("send", True))
    only_receives = all(action == "receive" for action, _ in actions)
    is_client = sent > received or (not sent and not received and only_receives)
    found = Perspective.CLIENT if is_client else Perspective.SERVER
    if received and sent:
        report.warning(
            "perspective-unclear",
            operations,
            f"{received} operations with a reply are received and {sent} sent; the document is"
            f" read as the {found}'s",
            f"Write `{EXTENSION}: server` or `{EXTENSION}: client` at the top.",
        )
    elif is_client:
        report.info(
            "perspective-inferred",
            operations,
            "the document states the client's side, where AsyncAPI means the server's",
            f"Write `{EXTENSION}: client` at the top to say so.",
        )
    return found


def client_action(action: str | None, has_reply: bool, side: Perspective) -> Action:
    """Return what the client does, in an operation that a document states from one side."""
    is_sent = (action == "send") is (side is Perspective.CLIENT)
    if not is_sent:
        return Action.RECEIVE
    return Action.REQUEST if has_reply else Action.SEND
