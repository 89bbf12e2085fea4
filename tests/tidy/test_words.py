"""One word for each thing, and no trace of the machines on which the project was made."""

import ast
import re

import pytest
from tidy_tree import ROOT, by_hand, tracked

# The words that the glossary gives up, where a name can hold them only in that sense.
NOT_OURS = {
    "endpoint": "operation",
    "broker": "venue",
    "authenticator": "signer",
    "qty": "quantity",
    "px": "price",
    "tif": "time_in_force",
    "cl_id": "client_order_id",
    "kline": "bar",
    "candle": "bar",
    "ticker": "instrument",
    "amend": "replace",
    "resync": "snapshot",
    "holdings": "position",
    "codegen": "emitter",
    "suppression": "waiver",
    "violation": "finding",
}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
REGISTRIES = re.compile(
    r"(?:files\.)?pythonhosted\.org|(?<![\w.])pypi\.org|registry\.npmjs\.org|registry\.yarnpkg"
    r"|proxy\.golang\.org|sum\.golang\.org|static\.crates\.io|index\.crates\.io"
)
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|tmp/bash_jobs)/|[A-Z]:\\Users\\")
BINARY = (".png", ".ico", ".woff2", ".gz", ".whl", ".sqlite3", ".pdf", ".jpg")


def public_names(text: str) -> set[str]:
    """Return the names that a module defines for others: definitions, parameters, fields."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return {name for name in names if not name.startswith("_")}


def given_up(name: str) -> list[str]:
    words = [word.lower() for word in WORD.findall(name)]
    joined = "_".join(words)
    return [f"{name}: say {NOT_OURS[w]}" for w in NOT_OURS if f"_{w}_" in f"_{joined}_"]


PYTHON = dict(by_hand(".py", under=""))


@pytest.mark.parametrize("name", [n for n in PYTHON if not n.startswith(("tests/", "benchmarks/"))])
def test_names_use_the_glossary(name: str) -> None:
    found = [hit for public in sorted(public_names(PYTHON[name])) for hit in given_up(public)]
    assert found == []


def test_the_word_test_can_fail() -> None:
    assert given_up("order_qty") == ["order_qty: say quantity"]
    assert given_up("BrokerClient") == ["BrokerClient: say venue"]
    assert given_up("exact_pixels") == []


def texts() -> list[tuple[str, str]]:
    here = "tests/tidy/test_words.py"
    return [
        (name, (ROOT / name).read_text(encoding="utf-8", errors="replace"))
        for name in tracked()
        if name != here and not name.endswith(BINARY)
    ]


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINE], ids=["registry hosts", "machine paths"])
def test_nothing_names_a_registry_or_a_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:TODO|FIXME|HACK)\b|raise NotImplementedError|pytest\.mark\.skip\b")
    found = [
        f"{name}:{number}"
        for name, text in by_hand(".py", ".ts", ".md", ".yaml", ".jinja")
        if name != "tests/tidy/test_words.py"
        for number, line in enumerate(text.splitlines(), 1)
        if later.search(line)
    ]
    assert found == []
