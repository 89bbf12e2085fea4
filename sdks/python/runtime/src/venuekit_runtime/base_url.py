"""A base URL taken apart once, when a client is made."""

from __future__ import annotations

import re

from msgspec import Struct

from venuekit_runtime.errors import ConfigurationError

_URL = re.compile(
    r"(?P<scheme>https?|wss?)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)"
    r"(?::(?P<port>\d{1,5}))?(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?",
)
_DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


class BaseUrl(Struct, frozen=True):
    """Where a venue is: ``authority`` is the Host header's value, ``path`` a prefix or empty."""

    is_secure: bool
    host: str
    port: int
    authority: str
    path: str


NOWHERE = BaseUrl(is_secure=True, host="", port=0, authority="", path="")
"""The place of a socket before a session's reply has named it."""


def parse_base_url(text: str) -> BaseUrl:
    """Take a base URL apart; the default port is left out of the Host header (RFC 9112, 3.2).

    Raises ConfigurationError for anything but http, https, ws or wss with a host, and for URLs
    that carry user information, a query or a fragment.
    """
    match = _URL.fullmatch(text)
    if match is None:
        raise ConfigurationError(
            f"expected a base URL such as https://api.venue.example/v1 without user, query or "
            f"fragment, found {text!r}"
        )
    scheme, host = match["scheme"], match["host"].lower()
    port = int(match["port"]) if match["port"] else _DEFAULT_PORTS[scheme]
    if not 0 < port < 65536:
        raise ConfigurationError(f"port {port} of {text!r} is not between 1 and 65535")
    is_default = port == _DEFAULT_PORTS[scheme]
    return BaseUrl(
        is_secure=scheme in ("https", "wss"),
        host=host.strip("[]"),
        port=port,
        authority=host if is_default else f"{host}:{port}",
        path=(match["path"] or "").rstrip("/"),
    )
