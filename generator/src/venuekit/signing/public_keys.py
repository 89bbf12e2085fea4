"""Keys that verify: read at registration, where weak and small-order ones are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from venuekit.contract.signing import Decoding
from venuekit_runtime import crypto_keys, crypto_public
from venuekit_runtime.crypto_public import (
    Ed25519PublicKey,
    P256PublicKey,
    RsaPublicKey,
    Secp256k1PublicKey,
)
from venuekit_runtime.crypto_public import WeakKeyError as WeakKeyError

MINIMUM_SECRET_BYTES = 16

PublicKey = Ed25519PublicKey | RsaPublicKey | P256PublicKey | Secp256k1PublicKey


def holds(
    key: PublicKey, operator: str, options: Mapping[str, str], raw: bytes, message: bytes
) -> bool:
    """Return whether a raw signature, made by an operator, belongs to the key and the message."""
    match key:
        case Ed25519PublicKey():
            return key.verify(message, raw)
        case RsaPublicKey() if operator == "rsa_pss":
            return key.verify_pss(options["hash"], message, raw)
        case RsaPublicKey():
            return key.verify_pkcs1(options["hash"], message, raw)
        case P256PublicKey():
            return key.verify(message, raw, options.get("form", "raw"))
        case Secp256k1PublicKey():
            return key.verify(message, raw, options.get("form", "rsv"))
        case _:
            assert_never(key)


def public_key(decoding: Decoding, text: str) -> PublicKey:
    """Return the public key of a PEM, base64 or hexadecimal text. Raises WeakKeyError."""
    match decoding:
        case Decoding.ED25519:
            return crypto_public.ed25519_key(text)
        case Decoding.RSA:
            return crypto_public.rsa_key(text)
        case Decoding.P256:
            return crypto_public.p256_key(text)
        case _:
            return crypto_public.secp256k1_key(text)


def public_part(decoding: Decoding, text: str) -> PublicKey:
    """Return the public key that belongs to a private one, for vectors and checks.

    Raises SigningError when the private key does not decode.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    parts = {"secret": text}
    match decoding:
        case Decoding.ED25519:
            private = crypto_keys.ed25519_private("key", parts, "secret")
            return Ed25519PublicKey(
                private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            )
        case Decoding.RSA:
            return RsaPublicKey(crypto_keys.rsa_private("key", parts, "secret").public_key())
        case Decoding.P256:
            return P256PublicKey(crypto_keys.p256_private("key", parts, "secret").public_key())
        case _:
            from coincurve import PrivateKey

            scalar = crypto_keys.scalar_part("key", parts, "secret")
            return Secp256k1PublicKey(PrivateKey(scalar).public_key.format())
