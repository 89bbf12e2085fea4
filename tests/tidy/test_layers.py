"""The walls of the design's section 2: who may import whom, and who may touch the world."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "generator" / "src" / "venuekit"
SIBLINGS = {"checks", "changes", "verify", "emit", "mock"}
OPEN_SOCKETS = {"verify", "mock"}
WRITES = {".write_text", ".write_bytes", ".mkdir", ".unlink", ".rename", ".rmtree", ".makedirs"}
SOCKETS = {"socket", "ssl", "httpx", "aiohttp", "websockets", "urllib.request", "http.client"}
PARSERS = {"yaml", "ryml"}
IO = SOCKETS | PARSERS | {"pathlib", "os", "io", "subprocess", "shutil", "tempfile", "asyncio"}


def python_files() -> list[str]:
    return sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))


def imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


def calls(tree: ast.AST) -> set[str]:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {f.id for f in functions if isinstance(f, ast.Name)}
    return names | {f".{f.attr}" for f in functions if isinstance(f, ast.Attribute)}


def reaches(imported: set[str], modules: set[str]) -> set[str]:
    return {i for i in imported for m in modules if i == m or i.startswith(f"{m}.")}


@pytest.mark.parametrize("name", python_files())
def test_walls(name: str) -> None:
    text = (SOURCE / name).read_text(encoding="utf-8")
    tree = ast.parse(text)
    layer, imported, called = name.split("/")[0], imports(tree), calls(tree)
    if layer in SIBLINGS:
        others = {f"venuekit.{sibling}" for sibling in SIBLINGS - {layer}}
        assert reaches(imported, others) == set(), "judges and emitters never import each other"
    if layer not in {"source", "manifest.py"}:
        assert reaches(imported, PARSERS) == set(), "only source/ reads documents"
    if layer not in {"report", "cli.py"} and not layer.endswith("commands.py"):
        assert reaches(imported, {"venuekit.report"}) == set(), "only report/ words findings"
    if name != "emit/files.py" and name not in OWN_FILES:
        assert called & (WRITES | {"open"}) == set(), "only emit/files.py writes output"
    if layer not in OPEN_SOCKETS:
        assert reaches(imported, SOCKETS) == set(), "only verify/ and mock/ open sockets"
    if name != "cli.py":
        assert "print" not in called, "only cli.py prints"
    if name not in {"cli.py", ANSWERS_BY_PIPE}:
        assert "sys.stdout" not in text, "only cli.py prints"
    if layer == "contract":
        assert reaches(imported, IO) == set(), "contract/ does no I/O"
        outside = {i for i in imported if i.startswith("venuekit.")}
        allowed = {"venuekit.contract", "venuekit.origin"}
        assert outside - reaches(outside, allowed) == set(), "contract/ stands on nothing"
    assert "meridian" not in text.lower(), "venuekit knows nothing of the reference venue"


ANSWERS_BY_PIPE = "emit/model_back_end.py"
"""The process beside a run says to it, by its standard output, what it drew."""
OWN_FILES = {
    "changes/oasdiff_run.py": "hands oasdiff its two documents in a temporary folder",
    "mock/record.py": "appends requests while it serves",
    "mock/serve.py": "says where it listens",
    "rebuild/folder.py": "keeps a folder of its own between runs",
}
"""Who else may write, each with its reason."""
