"""The verifier takes what the signer made, and nothing else."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from scheme_text import scheme_of

from venuekit.contract.signing import SignedWire, SigningScheme
from venuekit.emit.signing.python import python_signers
from venuekit.signing.public_keys import WeakKeyError
from venuekit.signing.received import Placed, Received, Refusal, RefusalKind
from venuekit.signing.verifier import Material, Verifier
from venuekit_runtime.clock import Clock
from venuekit_runtime.signing import RequestDraft

NOW = 1_700_000_000_123
SECRET = "a-secret-of-more-than-sixteen-bytes"
SEED = bytes(range(32))
PRIVATE = base64.b64encode(SEED).decode()
PUBLIC = (
    Ed25519PrivateKey.from_private_bytes(SEED)
    .public_key()
    .public_bytes(Encoding.Raw, PublicFormat.Raw)
)
BODY = b'{"symbol":"BTC-USD","quantity":"0.5"}'
ORDER_L = 2**252 + 27742317777372353535851937790883648493


class Bench:
    """A signer and a verifier of one scheme."""

    def __init__(self, scheme: SigningScheme) -> None:
        self.scheme = scheme
        self.verifier = Verifier(scheme)
        is_hmac = scheme.name == "hmac"
        namespace: dict[str, Any] = {}
        exec(python_signers([scheme]), namespace)
        held = namespace["CREDENTIALS"][scheme.name]
        self.signer = held(key="demo", secret=SECRET if is_hmac else PRIVATE).signer(Clock())
        registered = SECRET if is_hmac else base64.b64encode(PUBLIC).decode()
        self.material: Material = self.verifier.register({"secret": registered})

    def signed(
        self,
        method: str = "POST",
        host: str = "api.meridian.example",
        target: str = "/v1/orders?a=1&b=2",
        body: bytes = BODY,
        timestamp: str = str(NOW),
        nonce: str = "0123456789abcdef0123456789abcdef",
    ) -> Received:
        path, _, query = target.partition("?")
        draft = RequestDraft(method, host, path, query, body=body)
        self.signer.sign_at(draft, timestamp, nonce)
        headers = tuple((n.encode(), v.encode("latin-1")) for n, v in draft.headers)
        return Received(method, host, target, body, headers)

    def judge(
        self, received: Received, now_ms: int = NOW, *, is_sandbox: bool = False
    ) -> Refusal | None:
        placed = self.verifier.read(received)
        if isinstance(placed, Refusal):
            return placed
        return self.verifier.check(received, placed, self.material, now_ms, is_sandbox)


@pytest.fixture(scope="module", params=["hmac", "ed25519"])
def bench(request: pytest.FixtureRequest, meridian: Mapping[str, SigningScheme]) -> Bench:
    return Bench(meridian[request.param])


def with_header(received: Received, name: str, value: bytes) -> Received:
    headers = tuple((n, value if n == name.encode() else v) for n, v in received.headers)
    return replace(received, headers=headers)


def test_what_the_signer_made_is_accepted(bench: Bench) -> None:
    received = bench.signed()
    assert bench.judge(received) is None
    placed = bench.verifier.read(received)
    assert isinstance(placed, Placed)
    assert (placed.key, placed.timestamp_ms) == ("demo", NOW)
    assert placed.nonce == "0123456789abcdef0123456789abcdef"


def test_host_is_compared_without_regard_to_case(bench: Bench) -> None:
    assert bench.judge(replace(bench.signed(), host="API.Meridian.example")) is None


MUTATIONS: Mapping[str, Callable[[Received], Received]] = {
    "method": lambda r: replace(r, method="DELETE"),
    "host": lambda r: replace(r, host="testnet.meridian.example"),
    "path": lambda r: replace(r, target=r.target.replace("orders", "order")),
    "query value": lambda r: replace(r, target=r.target.replace("b=2", "b=3")),
    "query order": lambda r: replace(r, target="/v1/orders?b=2&a=1"),
    "query added": lambda r: replace(r, target=r.target + "&c=3"),
    "query encoded": lambda r: replace(r, target=r.target.replace("a=1", "%61=1")),
    "body space": lambda r: replace(r, body=r.body + b" "),
    "body byte": lambda r: replace(r, body=r.body.replace(b"0.5", b"5.0")),
    "body gone": lambda r: replace(r, body=b""),
    "timestamp": lambda r: with_header(r, "MERIDIAN-TIMESTAMP", str(NOW + 1).encode()),
    "nonce": lambda r: with_header(r, "MERIDIAN-NONCE", b"f" * 32),
    "key": lambda r: with_header(r, "MERIDIAN-KEY", b"other"),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_each_single_change_is_refused(bench: Bench, mutation: str) -> None:
    refusal = bench.judge(MUTATIONS[mutation](bench.signed()))
    assert refusal is not None
    assert refusal.kind is RefusalKind.INVALID


def test_other_credentials_are_refused(bench: Bench) -> None:
    received = bench.signed()
    placed = bench.verifier.read(received)
    assert isinstance(placed, Placed)
    other = (
        {"secret": SECRET + "x"}
        if bench.scheme.name == "hmac"
        else {
            "secret": Ed25519PrivateKey.generate()
            .public_key()
            .public_bytes(Encoding.Raw, PublicFormat.Raw)
            .hex()
        }
    )
    refusal = bench.verifier.check(received, placed, bench.verifier.register(other), NOW)
    assert refusal is not None
    assert refusal.kind is RefusalKind.INVALID


@pytest.mark.parametrize("missing", ["KEY", "TIMESTAMP", "NONCE", "SIGNATURE"])
def test_absent_and_repeated_headers_are_told_apart(bench: Bench, missing: str) -> None:
    received = bench.signed()
    name = f"MERIDIAN-{missing}".encode()
    without = tuple(pair for pair in received.headers if pair[0] != name)
    refusal = bench.judge(replace(received, headers=without))
    assert refusal is not None
    assert refusal.kind is RefusalKind.MISSING
    assert name.decode() in refusal.message
    twice = (*received.headers, (name.lower(), b"x"))
    refusal = bench.judge(replace(received, headers=twice))
    assert refusal is not None
    assert refusal.kind is RefusalKind.DUPLICATED


@pytest.mark.parametrize(
    "stamp",
    [
        b"1700000000.123",
        b"1e12",
        b"NaN",
        b"-1",
        b"+1700000000123",
        b"1_700_000_000_123",
        b" ",
        b"01700000000123",
        b"",
        "１７".encode(),
        b"\xff\xfe",
        b"17000000001230000000000000",
    ],
)
def test_timestamps_in_other_forms_are_refused(bench: Bench, stamp: bytes) -> None:
    refusal = bench.judge(with_header(bench.signed(), "MERIDIAN-TIMESTAMP", stamp))
    assert refusal is not None
    assert refusal.kind in (RefusalKind.MALFORMED, RefusalKind.MISSING)


@pytest.mark.parametrize(
    ("now_ms", "is_good"),
    [
        (NOW + 5000, True),
        (NOW + 5001, False),
        (NOW - 1000, True),
        (NOW - 1001, False),
    ],
)
def test_window_edges_are_as_documented(bench: Bench, now_ms: int, is_good: bool) -> None:
    refusal = bench.judge(bench.signed(), now_ms)
    assert (refusal is None) == is_good
    if refusal is not None:
        assert refusal.kind is RefusalKind.TIMESTAMP


@pytest.mark.parametrize("nonce", [b"F" * 32, b"f" * 31, b"f" * 33, b"g" * 32, b"\xe9" * 32])
def test_nonces_in_other_forms_are_refused(bench: Bench, nonce: bytes) -> None:
    refusal = bench.judge(with_header(bench.signed(), "MERIDIAN-NONCE", nonce))
    assert refusal is not None
    assert refusal.kind is RefusalKind.MALFORMED


@pytest.mark.parametrize("what", ["timestamp", "nonce"])
def test_what_was_signed_empty_is_refused(bench: Bench, what: str) -> None:
    """A good signature over no time would hold for ever, and over no nonce again and again."""
    refusal = bench.judge(bench.signed(**{what: ""}))
    assert refusal is not None
    assert refusal.kind is RefusalKind.MISSING


def test_signatures_in_other_spellings_are_refused(bench: Bench) -> None:
    received = bench.signed()
    signature = dict(received.headers)[b"MERIDIAN-SIGNATURE"]
    spellings = [signature + b"0", signature[:-1], b"0" * len(signature), b"=" * 4, b"\x80\x81"]
    if bench.scheme.name == "hmac":
        spellings.append(signature.upper())
    else:
        # Six trailing bits of the last character before == decode to nothing.
        spellings.append(signature[:-3] + bytes([signature[-3] + 1]) + b"==")
        spellings.append(signature.rstrip(b"="))
    for spelling in spellings:
        refusal = bench.judge(with_header(received, "MERIDIAN-SIGNATURE", spelling))
        assert refusal is not None, spelling
        assert refusal.kind in (RefusalKind.INVALID, RefusalKind.MALFORMED), spelling


def test_malleable_ed25519_signature_is_refused(meridian: Mapping[str, SigningScheme]) -> None:
    bench = Bench(meridian["ed25519"])
    received = bench.signed()
    raw = base64.b64decode(dict(received.headers)[b"MERIDIAN-SIGNATURE"])
    shifted = (int.from_bytes(raw[32:], "little") + ORDER_L).to_bytes(32, "little")
    forged = base64.b64encode(raw[:32] + shifted)
    assert bench.judge(with_header(received, "MERIDIAN-SIGNATURE", forged)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "01" + "00" * 31,
        "00" * 32,
        "ec" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
        "01" + "00" * 30 + "80",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "AAAA",
        "no key",
    ],
)
def test_weak_public_keys_are_not_registered(
    meridian: Mapping[str, SigningScheme], text: str
) -> None:
    with pytest.raises(WeakKeyError):
        Verifier(meridian["ed25519"]).register({"secret": text})


def test_short_secrets_are_not_registered(meridian: Mapping[str, SigningScheme]) -> None:
    with pytest.raises(WeakKeyError, match="fewer than 16"):
        Verifier(meridian["hmac"]).register({"secret": "short"})


def test_hmac_with_the_public_key_as_secret_is_refused(
    meridian: Mapping[str, SigningScheme],
) -> None:
    """The algorithm comes from the key's record, never from the request."""
    by_hmac = Bench(meridian["hmac"])
    namespace: dict[str, Any] = {}
    exec(python_signers([meridian["hmac"]]), namespace)
    forger = namespace["HmacCredentials"](key="demo", secret=base64.b64encode(PUBLIC).decode())
    by_hmac.signer = forger.signer(Clock())
    ed25519 = Bench(meridian["ed25519"])
    assert ed25519.judge(by_hmac.signed()) is not None


