"""The guide's server: emitted, checked, started and asked exactly as the page shows it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "content" / "venuekit" / "server-bindings.md"


def blocks(language: str) -> list[str]:
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def conversation() -> list[tuple[list[str], str]]:
    """Return the words of each curl line and the answer that is shown below it."""
    lines = blocks("console")[1].splitlines()
    return [
        (shlex.split(asked.removeprefix("$ ")), said)
        for asked, said in zip(lines[::2], lines[1::2], strict=True)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("guide")
    (made / "shop.openapi.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    (made / "venue.py").write_text(blocks("python")[0], encoding="utf-8")
    command = blocks("console")[0].splitlines()[0].removeprefix("$ ")
    program = [sys.executable, "-c", "from venuekit.cli import main; main()"]
    subprocess.run([*program, *shlex.split(command)[1:]], cwd=made, check=True)
    return made


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    paths = os.pathsep.join([str(folder / "bindings" / "src"), str(folder)])
    command = [sys.executable, "-m", "shop_server", "venue:Venue", "--port", "0", "--open-door"]
    environment = {**os.environ, "PYTHONPATH": paths}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline()
            assert url.startswith("url: http://127.0.0.1:"), url
            yield int(url.rpartition(":")[2])
            process.terminate()
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()


def test_the_handlers_are_strictly_typed(folder: Path) -> None:
    environment = {**os.environ, "MYPYPATH": str(folder / "bindings" / "src")}
    command = [sys.executable, "-m", "mypy", "--strict", "venue.py"]
    said = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert "Success" in said.stdout, said.stdout


def test_the_server_answers_as_the_page_says(port: int) -> None:
    assert len(conversation()) == 3
    for words, said in conversation():
        body = words[words.index("-d") + 1]
        name, _, value = words[words.index("-H") + 1].partition(": ")
        client = HTTPConnection("127.0.0.1", port, timeout=60)
        client.request("POST", "/orders", body, {name: value})
        answer = client.getresponse()
        assert answer.read().decode() == said
        client.close()


def test_an_operation_without_a_body_answers_too(port: int) -> None:
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    client.request("GET", "/time")
    assert json.loads(client.getresponse().read()) == 1_767_323_045_000
    client.close()


def test_without_a_handler_the_command_says_what_is_missing(folder: Path) -> None:
    paths = os.pathsep.join([str(folder / "bindings" / "src"), str(folder)])
    command = [sys.executable, "-m", "shop_server", "venue:models", "--open-door", "--port", "0"]
    said = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert said.returncode == 2
    assert "`async def place_order`" in said.stderr
