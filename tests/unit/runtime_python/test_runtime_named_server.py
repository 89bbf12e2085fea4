"""Which server a reply may name: the venue's, encrypted, and nothing that a URL can hide."""

from __future__ import annotations

import pytest

from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.errors import ConfigurationError
from venuekit_runtime.stream.server import allowed_server

HOSTS = ("kucoin.com", "ku.example")
SAFE = parse_base_url("https://api.kucoin.com")
BARE = parse_base_url("http://127.0.0.1:8700")


@pytest.mark.parametrize(
    ("text", "authority", "path"),
    [
        ("wss://ws-api-spot.kucoin.com/", "ws-api-spot.kucoin.com", ""),
        ("wss://KuCoin.com:443/endpoint", "kucoin.com", "/endpoint"),
        ("wss://a.b.ku.example:9443/x/y", "a.b.ku.example:9443", "/x/y"),
        ("wss://api.kucoin.com", "api.kucoin.com", ""),
    ],
)
def test_the_venues_own_hosts_are_taken(text: str, authority: str, path: str) -> None:
    for asked in (SAFE, BARE):
        found = allowed_server(text, HOSTS, asked)
        assert (found.authority, found.path, found.is_secure) == (authority, path, True)


def test_who_was_asked_may_name_itself_and_go_bare_as_it_does() -> None:
    found = allowed_server("ws://127.0.0.1:9999/endpoint", HOSTS, BARE)
    assert (found.authority, found.is_secure) == ("127.0.0.1:9999", False)
    assert not allowed_server("ws://push.kucoin.com", HOSTS, BARE).is_secure


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ws://ws-api-spot.kucoin.com/", "without encryption"),
        ("wss://127.0.0.1:9999/", "none of the venue's"),
        ("wss://evil.example/", "none of the venue's"),
        ("wss://kucoin.com.evil.example/", "none of the venue's"),
        ("wss://evilkucoin.com/", "none of the venue's"),
        ("wss://example/", "none of the venue's"),
        ("wss://com/", "none of the venue's"),
        ("wss://kucoin.com./", "none of the venue's"),
        ("https://kucoin.com/", "names no server"),
        ("WSS://kucoin.com/", "names no server"),
        ("wss://evil.example@kucoin.com/", "names no server"),
        ("wss://kucoin.com/#x", "names no server"),
        ("wss://kucoin.com/?token=x", "names no server"),
        ("wss://kucoin.com\\@evil.example/", "names no server"),
        ("wss://kucoin.com\n.evil.example/", "names no server"),
        (" wss://kucoin.com/", "names no server"),
        ("wss://kucoin.com/\n", "names no server"),
        ("wss://ku\u200bcoin.com/", "names no server"),
        ("wss://xn--/\u00e9", "names no server"),
        ("wss://kucoin.com:99999/", "names no server"),
        ("wss://kucoin.com:0/", "names no server"),
        ("wss:///", "names no server"),
        ("wss://kucoin.com/" + "a" * 2048, "names no server"),
        ("", "names no server"),
    ],
)
def test_anything_else_is_refused(text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        allowed_server(text, HOSTS, SAFE)
    assert "token" not in str(caught.value)
    assert "\n" not in str(caught.value)
