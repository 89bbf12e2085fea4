"""The stamp of an output: what it was made from, nothing of the machine, and why it is stale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from venuekit import commands, provenance
from venuekit.finding import Severity

ROOT = Path(__file__).parents[3]
OVERLAY = """\
overlay: 1.0.0
info: {title: Words, version: 1.0.0}
actions:
  - target: $.info
    update: {description: From an overlay.}
"""


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def ran(arguments: list[str], cwd: Path, seed: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from venuekit.cli import main; main()", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def many(target: str, output: Path, start: Path) -> list[str]:
    """Return the arguments for a contract of several documents; `start` is the working folder."""
    spec = ROOT / "spec"
    names = ("rest.openapi.yaml", "stream.asyncapi.yaml", "fix.asyncapi.yaml")
    paths = [os.path.relpath(spec / name, start) for name in names]
    lock = output.parent / f"{output.name}.lock"
    return ["generate", target, *paths, "-o", str(output), "--lock", str(lock)]


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_neither_hash_seed_nor_working_folder_shows(tmp_path: Path, target: str) -> None:
    elsewhere = tmp_path / "somewhere" / "else"
    elsewhere.mkdir(parents=True)
    runs = [("0", ROOT), ("1", ROOT / "spec"), ("random", ROOT / "tests")]
    for number, (seed, cwd) in enumerate(runs):
        ran(many(target, tmp_path / str(number), cwd), cwd, seed)
    first = files(tmp_path / "0")
    assert first
    for number in range(1, len(runs)):
        assert files(tmp_path / str(number)) == first
        lock = (tmp_path / f"{number}.lock").read_bytes()
        assert lock == (tmp_path / "0.lock").read_bytes()


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_json_and_yaml_give_the_same_package(venue: Any, tmp_path: Path, target: Any) -> None:
    text = json.dumps(venue.document, indent=1)
    found = []
    for name, content in (("venue.json", text), ("venue.yaml", f"# The same.\n{text}")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        given = commands.inputs([tmp_path / name], [])
        output = tmp_path / name.replace(".", "_")
        assert commands.generate(given, target, output, "same", False).findings == ()
        found.append({k: v for k, v in files(output).items() if k != ".venuekit.json"})
    assert found[0] == found[1]


def stamp(folder: Path) -> dict[str, str]:
    text = (folder / ".venuekit.json").read_text(encoding="utf-8")
    return json.loads(text)["made_from"]  # type: ignore[no-any-return]


def test_the_stamp_names_everything_and_no_place_of_the_machine(venue: Any, tmp_path: Path) -> None:
    venue.generate()
    (tmp_path / "words.overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    given = commands.inputs([tmp_path / "venue.json"], [tmp_path / "words.overlay.yaml"])
    allowed = commands.Allowed(lock=venue.lock, missing=("not-carried",))
    commands.generate(given, "python", tmp_path / "out", "locked", False, allowed)
    made = stamp(tmp_path / "out")
    assert {name for name in made if name != "venuekit"} == {
        "allow-missing",
        "document venue.json",
        "lock",
        "overlay words.overlay.yaml",
        "package",
        "target",
        "version",
    }
    for content in files(tmp_path / "out").values():
        assert str(tmp_path).encode() not in content
        assert str(ROOT).encode() not in content


def test_a_shipped_overlay_is_named_as_such(tmp_path: Path) -> None:
    document = ROOT.parent / "shared" / "corpus" / "openxapi" / "okx-rest.openapi.yaml"
    if not document.is_file():
        pytest.skip("the corpus of real documents is not beside this checkout")
    given = commands.inputs([document], [Path("okx")])
    commands.generate(given, "typescript", tmp_path / "out", "okx", False)
    assert "overlay shipped/okx.yaml" in stamp(tmp_path / "out")


def why(report: Any) -> str:
    found = [f for f in report.findings if f.rule == "stale-output"]
    assert [f.severity for f in found] == [Severity.ERROR]
    return str(found[0].message)


def test_check_says_that_a_document_changed(venue: Any) -> None:
    venue.generate()
    venue.schemas["Order"]["properties"]["fee"] = {"type": "string"}
    said = why(venue.generate(is_check=True))
    assert "document changed: venue.json" in said
    assert "by hand" not in said


def test_check_says_that_files_were_edited_by_hand(venue: Any) -> None:
    venue.generate()
    file = venue.folder / "python" / "src" / "locked" / "client.py"
    file.write_text(file.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    said = why(venue.generate(is_check=True))
    assert "edited by hand: src/locked/client.py" in said
    assert "document" not in said


def test_check_says_that_the_generator_changed(venue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    venue.generate()
    monkeypatch.setattr(provenance, "__version__", "9.9.9")
    assert "the generator changed from 0.1.0 to 9.9.9" in why(venue.generate(is_check=True))


def test_check_says_that_the_lock_changed(venue: Any) -> None:
    venue.generate()
    text = venue.text("venuekit.lock")
    venue.lock.write_text(text.replace("/Order Order ", "/Order Trade wish=Order "), "utf-8")
    assert "the name lock changed" in why(venue.generate(is_check=True))


def test_check_says_that_nothing_was_generated_yet(venue: Any) -> None:
    assert "it was not generated yet" in why(venue.generate(is_check=True))
    assert not (venue.folder / "python").exists()
