"""Runs of venuekit over one document again and again: cold, unchanged, after an edit; and growing.

The output of a run with a cache is compared with that of one without before anything is told.
"""

from __future__ import annotations

import compileall
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness.cold import ColdRun, cpu_s, run_cold, wall_s
from harness.generators import METHODS, VENUEKIT
from harness.report import BenchmarkError, Report, Row, median

COLD_S, REBUILD_S, MEMORY_MB = 10.0, 1.0, 500.0
"""What the generator claims for a document of GitHub's size."""

LINEAR = 0.8
"""The least that a fourfold document may do in the time that four single ones take."""

STEPS = ("cold", "unchanged", "one operation described", "one parameter more")
OPERATIONS = 200
"""How many operations the smallest of the growing documents has."""


@dataclass(slots=True)
class Runs:
    """The runs of one target, by step."""

    by_step: dict[str, list[ColdRun]] = field(default_factory=dict)

    def add(self, step: str, run: ColdRun) -> None:
        self.by_step.setdefault(step, []).append(run)


def compile_ours() -> None:
    """Compile our byte code, as an installer does."""
    for package in ("venuekit", "venuekit_runtime"):
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
            compileall.compile_dir(folder, quiet=2)


def measure_rebuilds(report: Report, source: Path, folder: Path, rounds: int) -> None:
    """Tell how long a run takes with a cache: the first, the same again, one after an edit."""
    document: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    for target in ("python", "typescript"):
        runs = Runs()
        for number in range(rounds):
            for step, run in one_round(document, target, folder / f"{target}{number}"):
                runs.add(step, run)
        tell_rebuilds(report, source, target, runs)


def one_round(document: dict[str, Any], target: str, folder: Path) -> Iterator[tuple[str, ColdRun]]:
    """Yield each step with its run, over a cache that is empty at first."""
    folder.mkdir(parents=True)
    file = folder / "document.json"
    changed = json.loads(json.dumps(document))
    operation = middle_operation(changed)
    for step in STEPS:
        if step == STEPS[2]:
            operation["description"] = "Says something else than before.\n\nAnd more of it."
        elif step == STEPS[3]:
            schema = {"type": "string", "enum": ["up", "down"]}
            parameter = {"name": "direction_of_all", "in": "query", "schema": schema}
            operation.setdefault("parameters", []).append(parameter)
        file.write_text(json.dumps(changed, indent=2, ensure_ascii=False), encoding="utf-8")
        yield step, generate(target, file, folder / "sdk", ["--cache", str(folder / "cache")])
        generate(target, file, folder / "anew", ["--no-cache"])
        if digests(folder / "sdk") != digests(folder / "anew"):
            raise BenchmarkError(f"{target}, {step}: the output is not that of a run without cache")


def middle_operation(document: dict[str, Any]) -> dict[str, Any]:
    """Return an operation in the middle of a document."""
    items = list(document["paths"].values())
    item = items[len(items) // 2]
    found: dict[str, Any] = next(item[method] for method in item if method in METHODS)
    return found


def generate(target: str, file: Path, out: Path, options: list[str]) -> ColdRun:
    """Run the command once. Raises BenchmarkError when it fails."""
    run = run_cold([*VENUEKIT, "generate", target, str(file), "-o", str(out), *options])
    if run.status != 0:
        raise BenchmarkError(f"venuekit ended with status {run.status}:\n{run.output[-2000:]}")
    return run


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def tell_rebuilds(report: Report, source: Path, target: str, runs: Runs) -> None:
    """Print the table of one target and how it stands to the claims."""
    rows = [row(step, found) for step, found in runs.by_step.items()]
    size = f"{source.stat().st_size / 1e6:.1f} MB"
    title = f"venuekit {target} with a cache, {source.name} ({size})"
    report.table(title, ("wall s", "CPU s", "peak MB"), rows)
    cold = runs.by_step[STEPS[0]]
    report.ratio(f"{target}: {COLD_S:g} s / cold", COLD_S / wall_s(cold), 1.0)
    for step in STEPS[1:]:
        taken = wall_s(runs.by_step[step])
        report.ratio(f"{target}: {REBUILD_S:g} s / {step}", REBUILD_S / taken, 1.0)
        report.ratio(f"{target}: cold / {step}, CPU", cpu_s(cold) / cpu_s(runs.by_step[step]))
    peak = max(run.peak_mb for found in runs.by_step.values() for run in found)
    report.ratio(f"{target}: {MEMORY_MB:g} MB / peak", MEMORY_MB / peak, 1.0)


def measure_growth(report: Report, folder: Path, rounds: int) -> None:
    """Tell what a document of twice and four times the size costs."""
    sizes = (1, 2, 4)
    files = {}
    for size in sizes:
        files[size] = folder / f"grown-{size}.json"
        files[size].write_text(json.dumps(grown(size * OPERATIONS), indent=2), encoding="utf-8")
    for target in ("python", "typescript"):
        runs = Runs()
        for number in range(rounds):
            for size, file in files.items():
                out = folder / f"grown-{target}-{size}-{number}"
                runs.add(
                    f"{size * OPERATIONS} operations", generate(target, file, out, ["--no-cache"])
                )
        found = list(runs.by_step.values())
        rows = [row(step, taken) for step, taken in runs.by_step.items()]
        report.table(f"venuekit {target}, growing", ("wall s", "CPU s", "peak MB"), rows)
        ratio = sizes[-1] * cpu_s(found[0]) / cpu_s(found[-1])
        report.ratio(f"{target}: {sizes[-1]} x the smallest / the largest, CPU", ratio, LINEAR)


def grown(count: int) -> dict[str, Any]:
    """Return a document with some operations, as many schemas that refer to each other."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Growing", "version": "1.0.0"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {f"/things{n}/{{id}}": {"get": grown_operation(n)} for n in range(count)},
        "components": {"schemas": {f"thing{n}": grown_schema(n, count) for n in range(count)}},
    }


def grown_operation(number: int) -> dict[str, Any]:
    """Return one operation of a growing document."""
    reference = {"$ref": f"#/components/schemas/thing{number}"}
    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
        {"name": "side", "in": "query", "schema": {"type": "string", "enum": ["buy", "sell"]}},
    ]
    return {
        "operationId": f"getThing{number}",
        "summary": f"Returns thing {number}",
        "description": "Something to read, long enough for a line to be wrapped. " * 4,
        "parameters": parameters,
        "responses": {
            "200": {"description": "It.", "content": {"application/json": {"schema": reference}}}
        },
    }


def grown_schema(number: int, count: int) -> dict[str, Any]:
    """Return one schema of a growing document."""
    text = {"type": "string", "description": "Words about a field of one thing."}
    fields: dict[str, Any] = {f"field_{n}": text for n in range(12)}
    fields["price"] = {"type": "string", "format": "decimal"}
    fields["inner"] = {"type": "object", "properties": {"a": text, "n": {"type": "integer"}}}
    fields["other"] = {"$ref": f"#/components/schemas/thing{(number * 7 + 1) % count}"}
    return {"type": "object", "required": ["field_0", "price"], "properties": fields}


def row(name: str, runs: list[ColdRun]) -> Row:
    """One line of a table."""
    peak = median([run.peak_mb for run in runs])
    return Row(
        name,
        (f"{wall_s(runs):.2f}", f"{cpu_s(runs):.2f}", f"{peak:.0f}"),
        {"wall_s": wall_s(runs), "cpu_s": cpu_s(runs), "peak_mb": peak},
    )
