"""The primitives that signers and interpreter share, against the standards' own values."""

from __future__ import annotations

import hashlib
import hmac
import random

import pytest

from venuekit_runtime import crypto, crypto_messages, crypto_values, encoding
from venuekit_runtime.errors import SigningError

UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"


def test_there_is_one_percent_encoding_table() -> None:
    for code in range(0x250):
        character = chr(code)
        expected = (
            character
            if character in UNRESERVED
            else "".join(f"%{byte:02X}" for byte in character.encode())
        )
        assert crypto.percent_encode(character) == expected
        assert crypto.percent_encode(character.encode()) == expected
        assert encoding.percent_encode(character) == expected
        assert crypto.percent_decode(expected) == character.encode()
    assert crypto.percent_encode("a/b c", "/") == "a/b%20c"


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_prepared_keys_give_the_library_s_hmac(name: str) -> None:
    r = random.Random(name)
    for length in (0, 1, 63, 64, 65, 127, 128, 129, 300):
        key, message = r.randbytes(length), r.randbytes(r.randrange(400))
        prepared = crypto.HmacKey(name, key)
        expected = hmac.new(key, message, name)
        assert prepared.digest(message) == expected.digest()
        assert prepared.hexdigest(message) == expected.hexdigest()
    assert repr(crypto.HmacKey(name, b"hidden")) == "<HMAC key>"


@pytest.mark.parametrize(
    ("time_format", "text"),
    [
        ("unix-s", "1700000000"),
        ("unix-ms", "1700000000123"),
        ("unix-us", "1700000000123456"),
        ("unix-ns", "1700000000123456789"),
        ("iso-ms", "2023-11-14T22:13:20.123Z"),
        ("iso-s", "2023-11-14T22:13:20"),
        ("iso-basic", "20231114T221320Z"),
        ("fix-ms", "20231114-22:13:20.123"),
    ],
)
def test_a_point_in_time_has_one_text(time_format: str, text: str) -> None:
    assert crypto.time_text(time_format, 1_700_000_000_123_456_789) == text


def test_lists_are_sorted_by_bytes() -> None:
    pairs = (("\U0001f600", "1"), ("\uffff", "2"), ("a", "4"), ("a", "3"))
    assert [value for _, value in crypto.sort(pairs)] == ["3", "4", "2", "1"]


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/", "/"),
        ("//", "/"),
        ("/./", "/"),
        ("/a/..", "/"),
        ("/a/../..", "/"),
        ("/a/./b/", "/a/b/"),
        ("/a//b/.", "/a/b/"),
        ("", "/"),
    ],
)
def test_paths_lose_dots_and_empty_segments(path: str, plain: str) -> None:
    assert crypto_messages.normalize_path(path) == plain


@pytest.mark.parametrize("value", [0.1, [1], {"a": 1}, float("nan")])
def test_what_has_no_exact_text_is_refused(value: object) -> None:
    with pytest.raises(SigningError, match="has no exact text"):
        crypto_values.as_text(value)


@pytest.mark.parametrize("text", ["", "+1", "1_0", " 1", "١٢", "1.0", "-1"])
def test_a_number_is_ascii_digits(text: str) -> None:
    with pytest.raises(SigningError):
        crypto_values.number(text)


def test_struct_types_are_hashed_with_what_they_refer_to() -> None:
    """EIP-712's own example: Mail with two Persons."""
    structs = {
        "Person": (("name", "string"), ("wallet", "address")),
        "Mail": (("from", "Person"), ("to", "Person"), ("contents", "string")),
    }
    domain = {
        "name": "Ether Mail",
        "version": "1",
        "chainId": 1,
        "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
    }
    mail = {
        "from": {"name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
        "to": {"name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},
        "contents": "Hello, Bob!",
    }
    digest = crypto_values.eip712(domain, structs, "Mail", mail)
    assert digest.hex() == "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"


def test_weak_inputs_to_typed_data_are_refused() -> None:
    structs = {"A": (("x", "uint8"), ("y", "bytes4"))}
    for message in (
        {"x": 256, "y": "0x00000000"},
        {"x": -1, "y": "0x00000000"},
        {"x": 1, "y": "0x00"},
        {"x": 1},
    ):
        with pytest.raises(SigningError):
            crypto_values.eip712({"name": "n"}, structs, "A", message)


def test_shown_steps_are_text_or_hexadecimal() -> None:
    digest = hashlib.sha256(b"x").digest()
    shown = crypto.shown({"text": "a\nb", "bytes": b"abc", "digest": digest, "list": (("a", "b"),)})
    assert shown["text"] == "a\nb"
    assert shown["bytes"] == "abc"
    assert shown["digest"] == digest.hex()
