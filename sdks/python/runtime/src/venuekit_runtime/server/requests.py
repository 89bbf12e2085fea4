"""One HTTP request as it arrived and one response as it goes out, without I/O."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import NamedTuple

from venuekit_runtime.server.refusal import malformed

_TARGET = re.compile(rb"/[!$&-;=@-Z_a-z~%]*(\?[!$&-;=?@-Z_a-z~%\[\]|]+)?\Z")
_DOT_SEGMENT = re.compile(r"/\.{1,2}(/|\Z)")

Headers = tuple[tuple[bytes, bytes], ...]


class Request:
    """One request as it arrived. `target` is the raw request target, byte for byte; header
    names are lower case, values as sent, duplicates kept."""

    __slots__ = ("_has_doubles", "_index", "body", "headers", "ip", "method", "target")

    def __init__(self, method: str, target: str, headers: Headers, body: bytes, ip: str) -> None:
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.ip = ip
        self._index = dict(headers)
        self._has_doubles = len(self._index) != len(headers)

    @property
    def path(self) -> str:
        """The target up to its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The target behind its `?`, or nothing."""
        return self.target.partition("?")[2]

    def header(self, name: bytes) -> bytes | None:
        """The value of a header that may stand once. Refusal when it stands twice."""
        if self._has_doubles and sum(key == name for key, _ in self.headers) > 1:
            raise malformed(f"the header {name.decode('ascii')} stands twice")
        return self._index.get(name)

    def single(self, name: bytes) -> bytes | None:
        """The value of a header, None when it is absent or any header at all stands twice."""
        return None if self._has_doubles else self._index.get(name)


class Response(NamedTuple):
    """An answer: status, further headers as finished lines, body, and the body's media type
    (empty where there is no body)."""

    status: int
    headers: bytes
    body: bytes
    media_type: bytes = b"application/json"


def read_request(
    method: str, url: bytes, headers: Headers, body: bytes, ip: str, takes_slash: bool = False
) -> Request:
    """The request of its parts. Refusal MALFORMED_REQUEST for a target that two programs
    might read differently: only origin form in plain characters, no dot segments, no empty
    segments, no escaped slash (unless `takes_slash`), dot or NUL, no fragment, no lone `?`."""
    if _TARGET.match(url) is None:
        raise malformed("the target must be an absolute path in plain ASCII, without fragment")
    target = url.decode("ascii")
    path = target.partition("?")[0]
    lowered = path.lower()
    has_slash = "%2f" in lowered and not takes_slash
    if "//" in path or has_slash or "%00" in lowered or "%2e" in lowered:
        raise malformed("the path has an empty segment or an escaped slash, dot or NUL")
    if _DOT_SEGMENT.search(path) is not None:
        raise malformed("the path has a dot segment")
    request = Request(method, target, headers, body, ip)
    if not request.header(b"host"):
        raise malformed("the header Host must stand once")
    return request


_REASONS = {status.value: status.phrase.encode("ascii") for status in HTTPStatus}
_WITHOUT_BODY = frozenset((204, 304))


def encode_response(response: Response, is_last: bool, is_head: bool) -> bytes:
    """The bytes of a response (RFC 9112 section 4)."""
    status, headers, body, media_type = response
    if not media_type or status in _WITHOUT_BODY:
        return _encode_unusual(response, is_last, is_head)
    return b"HTTP/1.1 %d %b\r\nContent-Type: %b\r\n%b%bContent-Length: %d\r\n\r\n%b" % (
        status,
        _REASONS.get(status, b""),
        media_type,
        headers,
        b"Connection: close\r\n" if is_last else b"",
        len(body),
        b"" if is_head else body,
    )


def _encode_unusual(response: Response, is_last: bool, is_head: bool) -> bytes:
    """A response without a media type, or with a status that never has a body."""
    has_none = response.status in _WITHOUT_BODY
    return b"HTTP/1.1 %d %b\r\n%b%b%b\r\n%b" % (
        response.status,
        _REASONS.get(response.status, b""),
        response.headers,
        b"Connection: close\r\n" if is_last else b"",
        b"" if has_none else b"Content-Length: %d\r\n" % len(response.body),
        b"" if has_none or is_head else response.body,
    )
