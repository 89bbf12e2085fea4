"""The application: one request in, one response out, through guard, reader and handler."""

from __future__ import annotations

import inspect
import logging
import typing
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from msgspec import json

from venuekit_runtime.bodies import kind_of
from venuekit_runtime.encoding import plain_value, scalar_text
from venuekit_runtime.server.handling import Answer, BindingError, Context, Guard, Needs
from venuekit_runtime.server.operations import Bindings, Reply, Route
from venuekit_runtime.server.reading import Hints, RequestReader
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.requests import Request, Response
from venuekit_runtime.server.routing import Router, Target
from venuekit_runtime.server.shapes import Table, Values, resolved
from venuekit_runtime.server.texts import percent_decode, split_pairs

log = logging.getLogger(__name__)
_encode = json.Encoder(decimal_format="number").encode
_UNSAFE = str.maketrans("", "", "\r\n\0")

Handler = Callable[..., Awaitable[Any]]


class _Served:
    """One operation with what reads its requests and what answers them."""

    __slots__ = ("handler", "marks", "reader", "route")

    def __init__(self, route: Route, handler: Handler, reader: RequestReader, table: Table) -> None:
        self.route = route
        self.handler = handler
        self.reader = reader
        self.marks = frozenset(_marks(route, table))


class Application:
    """Serves the routes of one contract by the methods of one object. No sockets here."""

    def __init__(self, bindings: Bindings, handlers: object, guard: Guard | None = None) -> None:
        self.bindings = bindings
        self.handlers = handlers
        self._router: Router[_Served] = Router()
        demand_guard([(route.name, route.security) for route in bindings.routes], guard)
        self.guard = guard
        for route in bindings.routes:
            handler = handler_of(handlers, route.handler)
            hints = hints_of(bindings.handlers, route.handler)
            reader = RequestReader(route, bindings.shapes, hints)
            served = _Served(route, handler, reader, bindings.shapes)
            self._router.add(route.method, route.path, served)

    async def answer(self, request: Request) -> Response:
        """Answer one request; what goes wrong inside of a handler is logged and gives 500."""
        try:
            return await self._answer(request)
        except RefusalError as refusal:
            return self.refuse(refusal)
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return self.refuse(RefusalError("INTERNAL", "the server failed"))

    def refuse(self, refusal: RefusalError) -> Response:
        """The response of a refusal; a subclass may write the contract's own error body."""
        headers = b""
        if refusal.retry_after_s is not None:
            headers = b"Retry-After: %d\r\n" % refusal.retry_after_s
        return Response(self.status_of(refusal), headers, _encode(refusal.body(None)))

    def status_of(self, refusal: RefusalError) -> int:
        """The status of a refusal: the contract's error table goes before our own."""
        return self.bindings.statuses.get(refusal.code, refusal.status)

    async def _answer(self, request: Request) -> Response:
        targets, values = self._find(request.path, request.method)
        if not targets:
            raise RefusalError("NOT_FOUND", "the contract has no such path")
        target = targets.get(request.method)
        if target is None:
            known = ", ".join(sorted(targets))
            refusal = RefusalError("METHOD_NOT_ALLOWED", f"the contract has {known} on this path")
            response = self.refuse(refusal)
            return response._replace(headers=response.headers + f"Allow: {known}\r\n".encode())
        return await self._call(target, values, request)

    def _find(self, path: str, method: str) -> tuple[Mapping[str, Target[_Served]], list[str]]:
        found = self._router.find(path, method)
        for prefix in self.bindings.prefixes if not found[0] else ():
            if path.startswith(prefix + "/"):
                found = self._router.find(path[len(prefix) :], method)
                if found[0]:
                    break
        return found

    async def _call(self, target: Target[_Served], values: list[str], request: Request) -> Response:
        """Call the operation; where several share a path, the first that the request fits."""
        problem: RefusalError | None = None
        callers: dict[Any, object] = {}
        for served, names in _likely(target, request):
            route = served.route
            if route.security not in callers:
                callers[route.security] = await self._admit(request, route)
            try:
                path = list(zip(names, values, strict=True))
                arguments, body = served.reader.arguments(request, path)
            except RefusalError as refusal:
                problem = problem or refusal
                continue
            context = Context(request, route.name, callers[route.security], body)
            result = await served.handler(context, **arguments)
            return encode_answer(route.name, route.replies, result)
        assert problem is not None, "a target serves at least one operation"
        raise problem

    async def _admit(self, request: Request, route: Route) -> object:
        if self.guard is None or not any(route.security):
            return None
        return await self.guard.admit(request, route.security)


def _marks(route: Route, table: Table) -> Iterable[tuple[str, str]]:
    """The query parameters that have one value and no other: they tell a route from others."""
    for parameter in route.parameters:
        shape = resolved(parameter.shape, table)
        if parameter.location == "query" and parameter.is_required and isinstance(shape, Values):
            value = shape.values[0]
            if len(shape.values) == 1 and isinstance(value, str):
                yield parameter.name, value


