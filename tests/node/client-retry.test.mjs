// Retries, deadlines, sharing and the allowance of createClient, on a fake clock.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, it } from "node:test";
import { createClient, PlauditError } from "plaudit";
import {
  argumentsOf,
  assertSilent,
  fails,
  fakeTime,
  NOW,
  recorder,
  rejects,
  settle,
  watch,
} from "./support.mjs";

const KEY = "Key-Canary-7Tq";
const ID = "46d6a890000064000500e0c3";

const found = () => Response.json({ id: ID, displayName: "Example" });
const status = (code, headers) =>
  new Response(code === 304 ? null : "{}", { status: code, headers });

/** A client whose requests `answer` answers. */
function make(answer, options) {
  const { send, requests } = recorder(answer);
  const client = createClient({
    provider: "trustpilot",
    apiKey: KEY,
    fetch: send,
    cache: false,
    ...options,
  });
  const find = (own, domain = "example.com") => client.businessUnits.find(domain, own);
  return { client, find, requests };
}

const gaps = (requests) => requests.slice(1).map(({ at }, place) => at - requests[place].at);

describe("retries", () => {
  it("CL1 2 at most: always 503 is 3 requests", async (t) => {
    const time = fakeTime(t);
    const { find, requests, client } = make(() => status(503));
    const call = rejects(find(), "server_error");
    await time.pass(10_000);
    const error = await call;
    assert.equal(requests.length, 3);
    assert.equal(error.attempts.length, 3);
    assert.deepEqual(client.stats(), {
      ...{ sent: 3, cached: 0, shared: 0, retried: 2, waited: 0, failed: 1 },
    });
  });

  it("CL1 as many as the client or the call says, none with 0", async (t) => {
    const time = fakeTime(t);
    for (const [own, call, expected] of [
      [0, undefined, 1],
      [2, 0, 1],
      [0, 1, 2],
      [5, undefined, 6],
    ]) {
      const { find, requests } = make(() => status(503), { retry: own });
      const ended = rejects(find({ retry: call }), "server_error");
      await time.pass(30_000);
      await ended;
      assert.equal(requests.length, expected, `${own}, ${call}`);
      await time.pass(60_001, 60_001);
    }
  });

  it("CL1 what is no count is invalid_argument", async () => {
    const { find, requests } = make(found);
    for (const retry of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "2", [2], {}, true]) {
      fails(() => make(found, { retry }), "invalid_argument");
      const error = await rejects(find({ retry }), "invalid_argument");
      assert.match(error.message, /^retry: /);
    }
    assert.equal(requests.length, 0);
  });

  for (const [code, low] of [
    [503, [500, 1_000, 2_000, 4_000, 8_000, 8_000]],
    [429, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]],
  ]) {
    it(`CL2 after a ${code} the wait is uniform in half of ${low} to all of it`, async (t) => {
      const time = fakeTime(t);
      for (const random of [0, 0.5, 0.999_999]) {
        const stub = t.mock.method(Math, "random", () => random);
        const { find, requests } = make(() => status(code), {
          retry: low.length,
          deadline: 200_000,
        });
        const call = rejects(find(), code === 429 ? "rate_limited" : "server_error");
        await time.pass(150_000, 250);
        await call;
        const waits = gaps(requests);
        assert.equal(waits.length, low.length);
        for (const [place, wait] of waits.entries()) {
          const expected = (low[place] * (1 + random)) / 2;
          assert.ok(wait >= expected - 1 && wait <= expected + 250, `${wait}, not ${expected}`);
        }
        stub.mock.restore();
        await time.pass(60_001, 60_001);
      }
    });
  }

  it("CL2 the mean of 1,000 waits is three quarters", async (t) => {
    // setTimeout itself tells how long it would wait, and does not
    const waits = [];
    const real = setTimeout;
    t.mock.method(globalThis, "setTimeout", (run, ms, ...rest) => {
      if (ms > 1_000) return real(run, 1e6, ...rest).unref();
      waits.push(ms);
      return real(run, 0, ...rest);
    });
    for (let at = 0; at < 1_000; at += 1) {
      const { find } = make((count) => (count === 1 ? status(503) : found()));
      await find();
    }
    assert.equal(waits.length, 1_000);
    assert.ok(Math.min(...waits) >= 250 && Math.max(...waits) <= 500);
    const mean = waits.reduce((sum, ms) => sum + ms, 0) / 1_000;
    assert.ok(Math.abs(mean - 375) < 0.03 * 375, `${mean}`);
  });

  it("CL4 a hint is a lower bound, with at most 250 ms on top", async (t) => {
    const time = fakeTime(t);
    for (const [hint, random, least] of [
      ["3", 0, 3_000],
      ["3", 0.999, 3_000],
      ["2.5", 0.5, 2_500],
      ["0", 0, 0],
      [new Date(NOW + 4_000).toUTCString(), 0, undefined],
    ]) {
      const stub = t.mock.method(Math, "random", () => random);
      const { find, requests } = make((count) =>
        count === 1 ? status(429, { "retry-after": hint }) : found(),
      );
      const begun = Date.now();
      const call = find();
      await time.pass(6_000, 10);
      await call;
      const [wait] = gaps(requests);
      const bound = least ?? Math.max(0, NOW + 4_000 - begun);
      assert.ok(wait >= bound && wait <= bound + 260, `${hint}: ${wait}`);
      stub.mock.restore();
      await time.pass(60_001, 60_001);
    }
  });

  it("CL5 a hint of 60 seconds is waited for; a longer one ends the call at once", async (t) => {
    const time = fakeTime(t);
    const patient = { deadline: 100_000 };
    const answer = (hint) => (count) =>
      count === 1 ? status(429, { "retry-after": hint }) : found();
    const waiting = make(answer("60"), patient);
    const call = waiting.find();
    await time.pass(59_900);
    assert.equal(waiting.requests.length, 1);
    await time.pass(400);
    assert.equal((await call).id, ID);
    for (const hint of ["61", "60.5", "9000000"]) {
      const { find, requests } = make(answer(hint), patient);
      const state = watch(find());
      await settle();
      assert.equal(state.error?.code, "rate_limited", hint);
      assert.equal(state.error.retryAfter, Number(hint));
      assert.equal(state.error.retryable, true);
      assert.equal(requests.length, 1);
    }
  });

  it("CL5 one past the deadline ends it too", async (t) => {
    fakeTime(t);
    const { find } = make(() => status(429, { "retry-after": "5" }), { deadline: 4_000 });
    const state = watch(find());
    await settle();
    assert.equal(state.error?.code, "rate_limited");
    assert.equal(state.error.retryAfter, 5);
  });

  it("CL6 no timer is longer than timers can be", async (t) => {
    const longest = [];
    const real = setTimeout;
    t.mock.method(globalThis, "setTimeout", (run, ms, ...rest) => {
      longest.push(ms);
      return real(run, ms, ...rest);
    });
    for (const hint of ["9000000", "99999999999999999999", "60"]) {
      const { find } = make(() => status(503, { "retry-after": hint }), { deadline: 50 });
      await rejects(find(), "server_error");
    }
    assert.ok(longest.length > 0);
    for (const ms of longest) assert.ok(ms <= 2_147_483_647, `${ms}`);
  });

  it("CL7 with a deadline of 1 s, 503s end within it, with the last answer's code", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make(() => status(503), { deadline: 1_000, retry: 9 });
    const state = watch(find());
    await time.pass(1_000, 5);
    assert.equal(state.error?.code, "server_error");
    assert.equal(state.error.status, 503);
    assert.ok(requests.length >= 2 && requests.length <= 3);
  });

  it("CL7 the last attempt gets what is left of the deadline", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make((count) => (count === 1 ? status(503) : new Promise(() => {})));
    const state = watch(find({ deadline: 2_000 }));
    await time.pass(1_990, 10);
    assert.deepEqual(state, {});
    await time.pass(20, 10);
    assert.equal(state.error?.code, "timeout");
    assert.match(state.error.message, /\b2000 ms/);
    assert.equal(requests.length, 2);
    assert.deepEqual(
      state.error.attempts.map((attempt) => attempt.status ?? attempt.code),
      [503, "timeout"],
    );
  });

  it("CL7 an attempt that takes too long is tried again", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make((count) => (count < 3 ? new Promise(() => {}) : found()), {
      timeout: 1_000,
    });
    const call = find().withResponse();
    await time.pass(6_000, 50);
    const { attempts } = await call;
    assert.equal(requests.length, 3);
    assert.deepEqual(
      attempts.map(({ code, status: answered, ms }) => [code, answered, ms >= 1_000]),
      [
        ["timeout", undefined, true],
        ["timeout", undefined, true],
        [undefined, 200, false],
      ],
    );
    assert.ok(requests[0].request.signal.aborted);
    assert.ok(!requests[2].request.signal.aborted);
  });

  const table = {
    again: [408, 429, 502, 503, 504, 520, 521, 522, 523, 524],
    once: [500],
    never: [300, 304, 400, 401, 403, 404, 405, 409, 415, 418, 422, 496, 501, 505, 511, 525, 599],
  };
  for (const [kind, codes] of Object.entries(table)) {
    const expected = { again: 4, once: 2, never: 1 }[kind];
    it(`CL9 ${codes.join(" ")}: retried ${kind}`, async (t) => {
      const time = fakeTime(t);
      for (const code of codes) {
        const { find, requests } = make(() => status(code), { retry: 3 });
        const state = watch(find());
        await time.pass(20_000, 500);
        assert.ok(state.error, `${code}`);
        assert.equal(state.error.status, code);
        assert.equal(requests.length, expected, `${code}`);
        await time.pass(60_001, 60_001);
      }
    });
  }

  it("CL9 no answer: tried again", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make((count) => {
      if (count < 3) throw new TypeError("offline");
      return found();
    });
    const call = find();
    await time.pass(3_000, 50);
    assert.equal((await call).id, ID);
    assert.equal(requests.length, 3);
  });

  it("CL9 a 500 among others counts once", async (t) => {
    const time = fakeTime(t);
    const codes = [500, 503, 500, 200];
    const { find, requests } = make((count) => status(codes[count - 1]), { retry: 9 });
    const state = watch(find());
    await time.pass(20_000, 500);
    assert.equal(state.error?.status, 500);
    assert.equal(requests.length, 3);
  });

  it("CL10 every function with 503: reads are sent again, other POSTs are not", async (t) => {
    const time = fakeTime(t);
    const posts = [];
    let count = 0;
    const { client: shape } = make(found);
    for (const [group, functions] of Object.entries(shape)) {
      if (typeof functions === "function") continue;
      for (const name of Object.keys(functions)) {
        if (name === "idOf") continue;
        count += 1;
        const path = `${group}.${name}`;
        const { client, requests } = make(() => status(503));
        const state = watch(client[group][name](...argumentsOf(path)));
        await time.pass(5_000, 500);
        assert.equal(state.error?.code, "server_error", `${path}: ${state.error}`);
        assert.equal(requests.length, path === "consumers.createDisplayName" ? 1 : 3, path);
        if (requests[0].method === "POST") posts.push(path);
        // CL30: a page may send no other header
        for (const [header] of requests[0].request.headers) {
          assert.match(header, /^(apikey|content-type)$/, `CL30 ${path}`);
        }
      }
    }
    assert.equal(count, 45);
    assert.equal(posts.length, 5);
  });

  it("CL10 no other POST, also after a connection error", async (t) => {
    const time = fakeTime(t);
    const { client, requests } = make(() => {
      throw new TypeError("cut");
    });
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      const state = watch(client.request(method, "/anything", { body: { a: 1 } }));
      await time.pass(5_000, 500);
      assert.equal(state.error?.code, "network_error");
    }
    assert.equal(requests.length, 4);
    for (const method of ["GET", "HEAD"]) {
      watch(client.request(method, "/anything"));
      await time.pass(5_000, 500);
    }
    assert.equal(requests.length, 10);
  });

  it("CL11 100 calls on a dead server are at most 110 requests; later it retries again", async (t) => {
    const time = fakeTime(t);
    let isDead = true;
    const { find, requests } = make(() => (isDead ? status(503) : found()), { allowance: false });
    const calls = Array.from({ length: 100 }, (_, at) => watch(find({}, `a${at}.example`)));
    await time.pass(20_000, 500);
    for (const { error } of calls) assert.equal(error?.code, "server_error");
    assert.ok(requests.length <= 110 && requests.length > 100, `${requests.length}`);
    const before = requests.length;
    watch(find());
    await time.pass(5_000, 500);
    assert.equal(requests.length, before + 1);
    // after a minute of quiet the budget is whole
    await time.pass(60_001, 60_001);
    watch(find());
    await time.pass(5_000, 500);
    assert.equal(requests.length, before + 4);
    // and successes pay back
    for (let at = 0; at < 5; at += 1) {
      watch(find({ retry: 9 }));
      await time.pass(20_000, 500);
    }
    isDead = false;
    const spent = requests.length;
    for (let at = 0; at < 10; at += 1) await find();
    isDead = true;
    watch(find());
    await time.pass(5_000, 500);
    assert.equal(requests.length, spent + 10 + 3);
  });

  it("CL25 the last error is thrown, with all attempts", async (t) => {
    const time = fakeTime(t);
    const codes = [503, 502, 429];
    const { find } = make((count) => status(codes[count - 1]));
    const state = watch(find());
    await time.pass(10_000, 100);
    const { error } = state;
    assert.equal(error.code, "rate_limited");
    assert.equal(error.status, 429);
    assert.deepEqual(
      error.attempts.map((attempt) => attempt.status),
      codes,
    );
    for (const { ms } of error.attempts) assert.equal(typeof ms, "number");
    assertSilent(error, [KEY]);
  });

  it("CL25 attempts without an answer have a code, and the last one's error is the cause", async (t) => {
    const time = fakeTime(t);
    const cause = new TypeError("offline");
    const { find } = make((count) => {
      if (count === 1) return new Promise(() => {});
      throw cause;
    });
    const state = watch(find({ timeout: 100 }));
    await time.pass(5_000, 50);
    assert.deepEqual(
      state.error.attempts.map((attempt) => attempt.code),
      ["timeout", "network_error", "network_error"],
    );
    assert.equal(state.error.cause, cause);
  });

  it("CL24 the body of an answer that is not the last is cancelled", async (t) => {
    const time = fakeTime(t);
    let cancelled = 0;
    const cancel = () => {
      cancelled += 1;
    };
    const body = () => new ReadableStream({ cancel });
    const { find } = make((count) => (count < 3 ? new Response(body(), { status: 503 }) : found()));
    const call = find();
    await time.pass(5_000, 100);
    await call;
    assert.equal(cancelled, 2);
  });
});

