"""Where the earlier contract comes from, and what is said when it cannot be had."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from venuekit import commands
from venuekit.finding import FindingsError

DOCUMENT = """\
openapi: 3.1.0
info: {title: Example, version: %s}
paths:
  /time: {get: {operationId: getTime, responses: {'200': {description: The time.}}}}
"""


def git(folder: Path, *arguments: str) -> None:
    author = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Return a document at version 3, whose repository holds version 2 as a tag."""
    folder = tmp_path / "repository"
    folder.mkdir()
    path = folder / "api.yaml"
    path.write_text(DOCUMENT % "2.0.0")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Two")
    git(folder, "tag", "v2")
    path.write_text(DOCUMENT % "3.0.0")
    released = tmp_path / "released"
    released.mkdir()
    (released / "api.yaml").write_text(DOCUMENT % "1.0.0")
    return path


def version(document: Path, against: str | None) -> str:
    """Return the version of the earlier contract, as the report of `changes` names it."""
    report = commands.compare(commands.inputs([document], []), against)
    return str(report.facts["before"]).rpartition(" ")[2]


def test_a_revision_a_folder_and_a_document(document: Path, tmp_path: Path) -> None:
    assert version(document, "v2") == "2.0.0"
    assert version(document, "HEAD") == "2.0.0"
    assert version(document, str(tmp_path / "released")) == "1.0.0"
    assert version(document, str(tmp_path / "released" / "api.yaml")) == "1.0.0"
    manifest = tmp_path / "repository" / "venuekit.yaml"
    manifest.write_text(
        "name: example\nversion: 3.0.0\ndocuments: [api.yaml]\nbaseline: ../released\n"
    )
    assert version(manifest, None) == "1.0.0"
    assert document.read_text() == DOCUMENT % "3.0.0"


@pytest.mark.parametrize(
    ("against", "words"),
    [
        ("no-such-branch", "git cannot give this document"),
        ("--upload-pack=evil", "is not a revision"),
        (None, "nothing to compare with"),
        (".", "the file cannot be read"),
    ],
)
def test_what_cannot_be_had_is_told(
    document: Path, against: str | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FindingsError, match=words) as caught:
        version(document, against)
    assert caught.value.findings[0].help
