"""FIX messages and operations as data."""

from __future__ import annotations

from venuekit_runtime.fix import (
    FixField,
    FixGroup,
    FixMessage,
    FixOperation,
    FixSession,
)
from venuekit_runtime.operation import (
    DedupKey,
)

ENTRY_SESSION: FixSession = FixSession(
    "fix://fix.venue.example:9881",
    "FIX.4.4",
    (
        FixField(8, "BeginString", "constant", datatype="String", constant="FIX.4.4"),
    ),
    (
        FixField(10, "CheckSum", "required", datatype="String"),
    ),
    {"heartbeat_seconds": {"minimum": 5, "maximum": 60, "default": 30}, "sequence_reset": "on_request"},
)

NEW_ORDER_SINGLE_MESSAGE: FixMessage = FixMessage(
    "NewOrderSingle",
    "D",
    (
        FixField(11, "ClOrdID", "required", datatype="String", source="client_order_id"),
        FixField(54, "Side", "required", datatype="char", source="side", codes=(("1", "buy"), ("2", "sell"))),
        FixGroup(453, "NoPartyIDs", "optional", (
                FixField(448, "PartyID", "required", datatype="String", source="id"),
            ), source="parties"),
    ),
)

PLACE_ORDER: FixOperation = FixOperation(
    "placeOrder",
    "send",
    "create",
    (NEW_ORDER_SINGLE_MESSAGE,),
    dedup_key=DedupKey("client_order_id", "client_order_id", True),
)
