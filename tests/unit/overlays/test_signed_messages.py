"""SDKs of Binance's WebSocket documents send the messages of the published vectors."""

from __future__ import annotations

import hmac
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from msgspec import structs

from venuekit.emit.emission import Options
from venuekit.emit.python import emit
from venuekit.emit.typescript import emit as emit_typescript
from venuekit.load import Loaded
from venuekit_runtime.clock import Clock
from venuekit_runtime.core import signers_of
from venuekit_runtime.errors import ConfigurationError
from venuekit_runtime.stream.outputs import Send
from venuekit_runtime.stream.session import Status, StreamSession
from venuekit_runtime.stream.signed import signs_of

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
VECTORS = CORPUS.parent / "vectors" / "signing_vectors.json"
pytestmark = pytest.mark.skipif(
    not (CORPUS.is_dir() and VECTORS.is_file()),
    reason="the corpus and the vectors are not beside the repository",
)
SPOT = "binance-spot-websocket"
VENUES = (SPOT, "binance-umfutures-websocket", "binance-cmfutures-websocket")
PUBLIC = {"avgPrice", "depth", "exchangeInfo", "klines", "ping", "time", "uiKlines"}


def vectors() -> list[dict[str, Any]]:
    if not VECTORS.is_file():
        return []
    published = json.loads(VECTORS.read_text(encoding="utf-8"))["published"]
    return [
        one for one in published if one["id"] in ("binance-ws-hmac-ascii", "binance-ws-hmac-utf8")
    ]


@pytest.fixture(scope="module", params=VENUES)
def package(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    completed: Callable[[str], Loaded],
) -> Iterator[ModuleType]:
    name = "sdk_" + request.param.replace("-", "_")
    folder = tmp_path_factory.mktemp(name)
    emission = emit(completed(request.param).contract, Options(package=name))
    for path, content in emission.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
    sys.path.insert(0, str(folder / "src"))
    yield importlib.import_module(name)
    sys.path.remove(str(folder / "src"))


def session_of(package: ModuleType, credentials: Any, now_ms: int = 0) -> StreamSession:
    """The session of the emitted client, open, at a fixed time."""
    client = package.StreamClient
    held = signers_of(credentials, Clock(lambda: now_ms * 1_000_000))
    signs = signs_of(client._protocol.log_on, client._operations, held, "ws.venue.example", "/x")
    session = StreamSession(client._protocol, client._operations, client._channels, signs)
    session.on_open(0.0)
    assert session.status is Status.READY
    return session


def asked(session: StreamSession, operation: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    session.outputs.clear()
    session.ask(1, operation, arguments, 0.0)
    (frame,) = [json.loads(one.data) for one in session.outputs if isinstance(one, Send)]
    found: dict[str, Any] = frame
    return found


def order_of(params: dict[str, Any]) -> dict[str, Any]:
    """The arguments of an emitted method for a published order."""
    return {
        "symbol": params["symbol"],
        "side": params["side"],
        "type": params["type"],
        "time_in_force": params["timeInForce"],
        "quantity": Decimal(params["quantity"]),
        "price": Decimal(params["price"]),
        "recv_window": params["recvWindow"],
    }


def without_order_id(operation: Any) -> Any:
    fields = tuple(f for f in operation.fields if f.name != "newClientOrderId")
    return structs.replace(operation, dedup_key=None, fields=fields)


@pytest.mark.parametrize("vector", vectors(), ids=[one["id"] for one in vectors()])
def test_an_order_is_signed_as_published(package: ModuleType, vector: dict[str, Any]) -> None:
    """The published order has no order id of its own, which the SDK demands: once without."""
    params = dict(vector["inputs"]["params"])
    key, timestamp = params["apiKey"], params["timestamp"]
    held = package.SignedCredentials(key=key, secret=vector["secret"])
    operation = package.stream_operations.ORDER_PLACE
    frame = asked(
        session_of(package, held, timestamp), without_order_id(operation), order_of(params)
    )
    assert frame["method"] == "order.place"
    assert frame["params"] == {**params, "signature": vector["expected"]}
    placed = {**order_of(params), "new_client_order_id": "my-order"}
    frame = asked(session_of(package, held, timestamp), operation, placed)
    text = "&".join(
        f"{n}={v}" for n, v in sorted({**params, "newClientOrderId": "my-order"}.items())
    )
    signature = hmac.new(vector["secret"].encode(), text.encode(), "sha256").hexdigest()
    assert frame["params"] == {**params, "newClientOrderId": "my-order", "signature": signature}


def test_every_operation_with_a_signature_in_it_is_signed(package: ModuleType) -> None:
    """What the document gives a signature is what the overlay signs, and nothing else."""
    operations = {one.name: one for one in package.StreamClient._operations}
    signed = {name for name, one in operations.items() if one.is_signed}
    asking = {
        name
        for name, one in operations.items()
        if any(field.name in ("signature", "apiKey", "timestamp") for field in one.fields)
    }
    assert "orderPlace" in signed
    assert not asking & signed
    assert not signed & PUBLIC
    assert asking <= {"sessionLogon", "userDataStreamSubscribe"}


def test_without_credentials_an_order_is_not_sent(package: ModuleType) -> None:
    session = session_of(package, None)
    order = {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "new_client_order_id": "a"}
    with pytest.raises(ConfigurationError, match="needs credentials for Signed"):
        session.ask(1, package.stream_operations.ORDER_PLACE, order, 0.0)


@pytest.mark.parametrize("name", VENUES)
def test_typescript_signs_the_same_operations(
    name: str, completed: Callable[[str], Loaded]
) -> None:
    emission = emit_typescript(completed(name).contract, Options(package="@test/sdk"))
    text = "".join(one for one in emission.files.values() if isinstance(one, str))
    python = emit(completed(name).contract, Options(package="sdk"))
    in_python = "".join(one for one in python.files.values() if isinstance(one, str))
    assert text.count('signedBy: ["Signed"]') == in_python.count("is_signed=True") > 0
