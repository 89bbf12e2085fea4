// Plays the venue and the client: signs each call, and has an emitted TypeScript SDK take it:
// `node drive_calls.ts IN OUT`, run inside the package.

import { readFileSync, writeFileSync } from "node:fs";
import { Clock, codec, parseJson, RequestDraft, stringifyJson } from "@venuekit/runtime";
import * as sdk from "./src/index.ts";

const [samplesFile, resultsFile] = process.argv.slice(2);
const samples = parseJson(readFileSync(samplesFile, "utf8"), true);
const webhooks = new Map(Object.values(sdk.webhooks ?? {}).map((one) => [one.name, one]));
const secrets = new Proxy({}, { get: () => "a-secret-of-the-corpus-run-32bytes" });
// A function of the venue may be called so too.
const isClass = (value) => typeof value === "function" && value.prototype !== undefined;
const held = Object.entries(sdk)
  .filter(([name, value]) => name.endsWith("Credentials") && isClass(value))
  .map(([, Kind]) => new Kind(secrets));

const LINE = { method: "POST", target: "/hooks/calls?a=1" };
const refuses = async (webhook, headers, body) => {
  try {
    await sdk.readWebhook(webhook, headers, `${body} `, { credentials: held, ...LINE });
  } catch (error) {
    return error instanceof sdk.WebhookRefusedError;
  }
  return false;
};

const results = [];
for (const { operation, body } of samples) {
  const webhook = webhooks.get(operation);
  const proofs = webhook?.proofs?.[0] ?? [];
  try {
    const draft = new RequestDraft("POST", "", "/hooks/calls", "a=1");
    draft.body = body;
    for (const proof of proofs) {
      const credentials = held.find((one) => one.scheme === proof.scheme);
      const now = (BigInt(Date.now()) * 1_000_000n) / BigInt(proof.tickNs ?? 1);
      const moment = proof.timestamp === undefined ? "" : String(now);
      const nonce = proof.nonce === undefined ? "" : "nonce";
      await credentials.signer(new Clock()).signWebhookAt(draft, moment, nonce);
    }
    const options = { credentials: held, ...LINE };
    const said = await sdk.readWebhook(webhook, draft.headers, body, options);
    if (proofs.length > 0 && !(await refuses(webhook, draft.headers, body))) {
      throw new Error("a changed body was taken");
    }
    const { encode } = codec(webhook.schema ?? "plain");
    const written = encode === undefined ? said : encode(said);
    const shown = written instanceof Uint8Array ? null : (written ?? null);
    results.push({ value: parseJson(stringifyJson(shown, true), true) });
  } catch (error) {
    results.push({ problem: `${error?.constructor?.name}: ${error?.message}` });
  }
}
writeFileSync(resultsFile, stringifyJson(results, true));
