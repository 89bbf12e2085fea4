"""Whatever stands where a document names or describes things: no emitted code obeys it.

Each hostile text stands in every such place at once. The text calls `EVIL`; a parser of the target
language, which is not ours, then says whether that became code.
"""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from venuekit.emit.emission import Options
from venuekit.emit.files import tree, write
from venuekit.finding import FindingsError, Severity
from venuekit.generating import emitter
from venuekit.load import load

HOSTILE = {
    "python-text": '"""\nEVIL()\n"""',
    "python-quote": "'); EVIL(); ('",
    "double-quote": '"); EVIL(); ("',
    "backslash": '\\"); EVIL(); //\\',
    "comment-end": "*/ EVIL(); /*",
    "new-lines": "a\nEVIL()\r\nEVIL();\u2028EVIL();\u2029EVIL()\x0bEVIL()\x0cEVIL()\x85EVIL()",
    "line-comment": "# x\nEVIL() // x\nEVIL();",
    "template": "`${EVIL()}` {EVIL()} {{ EVIL() }} {% EVIL() %} %(EVIL)s",
    "bidi": "x\u202e\u2066 EVIL() \u2069\u2067\u200b\ufeff",
    "path": "../../../EVIL",
    "windows-path": "..\\..\\EVIL",
    "absolute-path": "/etc/EVIL()",
    "device": "CON.EVIL()\x00\x1b[31m",
    "dots": "..",
    "prototype": "__proto__",
    "dunder": "__class__",
    "empty-like": " \t ",
    "long": "EVIL() " * 400,
}
TARGETS = ("python", "typescript", "server", "docs")
BIDI = "\u202e\u2066\u2067\u2069\u200b"


def rest(text: str) -> dict[str, Any]:
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    answer = {"200": {"description": text, "content": body}}
    values = [text, f"{text}2", "plain"]
    fields = {
        text: {"type": "string", "description": text, "enum": values, "default": text},
        "union": {"oneOf": [{"type": "string", "const": text}, {"type": "integer"}]},
        "inner": {"type": "object", "title": text, "properties": {text: {"type": "integer"}}},
    }
    operation = {
        "operationId": text,
        "tags": [text],
        "summary": text,
        "description": text,
        "parameters": [
            {"name": text, "in": "query", "description": text, "schema": {"enum": values}},
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
        ],
        "requestBody": {"description": text, "content": body},
        "responses": answer,
    }
    untagged = {"summary": text, "responses": answer}
    variable = {"default": "a", "enum": ["a", "b"], "description": text}
    server = {"url": "https://{v}.venue.example", "description": text, "variables": {"v": variable}}
    return {
        "openapi": "3.1.0",
        "info": {"title": text, "version": "1.0.0", "description": text, "summary": text},
        "servers": [server],
        "tags": [{"name": text, "description": text}],
        "paths": {"/things/{id}": {"post": operation}, "/others": {"get": untagged}},
        "webhooks": {text: {"post": {"requestBody": {"content": body}, "responses": answer}}},
        "components": {
            "schemas": {
                "Thing": {
                    "type": "object",
                    "title": text,
                    "description": text,
                    "properties": fields,
                }
            }
        },
    }


def stream(text: str) -> dict[str, Any]:
    message = {
        "name": text,
        "title": text,
        "summary": text,
        "payload": {
            "type": "object",
            "description": text,
            "required": [text],
            "properties": {text: {"const": text}, "value": {"type": "string"}},
        },
    }
    parameter = {"description": text, "enum": [text, "plain"]}
    channel = {
        "address": f"{text.replace('{', '').replace('}', '')}.{{symbol}}",
        "description": text,
        "parameters": {"symbol": parameter},
        "messages": {"told": message},
    }
    operation = {
        "action": "send",
        "summary": text,
        "channel": {"$ref": "#/channels/one"},
        "messages": [{"$ref": "#/channels/one/messages/told"}],
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": text, "version": "1.0.0", "description": text},
        "channels": {"one": channel},
        "operations": {"listen": operation},
    }


def documents(folder: Path) -> Iterator[tuple[str, Path]]:
    for kind, write_document in (("rest", rest), ("stream", stream)):
        for name, text in HOSTILE.items():
            path = folder / f"{kind}-{name}.json"
            path.write_text(json.dumps(write_document(text)), encoding="utf-8")
            yield f"{kind}_{name.replace('-', '_')}", path


def emitted(name: str, path: Path, folder: Path) -> bool:
    """Emit a document for every target; False where it is refused, with a place and advice."""
    try:
        loaded = load([path])
    except FindingsError as error:
        loaded, found = None, error.findings
    if loaded is None:
        assert all(f.help and f.origin is not None for f in found), found
        return False
    for target in TARGETS:
        package = f"@test/{name.replace('_', '-')}" if target == "typescript" else name
        emission = emitter(target)(loaded.contract, Options(package=package, version="1.0.0"))
        refused = [f for f in emission.findings if f.severity is Severity.ERROR]
        assert all(f.help and f.origin is not None for f in refused), refused
        # With `--allow-missing` what is left is written too; a path that leaves is refused here.
        write(folder / target / name, tree(emission.files, {}))
    return True


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "documents").mkdir()
    done = [emitted(n, p, folder / "out") for n, p in documents(folder / "documents")]
    # Refusing everything would be safe, and no toolchain.
    assert sum(done) > len(done) * 2 // 3
    return folder


def test_no_file_is_written_outside(trees: Path) -> None:
    assert sorted(p.name for p in trees.iterdir()) == ["documents", "out"]
    assert sorted(p.name for p in (trees / "out").iterdir()) == sorted(TARGETS)
    for path in trees.rglob("*"):
        assert "EVIL(" not in path.name
        assert path.name.isascii()
        assert not path.is_symlink()


@pytest.mark.parametrize("target", ["python", "server"])
def test_python_obeys_nothing(trees: Path, target: str) -> None:
    files = list((trees / "out" / target).rglob("*.py"))
    assert len(files) > 50
    for path in files:
        text = path.read_text(encoding="utf-8")
        compile(text, str(path), "exec")
        called = [n.func for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call)]
        assert not [f for f in called if isinstance(f, ast.Name) and f.id == "EVIL"], path
        assert not set(BIDI) & set(text), path


def test_typescript_obeys_nothing(trees: Path, compile_all: Callable[[Path], str]) -> None:
    packages = trees / "out" / "typescript"
    for path in packages.rglob("*.ts"):
        assert not set(BIDI) & set(path.read_text(encoding="utf-8")), path
    # Obeyed, the text would call a function that nobody declares.
    assert compile_all(packages) == ""


@pytest.fixture
def compile_all() -> Callable[[Path], str]:
    workspace = Path(__file__).resolve().parents[3] / "sdks" / "typescript"
    script = workspace / "node_modules" / "typescript" / "bin" / "tsc"
    if not script.is_file():
        pytest.skip("run `npm ci` in sdks/typescript to compile what is emitted")

    def compile_them(folder: Path) -> str:
        one = next(folder.iterdir())
        settings = json.loads((one / "tsconfig.json").read_text(encoding="utf-8"))
        settings["include"] = ["*/src/**/*.ts"]
        for option in ("rootDir", "outDir"):
            settings["compilerOptions"].pop(option, None)
        settings["compilerOptions"]["noEmit"] = True
        (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
        modules = folder / "node_modules" / "@venuekit"
        modules.mkdir(parents=True)
        (modules / "runtime").symlink_to(workspace / "runtime")
        command = ["node", str(script), "--customConditions", "venuekit-source", "-p", str(folder)]
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
        return said.stdout + said.stderr

    return compile_them
