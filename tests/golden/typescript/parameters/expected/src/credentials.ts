/** Credentials that are sent as they are. */

import { apiKey, type Credentials } from "@venuekit/runtime";

/** What the user holds for this scheme. */
export const keyCredentials = (key: string): Credentials =>
  apiKey("key", "header", "X-API-KEY", key);
