"""Emitted Python SDKs of real venues build the requests of the published vectors, to the byte."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl

import pytest

from venuekit.emit.emission import Options
from venuekit.emit.python import emit
from venuekit.load import Loaded
from venuekit_runtime.clock import Clock
from venuekit_runtime.core import ClientCore
from venuekit_runtime.places import Places
from venuekit_runtime.retry import RetryPolicy
from venuekit_runtime.signing import RequestDraft, WireRequest

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
VECTORS = CORPUS.parent / "vectors" / "signing_vectors.json"
pytestmark = pytest.mark.skipif(
    not (CORPUS.is_dir() and VECTORS.is_file()),
    reason="the corpus and the vectors are not beside the repository",
)
VENUES = ("binance-spot", "okx", "kucoin-spot", "kucoin-account")


def vector(name: str) -> dict[str, Any]:
    held = json.loads(VECTORS.read_text(encoding="utf-8"))
    both = [*held["published"], *held["derived"]]
    found: dict[str, Any] = next(one for one in both if one["id"] == name)
    return found


@pytest.fixture(scope="module")
def sdks(
    tmp_path_factory: pytest.TempPathFactory, completed: Callable[[str], Loaded]
) -> Iterator[Path]:
    """The Python SDKs of the venues, importable as `sdk_<venue>`."""
    folder = tmp_path_factory.mktemp("sdks")
    for name in VENUES:
        package = package_of(name)
        emission = emit(completed(name).contract, Options(package=package))
        for path, content in emission.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode() if isinstance(content, str) else content
            file.write_bytes(data)
    sys.path.insert(0, str(folder / "src"))
    yield folder
    sys.path.remove(str(folder / "src"))


def package_of(name: str) -> str:
    return "sdk_" + name.replace("-", "_")


def module(name: str, part: str) -> ModuleType:
    return importlib.import_module(f"{package_of(name)}.{part}")


def clock(timestamp: str | int) -> Clock:
    text = str(timestamp)
    if text.isdigit():
        return Clock(lambda: int(text) * 1_000_000)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return Clock(lambda: round(moment.timestamp() * 1000) * 1_000_000)


def built(
    venue: str, operation: str, scheme: str, case: dict[str, Any], arguments: dict[str, Any]
) -> WireRequest:
    """Return the request that the client of a venue's SDK would send, without sending it."""
    parts = {"key": case["inputs"].get("api_key", "key"), "secret": case["secret"]}
    if "passphrase" in case["inputs"] or venue == "okx" or venue.startswith("kucoin"):
        parts["passphrase"] = case["inputs"].get("passphrase", "passphrase1")
    credentials = getattr(module(venue, "signing"), scheme)(**parts)
    core = ClientCore(
        Places("https://venue.example", "https://venue.example"),
        credentials,
        clock(timestamp_of(case)),
        RetryPolicy(),
        "test",
    )
    request, _ = core.prepare(getattr(module(venue, "operations"), operation), arguments, None)
    return request


def timestamp_of(case: dict[str, Any]) -> str | int:
    inputs = case["inputs"]
    found: str | int = (
        inputs["timestamp"] if "timestamp" in inputs else dict(inputs["params"])["timestamp"]
    )
    return found


def header(request: WireRequest, name: str) -> str:
    (found,) = [value for key, value in request.headers if key.lower() == name.lower()]
    return found


def test_binance_signs_an_order_in_its_form(sdks: Path) -> None:
    case = vector("binance-rest-hmac-ascii")
    request = built(
        "binance-spot",
        "CREATE_ORDER_TEST_V3",
        "SignedFormCredentials",
        case,
        {
            "symbol": "LTCBTC",
            "side": "BUY",
            "type": "LIMIT",
            "time_in_force": "GTC",
            "quantity": Decimal(1),
            "price": Decimal("0.1"),
            "recv_window": 5000,
        },
    )
    assert request.body.decode() == f"{case['string_to_sign']}&signature={case['expected']}"
    assert header(request, "X-MBX-APIKEY") == case["inputs"]["api_key"]
    assert request.target == "/api/v3/order/test"


def test_binance_signs_a_query(sdks: Path) -> None:
    case = vector("binance-rest-hmac-timestamp-only")
    request = built("binance-spot", "GET_ACCOUNT_V3", "SignedCredentials", case, {})
    expected = f"{case['string_to_sign']}&signature={case['expected']}"
    assert request.target == f"/api/v3/account?{expected}"


def test_okx_signs_a_query(sdks: Path) -> None:
    case = vector("okx-v5-get")
    request = built("okx", "GET_ACCOUNT_BALANCE_V5", "SignedCredentials", case, {})
    assert request.target == case["inputs"]["path"]
    assert header(request, "OK-ACCESS-SIGN") == case["expected"]
    assert header(request, "OK-ACCESS-TIMESTAMP") == case["inputs"]["timestamp"]
    assert header(request, "OK-ACCESS-PASSPHRASE") == case["inputs"]["passphrase"]
    assert header(request, "OK-ACCESS-KEY") == case["inputs"]["api_key"]


def test_okx_signs_the_bytes_of_an_order(sdks: Path) -> None:
    case = vector("okx-v5-order")
    parts = {"key": "key", "secret": case["secret"], "passphrase": "phrase"}
    credentials = module("okx", "signing").SignedCredentials(**parts)
    inputs = case["inputs"]
    draft = RequestDraft("POST", "venue.example", inputs["path"], body=inputs["body"].encode())
    credentials.signer(clock(inputs["timestamp"])).sign(draft)
    request = draft.finish()
    assert request.body.decode() == inputs["body"]
    assert header(request, "OK-ACCESS-SIGN") == case["expected"]


def test_kucoin_signs_the_body_that_it_sends(sdks: Path) -> None:
    case = vector("kucoin-v2-post")
    request = built(
        "kucoin-account",
        "ADD_DEPOSIT_ADDRESS_V1",
        "SignedCredentials",
        case,
        {"currency": "BTC"},
    )
    assert request.body.decode() == case["inputs"]["body"]
    assert request.target == case["inputs"]["path"]
    assert header(request, "KC-API-SIGN") == case["expected"]


def test_kucoin_signs_an_order_and_the_passphrase(sdks: Path) -> None:
    case = vector("kucoin-v2-order")
    request = built(
        "kucoin-spot",
        "ADD_ORDER_OLD",
        "SignedCredentials",
        case,
        {
            "client_oid": "1",
            "side": "buy",
            "symbol": "BTC-USDT",
            "type": "limit",
            "price": Decimal(1),
            "size": Decimal(1),
        },
    )
    assert request.body.decode() == case["inputs"]["body"]
    assert header(request, "KC-API-SIGN") == case["expected"]
    assert header(request, "KC-API-PASSPHRASE") == vector("kucoin-v2-passphrase")["expected"]
    assert header(request, "KC-API-KEY-VERSION") == "2"


def test_no_signed_field_stands_twice(sdks: Path) -> None:
    case = vector("binance-rest-hmac-timestamp-only")
    arguments = {"symbol": "BTCUSDT", "order_id": 1, "recv_window": 5000}
    request = built("binance-spot", "GET_ORDER_V3", "SignedCredentials", case, arguments)
    names = [name for name, _ in parse_qsl(request.target.partition("?")[2])]
    assert names == ["symbol", "orderId", "recvWindow", "timestamp", "signature"]
