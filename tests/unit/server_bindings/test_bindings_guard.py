"""The guard of emitted bindings: alternatives, schemes that sign nothing, time and restarts."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from meridian import HmacCredentials
from venuekit.emit.signing.python import python_signers
from venuekit.load.signing import load_signing
from venuekit.signing.guard import Caller, SigningGuard
from venuekit.signing.nonces import NonceMemory
from venuekit.signing.public_keys import WeakKeyError
from venuekit.source.document import parse_document
from venuekit_runtime.clock import Clock
from venuekit_runtime.server.handling import BindingError, Needs
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.requests import Request
from venuekit_runtime.signing import RequestDraft

NOW_MS = 1_767_323_045_000
KEY = {"key": "alice", "secret": "0123456789abcdef0123456789abcdef"}


@pytest.fixture(scope="module")
def schemes() -> dict[str, str]:
    """Meridian's HMAC scheme as the bindings carry it."""
    from pathlib import Path

    from venuekit.emit.emission import Options
    from venuekit.emit.server import emit
    from venuekit.load import load

    spec = Path(__file__).parents[3] / "spec" / "rest.openapi.yaml"
    emission = emit(load([spec]).contract, Options(package="guarded"))
    held: dict[str, Any] = {}
    exec(str(emission.files["src/guarded/security.py"]), held)
    found: dict[str, str] = held["SCHEMES"]
    return found


def token(request: Request) -> object:
    if request.header(b"authorization") != b"Bearer good":
        raise RefusalError("UNAUTHENTICATED", "the token is wrong")
    return "bob"


@pytest.fixture
def guard(schemes: dict[str, str]) -> SigningGuard:
    keys: dict[tuple[str, str], Any] = {}
    made = SigningGuard(
        schemes,
        lambda scheme, key: keys.get((scheme, key)),
        others={"token": token},
        now_ms=lambda: NOW_MS,
        floor_ms=NOW_MS - 3000,
    )
    keys["hmac", "alice"] = made.register("hmac", KEY)
    return made


def signed(at_ms: int, body: bytes = b"{}") -> Callable[..., Request]:
    """Return what makes a request that the SDK signed at a time, with something changed."""
    draft = RequestDraft("POST", "venue.example", "/v1/orders", "", [("host", "venue.example")])
    draft.body = body
    clock = Clock(lambda: at_ms * 1_000_000)
    HmacCredentials(**KEY).signer(clock).sign(draft)
    headers = tuple((name.lower().encode(), value.encode()) for name, value in draft.headers)

    def request(target: str = "/v1/orders", sent: bytes = body) -> Request:
        return Request("POST", target, headers, sent, "192.0.2.1")

    return request


def plain(**headers: str) -> Request:
    given = tuple((name.encode(), value.encode()) for name, value in headers.items())
    return Request("GET", "/", ((b"host", b"venue.example"), *given), b"", "192.0.2.1")


HMAC: Needs = (("hmac",),)


async def test_a_signature_holds_once_and_for_these_bytes(guard: SigningGuard) -> None:
    request = signed(NOW_MS)
    for changed in (request(sent=b"{} "), request(target="/v1/orders?a=1")):
        with pytest.raises(RefusalError, match="unknown key or wrong signature"):
            await guard.admit(changed, HMAC)
    assert await guard.admit(request(), HMAC) == Caller("hmac", "alice")
    with pytest.raises(RefusalError, match="nonce was used before"):
        await guard.admit(request(), HMAC)


@pytest.mark.parametrize(
    ("at_ms", "words"),
    [
        (NOW_MS - 6000, "ms old"),
        (NOW_MS + 2000, "ms ahead"),
        (NOW_MS - 4000, "before a restart"),
    ],
)
async def test_time_is_judged(guard: SigningGuard, at_ms: int, words: str) -> None:
    with pytest.raises(RefusalError, match=words) as found:
        await guard.admit(signed(at_ms)(), HMAC)
    assert found.value.status == 401


async def test_alternatives_are_tried_and_the_last_resort_is_nobody(guard: SigningGuard) -> None:
    either: Needs = (("hmac",), ("token",))
    assert await guard.admit(plain(authorization="Bearer good"), either) == "bob"
    assert await guard.admit(signed(NOW_MS)(), either) == Caller("hmac", "alice")
    with pytest.raises(RefusalError, match="token is wrong"):
        await guard.admit(plain(authorization="Bearer bad"), either)
    assert await guard.admit(plain(), (("hmac",), ())) is None
    with pytest.raises(RefusalError, match="not served here"):
        await guard.admit(plain(), (("mystery",),))
    both: Needs = (("token", "hmac"),)
    with pytest.raises(RefusalError):
        await guard.admit(plain(authorization="Bearer good"), both)


async def test_a_nonce_without_a_clock_must_rise_and_a_restart_remembers_it() -> None:
    """Kraken's requests have no time: what was taken must not pass a day or a restart later."""
    from venuekit.signing.catalogue import catalogue_file

    file = catalogue_file("kraken-spot")
    assert file is not None
    text = file.read_text(encoding="utf-8")
    key = {"key": "alice", "secret": base64.b64encode(bytes(range(64))).decode()}
    namespace: dict[str, Any] = {}
    document = parse_document("kraken-spot.yaml", text.encode())
    scheme = load_signing("kraken-spot", document.value, document.origin())
    exec(python_signers([scheme]), namespace)
    signer = namespace["KrakenSpotCredentials"](**key).signer(Clock())

    def request(nonce: str) -> Request:
        draft = RequestDraft("POST", "venue.example", "/0/private/Balance")
        draft.media_type = "application/x-www-form-urlencoded"
        signer.sign_at(draft, "", nonce)
        headers = tuple((name.lower().encode(), value.encode()) for name, value in draft.headers)
        return Request("POST", "/0/private/Balance", headers, draft.body, "192.0.2.1")

    now, keys = [NOW_MS], dict[tuple[str, str], Any]()
    needs: Needs = (("kraken-spot",),)

    def started(nonces: NonceMemory) -> SigningGuard:
        schemes = {"kraken-spot": json.dumps(yaml.safe_load(text))}
        made = SigningGuard(
            schemes,
            lambda name, one: keys.get((name, one)),
            now_ms=lambda: now[0],
            nonces=nonces,
        )
        keys["kraken-spot", "alice"] = made.register("kraken-spot", key)
        return made

    guard = started(NonceMemory())
    assert await guard.admit(request("1616492376594"), needs) == Caller("kraken-spot", "alice")
    now[0] += 3 * 86_400_000
    again = NonceMemory()
    again.restore(guard.nonces.records())
    for one in (guard, started(again)):
        for nonce in ("1616492376594", "1616492376593"):
            with pytest.raises(RefusalError, match="nonce was used before"):
                await one.admit(request(nonce), needs)
        with pytest.raises(RefusalError):
            await one.admit(request(""), needs)
        assert await one.admit(request("1616492376595"), needs)


def test_weak_keys_and_unknown_schemes_are_refused(guard: SigningGuard) -> None:
    with pytest.raises(WeakKeyError):
        guard.register("hmac", {"key": "a", "secret": "short"})
    with pytest.raises(BindingError, match="no scheme mystery"):
        guard.register("mystery", {})


def test_no_secret_is_shown(guard: SigningGuard) -> None:
    assert KEY["secret"] not in repr(guard.register("hmac", KEY))
    assert KEY["secret"] not in json.dumps(repr(vars(guard)))
