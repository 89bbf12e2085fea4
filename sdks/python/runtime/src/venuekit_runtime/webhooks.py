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
_METHOD = re.compile("[A-Z]{1,20}")
# Origin form (RFC 9112, 3.2.1) in plain ASCII; a lone "?" would be a second text of one target.
_TARGET = re.compile(r"(?=.{1,8192}\Z)/[!-\"$->@-~]*(\?[!-\"$-~]+)?")
# Each of them costs a verification, and while keys are changed two of them come.
_MOST_SIGNATURES = 8


class Mark(Struct, frozen=True):
    """Where a value stands: the part of a header that begins with a prefix."""

    header: str
    prefix: str = ""


class Proof(Struct, frozen=True, kw_only=True):
    """How a call is signed: the headers that its signer fills, its time, and how old it may be.

    ``signature`` is where a private key's signature stands, which its public key verifies; what a
    shared secret made is made again and compared. ``line`` is what the signature covers of the
    request line: method, path, query. ``tick_ns`` is the unit of the time. Without ``window_ms``
    any age is taken.
    """

    scheme: str
    headers: tuple[str, ...]
    signature: Mark | None = None
    timestamp: Mark | None = None
    nonce: Mark | None = None
    tick_ns: int = 1
    window_ms: int | None = None
    future_ms: int | None = None
    line: tuple[str, ...] = ()


class Webhook(Struct, Generic[T], frozen=True, kw_only=True):
    """One call of the venue; ``T`` is what it says.

    ``proofs`` is OR of AND: each inner tuple has the signatures that are needed together. Where
    it is empty the contract signs nothing.
    """

    name: str
    media_type: str | None = None
    type: TypeRef | None = None
    proofs: tuple[tuple[Proof, ...], ...] = ()


class SharedSecret(Protocol):
    """What the user holds of a scheme whose secret both sides have: the emitted credentials."""

    @property
    def scheme(self) -> str:
        """The scheme's name in the contract."""

    def signer(self, clock: Clock) -> Any:
        """A signer with `sign_webhook_at`."""


class PublicKey(Protocol):
    """What the user holds of a scheme that signs by a private key: the emitted public key."""

    @property
    def scheme(self) -> str:
        """The scheme's name in the contract."""

    def verifier(self) -> Any:
        """A verifier with `verify_webhook_at`."""


InboundCredentials = SharedSecret | PublicKey
"""What proves that a call is the venue's."""


def receive(
    webhook: Webhook[T],
    headers: Headers,
    body: bytes,
    credentials: Sequence[InboundCredentials] = (),
    clock: Clock | None = None,
    method: str | None = None,
    target: str | None = None,
) -> T:
    """Verify a call and return what it says; nothing of the body is read before.

    ``body`` is what arrived, byte for byte; ``target`` is the path and the query of the request
    line, as the venue sent them. While a secret or a key is changed, give the credentials of
    both: one of them suffices. Raises WebhookRefusedError when the signature is missing, wrong or
    too old, ConfigurationError when no credentials are there to tell, or the signature covers a
    request line that is not given, and DecodeError when the body does not fit the contract.
    """
    if not isinstance(body, (bytes, bytearray)):
        raise TypeError(f"body must be the raw bytes that arrived, not {type(body).__name__}")
    if webhook.proofs:
        line = _Line(method, target)
        _verify(webhook, line, _fields(headers), bytes(body), credentials, clock or Clock())
    return cast("T", _decoded(webhook, bytes(body)))


class _Line(Struct, frozen=True):
    """The request line as it arrived, where the caller gives it."""

    method: str | None
    target: str | None

    def demand(self, webhook: Webhook[Any], proof: Proof) -> None:
        """Raise ConfigurationError where a signature covers what is not given."""
        lacking = {"method": self.method}
        lacking |= {"path": self.target, "query": self.target}
        if any(lacking[word] is None for word in proof.line):
            raise ConfigurationError(
                f"{proof.scheme} signs the {' and '.join(proof.line)} of {webhook.name}: give "
                "`method` and `target` of the request as they arrived"
            )

    def flaw(self, proof: Proof) -> str:
        """Why a line that a signature covers is none; empty when it is one."""
        if "method" in proof.line and _METHOD.fullmatch(self.method or "") is None:
            return "its method is none"
        is_covered = "path" in proof.line or "query" in proof.line
        if is_covered and _TARGET.fullmatch(self.target or "") is None:
            return "its target is no path and query in plain characters"
        return ""

    def draft(self, proof: Proof, body: bytes) -> RequestDraft:
        """What the signer was given: of the line nothing but what it covers."""
        path, _, query = (self.target or "").partition("?")
        return RequestDraft(
            (self.method or "") if "method" in proof.line else "POST",
            "",
            path if "path" in proof.line else "/",
            query if "query" in proof.line else "",
            body=body,
        )


