"""Unions of objects: read by tag or by fields, kept when unknown, and written as they came."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema_rs
import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from venuekit.emit.emission import Options
from venuekit.emit.python import emit
from venuekit.finding import Severity
from venuekit.load import load
from venuekit_runtime.encoding import plain_value
from venuekit_runtime.models import Case, OpenUnion, Unknown, decode_hook

GOLDEN = Path(__file__).parents[2] / "golden" / "python"
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda d: f"{d:f}")
INTEGERS = st.integers(-(2**63), 2**63)
TRADE = st.fixed_dictionaries({"e": st.just("trade"), "price": DECIMALS, "size": INTEGERS})
LEVEL = st.deferred(
    lambda: st.fixed_dictionaries(
        {"e": st.sampled_from(["bid", "ask"]), "price": DECIMALS}, optional={"next": EVENT}
    )
)
EVENT: st.SearchStrategy[dict[str, Any]] = st.one_of(TRADE, LEVEL)
BATCH = st.fixed_dictionaries(
    {"events": st.lists(EVENT, max_size=3)},
    optional={
        "last": st.one_of(st.none(), EVENT),
        "byName": st.dictionaries(st.text(max_size=3), EVENT, max_size=2),
    },
)
ACCEPTED = st.fixed_dictionaries({"id": INTEGERS}, optional={"note": st.text()})
FILLED = st.fixed_dictionaries({"id": INTEGERS, "fills": st.lists(INTEGERS)})
REFUSED = st.fixed_dictionaries({"id": st.text()})
ALIKE = st.fixed_dictionaries({}, optional={"a": INTEGERS, "b": INTEGERS})


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("unions")
    contract = load([GOLDEN / "tagged-union" / "input.yaml"]).contract
    for path, content in emit(contract, Options(package="quirk_unions")).files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(content), encoding="utf-8")
    sys.path.insert(0, str(folder / "src"))
    yield importlib.import_module("quirk_unions.models")
    sys.path.remove(str(folder / "src"))


@pytest.fixture(scope="module")
def judge() -> Any:
    document = yaml.safe_load((GOLDEN / "tagged-union" / "input.yaml").read_text())
    schemas = document["components"]["schemas"]

    def is_valid(name: str, value: object) -> bool:
        root = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
        return jsonschema_rs.is_valid(root, value)

    return is_valid


def read(models: ModuleType, name: str, value: object) -> Any:
    kind = getattr(models, name)
    text = json.dumps(value)
    return msgspec.json.decode(text, type=kind, dec_hook=decode_hook)


def written(value: object) -> Any:
    return json.loads(msgspec.json.encode(plain_value(value, "value")))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize(
    ("name", "strategy"),
    [
        ("Event", EVENT),
        ("Batch", BATCH),
        ("Answer", st.one_of(ACCEPTED, FILLED, REFUSED)),
        ("Alike", ALIKE),
    ],
)
def test_values_survive_decode_and_encode(
    models: ModuleType, judge: Any, name: str, strategy: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    value = data.draw(strategy)
    assert judge(name, value)
    assert written(read(models, name, value)) == value


def test_two_tags_may_lead_to_one_schema(models: ModuleType) -> None:
    trade = read(models, "Event", {"e": "trade", "price": "0.10", "size": 1})
    assert type(trade) is models.Trade
    for tag in ("bid", "ask"):
        level = read(models, "Event", {"e": tag, "price": "1", "next": {"e": "new", "x": 1}})
        assert type(level) is models.Level
        assert (level.e, level.next) == (tag, Unknown(e="new", x=1))
        assert isinstance(level, models.Event)


def test_an_unknown_tag_keeps_all_that_arrived(models: ModuleType) -> None:
    text = b'{"e":"halt","until":[1.10,{"a":"1.10"}],"n":9007199254740993}'
    decoder = msgspec.json.Decoder(models.Event, float_hook=Decimal, dec_hook=decode_hook)
    halt = decoder.decode(text)
    assert type(halt) is Unknown
    assert halt["until"][0] == Decimal("1.10")
    assert msgspec.json.encode(plain_value(halt, "halt")) == text


def test_objects_without_a_tag_are_told_by_their_fields(models: ModuleType) -> None:
    found = [
        type(read(models, "Answer", value))
        for value in ({"id": 1}, {"id": 1, "fills": []}, {"id": "a"}, {"id": None}, {})
    ]
    wanted = [models.Accepted, models.Filled, models.Refused, Unknown, Unknown]
    assert found == wanted


def test_a_known_variant_that_does_not_fit_is_an_error(models: ModuleType) -> None:
    with pytest.raises(msgspec.ValidationError, match="price"):
        read(models, "Event", {"e": "trade", "size": 1})
    with pytest.raises(msgspec.ValidationError, match="Expected `object`, got `array`"):
        read(models, "Event", [])


def test_truth_is_no_number() -> None:
    case = Case("On", ("on",), values={"on": (True,)})
    assert case.fits({"on": True})
    assert not case.fits({"on": 1})


def test_the_hook_reads_unions_alone() -> None:
    with pytest.raises(TypeError, match="Path cannot be decoded"):
        decode_hook(Path, {})
    assert OpenUnion.read({"a": 1}) == Unknown(a=1)


def test_a_union_that_nothing_tells_apart_is_said() -> None:
    contract = load([GOLDEN / "tagged-union" / "input.yaml"]).contract
    (finding,) = emit(contract, Options(package="p")).findings
    assert finding.severity is Severity.WARNING
    assert "nothing tells the objects of this union apart" in finding.message
    assert finding.origin is not None
    assert "Alike" in str(finding.origin)
