/** How values travel: the tables by which the runtime turns them. */

import type { Schema } from "@venuekit/runtime";

export const Balances: Schema = { kind: "object", fields: [], additional: "decimal" };

export const Account: Schema = {
  kind: "object",
  fields: [["accountId", "account_id"]],
  additional: "int64",
};
