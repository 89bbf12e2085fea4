"""Messages that are signed one by one: an emitted stream client sends the venue's own examples."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import venuekit.signing
from venuekit.emit.emission import Options
from venuekit.emit.python import emit
from venuekit.load import load
from venuekit_runtime import errors
from venuekit_runtime.clock import Clock
from venuekit_runtime.core import signers_of
from venuekit_runtime.stream.outputs import Send, Settle
from venuekit_runtime.stream.session import Status, StreamSession
from venuekit_runtime.stream.signed import signs_of

CATALOGUE = Path(venuekit.signing.__file__).parent / "catalogue" / "binance-ws-api.yaml"
VECTORS = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["vectors"]
DOCUMENT = Path(__file__).parents[2] / "golden" / "python" / "signed-messages" / "input.yaml"
ORDER = {"symbol": "BTCUSDT", "side": "SELL"}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("signed_stream")
    contract = load([DOCUMENT]).contract
    emission = emit(contract, Options(package="signed_stream"))
    assert emission.findings == ()
    for path, content in emission.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content if isinstance(content, str) else content.decode())
    sys.path.insert(0, str(folder / "src"))
    yield importlib.import_module("signed_stream")
    sys.path.remove(str(folder / "src"))


def session_of(package: ModuleType, credentials: Any, now_ms: int = 0) -> StreamSession:
    """The session of the emitted client, open, at a fixed time."""
    client = package.StreamClient
    held = signers_of(credentials, Clock(lambda: now_ms * 1_000_000))
    signs = signs_of(client._protocol.log_on, client._operations, held, "ws.venue.example", "/x")
    session = StreamSession(client._protocol, client._operations, client._channels, signs)
    session.on_open(0.0)
    return session


def sent(session: StreamSession) -> list[dict[str, Any]]:
    outputs, session.outputs = session.outputs, []
    return [json.loads(output.data) for output in outputs if isinstance(output, Send)]


@pytest.mark.parametrize("vector", VECTORS, ids=[one["id"] for one in VECTORS])
def test_each_message_is_signed_as_the_venue_publishes_it(
    package: ModuleType, vector: dict[str, Any]
) -> None:
    params = dict(vector["inputs"]["params"])
    key, timestamp = params.pop("apiKey"), params.pop("timestamp")
    credentials = package.SignedCredentials(key=key, secret=vector["secret"])
    session = session_of(package, credentials, timestamp)
    arguments = {
        "symbol": params["symbol"],
        "side": params["side"],
        "type": params["type"],
        "time_in_force": params["timeInForce"],
        "quantity": Decimal(params["quantity"]),
        "price": Decimal(params["price"]),
        "recv_window": params["recvWindow"],
    }
    operation = package.stream_operations.PLACE_ORDER
    assert {field.argument for field in operation.fields} >= set(arguments)
    session.ask(1, operation, arguments, 0.0)
    (frame,) = sent(session)
    assert frame["method"] == "order.place"
    assert frame["params"] == {
        **params,
        "apiKey": key,
        "timestamp": timestamp,
        "signature": vector["expected"],
    }
    assert vector["secret"] not in json.dumps(frame)


def test_there_is_no_log_on_and_public_messages_stay_unsigned(package: ModuleType) -> None:
    session = session_of(package, package.SignedCredentials(key="k", secret="s"))
    assert session.status is Status.READY
    session.ask(1, package.stream_operations.GET_TIME, {}, 0.0)
    assert sent(session) == [{"id": "1", "method": "time"}]


def test_the_caller_gives_nothing_that_the_signer_writes(package: ModuleType) -> None:
    names = {field.name for field in package.stream_operations.PLACE_ORDER.fields}
    assert not names & {"apiKey", "timestamp", "signature"}
    assert "symbol" in names


def test_without_credentials_nothing_is_sent_unsigned(package: ModuleType) -> None:
    session = session_of(package, None)
    with pytest.raises(errors.ConfigurationError, match=r"placeOrder is signed .* for signed"):
        session.ask(1, package.stream_operations.PLACE_ORDER, ORDER, 0.0)
    assert session.outputs == []
    session.on_lost("reset", 1.0)
    assert [output for output in session.outputs if isinstance(output, Settle)] == []


def test_every_message_has_a_signature_of_its_own(package: ModuleType) -> None:
    session = session_of(package, package.SignedCredentials(key="k", secret="s"), 5)
    for number in (1, 2):
        arguments = {**ORDER, "new_client_order_id": f"a-{number}"}
        session.ask(number, package.stream_operations.PLACE_ORDER, arguments, 0.0)
    first, second = sent(session)
    assert first["params"]["signature"] != second["params"]["signature"]
