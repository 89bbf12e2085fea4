/** An answer to a value or a typed error: pure, without I/O. */

import { codec } from "./coerce.ts";
import { ApiError, type ApiFailure, DecodeError } from "./errors.ts";
import { parseJson } from "./json.ts";
import {
  type ErrorTable,
  type HttpOperation,
  NO_ERRORS,
  type ResponseShape,
  type ScalarText,
} from "./operation.ts";
import { CoercionError } from "./scalars.ts";
import type { Schema } from "./schema.ts";
import type { WireResponse } from "./transport.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns what an operation answered with. Throws `ApiError` and `DecodeError`. */
export const readAnswer = (
  operation: HttpOperation<unknown, unknown>,
  response: WireResponse,
): unknown => {
  const { status } = response;
  const shape = shapeFor(operation.responses ?? [], status);
  if (status < 200 || status > 299) {
    throw apiError(operation.errors ?? NO_ERRORS, response);
  }
  if (shape?.mediaType === undefined) return undefined;
  if (!isText(shape.mediaType)) return response.body;
  const text = textOf(response.body, status);
  if (shape.scalar !== undefined) {
    const json = scalarJson(text, shape.scalar, status);
    return decodeText(json, shape.schema ?? "plain", status);
  }
  if (text === "") return undefined;
  const isPlain =
    shape.mediaType === "*/*" && /^text\//i.test(response.header("content-type") ?? "");
  if (isPlain || !isJson(shape.mediaType)) return text;
  return decodeText(text, shape.schema ?? "plain", status);
};

/** The JSON of plain text that says one value. Throws `DecodeError` for text that says another. */
const scalarJson = (text: string, scalar: ScalarText, status: number): string => {
  if (scalar === "string") return JSON.stringify(text);
  if (SCALAR[scalar].test(text)) return text;
  throw new DecodeError(`expected a ${scalar} as text`, text, status);
};

const SCALAR = {
  number: /^\s*-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?\s*$/,
  boolean: /^\s*(true|false)\s*$/,
};

/** Reads JSON text by its schema. Throws `DecodeError`. */
export const decodeText = (text: string, schema: Schema, status = 0): unknown => {
  const { isExact, decode } = codec(schema);
  try {
    const value = parseJson(text, isExact);
    return decode === undefined ? value : decode(value);
  } catch (error) {
    throw decodeError(error, text, status);
  }
};

/** Turns a wire value that is already parsed by its schema. Throws `DecodeError`. */
export const decodeValue = (value: unknown, schema: Schema, text: string): unknown => {
  const { decode } = codec(schema);
  try {
    return decode === undefined ? value : decode(value);
  } catch (error) {
    throw decodeError(error, text, 0);
  }
};

const decodeError = (error: unknown, text: string, status: number): Error => {
  if (error instanceof CoercionError) {
    return new DecodeError(error.text, text, status, { cause: error });
  }
  if (error instanceof SyntaxError || error instanceof RangeError) {
    return new DecodeError(`not readable as JSON: ${error.message}`, text, status, {
      cause: error,
    });
  }
  return error as Error;
};

const shapeFor = (shapes: readonly ResponseShape[], status: number): ResponseShape | undefined => {
  const exact = String(status);
  const range = `${exact[0]}XX`;
  return (
    shapes.find((shape) => shape.status === exact) ??
    shapes.find((shape) => shape.status.toUpperCase() === range) ??
    shapes.find((shape) => shape.status === "default")
  );
};

const apiError = (table: ErrorTable, response: WireResponse): ApiError => {
  const raw = lenientText(response.body);
  return makeApiError(table, bodyOf(raw), {
    status: response.status,
    raw,
    retryAfterS: retryAfterS(response.header("retry-after"), Date.now()),
    requestId: response.header("x-request-id"),
  });
};

/** The typed error of an error body, wherever it came from. */
export const makeApiError = (
  table: ErrorTable,
  body: unknown,
  facts: Pick<ApiFailure, "status" | "raw" | "retryAfterS" | "requestId">,
): ApiError => {
  // Some venues say no more than one word, which is then their code.
  const code = first(body, table.code) ?? textOrNone(at(body, "error"));
  const message = first(body, table.message);
  const failure: ApiFailure = {
    code: code === undefined ? "" : String(code),
    message: typeof message === "string" ? message : "",
    details: first(body, table.details),
    requestId: textOrNone(first(body, table.requestId)) ?? facts.requestId,
    raw: facts.raw,
    status: facts.status,
    retryAfterS: facts.retryAfterS,
  };
  const known = Object.hasOwn(table.classes, failure.code)
    ? table.classes[failure.code]
    : undefined;
  return new (known ?? ApiError)(failure);
};

/** The value at the first of some dotted places that holds one. */
const first = (body: unknown, places: readonly string[]): unknown => {
  for (const place of places) {
    const value = at(body, place);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
};

/** The value at a dotted place; the empty place is the value itself. */
export const at = (value: unknown, place: string): unknown => {
  if (place === "") return value;
  let inner = value;
  for (const step of place.split(".")) {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, step)) {
      return undefined;
    }
    inner = (inner as Record<string, unknown>)[step];
  }
  return inner;
};

const bodyOf = (raw: string): unknown => {
  try {
    return parseJson(raw, true);
  } catch {
    // An error page of some proxy is no JSON; its text stays in `raw`.
    return undefined;
  }
};

const textOf = (body: Uint8Array, status: number): string => {
  try {
    return UTF8.decode(body);
  } catch (error) {
    throw new DecodeError("the answer is not UTF-8", lenientText(body), status, { cause: error });
  }
};

const lenientText = (body: Uint8Array): string => new TextDecoder().decode(body);

const textOrNone = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const isJson = (mediaType: string): boolean => /[/+]json\b/i.test(mediaType) || mediaType === "*/*";

const isText = (mediaType: string): boolean => isJson(mediaType) || mediaType.startsWith("text/");

/** Seconds until the moment that a Retry-After header names (RFC 9110, 10.2.3). */
export const retryAfterS = (header: string | undefined, nowMs: number): number | undefined => {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const moment = Date.parse(header);
  return Number.isNaN(moment) ? undefined : Math.max(0, (moment - nowMs) / 1_000);
};
