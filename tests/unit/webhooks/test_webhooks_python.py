"""Calls of a venue in Python: published signatures hold, and nothing else passes."""

from __future__ import annotations

import hashlib
import hmac
import importlib
import sys
from collections.abc import Iterator
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from webhook_document import write_document

from venuekit.emit.emission import Options
from venuekit.emit.python import emit
from venuekit.load import load
from venuekit_runtime.clock import Clock
from venuekit_runtime.errors import ConfigurationError, DecodeError, WebhookRefusedError

SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
SLACK_TIME = 1531420618
SLACK_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
    b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
    b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SLACK_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
GITHUB_SECRET = "It's a Secret to Everybody"
GITHUB_SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
BODY = b'{"id":"evt_1","price":"0.10","sequence":9007199254740993}'
NOW = 1_700_000_000


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("calls")
    loaded = load([write_document(folder)])
    emission = emit(loaded.contract, Options(package="calls_sdk"))
    assert emission.emitted == loaded.contract.counts
    for path, content in emission.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(content), encoding="utf-8")
    sys.path.insert(0, str(folder / "src"))
    yield importlib.import_module("calls_sdk")
    sys.path.remove(str(folder / "src"))


def at(seconds: int) -> Clock:
    return Clock(lambda: seconds * 1_000_000_000)


def stripe(body: bytes, secret: str = "whsec_one_that_is_long", moment: int = NOW) -> str:
    """The header as Stripe's documentation has it, by the standard library alone."""
    text = f"{moment}.".encode() + body
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def stripe_credentials(calls: ModuleType, secret: str = "whsec_one_that_is_long") -> Any:
    return calls.StripeCredentials(secret=secret)


def test_slacks_published_example_is_taken(calls: ModuleType) -> None:
    headers = {"X-Slack-Request-Timestamp": str(SLACK_TIME), "X-Slack-Signature": SLACK_SIGNATURE}
    held = [calls.SlackCredentials(secret=SLACK_SECRET)]
    said = calls.webhooks.on_form(headers, SLACK_BODY, credentials=held, clock=at(SLACK_TIME))
    assert said == SLACK_BODY
    for moment in (SLACK_TIME + 301, SLACK_TIME - 301):
        with pytest.raises(WebhookRefusedError, match="300000 are allowed"):
            calls.webhooks.on_form(headers, SLACK_BODY, credentials=held, clock=at(moment))


def test_githubs_published_example_is_taken(calls: ModuleType) -> None:
    headers = [("x-hub-signature-256", GITHUB_SIGNATURE)]
    held = [calls.GithubCredentials(secret=GITHUB_SECRET)]
    assert calls.webhooks.on_words(headers, b"Hello, World!", credentials=held) == "Hello, World!"


def test_a_call_is_decoded_exactly(calls: ModuleType) -> None:
    headers = {"stripe-signature": f"t={NOW},v1={stripe(BODY)}"}
    held = [stripe_credentials(calls)]
    event = calls.webhooks.on_stripe(headers, BODY, credentials=held, clock=at(NOW))
    assert type(event) is calls.models.Event
    assert (event.price, event.sequence) == (Decimal("0.10"), 9007199254740993)
    named = calls.webhooks.parse_webhook(
        "on_stripe", headers, BODY, credentials=held, clock=at(NOW)
    )
    assert named == event


def test_either_secret_and_either_signature_suffices_while_a_secret_is_changed(
    calls: ModuleType,
) -> None:
    old, new = "whsec_one_that_is_old", "whsec_one_that_is_new"
    both = f"t={NOW},v1={stripe(BODY, old)},v1={stripe(BODY, new)},v0=legacy"
    for secrets in ([old], [new], [old, new]):
        held = [stripe_credentials(calls, secret) for secret in secrets]
        headers = {"Stripe-Signature": both}
        assert calls.webhooks.on_stripe(headers, BODY, credentials=held, clock=at(NOW)).id
    one = {"Stripe-Signature": f"t={NOW},v1={stripe(BODY, new)}"}
    held = [stripe_credentials(calls, secret) for secret in (old, new)]
    assert calls.webhooks.on_stripe(one, BODY, credentials=held, clock=at(NOW)).id == "evt_1"