describe("abort", () => {
  /** Aborts a call `ms` after its start and gives its error. */
  async function abortAt(time, find, ms) {
    const controller = new AbortController();
    const state = watch(find({ signal: controller.signal }));
    await time.pass(ms, 10);
    assert.deepEqual(state, {});
    controller.abort("x");
    await settle();
    assert.equal(state.error?.code, "aborted");
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    return state.error;
  }

  it("CL12 CL13 in the wait after a 503: the reason, and nothing more is sent", async (t) => {
    const time = fakeTime(t);
    t.mock.method(Math, "random", () => 0.9);
    const { find, requests } = make(() => status(503));
    const error = await abortAt(time, find, 100);
    assert.equal(error.cause, "x");
    assert.equal(error.status, undefined);
    await time.pass(10_000, 500);
    assert.equal(requests.length, 1);
  });

  it("CL12 in the queue: nothing is sent, and those behind go on", async (t) => {
    const time = fakeTime(t);
    const ends = [];
    const answer = () => new Promise((resolve) => ends.push(() => resolve(found())));
    const { find, requests, client } = make(answer, { allowance: { inFlight: 1 } });
    const first = watch(find({}, "a.example"));
    await settle();
    const controller = new AbortController();
    const second = watch(find({ signal: controller.signal }, "b.example"));
    const third = watch(find({}, "c.example"));
    await settle();
    controller.abort("x");
    await settle();
    assert.equal(second.error?.cause, "x");
    assert.equal(requests.length, 1);
    ends[0]();
    await settle();
    ends[1]();
    await time.pass(100);
    assert.ok(first.value && third.value);
    assert.deepEqual(
      requests.map(({ url }) => url.searchParams.get("name")),
      ["a.example", "c.example"],
    );
    assert.equal(client.stats().waited, 2);
  });

  it("CL12 at any turn of the event loop: nothing hangs, nothing is sent in vain", async () => {
    for (let turns = 0; turns < 40; turns += 1) {
      const ends = [];
      const { find, requests } = make(
        () => new Promise((resolve) => ends.push(() => resolve(found()))),
        { allowance: { inFlight: 1 } },
      );
      const first = watch(find({}, "a.example"));
      const controller = new AbortController();
      const second = watch(find({ signal: controller.signal }, "b.example"));
      const third = watch(find({}, "c.example"));
      await settle();
      ends[0]();
      for (let turn = 0; turn < turns; turn += 1) await undefined;
      const sent = requests.length;
      controller.abort();
      await settle();
      assert.equal(second.error?.code, "aborted", `${turns} turns`);
      assert.equal(requests.length, sent + 1, `${turns} turns`);
      ends.at(-1)();
      await settle();
      assert.ok(first.value && third.value, `${turns} turns`);
    }
  });

  it("CL12 while a slow cache is asked: nothing is sent", async (t) => {
    const time = fakeTime(t);
    const cache = { get: () => new Promise(() => {}), set() {} };
    const { find, requests } = make(found, { cache });
    await abortAt(time, find, 100);
    assert.equal(requests.length, 0);
  });

  it("CL12 10,000 calls leave no listener and no timer", async () => {
    const { find } = make(found, { allowance: false });
    const { signal } = new AbortController();
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    for (let at = 0; at < 10_000; at += 1) await find({ signal });
    assert.equal(getEventListeners(signal, "abort").length, 0);
    assert.ok(timers() <= before);
  });
});

