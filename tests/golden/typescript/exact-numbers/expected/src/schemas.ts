/** How values travel: the tables by which the runtime turns them. */

import type { Schema } from "@venuekit/runtime";

export const Amounts: Schema = {
  kind: "object",
  fields: [
    ["price", "price", "decimal"],
    ["fee", "fee", "decimal_number"],
    ["id", "id", "int64"],
    ["smallId", "small_id"],
    ["textId", "text_id", "int64_string"],
    ["momentMs", "moment_ms"],
    ["momentNs", "moment_ns", "int64"],
    ["ratio", "ratio", "number"],
  ],
};
