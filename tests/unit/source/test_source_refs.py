"""References are followed over files and cycles, and never out of the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from venuekit.finding import Finding
from venuekit.source import Node, Resolver, SourceError, root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "api").mkdir()
    (tmp_path / "shared").mkdir()
    write(
        tmp_path / "api" / "main.yaml",
        """
        local: {$ref: '#/things/a~1b'}
        escaped: {$ref: '#/things/c%20d~0e'}
        item: {$ref: '#/list/1'}
        other: {$ref: '../shared/more.yaml#/Order'}
        whole: {$ref: '../shared/more.yaml'}
        through: {$ref: '#/other/fields/id'}
        chain: {$ref: '#/local'}
        anchored: {$ref: '#here'}
        self: {$ref: '#/self'}
        ping: {$ref: '#/pong'}
        pong: {$ref: '#/ping'}
        missing: {$ref: '#/things/sidee'}
        no_file: {$ref: '../shared/mor.yaml#/Order'}
        far: {$ref: 'https://example.com/a.yaml#/b'}
        outside: {$ref: '../../etc/passwd'}
        broken: {$ref: '../shared/broken.yaml'}
        index: {$ref: '#/list/01'}
        long: {$ref: 'LONG'}
        null_byte: {$ref: 'a%00b'}
        odd_host: {$ref: '//[x/y.yaml'}
        folder: {$ref: '..'}
        things: {a/b: 1, 'c d~e': 2, side: 3}
        list: [x, y]
        deep: {named: {$anchor: here, value: 4}}
        """,
    )
    write(
        tmp_path / "shared" / "more.yaml",
        """
        Order: {fields: {$ref: '#/Fields'}}
        Fields: {id: {type: string}}
        """,
    )
    (tmp_path / "shared" / "broken.yaml").write_text("a: [1\nb: 2\n")
    return tmp_path


def write(path: Path, text: str) -> None:
    lines = text.strip("\n").split("\n")
    path.write_text("\n".join(line[8:] for line in lines).replace("LONG", "x" * 5000) + "\n")


def resolve(folder: Path, key: str) -> Node:
    resolver = Resolver(folder)
    document = resolver.open(folder / "api" / "main.yaml", "api/main.yaml")
    node = root(document).get(key)
    assert node is not None
    return resolver.resolve(node)


@pytest.mark.parametrize(
    ("key", "value", "pointer"),
    [
        ("local", 1, ("things", "a/b")),
        ("escaped", 2, ("things", "c d~e")),
        ("item", "y", ("list", 1)),
        ("other", {"fields": {"$ref": "#/Fields"}}, ("Order",)),
        ("through", {"type": "string"}, ("Fields", "id")),
        ("chain", 1, ("things", "a/b")),
        ("anchored", {"$anchor": "here", "value": 4}, ("deep", "named")),
    ],
)
def test_references_lead_to_values(
    folder: Path, key: str, value: Any, pointer: tuple[str | int, ...]
) -> None:
    node = resolve(folder, key)
    assert node.value == value
    assert node.pointer == pointer


def test_a_file_is_named_and_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    resolver = Resolver(folder)
    document = resolver.open(Path("api/main.yaml"))
    first, second = (
        resolver.resolve(node) for node in map(root(document).get, ["other", "whole"]) if node
    )
    assert first.document is second.document
    assert str(first.origin.place) == "shared/more.yaml:1:8"
    assert [d.name for d in resolver.documents] == ["api/main.yaml", "shared/more.yaml"]


def failure(folder: Path, key: str) -> Finding:
    with pytest.raises(SourceError) as caught:
        resolve(folder, key)
    (finding,) = caught.value.findings
    return finding


@pytest.mark.parametrize(
    ("key", "line", "fact", "help_text"),
    [
        ("self", 9, "leads back to itself", "value"),
        ("ping", 10, "leads back to itself", "value"),
        ("missing", 12, "there is no 'sidee'", "Did you mean 'side'?"),
        ("no_file", 13, "leads to no file", "Did you mean 'more.yaml'"),
        ("far", 14, "leads to the network", "relative path"),
        ("outside", 15, "leaves the folder", "a folder that holds both"),
        ("index", 17, "there is no '01'", "Correct"),
        ("long", 18, "is no path of a file", "relative path"),
        ("null_byte", 19, "is no path of a file", "relative path"),
        ("odd_host", 20, "leads to the network", "relative path"),
        ("folder", 21, "leads to no file", ""),
    ],
)
def test_what_leads_nowhere_is_shown_at_the_reference(
    folder: Path, key: str, line: int, fact: str, help_text: str
) -> None:
    finding = failure(folder, key)
    assert finding.origin is not None
    assert finding.origin.place.file == "api/main.yaml"
    assert finding.origin.place.line == line
    assert fact in finding.message
    assert help_text in finding.help


def test_a_broken_file_is_shown_in_itself(folder: Path) -> None:
    finding = failure(folder, "broken")
    assert finding.origin is not None
    assert finding.origin.place.file.endswith("shared/broken.yaml")
    assert finding.origin.place.line == 2


def test_a_symbolic_link_does_not_lead_out(folder: Path) -> None:
    inner = folder / "api" / "inner"
    inner.mkdir()
    (inner / "link.yaml").symlink_to(folder / "shared" / "more.yaml")
    (inner / "main.yaml").write_text("a: {$ref: link.yaml}\n")
    resolver = Resolver(inner)
    node = root(resolver.open(inner / "main.yaml")).get("a")
    assert node is not None
    with pytest.raises(SourceError, match="leaves the folder"):
        resolver.resolve(node)
