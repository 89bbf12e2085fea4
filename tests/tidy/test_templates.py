"""Jinja templates draw and never decide: the design's section 8, counted by Jinja's own lexer."""

import re

import pytest
from jinja2 import Environment
from tidy_tree import by_hand

TEMPLATES = dict(by_hand(".jinja", ".jinja2", ".j2"))
ALLOWED = {"for", "endfor", "if", "elif", "else", "endif", "include"}
LINES, STATEMENT_SHARE, NESTING = 80, 0.40, 2


def statements(text: str) -> list[tuple[int, str, str]]:
    """Return line, word and rest of every statement."""
    found: list[tuple[int, str, str]] = []
    inside: list[str] = []
    began = 0
    for line, token, value in Environment().lex(text):
        if token == "block_begin":
            inside, began = [], line
        elif token == "block_end":
            found.append((began, inside[0], " ".join(inside[1:])))
        elif token != "whitespace":
            inside.append(value)
    return found


@pytest.mark.parametrize("name", TEMPLATES)
def test_only_the_four_statements(name: str) -> None:
    used = statements(TEMPLATES[name])
    others = [f"{name}:{line}: {word}" for line, word, _ in used if word not in ALLOWED]
    assert others == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_are_small_and_mostly_text(name: str) -> None:
    text = TEMPLATES[name]
    lines = text.splitlines()
    assert len(lines) <= LINES
    share = len({line for line, _, _ in statements(text)}) / max(len(lines), 1)
    # Two statement lines around one line of text are the least that a loop can have, so that
    # the share says nothing of a template that is a screenful of neither.
    assert share <= STATEMENT_SHARE or len(lines) <= 10, f"{name}: {share:.0%} are statements"


@pytest.mark.parametrize("name", TEMPLATES)
def test_nesting_is_shallow(name: str) -> None:
    depth = deepest = 0
    for _, word, _ in statements(TEMPLATES[name]):
        depth += (word in {"for", "if"}) - (word in {"endfor", "endif"})
        deepest = max(deepest, depth)
    assert deepest <= NESTING, f"{name}: nested {deepest} deep"


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_filters_calls_or_arithmetic(name: str) -> None:
    inside = re.findall(r"\{[{%]-?(.*?)-?[%}]\}", TEMPLATES[name], re.DOTALL)
    deciding = [words for words in inside if re.search(r"[|(~*+]|\b(?:and|or|in \[|set)\b", words)]
    assert deciding == [], "the view makes decisions and final strings"


def test_every_environment_is_strict() -> None:
    loose = [
        name
        for name, text in by_hand(".py", under="generator/src/")
        if re.search(r"\bEnvironment\(", text) and "StrictUndefined" not in text
    ]
    assert loose == []
