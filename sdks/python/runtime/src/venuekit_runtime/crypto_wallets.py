"""Keys that venues derive from signatures: BIP 39 mnemonics and BIP 32 paths."""

from __future__ import annotations

import hashlib
import hmac

from venuekit_runtime.errors import SigningError

_HARDENED = 1 << 31
_SEED_ROUNDS = 2048
_INSTALL = "install venuekit-runtime[ethereum]"


def bip39_mnemonic(entropy: bytes) -> str:
    """Return the English words of 16 to 32 bytes of entropy (BIP 39)."""
    try:
        from mnemonic import Mnemonic
    except ImportError:
        raise SigningError(f"a mnemonic needs the package mnemonic: {_INSTALL}") from None
    if len(entropy) not in (16, 20, 24, 28, 32):
        raise SigningError(f"{len(entropy)} bytes are no entropy for a mnemonic")
    return Mnemonic("english").to_mnemonic(entropy)


def bip32_key(mnemonic: str, path: str) -> bytes:
    """Return the private key at a path such as m/44'/118'/0'/0/0 (BIP 32, no passphrase).

    Raises SigningError for a path that is not of this form.
    """
    try:
        from coincurve import PrivateKey
    except ImportError:
        raise SigningError(f"BIP 32 needs the package coincurve: {_INSTALL}") from None
    seed = hashlib.pbkdf2_hmac("sha512", mnemonic.encode(), b"mnemonic", _SEED_ROUNDS)
    node = hmac.digest(b"Bitcoin seed", seed, "sha512")
    key = PrivateKey(node[:32])
    for index in _indexes(path):
        public = key.public_key.format()
        data = b"\0" + key.secret if index >= _HARDENED else public
        node = hmac.digest(node[32:], data + index.to_bytes(4, "big"), "sha512")
        key = key.add(node[:32])
    return key.secret


def _indexes(path: str) -> list[int]:
    root, *steps = path.split("/")
    plain = [step.removesuffix("'") for step in steps]
    if root != "m" or not all(step.isascii() and step.isdigit() for step in plain):
        raise SigningError(f"{path!r} is no BIP 32 path")
    return [
        int(text) + (_HARDENED if step.endswith("'") else 0)
        for text, step in zip(plain, steps, strict=True)
    ]
