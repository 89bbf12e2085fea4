"""Meridian's vectors in the interpreter and in the emitted Python signer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from venuekit.contract.signing import SignedWire, SigningScheme, Vector
from venuekit.emit.signing.python import python_signers
from venuekit.signing.interpreter import Interpreter, decode_credentials
from venuekit.signing.request import from_inputs
from venuekit_runtime.clock import Clock
from venuekit_runtime.errors import SigningError
from venuekit_runtime.signing import RequestDraft

NAMES = ("hmac", "ed25519")


@pytest.fixture(scope="module")
def emitted(meridian: Mapping[str, SigningScheme]) -> dict[str, Any]:
    """The emitted module, executed."""
    namespace: dict[str, Any] = {}
    exec(compile(python_signers(list(meridian.values())), "signing.py", "exec"), namespace)
    return namespace


def parts(vector: Vector) -> dict[str, str]:
    document = vector.document
    return {"key": document["inputs"]["key"], "secret": document["secret"]}


@pytest.mark.parametrize("name", NAMES)
def test_interpreter_reproduces_every_vector(
    meridian: Mapping[str, SigningScheme], name: str
) -> None:
    scheme = meridian[name]
    assert len(scheme.vectors) >= 4
    for vector in scheme.vectors:
        use = scheme.use(vector.wire)
        assert use is not None, vector.id
        inputs = dict(vector.document["inputs"])
        # In a Logon the target is the venue's CompID, which stands in tag 56.
        inputs["tags"] = [("56", inputs["target"])]
        credentials = decode_credentials(scheme, parts(vector))
        found = Interpreter(scheme).evaluate(use, from_inputs(inputs), credentials, inputs)
        assert found.canonical.decode() == vector.document["string_to_sign"], vector.id
        assert found.steps["signature"] == vector.document["expected"], vector.id


@pytest.mark.parametrize("name", NAMES)
def test_emitted_python_reproduces_every_rest_vector(
    meridian: Mapping[str, SigningScheme], emitted: dict[str, Any], name: str
) -> None:
    checked = 0
    for vector in meridian[name].vectors:
        if vector.wire is not SignedWire.REST:
            continue
        inputs = vector.document["inputs"]
        signer = emitted["CREDENTIALS"][name](**parts(vector)).signer(Clock())
        path, _, query = inputs["target"].partition("?")
        draft = RequestDraft(inputs["method"], inputs["host"], path, query)
        draft.body = inputs["body"].encode()
        trace = signer.explain_sign(draft, inputs["timestamp"], inputs["nonce"])
        assert trace["canonical"] == vector.document["string_to_sign"]
        assert draft.headers == [
            ("MERIDIAN-KEY", inputs["key"]),
            ("MERIDIAN-TIMESTAMP", inputs["timestamp"]),
            ("MERIDIAN-NONCE", inputs["nonce"]),
            ("MERIDIAN-SIGNATURE", vector.document["expected"]),
        ]
        assert vector.document["secret"] not in str(trace) + repr(signer)
        checked += 1
    assert checked >= 3


def test_each_signature_draws_a_new_nonce(emitted: dict[str, Any]) -> None:
    signer = emitted["HmacCredentials"](key="k", secret="s" * 32).signer(Clock())
    nonces = set()
    for _ in range(100):
        draft = RequestDraft("GET", "h", "/v1/balances")
        signer.sign(draft)
        nonces.add(dict(draft.headers)["MERIDIAN-NONCE"])
    assert len(nonces) == 100


def test_log_on_is_signed_into_the_message(
    meridian: Mapping[str, SigningScheme], emitted: dict[str, Any]
) -> None:
    signer = emitted["HmacCredentials"](key="k", secret="s" * 32).signer(Clock())
    message = RequestDraft("", "host", "", members={"op": "log_on", "id": "1", "params": {}})
    signer.sign_message_at(message, "1700000000123", "00" * 16)
    rest = RequestDraft("GET", "host", "/v1/stream")
    signer.sign_at(rest, "1700000000123", "00" * 16)
    assert message.members is not None
    assert message.members["params"] == {
        "key": "k",
        "timestamp": "1700000000123",
        "nonce": "00" * 16,
        "signature": dict(rest.headers)["MERIDIAN-SIGNATURE"],
    }


@pytest.mark.parametrize(
    ("name", "secret", "fact"),
    [
        ("hmac", "", "the credentials lack 'secret'"),
        ("ed25519", "not base64!", "is neither a PEM nor base64 of 32 or 64 bytes"),
        ("ed25519", "AAAA", "is neither a PEM nor base64 of 32 or 64 bytes"),
        (
            "ed25519",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "is not a priv",
        ),
    ],
)
def test_wrong_credentials_are_refused_without_quoting_them(
    emitted: dict[str, Any], name: str, secret: str, fact: str
) -> None:
    with pytest.raises(SigningError) as caught:
        emitted["CREDENTIALS"][name](key="k", secret=secret).signer(Clock())
    assert fact in str(caught.value)
    assert not secret or secret not in str(caught.value)
