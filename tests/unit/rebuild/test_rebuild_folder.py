"""A cache that is spoilt, foreign, crowded or shared changes nothing but how long a run takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import rebuild_edits as edits

from venuekit import commands
from venuekit.rebuild import CacheFolder, default_folder, runs, steps
from venuekit.rebuild.generator_mark import generator_mark

RUN = "import sys; from venuekit.cli import main; sys.argv[0] = 'venuekit'; main()"
PROGRAM = [sys.executable, "-c", RUN]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "venue.json"
    file.write_text(json.dumps(edits.base(), indent=2))
    return file


def generate(document: Path, out: str, cache: Path | None) -> tuple[str, dict[str, bytes]]:
    """Return what a run says and writes."""
    folder = CacheFolder(cache) if cache is not None else None
    output = document.parent / out
    given = commands.inputs([document], [])
    report = commands.generate(given, "typescript", output, None, False, cache=folder)
    said = "\n".join(f"{f.origin and f.origin.place} {f.message}" for f in report.ordered)
    files = {
        str(path.relative_to(output)): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file()
    }
    return said, files


def entries(cache: Path) -> list[Path]:
    return sorted(cache.iterdir())


def spoilings(data: bytes) -> Iterator[bytes]:
    yield b""
    yield data[:-1]
    yield data[: len(data) // 2]
    yield data[:100] + bytes([data[100] ^ 1]) + data[101:]
    yield b"\x80\x04]."  # What another format of Python would run when read.
    yield data + b"x"


def test_every_spoilt_entry_is_ignored(document: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    expected = generate(document, "plain", None)
    assert generate(document, "out", cache) == expected
    assert len(entries(cache)) >= 5
    for entry in entries(cache):
        whole = entry.read_bytes()
        for spoilt in spoilings(whole):
            entry.write_bytes(spoilt)
            (document.parent / "out" / "src" / "types.ts").write_text("stale")
            assert generate(document, "out", cache) == expected, entry.name
        entry.write_bytes(whole)


def test_edits_on_top_of_a_spoilt_state(document: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    generate(document, "out", cache)
    (state,) = (one for one in entries(cache) if one.name.endswith("-state"))
    state.write_bytes(state.read_bytes()[:-10])
    document.write_text(document.read_text().replace("Does get-thing1", "Did get-thing1"))
    assert generate(document, "out", cache) == generate(document, "plain", None)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are told otherwise there")
def test_a_folder_that_others_may_write_is_not_used(document: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    generate(document, "out", cache)
    assert cache.stat().st_mode & 0o777 == 0o700
    assert all(entry.stat().st_mode & 0o077 == 0 for entry in entries(cache))
    cache.chmod(0o777)
    folder = CacheFolder(cache)
    assert folder.get(entries(cache)[0].name) is None
    assert not folder.put("another", b"one")
    cache.chmod(0o700)
    assert folder.get(entries(cache)[0].name) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    folder = CacheFolder(tmp_path / "cache")
    assert folder.put("whole", b"body")
    (folder.path / "link").symlink_to(folder.path / "whole")
    assert folder.get("whole") == b"body"
    assert folder.get("link") is None


def test_a_full_folder_drops_what_was_used_longest_ago(tmp_path: Path) -> None:
    folder = CacheFolder(tmp_path / "cache", maximum_bytes=10_000)
    for number in range(8):
        assert folder.put(f"entry{number}", bytes(1500))
        os.utime(folder.path / f"entry{number}", (number, number))
    kept = {entry.name for entry in entries(folder.path)}
    assert "entry7" in kept
    assert "entry0" not in kept
    assert sum(entry.stat().st_size for entry in entries(folder.path)) <= 10_000
    assert not folder.put("huge", bytes(5000))


def test_a_folder_that_cannot_be_made_fails_no_run(document: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert generate(document, "out", in_the_way / "cache") == generate(document, "plain", None)


def test_another_generator_trusts_nothing(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    generate(document, "out", cache)
    request = runs.Request(words=("any",))
    before = request.key
    for module in (runs, steps):
        monkeypatch.setattr(module, "generator_mark", lambda: "another")
    assert request.key != before
    names = {entry.name for entry in entries(cache)}
    assert generate(document, "out", cache) == generate(document, "plain", None)
    added = {entry.name for entry in entries(cache)} - names
    assert len(added) == len(names), "something of the other generator was used"


def test_the_mark_changes_with_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = generator_mark()
    monkeypatch.syspath_prepend(str(tmp_path))
    generator_mark.cache_clear()
    assert generator_mark() == mark
    (tmp_path / "jinja2-99.dist-info").mkdir()
    generator_mark.cache_clear()
    assert generator_mark() != mark
    generator_mark.cache_clear()


def test_places_of_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "venuekit"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_folder() == Path.home() / ".cache" / "venuekit"


def test_runs_at_the_same_time(document: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    texts = [document.read_text().replace("Does get", f"Does {n} get") for n in range(2)]
    generate(document, "out", cache)
    started = []
    for number in range(4):
        out = str(tmp_path / f"out{number}")
        document.write_text(texts[number % 2])
        command = [*PROGRAM, "generate", "typescript", str(document), "-o", out]
        started.append(subprocess.Popen([*command, "--cache", str(cache)], stdout=subprocess.PIPE))
    try:
        codes = [one.communicate(timeout=300) and one.returncode for one in started]
    finally:
        for one in started:
            one.kill()
            one.communicate()  # No pipe stays open for a later test.
    assert codes == [0] * 4
    document.write_text(texts[1])
    assert generate(document, "last", cache) == generate(document, "plain", None)


def test_the_command_line_can_do_without(document: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = {**os.environ, "XDG_CACHE_HOME": str(home), "LOCALAPPDATA": str(home)}
    command = [*PROGRAM, "generate", "typescript", str(document), "-o", str(tmp_path / "out")]
    subprocess.run([*command, "--no-cache"], check=True, env=environment, stdout=subprocess.PIPE)
    assert not home.exists()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    if sys.platform.startswith("linux"):
        assert (home / "venuekit").is_dir()
