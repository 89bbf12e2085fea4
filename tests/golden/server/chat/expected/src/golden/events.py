"""Events that the server sends on a socket, each with its type."""

from __future__ import annotations

from venuekit_runtime.server.handling import Peer

from golden import models, operations


def send_heard(peer: Peer, message: models.HeardMessage) -> None:
    """Send what heard brings."""
    peer.send(operations.HEARD, message)
