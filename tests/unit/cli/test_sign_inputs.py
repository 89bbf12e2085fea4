"""`venuekit sign` with a contract whose operations state what their signatures take."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner, Result

from venuekit import sign_commands
from venuekit.cli import app
from venuekit.contract.signing import SignedWire
from venuekit.signing.catalogue import catalogue_entry
from venuekit_runtime.crypto_keys import ed25519_private

PLAIN = """\
openapi: 3.1.0
info: {title: A venue that signs instructions, version: 1.0.0}
servers: [{url: "https://venue.example/exchange"}]
paths:
  /api/v1/order:
    delete:
      operationId: cancelOrder
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: Canceled}}
  /api/v1/order/{orderId}:
    get:
      operationId: getOrder
      parameters: [{name: orderId, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: Found}}
"""
OVERLAY = """\
overlay: 1.0.0
info: {title: How it is signed, version: 1.0.0}
actions:
- target: $
  update:
    security: [{signed: []}]
    components:
      securitySchemes:
        signed: {type: apiKey, in: header, name: X-API-KEY, x-signing: backpack}
- target: $.paths['/api/v1/order'].delete
  update: {x-signing-inputs: {instruction: orderCancel}}
- target: $.paths['/api/v1/order/{orderId}'].get
  update: {x-signing-inputs: {instruction: orderQuery}}
"""
MANIFEST = """\
name: venue
version: 1.0.0
documents: [venue.openapi.yaml]
overlays: [signing.overlay.yaml]
"""
BODY = '{"symbol":"BTC_USDT","orderId":"28"}'


@pytest.fixture
def contract(tmp_path: Path) -> str:
    (tmp_path / "venue.openapi.yaml").write_text(PLAIN)
    (tmp_path / "signing.overlay.yaml").write_text(OVERLAY)
    (tmp_path / "venuekit.yaml").write_text(MANIFEST)
    return str(tmp_path / "venuekit.yaml")


@pytest.fixture
def vector() -> dict[str, Any]:
    entry = catalogue_entry("backpack")
    assert entry is not None
    (found,) = entry.scheme.vectors
    return dict(found.document)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["sign", *(str(a) for a in arguments)])


def explained(folder: Path, contract: str, secret: str, **inputs: str) -> Result:
    path = folder / "request.json"
    given = {"timestamp": "1614550000000", "host": "venue.example", **inputs}
    path.write_text(json.dumps({"credentials": {"key": "k", "secret": secret}, "inputs": given}))
    return run("explain", path, "--scheme", contract)


def test_explain_takes_the_instruction_from_the_contract(
    tmp_path: Path, contract: str, vector: dict[str, Any]
) -> None:
    result = explained(
        tmp_path, contract, vector["secret"], method="DELETE", target="/api/v1/order", body=BODY
    )
    assert result.exit_code == 0, result.output
    assert vector["expected"] in result.output
    assert vector["secret"] not in result.output


@pytest.mark.parametrize(
    ("target", "instruction"),
    [("/api/v1/order/7?x=1", "orderQuery"), ("/exchange/api/v1/order/7", "orderQuery")],
)
def test_the_operation_is_found_by_its_path(
    tmp_path: Path, contract: str, vector: dict[str, Any], target: str, instruction: str
) -> None:
    result = explained(tmp_path, contract, vector["secret"], method="GET", target=target)
    assert f"instruction={instruction}&" in result.output


def test_a_request_of_no_operation_says_what_is_lacking(
    tmp_path: Path, contract: str, vector: dict[str, Any]
) -> None:
    result = explained(tmp_path, contract, vector["secret"], method="GET", target="/elsewhere")
    assert result.exit_code == 2
    assert "the input 'instruction' is needed to sign, and was not given" in result.output


class Recorder(BaseHTTPRequestHandler):
    seen: dict[str, str]

    def do_DELETE(self) -> None:
        type(self).seen = dict(self.headers.items())
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Recorder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_proxy_signs_with_the_instruction_and_check_accepts_it(
    tmp_path: Path, contract: str, vector: dict[str, Any], upstream: str
) -> None:
    credentials = tmp_path / "credentials.json"
    credentials.write_text(json.dumps({"key": "k", "secret": vector["secret"]}))
    with sign_commands.proxy(upstream, contract, credentials, "127.0.0.1", 0) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(
            f"{proxy.url}/api/v1/order", BODY.encode(), headers, method="DELETE"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200
        proxy.shutdown()
    sent = Recorder.seen
    checked = tmp_path / "sent.json"
    facts = {
        "credentials": {"secret": public_key()},
        "method": "DELETE",
        "target": "/api/v1/order",
        "body": BODY,
        "headers": [list(pair) for pair in sent.items()],
        "now_ms": int(sent["X-Timestamp"]),
    }
    checked.write_text(json.dumps(facts))
    result = run("check", checked, "--scheme", contract)
    assert result.exit_code == 0, result.output
    checked.write_text(json.dumps({**facts, "inputs": {"instruction": "orderExecute"}}))
    assert run("check", checked, "--scheme", contract).exit_code == 1


def public_key() -> str:
    """The public key that belongs to the vector's seed."""

    entry = catalogue_entry("backpack")
    assert entry is not None
    secret = str(entry.scheme.vectors[0].document["secret"])
    public = ed25519_private("backpack", {"secret": secret}, "secret").public_key()
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def test_a_fix_log_on_is_checked(tmp_path: Path) -> None:
    entry = catalogue_entry("coinbase-fix-logon")
    assert entry is not None
    (vector,) = entry.scheme.vectors
    secret = str(vector.document["secret"])
    tags = [
        ["35", "A"],
        ["34", "1"],
        ["49", "key"],
        ["56", "Coinbase"],
        ["52", "20231114-22:13:20.123"],
    ]
    asked = tmp_path / "logon.json"
    parts = {"key": "key", "secret": secret, "passphrase": "my-own-phrase"}
    asked.write_text(
        json.dumps(
            {"credentials": parts, "inputs": {"tags": tags, "timestamp": "20231114-22:13:20.123"}}
        )
    )
    steps = sign_commands.explain(asked, "coinbase-fix-logon", SignedWire.FIX).facts
    # What is explained shows no secret; the wire carries it.
    written = [
        [name.removeprefix("tag "), str(text).replace("[secret]", parts["passphrase"])]
        for name, text in steps.items()
        if name.startswith("tag ")
    ]
    own = [pair for pair in tags if pair[0] not in dict(written)]
    checked = tmp_path / "received.json"
    facts = {"credentials": parts, "tags": own + written, "now_ms": 1_700_000_000_123}
    checked.write_text(json.dumps(facts))
    result = run("check", checked, "--scheme", "coinbase-fix-logon", "--wire", "fix")
    assert result.exit_code == 0, result.output
    other = [[tag, "9" if tag == "34" else text] for tag, text in own + written]
    checked.write_text(json.dumps({**facts, "tags": other}))
    assert run("check", checked, "--scheme", "coinbase-fix-logon", "--wire", "fix").exit_code == 1
