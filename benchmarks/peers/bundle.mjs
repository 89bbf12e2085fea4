// Puts a document and all files that it refers to into one JSON file, for tools that read only one.
//
// usage: bundle.mjs DOCUMENT OUTPUT
import { writeFileSync } from "node:fs";
import { bundle, createConfig } from "@redocly/openapi-core";

const [document, output] = process.argv.slice(2);
const config = await createConfig({});
const { bundle: found, problems } = await bundle({ ref: document, config });
const errors = problems.filter((problem) => problem.severity === "error");
if (errors.length > 0) throw new Error(errors.map((problem) => problem.message).join("\n"));
writeFileSync(output, JSON.stringify(found.parsed, null, 1));
