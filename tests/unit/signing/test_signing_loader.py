"""Mistakes in x-signing: each is found at its place, with its cure, and all in one run."""

from __future__ import annotations

import pytest
from scheme_text import BASE, changed, scheme_of

from venuekit.finding import FindingsError

MISTAKES = [
    ("{sha256: $body}", "{sha265: $body}", 9, "there is no operator 'sha265'", "'sha256'"),
    ("$target, ", "$taget, ", 9, "$taget names no input", "Did you mean 'target'?"),
    ("{hex: {sha256: $body}}", "{lower: {sha256: $body}}", 9, "yields bytes, but text", "hex"),
    ("key: $secret", "key: $headers", 10, "yields list, but bytes or text", "form or names"),
    ("hash: sha256, ", "", 10, "lacks its argument 'hash'", "hash, key, message"),
    ("hash: sha256", "hash: md5", 10, "'hash' cannot be the text 'md5'", "sha256, sha384, sha512"),
    ("decode: utf8", "decode: utf-8", 4, "'decode' cannot be the text 'utf-8'", "'utf8'"),
    ("key: $secret", "key: 5", 10, "cannot be the number 5", "quotes"),
    ("format: unix-ms", "format: unix", 5, "'format' cannot be", "'unix-"),
    ("window_ms: 5000", "window_ms: 5s", 5, "whole number from 0, not the text '5s'", "unit"),
    ("kind: random", "kind: rando", 6, "'kind' cannot be the text 'rando'", "'random'"),
    ("{header: X-Key, value: $key}", "{heder: X-Key, value: $key}", 13, "no member 'heder'",
     "'header'"),
    ("{header: X-Key, value: $key}", "{header: X-Key}", 13, "names one place and a value",
     "value: $signature"),
    ("  signature: ", "  signiture: ", 8, "there is no step 'signature'", "`signature`"),
    ("key: {}", "body: {}", 3, "'body' is already the name of an input", "another name"),
    ("key: {}", "Key: {}", 3, "'Key' cannot be referred to", "lower-case"),
    ("$method, ", "{hex: $body, base64: $body}, ", 9, "cannot be a mapping", "one op"),
    ("nonce: {kind: random}\n", "", 8, "$nonce names no input", "Add a 'nonce' section"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "fact", "cure"), MISTAKES)
def test_a_mistake_is_found_at_its_place(
    old: str, new: str, line: int, fact: str, cure: str
) -> None:
    with pytest.raises(FindingsError) as caught:
        scheme_of(changed(old, new))
    found = [f for f in caught.value.findings if fact in f.message]
    assert found, [f.message for f in caught.value.findings]
    assert cure in found[0].help
    assert found[0].origin is not None
    place = found[0].origin.place
    assert (place.file, place.line) == ("signing.yaml", line)


def test_all_mistakes_are_found_in_one_run() -> None:
    text = changed("$target", "$taget").replace("utf8", "utf9").replace("X-Key, value", "X, valu")
    with pytest.raises(FindingsError) as caught:
        scheme_of(text)
    assert len(caught.value.findings) >= 3


@pytest.mark.parametrize("value", ["[]", "5", "text", "{}", "credentials: {}\nsteps: {}"])
def test_other_shapes_are_refused(value: str) -> None:
    with pytest.raises(FindingsError):
        scheme_of(value)


def test_a_dollar_is_written_twice() -> None:
    scheme = scheme_of(changed("[$method,", "[$$cash, $method,"))
    assert "$cash" in str(scheme.step("canonical").expression)


def test_deep_nesting_is_refused() -> None:
    deep = "{lower: " * 60 + "$method" + "}" * 60
    with pytest.raises(FindingsError, match="nests too deep"):
        scheme_of(changed("$method", deep))


def test_the_base_is_right() -> None:
    assert [step.name for step in scheme_of(BASE).steps] == ["canonical", "signature"]
