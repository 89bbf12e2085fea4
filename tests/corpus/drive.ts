// Calls every operation of an emitted TypeScript SDK: `node drive.ts URL SAMPLES RESULTS`, run
// inside the package. Inputs are the wire values, decoded by the tables that the package emits.

import { readFileSync, writeFileSync } from "node:fs";
import { codec, parseJson, stringifyJson } from "@venuekit/runtime";
import * as sdk from "./src/index.ts";

const [url, samplesFile, resultsFile] = process.argv.slice(2);
const samples = parseJson(readFileSync(samplesFile, "utf8"), true);
const operations = Object.entries(sdk.operations).filter(([, one]) => one?.method !== undefined);
const byName = new Map(operations.map(([exported, one]) => [one.name, { exported, one }]));
const schemes = new Set(operations.flatMap(([, one]) => (one.security ?? []).flat()));
const held = [...schemes].map((scheme) => ({
  scheme,
  signer: () => ({ sign: () => undefined, signMessage: () => undefined }),
}));
const pathOf = (address) => address.replace(/^[a-z]+:\/\/[^/]*/, "").replace(/\/$/, "");
const own = new Set(operations.flatMap(([, one]) => one.baseUrl ?? []));
const client = new sdk.Client({
  baseUrl: url,
  baseUrls: Object.fromEntries([...own].map((one) => [one, new URL(url).origin + pathOf(one)])),
  credentials: held,
  retry: { attempts: 1 },
});

// A value as the runtime itself would read it from an answer of this schema.
const decoded = (schema, value) => {
  const { decode, isExact } = codec(schema ?? "plain");
  const read = parseJson(stringifyJson(value, true), isExact);
  return decode === undefined ? read : decode(read);
};

// A plain assignment would make the member "__proto__" the prototype.
const put = (input, name, value) =>
  Object.defineProperty(input, name, { value, enumerable: true, writable: true });

const inputOf = (operation, sample) => {
  const input = {};
  for (const [location, name, value] of sample.parameters) {
    const found = operation.parameters?.find((p) => p.in === location && p.name === name);
    if (found === undefined) throw new Error(`no property takes the ${location} ${name}`);
    input[found.property] = decoded(found.schema, value);
  }
  if (sample.has_body) {
    const { body } = operation;
    const value = decoded(body.schema, sample.body);
    if (body.whole !== undefined) input[body.whole] = value;
    else for (const [name, one] of Object.entries(value)) put(input, name, one);
  }
  return input;
};

const results = [];
for (const sample of samples) {
  const result = { operation: sample.operation, is_full: sample.is_full, problem: null };
  try {
    const { exported, one } = byName.get(sample.operation);
    const input = inputOf(one, sample);
    if (sample.is_full) {
      if (typeof client[exported] !== "function") throw new Error(`no method ${exported}`);
      await (client[exported].length === 0 && Object.keys(input).length === 0
        ? client[exported]()
        : client[exported](input));
    } else {
      await sdk[exported](client, input);
    }
  } catch (error) {
    result.problem = `${error?.constructor?.name}: ${error?.message}`.slice(0, 400);
  }
  results.push(result);
}
await client.close();
writeFileSync(resultsFile, JSON.stringify(results));
