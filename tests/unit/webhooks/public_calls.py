"""Calls signed by an implementation that is not ours, and every way to spoil one of them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from coincurve import PrivateKey as WalletKey
from Crypto.Hash import keccak
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NOW = 1_700_000_000
BODY = b'{"id":"evt_1","price":"0.10"}'
WALLET_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

# GitHub's documentation of secret scanning: "Create a secret alert service".
ALERT_KEY = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsz9ugWDj5jK5ELBK42ynytbo38gP
HzZFI03Exwz8Lh/tCfL3YxwMdLjB+bMznsanlhK0RwcGP3IDb34kQDIo3Q==
-----END PUBLIC KEY-----
"""
ALERT_BODY = b'[{"token":"some_token","type":"some_type","url":"some_url","source":"some_source"}]'
ALERT_SIGNATURE = (
    "MEUCIFLZzeK++IhS+y276SRk2Pe5LfDrfvTXu6iwKKcFGCrvAiEAhHN2kDOhy2I6eGkOFmxNkOJ+L2y8oQ9A"
    "2T9GGJo6WJY="
)
# The test of SendGrid's own libraries for its Event Webhook.
SENDGRID_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe6"
    "2gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
SENDGRID_TIME = 1_600_112_502
SENDGRID_BODY = (
    b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
    b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
    b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",'
    b'"smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>",'
    b'"timestamp":1600112492}]\r\n'
)
SENDGRID_SIGNATURE = (
    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M"
    "15TluLtEZtM="
)

