"""Both languages explain alike: every intermediate value of every scheme, and never a secret."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from test_no_secret_is_shown import SCHEMES, USES, forms, given_to

from venuekit.contract.signing import SigningScheme, Use
from venuekit.emit.naming import camel
from venuekit.emit.signing.typescript import typescript_signers
from venuekit.emit.signing.views import METHODS
from venuekit.signing.public_check import private_operator
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.engines import EmittedPython, draft_of
from venuekit.vectors.node import node_binary

RUNTIME = Path(__file__).resolve().parents[3] / "sdks" / "typescript" / "runtime" / "src"
DIFFER = frozenset(("rsa_pss", "ecdsa_p256"))
"""The operators whose signatures differ each time, so that no two explanations are the same."""
HIDE_NODE_CRYPTO = "data:text/javascript,process.getBuiltinModule=undefined"
HARNESS = """
import {{ readFileSync }} from "node:fs";
import {{ Clock }} from "{runtime}/clock.ts";
import {{ parseJson }} from "{runtime}/json.ts";
import {{ RequestDraft }} from "{runtime}/signing.ts";

const found: unknown[] = [];
for (const item of parseJson(readFileSync({items}, "utf8"), true) as any[]) {{
  const held = new (CREDENTIALS as any)[item.scheme](item.parts);
  const signer = held.signer(new Clock());
  const isLogon = item.method_name === "explainSignLogon";
  const draft: any = isLogon
    ? new crypto.LogonDraft(item.tags, item.host, item.inputs)
    : new RequestDraft(item.method, item.host, item.path, item.query, item.headers);
  if (!isLogon) {{
    draft.body = item.body;
    draft.mediaType = "application/x-www-form-urlencoded";
    if (item.message !== null) draft.members = item.message;
    draft.inputs = item.inputs;
  }}
  try {{
    found.push(await signer[item.method_name](draft, item.timestamp, item.nonce));
  }} catch (error) {{
    found.push({{ error: String(error) }});
  }}
}}
console.log(JSON.stringify(found));
"""


def drawn(name: str, use: Use) -> PreparedRequest:
    """Return a request whose private keys are PKCS8, which is what WebCrypto reads."""
    given = given_to(SCHEMES[name], use)
    return replace(given, parts={name: _pkcs8(text) for name, text in given.parts.items()})


def _pkcs8(text: str) -> str:
    if not text.startswith("-----BEGIN"):
        return text
    key = load_pem_private_key(text.encode(), password=None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def settings_of(scheme: SigningScheme, given: PreparedRequest) -> dict[str, str]:
    return {
        item.name: str(given.inputs[item.name])
        for item in scheme.inputs
        if item.source == "setting" and item.name in given.inputs
    }


def in_python(scheme: SigningScheme, use: Use, given: PreparedRequest) -> dict[str, str]:
    signer = EmittedPython(scheme).signer({**given.parts, **settings_of(scheme, given)})
    explain = getattr(signer, f"explain_{METHODS[use.wire][0]}")
    found: dict[str, str] = explain(draft_of(use, given), given.timestamp, given.nonce)
    return found


def in_node(folder: Path, is_web: bool) -> list[dict[str, str]]:
    items = folder / "items.json"
    rows = [item_of(SCHEMES[name], use, drawn(name, use)) for name, use in USES]
    items.write_text(json.dumps(rows, default=str), encoding="utf-8")
    emitted = typescript_signers([SCHEMES[name] for name in dict(USES)], RUNTIME.as_uri())
    for module in ("crypto", "ethereum"):
        emitted = emitted.replace(
            f'{RUNTIME.as_uri()}/{module}"', f'{RUNTIME.as_uri()}/{module}.ts"'
        )
    emitted = emitted.replace(f'"{RUNTIME.as_uri()}"', f'"{RUNTIME.as_uri()}/nonce.ts"')
    program = folder / "program.ts"
    harness = HARNESS.format(runtime=RUNTIME.as_uri(), items=json.dumps(str(items)))
    program.write_text(emitted + harness, encoding="utf-8")
    command = [str(node_binary()), "--no-warnings"]
    command += ["--import", HIDE_NODE_CRYPTO] if is_web else []
    done = subprocess.run(
        [*command, str(program)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def item_of(scheme: SigningScheme, use: Use, given: PreparedRequest) -> dict[str, Any]:
    parts = {camel(name): text for name, text in given.parts.items()}
    parts |= {camel(name): text for name, text in settings_of(scheme, given).items()}
    method = f"explain_{METHODS[use.wire][0]}"
    return {
        "scheme": scheme.name,
        "method_name": camel(method),
        "parts": parts,
        "method": given.method,
        "host": given.host,
        "path": given.path,
        "query": given.query,
        "headers": given.headers,
        "body": given.body,
        "message": given.message,
        "tags": given.tags,
        "timestamp": given.timestamp,
        "nonce": given.nonce,
        "inputs": given.inputs,
    }


@pytest.mark.parametrize("is_web", [False, True], ids=["node", "webcrypto"])
def test_typescript_explains_every_step_as_python_does(tmp_path: Path, is_web: bool) -> None:
    answers = in_node(tmp_path, is_web)
    compared = 0
    for (name, use), found in zip(USES, answers, strict=True):
        scheme = SCHEMES[name]
        given = drawn(name, use)
        expected = in_python(scheme, use, given)
        shown = "\n".join(str(value) for value in found.values())
        assert [form for form in forms(scheme, given) if len(form) > 3 and form in shown] == []
        assert list(found) == list(expected), f"{name} {use.wire}: {found}"
        if private_operator(scheme) not in DIFFER:
            compared += 1
            assert found == expected, f"{name} {use.wire}"
        assert found["canonical"] == expected["canonical"], f"{name} {use.wire}"
    assert compared > 50
