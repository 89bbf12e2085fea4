"""Builds schemes from YAML text, as an author would write them."""

from __future__ import annotations

from typing import Any

from venuekit.contract.signing import SigningScheme
from venuekit.load.signing import load_signing
from venuekit.source.document import parse_document

BASE = """
credentials:
  key: {}
  secret: {decode: utf8, secret: true}
clock: {format: unix-ms, window_ms: 5000, future_ms: 1000}
nonce: {kind: random}
steps:
  canonical:
    join: {with: "\\n", parts: [$method, $target, {hex: {sha256: $body}}, $timestamp, $nonce]}
  signature: {hex: {hmac: {hash: sha256, key: $secret, message: $canonical}}}
rest:
  placement:
    - {header: X-Key, value: $key}
    - {header: X-Time, value: $timestamp}
    - {header: X-Nonce, value: $nonce}
    - {header: X-Sign, value: $signature}
"""


def scheme_of(text: str, name: str = "test") -> SigningScheme:
    """Return the scheme; raises FindingsError like a run would."""
    document = parse_document("signing.yaml", text.encode())
    value: Any = document.value
    return load_signing(name, value, document.origin())


def changed(old: str, new: str) -> str:
    """Return the base text with one change, which must apply."""
    assert old in BASE, old
    return BASE.replace(old, new)
