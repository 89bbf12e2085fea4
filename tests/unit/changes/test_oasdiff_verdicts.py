"""oasdiff's results: weighed by our law, placed in the user's file, and never green by accident."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

import venuekit_oasdiff
from venuekit.changes import oasdiff_levels, oasdiff_run
from venuekit.changes.judging import Judgement, judge
from venuekit.finding import Finding, Severity
from venuekit.load import load

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
BASE = """\
openapi: 3.1.0
info: {title: Example, version: 1.0.0}
paths:
  /orders:
    get:
      operationId: listOrders
      parameters:
        - {name: symbol, in: query, schema: {type: string}}
      responses:
        '200':
          description: The orders.
          content:
            application/json:
              schema:
                type: object
                required: [orders]
                properties:
                  orders:
                    type: array
                    items: {$ref: '#/components/schemas/Order'}
components:
  schemas:
    Order:
      type: object
      required: [price, status]
      properties:
        price: {type: string}
        status: {type: string, enum: [new, filled]}
"""


def compared(folder: Path, before: str, after: str, *, name: str = "api.yaml") -> Judgement:
    paths = []
    for side, text in (("before", before), ("after", after)):
        (folder / side).mkdir(exist_ok=True)
        path = folder / side / name
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return judge(load([paths[0]]), load([paths[1]]))


def only(judgement: Judgement, severity: Severity = ERROR) -> Finding:
    (finding,) = [f for f in judgement.findings if f.severity is severity]
    return finding


def line_of(finding: Finding) -> int:
    assert finding.origin is not None
    return finding.origin.place.line


def test_our_levels_differ_from_oasdiffs_only_where_a_table_says_so() -> None:
    """A new version of oasdiff that changes a verdict fails here, not in a venue's CI."""
    ours = {"error": ERROR, "warning": WARNING, "info": INFO}
    surprising = [
        check.id
        for check in oasdiff_run.checks().values()
        if oasdiff_levels.derived(check) is not ours[check.level]
        and not any(re.fullmatch(p, check.id) for p in oasdiff_levels.EXCEPTIONS)
    ]
    assert surprising == []
    assert len(oasdiff_run.checks()) > 700


def test_every_exception_is_about_a_check_that_exists() -> None:
    ids = oasdiff_run.checks()
    unused = [
        pattern
        for pattern in (*oasdiff_levels.EXCEPTIONS, *oasdiff_levels.PROMISES)
        if not any(re.fullmatch(pattern, check_id) for check_id in ids)
    ]
    assert unused == []


def test_a_word_that_we_do_not_know_is_never_harmless() -> None:
    check = oasdiff_levels.Check(id="new-kind", level="info", direction="sideways", effect="twists")
    assert oasdiff_levels.severity_of(check) is ERROR


@pytest.mark.parametrize("is_json", [False, True], ids=["yaml", "json"])
@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        (
            "        price: {type: string}\n",
            "",
            "response-required-property-removed",
            "properties",
        ),
        (
            "price: {type: string}",
            "price: {type: number}",
            "response-property-type-changed",
            "number",
        ),
    ],
    ids=["removed", "changed"],
)
def test_places_in_yaml_and_json(
    tmp_path: Path, old: str, new: str, rule: str, words: str, is_json: bool
) -> None:
    before, after = BASE, BASE.replace(old, new)
    if old.endswith("\n"):
        after = after.replace("required: [price, status]", "required: [status]")
    if is_json:
        before, after = (json.dumps(yaml.safe_load(text), indent=1) for text in (before, after))
    judgement = compared(tmp_path, before, after, name="api.json" if is_json else "api.yaml")
    finding = only(judgement)
    assert finding.rule == f"oasdiff/{rule}"
    order = after.index("Order", after.index("components"))
    expected = after.count("\n", 0, after.index(words, order)) + 1
    # The place is that of the value, which may begin a line before or after these words.
    assert abs(line_of(finding) - expected) <= 1


def test_places_of_files_that_an_overlay_changed_are_the_users_own(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: More, version: 1.0.0}\n"
        "actions: [{target: $.info, update: {description: Longer.}}]\n"
    )
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
    (tmp_path / "before" / "api.yaml").write_text(BASE)
    (tmp_path / "after" / "api.yaml").write_text(BASE.replace("listOrders", "orders"))
    before, after = (
        load([tmp_path / side / "api.yaml"], [overlay]) for side in ("before", "after")
    )
    finding = only(judge(before, after))
    assert finding.rule == "oasdiff/api-operation-id-removed"
    assert finding.origin is not None
    assert finding.origin.place.file.endswith("after/api.yaml")
    assert line_of(finding) in (5, 6)


