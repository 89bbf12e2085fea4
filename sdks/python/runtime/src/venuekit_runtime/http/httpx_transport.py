"""httpx behind the transport interface, for what the lean transports leave out: proxies.

Install it with the extra ``venuekit-runtime[httpx]``.
"""

from __future__ import annotations

import httpx

from venuekit_runtime.base_url import BaseUrl
from venuekit_runtime.errors import ConnectError, TimeoutError, TransportError
from venuekit_runtime.http.transport import WireResponse
from venuekit_runtime.signing import WireRequest


class HttpxTransport:
    """Sends through an ``httpx.Client``, for instance ``httpx.Client(proxy="http://...")``."""

    def __init__(self, base: BaseUrl, client: httpx.Client) -> None:
        self._base = base
        self._client = client

    def send(self, request: WireRequest, timeout_s: float) -> WireResponse:
        """Send once and wait; see `Transport.send`."""
        try:
            return _read(self._client.send(_request(self._base, request, timeout_s)))
        except httpx.TransportError as error:
            raise _translated(error) from error

    def close(self) -> None:
        """Close the client and its connections."""
        self._client.close()


class AsyncHttpxTransport:
    """Sends through an ``httpx.AsyncClient``."""

    def __init__(self, base: BaseUrl, client: httpx.AsyncClient) -> None:
        self._base = base
        self._client = client

    async def send(self, request: WireRequest, timeout_s: float) -> WireResponse:
        """Send once and wait; see `Transport.send`."""
        try:
            return _read(await self._client.send(_request(self._base, request, timeout_s)))
        except httpx.TransportError as error:
            raise _translated(error) from error

    async def aclose(self) -> None:
        """Close the client and its connections."""
        await self._client.aclose()


def _request(base: BaseUrl, request: WireRequest, timeout_s: float) -> httpx.Request:
    scheme = "https" if base.is_secure else "http"
    return httpx.Request(
        request.method,
        f"{scheme}://{base.authority}/",
        headers=list(request.headers),
        content=request.body,
        # The target goes out exactly as it was signed; httpx would encode some of it again.
        extensions={
            "target": request.target.encode("ascii"),
            "timeout": httpx.Timeout(timeout_s).as_dict(),
        },
    )


def _read(response: httpx.Response) -> WireResponse:
    headers = tuple((name.lower(), value) for name, value in response.headers.multi_items())
    return WireResponse(response.status_code, headers, response.content)


def _translated(error: httpx.TransportError) -> TransportError:
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)):
        return ConnectError(f"cannot connect: {error}")
    if isinstance(error, httpx.TimeoutException):
        return TimeoutError("no whole answer before the deadline", maybe_sent=True)
    return TransportError(f"the connection broke: {error}", maybe_sent=True)
