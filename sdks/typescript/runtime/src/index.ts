/** All that generated SDKs and their users take from the runtime. */

export * from "./answer.ts";
export * from "./base_url.ts";
export type { FileInput, Upload } from "./bodies.ts";
export { Book, type Level, type Levels, type Quote } from "./book.ts";
export * from "./clock.ts";
export { codec, isUnknownVariant } from "./coerce.ts";
export { Decimal, type DecimalInput, type Rounding } from "./decimal.ts";
export { percentEncode, scalarText, styled } from "./encoding.ts";
export * from "./errors.ts";
export * from "./http_client.ts";
export { exactNumber, JsonNumber, parseJson, stringifyJson } from "./json.ts";
export * from "./nonce.ts";
export type {
  AttemptReport,
  CallFacts,
  Hooks,
  Logger,
  StreamReport,
} from "./observers.ts";
export * from "./operation.ts";
export { socketTransport } from "./platform.ts";
export { RequestPlan } from "./request.ts";
export { DEFAULT_RETRY, type RetryPolicy } from "./retry.ts";
export type {
  ArrayShape,
  ChoiceOption,
  ChoiceShape,
  FieldShape,
  ObjectShape,
  Schema,
  TupleShape,
  UnionShape,
  Unknown,
  UnknownVariant,
} from "./schema.ts";
export type { SessionCall, SessionEnd, SessionRule } from "./session.ts";
export * from "./signing.ts";
export { StreamClient, type StreamOptions } from "./stream_client.ts";
export type { SessionState, SessionTiming } from "./stream_session.ts";
export type { WebSocketLike } from "./stream_socket.ts";
export { type Interruption, Subscription, type SubscriptionOptions } from "./subscription.ts";
export type { Limits, Transport, TransportFactory, WireResponse } from "./transport.ts";
export { FetchTransport } from "./transport_fetch.ts";
export { type Undici, UndiciTransport } from "./transport_undici.ts";
export {
  type InboundHeaders,
  type Mark,
  type Proof,
  readWebhook,
  type Webhook,
  type WebhookOptions,
} from "./webhook.ts";
