"""JSON is read exactly, with the place of what is wrong and within bounds."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from venuekit.source import SourceError, parse_document
from venuekit.source import text as source_text


def fails(text: str, name: str = "doc.json") -> str:
    with pytest.raises(SourceError) as caught:
        parse_document(name, text.encode("utf-8", "surrogatepass"))
    (finding,) = caught.value.findings
    assert finding.origin is not None
    assert finding.help
    return f"{finding.origin.place}: {finding.message}"


def test_numbers_are_exact() -> None:
    value = parse_document("doc.json", b'{"a": 0.10, "b": 12345678901234567890, "c": 1e2}').value
    assert value == {"a": Decimal("0.10"), "b": 12345678901234567890, "c": Decimal("1E+2")}
    assert isinstance(value, dict)
    assert str(value["a"]) == "0.10"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, b}', "doc.json:1:10: this is not JSON"),
        ('{\n "a": NaN}', "doc.json:2:7: JSON has no number NaN"),
        ('{"a": "NaN", "b": -Infinity}', "doc.json:1:19: JSON has no number -Infinity"),
        (
            '{"a": 1,\n "b": {"c": 1, "c": 2}}',
            "doc.json:2:16: the key 'c' stands twice, first at doc.json:2:8",
        ),
        ('{"a": 1e99999}', "doc.json:1:7: the number 1e99999... has no sensible size"),
        ('{"a": [' + "9" * 2000 + "]}", "doc.json:1:8: the number 99999999999999999999... has"),
        ('{"a": "\\ud800"}', "doc.json:1:7: the string holds half of a surrogate pair"),
        ("{'a': 1}", "doc.json:1:2: this is not JSON"),
        ("", "doc.json:1:1: this is not JSON"),
    ],
)
def test_what_is_wrong_has_its_place(text: str, said: str) -> None:
    assert fails(text).startswith(said)


@pytest.mark.parametrize("levels", [501, 5_000, 200_000])
def test_depth_is_bounded(levels: int) -> None:
    assert "deeper than the 500 levels" in fails('{"a":' * levels + "1" + "}" * levels)


def test_depth_at_the_bound_is_read() -> None:
    assert parse_document("doc.json", b"[" * 500 + b"]" * 500).value


def test_whole_surrogate_pairs_are_characters() -> None:
    assert parse_document("doc.json", json.dumps({"a": "\U0001f600"}).encode()).value == {
        "a": "\U0001f600"
    }


def test_yaml_that_begins_like_json_is_yaml() -> None:
    document = parse_document("doc.yaml", b"{a: 1, b: [x, y]}\n")
    assert document.value == {"a": 1, "b": ["x", "y"]}
    assert not document.is_json


def test_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_text, "MAXIMUM_BYTES", 10)
    assert "more than the" in fails('{"a": "0123456789"}')
