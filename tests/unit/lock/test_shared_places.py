"""Things that stand in several places, and places that several things share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from venuekit import commands
from venuekit.finding import Severity

TEXT = {"type": "string"}
SIDES = {"type": "string", "enum": ["buy", "sell", "short"]}


def _changes(report: Any) -> list[str]:
    return [f.message for f in report.findings if f.rule.startswith("sdk-name")]


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_a_parameter_of_a_path_keeps_its_name_beside_new_operations(
    venue: Any, target: Any
) -> None:
    answer = {"200": {"description": "ok"}}
    venue.paths["/book"] = {
        "parameters": [{"name": "side", "in": "query", "schema": SIDES}],
        "post": {"operationId": "resetBook", "responses": answer},
        "put": {"operationId": "writeBook", "responses": answer},
    }
    venue.generate(target)
    before = venue.names(target)
    assert any("Side" in name for name in before.values())
    item = venue.paths["/book"]
    venue.paths["/book"] = {
        "get": {"operationId": "aBook", "responses": answer},
        **{key: item[key] for key in ("parameters", "put", "post")},
    }
    report = venue.generate(target)
    assert report.count(Severity.ERROR) == 0
    assert _changes(report) == []
    after = venue.names(target)
    assert {place: after.get(place) for place in before} == before


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_variants_that_look_the_same_stay_apart(venue: Any, target: Any) -> None:
    same = {"type": "object", "required": ["x"], "properties": {"x": TEXT, "y": TEXT}}
    venue.schemas["Twins"] = {"oneOf": [dict(same), dict(same), {"type": "string"}]}
    venue.generate(target, missing=("not-emitted",))
    before = venue.names(target)
    for _ in range(2):
        report = venue.generate(target, missing=("not-emitted",))
        assert _changes(report) == []
        assert venue.names(target) == before


def _document(title: str, field: str) -> dict[str, Any]:
    order = {"type": "object", "properties": {field: TEXT, "id": TEXT}}
    answer = {"schema": {"$ref": "#/components/schemas/Order"}}
    responses = {"200": {"description": "ok", "content": {"application/json": answer}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "paths": {f"/{title}": {"get": {"operationId": f"get_{title}", "responses": responses}}},
        "components": {"schemas": {"Order": order}},
    }


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_documents_in_another_order_give_the_same_names(tmp_path: Path, target: Any) -> None:
    paths = []
    for title, field in (("spot", "price"), ("futures", "margin")):
        path = tmp_path / f"{title}.json"
        path.write_text(json.dumps(_document(title, field)), encoding="utf-8")
        paths.append(path)
    lock = tmp_path / "venuekit.lock"
    allowed = commands.Allowed(lock=lock)
    texts = []
    for order in (paths, paths[::-1]):
        given = commands.inputs(order, [])
        report = commands.generate(given, target, tmp_path / "sdk", "both", False, allowed)
        assert report.count(Severity.ERROR) == 0, report.findings
        assert _changes(report) == []
        texts.append(lock.read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert "spot.json#/components/schemas/Order Order " in texts[0]
