"""How long an emitted Python SDK takes to import, against other SDKs.

Claim: under 50 ms, even with the first order written and signed, and whatever the size of the
contract; all models of GitHub's 13 MB in under 0.5 s. A figure is the wall time of
a new interpreter that imports it, minus that of one that imports nothing; best of all rounds,
because noise only ever adds. Byte code is compiled before. "Alone" is an environment that holds
what installing the SDK installs: elsewhere msgspec also imports typing_extensions, if it is there.
"""

from __future__ import annotations

import compileall
import shutil
import sys
import tempfile
import venv
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from harness import node
from harness.cold import ColdRun, run_cold
from harness.contest import CLIENT_CORE, pin
from harness.generators import VENUEKIT, bundled
from harness.report import ROOT, BenchmarkError, Report, Row, main

AIM_MS = 50.0
MODELS_AIM_MS = 500.0
LARGE, LARGE_MODELS = "GitHub's SDK", "GitHub's SDK, all of its models"
ROUNDS = 15

READY, READY_ALONE = "meridian, ready to trade", "meridian, ready to trade, alone"
READY_TO_TRADE = """
import meridian
client = meridian.Client("http://127.0.0.1:1", meridian.HmacCredentials(key="k", secret="s"),
                         retry=meridian.RetryPolicy(attempts=1))
order = {"client_order_id": "a", "symbol": "BTC-USD", "side": "buy", "order_type": "limit",
         "quantity": "1", "price": "2"}
client._core.prepare(meridian.operations.PLACE_ORDER, order, None)
meridian.models, meridian.errors
"""
# Nobody listens there, so this is everything but the answer.
FIRST_ORDER_SENT = f"""{READY_TO_TRADE}
try:
    client.place_order(**order)
except meridian.errors.ConnectError:
    pass
"""
# Every name is asked for, so that none could be left for later.
ALL_MODELS = "import large_sdk.models as models; [getattr(models, name) for name in dir(models)]"


@dataclass(frozen=True, slots=True)
class Import:
    """A statement to be timed, and what it needs: a folder on the path, an interpreter.

    ``without`` names what the same interpreter takes to import nothing.
    """

    name: str
    statement: str
    path: Path | None = None
    python: str = sys.executable
    without: str = "nothing"


def run(report: Report) -> None:
    """Time every import in turn."""
    if find_spec("meridian") is None:
        raise BenchmarkError(
            "the emitted SDK is not installed: pip install -e sdks/python/meridian"
        )
    pin(0, CLIENT_CORE)
    with tempfile.TemporaryDirectory(prefix="venuekit-bench-") as name:
        imports = [
            Import("nothing", "pass"),
            Import("meridian", "import meridian"),
            Import(READY, READY_TO_TRADE),
            Import("meridian, first order sent", FIRST_ORDER_SENT),
            *alone(Path(name) / "alone"),
            *large(report, Path(name)),
            *published(report),
            *emitted_by_peer(report, Path(name)),
        ]
        runs = measure(report, imports)
    tell(report, imports, runs)


def alone(folder: Path) -> list[Import]:
    """The SDK in an environment with what it needs and nothing else."""
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for package in ("msgspec", "venuekit_runtime", "meridian"):
        found = find_spec(package)
        assert found is not None, f"{package} is not installed"
        assert found.submodule_search_locations is not None
        shutil.copytree(found.submodule_search_locations[0], packages / package)
    compileall.compile_dir(packages, quiet=2)
    python = str(folder / "bin" / "python")
    nothing = Import("nothing, alone", "pass", python=python, without="nothing, alone")
    return [nothing, replace(nothing, name=READY_ALONE, statement=READY_TO_TRADE)]


def large(report: Report, folder: Path) -> list[Import]:
    """The SDK of the largest document there is, by itself and with every model."""
    if report.options.is_quick:
        return []
    if not node.GITHUB.is_file():
        reason = node.missing("@octokit/openapi") or "the npm package does not hold it"
        report.skip(LARGE, reason)
        return []
    command = [*VENUEKIT, "generate", "python", str(node.GITHUB), "-o", str(folder / "large")]
    done = run_cold([*command, "--package", "large_sdk", "--no-cache"])
    if done.status != 0:
        raise BenchmarkError(f"cannot emit {LARGE}:\n{done.output[-2000:]}")
    source = folder / "large" / "src"
    compileall.compile_dir(source, quiet=2)
    return [Import(LARGE, "import large_sdk", source), Import(LARGE_MODELS, ALL_MODELS, source)]


