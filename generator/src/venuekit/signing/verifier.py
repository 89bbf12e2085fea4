"""Verifies signatures for servers: strict parsing, then time, the signature, then the nonce."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from venuekit.contract.signing import (
    DECODED_TYPE,
    STANDARD_INPUTS,
    Credential,
    Decoding,
    Expression,
    Reference,
    SignedWire,
    SigningScheme,
    Slot,
    TimeKind,
    Use,
    ValueType,
    walk,
)
from venuekit.signing.diagnosis import explain
from venuekit.signing.hmac_keys import prepared_hmac_keys
from venuekit.signing.interpreter import DECODERS, Frame, Interpreter, typed_input
from venuekit.signing.matching import MismatchError
from venuekit.signing.operations import as_bytes
from venuekit.signing.placed import Reader, ReadError, plain_name
from venuekit.signing.plan import plan, signed_names
from venuekit.signing.public_keys import MINIMUM_SECRET_BYTES, WeakKeyError, holds, public_key
from venuekit.signing.raw_signature import signature_bytes, signing_call
from venuekit.signing.received import Placed, Received, Refusal, RefusalKind
from venuekit_runtime import crypto
from venuekit_runtime.errors import SigningError

Material = Mapping[str, Any]
"""The credentials' parts as the server holds them: secrets of MACs, public keys of signatures."""

_INVALID = "the signature does not belong to this request and key"
_REQUEST_NAMES = frozenset(STANDARD_INPUTS) - {"timestamp", "nonce"}


