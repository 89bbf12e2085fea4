// The sockets of an emitted TypeScript SDK, for the drivers: its clients, their methods, and a
// method's input out of a whole frame.

import { codec, parseJson, stringifyJson } from "@venuekit/runtime";
import * as sdk from "./src/index.ts";

export const anything = new Proxy({}, { get: () => "any", has: () => true });

const without = (frame, place) => {
  const [name, ...rest] = place.split(".");
  if (frame === null || typeof frame !== "object" || !(name in frame)) return frame;
  const { [name]: inner, ...others } = frame;
  return rest.length === 0 ? others : { ...others, [name]: without(inner, rest.join(".")) };
};

export const inputOf = ({ frame, schema }, whole) => {
  let value = whole;
  for (const [place] of frame.constants ?? []) value = without(value, place);
  if (frame.correlation !== undefined) value = without(value, frame.correlation);
  if (frame.payload) value = value[frame.payload] ?? {};
  const { decode, isExact } = codec(schema ?? "plain");
  const read = parseJson(stringifyJson(value, true), isExact);
  return decode === undefined ? read : decode(read);
};

// Every method hands its descriptor to `request` or `send`, which tell it here instead.
const methodsOf = (client) => {
  const found = new Map();
  const tell = (operation) => {
    throw operation;
  };
  const told = { request: tell, send: tell, subscribe: tell };
  const probe = Object.assign(Object.create(client), told);
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(client))) {
    if (name === "constructor") continue;
    try {
      probe[name](anything);
    } catch (operation) {
      if (operation?.name !== undefined) found.set(operation.name, { method: name, operation });
    }
  }
  return found;
};

const isSocket = (one) => typeof one === "function" && one.prototype?.connect !== undefined;
// Credentials that add nothing, because signing is judged elsewhere; but a log-on is nothing more
// than what they add, so they make the sampled one of it.
const held = (scheme, logOns) => {
  const signMessage = (draft) => {
    const begun = Object.entries(draft.members);
    const isBegun = (frame) =>
      begun.every(([name, value]) => stringifyJson(frame[name] ?? null) === stringifyJson(value));
    for (const [name, value] of Object.entries(logOns.find(isBegun) ?? {})) {
      if (!(name in draft.members)) draft.addField(name, value);
    }
  };
  return { scheme, signer: () => ({ sign: () => undefined, signMessage }) };
};

// Every client of the package, with what its methods do. What no method sends of the samples may
// be a log-on.
export const connected = (url, samples = []) =>
  Object.values(sdk)
    .filter(isSocket)
    .map((Client) => {
      const settings = { baseUrl: url, parameters: anything, timing: { requestTimeoutMs: 5_000 } };
      const methods = methodsOf(new Client(settings));
      const demanded = [...methods.values()].flatMap(({ operation }) => operation.security ?? []);
      const unsent = samples.filter(({ operation }) => !methods.has(operation));
      const logOns = unsent.map(({ frame }) => frame);
      const credentials = [...new Set(demanded.flat())].map((scheme) => held(scheme, logOns));
      return { client: new Client({ ...settings, credentials }), methods };
    });