def published(report: Report) -> list[Import]:
    """SDKs and libraries that are published, where they are installed."""
    statements = {
        "msgspec": "import msgspec",
        "stripe": "import stripe; stripe.StripeClient('sk_test_0')",
        "ccxt": "import ccxt",
        "httpx": "import httpx; httpx.Client",
        "aiohttp": "import aiohttp",
    }
    found = []
    for package, statement in statements.items():
        if find_spec(package) is None:
            report.skip(package, "the package is not installed")
        else:
            found.append(Import(package, statement))
    return found


def emitted_by_peer(report: Report, folder: Path) -> list[Import]:
    """What openapi-python-client emits from the same contract."""
    name = "openapi-python-client's Meridian"
    if find_spec("openapi_python_client") is None:
        report.skip(name, "the package openapi-python-client is not installed")
        return []
    absent = node.missing("@redocly/openapi-core")
    if absent is not None:
        report.skip(name, f"it needs the contract in one file, and {absent}")
        return []
    document = folder / "meridian.json"
    bundling = run_cold(bundled(ROOT / "spec" / "rest.openapi.yaml", document))
    if bundling.status != 0:
        raise BenchmarkError(f"cannot bundle Meridian's document:\n{bundling.output[-2000:]}")
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate"]
    command += ["--path", str(document), "--meta", "none", "--output-path"]
    done = run_cold([*command, str(folder / "emitted_sdk")], folder)
    if done.status != 0:
        raise BenchmarkError(f"openapi-python-client failed:\n{done.output[-2000:]}")
    modules = sorted((folder / "emitted_sdk" / "api").rglob("*place_order*.py"))
    place = ".".join(modules[0].relative_to(folder).with_suffix("").parts)
    statement = (
        f"import emitted_sdk; emitted_sdk.Client(base_url='http://127.0.0.1:1');"
        f" import emitted_sdk.models, {place}"
    )
    return [Import(name, statement, folder)]


def measure(report: Report, imports: list[Import]) -> dict[str, list[ColdRun]]:
    """Run all imports in turn, once to compile and then round by round."""
    runs: dict[str, list[ColdRun]] = {one.name: [] for one in imports}
    for number in range(1 + (report.options.rounds if report.options.is_quick else ROUNDS)):
        for one in imports:
            # The first round writes byte code, whatever the caller's environment says of it.
            environment = {"PYTHONDONTWRITEBYTECODE": ""}
            if one.path is not None:
                environment["PYTHONPATH"] = str(one.path)
            done = run_cold([one.python, "-c", one.statement], environment=environment)
            if done.status != 0:
                raise BenchmarkError(f"{one.name} cannot be imported:\n{done.output[-2000:]}")
            if number > 0:
                runs[one.name].append(done)
    return runs


def tell(report: Report, imports: list[Import], runs: dict[str, list[ColdRun]]) -> None:
    """The table, and how far under the aim ours stays."""
    wall_ms, rows = {}, []
    for one in imports:
        bare = runs[one.without]
        wall_s = min(d.wall_s for d in runs[one.name]) - min(d.wall_s for d in bare)
        cpu_s = min(d.cpu_s for d in runs[one.name]) - min(d.cpu_s for d in bare)
        # Never quite zero, so that a ratio to it can be made.
        wall_ms[one.name], cpu_ms = max(0.01, wall_s * 1000), max(0.0, cpu_s * 1000)
        peak = min(done.peak_mb for done in runs[one.name])
        facts: dict[str, float | int | str | None] = {
            "wall_ms": wall_ms[one.name],
            "cpu_ms": cpu_ms,
            "peak_mb": peak,
        }
        texts = (f"{wall_ms[one.name]:.1f}", f"{cpu_ms:.1f}", f"{peak:.0f}")
        rows.append(Row(one.name, texts, facts))
    report.table("import", ("wall ms", "CPU ms", "peak MB"), rows)
    aims = {"meridian": AIM_MS, READY: AIM_MS, READY_ALONE: AIM_MS, LARGE: AIM_MS}
    aims[LARGE_MODELS] = MODELS_AIM_MS
    for name, aim in aims.items():
        if name in wall_ms:
            report.ratio(f"{aim:g} ms / {name}", aim / wall_ms[name], 1.0)
    for one in imports:
        if one.name not in aims and one.name != one.without:
            report.ratio(f"{one.name} / {READY}", wall_ms[one.name] / wall_ms[READY])


if __name__ == "__main__":
    sys.exit(main("import_time", run))
