/** How requests are signed: straight-line code, made from the contract's signing schemes. */

import { type Clock, type Credentials, RandomNonce, type RequestDraft, type Signer } from "@venuekit/runtime";
import * as crypto from "@venuekit/runtime/crypto";

/** What signs with HMAC-SHA256; printing it shows nothing. */
export class HmacCredentials implements Credentials {
  readonly scheme = "hmac";
  readonly #parts: crypto.Parts;

  constructor(parts: { readonly key: string; readonly secret: string }) {
    this.#parts = { key: parts.key, secret: parts.secret };
  }

  /** A signer that uses the client's clock. Throws `SigningError` for a wrong part. */
  signer(clock: Clock): HmacSigner {
    return new HmacSigner(this.#parts, clock);
  }
}

/** Signs with HMAC-SHA256; holds the secrets and never shows them. */
export class HmacSigner implements Signer {
  readonly scheme = "hmac";
  readonly #key: string;
  readonly #secret: crypto.HmacKey;
  readonly #clock: Clock;
  readonly #nonces: RandomNonce;

  constructor(parts: crypto.Parts, clock: Clock) {
    this.#key = crypto.textPart("hmac", parts, "key");
    this.#secret = new crypto.HmacKey("sha256", crypto.utf8Part("hmac", parts, "secret"));
    this.#clock = clock;
    this.#nonces = new RandomNonce();
  }

