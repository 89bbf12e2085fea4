"""Each single change to what a scheme signs is refused, for every scheme of the catalogue."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from random_requests import is_random, request

from venuekit.contract.signing import SigningScheme, Use
from venuekit.signing.catalogue import catalogue_entry, catalogue_names
from venuekit.signing.plan import names_behind
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.judges import VectorVerifier, interpret
from venuekit.vectors.run import spoiled
from venuekit_runtime import crypto_values

Change = Callable[[PreparedRequest], PreparedRequest]

CHANGES: Mapping[str, tuple[frozenset[str], Change]] = {
    "method": (frozenset(("method",)), lambda r: replace(r, method="PATCH")),
    "host": (frozenset(("host",)), lambda r: replace(r, host="testnet." + r.host)),
    "path": (frozenset(("path", "target")), lambda r: replace(r, path=r.path + "x")),
    "query": (
        frozenset(("query", "target")),
        lambda r: replace(r, query=f"{r.query}&zz=1" if r.query else "zz=1"),
    ),
    "body": (frozenset(("body",)), lambda r: with_body(r)),
    "timestamp": (frozenset(("timestamp",)), lambda r: replace(r, timestamp=later(r.timestamp))),
    "nonce": (frozenset(("nonce",)), lambda r: replace(r, nonce=later(r.nonce))),
    "key": (frozenset(("key",)), lambda r: replace(r, parts={**r.parts, "key": "another"})),
}


EITHER = ("bybit-v5", "bybit-v5-rsa", "mexc-contract", "backpack", "upbit-jwt")
"""Schemes that sign the query or the body, whichever there is."""


def with_body(given: PreparedRequest) -> PreparedRequest:
    """Another body; where members make it, another member."""
    if given.message is None:
        return replace(given, body=given.body + "x")
    message = {**given.message, "one_more": "1"}
    return replace(given, message=message, body=crypto_values.json_text(message))


def later(text: str) -> str:
    """The same text with its last digit changed, which keeps its form."""
    at = max(i for i, character in enumerate(text) if character.isdigit())
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def schemes() -> list[SigningScheme]:
    entries = (catalogue_entry(name) for name in catalogue_names())
    return [entry.scheme for entry in entries if entry is not None and is_random(entry.scheme)]


def covered(scheme: SigningScheme, use: Use) -> frozenset[str]:
    """The inputs that the scheme signs and that the use does not fix."""
    return names_behind(scheme, "signature") - {name for name, _ in use.bindings}


@pytest.mark.parametrize("scheme", schemes(), ids=lambda scheme: str(scheme.name))
def test_every_single_change_is_refused(scheme: SigningScheme) -> None:
    for use in scheme.uses:
        given = request(scheme, use, random.Random(f"mutation {scheme.name} {use.wire}"))
        given = replace(given, is_settled=False)
        verifier = VectorVerifier(scheme, use)
        signature = interpret(scheme, use, copy.deepcopy(given)).signature
        assert verifier.accepts(copy.deepcopy(given), signature)
        assert not verifier.accepts(copy.deepcopy(given), spoiled(signature))
        for name, (inputs, change) in CHANGES.items():
            if not inputs & covered(scheme, use) or unread(scheme, given, name):
                continue
            assert not verifier.accepts(change(copy.deepcopy(given)), signature), (use.wire, name)


def unread(scheme: SigningScheme, given: PreparedRequest, name: str) -> bool:
    """Whether a branch leaves the input out of this one request, as the venue documents it."""
    is_either = scheme.name in EITHER
    if name == "body" and is_either:
        return bool(given.query)
    return name == "query" and scheme.name == "upbit-jwt"
