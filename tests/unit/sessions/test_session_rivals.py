"""Two sessions that both name the server of one socket: a finding, and never a silent choice."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path

import pytest
from rival_documents import documents

from venuekit.emit.emission import Emission, Options
from venuekit.emit.files import tree, write
from venuekit.finding import Severity
from venuekit.generating import emitter
from venuekit.load import load
from venuekit_runtime.errors import ConfigurationError

RULES = {"python": "python-{}", "typescript": "typescript-cannot-carry"}


def emitted(folder: Path, target: str, asked: list[str], address: str = "/") -> Emission:
    loaded = load(documents(folder, asked, address))
    return emitter(target)(loaded.contract, Options(package="rivals", version="1.0.0"))


@pytest.mark.parametrize("target", ["python", "typescript"])
@pytest.mark.parametrize(
    ("asked", "address", "severity", "rule"),
    [
        # Whoever asks for one of the two holds one, and only who holds both is not served.
        (["one", "two"], "/", Severity.WARNING, "in-part"),
        # Nobody opens this address without both.
        (["one"], "/{one}/{two}", Severity.ERROR, "not-emitted"),
    ],
)
def test_both_are_told_of_at_the_second(
    tmp_path: Path, target: str, asked: list[str], address: str, severity: Severity, rule: str
) -> None:
    emission = emitted(tmp_path, target, asked, address)
    (found,) = [one for one in emission.findings if "name the server" in one.message]
    assert found.severity is severity
    assert found.rule == RULES[target].format(rule)
    words = "the sessions of one and two both name the server of the socket"
    assert found.message.removeprefix(words) == f" {address}, and it can be at one alone"
    assert found.origin is not None
    assert found.origin.pointer[-4:] == ("two", "x-signing", "session", "server")


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_one_alone_is_none(tmp_path: Path, target: str) -> None:
    emission = emitted(tmp_path, target, ["one", "one"])
    assert [one for one in emission.findings if "name the server" in one.message] == []


def test_who_holds_both_is_asked_to_choose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    emission = emitted(tmp_path, "python", ["one", "two"])
    write(tmp_path / "sdk", tree(emission.files, {}))
    monkeypatch.syspath_prepend(str(tmp_path / "sdk" / "src"))
    sdk = importlib.import_module("rivals")
    both = [sdk.OneCredentials(user="me"), sdk.TwoCredentials(user="me")]

    async def run() -> None:
        async with sdk.AsyncClient(credentials=both) as rest:
            with pytest.raises(ConfigurationError, match=r"one and two both name .* base_url"):
                sdk.StreamClient(rest=rest)
            sdk.StreamClient("wss://venue.example", rest=rest)
        async with sdk.AsyncClient(credentials=both[:1]) as rest:
            sdk.StreamClient(rest=rest)

    asyncio.run(run())
