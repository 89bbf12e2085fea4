"""The corpus run: every real document and quirk, both SDKs and bindings, every operation called.

`python tests/corpus/run.py [NAME...]` runs documents whose name holds one of the words; without
words all of them. A word that is a file's path runs that file, which may stand anywhere. It prints
a line for each document and fails when anything did not hold. `--bindings` asks the emitted server
bindings alone: no compiler, no TypeScript, no mock.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bindings import judge_answers, served
from calls import calls, compare_calls
from case import CORPUS, QUIRKS, WORK, Case, carried, drive, emit, mocked, to_json
from compiled import check_python, check_typescript
from frames import frames, heard, subscribes
from judge import judge, judge_frames, judge_heard
from samples import Sampler
from values import compare, drawn

from venuekit.overlays import overlay_files, overlay_names

WAIVERS = Path(__file__).with_name("waivers.txt")
"""One line each: document | words of the fault | date | why it stands."""
VALUES, MOST_SCHEMAS = 6, 300
"""How many values of each schema are drawn, and of how many schemas of one document."""
SHOWN = 4
"""How many faults of one document are printed; the rest is counted."""


def main(given: list[str]) -> int:
    began = time.monotonic()
    words = [word for word in given if not word.startswith("--")]
    is_brief = "--bindings" in given
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    own = [word for word in words if Path(word).is_file()]
    wanted = [word for word in words if word not in own]
    cases = [Case(Path(word).resolve()) for word in own]
    if wanted or not own:
        cases += [c for c in documents() if not wanted or any(w in c.name for w in wanted)]
    emitted = [case for case in cases if emit(case)]
    log(f"emitted {len(emitted)} of {len(cases)} documents", began)
    if is_brief:
        for case in emitted:
            call_bindings(case)
        waive(cases, is_whole=False)
        report(cases, began)
        return 1 if any(case.faults for case in cases) else 0
    check_python(emitted)
    log("Python is checked, imported, and its decoders are built", began)
    check_typescript(emitted)
    log("TypeScript is compiled", began)
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for done in [workers.submit(call_everything, case) for case in emitted]:
            done.result()
        for done in [workers.submit(send_everything, case) for case in emitted]:
            done.result()
        for stage in (hear_everything, carry_values, take_calls):
            for done in [workers.submit(stage, case) for case in emitted]:
                done.result()
    waived = waive(cases)
    report(cases, began)
    log(f"{waived} faults are waived in {WAIVERS.name}", began)
    return 1 if any(case.faults for case in cases) else 0


def waive(cases: list[Case], is_whole: bool = True) -> int:
    """Take the faults away that a dated line allows; a line that allows nothing is a fault,
    unless only a part of the run was asked for."""
    count = 0
    for line in WAIVERS.read_text(encoding="utf-8").splitlines():
        name, words, _date, _why = (part.strip() for part in line.split("|"))
        for case in (case for case in cases if case.name == name):
            kept = [fault for fault in case.faults if words not in fault]
            count += len(case.faults) - len(kept)
            if is_whole and len(kept) == len(case.faults):
                kept.append(f"the waiver {words!r} has nothing to waive: remove its line")
            case.faults = kept
    return count


def documents() -> list[Case]:
    """Return the documents of the corpus, and the quirks that are expected to be emitted."""
    found = [*CORPUS.rglob("*.openapi.*"), *CORPUS.rglob("*.asyncapi.*")]
    found += [*CORPUS.rglob("*.swagger.*"), *CORPUS.glob("hyperliquid/info/*.yaml")]
    quirks = [
        path
        for path in sorted(QUIRKS.iterdir())
        if path.read_text(encoding="utf-8").startswith("# expect: ok\n")
    ]
    return [Case(path, overlays_of(path)) for path in (*sorted(found), *quirks)]


def overlays_of(path: Path) -> tuple[Path, ...]:
    """Return the overlay that is shipped for a document, whose name follows from the file's."""
    stem, _, kind = path.name.partition(".")
    name = {
        "kucoin": f"kucoin-{stem.removeprefix('rest-')}",
        "oanda": "oanda",
        "openxapi": stem.removesuffix("-rest"),
    }.get(path.parent.name, "")
    # A socket's overlay has its requests signed, and this run holds no keys.
    if kind.startswith("asyncapi"):
        return ()
    return overlay_files([Path(name)]) if name in overlay_names() else ()


def call_everything(case: Case) -> None:
    """Call each operation of a document from both SDKs, against the mock of the document, and
    from Python against its emitted bindings."""
    assert case.loaded is not None
    samples = list(Sampler(case.loaded).samples())
    if not samples:
        return
    file = WORK / f"{case.package}.samples.json"
    file.write_bytes(to_json([sample.as_json() for sample in samples]))
    for sample in samples:
        for reason in sample.unmade:
            case.facts.setdefault("unmade", reason)
    for language in ("python", "typescript"):
        record = WORK / f"{case.package}.{language}.jsonl"
        with mocked(case, record) as url:
            results = drive(case, language, url, file, record.with_suffix(".results"))
        judge(case, language, samples, results, record)
    call_bindings(case)