def _likely(target: Target[_Served], request: Request) -> Sequence[tuple[_Served, tuple[str, ...]]]:
    """What a request may mean of what shares a path, the most told first; all where no mark fits,
    so that the refusal says what was expected."""
    if len(target.served) == 1:
        return target.served
    pairs = split_pairs(request.query, "the query", is_plus_space=True)
    given = {(name, percent_decode(text, name, is_plus_space=True)) for name, text in pairs}
    fitting = [one for one in target.served if one[0].marks <= given]
    return sorted(fitting, key=lambda one: -len(one[0].marks)) or target.served


def demand_guard(secured: Iterable[tuple[str, Needs]], guard: Guard | None) -> None:
    """Raise BindingError where operations demand credentials and nobody looks at them."""
    names = [name for name, needs in secured if any(needs)]
    if guard is None and names:
        raise BindingError(
            f"{names[0]} and {len(names) - 1} more demand credentials: pass a guard, or "
            "OpenDoor() to let everybody in"
        )


def handler_of(handlers: object, name: str) -> Handler:
    """The method of that name. Raises BindingError where there is none, or it is not async."""
    found = getattr(handlers, name, None)
    if found is None or not inspect.iscoroutinefunction(found):
        raise BindingError(f"{type(handlers).__name__} has no `async def {name}`")
    return typing.cast(Handler, found)


def hints_of(protocol: Any, name: str) -> Hints:
    """The annotations of a handler's arguments, as the emitted protocol has them."""
    return typing.get_type_hints(getattr(protocol, name))


def encode_answer(name: str, replies: tuple[Reply, ...], result: Any) -> Response:
    """The response of what a handler returned. Raises ValueError for an answer that the contract
    does not have."""
    answer = result if isinstance(result, Answer) else Answer(result, status=_status(replies))
    reply = described_by(replies, answer.status)
    if reply is None:
        raise ValueError(f"the contract of {name} has no status {answer.status}")
    lacking = {h.lower() for h in reply.required_headers} - {h.lower() for h in answer.headers}
    if lacking:
        raise ValueError(f"an answer of {name} lacks the headers {sorted(lacking)}")
    lines = [f"{k}: {v}\r\n".encode("latin-1", "replace") for k, v in _safe(answer.headers)]
    media_type, body = _encoded(name, reply, answer)
    return Response(answer.status, b"".join(lines), body, media_type)


def _safe(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Headers without what would end their line."""
    return [(name.translate(_UNSAFE), text.translate(_UNSAFE)) for name, text in headers.items()]


def _encoded(name: str, reply: Reply, answer: Answer[Any]) -> tuple[bytes, bytes]:
    if not reply.media_types or answer.status in (204, 304):
        return b"", b""
    media_type = answer.media_type or reply.media_types[0]
    if not _is_offered(media_type, reply.media_types):
        listed = ", ".join(reply.media_types)
        raise ValueError(f"{name} answers with {listed}, not with {media_type}")
    kind = media_type.translate(_UNSAFE).encode("latin-1", "replace")
    value = answer.body
    if isinstance(value, bytes):
        return kind.replace(b"*/*", b"application/octet-stream"), value
    is_text = media_type.startswith("text/") and not _is_json(media_type)
    if is_text and isinstance(value, (bool, int, float, Decimal, Enum)):
        return kind, scalar_text(value, name).encode("utf-8")
    if isinstance(value, str) and not _is_json(media_type):
        return kind.replace(b"*", b"plain"), value.encode("utf-8")
    return kind, encode_value(value, name, reply.wire)


def _is_offered(media_type: str, offered: tuple[str, ...]) -> bool:
    """Whether a media type is one of a contract's, or in one of its ranges (`text/*`)."""
    kind = kind_of(media_type)
    ranges = (kind, kind.partition("/")[0] + "/*", "*/*")
    return media_type in offered or any(kind_of(one) in ranges for one in offered)


def encode_value(value: Any, name: str, wire: Any = "plain") -> bytes:
    """JSON of what a handler returned: decimals exact, as text or number as the contract says."""
    return _encode(plain_value(value, name, wire))


def _is_json(media_type: str) -> bool:
    kind = media_type.partition(";")[0].strip().lower()
    return kind in ("application/json", "text/json") or kind.endswith("+json")


def described_by(replies: tuple[Reply, ...], status: int) -> Reply | None:
    """The reply that describes a status: exact before range before default (OpenAPI 4.8.16)."""
    by_status = {reply.status.upper(): reply for reply in replies}
    for key in (str(status), f"{status // 100}XX", "DEFAULT"):
        if key in by_status:
            return by_status[key]
    return None


def _status(replies: tuple[Reply, ...]) -> int:
    """The status of a plain result: the one success of the contract."""
    stated = [reply.status for reply in replies if reply.status.startswith("2")]
    if len(stated) == 1 and stated[0].isdigit():
        return int(stated[0])
    if not stated or stated == ["2XX"]:
        return 200
    raise ValueError("several successes are stated: return one of the package's answers")
