"""Credentials that are sent as they are."""

from __future__ import annotations

from venuekit_runtime.signing import Credentials, api_key, basic, bearer


def api_key_(key: str) -> Credentials:
    """Credentials for ApiKey."""
    return api_key("ApiKey", "header", "X-API-KEY", key)


__all__ = [
    "api_key_",
]
