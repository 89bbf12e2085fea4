"""FIX layouts: what is harmless in JSON refuses a session, because engines check every tag."""

from __future__ import annotations

from pathlib import Path

import pytest

from venuekit import changes
from venuekit.finding import Finding, Severity
from venuekit.load import load

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
BASE = """\
asyncapi: 3.0.0
info: {title: Example, version: 1.0.0}
defaultContentType: application/fix
servers:
  main:
    host: fix.example.com:9880
    protocol: fix
    protocolVersion: '4.4'
    x-fix:
      begin_string: FIX.4.4
      header: [{tag: 8, name: BeginString, type: String, presence: constant, constant: FIX.4.4}]
      trailer: [{tag: 10, name: CheckSum, type: String, presence: required}]
channels:
  orders:
    address: orders
    messages:
      order:
        payload: {type: object}
        x-fix:
          msg_type: D
          members:
            - {tag: 11, name: ClOrdID, type: String, presence: required}
            - {tag: 38, name: OrderQty, type: Qty, presence: optional}
            - {tag: 54, name: Side, type: char, presence: required, codes: {buy: '1', sell: '2'}}
            - count_tag: 453
              group: Parties
              presence: optional
              members:
                - {tag: 448, name: PartyID, type: String, presence: required}
                - {tag: 452, name: PartyRole, type: int, presence: optional}
      report:
        payload: {type: object}
        x-fix:
          msg_type: '8'
          members:
            - {tag: 37, name: OrderID, type: String, presence: required}
            - {tag: 39, name: OrdStatus, type: char, presence: required, codes: {new: '0'}}
operations:
  placeOrder:
    action: receive
    channel: {$ref: '#/channels/orders'}
    messages: [{$ref: '#/channels/orders/messages/order'}]
  reports:
    action: send
    channel: {$ref: '#/channels/orders'}
    messages: [{$ref: '#/channels/orders/messages/report'}]
"""
REPORT_END = "            - {tag: 39,"


def compared(folder: Path, before: str, after: str) -> tuple[Finding, ...]:
    contracts = {}
    for side, text in (("before", before), ("after", after)):
        path = folder / side / "fix.yaml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        contracts[side] = load([path]).contract
    return changes.compare(contracts["before"], contracts["after"])


CASES = {
    "an optional tag that clients may send": (
        "            - {tag: 54,",
        "            - {tag: 18, name: ExecInst, type: String, presence: optional}\n"
        "            - {tag: 54,",
        [(INFO, "message-field-added", "18 ExecInst")],
    ),
    "an optional tag that clients receive": (
        REPORT_END,
        f"            - {{tag: 58, name: Text, type: String, presence: optional}}\n{REPORT_END}",
        [(ERROR, "message-field-added", "58 Text")],
    ),
    "a tag that clients send is refused now": (
        "            - {tag: 38, name: OrderQty, type: Qty, presence: optional}\n",
        "",
        [(ERROR, "message-field-removed", "38 OrderQty")],
    ),
    "a tag that clients count on": (
        "            - {tag: 37, name: OrderID, type: String, presence: required}\n",
        "",
        [(ERROR, "message-field-removed", "37 OrderID")],
    ),
    "required of clients": (
        "name: OrderQty, type: Qty, presence: optional",
        "name: OrderQty, type: Qty, presence: required",
        [(ERROR, "message-field-now-required", "38 OrderQty")],
    ),
    "no longer sent for sure": (
        "name: OrderID, type: String, presence: required",
        "name: OrderID, type: String, presence: optional",
        [(ERROR, "message-field-now-optional", "37 OrderID")],
    ),
    "a code that clients may send": (
        "{buy: '1', sell: '2'}",
        "{buy: '1', sell: '2', short: '5'}",
        [(INFO, "message-value-added", "54 Side")],
    ),
    "a code that engines have never seen": (
        "{new: '0'}",
        "{new: '0', expired: 'C'}",
        [(ERROR, "message-value-added", "39 OrdStatus")],
    ),
    "a code with another meaning": (
        "{buy: '1', sell: '2'}",
        "{buy: '2', sell: '1'}",
        [(ERROR, "message-unit-changed", "54 Side"), (ERROR, "message-unit-changed", "54 Side")],
    ),
    "another datatype": (
        "name: OrderQty, type: Qty",
        "name: OrderQty, type: int",
        [(ERROR, "message-type-changed", "38 OrderQty")],
    ),
    "another message type": (
        "msg_type: D",
        "msg_type: E",
        [(ERROR, "message-type-changed", "35 MsgType")],
    ),
    "another delimiter of a group": (
        "                - {tag: 448, name: PartyID, type: String, presence: required}\n"
        "                - {tag: 452, name: PartyRole, type: int, presence: optional}\n",
        "                - {tag: 452, name: PartyRole, type: int, presence: optional}\n"
        "                - {tag: 448, name: PartyID, type: String, presence: required}\n",
        [(ERROR, "message-type-changed", "453 Parties")],
    ),
    "a member of a group": (
        "                - {tag: 452, name: PartyRole, type: int, presence: optional}\n",
        "",
        [(ERROR, "message-field-removed", "453 Parties / 452 PartyRole")],
    ),
    "another condition": (
        "name: OrderQty, type: Qty, presence: optional",
        "name: OrderQty, type: Qty, presence: conditional, when: side == buy",
        [(ERROR, "message-constraint-changed", "38 OrderQty")],
    ),
    "another order of tags, which only groups prescribe": (
        "            - {tag: 11, name: ClOrdID, type: String, presence: required}\n"
        "            - {tag: 38, name: OrderQty, type: Qty, presence: optional}\n",
        "            - {tag: 38, name: OrderQty, type: Qty, presence: optional}\n"
        "            - {tag: 11, name: ClOrdID, type: String, presence: required}\n",
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_fix_change(name: str, tmp_path: Path) -> None:
    old, new, expected = CASES[name]
    assert BASE.count(old) == 1
    found = compared(tmp_path, BASE, BASE.replace(old, new))
    assert [(f.severity, f.rule) for f in found] == [(s, rule) for s, rule, _ in expected]
    for finding, (_, _, words) in zip(found, expected, strict=True):
        assert words in finding.message
        assert finding.origin is not None
        assert finding.origin.place.file.endswith("after/fix.yaml")
