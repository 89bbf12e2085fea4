"""Attacks on who calls and when (checklist A and B): refused, and nothing changes."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from meridian_server.accounts import AccountSeed, AccountsError, KeySeed
from meridian_server.server import start

pytestmark = pytest.mark.usefixtures("nothing_changes")
Q = 2**252 + 27742317777372353535851937790883648493

# A: who calls.


@pytest.mark.parametrize("missing", range(4))
async def test_a1_a_missing_header(venue: Any, order: bytes, users: Any, missing: int) -> None:
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order)
    del headers[missing]
    reply = await venue.send(headers)
    assert (reply.status, reply.code) == (401, "AUTH_MISSING")


@pytest.mark.parametrize("doubled", range(4))
async def test_a2_a_header_twice(venue: Any, order: bytes, users: Any, doubled: int) -> None:
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order)
    reply = await venue.send([*headers, headers[doubled]])
    assert (reply.status, reply.code) == (400, "MALFORMED_REQUEST")


async def test_a3_strangers_get_one_answer(venue: Any, order: bytes, users: Any) -> None:
    alice = users["alice"]
    wrong = type(alice)(alice.key, "0" * 64)
    wrong_ed25519 = type(alice)(users["ed25519"].key, base64.b64encode(bytes(32)).decode(), True)
    unknown = type(alice)("nobody", alice.secret)
    bodies = set()
    for user in (wrong, wrong_ed25519, unknown, users["revoked"]):
        reply = await venue.send(venue.signed(user, "POST", "/v1/orders", order))
        assert reply.status == 401
        bodies.add((reply.code, reply.body["message"], "details" in reply.body))
    assert bodies == {("AUTH_INVALID", "unknown key or wrong signature", False)}


def _mangled(signature: str) -> list[str]:
    return [
        "0",
        signature[:-1],
        signature + "0",
        "0" * len(signature),
        signature.upper(),
        signature[:32] + " " + signature[32:],
        "A" + signature[1:],
    ]


@pytest.mark.parametrize("variant", range(7))
async def test_a4_a5_mangled_hmac(venue: Any, order: bytes, users: Any, variant: int) -> None:
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order)
    headers[3] = (headers[3][0], _mangled(headers[3][1])[variant])
    reply = await venue.send(headers)
    assert (reply.status, reply.code) == (401, "AUTH_INVALID")


async def test_a5_a9_mangled_ed25519(venue: Any, order: bytes, users: Any) -> None:
    headers = venue.signed(users["ed25519"], "POST", "/v1/orders", order)
    good = headers[3][1]
    raw = base64.b64decode(good)
    s = int.from_bytes(raw[32:], "little")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    trailing = good[:-3] + alphabet[alphabet.index(good[-3]) + 1] + "=="
    variants = [
        base64.b64encode(raw[:32] + (s + Q).to_bytes(32, "little")).decode(),
        base64.b64encode(bytes([1]) + bytes(63)).decode(),
        base64.b64encode(bytes(64)).decode(),
        trailing,
        good.rstrip("="),
        good[:10] + "!" + good[10:],
        base64.urlsafe_b64encode(b"\xfb" * 64).decode(),
        raw.hex(),
    ]
    for signature in variants:
        headers[3] = (headers[3][0], signature)
        reply = await venue.send(headers)
        assert (reply.status, reply.code) == (401, "AUTH_INVALID"), signature


@pytest.mark.parametrize("place", range(4))
async def test_a6_bytes_beyond_ascii(venue: Any, order: bytes, users: Any, place: int) -> None:
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order)
    headers[place] = (headers[place][0], headers[place][1] + "é")
    assert (await venue.send(headers)).status in (400, 401)


async def test_a7_a8_the_algorithm_is_the_keys(venue: Any, order: bytes, users: Any) -> None:
    alice, ed25519 = users["alice"], users["ed25519"]
    kind = type(alice)
    public = Ed25519PrivateKey.from_private_bytes(base64.b64decode(ed25519.secret))
    raw = public.public_key().public_bytes_raw()
    fakes = [
        kind(ed25519.key, alice.secret),
        kind(alice.key, ed25519.secret, True),
        kind(ed25519.key, raw.hex()),
        kind(ed25519.key, base64.b64encode(raw).decode()),
        kind(alice.key, alice.key),
    ]
    for fake in fakes:
        reply = await venue.send(venue.signed(fake, "POST", "/v1/orders", order))
        assert (reply.status, reply.code) == (401, "AUTH_INVALID")


@pytest.mark.parametrize(
    "public_key",
    [
        "01" + "00" * 31,
        "00" * 32,
        "ec" + "ff" * 30 + "7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "ee" + "ff" * 30 + "7f",
        "aa" * 31,
    ],
)
async def test_a10_weak_keys_are_not_registered(venue: Any, tmp_path: Any, public_key: str) -> None:
    weak = KeySeed(key="weak", scheme="ed25519", public_key=public_key)
    settings = venue.settings(data=tmp_path / "weak", accounts=[AccountSeed("eve", {}, [weak])])
    with pytest.raises(AccountsError, match="key weak of eve"):
        await start(settings)


async def test_a11_a_key_in_the_query(venue: Any, users: Any) -> None:
    alice = users["alice"]
    target = f"/v1/balances?MERIDIAN-KEY={alice.key}"
    assert (await venue.send([], b"", method="GET", target=target)).code == "AUTH_MISSING"
    headers = venue.signed(alice, "GET", target)
    assert (await venue.send(headers, b"", method="GET", target=target)).status == 400


async def test_a12_a_guesser_meets_its_own_limit(venue: Any, users: Any) -> None:
    wrong = type(users["alice"])(users["alice"].key, "0" * 64)
    reader, writer = await venue.connect()
    target = "/v1/balances"
    codes = []
    for _ in range(21):
        requests = [
            venue.request("GET", target, venue.signed(wrong, "GET", target)) for _ in range(50)
        ]
        writer.write(b"".join(requests))
        codes += [await venue_reply(reader) for _ in range(50)]
    assert set(codes[:1000]) == {("AUTH_INVALID", None)}
    assert codes[-1][0] == "RATE_LIMITED"
    assert codes[-1][1] is not None


async def venue_reply(reader: asyncio.StreamReader) -> tuple[str, str | None]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:-2])
    body = json.loads(await reader.readexactly(int(lines["Content-Length"])))
    return body["code"], lines.get("Retry-After")


# B: when.


@pytest.mark.changes
async def test_b13_a_replay_is_executed_once(venue: Any, order: bytes, users: Any) -> None:
    data = venue.request(
        "POST", "/v1/orders", venue.signed(users["alice"], "POST", "/v1/orders", order), order
    )
    first = await venue.raw(data)
    sequence = venue.server.venue.engine.state.sequence
    again = await venue.raw(data)
    assert (first.status, again.status, again.code) == (201, 401, "AUTH_REPLAY")
    assert venue.server.venue.engine.state.sequence == sequence


@pytest.mark.changes
async def test_b14_fifty_at_once_succeed_once(venue: Any, order: bytes, users: Any) -> None:
    data = venue.request(
        "POST", "/v1/orders", venue.signed(users["alice"], "POST", "/v1/orders", order), order
    )
    replies = await asyncio.gather(*(venue.raw(data) for _ in range(50)))
    assert sorted(reply.status for reply in replies) == [201] + [401] * 49


@pytest.mark.changes
async def test_b15_no_replay_after_a_restart(venue: Any, order: bytes, users: Any) -> None:
    venue.clock.stop()
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order)
    assert (await venue.send(headers)).status == 201
    await venue.restart(same_port=True)
    again = await venue.send(headers)
    assert again.code == "AUTH_REPLAY"


async def test_b16_the_window_has_sharp_edges(venue: Any, users: Any) -> None:
    now = venue.clock.ms()
    venue.server.venue._clock = lambda: now
    target = "/v1/balances"
    found = {}
    for offset in (-60_000, -5001, -5000, 0, 1000, 1001, 60_000):
        headers = venue.signed(users["alice"], "GET", target, timestamp=str(now + offset))
        reply = await venue.send(headers, b"", method="GET", target=target)
        found[offset] = reply.code
        if reply.code is not None:
            assert reply.body["details"]["server_time_ms"] == now
    good = {-5000: None, 0: None, 1000: None}
    assert found == {o: good.get(o, "AUTH_TIMESTAMP") for o in found}


@pytest.mark.parametrize(
    "write",
    [
        lambda now: str(now // 1000),
        lambda now: str(now * 1000),
        lambda now: f"{now}.0",
        lambda now: "1e12",
        lambda now: "NaN",
        lambda now: f"-{now}",
        lambda now: f"+{now}",
        lambda now: f"0{now}",
        lambda now: f"{str(now)[:6]}_{str(now)[6:]}",
        lambda now: f"{now} 1",
    ],
)
async def test_b17_timestamps_in_other_clothes(
    venue: Any, order: bytes, users: Any, write: Any
) -> None:
    stamp = write(venue.clock.ms())
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order, timestamp=stamp)
    reply = await venue.send(headers)
    assert reply.status == 401
    assert reply.code in ("AUTH_INVALID", "AUTH_TIMESTAMP")


@pytest.mark.parametrize("nonce", ["0" * 31, "0" * 33, "A" * 32, "g" * 32, "0" * 31 + "\t"])
async def test_b17_nonces_in_other_clothes(
    venue: Any, order: bytes, users: Any, nonce: str
) -> None:
    headers = venue.signed(users["alice"], "POST", "/v1/orders", order, nonce=nonce)
    assert (await venue.send(headers)).code == "AUTH_INVALID"


async def test_b19_nonces_belong_to_keys(venue: Any, users: Any) -> None:
    for name in ("alice", "bob", "ed25519"):
        headers = venue.signed(users[name], "GET", "/v1/balances", nonce="ab" * 16)
        reply = await venue.send(headers, b"", method="GET", target="/v1/balances")
        assert reply.status == 200


async def test_b20_a_bad_signature_burns_no_nonce(venue: Any, users: Any) -> None:
    wrong = type(users["alice"])(users["alice"].key, "0" * 64)
    target, nonce = "/v1/balances", "cd" * 16
    codes = []
    for user in (wrong, users["alice"], users["alice"]):
        headers = venue.signed(user, "GET", target, nonce=nonce)
        codes.append((await venue.send(headers, b"", method="GET", target=target)).code)
    assert codes == ["AUTH_INVALID", None, "AUTH_REPLAY"]


async def test_b21_a_full_nonce_memory_forgets_nothing(
    venue: Any, users: Any, tmp_path: Any
) -> None:
    await venue.server.stop()
    venue.server = await start(venue.settings(nonces_per_key=5))
    target = "/v1/balances"
    first = venue.signed(users["alice"], "GET", target)
    codes = [(await venue.send(first, b"", method="GET", target=target)).code]
    for _ in range(5):
        headers = venue.signed(users["alice"], "GET", target)
        codes.append((await venue.send(headers, b"", method="GET", target=target)).code)
    codes.append((await venue.send(first, b"", method="GET", target=target)).code)
    assert codes == [None] * 5 + ["RATE_LIMITED", "AUTH_REPLAY"]


async def test_b22_a_clock_that_steps_back(venue: Any, users: Any) -> None:
    target = "/v1/balances"
    headers = venue.signed(users["alice"], "GET", target)
    assert (await venue.send(headers, b"", method="GET", target=target)).status == 200
    venue.clock.shift_ms = -10_000
    assert (await venue.send(headers, b"", method="GET", target=target)).code == "AUTH_REPLAY"
