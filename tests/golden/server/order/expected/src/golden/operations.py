"""Every operation of the contract as data."""

from __future__ import annotations

from venuekit_runtime.server.operations import Bindings, Body, BodyMember, Content, Reply, Route
from venuekit_runtime.server.shapes import Named

from golden import handlers
from golden.shapes import SHAPES

BINDINGS = Bindings(
    title="Orders",
    routes=(
        Route(
            name="placeOrder",
            handler="place_order",
            method="POST",
            path="/orders",
            body=Body(
                contents=(Content(media_type="application/json", kind="json", shape=Named("Order")),),
                members=(
                    BodyMember("price", "price"),
                    BodyMember("side", "side"),
                    BodyMember("count", "count", default="1"),
                    BodyMember("parent", "parent"),
                ),
            ),
            replies=(
                Reply(status="201", media_types=("application/json",)),
                Reply(status="4XX", media_types=("application/json",)),
            ),
            security=(("token",),),
        ),
    ),
    shapes=SHAPES,
    statuses={"NO_MONEY": 422},
    handlers=handlers.Handlers,
)
