"""Every operation of the contract as data."""

from __future__ import annotations

from venuekit_runtime.server.operations import Arrival, Bindings, BodyMember, Departure
from venuekit_runtime.server.shapes import Member, Members, Number, Text, Values

from golden import handlers
from golden.shapes import SHAPES

BINDINGS = Bindings(
    title="Chat",
    arrivals=(
        Arrival(
            name="say",
            handler="say",
            shape=Members(
                members=(
                    Member("op", Values(("say",)), is_required=True),
                    Member("id", Number(is_whole=True), is_required=True),
                    Member("line", Text(longest=80), is_required=True),
                ),
            ),
            constants=((("op",), "say"),),
            correlation=("id",),
            members=(BodyMember("line", "line"),),
            replies=(Departure(name="said", member="count", correlation=("id",)),),
        ),
    ),
    shapes=SHAPES,
    stream_paths=("/socket",),
    opened="opened",
    streams=handlers.StreamHandlers,
)

HEARD = Departure(name="heard")