def call_bindings(case: Case) -> None:
    """Call each operation from Python against the document's emitted bindings."""
    assert case.loaded is not None
    samples = list(Sampler(case.loaded).samples())
    if not samples:
        return
    file = WORK / f"{case.package}.bindings.samples.json"
    file.write_bytes(to_json([sample.as_json() for sample in samples]))
    record = WORK / f"{case.package}.bindings.jsonl"
    try:
        with served(case, record) as url:
            results = drive(case, "python", url, file, record.with_suffix(".results"))
    except RuntimeError as error:
        case.fault(f"bindings: {str(error)[-600:]}")
        return
    judge(case, "bindings", samples, results, record)
    judge_answers(case, record)


def send_everything(case: Case) -> None:
    """Send each operation of the document's sockets from both SDKs."""
    assert case.loaded is not None
    made = list(frames(case.loaded))
    for one in (one for one in made if one["is_lost"]):
        case.facts.setdefault("unmade", f"{one['operation']}{one['unmade'][0]}")
    wanted = [one for one in made if not one["is_lost"]]
    if not wanted:
        return
    file = WORK / f"{case.package}.frames.json"
    file.write_bytes(to_json(wanted))
    for language in ("python stream", "typescript stream"):
        record = WORK / f"{case.package}.{language.replace(' ', '-')}.jsonl"
        with mocked(case, record) as url:
            results = drive(case, language, url, file, record.with_suffix(".results"))
        judge_frames(case, language, wanted, results, record)


def hear_everything(case: Case) -> None:
    """Follow each channel from both SDKs, and compare what came with what the mock sent."""
    assert case.loaded is not None
    wanted = list(heard(case.loaded))
    if not wanted:
        return
    made = [one for one in frames(case.loaded) if not one["is_lost"]]
    asked = [one for one in made if one["is_full"] and subscribes(one["operation"])]
    file = WORK / f"{case.package}.heard.json"
    file.write_bytes(to_json({"heard": wanted, "asked": asked}))
    for language in ("python heard", "typescript heard"):
        record = WORK / f"{case.package}.{language.replace(' ', '-')}.jsonl"
        with mocked(case, record) as url:
            results = drive(case, language, url, file, record.with_suffix(".results"))
        judge_heard(case, language, wanted, results)


def carry_values(case: Case) -> None:
    """Draw values of each schema, and have both SDKs decode and encode them."""
    assert case.loaded is not None
    samples = list(drawn(case.loaded, VALUES, MOST_SCHEMAS))
    if not samples:
        return
    file = WORK / f"{case.package}.values.json"
    file.write_bytes(to_json([sample.as_json() for sample in samples]))
    for language in ("python values", "typescript values"):
        results = WORK / f"{case.package}.{language.replace(' ', '-')}.json"
        found = carried(case, language, "drive_values", file, results)
        for fault in compare(samples, found, language):
            case.fault(fault)
    case.facts["values"] = str(len(samples))


def take_calls(case: Case) -> None:
    """Sign payloads of each webhook and callback, and have both SDKs verify and decode them."""
    assert case.loaded is not None
    wanted = list(calls(case.loaded))
    if not wanted:
        return
    file = WORK / f"{case.package}.calls.json"
    file.write_bytes(to_json(wanted))
    for language in ("python calls", "typescript calls"):
        results = WORK / f"{case.package}.{language.replace(' ', '-')}.json"
        found = carried(case, language, "drive_calls", file, results)
        count, faults = compare_calls(wanted, found, language)
        case.faults += faults
        case.facts[f"{language} taken"] = f"{count} of {len({one['operation'] for one in wanted})}"


def report(cases: list[Case], began: float) -> None:
    for case in cases:
        facts = ", ".join(f"{name} {value}" for name, value in case.facts.items())
        mark = "FAILED" if case.faults else "ok"
        sys.stdout.write(f"{mark:7}{case.name}: {facts}\n")
        for fault in case.faults[:SHOWN]:
            sys.stdout.write(f"       - {fault}\n")
        if len(case.faults) > SHOWN:
            sys.stdout.write(f"       - and {len(case.faults) - SHOWN} more\n")
    failed = sum(1 for case in cases if case.faults)
    log(f"{len(cases)} documents, {failed} failed", began)


def log(text: str, began: float) -> None:
    sys.stdout.write(f"[{time.monotonic() - began:5.0f} s] {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
