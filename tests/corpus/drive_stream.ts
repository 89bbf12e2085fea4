// Sends every WebSocket operation of an emitted TypeScript SDK: `node drive_stream.ts URL SAMPLES
// RESULTS`, run inside the package. It fills a method's input from a whole frame: constants, the
// correlation id and the member around the parameters are the SDK's to write.

import { readFileSync, writeFileSync } from "node:fs";
import { parseJson } from "@venuekit/runtime";
import { connected, inputOf } from "./sockets.ts";

const [url, samplesFile, resultsFile] = process.argv.slice(2);
const samples = parseJson(readFileSync(samplesFile, "utf8"), true);

const follow = async (client, address) => {
  const channel = { name: "any", address, isTopic: true, events: [] };
  const subscription = client.subscribe(channel, {});
  const late = new Promise((_, fail) => setTimeout(fail, 5_000, new Error("no answer")));
  await Promise.race([subscription.live(), late]);
  await subscription.return();
};

const results = [];
for (const { client, methods } of connected(url, samples)) {
  // An SDK subscribes by itself, when a topic is followed, and unsubscribes when it is left.
  const hasTopics = [...methods.values()].some(({ operation }) => operation.isTopic === true);
  const own = samples.filter(
    (sample) => methods.has(sample.operation) || (hasTopics && sample.topic !== null),
  );
  if (own.length === 0) continue;
  await client.connect();
  for (const sample of own) {
    const result = { operation: sample.operation, is_full: sample.is_full, problem: null };
    try {
      const { method, operation } = methods.get(sample.operation) ?? {};
      if (method === undefined) await follow(client, sample.topic);
      else await client[method](inputOf(operation, sample.frame));
    } catch (error) {
      result.problem = `${error?.constructor?.name}: ${error?.message}`.slice(0, 400);
    }
    results.push(result);
  }
  await client.close();
}
writeFileSync(resultsFile, JSON.stringify(results));
