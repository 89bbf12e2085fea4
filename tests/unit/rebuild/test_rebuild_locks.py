"""Runs with a name lock, and runs that may lose something, are those without a cache."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import rebuild_edits as edits
from rebuild_compare import DifferenceError, compare, compare_locked, generated

from venuekit import generating
from venuekit.commands import Allowed
from venuekit.emit.lock import Renames
from venuekit.manifest import Target
from venuekit.rebuild import CacheFolder
from venuekit.rebuild.edits import Patched

TARGETS: tuple[Target, ...] = ("python", "typescript")


def written(folder: Path, document: edits.Json) -> Path:
    file = folder / "venue.json"
    file.write_text(json.dumps(document, indent=2))
    return file


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("renames", list(Renames))
def test_random_edits(
    seed: int, target: Target, renames: Renames, tmp_path: Path, patches: list[Patched]
) -> None:
    chance = random.Random(100 + seed)
    document = edits.base()
    history = ["nothing"]
    compare_locked(written(tmp_path, document), target, tmp_path, renames)
    for _ in range(8):
        try:
            # Only a run that leaves the lock as it is can be followed by one of the edit alone.
            compare_locked(written(tmp_path, document), target, tmp_path, renames)
            name, document = edits.edited(document, chance)
            history.append(name)
            compare_locked(written(tmp_path, document), target, tmp_path, renames)
        except DifferenceError:
            pytest.fail(f"seed {seed}, after {', '.join(history)}")
    assert patches, "nothing was patched: the comparison proved nothing"


@pytest.mark.parametrize("target", TARGETS)
def test_edits_that_leave_all_names_are_patched(
    target: Target, tmp_path: Path, patches: list[Patched]
) -> None:
    document = edits.base()
    for _ in range(2):
        compare_locked(written(tmp_path, document), target, tmp_path, Renames.REFUSE)
    get = document["paths"]["/things6/{id}"]["get"]
    fields = get["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    number = {"name": "with", "in": "query", "schema": {"type": "number"}}
    for count, edit in enumerate(
        (
            lambda: get.update(description="Edited."),
            lambda: get["parameters"].insert(0, number),
            lambda: fields.update({"another-one": {"type": "string"}}),
            lambda: get.update(deprecated=True),
        ),
        1,
    ):
        edit()
        said = compare_locked(written(tmp_path, document), target, tmp_path, Renames.REFUSE)
        assert len(patches) == count
    assert "another-one" in (tmp_path / "cached.lock").read_text()
    again = compare_locked(written(tmp_path, document), target, tmp_path, Renames.REFUSE)
    assert again == said
    assert len(patches) == 4, "a patched run is kept for the lock that it left"


@pytest.mark.parametrize("target", TARGETS)
def test_a_kept_run_writes_the_lock_that_is_gone(target: Target, tmp_path: Path) -> None:
    file = written(tmp_path, edits.base())
    compare_locked(file, target, tmp_path, Renames.REFUSE)
    text = (tmp_path / "cached.lock").read_text()
    for name in ("cached", "anew"):
        (tmp_path / f"{name}.lock").unlink()
    said = compare_locked(file, target, tmp_path, Renames.REFUSE, is_check=True)
    assert "stale-lock" in said
    assert said.endswith("no lock")
    compare_locked(file, target, tmp_path, Renames.REFUSE)
    assert (tmp_path / "cached.lock").read_text() == text


@pytest.mark.parametrize("target", TARGETS)
def test_how_renames_are_met_is_told_apart(target: Target, tmp_path: Path) -> None:
    document = edits.base()
    compare_locked(written(tmp_path, document), target, tmp_path, Renames.REFUSE)
    document["paths"]["/ping"]["get"]["operationId"] = "pong"
    file = written(tmp_path, document)
    for renames in (Renames.REFUSE, Renames.KEEP, Renames.REFUSE, Renames.ACCEPT, Renames.REFUSE):
        compare_locked(file, target, tmp_path, renames)
    document["paths"]["/ping"]["get"]["description"] = "With an alias."
    said = compare_locked(written(tmp_path, document), target, tmp_path, Renames.REFUSE)
    assert "With an alias." in said


def edit_the_lock(folder: Path) -> None:
    file = written(folder, edits.base())
    for _ in range(2):
        compare_locked(file, "python", folder, Renames.REFUSE)
    for name in ("cached", "anew"):
        lock = folder / f"{name}.lock"
        lock.write_text(lock.read_text().replace(" make_thing1 ", " make_the_first ", 1))
    assert "def make_the_first" in compare_locked(file, "python", folder, Renames.REFUSE)


def test_a_lock_that_was_edited(tmp_path: Path) -> None:
    edit_the_lock(tmp_path)


def test_a_key_without_the_lock_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generating, "lock_mark", lambda text: "always the same")
    with pytest.raises(DifferenceError):
        edit_the_lock(tmp_path)


def test_another_lock_is_another_run(tmp_path: Path) -> None:
    file, cache = written(tmp_path, edits.base()), CacheFolder(tmp_path / "cache")
    for lock in (None, tmp_path / "a.lock", tmp_path / "b.lock", None):
        said = generated(file, "typescript", tmp_path / "out", cache, Allowed(lock=lock))
        assert ("Without a name lock" in said) == (lock is None)
        assert lock is None or lock.is_file()


@pytest.mark.parametrize("target", TARGETS)
def test_losses_are_told_apart_by_what_is_allowed(target: Target, tmp_path: Path) -> None:
    document = edits.base()
    mixed = {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}
    post = edits.operation("mixed", edits.ref("account"))
    post["requestBody"] = {"content": {"multipart/mixed": mixed}}
    document["paths"]["/mixed"] = {"post": post}
    for text in ("First.", "Second."):
        document["paths"]["/mixed"]["post"]["description"] = text
        document["paths"]["/ping"]["get"]["description"] = text
        file = written(tmp_path, document)
        for missing in ((), ("not-emitted",), (), ("not-emitted", "not-carried")):
            compare(file, target, tmp_path, missing)
    if target == "python":
        assert "Not in this package" in (tmp_path / "cached" / "README.md").read_text()


@pytest.mark.parametrize("target", [*TARGETS, "server"])
def test_webhooks_and_callbacks(target: Target, tmp_path: Path) -> None:
    document = edits.base()
    document["openapi"] = "3.1.0"
    hook = edits.operation("filled", edits.ref("account"))
    hook["requestBody"] = {"content": edits.text_of(edits.ref("order"))}
    called = {"told": {"{$request.query.url}": {"post": dict(hook, operationId="called")}}}
    compare(written(tmp_path, document), target, tmp_path, ("not-emitted",))
    get = document["paths"]["/ping"]["get"]
    for edit in (
        lambda: get.update(callbacks=called),
        lambda: get.update(description="Edited."),
        lambda: document.update(webhooks={"filled": {"post": hook}}),
        lambda: get.update(description="Edited again."),
        lambda: get.pop("callbacks"),
        lambda: hook.update(description="Edited as well."),
    ):
        edit()
        compare(written(tmp_path, document), target, tmp_path, ("not-emitted",))


@pytest.mark.parametrize("target", [*TARGETS, "server"])
def test_edits_beside_operations_with_servers_of_their_own(target: Target, tmp_path: Path) -> None:
    document = edits.base()
    compare(written(tmp_path, document), target, tmp_path)
    for number, url in ((1, "https://b.example.com"), (5, "https://c.example.com"), (3, "")):
        get = document["paths"][f"/things{number}/{{id}}"]["get"]
        for _ in range(2):
            get["description"] = get.get("description", "Line.") + " More."
            compare(written(tmp_path, document), target, tmp_path)
            get["servers"] = [{"url": url or "https://b.example.com"}]
    get.pop("servers")
    compare(written(tmp_path, document), target, tmp_path)
