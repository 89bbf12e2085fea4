/** Where a socket is opened when a session's reply says so: at no host that is not the venue's. */

import { type BaseUrl, parseBaseUrl } from "./base_url.ts";
import { ConfigurationError } from "./errors.ts";

/** Longer than any address that a venue gives; a reply is no reason to hold more. */
const MAX_SERVER_LENGTH = 2_048;

/** What an address may hold: no blank, no control and nothing beyond ASCII, which `URL` mends. */
const ADDRESS =
  /^wss?:\/\/(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:(?!0+(\/|$))\d{1,5})?(\/[\w.~!$&'()*+,;=:@%/-]*)?$/;

/**
 * The place that a reply names, where the contract lets it be one: its host is one of `hosts`, lies
 * below one, or is the host that was `asked`. Only what came without encryption, from a venue of
 * tests, may name a place without it. Throws `ConfigurationError`, which shows the host and nothing
 * else of the address.
 */
export const allowedServer = (text: string, hosts: readonly string[], asked: BaseUrl): BaseUrl => {
  const isAddress = text.length <= MAX_SERVER_LENGTH && ADDRESS.test(text) && URL.canParse(text);
  if (!isAddress) {
    throw new ConfigurationError(
      "its reply names no server: expected an address such as wss://ws.venue.example/path",
    );
  }
  const found = parseBaseUrl(text);
  if (!found.isSecure && asked.isSecure) {
    throw new ConfigurationError(
      `its reply names a server without encryption, ws://${found.host}: expected wss`,
    );
  }
  const name = nameOf(found);
  const isOurs = hosts.some((one) => name === one || name.endsWith(`.${one}`));
  if (!isOurs && name !== nameOf(asked)) {
    throw new ConfigurationError(
      `its reply names the server ${found.host}, which is none of the venue's: expected a host ` +
        `of ${hosts.join(" or ")}; to go elsewhere give the stream a baseUrl`,
    );
  }
  return found;
};

const nameOf = (base: BaseUrl): string => base.host.replace(/:\d+$/, "");
