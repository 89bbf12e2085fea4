"""Start-up: what does not fit is refused with a reason, and nothing is half done."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from meridian_server.accounts import AccountsError, read_accounts
from meridian_server.contracts import IN_REPOSITORY, load_contract
from meridian_server.gateway.codec import ContractError
from meridian_server.gateway.plans import compile_contract
from meridian_server.gateway.wire import check_shapes
from meridian_server.journal import JournalError
from meridian_server.server import is_loopback, start
from venuekit.contract import Contract, Wire


def meridian(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "meridian_server", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
    )


def without(contract: Contract, name: str, wire: Wire) -> Contract:
    left = tuple(o for o in contract.operations if (o.name, o.wire) != (name, wire))
    return dataclasses.replace(contract, operations=left)


def test_every_operation_has_a_handler(contract: Contract) -> None:
    plans = compile_contract(contract, lambda: 0)
    assert plans.stream_path == "/v1/stream"
    assert set(plans.commands) == {
        "log_on", "subscribe", "unsubscribe", "place_order", "replace_order", "cancel_order",
    }  # fmt: skip
    assert plans.commands["place_order"].reply_type == "place_order_reply"


def test_a_handler_without_operation_is_an_error(contract: Contract) -> None:
    with pytest.raises(ContractError, match=r"without operation.*getTime"):
        compile_contract(without(contract, "getTime", Wire.REST), lambda: 0)
    with pytest.raises(ContractError, match=r"lacks stream operations.*subscribe"):
        compile_contract(without(contract, "subscribe", Wire.WEBSOCKET), lambda: 0)


def test_an_operation_without_handler_is_an_error(contract: Contract) -> None:
    (time,) = (o for o in contract.operations if o.name == "getTime")
    more = dataclasses.replace(time, name="getWeather")
    with pytest.raises(ContractError, match="no handler for getWeather"):
        compile_contract(
            dataclasses.replace(contract, operations=(*contract.operations, more)), lambda: 0
        )


def test_a_field_that_nobody_writes_is_an_error(contract: Contract) -> None:
    order = contract.schemas["Order"]
    fields = order.schema.fields
    named = dataclasses.replace(fields[0], name="colour")
    changed = dataclasses.replace(
        order, schema=dataclasses.replace(order.schema, fields=(*fields, named))
    )
    broken = dataclasses.replace(contract, schemas={**contract.schemas, "Order": changed})
    with pytest.raises(ContractError, match=r"Order has \['colour'\]"):
        check_shapes(broken)


def test_a_broken_contract_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "venuekit.yaml").write_text("name: x\nversion: 1\n")
    with pytest.raises(ContractError, match=r"venuekit\.yaml"):
        load_contract(tmp_path)
    done = meridian("--contract", str(tmp_path / "none"), "--data", str(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("accounts: [", "YAML or JSON"),
        ("people: []", "people"),
        ("accounts: [{account_id: a, balances: {USD: many}}]", "balances"),
        ("accounts: [{account_id: a, keys: [{key: k, scheme: hmac, rights: [all]}]}]", "rights"),
    ],
)
def test_bad_account_files(tmp_path: Path, text: str, fact: str) -> None:
    file = tmp_path / "accounts.yaml"
    file.write_text(text)
    with pytest.raises(AccountsError, match=fact):
        read_accounts(file)


@pytest.mark.parametrize(
    ("key", "fact"),
    [
        ({"key": "k", "scheme": "rsa", "secret": "s" * 32}, "no scheme rsa"),
        ({"key": "k", "scheme": "hmac"}, "either `secret` or `public_key`"),
        ({"key": "k", "scheme": "hmac", "secret": "short"}, "secret has 5 bytes"),
        ({"key": "k", "scheme": "ed25519", "secret": "AAAA"}, "key k of a"),
    ],
)
async def test_bad_keys(venue: Any, tmp_path: Path, key: dict[str, str], fact: str) -> None:
    file = tmp_path / "accounts.json"
    file.write_text(json.dumps({"accounts": [{"account_id": "a", "keys": [key]}]}))
    settings = venue.settings(data=tmp_path / "d", accounts=[], accounts_file=file)
    with pytest.raises(AccountsError, match=fact) as caught:
        await start(settings)
    assert key.get("secret", "?") not in str(caught.value)


async def test_balances_are_deposited_once(venue: Any, users: Any) -> None:
    before = await venue.balances(users["carol"])
    for _ in range(2):
        await venue.restart()
    assert await venue.balances(users["carol"]) == before


async def test_other_balances_for_old_accounts_are_refused(venue: Any) -> None:
    (alice, *_) = venue.settings().accounts
    await venue.server.stop()
    changed = type(alice)("alice", {"USD": alice.balances["USD"] + 1}, alice.keys)
    with pytest.raises(AccountsError, match="seed:alice:USD was made otherwise"):
        await start(venue.settings(accounts=[changed]))
    await venue.restart_after_stop()


async def test_one_directory_has_one_server(venue: Any) -> None:
    with pytest.raises(JournalError, match="in use by another process"):
        await start(venue.settings())
    done = meridian("state-hash", "--data", str(venue.data))
    assert done.returncode == 2
    assert "in use by another process" in done.stderr


async def test_state_hash_of_a_stopped_server(venue: Any, users: Any) -> None:
    await venue.place(users["alice"])
    expected = venue.server.venue.engine.state_hash()
    await venue.server.stop()
    assert meridian("state-hash", "--data", str(venue.data)).stdout == f"{expected}\n"
    with sqlite3.connect(venue.data / "journal.sqlite3") as database:
        database.execute("UPDATE entry SET chain = zeroblob(32) WHERE sequence = 5")
    database.close()
    done = meridian("state-hash", "--data", str(venue.data))
    assert (done.returncode, done.stdout) == (2, "")
    assert "entry 5 of the journal does not match its chain" in done.stderr
    venue.data = venue.data.parent / "fresh"
    await venue.restart_after_stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_j90_demo_keys_stay_on_this_machine(tmp_path: Path, host: str) -> None:
    assert not is_loopback(host)
    if host == "0.0.0.0":
        done = meridian("--demo", "--host", host, "--data", str(tmp_path / "d"), "--port", "0")
        assert done.returncode == 2
        assert "demo keys are only for loopback" in done.stderr
        assert not (tmp_path / "d").exists()


def test_the_repository_holds_the_contract() -> None:
    assert (IN_REPOSITORY / "venuekit.yaml").is_file()


async def test_a_failed_start_leaves_no_trace(venue: Any, tmp_path: Path) -> None:
    weak = type(venue.settings().accounts[0])("eve", {"XXX": 1}, [])
    settings = venue.settings(data=tmp_path / "fresh", accounts=[weak])
    with pytest.raises(AccountsError, match="no such account or currency"):
        await start(settings)
    good = await start(venue.settings(data=tmp_path / "fresh"))
    assert "eve" not in good.venue.engine.state.accounts
    await good.stop()


async def test_a_failing_disk_cuts_every_line(venue: Any, users: Any) -> None:
    venue.server.venue.journal._connection.execute("DROP TABLE entry")
    body = b'{"client_order_id":"x","symbol":"BTC-USD","side":"buy","order_type":"limit",'
    body += b'"quantity":"1","price":"100"}'
    headers = venue.signed(users["alice"], "POST", "/v1/orders", body)
    with pytest.raises((ConnectionResetError, AssertionError)):
        await venue.send(headers, body)
    assert venue.server.failed.is_set()
    with pytest.raises(OSError, match="Connect call failed"):
        await venue.connect()