class Verifier:
    """One scheme on one wire.

    Call `read`, look the key up, call `check`, and only then insert the nonce: a stranger must
    not be able to burn a nonce. For an unknown key answer like for a wrong signature, and only
    after `check` with other material of the same kind, so that time does not tell them apart.
    """

    def __init__(self, scheme: SigningScheme, wire: SignedWire = SignedWire.REST) -> None:
        use = scheme.use(wire)
        if use is None:
            raise ValueError(f"{scheme.name} is not used on the wire {wire}")
        self.scheme = scheme
        self.use: Use = use
        self.interpreter = Interpreter(scheme)
        self._reader = Reader(scheme, use)
        self._call = signing_call(scheme)
        self._hmac_keys = prepared_hmac_keys(scheme)
        self._signature = self.interpreter.compile(scheme.step("signature").expression)
        signed = signed_names(scheme)
        steps = plan(scheme, use).steps
        self._early = tuple(
            (step.name, self.interpreter.compile(step.expression))
            for step in steps
            if step.name not in signed and not self._is_private(step.expression)
        )
        self._late = tuple(s for s in steps if s.name in signed and s.name != "signature")
        self._replaces_body = any(p.slot is Slot.BODY for p in use.placements)
        self._computed = tuple(
            p.slot is not Slot.BODY and plain_name(scheme, p) is None for p in use.placements
        )

    def _is_private(self, expression: Expression) -> bool:
        """Return whether a step needs the private key, which a server never has."""
        steps = {step.name: step.expression for step in self.scheme.steps}
        return any(
            part is self._call
            or (isinstance(part, Reference) and self._is_private(steps[part.name]))
            for part in walk(expression)
            if not isinstance(part, Reference) or part.name in steps
        )

    def register(self, parts: Mapping[str, str]) -> Material:
        """Return what the server keeps of a user's credentials.

        A part that makes MACs is the secret itself; one that makes signatures is the public key.
        Raises WeakKeyError for a short secret, and for a key that is weak or malformed.
        """
        return {
            credential.name: self._registered(credential, parts)
            for credential in self.scheme.credentials
            if credential.name in parts
        }

    def _registered(self, credential: Credential, parts: Mapping[str, str]) -> Any:
        if DECODED_TYPE[credential.decoding] not in (ValueType.TEXT, ValueType.BYTES):
            return public_key(credential.decoding, parts[credential.name])
        try:
            value = DECODERS[credential.decoding](self.scheme.name, parts, credential.name)
        except SigningError as error:
            raise WeakKeyError(str(error)) from None
        is_key = credential.is_secret and credential.decoding is not Decoding.TEXT
        if is_key and len(value) < MINIMUM_SECRET_BYTES:
            raise WeakKeyError(
                f"the secret has {len(value)} bytes, fewer than {MINIMUM_SECRET_BYTES}"
            )
        hash_name = self._hmac_keys.get(credential.name)
        return value if hash_name is None else crypto.HmacKey(hash_name, value)

    def read(self, received: Received) -> Placed | Refusal:
        """Return what the request says about itself, or why it is refused."""
        return self._reader.read(received)

    def check(
        self,
        received: Received,
        placed: Placed,
        material: Material,
        now_ms: int,
        is_sandbox: bool = False,
    ) -> Refusal | None:
        """Return why the request is refused, or None when time and signature are good.

        A sandbox also gets an explanation of a mismatch, which quotes the canonical string; a
        production server must not ask for it.
        """
        refusal = self.check_time(placed, now_ms)
        if refusal is None:
            refusal = self.check_signature(received, placed, material)
        if refusal is None or not is_sandbox:
            return refusal
        return Refusal(
            refusal.kind, refusal.message, explain(self, received, placed, material, now_ms)
        )

    def check_time(self, placed: Placed, now_ms: int) -> Refusal | None:
        """Return a refusal when the request's time lies outside of the window."""
        clock, stamp = self.scheme.clock, placed.timestamp_ms
        if clock is None or stamp is None:
            return None
        is_deadline = clock.kind is TimeKind.DEADLINE
        oldest = 0 if is_deadline else clock.window_ms
        newest = clock.window_ms if is_deadline else clock.future_ms
        what = "deadline" if is_deadline else "timestamp"
        if oldest is not None and stamp < now_ms - oldest:
            return Refusal(
                RefusalKind.TIMESTAMP, f"the {what} is {now_ms - stamp} ms old, beyond {oldest} ms"
            )
        if newest is not None and stamp > now_ms + newest:
            return Refusal(
                RefusalKind.TIMESTAMP,
                f"the {what} is {stamp - now_ms} ms ahead, beyond {newest} ms",
            )
        return None

    def check_signature(
        self, received: Received, placed: Placed, material: Material
    ) -> Refusal | None:
        """Return a refusal when the signature is not the key's over exactly these bytes."""
        if not _is_whose(placed, material):
            return Refusal(RefusalKind.INVALID, _INVALID)
        try:
            frame = self.frame(received, placed, material)
            is_good = self._agrees(received, placed, frame) and self.holds(frame, placed.signature)
        except (SigningError, MismatchError, ReadError):
            is_good = False
        return None if is_good else Refusal(RefusalKind.INVALID, _INVALID)

    def accepts(self, received: Received, placed: Placed, material: Material) -> bool:
        """Return whether a signature belongs to a request from which it has been taken out.

        This is for vectors: nothing is said about time, placement or the form of the inputs.
        """
        try:
            return self.holds(self.frame(received, placed, material), placed.signature)
        except (SigningError, MismatchError):
            return False

    def frame(self, received: Received, placed: Placed, material: Material) -> Frame:
        """Return the request as its signer saw it, with every step before the signature.

        Raises SigningError when a step cannot be computed.
        """
        request = self._reader.unsigned(received)
        if self._replaces_body:
            # What was the body travels elsewhere, and was read from there.
            request.body = as_bytes(placed.inputs.get("body", received.body))
        # A signed answer repeats neither: they are those of the request, which the caller knows.
        values: dict[str, Any] = {
            "timestamp": placed.timestamp or received.inputs.get("timestamp", ""),
            "nonce": placed.nonce or received.inputs.get("nonce", ""),
        }
        for item in self.scheme.inputs:
            stated = placed.inputs.get(item.name, received.inputs.get(item.name, item.default))
            values[item.name] = typed_input(item, stated)
        for name, value in placed.inputs.items():
            values.setdefault(name, value)
        values |= material
        frame = Frame(request, values)
        for name, expression in self.use.bindings:
            value = self.interpreter.compile(expression)(frame)
            if name in _REQUEST_NAMES:
                setattr(request, name, as_bytes(value) if name == "body" else value)
            else:
                values[name] = value
        for step_name, evaluate in self._early:
            values[step_name] = evaluate(frame)
        return frame

    def _agrees(self, received: Received, placed: Placed, frame: Frame) -> bool:
        """Return whether computed values such as a digest header are those of this request."""
        if not any(self._computed):
            return True
        found = zip(self.use.placements, self._computed, self._reader.values(received), strict=True)
        frame.values["signature"] = placed.signature
        for step in self._late:
            frame.values[step.name] = self.interpreter.compile(step.expression)(frame)
        return all(
            _equal(self.interpreter.compile(placement.value)(frame), value)
            for placement, is_computed, value in found
            if is_computed
        )

    def holds(self, frame: Frame, signature: Any) -> bool:
        """Return whether a signature belongs to the frame's canonical string."""
        if self._call is None:
            return _equal(self._signature(frame), signature)
        raw = signature_bytes(self.scheme, self.scheme.step("signature").expression, signature)
        message = self._call.argument("digest" if self._call.operator == "secp256k1" else "message")
        key = self._call.argument("key")
        if not isinstance(key, Reference) or not isinstance(message, Expression):
            return False
        signed = as_bytes(self.interpreter.compile(message)(frame))
        options = {name: text for name, text in self._call.arguments if isinstance(text, str)}
        return holds(frame.values[key.name], self._call.operator, options, raw, signed)


def _is_whose(placed: Placed, material: Material) -> bool:
    """Return whether key and passphrase are those of the material, where it holds them."""
    stated = [
        _equal(material[name], value) for name, value in placed.inputs.items() if name in material
    ]
    return all(stated)


def _equal(expected: Any, found: Any) -> bool:
    """Compare in constant time, on bytes: the text form of compare_digest fails on non-ASCII."""
    if isinstance(expected, str | bytes) and isinstance(found, str | bytes):
        return hmac.compare_digest(as_bytes(expected), as_bytes(found))
    return bool(expected == found)
