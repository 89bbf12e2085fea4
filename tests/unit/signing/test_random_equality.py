"""Random requests give the same bytes in interpreter, Python and TypeScript, and verify.

This is a taste of each scheme; `nox -s signing` asks for ten thousand.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from agreement import copied, disagreements, jobs, same, uses_rsa
from every_scheme import catalogue_schemes
from random_requests import request
from structured_requests import STRUCTURED

from venuekit.contract.signing import SigningScheme
from venuekit.signing.catalogue import catalogue_entry
from venuekit.vectors.judges import interpret
from venuekit.vectors.node import sign_in_node
from venuekit.vectors.result import Signed

COUNT = 4
COUNT_OF_RSA = 1
"""Reading an RSA key takes as long as a hundred other signatures."""


def taste(schemes: list[SigningScheme]) -> list[tuple[SigningScheme, range]]:
    return [(one, range(COUNT_OF_RSA if uses_rsa(one) else COUNT)) for one in schemes]


def test_all_engines_agree_about_every_scheme(meridian: Mapping[str, SigningScheme]) -> None:
    schemes = [*catalogue_schemes(), *meridian.values()]
    given = [job for scheme, numbers in taste(schemes) for job in jobs([scheme], numbers)]
    assert {scheme.name for scheme, _, _ in given} == {scheme.name for scheme in schemes}
    assert list(disagreements(given)) == []


def test_webcrypto_signs_the_same_as_node(meridian: Mapping[str, SigningScheme]) -> None:
    # The vectors' RSA keys are PKCS1, which WebCrypto does not import.
    found = [scheme for scheme in catalogue_schemes() if not uses_rsa(scheme)]
    given = jobs([*meridian.values(), *found], range(COUNT))
    for (scheme, use, item), signed in zip(given, sign_in_node(given, is_web=True), strict=True):
        expected = interpret(scheme, use, copied(item))
        assert isinstance(signed, Signed), (scheme.name, signed)
        assert same(expected, signed, scheme, is_typescript=True), (scheme.name, expected, signed)


def test_webcrypto_refuses_a_pem_that_it_cannot_import() -> None:
    entry = catalogue_entry("binance-rest-rsa")
    assert entry is not None
    (job, *_) = jobs([entry.scheme], range(1))
    (answer,) = sign_in_node([job], is_web=True)
    assert "is not PKCS8 PEM, which WebCrypto demands" in str(answer)


@pytest.mark.parametrize("scheme", catalogue_schemes(), ids=lambda scheme: str(scheme.name))
def test_random_requests_differ(scheme: SigningScheme) -> None:
    drawn = [request(scheme, scheme.uses[0], random.Random(n)) for n in range(3)]
    assert len({repr(item) for item in drawn}) == 3


def test_structured_requests_are_of_schemes_that_exist() -> None:
    assert set(STRUCTURED) <= {scheme.name for scheme in catalogue_schemes()}
