"""A field or a value that comes later takes no name that another one has already."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from venuekit.finding import Severity

TEXT = {"type": "string"}


@pytest.mark.parametrize("first", [True, False])
def test_fields_of_python_stay(venue: Any, first: bool) -> None:
    venue.schemas["Order"]["properties"]["feeRate"] = TEXT
    venue.generate()
    assert 'fee_rate: str | UnsetType = field(name="feeRate"' in _models(venue)
    fields = venue.schemas["Order"]["properties"]
    newcomer = {"fee_rate": {"type": "integer"}}
    venue.schemas["Order"]["properties"] = {**newcomer, **fields} if first else fields | newcomer
    assert venue.generate().count(Severity.ERROR) == 0
    models = _models(venue)
    assert 'fee_rate: str | UnsetType = field(name="feeRate"' in models
    assert 'int | UnsetType = field(name="fee_rate"' in models


def test_without_a_lock_a_field_would_change_its_meaning(venue: Any) -> None:
    venue.schemas["Order"]["properties"] |= {"feeRate": TEXT, "fee_rate": {"type": "integer"}}
    venue.generate()
    assert "fee_rate: int | UnsetType" in _models(venue)


def test_values_of_python_stay(venue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    venue.schemas["Side"] = {"type": "string", "enum": ["buy", "sell", "short"]}
    venue.generate()
    venue.schemas["Side"]["enum"].insert(0, "BUY")
    venue.generate()
    monkeypatch.syspath_prepend(str(venue.folder / "python" / "src"))
    for name in [name for name in sys.modules if name.split(".")[0] == "locked"]:
        monkeypatch.delitem(sys.modules, name)
    side = importlib.import_module("locked.models").Side
    assert side.BUY.value == "buy"
    assert [one.value for one in side] == ["BUY", "buy", "sell", "short"]


def test_properties_of_typescript_stay(venue: Any) -> None:
    venue.schemas["Order"]["properties"]["fee_rate"] = TEXT
    venue.generate("typescript")
    assert "readonly feeRate?: string | undefined;" in venue.text("typescript/src/types.ts")
    venue.schemas["Order"]["properties"]["feeRate"] = {"type": "boolean"}
    venue.generate("typescript")
    types = venue.text("typescript/src/types.ts")
    assert "readonly feeRate?: string | undefined;" in types
    assert "?: boolean | undefined;" in types
    assert "readonly feeRate?: boolean | undefined;" not in types
    assert venue.generate("typescript", is_check=True).findings == ()


def _models(venue: Any) -> str:
    return str(venue.text("python/src/locked/models.py"))
