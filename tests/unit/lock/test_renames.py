"""What the document renames is refused, kept, or taken with an alias that works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from venuekit.emit.lock import Renames
from venuekit.finding import Promise, Severity

ROOT = Path(__file__).parents[3]
TYPESCRIPT = ROOT / "sdks" / "typescript"


def _rename_schema(venue: Any) -> None:
    """Order becomes Trade, wherever it is referred to."""
    schemas = {"Trade" if key == "Order" else key: v for key, v in venue.schemas.items()}
    venue.document["components"]["schemas"] = schemas
    answers = [venue.paths["/orders"]["post"]["responses"]["200"]["content"]["application/json"]]
    listed = venue.paths["/orders"]["get"]["responses"]["200"]["content"]["application/json"]
    answers[0]["schema"]["$ref"] = "#/components/schemas/Trade"
    listed["schema"]["properties"]["orders"]["items"]["$ref"] = "#/components/schemas/Trade"


def _rename_operation(venue: Any) -> None:
    venue.paths["/orders"]["post"]["operationId"] = "createOrder"
    venue.paths["/orders"]["get"]["operationId"] = "findOrders"


def _changes(report: Any) -> list[Any]:
    return [finding for finding in report.findings if finding.rule == "sdk-name-changed"]


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_a_rename_is_refused_and_nothing_is_written(venue: Any, target: Any) -> None:
    venue.generate(target)
    lock, files = venue.text("venuekit.lock"), sorted((venue.folder / target).rglob("*"))
    texts = [file.read_bytes() for file in files if file.is_file()]
    _rename_schema(venue)
    _rename_operation(venue)
    report = venue.generate(target)
    found = _changes(report)
    assert {f.severity for f in found} == {Severity.ERROR}
    assert {f.promise for f in found} == {Promise.SDK}
    said = " ".join(f.message for f in found)
    assert "'Order'" in said
    assert "'place_order'" in said or "'placeOrder'" in said
    assert all(f.origin is not None and f.origin.place.line > 1 for f in found)
    assert venue.text("venuekit.lock") == lock
    assert [f.read_bytes() for f in files if f.is_file()] == texts


@pytest.mark.parametrize("target", ["python", "typescript"])
def test_names_can_be_kept(venue: Any, target: Any) -> None:
    venue.generate(target)
    before = venue.names(target)
    _rename_schema(venue)
    _rename_operation(venue)
    report = venue.generate(target, renames=Renames.KEEP)
    assert report.count(Severity.ERROR) == 0
    assert sorted(venue.names(target).values()) == sorted(before.values())
    if target == "python":
        assert "\nPLACE_ORDER: " in venue.text("python/src/locked/operations.py")
    assert venue.generate(target, is_check=True).count(Severity.ERROR) == 0


PYTHON_USER = """
from collections.abc import Iterator

from locked import Client, operations
from locked.models import Order, PlaceOrderRequestLegs, Trade


def place(client: Client) -> Order:
    placed: Trade = client.place_order(symbol="a")
    return placed


async def nothing(order: Order) -> Trade:
    return order


def orders(client: Client) -> Iterator[Trade]:
    return client.iter_list_orders()


assert Order is Trade
assert operations.PLACE_ORDER is operations.CREATE_ORDER
assert Order(order_id="1") == Trade(order_id="1")
assert PlaceOrderRequestLegs.__name__ == "CreateOrderRequestLegs"
"""


def test_aliases_of_python_are_typed_and_run(venue: Any) -> None:
    venue.generate()
    _rename_schema(venue)
    _rename_operation(venue)
    report = venue.generate(renames=Renames.ACCEPT)
    assert report.count(Severity.ERROR) == 0
    assert {f.severity for f in _changes(report)} == {Severity.WARNING}
    user = venue.folder / "user.py"
    user.write_text(PYTHON_USER, encoding="utf-8")
    source = str(venue.folder / "python" / "src")
    for arguments in (
        ["-m", "mypy", "--strict", "--cache-dir", str(venue.folder / "c"), source, str(user)],
        ["-W", "error", str(user)],
    ):
        said = subprocess.run(
            [sys.executable, *arguments],
            env={"PYTHONPATH": source, "MYPYPATH": source, "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
            cwd=venue.folder,
            timeout=300,
        )
        assert said.returncode == 0, said.stdout + said.stderr


def test_a_deprecated_method_warns_at_its_caller(venue: Any) -> None:
    venue.generate()
    _rename_operation(venue)
    venue.generate(renames=Renames.ACCEPT)
    program = (
        "import warnings\nfrom locked import Client\n"
        "with warnings.catch_warnings(record=True) as seen:\n"
        "    warnings.simplefilter('always')\n"
        "    try:\n        Client(base_url='http://127.0.0.1:1').place_order(symbol='a')\n"
        "    except Exception as error:\n        print(type(error).__name__)\n"
        "print(seen[0].category.__name__, seen[0].message, seen[0].filename)\n"
    )
    source = str(venue.folder / "python" / "src")
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    assert said.stdout.splitlines() == [
        "ConnectError",
        "DeprecationWarning place_order is deprecated: call create_order <string>",
    ]


TYPESCRIPT_USER = """
import { Client, createOrder, placeOrder, operations } from "./src/index.ts";
import type { Order, PlaceOrderInput, CreateOrderInput, Trade } from "./src/index.ts";

