"""`venuekit sign`: vectors in every engine, every step of one request, what is wrong with one."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from venuekit.cli import app

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "vectors" / "signing_vectors.json"
MERIDIAN = f"{ROOT / 'spec' / 'venuekit.yaml'}#hmac"
SECRET = "a-secret-that-nobody-may-see-0123"
NONCE = "00112233445566778899aabbccddeeff"
NOW_MS = 1_700_000_000_000


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["sign", *(str(a) for a in arguments)])


def canonical(target: str = "/v1/balances", timestamp: int = NOW_MS) -> str:
    digest = hashlib.sha256(b"").hexdigest()
    parts = ("MERIDIAN-1", "GET", "127.0.0.1:8700", target, digest, str(timestamp), NONCE, "key")
    return "\n".join(parts)


def signed(text: str) -> str:
    return hmac.new(SECRET.encode(), text.encode(), "sha256").hexdigest()


def request_file(folder: Path, signature: str, timestamp: int = NOW_MS) -> Path:
    path = folder / "request.json"
    headers = {
        "MERIDIAN-KEY": "key",
        "MERIDIAN-TIMESTAMP": str(timestamp),
        "MERIDIAN-NONCE": NONCE,
        "MERIDIAN-SIGNATURE": signature,
    }
    facts = {
        "credentials": {"secret": SECRET},
        "method": "GET",
        "host": "127.0.0.1:8700",
        "target": "/v1/balances",
        "headers": [list(pair) for pair in headers.items()],
        "now_ms": NOW_MS + 100,
    }
    path.write_text(json.dumps(facts))
    return path


def test_explain_shows_each_step_and_never_the_secret(tmp_path: Path) -> None:
    path = tmp_path / "request.yaml"
    path.write_text(
        f"credentials: {{key: key, secret: {SECRET}}}\n"
        "inputs: {method: GET, host: '127.0.0.1:8700', target: /v1/balances, body: '',\n"
        f"  timestamp: '{NOW_MS}', nonce: {NONCE}}}\n"
    )
    result = run("explain", path, "--scheme", MERIDIAN)
    assert result.exit_code == 0, result.output
    assert canonical() in result.output
    assert signed(canonical()) in result.output
    assert SECRET not in result.output


def test_check_takes_a_good_signature(tmp_path: Path) -> None:
    result = run("check", request_file(tmp_path, signed(canonical())), "--scheme", MERIDIAN)
    assert result.exit_code == 0, result.output
    assert "good" in result.output


@pytest.mark.parametrize(
    ("text", "clue"),
    [(canonical(timestamp=NOW_MS // 1000), "seconds"), (canonical("/balances"), "string")],
)
def test_check_says_what_is_wrong(tmp_path: Path, text: str, clue: str) -> None:
    result = run("check", request_file(tmp_path, signed(text)), "--scheme", MERIDIAN)
    assert result.exit_code == 1
    assert "/v1/balances" in result.output, "the expected string is shown"
    assert clue in result.output
    assert SECRET not in result.output


def test_check_names_an_old_timestamp(tmp_path: Path) -> None:
    old = NOW_MS - 60_000
    path = request_file(tmp_path, signed(canonical(timestamp=old)), old)
    result = run("check", path, "--scheme", MERIDIAN)
    assert result.exit_code == 1
    assert "timestamp" in result.output


@pytest.mark.parametrize("scheme", ["no-such-scheme", f"{ROOT / 'spec' / 'venuekit.yaml'}"])
def test_an_unclear_scheme_is_refused(tmp_path: Path, scheme: str) -> None:
    result = run("check", request_file(tmp_path, "00"), "--scheme", scheme)
    assert result.exit_code == 2
    assert "help:" in result.output


def test_a_malformed_request_file_is_refused_without_quoting_it(tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    path.write_text(json.dumps({"credentials": {"secret": [SECRET]}}))
    result = run("check", path, "--scheme", MERIDIAN)
    assert result.exit_code == 2
    assert "request.json:1:" in result.output
    assert SECRET not in result.output


def test_a_wrong_vector_fails_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "vectors.json"
    vector = {
        "id": "mine",
        "scheme": "okx-v5",
        "secret": "s",
        "secret_encoding": "utf8",
        "inputs": {"timestamp": "t", "method": "GET", "path_and_query": "/", "body": ""},
        "signature_encoding": "base64",
        "expected": "AAAA",
        "verified": True,
    }
    path.write_text(json.dumps({"published": [vector]}, indent=1))
    result = run("vectors", path, "--language", "interpreter")
    assert result.exit_code == 1
    assert "vectors.json:3:" in result.output


@pytest.mark.skipif(not SHARED.is_file(), reason="the published vectors are not on this machine")
def test_published_vectors_pass_by_name_of_the_engine() -> None:
    result = run("vectors", SHARED, "--language", "python", "--format", "json")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.output)["facts"]
    assert facts["python"].startswith("114 passed, 0 failed")
