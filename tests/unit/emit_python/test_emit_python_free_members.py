"""Members beside the declared ones: read, typed, written back, and never mixed up with fields."""

from __future__ import annotations

import copy
import importlib
import json
import pickle
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venuekit.emit.emission import Options
from venuekit.emit.python import emit
from venuekit.load import load
from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.encoding import plain_value
from venuekit_runtime.models import decode_hook
from venuekit_runtime.request import RequestPlan

INPUT = Path(__file__).parents[2] / "golden" / "python" / "free-members" / "input.yaml"
NUMBERS = st.decimals(-(10**18), 10**18, places=6)
NAMES = st.text(max_size=6).filter(lambda n: n not in ("account_id", "extra", "parent"))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("free")
    emission = emit(load([INPUT]).contract, Options(package="free_members"))
    assert emission.findings == ()
    for path, content in emission.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(content), encoding="utf-8")
    sys.path.insert(0, str(folder / "src"))
    yield importlib.import_module("free_members")
    sys.path.remove(str(folder / "src"))


@pytest.fixture(scope="module")
def models(package: ModuleType) -> ModuleType:
    return importlib.import_module("free_members.models")


def read(kind: Any, text: bytes | str) -> Any:
    return msgspec.json.Decoder(kind, float_hook=Decimal, dec_hook=decode_hook).decode(text)


def written(value: object) -> str:
    return msgspec.json.encode(plain_value(value, "value")).decode()


@settings(max_examples=60, deadline=None)
@given(
    free=st.dictionaries(NAMES, NUMBERS, max_size=4),
    inner=st.none() | st.dictionaries(NAMES, NUMBERS, max_size=2),
    note=st.none() | st.text(),
)
def test_free_members_survive_with_every_digit(
    models: ModuleType, free: dict[str, Decimal], inner: dict[str, Decimal] | None, note: str | None
) -> None:
    members: dict[str, Any] = {"account_id": "a", **free}
    if note is not None:
        members["extra"] = note
    if inner is not None:
        members["parent"] = {"account_id": "b", **inner}
    text = msgspec.json.encode(plain_value(members, "value", "untyped"))
    account = read(models.Account, text)
    assert account.extra_ == free
    exact = {"parse_float": Decimal, "parse_int": Decimal}
    assert json.loads(written(account), **exact) == json.loads(text, **exact)


def test_a_free_member_that_is_called_as_the_field_is_free(models: ModuleType) -> None:
    account = read(models.Account, b'{"account_id":"a","extra":"text","extra_":1.50}')
    assert account.extra == "text"
    assert account.extra_ == {"extra_": Decimal("1.50")}
    assert json.loads(written(account)) == {"account_id": "a", "extra": "text", "extra_": 1.5}


def test_patterns_type_what_they_rule(models: ModuleType) -> None:
    labelled = read(models.Labelled, b'{"id":"i","x-a":"0.10"}')
    assert labelled.extra == {"x-a": Decimal("0.10")}
    assert written(labelled) == '{"id":"i","x-a":"0.10"}'
    with pytest.raises(msgspec.ValidationError, match="Invalid decimal string"):
        read(models.Labelled, b'{"x-a":"dear"}')


def test_untyped_members_keep_digits_and_kinds(models: ModuleType) -> None:
    text = '{"id":"i","n":0.10,"big":9007199254740993,"list":[{"deep":1.20}],"none":null}'
    assert written(read(models.Loose, text)) == text


def test_ordinary_objects_are_left_to_the_raw_reply(models: ModuleType) -> None:
    assert written(read(models.Closed, b'{"id":"i","new":1}')) == '{"id":"i"}'


def test_a_value_is_a_struct_in_every_way(models: ModuleType) -> None:
    account = models.Account(account_id="a", extra_={"x": Decimal(1)})
    assert isinstance(account, models.Account)
    assert isinstance(account, msgspec.Struct)
    assert account == read(models.Account, b'{"account_id":"a","x":1}')
    assert pickle.loads(pickle.dumps(account)) == copy.deepcopy(account) == account
    assert repr(account).startswith("Account(account_id='a'")
    match account:
        case models.Account(account_id="a", extra_={"x": found}):
            assert found == 1
        case _:
            pytest.fail("a value is matched by its class")
    with pytest.raises(TypeError, match="account_id"):
        models.Account()


def test_no_free_member_hides_a_declared_one(package: ModuleType, models: ModuleType) -> None:
    account = models.Account(account_id="a", extra_={"account_id": Decimal(1)})
    with pytest.raises(ValueError, match="account_id is a declared member"):
        written(account)
    operations = importlib.import_module("free_members.operations")
    plan = RequestPlan(operations.PUT_ACCOUNT, parse_base_url("http://localhost"), "test")
    with pytest.raises(ValueError, match="account_id is a declared member: give it as account_id"):
        plan.build({"account_id": "a", "extra_free": {"account_id": 1}})
    with pytest.raises(TypeError, match="extra_free must be a dict"):
        plan.build({"account_id": "a", "extra_free": [1]})


def test_requests_carry_free_members(package: ModuleType) -> None:
    operations = importlib.import_module("free_members.operations")
    plan = RequestPlan(operations.PUT_ACCOUNT, parse_base_url("http://localhost"), "test")
    draft = plan.build({"account_id": "a", "extra_free": {"x": Decimal("0.10")}})
    assert draft.body == b'{"account_id":"a","x":0.10}'


def test_what_is_no_object_is_refused(models: ModuleType) -> None:
    with pytest.raises(msgspec.ValidationError, match="Expected `object`, got `array`"):
        read(models.Account, b"[]")
    with pytest.raises(msgspec.ValidationError, match="account_id"):
        read(models.Account, b'{"x":1}')
