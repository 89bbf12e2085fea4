/** The stream client that generated code extends: one WebSocket, kept alive by a session. */

import { type BaseUrl, NOWHERE, parseBaseUrl } from "./base_url.ts";
import { Clock } from "./clock.ts";
import { SessionError, StreamClosedError } from "./errors.ts";
import { type ClientOptions, demandedSigners, type HttpClient, signersOf } from "./http_client.ts";
import { keeperOf } from "./keeping.ts";
import { type Logger, watch } from "./observers.ts";
import type { Channel, StreamOperation, StreamProtocol } from "./operation.ts";
import { mayRepeat } from "./session.ts";
import type { Signer } from "./signing.ts";
import {
  type AnyChannel,
  type AnyStreamOperation,
  filledAddress,
  frameDraft,
  topicNames,
} from "./stream_frames.ts";
import { isFinal, KeptSessions } from "./stream_kept.ts";
import type { FrameWriter, SessionPort } from "./stream_port.ts";
import { type SessionState, type SessionTiming, StreamSession } from "./stream_session.ts";
import {
  filledPath,
  logState,
  type MakeWebSocket,
  platformWebSocket,
  signedText,
  type WebSocketLike,
} from "./stream_socket.ts";
import { Subscription, type SubscriptionOptions } from "./subscription.ts";
import { type Sink, Topic } from "./topic.ts";

/** How a stream client is set up. */
export interface StreamOptions {
  /**
   * The socket's URL, with or without its path. It goes before what the contract, or the reply that
   * opens a session, says.
   */
  readonly baseUrl?: string;
  readonly credentials?: ClientOptions["credentials"];
  /** Opens the sessions that the socket needs (a listen key, a token), which end with it. */
  readonly rest?: HttpClient;
  readonly timing?: Partial<SessionTiming>;
  readonly clock?: Clock;
  /** What fills the braces in the socket's path. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Frames with more characters end the connection. */
  readonly maxFrameLength?: number;
  /** Makes a socket; the platform's WebSocket when it is left out. */
  readonly webSocket?: MakeWebSocket;
  /** Told of every change of state, without frames or secrets; `console` is one. */
  readonly logger?: Logger;
  readonly onState?: (state: SessionState, error?: unknown) => void;
  /** Called with each frame that belongs to nothing that this client knows. */
  readonly onUnknownFrame?: (text: string) => void;
}

const DEFAULT_TIMING: SessionTiming = {
  requestTimeoutMs: 10_000,
  connectTimeoutMs: 10_000,
  firstDelayMs: 250,
  longestDelayMs: 30_000,
};

const TICK_MS = 50;
const MAX_FRAME_LENGTH = 16 * 1024 * 1024;

type Input = Readonly<Record<string, unknown>>;

/** One WebSocket to a venue: requests with replies, and channels as async iterators. */
export class StreamClient {
  readonly clock: Clock;
  #base: BaseUrl;
  /** Whether the reply that opens a session says where the socket is. */
  readonly #isTold: boolean;
  readonly #path: string;
  readonly #protocol: StreamProtocol;
  readonly #options: StreamOptions;
  readonly #signers: ReadonlyMap<string, Signer>;
  readonly #session: StreamSession;
  readonly #kept: KeptSessions;
  /** Which attempt to connect is the current one. */
  #attempt = 0;
  #socket: WebSocketLike | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #reconnect: ReturnType<typeof setTimeout> | undefined;
  #waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];

  /** Throws `ConfigurationError` where neither `options` nor a session can tell the place. */
  constructor(protocol: StreamProtocol, options: StreamOptions & { readonly defaultUrl?: string }) {
    this.clock = options.clock ?? new Clock();
    this.#path = filledPath(protocol, options.parameters ?? {});
    this.#protocol = protocol;
    this.#options = options;
    this.#kept = new KeptSessions(protocol, options.rest);
    this.#isTold = options.baseUrl === undefined && this.#kept.namesServer;
    this.#base = this.#isTold ? NOWHERE : parseBaseUrl(options.baseUrl ?? options.defaultUrl ?? "");
    const held = signersOf(options.credentials, this.clock);
    this.#signers = new Map<string, Signer>([...held, ...this.#kept.signers]);
    const timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#session = new StreamSession(protocol, this.#port(), timing);
  }

  /** Where the connection stands. */
  get state(): SessionState {
    return this.#session.state;
  }

  /**
   * Opens the socket and logs on. Resolves when requests can be sent. Rejects with `ConnectError`
   * when the venue cannot be reached, which leaves the client as it was; and with the venue's error
   * when it refuses the log-on, which ends it. A connection that is lost later comes back.
   */
  connect(): Promise<void> {
    if (this.state === "ready") return Promise.resolve();
    if (this.state === "closed") return Promise.reject(new StreamClosedError("it is closed"));
    const ready = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#ticker ??= setInterval(() => this.#tick(performance.now()), TICK_MS);
    this.#session.start(performance.now());
    return ready;
  }

