"""The README's examples are the samples that run against the server; its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from venuekit.cli import app

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "name"), [("python", "python.py"), ("typescript", "typescript.ts")]
)
def test_the_example_is_the_sample(language: str, name: str) -> None:
    sample = (ROOT / "docs/samples/readme" / name).read_text(encoding="utf-8")
    block = re.search(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert block is not None
    assert sample.endswith(block[1])


def test_every_venuekit_command_exists() -> None:
    group = typer.main.get_command(app)
    known = group.commands  # type: ignore[attr-defined]
    named = set(re.findall(r"venuekit ([a-z]+)\b", README)) - {"knows"}
    assert {"check", "generate", "changes", "explain"} <= named
    assert named <= set(known)


def test_every_session_exists() -> None:
    sessions = re.findall(r"noxfile\.py -s (\w+)", README)
    assert set(sessions) == {"demo", "tests"}
    noxfile = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    for session in sessions:
        assert f"\ndef {session}(session: nox.Session)" in noxfile


def test_every_path_it_names_exists() -> None:
    for path in re.findall(r"`((?:docs|spec|server|sdks)/[\w./-]*)`", README):
        assert (ROOT / path).exists(), path
