"""Who signed: the contract's x-signing schemes, verified on the raw bytes before anything is
parsed. The recipe is the contract's; this module only knows keys, clock and nonces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from meridian_server.gateway.codec import ContractError
from meridian_server.gateway.keys import Key, Keyring
from meridian_server.gateway.quick_yes import QuickYes, compile_scheme
from venuekit.contract import Contract, SignedScheme
from venuekit.contract.signing import Reference, SignedWire, Slot
from venuekit.signing.guard import stranger
from venuekit.signing.nonces import NonceMemory, NonceOutcome
from venuekit.signing.received import Placed, Received, Refusal, RefusalKind
from venuekit.signing.verifier import Material, Verifier
from venuekit_runtime.server.refusal import RefusalError, malformed
from venuekit_runtime.server.requests import Request

NONCES_PER_KEY = 100_000


class LogOn(NamedTuple):
    """A log-on of a stream: the Host header of its handshake, and its whole frame."""

    host: str
    message: Mapping[str, Any]


class _Scheme(NamedTuple):
    """One scheme on one wire, and stand-in credentials for keys that do not exist: an unknown
    key costs the same work and gets the same answer as a wrong signature."""

    verifier: Verifier
    stranger: Material
    key_header: bytes | None
    quick: QuickYes | None


class Verification:
    """Checks requests and log-ons. `floor_ms` is the newest timestamp that a former run of the
    server may have accepted: up to it everything is refused, because its nonces are forgotten."""

    def __init__(
        self,
        contract: Contract,
        keyring: Keyring,
        now_ms: Callable[[], int],
        floor_ms: int = 0,
        nonces_per_key: int = NONCES_PER_KEY,
    ) -> None:
        self._keyring = keyring
        self._now_ms = now_ms
        self._floor_ms = floor_ms
        self.nonces = NonceMemory(nonces_per_key)
        self._rest: dict[str, _Scheme] = {}
        self._stream: dict[str, _Scheme] = {}
        for name, scheme in contract.security_schemes.items():
            if not isinstance(scheme, SignedScheme):
                raise ContractError(f"{scheme.origin}: only signed schemes are served")
            clock, nonce = scheme.signing.clock, scheme.signing.nonce
            if clock is None or clock.window_ms is None or nonce is None:
                raise ContractError(f"{scheme.origin}: a scheme needs a window and a nonce")
            self._rest[name] = _scheme(scheme, SignedWire.REST)
            self._stream[name] = _scheme(scheme, SignedWire.WEBSOCKET)

    def register(self, scheme: str, key_id: str, secret_or_public: str) -> Material:
        """What the server keeps of a key. ValueError (WeakKeyError) for a weak one."""
        if scheme not in self._rest:
            raise ValueError(f"no scheme {scheme} in the contract; it has {sorted(self._rest)}")
        return self._rest[scheme].verifier.register({"key": key_id, "secret": secret_or_public})

    def request(self, request: Request, schemes: frozenset[str]) -> Key:
        """The key that signed a REST request, or the refusal AUTH_*."""
        candidates = {name: self._rest[name] for name in schemes}
        for name, candidate in candidates.items():
            if candidate.key_header is None:
                continue
            raw = request.header(candidate.key_header)
            key = self._keyring.find(raw.decode("latin-1")) if raw else None
            if key is not None and key.scheme == name:
                return self._signer(candidate, request, key)
        return self._unknown(candidates, _received(request))

    def _signer(self, scheme: _Scheme, request: Request, key: Key) -> Key:
        if scheme.quick is not None:
            now_ms = self._now_ms()
            good = scheme.quick.check(request, key.key_id, key.material, now_ms)
            if good is not None:
                self._remember(scheme, key, good.nonce, good.timestamp_ms, now_ms)
                return key
        return self._known(scheme, _received(request), key)

    def log_on(self, log_on: LogOn, schemes: frozenset[str]) -> Key:
        """The key that signed a stream on, or the refusal AUTH_*."""
        received = Received(host=log_on.host, message=log_on.message)
        candidates = {name: self._stream[name] for name in schemes}
        key = self._keyring.find(str(log_on.message["params"]["key"]))
        if key is not None and key.scheme in candidates:
            return self._known(candidates[key.scheme], received, key)
        return self._unknown(candidates, received)

    def _known(self, scheme: _Scheme, received: Received, key: Key) -> Key:
        placed = scheme.verifier.read(received)
        if isinstance(placed, Refusal):
            raise self._refusal(placed)
        now_ms = self._now_ms()
        refusal = scheme.verifier.check(received, placed, key.material, now_ms)
        if refusal is not None:
            raise self._refusal(refusal)
        self._remember(scheme, key, placed.nonce, placed.timestamp_ms, now_ms)
        return key

    def _unknown(self, candidates: Mapping[str, _Scheme], received: Received) -> Key:
        """Do a known key's work for a key that is none, then refuse."""
        refusal = Refusal(RefusalKind.INVALID, "")
        for name in sorted(candidates):
            scheme = candidates[name]
            placed = scheme.verifier.read(received)
            if isinstance(placed, Placed):
                told = scheme.verifier.check(received, placed, scheme.stranger, self._now_ms())
                raise self._refusal(told or refusal)
            refusal = placed
        raise self._refusal(refusal)

    def _remember(
        self, scheme: _Scheme, key: Key, nonce: str, stamp: int | None, now_ms: int
    ) -> None:
        """Take the nonce, which only a good signature may do."""
        clock = scheme.verifier.scheme.clock
        if clock is None or clock.window_ms is None or stamp is None or stamp <= self._floor_ms:
            raise self._refusal(Refusal(RefusalKind.TIMESTAMP, "the timestamp is before a restart"))
        outcome = self.nonces.insert(key.key_id, nonce, stamp + clock.window_ms, now_ms)
        if outcome is NonceOutcome.REPLAYED:
            raise RefusalError("AUTH_REPLAY", "the nonce was used before with this key")
        if outcome is NonceOutcome.FULL:
            wait_s = -(-clock.window_ms // 1000)
            raise RefusalError(
                "RATE_LIMITED", "the key has too many open nonces", retry_after_s=wait_s
            )

    def _refusal(self, refusal: Refusal) -> RefusalError:
        """One body for unknown key, wrong signature and malformed headers alike."""
        match refusal.kind:
            case RefusalKind.MISSING:
                return RefusalError("AUTH_MISSING", refusal.message)
            case RefusalKind.DUPLICATED:
                return malformed(refusal.message)
            case RefusalKind.TIMESTAMP:
                details = {"server_time_ms": self._now_ms()}
                return RefusalError("AUTH_TIMESTAMP", refusal.message, details)
            case RefusalKind.MALFORMED | RefusalKind.INVALID:
                return RefusalError("AUTH_INVALID", "unknown key or wrong signature")


def _received(request: Request) -> Received:
    return Received(
        method=request.method,
        host=(request.header(b"host") or b"").decode("latin-1"),
        target=request.target,
        body=request.body,
        headers=request.headers,
    )


def newest_skew_ms(contract: Contract) -> int:
    """How far ahead of the venue's clock a timestamp may be at most, over all schemes."""
    return max(
        (scheme.signing.clock.future_ms or 0)
        for scheme in contract.security_schemes.values()
        if isinstance(scheme, SignedScheme) and scheme.signing.clock is not None
    )


def _scheme(scheme: SignedScheme, wire: SignedWire) -> _Scheme:
    verifier = Verifier(scheme.signing, wire)
    header = next(
        (
            placement.name.lower().encode("ascii")
            for placement in verifier.use.placements
            if placement.slot is Slot.HEADER
            and isinstance(placement.value, Reference)
            and placement.value.name == "key"
        ),
        None,
    )
    return _Scheme(verifier, stranger(verifier), header, compile_scheme(scheme.signing))
