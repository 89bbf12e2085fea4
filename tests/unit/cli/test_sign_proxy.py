"""`venuekit sign proxy`: an unsigned client reaches a signed API through it, byte for byte."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from venuekit.cli import app

ROOT = Path(__file__).resolve().parents[3]
MANIFEST = ROOT / "spec" / "venuekit.yaml"


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Run the reference venue as a process of its own."""
    folder = tmp_path_factory.mktemp("venue")
    command = [sys.executable, "-m", "meridian_server", "--demo", "--port", "0"]
    command += ["--data", str(folder / "data"), "--contract", str(MANIFEST)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def proxy(venue: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    key = venue["accounts"]["alice"]["hmac"]
    credentials = tmp_path_factory.mktemp("proxy") / "credentials.json"
    credentials.write_text(json.dumps({"key": key["key"], "secret": key["secret"]}))
    command = [sys.executable, "-c", "from venuekit.cli import main; main()", "sign", "proxy"]
    command += ["--to", venue["url"], "--scheme", f"{MANIFEST}#hmac"]
    command += ["--credentials", str(credentials)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[0]
        finally:
            process.kill()


def call(url: str, body: dict[str, str] | None = None, method: str = "GET") -> tuple[int, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_unsigned_clients_are_refused_and_signed_through_the_proxy(
    venue: dict[str, Any], proxy: str
) -> None:
    status, refusal = call(f"{venue['url']}/v1/balances")
    assert (status, refusal["code"]) == (401, "AUTH_MISSING")
    status, answer = call(f"{proxy}/v1/balances")
    assert status == 200
    assert answer["balances"]


def test_bodies_and_queries_go_on_byte_for_byte(proxy: str) -> None:
    order = {
        "client_order_id": "through-the-proxy",
        "symbol": "BTC-USD",
        "side": "buy",
        "order_type": "limit",
        "quantity": "0.01",
        "price": "50000",
    }
    status, placed = call(f"{proxy}/v1/orders", order, "POST")
    assert status == 201, placed
    status, found = call(f"{proxy}/v1/orders?symbol=BTC-USD&limit=5")
    assert status == 200
    assert [o["client_order_id"] for o in found["orders"]] == ["through-the-proxy"]
    assert call(f"{proxy}/v1/orders/{placed['order_id']}", method="DELETE")[0] == 200


def test_answers_of_the_venue_come_back_as_they_are(proxy: str) -> None:
    status, refusal = call(f"{proxy}/v1/orders/no-such-order")
    assert (status, refusal["code"]) == (404, "UNKNOWN_ORDER")


def test_curl_needs_to_know_nothing_of_signatures(venue: dict[str, Any], proxy: str) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is needed to try it")

    def ask(*arguments: str) -> tuple[int, Any]:
        command = [curl, "-sS", "--max-time", "10", "-w", "\n%{http_code}", *arguments]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        body, _, status = said.stdout.rpartition("\n")
        return int(status), json.loads(body)

    assert ask(f"{venue['url']}/v1/balances")[0] == 401
    assert ask(f"{proxy}/v1/balances")[0] == 200
    order = (
        '{"client_order_id": "by-curl", "symbol": "BTC-USD", "side": "buy",'
        ' "order_type": "limit", "quantity": "0.01", "price": "49000"}'
    )
    head = ("-H", "Content-Type: application/json")
    status, placed = ask(f"{proxy}/v1/orders", *head, "--data-binary", order)
    assert (status, placed["client_order_id"]) == (201, "by-curl")
    # A body of more than a kibibyte makes curl ask first whether it may send it.
    padded = order.replace("by-curl", "by-curl-2") + " " * 2_000
    assert ask(f"{proxy}/v1/orders", *head, "--data-binary", padded)[0] == 201
    status, found = ask("-G", f"{proxy}/v1/orders", "--data-urlencode", "symbol=BTC-USD")
    assert status == 200
    assert {"by-curl", "by-curl-2"} <= {one["client_order_id"] for one in found["orders"]}
    assert ask("-X", "DELETE", f"{proxy}/v1/orders/{placed['order_id']}")[0] == 200


@pytest.mark.parametrize(
    ("to", "host", "clue"),
    [
        ("ftp://example.com", "127.0.0.1", "ftp"),
        ("http://127.0.0.1:1", "0.0.0.0", "loopback"),
    ],
)
def test_what_it_can_not_do_is_said(tmp_path: Path, to: str, host: str, clue: str) -> None:
    credentials = tmp_path / "credentials.yaml"
    credentials.write_text("{key: k, secret: a-secret-of-sufficient-length}\n")
    arguments = ["sign", "proxy", "--to", to, "--scheme", f"{MANIFEST}#hmac", "--host", host]
    result = CliRunner().invoke(app, [*arguments, "--credentials", str(credentials)])
    assert result.exit_code == 2
    assert clue in result.output
    assert "a-secret-of" not in result.output


def test_a_missing_credential_is_named(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials.yaml"
    credentials.write_text("{key: k}\n")
    arguments = ["sign", "proxy", "--to", "http://127.0.0.1:1", "--scheme", f"{MANIFEST}#hmac"]
    result = CliRunner().invoke(app, [*arguments, "--credentials", str(credentials)])
    assert result.exit_code == 2
    assert "secret" in result.output