GOOD = stripe(BODY)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "the header Stripe-Signature is missing"),
        ("", "does not hold one time"),
        (f"v1={GOOD}", "does not hold one time"),
        (f"t={NOW},t={NOW + 1},v1={GOOD}", "does not hold one time"),
        (f"t=soon,v1={GOOD}", "its time is no number"),
        (f"t=-{NOW},v1={GOOD}", "its time is no number"),
        (f"t={NOW}", "not the venue's"),
        (f"t={NOW},v1=", "not the venue's"),
        (f"t={NOW},v0={GOOD}", "not the venue's"),
        (f"t={NOW},v1={GOOD[:-1]}", "not the venue's"),
        (f"t={NOW},v1={GOOD}0", "not the venue's"),
        (f"t={NOW},v1={stripe(BODY, 'whsec_of_somebody_else')}", "not the venue's"),
        (f"t={NOW + 1},v1={GOOD}", "not the venue's"),
        (f"t={NOW},v1=é", "not the venue's"),
        (f"t={NOW},v1=\udc80", "holds bytes that are no text"),
        (f"t={NOW},v1={GOOD}" + "," * 9000, "longer than 8192"),
    ],
)
def test_anything_else_is_refused_before_the_body_is_read(
    calls: ModuleType, header: str | None, reason: str
) -> None:
    headers = {} if header is None else {"Stripe-Signature": header}
    held = [stripe_credentials(calls)]
    with pytest.raises(WebhookRefusedError, match=reason) as caught:
        calls.webhooks.on_stripe(headers, BODY, credentials=held, clock=at(NOW))
    assert GOOD not in str(caught.value)
    # No JSON at all is refused for its signature: nothing of it was read.
    with pytest.raises(WebhookRefusedError):
        calls.webhooks.on_stripe(headers, b"{", credentials=held, clock=at(NOW))


def test_a_header_that_came_twice_is_refused(calls: ModuleType) -> None:
    """A proxy and a server may differ in which of the two they read."""
    good = ("Stripe-Signature", f"t={NOW},v1={GOOD}")
    held = [stripe_credentials(calls)]
    for other in (good, ("stripe-signature", f"t={NOW},v1=00")):
        for headers in ([good, other], [other, good]):
            with pytest.raises(WebhookRefusedError, match="Stripe-Signature came 2 times"):
                calls.webhooks.on_stripe(headers, BODY, credentials=held, clock=at(NOW))


def test_every_byte_of_the_body_counts(calls: ModuleType) -> None:
    headers = {"Stripe-Signature": f"t={NOW},v1={GOOD}"}
    held = [stripe_credentials(calls)]
    for at_byte in range(len(BODY)):
        changed = BODY[:at_byte] + bytes([BODY[at_byte] ^ 1]) + BODY[at_byte + 1 :]
        with pytest.raises(WebhookRefusedError):
            calls.webhooks.on_stripe(headers, changed, credentials=held, clock=at(NOW))
    with pytest.raises(TypeError, match="raw bytes"):
        calls.webhooks.on_stripe(headers, BODY.decode(), credentials=held, clock=at(NOW))


def test_a_signed_call_without_credentials_is_never_taken(calls: ModuleType) -> None:
    headers = {"Stripe-Signature": f"t={NOW},v1={GOOD}"}
    for held in ([], [calls.GithubCredentials(secret=GITHUB_SECRET)]):
        with pytest.raises(ConfigurationError, match="signed by stripe"):
            calls.webhooks.on_stripe(headers, BODY, credentials=held)


def test_schemes_that_are_needed_together_must_all_hold(calls: ModuleType) -> None:
    github, slack = (
        calls.GithubCredentials(secret=GITHUB_SECRET),
        calls.SlackCredentials(secret=SLACK_SECRET),
    )
    body = b"Hello, World!"
    text = f"v0:{NOW}:".encode() + body
    signature = hmac.new(SLACK_SECRET.encode(), text, hashlib.sha256).hexdigest()
    headers = {
        "X-Hub-Signature-256": GITHUB_SIGNATURE,
        "X-Slack-Request-Timestamp": str(NOW),
        "X-Slack-Signature": f"v0={signature}",
    }
    both = [github, slack]
    assert calls.webhooks.on_both(headers, body, credentials=both, clock=at(NOW)) == body.decode()
    with pytest.raises(ConfigurationError, match="github and slack"):
        calls.webhooks.on_both(headers, body, credentials=[github], clock=at(NOW))
    for name in headers:
        less = {key: value for key, value in headers.items() if key != name}
        with pytest.raises(WebhookRefusedError, match="missing"):
            calls.webhooks.on_both(less, body, credentials=both, clock=at(NOW))


def test_an_unsigned_call_is_decoded_and_says_so(calls: ModuleType) -> None:
    assert calls.webhooks.on_open({}, b'{"id":"a"}').id == "a"
    assert "not verified" in calls.webhooks.on_open.__doc__
    with pytest.raises(DecodeError, match="onOpen does not fit the contract"):
        calls.webhooks.on_open({}, b"{}")
