/** How values travel: the tables by which the runtime turns them. */

import type { Schema } from "@venuekit/runtime";

export const Level: Schema = {
  kind: "choice",
  options: [
    { schema: () => LevelThirdObject, is: "object", requires: ["price", "order_count"] },
    { schema: () => LevelSecondObject, is: "object", requires: ["price"] },
    { schema: "decimal", is: "decimal" },
    {
      schema: { kind: "tuple", items: ["decimal", "plain"], rest: "plain" },
      is: "array",
    },
  ],
};

export const LevelSecondObject: Schema = {
  kind: "object",
  fields: [["price", "price", "decimal"]],
};

export const LevelThirdObject: Schema = {
  kind: "object",
  fields: [["price", "price", "decimal"], ["orderCount", "order_count"]],
};
