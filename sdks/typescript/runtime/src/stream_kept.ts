/** The sessions that one socket lives on: what opens them, and what they write into its opening. */

import { at } from "./answer.ts";
import type { BaseUrl } from "./base_url.ts";
import { ApiError, ConfigurationError, SessionError } from "./errors.ts";
import {
  hasKeeper,
  keeperOf,
  namedServer,
  type SessionKeeper,
  type SessionSigner,
} from "./keeping.ts";
import type { StreamProtocol } from "./operation.ts";
import { isRefusal, type Session } from "./session.ts";
import { RequestDraft } from "./signing.ts";
import type { AnyStreamOperation } from "./stream_frames.ts";

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;

/** Where a socket is opened, and the further headers of that request. */
export interface Handshake {
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Keeps what a socket needs through the REST client that was passed with it: the two share their
 * sessions. Throws `ConfigurationError`, saying what to pass, where a session that the socket
 * cannot do without has no client to open it.
 */
export class KeptSessions {
  readonly signers: ReadonlyMap<string, SessionSigner>;
  readonly #keepers: readonly SessionKeeper[];
  readonly #early: readonly SessionSigner[];
  readonly #rest: object | undefined;
  #generations: readonly number[] = [];
  #isRenewing = false;
  #isUnproven = false;
  #failures = 0;
  #againAt = 0;

  constructor(protocol: StreamProtocol, rest: object | undefined) {
    const keepers = new Map<string, SessionKeeper>();
    const early = (protocol.handshake ?? []).filter(([scheme, isRequired]) =>
      hold(keepers, rest, scheme, isRequired),
    );
    for (const scheme of protocol.sessions ?? []) hold(keepers, rest, scheme, false);
    this.#rest = rest;
    this.#keepers = [...keepers.values()];
    this.signers = new Map([...keepers].map(([scheme, keeper]) => [scheme, keeper.signer]));
    this.#early = early.flatMap(([scheme]) => keepers.get(scheme)?.signer ?? []);
  }

  get isEmpty(): boolean {
    return this.#keepers.length === 0;
  }

  /** Whether the reply that opens a session says where the socket is. */
  get namesServer(): boolean {
    return this.#teller() !== undefined;
  }

  /** Where the socket is, by what a session's opening said. Throws `SessionError`. */
  server(): BaseUrl {
    const teller = this.#teller();
    if (teller === undefined) throw new ConfigurationError("no session names the socket's server");
    return namedServer(this.#rest, teller);
  }

  /** Opens or refreshes what is needed now. Rejects with `SessionError`. */
  async open(): Promise<void> {
    for (const keeper of this.#keepers) await keeper.keep();
  }

  /** The request that opens the socket. */
  async handshake(host: string, path: string): Promise<Handshake> {
    const draft = new RequestDraft("GET", host, path);
    for (const signer of this.#early) {
      const pending = signer.signHandshake(draft);
      if (pending !== undefined) await pending;
    }
    this.#generations = this.#early.map(({ session }) => session.generation);
    return { target: draft.target, headers: Object.fromEntries(draft.headers) };
  }

  /** Whether the address of the open socket may hold what is no longer given. */
  hasMoved(path: string): boolean {
    const isFilled = path.includes("{");
    return (
      isFilled &&
      this.#generations.length > 0 &&
      this.#early.every(({ session }) => session.need() !== "open") &&
      this.#early.some(({ session }, index) => session.generation !== this.#generations[index])
    );
  }

  /** Whether a session must be refreshed or opened; false while that is being done. */
  isDue(now: number): boolean {
    if (this.#isRenewing || now < this.#againAt) return false;
    return this.#keepers.some(({ session }) => session.need() !== "nothing");
  }

  /** Refreshes what is due; what cannot be opened is tried again later, and never in a hurry. */
  async renew(now: number): Promise<void> {
    this.#isRenewing = true;
    try {
      await this.open();
      this.#failures = 0;
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
      this.#againAt = now + Math.max(FIRST_DELAY_MS, ceiling * Math.random());
      this.#failures = Math.min(this.#failures + 1, 16);
    } finally {
      this.#isRenewing = false;
    }
  }

  /** Whether a message says that a session is over; it is ended then. */
  hears(message: unknown): boolean {
    const over = this.#keepers.filter(({ session }) =>
      (session.rule.endedBy?.events ?? []).some(([place, tag]) => at(message, place) === tag),
    );
    for (const { session } of over) session.end(session.generation);
    return over.length > 0;
  }

  /** The socket closed before it opened: what its opening held is not worth keeping. */
  notOpened(): void {
    for (const { session } of this.#early) session.end(session.generation);
  }

  /**
   * Whether a refusal of a message says that its session is over. It is believed once: values that
   * were opened anew and are refused in turn end nothing. Without an error the venue took it.
   */
  ends(operation: AnyStreamOperation, error?: unknown): boolean {
    const sessions = this.#behind(operation);
    if (error === undefined) {
      this.#isUnproven &&= sessions.length === 0;
      return false;
    }
    const over = sessions.filter((session) => session.isEndedBy(error));
    if (over.length === 0 || this.#isUnproven) return false;
    this.#isUnproven = true;
    for (const session of over) session.end(session.generation);
    return true;
  }

  /** Throws `ConfigurationError` where two sessions name a server, for the socket can be at one. */
  #teller(): Session | undefined {
    const told = this.#early.filter(({ session }) => session.rule.server !== undefined);
    const [one, other] = told.map(({ session }) => session);
    if (other !== undefined) {
      throw new ConfigurationError(
        `the sessions of ${one?.rule.scheme} and ${other.rule.scheme} both name the socket's ` +
          "server: give baseUrl, or a REST client with the credentials of one of them",
      );
    }
    return one;
  }

  #behind(operation: AnyStreamOperation): readonly Session[] {
    const named = new Set((operation.security ?? []).flat());
    return [...this.signers].flatMap(([scheme, signer]) =>
      named.has(scheme) ? [signer.session] : [],
    );
  }
}

/** Whether a session would only be refused again. */
export const isFinal = (error: unknown): boolean =>
  error instanceof SessionError &&
  (error.cause instanceof ConfigurationError ||
    (error.cause instanceof ApiError && isRefusal(error.cause)));

const hold = (
  keepers: Map<string, SessionKeeper>,
  rest: object | undefined,
  scheme: string,
  isRequired: boolean,
): boolean => {
  if (keepers.has(scheme)) return true;
  if (!isRequired && !hasKeeper(rest, scheme)) return false;
  keepers.set(scheme, keeperOf(rest, scheme));
  return true;
};