const client = new Client({ baseUrl: "http://127.0.0.1:1" });
const input: PlaceOrderInput = { symbol: "a" };
const same: CreateOrderInput = input;
const ask = (): Promise<Order> => client.placeOrder(same);
const again = (): Promise<Trade> => placeOrder(client, input);
const all = (): AsyncGenerator<Order, void, undefined> => client.iterListOrders();
console.log(typeof ask, typeof again, typeof all, typeof createOrder);
console.log(operations.placeOrder === operations.createOrder);
console.log(typeof client.placeOrder, typeof client.iterListOrders);
"""


@pytest.mark.parametrize("compiler", ["typescript", "typescript-5"])
def test_aliases_of_typescript_are_typed_and_run(venue: Any, compiler: str) -> None:
    if not (TYPESCRIPT / "node_modules" / compiler).is_dir():
        pytest.skip("run `npm ci` in sdks/typescript to compile what is emitted")
    venue.generate("typescript")
    _rename_schema(venue)
    _rename_operation(venue)
    report = venue.generate("typescript", renames=Renames.ACCEPT)
    assert report.count(Severity.ERROR) == 0
    folder = venue.folder / "typescript"
    modules = folder / "node_modules" / "@venuekit"
    modules.mkdir(parents=True)
    (modules / "runtime").symlink_to(TYPESCRIPT / "runtime")
    (folder / "src" / "user.ts").write_text(
        TYPESCRIPT_USER.replace("./src/", "./").replace("console", "globalThis.console"), "utf-8"
    )
    tsc = TYPESCRIPT / "node_modules" / compiler / "bin" / "tsc"
    options = ["--noEmit", "--customConditions", "venuekit-source", "-p", str(folder)]
    assert _node(str(tsc), *options) == ""
    said = _node("--conditions=venuekit-source", str(folder / "src" / "user.ts"))
    assert said.split() == ["function"] * 4 + ["true"] + ["function"] * 2
    assert "@deprecated" in venue.text("typescript/src/client.ts")


def _node(*arguments: str) -> str:
    said = subprocess.run(
        ["node", *arguments], capture_output=True, text=True, check=False, timeout=120
    )
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


def test_aliases_stay_until_they_are_taken_away(venue: Any) -> None:
    venue.generate()
    _rename_schema(venue)
    venue.generate(renames=Renames.ACCEPT)
    assert venue.generate().findings == ()
    assert "Order: TypeAlias = Trade" in venue.text("python/src/locked/models.py")
    assert venue.generate(is_check=True).findings == ()
    text = venue.text("venuekit.lock")
    assert " was=Order@1.0.0" in text
    venue.lock.write_text(text.replace(" was=Order@1.0.0", ""), encoding="utf-8")
    venue.generate()
    assert "Order: TypeAlias" not in venue.text("python/src/locked/models.py")


def test_an_alias_is_not_taken_by_a_newcomer(venue: Any) -> None:
    venue.generate()
    _rename_schema(venue)
    venue.generate(renames=Renames.ACCEPT)
    venue.schemas["Order"] = {"type": "object", "properties": {"z": {"type": "string"}}}
    assert venue.generate().count(Severity.ERROR) == 0
    names = venue.names()
    assert names["class venue.json#/components/schemas/Order"] == "OrderSchema"
    assert "Order: TypeAlias = Trade" in venue.text("python/src/locked/models.py")


def test_what_is_gone_is_said_and_remembered(venue: Any) -> None:
    venue.generate()
    del venue.schemas["Event"]
    venue.document["info"]["version"] = "1.1.0"
    report = venue.generate()
    gone = [f for f in report.findings if f.rule == "sdk-name-removed"]
    assert {f.severity for f in gone} == {Severity.WARNING}
    assert "'Event'" in " ".join(f.message for f in gone)
    assert "python gone class Event removed=1.1.0" in venue.text("venuekit.lock")
    assert venue.generate().findings == ()


def test_a_fields_place_is_found_again_by_its_shape(venue: Any) -> None:
    venue.generate()
    body = venue.paths["/orders"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body["properties"]["parts"] = body["properties"].pop("legs")
    assert venue.generate().count(Severity.ERROR) == 0
    assert "PlaceOrderRequestLegs" in venue.names().values()


def test_an_inline_schema_that_becomes_a_component_leaves_an_alias(venue: Any) -> None:
    venue.generate()
    body = venue.paths["/orders"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    venue.schemas["Leg"] = body["properties"]["legs"]
    body["properties"]["legs"] = {"$ref": "#/components/schemas/Leg"}
    assert [f.severity for f in _changes(venue.generate())] == [Severity.ERROR]
    venue.generate(renames=Renames.ACCEPT)
    assert "PlaceOrderRequestLegs: TypeAlias = Leg" in venue.text("python/src/locked/models.py")


def test_check_fails_while_the_lock_is_stale(venue: Any) -> None:
    venue.generate()
    venue.lock.unlink()
    found = venue.generate(is_check=True).findings
    assert "stale-lock" in {f.rule for f in found}
    venue.generate()
    venue.schemas["Fee"] = {"type": "object", "properties": {"a": {"type": "string"}}}
    found = venue.generate(is_check=True).findings
    assert {"stale-lock", "stale-output"} <= {f.rule for f in found}
