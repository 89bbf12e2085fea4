"""Emitted packages run: they import, decode, keep what arrives, and strict mypy accepts them."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from venuekit.emit.emission import Emission, Options
from venuekit.emit.python import emit
from venuekit.finding import Severity
from venuekit.load import load

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "python"
CORPUS = ROOT.parent / "shared" / "corpus" / "openxapi"
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())
DOCUMENTS = (
    "binance-spot.openapi.yaml",
    "binance-spot.asyncapi.yaml",
    "okx-rest.openapi.yaml",
)
NO_CORPUS = "the corpus of real documents is not beside this checkout"

has_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason=NO_CORPUS)


def emitted(path: Path, package: str) -> Emission:
    contract = load([path]).contract
    emission = emit(contract, Options(package=package))
    assert emission.emitted == contract.counts
    assert [f for f in emission.findings if f.severity is Severity.ERROR] == []
    return emission


def put(emission: Emission, folder: Path) -> None:
    for path, content in emission.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else content.decode()
        file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Every golden case as an importable package named after it."""
    folder = tmp_path_factory.mktemp("packages")
    for name in CASES:
        put(emitted(GOLDEN / name / "input.yaml", "case_" + name.replace("-", "_")), folder)
    sys.path.insert(0, str(folder / "src"))
    yield folder
    sys.path.remove(str(folder / "src"))


def module(package: str, name: str) -> ModuleType:
    return importlib.import_module(f"{package}.{name}")


def types_of(models: ModuleType) -> dict[str, Any]:
    own = {"annotations", "Decimal", "Any", "Literal", "TypeAlias", "UNSET", "UnsetType", "field"}
    own |= {"TYPE_CHECKING", "Case", "Model", "OpenEnum", "OpenIntEnum", "OpenUnion", "Unknown"}
    return {n: v for n, v in vars(models).items() if n[0] != "_" and n not in own}


@pytest.mark.parametrize("name", CASES)
def test_every_module_imports_and_every_type_decodes(packages: Path, name: str) -> None:
    package = "case_" + name.replace("-", "_")
    for file in sorted((packages / "src" / package).glob("*.py")):
        loaded = module(package, file.stem) if file.stem != "__init__" else None
        if file.stem == "models":
            assert loaded is not None
            for kind in types_of(loaded).values():
                msgspec.json.Decoder(kind, float_hook=Decimal)
    root = importlib.import_module(package)
    for exported in root.__all__:
        assert getattr(root, exported) is not None
    assert set(root.__all__) <= set(dir(root))
    with pytest.raises(AttributeError, match="no attribute"):
        _ = root.nothing_of_this_name


def test_modules_wait_until_they_are_used(packages: Path) -> None:
    program = (
        "import sys, case_order as sdk\n"
        "def loaded(): return sorted(n for n in sys.modules if n.startswith('case_order.'))\n"
        "print(loaded())\n"
        "sdk.Client, sdk.AsyncClient\n"
        "print('case_order.models' in loaded())\n"
        "sdk.models\n"
        "print('case_order.models' in loaded())\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(packages / "src")},
    )
    assert found.stdout.split() == ["[]", "False", "True"]


def strict_mypy(source: Path, folder: Path) -> str:
    """What strict mypy says about every package in a folder; its cache stays in another one."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary"]
    command += ["--cache-dir", str(folder / "cache"), str(source)]
    environment = {**os.environ, "MYPYPATH": str(source)}
    found = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment
    )
    return found.stdout + found.stderr


def test_strict_mypy_accepts_every_case(packages: Path) -> None:
    assert strict_mypy(packages / "src", packages) == ""


def test_strict_mypy_accepts_the_committed_package(tmp_path: Path) -> None:
    assert strict_mypy(ROOT / "sdks" / "python" / "meridian" / "src", tmp_path) == ""


def test_numbers_survive_both_ways(packages: Path) -> None:
    models = module("case_exact_numbers", "models")
    text = b'{"price":"0.10","id":9007199254740993,"atMs":1,"size":1E+2,"ratio":0.1,"stop":null}'
    level = msgspec.json.decode(text, type=models.Level)
    assert level.price == Decimal("0.10")
    assert level.id == 9007199254740993
    assert level.ratio == Decimal("0.1")
    from venuekit_runtime.encoding import plain_value

    again = msgspec.json.encode(plain_value(level, "level"))
    assert again == (
        b'{"price":"0.10","id":9007199254740993,"atMs":1,"size":100,"ratio":0.1,"stop":null}'
    )


def test_a_list_or_its_item_is_told_by_its_kind(packages: Path) -> None:
    models = module("case_merged_union", "models")
    many = msgspec.json.decode(b'[{"orderId":1}]', type=models.OneOrMany)
    assert many[0].order_id == 1


def test_the_same_contract_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import hashlib, sys; from pathlib import Path;"
        "from venuekit.emit.python import emit; from venuekit.emit.emission import Options;"
        "from venuekit.load import load;"
        "files = emit(load([Path(sys.argv[1])]).contract, Options(package='p')).files;"
        "sys.stdout.write(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())"
    )
    seen = set()
    for seed in ("0", "1"):
        found = subprocess.run(
            [sys.executable, "-c", program, str(ROOT / "spec" / "rest.openapi.yaml")],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        seen.add(found.stdout)
    assert len(seen) == 1


@has_corpus
@pytest.mark.parametrize("document", DOCUMENTS)
def test_real_documents_become_packages_without_loss(document: str, tmp_path: Path) -> None:
    package = "real_" + document.split(".")[0].replace("-", "_") + document.split(".")[1]
    put(emitted(CORPUS / document, package), tmp_path)
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", EXERCISE, package],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
    )
    assert found.stderr == ""
    kinds, built = found.stdout.split()
    assert int(kinds) > 100
    assert int(built) == load([CORPUS / document]).contract.counts.operations
    assert strict_mypy(tmp_path / "src", tmp_path) == ""


EXERCISE = """
import importlib, sys
from decimal import Decimal
import msgspec
from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.http.message import encode_request
from venuekit_runtime.operation import HttpOperation, StreamOperation
from venuekit_runtime.request import RequestPlan
from venuekit_runtime.response import ResponsePlan
from venuekit_runtime.stream.frames import RequestFrame, encode

