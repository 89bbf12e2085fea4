"""The emitted sources under the strictest compilers: mypy, import and decoders, and two tsc."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from case import WORK, WORKSPACE, Case, node

COMPILERS = ("typescript", "typescript-5")
SECONDS = 1800

IMPORT = """
import importlib, inspect, sys
from decimal import Decimal
from pathlib import Path
import msgspec
package, folder = sys.argv[1], Path(sys.argv[2])
count = 0
for file in sorted(folder.glob("*.py")):
    name = package if file.stem == "__init__" else f"{package}.{file.stem}"
    module = importlib.import_module(name)
    aliases = set(module.__annotations__) if file.stem == "models" else set()
    for name, value in tuple(vars(module).items()):
        is_struct = inspect.isclass(value) and issubclass(value, msgspec.Struct)
        if is_struct or name in aliases:
            msgspec.json.Decoder(value, float_hook=Decimal)
            count += 1
sys.stdout.write(str(count))
"""


def check_python(cases: list[Case]) -> None:
    """Have mypy judge all packages in one run, import each, and build each decoder."""
    sources = [str(folder / "src") for case in cases for folder in (case.python, case.server)]
    options = ["--strict", "--no-error-summary", "--cache-dir", str(WORK / "mypy")]
    environment = {**os.environ, "MYPYPATH": os.pathsep.join(sources)}
    names = [name for case in cases for name in (case.package, case.server_package)]
    packages = [word for name in names for word in ("-p", name)]
    said = run([sys.executable, "-m", "mypy", *options, *packages], environment)
    for line in said.stdout.splitlines():
        owner = next((c for c in cases if f"/{c.package}/" in line), None)
        if "error:" in line and owner is not None:
            owner.fault(f"mypy: {line.rpartition('/src/')[2]}")
    if said.returncode > 1 or (said.returncode and not any(case.faults for case in cases)):
        raise RuntimeError(f"mypy failed: {said.stdout[-2000:]}{said.stderr[-2000:]}")
    for case in cases:
        folder = case.python / "src" / case.package
        environment = {**os.environ, "PYTHONPATH": str(folder.parent)}
        command = [sys.executable, "-c", IMPORT, case.package, str(folder)]
        done = run(command, environment)
        if done.returncode:
            case.fault(f"import: {done.stderr.strip()[-400:]}")
        else:
            case.facts["decoders"] = done.stdout


def check_typescript(cases: list[Case]) -> None:
    """Have each compiler judge all packages in one run, under the settings that they carry."""
    if not cases:
        return
    options = json.loads((cases[0].typescript / "tsconfig.json").read_text(encoding="utf-8"))
    compiler_options = options["compilerOptions"]
    compiler_options |= {"noEmit": True, "customConditions": ["venuekit-source"], "rootDir": "/"}
    for name in ("outDir", "declaration", "sourceMap"):
        compiler_options.pop(name, None)
    config = WORK / "typescript" / "tsconfig.json"
    wanted = [f"{case.package}/src" for case in cases]
    text = json.dumps({"compilerOptions": compiler_options, "include": wanted})
    config.write_text(text, encoding="utf-8")
    for compiler in COMPILERS:
        script = WORKSPACE / "node_modules" / compiler / "bin" / "tsc"
        said = run([node(), str(script), "-p", str(config)], dict(os.environ))
        for line in said.stdout.splitlines():
            owner = next((c for c in cases if f"{c.package}/" in line), None)
            if owner is not None:
                owner.fault(f"{compiler}: {line}")
            elif "error TS" in line:
                raise RuntimeError(f"{compiler}: {line}")


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        env=environment,
        cwd=Path(WORK),
    )
