"""Chunked transfer coding (RFC 9112, 7.1), decoded as it arrives, without I/O."""

from __future__ import annotations

from venuekit_runtime.errors import ProtocolError

_MAX_SIZE_LINE = 1024
_MAX_TRAILER_BYTES = 16 * 1024
_HEX = b"0123456789abcdefABCDEF"


class ChunkedBody:
    """Takes bytes as they arrive and keeps the decoded parts; each byte is copied once."""

    __slots__ = (
        "_held",
        "_is_in_trailer",
        "_left",
        "_max_bytes",
        "_needs_line_end",
        "_size",
        "parts",
    )

    def __init__(self, max_bytes: int) -> None:
        self.parts: list[bytes] = []
        self._max_bytes = max_bytes
        self._size = 0
        self._left = 0
        self._held = b""
        self._needs_line_end = False
        self._is_in_trailer = False

    def feed(self, data: bytes) -> bytes | None:
        """Take bytes; returns what follows the body once it is complete, None before.

        Extensions of chunks are skipped and trailers dropped. Raises ProtocolError for malformed
        framing or a body over the limit.
        """
        data = self._held + data if self._held else data
        self._held = b""
        at = 0
        while not self._is_in_trailer:
            at = self._read_data(data, at)
            if self._left:
                return None
            end = self._line_end(data, at)
            if end < 0:
                self._held = data[at:]
                return None
            at = end
        return self._trailer(data[at:])

    def _read_data(self, data: bytes, at: int) -> int:
        part = data[at : at + self._left]
        if part:
            self.parts.append(part)
            self._left -= len(part)
        return at + len(part)

    def _line_end(self, data: bytes, at: int) -> int:
        """Read the end of a chunk and the next size line; -1 when they are not all there."""
        if self._needs_line_end:
            if data[at : at + 2] != b"\r\n"[: len(data) - at]:
                raise _broken("a chunk is not as long as it says")
            at += 2
        end = data.find(b"\r\n", at)
        if end < 0:
            if len(data) - at > _MAX_SIZE_LINE:
                raise _broken("a chunk's size line is too long")
            return -1
        self._open(_chunk_size(data[at:end]))
        return end if self._is_in_trailer else end + 2

    def _open(self, size: int) -> None:
        if self._size + size > self._max_bytes:
            raise _broken("the answer's body is over the limit")
        self._size += size
        self._left = size
        self._needs_line_end = size > 0
        self._is_in_trailer = size == 0

    def _trailer(self, data: bytes) -> bytes | None:
        """``data`` begins with the line end of the last chunk's size line."""
        end = data.find(b"\r\n\r\n")
        if end >= 0:
            return data[end + 4 :]
        if len(data) > _MAX_TRAILER_BYTES:
            raise _broken("the trailers of the answer are too large")
        self._held = data
        return None


def _chunk_size(line: bytes) -> int:
    text = line.split(b";", 1)[0].strip(b" \t")
    if not text or len(text) > 12 or text.strip(_HEX):
        raise _broken(f"malformed chunk size {line[:40]!r}")
    return int(text, 16)


def _broken(message: str) -> ProtocolError:
    return ProtocolError(f"the answer is not valid HTTP: {message}", maybe_sent=True)
