"""Documents of an earlier revision are read from git, with their references."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from venuekit.source import GitFiles, Resolver, SourceError, root


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com"]
    subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "main.yaml").write_text("a: {$ref: part.yaml#/x}\n")
    (tmp_path / "spec" / "part.yaml").write_text("x: old\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "tag", "v1")
    (tmp_path / "spec" / "part.yaml").unlink()
    (tmp_path / "spec" / "main.yaml").write_text("a: [broken\n")
    return tmp_path


def test_a_revision_is_read_as_it_was(repository: Path) -> None:
    resolver = Resolver(repository, GitFiles(repository, "v1"))
    document = resolver.open(repository / "spec" / "main.yaml", "spec/main.yaml")
    node = root(document).get("a")
    assert node is not None
    target = resolver.resolve(node)
    assert target.value == "old"
    assert document.name == "v1:spec/main.yaml"
    assert str(target.origin.place).startswith("v1:")
    assert str(target.origin.place).endswith("spec/part.yaml:1:4")


@pytest.mark.parametrize(
    ("revision", "file", "fact"),
    [
        ("v2", "spec/main.yaml", "git cannot give this document"),
        ("v1", "spec/absent.yaml", "git cannot give this document"),
        ("--output=x", "spec/main.yaml", "is not a revision"),
        ("v1", "../outside.yaml", "outside of the git repository"),
    ],
)
def test_what_git_does_not_have(repository: Path, revision: str, file: str, fact: str) -> None:
    with pytest.raises(SourceError, match=fact) as caught:
        GitFiles(repository, revision).load(repository / file, file)
    assert caught.value.findings[0].help


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a git repository"):
        GitFiles(tmp_path, "HEAD").load(tmp_path / "a.yaml", "a.yaml")
