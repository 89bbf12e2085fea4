"""What each operator computes: one entry per row of the vocabulary, in the row's argument order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from venuekit.contract.signing import StructTypes
from venuekit.signing.request import SigningRequest
from venuekit_runtime import crypto, crypto_messages, crypto_values, crypto_wallets


def as_bytes(value: str | bytes) -> bytes:
    """Return text as UTF-8 and bytes as they are."""
    return value.encode() if isinstance(value, str) else value


def concat(parts: Sequence[str | bytes]) -> str | bytes:
    """Return the parts one after the other: text when all are text."""
    return join("", parts)


def join(separator: str, parts: Sequence[str | bytes]) -> str | bytes:
    """Return the parts with a separator between them: text when all are text."""
    try:
        return separator.join(parts)  # type: ignore[arg-type]
    except TypeError:
        pass
    return separator.encode().join([as_bytes(part) for part in parts])


def cut(value: str | bytes, start: int, end: int) -> str | bytes:
    """Return the characters or bytes from `start` up to but without `end`."""
    return value[start:end]


def eip712(
    domain: dict[str, Any], types: StructTypes, primary: str, message: Mapping[str, Any]
) -> bytes:
    """Return EIP-712's digest."""
    return crypto_values.eip712(domain, dict(types.items), primary, message)


def _digest(hasher: Callable[[bytes], Any]) -> Callable[[str | bytes], bytes]:
    return lambda value: bytes(hasher(as_bytes(value)).digest())


def mac(hash_name: str, key: crypto.HmacKey | str | bytes, message: str | bytes) -> bytes:
    """Return an HMAC; the key may be prepared."""
    if isinstance(key, crypto.HmacKey):
        return key.digest(as_bytes(message))
    return crypto.hmac_digest(hash_name, as_bytes(key), as_bytes(message))


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "concat": concat,
    "join": join,
    "lower": crypto.lower,
    "upper": crypto.upper,
    "remove_prefix": str.removeprefix,
    "slice": cut,
    "hex": lambda value: as_bytes(value).hex(),
    "base64": lambda value: crypto.base64_text(as_bytes(value)),
    "base64url": lambda value: crypto.base64url_text(as_bytes(value)),
    "base64url_unpadded": lambda value: crypto.base64url_unpadded_text(as_bytes(value)),
    "from_hex": crypto.from_hex,
    "percent_encode": crypto.percent_encode,
    "percent_decode": crypto.percent_decode,
    "normalize_path": crypto_messages.normalize_path,
    "sha256": _digest(hashlib.sha256),
    "sha384": _digest(hashlib.sha384),
    "sha512": _digest(hashlib.sha512),
    "keccak256": lambda value: crypto_values.keccak256(as_bytes(value)),
    "hmac": mac,
    "ed25519": lambda key, message: key.sign(as_bytes(message)),
    "rsa_pkcs1": lambda name, key, message: key.sign_pkcs1(name, as_bytes(message)),
    "rsa_pss": lambda name, key, message: key.sign_pss(name, as_bytes(message)),
    "ecdsa_p256": lambda key, message, form: key.sign(as_bytes(message), form),
    "secp256k1": lambda key, digest, form: key.sign(digest, form),
    "query_list": crypto.query_list,
    "member_list": crypto_values.member_list,
    "percent_encode_list": crypto.percent_encode_list,
    "percent_decode_list": crypto.percent_decode_list,
    "sort": crypto.sort,
    "without": crypto.without,
    "form": crypto.form,
    "names": crypto.names,
    "canonical_headers": crypto_messages.canonical_headers,
    "object": dict,
    "field": crypto_values.field,
    "number": crypto_values.number,
    "add": lambda value, more: value + more,
    "json": crypto_values.json_text,
    "as_text": crypto_values.as_text,
    "flatten": crypto_values.flatten,
    "msgpack": crypto_values.msgpack_bytes,
    "u64be": crypto_values.u64be,
    "rsv": crypto_values.rsv,
    "ethereum_address": lambda key: key.address(),
    "bip39_mnemonic": crypto_wallets.bip39_mnemonic,
    "bip32_key": crypto_wallets.bip32_key,
    "abi_encode": crypto_values.abi_encode,
    "eip712": eip712,
}
"""Operators that see their arguments alone."""

REQUEST_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "header": lambda request, name: crypto.header(request.headers, name),
    "tag": lambda request, number: crypto.tag(request.tags, number),
    "signature_base": lambda request, parameters: crypto_messages.signature_base(
        parameters, signed_message(request)
    ),
}
"""Operators that also see the request."""


def signed_message(request: SigningRequest) -> crypto_messages.SignedMessage:
    """Return the parts of a request that RFC 9421 names."""
    return crypto_messages.SignedMessage(
        request.method, request.host, request.target, tuple(request.headers), request.status
    )
