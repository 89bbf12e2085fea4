"""The quick yes says yes to nothing that the full verifier refuses, and to all that is usual."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from meridian_server.contracts import IN_REPOSITORY, load_contract
from meridian_server.gateway.quick_yes import compile_scheme
from venuekit.contract.signing import Literal, SigningScheme
from venuekit.signing.received import Placed, Received
from venuekit.signing.verifier import Verifier
from venuekit_runtime.server.requests import Request

NOW = 1_767_225_600_000
SCHEMES = load_contract(IN_REPOSITORY).security_schemes
BODY = b'{"client_order_id":"a","quantity":"1"}'


def signed(user: Any, timestamp: int = NOW, nonce: str = "0f" * 16) -> list[tuple[bytes, bytes]]:
    text = user.canonical("POST", "Host:1", "/v1/orders?a=1", BODY, str(timestamp), nonce)
    signature = user.sign(text.replace("Host:1", "host:1"))
    return [
        (b"host", b"Host:1"),
        (b"meridian-key", user.key.encode()),
        (b"meridian-timestamp", str(timestamp).encode()),
        (b"meridian-nonce", nonce.encode()),
        (b"meridian-signature", signature.encode()),
    ]


def judges(user: Any, headers: Any, method: str, target: str, body: bytes) -> tuple[bool, bool]:
    """What the quick way and the full one say."""
    scheme = SCHEMES["hmac"].signing
    verifier = Verifier(scheme)
    material = verifier.register({"key": user.key, "secret": user.secret})
    quick = compile_scheme(scheme)
    assert quick is not None
    host = dict(headers).get(b"host", b"").decode("latin-1")
    received = Received(method=method, host=host, target=target, body=body, headers=tuple(headers))
    placed = verifier.read(received)
    full = isinstance(placed, Placed) and not verifier.check(received, placed, material, NOW)
    request = Request(method, target, tuple(headers), body, "127.0.0.1")
    return quick.check(request, user.key, material, NOW) is not None, full


def test_usual_requests_take_the_quick_way(users: Any) -> None:
    for offset in (-5000, 0, 1000):
        headers = signed(users["alice"], NOW + offset)
        assert judges(users["alice"], headers, "POST", "/v1/orders?a=1", BODY) == (True, True)
    for offset in (-5001, 1001):
        headers = signed(users["alice"], NOW + offset)
        assert judges(users["alice"], headers, "POST", "/v1/orders?a=1", BODY) == (False, False)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_no_yes_without_the_full_verifiers(users: Any, data: st.DataObject) -> None:
    user = users["alice"]
    stamp = NOW + data.draw(st.sampled_from([0, 0, -5000, -5001, 1000, 1001, -NOW]))
    headers = signed(user, stamp, data.draw(st.sampled_from(["0f" * 16, "0F" * 16, "0f" * 15])))
    method, target, body = "POST", "/v1/orders?a=1", BODY
    change = data.draw(st.sampled_from(["none", "header", "double", "drop", "part", "byte"]))
    index = data.draw(st.integers(0, len(headers) - 1))
    name, value = headers[index]
    if change == "header":
        headers[index] = (name, data.draw(st.binary(max_size=80)))
    elif change == "byte":
        at = data.draw(st.integers(0, len(value) - 1))
        headers[index] = (name, value[:at] + data.draw(st.binary(max_size=2)) + value[at + 1 :])
    elif change == "double":
        headers.append(headers[index])
    elif change == "drop":
        del headers[index]
    elif change == "part":
        method = data.draw(st.sampled_from(["POST", "GET", "post"]))
        target = data.draw(st.sampled_from(["/v1/orders?a=1", "/v1/orders", "/v1/orders?a=2"]))
        body = data.draw(st.sampled_from([BODY, BODY + b" ", b""]))
    quick, full = judges(user, headers, method, target, body)
    assert full or not quick


def test_unusual_schemes_have_no_quick_way() -> None:
    hmac: SigningScheme = SCHEMES["hmac"].signing
    assert compile_scheme(SCHEMES["ed25519"].signing) is None
    assert compile_scheme(dataclasses.replace(hmac, clock=None)) is None
    assert compile_scheme(dataclasses.replace(hmac, uses=())) is None
    steps = tuple(
        dataclasses.replace(step, expression=Literal("x", step.origin))
        if step.name == "signature"
        else step
        for step in hmac.steps
    )
    assert compile_scheme(dataclasses.replace(hmac, steps=steps)) is None
