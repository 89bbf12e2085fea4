"""Calls of a venue in TypeScript: the same published signatures, and nothing else passes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from test_webhooks_python import (
    BODY,
    GITHUB_SECRET,
    GITHUB_SIGNATURE,
    GOOD,
    NOW,
    SLACK_BODY,
    SLACK_SECRET,
    SLACK_SIGNATURE,
    SLACK_TIME,
    stripe,
)
from webhook_document import write_document

from venuekit.emit.emission import Options
from venuekit.emit.typescript import emit
from venuekit.load import load

WORKSPACE = Path(__file__).resolve().parents[3] / "sdks" / "typescript"
PROGRAM = """
import { readFileSync } from "node:fs";
import { Clock } from "@venuekit/runtime";
import * as sdk from "./src/index.ts";

const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
const results = [];
for (const { webhook, headers, body, held, now, asBytes } of cases) {
  const credentials = held.map(([kind, secret]) => new sdk[kind]({ secret }));
  const raw = asBytes ? new TextEncoder().encode(body) : body;
  try {
    const said = await sdk.readWebhook(sdk.webhooks[webhook], headers, raw, {
      credentials,
      clock: new Clock(() => now * 1000),
    });
    const shown = said instanceof Uint8Array ? new TextDecoder().decode(said) : said;
    const text = JSON.stringify(shown, (_key, v) => (typeof v === "bigint" ? `${v}n` : v));
    results.push(text);
  } catch (error) {
    results.push(`${error.constructor.name}: ${error.message}`);
  }
}
console.log(JSON.stringify(results));
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("node") is None or not (WORKSPACE / "node_modules" / "typescript").is_dir():
        pytest.skip("Node and `npm ci` in sdks/typescript are needed to run what is emitted")
    made = tmp_path_factory.mktemp("calls")
    loaded = load([write_document(made)])
    emission = emit(loaded.contract, Options(package="@test/calls"))
    assert emission.emitted == loaded.contract.counts
    for path, content in emission.files.items():
        file = made / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(content), encoding="utf-8")
    modules = made / "node_modules" / "@venuekit"
    modules.mkdir(parents=True)
    (modules / "runtime").symlink_to(WORKSPACE / "runtime")
    return made


def run(folder: Path, cases: list[dict[str, object]]) -> list[str]:
    (folder / "program.ts").write_text(PROGRAM, encoding="utf-8")
    (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    command = ["node", "--conditions=venuekit-source", "program.ts", "cases.json"]
    said = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=240
    )
    assert said.returncode == 0, said.stderr
    found: list[str] = json.loads(said.stdout)
    return found


def case(webhook: str, headers: object, body: bytes, **more: object) -> dict[str, object]:
    held = [["StripeCredentials", "whsec_one_that_is_long"]]
    usual = {"held": held, "now": NOW, "asBytes": True, "body": body.decode()}
    return {"webhook": webhook, "headers": headers, **usual, **more}


def test_what_the_venue_signed_is_taken(folder: Path) -> None:
    slack = {"X-Slack-Request-Timestamp": str(SLACK_TIME), "X-Slack-Signature": SLACK_SIGNATURE}
    slack_held = [["SlackCredentials", SLACK_SECRET]]
    github_held = [["GithubCredentials", GITHUB_SECRET]]
    signed = {"stripe-signature": f"t={NOW},v1={GOOD}"}
    rotated = f"t={NOW},v1={stripe(BODY, 'whsec_one_that_is_old')},v1={GOOD}"
    hello = b"Hello, World!"
    found = run(
        folder,
        [
            case("onForm", slack, SLACK_BODY, held=slack_held, now=SLACK_TIME),
            case("onWords", [["x-hub-signature-256", GITHUB_SIGNATURE]], hello, held=github_held),
            case("onStripe", signed, BODY),
            case("onStripe", signed, BODY, asBytes=False),
            case("onStripe", {"Stripe-Signature": [rotated]}, BODY),
            case("onOpen", {}, BODY, held=[]),
        ],
    )
    event = '{"id":"evt_1","price":"0.10","sequence":"9007199254740993n"}'
    expected = [json.dumps(SLACK_BODY.decode()), '"Hello, World!"', event, event, event, event]
    assert found == expected


def test_nothing_else_is(folder: Path) -> None:
    signed = {"Stripe-Signature": f"t={NOW},v1={GOOD}"}
    headers = [
        {},
        {"Stripe-Signature": ""},
        {"Stripe-Signature": f"t={NOW},t={NOW + 1},v1={GOOD}"},
        {"Stripe-Signature": f"t=soon,v1={GOOD}"},
        {"Stripe-Signature": f"t={NOW}"},
        {"Stripe-Signature": f"t={NOW},v0={GOOD}"},
        {"Stripe-Signature": f"t={NOW},v1={GOOD[:-1]}"},
        {"Stripe-Signature": f"t={NOW},v1={GOOD}0"},
        {"Stripe-Signature": f"t={NOW + 1},v1={GOOD}"},
        {"Stripe-Signature": f"t={NOW},v1={GOOD}" + "," * 9000},
    ]
    cases = [case("onStripe", one, BODY) for one in headers]
    cases += [case("onStripe", signed, BODY, now=NOW + 301)]
    cases += [case("onStripe", signed, BODY, now=NOW - 301)]
    cases += [case("onStripe", signed, BODY.replace(b"0.10", b"9.10"))]
    cases += [case("onStripe", signed, b"{")]
    for text in run(folder, cases):
        assert text.startswith("WebhookRefusedError: on_stripe was refused"), text
        assert GOOD not in text
    less = [case("onStripe", signed, BODY, held=[]), case("onBoth", signed, BODY)]
    for text in run(folder, less):
        assert text.startswith("ConfigurationError"), text
