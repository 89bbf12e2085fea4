"""The engines that run inside of Python: interpreter, emitted signer, verifier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from venuekit_runtime import crypto
from venuekit_runtime.clock import Clock
from venuekit_runtime.crypto_messages import LogonDraft
from venuekit_runtime.signing import RequestDraft

from venuekit.contract.signing import DECODED_TYPE, SignedWire, SigningScheme, Use, ValueType
from venuekit.emit.signing.python import python_signers
from venuekit.emit.signing.views import METHODS
from venuekit.signing.interpreter import DECODERS, Evaluation, Interpreter, decode_credentials
from venuekit.signing.public_keys import public_part
from venuekit.signing.received import Placed, Received
from venuekit.signing.request import SigningRequest
from venuekit.signing.verifier import Verifier
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.result import Signed


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
        is_settled=True,
    )


def interpret(scheme: SigningScheme, use: Use, request: PreparedRequest) -> Signed:
    """Sign with the interpreter. Raises SigningError."""
    found = _evaluate(scheme, use, request)
    shown = crypto.shown({"canonical": found.steps["canonical"]})["canonical"]
    return Signed(found.steps["signature"], shown)


def _evaluate(scheme: SigningScheme, use: Use, request: PreparedRequest) -> Evaluation:
    inputs = {**request.inputs, "timestamp": request.timestamp, "nonce": request.nonce}
    credentials = decode_credentials(scheme, request.parts)
    return Interpreter(scheme).evaluate(use, signing_request(request), credentials, inputs)


class EmittedPython:
    """The emitted module of one scheme, executed."""

    def __init__(self, scheme: SigningScheme) -> None:
        self._scheme = scheme
        namespace: dict[str, Any] = {}
        exec(compile(python_signers([scheme]), f"{scheme.name}/signing.py", "exec"), namespace)
        self._credentials: Callable[..., Any] = namespace["CREDENTIALS"][scheme.name]

    def sign(self, use: Use, request: PreparedRequest) -> Signed:
        """Sign with the emitted code. Raises SigningError."""
        settings = {
            item.name: str(request.inputs[item.name])
            for item in self._scheme.inputs
            if item.source == "setting" and item.name in request.inputs
        }
        texts = {
            name: value.lower() if value in ("True", "False") else value
            for name, value in settings.items()
        }
        signer = self._credentials(**request.parts, **texts).signer(Clock())
        trace: dict[str, Any] = {}
        method = getattr(signer, f"{METHODS[use.wire][0]}_at")
        method(_draft(use, request), request.timestamp, request.nonce, trace)
        return Signed(trace["signature"], crypto.shown(trace)["canonical"])


class _SettledDraft(RequestDraft):
    """A draft in which a vector has already written the values that come before the signature."""

    __slots__ = ()

    def add_header(self, name: str, value: str) -> None:
        if all(key.lower() != name.lower() for key, _ in self.headers):
            super().add_header(name, value)

    def add_query(self, name: str, value: str) -> None:
        if all(key != name for key, _ in crypto.query_list(self.query)):
            super().add_query(name, value)

    def add_form(self, name: str, value: str) -> None:
        if all(key != name for key, _ in crypto.query_list(self.body.decode("latin-1"))):
            super().add_form(name, value)

    def add_field(self, path: str, value: object) -> None:
        if self.members is None:
            self.members = {}


def _draft(use: Use, request: PreparedRequest) -> RequestDraft | LogonDraft:
    if use.wire is SignedWire.FIX:
        return LogonDraft(list(request.tags), request.host, request.inputs)
    return _SettledDraft(
        request.method,
        request.host,
        request.path,
        request.query,
        headers=list(request.headers),
        body=request.body.encode(),
        members=request.message,
        inputs=request.inputs,
    )


class VectorVerifier:
    """The server's verifier with the key that belongs to a vector's secret."""

    def __init__(self, scheme: SigningScheme, use: Use) -> None:
        self._scheme = scheme
        self._use = use
        self._verifier = Verifier(scheme, use.wire)

    def accepts(self, request: PreparedRequest, signature: Any) -> bool:
        """Return whether the verifier takes a signature for a vector's request."""
        sent = _evaluate(self._scheme, self._use, request).request
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
            inputs={},
        )
        return self._verifier.accepts(received, placed, self._material(request))

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
