"""A clock that is off moves the timestamp and nothing else: no window grows to hide it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from every_scheme import catalogue_schemes
from random_requests import request

from venuekit.contract.signing import SigningScheme
from venuekit.emit.signing.python import python_signers
from venuekit.emit.signing.views import METHODS
from venuekit.signing.public_check import private_operator
from venuekit.vectors.engines import draft_of
from venuekit_runtime import crypto
from venuekit_runtime.clock import Clock

OFFSET_MS = 3_000
NOW_NS = 1_767_225_600_123_456_789
SCHEMES = {
    scheme.name: scheme
    for scheme in catalogue_schemes()
    if scheme.clock is not None and scheme.nonce is None and private_operator(scheme) is None
}


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_an_offset_moves_the_timestamp_alone(scheme: SigningScheme) -> None:
    assert scheme.clock is not None
    local, exact = Clock(lambda: NOW_NS), Clock(lambda: NOW_NS + OFFSET_MS * 1_000_000)
    local.observe(NOW_NS + OFFSET_MS * 1_000_000, NOW_NS - 1_000_000, NOW_NS + 1_000_000)
    for use in scheme.uses:
        given = replace(request(scheme, use, random.Random(scheme.name)), timestamp="")
        method = METHODS[use.wire][0]
        sent = []
        for clock in (local, exact):
            draft = draft_of(use, deepcopy(given))
            getattr(emitted(scheme, given.parts).signer(clock), method)(draft)
            sent.append({name: str(value) for name, value in facts(draft).items()})
        assert sent[0] == sent[1]
        draft = draft_of(use, deepcopy(given))
        stale = emitted(scheme, given.parts).signer(Clock(lambda: NOW_NS))
        getattr(stale, method)(draft)
        assert {n: str(v) for n, v in facts(draft).items()} != sent[0]


def emitted(scheme: SigningScheme, parts: Mapping[str, str]) -> Any:
    """Return credentials of the emitted module."""
    namespace: dict[str, Any] = {}
    exec(compile(python_signers([scheme]), "signing.py", "exec"), namespace)
    return namespace["CREDENTIALS"][scheme.name](**parts)


def facts(draft: object) -> dict[str, object]:
    names = ("path", "query", "headers", "body", "members", "tags")
    return {name: getattr(draft, name, "") for name in names}


def test_there_is_something_to_compare() -> None:
    assert len(SCHEMES) > 15
    assert crypto.time_text("unix-ms", NOW_NS) == "1767225600123"