describe("sharing", () => {
  /** A sender that answers when it is told to. */
  function held() {
    const ends = [];
    const made = make(() => new Promise((resolve) => ends.push(() => resolve(found()))));
    return { ...made, ends };
  }

  it("CL14 identical GETs in flight are one request, and each has its own copy", async () => {
    const { find, requests, ends, client } = held();
    const calls = [find(), find(), find()];
    await settle();
    ends[0]();
    const units = await Promise.all(calls);
    assert.equal(requests.length, 1);
    assert.equal(client.stats().shared, 2);
    units[0].displayName = "changed";
    assert.equal(units[1].displayName, "Example");
    assert.notEqual(units[1], units[2]);
    const next = find();
    await settle();
    ends[1]();
    await next;
    assert.equal(requests.length, 2);
  });

  it("CL14 what differs in anything is not shared", async () => {
    const { find, requests, client } = held();
    for (const domain of ["a.example", "b.example"]) watch(find({}, domain));
    for (const stars of [4, 5]) watch(client.businessUnits.reviews(ID, { stars }));
    for (const name of ["Ada", "Ada"]) watch(client.consumers.validateDisplayName(name));
    await settle();
    assert.equal(requests.length, 6);
  });

  it("CL14 the first caller's abort settles it alone", async () => {
    const { find, requests, ends } = held();
    const controller = new AbortController();
    const first = watch(find({ signal: controller.signal }));
    const second = watch(find());
    await settle();
    controller.abort("mine");
    await settle();
    assert.equal(first.error?.cause, "mine");
    assert.ok(!requests[0].request.signal.aborted);
    ends[0]();
    await settle();
    assert.equal(second.value?.id, ID);
  });

  it("CL14 a later caller's abort too; the last one's ends the request", async () => {
    const { find, requests, ends } = held();
    const controllers = [new AbortController(), new AbortController()];
    const states = controllers.map(({ signal }) => watch(find({ signal })));
    await settle();
    controllers[1].abort();
    await settle();
    assert.equal(states[1].error?.code, "aborted");
    assert.deepEqual(states[0], {});
    assert.ok(!requests[0].request.signal.aborted);
    controllers[0].abort();
    await settle();
    assert.equal(states[0].error?.code, "aborted");
    assert.ok(requests[0].request.signal.aborted);
    // the next call is not caught up in it
    const next = find();
    await settle();
    assert.equal(requests.length, 2);
    ends[1]();
    assert.equal((await next).id, ID);
  });

  it("CL14 each has its own deadline; who is less patient with an attempt sends its own", async (t) => {
    const time = fakeTime(t);
    for (const [own, sent] of [
      [{ deadline: 100 }, 1],
      [{ timeout: 100, retry: 0 }, 2],
    ]) {
      const { find, ends, requests } = held();
      const patient = watch(find());
      const hasty = watch(find(own));
      await time.pass(110, 10);
      assert.equal(hasty.error?.code, "timeout");
      assert.deepEqual(patient, {});
      ends[0]();
      await settle();
      assert.equal(patient.value?.id, ID);
      assert.equal(requests.length, sent);
    }
    const { find, ends } = held();
    const hasty = watch(find({ deadline: 100 }));
    const patient = watch(find());
    await time.pass(500, 10);
    assert.equal(hasty.error?.code, "timeout");
    ends[0]();
    await settle();
    assert.equal(patient.value?.id, ID);
  });

  it("CL14 a failure is each caller's own error", async (t) => {
    const time = fakeTime(t);
    const { find } = make(() => status(404));
    const states = [watch(find()), watch(find())];
    await time.pass(10);
    assert.equal(states[0].error?.code, "not_found");
    assert.equal(states[1].error?.code, "not_found");
    assert.notEqual(states[0].error, states[1].error);
  });
});

