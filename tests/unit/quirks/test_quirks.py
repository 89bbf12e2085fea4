"""Every quirk document has the outcome that its first line promises, and emits what it holds."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from venuekit.contract import Contract, Wire
from venuekit.emit.emission import Emission, Options
from venuekit.emit.files import tree, write
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.generating import emitter
from venuekit.load import load
from venuekit.origin import Origin
from venuekit_runtime.server.application import Application
from venuekit_runtime.server.handling import OpenDoor
from venuekit_runtime.server.operations import Departure
from venuekit_runtime.server.stream import StreamApplication

QUIRKS = Path(__file__).parents[2] / "quirks"
LEAST = 60
ASK = "# expect: "
SAY = "# "


def documents() -> list[Path]:
    return sorted(QUIRKS.iterdir())


def expected(path: Path) -> str:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(ASK), f"{path.name} must begin with {ASK!r}"
    return first.removeprefix(ASK)


def errors(findings: tuple[Finding, ...]) -> list[str]:
    rules = [finding.rule for finding in findings if finding.severity is Severity.ERROR]
    return list(dict.fromkeys(rules))


@functools.cache
def outcome(path: Path) -> tuple[str, dict[str, Emission]]:
    """Return what becomes of a document, in the words of its first line, and what it emits."""
    try:
        loaded = load([path])
    except FindingsError as error:
        return "refused " + " ".join(errors(error.findings)), {}
    emissions = {
        name: emitter(name)(loaded.contract, Options(package=package(path), version="1.0.0"))
        for name in ("python", "typescript", "server")
    }
    found = list(errors(loaded.findings))
    for name in ("python", "typescript"):
        found += errors(emissions[name].findings)
    unserved = calls(loaded.contract)
    found += errors(beside(unserved, emissions["server"].findings))
    if found:
        return "finding " + " ".join(dict.fromkeys(found)), {}
    for name, emission in emissions.items():
        missing = len(unserved) if name == "server" else 0
        read = loaded.contract.counts
        assert emission.emitted == replace(read, operations=read.operations - missing), name
    for word in ("operations", "channels", "messages"):
        assert getattr(loaded.contract.counts, word) == getattr(loaded.read, word)
    # A reference into the middle of a schema gives that place a name of its own.
    assert loaded.contract.counts.schemas >= loaded.read.schemas
    return "ok", emissions


def calls(contract: Contract) -> set[Origin]:
    """Return the places of webhooks and callbacks, which server bindings leave to a client."""
    return {o.origin for o in contract.operations if o.wire is Wire.WEBHOOK}


def beside(unserved: set[Origin], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings but those, exactly one for each place, that it is not served."""
    said = [f.origin for f in findings if f.rule == "server-not-emitted" and f.origin in unserved]
    assert sorted(map(str, said)) == sorted(map(str, unserved))
    return tuple(f for f in findings if f.origin not in unserved or f.rule != "server-not-emitted")


def package(path: Path) -> str:
    return "quirk_" + "".join(c if c.isalnum() else "_" for c in path.stem)


def test_there_are_enough_quirks_and_each_says_what_it_is() -> None:
    assert len(documents()) >= LEAST
    for path in documents():
        second = path.read_text(encoding="utf-8").splitlines()[1]
        assert second.startswith(SAY), path.name
        assert second.endswith("."), path.name


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("quirk_"):
            del sys.modules[name]


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.stem)
def test_quirk(path: Path, imported: Path) -> None:
    found, emissions = outcome(path)
    assert found == expected(path)
    if emissions:
        write(imported, tree(emissions["python"].files, {}))
        importlib.invalidate_caches()
        for module in modules(imported / "src" / package(path)):
            build_decoders(module)


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.stem)
def test_quirk_can_be_served(path: Path, imported: Path) -> None:
    _, emissions = outcome(path)
    if not emissions:
        return
    write(imported, tree(emissions["server"].files, {}))
    importlib.invalidate_caches()
    operations = importlib.import_module(f"{package(path)}.operations")
    emitted = emissions["server"].emitted.operations
    arrivals = {arrival.name for arrival in operations.BINDINGS.arrivals}
    events = [v for v in vars(operations).values() if isinstance(v, Departure)]
    assert len(operations.BINDINGS.routes) + len(arrivals) + len(events) == emitted
    # Made with handlers for everything, so that every shape, hint and pattern is compiled.
    handlers = Everything()
    Application(operations.BINDINGS, handlers, OpenDoor())
    StreamApplication(operations.BINDINGS, handlers, OpenDoor())


class Everything:
    """Has every handler."""

    def __getattr__(self, name: str) -> Any:
        async def answer(context: object, /, **given: object) -> None:
            raise AssertionError("nobody asks")

        return answer


def modules(folder: Path) -> Iterator[ModuleType]:
    """Import every module of an emitted package."""
    for file in sorted(folder.glob("*.py")):
        name = folder.name if file.stem == "__init__" else f"{folder.name}.{file.stem}"
        yield importlib.import_module(name)


def build_decoders(module: ModuleType) -> None:
    """Have msgspec compile every struct and alias, which it refuses for types it cannot tell."""
    for name, value in tuple(vars(module).items()):
        is_struct = isinstance(value, type) and issubclass(value, msgspec.Struct)
        is_model = module.__name__.endswith(".models") and name in module.__annotations__
        if is_struct or is_model:
            msgspec.json.Decoder(value)
