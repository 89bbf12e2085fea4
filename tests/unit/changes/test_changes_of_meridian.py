"""Faults planted in Meridian's real contract: each is found, weighed and placed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from venuekit.changes.judging import Judgement, judge
from venuekit.finding import Finding, Promise, Severity
from venuekit.load import load
from venuekit.source import GitFiles

SPEC = Path(__file__).parents[3] / "spec"
DOCUMENTS = ("rest.openapi.yaml", "stream.asyncapi.yaml", "fix.asyncapi.yaml")
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class Tree:
    """Two copies of the contract side by side: `before` as it is, `after` to be edited."""

    def __init__(self, folder: Path) -> None:
        for side in ("before", "after"):
            shutil.copytree(SPEC, folder / side, ignore=shutil.ignore_patterns("released"))
        self.folder = folder

    def edit(self, name: str, old: str, new: str) -> Tree:
        """Replace the one place in a file of the later contract where `old` stands."""
        path = self.folder / "after" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} holds {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return self

    def line(self, name: str, words: str) -> int:
        """Return the first line of the later file that holds `words`."""
        text = (self.folder / "after" / name).read_text(encoding="utf-8")
        return text.count("\n", 0, text.index(words)) + 1

    def judge(self) -> Judgement:
        before, after = (
            load([self.folder / side / name for name in DOCUMENTS]) for side in ("before", "after")
        )
        return judge(before, after)


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def found(judgement: Judgement, rule: str, severity: Severity) -> list[Finding]:
    return [f for f in judgement.findings if f.rule == rule and f.severity is severity]


def file_and_line(finding: Finding) -> tuple[str, int]:
    assert finding.origin is not None
    place = finding.origin.place
    return place.file.partition("/after/")[2], place.line


def test_nothing_changed(tree: Tree) -> None:
    judgement = tree.judge()
    assert judgement.findings == ()
    assert judgement.is_complete
    assert "oasdiff v" in str(judgement.facts["judged by"])


def test_comments_and_order_of_keys_are_no_change(tree: Tree) -> None:
    tree.edit("stream.asyncapi.yaml", "asyncapi: 3.0.0\n", "# A comment.\nasyncapi: 3.0.0\n")
    tree.edit(
        "stream.asyncapi.yaml",
        "    messages:\n      trade: {$ref: '#/components/messages/trade'}\n",
        "    messages: {trade: {$ref: '#/components/messages/trade'}}\n",
    )
    assert tree.judge().findings == ()


def test_a_field_removed_from_the_stream(tree: Tree) -> None:
    tree.edit("schemas/trade.yaml", "    side: {$ref: 'order.yaml#/Side'}\n", "").edit(
        "schemas/trade.yaml",
        "price, quantity, side, timestamp_ms]",
        "price, quantity, timestamp_ms]",
    )
    (gone,) = found(tree.judge(), "message-field-removed", ERROR)
    assert gone.message.startswith("field data.side of trade (server to client) was removed")
    assert file_and_line(gone) == (
        "schemas/trade.yaml",
        tree.line("schemas/trade.yaml", "trade_id:\n"),
    )
    assert gone.promise is Promise.WIRE


def test_a_required_field_for_those_who_place_orders(tree: Tree) -> None:
    tree.edit(
        "schemas/order.yaml",
        "required: [client_order_id, symbol, side, order_type, quantity]",
        "required: [client_order_id, symbol, side, order_type, quantity, time_in_force]",
    )
    judgement = tree.judge()
    now = found(judgement, "message-field-now-required", ERROR)
    assert [f.message.split(" (")[0] for f in now] == [
        "field params.time_in_force of placeOrder",
        "field time_in_force of NewOrderSingle",
    ]
    (rest,) = found(judgement, "oasdiff/request-property-became-required-with-default", ERROR)
    assert rest.message.startswith("placeOrder: ")
    line = tree.line("schemas/order.yaml", "quantity, time_in_force]")
    for finding in (*now, rest):
        assert file_and_line(finding) == ("schemas/order.yaml", line)


def test_milliseconds_that_became_microseconds(tree: Tree) -> None:
    tree.edit("schemas/decimals.yaml", "x-unit: unix-ms", "x-unit: unix-us")
    units = found(tree.judge(), "message-unit-changed", ERROR)
    assert any("unix-ms before, unix-us now" in finding.message for finding in units)
    line = tree.line("schemas/decimals.yaml", "TimestampMs:") + 1
    assert {file_and_line(finding) for finding in units} == {("schemas/decimals.yaml", line)}


def test_a_channel_that_moved(tree: Tree) -> None:
    tree.edit("stream.asyncapi.yaml", "    address: trades.{symbol}\n", "    address: t.{symbol}\n")
    (moved,) = found(tree.judge(), "channel-address-changed", ERROR)
    line = tree.line("stream.asyncapi.yaml", "address: t.{symbol}")
    assert file_and_line(moved) == ("stream.asyncapi.yaml", line)


def test_a_fix_tag_that_is_gone_and_one_that_is_new(tree: Tree) -> None:
    price = "          - {tag: 44, name: Price, type: Price, from: price, presence: conditional, "
    tree.edit(
        "fix.asyncapi.yaml",
        price + "when: order_type == limit}\n",
        "          - {tag: 210, name: MaxShow, type: Qty, presence: required}\n",
    )
    judgement = tree.judge()
    (gone,) = found(judgement, "message-field-removed", ERROR)
    assert gone.message.startswith("field 44 Price of NewOrderSingle (client to server)")
    (new,) = found(judgement, "message-field-added", ERROR)
    line = tree.line("fix.asyncapi.yaml", "tag: 210")
    assert file_and_line(new) == ("fix.asyncapi.yaml", line)


def test_an_edit_of_a_shared_schema_is_told_once_for_each_wire_and_direction(tree: Tree) -> None:
    """Ten messages and seven REST operations carry an order; nobody wants sixteen findings."""
    tree.edit(
        "schemas/order.yaml",
        "enum: [new, partially_filled,",
        "enum: [new, frozen, partially_filled,",
    )
    judgement = tree.judge()
    stream = [f for f in judgement.findings if f.rule == "message-value-added"]
    assert len(stream) == 2
    assert (
        "placeOrderReply, replaceOrderReply, cancelOrderReply, order, execution"
        in stream[0].message
    )
    responses = [f for f in judgement.findings if "response-property-enum" in f.rule]
    assert len(responses) == 1
    assert "and 3 more" in responses[0].message


def test_rest_edits_are_placed_where_they_stand_and_removals_at_their_parent(tree: Tree) -> None:
    tree.edit(
        "rest.openapi.yaml", "      operationId: getTime\n", "      operationId: getServerTime\n"
    )
    text = (tree.folder / "after" / "rest.openapi.yaml").read_text(encoding="utf-8")
    start = text.index("    delete:\n")
    end = text.index("  /v1/orders/by-client-order-id")
    tree.edit("rest.openapi.yaml", text[start:end], "")
    judgement = tree.judge()
    (renamed,) = found(judgement, "oasdiff/api-operation-id-removed", ERROR)
    assert renamed.promise is Promise.SDK
    assert file_and_line(renamed)[0] == "rest.openapi.yaml"
    (gone,) = found(judgement, "oasdiff/api-removed-without-deprecation", ERROR)
    assert gone.message.startswith("cancelOrder: ")
    line = tree.line("rest.openapi.yaml", "  /v1/orders/{order_id}:") + 1
    assert file_and_line(gone) == ("rest.openapi.yaml", line)


def test_a_public_operation_that_demands_a_signature_now(tree: Tree) -> None:
    text = (tree.folder / "after" / "rest.openapi.yaml").read_text(encoding="utf-8")
    start = text.index("      operationId: getTime\n")
    end = text.index("security: []\n", start)
    head = text[start:end]
    tree.edit("rest.openapi.yaml", f"{head}security: []\n", f"{head}security: [{{hmac: []}}]\n")
    added = found(tree.judge(), "oasdiff/api-security-added", ERROR)
    assert [finding.message.partition(":")[0] for finding in added] == ["getTime"]


def test_an_unpromised_break_is_a_warning(tree: Tree) -> None:
    tree.edit(
        "rest.openapi.yaml", "      operationId: getTime\n", "      operationId: getServerTime\n"
    )
    before, after = (load([tree.folder / side / DOCUMENTS[0]]) for side in ("before", "after"))
    assert found(
        judge(before, after, promises=[Promise.WIRE]), "oasdiff/api-operation-id-removed", WARNING
    )
    assert found(
        judge(before, after, promises=[Promise.SDK]), "oasdiff/api-operation-id-removed", ERROR
    )


def test_a_document_that_is_gone(tree: Tree) -> None:
    before = load([tree.folder / "before" / name for name in DOCUMENTS])
    after = load([tree.folder / "after" / name for name in DOCUMENTS[1:]])
    (gone,) = found(judge(before, after), "document-removed", ERROR)
    assert "rest.openapi.yaml" in gone.message


def test_what_could_not_be_loaded_is_never_green(tmp_path: Path) -> None:
    path = tmp_path / "stream.yaml"
    deep = "{type: array, items: " * 120 + "{type: string}" + "}" * 120
    path.write_text(
        "asyncapi: 3.0.0\ninfo: {title: Example, version: 1.0.0}\n"
        "servers: {main: {host: stream.example.com, protocol: wss}}\n"
        f"channels: {{orders: {{address: orders, messages: {{order: {{payload: {deep}}}}}}}}}\n"
        "operations: {a: {action: send, channel: {$ref: '#/channels/orders'}}}\n"
    )
    before, after = load([path]), load([path])
    judgement = judge(before, after)
    assert not judgement.is_complete
    assert set(judgement.findings) >= {f for f in before.findings if f.severity is ERROR} != set()


def test_the_baseline_can_be_a_revision(tree: Tree) -> None:
    repository = tree.folder / "after"
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Base"]):
        author = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
        subprocess.run(["git", *author, *command], cwd=repository, check=True)
    tree.edit("stream.asyncapi.yaml", "    address: trades.{symbol}\n", "    address: t.{symbol}\n")
    tree.edit("schemas/order.yaml", "enum: [buy, sell]", "enum: [buy]")
    paths = [repository / name for name in DOCUMENTS]
    judgement = judge(load(paths, files=GitFiles(repository, "HEAD")), load(paths))
    assert judgement.is_complete
    assert found(judgement, "channel-address-changed", ERROR)
    assert found(judgement, "oasdiff/request-property-enum-value-removed", ERROR)
