// The broker's cache and its budget: CH1 to CH8 of the rules, on a clock that is moved by hand.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clock, inside, numbers, settle } from "./inside.mjs";

const { createCache, isNoneMatched } = await inside("broker/cache.ts");
const { createBudget, createLimiter, addressOf } = await inside("broker/budget.ts");
const { memoryKeyValue } = await inside("keyvalue.ts");

const DAY = 86_400_000;
const LIFE = { fresh: DAY, stale: 7 * DAY };

/** A cache with its clock, and a platform that counts how often it is asked. */
function make(options = {}) {
  const time = clock();
  const parts = {
    entries: 1_000,
    bytes: 10_000_000,
    absent: 500,
    second: undefined,
    now: time.now,
    random: () => 0.5,
    onTrouble: () => {
      state.troubles += 1;
    },
    ...options,
  };
  const cache = createCache(parts);
  const state = { cache, time, calls: 0, troubles: 0, urgent: [] };
  state.platform = (answer) => async (signal, isUrgent) => {
    state.calls += 1;
    state.urgent.push(isUrgent);
    return answer(signal);
  };
  state.read = (key, answer, reader = {}, life = LIFE) =>
    cache.read(key, life, state.platform(answer), reader);
  return state;
}

const answer = (text) => async () => ({ kind: "answer", text });
const failed = (status, more) => async () => ({
  kind: "failed",
  status,
  code: "server_error",
  isKept: true,
  ...more,
});
const never = () => new Promise(() => {});

