"""The docs site says of a session what leads it, how long it lasts and what ends it."""

from __future__ import annotations

from pathlib import Path

from venuekit.emit.docs import emit
from venuekit.emit.emission import Options
from venuekit.load import load

DOCUMENTS = Path(__file__).parent / "documents"


def page(scheme: str, *names: str) -> str:
    contract = load([DOCUMENTS / name for name in names]).contract
    found = [
        text
        for path, text in emit(contract, Options(package="docs")).files.items()
        if path.endswith(f"security/{scheme}.md")
    ]
    assert len(found) == 1
    return str(found[0])


def test_a_page_shows_what_leads_a_session() -> None:
    text = page("oauth", "rest.openapi.yaml")
    assert "## Session" in text
    assert (
        "| Opened by | `issueToken`, where `grant_type` is `client_credentials`,"
        " `client_id` is `$client_id`, `client_secret` is `$client_secret` |"
    ) in text
    assert "| Lasts | as `expires_in` of the reply says, in s |" in text
    assert "| Gives `$access_token` | `access_token` of the reply |" in text
    assert "| Ended by | `401`, `SESSION_GONE` |" in text
    assert "## Steps" not in text


def test_a_page_shows_the_address_that_a_session_fills() -> None:
    text = page("listenKey", "rest.openapi.yaml", "user.asyncapi.yaml")
    assert "| Refreshed every | 500 ms |" in text
    assert "| path `listenKey` | `$listen_key` |" in text
    assert "`listenKeyExpired`" in text


def test_a_page_shows_what_serves_one_request() -> None:
    text = page("signed", "nonce.openapi.yaml")
    assert "| Lasts | for one request: each asks for its own |" in text
    assert "| Gives `$nonce` | `nonce` of the reply |" in text


def test_a_scheme_that_signs_has_no_session() -> None:
    text = page("signature", "rest.openapi.yaml")
    assert "## Session" not in text
    assert "## Steps" in text