ED = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CURVE = ec.derive_private_key(0xC0FFEE, ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
WALLET = WalletKey(bytes(range(1, 33)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as it arrives, and the key with which the receiver holds it to be the venue's."""

    name: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    key: str
    now: int = NOW
    what: str = "as it was signed"

    def having(self, name: str, value: str, what: str) -> Call:
        """Return the call with another value in a header."""
        headers = tuple((key, value if key == name else old) for key, old in self.headers)
        return replace(self, headers=headers, what=f"{name} {what}")


def pem(key: ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> str:
    """Return a public key as OpenSSL writes it."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw_ed(key: ed25519.Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _pair(message: bytes) -> str:
    r, s = utils.decode_dss_signature(CURVE.sign(message, ec.ECDSA(hashes.SHA256())))
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _wallet(message: bytes) -> str:
    digest = keccak.new(digest_bits=256, data=message).digest()
    signed = WALLET.sign_recoverable(digest, hasher=None)
    return (signed[:64] + bytes([27 + signed[64]])).hex()


NONCE = "550e8400e29b41d4a716446655440000"
TIME = str(NOW)
DOTTED = f"{TIME}.".encode() + BODY


def signed_calls() -> list[Call]:
    """Return a good call of each scheme; two of them are published."""
    return [*_published(), *_by_ed25519(), *_by_rsa(), *_by_curves()]


def _published() -> list[Call]:
    sendgrid = (
        ("X-Twilio-Email-Event-Webhook-Signature", SENDGRID_SIGNATURE),
        ("X-Twilio-Email-Event-Webhook-Timestamp", str(SENDGRID_TIME)),
    )
    alert = (("Github-Public-Key-Signature", ALERT_SIGNATURE),)
    return [
        Call(
            name="sendgrid",
            headers=sendgrid,
            body=SENDGRID_BODY,
            key=SENDGRID_KEY,
            now=SENDGRID_TIME,
        ),
        Call(name="alerts", headers=alert, body=ALERT_BODY, key=ALERT_KEY),
    ]


def _by_ed25519() -> list[Call]:
    digest = hashlib.sha256(BODY).hexdigest()
    discord = (
        ("X-Signature-Ed25519", ED.sign(TIME.encode() + BODY).hex()),
        ("X-Signature-Timestamp", TIME),
    )
    standard = (
        ("webhook-id", NONCE),
        ("webhook-timestamp", TIME),
        ("webhook-signature", f"v1a,{_b64(ED.sign(f'{NONCE}.'.encode() + DOTTED))}"),
    )
    hashed = (
        ("X-Time", TIME),
        ("X-Digest", f"sha256={digest}"),
        ("X-Key", "key-1"),
        ("X-Signature", _b64(ED.sign(f"{TIME}\n{digest}".encode()))),
    )
    return [
        Call(name="discord", headers=discord, body=BODY, key=_raw_ed(ED)),
        Call(name="standard", headers=standard, body=BODY, key=pem(ED.public_key())),
        Call(name="digest", headers=hashed, body=BODY, key=pem(ED.public_key())),
    ]


def _by_rsa() -> list[Call]:
    salted = padding.PSS(padding.MGF1(hashes.SHA512()), hashes.SHA512().digest_size)
    signature = base64.urlsafe_b64encode(RSA.sign(DOTTED, salted, hashes.SHA512())).decode()
    pay = b"\n".join((f"{TIME}000".encode(), NONCE.encode(), BODY, b""))
    paid = (
        ("BinancePay-Timestamp", f"{TIME}000"),
        ("BinancePay-Nonce", NONCE),
        ("BinancePay-Signature", _b64(RSA.sign(pay, padding.PKCS1v15(), hashes.SHA256()))),
    )
    signed = (("X-Signed", f"t={TIME},s={signature}"),)
    key = pem(RSA.public_key())
    return [
        Call(name="pay", headers=paid, body=BODY, key=key),
        Call(name="pss", headers=signed, body=BODY, key=key),
    ]


def _by_curves() -> list[Call]:
    pair = (("X-Signed", f"t={TIME},s={_pair(DOTTED)}"),)
    wallet = (("X-Time", TIME), ("X-Signature", _wallet(TIME.encode() + BODY)))
    return [
        Call(name="pair", headers=pair, body=BODY, key=pem(CURVE.public_key())),
        Call(name="wallet", headers=wallet, body=BODY, key=WALLET.public_key.format().hex()),
    ]


def spoiled(call: Call) -> Iterator[Call]:
    """Yield the call with one thing changed, each of which must be refused."""
    for at in range(len(call.body)):
        changed = call.body[:at] + bytes([call.body[at] ^ 1]) + call.body[at + 1 :]
        yield replace(call, body=changed, what=f"byte {at} of the body")
    yield replace(call, body=call.body + b" ", what="a longer body")
    yield replace(call, body=call.body[:-1], what="a shorter body")
    yield replace(call, key=_other_key(call), what="another key")
    if call.name != "alerts":
        yield replace(call, now=call.now + 301, what="too late")
        yield replace(call, now=call.now - 61, what="too early")
    for name, value in call.headers:
        others = tuple(one for one in call.headers if one[0] != name)
        yield replace(call, headers=others, what=f"no {name}")
        twice = (*call.headers, (name.lower(), value))
        yield replace(call, headers=twice, what=f"{name} twice")
        yield call.having(name, "", "empty")
        for at, character in enumerate(value):
            changed = value[:at] + ("1" if character != "1" else "2") + value[at + 1 :]
            yield call.having(name, changed, f"changed at {at}")
    yield from _respelled(call)


def _respelled(call: Call) -> Iterator[Call]:
    """Yield the same signature in other texts: none of them is the one that was signed."""
    name, value = max(call.headers, key=lambda header: len(header[1]))
    start = max(value.rfind(",s=") + 3 if ",s=" in value else 0, value.rfind("v1a,") + 4)
    start = 0 if name not in ("X-Signed", "webhook-signature") else start
    prefix, text = value[:start], value[start:]
    yield call.having(name, prefix + text + text, "doubled")
    yield call.having(name, prefix + text[: len(text) // 2], "cut in half")
    yield call.having(name, f"{prefix}{text[:8]} {text[8:]}", "with a space")
    yield call.having(name, f"{prefix}{text[:8]}\n{text[8:]}", "with a line break")
    yield call.having(name, f"{prefix}{text}0", "longer")
    yield call.having(name, ",".join(f"{prefix}{n}{text[1:]}" for n in range(9)), "many")
    if call.name in ("discord", "wallet"):
        yield call.having(name, text.upper(), "in capitals")
        yield call.having(name, f"0x{text}", "with 0x")
        yield call.having(name, _b64(bytes.fromhex(text)), "in base64")
        return
    yield call.having(name, prefix + (text.rstrip("=") if "=" in text else f"{text}="), "repadded")
    yield call.having(name, prefix + base64.b64decode(_standard(text)).hex(), "in hexadecimal")
    yield from _ungainly(call, name, prefix, text)


def _standard(text: str) -> str:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    return plain + "=" * (-len(plain) % 4)


def _ungainly(call: Call, name: str, prefix: str, text: str) -> Iterator[Call]:
    """Yield forms that lenient readers take for the same bytes."""
    plain = text.rstrip("=")
    if len(plain) % 4:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        # The last character carries bits that decode to nothing.
        last = alphabet.find(plain[-1])
        if last >= 0:
            other = alphabet[last + 1]
            changed = plain[:-1] + other + text[len(plain) :]
            yield call.having(name, prefix + changed, "with other trailing bits")
    if call.name in ("sendgrid", "alerts"):
        der = base64.b64decode(text)
        r, s = utils.decode_dss_signature(der)
        yield call.having(name, _b64(der + b"\0"), "with a byte behind its DER")
        wide = r.to_bytes(34, "big")
        tail = der[4 + der[3] :]
        loose = b"\x02" + bytes([len(wide)]) + wide + tail
        yield call.having(
            name, _b64(b"\x30" + bytes([len(loose)]) + loose), "with zeros in its DER"
        )
        long_form = b"\x30\x81" + der[1:]
        yield call.having(name, _b64(long_form), "with a long length in its DER")
        pair = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        yield call.having(name, _b64(pair), "as r and s")


def _other_key(call: Call) -> str:
    match call.name:
        case "discord" | "standard" | "digest":
            return _raw_ed(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)))
        case "pay" | "pss":
            return pem(rsa.generate_private_key(65537, 2048).public_key())
        case "wallet":
            return WalletKey(bytes(range(2, 34))).public_key.format().hex()
        case _:
            return pem(ec.derive_private_key(0xBEEF, ec.SECP256R1()).public_key())


def high_s(call: Call) -> Call:
    """Return a wallet's call with the other s, whose signature holds in lenient libraries."""
    value = dict(call.headers)["X-Signature"]
    s = WALLET_ORDER - int(value[64:128], 16)
    other = "1c" if value[128:] == "1b" else "1b"
    return call.having("X-Signature", f"{value[:64]}{s:064x}{other}", "with a high s")
