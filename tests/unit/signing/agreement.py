"""Asks all engines for the same random requests, and says where they differ."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from random_requests import request

from venuekit.contract.signing import Decoding, SigningScheme
from venuekit.signing.interpreter import Interpreter
from venuekit.signing.raw_signature import signing_call
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.engines import EmittedPython
from venuekit.vectors.judges import VectorVerifier, sign
from venuekit.vectors.node import Job, sign_in_node
from venuekit.vectors.result import Signed
from venuekit_runtime import crypto_keys
from venuekit_runtime.errors import SigningError

RANDOMISED = frozenset(("rsa_pss",))
RANDOMISED_IN_TYPESCRIPT = RANDOMISED | {"ecdsa_p256"}


def jobs(schemes: Iterable[SigningScheme], numbers: Iterable[int]) -> list[Job]:
    """The numbered random requests of every use; a number stands for the same one each time."""
    wanted = tuple(numbers)
    return [
        (scheme, use, request(scheme, use, random.Random(f"{scheme.name} {use.wire} {number}")))
        for scheme in schemes
        for use in scheme.uses
        for number in wanted
    ]


def disagreements(given: Sequence[Job]) -> Iterator[str]:
    """What any engine makes of a request that another does not, or that the verifier refuses."""
    schemes = {scheme.name: scheme for scheme, _, _ in given}
    modules = {name: EmittedPython(scheme) for name, scheme in schemes.items()}
    interpreters = {name: Interpreter(scheme) for name, scheme in schemes.items()}
    uses = {(scheme.name, use.wire): (scheme, use) for scheme, use, _ in given}
    verifiers = {name: VectorVerifier(*one) for name, one in uses.items()}
    for (scheme, use, item), in_node in zip(given, sign_in_node(given), strict=True):
        verifier = verifiers[scheme.name, use.wire]
        about = f"{scheme.name} over {use.wire}, {item}"
        try:
            expected = sign(interpreters[scheme.name], use, copied(item))
            in_python = modules[scheme.name].sign(use, copied(item))
            is_accepted = verifier.accepts(copied(item), expected.signature)
        except SigningError as error:
            yield f"{about}: {error}"
            continue
        if not same(expected, in_python, scheme, is_typescript=False):
            yield f"{about}: interpreter {expected}, Python {in_python}"
        if not isinstance(in_node, Signed):
            yield f"{about}: TypeScript says {in_node}"
        elif not same(expected, in_node, scheme, is_typescript=True):
            yield f"{about}: interpreter {expected}, TypeScript {in_node}"
        if not is_accepted:
            yield f"{about}: the verifier refuses {expected}"


def same(left: Signed, right: Signed, scheme: SigningScheme, is_typescript: bool) -> bool:
    """Whether two engines agree; a signature with a fresh salt or nonce cannot repeat."""
    call = signing_call(scheme)
    randomised = RANDOMISED_IN_TYPESCRIPT if is_typescript else RANDOMISED
    if call is not None and call.operator in randomised:
        return left.canonical == right.canonical
    return left == right


def copied(given: PreparedRequest) -> PreparedRequest:
    """A copy for one engine, because each writes into the message."""
    return copy.deepcopy(given)


def uses_rsa(scheme: SigningScheme) -> bool:
    return any(part.decoding is Decoding.RSA for part in scheme.credentials)


def keep_parsed_keys() -> None:
    """Parse each PEM once in this process: the few RSA keys serve tens of thousands of requests."""
    crypto_keys._from_pem = cache(crypto_keys._from_pem)
