"""Each single change to what was signed is refused, for every use of every scheme.

The change is made on the wire: the request is written anew with the change, the signature stays,
and the server reads and judges what arrived. What a venue's own scheme leaves unsigned stands in
`unsigned.txt`, line by line, and is held to be taken: a line that is no longer true fails.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from every_scheme import catalogue_schemes, meridian_schemes
from random_requests import parts, request
from wire import Wire

from venuekit.contract.signing import Decoding, SignedWire, SigningScheme, Slot, Use
from venuekit.signing.plan import references
from venuekit.signing.received import Refusal, RefusalKind
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.run import spoiled
from venuekit_runtime import crypto_keys, crypto_values

UNSIGNED = Path(__file__).with_name("unsigned.txt")
DRAWS = 3
"""How many random requests each change is made to; in all of them the outcome is the same."""

Change = Callable[[PreparedRequest], PreparedRequest]
METHODS = {"GET": "DELETE", "POST": "PUT"}


def another_method(given: PreparedRequest) -> PreparedRequest:
    return replace(given, method=METHODS[given.method])


def another_host(given: PreparedRequest) -> PreparedRequest:
    host = "testnet." + given.host
    headers = tuple((name, host if name == "Host" else value) for name, value in given.headers)
    return replace(given, host=host, headers=headers)


def another_path(given: PreparedRequest) -> PreparedRequest:
    return replace(given, path=given.path + "x")


def another_query_value(given: PreparedRequest) -> PreparedRequest:
    return replace(given, query=given.query + "1")


def another_query_parameter(given: PreparedRequest) -> PreparedRequest:
    return replace(given, query=given.query + "&zz=1")


def another_header_value(given: PreparedRequest) -> PreparedRequest:
    headers = tuple(
        (name, "text/plain" if name == "Content-Type" else value) for name, value in given.headers
    )
    return replace(given, headers=headers)


def another_body(given: PreparedRequest) -> PreparedRequest:
    if given.body.startswith("{"):
        message = {**json.loads(given.body), "zz": "1"}
        return replace(given, message=message, body=crypto_values.json_text(message))
    return replace(given, body=given.body + "x")


def another_timestamp(given: PreparedRequest) -> PreparedRequest:
    return replace(given, timestamp=later(given.timestamp))


def another_nonce(given: PreparedRequest) -> PreparedRequest:
    return replace(given, nonce=later(given.nonce))


def another_key(given: PreparedRequest) -> PreparedRequest:
    return replace(given, parts={**given.parts, "key": given.parts["key"] + "x"})


def without_body(given: PreparedRequest) -> PreparedRequest:
    return replace(given, body="", message=None)


CHANGES_OF_REQUESTS: Mapping[str, Change] = {
    "method": another_method,
    "host": another_host,
    "path": another_path,
    "query value": another_query_value,
    "query parameter": another_query_parameter,
    "header": another_header_value,
    "body": another_body,
    "body gone": without_body,
}
CHANGES_OF_CLAIMS: Mapping[str, Change] = {
    "timestamp": another_timestamp,
    "nonce": another_nonce,
    "key": another_key,
}


def later(text: str) -> str:
    """The same text with its last digit changed, which keeps its form."""
    at = max(i for i, character in enumerate(text) if character.isdigit())
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def another_member(name: str) -> Change:
    def change(given: PreparedRequest) -> PreparedRequest:
        message = {**given.message, name: another_value(given.message[name])}
        body = crypto_values.json_text(message) if given.body else ""
        return replace(given, message=message, body=body)

    return change


def another_value(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value + "1"
        case list():
            return [*value, {"zz": "1"}]
        case dict() if value:
            first, *_ = value
            return {**value, first: another_value(value[first])}
        case dict():
            return {"zz": "1"}
        case _:
            return "1"


def another_tag(number: str) -> Change:
    def change(given: PreparedRequest) -> PreparedRequest:
        tags = tuple((tag, text + "1" if tag == number else text) for tag, text in given.tags)
        return replace(given, tags=tags)

    return change


def another_input(name: str) -> Change:
    """Another value of what the venue itself knows, such as a challenge or a status."""

    def change(given: PreparedRequest) -> PreparedRequest:
        return replace(given, inputs={**given.inputs, name: f"{given.inputs[name]}1"})

    return change


def shapes(use: Use, drawn: PreparedRequest) -> Iterator[tuple[str, PreparedRequest]]:
    """The request with a query, with a body, and with both; a message is as it is."""
    if use.wire not in (SignedWire.REST, SignedWire.WEBHOOK):
        yield "message", drawn
    elif drawn.message is not None:
        path = drawn.path or "/orders"
        body = crypto_values.json_text(drawn.message)
        query = "symbol=BTC-USD&limit=5"
        yield "message", replace(drawn, method="POST", path=path, query=query, body=body)
    else:
        body, query = drawn.body or '{"a":"1"}', "symbol=BTC-USD&limit=5"
        message = json.loads(body) if body.startswith("{") else None
        yield "a query", replace(drawn, method="GET", query=query, body="")
        yield "a body", replace(drawn, method="POST", query="", body=body, message=message)
        yield "both", replace(drawn, method="POST", query=query, body=body, message=message)


def changes(use: Use, given: PreparedRequest) -> Iterator[tuple[str, Change]]:
    """The single changes that can be made to a request: to what it has, and no others."""
    if use.wire is SignedWire.FIX:
        yield from ((f"tag {tag}", another_tag(tag)) for tag, _ in given.tags)
    elif given.message is not None and not is_text(use):
        yield from ((f"member {name}", another_member(name)) for name in given.message)
    if use.wire in (SignedWire.REST, SignedWire.WEBHOOK):
        for name, change in CHANGES_OF_REQUESTS.items():
            if is_there(use, given, name):
                yield name, change
    placed = {name for placement in use.placements for name in references(placement.value)}
    for name, change in CHANGES_OF_CLAIMS.items():
        if has_claim(given, name) and (name != "key" or "key" in placed):
            is_known = name in given.inputs and name not in placed
            yield name, another_input(name) if is_known else change
    if "challenge" in given.inputs:
        yield "challenge", another_input("challenge")


def is_there(use: Use, given: PreparedRequest, name: str) -> bool:
    if name.startswith("query"):
        return bool(given.query)
    if name.startswith("body"):
        return bool(given.body) and is_text(use)
    return True


def is_text(use: Use) -> bool:
    """Whether the body is a text of its own, and no message that the scheme writes into."""
    is_written = any(placement.slot is Slot.FIELD for placement in use.placements)
    return use.wire is not SignedWire.WEBSOCKET and not is_written


def has_claim(given: PreparedRequest, name: str) -> bool:
    if name == "key":
        return "key" in given.parts
    return bool(given.nonce if name == "nonce" else given.timestamp)


def drawn(scheme: SigningScheme, use: Use, number: int) -> PreparedRequest:
    """A random request that a server can read."""
    given = request(scheme, use, random.Random(f"mutation {scheme.name} {use.wire} {number}"))
    if scheme.clock is None:
        given = replace(given, timestamp="")
    inputs = dict(given.inputs)
    if "claims" in inputs:
        # A token whose payload is no JSON object cannot be read back.
        inputs["payload"] = ""
    if "challenge" in inputs:
        inputs["challenge"] = f"challenge-{number}"
    if "query_for_hash" in inputs:
        inputs["query_for_hash"] = ""
    if use.wire is SignedWire.WEBHOOK and scheme.clock is not None:
        inputs |= {"timestamp": given.timestamp, "nonce": given.nonce}
    is_message = use.wire is SignedWire.WEBSOCKET or any(
        placement.slot is Slot.FIELD for placement in use.placements
    )
    return replace(given, inputs=inputs, message=given.message if is_message else None)


@pytest.fixture(autouse=True, scope="module")
def parsed_keys() -> Iterator[None]:
    """Each PEM is parsed once: the few RSA keys serve all requests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crypto_keys, "_from_pem", cache(crypto_keys._from_pem))
        yield