  /**
   * Sends a request and waits for its reply. It is never sent twice, and never later: where the
   * socket is down it rejects with `NotConnectedError`, where the socket is lost before the reply
   * came a write rejects with `UnknownOutcomeError`.
   */
  async request<In extends object, Output>(
    operation: StreamOperation<In, Output>,
    input: In,
  ): Promise<Output> {
    if (this.#kept.isEmpty) return this.#exchange(operation, input);
    const plain = operation as unknown as AnyStreamOperation;
    let answer: Output;
    try {
      answer = await this.#exchange(operation, input);
    } catch (error) {
      if (!this.#kept.ends(plain, error) || !mayRepeat(plain.effect, error)) throw error;
      await this.#kept.open();
      answer = await this.#exchange(operation, input);
    }
    this.#kept.ends(plain);
    return answer;
  }

  #exchange<In extends object, Output>(
    operation: StreamOperation<In, Output>,
    input: In,
  ): Promise<Output> {
    try {
      const plain = operation as unknown as AnyStreamOperation;
      const write = this.#writer(plain, input as Input);
      const now = performance.now();
      return this.#session.request(plain, input as Input, now, write) as Promise<Output>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Sends a message that has no reply. Throws `NotConnectedError` where the socket is down. */
  send<In extends object>(operation: StreamOperation<In, unknown>, input: In): void {
    const plain = operation as unknown as AnyStreamOperation;
    this.#session.send(plain, input as Input, this.#writer(plain, input as Input));
  }

  /** Follows a channel; its subscription survives reconnects. Throws `ConfigurationError`. */
  subscribe<In extends object, Output>(
    channel: Channel<In, Output>,
    input: In,
    options: SubscriptionOptions = {},
  ): Subscription<Output> {
    if (this.state === "closed") throw new StreamClosedError("the stream is closed");
    demandedSigners(channel.name, channel.security ?? [], this.#signers);
    const plain = channel as unknown as AnyChannel;
    // What the address of a socket holds was filled when it was opened.
    const address = channel.isTopic ? filledAddress(plain, input as Input) : channel.address;
    const subscription = new Subscription<Output>(options, () =>
      this.#session.remove(topic, performance.now()),
    );
    const names = channel.isTopic ? topicNames(plain, input as Input) : [address];
    const sink: Sink = {
      start: () => subscription.start(),
      push: (event) => subscription.push(event as Output),
      interrupt: (reason) => subscription.interrupt(reason),
      fail: (error) => subscription.fail(error),
    };
    const topic = new Topic(plain, address, sink, names);
    this.#session.add(topic, performance.now());
    return subscription;
  }

  /** Closes the socket and ends every subscription. */
  async close(): Promise<void> {
    this.#session.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #port(): SessionPort {
    return {
      send: (text) => this.#socket?.send(text),
      drop: () => this.#drop(),
      openAfter: (delayMs) => {
        this.#reconnect = setTimeout(() => void this.#openOrStop(), delayMs);
      },
      logOnText: (id) => this.#logOnText(id),
      writer: (operation, input) =>
        operation.signedBy === undefined ? undefined : this.#writer(operation, input),
      changed: (state, error) => this.#changed(state, error),
      unknown: (text) => this.#options.onUnknownFrame?.(text),
      ...(this.#kept.isEmpty
        ? {}
        : {
            hears: (message) => this.#kept.hears(message),
            ends: (operation, error) => this.#kept.ends(operation, error),
          }),
    };
  }

  /** The path of the handshake; a base URL that names the whole of it is taken as it is. */
  #target(): string {
    const { path } = this.#base;
    if (path !== "" && (this.#path === path || this.#path === "/")) return path;
    return path + this.#path;
  }

  async #openOrStop(): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    try {
      if (this.#kept.isEmpty) {
        this.#open(this.#target(), {});
        return;
      }
      await this.#kept.open();
      if (this.#isTold) this.#base = this.#kept.server();
      const { target, headers } = await this.#kept.handshake(this.#base.host, this.#target());
      // While the session was opened the client may have been closed, or have given up.
      if (attempt === this.#attempt) this.#open(target, headers);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      if (error instanceof SessionError && !isFinal(error)) {
        this.#session.closed(performance.now(), "a session that is not open", error);
        return;
      }
      // Without a WebSocket, or with an impossible URL, another attempt would fail as well.
      this.#session.stop(error);
    }
  }

  #open(target: string, headers: Readonly<Record<string, string>>): void {
    const scheme = this.#base.isSecure ? "wss" : "ws";
    const url = `${scheme}://${this.#base.host}${target}`;
    const make = this.#options.webSocket ?? platformWebSocket();
    const hasHeaders = Object.keys(headers).length > 0;
    const socket = hasHeaders ? new make(url, { headers }) : new make(url);
    this.#socket = socket;
    let isOpen = false;
    socket.binaryType = "arraybuffer";
    // A socket that was dropped may still report: only the current one is listened to.
    const ifCurrent = (act: () => void) => {
      if (this.#socket === socket) act();
    };
    socket.addEventListener("open", () =>
      ifCurrent(() => {
        isOpen = true;
        this.#session.opened(performance.now());
      }),
    );
    socket.addEventListener("message", (event: { readonly data: unknown }) =>
      ifCurrent(() => this.#message(event.data)),
    );
    socket.addEventListener("close", (event: { readonly code: number; readonly reason: string }) =>
      ifCurrent(() => {
        this.#socket = undefined;
        if (!isOpen) this.#kept.notOpened();
        const reason = event.reason === "" ? "" : ` (${event.reason})`;
        this.#session.closed(performance.now(), `code ${event.code}${reason}`);
      }),
    );
    socket.addEventListener("error", () => undefined);
  }

  #message(data: unknown): void {
    const text =
      typeof data === "string" ? data : new TextDecoder().decode(data as ArrayBuffer | Uint8Array);
    const now = performance.now();
    if (text.length > (this.#options.maxFrameLength ?? MAX_FRAME_LENGTH)) {
      this.#drop();
      this.#session.closed(now, `a frame of ${text.length} characters is too long`);
      return;
    }
    this.#session.frame(text, now);
  }

  #tick(now: number): void {
    this.#session.tick(now);
    if (this.#kept.isEmpty || !this.#kept.isDue(now)) return;
    this.#kept.renew(now).then(
      () => this.#leaveOldAddress(),
      (error: unknown) => this.#session.stop(error),
    );
  }

  #leaveOldAddress(): void {
    if (this.#socket === undefined || !this.#kept.hasMoved(this.#path)) return;
    this.#drop();
    this.#session.closed(performance.now(), "its session opened anew");
  }

  #drop(): void {
    this.#attempt += 1;
    clearTimeout(this.#reconnect);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #changed(state: SessionState, error: unknown): void {
    if (state === "ready" || state === "closed" || state === "idle") {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const one of waiting) {
        if (state === "ready") one.resolve();
        else one.reject(error);
      }
    }
    if (state === "closed" || state === "idle") {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
    const { logger, onState } = this.#options;
    if (logger !== undefined) watch(() => logState(logger, state, error));
    onState?.(state, error);
  }

  /**
   * What writes an operation's frames, signed where its scheme signs each message; undefined where
   * the session writes them alone. Throws `ConfigurationError` without the demanded credentials.
   */
  #writer(operation: AnyStreamOperation, input: Input): FrameWriter | undefined {
    const { name, security, signedBy } = operation;
    this.#requireSessions(security ?? []);
    const demanded = demandedSigners(name, security ?? [], this.#signers);
    if (signedBy === undefined) return undefined;
    const signers = signedBy
      .flatMap((scheme) => this.#signers.get(scheme) ?? [])
      .filter((signer) => demanded.includes(signer));
    if (signers.length === 0) return undefined;
    return (id) => {
      const draft = frameDraft(operation, id, input, this.#base.host, this.#target());
      return signedText(operation, draft, signers);
    };
  }

  /** Throws `ConfigurationError`, saying what to pass, where only a session is missing. */
  #requireSessions(security: readonly (readonly string[])[]): void {
    const isMet = security.some((schemes) => schemes.every((one) => this.#signers.has(one)));
    const missing = isMet ? undefined : security.flat().find((one) => this.#needs(one));
    if (missing !== undefined) keeperOf(this.#options.rest, missing);
  }

  #needs(scheme: string): boolean {
    return this.#protocol.sessions?.includes(scheme) === true && !this.#signers.has(scheme);
  }

  #logOnText(id: string): Promise<string> | undefined {
    const { logOn } = this.#protocol;
    if (logOn === undefined || this.#signers.size === 0) return undefined;
    return this.#signedLogOn(logOn, id);
  }

  async #signedLogOn(logOn: AnyStreamOperation, id: string): Promise<string> {
    const draft = frameDraft(logOn, id, {}, this.#base.host, this.#target());
    const signers = demandedSigners(logOn.name, logOn.security ?? [], this.#signers);
    return signedText(logOn, draft, signers);
  }
}
