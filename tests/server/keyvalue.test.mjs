// The small store of texts, in memory and over Redis' two clients.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { memoryStore } from "../../dist/server.js";
import { bringRedis, startRedis } from "../../tools/redis.mjs";
import { clock, inside } from "./inside.mjs";

const { memoryKeyValue, redisKeyValue } = await inside("keyvalue.ts");

/** What both must do; `pass` lets time go by. */
function behaves(make) {
  it("gives back what was put there, until its time is over", async () => {
    const { store, pass } = await make();
    assert.equal((await store.get("a")) ?? null, null);
    await store.set("a", "1 ø", 1_000);
    assert.equal(await store.get("a"), "1 ø");
    await store.set("a", "2", 1_000);
    assert.equal(await store.get("a"), "2");
    await pass(1_100);
    assert.equal((await store.get("a")) ?? null, null);
  });

  it("adds where nothing is: of many at once, one", async () => {
    const { store, pass } = await make();
    const added = await Promise.all(
      Array.from({ length: 50 }, (_, at) => store.add("a", `${at}`, 1_000)),
    );
    assert.equal(added.filter(Boolean).length, 1);
    assert.equal(await store.get("a"), `${added.indexOf(true)}`);
    await pass(1_100);
    assert.equal(await store.add("a", "again", 1_000), true);
  });

  it("deletes, also what is not there", async () => {
    const { store } = await make();
    await store.set("a", "1", 1_000);
    await store.delete("a");
    await store.delete("a");
    assert.equal((await store.get("a")) ?? null, null);
    assert.equal(await store.add("a", "2", 1_000), true);
  });
}

describe("memoryKeyValue", () => {
  behaves(() => {
    const time = clock();
    return { store: memoryKeyValue({ now: time.now }), pass: time.pass };
  });

  it("is bounded", async () => {
    const store = memoryKeyValue({ entries: 100 });
    for (let at = 0; at < 1_000; at += 1) store.set(`${at}`, "x", 1_000);
    assert.equal(store.get("899"), null);
    assert.equal(store.get("900"), "x");
  });

  for (const options of [{ entries: -1 }, { entries: "1" }, { now: 1 }, []]) {
    it(`refuses ${inspect(options)}`, () => {
      assert.throws(() => memoryKeyValue(options), { code: "invalid_argument" });
    });
  }
});

/** What a Redis does with the four scripts, for the shape of the calls; a real one is asked elsewhere. */
function fakeRedis() {
  const time = clock();
  const memory = memoryKeyValue({ now: time.now });
  const calls = [];
  const run = (script, [key], [value, ttl]) => {
    calls.push(key);
    if (script.includes("'GET'")) return memory.get(key);
    if (script.includes("'DEL'")) return Number(memory.delete(key));
    if (script.includes("'NX'")) return Number(memory.add(key, value, Number(ttl)));
    memory.set(key, value, Number(ttl));
    return "OK";
  };
  return { run, calls, pass: time.pass };
}

const shapes = {
  redis: (run) => ({ eval: async (script, { keys, arguments: args }) => run(script, keys, args) }),
  ioredis: (run) => ({
    defineCommand() {},
    eval: async (script, count, ...rest) => run(script, rest.slice(0, count), rest.slice(count)),
  }),
};

for (const [name, shape] of Object.entries(shapes)) {
  describe(`redisKeyValue over the calls of ${name}`, () => {
    behaves(() => {
      const { run, pass } = fakeRedis();
      return { store: redisKeyValue(shape(run)), pass };
    });

    it("puts a prefix before each key", async () => {
      const { run, calls } = fakeRedis();
      await redisKeyValue(shape(run), { prefix: "shop:" }).get("a");
      await redisKeyValue(shape(run)).get("a");
      assert.deepEqual(calls, ["shop:a", "plaudit:a"]);
    });
  });
}

describe("redisKeyValue", () => {
  it("LK9 a socket that hangs ends in store_unavailable", async () => {
    const store = redisKeyValue({ eval: () => new Promise(() => {}) }, { timeout: 20 });
    await assert.rejects(async () => store.get("a"), {
      code: "store_unavailable",
      retryable: true,
    });
  });

  it("an error of the client shows no value", async () => {
    const error = Object.assign(new Error("READONLY"), { args: ["s3cret"], command: "s3cret" });
    const store = redisKeyValue({ eval: () => Promise.reject(error) });
    const seen = await store.set("a", "s3cret", 1_000).catch((own) => own);
    assert.equal(seen.code, "store_unavailable");
    assert.equal(seen.cause.message, "READONLY");
    assert.ok(!inspect(seen, { depth: 9 }).includes("s3cret"));
  });

  for (const client of [null, {}, { eval: 1 }, "redis"]) {
    it(`refuses ${inspect(client)}`, () => {
      assert.throws(() => redisKeyValue(client), { code: "invalid_argument" });
    });
  }
});

const connect = {
  async redis(url) {
    const client = createClient({ url });
    client.on("error", () => {});
    await client.connect();
    return { client, end: () => client.destroy() };
  },
  async ioredis(url) {
    const client = new Redis(url, { lazyConnect: true });
    client.on("error", () => {});
    await client.connect();
    return { client, end: () => client.disconnect() };
  },
};

describe("a real Redis", async () => {
  const { missing } = await bringRedis();
  let server;
  const ends = [];
  before(async () => {
    if (!missing) server = await startRedis();
  });
  after(async () => {
    for (const end of ends) end();
    await server?.end();
  });
  let prefixes = 0;
  for (const [name, open] of Object.entries(connect)) {
    describe(name, { skip: missing }, () => {
      behaves(async () => {
        const { client, end } = await open(server.url);
        ends.push(end);
        prefixes += 1;
        const store = redisKeyValue(client, { prefix: `test-${prefixes}:` });
        return { store, pass: (ms) => sleep(ms) };
      });
    });
  }
});

describe("memoryStore", () => {
  it("keeps so many records at most, the newest", async () => {
    assert.throws(() => memoryStore({ entries: 0 }), { code: "invalid_argument" });
    const store = memoryStore({ entries: 2 });
    const key = (subject) => ({ provider: "trustpilot", client: "c", subject });
    const input = { owner: "o", grant: true, import: false, base: 0, consumed: null, rt: null };
    for (const subject of ["a", "b", "c"]) {
      const more = { blob: `{"accessToken":"${subject}"}`, lifeMs: 1_000, refreshInMs: null };
      await store.commit(key(subject), { ...input, ...more, source: null });
    }
    const kept = async (subject) => typeof (await store.read(key(subject))).blob === "string";
    assert.deepEqual(await Promise.all(["a", "b", "c"].map(kept)), [false, true, true]);
  });
});
