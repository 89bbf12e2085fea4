"""A document is edited in many ways, and no name of its SDKs moves to another place."""

from __future__ import annotations

from typing import Any

import pytest

from venuekit.finding import Severity

TEXT = {"type": "string"}


def _new_schema_takes_the_plain_name(venue: Any) -> None:
    venue.schemas["order"] = {"type": "object", "properties": {"x": TEXT, "y": TEXT}}
    venue.document["components"]["schemas"] = dict(sorted(venue.schemas.items(), reverse=True))


def _exact_name_beats_an_older_one(venue: Any) -> None:
    venue.paths["/more"] = {
        "get": {"operationId": "place_order", "responses": {"200": {"description": "ok"}}}
    }


def _inline_schema_collides_with_a_new_one(venue: Any) -> None:
    venue.schemas["PlaceOrderRequest"] = {"type": "object", "properties": {"q": TEXT}}


def _variant_is_put_in_front(venue: Any) -> None:
    variant = {"type": "object", "required": ["paused"], "properties": {"paused": TEXT}}
    venue.schemas["Event"]["oneOf"].insert(0, variant)


def _variants_change_places(venue: Any) -> None:
    venue.schemas["Event"]["oneOf"].reverse()


def _variant_changes(venue: Any) -> None:
    venue.schemas["Event"]["oneOf"][0]["properties"]["why"] = TEXT


def _parameter_is_put_in_front(venue: Any) -> None:
    parameter = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    venue.paths["/orders"]["get"]["parameters"].insert(0, parameter)


def _another_answer_comes_first(venue: Any) -> None:
    schema = {"type": "object", "properties": {"later": TEXT, "why": TEXT}}
    answer = {"description": "Later.", "content": {"application/json": {"schema": schema}}}
    get = venue.paths["/orders"]["get"]
    get["responses"] = {"202": answer, **get["responses"]}


def _schemas_are_sorted_otherwise(venue: Any) -> None:
    venue.document["components"]["schemas"] = dict(reversed(venue.schemas.items()))


def _a_field_is_added(venue: Any) -> None:
    venue.schemas["Order"]["properties"]["fee"] = TEXT


def _words_change(venue: Any) -> None:
    venue.schemas["Order"]["description"] = "Another description."
    venue.document["info"]["description"] = "More words."


def _a_path_moves(venue: Any) -> None:
    venue.document["paths"] = {"/v2/orders": venue.paths["/orders"]}


def _an_operation_comes_first(venue: Any) -> None:
    first = {"get": {"operationId": "time", "responses": {"200": {"description": "ok"}}}}
    venue.document["paths"] = {"/time": first, **venue.paths}


EDITS = (
    _new_schema_takes_the_plain_name,
    _exact_name_beats_an_older_one,
    _inline_schema_collides_with_a_new_one,
    _variant_is_put_in_front,
    _variants_change_places,
    _variant_changes,
    _parameter_is_put_in_front,
    _another_answer_comes_first,
    _schemas_are_sorted_otherwise,
    _a_field_is_added,
    _words_change,
    _a_path_moves,
    _an_operation_comes_first,
)


@pytest.mark.parametrize("target", ["python", "typescript"])
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__.strip("_"))
def test_names_stay(venue: Any, edit: Any, target: Any) -> None:
    first = venue.generate(target)
    assert first.count(Severity.ERROR) == 0
    before = venue.names(target)
    assert len(before) > 8
    edit(venue)
    report = venue.generate(target)
    assert report.count(Severity.ERROR) == 0, report.findings
    assert [f for f in report.findings if f.rule.startswith("sdk-name")] == []
    after = venue.names(target)
    if edit in (_a_path_moves, _variant_changes):
        assert sorted(before.values()) == sorted(after.values())
        return
    assert {place: after.get(place) for place in before} == before
    assert len(set(after.values()) - set(before.values())) == len(after) - len(before)


def test_without_a_lock_a_newcomer_takes_a_name(venue: Any) -> None:
    """What the lock is for: the same edit without one moves a name in silence."""
    venue.generate()
    before = venue.names()
    venue.lock.unlink()
    _exact_name_beats_an_older_one(venue)
    venue.generate()
    after = venue.names()
    assert {place: after.get(place) for place in before} != before


def test_the_lock_is_the_same_for_the_same_document(venue: Any) -> None:
    venue.generate()
    text = venue.text("venuekit.lock")
    venue.generate()
    assert venue.text("venuekit.lock") == text
    assert venue.generate(is_check=True).findings == ()


def test_targets_do_not_touch_each_others_lines(venue: Any) -> None:
    venue.generate("python")
    python = venue.names("python")
    venue.generate("typescript")
    assert venue.names("python") == python
    assert venue.names("typescript")


def test_a_name_that_was_written_by_hand_is_taken(venue: Any) -> None:
    venue.generate()
    text = venue.text("venuekit.lock")
    venue.lock.write_text(text.replace("/Order Order ", "/Order TradeOrder wish=Order "))
    report = venue.generate()
    assert report.count(Severity.ERROR) == 0
    assert "class TradeOrder(Model)" in venue.text("python/src/locked/models.py")


def test_the_order_of_lines_is_free_and_put_right(venue: Any) -> None:
    venue.generate()
    text = venue.text("venuekit.lock")
    head, lines = text.splitlines(True)[:4], text.splitlines(True)[4:]
    venue.lock.write_text("".join([*head, *reversed(lines)]))
    assert [f.rule for f in venue.generate(is_check=True).findings] == ["stale-lock"]
    venue.generate()
    assert venue.text("venuekit.lock") == text


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("<<<<<<< HEAD\n", "a merge was not finished"),
        ("python class a.json#/x\n", "expected target, kind, place and name"),
        ("python class a.json#/x 1up since=1\n", "not a name that code may have"),
        ("python class a.json#/x Up since=1 size=3\n", "expected since="),
    ],
)
def test_a_broken_lock_is_refused_at_its_line(venue: Any, line: str, fact: str) -> None:
    from venuekit.finding import FindingsError

    venue.generate()
    with venue.lock.open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(FindingsError) as error:
        venue.generate()
    finding = error.value.findings[0]
    assert finding.rule == "invalid-lock"
    assert fact in finding.message
    assert finding.origin is not None
    assert finding.origin.place.line == len(venue.text("venuekit.lock").splitlines())