describe("the shared cache", () => {
  it("CH1 an answer is fresh for a day, and asked for once", async () => {
    const state = make();
    assert.equal((await state.read("a", answer("1"))).state, "miss");
    state.time.pass(DAY - 1);
    const hit = await state.read("a", never);
    assert.deepEqual([hit.state, hit.entry.text, hit.age], ["hit", "1", DAY - 1]);
    assert.equal(state.calls, 1);
  });

  it("CH1 1,000 readers at expiry: one call, none waits for it", async () => {
    const state = make();
    await state.read("a", answer("old"));
    state.time.pass(DAY);
    const reads = Array.from({ length: 1_000 }, () => state.read("a", never));
    const all = await Promise.all(reads);
    assert.ok(all.every((one) => one.state === "stale" && one.entry.text === "old"));
    await settle();
    assert.equal(state.calls, 2);
    assert.deepEqual(state.urgent, [true, false]);
  });

  it("CH1 the refreshing that a reader began is there for the next", async () => {
    const state = make();
    await state.read("a", answer("old"));
    state.time.pass(DAY);
    const kept = [];
    const reader = { waitUntil: (work) => kept.push(work) };
    assert.equal((await state.read("a", answer("new"), reader)).entry.text, "old");
    assert.equal(kept.length, 1);
    await kept[0];
    assert.equal((await state.read("a", never)).entry.text, "new");
  });

  it("CH1 10,000 first readers at once are one call", async () => {
    const state = make();
    let go;
    const gate = new Promise((resolve) => {
      go = resolve;
    });
    const slow = async () => {
      await gate;
      return { kind: "answer", text: "x" };
    };
    const reads = Array.from({ length: 10_000 }, () => state.read("a", slow));
    go();
    assert.ok((await Promise.all(reads)).every(({ entry }) => entry.text === "x"));
    assert.equal(state.calls, 1);
  });

  it("CH1 after seven stale days nothing old is served", async () => {
    const state = make();
    await state.read("a", answer("old"));
    state.time.pass(8 * DAY);
    assert.equal((await state.read("a", failed(503))).kind, "failed");
  });

  for (const [what, fault] of [
    ["5xx", failed(502)],
    ["429", failed(429, { code: "rate_limited", retryAfter: 120_000, isKept: false })],
    ["time-out", failed(504, { code: "timeout" })],
    ["a thrown error", () => Promise.reject(new Error("down"))],
  ]) {
    it(`CH2 ${what} for three days: the old answer, with its age, and few calls`, async () => {
      const state = make();
      await state.read("a", answer("old"));
      state.time.pass(DAY);
      for (let hour = 0; hour < 72; hour += 1) {
        for (let reader = 0; reader < 10; reader += 1) {
          const { state: how, entry, age } = await state.read("a", fault);
          assert.deepEqual([how, entry.text], ["stale", "old"]);
          assert.equal(age, DAY + hour * 3_600_000);
          if (reader < 2) await settle();
        }
        state.time.pass(3_600_000);
      }
      assert.equal(state.calls, 1 + 72);
      await state.read("a", answer("new"));
      await settle();
      assert.equal((await state.read("a", never)).entry.text, "new");
    });
  }

  it("CH2 a 429 with a hint is not asked again before it ends", async () => {
    const state = make();
    await state.read("a", answer("old"));
    state.time.pass(DAY);
    const busy = failed(429, { retryAfter: 600_000 });
    await state.read("a", busy);
    await settle();
    state.time.pass(599_999);
    await state.read("a", busy);
    await settle();
    assert.equal(state.calls, 2);
    state.time.pass(1);
    await state.read("a", busy);
    await settle();
    assert.equal(state.calls, 3);
  });

  it("CH3 what is not there is known for a minute, a failure for five seconds", async () => {
    const state = make();
    const absent = async () => ({ kind: "absent" });
    assert.equal((await state.read("a", absent)).kind, "absent");
    state.time.pass(59_999);
    assert.equal((await state.read("a", never)).kind, "absent");
    state.time.pass(1);
    await state.read("a", absent);
    assert.equal(state.calls, 2);
    await state.read("b", failed(503));
    state.time.pass(4_999);
    assert.equal((await state.read("b", never)).status, 503);
    state.time.pass(1);
    await state.read("b", answer("x"));
    assert.equal(state.calls, 4);
  });

  it("CH3 a 4xx of ours is never kept", async () => {
    const state = make();
    const mistake = failed(400, { code: "bad_request", isKept: false });
    await state.read("a", mistake);
    await state.read("a", mistake);
    assert.equal(state.calls, 2);
  });

  it("CH3 what went away is forgotten", async () => {
    const state = make();
    await state.read("a", answer("old"));
    state.time.pass(DAY);
    await state.read("a", async () => ({ kind: "absent" }));
    await settle();
    assert.equal((await state.read("a", never)).kind, "absent");
    assert.equal(state.cache.stats().entries, 0);
  });

  it("CH3 a scan of 200,000 ids evicts no good entry, and memory stays small", async () => {
    const state = make();
    await state.read("good", answer("good"));
    const absent = Promise.resolve({ kind: "absent" });
    const load = () => absent;
    for (let id = 0; id < 200_000; id += 1) {
      const one = state.cache.read(`scan ${id}`, LIFE, load, {});
      if (id % 1_000 === 0) await one;
    }
    await settle();
    assert.equal((await state.read("good", never)).state, "hit");
    assert.deepEqual([state.cache.stats().absent, state.cache.stats().entries], [500, 1]);
  });

  it("CH3 counts and bytes are bounded, the longest unread goes first", async () => {
    const state = make({ entries: 3, bytes: 8_000 });
    for (const key of ["a", "b", "c"]) await state.read(key, answer(key));
    await state.read("a", never);
    await state.read("d", answer("d"));
    assert.equal(state.cache.peek("b"), undefined);
    assert.equal(state.cache.peek("a").entry.text, "a");
    for (const key of ["e", "f", "g", "h"]) await state.read(key, answer("x".repeat(600)));
    assert.ok(state.cache.stats().bytes <= 8_000);
    await state.read("giant", answer("x".repeat(50_000)));
    assert.equal(state.cache.peek("giant"), undefined);
    assert.ok(state.cache.stats().entries > 0);
  });

  it("CH4 5,000 keys filled together do not expire together", async () => {
    const state = make({ entries: 10_000, random: numbers(7) });
    const ends = [];
    for (let key = 0; key < 5_000; key += 1) {
      const { entry } = await state.read(`${key}`, answer("x"));
      ends.push(entry.fresh);
    }
    assert.ok(ends.every((ms) => ms >= 0.9 * DAY && ms <= 1.1 * DAY));
    const mean = ends.reduce((sum, ms) => sum + ms, 0) / ends.length;
    assert.ok(Math.abs(mean / DAY - 1) < 0.01, `${mean / DAY}`);
    const buckets = new Map();
    for (const ms of ends) {
      const bucket = Math.floor(ms / 300_000);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    }
    // 20 % of a day are 57 spans of five minutes.
    assert.ok(Math.max(...buckets.values()) < 200, `${Math.max(...buckets.values())}`);
  });

  it("CH5 an ETag is of the bytes", async () => {
    const state = make();
    const etag = async (key, text) => (await state.read(key, answer(text))).entry.etag;
    const first = await etag("a", '{"a":"ø"}');
    assert.match(first, /^"[\w-]{27}"$/);
    assert.equal(await etag("b", '{"a":"ø"}'), first);
    assert.notEqual(await etag("c", '{"a": "ø"}'), first);
  });

  for (const [header, expected] of [
    [null, false],
    ["", false],
    ["*", true],
    [" * ", true],
    ['"abc"', true],
    ['W/"abc"', true],
    ['"x", "abc"', true],
    ['"x" , W/"abc","y"', true],
    ['"ab"', false],
    ["abc", false],
    ['"x,abc"', false],
    ['"*"', false],
  ]) {
    it(`CH5 If-None-Match: ${header}`, () => {
      assert.equal(isNoneMatched(header, '"abc"'), expected);
    });
  }

  it("CH7 the first of ten leaves: the others have their answer", async () => {
    const state = make();
    const controllers = Array.from({ length: 10 }, () => new AbortController());
    let go;
    const slow = (signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve({ kind: "absent" }));
        go = () => resolve({ kind: "answer", text: "x" });
      });
    const reads = controllers.map(({ signal }) => state.read("a", slow, { signal }));
    controllers[0].abort();
    assert.deepEqual([(await reads[0]).code, state.cache.stats().flights], ["aborted", 1]);
    go();
    const rest = await Promise.all(reads.slice(1));
    assert.ok(rest.every(({ entry }) => entry.text === "x"));
    assert.equal(state.calls, 1);
  });

  it("CH7 all ten leave: the request ends, nothing is kept, the key is free", async () => {
    const state = make();
    const controllers = Array.from({ length: 10 }, () => new AbortController());
    let isEnded = false;
    const slow = (signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          isEnded = true;
          resolve({ kind: "absent" });
        });
      });
    const reads = controllers.map(({ signal }) => state.read("a", slow, { signal }));
    await settle();
    for (const controller of controllers) controller.abort();
    await Promise.all(reads);
    assert.equal(isEnded, true);
    await settle();
    assert.deepEqual(state.cache.stats(), { entries: 0, bytes: 0, absent: 0, flights: 0 });
    assert.equal((await state.read("a", answer("x"))).state, "miss");
  });

  it("CH7 who leaves before anything was sent has nothing sent", async () => {
    const state = make();
    const controller = new AbortController();
    const read = state.read("a", answer("x"), { signal: controller.signal });
    controller.abort();
    assert.equal((await read).code, "aborted");
    await settle();
    assert.equal(state.calls, 0);
  });

  it("CH7 refreshing outlives the reader that began it", async () => {
    const state = make();
    await state.read("a", answer("old"));
    state.time.pass(DAY);
    const controller = new AbortController();
    let go;
    const slow = (signal) =>
      new Promise((resolve) => {
        go = () => resolve({ kind: "answer", text: signal.aborted ? "cut" : "new" });
      });
    await state.read("a", slow, { signal: controller.signal });
    controller.abort();
    await settle();
    go();
    await settle();
    assert.equal((await state.read("a", never)).entry.text, "new");
  });

  it("a clock that was set back makes nothing immortal", async () => {
    const state = make();
    await state.read("a", answer("old"));
    state.time.pass(-365 * DAY);
    assert.equal((await state.read("a", answer("new"))).state, "stale");
    await settle();
    assert.equal((await state.read("a", never)).entry.text, "new");
  });
});

