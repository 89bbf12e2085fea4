// Decodes and encodes values by the tables of an emitted TypeScript SDK: `node drive_values.ts IN
// OUT`, run inside the package.

import { readFileSync, writeFileSync } from "node:fs";
import { codec, parseJson, stringifyJson } from "@venuekit/runtime";
import * as schemas from "./src/schemas.ts";

const [samplesFile, resultsFile] = process.argv.slice(2);
const samples = parseJson(readFileSync(samplesFile, "utf8"), true);

const results = samples.map(({ typescript, value }) => {
  const text = stringifyJson(value, true);
  try {
    const { decode, encode, isExact } = codec(schemas[typescript] ?? "plain");
    const read = parseJson(text, isExact);
    const decoded = decode === undefined ? read : decode(read);
    const written = encode === undefined ? decoded : encode(decoded);
    return { value: parseJson(stringifyJson(written, true), true) };
  } catch (error) {
    return { problem: `${error?.constructor?.name}: ${error?.text ?? error?.message}` };
  }
});
writeFileSync(resultsFile, stringifyJson(results, true));
