"""What the templates of signers are given: values that are final strings."""

from __future__ import annotations

from dataclasses import dataclass

from venuekit.contract.signing import (
    Call,
    Decoding,
    Input,
    InputSource,
    Placement,
    Reference,
    SignedWire,
    SigningScheme,
    Slot,
    walk,
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
    trace: str


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
}
"""The draft's method for each slot."""


def class_name(scheme: SigningScheme) -> str:
    """Return the scheme's name in PascalCase."""
    return pascal(scheme.name)


def settings(scheme: SigningScheme) -> tuple[Input, ...]:
    """Return the inputs that the user sets once, beside the credentials."""
    return tuple(item for item in scheme.inputs if item.source is InputSource.SETTING)


def prepared_hmac_keys(scheme: SigningScheme) -> dict[str, str]:
    """Return the credentials that serve as HMAC keys of one hash alone, with that hash."""
    hashes: dict[str, set[str]] = {}
    spoiled: set[str] = set()
    for call, name, parent in _credential_uses(scheme):
        if parent == "key" and call.operator == "hmac":
            hashes.setdefault(name, set()).add(str(call.argument("hash")))
        else:
            spoiled.add(name)
    byte_parts = {
        part.name
        for part in scheme.credentials
        if part.decoding in (Decoding.UTF8, Decoding.BASE64, Decoding.BASE64URL, Decoding.HEX)
    }
    return {
        name: next(iter(found))
        for name, found in hashes.items()
        if len(found) == 1 and name in byte_parts - spoiled
    }


def _credential_uses(scheme: SigningScheme) -> list[tuple[Call, str, str]]:
    """Return each use of a credential inside an operator: the call, its name, the argument."""
    names = {part.name for part in scheme.credentials}
    expressions = [step.expression for step in scheme.steps]
    expressions += [placement.value for placement in _placements(scheme)]
    found: list[tuple[Call, str, str]] = []
    for expression in expressions:
        for part in walk(expression):
            if not isinstance(part, Call):
                continue
            for argument_name, argument in part.arguments:
                for child in argument if isinstance(argument, tuple) else (argument,):
                    if isinstance(child, Reference) and child.name in names:
                        found.append((part, child.name, argument_name))
    return found


def _placements(scheme: SigningScheme) -> list[Placement]:
    return [placement for use in scheme.uses for placement in use.placements]
