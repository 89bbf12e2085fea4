"""A call whose signature no SDK verifies is an error with its place, and never passes unseen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from venuekit.emit.emission import Options
from venuekit.finding import Severity
from venuekit.generating import emitter
from venuekit.load import load

ED25519 = {"base64": {"ed25519": {"key": "$secret", "message": "$canonical"}}}
HMAC = {"hex": {"hmac": {"hash": "sha256", "key": "$secret", "message": "$canonical"}}}
ALONE = {"header": "X-Signature", "value": "$signature"}


def document(
    folder: Path, decode: str, signature: Any, placement: list[Any], canonical: Any = "$body"
) -> Path:
    signing = {
        "title": "Calls",
        "source": "The venue's guide",
        "credentials": {"secret": {"decode": decode, "secret": True, "description": "The key."}},
        "steps": {"canonical": canonical, "signature": signature},
        "webhook": {"placement": placement},
    }
    scheme = {"type": "apiKey", "in": "header", "name": "S", "x-signing": signing}
    body = {"content": {"application/json": {"schema": {"type": "object"}}}}
    answers = {"204": {"description": "taken"}}
    call = {"operationId": "onFill", "security": [{"venue": []}]}
    value = {
        "openapi": "3.1.0",
        "info": {"title": "Calls", "version": "1.0.0"},
        "webhooks": {"fill": {"post": {**call, "requestBody": body, "responses": answers}}},
        "components": {"securitySchemes": {"venue": scheme}},
    }
    path = folder / "calls.yaml"
    path.write_text(yaml.safe_dump(value, sort_keys=False), encoding="utf-8")
    return path


def errors(path: Path, target: str) -> list[Any]:
    loaded = load([path])
    found = emitter(target)(loaded.contract, Options(package="calls", version="1.0.0")).findings
    return [finding for finding in found if finding.severity is Severity.ERROR]


RULES = {"python": "python-not-emitted", "typescript": "typescript-cannot-carry"}


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_what_a_private_key_signs_is_none(tmp_path: Path, target: str) -> None:
    assert errors(document(tmp_path, "ed25519", ED25519, [ALONE]), target) == []


@pytest.mark.parametrize("target", ["python", "typescript"])
@pytest.mark.parametrize(
    ("signature", "place"),
    [
        ({"upper": ED25519}, ALONE),
        ({"concat": ["v1=", ED25519]}, ALONE),
        ({"base64": {"concat": ["v1=", ED25519["base64"]]}}, ALONE),
    ],
    ids=["capitals", "prefix", "wrapped"],
)
def test_a_private_keys_signature_in_another_form_is_an_error(
    tmp_path: Path, target: str, signature: Any, place: Any
) -> None:
    (error,) = errors(document(tmp_path, "ed25519", signature, [place]), target)
    assert error.rule == RULES[target]
    assert "onFill is signed by venue, whose signature by a private key (ed25519)" in error.message
    assert "public key" in error.help
    assert error.origin is not None
    assert error.origin.place.line > 1


@pytest.mark.parametrize("target", ["python", "typescript"])
@pytest.mark.parametrize(
    ("canonical", "unknown"),
    [
        ({"concat": ["$host", "$path", "$body"]}, "the host"),
        ({"json": "$message"}, "the message"),
        ({"concat": [{"header": "Content-Type"}, "$body"]}, "the headers"),
    ],
)
@pytest.mark.parametrize(("decode", "kind"), [("ed25519", "ed25519"), ("utf8", "hmac")])
def test_what_the_sdk_is_not_given_is_an_error(
    tmp_path: Path, target: str, canonical: Any, unknown: str, decode: str, kind: str
) -> None:
    signature = ED25519 if kind == "ed25519" else HMAC
    (error,) = errors(document(tmp_path, decode, signature, [ALONE], canonical), target)
    assert f"which signs {unknown} of the call" in error.message


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_what_is_found_in_no_header_is_an_error(tmp_path: Path, target: str) -> None:
    place = {"query": "signature", "value": "$signature"}
    (error,) = errors(document(tmp_path, "utf8", HMAC, [place]), target)
    assert "onFill is signed by venue" in error.message


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_what_a_shared_secret_signs_is_none(tmp_path: Path, target: str) -> None:
    assert errors(document(tmp_path, "utf8", HMAC, [ALONE]), target) == []
