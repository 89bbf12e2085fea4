"""What the templates of signers are given: values that are final strings."""

from __future__ import annotations

from dataclasses import dataclass

from venuekit.contract.signing import (
    Input,
    InputSource,
    SignedWire,
    SigningScheme,
    Slot,
)
from venuekit.emit.naming import pascal


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodView:
    """One use of a scheme: draw time and nonce, or sign with given ones."""

    name: str
    explain_name: str
    draft: str
    doc: str
    at_doc: str
    explain_doc: str
    timestamp: str
    nonce: str
    lines: tuple[str, ...]
    async_lines: tuple[str, ...] = ()
    async_timestamp: str = "timestamp"
    async_nonce: str = "nonce"
    trace: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerView:
    """One scheme: the credentials that a user holds and the signer that uses them."""

    name: str
    credentials: str
    scheme: str
    doc: str
    credentials_doc: str
    parameters: str
    parts: str
    declared: tuple[str, ...] = ()
    clock: str = "clock"
    prepared: tuple[str, ...]
    methods: tuple[MethodView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView:
    """The whole module."""

    doc: str
    imports: tuple[str, ...]
    signers: tuple[SignerView, ...]
    table: str


METHODS = {
    SignedWire.REST: ("sign", "Sign a request: write what the scheme demands into the draft."),
    SignedWire.WEBSOCKET: ("sign_message", "Sign a message of a stream, such as its log-on."),
    SignedWire.FIX: ("sign_logon", "Sign a FIX Logon: add its tags to the draft."),
    SignedWire.WEBHOOK: ("sign_webhook", "Sign as the venue does when it calls."),
}
"""The method and its docstring for each wire."""

PLACERS = {
    Slot.HEADER: "add_header",
    Slot.QUERY: "add_query",
    Slot.FORM: "add_form",
    Slot.FIELD: "add_field",
    Slot.TAG: "add_tag",
    Slot.BODY: "body",
}
"""The draft's method for each slot."""


def class_name(scheme: SigningScheme) -> str:
    """Return the scheme's name in PascalCase."""
    return pascal(scheme.name)


def settings(scheme: SigningScheme) -> tuple[Input, ...]:
    """Return the inputs that the user sets once, beside the credentials."""
    return tuple(item for item in scheme.inputs if item.source is InputSource.SETTING)


def is_needed(item: Input) -> bool:
    """Return whether signing without the input must fail: a constant of the operation."""
    return item.source is InputSource.OPERATION and item.default is None
