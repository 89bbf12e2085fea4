"""Public keys that verify: read once, weak ones refused, and every signature taken strictly."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from venuekit_runtime.crypto import text_part
from venuekit_runtime.crypto_keys import hash_algorithm
from venuekit_runtime.errors import SigningError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

Key = TypeVar("Key")

MINIMUM_RSA_BITS = 2048
_FIELD_PRIME = 2**255 - 19
_SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

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
    """A key that must not be trusted; the message says why and never quotes a secret."""


class Ed25519PublicKey:
    """An Ed25519 public key of full order (RFC 8032)."""

    __slots__ = ("_key",)

    def __init__(self, raw: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric import ed25519

        require_strong_ed25519(raw)
        self._key = ed25519.Ed25519PublicKey.from_public_bytes(raw)

    def verify(self, message: bytes, signature: bytes | None) -> bool:
        """Return whether a signature of 64 bytes belongs to the message."""
        if signature is None or len(signature) != 64:
            return False
        return _holds(lambda: self._key.verify(signature, message))


class RsaPublicKey:
    """An RSA public key of at least 2048 bits (RFC 8017)."""

    __slots__ = ("_key",)

    def __init__(self, key: RSAPublicKey) -> None:
        if key.key_size < MINIMUM_RSA_BITS:
            raise WeakKeyError(
                f"the RSA key has {key.key_size} bits, fewer than {MINIMUM_RSA_BITS}"
            )
        self._key = key

    def verify_pkcs1(self, hash_name: str, message: bytes, signature: bytes | None) -> bool:
        """Return whether an RSASSA-PKCS1-v1_5 signature belongs to the message."""
        from cryptography.hazmat.primitives.asymmetric import padding

        return self._verify(hash_name, message, signature, padding.PKCS1v15())

    def verify_pss(self, hash_name: str, message: bytes, signature: bytes | None) -> bool:
        """Return whether an RSASSA-PSS signature, its salt as long as the digest, belongs."""
        from cryptography.hazmat.primitives.asymmetric import padding

        algorithm = hash_algorithm(hash_name)
        scheme = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
        return self._verify(hash_name, message, signature, scheme)

    def _verify(
        self, hash_name: str, message: bytes, signature: bytes | None, scheme: AsymmetricPadding
    ) -> bool:
        if signature is None or len(signature) != (self._key.key_size + 7) // 8:
            return False
        algorithm = hash_algorithm(hash_name)
        return _holds(lambda: self._key.verify(signature, message, scheme, algorithm))


class P256PublicKey:
    """An ECDSA public key on P-256, for signatures over SHA-256."""

    __slots__ = ("_key",)

    def __init__(self, key: EllipticCurvePublicKey) -> None:
        self._key = key

    def verify(self, message: bytes, signature: bytes | None, form: str = "raw") -> bool:
        """Return whether a signature in DER or of 64 bytes, r and s, belongs to the message."""
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        if signature is None or (form == "raw" and len(signature) != 64):
            return False
        der = signature
        if form == "raw":
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            der = utils.encode_dss_signature(r, s)
        return _holds(lambda: self._key.verify(der, message, ec.ECDSA(hash_algorithm("sha256"))))


class Secp256k1PublicKey:
    """A secp256k1 public key; signatures are compared by the key that they recover to."""

    __slots__ = ("_compressed",)

    def __init__(self, compressed: bytes) -> None:
        self._compressed = compressed

    def verify(self, digest: bytes, signature: bytes | None, form: str = "rsv") -> bool:
        """Return whether r, s and v in 65 bytes, or r and s in 64, belong to the digest.

        A high s is refused: with it each signature would have a second form.
        """
        from coincurve import PublicKey

        if signature is None or len(signature) != (65 if form == "rsv" else 64):
            return False
        if int.from_bytes(signature[32:64], "big") > _SECP256K1_ORDER // 2:
            return False
        for recovery in [signature[64] - 27] if form == "rsv" else [0, 1]:
            try:
                signed = signature[:64] + bytes([recovery])
                found = PublicKey.from_signature_and_message(signed, digest, hasher=None)
            except ValueError:
                continue
            if found.format() == self._compressed:
                return True
        return False

    def address(self) -> str:
        """Return 0x and the last 20 bytes of the public key's keccak256, in lower case."""
        from coincurve import PublicKey

        from venuekit_runtime.crypto_values import keccak256

        point = PublicKey(self._compressed).format(compressed=False)[1:]
        return "0x" + keccak256(point)[-20:].hex()


def require_strong_ed25519(raw: bytes) -> None:
    """Raise WeakKeyError for a key of a wrong length, not canonical, or of small order."""
    if len(raw) != 32:
        raise WeakKeyError(f"an Ed25519 public key has 32 bytes, not {len(raw)}")
    y = int.from_bytes(raw, "little") & ((1 << 255) - 1)
    if y >= _FIELD_PRIME:
        raise WeakKeyError("the Ed25519 public key is not in canonical form")
    if y.to_bytes(32, "little").hex() in _SMALL_ORDER:
        raise WeakKeyError("the Ed25519 public key is a point of small order")


