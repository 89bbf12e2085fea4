"""Calls whose signature covers the request line, or travels in capitals, in both languages."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import ed25519
from emitted import imported, write_sdks

from venuekit_runtime.clock import Clock
from venuekit_runtime.errors import ConfigurationError, WebhookRefusedError

WORKSPACE = Path(__file__).resolve().parents[3] / "sdks" / "typescript"
NOW = 1_700_000_000
SECRET = "a secret of both sides"
BODY = b'{"id":"evt_1"}'
TARGET = "/hooks/fills?b=2&a=%20x&a="
ED = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
MAC = {"hmac": {"hash": "sha256", "key": "$secret", "message": "$canonical"}}
KEYED = {"ed25519": {"key": "$secret", "message": "$canonical"}}
LINE = {"join": {"with": "\n", "parts": ["$method", "$path", "$query", "$timestamp", "$body"]}}
SCHEMES: dict[str, dict[str, Any]] = {
    "line": {"decode": "utf8", "canonical": LINE, "signature": {"upper": {"hex": MAC}}},
    "path": {
        "decode": "utf8",
        "canonical": {"join": {"with": "\n", "parts": ["$path", "$timestamp", "$body"]}},
        "signature": {"base64": MAC},
    },
    "keyed": {
        "decode": "ed25519",
        "canonical": {
            "concat": ["$timestamp", {"lower": "$method"}, " ", "$target", "\n", "$body"]
        },
        "signature": {"upper": "$encoded"},
        "encoded": {"hex": KEYED},
    },
}
PROGRAM = """
import { readFileSync } from "node:fs";
import { Clock } from "@venuekit/runtime";
import * as sdk from "./src/index.ts";
const found = [];
for (const one of JSON.parse(readFileSync("calls.json", "utf8"))) {
  const { name, kind, parts, headers, body, now, method, target } = one;
  const raw = Uint8Array.from(atob(body), (byte) => byte.charCodeAt(0));
  const clock = new Clock(() => now * 1000);
  const credentials = [new sdk[kind](parts)];
  const options = { credentials, clock, ...(method === null ? {} : { method }) };
  try {
    const line = target === null ? options : { ...options, target };
    found.push((await sdk.readWebhook(sdk.webhooks[name], headers, raw, line)).id);
  } catch (error) {
    found.push(`${error.constructor.name}: ${error.message}`);
  }
}
console.log(JSON.stringify(found));
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as it arrives."""

    name: str
    signature: str
    method: str | None = "POST"
    target: str | None = TARGET
    body: bytes = BODY
    time: str = str(NOW)


def document(folder: Path) -> Path:
    webhooks, schemes = {}, {}
    for name, facts in SCHEMES.items():
        steps = ("canonical", "encoded", "signature")
        signing = {
            "title": f"Calls of {name}",
            "source": "The venue's guide",
            "credentials": {
                "secret": {"decode": facts["decode"], "secret": True, "description": "The key."}
            },
            "clock": {"format": "unix-s", "window_ms": 300_000, "future_ms": 60_000},
            "steps": {step: facts[step] for step in steps if step in facts},
            "webhook": {
                "placement": [
                    {"header": "X-Time", "value": "$timestamp"},
                    {"header": "X-Signature", "value": "$signature"},
                ]
            },
        }
        schemes[name] = {"type": "apiKey", "in": "header", "name": "S", "x-signing": signing}
        content = {"application/json": {"schema": {"type": "object", "properties": {"id": {}}}}}
        webhooks[name] = {
            "post": {
                "operationId": name,
                "security": [{name: []}],
                "requestBody": {"required": True, "content": content},
                "responses": {"204": {"description": "taken"}},
            }
        }
    value = {
        "openapi": "3.1.0",
        "info": {"title": "Calls", "version": "1.0.0"},
        "webhooks": webhooks,
        "components": {"securitySchemes": schemes},
    }
    path = folder / "calls.yaml"
    path.write_text(yaml.safe_dump(value, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("line")
    return write_sdks(made, document(made), python="line_sdk", typescript="@test/line")


@pytest.fixture(scope="module")
def sdk(folder: Path) -> Iterator[ModuleType]:
    with imported(folder, "line_sdk") as package:
        yield package


def signed() -> list[Call]:
    """Return a good call of each scheme, signed by the standard library and by OpenSSL."""
    path, _, query = TARGET.partition("?")
    line = f"POST\n{path}\n{query}\n{NOW}\n".encode() + BODY
    key = SECRET.encode()
    mac = hmac.new(key, f"{path}\n{NOW}\n".encode() + BODY, hashlib.sha256).digest()
    keyed = ED.sign(f"{NOW}post {TARGET}\n".encode() + BODY)
    return [
        Call(name="line", signature=hmac.new(key, line, hashlib.sha256).hexdigest().upper()),
        Call(name="path", signature=base64.b64encode(mac).decode()),
        Call(name="keyed", signature=keyed.hex().upper()),
    ]


def spoiled(call: Call) -> Iterator[Call]:
    """Yield the call with one thing changed, each of which must be refused."""
    yield replace(call, signature=call.signature.lower())
    yield replace(call, signature=call.signature[:4] + call.signature[4:].swapcase())
    yield replace(call, signature=call.signature[:-2])
    yield replace(call, time=str(NOW + 1))
    yield replace(call, body=BODY + b" ")
    path, _, query = TARGET.partition("?")
    targets = [f"/x{path}?{query}", "", path[1:], f"https://a.example{TARGET}", f"{path}#?{query}"]
    targets += [f"{path}/?{query}", f"{path} ?{query}", f"/{'a' * 8192}", f"/ä?{query}"]
    if call.name != "path":
        targets += [path, f"{path}?", f"{TARGET}&c=1", f"{TARGET}?", f"{path}?{query[4:]}"]
        for method in ("GET", "Post", "", "POST "):
            yield replace(call, method=method)
    for target in targets:
        yield replace(call, target=target)


def parts(call: Call) -> dict[str, str]:
    if call.name != "keyed":
        return {"secret": SECRET}
    return {"public_key": ED.public_key().public_bytes_raw().hex()}


def in_python(sdk: ModuleType, call: Call) -> str:
    kind = "PublicKey" if call.name == "keyed" else "Credentials"
    held = [getattr(sdk, f"{call.name.title()}{kind}")(**parts(call))]
    clock = Clock(lambda: NOW * 1_000_000_000)
    headers = (("X-Time", call.time), ("X-Signature", call.signature))
    line = {"method": call.method, "target": call.target}
    try:
        read = getattr(sdk.webhooks, call.name)
        value = read(headers, call.body, credentials=held, clock=clock, **line)
        return str(value.id)
    except (WebhookRefusedError, ConfigurationError) as error:
        return f"{type(error).__name__}: {error}"


def in_node(place: Path, calls: list[Call]) -> list[str]:
    rows = []
    for call in calls:
        kind = "PublicKey" if call.name == "keyed" else "Credentials"
        given = {"publicKey" if k == "public_key" else k: v for k, v in parts(call).items()}
        row = {"name": call.name, "kind": f"{call.name.title()}{kind}", "parts": given, "now": NOW}
        row["headers"] = [["X-Time", call.time], ["X-Signature", call.signature]]
        row["body"] = base64.b64encode(call.body).decode()
        rows.append({**row, "method": call.method, "target": call.target})
    (place / "calls.json").write_text(json.dumps(rows), encoding="utf-8")
    command = ["node", "--conditions=venuekit-source", "program.ts"]
    said = subprocess.run(
        command, cwd=place, capture_output=True, text=True, check=False, timeout=120
    )
    assert said.returncode == 0, said.stderr
    found: list[str] = json.loads(said.stdout)
    return found


def test_what_the_venue_signed_is_taken_and_each_change_refused(sdk: ModuleType) -> None:
    for call in signed():
        assert in_python(sdk, call) == "evt_1", call.name
        for changed in spoiled(call):
            assert in_python(sdk, changed).startswith("WebhookRefusedError: "), changed


def test_typescript_decides_as_python_does(sdk: ModuleType, folder: Path) -> None:
    if shutil.which("node") is None or not (WORKSPACE / "node_modules" / "typescript").is_dir():
        pytest.skip("Node and `npm ci` in sdks/typescript are needed to run what is emitted")
    place = folder / "typescript"
    (place / "node_modules" / "@venuekit").mkdir(parents=True)
    (place / "node_modules" / "@venuekit" / "runtime").symlink_to(WORKSPACE / "runtime")
    (place / "program.ts").write_text(PROGRAM, encoding="utf-8")
    calls = [one for call in signed() for one in (call, *spoiled(call))]
    calls += [replace(call, target=None) for call in signed()]
    calls += [replace(call, method=None) for call in signed()]
    assert in_node(place, calls) == [in_python(sdk, call) for call in calls]


def test_a_line_that_is_not_given_is_asked_for(sdk: ModuleType) -> None:
    line, path, _ = signed()
    said = in_python(sdk, replace(line, method=None))
    assert said == (
        "ConfigurationError: line signs the method and path and query of line: give "
        "`method` and `target` of the request as they arrived"
    )
    assert "signs the path of path" in in_python(sdk, replace(path, target=None))
    # The method is not covered there, so it is not needed.
    assert in_python(sdk, replace(path, method=None)) == "evt_1"


def test_a_call_by_its_name_takes_the_line_too(sdk: ModuleType) -> None:
    (call, *_) = signed()
    headers = {"X-Time": call.time, "X-Signature": call.signature}
    value = sdk.webhooks.parse_webhook(
        "line",
        headers,
        call.body,
        credentials=[sdk.LineCredentials(secret=SECRET)],
        clock=Clock(lambda: NOW * 1_000_000_000),
        method="POST",
        target=TARGET,
    )
    assert value.id == "evt_1"
