"""Keys that verify: read at registration, where weak and small-order ones are refused."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from venuekit.contract.signing import Decoding
from venuekit_runtime import crypto_keys, crypto_values

MINIMUM_RSA_BITS = 2048
MINIMUM_SECRET_BYTES = 16
_FIELD_PRIME = 2**255 - 19
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}

# The y coordinates of the eight points of small order on edwards25519, little-endian. Under such
# a key one signature holds for many messages, so that it proves nothing about who signed.
_SMALL_ORDER = frozenset(
    (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)


class WeakKeyError(ValueError):
    """A key that must not be registered; the message says why and never quotes a secret."""


class Ed25519PublicKey:
    """An Ed25519 public key of full order."""

    def __init__(self, raw: bytes) -> None:
        require_strong_ed25519(raw)
        self._key = ed25519.Ed25519PublicKey.from_public_bytes(raw)

    def verify(self, operator: str, options: Mapping[str, str], raw: bytes, message: bytes) -> bool:
        """Return whether a signature of 64 bytes belongs to the message."""
        return _holds(lambda: self._key.verify(raw, message))


class RsaPublicKey:
    """An RSA public key of at least 2048 bits."""

    def __init__(self, key: rsa.RSAPublicKey) -> None:
        if key.key_size < MINIMUM_RSA_BITS:
            raise WeakKeyError(
                f"the RSA key has {key.key_size} bits, fewer than {MINIMUM_RSA_BITS}"
            )
        self._key = key

    def verify(self, operator: str, options: Mapping[str, str], raw: bytes, message: bytes) -> bool:
        """Return whether a PKCS1 v1.5 or PSS signature belongs to the message."""
        algorithm = _HASHES[options["hash"]]
        scheme: padding.AsymmetricPadding = padding.PKCS1v15()
        if operator == "rsa_pss":
            scheme = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
        return _holds(lambda: self._key.verify(raw, message, scheme, algorithm))


class P256PublicKey:
    """An ECDSA public key on P-256."""

    def __init__(self, key: ec.EllipticCurvePublicKey) -> None:
        self._key = key

    def verify(self, operator: str, options: Mapping[str, str], raw: bytes, message: bytes) -> bool:
        """Return whether a DER or a 64-byte signature belongs to the message."""
        der = raw
        if options.get("form") == "raw":
            if len(raw) != 64:
                return False
            r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
            der = utils.encode_dss_signature(r, s)
        return _holds(lambda: self._key.verify(der, message, ec.ECDSA(hashes.SHA256())))


class Secp256k1PublicKey:
    """A secp256k1 public key; signatures are compared by the key that they recover to."""

    def __init__(self, compressed: bytes) -> None:
        self._compressed = compressed

    def verify(self, operator: str, options: Mapping[str, str], raw: bytes, message: bytes) -> bool:
        """Return whether a signature of 65 (or 64) bytes over the digest is this key's."""
        from coincurve import PublicKey

        if len(raw) not in (64, 65):
            return False
        recoveries = [raw[64] - 27] if len(raw) == 65 else [0, 1]
        for recovery in recoveries:
            try:
                signed = raw[:64] + bytes([recovery])
                found = PublicKey.from_signature_and_message(signed, message, hasher=None)
            except ValueError:
                continue
            if found.format() == self._compressed:
                return True
        return False

    def address(self) -> str:
        """Return 0x and the last 20 bytes of the public key's keccak256, in lower case."""
        from coincurve import PublicKey

        point = PublicKey(self._compressed).format(compressed=False)[1:]
        return "0x" + crypto_values.keccak256(point)[-20:].hex()


PublicKey = Ed25519PublicKey | RsaPublicKey | P256PublicKey | Secp256k1PublicKey


def require_strong_ed25519(raw: bytes) -> None:
    """Raise WeakKeyError for a key of a wrong length, not canonical, or of small order."""
    if len(raw) != 32:
        raise WeakKeyError(f"an Ed25519 public key has 32 bytes, not {len(raw)}")
    y = int.from_bytes(raw, "little") & ((1 << 255) - 1)
    if y >= _FIELD_PRIME:
        raise WeakKeyError("the Ed25519 public key is not in canonical form")
    if y.to_bytes(32, "little").hex() in _SMALL_ORDER:
        raise WeakKeyError("the Ed25519 public key is a point of small order")


def public_key(decoding: Decoding, text: str) -> PublicKey:
    """Return the public key of a PEM, base64 or hexadecimal text. Raises WeakKeyError."""
    match decoding:
        case Decoding.ED25519:
            return Ed25519PublicKey(_ed25519_bytes(text))
        case Decoding.RSA:
            key = _pem(text)
            if not isinstance(key, rsa.RSAPublicKey):
                raise WeakKeyError("the PEM holds no RSA public key")
            return RsaPublicKey(key)
        case Decoding.P256:
            found = _pem(text)
            if not isinstance(found, ec.EllipticCurvePublicKey) or found.curve.name != "secp256r1":
                raise WeakKeyError("the PEM holds no P-256 public key")
            return P256PublicKey(found)
        case _:
            return Secp256k1PublicKey(_secp256k1_bytes(text))


def public_part(decoding: Decoding, text: str) -> PublicKey:
    """Return the public key that belongs to a private one, for vectors and checks.

    Raises SigningError when the private key does not decode.
    """
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


def _pem(text: str) -> Any:
    try:
        return load_pem_public_key(text.replace("\\n", "\n").encode())
    except (ValueError, TypeError):
        raise WeakKeyError("the text is not a public key in PEM") from None


def _ed25519_bytes(text: str) -> bytes:
    if "BEGIN" in text:
        key = _pem(text)
        if not isinstance(key, ed25519.Ed25519PublicKey):
            raise WeakKeyError("the PEM holds no Ed25519 public key")
        return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return _loose(text)


def _secp256k1_bytes(text: str) -> bytes:
    from coincurve import PublicKey

    try:
        return PublicKey(bytes.fromhex(text.strip().removeprefix("0x"))).format()
    except ValueError:
        raise WeakKeyError("the text is no secp256k1 public key in hexadecimal") from None


def _loose(text: str) -> bytes:
    stripped = text.strip()
    if re.fullmatch("[0-9a-fA-F]{64}", stripped):
        return bytes.fromhex(stripped)
    plain = stripped.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise WeakKeyError("the public key is neither base64 nor hexadecimal") from None


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except (InvalidSignature, ValueError):
        return False
    return True
