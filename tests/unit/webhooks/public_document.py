"""A document whose calls are signed by private keys, in every way that venues do it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

SECONDS = {"format": "unix-s", "window_ms": 300000, "future_ms": 60000}
MILLISECONDS = {"format": "unix-ms", "window_ms": 300000, "future_ms": 60000}
ID_NONCE = {"kind": "random", "bytes": 16, "encoding": "hex"}


def _signed(operator: str, encoding: str, **options: str) -> dict[str, Any]:
    return {encoding: {operator: {**options, "key": "$private_key", "message": "$canonical"}}}


DISCORD = {
    "decode": "ed25519",
    "clock": SECONDS,
    "canonical": {"concat": ["$timestamp", "$body"]},
    "signature": _signed("ed25519", "hex"),
    "headers": {"X-Signature-Ed25519": "$signature", "X-Signature-Timestamp": "$timestamp"},
}
SENDGRID = {
    "decode": "p256",
    "clock": SECONDS,
    "canonical": {"concat": ["$timestamp", "$body"]},
    "signature": _signed("ecdsa_p256", "base64", form="der"),
    "headers": {
        "X-Twilio-Email-Event-Webhook-Signature": "$signature",
        "X-Twilio-Email-Event-Webhook-Timestamp": "$timestamp",
    },
}
ALERTS = {
    "decode": "p256",
    "canonical": "$body",
    "signature": _signed("ecdsa_p256", "base64", form="der"),
    "headers": {"Github-Public-Key-Signature": "$signature"},
}
PAY = {
    "decode": "rsa",
    "clock": MILLISECONDS,
    "nonce": ID_NONCE,
    "canonical": {"concat": ["$timestamp", "\n", "$nonce", "\n", "$body", "\n"]},
    "signature": _signed("rsa_pkcs1", "base64", hash="sha256"),
    "headers": {
        "BinancePay-Timestamp": "$timestamp",
        "BinancePay-Nonce": "$nonce",
        "BinancePay-Signature": "$signature",
    },
}
PSS = {
    "decode": "rsa",
    "clock": SECONDS,
    "canonical": {"join": {"with": ".", "parts": ["$timestamp", "$body"]}},
    "signature": _signed("rsa_pss", "base64url", hash="sha512"),
    "headers": {"X-Signed": {"concat": ["t=", "$timestamp", ",s=", "$signature"]}},
}
PAIR = {
    "decode": "p256",
    "clock": SECONDS,
    "canonical": {"join": {"with": ".", "parts": ["$timestamp", "$body"]}},
    "signature": _signed("ecdsa_p256", "base64url_unpadded", form="raw"),
    "headers": {"X-Signed": {"concat": ["t=", "$timestamp", ",s=", "$signature"]}},
}
STANDARD = {
    "decode": "ed25519",
    "clock": SECONDS,
    "nonce": ID_NONCE,
    "canonical": {"join": {"with": ".", "parts": ["$nonce", "$timestamp", "$body"]}},
    "signature": _signed("ed25519", "base64"),
    "headers": {
        "webhook-id": "$nonce",
        "webhook-timestamp": "$timestamp",
        "webhook-signature": {"concat": ["v1a,", "$signature"]},
    },
}
DIGEST = {
    "decode": "ed25519",
    "clock": SECONDS,
    "canonical": {"join": {"with": "\n", "parts": ["$timestamp", "$digest"]}},
    "digest": {"hex": {"sha256": "$body"}},
    "signature": _signed("ed25519", "base64"),
    "headers": {
        "X-Time": "$timestamp",
        "X-Digest": {"concat": ["sha256=", "$digest"]},
        "X-Key": "$key_id",
        "X-Signature": "$signature",
    },
}
WALLET = {
    "decode": "secp256k1",
    "clock": SECONDS,
    "canonical": {"concat": ["$timestamp", "$body"]},
    "signature": {
        "hex": {
            "secp256k1": {
                "digest": {"keccak256": "$canonical"},
                "key": "$private_key",
                "form": "rsv",
            }
        }
    },
    "headers": {"X-Time": "$timestamp", "X-Signature": "$signature"},
}
SCHEMES: dict[str, dict[str, Any]] = {
    "discord": DISCORD,
    "sendgrid": SENDGRID,
    "alerts": ALERTS,
    "pay": PAY,
    "pss": PSS,
    "pair": PAIR,
    "standard": STANDARD,
    "digest": DIGEST,
    "wallet": WALLET,
}


def signing(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the x-signing of one of the schemes."""
    credentials: dict[str, Any] = {}
    if "X-Key" in facts["headers"]:
        credentials["key_id"] = {"decode": "text", "description": "Names the key."}
    key = {"decode": facts["decode"], "secret": True, "description": "The venue's key."}
    credentials["private_key"] = key
    steps = {step: facts[step] for step in ("digest", "canonical", "signature") if step in facts}
    placement = [{"header": one, "value": value} for one, value in facts["headers"].items()]
    parts = {part: facts[part] for part in ("clock", "nonce") if part in facts}
    return {
        "title": f"Calls of {name}",
        "source": "The venue's guide",
        "credentials": credentials,
        **parts,
        "steps": steps,
        "webhook": {"placement": placement},
    }


def write_document(folder: Path) -> Path:
    """Write the document and return its path."""
    webhooks: dict[str, Any] = {}
    schemes: dict[str, Any] = {}
    for name, facts in SCHEMES.items():
        scheme = {"type": "apiKey", "in": "header", "name": "S", "x-signing": signing(name, facts)}
        schemes[name] = scheme
        webhooks[name] = {
            "post": {
                "operationId": name,
                "security": [{name: []}],
                "requestBody": {"required": True, "content": {"text/plain": {"schema": {}}}},
                "responses": {"204": {"description": "taken"}},
            }
        }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Calls", "version": "1.0.0"},
        "webhooks": webhooks,
        "components": {"securitySchemes": schemes},
    }
    path = folder / "calls.openapi.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path
