"""The socket as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venuekit_runtime.operation import (
    BodyField,
    Channel,
    ChannelParameter,
    Event,
    Frame,
    SequenceRule,
    StreamOperation,
    StreamProtocol,
    TypeRef,
)

if TYPE_CHECKING:
    from golden import models

_MODELS = "golden.models"

SUBSCRIBE: StreamOperation[bool] = StreamOperation(
    name="subscribe",
    effect="read",
    frame=Frame(((("op",), "subscribe"),), correlation=("id",)),
    fields=(
        BodyField("topic", "topic", required=True),
    ),
    replies=(Event(TypeRef(_MODELS, "Answer"), result="ok", requires=("id", "ok")),),
)

ON_TICK: Channel[models.Tick] = Channel(
    name="onTick",
    address="ticks.{symbol}",
    parameters=(ChannelParameter("symbol", "symbol"),),
    events=(
        Event(TypeRef(_MODELS, "Tick"), ("type",), "tick"),
    ),
    is_subscribed=True,
    sequence=SequenceRule(("n",)),
)

PROTOCOL: StreamProtocol = StreamProtocol(
    path="/v1",
    correlation=("id",),
    is_correlation_integer=True,
    topic=("topic",),
    subscribe=SUBSCRIBE,
    silence_s=6.0,
)
