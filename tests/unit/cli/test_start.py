"""What a command waits for before it begins, and the words that it takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from venuekit.cli import app

LATE = ("pydantic", "jinja2", "yaml", "jsonschema_rs", "venuekit.contract", "venuekit.load")
"""What takes long, and what finding the same run in the cache does not need (decision 0111)."""


def test_a_command_begins_without_what_it_may_not_need() -> None:
    program = "import sys, venuekit.cli, venuekit.commands; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "venuekit.commands" in loaded
    assert loaded.isdisjoint(LATE)


@pytest.mark.parametrize("command", ["explain", "check"])
def test_an_unknown_wire_is_told(command: str, tmp_path: Path) -> None:
    arguments = ["sign", command, str(tmp_path / "any.yaml"), "--scheme", "any"]
    done = CliRunner().invoke(app, [*arguments, "--wire", "pigeon"])
    assert done.exit_code == 2
    said = " ".join(done.output.replace("│", " ").split())
    assert "expected one of rest, websocket, fix, webhook, found pigeon" in said
