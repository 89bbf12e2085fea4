"""The one writer: owns its folder whole, refuses what it did not make, leaves no half output."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from venuekit.emit.files import STAMP, OutputError, difference, digests_of, tree, write

MADE_FROM = {"document": "sha256:0"}


def test_writes_then_changes_nothing(tmp_path: Path) -> None:
    content = tree({"a.py": "x = 1\n", "deep/b.py": b"y = 2\n"}, MADE_FROM)
    folder = tmp_path / "sdk"
    assert write(folder, content).added == (STAMP, "a.py", "deep/b.py")
    assert not write(folder, content)
    assert (folder / "deep/b.py").read_bytes() == b"y = 2\n"


def test_removes_what_the_contract_no_longer_gives(tmp_path: Path) -> None:
    folder = tmp_path / "sdk"
    write(folder, tree({"a.py": "1", "old/b.py": "2"}, MADE_FROM))
    assert write(folder, tree({"a.py": "1"}, MADE_FROM)).removed == ("old/b.py",)
    assert not (folder / "old").exists()


def test_tells_a_stale_folder(tmp_path: Path) -> None:
    folder = tmp_path / "sdk"
    content = tree({"a.py": "1", "b.py": "2"}, MADE_FROM)
    assert difference(folder, digests_of(content)).added == (STAMP, "a.py", "b.py")
    write(folder, content)
    (folder / "a.py").write_text("edited")
    (folder / "extra.py").write_text("mine")
    stale = difference(folder, digests_of(content))
    assert (stale.changed, stale.removed) == (("a.py",), ("extra.py",))
    assert "stale: a.py" in str(stale)


def test_keeps_what_tools_make(tmp_path: Path) -> None:
    folder = tmp_path / "sdk"
    content = tree({"a.py": "1"}, MADE_FROM)
    write(folder, content)
    (folder / "node_modules").mkdir()
    (folder / "node_modules/x.js").write_text("1")
    assert not difference(folder, digests_of(content))


@pytest.mark.parametrize("path", ["../out.py", "/etc/x", "a/../../b", "", "a\\b", "nul\0"])
def test_refuses_to_leave_the_folder(path: str) -> None:
    with pytest.raises(OutputError):
        tree({path: "x"}, MADE_FROM)


def test_a_failed_write_leaves_the_old_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sdk"
    write(folder, tree({"a.py": "old"}, MADE_FROM))
    real = Path.write_bytes

    def full_disk(self: Path, data: bytes) -> int:
        if self.name == "b.py":
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space"):
        write(folder, tree({"a.py": "new", "b.py": "new"}, MADE_FROM))
    assert (folder / "a.py").read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["sdk"]
