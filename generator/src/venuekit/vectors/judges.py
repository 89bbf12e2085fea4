"""The engines that read a scheme as it is: interpreter and verifier."""

from __future__ import annotations

from typing import Any

from venuekit.contract.signing import DECODED_TYPE, SignedWire, SigningScheme, Slot, Use, ValueType
from venuekit.signing.interpreter import DECODERS, Evaluation, Interpreter, decode_credentials
from venuekit.signing.public_keys import public_part
from venuekit.signing.received import Placed, Received
from venuekit.signing.request import SigningRequest
from venuekit.signing.verifier import Verifier
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.result import Sent, Signed
from venuekit_runtime import crypto, crypto_values


def signing_request(request: PreparedRequest) -> SigningRequest:
    """Return the interpreter's form of a vector's request, whose values are written already."""
    return SigningRequest(
        method=request.method,
        host=request.host,
        path=request.path,
        query=request.query,
        headers=list(request.headers),
        body=request.body.encode(),
        message=request.message,
        tags=list(request.tags),
        status=str(request.inputs.get("status", "")),
        is_settled=request.is_settled,
        is_written=request.is_written,
    )


def interpret(scheme: SigningScheme, use: Use, request: PreparedRequest) -> Signed:
    """Sign with the interpreter. Raises SigningError."""
    return sign(Interpreter(scheme), use, request)


def sign(interpreter: Interpreter, use: Use, request: PreparedRequest) -> Signed:
    """Sign with an interpreter that is there already. Raises SigningError."""
    found = evaluate(interpreter, use, request)
    shown = crypto.shown({"canonical": found.steps["canonical"]})["canonical"]
    return Signed(found.steps["signature"], shown, _sent(use, found.request))


def _sent(use: Use, request: SigningRequest) -> Sent:
    match use.wire:
        case SignedWire.FIX:
            return Sent("", "", (), tuple(request.tags))
        case SignedWire.WEBSOCKET:
            return Sent("", crypto_values.json_text(request.message), (), ())
        case _:
            return Sent(request.target, request.body.decode(), tuple(request.headers), ())


def evaluate(interpreter: Interpreter, use: Use, request: PreparedRequest) -> Evaluation:
    """Return every step of a vector and the request that would be sent. Raises SigningError."""
    inputs = {**request.inputs, "timestamp": request.timestamp, "nonce": request.nonce}
    credentials = decode_credentials(interpreter.scheme, request.parts)
    return interpreter.evaluate(use, signing_request(request), credentials, inputs)


class VectorVerifier:
    """The server's verifier with the key that belongs to a vector's secret."""

    def __init__(self, scheme: SigningScheme, use: Use) -> None:
        self._scheme = scheme
        self._use = use
        self._replaces_body = any(p.slot is Slot.BODY for p in use.placements)
        self._verifier = Verifier(scheme, use.wire)

    def accepts(self, request: PreparedRequest, signature: Any) -> bool:
        """Return whether the verifier takes a signature for a vector's request."""
        sent = evaluate(self._verifier.interpreter, self._use, request).request
        received = Received(
            method=sent.method,
            host=sent.host,
            target=sent.target,
            body=sent.body,
            headers=tuple((n.encode("latin-1"), v.encode("latin-1")) for n, v in sent.headers),
            message=sent.message,
            tags=tuple(sent.tags),
            inputs=request.inputs,
        )
        placed = Placed(
            signature=signature,
            timestamp=request.timestamp,
            nonce=request.nonce,
            inputs=self._body_inputs(received, request),
        )
        return self._verifier.accepts(received, placed, self._material(request))

    def _body_inputs(self, received: Received, request: PreparedRequest) -> dict[str, Any]:
        """Return the body where the scheme moves it elsewhere: as read back, else as stated."""
        if not self._replaces_body:
            return {}
        placed = self._verifier.read(received)
        if isinstance(placed, Placed) and "body" in placed.inputs:
            return {"body": placed.inputs["body"]}
        return {"body": request.body}

    def _material(self, request: PreparedRequest) -> dict[str, Any]:
        material: dict[str, Any] = {}
        for credential in self._scheme.credentials:
            text = request.parts.get(credential.name)
            if text is None:
                continue
            if DECODED_TYPE[credential.decoding] in (ValueType.TEXT, ValueType.BYTES):
                decode = DECODERS[credential.decoding]
                material[credential.name] = decode(
                    self._scheme.name, request.parts, credential.name
                )
            else:
                material[credential.name] = public_part(credential.decoding, text)
        return material
