"""The FIX document keeps FIX 4.4's own rules: whole examples, order, code sets, domain fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

MESSAGES = {
    "Logon": "A",
    "Heartbeat": "0",
    "TestRequest": "1",
    "ResendRequest": "2",
    "Reject": "3",
    "SequenceReset": "4",
    "Logout": "5",
    "NewOrderSingle": "D",
    "OrderCancelReplaceRequest": "G",
    "OrderCancelRequest": "F",
    "ExecutionReport": "8",
    "OrderCancelReject": "9",
}
HEADER = (8, 9, 35, 49, 56, 34, 52)


@pytest.fixture(scope="module")
def fix(documents: Any) -> Any:
    return documents.load("fix.asyncapi.yaml")


def fields(members: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for member in members:
        if "group" in member:
            yield {"tag": member["count_tag"], **member}
            yield from fields(member["members"])
        else:
            yield member


def test_all_messages_are_there(fix: Any) -> None:
    found = {k: m["x-fix"]["msg_type"] for k, m in fix["components"]["messages"].items()}
    assert found == MESSAGES


@pytest.mark.parametrize("name", MESSAGES)
def test_example_is_a_whole_message_in_order(fix: Any, name: str) -> None:
    layout = fix["components"]["messages"][name]["x-fix"]
    text: str = layout["example"]
    pairs = [pair.split("=", 1) for pair in text.rstrip("|").split("|")]
    tags = [int(tag) for tag, _ in pairs]
    body = text.partition("|35=")[2].rpartition("10=")[0]
    assert int(dict(pairs)["9"]) == len("35=" + body)
    checksum = sum(text.rpartition("10=")[0].replace("|", "\x01").encode()) % 256
    assert pairs[-1] == ["10", f"{checksum:03d}"]
    assert dict(pairs)["35"] == layout["msg_type"]
    assert tuple(tags[: len(HEADER)]) == HEADER
    stated = {field["tag"]: field for field in fields(layout["members"])}
    carried = tags[len(HEADER) : -1]
    assert carried == [tag for tag in stated if tag in carried]
    missing = {t for t, f in stated.items() if f["presence"] == "required"} - set(carried)
    assert missing == set()


@pytest.mark.parametrize("name", MESSAGES)
def test_members_name_fields_that_the_payload_has(fix: Any, documents: Any, name: str) -> None:
    message = fix["components"]["messages"][name]
    file, _, pointer = message["payload"]["$ref"].partition("#")
    schema: Any = documents.load(file) if file else fix
    for part in pointer.strip("/").split("/"):
        schema = schema[part]
    carried = [f["from"] for f in fields(message["x-fix"]["members"]) if "from" in f]
    assert len(carried) == len(set(carried))
    assert set(carried) == set(schema["properties"])


def test_code_sets_cover_the_shared_enumerations(documents: Any) -> None:
    for file in ("order", "execution"):
        for name, schema in documents.load(f"schemas/{file}.yaml").items():
            if "enum" in schema:
                assert set(schema["x-fix"]["codes"]) == set(schema["enum"]), name
