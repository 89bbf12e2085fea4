"""A run with a cache gives what a run without one gives, to the byte, whatever was edited."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import rebuild_edits as edits
from rebuild_compare import DifferenceError, compare

from venuekit.manifest import Target
from venuekit.rebuild import CacheFolder, places, runs, steps
from venuekit.rebuild.edits import Patched
from venuekit.rebuild.unsure import UnsureError

SEEDS = range(4)
EDITS_A_SEED = 12


def written(folder: Path, document: edits.Json, chance: random.Random) -> Path:
    file = folder / "venue.json"
    indent = chance.choice([2, 2, None])
    file.write_text(json.dumps(document, indent=indent))
    return file


@pytest.mark.parametrize("target", ["python", "typescript"])
@pytest.mark.parametrize("seed", SEEDS)
def test_random_edits(seed: int, target: Target, tmp_path: Path, patches: list[Patched]) -> None:
    chance = random.Random(seed)
    document = edits.base()
    history = []
    compare(written(tmp_path, document, random.Random(3)), target, tmp_path)
    for _ in range(EDITS_A_SEED):
        name, document = edits.edited(document, chance)
        history.append(name)
        try:
            compare(written(tmp_path, document, random.Random(3)), target, tmp_path)
        except DifferenceError:
            pytest.fail(f"seed {seed}, after {', '.join(history)}")
    assert patches, "nothing was patched: the comparison proved nothing"


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_each_edit_of_one_path_is_patched(
    target: Target, tmp_path: Path, patches: list[Patched]
) -> None:
    chance = random.Random(7)
    compare(written(tmp_path, edits.base(), random.Random(3)), target, tmp_path)
    document = edits.base()
    of_one_path = (edits.describe, edits.add_parameter, edits.add_path, edits.deprecate)
    for count, edit in enumerate(of_one_path, 1):
        edit(document, chance)
        compare(written(tmp_path, document, random.Random(3)), target, tmp_path)
        assert len(patches) == count, edit.__name__


def test_lines_that_do_not_move_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_moved", lambda one, *_lines: dict(one))
    with pytest.raises(DifferenceError):
        edit_above_a_warning(tmp_path)


def test_a_key_without_the_content_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "input_digest", lambda path, data: "always the same")
    with pytest.raises(DifferenceError):
        edit_above_a_warning(tmp_path)


def test_a_key_without_the_options_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs.Request, "key", property(lambda request: "always-the-same"))
    file = written(tmp_path, edits.base(), random.Random(3))
    compare(file, "python", tmp_path)
    with pytest.raises((DifferenceError, KeyError)):
        compare(file, "typescript", tmp_path)


def edit_above_a_warning(folder: Path) -> None:
    document = edits.base()
    file = written(folder, document, random.Random(3))
    compare(file, "typescript", folder)
    document["paths"]["/things0/{id}"]["get"]["description"] = "More."
    compare(written(folder, document, random.Random(3)), "typescript", folder)


def test_what_cannot_be_patched_is_made_anew(tmp_path: Path) -> None:
    document = edits.base()
    with pytest.raises(UnsureError):
        steps._last(CacheFolder(tmp_path / "cache"), runs.Request(words=("nothing",)))
    document["paths"]["/things0/{id}"]["get"]["responses"] = {
        "200": {"$ref": "#/paths/~1things1~1{id}/get/responses/200"}
    }
    for text in ("First.", "Second."):
        document["paths"]["/things1/{id}"]["get"]["description"] = text
        compare(written(tmp_path, document, random.Random(3)), "python", tmp_path)


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_names_that_get_free_for_others(target: Target, tmp_path: Path) -> None:
    document = edits.base()
    others = {f"/free{n}": {"get": edits.operation("x", edits.CARD)} for n in range(4)}
    first = {"/a-b": {"get": edits.operation("x", edits.CARD)}}
    last = {"/a_b": {"get": edits.operation("x", edits.CARD)}}
    document["paths"] = {**first, **document["paths"], **others, **last}
    for number in range(4):
        document["paths"][f"/free{number}"]["get"]["operationId"] = f"free{number}"
    # Both of these would be getAB; then only one of them is.
    for path in ("/a-b", "/a_b"):
        del document["paths"][path]["get"]["operationId"]
    compare(written(tmp_path, document, random.Random(3)), target, tmp_path)
    document["paths"]["/a-b"]["get"]["operationId"] = "somethingElse"
    compare(written(tmp_path, document, random.Random(3)), target, tmp_path)
    # The class of the first one is in the way of the second one, until it is gone.
    for path, name in (("/a-b", "same-name"), ("/a_b", "same_name")):
        document["paths"][path]["get"]["operationId"] = name
        compare(written(tmp_path, document, random.Random(3)), target, tmp_path)
    document["paths"]["/a-b"]["get"]["operationId"] = "another"
    compare(written(tmp_path, document, random.Random(3)), target, tmp_path)


def test_schemas_that_are_sent_no_more(tmp_path: Path, patches: list[Patched]) -> None:
    document = edits.base()
    for step in ("as it is", "one sender less", "no sender", "one again"):
        for number in (1, 3, 5, 7):
            sends = step == "as it is" or (step != "no sender" and number > 1)
            post = document["paths"][f"/things{number}/{{id}}"]["post"]
            content = edits.text_of(edits.ref("order") if sends else {"type": "string"})
            post["requestBody"] = {"content": content}
            compare(written(tmp_path, document, random.Random(3)), "typescript", tmp_path)
    assert patches