SCHEMES = {scheme.name: scheme for scheme in catalogue_schemes()}
SCHEMES |= {f"meridian-{name}": scheme for name, scheme in meridian_schemes().items()}
NO_REQUEST = {
    "derive-eip712": "a digest that travels as one field of an order; its vectors cover it",
    "dydx-onboarding": "derives a key and signs no request",
}
"""Schemes that sign no request that a server could read."""
USES = [
    (name, use) for name, scheme in SCHEMES.items() for use in scheme.uses if name not in NO_REQUEST
]


def outcomes(name: str, use: Use) -> dict[tuple[str, str], set[bool]]:
    """Whether each change, to each shape of request, was refused; over all draws."""
    wire = Wire(SCHEMES[name], use)
    found: dict[tuple[str, str], set[bool]] = {}
    for number in range(DRAWS):
        for shape, given in shapes(use, drawn(SCHEMES[name], use, number)):
            signed, signature = wire.signed(given)
            material = wire.material(given.parts)
            assert wire.refusal(signed, material) is None, (shape, signed)
            for change_name, change in changes(use, given):
                forged = wire.forged(change(given), signature)
                is_refused = wire.refusal(forged, material) is not None
                found.setdefault((change_name, shape), set()).add(is_refused)
    return found


def taken(found: Mapping[tuple[str, str], set[bool]]) -> set[str]:
    """What is unsigned: by its name where it is in every shape that has it, else with the shape."""
    free = {key for key, seen in found.items() if seen == {False}}
    always = {name for name, _ in free if all(k in free for k in found if k[0] == name)}
    return always | {f"{name} of {shape}" for name, shape in free if name not in always}


