"""REST: a request through routing, gate and decoders to its handler, and the answer back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import msgspec

from meridian_server.gateway.codec import present
from meridian_server.gateway.gate import Gate
from meridian_server.gateway.handlers import Call
from meridian_server.gateway.plans import Plans, RestPlan
from meridian_server.venue import Venue
from venuekit_runtime.server.connection import Reply, Stream
from venuekit_runtime.server.refusal import RefusalError, malformed
from venuekit_runtime.server.requests import Request, Response

log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


class RestGateway:
    """Answers every request of every connection. Answers wait for the journal."""

    def __init__(
        self,
        venue: Venue,
        plans: Plans,
        gate: Gate,
        request_ids: Callable[[], str],
        open_stream: Callable[[Request, asyncio.Transport], Stream | Response],
    ) -> None:
        self._venue = venue
        self._plans = plans
        self._gate = gate
        self._request_ids = request_ids
        self._open_stream = open_stream
        self.is_stopping = False

    def handle(self, request: Request, reply: Reply) -> None:
        """Carry the request out now; the reply goes out when all before it is on disk."""
        request_id = self._request_ids()
        try:
            response = self._respond(request, request_id)
        except RefusalError as refusal:
            response = self._refusal(refusal, request_id)
        except Exception:
            log.exception("request %s failed", request_id)
            response = self._refusal(RefusalError("INTERNAL", "the venue failed"), request_id)
        self._venue.after_commit(lambda: reply(response))

    def refuse(self, refusal: RefusalError) -> Response:
        """The response of a request that could not be read."""
        return self._refusal(refusal, self._request_ids())

    def upgrade(self, request: Request, transport: asyncio.Transport) -> Stream | Response:
        """Open a stream, or say why not."""
        if request.path != self._plans.stream_path:
            return self.refuse(RefusalError("NOT_FOUND", f"no stream at {request.path}"))
        if self.is_stopping:
            return self.refuse(RefusalError("UNAVAILABLE", "the venue is stopping", None, 1))
        try:
            return self._open_stream(request, transport)
        except RefusalError as refusal:
            return self.refuse(refusal)

    def _respond(self, request: Request, request_id: str) -> Response:
        if self.is_stopping:
            raise RefusalError("UNAVAILABLE", "the venue is stopping", None, 1)
        methods, values = self._plans.router.find(request.path, request.method)
        if not methods:
            raise RefusalError("NOT_FOUND", f"the contract has no path {request.path}")
        found = methods.get(request.method)
        if found is None:
            return self._method_refusal(sorted(methods), request_id)
        # The contract has one operation for each method of a path.
        ((plan, names),) = found.served
        admission = self._gate.admit(plan.access, request)
        arguments = plan.parameters.decode(dict(zip(names, values, strict=True)), request.query)
        arguments.update(_body(plan, request))
        account_id = None if admission.key is None else admission.key.account_id
        answer = plan.handler(Call(self._venue, account_id, arguments))
        headers = admission.headers + b"X-Request-Id: %b\r\n" % request_id.encode("ascii")
        return Response(answer.status, headers, _encode(answer.body))

    def _method_refusal(self, allowed: list[str], request_id: str) -> Response:
        known = ", ".join(allowed)
        refusal = RefusalError("METHOD_NOT_ALLOWED", f"the contract has {known} on this path")
        response = self._refusal(refusal, request_id)
        allow = f"Allow: {known}\r\n".encode("ascii")
        return response._replace(headers=response.headers + allow)

    def _refusal(self, refusal: RefusalError, request_id: str) -> Response:
        headers = b"X-Request-Id: %b\r\n" % request_id.encode("ascii")
        if refusal.retry_after_s is not None:
            headers += b"Retry-After: %d\r\n" % refusal.retry_after_s
        status = self._plans.statuses[refusal.code]
        return Response(status, headers, _encode(refusal.body(request_id)))


def _body(plan: RestPlan, request: Request) -> dict[str, Any]:
    if plan.body is None:
        if request.body:
            raise malformed("this operation takes no body")
        return {}
    if not _is_plain_json(request):
        raise RefusalError("UNSUPPORTED_MEDIA_TYPE", "the body must be plain application/json")
    if not request.body and not plan.needs_body:
        return {}
    return dict(present(plan.body.decode(request.body)))


def _is_plain_json(request: Request) -> bool:
    if request.header(b"content-encoding") not in (None, b"identity"):
        return False
    found = request.header(b"content-type") or b""
    if found == b"application/json":
        return True
    media, _, rest = found.lower().partition(b";")
    is_utf8 = rest.strip() in (b"", b"charset=utf-8", b'charset="utf-8"')
    return media.strip() == b"application/json" and is_utf8
