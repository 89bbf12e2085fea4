"""The record: what came in, one JSON line each, so that others can judge the bytes."""

from __future__ import annotations

import base64
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import msgspec

from venuekit.mock.exchange import Answer, Request

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Record:
    """Appends requests and frames to a file; without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._file: BinaryIO | None = path.open("ab") if path is not None else None

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def request(self, request: Request, answer: Answer) -> None:
        """Keep a request, the operation it was for, and what was said to it."""
        self._line(
            {
                "wire": "rest",
                "operation": answer.operation,
                "method": request.method,
                "target": request.target,
                "headers": request.headers,
                "body": base64.b64encode(request.body).decode(),
                "status": answer.status,
                **answer.facts,
            }
        )

    def frame(self, target: str, operation: str | None, data: bytes, problems: list[str]) -> None:
        """Keep a frame of a client, the operation that it was taken for and why it was refused."""
        self._line(
            {
                "wire": "websocket",
                "operation": operation,
                "target": target,
                "body": base64.b64encode(data).decode(),
                "problems": problems,
            }
        )

    def _line(self, line: dict[str, object]) -> None:
        if self._file is not None:
            self._file.write(_ENCODER.encode(line) + b"\n")
            self._file.flush()
