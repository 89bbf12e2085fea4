/**
 * Every error that an SDK throws, and what each one says about the order that was on its way.
 *
 * VenueError                    anything that an SDK throws on purpose
 * ├── ConfigurationError        the caller's set-up cannot work: no credentials, a bad base URL
 * ├── SigningError              a request could not be signed; nothing sent
 * ├── SessionError              a session could not be opened; what needed it was not sent
 * ├── ApiError                  the venue answered and refused; a generated subclass per code
 * ├── DecodeError               the venue answered and the answer does not fit the contract
 * ├── WebhookRefusedError       a call of the venue is not signed as the contract says
 * ├── TransportError            no usable answer; `maybeSent` says whether the venue may have it
 * │   ├── ConnectError          no connection could be made; nothing was sent
 * │   ├── TimeoutError          the deadline passed
 * │   └── ProtocolError         what came back is not what the protocol allows
 * ├── UnknownOutcomeError       the order may or may not have been accepted: look it up
 * └── StreamError               a stream could not do what was asked
 *     ├── StreamClosedError     the stream is closed, or was closed while it was used
 *     └── NotConnectedError     a message was dropped unsent because the socket is down
 */

const PREVIEW_LENGTH = 200;

/** The root: catch this to catch everything that an SDK throws on purpose. */
export class VenueError extends Error {
  override name = "VenueError";
}

/** The client is set up in a way that cannot work; nothing was sent. */
export class ConfigurationError extends VenueError {
  override name = "ConfigurationError";
}

/**
 * A call that claims to be the venue's is not signed by it; nothing of its body was read. The
 * message never holds a secret, or the signature that would have been right.
 */
export class WebhookRefusedError extends VenueError {
  override name = "WebhookRefusedError";
}

/** A request could not be signed; nothing was sent. The message never holds a secret. */
export class SigningError extends VenueError {
  override name = "SigningError";
}

/**
 * A session could not be opened, so the request that needed it was not sent. `scheme` is the
 * security scheme, `operation` what opens its session; what happened to that is the `cause`. The
 * message never holds what a session gives.
 */
export class SessionError extends VenueError {
  override name = "SessionError";
  readonly scheme: string;
  readonly operation: string;

  constructor(scheme: string, operation: string, reason: string, options?: ErrorOptions) {
    super(`${operation} did not open the session of ${scheme}: ${reason}`, options);
    this.scheme = scheme;
    this.operation = operation;
  }
}

/** What an `ApiError` is made of. */
export interface ApiFailure {
  /** The venue's own error code; empty where it gave none. */
  readonly code: string;
  /** The HTTP status; 0 on a stream. */
  readonly status: number;
  readonly message: string;
  readonly details?: unknown;
  readonly requestId?: string | undefined;
  /** The answer as text. */
  readonly raw: string;
  /** The seconds that a Retry-After header asked for. */
  readonly retryAfterS?: number | undefined;
}

/** The venue answered and refused. */
export class ApiError extends VenueError {
  override name = "ApiError";
  readonly code: string;
  readonly status: number;
  /** The venue's own words, without the code and the status. */
  readonly reason: string;
  readonly details: unknown;
  readonly requestId: string | undefined;
  readonly raw: string;
  readonly retryAfterS: number | undefined;

  constructor(failure: ApiFailure, options?: ErrorOptions) {
    super(apiText(failure), options);
    this.code = failure.code;
    this.status = failure.status;
    this.reason = failure.message;
    this.details = failure.details;
    this.requestId = failure.requestId;
    this.raw = failure.raw;
    this.retryAfterS = failure.retryAfterS;
  }
}

/**
 * The venue answered, and the answer does not fit the contract. A request that places an order
 * and ends here was answered: read `status` and `raw`.
 */
export class DecodeError extends VenueError {
  override name = "DecodeError";
  readonly raw: string;
  readonly status: number;

  constructor(message: string, raw: string, status = 0, options?: ErrorOptions) {
    const preview = JSON.stringify(raw.slice(0, PREVIEW_LENGTH));
    super(`${message} (status ${status}; the answer begins ${preview})`, options);
    this.raw = raw;
    this.status = status;
  }
}

/** No usable answer came back; `maybeSent` says whether the venue may have the request. */
export class TransportError extends VenueError {
  override name = "TransportError";
  readonly maybeSent: boolean;

  constructor(message: string, maybeSent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.maybeSent = maybeSent;
  }
}

/** No connection could be made in time, or TLS was refused; nothing was sent. */
export class ConnectError extends TransportError {
  override name = "ConnectError";

  constructor(message: string, options?: ErrorOptions) {
    super(message, false, options);
  }
}

/** The deadline passed before the answer was complete. */
export class TimeoutError extends TransportError {
  override name = "TimeoutError";
}

/** What came back is not what the protocol allows; the connection was closed. */
export class ProtocolError extends TransportError {
  override name = "ProtocolError";
}

/** What an `UnknownOutcomeError` is made of. */
export interface UnknownOutcome {
  readonly operation: string;
  /** The input that makes a repeat recognisable, and its value in this request. */
  readonly dedupKey: string | undefined;
  readonly dedupValue: string | undefined;
  /** The operation that looks the order up. */
  readonly resolver: string | undefined;
  readonly reason: string;
}

/**
 * The request may have reached the venue and no answer says what became of it.
 *
 * Never place the order again under a new id. Watch the order stream, or look the order up by
 * `dedupValue` with the operation named `resolver`. What happened is the `cause`.
 */
export class UnknownOutcomeError extends VenueError {
  override name = "UnknownOutcomeError";
  readonly operation: string;
  readonly dedupKey: string | undefined;
  readonly dedupValue: string | undefined;
  readonly resolver: string | undefined;

  constructor(outcome: UnknownOutcome, options?: ErrorOptions) {
    super(unknownText(outcome), options);
    this.operation = outcome.operation;
    this.dedupKey = outcome.dedupKey;
    this.dedupValue = outcome.dedupValue;
    this.resolver = outcome.resolver;
  }

  /** The client order id of the request, where that is what the contract deduplicates by. */
  get clientOrderId(): string | undefined {
    return this.dedupValue;
  }
}

/** A stream could not do what was asked. */
export class StreamError extends VenueError {
  override name = "StreamError";
}

/** The stream is closed, or was closed while it was being used. */
export class StreamClosedError extends StreamError {
  override name = "StreamClosedError";
}

/** The socket is down: the message was dropped unsent and will not be flushed later. */
export class NotConnectedError extends StreamError {
  override name = "NotConnectedError";
}

const apiText = (failure: ApiFailure): string => {
  const words = [failure.code, failure.message].filter((part) => part !== "");
  const text = words.join(": ") || "the venue refused the request";
  const facts: string[] = [];
  if (failure.status !== 0) facts.push(`status ${failure.status}`);
  if (failure.requestId !== undefined) facts.push(`request ${failure.requestId}`);
  return facts.length > 0 ? `${text} (${facts.join(", ")})` : text;
};

const unknownText = (outcome: UnknownOutcome): string => {
  let text = `the outcome of ${outcome.operation} is unknown: ${outcome.reason}`;
  if (outcome.dedupKey !== undefined && outcome.dedupValue !== undefined) {
    text += `; ${outcome.dedupKey}=${outcome.dedupValue}`;
  }
  return outcome.resolver === undefined ? text : `${text}; look it up with ${outcome.resolver}`;
};
