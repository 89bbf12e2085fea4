"""Signs a request with the standard library alone."""

import hashlib
import hmac
import os
import secrets
import time


def headers(
    method: str, host: str, target: str, body: bytes, timestamp: str, nonce: str
) -> dict[str, str]:
    key, secret = os.environ["MERIDIAN_KEY"], os.environ["MERIDIAN_SECRET"]
    digest = hashlib.sha256(body).hexdigest()
    parts = ["MERIDIAN-1", method, host.lower(), target, digest, timestamp, nonce, key]
    canonical = "\n".join(parts).encode()
    return {
        "MERIDIAN-KEY": key,
        "MERIDIAN-TIMESTAMP": timestamp,
        "MERIDIAN-NONCE": nonce,
        "MERIDIAN-SIGNATURE": hmac.new(secret.encode(), canonical, hashlib.sha256).hexdigest(),
    }


if __name__ == "__main__":
    now = str(time.time_ns() // 1_000_000)
    host = os.environ["MERIDIAN_URL"].partition("://")[2]
    print(headers("GET", host, "/v1/balances", b"", now, secrets.token_hex(16)))