describe("allowance", () => {
  it("CL15 the 834th call in five minutes waits if the deadline allows", async (t) => {
    const time = fakeTime(t);
    const { find, requests, client } = make(found);
    for (let at = 0; at < 833; at += 1) await find();
    const refused = await rejects(find(), "rate_limited");
    assert.equal(requests.length, 833);
    assert.equal(refused.status, undefined);
    assert.equal(refused.retryable, true);
    assert.equal(refused.retryAfter, 300);
    await time.pass(280_000, 280_000);
    const state = watch(find());
    await time.pass(19_000, 1_000);
    assert.deepEqual(state, {});
    await time.pass(1_100, 100);
    assert.equal(state.value?.id, ID);
    assert.equal(requests.length, 834);
    assert.equal(client.stats().waited, 1);
  });

  it("CL15 10,000 an hour, sliding", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make(found, { allowance: { perFiveMinutes: 20_000, perHour: 50 } });
    for (let at = 0; at < 50; at += 1) {
      await find();
      await time.pass(1_000, 1_000);
    }
    assert.equal((await rejects(find(), "rate_limited")).retryAfter, 3_550);
    await time.pass(3_550_000, 3_550_000);
    await find();
    await rejects(find({ deadline: 500 }), "rate_limited");
    assert.equal(requests.length, 51);
  });

  it("CL15 6 at the same time, in order", async () => {
    const ends = [];
    const { client, requests } = make(
      () => new Promise((resolve) => ends.push(() => resolve(found()))),
    );
    const states = Array.from({ length: 20 }, (_, at) =>
      watch(client.businessUnits.find(`n${at}.example`)),
    );
    for (let done = 0; done < 20; done += 1) {
      await settle();
      assert.equal(requests.length, Math.min(20, done + 6));
      ends[done]();
    }
    await settle();
    for (const { value } of states) assert.equal(value.id, ID);
    const names = requests.map(({ url }) => url.searchParams.get("name"));
    assert.deepEqual(
      names,
      names.map((_, at) => `n${at}.example`),
    );
  });

  it("CL15 who waits for a place past the deadline is rate_limited, nothing sent", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make(() => new Promise(() => {}), {
      allowance: { inFlight: 1 },
      timeout: 60_000,
    });
    watch(find({}, "a.example"));
    const state = watch(find({ deadline: 1_000 }, "b.example"));
    await time.pass(1_100, 100);
    assert.equal(state.error?.code, "rate_limited");
    assert.equal(requests.length, 1);
  });

  it("CL15 retries count", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make(() => status(503), { allowance: { perFiveMinutes: 2 } });
    const state = watch(find());
    await time.pass(5_000, 100);
    assert.equal(requests.length, 2);
    assert.equal(state.error?.code, "rate_limited");
    assert.equal(state.error.attempts.length, 2);
  });

  it("CL15 false is no limit; what is no limit is invalid_argument", async () => {
    const { find, requests } = make(found, { allowance: false });
    for (let at = 0; at < 1_000; at += 1) await find();
    assert.equal(requests.length, 1_000);
    for (const allowance of [
      true,
      5,
      "x",
      null,
      [],
      { perHour: 0 },
      { inFlight: "x" },
      { perHour: 2.5 },
      { perMinute: 5 },
    ]) {
      fails(() => make(found, { allowance }), "invalid_argument");
    }
    make(found, { allowance: { perHour: undefined, inFlight: Number.POSITIVE_INFINITY } });
  });

  it("CL15 a clock that is set back blocks nothing", async (t) => {
    const time = fakeTime(t);
    const { find } = make(found, { allowance: { perFiveMinutes: 2 } });
    await find();
    await find();
    time.set(NOW - 86_400_000);
    assert.equal((await find()).id, ID);
  });

  it("CL16 a 429 with a hint pauses the whole client", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make((count) =>
      count === 1 ? status(429, { "retry-after": "2" }) : found(),
    );
    const states = [watch(find({}, "a.example"))];
    await settle();
    for (let at = 0; at < 6; at += 1) states.push(watch(find({}, `b${at}.example`)));
    await time.pass(1_990, 10);
    assert.equal(requests.length, 1);
    await time.pass(400, 10);
    assert.equal(requests.length, 8);
    for (const { at } of requests.slice(1)) assert.ok(at >= requests[0].at + 2_000);
    for (const { value } of states) assert.equal(value?.id, ID);
  });

  it("CL16 for five minutes at most, whatever the hint says", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make((count) =>
      count === 1 ? status(429, { "retry-after": "9000000" }) : found(),
    );
    await rejects(find(), "rate_limited");
    assert.equal((await rejects(find(), "rate_limited")).retryAfter, 300);
    await time.pass(300_000, 300_000);
    assert.equal((await find()).id, ID);
    assert.equal(requests.length, 2);
  });
});

