/**
 * The life of a socket, without I/O: log on, subscribe, ask and answer, notice gaps and silence,
 * come back after a loss. Time and frames come in as arguments; what is to be done goes out
 * through a `SessionPort`.
 */

import { at, decodeValue, makeApiError } from "./answer.ts";
import { codec } from "./coerce.ts";
import {
  ApiError,
  ConfigurationError,
  ConnectError,
  NotConnectedError,
  ProtocolError,
  StreamClosedError,
  TimeoutError,
  TransportError,
} from "./errors.ts";
import { NO_ERRORS, type StreamProtocol } from "./operation.ts";
import { outcomeError } from "./retry.ts";
import {
  type AnyStreamOperation,
  answeredId,
  exactValue,
  fits,
  frameText,
  type Incoming,
  isRefusal,
  readFrame,
  tableOf,
} from "./stream_frames.ts";
import type { FrameWriter, SessionPort } from "./stream_port.ts";
import { type Topic, TopicTable } from "./topic.ts";

/** `connecting` lasts from a loss to the next open socket, `starting` until the log-on is done. */
export type SessionState = "idle" | "connecting" | "starting" | "ready" | "closed";

/** How a session judges time, in milliseconds. */
export interface SessionTiming {
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** Silence after which the socket counts as dead; twice the contract's heartbeat by default. */
  readonly silenceMs?: number;
}

type Members = Readonly<Record<string, unknown>>;

interface Pending {
  readonly operation: AnyStreamOperation;
  readonly input: Members;
  readonly expires: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The state machine of one socket. */
export class StreamSession {
  readonly #protocol: StreamProtocol;
  readonly #port: SessionPort;
  readonly #timing: SessionTiming;
  readonly #random: () => number;
  readonly #pending = new Map<string, Pending>();
  readonly #topics = new TopicTable();
  #state: SessionState = "idle";
  #wasReady = false;
  #attempt = 0;
  #lastId = 0;
  #heardAt = 0;
  /** The last time that the session was told. */
  #toldAt = 0;

