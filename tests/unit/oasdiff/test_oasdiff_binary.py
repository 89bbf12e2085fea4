"""The package venuekit-oasdiff: the real binary where it was built, the reason where not."""

import importlib.util
import json
import re
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

import venuekit_oasdiff

PACKAGE = Path(__file__).parents[3] / "generator" / "oasdiff"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", PACKAGE / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_hook(module: ModuleType, root: Path) -> BuildHookInterface[Any]:
    class Application:
        def display_warning(self, message: str) -> None:
            pass

    made: BuildHookInterface[Any] = module.OasdiffBuildHook(
        str(root), {}, None, None, "", "wheel", Application()
    )
    return made


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "src" / "venuekit_oasdiff").mkdir(parents=True)
    for name in ("go.mod", "go.sum"):
        (tmp_path / name).write_bytes((PACKAGE / name).read_bytes())
    return tmp_path


def test_binary_is_the_pinned_oasdiff() -> None:
    command = [str(venuekit_oasdiff.binary()), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert said.split()[-1] == venuekit_oasdiff.VERSION


def test_version_is_the_one_in_go_mod(hook: ModuleType) -> None:
    assert hook.pinned_version(PACKAGE) == venuekit_oasdiff.VERSION


def test_go_sum_holds_a_hash_for_every_module() -> None:
    required = re.findall(r"^(?:require |\t)(\S+) (v\d\S+)", (PACKAGE / "go.mod").read_text(), re.M)
    hashes = (PACKAGE / "go.sum").read_text()
    assert len(required) > 20
    assert [
        f"{name} {version}" for name, version in required if f"{name} {version}" not in hashes
    ] == []


def test_without_go_the_wheel_carries_the_reason(
    hook: ModuleType, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    data: dict[str, Any] = {}
    make_hook(hook, sources).initialize("standard", data)
    folder = sources / "src" / "venuekit_oasdiff" / "_bin"
    assert "no `go` on PATH" in json.loads((folder / "build.json").read_text())["reason"]
    assert data["tag"].startswith("py3-none-")

    monkeypatch.setattr(venuekit_oasdiff, "_FOLDER", folder)
    with pytest.raises(venuekit_oasdiff.OasdiffMissingError, match=r"no `go` on PATH.*install Go"):
        venuekit_oasdiff.binary()


def test_a_release_build_fails_without_go(
    hook: ModuleType, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("VENUEKIT_OASDIFF_REQUIRED", "1")
    with pytest.raises(hook.CannotBuildError):
        make_hook(hook, sources).initialize("standard", {})


def test_an_old_go_is_refused_and_named(
    hook: ModuleType, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "go").write_text("#!/bin/sh\necho go1.21.13\n")
    (old / "go").chmod(0o755)
    monkeypatch.setenv("PATH", f"{old}:/usr/bin:/bin")
    with pytest.raises(hook.CannotBuildError, match=r"go1\.21\.13.*1\.26\.0 is needed"):
        hook.find_go(hook.go_version_wanted(sources))
    assert make_hook(hook, sources).dependencies() == (
        [hook.GO_WHEEL] if hook.go_wheel_exists() else []
    )


def test_a_failing_go_build_is_recorded_with_its_words(
    hook: ModuleType, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    script = "#!/bin/sh\n[ $1 = env ] && echo go1.99.0 && exit 0\necho no space left >&2\nexit 1\n"
    (broken / "go").write_text(script)
    (broken / "go").chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken}:/usr/bin:/bin")
    make_hook(hook, sources).initialize("standard", {})
    folder = sources / "src" / "venuekit_oasdiff" / "_bin"
    assert json.loads((folder / "build.json").read_text()) == {
        "reason": "`go build` failed with exit code 1: no space left"
    }
    assert [path.name for path in folder.iterdir()] == ["build.json"]


def test_a_stale_binary_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "oasdiff").write_text("#!/bin/sh\n")
    (tmp_path / "oasdiff").chmod(0o755)
    (tmp_path / "build.json").write_text('{"file": "oasdiff", "version": "v1.0.0"}')
    monkeypatch.setattr(venuekit_oasdiff, "_FOLDER", tmp_path)
    with pytest.raises(venuekit_oasdiff.OasdiffMissingError, match=r"v1\.0\.0, expected v"):
        venuekit_oasdiff.binary()


@pytest.mark.parametrize("text", [None, "{", '{"file": "gone", "version": "v1.33.0"}'])
def test_a_damaged_install_is_a_named_error(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if text is not None:
        (tmp_path / "build.json").write_text(text)
    monkeypatch.setattr(venuekit_oasdiff, "_FOLDER", tmp_path)
    with pytest.raises(venuekit_oasdiff.OasdiffMissingError, match=re.escape(str(tmp_path))):
        venuekit_oasdiff.binary()
