"""Signs one 300-byte order of Meridian's; usage: sign_meridian.py hmac|ed25519 ours|bare|prepared.

A round counts signatures; they are made a hundred at a time, so that reading the clock weighs
nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import sys
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rounds import play

import meridian
from venuekit_runtime.clock import Clock
from venuekit_runtime.signing import RequestDraft

KEY = "bench-key-0000001"
SECRET = "bench-secret-of-thirty-two-bytes"
SEED = bytes(range(32))
HOST = "api.meridian.example"
TARGET = "/v1/orders"
BODY = b'{"client_order_id":"%s","symbol":"BTC-USD"}' % (b"a" * 259)
BATCH = 100

assert len(BODY) == 300, len(BODY)


def canonical() -> bytes:
    """The string of one order, which the bare calls find ready."""
    digest = hashlib.sha256(BODY).hexdigest()
    parts = ("MERIDIAN-1", "POST", HOST, TARGET, digest, "1700000000123", "ab" * 16, KEY)
    return "\n".join(parts).encode()


def ours(scheme: str) -> Callable[[], object]:
    """The emitted signer on a draft whose headers are taken away again."""
    if scheme == "hmac":
        held: meridian.HmacCredentials | meridian.Ed25519Credentials
        held = meridian.HmacCredentials(key=KEY, secret=SECRET)
    else:
        held = meridian.Ed25519Credentials(key=KEY, secret=base64.b64encode(SEED).decode())
    sign = held.signer(Clock()).sign
    draft = RequestDraft("POST", HOST, TARGET, body=BODY)
    headers = draft.headers

    def batch() -> None:
        for _ in range(BATCH):
            sign(draft)
            headers.clear()

    return batch


def bare(scheme: str) -> Callable[[], object]:
    """The primitives as the library offers them."""
    text = canonical()
    sha256 = hashlib.sha256
    if scheme == "hmac":
        key, digest = SECRET.encode(), hmac.digest

        def batch() -> None:
            for _ in range(BATCH):
                sha256(BODY).hexdigest()
                digest(key, text, "sha256").hex()

        return batch
    sign = Ed25519PrivateKey.from_private_bytes(SEED).sign

    def batch_of_signatures() -> None:
        for _ in range(BATCH):
            sha256(BODY).hexdigest()
            binascii.b2a_base64(sign(text), newline=False).decode()

    return batch_of_signatures


def prepared() -> Callable[[], object]:
    """HMAC by hand over two hashes that have taken the padded key in (RFC 2104, section 4)."""
    text, sha256 = canonical(), hashlib.sha256
    key = SECRET.encode().ljust(64, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in key))
    outer = sha256(bytes(byte ^ 0x5C for byte in key))

    def batch() -> None:
        for _ in range(BATCH):
            sha256(BODY).hexdigest()
            one = inner.copy()
            one.update(text)
            two = outer.copy()
            two.update(one.digest())
            two.hexdigest()

    return batch


if __name__ == "__main__":
    scheme, kind = sys.argv[1:]
    makers = {"ours": lambda: ours(scheme), "bare": lambda: bare(scheme), "prepared": prepared}
    play(makers[kind](), BATCH)