  constructor(
    protocol: StreamProtocol,
    port: SessionPort,
    timing: SessionTiming,
    random: () => number = Math.random,
  ) {
    this.#protocol = protocol;
    this.#port = port;
    this.#timing = timing;
    this.#random = random;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Starts: asks for a socket at once. */
  start(now: number): void {
    if (this.#state !== "idle") return;
    this.#connect(now, 0);
  }

  /** The socket is open. */
  opened(now: number): void {
    if (this.#state !== "connecting") return;
    this.#heardAt = now;
    this.#enter("starting");
    this.#lastId += 1;
    const id = String(this.#lastId);
    const { logOn } = this.#protocol;
    const signed = logOn === undefined ? undefined : this.#port.logOnText(id);
    if (logOn === undefined || signed === undefined) {
      this.#ready(now);
      return;
    }
    const epoch = this.#attempt;
    const isCurrent = () => this.#state === "starting" && this.#attempt === epoch;
    signed.then(
      (text) => isCurrent() && this.#logOn(logOn, id, text, now),
      (error: unknown) => isCurrent() && this.stop(error),
    );
  }

  /** The socket is gone. In-flight writes have an unknown outcome; nothing is sent again. */
  closed(now: number, reason: string, cause?: unknown): void {
    if (this.#state === "closed" || this.#state === "idle") return;
    this.#failPending(new TransportError(`the socket closed with ${reason}`, true));
    for (const topic of this.#topics.all()) topic.disconnected();
    if (!this.#wasReady) {
      // Whoever asked for the first connection is told, and may ask again.
      const text = `cannot connect: the socket closed with ${reason}`;
      this.#enter("idle", cause ?? new ConnectError(text));
      return;
    }
    const ceiling = Math.min(
      this.#timing.longestDelayMs,
      this.#timing.firstDelayMs * 2 ** Math.min(this.#attempt, 20),
    );
    this.#attempt += 1;
    this.#connect(now, ceiling * this.#random());
  }

  /** A frame arrived. */
  frame(text: string, now: number): void {
    if (this.#state !== "starting" && this.#state !== "ready") return;
    this.#heardAt = now;
    this.#toldAt = now;
    let frame: Incoming;
    try {
      frame = readFrame(this.#protocol, text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#lose(now, `a frame is no JSON (${reason})`);
      return;
    }
    const id = answeredId(this.#pending, frame);
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (pending !== undefined && id !== undefined) {
      this.#pending.delete(id);
      this.#answer(pending, frame);
      return;
    }
    if (!this.#deliver(frame, now)) this.#port.unknown(text);
    if (this.#port.hears?.(frame.value)) this.#lose(now, "the end of its session");
  }

  /** Time passed: expires requests, and drops a socket that is silent for too long. */
  tick(now: number): void {
    this.#toldAt = now;
    for (const [id, pending] of this.#pending) {
      if (pending.expires > now) continue;
      this.#pending.delete(id);
      this.#reject(pending, new TimeoutError(`no reply to ${pending.operation.name}`, true));
    }
    const { heartbeatMs } = this.#protocol;
    const silenceMs =
      this.#timing.silenceMs ?? (heartbeatMs === undefined ? undefined : 2 * heartbeatMs);
    const isUp = this.#state === "starting" || this.#state === "ready";
    if (isUp && silenceMs !== undefined && now - this.#heardAt > silenceMs) {
      this.#lose(now, `nothing was heard for ${silenceMs} ms`);
    } else if (
      this.#state === "connecting" &&
      now - this.#heardAt > this.#timing.connectTimeoutMs
    ) {
      this.#lose(now, "it did not open in time");
    }
  }

  /**
   * Sends a request. Rejects at once where the socket is down: nothing is kept for later. `write`
   * makes the frame's text, signed where the contract asks for it.
   */
  request(
    operation: AnyStreamOperation,
    input: Members,
    now: number,
    write: FrameWriter = (id) => frameText(operation, id, input),
  ): Promise<unknown> {
    if (this.#state !== "ready") return Promise.reject(this.#unsent(operation));
    this.#lastId += 1;
    const id = String(this.#lastId);
    const text = write(id);
    if (typeof text === "string") return this.#exchange(operation, id, input, () => text, now);
    return text.then((signed) => {
      // The socket may have gone while the signature was made.
      if (this.#state !== "ready") throw this.#unsent(operation);
      return this.#exchange(operation, id, input, () => signed, now);
    });
  }

  /** Sends a message that has no reply. Throws where the socket is down. */
  send(
    operation: AnyStreamOperation,
    input: Members,
    write: FrameWriter = (id) => frameText(operation, id, input),
  ): void {
    if (this.#state !== "ready") throw this.#unsent(operation);
    this.#lastId += 1;
    const text = write(String(this.#lastId));
    if (typeof text === "string") {
      this.#port.send(text);
      return;
    }
    // There is no reply that could tell of a failure later, so it is told of now.
    text.catch(() => undefined);
    throw new ConfigurationError(
      `${operation.name} has no reply and is signed: its credentials must sign without waiting`,
    );
  }

  /** Follows a topic from now on, and again after each reconnect. */
  add(topic: Topic, now: number): void {
    this.#topics.add(topic);
    if (this.#state === "ready") this.#subscribe(topic, now);
  }

  /** Stops following a topic. */
  remove(topic: Topic, now: number): void {
    const wasLast = this.#topics.remove(topic);
    const { unsubscribe } = this.#protocol;
    if (!wasLast || this.#state !== "ready" || unsubscribe === undefined || !topic.isTopic) return;
    const input = { [this.#protocol.topicProperty ?? "topic"]: topic.address };
    // Nobody reads the topic any more, so a refusal to stop it hurts nobody either.
    this.#ask(unsubscribe, input, now).catch(() => undefined);
  }

  /** Ends everything; with an error, subscriptions and requests fail with it. */
  stop(error: unknown = new StreamClosedError("the stream is closed")): void {
    if (this.#state === "closed") return;
    this.#failPending(new TransportError("the stream was closed", true));
    for (const topic of this.#topics.all()) topic.fail(error);
    this.#topics.clear();
    this.#port.drop();
    this.#enter("closed", error);
  }

  #connect(now: number, delayMs: number): void {
    this.#heardAt = now + delayMs;
    this.#enter("connecting");
    this.#port.openAfter(delayMs);
  }

  #lose(now: number, reason: string, cause?: unknown): void {
    this.#port.drop();
    this.closed(now, reason, cause);
  }

  #logOn(operation: AnyStreamOperation, id: string, text: string, now: number): void {
    const epoch = this.#attempt;
    this.#exchange(operation, id, {}, () => text, now).then(
      () => this.#state === "starting" && this.#ready(now),
      (error: unknown) => {
        if (this.#port.ends?.(operation, error)) {
          this.#lose(this.#toldAt, "the end of its session");
          return;
        }
        // A log-on that was lost with its socket is tried again with the next one.
        if (this.#state !== "starting" || this.#attempt !== epoch) return;
        // A refused log-on is refused again; one without an answer may be answered elsewhere.
        if (error instanceof ApiError) this.stop(error);
        else this.#lose(this.#toldAt, "a log-on that failed", error);
      },
    );
  }

  #ready(now: number): void {
    this.#attempt = 0;
    this.#wasReady = true;
    this.#enter("ready");
    const addresses = new Set<string>();
    for (const topic of this.#topics.all()) {
      if (!topic.isTopic || !addresses.has(topic.address)) this.#subscribe(topic, now);
      addresses.add(topic.address);
    }
  }

  #deliver(frame: Incoming, now: number): boolean {
    let isTaken = false;
    let isLost: Topic | undefined;
    for (const topic of this.#topics.for(frame)) {
      const delivery = topic.deliver(frame);
      isTaken ||= delivery !== "foreign";
      if (delivery === "again") isLost = topic;
    }
    if (isLost !== undefined) this.#subscribe(isLost, now);
    return isTaken;
  }

  #subscribe(topic: Topic, now: number): void {
    const { subscribe } = this.#protocol;
    if (!topic.isTopic || subscribe === undefined) {
      // What comes on the open socket unasked needs nobody's leave.
      topic.confirmed();
      return;
    }
    const input = { [this.#protocol.topicProperty ?? "topic"]: topic.address };
    this.#ask(subscribe, input, now).then(
      () => {
        this.#port.ends?.(subscribe);
        for (const one of this.#topics.at(topic.address)) one.confirmed();
      },
      (error: unknown) => {
        if (this.#port.ends?.(subscribe, error)) {
          this.#lose(now, "the end of its session");
          return;
        }
        // After a loss the topic is subscribed again with the next socket.
        if (!(error instanceof ApiError || error instanceof ConfigurationError)) return;
        for (const one of this.#topics.at(topic.address)) {
          // Another subscription to the same address may stand: its events go on.
          if (one.isLive && one !== topic) continue;
          this.#topics.remove(one);
          one.fail(error);
        }
      },
    );
  }

  /** Sends a request of the session's own, signed where the contract asks for it. */
  async #ask(operation: AnyStreamOperation, input: Members, now: number): Promise<unknown> {
    return this.request(operation, input, now, this.#port.writer(operation, input));
  }

  #unsent(operation: AnyStreamOperation): Error {
    return this.#state === "closed"
      ? new StreamClosedError("the stream is closed")
      : new NotConnectedError(`${operation.name} was not sent: the stream is ${this.#state}`);
  }

  #exchange(
    operation: AnyStreamOperation,
    id: string,
    input: Members,
    text: () => string,
    now: number,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#port.send(text());
      const expires = now + this.#timing.requestTimeoutMs;
      this.#pending.set(id, { operation, input, expires, resolve, reject });
    });
  }

  #answer(pending: Pending, frame: Incoming): void {
    const { operation } = pending;
    const reply = (operation.replies ?? []).find((one) => fits(one, frame));
    try {
      if (reply === undefined) {
        throw new ProtocolError(`the reply to ${operation.name} has type ${frame.tag}`, true);
      }
      const { isExact } = codec(reply.schema ?? "plain");
      const whole = exactValue(frame, isExact);
      const value = at(whole, reply.result ?? "");
      if (reply.isError !== true && !isRefusal(reply, whole)) {
        pending.resolve(decodeValue(value, reply.schema ?? "plain", frame.text));
        return;
      }
      throw makeApiError(tableOf(operation.errors ?? NO_ERRORS, reply), whole, {
        status: 0,
        raw: frame.text,
        retryAfterS: undefined,
        requestId: undefined,
      });
    } catch (error) {
      this.#reject(pending, error);
    }
  }

  #reject(pending: Pending, error: unknown): void {
    pending.reject(outcomeError(pending.operation, pending.input, error));
  }

  #failPending(error: TransportError): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) this.#reject(pending, error);
  }

  #enter(state: SessionState, error?: unknown): void {
    this.#state = state;
    this.#port.changed(state, error);
  }
}
