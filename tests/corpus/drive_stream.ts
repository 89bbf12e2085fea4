// Sends every WebSocket operation of an emitted TypeScript SDK: `node drive_stream.ts URL SAMPLES
// RESULTS`, run inside the package. It fills a method's input from a whole frame: constants, the
// correlation id and the member around the parameters are the SDK's to write.

import { readFileSync, writeFileSync } from "node:fs";
import { codec, parseJson, stringifyJson } from "@venuekit/runtime";
import * as sdk from "./src/index.ts";

const [url, samplesFile, resultsFile] = process.argv.slice(2);
const samples = parseJson(readFileSync(samplesFile, "utf8"), true);
const anything = new Proxy({}, { get: () => "any", has: () => true });

const without = (frame, place) => {
  const [name, ...rest] = place.split(".");
  if (frame === null || typeof frame !== "object" || !(name in frame)) return frame;
  const { [name]: inner, ...others } = frame;
  return rest.length === 0 ? others : { ...others, [name]: without(inner, rest.join(".")) };
};

const inputOf = ({ frame, schema }, whole) => {
  let value = whole;
  for (const [place] of frame.constants ?? []) value = without(value, place);
  if (frame.correlation !== undefined) value = without(value, frame.correlation);
  for (const name of (frame.payload ?? "").split(".").filter(Boolean)) value = value[name] ?? {};
  const { decode, isExact } = codec(schema ?? "plain");
  const read = parseJson(stringifyJson(value, true), isExact);
  return decode === undefined ? read : decode(read);
};

// Every method hands its descriptor to `request` or `send`, which tell it here instead.
const methodsOf = (client) => {
  const found = new Map();
  const tell = (operation) => {
    throw operation;
  };
  const told = { request: tell, send: tell, subscribe: tell };
  const probe = Object.assign(Object.create(client), told);
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(client))) {
    if (name === "constructor") continue;
    try {
      probe[name]({});
    } catch (operation) {
      if (operation?.frame !== undefined) found.set(operation.name, { method: name, operation });
    }
  }
  return found;
};

const isSocket = (one) => typeof one === "function" && one.prototype?.connect !== undefined;
// Credentials that add nothing: signing is judged elsewhere.
const held = (scheme) => ({
  scheme,
  signer: () => ({ sign: () => undefined, signMessage: () => undefined }),
});

const results = [];
for (const Client of Object.values(sdk).filter(isSocket)) {
  const timing = { requestTimeoutMs: 5_000 };
  const settings = { baseUrl: url, parameters: anything, timing };
  const methods = methodsOf(new Client(settings));
  const demanded = [...methods.values()].flatMap(({ operation }) => operation.security ?? []);
  const client = new Client({ ...settings, credentials: [...new Set(demanded.flat())].map(held) });
  const own = samples.filter((sample) => methods.has(sample.operation));
  if (own.length === 0) continue;
  await client.connect();
  for (const sample of own) {
    const result = { operation: sample.operation, is_full: sample.is_full, problem: null };
    try {
      const { method, operation } = methods.get(sample.operation);
      await client[method](inputOf(operation, sample.frame));
    } catch (error) {
      result.problem = `${error?.constructor?.name}: ${error?.message}`.slice(0, 400);
    }
    results.push(result);
  }
  await client.close();
}
writeFileSync(resultsFile, JSON.stringify(results));
