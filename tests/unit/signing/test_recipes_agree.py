"""One expression per venue, collected apart from the catalogue: both give the same signatures.

The evaluator below knows only the recipes' own few words, and the standard library computes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venuekit.vectors.case import read_cases
from venuekit.vectors.find import find_in_catalogue
from venuekit.vectors.result import Verdict
from venuekit.vectors.run import run_vectors

FILE = Path(__file__).parents[4] / "shared" / "vectors" / "signing_recipes.json"
SECRET = "c2VjcmV0LWZvci12ZWN0b3JzLW9ubHktMzItYnl0ZXMhIQ=="
SEED = base64.b64encode(bytes(range(32))).decode()
OTHERS = {
    "binance-fix-logon": "its vector is published; the key is a PEM",
    "binance-rest-rsa": "its vector was computed by openssl",
    "binance-rest-ed25519": "its vector was computed by openssl",
    "coinbase-cdp-jwt": "its vectors were computed by PyJWT and ccxt",
    "hyperliquid-l1": "its twelve vectors are published",
    "upbit-jwt": "its vector was computed by ccxt",
    "webhook-slack": "its recipe is given the whole string",
}
"""Recipes that need more than these words; each is covered by vectors of its own."""

Inputs = dict[str, Any]


def evaluate(recipe: list[Any], inputs: Inputs) -> bytes:
    """Return the bytes that a recipe yields; text is UTF-8."""
    word, *rest = recipe
    match word:
        case "const":
            return str(rest[0]).encode()
        case "in" | "fix":
            return str(inputs.get(rest[0], "")).encode()
        case "cat":
            return b"".join(evaluate(part, inputs) for part in rest)
        case "join":
            return rest[0].encode().join(evaluate(part, inputs) for part in rest[1:])
        case "if":
            return evaluate(rest[1], inputs) if inputs.get(rest[0]) else b""
        case "sha256" | "sha512":
            return hashlib.new(word, evaluate(rest[0], inputs)).digest()
        case "hmac":
            key, message = evaluate(rest[1], inputs), evaluate(rest[2], inputs)
            return hmac.new(key, message, rest[0]).digest()
        case "hex":
            return evaluate(rest[0], inputs).hex().encode()
        case "b64":
            return base64.b64encode(evaluate(rest[0], inputs))
        case "b64url":
            return base64.urlsafe_b64encode(evaluate(rest[0], inputs))
        case _:
            return structured(word, rest, inputs)


def structured(word: str, rest: list[Any], inputs: Inputs) -> bytes:
    match word:
        case "secret":
            decode = {"utf8": str.encode, "base64": base64.b64decode}
            return decode.get(rest[0], base64.urlsafe_b64decode)(inputs["secret"])
        case "form":
            pairs = sorted(inputs[rest[0][1][1]].items())
            return "&".join(f"{name}={value}" for name, value in pairs).encode()
        case "flatten-sorted":
            return flat(inputs[rest[0][1]]).encode()
        case "ed25519":
            private = Ed25519PrivateKey.from_private_bytes(evaluate(rest[0], inputs))
            return private.sign(evaluate(rest[1], inputs))
        case _:
            raise AssertionError(f"the recipe's word {word!r} is not known here")


def flat(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(name + flat(value[name]) for name in sorted(value))
    return "".join(map(flat, value)) if isinstance(value, list) else str(value)


def names_in(recipe: Any) -> list[str]:
    found: list[str] = []
    if isinstance(recipe, list):
        if recipe and recipe[0] in ("in", "fix"):
            found.append(recipe[1])
        for part in recipe:
            found += names_in(part)
    return found


def sample(name: str, scheme: str, r: random.Random) -> Any:
    """A value of the kind that its name says."""
    digits = str(1_700_000_000_000 + r.randrange(10**9))
    query = f"symbol=BTCUSDT&limit={r.randrange(100)}"
    samples: dict[str, Any] = {
        "method": r.choice(("GET", "POST")),
        "host": "api.example.com",
        "path_and_query": f"/api/v1/orders?{query}",
        "uri": f"/api/v1/orders?{query}",
        "query": query,
        "query_or_body": query,
        "query_then_body": query,
        "params_sorted": f"limit=5&symbol=BTCUSDT&timestamp={digits}",
        "query_sorted_encoded": f"AccessKeyId=k&Timestamp=2023-11-14T22%3A13%3A{r.randrange(60)}",
        "body": json.dumps({"a": r.randrange(100)}),
        "post_data": "orderType=lmt&size=1",
        "form": "currency=BTC&payment=KRW",
        "json_payload": json.dumps({"request": "/v1/order/new", "nonce": r.randrange(100)}),
        "x_auth": "BITSTAMP demo-key",
        "version": "v2",
        "content_type": "application/json",
        "instruction": "orderExecute",
        "SendingTime": "20240627-11:17:25.223",
        "MsgType": "A",
    }
    if name == "params" and scheme in ("backpack", "cryptocom-v1", "binance-ws-api"):
        fields = {"symbol": "BTC_USDT", "quantity": str(r.randrange(1, 100)), "side": "BUY"}
        is_timed = scheme == "binance-ws-api"
        return {**fields, "apiKey": "k", "timestamp": int(digits)} if is_timed else fields
    if name == "params":
        return f"limit={r.randrange(100)}&symbol=BTCUSDT"
    if name == "query" and scheme == "bitstamp-v2":
        return ""
    if name == "id" or name in ("time", "expires", "ts"):
        return int(digits)
    if name in ("path", "endpoint_path"):
        return "/api/v2/orders"
    return samples.get(name, digits if name != "data" else "some data")


def recipes() -> dict[str, Any]:
    if not FILE.is_file():
        return {}
    found = json.loads(FILE.read_text(encoding="utf-8"))["recipes"]
    return {name: recipe for name, recipe in found.items() if name not in OTHERS}


@pytest.mark.skipif(not FILE.is_file(), reason=f"the recipes are not at {FILE}")
def test_every_recipe_and_its_scheme_sign_alike() -> None:
    vectors = []
    for name, recipe in recipes().items():
        for number in range(3):
            r = random.Random(f"{name} {number}")
            secret = SEED if name == "backpack" else SECRET
            inputs = {key: sample(key, name, r) for key in names_in(recipe)}
            signature = evaluate(recipe, {**inputs, "secret": secret}).decode()
            vectors.append(
                {
                    "id": f"{name}-{number}",
                    "scheme": name,
                    "algorithm": "Ed25519" if name == "backpack" else "HMAC",
                    "secret": secret,
                    "inputs": inputs,
                    **stated(recipe, {**inputs, "secret": secret}),
                    "expected": signature,
                }
            )
    results = run_vectors(read_cases({"derived": vectors}), find_in_catalogue)
    failed = [f"{r.id} {r.engine}: {r.message}" for r in results if r.verdict is Verdict.FAILED]
    assert failed == []


def stated(recipe: list[Any], inputs: Inputs) -> dict[str, str]:
    """Return the string to sign as vectors state it: as text, or as hexadecimal of bytes."""
    while recipe[0] in ("hex", "b64", "b64url"):
        recipe = recipe[1]
    if recipe[0] not in ("hmac", "ed25519"):
        return {}
    signed = evaluate(recipe[-1], inputs)
    try:
        return {"string_to_sign": signed.decode()}
    except UnicodeDecodeError:
        return {"bytes_to_sign_hex": signed.hex()}
