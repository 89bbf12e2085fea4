"""Private keys of signers: read once from PEM, base64 or hexadecimal, then asked to sign."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from venuekit_runtime.crypto import text_part
from venuekit_runtime.errors import SigningError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

_SEED_BYTES = 32
_PAIR_BYTES = 64
_MINIMUM_RSA_BITS = 1024


class Ed25519Key:
    """An Ed25519 private key (RFC 8032); its repr shows nothing of it."""

    __slots__ = ("sign",)

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self.sign = key.sign

    def __repr__(self) -> str:
        return "<Ed25519 key>"


class RsaKey:
    """An RSA private key for PKCS1 v1.5 and PSS signatures (RFC 8017)."""

    __slots__ = ("_key",)

    def __init__(self, key: RSAPrivateKey) -> None:
        self._key = key

    def sign_pkcs1(self, hash_name: str, message: bytes) -> bytes:
        """Return the RSASSA-PKCS1-v1_5 signature; the same each time."""
        from cryptography.hazmat.primitives.asymmetric import padding

        return self._key.sign(message, padding.PKCS1v15(), hash_algorithm(hash_name))

    def sign_pss(self, hash_name: str, message: bytes) -> bytes:
        """Return an RSASSA-PSS signature with a fresh salt as long as the digest."""
        from cryptography.hazmat.primitives.asymmetric import padding

        algorithm = hash_algorithm(hash_name)
        scheme = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
        return self._key.sign(message, scheme, algorithm)

    def __repr__(self) -> str:
        return "<RSA key>"


class P256Key:
    """An ECDSA key on P-256; the nonce comes from key and message (RFC 6979)."""

    __slots__ = ("_key",)

    def __init__(self, key: EllipticCurvePrivateKey) -> None:
        self._key = key

    def sign(self, message: bytes, form: str = "raw") -> bytes:
        """Return the signature over SHA-256 as 64 bytes r and s, or as DER."""
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        der = self._key.sign(
            message, ec.ECDSA(hash_algorithm("sha256"), deterministic_signing=True)
        )
        if form == "der":
            return der
        r, s = utils.decode_dss_signature(der)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def __repr__(self) -> str:
        return "<P-256 key>"


class Secp256k1Key:
    """A secp256k1 key, as Ethereum uses it; the nonce is by RFC 6979 and s is low."""

    __slots__ = ("_key",)

    def __init__(self, secret: bytes) -> None:
        try:
            from coincurve import PrivateKey
        except ImportError:
            raise SigningError(
                "secp256k1 needs the package coincurve: install venuekit-runtime[ethereum]"
            ) from None
        self._key = PrivateKey(secret)

    def sign(self, digest: bytes, form: str = "rsv") -> bytes:
        """Return r, s and v (27 or 28) in 65 bytes, or r and s in 64."""
        signed = self._key.sign_recoverable(digest, hasher=None)
        if form == "rs":
            return signed[:64]
        return signed[:64] + bytes([27 + signed[64]])

    def address(self) -> str:
        """Return 0x and the last 20 bytes of the public key's keccak256, in lower case."""
        from venuekit_runtime.crypto_values import keccak256

        return "0x" + keccak256(self._key.public_key.format(compressed=False)[1:])[-20:].hex()

    def __repr__(self) -> str:
        return "<secp256k1 key>"


def ed25519_part(scheme: str, credentials: Mapping[str, str], name: str) -> Ed25519Key:
    """Return the key from PKCS8 PEM, or from base64 of the seed or of seed and public key."""
    return Ed25519Key(ed25519_private(scheme, credentials, name))


def rsa_part(scheme: str, credentials: Mapping[str, str], name: str) -> RsaKey:
    """Return the key from PKCS1 or PKCS8 PEM."""
    return RsaKey(rsa_private(scheme, credentials, name))


def p256_part(scheme: str, credentials: Mapping[str, str], name: str) -> P256Key:
    """Return the key from SEC1 or PKCS8 PEM, or from the 32-byte scalar in hex or base64."""
    return P256Key(p256_private(scheme, credentials, name))