describe("two processes and a second level", () => {
  const two = (second) => {
    const time = clock();
    const pair = [0, 1].map(() => make({ second, now: time.now }));
    return { time, pair, calls: () => pair[0].calls + pair[1].calls };
  };

  it("CH1 what one has heard the other serves", async () => {
    const time = clock();
    const { pair, calls } = two(memoryKeyValue({ now: time.now }));
    await pair[0].read("a", answer("x"));
    assert.equal((await pair[1].read("a", never)).entry.text, "x");
    assert.equal(calls(), 1);
  });

  it("CH1 one of them refreshes, and the other takes that", async () => {
    const shared = clock();
    const second = memoryKeyValue({ now: shared.now });
    const pair = [0, 1].map(() => make({ second, now: shared.now }));
    await pair[0].read("a", answer("old"));
    await pair[1].read("a", never);
    shared.pass(DAY);
    for (const { read } of pair) assert.equal((await read("a", answer("new"))).state, "stale");
    await settle();
    assert.equal(pair[0].calls + pair[1].calls, 2);
    shared.pass(3_000);
    for (const { read } of pair) await read("a", never);
    await settle();
    for (const { read } of pair) assert.equal((await read("a", never)).entry.text, "new");
    assert.equal(pair[0].calls + pair[1].calls, 2);
  });

  it("CH5 a length or an ETag that is not the text's is not believed", async () => {
    const time = clock();
    const second = memoryKeyValue({ now: time.now });
    const entry = {
      text: "whole",
      etag: 'x"\r\ny: z',
      size: 0,
      time: time.now(),
      fresh: DAY,
      stale: 0,
    };
    await second.set("a", JSON.stringify(entry), DAY);
    const found = await make({ second, now: time.now }).read("a", never);
    assert.deepEqual([found.entry.text, found.entry.size], ["whole", 5]);
    assert.match(found.entry.etag, /^"[\w-]{27}"$/);
  });

  for (const [what, broken] of [
    ["throws", () => Promise.reject(new Error("down"))],
    ["gives back something else", () => '{"text":1}'],
    ["gives back no JSON", () => "{"],
  ]) {
    it(`a second level that ${what} changes nothing`, async () => {
      const second = {
        get: broken,
        set: () => Promise.reject(new Error("down")),
        add: () => Promise.reject(new Error("down")),
        delete: () => Promise.reject(new Error("down")),
      };
      const state = make({ second });
      assert.equal((await state.read("a", answer("x"))).entry.text, "x");
      state.time.pass(DAY);
      await state.read("a", answer("y"));
      await settle();
      assert.equal((await state.read("a", never)).entry.text, "y");
      assert.ok(state.troubles > 0);
    });
  }
});

