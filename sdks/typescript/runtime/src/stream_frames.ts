/** Frames of a socket to and from text: pure, without I/O. */

import { at } from "./answer.ts";
import { codec } from "./coerce.ts";
import { JsonNumber, parseJson, stringifyJson } from "./json.ts";
import { put } from "./members.ts";
import type {
  Channel,
  ErrorTable,
  ReplyShape,
  StreamOperation,
  StreamProtocol,
} from "./operation.ts";
import { CoercionError } from "./scalars.ts";
import { RequestDraft } from "./signing.ts";

export type AnyStreamOperation = StreamOperation<never, unknown>;
export type AnyChannel = Channel<never, unknown>;
type Members = Record<string, unknown>;

/** A request as the members of its frame. Throws `TypeError` for an input that does not fit. */
export const frameMembers = (
  operation: AnyStreamOperation,
  id: string,
  input: Readonly<Members>,
): Members => {
  const { frame, schema, name } = operation;
  let fields: unknown = input;
  try {
    const { encode } = codec(schema ?? "plain");
    if (encode !== undefined) fields = encode(input);
  } catch (error) {
    if (!(error instanceof CoercionError)) throw error;
    throw new TypeError(`${name}: ${error.text}`, { cause: error });
  }
  const members: Members = {};
  for (const [name, value] of frame.constants ?? []) put(members, name, value);
  if (frame.correlation !== undefined) {
    putInside(members, frame.correlation, frame.hasNumberedId === true ? Number(id) : id);
  }
  const payload = frame.payload ?? "";
  if (payload === "") {
    for (const [member, value] of Object.entries(fields as Members)) {
      if (Object.hasOwn(members, member)) {
        throw new TypeError(`${name}: ${member} is written by the SDK: it may not be given`);
      }
      put(members, member, value);
    }
  } else put(members, payload, { ...(fields as Members) });
  return members;
};

/** The text of a request's frame. */
export const frameText = (
  operation: AnyStreamOperation,
  id: string,
  input: Readonly<Members>,
): string => stringifyJson(frameMembers(operation, id, input), true);

/** A frame as a draft that a signer completes; its `body` is then the frame's text. */
export const frameDraft = (
  operation: AnyStreamOperation,
  id: string,
  input: Readonly<Members>,
  host: string,
  path: string,
): RequestDraft => {
  const draft = new RequestDraft("GET", host, path);
  draft.inputs = operation.signingInputs ?? {};
  draft.members = frameMembers(operation, id, input);
  draft.body = stringifyJson(draft.members, true);
  return draft;
};

const putInside = (members: Members, place: string, value: unknown): void => {
  const steps = place.split(".");
  const last = steps.pop() ?? place;
  let inner = members;
  for (const step of steps) {
    const next = (inner[step] ?? {}) as Members;
    inner[step] = next;
    inner = next;
  }
  inner[last] = value;
};

/** A server's frame with the facts that route it. */
export interface Incoming {
  readonly text: string;
  readonly value: unknown;
  readonly tag: string | undefined;
  readonly id: string | undefined;
  readonly topic: string | undefined;
}

/** Reads a server's frame. Throws `SyntaxError` where it is no JSON. */
export const readFrame = (protocol: StreamProtocol, text: string): Incoming => {
  const value = parseJson(text, false);
  return {
    text,
    value,
    tag: word(value, protocol.tagField),
    id: word(value, protocol.correlation),
    topic: word(value, protocol.topicField),
  };
};

const word = (value: unknown, place: string | undefined): string | undefined => {
  if (place === undefined) return undefined;
  const found = at(value, place);
  if (typeof found === "string") return found;
  return typeof found === "number" ? String(found) : undefined;
};

/** The frame's value parsed without loss, where a shape needs it. */
export const exactValue = (frame: Incoming, isExact: boolean): unknown =>
  isExact ? parseJson(frame.text, true) : frame.value;

/** The address of a channel with its parameters filled in. Throws `TypeError`. */
export const filledAddress = (channel: AnyChannel, input: Readonly<Members>): string =>
  channel.address.replace(/\{([^{}]*)\}/g, (_whole, name: string) => {
    const parameter = (channel.parameters ?? []).find((one) => one.name === name);
    const value = input[parameter?.property ?? name];
    if (value instanceof JsonNumber || (typeof value !== "string" && typeof value !== "number")) {
      throw new TypeError(`${channel.name}: ${parameter?.property ?? name} is required`);
    }
    return String(value);
  });

const MOST_TOPICS = 10_000;

/**
 * The topics that a channel's messages may name: its filled address, and where commas join several
 * values, the address of each. Throws `TypeError` for more than 10,000.
 */
export const topicNames = (channel: AnyChannel, input: Readonly<Members>): string[] => {
  let names = [channel.address];
  for (const { name, property } of channel.parameters ?? []) {
    const values = String(input[property]).split(",");
    if (names.length * values.length > MOST_TOPICS) {
      throw new TypeError(`${channel.name} follows at most ${MOST_TOPICS} topics at once`);
    }
    names = names.flatMap((one) => values.map((value) => one.replaceAll(`{${name}}`, () => value)));
  }
  return [...new Set([filledAddress(channel, input), ...names])];
};

/** Whether a frame is a reply of this shape, by its tag. */
export const fits = (reply: ReplyShape, frame: Incoming): boolean =>
  reply.tag === undefined || reply.tag === frame.tag;

/** Where replies have no tag, a member `error` that is an object says that this is a refusal. */
export const isRefusal = (reply: ReplyShape, whole: unknown): boolean => {
  const error = at(whole, "error");
  const isThere = typeof error === "object" ? error !== null : typeof error === "string";
  return reply.tag === undefined && isThere && error !== "";
};

/** The error table of a reply that says itself where its code and its reason stand. */
export const tableOf = (errors: ErrorTable, { facts }: ReplyShape): ErrorTable => {
  if (facts === undefined) return errors;
  const message = facts.message === undefined ? [] : [facts.message];
  return { ...errors, code: [facts.code], message };
};

/** The id of the request that a frame answers: the one it repeats, or the oldest without one. */
export const answeredId = (
  pending: ReadonlyMap<string, { readonly operation: AnyStreamOperation }>,
  frame: Incoming,
): string | undefined => {
  if (frame.id !== undefined && pending.has(frame.id)) return frame.id;
  for (const [id, { operation }] of pending) {
    if (operation.frame.correlation !== undefined) continue;
    const isReply = operation.replies?.some((one) => one.tag !== undefined && fits(one, frame));
    if (isReply === true) return id;
  }
  return undefined;
};
