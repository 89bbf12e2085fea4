"""The questions that lint rules ask: each finds its mistake and leaves a sound scheme alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from scheme_text import BASE, changed, scheme_of

from venuekit.contract.signing import SigningScheme
from venuekit.vectors import lint

Check = Callable[[SigningScheme], Any]

FOUND: Mapping[str, tuple[Check, str]] = {
    "secret": (lint.secret_in_canonical, changed("$nonce]", "$nonce, $secret]")),
    "time": (lint.time_not_signed, changed("$timestamp, $nonce]", "$nonce]")),
    "nonce": (lint.nonce_not_signed, changed("$timestamp, $nonce]", "$timestamp]")),
    "body": (lint.body_not_covered, changed("{hex: {sha256: $body}}, ", "")),
    "query": (lint.query_not_covered, changed("$target", "$path")),
    "join": (lint.joined_free_fields, changed("{hex: {sha256: $body}}", "$body")),
    "decoded": (lint.joined_free_fields, changed("$target", "{percent_decode: $query}")),
    "window": (lint.window_too_wide, changed("window_ms: 5000", "window_ms: 60000")),
    "future": (lint.window_too_wide, changed("future_ms: 1000", "future_ms: 60000")),
    "no window": (lint.without_window, changed(", window_ms: 5000", "")),
    "no vector": (lint.without_vector, BASE),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_mistake_is_found_with_its_place(name: str) -> None:
    check, text = FOUND[name]
    found = list(check(scheme_of(text)))
    assert len(found) == 1
    origin, facts = found[0]
    assert origin.place.file == "signing.yaml"
    assert facts["scheme"] == "test"


@pytest.mark.parametrize("name", [name for name in FOUND if name != "no vector"])
def test_a_sound_scheme_is_left_alone(name: str) -> None:
    assert list(FOUND[name][0](scheme_of(BASE))) == []


@pytest.mark.parametrize("scheme", ["hmac", "ed25519"])
def test_the_reference_contract_is_sound(
    meridian: Mapping[str, SigningScheme], scheme: str
) -> None:
    checks = [*(check for check, _ in FOUND.values()), lint.wrong_vectors]
    assert [found for check in checks for found in check(meridian[scheme])] == []


def test_the_last_part_of_a_join_may_hold_anything() -> None:
    text = changed("{hex: {sha256: $body}}, $timestamp, $nonce]", "$timestamp, $nonce, $body]")
    assert list(lint.joined_free_fields(scheme_of(text))) == []


VECTOR = """
vectors:
  - id: one
    secret: s
    inputs: {key: k, method: GET, target: /, body: "", timestamp: "1", nonce: n}
    expected: "%s"
"""


def test_a_wrong_vector_is_found_with_what_was_computed() -> None:
    found = list(lint.wrong_vectors(scheme_of(BASE + VECTOR % "00")))
    assert [facts["vector"] for _, facts in found] == ["one"]
    right = str(found[0][1]["found"])
    assert len(right) == 64
    assert list(lint.wrong_vectors(scheme_of(BASE + VECTOR % right))) == []
    assert found[0][0].place.line == 19


def test_a_vector_that_lacks_an_input_is_found() -> None:
    text = (BASE + VECTOR % "00").replace("    secret: s\n", "")
    ((_, facts),) = lint.wrong_vectors(scheme_of(text))
    assert "the credentials lack 'secret'" in str(facts["found"])
