"""The generators that are compared: how each is run, and how many operations its output holds."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness import node

METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace"))
VENUEKIT = [
    sys.executable,
    "-c",
    "import sys; from venuekit.cli import main; sys.argv[0] = 'venuekit'; main()",
]


@dataclass(frozen=True, slots=True)
class Generator:
    """One tool: what it emits for, its command on a document, and a count of its operations.

    ``missing`` says why it cannot be run here.
    """

    name: str
    language: str
    command: Callable[[Path, Path], list[str]]
    operations: Callable[[Path], int]
    missing: str | None = None


def generators() -> list[Generator]:
    """Ours first, then the peers, by language."""
    return [
        Generator("venuekit python", "Python", _venuekit("python"), _count_descriptors("py")),
        Generator(
            _named("openapi-python-client"),
            "Python",
            _openapi_python_client(""),
            _count_modules,
            _absent("openapi_python_client"),
        ),
        Generator(
            "openapi-python-client, no hooks",
            "Python",
            _openapi_python_client("post_hooks: []\n"),
            _count_modules,
            _absent("openapi_python_client"),
        ),
        Generator(
            "venuekit typescript", "TypeScript", _venuekit("typescript"), _count_descriptors("ts")
        ),
        Generator(
            _of_npm("@hey-api/openapi-ts"),
            "TypeScript",
            lambda file, out: [
                *node.command("@hey-api/openapi-ts", "openapi-ts"),
                *("-i", str(file), "-o", str(out / "sdk")),
            ],
            lambda out: _matches(out / "sdk" / "sdk.gen.ts", r"^export const \w+ = <ThrowOnError"),
            node.missing("@hey-api/openapi-ts"),
        ),
        Generator(
            _of_npm("openapi-typescript"),
            "TypeScript",
            lambda file, out: [
                *node.command("openapi-typescript", "openapi-typescript"),
                *(str(file), "-o", str(out / "types.d.ts")),
            ],
            lambda out: _matches(out / "types.d.ts", rf"^        (?:{'|'.join(METHODS)}): "),
            node.missing("openapi-typescript"),
        ),
    ]


def operations_in(file: Path) -> int:
    """How many operations a document has, counted in its paths."""
    from venuekit.source import load_document

    document: Any = load_document(file).value
    return sum(1 for item in document["paths"].values() for name in item if name in METHODS)


def bundled(file: Path, output: Path) -> list[str]:
    """The command that puts a document of several files into one."""
    return node.node_peer("bundle.mjs", str(file), str(output))


def size_of(folder: Path) -> tuple[int, float]:
    """How many files a folder holds, and their megabytes."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(sizes), sum(sizes) / 1e6


def _venuekit(target: str) -> Callable[[Path, Path], list[str]]:
    words = [*VENUEKIT, "generate", target]
    return lambda file, out: [*words, str(file), "-o", str(out / "sdk"), "--no-cache"]


def _openapi_python_client(settings: str) -> Callable[[Path, Path], list[str]]:
    def command(file: Path, out: Path) -> list[str]:
        program = shutil.which("openapi-python-client", path=str(Path(sys.executable).parent))
        words = [program or "openapi-python-client", "generate", "--path", str(file)]
        words += ["--meta", "none", "--output-path", str(out / "sdk")]
        if settings:
            config = out / "settings.yaml"
            config.write_text(settings, encoding="utf-8")
            words += ["--config", str(config)]
        return words

    return command


def _count_descriptors(suffix: str) -> Callable[[Path], int]:
    """Operations that our output holds: one typed descriptor each."""

    def count(out: Path) -> int:
        return sum(
            _matches(file, r"^(?:export const )?\w+: (?:\w+\.)*HttpOperation[<\[]")
            for file in (out / "sdk").rglob(f"operations*.{suffix}")
        )

    return count


def _count_modules(out: Path) -> int:
    modules = (out / "sdk" / "api").rglob("*.py")
    return sum(1 for file in modules if file.name != "__init__.py")


def _matches(file: Path, pattern: str) -> int:
    if not file.is_file():
        return 0
    return len(re.findall(pattern, file.read_text(encoding="utf-8"), re.MULTILINE))


def _named(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return package


def _of_npm(package: str) -> str:
    return package if node.missing(package) else f"{package} {node.version(package)}"


def _absent(module: str) -> str | None:
    return None if find_spec(module) else f"the Python package {module} is not installed"