def secp256k1_part(scheme: str, credentials: Mapping[str, str], name: str) -> Secp256k1Key:
    """Return the key from the 32-byte scalar in hex, with or without 0x, or in base64."""
    return Secp256k1Key(scalar_part(scheme, credentials, name))


def ed25519_private(scheme: str, credentials: Mapping[str, str], name: str) -> Ed25519PrivateKey:
    """Return the library's key. Raises SigningError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    text = text_part(scheme, credentials, name)
    if "BEGIN" in text:
        key = _from_pem(scheme, name, text)
        if not isinstance(key, Ed25519PrivateKey):
            raise _wrong_key(scheme, name, "an Ed25519 key")
        return key
    raw = _raw(text)
    if raw is None or len(raw) not in (_SEED_BYTES, _PAIR_BYTES):
        raise SigningError(
            f"{scheme}: the credential {name!r} is neither a PEM nor base64 of 32 or 64 bytes"
        )
    return Ed25519PrivateKey.from_private_bytes(raw[:_SEED_BYTES])


def rsa_private(scheme: str, credentials: Mapping[str, str], name: str) -> RSAPrivateKey:
    """Return the library's key. Raises SigningError."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    key = _from_pem(scheme, name, text_part(scheme, credentials, name))
    if not isinstance(key, RSAPrivateKey):
        raise _wrong_key(scheme, name, "an RSA key")
    if key.key_size < _MINIMUM_RSA_BITS:
        raise SigningError(f"{scheme}: the RSA key {name!r} has only {key.key_size} bits")
    return key


def p256_private(scheme: str, credentials: Mapping[str, str], name: str) -> EllipticCurvePrivateKey:
    """Return the library's key. Raises SigningError."""
    from cryptography.hazmat.primitives.asymmetric import ec

    text = text_part(scheme, credentials, name)
    if "BEGIN" in text:
        key = _from_pem(scheme, name, text)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise _wrong_key(scheme, name, "a P-256 key")
        return key
    scalar = int.from_bytes(scalar_part(scheme, credentials, name), "big")
    try:
        return ec.derive_private_key(scalar, ec.SECP256R1())
    except ValueError:
        raise _wrong_key(scheme, name, "a P-256 key") from None


def scalar_part(scheme: str, credentials: Mapping[str, str], name: str) -> bytes:
    """Return 32 bytes that are written in hex, with or without 0x, or in base64."""
    text = text_part(scheme, credentials, name)
    digits = text.strip().removeprefix("0x")
    try:
        scalar = binascii.unhexlify(digits)
    except (binascii.Error, ValueError):
        scalar = _raw(text) or b""
    if len(scalar) != _SEED_BYTES or not any(scalar):
        raise SigningError(f"{scheme}: the credential {name!r} is not a scalar of 32 bytes")
    return scalar


def _raw(text: str) -> bytes | None:
    stripped = text.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return binascii.a2b_base64(stripped + "=" * (-len(stripped) % 4), strict_mode=True)
    except (binascii.Error, ValueError):
        return None


def _from_pem(scheme: str, name: str, text: str) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    # Keys that travel through environment variables or JSON often carry \n as two characters.
    pem = text.replace("\\n", "\n").encode()
    try:
        return load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise SigningError(
            f"{scheme}: the credential {name!r} is not a private key in unencrypted PEM"
        ) from None


def _wrong_key(scheme: str, name: str, wanted: str) -> SigningError:
    return SigningError(f"{scheme}: the credential {name!r} is a PEM, but not {wanted}")


def hash_algorithm(name: str) -> HashAlgorithm:
    """Return the library's hash of a name."""
    from cryptography.hazmat.primitives import hashes

    match name:
        case "sha256":
            return hashes.SHA256()
        case "sha384":
            return hashes.SHA384()
        case _:
            return hashes.SHA512()
