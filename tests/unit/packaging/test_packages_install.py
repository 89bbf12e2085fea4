"""What is emitted is packed, installed into an empty environment, and used from there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from venuekit import commands
from venuekit.finding import Severity

ROOT = Path(__file__).parents[3]
CORPUS = ROOT.parent / "shared" / "corpus"
TYPESCRIPT = ROOT / "sdks" / "typescript"
DOCUMENT = CORPUS / "kucoin" / "rest-earn.openapi.json"

has_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this project")


def ran(*arguments: object, cwd: Path, path: Path | None = None) -> str:
    """Run a program and return what it prints; a failure fails the test."""
    search = f"{path}{os.pathsep}{os.environ['PATH']}" if path else os.environ["PATH"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "npm_"))}
    said = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        env={**environment, "PATH": search},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


def generated(target: Any, folder: Path) -> Path:
    given = commands.inputs([DOCUMENT], [])
    report = commands.generate(given, target, folder / target, None, False)
    assert report.count(Severity.ERROR) == 0
    return folder / target


@has_corpus
def test_a_wheel_is_built_installed_and_imported(tmp_path: Path) -> None:
    folder = generated("python", tmp_path)
    wheels = tmp_path / "wheels"
    pack = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    runtime = tmp_path / "runtime"
    shutil.copytree(ROOT / "sdks" / "python" / "runtime", runtime)
    for source in (folder, runtime):
        ran(*pack, "--wheel-dir", wheels, source, cwd=tmp_path)
    built = sorted(wheels.glob("*.whl"))
    assert len(built) == 2
    sdk = next(wheel for wheel in built if "runtime" not in wheel.name)
    with zipfile.ZipFile(sdk) as archive:
        names = archive.namelist()
        assert any(name.endswith("/py.typed") for name in names)
        package = names[0].split("/")[0]
        metadata = next(name for name in names if name.endswith("METADATA"))
        assert "## Methods" in archive.read(metadata).decode()
    ran(sys.executable, "-m", "venv", "fresh", cwd=tmp_path)
    python = tmp_path / "fresh" / "bin" / "python"
    ran(python, "-m", "pip", "install", "--quiet", "--find-links", wheels, sdk, cwd=tmp_path)
    program = (
        f"import {package}, {package}.models, {package}.operations\n"
        f"print({package}.Client(base_url='http://127.0.0.1:1') is not None, {package}.__file__)"
    )
    said = ran(python, "-c", program, cwd=tmp_path)
    assert said.startswith("True ")
    assert "site-packages" in said


@has_corpus
def test_a_tarball_is_packed_installed_and_compiled(tmp_path: Path) -> None:
    if not (TYPESCRIPT / "node_modules" / "typescript").is_dir():
        pytest.skip("run `npm ci` in sdks/typescript to pack what is emitted")
    workspace, packed = tmp_path / "workspace", tmp_path / "packed"
    packed.mkdir()
    workspace.mkdir()
    for name in ("tsconfig.base.json", "tsconfig.json"):
        shutil.copy(TYPESCRIPT / name, workspace / name)
    ignored = shutil.ignore_patterns("dist", "node_modules")
    shutil.copytree(TYPESCRIPT / "runtime", workspace / "runtime", ignore=ignored)
    (workspace / "node_modules").symlink_to(TYPESCRIPT / "node_modules")
    tools = TYPESCRIPT / "node_modules" / ".bin"
    pack = ["npm", "pack", "--silent", "--pack-destination", packed]
    ran(*pack, cwd=workspace / "runtime", path=tools)
    runtime = next(packed.glob("venuekit-runtime-*.tgz"))
    quiet = ["--silent", "--no-audit", "--no-fund", "--no-package-lock", "--offline"]
    folder = generated("typescript", tmp_path)
    ran("npm", "install", *quiet, "--no-save", "--omit=dev", runtime, cwd=folder)
    ran(*pack, cwd=folder, path=tools)
    sdk = next(path for path in packed.glob("*.tgz") if path != runtime)
    with tarfile.open(sdk) as archive:
        names = set(archive.getnames())
    wanted = {"README.md", "CHANGELOG.md", "dist/index.js", "dist/index.d.ts", "src/index.ts"}
    assert {f"package/{name}" for name in wanted} <= names
    assert any(name.startswith("package/docs/") for name in names)
    name = json.loads((folder / "package.json").read_text(encoding="utf-8"))["name"]
    user = tmp_path / "user"
    user.mkdir()
    (user / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    ran("npm", "install", *quiet, runtime, sdk, cwd=user)
    (user / "user.ts").write_text(
        f'import {{ Client }} from "{name}";\n'
        'const client = new Client({ baseUrl: "http://127.0.0.1:1" });\n'
        "export const kind: string = typeof client.close;\nglobalThis.console.log(kind);\n",
        encoding="utf-8",
    )
    options = ["--strict", "--target", "es2023", "--module", "nodenext"]
    libraries = ["--lib", "es2023,dom,esnext.disposable", "--skipLibCheck", "false"]
    for compiler in ("typescript", "typescript-5"):
        tsc = TYPESCRIPT / "node_modules" / compiler / "bin" / "tsc"
        ran("node", tsc, "--outDir", "out", *options, *libraries, "user.ts", cwd=user)
        assert ran("node", "out/user.js", cwd=user) == "function\n"
