"""What bad input gets: a line that says where and what, one that says what to do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from venuekit.cli import app

HEAD = "openapi: 3.1.0\ninfo: {title: Example, version: 1.0.0}\n"
REFUSAL = re.compile(
    r"^(?P<file>[^\n:]+):(?P<line>\d+):(?P<column>\d+): error\[(?P<rule>[a-z0-9/-]+)\]: .+\n"
    r"  help: .+$",
    re.MULTILINE,
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def refusal(result: Result) -> tuple[str, int, str]:
    """Return rule, line and whole text of the first error; fail when there is none."""
    text = result.output
    assert "Traceback" not in text
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    match = REFUSAL.search(text)
    assert match is not None, text
    return match["rule"], int(match["line"]), text


def write(folder: Path, text: str, name: str = "document.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["check", "generate"])
def test_broken_yaml(tmp_path: Path, command: str) -> None:
    document = write(tmp_path, HEAD + "paths:\n  /orders: {get: [\n")
    output = tmp_path / "out"
    more = ("-o", output) if command == "generate" else ()
    target = ("python",) if command == "generate" else ()
    result = run(command, *target, document, *more)
    assert result.exit_code == 2
    _rule, line, _text = refusal(result)
    assert line in (4, 5)
    assert not output.exists()


def test_broken_json(tmp_path: Path) -> None:
    document = write(tmp_path, '{"openapi": "3.1.0",\n "info": {"title": }}', "document.json")
    result = run("check", document)
    assert result.exit_code == 2
    assert refusal(result)[1] == 2


def test_missing_file(tmp_path: Path) -> None:
    result = run("check", tmp_path / "absent.yaml")
    assert result.exit_code == 2
    assert "absent.yaml" in result.output
    assert "help:" in result.output
    assert "Traceback" not in result.output


def test_missing_ref(tmp_path: Path) -> None:
    document = write(
        tmp_path,
        HEAD
        + "paths:\n  /orders:\n    get:\n      operationId: listOrders\n      responses:\n"
        + "        '200': {$ref: '#/components/responses/Oders'}\n"
        + "components:\n  responses:\n    Orders: {description: The orders.}\n",
    )
    result = run("check", document)
    assert result.exit_code == 2
    _rule, line, text = refusal(result)
    assert line == 8
    assert "Orders" in text, "the help names what is there"


def test_missing_referenced_file(tmp_path: Path) -> None:
    document = write(
        tmp_path,
        HEAD + "paths: {}\ncomponents:\n  schemas:\n    Order: {$ref: 'absent.yaml#/Order'}\n",
    )
    result = run("check", document)
    assert result.exit_code == 2
    assert refusal(result)[1] == 6
    assert "absent.yaml" in result.output


def test_unknown_extension_field(tmp_path: Path) -> None:
    document = write(
        tmp_path,
        HEAD + "x-rate-limit:\n  buckets:\n"
        "    orders: {capacity: 100, window_ms: 1000, scpoe: account}\npaths: {}\n",
    )
    result = run("check", document)
    assert result.exit_code in (1, 2)
    _rule, line, text = refusal(result)
    assert line == 5
    assert "scpoe" in text


def test_misspelt_extension(tmp_path: Path) -> None:
    document = write(
        tmp_path,
        HEAD
        + "paths:\n  /orders:\n    get:\n      operationId: listOrders\n      x-efect: read\n"
        + "      responses: {'200': {description: The orders.}}\n",
    )
    result = run("check", document)
    assert "x-efect" in result.output
    assert "x-effect" in result.output


def test_unknown_effect(tmp_path: Path) -> None:
    document = write(
        tmp_path,
        HEAD
        + "paths:\n  /orders:\n    post:\n      operationId: placeOrder\n      x-effect: make\n"
        + "      responses: {'200': {description: The orders.}}\n",
    )
    result = run("check", document)
    assert result.exit_code in (1, 2)
    _rule, line, text = refusal(result)
    assert line == 7
    assert "create" in text


def test_invalid_document(tmp_path: Path) -> None:
    document = write(
        tmp_path,
        HEAD + "paths:\n  /orders:\n    get: {operationId: listOrders, deprecated: 'no'}\n",
    )
    output = tmp_path / "out"
    result = run("generate", "python", document, "-o", output)
    assert result.exit_code == 2
    assert refusal(result)[1] == 5
    assert not output.exists()


def test_unknown_kind_of_document(tmp_path: Path) -> None:
    result = run("check", write(tmp_path, "hello: world\n"))
    assert result.exit_code == 2
    assert "openapi" in result.output
    assert "asyncapi" in result.output


def test_name_collision_is_reported_and_resolved(tmp_path: Path) -> None:
    document = write(
        tmp_path,
        HEAD
        + "paths: {}\ncomponents:\n  schemas:\n    OrderStatus: {type: object}\n"
        + "    order_status: {type: object}\n",
    )
    result = run("check", document, "--rule", "schema-name-collision", "--fail-on", "warning")
    assert result.exit_code == 1
    assert "document.yaml:7:" in result.output


def test_duplicate_operation_id(tmp_path: Path) -> None:
    operation = "{operationId: listOrders, responses: {'200': {description: The orders.}}}"
    document = write(
        tmp_path, HEAD + f"paths:\n  /a:\n    get: {operation}\n  /b:\n    get: {operation}\n"
    )
    result = run("check", document)
    assert result.exit_code in (1, 2)
    assert "listOrders" in refusal(result)[2]


def test_duplicate_key(tmp_path: Path) -> None:
    result = run("check", write(tmp_path, HEAD + "paths: {}\npaths: {}\n"))
    assert result.exit_code == 2
    assert refusal(result)[1] == 4


def test_unknown_rule(tmp_path: Path) -> None:
    result = run("check", write(tmp_path, HEAD + "paths: {}\n"), "--rule", "no-such-rule")
    assert result.exit_code == 2
    assert "no-such-rule" in result.output


def test_manifest_with_an_unknown_member(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "paths: {}\n", "api.yaml")
    manifest = write(
        tmp_path,
        "name: example\nversion: 1.0.0\ndocuments: [api.yaml]\ntargts: {}\n",
        "venuekit.yaml",
    )
    result = run("check", manifest)
    assert result.exit_code == 2
    rule, line, text = refusal(result)
    assert (rule, line) == ("invalid-manifest", 4)
    assert "targts" in text


def test_foreign_folder_is_never_touched(tmp_path: Path) -> None:
    document = write(tmp_path, HEAD + "paths: {}\n")
    output = tmp_path / "mine"
    output.mkdir()
    (output / "thesis.txt").write_text("years of work")
    result = run("generate", "python", document, "-o", output)
    assert result.exit_code == 2
    assert "did not write" in result.output
    assert [p.name for p in output.iterdir()] == ["thesis.txt"]


def test_json_report_of_a_refusal(tmp_path: Path) -> None:
    result = run("check", write(tmp_path, "a: [\n"), "--format", "json")
    assert result.exit_code == 2
    report = json.loads(result.output)
    assert report["complete"] is False
    assert report["findings"][0]["file"].endswith("document.yaml")