def ed25519_key(text: str) -> Ed25519PublicKey:
    """Return the key of SPKI in PEM or base64, or of 32 bytes in hexadecimal or base64."""
    from cryptography.hazmat.primitives.asymmetric import ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if "BEGIN" not in text:
        raw = _raw(text)
        if len(raw) <= 32:
            return Ed25519PublicKey(raw)
    key = _spki(text)
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise WeakKeyError("the text holds no Ed25519 public key")
    return Ed25519PublicKey(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def rsa_key(text: str) -> RsaPublicKey:
    """Return the key of SPKI in PEM or base64, or of PKCS1 in PEM."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = _spki(text)
    if not isinstance(key, rsa.RSAPublicKey):
        raise WeakKeyError("the text holds no RSA public key")
    return RsaPublicKey(key)


def p256_key(text: str) -> P256PublicKey:
    """Return the key of SPKI in PEM or base64."""
    from cryptography.hazmat.primitives.asymmetric import ec

    key = _spki(text)
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise WeakKeyError("the text holds no P-256 public key")
    return P256PublicKey(key)


def secp256k1_key(text: str) -> Secp256k1PublicKey:
    """Return the key of a compressed or uncompressed point in hexadecimal, with or without 0x."""
    try:
        from coincurve import PublicKey
    except ImportError:
        raise SigningError(
            "secp256k1 needs the package coincurve: install venuekit-runtime[ethereum]"
        ) from None
    try:
        return Secp256k1PublicKey(
            PublicKey(bytes.fromhex(text.strip().removeprefix("0x"))).format()
        )
    except ValueError:
        raise WeakKeyError("the text is no secp256k1 public key in hexadecimal") from None


def ed25519_public_part(scheme: str, parts: Mapping[str, str], name: str) -> Ed25519PublicKey:
    """Return a part as `ed25519_key` reads it. Raises SigningError."""
    return _part(ed25519_key, scheme, parts, name)


def rsa_public_part(scheme: str, parts: Mapping[str, str], name: str) -> RsaPublicKey:
    """Return a part as `rsa_key` reads it. Raises SigningError."""
    return _part(rsa_key, scheme, parts, name)


def p256_public_part(scheme: str, parts: Mapping[str, str], name: str) -> P256PublicKey:
    """Return a part as `p256_key` reads it. Raises SigningError."""
    return _part(p256_key, scheme, parts, name)


def secp256k1_public_part(scheme: str, parts: Mapping[str, str], name: str) -> Secp256k1PublicKey:
    """Return a part as `secp256k1_key` reads it. Raises SigningError."""
    return _part(secp256k1_key, scheme, parts, name)


def strict_hex(text: str) -> bytes | None:
    """Return the bytes of lower-case hexadecimal; None for any other form."""
    return bytes.fromhex(text) if re.fullmatch("(?:[0-9a-f]{2})*", text) else None


def strict_upper_hex(text: str) -> bytes | None:
    """Return the bytes of hexadecimal in capitals; None for any other form."""
    return bytes.fromhex(text) if re.fullmatch("(?:[0-9A-F]{2})*", text) else None


def strict_base64(text: str, altchars: bytes = b"+/", is_padded: bool = True) -> bytes | None:
    """Return the bytes of canonical base64 (RFC 4648, section 4); None for any other form."""
    if not text.isascii() or "\r" in text or "\n" in text or (not is_padded and "=" in text):
        return None
    padded = text if is_padded else text + "=" * (-len(text) % 4)
    try:
        raw = base64.b64decode(padded, altchars=altchars, validate=True)
    except (binascii.Error, ValueError):
        return None
    # Trailing bits that decode to nothing make a second text for the same signature.
    return raw if base64.b64encode(raw, altchars=altchars).decode() == padded else None


def strict_base64url(text: str) -> bytes | None:
    """Return the bytes of canonical URL-safe base64 with padding; None for any other form."""
    return strict_base64(text, b"-_")


def strict_base64url_unpadded(text: str) -> bytes | None:
    """Return the bytes of canonical URL-safe base64 without padding; None for any other form."""
    return strict_base64(text, b"-_", is_padded=False)


def _part(read: Callable[[str], Key], scheme: str, parts: Mapping[str, str], name: str) -> Key:
    try:
        return read(text_part(scheme, parts, name))
    except WeakKeyError as error:
        raise SigningError(f"{scheme}: the credential {name!r} is refused: {error}") from None


def _spki(text: str) -> Any:
    from cryptography.hazmat.primitives.serialization import (
        load_der_public_key,
        load_pem_public_key,
    )

    # Keys that travel through environment variables or JSON often carry \n as two characters.
    is_pem = "BEGIN" in text
    data = text.replace("\\n", "\n").encode() if is_pem else _raw(text)
    try:
        return load_pem_public_key(data) if is_pem else load_der_public_key(data)
    except (ValueError, TypeError):
        raise WeakKeyError("the text is not a public key in PEM, nor its base64") from None


def _raw(text: str) -> bytes:
    stripped = "".join(text.split())
    if re.fullmatch("[0-9a-fA-F]{64}", stripped):
        return bytes.fromhex(stripped)
    plain = stripped.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise WeakKeyError("the public key is neither base64 nor hexadecimal") from None


def _holds(check: Callable[[], None]) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        check()
    except (InvalidSignature, ValueError):
        return False
    return True
