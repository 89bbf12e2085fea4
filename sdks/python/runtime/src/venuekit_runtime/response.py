"""Answers to values: decoding by status and type, and error bodies to typed errors. No I/O."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct, json

from venuekit_runtime.errors import ApiError, DecodeError
from venuekit_runtime.http.transport import WireResponse
from venuekit_runtime.models import decode_hook
from venuekit_runtime.operation import ErrorTable, HttpOperation, Response

T = TypeVar("T")

_EXACT_JSON = json.Decoder(float_hook=Decimal)


class RawReply(Struct, Generic[T], frozen=True):
    """A decoded answer together with everything that arrived.

    ``raw`` holds fields that the contract does not know as well; ``json()`` shows them.
    """

    value: T
    response: WireResponse

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """All headers in the order in which they came; names are in lower case."""
        return self.response.headers

    @property
    def raw(self) -> bytes:
        """The body's bytes."""
        return self.response.body

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case, or None."""
        return self.response.header(name.lower())

    def json(self) -> Any:
        """The whole body as builtins; numbers with a fraction are exact Decimals."""
        return _EXACT_JSON.decode(self.raw)


class ResponsePlan:
    """How the answers of one operation are read; decoders are made when a status first comes."""

    __slots__ = ("_decoders", "_operation")

    def __init__(self, operation: HttpOperation[T]) -> None:
        self._operation = operation
        self._decoders: dict[int, json.Decoder[Any] | None] = {}

    def read(self, response: WireResponse) -> RawReply[Any]:
        """Decode a success or raise what the answer means.

        Raises ApiError for every status outside of 2xx (redirects are not followed: a signature
        holds for one host and target) and DecodeError when the answer does not fit the contract.
        """
        status = response.status
        if not 200 <= status < 300:
            raise api_error(
                self._operation.errors, status, response.body, response.header("retry-after")
            )
        try:
            decoder = self._decoders[status]
        except KeyError:
            decoder = self._decoders[status] = self._decoder(response)
        if decoder is None:
            value: Any = _undecoded(self._operation, response)
            return RawReply(value, response)
        try:
            value = decoder.decode(self._json(response))
        except msgspec.DecodeError as error:
            raise DecodeError(
                f"the answer to {self._operation.name} does not fit the contract: {error}",
                raw=response.body,
                status=status,
            ) from error
        return RawReply(value, response)

    def _json(self, response: WireResponse) -> bytes:
        """The body as JSON: where it is plain text that says one value, that value in JSON."""
        described = described_by(self._operation, response.status)
        if described is None or described.scalar is None:
            return response.body
        if described.scalar == "string":
            return json.encode(_text(self._operation, response))
        # A Decimal is decoded from text as well: a number in quotes is none here.
        if b'"' in response.body:
            raise msgspec.DecodeError(f"expected a {described.scalar}, found text in quotes")
        return response.body

    def _decoder(self, response: WireResponse) -> json.Decoder[Any] | None:
        described = described_by(self._operation, response.status)
        if described is None:
            raise DecodeError(
                f"the contract of {self._operation.name} does not describe this status",
                raw=response.body,
                status=response.status,
            )
        if not is_json(described.media_type) and described.scalar is None:
            return None
        kind = described.type.load() if described.type is not None else Any
        # What the contract does not type keeps its digits as well: no float is ever made.
        return json.Decoder(kind, float_hook=Decimal, dec_hook=decode_hook)


def described_by(operation: HttpOperation[Any], status: int) -> Response | None:
    """The response that describes a status: exact before range before default (4.8.16)."""
    by_status = {r.status.upper(): r for r in operation.responses}
    for key in (str(status), f"{status // 100}XX", "DEFAULT"):
        if key in by_status:
            return by_status[key]
    return None


def is_json(media_type: str | None) -> bool:
    """Whether a media type is JSON (RFC 6839, 3.1)."""
    kind = (media_type or "").split(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def api_error(
    table: ErrorTable, status: int, raw: bytes, retry_after: str | None = None
) -> ApiError:
    """The typed error that an error body means; a body that is no JSON gives a plain ApiError."""
    try:
        body = _EXACT_JSON.decode(raw)
    except msgspec.DecodeError:
        body = None
    facts = body if isinstance(body, dict) else {}
    # Some venues say no more than one word, which is then their code.
    code = body if isinstance(body, str) else _first(facts, table.code)
    code_text = "" if code is None else str(code)
    message = _first(facts, table.message)
    request_id = _first(facts, table.request_id)
    classes = table.classes.load() if table.classes is not None else {}
    kind = classes.get(code_text, ApiError)
    error: ApiError = kind(
        "" if message is None else str(message),
        code=code_text,
        status=status,
        details=_first(facts, table.details),
        request_id=None if request_id is None else str(request_id),
        raw=raw,
        retry_after_s=_seconds(retry_after),
    )
    return error


def _first(facts: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((facts[name] for name in names if name in facts), None)


def _seconds(text: str | None) -> float | None:
    """Retry-After in seconds; its date form is not read, because it needs a right clock."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        return None
    return float(text)


def _undecoded(operation: HttpOperation[Any], response: WireResponse) -> object:
    described = described_by(operation, response.status)
    if described is None or described.media_type is None:
        return None
    return _text(operation, response) if _is_text(described) else response.body


def _is_text(described: Response) -> bool:
    return (described.media_type or "").startswith("text/")


def _text(operation: HttpOperation[Any], response: WireResponse) -> str:
    try:
        return response.body.decode()
    except UnicodeDecodeError as error:
        raise DecodeError(
            f"the answer to {operation.name} is not UTF-8",
            raw=response.body,
            status=response.status,
        ) from error
