"""Calls that a private key signed: their public key verifies them, in both languages alike."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from emitted import imported, write_sdks
from public_calls import ED, NOW, RSA, Call, high_s, pem, signed_calls, spoiled
from public_document import SCHEMES, write_document

from venuekit_runtime.clock import Clock
from venuekit_runtime.errors import ConfigurationError, SigningError, WebhookRefusedError

WORKSPACE = Path(__file__).resolve().parents[3] / "sdks" / "typescript"
HIDE_NODE_CRYPTO = "--import=data:text/javascript,process.getBuiltinModule=undefined"
PROGRAM = """
import { readFileSync } from "node:fs";
import { Clock } from "@venuekit/runtime";
import { isSynchronous } from "@venuekit/runtime/crypto";
import * as sdk from "./src/index.ts";

const found = [];
for (const { name, kind, headers, body, parts, now } of JSON.parse(readFileSync("calls.json"))) {
  const raw = Uint8Array.from(atob(body), (one) => one.charCodeAt(0));
  const clock = new Clock(() => now * 1000);
  try {
    const credentials = [new sdk[kind](parts)];
    found.push(await sdk.readWebhook(sdk.webhooks[name], headers, raw, { credentials, clock }));
  } catch (error) {
    found.push(`${error.constructor.name}: ${error.message}`);
  }
}
console.log(JSON.stringify([isSynchronous, found]));
"""
WEAK = {
    "the neutral point": "01" + "00" * 31,
    "a point of order 2": "ec" + "ff" * 30 + "7f",
    "a point of order 4": "00" * 32,
    "a point of order 8": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "its sign bit set": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "not in canonical form": "ee" + "ff" * 30 + "7f",
    "too short": base64.b64encode(bytes(31)).decode(),
    "nothing": "no key at all!",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("calls")
    return write_sdks(
        made, write_document(made), python="public_calls_sdk", typescript="@test/calls"
    )


@pytest.fixture(scope="module")
def sdk(folder: Path) -> Iterator[ModuleType]:
    with imported(folder, "public_calls_sdk") as package:
        yield package


@pytest.fixture(scope="module")
def script(folder: Path) -> Path:
    if shutil.which("node") is None or not (WORKSPACE / "node_modules" / "typescript").is_dir():
        pytest.skip("Node and `npm ci` in sdks/typescript are needed to run what is emitted")
    place = folder / "typescript"
    (place / "node_modules" / "@venuekit").mkdir(parents=True)
    (place / "node_modules" / "@venuekit" / "runtime").symlink_to(WORKSPACE / "runtime")
    (place / "program.ts").write_text(PROGRAM, encoding="utf-8")
    return place


def in_python(sdk: ModuleType, call: Call) -> str:
    """Return the outcome as text, as the program for Node does."""
    parts = {"key_id": "key-1"} if call.name == "digest" else {}
    clock = Clock(lambda: call.now * 1_000_000_000)
    held = [getattr(sdk, f"{call.name.title()}PublicKey")(public_key=call.key, **parts)]
    read = getattr(sdk.webhooks, call.name)
    try:
        return str(read(call.headers, call.body, credentials=held, clock=clock))
    except (WebhookRefusedError, SigningError) as error:
        return f"{type(error).__name__}: {error}"


def in_node(script: Path, calls: list[Call], *options: str) -> tuple[bool, list[str]]:
    """Return whether Node's own cryptography was there, and the outcomes."""
    rows: list[dict[str, Any]] = []
    for call in calls:
        parts = {"publicKey": call.key} | ({"keyId": "key-1"} if call.name == "digest" else {})
        rows.append(
            {
                "name": call.name,
                "kind": f"{call.name.title()}PublicKey",
                "headers": call.headers,
                "body": base64.b64encode(call.body).decode(),
                "parts": parts,
                "now": call.now,
            }
        )
    (script / "calls.json").write_text(json.dumps(rows), encoding="utf-8")
    command = ["node", "--conditions=venuekit-source", *options, "program.ts"]
    said = subprocess.run(
        command, cwd=script, capture_output=True, text=True, check=False, timeout=120
    )
    assert said.returncode == 0, said.stderr
    is_synchronous, found = json.loads(said.stdout)
    return is_synchronous, found


def test_what_the_venue_signed_is_taken(sdk: ModuleType) -> None:
    for call in signed_calls():
        assert in_python(sdk, call) == call.body.decode(), call.name


def test_each_single_change_is_refused(sdk: ModuleType) -> None:
    for call in signed_calls():
        for changed in spoiled(call):
            outcome = in_python(sdk, changed)
            assert outcome.startswith("WebhookRefusedError"), f"{call.name}: {changed.what}"


def test_a_second_form_of_a_wallets_signature_is_refused(sdk: ModuleType, script: Path) -> None:
    (wallet,) = [call for call in signed_calls() if call.name == "wallet"]
    assert in_python(sdk, high_s(wallet)).startswith("WebhookRefusedError")
    _, (found,) = in_node(script, [high_s(wallet)])
    assert found.startswith("WebhookRefusedError")


