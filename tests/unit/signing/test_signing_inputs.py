"""`x-signing-inputs`: what an operation's signature takes from the contract, to both SDKs."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from venuekit.emit.emission import Options
from venuekit.emit.python import emit as emit_python
from venuekit.emit.typescript import emit as emit_typescript
from venuekit.finding import FindingsError, Severity
from venuekit.load import load
from venuekit.signing.catalogue import catalogue_entry
from venuekit_runtime.clock import Clock
from venuekit_runtime.core import ClientCore
from venuekit_runtime.errors import SigningError
from venuekit_runtime.places import Places
from venuekit_runtime.retry import RetryPolicy
from venuekit_runtime.signing import RequestDraft

DOCUMENT = """\
openapi: 3.1.0
info: {title: A venue that signs instructions, version: 1.0.0}
servers: [{url: "https://venue.example"}]
security: [{signed: []}]
paths:
  /api/v1/order:
    delete:
      operationId: cancelOrder
      x-effect: cancel
      x-signing-inputs: {instruction: orderCancel}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [symbol, orderId]
              properties:
                symbol: {type: string}
                orderId: {type: string}
      responses: {"200": {description: Canceled}}
components:
  securitySchemes:
    signed: {type: apiKey, in: header, name: X-API-KEY, x-signing: backpack}
"""
INPUTS = "      x-signing-inputs: {instruction: orderCancel}\n"


def vector() -> dict[str, object]:
    """The one vector of the catalogue's scheme, which was collected from a client's own tests."""
    entry = catalogue_entry("backpack")
    assert entry is not None
    (found,) = entry.scheme.vectors
    return dict(found.document)


CASE = vector()
STAMP = 1_614_550_000_000


def written(folder: Path, text: str) -> Path:
    document = folder / "venue.openapi.yaml"
    document.write_text(text, encoding="utf-8")
    return document


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("instructions")
    contract = load([written(folder, DOCUMENT)]).contract
    emission = emit_python(contract, Options(package="sdk_instructions"))
    assert emission.findings == ()
    for path, content in emission.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content if isinstance(content, str) else content.decode())
    sys.path.insert(0, str(folder / "src"))
    yield importlib.import_module("sdk_instructions")
    sys.path.remove(str(folder / "src"))


def test_the_python_sdk_signs_the_instruction_that_the_contract_states(sdk: ModuleType) -> None:
    held = sdk.SignedCredentials(key="key", secret=CASE["secret"])
    core = ClientCore(
        Places("https://venue.example", ""),
        held,
        Clock(lambda: STAMP * 1_000_000),
        RetryPolicy(),
        "test",
    )
    arguments = {"symbol": "BTC_USDT", "order_id": "28"}
    request, _ = core.prepare(sdk.operations.CANCEL_ORDER, arguments, None)
    assert dict(request.headers)["X-Signature"] == CASE["expected"]


def test_no_instruction_is_a_typed_error_and_no_empty_one(sdk: ModuleType) -> None:
    signer = sdk.SignedCredentials(key="key", secret=CASE["secret"]).signer(Clock())
    with pytest.raises(SigningError, match="the input 'instruction' is needed to sign"):
        signer.sign(RequestDraft("GET", "venue.example", "/api/v1/order"))


def test_the_typescript_descriptor_carries_the_instruction(tmp_path: Path) -> None:
    contract = load([written(tmp_path, DOCUMENT)]).contract
    emission = emit_typescript(contract, Options(package="@test/sdk"))
    assert emission.findings == ()
    texts = [text for text in emission.files.values() if isinstance(text, str)]
    assert any('signingInputs: { instruction: "orderCancel" }' in text for text in texts)


def findings_of(folder: Path, text: str) -> list[tuple[str, int, str]]:
    """The errors of a document: rule, line, message."""
    try:
        found = load([written(folder, text)]).findings
    except FindingsError as error:
        found = tuple(error.findings)
    return [
        (f.rule, f.origin.place.line if f.origin else 0, f.message)
        for f in found
        if f.severity is Severity.ERROR
    ]


def test_an_operation_that_states_no_instruction_is_an_error_at_its_place(tmp_path: Path) -> None:
    ((rule, line, message),) = findings_of(tmp_path, DOCUMENT.replace(INPUTS, ""))
    assert (rule, line) == ("signing-input-missing", 8)
    assert "takes 'instruction' from the operation" in message


def test_an_input_that_no_scheme_reads_is_an_error_at_its_place(tmp_path: Path) -> None:
    text = DOCUMENT.replace("instruction: orderCancel", "instruction: orderCancel, intsruction: x")
    ((rule, line, message),) = findings_of(tmp_path, text)
    assert (rule, line) == ("signing-input-unknown", 10)
    assert "'intsruction'" in message
    assert "take instruction" in message


def test_an_unsigned_operation_that_states_inputs_is_an_error(tmp_path: Path) -> None:
    text = DOCUMENT.replace("security: [{signed: []}]", "security: [{}]")
    ((rule, _, message),) = findings_of(tmp_path, text)
    assert rule == "signing-input-unknown"
    assert "take none" in message


@pytest.mark.parametrize("value", ["orderCancel", "[]", "{}", "{instruction: null}"])
def test_what_is_no_mapping_of_values_is_an_invalid_extension(tmp_path: Path, value: str) -> None:
    text = DOCUMENT.replace("{instruction: orderCancel}", value)
    rules = {rule for rule, _, _ in findings_of(tmp_path, text)}
    assert "invalid-extension" in rules


def test_the_vector_is_the_request_that_is_signed_here() -> None:
    assert "instruction=orderCancel&orderId=28&symbol=BTC_USDT" in json.dumps(CASE)
