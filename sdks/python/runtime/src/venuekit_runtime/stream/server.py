"""Where a socket is opened when a session's reply says so: at no host that is not the venue's."""

from __future__ import annotations

from venuekit_runtime.base_url import BaseUrl, parse_base_url
from venuekit_runtime.errors import ConfigurationError

# Longer than any address that a venue gives; a reply is no reason to hold more.
MAX_SERVER_CHARACTERS = 2048


def allowed_server(text: str, hosts: tuple[str, ...], asked: BaseUrl) -> BaseUrl:
    """Return the place that a reply names, where the contract lets it be one.

    Its host is one of ``hosts``, lies below one, or is the host that was ``asked``. Only what came
    without encryption, from a venue of tests, may name a place without it. Raises
    ConfigurationError, which shows the host and nothing else of the address.
    """
    scheme = text.partition("://")[0] if len(text) <= MAX_SERVER_CHARACTERS else ""
    try:
        found = parse_base_url(text) if scheme in ("ws", "wss") else None
    except ConfigurationError:
        found = None
    if found is None:
        raise ConfigurationError(
            "its reply names no server: expected an address such as wss://ws.venue.example/path"
        ) from None
    if not found.is_secure and asked.is_secure:
        raise ConfigurationError(
            f"its reply names a server without encryption, ws://{found.authority}: expected wss"
        )
    is_ours = any(found.host == one or found.host.endswith(f".{one}") for one in hosts)
    if not is_ours and found.host != asked.host:
        raise ConfigurationError(
            f"its reply names the server {found.authority}, which is none of the venue's: expected"
            f" a host of {' or '.join(hosts)}; to go elsewhere pass base_url to the stream"
        )
    return found