CAUSES = [
    ({"method": "post"}, {}, "the method was signed in lower case"),
    ({"target": "/v1/orders"}, {}, "the query was left out of the signed string"),
    ({"target": "/v1/orders?a=1&b=2"}, {"target": "/v1/orders?b=2&a=1"}, "sorted"),
    ({"body": b'{"symbol": "BTC-USD", "quantity": "0.5"}'}, {}, "serialised again"),
    ({"body": b""}, {}, "the body was left out"),
    ({"host": "api.meridian.example"}, {"host": "api.meridian.example:443"}, "without its port"),
    ({"target": "/v1/orders?t=a b"}, {"target": "/v1/orders?t=a%20b"}, "decoded form"),
]


@pytest.mark.parametrize(("signed", "sent", "cause"), CAUSES)
def test_sandbox_names_the_likely_cause(
    bench: Bench, signed: dict[str, Any], sent: dict[str, Any], cause: str
) -> None:
    received = bench.signed(**signed)
    original = bench.signed()
    wire = replace(
        received,
        method="POST",
        host=sent.get("host", original.host),
        target=sent.get("target", original.target),
        body=BODY,
    )
    refusal = bench.judge(wire, is_sandbox=True)
    assert refusal is not None
    assert refusal.explanation is not None
    assert cause in str(refusal.explanation.cause)
    assert refusal.explanation.signed is not None
    expected, offset = refusal.explanation.canonical, refusal.explanation.first_difference
    assert offset is not None
    assert expected[:offset] == refusal.explanation.signed[:offset]
    assert expected[offset : offset + 1] != refusal.explanation.signed[offset : offset + 1]
    assert SECRET not in str(refusal)