package = importlib.import_module(sys.argv[1])
for name in package.__all__:
    getattr(package, name)
models = package.models
kinds = [v for v in vars(models).values() if getattr(v, "__module__", "") == models.__name__]
for kind in kinds:
    msgspec.json.Decoder(kind, float_hook=Decimal)

built = 0
for module in ("operations", "stream_operations"):
    found = vars(getattr(package, module)).values() if module in package.__all__ else ()
    for operation in found:
        if isinstance(operation, HttpOperation):
            inputs = [(p.argument, p.wire) for p in operation.parameters]
            if operation.body is not None:
                inputs += [(f.argument, f.wire) for f in operation.body.fields]
                inputs += [(operation.body.whole, "plain")] if operation.body.whole else []
            arguments = {n: Decimal("1E+2") if "decimal" in w else "a/b" for n, w in inputs}
            plan = RequestPlan(operation, parse_base_url("https://h/p"), "test")
            data = encode_request(plan.build(arguments).finish())
            assert data.startswith(operation.method.encode() + b" /p"), data
            assert b"E+" not in data, data
            for response in operation.responses:
                response.type and msgspec.json.Decoder(response.type.load())
            ResponsePlan(operation)
            built += 1
        elif isinstance(operation, StreamOperation):
            wires = {f.argument: f.wire for f in operation.fields}
            arguments = {n: Decimal(1) if w != "plain" else "a" for n, w in wires.items()}
            frame = msgspec.json.decode(encode(RequestFrame(operation).members(arguments, "7")))
            assert frame[operation.frame.correlation[0]] == "7", frame
            for reply in operation.replies:
                reply.type and msgspec.json.Decoder(reply.type.load())
            built += 1
        elif type(operation).__name__ == "Channel":
            built += 1
print(len(kinds), built)
"""


def test_an_unusual_multipart_body_is_refused_with_its_place(tmp_path: Path) -> None:
    document = tmp_path / "upload.yaml"
    document.write_text(
        "openapi: 3.1.0\n"
        "info: {title: Upload, version: '1'}\n"
        "paths:\n"
        "  /files:\n"
        "    post:\n"
        "      operationId: upload\n"
        "      requestBody:\n"
        "        content:\n"
        "          multipart/mixed: {schema: {type: object}}\n"
        "      responses: {'200': {description: Done.}}\n"
    )
    contract = load([document]).contract
    emission = emit(contract, Options(package="upload"))
    (finding,) = emission.findings
    assert finding.severity is Severity.ERROR
    assert "multipart/mixed" in finding.message
    assert finding.origin is not None
    assert finding.origin.place.line == 9
    assert emission.emitted.operations == 0


def test_a_field_that_the_decoder_cannot_name_is_refused(tmp_path: Path) -> None:
    document = tmp_path / "quote.json"
    document.write_text(
        '{"openapi": "3.1.0", "info": {"title": "Q", "version": "1"}, "paths": {}, "components":'
        ' {"schemas": {"Q": {"type": "object", "properties": {"a\\"b": {"type": "string"}}}}}}'
    )
    emission = emit(load([document]).contract, Options(package="quote"))
    assert [f.severity for f in emission.findings] == [Severity.ERROR]
    assert "needs an escape" in emission.findings[0].message


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", "a\x01b"])
def test_the_decoder_takes_such_a_name_neither_plain_nor_escaped(name: str) -> None:
    # Once it does, the finding above has lost its reason.
    for written in (name, msgspec.json.encode(name).decode()[1:-1]):
        with pytest.raises(ValueError, match="must not contain"):
            msgspec.defstruct("Q", [("x", int)], rename={"x": written})
