"""HTTP/1.1 messages to and from bytes (RFC 9112), strictly and within limits, without I/O."""

from __future__ import annotations

import re

from venuekit_runtime.errors import ProtocolError, SigningError
from venuekit_runtime.http.chunked import ChunkedBody
from venuekit_runtime.http.transport import Limits, WireResponse
from venuekit_runtime.signing import WireRequest

_NO_BODY = frozenset((204, 304))
_NO_BODY_TEXT = frozenset((b"204", b"304"))
_FRAMING = frozenset(("content-length", "transfer-encoding", "connection"))
_BODYLESS_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
# The usual head: well formed, with one Content-Length and nothing else that frames the answer.
# Everything else takes the general way below, so this may refuse what that accepts, never more.
_OTHER_LINES = (
    rb"(?:(?!content-length:|transfer-encoding:|connection:)"
    rb"[!#$%&'*+.^_`|~0-9a-z-]++:[^\r\n\0]*+\r\n)*+"
)
_USUAL_HEAD = (
    rb"HTTP/1\.1 ([2-5]\d\d)(?: [^\r\n\0]*+)?+\r\n("
    + _OTHER_LINES
    + rb"content-length:[ \t]*+(\d{1,15})[ \t]*+\r\n"
    + _OTHER_LINES
    + rb")\r\n"
)


def encode_request(request: WireRequest) -> bytes:
    """The exact bytes of a request.

    Raises SigningError when a header would break out of its line: such a request was never meant
    by anybody, and its signature would cover something else than what arrives.
    """
    lines = [f"{request.method} {request.target} HTTP/1.1\r\n"]
    lines += [f"{name}: {value}\r\n" for name, value in request.headers]
    body = request.body
    if body or request.method not in _BODYLESS_METHODS:
        lines.append(f"content-length: {len(body)}\r\n")
    head = "".join(lines)
    expected = len(lines)
    if head.count("\n") != expected or head.count("\r") != expected or "\0" in head:
        raise SigningError("a header or the target holds a line break or NUL; nothing was sent")
    try:
        return head.encode("latin-1") + b"\r\n" + body
    except UnicodeEncodeError as error:
        raise SigningError(
            "a header holds a character outside of ISO 8859-1; nothing was sent"
        ) from error


