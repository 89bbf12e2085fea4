"""A socket's messages without the socket: which operation a frame asks for, and what answers it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from venuekit_runtime.encoding import plain_value
from venuekit_runtime.operation import Place
from venuekit_runtime.server.application import Handler, demand_guard, handler_of, hints_of
from venuekit_runtime.server.handling import Guard, Peer, SocketContext
from venuekit_runtime.server.json_text import read_json
from venuekit_runtime.server.judge import Judge
from venuekit_runtime.server.operations import Arrival, Bindings, Departure
from venuekit_runtime.server.reading import Hints, members_of, typed
from venuekit_runtime.server.refusal import RefusalError, malformed
from venuekit_runtime.server.requests import Request

log = logging.getLogger(__name__)


class _Served:
    """One message with what answers it."""

    __slots__ = ("arrival", "handler", "hints")

    def __init__(self, arrival: Arrival, handler: Handler, hints: Hints) -> None:
        self.arrival = arrival
        self.handler = handler
        self.hints = hints


class StreamApplication:
    """Answers the messages of the contract's sockets by the methods of one object."""

    def __init__(self, bindings: Bindings, handlers: object, guard: Guard | None = None) -> None:
        demand_guard([(a.name, a.security) for a in bindings.arrivals], guard)
        self.paths = bindings.stream_paths
        self._bindings = bindings
        self._guard = guard
        self._judge = Judge(bindings.shapes)
        self._opened = handler_of(handlers, bindings.opened) if bindings.opened else None
        ordered = sorted(bindings.arrivals, key=lambda a: -len(a.constants))
        self._served = [
            _Served(a, handler_of(handlers, a.handler), hints_of(bindings.streams, a.handler))
            for a in ordered
        ]

    async def opened(self, request: Request, peer: Peer) -> bool:
        """Tell the handlers of a new socket; False when they failed, which is logged."""
        if self._opened is None:
            return True
        try:
            await self._opened(SocketContext(request, "", peer, None))
        except Exception:
            log.exception("a new socket failed")
            return False
        return True

    async def answer(self, data: bytes, request: Request, peer: Peer) -> dict[str, Any] | None:
        """The message that answers a message, None where the contract has none."""
        arrival: Arrival | None = None
        message: Any = None
        try:
            message = read_json(data)
            served = self._recognised(message)
            arrival = served.arrival
            return await self._call(served, message, request, peer)
        except RefusalError as refusal:
            return self._refused(refusal, arrival, message)
        except Exception:
            log.exception("a message of a socket failed")
            failed = RefusalError("INTERNAL", "the server failed")
            return self._refused(failed, arrival, message)

    def _recognised(self, message: Any) -> _Served:
        """The operation whose fixed values a message has, and whose shape it fits."""
        problem: RefusalError | None = None
        for served in self._served:
            constants = served.arrival.constants
            if any(not _equals(value_at(message, place), value) for place, value in constants):
                continue
            try:
                self._judge.check(served.arrival.shape, message, "message")
            except RefusalError as refusal:
                problem = problem or refusal
                continue
            return served
        raise problem or malformed("no operation of the contract has such a message")

    async def _call(
        self, served: _Served, message: Any, request: Request, peer: Peer
    ) -> dict[str, Any] | None:
        arrival, guard = served.arrival, self._guard
        context = SocketContext(request, arrival.name, peer, message)
        if guard is not None and any(arrival.security):
            context.admit(await guard.admit_message(context, arrival.security))
        if arrival.whole is not None:
            hint = served.hints[arrival.whole]
            arguments = {arrival.whole: typed(message, hint, "message")}
        else:
            inner = value_at(message, arrival.payload)
            arguments = members_of(inner, arrival.members, served.hints)
        result = await served.handler(context, **arguments)
        if not arrival.replies:
            return None
        reply = _reply_for(arrival.replies, result)
        return _correlated(written(reply, result), reply.correlation, arrival, message)

    def _refused(
        self, refusal: RefusalError, arrival: Arrival | None, message: Any
    ) -> dict[str, Any]:
        known = arrival.errors if arrival is not None else ()
        error = known[0] if known else self._bindings.error
        body = refusal.body(None)
        if error is None:
            return {"error": body}
        frame = written(error, body)
        if error.correlation is None:
            return frame
        return _correlated(frame, error.correlation, arrival, message)


def written(departure: Departure, value: Any) -> dict[str, Any]:
    """A message as JSON-ready values: what was given, under its member, with the fixed values."""
    plain = plain_value(value, departure.name, departure.wire)
    if departure.member is not None:
        plain = {departure.member: plain}
    frame: dict[str, Any] = plain if isinstance(plain, dict) else {"result": plain}
    for place, fixed in departure.constants:
        frame = with_value(frame, place, fixed)
    return frame


def _reply_for(replies: Sequence[Departure], result: Any) -> Departure:
    """The reply of a result's type; the first where types do not tell."""
    for reply in replies:
        if reply.type is not None and type(result) is reply.type.load():
            return reply
    return replies[0]


def _correlated(
    frame: dict[str, Any], place: Place | None, arrival: Arrival | None, message: Any
) -> dict[str, Any]:
    """A frame with the id of the message that it answers; null where that had none."""
    if place is None:
        return frame
    asked = arrival.correlation if arrival is not None else place
    found = value_at(message, asked or place)
    return with_value(frame, place, found if isinstance(found, (str, int)) else None)


def value_at(message: Any, place: Place) -> Any:
    """What stands at a place of a message, None where nothing does."""
    for name in place:
        message = message.get(name) if isinstance(message, dict) else None
    return message


def with_value(frame: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """A frame with a value at a place."""
    inner = frame.get(place[0])
    below = inner if isinstance(inner, dict) else {}
    return {**frame, place[0]: value if len(place) == 1 else with_value(below, place[1:], value)}


def _equals(found: Any, value: Any) -> bool:
    return bool(found == value) and isinstance(found, bool) == isinstance(value, bool)
