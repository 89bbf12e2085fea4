"""`x-operations`: operations of one path and method that a field of the request tells apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from venuekit.contract import HttpBinding
from venuekit.emit.emission import Options
from venuekit.emit.python import emit as emit_python
from venuekit.emit.typescript import emit as emit_typescript
from venuekit.finding import FindingsError, Severity
from venuekit.load import Loaded, load
from venuekit.overlays import overlay_files

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "hyperliquid"
ANSWER = {"responses": {"200": {"description": "By type."}}}


def command(word: str | None, **members: Any) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": "string"} | ({"enum": [word]} if word else {})
    schema = {"type": "object", "required": ["op"], "properties": {"op": kind}}
    body = {"content": {"application/json": {"schema": schema}}}
    return {**ANSWER, "requestBody": body, **members}


def loaded(folder: Path, operations: dict[str, Any], **top: Any) -> Loaded:
    path = folder / "venue.yaml"
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Venue", "version": "1"},
        "paths": {"/do": {"post": {**ANSWER, "x-operations": operations}}},
        **top,
    }
    path.write_bytes(msgspec.json.encode(document))
    return load([path])


def errors(found: Loaded) -> list[str]:
    return [f.rule for f in found.findings if f.severity is Severity.ERROR]


def test_each_is_an_operation_with_its_key_as_name(tmp_path: Path) -> None:
    place = command("place", **{"x-effect": "create", "x-dedup-key": False})
    found = loaded(tmp_path, {"place": place, "cancel": command("cancel", operationId="other")})
    assert errors(found) == []
    assert found.read.operations == 2
    names = [
        (o.name, o.binding.method, o.binding.path)
        for o in found.contract.operations
        if isinstance(o.binding, HttpBinding)
    ]
    assert names == [("place", "POST", "/do"), ("cancel", "POST", "/do")]
    assert found.contract.operations[0].origin.pointer[-2:] == ("x-operations", "place")
    for emit in (emit_python, emit_typescript):
        assert emit(found.contract, Options(package="venue")).emitted == found.contract.counts


def test_a_reference_leads_to_an_operation_and_to_a_named_body(tmp_path: Path) -> None:
    kept = {
        "x-kept": {"cancel": command("cancel")},
        "schemas": {
            "Place": {
                "type": "object",
                "required": ["op"],
                "properties": {"op": {"type": "string", "const": "place"}},
            }
        },
    }
    place = command("place")
    place["requestBody"]["content"]["application/json"]["schema"] = {
        "$ref": "#/components/schemas/Place"
    }
    split = {"place": place, "cancel": {"$ref": "#/components/x-kept/cancel"}}
    found = loaded(tmp_path, split, components=kept)
    assert errors(found) == []
    assert [o.name for o in found.contract.operations] == ["place", "cancel"]


@pytest.mark.parametrize("second", ["place", None])
def test_what_no_field_tells_apart_is_an_error(tmp_path: Path, second: str | None) -> None:
    found = loaded(tmp_path, {"place": command("place"), "cancel": command(second)})
    assert errors(found) == ["operations-not-told-apart"]


def test_an_alternative_is_judged_as_an_operation(tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="7 is not of type string"):
        loaded(tmp_path, {"place": command("place"), "cancel": command("cancel", summary=7)})


def test_extensions_inside_are_judged(tmp_path: Path) -> None:
    wrong = command("cancel", **{"x-effect": "destroy"})
    with pytest.raises(FindingsError, match="destroy"):
        loaded(tmp_path, {"place": command("place"), "cancel": wrong})


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")
def test_fragments_that_share_a_path_make_one_contract() -> None:
    found = load(sorted((CORPUS / "info").glob("*.yaml")), overlay_files([Path("hyperliquid")]))
    assert errors(found) == []
    assert sorted(o.name for o in found.contract.operations) == [
        "allMids",
        "candleSnapshot",
        "clearinghouseState",
        "l2Book",
        "metaAndAssetCtxs",
    ]
    assert {str(o.effect) for o in found.contract.operations} == {"read"}
