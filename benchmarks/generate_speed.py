"""From a document to an SDK: load and emit time of venuekit and of other generators.

Claim: venuekit takes no longer than the generators of its kind, and emits every operation. For
GitHub's 13 MB it takes under 10 s and 500 MB from cold, and under 1 s after one operation changed;
what it takes grows as the document does.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from harness import node
from harness.cold import ColdRun, cpu_ratio, cpu_s, run_cold, wall_ratio, wall_s
from harness.generators import Generator, bundled, generators, operations_in, size_of
from harness.rebuilds import compile_ours, measure_growth, measure_rebuilds
from harness.report import CORPUS, ROOT, BenchmarkError, Report, Row, main, median, memory_folder

LARGEST = ("okx-rest.openapi.yaml", "binance-spot.openapi.yaml")
ROUNDS = 3
# openapi-python-client formats by calling ruff, which stands next to the interpreter.
WITH_TOOLS = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def run(report: Report) -> None:
    """Measure Meridian's document, then the corpus's two largest, GitHub's, and growing ones."""
    compile_ours()
    tools = []
    for one in generators():
        if one.missing is None:
            tools.append(one)
        else:
            report.skip(one.name, one.missing)
    memory = memory_folder()
    if memory is not None:
        report.note(
            "what is emitted is written to memory: a disk is slow to reuse what was deleted"
        )
    with tempfile.TemporaryDirectory(prefix="venuekit-bench-", dir=memory) as name:
        folder = Path(name)
        compare(report, meridian(report, folder), tools, folder)
        if report.options.is_quick:
            return
        for document in LARGEST:
            file = CORPUS / "openxapi" / document
            if file.is_file():
                compare(report, file, tools, folder)
            else:
                report.skip(document, "the corpus is not there; it is expected in ../shared/corpus")
        rounds = min(report.options.rounds, ROUNDS)
        measure_growth(report, folder, rounds)
        if node.GITHUB.is_file():
            compare(report, node.GITHUB, tools, folder)
            measure_rebuilds(report, node.GITHUB, folder / "rebuilds", rounds)
        else:
            reason = node.missing("@octokit/openapi") or "the npm package does not hold it"
            report.skip("GitHub's document", reason)


def meridian(report: Report, folder: Path) -> Path:
    """Meridian's contract in one file, because not every peer reads several."""
    source, output = ROOT / "spec" / "rest.openapi.yaml", folder / "meridian.openapi.json"
    absent = node.missing("@redocly/openapi-core")
    if absent is not None:
        report.note(f"Meridian's document is read as its several files: {absent}")
        return source
    done = run_cold(bundled(source, output))
    if done.status != 0:
        raise BenchmarkError(f"cannot bundle {source.name}:\n{done.output[-2000:]}")
    report.note("Meridian's document is bundled first: openapi-python-client reads one file only")
    return output


def compare(report: Report, file: Path, tools: list[Generator], folder: Path) -> None:
    """Run every tool on one document, in turn, and count what came out."""
    expected = operations_in(file)
    runs: dict[str, list[ColdRun]] = {one.name: [] for one in tools}
    emitted: dict[str, tuple[int, int, float]] = {}
    rounds = 1 if report.options.is_quick else min(report.options.rounds, ROUNDS)
    for _ in range(rounds):
        for one in tools:
            with tempfile.TemporaryDirectory(dir=folder) as out:
                done = run_cold(one.command(file, Path(out)), Path(out), WITH_TOOLS)
                check(one, done, file)
                runs[one.name].append(done)
                emitted[one.name] = (one.operations(Path(out)), *size_of(Path(out)))
    rows = [row(one, runs[one.name], emitted[one.name], expected) for one in tools]
    title = f"{file.name} ({file.stat().st_size / 1e6:.2f} MB, {expected} operations)"
    columns = ("wall s", "CPU s", "peak MB", "files", "MB out", "operations", "dropped")
    report.table(title, columns, rows)
    for one in tools:
        dropped = expected - emitted[one.name][0]
        if dropped:
            report.note(f"{one.name} emits {expected - dropped} of {expected} operations")
    ratios(report, file, tools, runs)


def check(one: Generator, done: ColdRun, file: Path) -> None:
    """A tool that fails, or ours when it drops an operation, is no measurement."""
    if done.status != 0:
        raise BenchmarkError(
            f"{one.name} ended with status {done.status} on {file.name}:\n{done.output[-2000:]}"
        )


def row(one: Generator, runs: list[ColdRun], emitted: tuple[int, int, float], expected: int) -> Row:
    """One line of the table."""
    operations, files, megabytes = emitted
    peak = median([done.peak_mb for done in runs])
    texts = (f"{wall_s(runs):.2f}", f"{cpu_s(runs):.2f}", f"{peak:.0f}", str(files))
    return Row(
        one.name,
        (*texts, f"{megabytes:.2f}", str(operations), str(expected - operations)),
        {
            "wall_s": wall_s(runs),
            "cpu_s": cpu_s(runs),
            "peak_mb": peak,
            "files": files,
            "megabytes": megabytes,
            "operations": operations,
            "dropped": expected - operations,
        },
    )


def ratios(
    report: Report, file: Path, tools: list[Generator], runs: dict[str, list[ColdRun]]
) -> None:
    """How many times as long each peer takes as ours of the same language."""
    ours = {one.language: one for one in tools if one.name.startswith("venuekit")}
    for one in tools:
        mine = ours[one.language]
        if one is mine:
            continue
        # Types alone and unformatted code are less work: they get no aim.
        is_less = one.name.startswith("openapi-typescript") or one.name.endswith("no hooks")
        aim = None if is_less else 1.0
        text = f"{file.name}, {one.name} / {mine.name}"
        report.ratio(f"{text}, wall", wall_ratio(runs[mine.name], runs[one.name]), aim)
        report.ratio(f"{text}, CPU", cpu_ratio(runs[mine.name], runs[one.name]))


if __name__ == "__main__":
    sys.exit(main("generate_speed", run))