def test_sandbox_names_a_wrong_unit_of_time(bench: Bench) -> None:
    received = bench.signed(timestamp=str(NOW // 1000))
    refusal = bench.judge(received, is_sandbox=True)
    assert refusal is not None
    assert refusal.explanation is not None
    assert refusal.explanation.cause == "the timestamp is in seconds, not in milliseconds"


def test_production_explains_nothing(bench: Bench) -> None:
    refusal = bench.judge(replace(bench.signed(), method="GET"))
    assert refusal is not None
    assert refusal.explanation is None


def test_log_on_over_the_stream_is_verified(meridian: Mapping[str, SigningScheme]) -> None:
    bench = Bench(meridian["hmac"])
    draft = RequestDraft("", "api.meridian.example", "", members={"op": "log_on", "params": {}})
    bench.signer.sign_message_at(draft, str(NOW), "ab" * 16)
    verifier = Verifier(meridian["hmac"], SignedWire.WEBSOCKET)
    received = Received(host="api.meridian.example", message=draft.members)
    placed = verifier.read(received)
    assert isinstance(placed, Placed)
    assert verifier.check(received, placed, bench.material, NOW) is None
    elsewhere = replace(received, host="testnet.meridian.example")
    assert verifier.check(elsewhere, placed, bench.material, NOW) is not None


CAPITALS = """
credentials: {key: {}, secret: {decode: ed25519, secret: true}}
steps:
  canonical: {concat: [$method, $target, $body]}
  raw: {ed25519: {key: $secret, message: $canonical}}
  written: {hex: $raw}
  signature: {upper: $written}
rest: {placement: [{header: X-Key, value: $key}, {header: X-Sign, value: $signature}]}
"""


def test_a_private_keys_signature_in_capitals_has_one_text() -> None:
    bench = Bench(scheme_of(CAPITALS))
    received = bench.signed()
    signature = dict(received.headers)[b"X-Sign"]
    assert signature.isupper()
    assert bench.judge(received) is None
    for other in (signature.lower(), signature[:4] + signature[4:].lower(), signature[:-2]):
        refusal = bench.judge(with_header(received, "X-Sign", other))
        assert refusal is not None
        assert refusal.kind is RefusalKind.INVALID
