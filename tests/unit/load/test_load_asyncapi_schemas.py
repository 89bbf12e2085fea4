"""AsyncAPI's official schemas come with the installation, and are the pinned ones."""

from __future__ import annotations

import importlib.util
import io
import stat
import tarfile
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema_rs
import pytest

from venuekit.load.validity import asyncapi_versions

GENERATOR = Path(__file__).parents[3] / "generator"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    pytest.importorskip("hatchling", reason="the build back end is not installed")
    spec = importlib.util.spec_from_file_location(
        "venuekit_hatch_build", GENERATOR / "hatch_build.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_installed_schemas_are_those_that_were_pinned(hook: Any) -> None:
    assert hook.are_there(GENERATOR)
    assert set(asyncapi_versions()) == set(hook.SCHEMAS)
    for version in hook.SCHEMAS:
        text = (GENERATOR / hook.FOLDER / f"{version}.json").read_text()
        assert jsonschema_rs.validator_for(text) is not None


def npm_that_packs(folder: Path, archive: bytes, code: int = 0) -> None:
    """Put an `npm` on a PATH that writes `archive` where it is told to, or fails."""
    (folder / "archive.tgz").write_bytes(archive)
    script = folder / "npm"
    script.write_text(
        "#!/bin/sh\n"
        f"[ {code} -ne 0 ] && echo 'npm error 404' >&2 && exit {code}\n"
        'while [ "$1" != --pack-destination ]; do shift; done\n'
        f'/bin/cp {folder}/archive.tgz "$2"/a.tgz\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)


def archive_of(text: bytes, versions: Any) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for version in versions:
            member = tarfile.TarInfo(f"package/schemas/{version}-without-$id.json")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    return buffer.getvalue()


def test_other_schemas_than_the_pinned_ones_are_refused(
    hook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_that_packs(tmp_path, archive_of(b"{}", hook.SCHEMAS))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(hook.SchemasMissingError, match="is not the pinned one"):
        hook.fetched()


def test_a_failing_npm_is_told(hook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm_that_packs(tmp_path, b"", code=1)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(hook.SchemasMissingError, match="npm error 404"):
        hook.fetched()


def test_what_is_stored_is_found_again(hook: Any, tmp_path: Path) -> None:
    assert not hook.are_there(tmp_path)
    stored = {
        version: (GENERATOR / hook.FOLDER / f"{version}.json").read_bytes()
        for version in hook.SCHEMAS
    }
    hook.store(tmp_path, stored)
    assert hook.are_there(tmp_path)
    hook.store(tmp_path, {**stored, "3.0.0": b"{}"})
    assert not hook.are_there(tmp_path)