describe("limits between them", () => {
  it("CL17 a client that was used and is idle has no timer", async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const { find } = make(found, { allowance: { perHour: 1 } });
    await find();
    const controller = new AbortController();
    const state = watch(find({ signal: controller.signal, deadline: 2_000_000_000 }));
    await settle();
    controller.abort();
    await settle();
    assert.equal(state.error?.code, "aborted");
    assert.ok(timers() <= before, `${timers()}`);
  });

  it("CL17 timeouts keep no process alive: they are unref'd", async (t) => {
    const kept = [];
    const real = setTimeout;
    t.mock.method(globalThis, "setTimeout", (...args) => {
      const timer = real(...args);
      kept.push(timer);
      return timer;
    });
    const controller = new AbortController();
    const { find } = make(() => new Promise(() => {}));
    const state = watch(find({ signal: controller.signal }));
    await settle();
    assert.equal(kept.length, 2);
    for (const timer of kept) assert.equal(timer.hasRef(), false);
    controller.abort();
    await settle();
    assert.ok(state.error);
  });
});

describe("a failure whose body breaks off", () => {
  const broken = (code, headers = {}) => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"message":"no'));
        controller.error(new TypeError("terminated"));
      },
    });
    return new Response(body, { status: code, headers });
  };

  for (const [code, headers, expected, hint] of [
    [401, {}, "unauthorized", undefined],
    [503, { "retry-after": "61" }, "server_error", 61],
    [429, { "retry-after": "3600" }, "rate_limited", 3600],
  ]) {
    it(`CL24 keeps its status: ${code}`, async () => {
      const { find, requests } = make(() => broken(code, headers));
      const error = await rejects(find(), expected);
      assert.deepEqual([error.status, error.retryAfter, requests.length], [code, hint, 1]);
    });
  }

  it("CL24 at most 64 KB of a failure are read", async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(16_384).fill(97));
      },
    });
    const { find } = make(() => new Response(endless, { status: 404 }));
    const error = await rejects(find(), "not_found");
    assert.equal(error.body.length, 65_536);
    assert.ok(pulled < 20, String(pulled));
  });
});

