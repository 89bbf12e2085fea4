"""What cannot be carried fails the run, until its rule is allowed; then it is counted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from venuekit import commands
from venuekit.finding import FindingsError, Severity
from venuekit.missing import NOT_CARRIED, NOT_EMITTED
from venuekit.report import Format, render

SOURCE = Path(__file__).parents[3] / "generator" / "src" / "venuekit"
QUIRKS = Path(__file__).parents[2] / "quirks"
MIXED = {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}


def _mixed(venue: Any) -> None:
    """An operation whose only body is of a type that Python's client cannot write."""
    venue.paths["/upload"] = {
        "post": {
            "operationId": "upload",
            "requestBody": {"content": {"multipart/mixed": MIXED}},
            "responses": {"200": {"description": "ok"}},
        }
    }


def test_without_the_flag_nothing_is_written(venue: Any) -> None:
    _mixed(venue)
    report = venue.generate()
    assert {f.rule for f in report.findings if f.severity is Severity.ERROR} == {
        "lost-in-emission",
        "python-not-emitted",
    }
    assert not (venue.folder / "python").exists()
    assert not venue.lock.exists()


@pytest.mark.parametrize("rule", ["not-emitted", "python-not-emitted"])
def test_with_the_flag_the_rest_is_written_and_the_loss_is_counted(venue: Any, rule: str) -> None:
    _mixed(venue)
    report = venue.generate(missing=(rule,))
    assert report.count(Severity.ERROR) == 0
    allowed = [f for f in report.findings if f.rule == "python-not-emitted"]
    assert [f.severity for f in allowed] == [Severity.WARNING]
    assert "allowed to be missing: upload takes multipart/mixed" in allowed[0].message
    text = render(report, Format.TEXT)
    assert "operations in 3, out 2, 1 allowed missing" in text
    assert "allowed missing: 1\n" in text
    facts = json.loads(render(report, Format.JSON))["facts"]
    assert facts["allowed missing"] == 1
    assert facts["emitted python"].startswith("operations in 3, out 2, 1 allowed missing")
    readme = venue.text("python/README.md")
    assert "## Not in this package" in readme
    assert "/paths/~1upload/post" in readme
    assert "def upload" not in venue.text("python/src/locked/client.py")
    assert venue.generate(missing=(rule,), is_check=True).count(Severity.ERROR) == 0


def test_a_package_that_lacks_something_runs(venue: Any) -> None:
    _mixed(venue)
    venue.schemas["Odd"] = {"type": "object", "properties": {'a"b': MIXED["schema"], "c": {}}}
    venue.generate(missing=("not-emitted",))
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import locked.client, locked.models; print(locked.models.Odd(c=1))",
        ],
        env={"PYTHONPATH": str(venue.folder / "python" / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert said.stdout == "Odd(c=1)\n", said.stderr


def test_what_is_not_named_still_fails(venue: Any) -> None:
    _mixed(venue)
    report = venue.generate(missing=("typescript-cannot-carry", "not-carried"))
    assert report.count(Severity.ERROR) == 2
    assert not (venue.folder / "python").exists()


@pytest.mark.parametrize("rule", ["not-emited", "lost-in-emission", "python-not-drawn", "*"])
def test_a_rule_that_allows_nothing_is_an_error(venue: Any, rule: str) -> None:
    with pytest.raises(FindingsError, match=re.escape(repr(rule))) as error:
        venue.generate(missing=(rule,))
    assert error.value.findings[0].rule == "unknown-rule"
    assert "python-not-emitted" in error.value.findings[0].help


KAFKA = {
    "asyncapi": "3.0.0",
    "info": {"title": "Two wires", "version": "1"},
    "servers": {
        "socket": {"host": "api.example.com", "protocol": "wss"},
        "kafka": {"host": "kafka.example.com", "protocol": "kafka"},
    },
    "channels": {
        "ticks": {
            "address": "/ticks",
            "servers": [{"$ref": "#/servers/socket"}],
            "messages": {"tick": {"payload": {"type": "object", "properties": {"p": {}}}}},
        },
        "audit": {
            "address": "audit",
            "servers": [{"$ref": "#/servers/kafka"}],
            "messages": {"line": {"payload": {"type": "object", "properties": {"t": {}}}}},
        },
    },
    "operations": {
        "sendTick": {"action": "send", "channel": {"$ref": "#/channels/ticks"}},
        "sendAudit": {"action": "send", "channel": {"$ref": "#/channels/audit"}},
    },
}


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_what_loading_loses_is_counted_too(tmp_path: Path, target: Any) -> None:
    file = tmp_path / "two.json"
    file.write_text(json.dumps(KAFKA), encoding="utf-8")
    given = commands.inputs([file], [])
    output = tmp_path / "out"
    report = commands.generate(given, target, output, "two", False)
    assert report.count(Severity.ERROR) > 0
    assert not output.exists()
    allowed = commands.Allowed(missing=("protocol-not-carried",))
    report = commands.generate(given, target, output, "two", False, allowed)
    assert report.count(Severity.ERROR) == 0, report.findings
    assert report.facts["allowed missing"] != 0
    assert "kafka" in (output / "README.md").read_text(encoding="utf-8")


def test_bindings_of_a_venue_with_webhooks_are_written_when_that_is_allowed(
    tmp_path: Path,
) -> None:
    given = commands.inputs([QUIRKS / "callbacks.yaml"], [])
    output = tmp_path / "out"
    report = commands.generate(given, "server", output, "called", False)
    assert {f.rule for f in report.findings if f.severity is Severity.ERROR} == {
        "lost-in-emission",
        "server-not-emitted",
    }
    assert not output.exists()
    allowed = commands.Allowed(missing=("server-not-emitted",))
    report = commands.generate(given, "server", output, "called", False, allowed)
    assert report.count(Severity.ERROR) == 0, report.findings
    assert str(report.facts["emitted server"]).startswith("operations in 2, out 1, 1 allowed")
    assert "onDone is a call" in (output / "README.md").read_text(encoding="utf-8")


def test_a_manifest_may_allow(tmp_path: Path, venue: Any) -> None:
    _mixed(venue)
    (tmp_path / "venue.json").write_text(json.dumps(venue.document), encoding="utf-8")
    manifest = tmp_path / "venuekit.yaml"
    manifest.write_text(
        "name: m\nversion: 1.0.0\ndocuments: [venue.json]\nallow-missing: [not-emitted]\n"
        "lock: names/venuekit.lock\ntargets: {python: {output: sdk, package: m}}\n",
        encoding="utf-8",
    )
    report = commands.generate(commands.inputs([manifest], []), None, None, None, False)
    assert report.count(Severity.ERROR) == 0
    assert report.facts["allowed missing"] == 1
    assert (tmp_path / "names" / "venuekit.lock").is_file()


def test_every_rule_of_a_loader_that_loses_something_can_be_allowed() -> None:
    said = set()
    for file in (SOURCE / "load").rglob("*.py"):
        said |= set(re.findall(r'"([a-z-]+-not-carried)"', file.read_text(encoding="utf-8")))
    assert said <= NOT_CARRIED
    emitted = set()
    for folder in ("python", "server", "typescript"):
        text = (SOURCE / "emit" / folder / "findings.py").read_text(encoding="utf-8")
        emitted |= set(re.findall(r'"([a-z]+-(?:not-emitted|cannot-carry))"', text))
    assert emitted == NOT_EMITTED
