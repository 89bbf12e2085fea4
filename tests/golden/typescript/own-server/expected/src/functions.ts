/** One function for each operation: what is not imported is not bundled. */

import type { CallOptions, HttpClient } from "@venuekit/runtime";
import * as operations from "./operations.ts";

/** `GET /time` */
export const getTime = (client: HttpClient, options?: CallOptions): Promise<void> =>
  client.call(operations.getTime, {}, options);

/** `GET /files` */
export const getFiles = (client: HttpClient, options?: CallOptions): Promise<Uint8Array> =>
  client.call(operations.getFiles, {}, options);
