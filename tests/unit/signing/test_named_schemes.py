"""A scheme of the catalogue with what only a contract can say: its log-on, its session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from venuekit.contract import SignedScheme
from venuekit.contract.signing import SignedWire, SigningScheme
from venuekit.finding import FindingsError, Severity
from venuekit.load import load
from venuekit.signing.schema import extension_schema

DOCUMENT = """openapi: 3.1.0
info: {title: Named, version: '1'}
paths:
  /nonce:
    get:
      operationId: getNonce
      x-effect: read
      responses:
        '200':
          description: A nonce.
          content:
            application/json:
              schema: {type: object, required: [nonce], properties: {nonce: {type: string}}}
components:
  securitySchemes:
    signed: {type: apiKey, in: header, name: SIGN, x-signing: SIGNING}
"""
PER_REQUEST = "{per: request, open: {operation: getNonce}, gives: {nonce: nonce}}"


def signing(tmp_path: Path, text: str) -> SigningScheme:
    file = tmp_path / "api.yaml"
    file.write_text(DOCUMENT.replace("SIGNING", text), encoding="utf-8")
    scheme = load([file]).contract.security_schemes["signed"]
    assert isinstance(scheme, SignedScheme)
    return scheme.signing


def test_a_nonce_of_the_catalogue_is_asked_for_before_each_request(tmp_path: Path) -> None:
    found = signing(tmp_path, f"{{scheme: bullish, session: {PER_REQUEST}}}")
    plain = signing(tmp_path, "bullish")
    assert found.session is not None
    assert found.session.is_single_use
    assert found.given_by_session == {"nonce"}
    assert (found.steps, found.uses, found.vectors) == (plain.steps, plain.uses, plain.vectors)
    # What the contract wrote has its place there, the rest in the catalogue.
    assert found.session.origin.place.line == 16
    assert found.steps[0].origin.document.name == "catalogue/bullish.yaml"


def test_a_log_on_names_its_operation(tmp_path: Path) -> None:
    found = signing(tmp_path, "{scheme: okx-ws-login, websocket: {operation: getNonce}}")
    use = found.use(SignedWire.WEBSOCKET)
    assert use is not None
    assert use.operation == "getNonce"
    assert [p.name for p in use.placements][-1] == "args.0.sign"


MISTAKES = [
    ("{scheme: bulish}", "no scheme called 'bulish'", "Is bullish meant?"),
    ("{scheme: [bullish]}", "is not named by a text", "scheme: name"),
    ("{scheme: bullish, steps: {}}", "'steps' cannot be added", "session, websocket, fix"),
    ("{scheme: bullish, websocket: {operation: a}}", "does not sign over websocket", "that does"),
    ("{scheme: okx-ws-login, websocket: {}}", "which operation carries the log-on", "operation"),
    (
        "{scheme: okx-ws-login, websocket: {operation: a, per: message}}",
        "and nothing else",
        "{operation: NAME}",
    ),
    (
        f"{{scheme: okx-v5, session: {PER_REQUEST}}}",
        "'nonce' is no input that comes from the session",
        "",
    ),
]


@pytest.mark.parametrize(("text", "message", "cure"), MISTAKES)
def test_a_mistake_has_its_place(tmp_path: Path, text: str, message: str, cure: str) -> None:
    file = tmp_path / "api.yaml"
    file.write_text(DOCUMENT.replace("SIGNING", text), encoding="utf-8")
    try:
        findings = load([file]).findings
    except FindingsError as error:
        findings = tuple(error.findings)
    fitting = [f for f in findings if message in f.message and cure in (f.help or "")]
    assert fitting, [(f.message, f.help) for f in findings]
    assert fitting[0].severity is Severity.ERROR
    assert fitting[0].origin is not None
    assert fitting[0].origin.place.line == 16


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("{scheme: okx-ws-login, websocket: {operation: login}}", True),
        (f"{{scheme: bullish, session: {PER_REQUEST}}}", True),
        ("{scheme: bullish, steps: {}}", False),
        ("{scheme: okx-ws-login, websocket: {}}", False),
    ],
)
def test_the_json_schema_says_the_same(text: str, is_valid: bool) -> None:
    value: Any = yaml.safe_load(text)
    assert jsonschema.Draft202012Validator(extension_schema()).is_valid(value) is is_valid