def unsigned() -> dict[str, set[str]]:
    """What each use leaves unsigned, by `scheme wire`."""
    found: dict[str, set[str]] = {}
    for line in UNSIGNED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            use, _, changes_text = line.partition(": ")
            found[use] = set(changes_text.split(", "))
    return found


@pytest.mark.parametrize(("name", "use"), USES, ids=[f"{n}-{u.wire}" for n, u in USES])
def test_each_single_change_is_refused_or_listed(name: str, use: Use) -> None:
    found = outcomes(name, use)
    assert {change for change, seen in found.items() if len(seen) > 1} == set()
    assert taken(found) == unsigned().get(f"{name} {use.wire}", set())


def test_the_list_names_only_uses_that_exist() -> None:
    assert set(unsigned()) <= {f"{name} {use.wire}" for name, use in USES}


@pytest.mark.parametrize(("name", "use"), USES, ids=[f"{n}-{u.wire}" for n, u in USES])
def test_another_signing_key_and_a_spoiled_signature_are_refused(name: str, use: Use) -> None:
    scheme = SCHEMES[name]
    wire = Wire(scheme, use)
    given = drawn(scheme, use, 0)
    signed, signature = wire.signed(given)
    material = wire.material(given.parts)
    assert wire.refusal(signed, material) is None
    spoiled_refusal = wire.refusal(wire.forged(given, spoiled(signature)), material)
    assert spoiled_refusal is not None
    if all(part.decoding is not Decoding.RSA for part in scheme.credentials):
        others = parts(scheme, random.Random("others"))
        secrets = {part.name: others[part.name] for part in scheme.credentials if part.is_secret}
        refusal = wire.refusal(signed, wire.material({**given.parts, **secrets}))
        assert isinstance(refusal, Refusal)
        assert refusal.kind is RefusalKind.INVALID


def test_what_signs_no_request_exists() -> None:
    assert set(NO_REQUEST) <= set(SCHEMES)
