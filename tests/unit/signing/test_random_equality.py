"""Random requests give the same bytes in interpreter, Python and TypeScript, and verify.

The default is a taste of each scheme; VENUEKIT_RANDOM_REQUESTS=10000 asks for that many.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Mapping
from typing import Any

import pytest
from random_requests import is_random, request

from venuekit.contract.signing import Decoding, SigningScheme
from venuekit.signing.catalogue import catalogue_entry, catalogue_names
from venuekit.signing.raw_signature import signing_call
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.engines import EmittedPython
from venuekit.vectors.judges import VectorVerifier, interpret
from venuekit.vectors.node import sign_in_node
from venuekit.vectors.result import Signed

COUNT = int(os.environ.get("VENUEKIT_RANDOM_REQUESTS", "4"))
BATCH = 5_000
RANDOMISED = ("rsa_pss",)


def schemes() -> list[SigningScheme]:
    entries = (catalogue_entry(name) for name in catalogue_names())
    return [entry.scheme for entry in entries if entry is not None and is_random(entry.scheme)]


def jobs(found: list[SigningScheme]) -> list[tuple[SigningScheme, Any, PreparedRequest]]:
    return [
        (scheme, use, request(scheme, use, random.Random(f"{scheme.name} {use.wire} {number}")))
        for scheme in found
        for use in scheme.uses
        for number in range(count_for(scheme))
    ]


def count_for(scheme: SigningScheme) -> int:
    """Reading an RSA key takes as long as a hundred other signatures."""
    is_slow = any(part.decoding is Decoding.RSA for part in scheme.credentials)
    return -(-COUNT // 4) if is_slow else COUNT


def same(left: Signed, right: Signed, scheme: SigningScheme, is_typescript: bool) -> bool:
    """Whether two engines agree; a signature with a fresh salt or nonce cannot repeat."""
    call = signing_call(scheme)
    randomised = {*RANDOMISED, "ecdsa_p256"} if is_typescript else set(RANDOMISED)
    if call is not None and call.operator in randomised:
        return left.canonical == right.canonical
    return left == right


def test_interpreter_and_emitted_python_agree() -> None:
    modules = {scheme.name: EmittedPython(scheme) for scheme in schemes()}
    for scheme, use, given in jobs(schemes()):
        # Each engine writes into the message, so each gets its own.
        expected = interpret(scheme, use, copied(given))
        found = modules[scheme.name].sign(use, copied(given))
        assert same(expected, found, scheme, is_typescript=False), (scheme.name, expected, found)


def test_interpreter_and_emitted_typescript_agree() -> None:
    given = jobs(schemes())
    for start in range(0, len(given), BATCH):
        batch = given[start : start + BATCH]
        for (scheme, use, item), found in zip(batch, sign_in_node(batch), strict=True):
            expected = interpret(scheme, use, copied(item))
            assert isinstance(found, Signed), (scheme.name, found, item)
            assert same(expected, found, scheme, is_typescript=True), (scheme.name, expected, found)


def test_the_verifier_takes_what_was_signed_and_nothing_spoiled() -> None:
    for scheme, use, given in jobs(schemes()):
        signed = interpret(scheme, use, copied(given))
        verifier = VectorVerifier(scheme, use)
        assert verifier.accepts(copied(given), signed.signature), (scheme.name, given)


def copied(given: PreparedRequest) -> PreparedRequest:
    return copy.deepcopy(given)


def test_reference_schemes_agree_everywhere(meridian: Mapping[str, SigningScheme]) -> None:
    found = list(meridian.values())
    modules = {scheme.name: EmittedPython(scheme) for scheme in found}
    given = jobs(found)
    for (scheme, use, item), typescript in zip(given, sign_in_node(given), strict=True):
        expected = interpret(scheme, use, copied(item))
        assert modules[scheme.name].sign(use, copied(item)) == expected
        assert typescript == expected
        assert VectorVerifier(scheme, use).accepts(copied(item), expected.signature)


def needs_only_webcrypto(scheme: SigningScheme) -> bool:
    """Whether the scheme's keys come in a form that WebCrypto imports, and its hashes exist."""
    kinds = {part.decoding for part in scheme.credentials}
    return Decoding.RSA not in kinds


def test_webcrypto_signs_the_same_as_node(meridian: Mapping[str, SigningScheme]) -> None:
    found = [scheme for scheme in schemes() if needs_only_webcrypto(scheme)]
    given = jobs([*meridian.values(), *found])
    for (scheme, use, item), signed in zip(given, sign_in_node(given, is_web=True), strict=True):
        expected = interpret(scheme, use, copied(item))
        assert isinstance(signed, Signed), (scheme.name, signed)
        assert same(expected, signed, scheme, is_typescript=True), (scheme.name, expected, signed)


def test_webcrypto_refuses_a_pem_that_it_cannot_import() -> None:
    entry = catalogue_entry("binance-rest-rsa")
    assert entry is not None
    (job, *_) = jobs([entry.scheme])
    (answer,) = sign_in_node([job], is_web=True)
    assert "is not PKCS8 PEM, which WebCrypto demands" in str(answer)


@pytest.mark.parametrize("count", [3])
def test_random_requests_differ(count: int) -> None:
    scheme = schemes()[0]
    drawn = [request(scheme, scheme.uses[0], random.Random(n)) for n in range(count)]
    assert len({item.path + item.timestamp for item in drawn}) == count
