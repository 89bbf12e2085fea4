/** How values travel: the tables by which the runtime turns them. */

import type { Schema } from "@venuekit/runtime";

export const Event: Schema = {
  kind: "union",
  tag: "event_type",
  property: "eventType",
  variants: [["fill", () => Fill], ["cancel", () => Cancel], ["expire", () => Cancel]],
};

export const Fill: Schema = {
  kind: "object",
  fields: [["eventType", "event_type"], ["price", "price", "decimal"]],
};

export const Cancel: Schema = { kind: "object", fields: [["eventType", "event_type"]] };
