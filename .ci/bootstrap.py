"""Gets nox onto a machine that has Python alone, then hands over to it; noxfile.py starts it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".nox" / "bootstrap"
NOX = "2026.10.20"
LEAST_PYTHON = (3, 11)


class SetUpError(Exception):
    """The machine lacks something that cannot be fetched; the text says what to install."""


def main(arguments: list[str]) -> int:
    """Run nox on noxfile.py with `arguments` and return its exit code."""
    try:
        python = python_with_nox()
    except SetUpError as error:
        print(f"noxfile.py: error: {error}", file=sys.stderr)
        return 2
    command = [str(python), "-m", "nox", "-f", str(ROOT / "noxfile.py"), *arguments]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def python_with_nox() -> Path:
    """Return a Python that can import the nox we want, making a private one when needed."""
    if sys.version_info < LEAST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetUpError(f"{sys.executable} is Python {found}; Python 3.11 or newer is needed")
    if has_nox():
        return Path(sys.executable)
    python = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = HOME / "made-with"
    wanted = f"nox {NOX}, Python {sys.version}"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"set-up: nox {NOX} into {HOME.relative_to(ROOT)}", flush=True)
        make_home(python)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def has_nox() -> bool:
    """Say whether this very Python has the pinned nox."""
    try:
        return importlib.metadata.version("nox") == NOX
    except importlib.metadata.PackageNotFoundError:
        return False


def make_home(python: Path) -> None:
    """Make a private environment that holds nox.

    Debian splits `ensurepip` off into python3-venv, and forbids pip to touch the system's
    Python (PEP 668). So: an environment with its own pip where `ensurepip` is there, else one
    without pip that the system's pip fills from outside.
    """
    if HOME.exists():
        shutil.rmtree(HOME)
    if can_run("ensurepip") and try_run(sys.executable, "-m", "venv", str(HOME)):
        pip = [str(python), "-m", "pip"]
    elif can_run("pip"):
        if HOME.exists():
            shutil.rmtree(HOME)
        run(sys.executable, "-m", "venv", "--without-pip", str(HOME))
        pip = [sys.executable, "-m", "pip", "--python", str(python)]
    else:
        raise SetUpError(
            f"{sys.executable} has neither `ensurepip` nor `pip`, so nothing can be installed; "
            "on Debian and Ubuntu: `sudo apt-get install python3-venv`"
        )
    run(*pip, "install", "--quiet", "--disable-pip-version-check", f"nox=={NOX}")


def can_run(module: str) -> bool:
    """Say whether `python -m module` would find something to run."""
    try:
        return importlib.util.find_spec(f"{module}.__main__") is not None
    except ModuleNotFoundError:
        return False


def try_run(*command: str) -> bool:
    """Run a command quietly and say whether it worked."""
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def run(*command: str) -> None:
    """Run a command that must work."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise SetUpError(
            f"`{' '.join(command)}` failed with exit code {done.returncode}; its words are above. "
            "A package index must be reachable; on Debian, python3-venv must be installed"
        )