def test_new_values_in_answers_are_a_warning_and_in_requests_nothing(tmp_path: Path) -> None:
    judgement = compared(tmp_path, BASE, BASE.replace("[new, filled]", "[new, filled, expired]"))
    assert only(judgement, WARNING).rule == "oasdiff/response-property-enum-value-added"
    assert not [f for f in judgement.findings if f.severity is ERROR]


def test_an_operation_that_was_public(tmp_path: Path) -> None:
    schemes = "{key: {type: apiKey, in: header, name: K}, other: {type: http, scheme: basic}}"
    before = BASE + f"  securitySchemes: {schemes}\n"
    locked = before.replace("listOrders\n", "listOrders\n      security: [{key: []}]\n")
    assert only(compared(tmp_path, before, locked)).rule == "oasdiff/api-security-added"
    either = locked.replace("[{key: []}]", "[{key: []}, {other: []}]")
    judgement = compared(tmp_path, locked, either)
    assert [f.severity for f in judgement.findings if f.rule == "oasdiff/api-security-added"] == [
        INFO
    ]


def test_webhooks_are_compared_and_callbacks_are_told(tmp_path: Path) -> None:
    """When a version of oasdiff looks into callbacks, this fails and the warning can go."""
    inner = (
        "post: {requestBody: {content: {application/json: {schema: "
        "{type: object, properties: {fill_id: {type: string}}}}}}, "
        "responses: {'200': {description: x}}}"
    )
    before = BASE.replace(
        "      parameters:\n",
        f"      callbacks: {{done: {{'{{$url}}': {{{inner}}}}}}}\n      parameters:\n",
    )
    after = before.replace("fill_id: {type: string}", "fill_id: {type: integer}")
    judgement = compared(tmp_path, before, after)
    (told,) = judgement.findings
    assert (told.rule, told.severity) == ("not-covered", WARNING)
    hooked = BASE + f"webhooks: {{fill: {{{inner}}}}}\n"
    judgement = compared(
        tmp_path, hooked, hooked.replace("fill_id: {type: string}", "fill_id: {type: integer}")
    )
    assert only(judgement).rule == "oasdiff/request-property-type-changed"
    assert line_of(only(judgement)) == len(hooked.splitlines())


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo 'Error: no memory' >&2; exit 104", "exit code 104: no memory"),
        ("exit 1", "exit code 1: it said nothing"),
        ("echo 'no json'", "answer cannot be read"),
        ('echo \'[{"text": "x"}]\'', "answer cannot be read"),
        ("echo '{}'", "answer cannot be read"),
        ("exec sleep 30", "took longer than 1 s"),
    ],
)
def test_what_oasdiff_did_not_say_is_never_green(
    script: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "oasdiff"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setattr(venuekit_oasdiff, "binary", lambda: fake)
    monkeypatch.setattr(oasdiff_run, "OASDIFF_SECONDS", 1)
    judgement = compared(tmp_path, BASE, BASE)
    assert not judgement.is_complete
    assert only(judgement).rule == "not-compared"
    assert words in only(judgement).message


def test_without_oasdiff_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise venuekit_oasdiff.OasdiffMissingError("there was no Go to build it; install Go")

    monkeypatch.setattr(venuekit_oasdiff, "binary", missing)
    judgement = compared(tmp_path, BASE, BASE)
    assert not judgement.is_complete
    assert "no Go to build it" in only(judgement).message


def test_the_users_own_oasdiff_settings_have_no_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / ".oasdiff.yaml"
    config.write_text("exclude-elements: [endpoints]\nmatch-path: /nothing\n")
    monkeypatch.setenv("OASDIFF_CONFIG", str(config))
    monkeypatch.chdir(tmp_path)
    after = BASE.replace("{type: string}}\n      resp", "{type: integer}}\n      resp")
    assert only(compared(tmp_path, BASE, after)).rule == "oasdiff/request-parameter-type-changed"


def test_no_reference_leads_oasdiff_to_the_network(tmp_path: Path) -> None:
    document = BASE + "    Loose: {examples: [{$ref: 'http://127.0.0.1:9/x.yaml'}]}\n"
    judgement = compared(tmp_path, document, document)
    assert not judgement.is_complete
    assert "never the network" in only(judgement).message
