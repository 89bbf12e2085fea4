// Hears what the venue sends by an emitted TypeScript SDK: `node drive_heard.ts URL SAMPLES
// RESULTS`, run inside the package. Each channel is followed, and each event encoded again.

import { readFileSync, writeFileSync } from "node:fs";
import { codec, parseJson, stringifyJson } from "@venuekit/runtime";
import { connected, inputOf } from "./sockets.ts";

const [url, samplesFile, resultsFile] = process.argv.slice(2);
const { heard, asked } = parseJson(readFileSync(samplesFile, "utf8"), true);
const WAIT_MS = 2_000;
const QUIET_MS = 200;
const MOST = 500;

const within = (promise, ms) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, undefined))]);

// What an event is on the wire, by each of the channel's tables that it may have been read with.
const written = (channel, event) => {
  const found = [];
  for (const { schema } of channel.events) {
    const { encode } = codec(schema ?? "plain");
    try {
      const value = encode === undefined ? event : encode(event);
      found.push(parseJson(stringifyJson(value, true), true));
    } catch {
      // Another of the channel's messages has this shape.
    }
  }
  return found;
};

const outcome = async (operation, channel, subscription) => {
  const events = [];
  let problem = null;
  try {
    while (events.length < MOST) {
      const next = await within(subscription.next(), events.length === 0 ? WAIT_MS : QUIET_MS);
      if (next === undefined || next.done) break;
      events.push(written(channel, next.value));
    }
  } catch (error) {
    problem = `${error?.constructor?.name}: ${error?.message}`.slice(0, 400);
  }
  if (events.length === 0) problem ??= "nothing came";
  return { operation, events, problem };
};

const results = [];
for (const { client, methods } of connected(url)) {
  const followed = [];
  for (const { operation } of heard) {
    const found = methods.get(operation);
    if (found?.operation.events === undefined) continue;
    const { address, parameters = [] } = found.operation;
    const names = [...address.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name);
    const property = (name) => parameters.find((one) => one.name === name)?.property ?? name;
    const input = Object.fromEntries(names.map((name) => [property(name), "any"]));
    const subscription = client[found.method](...(names.length > 0 ? [input] : []));
    followed.push([operation, found.operation, subscription]);
  }
  if (followed.length === 0) continue;
  await client.connect();
  for (const sample of asked) {
    const found = methods.get(sample.operation);
    if (found?.operation.frame === undefined) continue;
    await client[found.method](inputOf(found.operation, sample.frame));
  }
  for (const one of followed) results.push(await outcome(...one));
  await client.close();
}
writeFileSync(resultsFile, stringifyJson(results, true));
