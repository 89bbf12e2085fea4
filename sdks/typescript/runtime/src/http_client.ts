/** The REST client that generated operations call: build, sign, send, decide, perhaps again. */

import { readAnswer } from "./answer.ts";
import { type BaseUrl, parseBaseUrl } from "./base_url.ts";
import { Clock } from "./clock.ts";
import { ConfigurationError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { holdSessions, rememberKeepers, type SessionKeeper, SessionSigner } from "./keeping.ts";
import {
  type AttemptReport,
  errorName,
  type Hooks,
  type Logger,
  logAttempt,
  watch,
} from "./observers.ts";
import type { HttpOperation } from "./operation.ts";
import { type PageStep, pageStep } from "./pages.ts";
import { isNode, platformTransport } from "./platform.ts";
import { RequestPlan } from "./request.ts";
import { DEFAULT_RETRY, outcomeError, type RetryPolicy, retryDelayMs } from "./retry.ts";
import { mayRepeat, type SessionAsk, type SessionRule } from "./session.ts";
import type { Credentials, Signer } from "./signing.ts";
import type { WireResponse } from "./transport.ts";
import { DEFAULT_LIMITS, type Limits, type Transport, type TransportFactory } from "./transport.ts";

/** How a client is set up. */
export interface ClientOptions {
  /** Where the venue is; the contract's first server when it is left out. */
  readonly baseUrl?: string;
  /** Where operations with an own server are, by the URL that the contract gives that server. */
  readonly baseUrls?: Readonly<Record<string, string>>;
  readonly credentials?: Credentials | readonly Credentials[];
  /** The time for a whole attempt, 10 seconds when it is left out. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly limits?: Partial<Limits>;
  readonly clock?: Clock;
  readonly userAgent?: string;
  readonly transport?: TransportFactory;
  readonly hooks?: Hooks;
  /** Told of every attempt, without headers, queries, bodies or secrets; `console` is one. */
  readonly logger?: Logger;
  /** Called after every attempt, with what the logger is told. */
  readonly onAttempt?: (report: AttemptReport) => void;
}

/** What a single call may change. */
export interface CallOptions {
  readonly timeoutMs?: number;
  /** Sent besides the contract's own headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer with what HTTP said about it. */
export interface RawAnswer<Output> {
  readonly value: Output;
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** The bytes of the body, as they came. */
  readonly body: Uint8Array;
}

type Input = Readonly<Record<string, unknown>>;
type AnyOperation = HttpOperation<unknown, unknown>;

/** What a generated client knows besides the user's options. */
interface Settings extends ClientOptions {
  readonly baseUrl: string;
  /** The contract's own first server. */
  readonly defaultUrl?: string;
  /** The contract's own sessions. */
  readonly sessions?: readonly SessionRule[];
}

/** One place of the venue, and what carries requests there. */
interface Route {
  readonly base: BaseUrl;
  readonly transport: Transport;
}

interface Planned {
  readonly plan: RequestPlan;
  readonly route: Route;
}

/** One attempt of a call; what answers with a secret is shown to no hook. */
interface Sent {
  readonly options: CallOptions | undefined;
  readonly attempt: number;
  readonly isSecret: boolean;
  readonly kept: readonly Kept[];
}

/** A session, and the generation of its values, or its values for this request alone. */
interface Kept {
  readonly keeper: SessionKeeper;
  readonly generation: number;
  readonly given?: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Calls operations of one venue. Generated clients extend it; generated functions take it. */
export class HttpClient {
  readonly clock: Clock;
  readonly #settings: Settings;
  readonly #routes = new Map<string, Route>();
  readonly #timeoutMs: number;
  readonly #retry: RetryPolicy;
  readonly #signers: ReadonlyMap<string, Signer>;
  readonly #keepers: ReadonlyMap<string, SessionKeeper>;
  readonly #plans = new Map<AnyOperation, Planned>();
  readonly #userAgent: string | undefined;
  readonly #hooks: Hooks;
  readonly #report: ((report: AttemptReport) => void) | undefined;

  constructor(options: Settings) {
    this.clock = options.clock ?? new Clock();
    this.#settings = options;
    this.#timeoutMs = checkedTimeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    this.#retry = { ...DEFAULT_RETRY, ...options.retry };
    const held = signersOf(options.credentials, this.clock);
    const ask = (one: SessionAsk) => this.#askSession(one);
    const own = listed(options.credentials);
    this.#keepers = holdSessions(options.sessions ?? [], own, held, this.clock, ask);
    rememberKeepers(this, this.#keepers, (one) => this.#plan(one).route.base);
    this.#signers = held;
    // Browsers name themselves, and would ask the venue for leave to send another name.
    this.#userAgent = isNode() ? (options.userAgent ?? "venuekit") : options.userAgent;
    this.#hooks = options.hooks ?? {};
    this.#report = reporter(options);
    this.#route(options.baseUrl);
  }

  /**
   * Calls an operation. Rejects with the errors of `errors.ts`: `ApiError` where the venue
   * refused, `UnknownOutcomeError` where a write may have been carried out without an answer.
   */
  async call<In extends object, Output>(
    operation: HttpOperation<In, Output>,
    input: In,
    options?: CallOptions,
  ): Promise<Output> {
    return (await this.callRaw(operation, input, options)).value;
  }

  /** Calls an operation and returns status and headers besides its value. */
  callRaw<In extends object, Output>(
    operation: HttpOperation<In, Output>,
    input: In,
    options?: CallOptions,
  ): Promise<RawAnswer<Output>> {
    return this.#exchange(operation, input, options, false);
  }

  async #exchange<In extends object, Output>(
    operation: HttpOperation<In, Output>,
    input: In,
    options: CallOptions | undefined,
    isSecret: boolean,
  ): Promise<RawAnswer<Output>> {
    const planned = this.#plan(operation as AnyOperation);
    const { plan } = planned;
    let hasRenewed = false;
    for (let attempt = 0; ; attempt += 1) {
      const kept = this.#keepers.size === 0 ? [] : await this.#kept(plan.operation);
      try {
        const sent = { options, attempt, isSecret, kept };
        const response = await this.#attempt(planned, input as Input, sent);
        const value = readAnswer(plan.operation, response) as Output;
        const { status, body } = response;
        return { value, status, body, header: (name) => response.header(name) };
      } catch (error) {
        const { effect } = operation;
        const isOver = meetsEnd(kept, effect, error);
        const delay = retryDelayMs(this.#retry, effect, attempt, error, Math.random());
        const wait = isOver && !hasRenewed ? 0 : delay;
        hasRenewed ||= isOver;
        if (wait === undefined) throw outcomeError(plan.operation, input as Input, error);
        await new Promise((resume) => setTimeout(resume, wait));
      }
    }
  }

  /** Opens and refreshes what an operation's signers need. Rejects with `SessionError`. */
  async #kept(operation: AnyOperation): Promise<readonly Kept[]> {
    const found: Kept[] = [];
    for (const signer of this.#demanded(operation)) {
      if (!(signer instanceof SessionSigner)) continue;
      const keeper = this.#keepers.get(signer.session.rule.scheme);
      if (keeper === undefined) continue;
      const { isSingleUse } = keeper.session.rule;
      const given = isSingleUse === true ? { given: await keeper.draw() } : {};
      const generation = isSingleUse === true ? 0 : await keeper.keep();
      found.push({ keeper, generation, ...given });
    }
    return found;
  }

  async #askSession({ operation, input }: SessionAsk): Promise<unknown> {
    const { body } = await this.#exchange(operation, input, undefined, true);
    const text = new TextDecoder().decode(body);
    return text.trim() === "" ? undefined : parseJson(text, false);
  }

  /**
   * Yields every item of an operation that answers in pages, from the input's own cursor or page
   * on; a page is asked for when its first item is. Rejects as `call` does.
   */
  async *iterate<Item, In extends object>(
    operation: HttpOperation<In, unknown>,
    input: In,
    options?: CallOptions,
  ): AsyncGenerator<Item, void, undefined> {
    const { pages, name } = operation;
    if (pages === undefined) throw new TypeError(`${name} does not answer in pages`);
    for (let asked: Input | undefined = input as Input; asked !== undefined; ) {
      const answer = await this.call(operation, asked as In, options);
      const step: PageStep = pageStep(pages, asked, answer);
      yield* step.items as readonly Item[];
      asked = step.next;
    }
  }

  /** Ends the sessions that the contract says how to end, and closes every connection. */
  async close(): Promise<void> {
    for (const keeper of [...this.#keepers.values()].reverse()) await keeper.close();
    await Promise.all([...this.#routes.values()].map((route) => route.transport.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #plan(operation: AnyOperation): Planned {
    let planned = this.#plans.get(operation);
    if (planned === undefined) {
      const route = this.#route(this.#urlOf(operation));
      planned = { plan: new RequestPlan(operation, route.base), route };
      this.#plans.set(operation, planned);
    }
    return planned;
  }

  /** Where an operation goes: a client that was pointed at a sandbox never leaves it unasked. */
  #urlOf(operation: AnyOperation): string {
    const { baseUrl, baseUrls, defaultUrl } = this.#settings;
    if (operation.baseUrl === undefined) return baseUrl;
    const own = baseUrls?.[operation.baseUrl];
    if (own !== undefined) return own;
    if (baseUrl === defaultUrl) return operation.baseUrl;
    throw new ConfigurationError(
      `${operation.name} is served at ${operation.baseUrl}, and this client was pointed ` +
        "elsewhere: say with the option baseUrls where that is",
    );
  }

  #route(url: string): Route {
    let route = this.#routes.get(url);
    if (route === undefined) {
      const base = parseBaseUrl(url);
      const limits = { ...DEFAULT_LIMITS, ...this.#settings.limits };
      const make = this.#settings.transport ?? platformTransport;
      route = { base, transport: make(base.origin, limits) };
      this.#routes.set(url, route);
    }
    return route;
  }

  async #attempt(
    { plan, route }: Planned,
    input: Input,
    { options, attempt, isSecret, kept }: Sent,
  ): Promise<WireResponse> {
    const draft = plan.build(input);
    // A header that may stand once: the contract's parameter goes before the SDK's own.
    const isNamed = draft.headers.some(([name]) => name.toLowerCase() === "user-agent");
    if (this.#userAgent !== undefined && !isNamed) draft.addHeader("user-agent", this.#userAgent);
    for (const [name, value] of Object.entries(options?.headers ?? {})) {
      draft.addHeader(name.toLowerCase(), value);
    }
    const { name, method, path } = plan.operation;
    const facts = { operation: name, method, path, attempt };
    const hooked = this.#hooks.onRequest?.(draft, facts);
    if (hooked !== undefined) await hooked;
    for (const signer of this.#demanded(plan.operation)) {
      if (signer.sign === undefined) {
        throw new ConfigurationError(`these credentials cannot sign ${name}`);
      }
      const once = kept.find(({ keeper }) => keeper.signer === signer)?.given;
      const isOnce = once !== undefined && signer instanceof SessionSigner;
      const pending = isOnce ? signer.signOnce(draft, once) : signer.sign(draft);
      if (pending !== undefined) await pending;
    }
    const timeoutMs = checkedTimeout(options?.timeoutMs ?? this.#timeoutMs);
    const report = this.#report;
    // What opens a session answers with a secret.
    const onResponse = isSecret ? undefined : this.#hooks.onResponse;
    if (report === undefined && onResponse === undefined) {
      return route.transport.send(draft.finish(), timeoutMs);
    }
    const start = performance.now();
    const sent = route.transport.send(draft.finish(), timeoutMs);
    return sent.then(
      (response) => {
        const durationMs = performance.now() - start;
        if (report) watch(() => report({ ...facts, status: response.status, durationMs }));
        if (onResponse) watch(() => onResponse(response, facts));
        return response;
      },
      (error: unknown) => {
        const durationMs = performance.now() - start;
        if (report) watch(() => report({ ...facts, durationMs, error: errorName(error) }));
        throw error;
      },
    );
  }

  /** The signers of the first alternative for which there are all credentials. */
  #demanded(operation: AnyOperation): readonly Signer[] {
    const { name, security } = operation;
    return demandedSigners(name, security ?? [], this.#signers, this.#settings.sessions);
  }
}

/** The signers of the first alternative that the credentials fill. Throws `ConfigurationError`. */
export const demandedSigners = (
  name: string,
  security: readonly (readonly string[])[],
  signers: ReadonlyMap<string, Signer>,
  sessions: readonly SessionRule[] = [],
): readonly Signer[] => {
  if (security.length === 0) return [];
  for (const schemes of security) {
    const found = schemes.flatMap((scheme) => signers.get(scheme) ?? []);
    if (found.length === schemes.length) return found;
  }
  const wanted = security.map((schemes) => schemes.join(" and ")).join(", or ");
  const held = [...signers.keys()].join(", ") || "none";
  const opened = sessions
    .filter(({ scheme }) => security.flat().includes(scheme) && !signers.has(scheme))
    .map(({ scheme, open }) => `; ${scheme} is a session that ${open.operation.name} opens`);
  throw new ConfigurationError(
    `${name} needs credentials for ${wanted}; the client has ${held}${opened.join("")}`,
  );
};

/** The signers of some credentials, by scheme. */
export const signersOf = (
  credentials: ClientOptions["credentials"],
  clock: Clock,
): Map<string, Signer> =>
  new Map(listed(credentials).map((one) => [one.scheme, one.signer(clock)]));

const listed = (credentials: ClientOptions["credentials"]): readonly Credentials[] =>
  credentials === undefined ? [] : "scheme" in credentials ? [credentials] : credentials;

/** Whether a session was gone, and the request may be sent again with a new one. */
const meetsEnd = (kept: readonly Kept[], effect: string, error: unknown): boolean => {
  let hasEnded = false;
  for (const { keeper, generation } of kept) {
    if (!keeper.session.isEndedBy(error)) continue;
    keeper.session.end(generation);
    hasEnded = true;
  }
  return hasEnded && mayRepeat(effect, error);
};

/** One function for all who want a report, or none where nobody does. */
const reporter = ({ logger, onAttempt }: ClientOptions) => {
  if (logger === undefined && onAttempt === undefined) return undefined;
  return (report: AttemptReport): void => {
    if (logger !== undefined) watch(() => logAttempt(logger, report));
    onAttempt?.(report);
  };
};

const checkedTimeout = (timeoutMs: number): number => {
  if (Number.isFinite(timeoutMs) && timeoutMs > 0) return timeoutMs;
  throw new ConfigurationError(`expected a timeout above 0 ms, found ${timeoutMs}`);
};
