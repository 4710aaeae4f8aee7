// The small store of texts over Redis' two clients.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { memoryKeyValue, redisKeyValue } from "../../dist/server.js";
import { bringRedis, startRedis } from "../../tools/redis.mjs";
import { clock } from "./clock.mjs";
import { behaves } from "./keyvalue-support.mjs";

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
