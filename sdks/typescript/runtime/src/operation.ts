/** Descriptors: what generated code says about each operation, as data that the runtime reads. */

import type { ApiError, ApiFailure } from "./errors.ts";
import type { Fit, Schema } from "./schema.ts";

export type Location = "path" | "query" | "header" | "cookie";

export type Style =
  | "simple"
  | "label"
  | "matrix"
  | "form"
  | "spaceDelimited"
  | "pipeDelimited"
  | "deepObject";

/** What an operation does to the venue's state, in the words of the contract's `x-effect`. */
export type Effect = "read" | "create" | "replace" | "cancel";

/** One input in path, query, header or cookie (OpenAPI 3.1, 4.8.12). */
export interface Parameter {
  readonly property: string;
  readonly name: string;
  readonly in: Location;
  readonly isRequired?: boolean;
  readonly schema?: Schema;
  readonly style?: Style;
  readonly isExploded?: boolean;
  readonly allowsReserved?: boolean;
  /** The parameter is one JSON text (`content: application/json`). */
  readonly isJson?: boolean;
}

/** How one member of a form or multipart body is written (OpenAPI 3.1, 4.8.15). */
export interface PartEncoding {
  readonly mediaType?: string;
  readonly style?: Style;
  readonly isExploded?: boolean;
}

/** The request body: spread over the input's properties, or taken whole from one of them. */
export interface Body {
  readonly mediaType: string;
  readonly schema?: Schema;
  /** The property that holds the whole body; the input itself is the body without it. */
  readonly whole?: string;
  readonly isRequired?: boolean;
  /** For forms and multipart, by wire name. */
  readonly encoding?: Readonly<Record<string, PartEncoding>>;
}

/** What one status brings: "200", "2XX" or "default"; without a media type there is no body. */
export interface ResponseShape {
  readonly status: string;
  readonly mediaType?: string;
  readonly schema?: Schema;
  readonly scalar?: ScalarText;
}

/** Plain text that says one value, by how that value is written in JSON. */
export type ScalarText = "number" | "boolean" | "string";

/** The input that makes a repeat recognisable, and whether the same repeat is safe. */
export interface DedupKey {
  readonly property: string;
  readonly isResendSafe?: boolean;
  readonly resolver?: string;
}

/** What a request takes out of one rate-limit bucket. */
export interface Cost {
  readonly bucket: string;
  readonly weight: number;
}

export type ErrorClass = new (failure: ApiFailure, options?: ErrorOptions) => ApiError;

/** Where a venue's error body keeps its facts, and the generated class of each code. */
export interface ErrorTable {
  readonly classes: Readonly<Record<string, ErrorClass>>;
  readonly code: readonly string[];
  readonly message: readonly string[];
  readonly details: readonly string[];
  readonly requestId: readonly string[];
}

/** The error table of a contract that has none: the usual places, no classes. */
export const NO_ERRORS: ErrorTable = {
  classes: {},
  code: ["error.code", "code"],
  message: ["error.message", "error.msg", "message", "msg", "error"],
  details: ["error.details", "details"],
  requestId: ["error.request_id", "request_id"],
};

/**
 * How the pages of an operation follow each other: the input that moves on, and where an answer
 * has its items and either the next cursor, a yes or no, or the number of pages. Places are
 * properties from the answer down; `first` is the number of the first page.
 */
export interface PageRule {
  readonly parameter: string;
  readonly items: readonly string[];
  readonly next?: readonly string[];
  readonly hasMore?: readonly string[];
  readonly totalPages?: readonly string[];
  readonly first?: number;
}

/** Carries the types of an operation's input and output; there is no such member at run time. */
declare const types: unique symbol;

interface Typed<Input, Output> {
  readonly [types]?: { readonly input: Input; readonly output: Output };
}

/**
 * One REST operation. `security` is OR of AND: each inner list names the schemes that are needed
 * together.
 */
export interface HttpOperation<Input, Output> extends Typed<Input, Output> {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Where this operation is served, when that is elsewhere than the client's default. */
  readonly baseUrl?: string;
  readonly effect: Effect;
  readonly parameters?: readonly Parameter[];
  readonly body?: Body;
  readonly pages?: PageRule;
  readonly responses?: readonly ResponseShape[];
  readonly security?: readonly (readonly string[])[];
  /** What a signature takes from the contract, such as an instruction's name. */
  readonly signingInputs?: Readonly<Record<string, unknown>>;
  readonly dedupKey?: DedupKey;
  readonly costs?: readonly Cost[];
  readonly errors?: ErrorTable;
}

