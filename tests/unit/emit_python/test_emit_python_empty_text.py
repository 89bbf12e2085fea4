"""Numbers that are empty text where there is no value: None in Python, and written as they came."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from venuekit.emit.emission import Options
from venuekit.emit.python import emit
from venuekit.load import load
from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.encoding import plain_value
from venuekit_runtime.models import decode_hook
from venuekit_runtime.request import RequestPlan

QUIRK = Path(__file__).parents[2] / "quirks" / "empty-text.yaml"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("empty")
    emission = emit(load([QUIRK]).contract, Options(package="empty_text"))
    assert emission.findings == ()
    for path, content in emission.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(content), encoding="utf-8")
    sys.path.insert(0, str(folder / "src"))
    yield importlib.import_module("empty_text")
    sys.path.remove(str(folder / "src"))


def read(package: ModuleType, text: str) -> Any:
    kind = package.models.Thing
    return msgspec.json.Decoder(kind, float_hook=Decimal, dec_hook=decode_hook).decode(text)


def written(value: object) -> str:
    return msgspec.json.encode(plain_value(value, "value")).decode()


def test_empty_text_is_no_value_and_stays_empty(package: ModuleType) -> None:
    text = '{"price":"","stop_price":"","fees":["0.10",""],"by_name":{"a":"","b":"1.50"}}'
    thing = read(package, text)
    assert (thing.price, thing.stop_price) == (None, None)
    assert thing.fees == [Decimal("0.10"), None]
    assert thing.by_name == {"a": None, "b": Decimal("1.50")}
    assert written(thing) == text


def test_numbers_stay_exact(package: ModuleType) -> None:
    text = '{"price":"0.100000000000000000001","count":"9007199254740993"}'
    thing = read(package, text)
    assert thing.price == Decimal("0.100000000000000000001")
    assert written(thing) == text


@pytest.mark.parametrize("wrong", ['" "', '"dear"', "true", "null", "[]"])
def test_what_is_no_number_is_refused(package: ModuleType, wrong: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(package, f'{{"price":{wrong}}}')


def test_a_required_argument_may_be_none_and_travels_empty(package: ModuleType) -> None:
    plan = RequestPlan(package.operations.PUT_THING, parse_base_url("http://localhost"), "test")
    assert plan.build({"price": None, "stop_price": None}).body == b'{"price":"","stop_price":""}'
    assert plan.build({"price": Decimal("1.50")}).body == b'{"price":"1.50"}'
    with pytest.raises(TypeError, match="price is required"):
        plan.build({})