describe("the budget", () => {
  it("never more than 800 in any five minutes, whatever comes", () => {
    const time = clock(0);
    const budget = createBudget(800, 300_000, time.monotonic);
    const random = numbers(3);
    const starts = [];
    for (let turn = 0; turn < 40_000; turn += 1) {
      time.pass(Math.floor(random() * 200));
      if (budget.take(random() < 0.5) === 0) starts.push(time.time);
    }
    assert.ok(starts.length > 8_000);
    for (let at = 800; at < starts.length; at += 1) {
      assert.ok(starts[at] - starts[at - 800] >= 300_000, `${at}`);
    }
  });

  it("a fifth is kept for those who wait", () => {
    const time = clock(0);
    const budget = createBudget(100, 300_000, time.monotonic);
    let granted = 0;
    while (budget.take(false) === 0) granted += 1;
    assert.equal(granted, 80);
    while (budget.take(true) === 0) granted += 1;
    assert.deepEqual([granted, budget.used()], [100, 100]);
    assert.equal(budget.take(true), 300_000);
    time.pass(300_000);
    assert.deepEqual([budget.used(), budget.take(false)], [0, 0]);
  });

  it("a pause that the platform asks for holds everybody, five minutes at most", () => {
    const time = clock(0);
    const budget = createBudget(100, 300_000, time.monotonic);
    budget.pause(60_000);
    assert.equal(budget.take(true), 60_000);
    budget.pause(9e9);
    assert.equal(budget.take(true), 300_000);
    time.pass(300_000);
    assert.equal(budget.take(true), 0);
  });
});

describe("limits of clients", () => {
  it("BF22 each has its own, and it comes back with time", () => {
    const time = clock(0);
    const limiter = createLimiter(60, 60_000, 10, time.monotonic);
    for (let turn = 0; turn < 60; turn += 1) assert.equal(limiter.take("a"), 0);
    assert.equal(limiter.take("a"), 1_000);
    assert.equal(limiter.take("b"), 0);
    time.pass(1_000);
    assert.equal(limiter.take("a"), 0);
    assert.ok(limiter.take("a") > 0);
  });

  it("BF22 memory is bounded", () => {
    const limiter = createLimiter(60, 60_000, 10, () => 0);
    for (let client = 0; client < 100_000; client += 1) limiter.take(`${client}`);
    assert.equal(limiter.size(), 10);
  });

  const proxy = { header: "x-forwarded-for", trustedHops: 1 };
  for (const [what, forwarded, header, socket, expected] of [
    [
      "no proxy is configured: the header is not looked at",
      undefined,
      "9.9.9.9",
      "1.2.3.4",
      "1.2.3.4",
    ],
    ["one proxy: the last entry", proxy, "1.2.3.4", "10.0.0.1", "1.2.3.4"],
    ["forged entries before it", proxy, "6.6.6.6, 7.7.7.7, 1.2.3.4", "10.0.0.1", "1.2.3.4"],
    ["two proxies", { ...proxy, trustedHops: 2 }, "6.6.6.6, 1.2.3.4, 10.0.0.2", "", "1.2.3.4"],
    ["fewer entries than proxies", { ...proxy, trustedHops: 2 }, "1.2.3.4", "10.0.0.1", undefined],
    ["no header", proxy, null, "10.0.0.1", undefined],
    ["no address", proxy, "unknown", "10.0.0.1", undefined],
    ["a script", proxy, "<script>", "10.0.0.1", undefined],
    ["256", proxy, "1.2.3.256", "10.0.0.1", undefined],
    ["with a port", proxy, "1.2.3.4:555", "10.0.0.1", "1.2.3.4"],
    ["mapped", undefined, null, "::ffff:1.2.3.4", "1.2.3.4"],
    ["IPv6: its /64", undefined, null, "2001:db8:0:1:aaaa::1", "2001:db8:0:1::/64"],
    ["the same /64", undefined, null, "2001:DB8:0:0001:bbbb::2", "2001:db8:0:1::/64"],
    ["IPv6 with a port", proxy, "[2001:db8::1]:443", "", "2001:db8:0:0::/64"],
    ["nothing known", undefined, null, undefined, undefined],
  ]) {
    it(`BF22 ${what}`, () => {
      assert.equal(addressOf(forwarded, header, socket), expected);
    });
  }
});
