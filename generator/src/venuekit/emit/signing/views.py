"""What the templates of signers are given: values that are final strings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from venuekit.contract.signing import (
    Call,
    Decoding,
    Input,
    InputSource,
    SignedWire,
    SigningScheme,
    Slot,
    Use,
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
class VerifierView:
    """What verifies calls of the venue by its public key, and the key that a user gives."""

    name: str
    keys: str
    scheme: str
    doc: str
    keys_doc: str
    parameters: str
    parts: str
    held: str = "parts"
    declared: tuple[str, ...] = ()
    prepared: tuple[str, ...]
    lines: tuple[str, ...]
    async_lines: tuple[str, ...] = ()
    timestamp: str = "timestamp"
    nonce: str = "nonce"
    trace: str
    holds: str
    async_holds: str = ""


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
    has_session: bool = False
    held: str = "parts"
    declared: tuple[str, ...] = ()
    clock: str = "clock"
    prepared: tuple[str, ...]
    methods: tuple[MethodView, ...]
    verifiers: tuple[VerifierView, ...] = ()


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
    Slot.PATH: "fill_path",
}
"""The draft's method for each slot."""


PUBLIC_METHODS = {
    "ed25519": ("verify", ()),
    "rsa_pkcs1": ("verify_pkcs1", ("hash",)),
    "rsa_pss": ("verify_pss", ("hash",)),
    "ecdsa_p256": ("verify", ("form",)),
    "secp256k1": ("verify", ("form",)),
}
"""The public key's method for each operator that signs, and the options that it is given."""


def public_arguments(call: Call, message: str, signature: str) -> tuple[str, list[str]]:
    """Return the method that verifies what an operator signs, and its arguments in order.

    A hash comes first; the form of an ECDSA signature comes last.
    """
    method, options = PUBLIC_METHODS[call.operator]
    arguments = [message, signature]
    for name in options:
        place = 0 if name == "hash" else len(arguments)
        arguments.insert(place, f'"{call.argument(name)}"')
    return method, arguments


def key_part(scheme: SigningScheme) -> str | None:
    """Return the credential that names the key, for whose sake nonces increase."""
    plain = (one for one in scheme.credentials if not one.is_secret)
    return next((one.name for one in plain if one.decoding is Decoding.TEXT), None)


def class_name(scheme: SigningScheme) -> str:
    """Return the scheme's name in PascalCase."""
    return pascal(scheme.name)


def settings(scheme: SigningScheme) -> tuple[Input, ...]:
    """Return the inputs that the user sets once, beside the credentials."""
    return tuple(item for item in scheme.inputs if item.source is InputSource.SETTING)


_IN_HANDSHAKE = (Slot.PATH, Slot.QUERY, Slot.HEADER)
_HANDSHAKE = ("sign_handshake", "Complete the request that opens a socket.")


def emitted_uses(scheme: SigningScheme) -> Iterator[tuple[str, str, Use]]:
    """Yield the methods of a scheme's signer: name, docstring, and what each of them writes.

    What a session gives may stand in the request that opens a socket, in its messages, or in both.
    """
    for use in scheme.uses:
        name, doc = METHODS[use.wire]
        early = handshake_use(scheme, use)
        if early is not None:
            yield (*_HANDSHAKE, early)
            late = tuple(p for p in use.placements if p.slot not in _IN_HANDSHAKE)
            if not late:
                continue
            use = replace(use, placements=late)
        yield name, doc, use


def handshake_use(scheme: SigningScheme, use: Use) -> Use | None:
    """Return what a session's scheme writes into the request that opens a socket, if anything."""
    if scheme.session is None or use.wire is not SignedWire.WEBSOCKET:
        return None
    early = tuple(p for p in use.placements if p.slot in _IN_HANDSHAKE)
    return replace(use, placements=early) if early else None


def asks_nothing(scheme: SigningScheme) -> bool:
    """Return whether a client can make the credentials of a session for itself."""
    return scheme.session is not None and not scheme.credentials and not settings(scheme)


def is_needed(scheme: SigningScheme, item: Input) -> bool:
    """Return whether signing without the input must fail: what a session or an operation gives."""
    is_given = item.source is InputSource.OPERATION or item.name in scheme.given_by_session
    return is_given and item.default is None
