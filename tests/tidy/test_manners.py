"""The manners of the code: small functions, files and lines; names that say something.

A waiver is one comment in the file, `waiver 2026-11-20: reason`, on the line that breaks the
manner or, for a whole file or function, on its first line.
"""

import ast
import re
from collections.abc import Iterator

import pytest
from tidy_tree import by_hand, tracked

FUNCTION_LINES, FILE_LINES, LINE_LENGTH = 50, 400, 100
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
WAIVER = re.compile(r"(?:#|//) waiver \d{4}-\d{2}-\d{2}: \S.{8,}")
TS_FUNCTION = re.compile(
    r"^(?P<indent> *)(?:export |default |async |static |private |protected |public |override )*"
    r"(?:function\b|get \w|set \w|constructor\(|[\w$#]+(?:<[^>]*>)?\([^;]*$|const \w+ = .*=> \{$)"
)
FILES = dict(by_hand(".py", ".ts", ".mts", ".js", ".mjs"))


def is_waived(line: str) -> bool:
    return WAIVER.search(line) is not None


def python_functions(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield first line, last line and name of each function."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.end_lineno or node.lineno, node.name


def typescript_functions(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the same for TypeScript as Biome formats it: a body ends at its own indent."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        start = TS_FUNCTION.match(line)
        if start is None or re.match(r" *(?:if|for|while|switch|return|catch)\b", line):
            continue
        for offset, later in enumerate(lines[number:], 1):
            if re.match(rf"{start['indent']}\}}", later) and not later.rstrip().endswith("{"):
                yield number, number + offset, line.strip()
                break


@pytest.mark.parametrize("name", FILES)
def test_functions_are_short(name: str) -> None:
    text = FILES[name]
    lines = text.splitlines()
    functions = python_functions(text) if name.endswith(".py") else typescript_functions(text)
    too_long = [
        f"{name}:{first}: {what} has {last - first + 1} lines"
        for first, last, what in functions
        if last - first + 1 > FUNCTION_LINES and not is_waived(lines[first - 1])
    ]
    assert too_long == []


@pytest.mark.parametrize("name", FILES)
def test_files_and_lines_are_short(name: str) -> None:
    lines = FILES[name].splitlines()
    assert len(lines) <= FILE_LINES or is_waived(lines[0]), f"{name} has {len(lines)} lines"
    too_long = [
        f"{name}:{number}: {len(line)} characters"
        for number, line in enumerate(lines, 1)
        if len(line) > LINE_LENGTH and not is_waived(line)
    ]
    assert too_long == []


def test_no_name_says_nothing() -> None:
    empty = [
        name
        for name in tracked()
        for part in name.split("/")
        if part.partition(".")[0].removeprefix("_") in EMPTY_NAMES
    ]
    assert empty == []


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".py")])
def test_modules_open_with_their_place_in_the_flow(name: str) -> None:
    docstring = ast.get_docstring(ast.parse(FILES[name]))
    is_empty_package = FILES[name].strip() == ""
    assert docstring or is_empty_package, f"{name} has no docstring"


def test_waivers_are_few_and_dated() -> None:
    waived = [name for name, text in FILES.items() if WAIVER.search(text)]
    loose = [
        f"{name}:{number}"
        for name, text in FILES.items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"(?:#|//) ?waiver\b", line) and not is_waived(line)
    ]
    assert loose == [], "a waiver has a date and a reason"
    assert len(waived) <= len(FILES) / 50 + 2, f"too many waivers: {waived}"
