"""No explanation shows a secret: not of the emitted signers, not of a sandbox, for no scheme."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from every_scheme import catalogue_schemes, meridian_schemes
from random_requests import request
from wire import Wire

from venuekit.contract.signing import DECODED_TYPE, SigningScheme, Use, ValueType
from venuekit.emit.signing.typescript import typescript_signers
from venuekit.emit.signing.views import METHODS
from venuekit.signing.received import Placed
from venuekit.vectors import commands
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.engines import EmittedPython, draft_of
from venuekit_runtime import crypto

PHRASE = "a-passphrase-that-nobody-may-see"
DERIVES_A_KEY = frozenset(("dydx-onboarding",))
"""What these steps compute is itself the secret that the caller wants."""
SCHEMES = {one.name: one for one in catalogue_schemes() if one.name not in DERIVES_A_KEY}
SCHEMES |= {f"meridian-{name}": scheme for name, scheme in meridian_schemes().items()}
USES = [(name, use) for name, scheme in SCHEMES.items() for use in scheme.uses]
SIGNED_PHRASES = ("coinbase-fix-logon", "coinbase-prime-fix-logon")


def given_to(scheme: SigningScheme, use: Use) -> PreparedRequest:
    drawn = request(scheme, use, random.Random(f"secret {scheme.name}"))
    parts = dict(drawn.parts)
    if "passphrase" in parts:
        parts["passphrase"] = PHRASE
    return replace(drawn, parts=parts)


def forms(scheme: SigningScheme, given: PreparedRequest) -> Iterator[str]:
    """The secrets as they were given, and in the encodings in which they could be shown."""
    for part in scheme.credentials:
        if not part.is_secret:
            continue
        text = given.parts[part.name]
        yield from (text, text.encode().hex(), base64.b64encode(text.encode()).decode())
        if DECODED_TYPE[part.decoding] is ValueType.BYTES and part.decoding != "utf8":
            yield from (text.removeprefix("0x"), text.rstrip("="))


@pytest.mark.parametrize(("name", "use"), USES, ids=[f"{n}-{u.wire}" for n, u in USES])
def test_an_emitted_signer_explains_without_its_secrets(name: str, use: Use) -> None:
    scheme = SCHEMES[name]
    given = given_to(scheme, use)
    settings = {
        item.name: str(given.inputs[item.name])
        for item in scheme.inputs
        if item.source == "setting" and item.name in given.inputs
    }
    signer = EmittedPython(scheme).signer({**given.parts, **settings})
    explain = getattr(signer, f"explain_{METHODS[use.wire][0]}")
    found = explain(draft_of(use, given), given.timestamp, given.nonce)
    shown = "\n".join(found.values())
    assert [form for form in forms(scheme, given) if len(form) > 3 and form in shown] == []
    assert crypto.HIDDEN not in shown or name in SIGNED_PHRASES


@pytest.mark.parametrize("name", SIGNED_PHRASES)
def test_a_signed_passphrase_is_hidden_and_nothing_else(name: str) -> None:
    (use,) = SCHEMES[name].uses
    given = given_to(SCHEMES[name], use)
    signer = EmittedPython(SCHEMES[name]).signer(given.parts)
    found = signer.explain_sign_logon(draft_of(use, given), given.timestamp, given.nonce)
    assert crypto.HIDDEN in found["canonical"]
    assert dict(given.tags)["52"] in found["canonical"]
    emitted = typescript_signers([SCHEMES[name]])
    assert "crypto.shown(trace, this.#passphrase)" in emitted


@pytest.mark.parametrize("name", ["okx-v5", "kucoin", *SIGNED_PHRASES])
def test_the_command_explains_without_secrets(name: str) -> None:
    scheme = SCHEMES[name]
    (use,) = scheme.uses
    given = given_to(scheme, use)
    inputs = {
        "method": "GET",
        "host": "api.example.com",
        "target": "/orders",
        "tags": [list(pair) for pair in given.tags],
        "timestamp": given.timestamp,
        "nonce": given.nonce,
    }
    facts = commands.explain(scheme, use.wire, inputs, given.parts).facts
    assert PHRASE not in str(facts)
    assert given.parts["secret"] not in str(facts)


@pytest.mark.parametrize("name", SIGNED_PHRASES)
def test_a_sandbox_does_not_quote_the_passphrase_that_it_expects(name: str) -> None:
    scheme = SCHEMES[name]
    (use,) = scheme.uses
    given = given_to(scheme, use)
    wire = Wire(scheme, use)
    guess = replace(given, parts={**given.parts, "passphrase": "a guess"})
    received, _ = wire.signed(guess)
    placed = wire.verifier.read(received)
    assert isinstance(placed, Placed)
    now_ms = placed.timestamp_ms or 0
    material = wire.material(given.parts)
    refusal = wire.verifier.check(received, placed, material, now_ms, is_sandbox=True)
    assert refusal is not None
    assert refusal.explanation is not None
    assert crypto.HIDDEN in refusal.explanation.canonical
    assert PHRASE not in str(refusal)
