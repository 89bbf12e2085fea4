/** The REST operations, as data that the runtime reads. */

import type { HttpOperation } from "@venuekit/runtime";
import { errorTable } from "./errors.ts";
import type * as t from "./types.ts";

/** `POST /documents` */
export const addDocument: HttpOperation<t.AddDocumentInput, t.Document> = {
  name: "addDocument",
  method: "POST",
  path: "/documents",
  effect: "create",
  body: {
    mediaType: "multipart/form-data",
    isRequired: true,
    encoding: { scan: { mediaType: "image/png" } },
  },
  responses: [{ status: "200", mediaType: "application/json" }],
  errors: errorTable,
};

/** `POST /filters` */
export const addFilter: HttpOperation<t.AddFilterInput, Uint8Array> = {
  name: "addFilter",
  method: "POST",
  path: "/filters",
  effect: "create",
  body: {
    mediaType: "application/x-www-form-urlencoded",
    encoding: { filter: { style: "deepObject", isExploded: true } },
  },
  responses: [{ status: "200", mediaType: "application/pdf" }],
  errors: errorTable,
};