def _verify(
    webhook: Webhook[Any],
    line: _Line,
    fields: Sequence[tuple[str, str]],
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
        for proof in proofs:
            line.demand(webhook, proof)
        reasons = [_flaw(proof, line, fields, body, credentials, clock) for proof in proofs]
        reason = next((one for one in reasons if one), "")
        if not reason:
            return
    raise WebhookRefusedError(f"{webhook.name} was refused: {reason}")


def _flaw(
    proof: Proof,
    line: _Line,
    fields: Sequence[tuple[str, str]],
    body: bytes,
    credentials: Sequence[InboundCredentials],
    clock: Clock,
) -> str:
    """Why a call is not signed as the contract says; empty when it is."""
    line_flaw = line.flaw(proof)
    if line_flaw:
        return line_flaw
    for name in proof.headers:
        flaw = _header_flaw(name, [value for key, value in fields if key == name.lower()])
        if flaw:
            return flaw
    headers = dict(fields)
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
    held = [one for one in credentials if one.scheme == proof.scheme]
    call = _Call(headers, line, body, timestamp, nonce)
    if proof.signature is None:
        agrees = _is_made_again(proof, call, held, clock)
    else:
        signatures = _parts(proof.signature, headers)
        if not 1 <= len(signatures) <= _MOST_SIGNATURES:
            return f"the header {proof.signature.header} holds {len(signatures)} signatures"
        agrees = _is_verified(proof, call, held, signatures)
    return "" if agrees else "the signature is not the venue's over these bytes"


def _header_flaw(name: str, values: Sequence[str]) -> str:
    if not values:
        return f"the header {name} is missing"
    if len(values) > 1:
        return f"the header {name} came {len(values)} times"
    if len(values[0]) > _MOST_HEADER_CHARACTERS:
        return f"the header {name} is longer than {_MOST_HEADER_CHARACTERS} characters"
    # Some servers hand out bytes that are no UTF-8 as lone surrogates, which nothing encodes.
    if any("\ud800" <= character <= "\udfff" for character in values[0]):
        return f"the header {name} holds bytes that are no text"
    return ""


class _Call(Struct, frozen=True):
    """What came, and the time and nonce that it states."""

    headers: Mapping[str, str]
    line: _Line
    body: bytes
    timestamp: str
    nonce: str


def _is_made_again(proof: Proof, call: _Call, held: Sequence[Any], clock: Clock) -> bool:
    """Whether a shared secret makes the same signature."""
    agrees = False
    # All credentials are tried, so that time does not tell which of them was right.
    for one in held:
        if not hasattr(one, "signer"):
            raise ConfigurationError(
                f"{proof.scheme} is verified by the secret that signs: give it"
            )
        draft = call.line.draft(proof, call.body)
        one.signer(clock).sign_webhook_at(draft, call.timestamp, call.nonce)
        agrees |= _holds(draft, proof, call.headers)
    return agrees


def _is_verified(proof: Proof, call: _Call, held: Sequence[Any], signatures: Sequence[str]) -> bool:
    """Whether one of the public keys verifies one of the signatures that came."""
    for one in held:
        if not hasattr(one, "verifier"):
            raise ConfigurationError(
                f"{proof.scheme} is verified by the venue's public key: give that, and no other key"
            )
        verifier = one.verifier()
        for signature in signatures:
            draft = call.line.draft(proof, call.body)
            if not verifier.verify_webhook_at(draft, call.timestamp, call.nonce, signature):
                continue
            if _holds(draft, proof, call.headers):
                return True
    return False


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
    found = _parts(mark, headers)
    return found[0] if len(found) == 1 else ""


def _parts(mark: Mark, headers: Mapping[str, str]) -> list[str]:
    """The different parts of a header that begin with a prefix, without it, in their order."""
    parts = _SEPARATORS.split(headers[mark.header.lower()])
    found = [part[len(mark.prefix) :] for part in parts if part.startswith(mark.prefix)]
    return list(dict.fromkeys(found))


def _fields(headers: Headers) -> list[tuple[str, str]]:
    """Headers by their names in lower case, as often as they came."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return [(name.lower(), value) for name, value in pairs]


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
