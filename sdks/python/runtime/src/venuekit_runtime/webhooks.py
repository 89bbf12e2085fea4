"""Calls of the venue: verified over their raw bytes, and only then decoded. No I/O."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Generic, Protocol, TypeVar, cast

import msgspec
from msgspec import Struct

from venuekit_runtime.clock import Clock
from venuekit_runtime.errors import ConfigurationError, DecodeError, WebhookRefusedError
from venuekit_runtime.models import decode_hook
from venuekit_runtime.operation import TypeRef
from venuekit_runtime.response import is_json
from venuekit_runtime.signing import RequestDraft

T = TypeVar("T", covariant=True)

Headers = Mapping[str, str] | Iterable[tuple[str, str]]

# What stands between the parts of a header that holds several, such as signatures in rotation.
_SEPARATORS = re.compile("[,; ]+")
_MOST_HEADER_CHARACTERS = 8192
_MOST_DIGITS = 20


class Mark(Struct, frozen=True):
    """Where a value stands: the part of a header that begins with a prefix."""

    header: str
    prefix: str = ""


class Proof(Struct, frozen=True, kw_only=True):
    """How a call is signed: the headers that its signer fills, its time, and how old it may be.

    ``tick_ns`` is the unit of the time. Without ``window_ms`` any age is taken.
    """

    scheme: str
    headers: tuple[str, ...]
    timestamp: Mark | None = None
    nonce: Mark | None = None
    tick_ns: int = 1
    window_ms: int | None = None
    future_ms: int | None = None


class Webhook(Struct, Generic[T], frozen=True, kw_only=True):
    """One call of the venue; ``T`` is what it says.

    ``proofs`` is OR of AND: each inner tuple has the signatures that are needed together. Where
    it is empty the contract signs nothing.
    """

    name: str
    media_type: str | None = None
    type: TypeRef | None = None
    proofs: tuple[tuple[Proof, ...], ...] = ()


class InboundCredentials(Protocol):
    """What the user holds of a scheme that signs calls of the venue: the emitted credentials."""

    @property
    def scheme(self) -> str:
        """The scheme's name in the contract."""

    def signer(self, clock: Clock) -> Any:
        """A signer with `sign_webhook_at`."""


def receive(
    webhook: Webhook[T],
    headers: Headers,
    body: bytes,
    credentials: Sequence[InboundCredentials] = (),
    clock: Clock | None = None,
) -> T:
    """Verify a call and return what it says; nothing of the body is read before.

    ``body`` is what arrived, byte for byte. While a secret is changed, give the credentials of
    both: one of them suffices. Raises WebhookRefusedError when the signature is missing, wrong or
    too old, ConfigurationError when no credentials are there to tell, and DecodeError when the
    body does not fit the contract.
    """
    if not isinstance(body, (bytes, bytearray)):
        raise TypeError(f"body must be the raw bytes that arrived, not {type(body).__name__}")
    if webhook.proofs:
        _verify(webhook, _by_name(headers), bytes(body), credentials, clock or Clock())
    return cast("T", _decoded(webhook, bytes(body)))


def _verify(
    webhook: Webhook[Any],
    headers: Mapping[str, str],
    body: bytes,
    credentials: Sequence[InboundCredentials],
    clock: Clock,
) -> None:
    held = {one.scheme for one in credentials}
    known = [proofs for proofs in webhook.proofs if {p.scheme for p in proofs} <= held]
    if not known:
        wanted = " or ".join(" and ".join(p.scheme for p in one) for one in webhook.proofs)
        raise ConfigurationError(
            f"{webhook.name} is signed by {wanted}: give the credentials that verify it"
        )
    reason = ""
    for proofs in known:
        reasons = [_flaw(proof, headers, body, credentials, clock) for proof in proofs]
        reason = next((one for one in reasons if one), "")
        if not reason:
            return
    raise WebhookRefusedError(f"{webhook.name} was refused: {reason}")


def _flaw(
    proof: Proof,
    headers: Mapping[str, str],
    body: bytes,
    credentials: Sequence[InboundCredentials],
    clock: Clock,
) -> str:
    """Why a call is not signed as the contract says; empty when it is."""
    for name in proof.headers:
        if name.lower() not in headers:
            return f"the header {name} is missing"
        if len(headers[name.lower()]) > _MOST_HEADER_CHARACTERS:
            return f"the header {name} is longer than {_MOST_HEADER_CHARACTERS} characters"
    # What a scheme does not have is empty for its signer.
    timestamp = nonce = ""
    if proof.timestamp is not None:
        timestamp = _marked(proof.timestamp, headers)
        if not timestamp:
            return f"the header {proof.timestamp.header} does not hold one time"
        flaw = _age_flaw(proof, timestamp, clock)
        if flaw:
            return flaw
    if proof.nonce is not None:
        nonce = _marked(proof.nonce, headers)
        if not nonce:
            return f"the header {proof.nonce.header} does not hold one nonce"
    agrees = False
    # All credentials are tried, so that time does not tell which of them was right.
    for one in credentials:
        if one.scheme == proof.scheme:
            draft = RequestDraft("POST", "", "/", body=body)
            one.signer(clock).sign_webhook_at(draft, timestamp, nonce)
            agrees |= _holds(draft, proof, headers)
    return "" if agrees else "the signature is not the venue's over these bytes"


def _age_flaw(proof: Proof, text: str, clock: Clock) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return "its time is no number"
    age_ms = clock.now_ms() - int(text) * proof.tick_ns // 1_000_000
    if proof.window_ms is not None and age_ms > proof.window_ms:
        return f"it is {age_ms} ms old, and {proof.window_ms} are allowed"
    ahead = proof.window_ms if proof.future_ms is None else proof.future_ms
    if ahead is not None and -age_ms > ahead:
        return f"its time is {-age_ms} ms ahead, and {ahead} are allowed"
    return ""


def _holds(draft: RequestDraft, proof: Proof, headers: Mapping[str, str]) -> bool:
    """Whether each part that the signer writes is among the parts that came, in constant time."""
    agrees = True
    for name, value in draft.headers:
        if name not in proof.headers:
            continue
        came = [part.encode() for part in _SEPARATORS.split(headers[name.lower()])]
        for part in _SEPARATORS.split(value):
            is_there = False
            for one in came:
                is_there |= hmac.compare_digest(part.encode(), one)
            agrees &= is_there
    return agrees


def _marked(mark: Mark, headers: Mapping[str, str]) -> str:
    """The one part of a header that begins with a prefix, without it; empty where none is one."""
    parts = _SEPARATORS.split(headers[mark.header.lower()])
    found = {part[len(mark.prefix) :] for part in parts if part.startswith(mark.prefix)}
    return found.pop() if len(found) == 1 else ""


def _by_name(headers: Headers) -> dict[str, str]:
    """Headers by their names in lower case; one that came twice is a list (RFC 9110, 5.3)."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    found: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        found[key] = f"{found[key]},{value}" if key in found else value
    return found


def _decoded(webhook: Webhook[Any], body: bytes) -> object:
    if webhook.media_type is None:
        return None
    try:
        if is_json(webhook.media_type):
            kind = webhook.type.load() if webhook.type is not None else Any
            return msgspec.json.Decoder(kind, float_hook=Decimal, dec_hook=decode_hook).decode(body)
        return body.decode() if webhook.media_type.startswith("text/") else body
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"the call {webhook.name} does not fit the contract: {error}"
        raise DecodeError(message, raw=body) from error
