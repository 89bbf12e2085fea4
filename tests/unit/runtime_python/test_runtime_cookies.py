"""Cookies of one request stand in one header (RFC 6265, section 5.4)."""

from __future__ import annotations

from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.operation import HttpOperation, Parameter
from venuekit_runtime.request import RequestPlan


def test_two_cookies_are_one_header() -> None:
    operation: HttpOperation[None] = HttpOperation(
        name="list",
        method="GET",
        path="/",
        effect="read",
        parameters=(
            Parameter("session", "session", "cookie", required=True),
            Parameter("theme", "theme", "cookie"),
        ),
    )
    plan = RequestPlan(operation, parse_base_url("http://localhost"), "test")
    draft = plan.build({"session": "a", "theme": "dark"})
    assert [text for name, text in draft.headers if name == "cookie"] == ["session=a; theme=dark"]
