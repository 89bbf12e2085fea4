"""Emitted signers in a real browser, its page and a worker: WebCrypto signs as Python does."""

from __future__ import annotations

import json
import queue
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from test_explain_agrees import DIFFER, RUNTIME, drawn, in_python, item_of
from test_no_secret_is_shown import SCHEMES, USES

from venuekit.emit.signing.typescript import typescript_signers
from venuekit.signing.public_check import private_operator
from venuekit.vectors.node import node_binary

PACKAGES = RUNTIME.parents[1] / "node_modules"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
STRIP = """
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
const [from, to] = process.argv.slice(1);
mkdirSync(`${to}/runtime`);
const plain = (file) => stripTypeScriptTypes(readFileSync(file, "utf8"));
for (const name of readdirSync(from)) {
  writeFileSync(`${to}/runtime/${name}`, plain(`${from}/${name}`));
}
writeFileSync(`${to}/program.js`, plain(`${to}/program.ts`));
"""
PROGRAM = """
import { Clock } from "/runtime/clock.ts";
import { parseJson } from "/runtime/json.ts";
import { RequestDraft } from "/runtime/signing.ts";

const draftOf = (item: any): any => {
  if (item.method_name === "explainSignLogon") {
    return new crypto.LogonDraft(item.tags, item.host, item.inputs);
  }
  const draft: any = new RequestDraft(item.method, item.host, item.path, item.query, item.headers);
  draft.body = item.body;
  draft.mediaType = "application/x-www-form-urlencoded";
  if (item.message !== null) draft.members = item.message;
  draft.inputs = item.inputs;
  return draft;
};

const explained: unknown[] = [];
for (const item of parseJson(await (await fetch("/items.json")).text(), true) as any[]) {
  try {
    const signer = new (CREDENTIALS as any)[item.scheme](item.parts).signer(new Clock());
    explained.push(await signer[item.method_name](draftOf(item), item.timestamp, item.nonce));
  } catch (error) {
    explained.push({ error: String(error) });
  }
}
const verified: unknown[] = [];
const body = "a body";
const keys = await (await fetch("/keys.json")).json();
for (const [kind, key, signature, wrong] of keys) {
  const verifier = new (VERIFIERS as any)[kind]({ publicKey: key }).verifier();
  for (const one of [signature, wrong]) {
    const draft = new RequestDraft("POST", "", "/");
    draft.body = body;
    verified.push(await verifier.verifyWebhookAt(draft, "1700000000", "", one));
  }
}
const place = "document" in globalThis ? "page" : "worker";
const isSynchronous = crypto.isSynchronous;
const report = JSON.stringify({ place, isSynchronous, explained, verified });
await fetch("/report", { method: "POST", body: report });
if ("document" in globalThis) new Worker("/program.js", { type: "module" });
"""


class Handler(SimpleHTTPRequestHandler):
    """Serves modules whose imports of packages are addresses, and keeps what comes back."""

    reports: queue.Queue[dict[str, Any]]

    def do_GET(self) -> None:
        name = self.path.split("?")[0].lstrip("/")
        root = PACKAGES if name.startswith("@") else Path(self.directory)
        file = root / name
        if not file.is_file():
            self.send_error(404)
            return
        text = file.read_text(encoding="utf-8")
        kind = {".html": "text/html", ".json": "application/json"}.get(file.suffix)
        if kind is None:
            kind = "text/javascript"
            text = re.sub(r'(from\s*|import\s*)["\'](@[^"\']+)["\']', _address, text)
        content = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
        self.reports.put(json.loads(content))

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: pytest shows what went wrong."""


def _address(found: re.Match[str]) -> str:
    name = found[2] if found[2].endswith(".js") else f"{found[2]}/index.js"
    return f'{found[1]}"/{name}"'


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, queue.Queue[dict[str, Any]]]]:
    emitted = typescript_signers([SCHEMES[name] for name in dict(USES)], "/runtime")
    for module in ("crypto", "ethereum"):
        emitted = emitted.replace(f'"/runtime/{module}"', f'"/runtime/{module}.ts"')
    emitted = emitted.replace('"/runtime"', '"/runtime/nonce.ts"')
    kinds = re.findall(r"class (\w+PublicKey) ", emitted)
    table = f"const VERIFIERS = {{ {', '.join(kinds)} }};\n"
    (tmp_path / "program.ts").write_text(emitted + table + PROGRAM, encoding="utf-8")
    strip = [str(node_binary()), "--no-warnings", "--input-type=module", "-e", STRIP]
    subprocess.run([*strip, str(RUNTIME), str(tmp_path)], check=True, timeout=240)
    items = [item_of(SCHEMES[name], use, drawn(name, use)) for name, use in USES]
    (tmp_path / "items.json").write_text(json.dumps(items, default=str), encoding="utf-8")
    (tmp_path / "keys.json").write_text(json.dumps(list(signatures())), encoding="utf-8")
    (tmp_path / "index.html").write_text('<script type="module" src="/program.js"></script>')
    Handler.reports = queue.Queue()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/index.html", Handler.reports
    server.shutdown()
    server.server_close()


def signatures() -> Iterator[tuple[str, str, str, str]]:
    """Yield a public key, its good signature and one over something else, of each kind."""
    import base64

    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    ed = ed25519.Ed25519PrivateKey.generate()
    good, wrong = (ed.sign(text).hex() for text in (b"1700000000a body", b"1700000000a bodx"))
    yield "WebhookDiscordPublicKey", ed.public_key().public_bytes_raw().hex(), good, wrong
    curve = ec.generate_private_key(ec.SECP256R1())
    spki = curve.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    good, wrong = (
        base64.b64encode(curve.sign(text, ec.ECDSA(hashes.SHA256()))).decode()
        for text in (b"1700000000a body", b"1700000000a bodx")
    )
    yield "WebhookSendgridPublicKey", base64.b64encode(spki).decode(), good, wrong


def test_a_browser_signs_explains_and_verifies_as_python_does(
    served: tuple[str, queue.Queue[dict[str, Any]]], tmp_path: Path
) -> None:
    browser = next((found for one in BROWSERS if (found := shutil.which(one))), None)
    if browser is None or not PACKAGES.is_dir():
        pytest.skip("a Chromium, and `npm ci` in sdks/typescript, are needed")
    address, reports = served
    command = [browser, *QUIET.split(), f"--user-data-dir={tmp_path / 'profile'}", address]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        try:
            found = {one["place"]: one for one in (reports.get(timeout=240) for _ in range(2))}
        finally:
            process.terminate()
    assert set(found) == {"page", "worker"}
    for report in found.values():
        assert report["isSynchronous"] is False
        assert report["verified"] == [True, False] * 2
        for (name, use), shown in zip(USES, report["explained"], strict=True):
            expected = in_python(SCHEMES[name], use, drawn(name, use))
            assert list(shown) == list(expected), f"{name}: {shown}"
            assert shown["canonical"] == expected["canonical"]
            if private_operator(SCHEMES[name]) not in DIFFER:
                assert shown == expected, name
