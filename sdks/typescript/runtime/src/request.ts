/** An operation and its input to a draft: compiled once per operation, pure, without I/O. */

import type { BaseUrl } from "./base_url.ts";
import { writeBody } from "./bodies.ts";
import { codec } from "./coerce.ts";
import { percentEncode, scalarText, styled } from "./encoding.ts";
import { ConfigurationError } from "./errors.ts";
import { JsonNumber, stringifyJson } from "./json.ts";
import { own, put } from "./members.ts";
import type { Body, HttpOperation, Parameter, Style } from "./operation.ts";
import { CoercionError, type Turn } from "./scalars.ts";
import { RequestDraft } from "./signing.ts";

/** What a request line cannot hold as it is: spaces, controls, and all beyond ASCII. */
const UNWRITABLE = /[^\x21-\x7e]/gu;

type Input = Readonly<Record<string, unknown>>;

interface Row {
  readonly parameter: Parameter;
  readonly style: Style;
  readonly isExploded: boolean;
  readonly encode: Turn | undefined;
  readonly isExact: boolean;
}

/** All that can be settled before the input is known: path pieces, headers, encoders. */
export class RequestPlan {
  readonly operation: HttpOperation<unknown, unknown>;
  readonly #host: string;
  readonly #accept: string;
  readonly #pieces: readonly (string | Row)[];
  readonly #query: readonly Row[];
  readonly #others: readonly Row[];
  /** The properties that are parameters; all others of the input belong to the body. */
  readonly #properties: ReadonlySet<string>;
  readonly #encodeBody: Turn | undefined;
  readonly #isBodyExact: boolean;

  constructor(operation: HttpOperation<unknown, unknown>, base: BaseUrl) {
    const parameters = operation.parameters ?? [];
    this.operation = operation;
    this.#host = base.host;
    this.#accept = acceptedTypes(operation);
    this.#pieces = pathPieces(operation, base.path);
    this.#query = parameters.filter((one) => one.in === "query").map(row);
    this.#others = parameters.filter((one) => one.in === "header" || one.in === "cookie").map(row);
    this.#properties = new Set(parameters.map((one) => one.property));
    const body = operation.body?.schema === undefined ? undefined : codec(operation.body.schema);
    this.#encodeBody = body?.encode;
    this.#isBodyExact = body?.isExact ?? false;
  }

