"""Encodings of signers: what they write and read, against the standard library."""

from __future__ import annotations

import base64
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venuekit_runtime import crypto
from venuekit_runtime.errors import SigningError

KEPT = st.sampled_from(["", "/", "/:@", "~!*'()", "é%"])


@given(st.text(st.characters(exclude_categories=("Cs",))), KEPT)
def test_percent_encoding_is_that_of_the_standard_library(text: str, keep: str) -> None:
    assert crypto.percent_encode(text, keep) == quote(text, safe=keep)
    assert crypto.percent_decode(quote(text, safe=keep)) == unquote_to_bytes(quote(text, safe=keep))


@given(st.binary(), KEPT)
def test_bytes_are_percent_encoded(data: bytes, keep: str) -> None:
    assert crypto.percent_encode(data, keep) == quote(data, safe=keep)


@given(st.binary(min_size=1))
def test_base64_of_both_alphabets(data: bytes) -> None:
    plain, url = base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()
    assert crypto.base64_text(data) == plain
    assert crypto.base64url_text(data) == url
    assert crypto.base64url_unpadded_text(data) == url.rstrip("=")
    for text in (plain, plain.rstrip("="), f" {plain}\n"):
        assert crypto.base64_part("s", {"key": text}, "key") == data
    for text in (url, url.rstrip("=")):
        assert crypto.base64url_part("s", {"key": text}, "key") == data


@pytest.mark.parametrize("text", ["a", "ab=c", "ab c", "ab\ncd", "abcdé", "-_-_", "ab!d", "abcde"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(SigningError, match="the credential 'key' is not base64"):
        crypto.base64_part("s", {"key": text}, "key")


@pytest.mark.parametrize("text", ["a", "ab=c", "ab c", "abcdé", "+/+/", "abcde"])
def test_what_is_no_base64url_is_refused(text: str) -> None:
    with pytest.raises(SigningError, match="the credential 'key' is not base64url"):
        crypto.base64url_part("s", {"key": text}, "key")
