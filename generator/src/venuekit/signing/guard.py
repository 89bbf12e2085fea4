"""A guard for emitted server bindings: verifies x-signing before anything of a body is parsed."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venuekit.contract.signing import Decoding, Moment, NonceKind, SignedWire
from venuekit.load.signing import load_signing
from venuekit.signing.nonces import NonceMemory, NonceOutcome
from venuekit.signing.received import Placed, Received, Refusal, RefusalKind
from venuekit.signing.verifier import Material, Verifier
from venuekit.source.document import parse_document
from venuekit_runtime.server.handling import BindingError, Needs, SocketContext
from venuekit_runtime.server.refusal import RefusalError, malformed
from venuekit_runtime.server.requests import Request

_A_DAY_MS = 86_400_000
_WRONG = "unknown key or wrong signature"


class MissingError(RefusalError):
    """Credentials of a scheme are not there at all."""


class Caller(NamedTuple):
    """Who signed: what handlers find in `context.caller`."""

    scheme: str
    key: str


Find = Callable[[str, str], Material | None]
"""Scheme and key id to what `register` made of the key, None for a key that is none."""
Check = Callable[[Request], object]
"""Who calls by a scheme that signs nothing, such as a bearer token; raises RefusalError."""


class SigningGuard:
    """Lets in who signed as the contract says.

    `schemes` are the emitted `security.SCHEMES`, `find` looks keys up, `others` judge schemes
    without x-signing, by name. Raises FindingsError for a scheme that is none. A restarted server
    gives `nonces` into which the records of the former run were restored; or `floor_ms`, up to
    which timestamps are refused, because their nonces are forgotten. The second does not help
    schemes without a clock.
    """

    def __init__(
        self,
        schemes: Mapping[str, str],
        find: Find,
        *,
        others: Mapping[str, Check] | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        floor_ms: int = 0,
        nonces: NonceMemory | None = None,
    ) -> None:
        self._find = find
        self._others = dict(others or {})
        self._now_ms = now_ms
        self._floor_ms = floor_ms
        self.nonces = nonces if nonces is not None else NonceMemory()
        self._rest: dict[str, Verifier] = {}
        self._stream: dict[str, Verifier] = {}
        for name, text in schemes.items():
            document = parse_document(f"{name}.json", text.encode())
            scheme = load_signing(name, document.value, document.origin())
            for wire, kept in ((SignedWire.REST, self._rest), (SignedWire.WEBSOCKET, self._stream)):
                if scheme.use(wire) is not None:
                    kept[name] = Verifier(scheme, wire)
        known = {**self._stream, **self._rest}
        self._strangers = {name: stranger(verifier) for name, verifier in known.items()}

    def register(self, scheme: str, parts: Mapping[str, str]) -> Material:
        """Return what a server keeps of a key: the secret of a MAC, the public key of a signature.

        Raises BindingError for an unknown scheme and WeakKeyError for a weak or malformed key.
        """
        verifier = self._rest.get(scheme) or self._stream.get(scheme)
        if verifier is None:
            raise BindingError(f"no scheme {scheme}: there are {sorted(self._rest)}")
        return verifier.register(parts)

    async def admit(self, request: Request, needs: Needs) -> object:
        """Return who calls. Raises RefusalError UNAUTHENTICATED, before any body is parsed."""
        received = Received(
            method=request.method,
            host=_host(request),
            target=request.target,
            body=request.body,
            headers=request.headers,
        )
        return self._first(self._rest, request, received, needs)

    async def admit_message(self, context: SocketContext, needs: Needs) -> object:
        """Return who sent a message over a socket: who signed it, or who signed the socket on."""
        received = Received(host=_host(context.request), message=context.body)
        held = context.peer.caller
        signed_on = {name for names in needs for name in names if self._is_signed_on(name, context)}
        if signed_on:
            if isinstance(held, Caller) and held.scheme in signed_on:
                return held
            if () not in needs:
                raise _unauthenticated("log on first: credentials are missing")
            return held
        return self._first(self._stream, context.request, received, needs)

    def _is_signed_on(self, name: str, context: SocketContext) -> bool:
        """Whether a scheme signs the socket once, by another operation than this."""
        verifier = self._stream.get(name)
        if verifier is None or verifier.use.moment is not Moment.CONNECTION:
            return False
        return verifier.use.operation != context.operation

    def _first(
        self,
        verifiers: Mapping[str, Verifier],
        request: Request,
        received: Received,
        needs: Needs,
    ) -> object:
        """Return the caller of the first alternative that holds; the last refusal otherwise."""
        refusal: RefusalError | None = None
        for names in sorted(needs, key=lambda names: not names):
            try:
                callers = [self._one(verifiers, name, request, received) for name in names]
            except RefusalError as problem:
                # What is missing says less than what is there and wrong.
                if refusal is None or isinstance(refusal, MissingError):
                    refusal = problem
                continue
            return callers[0] if callers else None
        raise refusal or MissingError("UNAUTHENTICATED", "credentials are missing")

    def _one(
        self,
        verifiers: Mapping[str, Verifier],
        name: str,
        request: Request,
        received: Received,
    ) -> object:
        check = self._others.get(name)
        if check is not None:
            return check(request)
        verifier = verifiers.get(name)
        if verifier is None:
            raise MissingError("UNAUTHENTICATED", f"the scheme {name} is not served here")
        placed = verifier.read(received)
        if isinstance(placed, Refusal):
            raise _as_refusal(placed)
        material = self._find(name, placed.key)
        # A key that is none costs the same work, so that time does not tell it apart.
        held = material if material is not None else self._strangers[name]
        now_ms = self._now_ms()
        refusal = _checked(verifier, received, placed, held, now_ms)
        if refusal is not None or material is None:
            raise _as_refusal(refusal or Refusal(RefusalKind.INVALID, _WRONG))
        self._remember(verifier, placed, now_ms)
        return Caller(name, placed.key)

    def _remember(self, verifier: Verifier, placed: Placed, now_ms: int) -> None:
        """Take the nonce, which only a good signature may do."""
        stamp = placed.timestamp_ms
        if stamp is not None and stamp <= self._floor_ms:
            raise _unauthenticated("the timestamp is before a restart")
        if not placed.nonce:
            return
        match self._taken(verifier, placed, now_ms):
            case NonceOutcome.REPLAYED:
                raise _unauthenticated("the nonce was used before with this key")
            case NonceOutcome.FULL:
                raise RefusalError("UNAVAILABLE", "too many open nonces", None, 1)

    def _taken(self, verifier: Verifier, placed: Placed, now_ms: int) -> NonceOutcome:
        """Take a nonce into the memory; one that rises alone tells of no time to forget it."""
        clock, nonce, stamp = verifier.scheme.clock, verifier.scheme.nonce, placed.timestamp_ms
        if clock is None and nonce is not None and nonce.kind is NonceKind.INCREASING:
            return self.nonces.rise(placed.key, int(placed.nonce))
        window_ms = (clock.window_ms if clock is not None else None) or _A_DAY_MS
        expires_ms = (stamp if stamp is not None else now_ms) + window_ms
        return self.nonces.insert(placed.key, placed.nonce, expires_ms, now_ms)


def _checked(
    verifier: Verifier, received: Received, placed: Placed, material: Material, now_ms: int
) -> Refusal | None:
    if not material:
        return Refusal(RefusalKind.INVALID, _WRONG)
    return verifier.check(received, placed, material, now_ms)


def stranger(verifier: Verifier) -> Material:
    """Return credentials of nobody, to do a known key's work for a key that is none.

    Empty where a stand-in of its kind cannot be made quickly (RSA, P-256, secp256k1): there an
    unknown key is told from a wrong signature by time.
    """
    parts: dict[str, str] = {}
    for credential in verifier.scheme.credentials:
        match credential.decoding:
            case Decoding.TEXT:
                parts[credential.name] = "nobody"
            case Decoding.ED25519:
                key = Ed25519PrivateKey.generate().public_key()
                parts[credential.name] = key.public_bytes_raw().hex()
            case Decoding.UTF8 | Decoding.HEX | Decoding.BASE64 | Decoding.BASE64URL:
                # Hex digits are text, hex and both kinds of base64 alike.
                parts[credential.name] = secrets.token_hex(64)
            case _:
                return {}
    return verifier.register(parts)


def _host(request: Request) -> str:
    return (request.header(b"host") or b"").decode("latin-1")


def _unauthenticated(message: str) -> RefusalError:
    return RefusalError("UNAUTHENTICATED", message)


def _as_refusal(refusal: Refusal) -> RefusalError:
    """One answer for an unknown key, a wrong signature and malformed credentials."""
    match refusal.kind:
        case RefusalKind.DUPLICATED:
            return malformed(refusal.message)
        case RefusalKind.MISSING:
            return MissingError("UNAUTHENTICATED", refusal.message)
        case RefusalKind.TIMESTAMP:
            return _unauthenticated(refusal.message)
        case RefusalKind.MALFORMED | RefusalKind.INVALID:
            return _unauthenticated(_WRONG)