  /**
   * Writes the request, unsigned; the body is serialised here and nowhere else. Throws
   * `TypeError` for a missing input, an input that does not fit, or a float where money stands.
   */
  build(input: Input): RequestDraft {
    const { body, name, method } = this.operation;
    try {
      const draft = new RequestDraft(method, this.#host, this.#path(input), this.#queryText(input));
      draft.inputs = this.operation.signingInputs ?? {};
      draft.headers.push(["accept", this.#accept]);
      for (const other of this.#others) addHeader(draft, other, input);
      if (body === undefined) this.#refuseUnknown(input);
      else this.#writeBody(body, input, draft);
      return draft;
    } catch (error) {
      if (!(error instanceof CoercionError)) throw error;
      throw new TypeError(`${name}: ${error.text}`, { cause: error });
    }
  }

  #path(input: Input): string {
    let out = "";
    for (const piece of this.#pieces) {
      if (typeof piece === "string") {
        out += piece;
        continue;
      }
      const { name, property } = piece.parameter;
      const value = encoded(piece, input);
      if (value === undefined || value === null) throw absent(property);
      const text = styled(name, value, piece.style, piece.isExploded);
      if (text === "" || text === "." || text === "..") {
        throw new TypeError(`${property} must not be "${text}": it would change the path`);
      }
      out += text;
    }
    return out;
  }

  #queryText(input: Input): string {
    let out = "";
    const spread: (readonly [Row, string])[] = [];
    for (const one of this.#query) {
      const value = encoded(one, input);
      if (value === undefined || value === null) {
        if (one.parameter.isRequired === true) throw absent(one.parameter.property);
        continue;
      }
      const { name, allowsReserved } = one.parameter;
      const text = styled(name, value, one.style, one.isExploded, allowsReserved);
      if (text === "") continue;
      out += out === "" ? text : `&${text}`;
      if (isMembers(value)) spread.push([one, text]);
    }
    if (spread.length > 0) refuseSharedNames(this.#query, spread);
    return out;
  }

  #writeBody(body: Body, input: Input, draft: RequestDraft): void {
    const value = body.whole === undefined ? this.#bodyMembers(input) : input[body.whole];
    const isAbsent =
      value === undefined ||
      (body.whole === undefined && Object.keys(value as object).length === 0);
    if (isAbsent && body.isRequired !== true) return;
    if (value === undefined) throw absent(body.whole ?? "the body");
    const wire = this.#encodeBody === undefined ? value : this.#encodeBody(value);
    const { mediaType, content, members } = writeBody(body, wire, this.#isBodyExact);
    draft.mediaType = mediaType;
    if (members !== undefined) draft.members = members;
    draft.body = content;
    draft.headers.push(["content-type", mediaType]);
  }

  #bodyMembers(input: Input): Input {
    if (this.#properties.size === 0) return input;
    const members: Record<string, unknown> = {};
    for (const key of Object.keys(input)) {
      if (!this.#properties.has(key)) put(members, key, input[key]);
    }
    return members;
  }

  #refuseUnknown(input: Input): void {
    for (const key of Object.keys(input)) {
      if (!this.#properties.has(key)) {
        throw new TypeError(`${this.operation.name} has no input ${JSON.stringify(key)}`);
      }
    }
  }
}

/**
 * Throws `TypeError` where a member of an object is written by another parameter's name. Objects
 * in the styles `form` and `deepObject` are written as names of their own, and a server takes each
 * of them for whatever has that name.
 */
const refuseSharedNames = (
  query: readonly Row[],
  spread: readonly (readonly [Row, string])[],
): void => {
  const written = new Set(spread.map(([one]) => one));
  const owners = new Map<string, Row>();
  for (const one of query) {
    if (!written.has(one)) owners.set(percentEncode(one.parameter.name), one);
  }
  for (const [one, text] of spread) {
    for (const pair of text.split("&")) {
      const name = pair.split("=", 1)[0] ?? "";
      const owner = owners.get(name) ?? one;
      owners.set(name, owner);
      if (owner !== one) {
        throw new TypeError(
          `a member of ${one.parameter.property} is written as ${name}, which is a name of ` +
            `${owner.parameter.property}: no server tells the two apart`,
        );
      }
    }
  }
};

const isMembers = (value: unknown): boolean =>
  typeof value === "object" && !Array.isArray(value) && !(value instanceof JsonNumber);

const row = (parameter: Parameter): Row => {
  const isInPath = parameter.in === "path" || parameter.in === "header";
  const style = parameter.style ?? (isInPath ? "simple" : "form");
  const coding = parameter.schema === undefined ? undefined : codec(parameter.schema);
  return {
    parameter,
    style,
    isExploded: parameter.isExploded ?? style === "form",
    encode: coding?.encode,
    isExact: coding?.isExact ?? false,
  };
};

const encoded = (one: Row, input: Input): unknown => {
  const { property, isJson } = one.parameter;
  const value = own(input, property);
  if (value === undefined || value === null) return value;
  try {
    const wire = one.encode === undefined ? value : one.encode(value);
    return isJson === true ? stringifyJson(wire, one.isExact) : wire;
  } catch (error) {
    throw error instanceof CoercionError ? error.within(property) : error;
  }
};

const addHeader = (draft: RequestDraft, one: Row, input: Input): void => {
  const { name, property, isRequired } = one.parameter;
  const value = encoded(one, input);
  if (value === undefined || value === null) {
    if (isRequired === true) throw absent(property);
  } else if (one.parameter.in === "cookie") {
    const pairs = styled(name, value, one.style, one.isExploded).replaceAll("&", "; ");
    // All cookies stand in one header (RFC 6265, 5.4).
    const held = draft.headers.find(([header]) => header === "cookie");
    if (held === undefined) draft.addHeader("cookie", pairs);
    else draft.headers[draft.headers.indexOf(held)] = ["cookie", `${held[1]}; ${pairs}`];
  } else {
    const items = Array.isArray(value) ? value : [value];
    draft.addHeader(name, items.map((item) => scalarText(item, property)).join(","));
  }
};

const pathPieces = (operation: HttpOperation<unknown, unknown>, prefix: string) => {
  const parameters = new Map(
    (operation.parameters ?? []).filter((one) => one.in === "path").map((one) => [one.name, one]),
  );
  const pieces: (string | Row)[] = [];
  // A fragment tells operations apart that share a path, and never travels (RFC 9110, 4.2.5).
  const path = operation.path.replace(/#.*$/s, "");
  for (const [index, text] of path.split(/\{([^{}]*)\}/).entries()) {
    if (index % 2 === 0) {
      const literal = text.replace(UNWRITABLE, (character) => percentEncode(character));
      pieces.push(index === 0 ? prefix + literal : literal);
      continue;
    }
    const parameter = parameters.get(text);
    if (parameter === undefined) {
      throw new ConfigurationError(`${operation.name}: nothing fills {${text}} of its path`);
    }
    pieces.push(row(parameter));
  }
  return pieces;
};

const acceptedTypes = (operation: HttpOperation<unknown, unknown>): string => {
  const kinds = (operation.responses ?? []).flatMap((response) => response.mediaType ?? []);
  return [...new Set(kinds)].join(", ") || "application/json";
};

const absent = (property: string): TypeError => new TypeError(`${property} is required`);
