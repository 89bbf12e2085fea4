"""Credentials that are sent as they are."""

from __future__ import annotations

from venuekit_runtime import signing


def api_key(key: str) -> signing.Credentials:
    """Credentials for ApiKey."""
    return signing.api_key("ApiKey", "header", "X-API-KEY", key)


__all__ = [
    "api_key",
]
