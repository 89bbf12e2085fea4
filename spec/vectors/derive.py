"""Derives the vectors of this folder from the written rules, with nothing of venuekit in it.

Run it in this folder after a rule has changed; `tests/unit/spec` fails while a file is stale.
The HMAC and the digests are Python's, the Ed25519 signatures are those of `cryptography`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOLDER = Path(__file__).parent
KEY = "demo-key"
HMAC_SECRET = "demo-secret-of-the-sandbox-0123456789"
SEED = bytes(range(32))
HOST = "api.meridian.example"
ORDER = (
    '{"client_order_id":"my-order-1","symbol":"BTC-USD","side":"buy","order_type":"limit",'
    '"quantity":"0.25","price":"64250.5"}'
)

Case = tuple[str, str, dict[str, str]]
CASES: tuple[Case, ...] = (
    ("get", "rest", {"method": "GET", "target": "/v1/balances"}),
    (
        "get-query",
        "rest",
        {"method": "GET", "target": "/v1/orders?symbol=BTC-USD&order_status=new&limit=50"},
    ),
    (
        "get-query-encoded",
        "rest",
        {"method": "GET", "target": "/v1/executions?cursor=a%2Bb%2Fc%3D%3D&limit=2"},
    ),
    ("post", "rest", {"method": "POST", "target": "/v1/orders", "body": ORDER}),
    (
        "post-spaced",
        "rest",
        {"method": "POST", "target": "/v1/orders", "body": ORDER.replace(",", ", ")},
    ),
    (
        "post-unicode",
        "rest",
        {"method": "POST", "target": "/v1/orders", "body": '{"text":"caf\u00e9 \u2603"}'},
    ),
    (
        "put",
        "rest",
        {"method": "PUT", "target": "/v1/orders/1001", "body": '{"price":"64300"}'},
    ),
    ("delete", "rest", {"method": "DELETE", "target": "/v1/orders/1001"}),
    (
        "host-upper-case-and-port",
        "rest",
        {"method": "GET", "target": "/v1/balances", "host": "LOCALHOST:8700"},
    ),
    ("log-on", "websocket", {"method": "GET", "target": "/v1/stream"}),
    (
        "fix-log-on",
        "fix",
        {"method": "LOGON", "target": "MERIDIAN", "host": "fix.meridian.example:9881"},
    ),
)


def canonical(inputs: dict[str, str]) -> tuple[str, str]:
    """Return the canonical string and the digest of the body that stands in it."""
    digest = hashlib.sha256(inputs["body"].encode("utf-8")).hexdigest()
    parts = (
        "MERIDIAN-1",
        inputs["method"],
        inputs["host"].lower(),
        inputs["target"],
        digest,
        inputs["timestamp"],
        inputs["nonce"],
        inputs["key"],
    )
    return "\n".join(parts), digest


def by_hmac(text: str) -> str:
    return hmac.new(HMAC_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()


def by_ed25519(text: str) -> str:
    signature = Ed25519PrivateKey.from_private_bytes(SEED).sign(text.encode())
    return base64.b64encode(signature).decode("ascii")


def signing() -> dict[str, object]:
    """Return the signing vectors: each case under both schemes."""
    derived: list[dict[str, object]] = []
    for scheme, algorithm, encoding, secret, sign in (
        ("hmac", "HMAC-SHA256", "hex", HMAC_SECRET, by_hmac),
        ("ed25519", "Ed25519", "base64", base64.b64encode(SEED).decode(), by_ed25519),
    ):
        for number, (name, transport, stated) in enumerate(CASES):
            inputs = {
                "host": HOST,
                "body": "",
                "timestamp": str(1767225600000 + number),
                "nonce": hashlib.sha256(name.encode()).hexdigest()[:32],
                "key": KEY,
                **stated,
            }
            text, digest = canonical(inputs)
            derived.append(
                {
                    "id": f"meridian-{scheme}-{name}",
                    "venue": "Meridian",
                    "scheme": scheme,
                    "transport": transport,
                    "algorithm": algorithm,
                    "secret": secret,
                    "secret_encoding": "utf8" if scheme == "hmac" else "base64",
                    "inputs": inputs,
                    "body_digest": digest,
                    "string_to_sign": text,
                    "signature_encoding": encoding,
                    "expected": sign(text),
                    "verified": True,
                    "kind": "derived",
                }
            )
    return {"about": "Made-up keys; none is live. See derive.py for the rule.", "derived": derived}


def encoding() -> dict[str, object]:
    """Return what one path segment or query value becomes, and which decimals are exact."""
    unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    texts = [*map(chr, range(0x20, 0x7F)), "a b", "100%", "\u00e9", "\u2603", "\U0001f600", ""]

    def encode(text: str) -> str:
        kept = (chr(b) if chr(b) in unreserved else f"%{b:02X}" for b in text.encode("utf-8"))
        return "".join(kept)

    valid = ("0", "1", "0.1", "64250.5", "0.00000001", "999999999999.99999999", "10.00")
    invalid = ("", ".5", "5.", "01", "+1", "-1", "1e3", "1E-8", "0x10", "1,000", " 1", "1 ", "NaN",
               "Infinity", "1_000", "\u0661", "1234567890123", "0.123456789")  # fmt: skip
    return {
        "about": "RFC 3986 section 2.3: unreserved bytes stay, all others become %XX, upper case.",
        "percent_encoding": [{"text": text, "encoded": encode(text)} for text in texts],
        "prices": [
            *({"text": text, "is_valid": True} for text in valid),
            *({"text": text, "is_valid": False} for text in invalid),
        ],
        "timestamps": [
            {"ms": 0, "utc": "1970-01-01T00:00:00.000Z"},
            {"ms": 1767225600000, "utc": "2026-01-01T00:00:00.000Z"},
            {"ms": 1767225600001, "utc": "2026-01-01T00:00:00.001Z"},
            {"ms": 253402300799999, "utc": "9999-12-31T23:59:59.999Z"},
        ],
    }


def text(document: dict[str, object]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (FOLDER / "signing.json").write_text(text(signing()), encoding="utf-8")
    (FOLDER / "encoding.json").write_text(text(encoding()), encoding="utf-8")
