"""The sign commands: vectors with counts and places, explain without secrets, check with causes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from venuekit.contract.signing import SignedWire, SigningScheme
from venuekit.finding import FindingsError, Severity
from venuekit.signing.received import Received
from venuekit.vectors import commands
from venuekit.vectors.result import Engine

ROOT = Path(__file__).parents[3]
VECTORS = ROOT / "spec" / "vectors" / "signing.json"
SECRET = "a-secret-of-more-than-sixteen-bytes"
INPUTS: dict[str, Any] = {
    "method": "POST",
    "host": "api.example",
    "target": "/v1/orders?x=1",
    "body": "{}",
    "timestamp": "1700000000123",
    "nonce": "ab" * 16,
}


def test_vectors_are_counted_per_engine(meridian: Mapping[str, SigningScheme]) -> None:
    outcome = commands.vectors(VECTORS, None, meridian, [Engine.INTERPRETER, Engine.PYTHON])
    assert outcome.findings == ()
    count = len(json.loads(VECTORS.read_text(encoding="utf-8"))["derived"])
    line = f"{count} passed, 0 failed, 0 unverified"
    assert outcome.facts == {"interpreter": line, "python": line}


def test_a_wrong_vector_is_found_at_its_place(
    meridian: Mapping[str, SigningScheme], tmp_path: Path
) -> None:
    document = json.loads(VECTORS.read_text(encoding="utf-8"))
    document["derived"] = document["derived"][:2]
    document["derived"][1]["expected"] = "00"
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    outcome = commands.vectors(path, None, meridian, [Engine.INTERPRETER])
    (finding,) = outcome.findings
    assert finding.severity is Severity.ERROR
    assert "fails in the interpreter: expected 00, found " in finding.message
    assert finding.origin is not None
    assert finding.origin.pointer == ("derived", 1)
    assert outcome.facts["interpreter"] == "1 passed, 1 failed, 0 unverified"


def test_one_scheme_can_be_named_for_all(tmp_path: Path) -> None:
    case = {
        "id": "one",
        "scheme": "my-own-name",
        "secret": "s",
        "inputs": {"body": "Hello"},
        "expected": "00",
    }
    path = tmp_path / "own.json"
    path.write_text(json.dumps([case]), encoding="utf-8")
    outcome = commands.vectors(path, "webhook-github", {}, [Engine.INTERPRETER])
    assert "expected 00, found " in outcome.findings[0].message
    outcome = commands.vectors(path, None, {}, [Engine.INTERPRETER])
    assert "there is no scheme 'my-own-name'" in outcome.findings[0].message
    with pytest.raises(FindingsError, match="there is no signing scheme 'nobody'"):
        commands.vectors(path, "nobody", {}, [Engine.INTERPRETER])


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"openapi": "3.1.0"}', encoding="utf-8")
    with pytest.raises(FindingsError, match="no vectors were found"):
        commands.vectors(path, None, {})


def explained(scheme: SigningScheme) -> Mapping[str, object]:
    parts = {"key": "demo", "secret": SECRET}
    return commands.explain(scheme, SignedWire.REST, INPUTS, parts).facts


def test_explain_shows_every_step_and_no_secret(meridian: Mapping[str, SigningScheme]) -> None:
    facts = explained(meridian["hmac"])
    assert list(facts)[:3] == ["step body_digest", "step canonical", "step signature"]
    assert facts["header MERIDIAN-KEY"] == "demo"
    assert facts["header MERIDIAN-SIGNATURE"] == facts["step signature"]
    assert str(facts["step canonical"]).startswith(
        "MERIDIAN-1\nPOST\napi.example\n/v1/orders?x=1\n"
    )
    assert SECRET not in str(facts)


def test_check_says_good_or_names_the_cause(meridian: Mapping[str, SigningScheme]) -> None:
    facts = explained(meridian["hmac"])
    headers = tuple(
        (name.removeprefix("header ").encode(), str(value).encode())
        for name, value in facts.items()
        if name.startswith("header ")
    )
    received = Received("POST", "api.example", "/v1/orders?x=1", b"{}", headers)
    scheme, now_ms = meridian["hmac"], 1700000000123
    good = commands.check(scheme, received, {"secret": SECRET}, now_ms)
    assert good.findings == ()
    assert good.facts["signature"] == "good"
    bad = commands.check(scheme, replace(received, body=b"{ }"), {"secret": SECRET}, now_ms)
    assert "the body was serialised again after it was signed" in bad.findings[0].help
    assert "first difference" in bad.facts
    missing = commands.check(scheme, replace(received, headers=()), {"secret": SECRET}, now_ms)
    assert missing.findings[0].message == "the header MERIDIAN-KEY is absent"
    with pytest.raises(FindingsError, match="fewer than 16"):
        commands.check(scheme, received, {"secret": "short"}, now_ms)