class ResponseParser:
    """Bytes in, one whole response out; one parser lives as long as its connection.

    ``should_close`` says after a response whether the connection may be used again.
    """

    __slots__ = (
        "_buffer",
        "_chunked",
        "_head",
        "_held_bytes",
        "_is_head_request",
        "_limits",
        "_parts",
        "_remaining",
        "_usual_head",
        "should_close",
    )

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._usual_head = re.compile(_USUAL_HEAD, re.IGNORECASE)
        self._buffer = b""
        self._is_head_request = False
        self.should_close = False
        self._reset()

    def _reset(self) -> None:
        self._head: tuple[int, tuple[tuple[str, str], ...]] | None = None
        # How the body ends: after so many bytes, or with the connection (None), or by chunks.
        self._remaining: int | None = 0
        self._chunked: ChunkedBody | None = None
        self._parts: list[bytes] = []
        self._held_bytes = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing of a response has arrived yet."""
        return not self._buffer and self._head is None

    def start(self, method: str) -> None:
        """Expect the response to a request with that method."""
        self._is_head_request = method == "HEAD"
        self.should_close = False

    def feed(self, data: bytes) -> WireResponse | None:
        """Take what arrived; returns the response once it is whole.

        Raises ProtocolError for anything that RFC 9112 calls malformed or that passes a limit.
        """
        if self._head is None and not self._buffer and not self._is_head_request:
            response = self._usual(data)
            if response is not None:
                return response
        buffer = self._buffer + data if self._buffer else data
        while self._head is None:
            end = buffer.find(b"\r\n\r\n")
            if end < 0 or end > self._limits.max_head_bytes:
                self._buffer = buffer
                if len(buffer) > self._limits.max_head_bytes:
                    raise _broken("the head of the answer is too large")
                return None
            self._take_head(buffer[:end])
            buffer = buffer[end + 4 :]
        self._buffer = b""
        return self._take_body(buffer)

    def _usual(self, data: bytes) -> WireResponse | None:
        """The answer, where all of it came at once and in the usual form."""
        found = self._usual_head.match(data)
        if found is None:
            return None
        status, lines, length = found.groups()
        end = found.end()
        size = int(length)
        is_whole = len(data) - end == size and status not in _NO_BODY_TEXT
        if not is_whole or end > self._limits.max_head_bytes or size > self._limits.max_body_bytes:
            return None
        return WireResponse(int(status), lines, data[end:])

    def end(self) -> WireResponse | None:
        """The connection ended: returns the response if its body lasts until then."""
        if self._head is not None and self._remaining is None:
            return self._finish(b"", b"")
        return None

    def _take_head(self, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        status, is_old = _status(lines[0])
        headers = []
        framing = []
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon or not name or name[-1] in " \t" or name[0] in " \t":
                raise _broken(f"malformed header line {line[:60]!r}")
            header = (name.lower(), value.strip(" \t"))
            headers.append(header)
            if header[0] in _FRAMING:
                framing.append(header)
        if status < 200:
            if status == 101:
                raise _broken("the venue switched protocols unasked")
            return
        self._head = (status, tuple(headers))
        self._frame(status, framing, is_old)

    def _frame(self, status: int, framing: list[tuple[str, str]], is_old: bool) -> None:
        """How long the body is (RFC 9112, 6.3), refusing what could smuggle a second answer."""
        lengths = {value for name, value in framing if name == "content-length"}
        codings = [value.lower() for name, value in framing if name == "transfer-encoding"]
        if len(framing) > len(lengths) or is_old:
            options = ",".join(value.lower() for name, value in framing if name == "connection")
            self.should_close = "close" in options or (is_old and "keep-alive" not in options)
            if lengths and codings:
                raise _broken("both Content-Length and Transfer-Encoding")
        if status in _NO_BODY or self._is_head_request:
            self._remaining = 0
        elif codings:
            if codings != ["chunked"]:
                raise _broken(f"unsupported Transfer-Encoding {', '.join(codings)!r}")
            self._chunked = ChunkedBody(self._limits.max_body_bytes)
        elif lengths:
            self._remaining = self._length(lengths)
        else:
            self._remaining = None
            self.should_close = True

    def _length(self, lengths: set[str]) -> int:
        text = lengths.pop()
        if lengths or not (text.isascii() and text.isdigit()):
            raise _broken("Content-Length is not one plain number")
        if len(text) > 18 or int(text) > self._limits.max_body_bytes:
            raise _broken(f"the answer's body of {text} bytes is over the limit")
        return int(text)

    def _take_body(self, data: bytes) -> WireResponse | None:
        if self._chunked is not None:
            rest = self._chunked.feed(data)
            if rest is None:
                return None
            self._parts = self._chunked.parts
            return self._finish(b"", rest)
        if self._remaining is None:
            self._hold(data)
            return None
        left = self._remaining - self._held_bytes
        if len(data) < left:
            self._hold(data)
            return None
        return self._finish(data[:left], data[left:])

    def _hold(self, data: bytes) -> None:
        """Keep a part of a body in a list, so that a large body is joined once and not per read."""
        self._parts.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > self._limits.max_body_bytes:
            raise _broken("the answer's body is over the limit")

    def _finish(self, last: bytes, rest: bytes) -> WireResponse:
        if rest:
            raise _broken("bytes follow the answer that nobody asked for")
        assert self._head is not None
        status, headers = self._head
        body = b"".join((*self._parts, last)) if self._parts else last
        self._reset()
        return WireResponse(status, headers, body)


def _status(line: str) -> tuple[int, bool]:
    version, code = line[:9], line[9:12]
    if version not in ("HTTP/1.1 ", "HTTP/1.0 ") or not (code.isascii() and code.isdigit()):
        raise _broken(f"expected an HTTP/1.1 status line, found {line[:60]!r}")
    if line[12:13] not in ("", " ") or int(code) < 100:
        raise _broken(f"malformed status line {line[:60]!r}")
    return int(code), version == "HTTP/1.0 "


def _broken(message: str) -> ProtocolError:
    return ProtocolError(f"the answer is not valid HTTP: {message}", maybe_sent=True)
