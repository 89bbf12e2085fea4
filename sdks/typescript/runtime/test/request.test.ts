/** What a request writes of its parameters, and what it refuses to write. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBaseUrl } from "../src/base_url.ts";
import { RequestPlan } from "../src/request.ts";

const query = { in: "query" } as const;
const plan = new RequestPlan(
  {
    name: "find",
    method: "GET",
    path: "/things",
    effect: "read",
    parameters: [
      { property: "labels", name: "labels", ...query },
      { property: "sizes", name: "sizes", ...query },
      { property: "limit", name: "limit", ...query },
      { property: "deep", name: "filter", style: "deepObject", isExploded: true, ...query },
      { property: "state", name: "filter[state]", ...query },
    ],
  },
  parseBaseUrl("https://venue.example/v1"),
);

test("maps are written as their members beside the other parameters", () => {
  const input = { labels: { "a b": "1" }, sizes: { b: 2 }, deep: { x: 1 }, state: "new", limit: 9 };
  const draft = plan.build(input);
  assert.equal(draft.query, "a%20b=1&b=2&limit=9&filter%5Bx%5D=1&filter%5Bstate%5D=new");
});

test("a member that is written like another parameter is refused", () => {
  const twice = { labels: { a: "1", b: "2" }, sizes: { b: 2 } };
  assert.throws(() => plan.build(twice), /a member of sizes is written as b, .* of labels/);
  // A server would read it as the limit, given or not.
  const limit = { labels: { limit: "1" } };
  assert.throws(() => plan.build(limit), /a member of labels is written as limit, .* of limit/);
  const deep = { deep: { state: "new" } };
  assert.throws(() => plan.build(deep), /a member of deep is written as filter%5Bstate%5D/);
});
