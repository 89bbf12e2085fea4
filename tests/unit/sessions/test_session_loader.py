"""The session of a scheme: what it holds, and each mistake with its place and its cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from venuekit.contract import Contract, SignedScheme
from venuekit.contract.session import Session
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.load import load

DOCUMENTS = Path(__file__).parent / "documents"
REST = yaml.safe_load((DOCUMENTS / "rest.openapi.yaml").read_text(encoding="utf-8"))


def session_of(contract: Contract, name: str) -> Session:
    scheme = contract.security_schemes[name]
    assert isinstance(scheme, SignedScheme)
    assert scheme.signing.session is not None
    return scheme.signing.session


def mistakes(tmp_path: Path, scheme: str, change: dict[str, Any]) -> tuple[Finding, ...]:
    """What is found when members of a session are changed; None takes one away."""
    document = yaml.safe_load(yaml.safe_dump(REST))
    signing = document["components"]["securitySchemes"][scheme]["x-signing"]
    place = signing["session"]
    for path, value in change.items():
        *parents, last = path.split("/")
        at = signing if parents[:1] == [".."] else place
        for name in parents[1:] if parents[:1] == [".."] else parents:
            at = at[name]
        if value is None:
            del at[last]
        else:
            at[last] = value
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    try:
        return load([path]).findings
    except FindingsError as error:
        return tuple(error.findings)


def test_it_holds_what_the_document_says() -> None:
    contract = load([DOCUMENTS / "rest.openapi.yaml"]).contract
    oauth = session_of(contract, "oauth")
    assert oauth.open.operation == "issueToken"
    assert [(a.name, a.constant, a.reference) for a in oauth.open.arguments] == [
        ("grant_type", "client_credentials", None),
        ("client_id", None, "client_id"),
        ("client_secret", None, "client_secret"),
    ]
    assert [(g.name, g.place) for g in oauth.gives] == [
        ("access_token", ("access_token",)),
        ("refresh_token", ("refresh_token",)),
    ]
    assert oauth.expires_in is not None
    assert (oauth.expires_in.place, oauth.expires_in.unit) == (("expires_in",), "s")
    assert oauth.ended_by is not None
    assert (oauth.ended_by.statuses, oauth.ended_by.codes) == ((401,), ("SESSION_GONE",))
    jwt = session_of(contract, "jwt")
    assert (jwt.lifetime_ms, jwt.refresh) == (86_400_000, None)
    assert jwt.close is not None


MISTAKES: list[tuple[str, dict[str, Any], str, str, str]] = [
    (
        "jwt",
        {"open/operation": "login"},
        "no REST operation is called 'login'",
        "Did you mean 'logIn'?",
        "session/open/operation",
    ),
    ("jwt", {"open": None}, "lacks 'open'", "", "session"),
    ("jwt", {"gives": None}, "lacks 'gives'", "", "session"),
    (
        "jwt",
        {"gives": {"tokn": "token"}},
        "'tokn' is no input that comes from the session",
        "Did you mean 'token'?",
        "session/gives/tokn",
    ),
    ("jwt", {"gives": {}}, "comes from the session, which does not give it", "", "inputs/token"),
    (
        "jwt",
        {"gives/token": "tokens"},
        "the reply of logIn has no 'tokens'",
        "It has authorizer, token.",
        "session/gives/token",
    ),
    ("jwt", {"gives/token": "token.value"}, "has no 'token.value'", "", "session/gives/token"),
    ("jwt", {"gives/token": "a..b"}, "is a dotted path", "", "session/gives/token"),
    (
        "oauth",
        {"expires_in/field": "expires"},
        "has no 'expires'",
        "",
        "session/expires_in/field",
    ),
    ("oauth", {"expires_in/unit": "minutes"}, "cannot be the text 'minutes'", "", "unit"),
    ("oauth", {"lifetime_ms": 5}, "in 2 ways when it expires", "", "session/expires_in"),
    (
        "jwt",
        {"refresh": {"operation": "logIn", "every_ms": 86_400_000}},
        "comes after the session expired",
        "Refresh at half",
        "session/refresh/every_ms",
    ),
    (
        "jwt",
        {"open": {"operation": "logOut"}, "gives": {"token": "token"}},
        "is itself secured by it",
        "`security` of its own",
        "session/open/operation",
    ),
    (
        "oauth",
        {"open/with/client_id": "$client"},
        "$client names no credential",
        "Did you mean 'client_id'?",
        "session/open/with/client_id",
    ),
    (
        "oauth",
        {"open/with/client_id": "$access_token"},
        "$access_token names no credential",
        "",
        "session/open/with/client_id",
    ),
    (
        "oauth",
        {"open/with/scop": "all"},
        "issueToken has no input 'scop'",
        "Use one of",
        "session/open/with/scop",
    ),
    (
        "oauth",
        {"open/with/grant_type": None},
        "issueToken requires 'grant_type'",
        "Add with",
        "session/open",
    ),
    ("oauth", {"open/with/client_id": ["a"]}, "cannot be a list", "", "client_id"),
    ("oauth", {"ended_by/statuses": [500]}, "the status 500", "400 to 499", "statuses"),
    ("oauth", {"ended_by/codes": "X"}, "is a list of texts", "", "codes"),
    ("oauth", {"ended_by/messages": ["gone"]}, "no channel has a message 'gone'", "", "messages"),
    ("jwt", {"lifetime": 5}, "session has no member 'lifetime'", "'lifetime_ms'", "lifetime"),
    ("jwt", {"server": {"hosts": ["venue.example"]}}, "dotted path", "", "session/server/field"),
    (
        "jwt",
        {"server": {"field": "address", "hosts": ["venue.example"]}},
        "the reply of logIn has no 'address'",
        "It has authorizer, token.",
        "session/server/field",
    ),
    ("jwt", {"server": {"field": "token"}}, "which hosts", "Add hosts:", "session/server"),
    ("jwt", {"server": {"field": "token", "hosts": []}}, "which hosts", "", "session/server"),
    ("jwt", {"server": {"field": "token", "hosts": "a.b"}}, "list of texts", "", "server/hosts"),
    *(
        (
            "jwt",
            {"server": {"field": "token", "hosts": [host]}},
            f"{host!r} is no domain of a venue",
            "at least two labels",
            "session/server/hosts",
        )
        for host in ("com", "*.venue.example", "wss://venue.example", "Venue.example", "10.0.0.1")
    ),
    (
        "jwt",
        {"server": {"field": "token", "hosts": ["venue.example"]}},
        "nothing that it gives stands in the request that opens one",
        "websocket: placement",
        "session/server",
    ),
    ("jwt", {"server": {"at": "x"}}, "server has no member 'at'", "", "session/server/at"),
    ("jwt", {"per": "message"}, "per request or for a while", "per: request", "session/per"),
    ("jwt", {"per": "request"}, "'lifetime_ms' is of no use", "", "session/lifetime_ms"),
    ("jwt", {"per": "request"}, "'close' is of no use", "", "session/close"),
    (
        "jwt",
        {
            **dict.fromkeys(("per", "lifetime_ms", "close")),
            "per": "request",
            "../websocket": {"placement": [{"query": "token", "value": "$token"}]},
        },
        "which a socket's messages cannot wait for",
        "over rest",
        "websocket",
    ),
    ("jwt", {"../rest/placement": [{"path": "x", "value": "$token"}]}, "", "", "placement/0"),
]


@pytest.mark.parametrize(("scheme", "change", "message", "cure", "place"), MISTAKES)
def test_a_mistake_is_found_where_it_stands(
    tmp_path: Path, scheme: str, change: dict[str, Any], message: str, cure: str, place: str
) -> None:
    found = mistakes(tmp_path, scheme, change)
    assert [f for f in found if f.severity is not Severity.ERROR] == []
    fitting = [f for f in found if message in f.message and cure in (f.help or "")]
    assert fitting, [(f.message, f.help) for f in found]
    origins = ["/".join(map(str, f.origin.pointer)) for f in fitting if f.origin is not None]
    assert any(place in origin for origin in origins), origins
    assert all(f.origin is not None and ":" in str(f.origin.place) for f in fitting)


def test_a_scheme_without_a_session_needs_its_steps_still(tmp_path: Path) -> None:
    found = mistakes(tmp_path, "jwt", {"../session": None})
    assert any("'steps'" in f.message for f in found)
