"""A channel does not say how to notice a lost message, so a client can not trust its state."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Action, ChannelBinding, Contract
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    received = {
        operation.binding.channel
        for operation in contract.operations
        if isinstance(operation.binding, ChannelBinding) and operation.action is Action.RECEIVE
    }
    for key, channel in contract.channels.items():
        if key in received and channel.stream is None:
            yield channel.origin, {"name": channel.name}


RULE = Rule(
    severity=Severity.WARNING,
    message="channel {name!r} does not say how a client notices a lost message",
    help="add x-stream with sequence: {{field, rule}}, or {{rule: none, reason}}",
    find=find,
)
