"""Reads what a signed request says about itself: strictly, and before anything is believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from msgspec import DecodeError, json

from venuekit.contract.signing import (
    Call,
    Expression,
    InputSource,
    Nonce,
    NonceKind,
    Placement,
    Reference,
    SigningScheme,
    Slot,
    Use,
    walk,
)
from venuekit.signing.matching import Matcher, MismatchError, strict_base64
from venuekit.signing.operations import as_bytes
from venuekit.signing.plan import is_optional, references, signed_names
from venuekit.signing.received import Placed, Received, Refusal, RefusalKind
from venuekit.signing.request import SigningRequest
from venuekit.signing.times import unix_ms
from venuekit_runtime import crypto, crypto_values

_KEY = re.compile(r"[\x21-\x7e]{1,256}\Z")
_VALUE = re.compile(r"[\x20-\x7e]{1,8192}\Z")
_HEX = re.compile(r"[0-9a-f]+\Z")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_NOTHING: list[Any] = []
_RISING = re.compile(r"(?:0|[1-9][0-9]{0,19})\Z")


class ReadError(Exception):
    """Carries a refusal out of the parsing."""

    def __init__(self, kind: RefusalKind, message: str) -> None:
        self.refusal = Refusal(kind, message)
        super().__init__(message)


class Reader:
    """Finds the placed values of one use of a scheme."""

    def __init__(self, scheme: SigningScheme, use: Use) -> None:
        self._scheme = scheme
        self._use = use
        signed = signed_names(scheme)
        self._late = tuple(p for p in use.placements if references(p.value) & signed)
        self._headers = {
            p.name.lower().encode("latin-1") for p in use.placements if p.slot is Slot.HEADER
        }
        # What only a signer may state is not believed from a request: its default holds.
        self._absent = {
            item.name: item.default
            for item in scheme.inputs
            if item.source is not InputSource.SETTING and item.default is not None
        }
        self._reads_headers = any(
            _reads_headers(expression)
            for expression in (
                *(step.expression for step in scheme.steps),
                *(expression for _, expression in use.bindings),
            )
        )
        self._names = tuple(plain_name(scheme, placement) for placement in use.placements)
        self._replaces_body = any(p.slot is Slot.BODY for p in use.placements)
        self._places = tuple(
            (p, f"{p.slot} {p.name}", p.name.lower().encode("latin-1"), is_optional(scheme, p))
            for p in use.placements
        )

    def read(self, received: Received) -> Placed | Refusal:
        """Return the placed values, or why the request is refused."""
        try:
            raw = self.values(received)
            return self._parsed(raw)
        except ReadError as error:
            return error.refusal

    def values(self, received: Received) -> list[Any]:
        """Return the value at each placement. Raises ReadError when one is absent or repeated."""
        headers = self._found_headers(received) if self._headers else {}
        if self._replaces_body:
            received = self._with_body(received, headers)
        found: list[Any] = []
        for placement, label, header, may_lack in self._places:
            if placement.slot is Slot.BODY:
                found.append(received.body)
                continue
            if placement.slot is Slot.HEADER:
                values: list[Any] = headers.get(header, _NOTHING)
            else:
                values = _found(placement, received)
            if len(values) > 1:
                raise ReadError(RefusalKind.DUPLICATED, f"the {label} is given twice")
            if not values and may_lack:
                found.append("")
                continue
            if not values or values[0] in (None, "", b""):
                raise ReadError(RefusalKind.MISSING, f"the {label} is absent")
            found.append(_text(values[0], label))
        return found

    def _with_body(self, received: Received, headers: Mapping[bytes, list[bytes]]) -> Received:
        """Return the request with the body that one of its headers carries instead."""
        for placement, label, header, _ in self._places:
            for value in headers.get(header, _NOTHING) if placement.slot is Slot.HEADER else ():
                matcher = Matcher(self._scheme, self._absent)
                try:
                    matcher.match(placement.value, _text(value, label))
                except MismatchError:
                    continue
                if "body" in matcher.bound:
                    return replace(received, body=as_bytes(matcher.bound["body"]))
        return received

    def _found_headers(self, received: Received) -> dict[bytes, list[bytes]]:
        found: dict[bytes, list[bytes]] = {}
        for name, value in received.headers:
            lowered = name.lower()
            if lowered in self._headers:
                found.setdefault(lowered, []).append(value)
        return found

    def _parsed(self, raw: list[Any]) -> Placed:
        matcher = Matcher(self._scheme, self._absent)
        bound = matcher.bound
        for placement, name, value in zip(self._use.placements, self._names, raw, strict=True):
            if placement.slot is Slot.BODY or value == "":
                continue
            if name is not None and name not in bound:
                bound[name] = value
                continue
            try:
                matcher.match(placement.value, value)
            except MismatchError:
                raise ReadError(
                    RefusalKind.MALFORMED,
                    f"the {placement.slot} {placement.name} is not as the scheme writes it",
                ) from None
        stamp, nonce = bound.get("timestamp"), bound.get("nonce")
        return Placed(
            signature=bound.get("signature", ""),
            key=self._key(bound),
            timestamp="" if stamp is None else str(stamp),
            timestamp_ms=None if stamp is None else self._timestamp_ms(str(stamp)),
            nonce="" if nonce is None else self._nonce(str(nonce)),
            inputs={
                name: value
                for name, value in bound.items()
                if name not in ("signature", "timestamp", "nonce")
            },
        )

    def _key(self, bound: Mapping[str, Any]) -> str:
        for credential in self._scheme.credentials:
            if not credential.is_secret and credential.name in bound:
                key = bound[credential.name]
                if not isinstance(key, str) or not _KEY.match(key):
                    raise ReadError(RefusalKind.MALFORMED, "the key is not printable ASCII")
                return key
        return ""

    def _timestamp_ms(self, stamp: str) -> int | None:
        clock = self._scheme.clock
        if clock is None:
            return None
        found = unix_ms(stamp, clock.format)
        if found is None:
            raise ReadError(
                RefusalKind.MALFORMED, f"the timestamp is not written as {clock.format}"
            )
        return found

    def _nonce(self, nonce: str) -> str:
        declared = self._scheme.nonce
        if declared is not None and not _is_nonce(declared, nonce):
            raise ReadError(RefusalKind.MALFORMED, "the nonce is not written as the scheme demands")
        return nonce

    def unsigned(self, received: Received) -> SigningRequest:
        """Return the request as it was before the signature was written into it."""
        request = SigningRequest(
            method=received.method,
            host=received.host,
            headers=_decoded(received) if self._reads_headers else [],
            body=received.body,
            message=received.message,
            tags=list(received.tags),
            status=str(received.inputs.get("status", "")),
        )
        request.target = received.target
        for placement in self._late:
            _remove(request, placement, received)
        return request


def plain_name(scheme: SigningScheme, placement: Placement) -> str | None:
    """Return the input that a placement carries as it is; None where a value is computed."""
    if not isinstance(placement.value, Reference):
        return None
    name = placement.value.name
    is_step = any(step.name == name for step in scheme.steps)
    return None if is_step and name != "signature" else name


def _found(placement: Placement, received: Received) -> list[Any]:
    name = placement.name
    match placement.slot:
        case Slot.QUERY:
            pairs = crypto.query_list(received.target.partition("?")[2])
            return [_plain(value) for key, value in pairs if _plain(key) == name]
        case Slot.FORM:
            pairs = crypto.query_list(received.body.decode("latin-1"))
            return [_plain(value) for key, value in pairs if _plain(key) == name]
        case Slot.FIELD:
            value = crypto_values.field(_message(received), name)
            return [] if value is None else [value]
        case Slot.TAG:
            return [value for key, value in received.tags if key == name]
        case Slot.BODY:
            return [received.body]
        case Slot.PATH:
            # A server that verifies knows the address that was asked for, not its template.
            return []
        case Slot.HEADER:
            wanted = name.lower().encode("latin-1")
            return [value for key, value in received.headers if key.lower() == wanted]


def _reads_headers(expression: Expression) -> bool:
    return any(
        (isinstance(part, Reference) and part.name == "headers")
        or (isinstance(part, Call) and part.operator in ("header", "signature_base"))
        for part in walk(expression)
    )


def _decoded(received: Received) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1").strip(" \t"))
        for name, value in received.headers
    ]


def _remove(request: SigningRequest, placement: Placement, received: Received) -> None:
    name = placement.name
    match placement.slot:
        case Slot.HEADER:
            request.headers = [pair for pair in request.headers if pair[0].lower() != name.lower()]
        case Slot.QUERY:
            request.query = _without(request.query, name)
        case Slot.FORM:
            request.body = _without(request.body.decode("latin-1"), name).encode("latin-1")
        case Slot.FIELD:
            request.message = _without_field(_message(received), name.split("."))
            if request.body:
                request.body = json.encode(request.message)
        case Slot.BODY:
            request.body = b""
        case Slot.PATH:
            return
        case Slot.TAG:
            request.tags = [pair for pair in request.tags if pair[0] != name]


def _without(text: str, name: str) -> str:
    return "&".join(pair for pair in text.split("&") if _plain(pair.partition("=")[0]) != name)


def _without_field(value: Any, path: list[str]) -> Any:
    name, *rest = path
    if isinstance(value, Mapping):
        return {
            key: _without_field(item, rest) if key == name and rest else item
            for key, item in value.items()
            if key != name or rest
        }
    if isinstance(value, list) and name.isdigit() and not rest:
        return [item for index, item in enumerate(value) if index != int(name)]
    return value


def _message(received: Received) -> Any:
    if received.message is not None or not received.body:
        return received.message
    try:
        return json.decode(received.body)
    except (DecodeError, UnicodeDecodeError):
        raise ReadError(RefusalKind.MALFORMED, "the body is not JSON") from None


def _text(value: Any, label: str) -> Any:
    if isinstance(value, bytes):
        value = value.strip(b" \t").decode("latin-1")
    if isinstance(value, str) and not _VALUE.match(value):
        raise ReadError(RefusalKind.MALFORMED, f"the {label} is not printable ASCII")
    return value


def _plain(text: str) -> str:
    return crypto.percent_decode(text).decode("latin-1")


def _is_nonce(declared: Nonce, nonce: str) -> bool:
    match declared.kind:
        case NonceKind.UUID:
            return _UUID.match(nonce) is not None
        case NonceKind.INCREASING:
            return _RISING.match(nonce) is not None
        case NonceKind.RANDOM if declared.encoding == "hex":
            return len(nonce) == 2 * declared.byte_count and _HEX.match(nonce) is not None
        case NonceKind.RANDOM:
            try:
                is_padded = declared.encoding == "base64"
                raw = strict_base64(nonce, b"+/" if is_padded else b"-_", is_padded=is_padded)
            except MismatchError:
                return False
            return len(raw) == declared.byte_count
        case NonceKind.SERVER:
            return _KEY.match(nonce) is not None
