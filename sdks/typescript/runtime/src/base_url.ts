/** A base URL taken apart once, when a client is made. */

import { ConfigurationError } from "./errors.ts";

/** Where a venue is: `host` is the Host header's value, `path` a prefix or empty. */
export interface BaseUrl {
  readonly isSecure: boolean;
  readonly host: string;
  /** Scheme and host with http or https, as transports want it. */
  readonly origin: string;
  readonly path: string;
}

/** The place of a socket before a session's reply has named it. */
export const NOWHERE: BaseUrl = { isSecure: true, host: "", origin: "", path: "" };

const SECURE: Readonly<Record<string, boolean>> = {
  "http:": false,
  "ws:": false,
  "https:": true,
  "wss:": true,
};

/**
 * Takes a base URL apart; the default port is left out of the Host header (RFC 9112, 3.2). Throws
 * `ConfigurationError` for anything but http, https, ws or wss with a host, and for URLs that
 * carry user information, a query or a fragment.
 */
export const parseBaseUrl = (text: string): BaseUrl => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSecure = url === undefined ? undefined : SECURE[url.protocol];
  const isPlain =
    url !== undefined && !/[?#]/.test(text) && url.username === "" && url.password === "";
  if (url === undefined || isSecure === undefined || !isPlain || url.host === "") {
    throw new ConfigurationError(
      "expected a base URL such as https://api.venue.example/v1 without user, query or " +
        `fragment, found ${JSON.stringify(withoutUser(text))}`,
    );
  }
  const path = url.pathname.replace(/\/+$/, "");
  return { isSecure, host: url.host, origin: `http${isSecure ? "s" : ""}://${url.host}`, path };
};

const withoutUser = (text: string): string => text.replace(/\/\/[^/]*@/, "//***@");