describe("what a sender says", () => {
  it("an error of its own stays what it is, and is not tried again", async () => {
    const { find, requests } = make(() => {
      throw new PlauditError("signed_out", "call signIn()");
    });
    await rejects(find(), "signed_out");
    assert.equal(requests.length, 1);
  });

  it("CL20 a redirect is not followed with the key", async () => {
    const { find, requests } = make(
      () => new Response(null, { status: 302, headers: { location: "https://evil.example/" } }),
    );
    const error = await rejects(find(), "bad_request");
    assert.match(error.message, /redirect/);
    assert.equal(requests[0].request.redirect, "manual");
    assert.equal(requests.length, 1);
  });
});

describe("what is not sent", () => {
  it("CL16 says that the platform asked for a pause", async (t) => {
    fakeTime(t);
    const { find, requests } = make(() => status(429, { "retry-after": "90" }));
    await rejects(find(), "rate_limited");
    const error = await rejects(find({}, "other.example"), "rate_limited");
    assert.match(error.message, /asked for a pause/);
    assert.deepEqual([error.status, error.retryAfter, requests.length], [undefined, 90, 1]);
  });

  it("CL15 says that the allowance is used up", async (t) => {
    fakeTime(t);
    const { find, requests } = make(found, { allowance: { perFiveMinutes: 1 } });
    await find();
    const error = await rejects(find({}, "other.example"), "rate_limited");
    assert.match(error.message, /allowance is used up/);
    assert.equal(requests.length, 1);
  });
});