@pytest.mark.parametrize("options", [(), (HIDE_NODE_CRYPTO,)], ids=["node", "webcrypto"])
def test_typescript_decides_as_python_does(
    sdk: ModuleType, script: Path, options: tuple[str, ...]
) -> None:
    good = signed_calls()
    calls = [one for call in good for one in (call, *spoiled(call))]
    is_synchronous, found = in_node(script, calls, *options)
    assert is_synchronous is not bool(options)
    assert len(found) == len(calls) > 1_000
    for call, outcome in zip(calls, found, strict=True):
        expected = in_python(sdk, call)
        assert outcome == expected, f"{call.name}: {call.what}"


@pytest.mark.parametrize("options", [(), (HIDE_NODE_CRYPTO,)], ids=["node", "webcrypto"])
def test_weak_and_wrong_keys_are_refused_when_they_are_given(
    sdk: ModuleType, script: Path, options: tuple[str, ...]
) -> None:
    good = {call.name: call for call in signed_calls()}
    calls = [replace(good["discord"], key=key, what=what) for what, key in WEAK.items()]
    private = RSA.private_numbers().public_numbers
    small = rsa.RSAPublicNumbers(private.e, private.n >> 1024 | 1).public_key()
    other_curve = ec.derive_private_key(7, ec.SECP384R1()).public_key()
    wrong = {"pay": [small, ED.public_key()], "pair": [other_curve, RSA.public_key()]}
    calls += [replace(good[name], key=pem(key)) for name, keys in wrong.items() for key in keys]
    calls += [replace(good["standard"], key=pem(RSA.public_key()))]
    calls += [replace(good["wallet"], key="02" + "ff" * 32)]
    _, found = in_node(script, calls, *options)
    for call, outcome in zip(calls, found, strict=True):
        for text in (in_python(sdk, call), outcome):
            assert text.startswith(f"SigningError: {call.name}: the credential "), call.what
            assert call.key not in text


def test_keys_are_read_in_each_form_that_venues_publish(sdk: ModuleType, script: Path) -> None:
    good = {call.name: call for call in signed_calls()}
    raw = ED.public_key().public_bytes_raw()
    spki = "".join(pem(ED.public_key()).splitlines()[1:-1])
    written = pem(ED.public_key()).replace("\n", "\\n")
    forms = [raw.hex(), raw.hex().upper(), base64.b64encode(raw).decode(), spki, written]
    calls = [replace(good["discord"], key=form) for form in forms]
    _, found = in_node(script, calls)
    assert found == [in_python(sdk, call) for call in calls] == [good["discord"].body.decode()] * 5


def test_while_a_key_is_changed_either_suffices(sdk: ModuleType) -> None:
    (call,) = [one for one in signed_calls() if one.name == "standard"]
    old = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
    keys = [sdk.StandardPublicKey(public_key=pem(one.public_key())) for one in (old, ED)]
    signature = dict(call.headers)["webhook-signature"]
    stale = base64.b64encode(old.sign(b"something else")).decode()
    both = call.having("webhook-signature", f"v1a,{stale} {signature}", "of both keys")
    clock = Clock(lambda: NOW * 1_000_000_000)
    for one in (call, both):
        said = sdk.webhooks.standard(one.headers, one.body, credentials=keys, clock=clock)
        assert said == call.body.decode()


def test_the_private_key_and_no_key_are_refused(sdk: ModuleType) -> None:
    (call,) = [one for one in signed_calls() if one.name == "discord"]
    seed = base64.b64encode(bytes(range(32))).decode()
    held = [sdk.DiscordCredentials(private_key=seed)]
    clock = Clock(lambda: NOW * 1_000_000_000)
    with pytest.raises(ConfigurationError, match="verified by the venue's public key"):
        sdk.webhooks.discord(call.headers, call.body, credentials=held, clock=clock)
    with pytest.raises(ConfigurationError, match="is signed by discord"):
        sdk.webhooks.discord(call.headers, call.body, clock=clock)


def test_a_nonce_that_is_no_text_is_a_refusal_and_no_crash(sdk: ModuleType) -> None:
    (call,) = [one for one in signed_calls() if one.name == "standard"]
    for name in ("webhook-id", "webhook-signature"):
        outcome = in_python(sdk, call.having(name, "v1a,\udc80", "of other bytes"))
        assert outcome.endswith(f"the header {name} holds bytes that are no text")


def test_a_verifier_says_what_was_signed(sdk: ModuleType) -> None:
    from venuekit_runtime.signing import RequestDraft

    for call in signed_calls():
        parts = {"key_id": "key-1"} if call.name == "digest" else {}
        held = getattr(sdk, f"{call.name.title()}PublicKey")(public_key=call.key, **parts)
        assert call.key not in repr(held)
        trace: dict[str, object] = {}
        draft = RequestDraft("POST", "", "/", body=call.body)
        assert not held.verifier().verify_webhook_at(draft, "1", "n", "00", trace)
        assert "canonical" in trace
    assert {call.name for call in signed_calls()} == set(SCHEMES)
