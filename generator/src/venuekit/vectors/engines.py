"""The engines that run inside of Python: interpreter, emitted signer, verifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from venuekit.contract.signing import SignedWire, SigningScheme, Use
from venuekit.emit.signing.python import python_signers
from venuekit.emit.signing.views import METHODS
from venuekit.emit.signing.views import settings as settings_of
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.result import Sent, Signed
from venuekit_runtime import crypto
from venuekit_runtime.clock import Clock
from venuekit_runtime.crypto_messages import LogonDraft
from venuekit_runtime.errors import SigningError
from venuekit_runtime.signing import RequestDraft


class EmittedPython:
    """The emitted module of one scheme, executed."""

    def __init__(self, scheme: SigningScheme) -> None:
        self._scheme = scheme
        namespace: dict[str, Any] = {}
        exec(compile(python_signers([scheme]), f"{scheme.name}/signing.py", "exec"), namespace)
        self._credentials: Callable[..., Any] = namespace["CREDENTIALS"][scheme.name]

    def signer(self, parts: Mapping[str, str]) -> Any:
        """Return a signer of the emitted module. Raises SigningError for a wrong part."""
        wanted = {part.name for part in self._scheme.credentials}
        known = wanted | {item.name for item in settings_of(self._scheme)}
        for name in sorted(wanted - parts.keys()):
            raise SigningError(f"{self._scheme.name}: the credentials lack {name!r}")
        for name in sorted(parts.keys() - known):
            takes = ", ".join(sorted(known)) or "nothing"
            raise SigningError(f"{self._scheme.name}: {name!r} is no credential; it takes {takes}")
        return self._credentials(**parts).signer(Clock())

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
        signer = self.signer({**request.parts, **texts})
        trace: dict[str, Any] = {}
        method = getattr(signer, f"{METHODS[use.wire][0]}_at")
        draft = draft_of(use, request)
        method(draft, request.timestamp, request.nonce, trace)
        return Signed(trace["signature"], crypto.shown(trace)["canonical"], _sent(use, draft))


def _sent(use: Use, draft: RequestDraft | LogonDraft) -> Sent:
    if isinstance(draft, LogonDraft):
        return Sent("", "", (), tuple(draft.tags))
    body = draft.body.decode()
    if use.wire is SignedWire.WEBSOCKET:
        return Sent("", body, (), ())
    return Sent(draft.target, body, tuple(draft.headers), ())


class _SettledDraft(RequestDraft):
    """A draft in which a vector has already written the values that come before the signature."""

    __slots__ = ()

    def add_header(self, name: str, value: str) -> None:
        if all(key.lower() != name.lower() for key, _ in self.headers):
            super().add_header(name, value)

    def add_headers(self, *headers: tuple[str, str]) -> None:
        for name, value in headers:
            self.add_header(name, value)

    def add_query(self, name: str, value: str) -> None:
        if all(key != name for key, _ in crypto.query_list(self.query)):
            super().add_query(name, value)

    def add_form(self, name: str, value: str) -> None:
        if all(key != name for key, _ in crypto.query_list(self.body.decode("latin-1"))):
            super().add_form(name, value)

    def add_field(self, path: str, value: object) -> None:
        if self.members is None:
            self.members = {}


class _WrittenDraft(_SettledDraft):
    """A draft whose query and body a vector states whole."""

    __slots__ = ()

    def add_query(self, name: str, value: str) -> None:
        """Add nothing."""

    def add_form(self, name: str, value: str) -> None:
        """Add nothing."""


def draft_of(use: Use, request: PreparedRequest) -> RequestDraft | LogonDraft:
    """Return the draft that a signer of the use completes."""
    if use.wire is SignedWire.FIX:
        return LogonDraft(list(request.tags), request.host, request.inputs)
    kind = _SettledDraft if request.is_settled else RequestDraft
    kind = _WrittenDraft if request.is_written else kind
    return kind(
        request.method,
        request.host,
        request.path,
        request.query,
        headers=list(request.headers),
        body=request.body.encode(),
        members=request.message,
        inputs=request.inputs,
    )
