/** The state machine of a session, with the time in our hands, and who waits for it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, DecodeError, SessionError } from "../src/errors.ts";
import { SessionKeeper, SessionSigner } from "../src/keeping.ts";
import type { HttpOperation } from "../src/operation.ts";
import { mayRepeat, Session, type SessionAsk, type SessionRule } from "../src/session.ts";
import { RequestDraft } from "../src/signing.ts";

const operation = (name: string): HttpOperation<object, unknown> => ({
  name,
  method: "POST",
  path: `/${name}`,
  effect: "read",
});

const KEPT: SessionRule = {
  scheme: "s",
  open: { operation: operation("open"), constants: { kind: "new" }, parts: [["id", "me"]] },
  gives: [["token", ["data", "0", "token"]]],
  lifetimeMs: 100_000,
  refresh: { operation: operation("refresh"), values: [["token", "token"]] },
  everyMs: 50_000,
  close: { operation: operation("close"), values: [["token", "token"]] },
};

const refusal = (status: number) => new ApiError({ code: "", status, message: "no", raw: "" });

const make = (rule: SessionRule = KEPT) => {
  const time = { now: 1_000 };
  const clock = {
    now: () => time.now,
    unixMs: () => 1_700_000_000_000 + time.now,
    random: () => 0,
  };
  return { time, session: new Session(rule, { me: "secret-part" }, clock) };
};

const reply = (token = "token-1", rest: object = {}) => ({ data: [{ token }], ...rest });

/** Answers the calls of one renewal in turn, and returns them. */
const asked = (session: Session, ...answers: unknown[]): SessionAsk[] => {
  const flow = session.renew();
  const calls: SessionAsk[] = [];
  let step = flow.next();
  while (step.done !== true) {
    calls.push(step.value);
    const answer = answers.shift();
    step = answer instanceof Error ? flow.throw(answer) : flow.next(answer);
  }
  assert.deepEqual(answers, []);
  return calls;
};

const names = (calls: readonly SessionAsk[]) => calls.map((one) => one.operation.name);

test("it opens with constants and parts, and keeps what the reply gives", () => {
  const { session } = make();
  assert.equal(session.state, "absent");
  assert.throws(() => session.values, /session of s is not open/);
  const [call] = asked(session, reply());
  assert.deepEqual(call?.input, { kind: "new", id: "secret-part" });
  assert.deepEqual([session.state, session.values], ["valid", { token: "token-1" }]);
  assert.deepEqual(asked(session), []);
});

test("it is due, is refreshed, and keeps what a refresh leaves out", () => {
  const { time, session } = make();
  asked(session, reply());
  time.now += 49_999;
  assert.equal(session.state, "valid");
  time.now += 1;
  assert.equal(session.state, "due");
  const flow = session.renew();
  flow.next();
  assert.equal(session.state, "refreshing");
  flow.return();
  const [call] = asked(session, {});
  assert.deepEqual(call?.input, { token: "token-1" });
  assert.deepEqual([session.values, session.generation], [{ token: "token-1" }, 1]);
  time.now += 99_000;
  asked(session, reply("token-2"));
  assert.deepEqual([session.values, session.generation], [{ token: "token-2" }, 2]);
});

test("a refresh that fails is repeated until the session expires", () => {
  const { time, session } = make();
  asked(session, reply());
  let failures = 0;
  while (session.need() !== "open") {
    if (session.need() === "refresh") {
      asked(session, refusal(503));
      failures += 1;
      assert.deepEqual(session.values, { token: "token-1" });
    }
    time.now += 10;
  }
  assert.ok(failures > 10 && failures < 80);
  assert.equal(session.state, "ended");
  assert.deepEqual(names(asked(session, reply("token-2"))), ["open"]);
});

test("a refused refresh opens anew, and one that comes too late changes nothing", () => {
  const { time, session } = make();
  asked(session, reply());
  time.now += 50_000;
  assert.deepEqual(names(asked(session, refusal(400), reply("token-2"))), ["refresh", "open"]);
  time.now += 50_000;
  const flow = session.renew();
  flow.next();
  session.end(session.generation);
  assert.equal(flow.next({}).value?.operation.name, "open");
  flow.return();
  assert.equal(session.state, "ended");
});

test("an old refusal does not end what came after it", () => {
  const { session } = make({ scheme: "s", open: KEPT.open, gives: KEPT.gives });
  asked(session, reply());
  assert.ok(session.end(1));
  asked(session, reply("token-2"));
  assert.ok(!session.end(1));
  assert.equal(session.state, "valid");
});

for (const [unit, stated] of [
  ["s", 60],
  ["s", "60"],
  ["ms", 60_000],
  ["unix-s", 1_700_000_061],
  ["unix-ms", 1_700_000_061_000],
  ["iso", "2023-11-14T22:14:21Z"],
  ["iso", "2023-11-14T22:14:21"],
] as const) {
  test(`the reply says how long it lasts: ${unit} ${stated}`, () => {
    const expiry = { place: ["until"], unit };
    const { time, session } = make({ scheme: "s", open: KEPT.open, gives: KEPT.gives, expiry });
    asked(session, reply("token-1", { until: stated }));
    time.now += 59_999;
    assert.equal(session.need(), "refresh");
    time.now += 1;
    assert.equal(session.need(), "open");
  });
}

test("a reply without the token, or that does not fit, is named and not shown", () => {
  const { session } = make();
  assert.throws(() => asked(session, { data: [] }), /open did not .* no data\.0\.token/);
  const error = new DecodeError("expected a number", '{"token":"token-1"}', 200);
  assert.throws(
    () => asked(session, error),
    (thrown) =>
      thrown instanceof SessionError &&
      thrown.cause === undefined &&
      thrown.message.includes("expected a number") &&
      !thrown.message.includes("token-1"),
  );
});

test("what may be sent again", () => {
  assert.ok(mayRepeat("read", refusal(503)));
  for (const status of [0, 400, 401, 403]) assert.ok(mayRepeat("create", refusal(status)));
  for (const status of [408, 429, 500, 503]) assert.ok(!mayRepeat("create", refusal(status)));
  assert.ok(!mayRepeat("create", new Error("the socket was lost")));
});

test("many who wait share one opening, and one failure", async () => {
  const { session } = make();
  const answers: unknown[] = [refusal(401), reply()];
  let calls = 0;
  const keeper = new SessionKeeper(new SessionSigner({ sign: () => {} }, session), async () => {
    calls += 1;
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const failed = await Promise.allSettled(Array.from({ length: 20 }, () => keeper.keep()));
  assert.ok(failed.every((one) => one.status === "rejected"));
  assert.equal(calls, 1);
  await Promise.all(Array.from({ length: 20 }, () => keeper.keep()));
  assert.equal(calls, 2);
  const draft = new RequestDraft("GET", "host", "/");
  keeper.signer.sign(draft);
  assert.deepEqual(draft.inputs, { token: "token-1" });
  await keeper.close();
  assert.equal(session.state, "ended");
});
