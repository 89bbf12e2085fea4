"""A quick yes for signatures: schemes of a plain shape are compiled to straight code at start-up.

It only ever says yes, and only to what the full verifier would accept; whatever is unusual in a
request (or in a scheme) goes the full way, which also words every refusal. The tests hold the
two against each other."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from venuekit.contract.signing import (
    Call,
    Clock,
    Expression,
    Literal,
    NonceKind,
    Reference,
    SignedWire,
    SigningScheme,
    Slot,
    TimeFormat,
    TimeKind,
)
from venuekit.signing.verifier import Material
from venuekit_runtime.crypto import HmacKey
from venuekit_runtime.server.requests import Request

_STAMP = re.compile(rb"[1-9][0-9]{12}\Z")
_INPUTS = frozenset(("method", "host", "target", "body", "timestamp", "nonce", "key"))
_PLACED = ("key", "timestamp", "nonce", "signature")
Values = dict[str, Any]
Compiled = Callable[[Values], Any]


class _UnusualError(Exception):
    """The scheme has a part that is not compiled here."""


class Accepted(NamedTuple):
    """What a good signature said."""

    nonce: str
    timestamp_ms: int


class QuickYes:
    """One scheme over REST. Made by `compile_scheme`."""

    def __init__(
        self,
        headers: tuple[bytes, bytes, bytes, bytes],
        clock: tuple[int, int],
        nonce_bytes: int,
        canonical: Compiled,
    ) -> None:
        self._key, self._stamp, self._nonce, self._signature = headers
        self._window_ms, self._future_ms = clock
        self._is_nonce = re.compile(rb"[0-9a-f]{%d}\Z" % (2 * nonce_bytes))
        self._canonical = canonical

    def check(self, request: Request, key: str, material: Material, now: int) -> Accepted | None:
        """The nonce and time of a request that is good beyond doubt; None for all others."""
        stamp = request.single(self._stamp)
        nonce = request.single(self._nonce)
        signature = request.single(self._signature)
        host = request.single(b"host")
        if stamp is None or nonce is None or signature is None or host is None:
            return None
        if request.single(self._key) != key.encode("utf-8"):
            return None
        if not (_STAMP.match(stamp) and self._is_nonce.match(nonce) and host.isascii()):
            return None
        timestamp_ms = int(stamp)
        if not now - self._window_ms <= timestamp_ms <= now + self._future_ms:
            return None
        values = {
            "method": request.method,
            "host": host.decode("ascii"),
            "target": request.target,
            "body": request.body,
            "timestamp": stamp.decode("ascii"),
            "nonce": nonce.decode("ascii"),
            "key": key,
        }
        secret = material["secret"]
        if not isinstance(secret, HmacKey):
            return None
        expected = secret.hexdigest(_bytes(self._canonical(values)))
        if not hmac.compare_digest(expected.encode("ascii"), signature):
            return None
        return Accepted(nonce.decode("ascii"), timestamp_ms)


def compile_scheme(scheme: SigningScheme) -> QuickYes | None:
    """The quick way of a scheme, or None when it has only the full one."""
    use, clock, nonce = scheme.use(SignedWire.REST), scheme.clock, scheme.nonce
    if use is None or use.bindings or scheme.inputs or clock is None or nonce is None:
        return None
    if nonce.kind is not NonceKind.RANDOM or nonce.encoding != "hex":
        return None
    edges = _edges(clock)
    placed = {
        placement.value.name: placement.name.lower().encode("ascii")
        for placement in use.placements
        if placement.slot is Slot.HEADER and isinstance(placement.value, Reference)
    }
    if edges is None or set(placed) != set(_PLACED) or len(use.placements) != len(_PLACED):
        return None
    match scheme.step("signature").expression:
        case Call(
            "hex",
            (
                (
                    _,
                    Call(
                        "hmac",
                        (
                            ("hash", str()),
                            ("key", Reference("secret")),
                            ("message", Reference("canonical")),
                        ),
                    ),
                ),
            ),
        ):
            try:
                canonical = _compile(scheme, Reference("canonical", scheme.origin))
            except _UnusualError:
                return None
        case _:
            return None
    key, stamp, nonce_header, signature = (placed[name] for name in _PLACED)
    headers = (key, stamp, nonce_header, signature)
    return QuickYes(headers, edges, nonce.byte_count, canonical)


def _edges(clock: Clock) -> tuple[int, int] | None:
    if clock.format is not TimeFormat.UNIX_MS or clock.kind is not TimeKind.SEND_TIME:
        return None
    if clock.window_ms is None or clock.future_ms is None:
        return None
    return clock.window_ms, clock.future_ms


def _compile(scheme: SigningScheme, expression: Expression) -> Compiled:
    match expression:
        case Literal(text):
            return lambda values: text
        case Reference(name) if name in _INPUTS:
            return lambda values: values[name]
        case Reference(name) if any(step.name == name for step in scheme.steps):
            return _compile(scheme, scheme.step(name).expression)
        case Call("lower", ((_, Literal() | Reference() | Call() as inner),)):
            lowered = _compile(scheme, inner)
            return lambda values: lowered(values).lower()
        case Call("hex", ((_, Call("sha256", ((_, Literal() | Reference() | Call() as inner),))),)):
            hashed = _compile(scheme, inner)
            return lambda values: hashlib.sha256(_bytes(hashed(values))).hexdigest()
        case Call("join", (("with", str(separator)), ("parts", tuple(parts)))):
            compiled = [
                _compile(scheme, part)
                for part in parts
                if isinstance(part, Literal | Reference | Call)
            ]
            if len(compiled) != len(parts):
                raise _UnusualError
            return lambda values: separator.join([part(values) for part in compiled])
        case _:
            raise _UnusualError


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8")
