/** HTTP messages as text to sign: canonical headers, plain paths and RFC 9421's signature base. */

import { compareText, header, type Pairs, percentDecode, percentEncode } from "./crypto.ts";
import { SigningError } from "./errors.ts";

const INNER_LIST = /^\(([^()]*)\)/;
const COMPONENT = /"([^"]*)"((?:;[a-z0-9_.*-]+(?:="[^"]*")?)*)/g;
const PARAMETER_NAME = /;name="([^"]*)"/;

/** A FIX Logon before it is signed: the fields that are settled, by tag, in their order. */
export class LogonDraft {
  readonly tags: [tag: string, value: string][];
  readonly host: string;
  readonly inputs: Readonly<Record<string, unknown>>;

  constructor(tags: [string, string][], host = "", inputs: Readonly<Record<string, unknown>> = {}) {
    this.tags = tags;
    this.host = host;
    this.inputs = inputs;
  }

  /** Adds one field. */
  addTag(tag: string, value: string): void {
    this.tags.push([tag, value]);
  }
}

/** What RFC 9421 needs of a request draft. */
export interface Signable {
  readonly method: string;
  readonly host: string;
  readonly target: string;
  readonly headers: Pairs;
  /** `status` is that of a signed answer (RFC 9421, section 2.2.9). */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** Names in lower case and sorted, values trimmed with single spaces, repeats joined. */
export const canonicalHeaders = (headers: Pairs): Pairs => {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase().trim();
    const trimmed = value.replace(/^[ \t]+|[ \t]+$/g, "").replace(/[ \t]+/g, " ");
    grouped.set(key, [...(grouped.get(key) ?? []), trimmed]);
  }
  return [...grouped]
    .map(([name, values]) => [name, values.join(",")] as const)
    .toSorted((a, b) => compareText(a[0], b[0]));
};

/** The path without empty and dot segments (RFC 3986, section 5.2.4). */
export const normalizePath = (path: string): string => {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const isFolder = /(?:\/|\/\.|\/\.\.)$/.test(path) && kept.length > 0;
  return `/${kept.join("/")}${isFolder ? "/" : ""}`;
};

/** RFC 9421's signature base (section 2.5) for the components that the parameters list. */
export const signatureBase = (parameters: string, message: Signable): string => {
  const list = INNER_LIST.exec(parameters)?.[1];
  if (list === undefined) {
    throw new SigningError("the signature parameters do not begin with a list of components");
  }
  const lines = [...list.matchAll(COMPONENT)].map(
    ([text, name = "", extra = ""]) => `${text}: ${component(name, extra, message)}`,
  );
  return [...lines, `"@signature-params": ${parameters}`].join("\n");
};

const component = (name: string, extra: string, message: Signable): string => {
  const at = message.target.indexOf("?");
  const path = at < 0 ? message.target : message.target.slice(0, at);
  const query = at < 0 ? "" : message.target.slice(at + 1);
  switch (name) {
    case "@method":
      return message.method;
    case "@authority":
      return message.host.toLowerCase().replace(/:443$/, "");
    case "@target-uri":
      return `https://${message.host.toLowerCase()}${message.target}`;
    case "@request-target":
      return message.target;
    case "@path":
      return path === "" ? "/" : path;
    case "@query":
      return `?${query}`;
    case "@status":
      return status(message.inputs?.status);
    case "@query-param":
      return queryParameter(extra, query);
    default:
      return headerComponent(name, extra, message.headers);
  }
};

const status = (value: unknown): string => {
  if (typeof value === "number" || (typeof value === "string" && value !== "")) {
    return String(value);
  }
  throw new SigningError("the component @status needs an answer's status");
};

const headerComponent = (name: string, extra: string, headers: Pairs): string => {
  if (name.startsWith("@") || extra !== "") {
    throw new SigningError(`the component ${name}${extra} is not supported`);
  }
  if (!headers.some(([key]) => key.toLowerCase() === name)) {
    throw new SigningError(`the header '${name}' is to be signed, but the request has none`);
  }
  return header(headers, name);
};

const queryParameter = (extra: string, query: string): string => {
  const wanted = PARAMETER_NAME.exec(extra)?.[1];
  const plain = (text: string) => percentEncode(percentDecode(text.replaceAll("+", " ")));
  for (const pair of query.split("&")) {
    const at = pair.indexOf("=");
    const key = at < 0 ? pair : pair.slice(0, at);
    if (plain(key) === wanted) return at < 0 ? "" : plain(pair.slice(at + 1));
  }
  throw new SigningError(
    "a query parameter is to be signed, but the request has none of that name",
  );
};