/**
 * How a request is written on a socket: `constants` by their names, `correlation` the
 * dotted place of the id that a reply repeats (a JSON number with `hasNumberedId`, else text),
 * `payload` the member under which the input stands ("" for the top level).
 */
export interface Frame {
  readonly constants?: readonly (readonly [name: string, value: unknown])[];
  readonly correlation?: string;
  readonly hasNumberedId?: boolean;
  readonly payload?: string;
}

/** How a reply is told apart (`tag` in the protocol's tag field) and where its result stands. */
export interface ReplyShape {
  readonly tag?: string;
  readonly schema?: Schema;
  readonly isError?: boolean;
  /** Where an error has its code and its reason, where the contract says so. */
  readonly facts?: { readonly code: string; readonly message?: string };
  readonly result?: string;
}

/** One request and reply over a socket. */
export interface StreamOperation<Input, Output> extends Typed<Input, Output> {
  readonly name: string;
  readonly effect: Effect;
  readonly frame: Frame;
  readonly schema?: Schema;
  readonly replies?: readonly ReplyShape[];
  /** The schemes that sign each message, and not the log-on alone. */
  readonly signedBy?: readonly string[];
  readonly security?: readonly (readonly string[])[];
  /** What a signature takes from the contract, such as an instruction's name. */
  readonly signingInputs?: Readonly<Record<string, unknown>>;
  readonly dedupKey?: DedupKey;
  readonly costs?: readonly Cost[];
  readonly errors?: ErrorTable;
}

/** A named part of a channel's address, and the input that fills it. */
export interface ChannelParameter {
  readonly property: string;
  readonly name: string;
}

/** How a lost message shows: wire places (dotted) of a message's sequence and the one before. */
export interface SequenceRule {
  readonly rule: "previous_equals_last" | "increment";
  readonly field: string;
  readonly previousField?: string;
}

/** How a channel's messages add up to a state (the contract's `x-stream`); tags name messages. */
export interface StreamRule {
  readonly snapshot?: string;
  readonly delta?: string;
  readonly sequence?: SequenceRule;
  readonly resume?: "snapshot" | "replay" | "none";
}

/**
 * One message that a channel brings, known by its tag or by its shape; `result` is the dotted
 * place of what a caller wants.
 */
export interface EventShape {
  readonly tag?: string;
  readonly fits?: Fit;
  readonly schema?: Schema;
  readonly result?: string;
}

/**
 * One stream of events. With `isTopic` it is subscribed to under its address on the shared
 * socket; else its events come on that socket unasked.
 */
export interface Channel<Input, Output> extends Typed<Input, Output> {
  readonly name: string;
  readonly address: string;
  readonly isTopic: boolean;
  readonly parameters?: readonly ChannelParameter[];
  readonly events: readonly EventShape[];
  readonly security?: readonly (readonly string[])[];
  readonly stream?: StreamRule;
}

/** What all operations of one socket share: its path, log-on, subscription and liveness. */
export interface StreamProtocol {
  /** With `{parameters}` in braces; `pathParameters` pairs their wire names and properties. */
  readonly path: string;
  readonly pathParameters?: readonly (readonly [wire: string, property: string])[];
  /** The member of each server frame that says what it is. */
  readonly tagField?: string;
  /** The dotted place in each server frame that repeats a request's id. */
  readonly correlation?: string;
  /** The member of each event that names its topic. */
  readonly topicField?: string;
  readonly logOn?: StreamOperation<never, unknown>;
  readonly subscribe?: StreamOperation<never, unknown>;
  readonly unsubscribe?: StreamOperation<never, unknown>;
  /** The input of subscribe and unsubscribe that names the topic. */
  readonly topicProperty?: string;
  /** The server sends something at least this often. */
  readonly heartbeatMs?: number;
  readonly errors?: ErrorTable;
  /** The schemes whose sessions complete the request for a socket, and whether each must. */
  readonly handshake?: readonly (readonly [scheme: string, isRequired: boolean])[];
  /** The schemes whose sessions fill messages. */
  readonly sessions?: readonly string[];
}
