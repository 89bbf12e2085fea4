"""The emitted package: types hold handlers to the contract; words of a document stay words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from asking import Emit, emission_of

from venuekit.emit.emission import Options
from venuekit.emit.files import tree, write
from venuekit.emit.server import emit
from venuekit.finding import Severity
from venuekit.load import load

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "python"
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.name != "fix")
ORDER = (GOLDEN / "order" / "input.yaml").read_text(encoding="utf-8")
GOOD = """
from decimal import Decimal

from msgspec import UNSET, UnsetType
from order_server import answers, application, models
from venuekit_runtime.server.handling import Context, OpenDoor


class Venue:
    async def place_order(
        self,
        context: Context,
        *,
        client_order_id: str,
        quantity: Decimal,
        side: models.PlaceOrderRequestSide | None = None,
        stop: Decimal | None | UnsetType = UNSET,
    ) -> models.PlaceOrderResponse:
        return [client_order_id]

    async def find_order(
        self, context: Context, *, client_order_id: str
    ) -> answers.Ok[str] | answers.NoContent[None]:
        return answers.Ok("text")


application(Venue(), OpenDoor())
"""


def mypy(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "MYPYPATH": str(folder / "src")}
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder / "cache")]
    said = subprocess.run(
        [*command, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    return said.stdout


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("typed")
    write(folder / "out", tree(emission_of(folder, ORDER, "order_server").files, {}))
    (folder / "src").symlink_to(folder / "out" / "src")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("", "", ""),
        ("    async def find_order(", "    async def lose_order(", '"Venue" is missing following'),
        ("quantity: Decimal,", "quantity: float,", "place_order"),
        ("side: models.PlaceOrderRequestSide | None = None,", "", "place_order"),
        ("-> models.PlaceOrderResponse:", "-> dict[str, str]:", "place_order"),
        ('answers.Ok("text")', "answers.Ok(7)", '"Ok" has incompatible type "int"'),
        ("async def find_order", "def find_order", "find_order"),
        ("application(Venue(), OpenDoor())", "application(Venue(), 7)", "Guard"),
    ],
)
def test_mypy_holds_handlers_to_the_contract(order: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    file = order / "venue.py"
    file.write_text(GOOD.replace(old, new, 1) if old else GOOD, encoding="utf-8")
    said = mypy(order, str(file))
    assert ("Success" in said) is not bool(words), said
    assert words in said


def test_every_golden_document_gives_strictly_typed_bindings(tmp_path: Path) -> None:
    packages = []
    for case in CASES:
        contract = load([GOLDEN / case / "input.yaml"]).contract
        package = f"case_{case.replace('-', '_')}"
        emission = emit(contract, Options(package=package))
        assert emission.emitted == contract.counts
        assert not [f for f in emission.findings if f.severity is Severity.ERROR]
        write(tmp_path / "out" / case, tree(emission.files, {}))
        (tmp_path / "src").mkdir(exist_ok=True)
        (tmp_path / "src" / package).symlink_to(tmp_path / "out" / case / "src" / package)
        packages += ["-p", package]
    said = mypy(tmp_path, *packages)
    assert "Success" in said, said


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    first = emission_of(tmp_path, ORDER, "again")
    second = emission_of(tmp_path, ORDER, "again")
    assert first.files == second.files


def test_fix_is_refused_with_its_place() -> None:
    contract = load([ROOT / "spec" / "fix.asyncapi.yaml"]).contract
    emission = emit(contract, Options(package="fix_server"))
    errors = [f for f in emission.findings if f.severity is Severity.ERROR]
    assert {f.rule for f in errors} == {"server-not-emitted"}
    assert len(errors) == len(contract.operations)
    assert all(f.origin is not None and f.origin.place.line > 1 for f in errors)
    assert emission.emitted != contract.counts


HOSTILE = r"""
openapi: 3.1.0
info:
  title: "\"\"\" + __import__('os').system('x') + \"\"\" \\u202e"
  version: "1\"\n"
servers: [{url: "https://x/a\"b"}]
x-errors:
  "class\"\n": {http_status: 400, cause: "\"\"\"\nimport os\\", action: x, retry: never}
paths:
  "/a\"b/{from}":
    parameters:
      - {name: from, in: path, required: true, schema: {type: string, pattern: '^\p{L}+$'}}
    post:
      operationId: "import\"\"\"; raise SystemExit"
      summary: "ends \"\"\" here \\"
      parameters:
        - {name: "self", in: query, schema: {type: string, default: "\"\"\""}}
        - {name: "context", in: query, schema: {type: integer, default: "seven"}}
        - {name: "class", in: header, schema: {type: string, enum: ["\"", "\\", "None"]}}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties: {"lambda": {type: string}, "x-y": {const: "\"\n"}}
              patternProperties: {'^"\\\\': {type: integer}}
      responses:
        "200":
          description: "\"\"\""
          headers: {"X\"Y": {required: true, schema: {type: string}}}
          content: {"text/plain": {schema: {type: string}}}
"""


def test_hostile_words_stay_words(tmp_path: Path, emitted: Emit) -> None:
    package = emitted(HOSTILE, "hostile_server")
    (route,) = package.operations.BINDINGS.routes
    assert route.name == 'import"""; raise SystemExit'
    assert route.path == '/a"b/{from}'
    arguments = [p.argument for p in route.parameters] + [m.argument for m in route.body.members]
    assert all(argument.isidentifier() for argument in arguments)
    assert len(set(arguments) | {"self"}) == len(arguments) + 1
    emission = emission_of(tmp_path, HOSTILE, "hostile_again")
    said = {f.message for f in emission.findings if f.severity is Severity.WARNING}
    assert any("cannot read the pattern" in message for message in said)
    assert any("its own schema forbids it" in message for message in said)
