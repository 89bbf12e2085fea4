"""`venuekit sign` with what users get wrong: each time a finding with its place and its cure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from venuekit.cli import app

SCHEME = """\
openapi: 3.1.0
info: {title: A venue, version: 1.0.0}
servers: [{url: "https://venue.example"}]
security: [{s: []}]
paths:
  /a:
    get: {operationId: getA, responses: {"200": {description: Good}}}
components:
  securitySchemes:
    s:
      type: apiKey
      in: header
      name: K
      x-signing:
        credentials: {key: {}, secret: {decode: base64, secret: true}}
        clock: {format: unix-ms, window_ms: 5000, future_ms: 1000}
        steps:
          canonical: {concat: [$timestamp, $method, $target, $body]}
          signature: {hex: {hmac: {hash: sha256, key: $secret, message: $canonical}}}
        rest:
          placement:
            - {header: K, value: $key}
            - {header: T, value: $timestamp}
            - {header: S, value: $signature}
"""
SECRET = "c2VjcmV0LWZvci12ZWN0b3JzLW9ubHktMzItYnl0ZXMhIQ=="
NOW_MS = 1_700_000_000_000
INPUTS = {"method": "GET", "host": "venue.example", "target": "/a", "timestamp": str(NOW_MS)}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["sign", *(str(a) for a in arguments)])


def contract(folder: Path, old: str = "", new: str = "") -> Path:
    path = folder / "venue.openapi.yaml"
    assert old in SCHEME
    path.write_text(SCHEME.replace(old, new) if old else SCHEME)
    return path


def written(folder: Path, value: Any) -> Path:
    path = folder / "request.json"
    path.write_text(json.dumps(value, indent=1))
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{hex: {hmac:", "{hexx: {hmac:", "there is no operator 'hexx'"),
        ("message: $canonical", "message: {query_list: $query}", "yields list, but bytes or text"),
        ("key: $secret,", "key: $secrt,", "$secrt names no input, credential or earlier step"),
        ("hash: sha256", "hash: sha999", "'hash' cannot be the text 'sha999'"),
        ("decode: base64", "decode: rot13", "'decode' cannot be the text 'rot13'"),
    ],
)
def test_a_wrong_scheme_is_found_at_its_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    request = written(tmp_path, {"credentials": {}, "inputs": INPUTS})
    result = run("explain", request, "--scheme", contract(tmp_path, old, new))
    assert result.exit_code == 2
    assert message in result.output
    assert "venue.openapi.yaml:1" in result.output


@pytest.mark.parametrize(
    ("credentials", "inputs", "line", "message", "cure"),
    [
        ({"key": "k", "secret": "!!"}, INPUTS, 2, "'secret' is not base64", "secret (base64)"),
        ({"key": "k"}, INPUTS, 2, "the credentials lack 'secret'", "takes key (text), secret"),
        (
            {"key": "k", "secret": SECRET},
            {"method": "GET", "target": "/a"},
            6,
            "the input 'timestamp' is needed to sign",
            "State it among the inputs",
        ),
    ],
)
def test_a_wrong_request_is_found_at_its_place(
    tmp_path: Path, credentials: Any, inputs: Any, line: int, message: str, cure: str
) -> None:
    request = written(tmp_path, {"credentials": credentials, "inputs": inputs})
    result = run("explain", request, "--scheme", contract(tmp_path))
    assert result.exit_code == 2
    assert message in result.output
    assert cure in result.output
    assert f"request.json:{line}:" in result.output
    assert SECRET not in result.output


@pytest.mark.parametrize(
    ("stamp", "cure"),
    [
        (str(NOW_MS // 1000), "the timestamp is in seconds, not in milliseconds"),
        (str(NOW_MS - 100_000), "Set the sender's clock"),
    ],
)
def test_a_clock_that_is_off_is_told_from_a_wrong_signature(
    tmp_path: Path, stamp: str, cure: str
) -> None:
    facts = {
        "credentials": {"secret": SECRET},
        "method": "GET",
        "host": "venue.example",
        "target": "/a",
        "headers": [["K", "k"], ["T", stamp], ["S", "00"]],
        "now_ms": NOW_MS,
    }
    result = run("check", written(tmp_path, facts), "--scheme", contract(tmp_path))
    assert result.exit_code == 1
    assert cure in result.output


@pytest.mark.parametrize(
    ("credentials", "message"),
    [
        ({"key": "k"}, "s: the credentials lack 'secret'"),
        ({"key": "k", "secret": "!!"}, "the credential 'secret' is not base64"),
        ({"key": "k", "secret": SECRET, "phrase": "p"}, "'phrase' is no credential; it takes key"),
    ],
)
def test_a_proxy_does_not_start_with_wrong_credentials(
    tmp_path: Path, credentials: Any, message: str
) -> None:
    arguments = ("proxy", "--to", "https://venue.example", "--scheme", contract(tmp_path))
    result = run(*arguments, "--credentials", written(tmp_path, credentials))
    assert result.exit_code == 2
    assert message in result.output


GOOD = {"id": "g", "scheme": "webhook-github", "secret": "s", "inputs": {"body": "Hello"}}
EXPECTED = "7cf7e978588a607948373c7fd20d4e10bb4c79c91a28dc0862b050dbd14a37a7"


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({}, 0, "1 passed, 0 failed"),
        ({"id": "é 你"}, 0, "1 passed"),
        ({"colour": "blue", "more": {"a": [1]}}, 0, "1 passed"),
        ({"verified": False, "notes": "typing error"}, 0, "vector 'g' was not run: "),
        ({"expected": "00"}, 1, "expected 00, found 7cf7"),
        ({"inputs": {"body": "Hællo 你"}}, 1, "signed 'Hællo 你'"),
        ({"scheme": "no-such"}, 1, "there is no scheme 'no-such'"),
        ({"secret": None}, 1, "the vector lacks secret"),
        ({"inputs": [1]}, 2, "'inputs' of vector 'g' is not a mapping"),
        ({"secret": 5}, 2, "'secret' of vector 'g' is not a text"),
        ({"scheme": None}, 2, "vector 'g' lacks 'scheme'"),
        ({"expected": None}, 2, "vector 'g' lacks 'expected'"),
        ({"transport": "pigeon"}, 2, "which is none of rest, ws"),
    ],
)
def test_odd_vectors_are_judged_or_named(
    tmp_path: Path, change: dict[str, Any], code: int, message: str
) -> None:
    case = {**GOOD, "expected": EXPECTED, **change}
    file = tmp_path / "odd.json"
    file.write_text(json.dumps({"published": [case], "about": "odd"}, indent=1, ensure_ascii=False))
    result = run("vectors", file, "--language", "interpreter")
    assert result.exit_code == code, result.output
    assert message in result.output
    if code == 2:
        assert "odd.json:1:1" not in result.output


@pytest.mark.parametrize("text", ["{broken", "5", "[]", '{"published": []}', '["text"]'])
def test_what_is_no_file_of_vectors_is_said(tmp_path: Path, text: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(text)
    result = run("vectors", file)
    assert result.exit_code == 2
    assert "other.json:1:" in result.output
    assert "Traceback" not in result.output
