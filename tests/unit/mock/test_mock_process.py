"""The mock as a process: one port for HTTP and WebSocket, and a record of every byte."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

SPEC = Path(__file__).parents[3] / "spec"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("served")
    ready, record = folder / "ready", folder / "record.jsonl"
    command = [sys.executable, "-c", "from venuekit.cli import main; main()", "mock"]
    documents = [str(SPEC / "rest.openapi.yaml"), str(SPEC / "stream.asyncapi.yaml")]
    process = subprocess.Popen(
        [*command, *documents, "--ready-file", str(ready), "--record", str(record)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + 60
        while not ready.is_file() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert ready.is_file(), "the mock did not come up"
        yield ready.read_text(encoding="utf-8").strip(), record
    finally:
        process.terminate()
        try:
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
            process.communicate()  # Whatever happened, no pipe stays open for a later test.
    assert process.returncode == 0, said.decode()


def lines(record: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]


def test_requests_on_one_connection_are_answered_and_recorded(served: tuple[str, Path]) -> None:
    url, record = served
    with httpx.Client(base_url=url) as client:
        assert client.get("/v1/time").status_code == 200
        answer = client.post("/v1/orders", json={"symbol": "BTC-USD"})
    assert answer.status_code == 400
    assert "client_order_id" in answer.json()["message"]
    clock, order = lines(record)[:2]
    assert (clock["operation"], clock["status"]) == ("getTime", 200)
    body = base64.b64decode(str(order["body"]))
    assert (order["target"], json.loads(body)) == ("/v1/orders", {"symbol": "BTC-USD"})


def test_frames_get_the_reply_with_their_id_and_the_topic_s_events(
    served: tuple[str, Path],
) -> None:
    url, record = served
    with connect(url.replace("http", "ws") + "/v1/stream") as stream:
        topic = {"topic": "book.ETH-USD"}
        stream.send(json.dumps({"op": "subscribe", "id": "a-1", "params": topic}))
        frames = [json.loads(stream.recv(timeout=30)) for _ in range(3)]
        stream.send(json.dumps({"op": "dance"}))
        refusal = json.loads(stream.recv(timeout=30))
    reply, snapshot, delta = frames
    assert (reply["type"], reply["id"]) == ("subscribe_reply", "a-1")
    assert (snapshot["type"], snapshot["topic"]) == ("book_snapshot", "book.ETH-USD")
    assert delta["type"] == "book_delta"
    assert refusal["error"]["code"] == "FRAME_DOES_NOT_FIT"
    frames_recorded = [line for line in lines(record) if line["wire"] == "websocket"]
    assert [line["operation"] for line in frames_recorded] == ["subscribe", None]


def test_bytes_that_are_not_http_get_400(served: tuple[str, Path]) -> None:
    url, _ = served
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as raw:
        raw.sendall(b"NOT HTTP AT ALL\r\n\r\n")
        assert raw.recv(65536).startswith(b"HTTP/1.1 400 ")
