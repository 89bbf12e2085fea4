"""Random requests for any scheme, with every kind of text that a request may hold."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from structured_requests import STRUCTURED

from venuekit.contract.signing import (
    Decoding,
    InputSource,
    NonceKind,
    SignedWire,
    SigningScheme,
    TimeFormat,
    Use,
    ValueType,
)
from venuekit.signing.plan import names_behind
from venuekit.vectors.case import PreparedRequest, VectorCase, read_cases
from venuekit_runtime import crypto, crypto_values

ALPHABET = "abcXYZ019-._~ !\"#$%&'()*+,/:;<=>?@[]^`{|}\\äé你😀\u0000\u001f\u007f\n"
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
SOFT = "abcXYZ019-._~%+ä你😀"

# Inputs that are not free text: addresses, hashes and the types of fixed structures.
FIXED: Mapping[str, Callable[[random.Random], Any]] = {
    "vault": lambda r: r.choice(("", "0x" + r.randbytes(20).hex())),
    "expires_after": lambda r: r.choice(("", str(r.randrange(1 << 40)))),
    "mainnet": lambda r: r.choice(("true", "false")),
    "normalize": lambda r: r.choice(("true", "false")),
    "sign_body": lambda r: r.choice(("true", "false")),
    "chain_id": lambda r: str(r.randrange(1, 1 << 53)),
    "signature_chain_id": lambda r: hex(r.randrange(1, 1 << 32)),
    "signature_params": lambda r: "",
}


def text(r: random.Random, alphabet: str = ALPHABET, most: int = 12) -> str:
    return "".join(r.choice(alphabet) for _ in range(r.randrange(1, most)))


def value(r: random.Random, depth: int = 0) -> Any:
    """A JSON value without floats, which have no exact text, and without digit-only names."""
    kind = r.randrange(7 if depth < 3 else 5)
    if kind == 5:
        return [value(r, depth + 1) for _ in range(r.randrange(4))]
    if kind == 6:
        return members(r, depth + 1)
    return r.choice(
        (
            text(r),
            r.randrange(-(1 << 53), 1 << 53),
            r.randrange(200),
            r.choice((True, False)),
            None,
        )
    )


def members(r: random.Random, depth: int = 0) -> dict[str, Any]:
    return {f"k{text(r, PLAIN)}": value(r, depth) for _ in range(r.randrange(1, 5))}


def query(r: random.Random) -> str:
    pairs = (
        f"{quote(text(r), safe='')}={quote(text(r), safe=r.choice(('', '/:@,')))}"
        for _ in range(r.randrange(4))
    )
    return "&".join(pairs)


def parts(scheme: SigningScheme, r: random.Random) -> dict[str, str]:
    found: dict[str, str] = {}
    for credential in scheme.credentials:
        match credential.decoding:
            case Decoding.TEXT:
                found[credential.name] = text(r, PLAIN, 40)
            case Decoding.UTF8:
                found[credential.name] = text(r, PLAIN + "äé你-_", 80)
            case Decoding.BASE64:
                found[credential.name] = crypto.base64_text(r.randbytes(r.randrange(1, 200)))
            case Decoding.BASE64URL:
                found[credential.name] = crypto.base64url_text(r.randbytes(r.randrange(1, 70)))
            case Decoding.ED25519:
                found[credential.name] = crypto.base64_text(r.randbytes(32))
            case Decoding.P256 | Decoding.SECP256K1:
                found[credential.name] = "0x" + r.randbytes(32).hex()
            case Decoding.HEX:
                found[credential.name] = r.randbytes(32).hex()
            case Decoding.RSA:
                found[credential.name] = rsa_key(scheme)
    return found


def rsa_key(scheme: SigningScheme) -> str:
    (case, *_) = cases_of(scheme)
    assert case.secret is not None
    return case.secret


def cases_of(scheme: SigningScheme) -> list[VectorCase]:
    return list(read_cases([{"scheme": scheme.name, **v.document} for v in scheme.vectors]))


def declared(scheme: SigningScheme, r: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in scheme.inputs:
        if item.name in FIXED:
            found[item.name] = FIXED[item.name](r)
        elif item.source is InputSource.SETTING:
            found[item.name] = text(r, PLAIN)
        else:
            found[item.name] = {
                ValueType.TEXT: lambda: text(r),
                ValueType.NUMBER: lambda: r.randrange(1 << 60),
                ValueType.LIST: lambda: [[text(r), text(r)] for _ in range(r.randrange(4))],
                ValueType.VALUE: lambda: members(r),
                ValueType.BYTES: lambda: text(r),
            }[item.type]()
    return found


def request(scheme: SigningScheme, use: Use, r: random.Random) -> PreparedRequest:
    """A random request of a use, before anything is written into it."""
    if scheme.name in STRUCTURED:
        return replace(STRUCTURED[scheme.name](r), is_settled=False)
    is_message = use.wire is SignedWire.WEBSOCKET or any(
        placement.slot == "field" for placement in use.placements
    )
    message = message_of(scheme, use, r) if is_message else None
    now_ns = r.randrange(1_000_000_000, 4_000_000_000) * 1_000_000_000 + r.randrange(10**9)
    if use.wire is SignedWire.FIX:
        return PreparedRequest(
            parts=parts(scheme, r),
            host="fix.example.com:9881",
            tags=tuple((tag, text(r, PLAIN)) for tag in ("35", "34", "49", "56", "52")),
            timestamp=stamp(scheme, now_ns),
            nonce=nonce(scheme, r),
            inputs=declared(scheme, r),
            is_settled=False,
        )
    has_body = r.random() < 0.6 and not is_message
    body = text(r, most=300) if has_body else ""
    if has_body and "message" in names_behind(scheme, "signature"):
        message = members(r)
        body = crypto_values.json_text(message)
    return PreparedRequest(
        parts=parts(scheme, r),
        method=r.choice(("GET", "POST", "PUT", "DELETE")),
        host=r.choice(("api.example.com", "API.Example.com:8443")),
        path="/" + "/".join(quote(text(r, SOFT), safe="%") for _ in range(r.randrange(1, 5))),
        query=query(r) if not is_message else "",
        headers=(("Host", "api.example.com"), ("Content-Type", "application/json; a=1")),
        body=body,
        message=message,
        timestamp=stamp(scheme, now_ns),
        nonce=nonce(scheme, r),
        inputs=declared(scheme, r),
        is_settled=False,
    )


def message_of(scheme: SigningScheme, use: Use, r: random.Random) -> dict[str, Any]:
    message: dict[str, Any] = {"op": text(r), "params": members(r), "args": [{}]}
    message |= {"channel": text(r), "event": text(r), "method": text(r), "id": r.randrange(1 << 40)}
    message |= {"action": members(r)}
    if any(placement.name == "args.0" for placement in use.placements):
        message["args"] = []
    return message


def stamp(scheme: SigningScheme, now_ns: int) -> str:
    time_format = scheme.clock.format if scheme.clock else TimeFormat.UNIX_MS
    return crypto.time_text(time_format, now_ns)


def nonce(scheme: SigningScheme, r: random.Random) -> str:
    if scheme.nonce is None:
        return ""
    match scheme.nonce.kind:
        case NonceKind.INCREASING | NonceKind.SERVER:
            return str(r.randrange(1 << 63))
        case NonceKind.UUID:
            raw = r.randbytes(16).hex()
            return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
        case NonceKind.RANDOM:
            raw_bytes = r.randbytes(scheme.nonce.byte_count)
            encoding = scheme.nonce.encoding
            return raw_bytes.hex() if encoding == "hex" else crypto.base64_text(raw_bytes)
