/** Who keeps sessions alive: what signs with their values, and how clients wait for them. */

import type { BaseUrl } from "./base_url.ts";
import type { Clock } from "./clock.ts";
import { ConfigurationError, SessionError, VenueError } from "./errors.ts";
import { Session, type SessionAsk, type SessionRule } from "./session.ts";
import { allowedServer } from "./session_server.ts";
import type { Credentials, RequestDraft, Signer } from "./signing.ts";

/** Sends one call of a session and returns its reply as plain JSON values. */
export type Ask = (ask: SessionAsk) => Promise<unknown>;

/** Where a client calls the operation of a session. */
export type AskedAt = (operation: SessionAsk["operation"]) => BaseUrl;

/** Credentials that emitted code made for a scheme with a session. */
interface SessionCredentials extends Credentials {
  sessionParts?(): Readonly<Record<string, string | undefined>>;
}

/** Signs under one scheme with what its session gives. */
export class SessionSigner implements Signer {
  readonly session: Session;
  readonly #signer: Signer;

  constructor(signer: Signer, session: Session) {
    this.#signer = signer;
    this.session = session;
  }

  sign(draft: RequestDraft): void | Promise<void> {
    return this.#signer.sign?.(this.#filled(draft));
  }

  /** Signs a REST request with values that serve for it alone. */
  signOnce(draft: RequestDraft, values: Readonly<Record<string, string>>): void | Promise<void> {
    draft.inputs = { ...draft.inputs, ...values };
    return this.#signer.sign?.(draft);
  }

  signMessage(draft: RequestDraft): void | Promise<void> {
    return this.#signer.signMessage?.(this.#filled(draft));
  }

  signHandshake(draft: RequestDraft): void | Promise<void> {
    return this.#signer.signHandshake?.(this.#filled(draft));
  }

  #filled(draft: RequestDraft): RequestDraft {
    draft.inputs = { ...draft.inputs, ...this.session.values };
    return draft;
  }
}

/** Opens and refreshes one session for all who use it, one call at a time. */
export class SessionKeeper {
  readonly session: Session;
  readonly signer: SessionSigner;
  readonly #ask: Ask;
  #running: Promise<void> | undefined;

  constructor(signer: SessionSigner, ask: Ask) {
    this.session = signer.session;
    this.signer = signer;
    this.#ask = ask;
  }

  /**
   * The generation of values that hold now. Nobody waits for a refresh: until it is done the old
   * values hold. Rejects with `SessionError`; all who waited share one failure.
   */
  async keep(): Promise<number> {
    const need = this.session.need();
    if (need === "nothing") return this.session.generation;
    if (need === "refresh" && this.#running !== undefined) return this.session.generation;
    this.#running ??= this.#renew().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
    return this.session.generation;
  }

  /** What the venue gives for one request; whoever asks gets values of their own. */
  draw(): Promise<Readonly<Record<string, string>>> {
    return this.#follow(this.session.draw());
  }

  /** Ends the session at the venue, where the contract has an operation for it. */
  async close(): Promise<void> {
    const ask = this.session.closing();
    try {
      if (ask !== undefined) await this.#ask(ask);
    } catch (error) {
      // Whoever closes a client is done with it: the session then ends when it expires.
      if (!(error instanceof VenueError)) throw error;
    }
    this.session.forget();
  }

  #renew(): Promise<void> {
    return this.#follow(this.session.renew());
  }

  async #follow<Result>(flow: Generator<SessionAsk, Result, unknown>): Promise<Result> {
    let step = flow.next();
    while (step.done !== true) {
      const asked = this.#ask(step.value).then(
        (reply) => () => flow.next(reply),
        (error: unknown) => () => flow.throw(error),
      );
      step = (await asked)();
    }
    return step.value;
  }
}

/**
 * The keepers of the sessions that the held credentials can open, by scheme; what signs with them
 * is put into `held`. A session that asks nothing of the user is there as soon as its opening's own
 * security is met; one may need another.
 */
export const holdSessions = (
  rules: readonly SessionRule[],
  credentials: readonly Credentials[],
  held: Map<string, Signer>,
  clock: Clock,
  ask: Ask,
): Map<string, SessionKeeper> => {
  const found = new Map<string, SessionKeeper>();
  const given = new Map(rules.map(({ scheme }) => [scheme, held.get(scheme)] as const));
  // Held without its session, a scheme must not meet a demand yet.
  for (const { scheme } of rules) held.delete(scheme);
  const times = { now: () => performance.now(), unixMs: () => clock.nowMs(), random: Math.random };
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false;
    for (const rule of rules) {
      const { scheme } = rule;
      if (found.has(scheme) || !isMet(rule.open.operation.security ?? [], held)) continue;
      const own = given.get(scheme);
      const user: SessionCredentials | undefined =
        own === undefined ? rule.credentials?.() : credentials.find((c) => c.scheme === scheme);
      if (user === undefined) continue;
      const session = new Session(rule, user.sessionParts?.() ?? {}, times);
      const signer = new SessionSigner(own ?? user.signer(clock), session);
      held.set(scheme, signer);
      found.set(scheme, new SessionKeeper(signer, ask));
      isGrowing = true;
    }
  }
  return found;
};

const isMet = (
  security: readonly (readonly string[])[],
  held: ReadonlyMap<string, Signer>,
): boolean =>
  security.length === 0 || security.some((schemes) => schemes.every((one) => held.has(one)));

interface Kept {
  readonly keepers: ReadonlyMap<string, SessionKeeper>;
  readonly askedAt: AskedAt;
}

const KEEPERS = new WeakMap<object, Kept>();

/** Remembers the keepers of a client for the streams that it is passed to. */
export const rememberKeepers = (
  client: object,
  keepers: ReadonlyMap<string, SessionKeeper>,
  askedAt: AskedAt,
): void => {
  KEEPERS.set(client, { keepers, askedAt });
};

/**
 * Where the reply that opened a session says that its socket is. Throws `SessionError` where the
 * contract does not let it be there.
 */
export const namedServer = (client: object | undefined, session: Session): BaseUrl => {
  const { scheme, server, open } = session.rule;
  const asked = client === undefined ? undefined : KEEPERS.get(client)?.askedAt(open.operation);
  try {
    if (asked === undefined) throw new ConfigurationError("nothing opened it");
    return allowedServer(session.server, server?.hosts ?? [], asked);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new SessionError(scheme, open.operation.name, error.message, { cause: error });
  }
};

/** Whether a REST client can open the session of a scheme. */
export const hasKeeper = (client: object | undefined, scheme: string): boolean =>
  client !== undefined && KEEPERS.get(client)?.keepers.has(scheme) === true;

/** The keeper of a scheme's session by a REST client. Throws `ConfigurationError`. */
export const keeperOf = (client: object | undefined, scheme: string): SessionKeeper => {
  if (client === undefined) {
    throw new ConfigurationError(
      `this stream needs the session of ${scheme}, which is opened over REST: pass ` +
        "rest: new Client(...) with the credentials for that",
    );
  }
  const keeper = KEEPERS.get(client)?.keepers.get(scheme);
  if (keeper !== undefined) return keeper;
  throw new ConfigurationError(
    `the session of ${scheme} cannot be opened: the client that was passed as rest has no ` +
      "credentials for the operation that opens it",
  );
};