  /** Sign a request: write what the scheme demands into the draft. */
  sign(draft: RequestDraft): void | Promise<void> {
    return this.signAt(draft, String(this.#clock.nowMs()), this.#nonces.next());
  }

  /** Signs with a given time and nonce; `trace` receives every step. */
  signAt(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): void | Promise<void> {
    if (!crypto.isSynchronous) return this.#signAsync(draft, timestamp, nonce, trace);
    draft.addHeader("MERIDIAN-KEY", this.#key);
    draft.addHeader("MERIDIAN-TIMESTAMP", timestamp);
    draft.addHeader("MERIDIAN-NONCE", nonce);
    const bodyDigest = crypto.hexDigest("sha256", draft.body);
    const canonical = [
      "MERIDIAN-1",
      draft.method,
      crypto.lower(draft.host),
      draft.target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = this.#secret.hexDigest(canonical);
    draft.addHeader("MERIDIAN-SIGNATURE", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  async #signAsync(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): Promise<void> {
    draft.addHeader("MERIDIAN-KEY", this.#key);
    draft.addHeader("MERIDIAN-TIMESTAMP", timestamp);
    draft.addHeader("MERIDIAN-NONCE", nonce);
    const bodyDigest = crypto.hex(await crypto.sha256Async(draft.body));
    const canonical = [
      "MERIDIAN-1",
      draft.method,
      crypto.lower(draft.host),
      draft.target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = crypto.hex(await this.#secret.digestAsync(canonical));
    draft.addHeader("MERIDIAN-SIGNATURE", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  /** Signs the draft and returns every step as text, never a secret. */
  async explainSign(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
  ): Promise<Record<string, string>> {
    const trace: crypto.Trace = {};
    await this.signAt(draft, timestamp, nonce, trace);
    return crypto.shown(trace);
  }

  /** Sign a message of a stream, such as its log-on. */
  signMessage(draft: RequestDraft): void | Promise<void> {
    return this.signMessageAt(draft, String(this.#clock.nowMs()), this.#nonces.next());
  }

  /** Signs with a given time and nonce; `trace` receives every step. */
  signMessageAt(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): void | Promise<void> {
    if (!crypto.isSynchronous) return this.#signMessageAsync(draft, timestamp, nonce, trace);
    const method = "GET";
    const target = "/v1/stream";
    const body = "";
    draft.addField("params.key", this.#key);
    draft.addField("params.timestamp", timestamp);
    draft.addField("params.nonce", nonce);
    const bodyDigest = crypto.hexDigest("sha256", body);
    const canonical = [
      "MERIDIAN-1",
      method,
      crypto.lower(draft.host),
      target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = this.#secret.hexDigest(canonical);
    draft.addField("params.signature", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  async #signMessageAsync(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): Promise<void> {
    const method = "GET";
    const target = "/v1/stream";
    const body = "";
    draft.addField("params.key", this.#key);
    draft.addField("params.timestamp", timestamp);
    draft.addField("params.nonce", nonce);
    const bodyDigest = crypto.hex(await crypto.sha256Async(body));
    const canonical = [
      "MERIDIAN-1",
      method,
      crypto.lower(draft.host),
      target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = crypto.hex(await this.#secret.digestAsync(canonical));
    draft.addField("params.signature", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  /** Signs the draft and returns every step as text, never a secret. */
  async explainSignMessage(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
  ): Promise<Record<string, string>> {
    const trace: crypto.Trace = {};
    await this.signMessageAt(draft, timestamp, nonce, trace);
    return crypto.shown(trace);
  }

  /** Sign a FIX Logon: add its tags to the draft. */
  signLogon(draft: crypto.LogonDraft): void | Promise<void> {
    return this.signLogonAt(draft, String(this.#clock.nowMs()), this.#nonces.next());
  }

  /** Signs with a given time and nonce; `trace` receives every step. */
  signLogonAt(
    draft: crypto.LogonDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): void | Promise<void> {
    if (!crypto.isSynchronous) return this.#signLogonAsync(draft, timestamp, nonce, trace);
    const method = "LOGON";
    const target = crypto.tag(draft.tags, 56);
    const body = "";
    draft.addTag("553", this.#key);
    draft.addTag("5001", timestamp);
    draft.addTag("5002", nonce);
    const bodyDigest = crypto.hexDigest("sha256", body);
    const canonical = [
      "MERIDIAN-1",
      method,
      crypto.lower(draft.host),
      target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = this.#secret.hexDigest(canonical);
    draft.addTag("96", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  async #signLogonAsync(
    draft: crypto.LogonDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): Promise<void> {
    const method = "LOGON";
    const target = crypto.tag(draft.tags, 56);
    const body = "";
    draft.addTag("553", this.#key);
    draft.addTag("5001", timestamp);
    draft.addTag("5002", nonce);
    const bodyDigest = crypto.hex(await crypto.sha256Async(body));
    const canonical = [
      "MERIDIAN-1",
      method,
      crypto.lower(draft.host),
      target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = crypto.hex(await this.#secret.digestAsync(canonical));
    draft.addTag("96", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  /** Signs the draft and returns every step as text, never a secret. */
  async explainSignLogon(
    draft: crypto.LogonDraft,
    timestamp: string,
    nonce: string,
  ): Promise<Record<string, string>> {
    const trace: crypto.Trace = {};
    await this.signLogonAt(draft, timestamp, nonce, trace);
    return crypto.shown(trace);
  }
}

/** What signs with Ed25519; printing it shows nothing. */
export class Ed25519Credentials implements Credentials {
  readonly scheme = "ed25519";
  readonly #parts: crypto.Parts;

  constructor(parts: { readonly key: string; readonly secret: string }) {
    this.#parts = { key: parts.key, secret: parts.secret };
  }

  /** A signer that uses the client's clock. Throws `SigningError` for a wrong part. */
  signer(clock: Clock): Ed25519Signer {
    return new Ed25519Signer(this.#parts, clock);
  }
}

/** Signs with Ed25519; holds the secrets and never shows them. */
export class Ed25519Signer implements Signer {
  readonly scheme = "ed25519";
  readonly #key: string;
  readonly #secret: crypto.Ed25519Key;
  readonly #clock: Clock;
  readonly #nonces: RandomNonce;

  constructor(parts: crypto.Parts, clock: Clock) {
    this.#key = crypto.textPart("ed25519", parts, "key");
    this.#secret = crypto.ed25519Part("ed25519", parts, "secret");
    this.#clock = clock;
    this.#nonces = new RandomNonce();
  }

  /** Sign a request: write what the scheme demands into the draft. */
  sign(draft: RequestDraft): void | Promise<void> {
    return this.signAt(draft, String(this.#clock.nowMs()), this.#nonces.next());
  }

  /** Signs with a given time and nonce; `trace` receives every step. */
  signAt(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): void | Promise<void> {
    if (!crypto.isSynchronous) return this.#signAsync(draft, timestamp, nonce, trace);
    draft.addHeader("MERIDIAN-KEY", this.#key);
    draft.addHeader("MERIDIAN-TIMESTAMP", timestamp);
    draft.addHeader("MERIDIAN-NONCE", nonce);
    const bodyDigest = crypto.hexDigest("sha256", draft.body);
    const canonical = [
      "MERIDIAN-1",
      draft.method,
      crypto.lower(draft.host),
      draft.target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = crypto.base64(this.#secret.sign(canonical));
    draft.addHeader("MERIDIAN-SIGNATURE", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  async #signAsync(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): Promise<void> {
    draft.addHeader("MERIDIAN-KEY", this.#key);
    draft.addHeader("MERIDIAN-TIMESTAMP", timestamp);
    draft.addHeader("MERIDIAN-NONCE", nonce);
    const bodyDigest = crypto.hex(await crypto.sha256Async(draft.body));
    const canonical = [
      "MERIDIAN-1",
      draft.method,
      crypto.lower(draft.host),
      draft.target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = crypto.base64(await this.#secret.signAsync(canonical));
    draft.addHeader("MERIDIAN-SIGNATURE", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  /** Signs the draft and returns every step as text, never a secret. */
  async explainSign(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
  ): Promise<Record<string, string>> {
    const trace: crypto.Trace = {};
    await this.signAt(draft, timestamp, nonce, trace);
    return crypto.shown(trace);
  }

  /** Sign a message of a stream, such as its log-on. */
  signMessage(draft: RequestDraft): void | Promise<void> {
    return this.signMessageAt(draft, String(this.#clock.nowMs()), this.#nonces.next());
  }

  /** Signs with a given time and nonce; `trace` receives every step. */
  signMessageAt(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): void | Promise<void> {
    if (!crypto.isSynchronous) return this.#signMessageAsync(draft, timestamp, nonce, trace);
    const method = "GET";
    const target = "/v1/stream";
    const body = "";
    draft.addField("params.key", this.#key);
    draft.addField("params.timestamp", timestamp);
    draft.addField("params.nonce", nonce);
    const bodyDigest = crypto.hexDigest("sha256", body);
    const canonical = [
      "MERIDIAN-1",
      method,
      crypto.lower(draft.host),
      target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = crypto.base64(this.#secret.sign(canonical));
    draft.addField("params.signature", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  async #signMessageAsync(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): Promise<void> {
    const method = "GET";
    const target = "/v1/stream";
    const body = "";
    draft.addField("params.key", this.#key);
    draft.addField("params.timestamp", timestamp);
    draft.addField("params.nonce", nonce);
    const bodyDigest = crypto.hex(await crypto.sha256Async(body));
    const canonical = [
      "MERIDIAN-1",
      method,
      crypto.lower(draft.host),
      target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = crypto.base64(await this.#secret.signAsync(canonical));
    draft.addField("params.signature", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  /** Signs the draft and returns every step as text, never a secret. */
  async explainSignMessage(
    draft: RequestDraft,
    timestamp: string,
    nonce: string,
  ): Promise<Record<string, string>> {
    const trace: crypto.Trace = {};
    await this.signMessageAt(draft, timestamp, nonce, trace);
    return crypto.shown(trace);
  }

  /** Sign a FIX Logon: add its tags to the draft. */
  signLogon(draft: crypto.LogonDraft): void | Promise<void> {
    return this.signLogonAt(draft, String(this.#clock.nowMs()), this.#nonces.next());
  }

  /** Signs with a given time and nonce; `trace` receives every step. */
  signLogonAt(
    draft: crypto.LogonDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): void | Promise<void> {
    if (!crypto.isSynchronous) return this.#signLogonAsync(draft, timestamp, nonce, trace);
    const method = "LOGON";
    const target = crypto.tag(draft.tags, 56);
    const body = "";
    draft.addTag("553", this.#key);
    draft.addTag("5001", timestamp);
    draft.addTag("5002", nonce);
    const bodyDigest = crypto.hexDigest("sha256", body);
    const canonical = [
      "MERIDIAN-1",
      method,
      crypto.lower(draft.host),
      target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = crypto.base64(this.#secret.sign(canonical));
    draft.addTag("96", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  async #signLogonAsync(
    draft: crypto.LogonDraft,
    timestamp: string,
    nonce: string,
    trace?: crypto.Trace,
  ): Promise<void> {
    const method = "LOGON";
    const target = crypto.tag(draft.tags, 56);
    const body = "";
    draft.addTag("553", this.#key);
    draft.addTag("5001", timestamp);
    draft.addTag("5002", nonce);
    const bodyDigest = crypto.hex(await crypto.sha256Async(body));
    const canonical = [
      "MERIDIAN-1",
      method,
      crypto.lower(draft.host),
      target,
      bodyDigest,
      timestamp,
      nonce,
      this.#key,
    ].join("\n");
    const signature = crypto.base64(await this.#secret.signAsync(canonical));
    draft.addTag("96", signature);
    if (trace !== undefined) Object.assign(trace, { body_digest: bodyDigest, canonical, signature });
  }

  /** Signs the draft and returns every step as text, never a secret. */
  async explainSignLogon(
    draft: crypto.LogonDraft,
    timestamp: string,
    nonce: string,
  ): Promise<Record<string, string>> {
    const trace: crypto.Trace = {};
    await this.signLogonAt(draft, timestamp, nonce, trace);
    return crypto.shown(trace);
  }
}

/** What a user can hold, by the name of the security scheme. */
export const CREDENTIALS = { hmac: HmacCredentials, ed25519: Ed25519Credentials } as const;
