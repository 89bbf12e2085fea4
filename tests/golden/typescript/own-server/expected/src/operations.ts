/** The REST operations, as data that the runtime reads. */

import type { HttpOperation } from "@venuekit/runtime";
import { errorTable } from "./errors.ts";

/** `GET /time` */
export const getTime: HttpOperation<object, void> = {
  name: "getTime",
  method: "GET",
  path: "/time",
  effect: "read",
  responses: [{ status: "204" }],
  errors: errorTable,
};

/** `GET /files` */
export const getFiles: HttpOperation<object, Uint8Array> = {
  name: "getFiles",
  method: "GET",
  path: "/files",
  effect: "read",
  baseUrl: "https://files.example/v2",
  responses: [{ status: "200", mediaType: "application/octet-stream" }],
  errors: errorTable,
};
