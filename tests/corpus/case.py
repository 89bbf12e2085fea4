"""One document of the corpus run: where it is, what is emitted from it, and the tools to run it."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import msgspec

from venuekit.contract import Contract, Wire
from venuekit.emit.emission import Options
from venuekit.emit.files import tree, write
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.generating import emitter
from venuekit.load import Loaded, load
from venuekit.origin import Origin

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".nox" / "corpus"
CORPUS = ROOT.parent / "shared" / "corpus"
QUIRKS = ROOT / "tests" / "quirks"
WORKSPACE = ROOT / "sdks" / "typescript"
START_S = 60.0
_DRIVERS = {
    "python": "drive_python",
    "python stream": "drive_stream",
    "python heard": "drive_heard",
    "typescript": "drive",
    "typescript stream": "drive_stream",
    "typescript heard": "drive_heard",
}
DRIVE_S = 600.0


@dataclass(slots=True)
class Case:
    """One document, with its overlays if it needs some, and what was found out so far."""

    path: Path
    overlays: tuple[Path, ...] = ()
    loaded: Loaded | None = None
    facts: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        folder = self.path.parent.name
        return self.path.name if folder == "quirks" else f"{folder}/{self.path.name}"

    @property
    def package(self) -> str:
        letters = "".join(c if c.isascii() and c.isalnum() else "_" for c in self.name.lower())
        return f"case_{letters}"

    @property
    def python(self) -> Path:
        return WORK / "python" / self.package

    @property
    def server_package(self) -> str:
        return f"{self.package}_server"

    @property
    def server(self) -> Path:
        return WORK / "server" / self.package

    @property
    def typescript(self) -> Path:
        return WORK / "typescript" / self.package

    def fault(self, text: str) -> None:
        """Note that something did not hold."""
        self.faults.append(text)


def emit(case: Case) -> bool:
    """Load a document and write both SDKs and the bindings; say whether they are there."""
    try:
        case.loaded = load([case.path], case.overlays)
    except FindingsError as error:
        first = error.findings[0]
        case.fault(f"refused [{first.rule}] {first.message} and {len(error.findings) - 1} more")
        return False
    contract, findings = case.loaded.contract, list(case.loaded.findings)
    targets = {
        "python": (case.python, case.package),
        "typescript": (case.typescript, f"@corpus/{case.package}"),
        "server": (case.server, case.server_package),
    }
    for name, (folder, package) in targets.items():
        emission = emitter(name)(contract, Options(package=package, version="1.0.0"))
        unserved = _calls(contract) if name == "server" else frozenset()
        findings += [f for f in emission.findings if not _is_unserved(f, unserved)]
        read = contract.counts
        read = dataclasses.replace(read, operations=read.operations - len(unserved))
        if emission.emitted != read:
            case.fault(f"{name}: read {read}, emitted {emission.emitted}")
        write(folder, tree(emission.files, {}))
    errors = [f for f in findings if f.severity is Severity.ERROR]
    for found in errors:
        case.fault(f"[{found.rule}] {found.message}")
    modules = case.typescript / "node_modules" / "@venuekit"
    modules.mkdir(parents=True)
    (modules / "runtime").symlink_to(WORKSPACE / "runtime")
    case.facts["operations"] = str(contract.counts.operations)
    return not errors


def _calls(contract: Contract) -> frozenset[Origin]:
    """Return the places of webhooks and callbacks, which server bindings leave to a client."""
    return frozenset(o.origin for o in contract.operations if o.wire is Wire.WEBHOOK)


def _is_unserved(finding: Finding, unserved: frozenset[Origin]) -> bool:
    return finding.rule == "server-not-emitted" and finding.origin in unserved


@contextmanager
def mocked(case: Case, record: Path) -> Iterator[str]:
    """Serve the case's document by `venuekit mock` while the block runs; yield the URL."""
    ready = record.with_suffix(".ready")
    command = [sys.executable, "-c", "from venuekit.cli import main; main()", "mock"]
    command += [str(case.path), "--record", str(record), "--ready-file", str(ready)]
    for overlay in case.overlays:
        command += ["--overlay", str(overlay)]
    with serving(command, ready, record.with_suffix(".log")) as url:
        yield url


@contextmanager
def serving(
    command: list[str], ready: Path, log: Path, sources: Path | None = None
) -> Iterator[str]:
    """Run a server while the block runs; it writes its URL to `ready` when it listens."""
    environment = dict(os.environ)
    if sources is not None:
        environment["PYTHONPATH"] = str(sources)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        try:
            until = time.monotonic() + START_S
            while not ready.is_file() and process.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            if not ready.is_file():
                said = log.read_text(encoding="utf-8")[-3000:]
                raise RuntimeError(f"the server did not start: {said}")
            yield ready.read_text(encoding="utf-8").strip()
        finally:
            process.terminate()
            process.wait(timeout=20)


def drive(
    case: Case, language: str, url: str, samples: Path, results: Path
) -> list[dict[str, object]]:
    """Run the driver of a language over all samples and return what became of each."""
    if language.startswith("python"):
        driver = str(Path(__file__).with_name(f"{_DRIVERS[language]}.py"))
        command = [sys.executable, driver, case.package, url, str(samples), str(results)]
    else:
        program = _program(case, _DRIVERS[language])
        command = [node(), "--conditions=venuekit-source", str(program)]
        command += [url, str(samples), str(results)]
    environment = {**os.environ, "PYTHONPATH": str(case.python / "src")}
    said = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=DRIVE_S, env=environment
    )
    if said.returncode != 0:
        case.fault(f"{language}: the driver failed: {said.stderr.strip()[-1500:]}")
        return []
    found: list[dict[str, object]] = json.loads(
        results.read_text(encoding="utf-8"), parse_float=Decimal
    )
    return found


def _program(case: Case, name: str) -> Path:
    """Put the drivers into an emitted package, and return one of them."""
    for file in Path(__file__).parent.glob("*.ts"):
        shutil.copyfile(file, case.typescript / file.name)
    return case.typescript / f"{name}.ts"


def carried(
    case: Case, language: str, name: str, samples: Path, results: Path
) -> list[dict[str, object]]:
    """Run a driver that needs no mock over values, and return what became of each."""
    if language.startswith("python"):
        driver = str(Path(__file__).with_name(f"{name}.py"))
        command = [sys.executable, driver, case.package, str(samples), str(results)]
    else:
        program = _program(case, name)
        command = [node(), "--conditions=venuekit-source", str(program), str(samples), str(results)]
    environment = {**os.environ, "PYTHONPATH": str(case.python / "src")}
    said = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=DRIVE_S, env=environment
    )
    if said.returncode != 0:
        case.fault(f"{language}: the driver failed: {said.stderr.strip()[-1500:]}")
        return []
    found: list[dict[str, object]] = json.loads(
        results.read_text(encoding="utf-8"), parse_float=Decimal
    )
    return found


def node() -> str:
    """Return the Node of PATH."""
    found = shutil.which("node")
    if found is None:
        raise RuntimeError("node is not on PATH")
    return found


def to_json(value: object) -> bytes:
    """Return JSON text whose decimals are numbers with their digits."""
    return msgspec.json.Encoder(decimal_format="number").encode(value)
