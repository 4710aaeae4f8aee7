// redisStore on a real Redis, with both clients.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import { recordStore, redisStore, storeConformance } from "plaudit/server";
import { createClient } from "redis";
import { bringRedis, startRedis } from "../../tools/redis.mjs";
import { startProxy } from "./proxy.mjs";
import { newSeed, randomOf } from "./random.mjs";
import {
  BLOB,
  bare,
  begin,
  commit,
  grant,
  KEY,
  LEASE,
  locked,
  OTHER,
  OWNER,
  operations,
  RT,
  RT2,
  sleep,
  unavailable,
} from "./stores-support.mjs";

const { missing } = await bringRedis();
const skip = missing ?? false;
const DAY = 86_400_000;

/** Both clients, connected as their documentation says, with what they are by default. */
const clients = {
  redis: async (url) => {
    const client = createClient({ url, socket: { reconnectStrategy: 50 } });
    client.on("error", () => {});
    await client.connect();
    return {
      client,
      raw: (...command) => client.sendCommand(command),
      end: () => client.destroy(),
    };
  },
  ioredis: async (url) => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50 });
    client.on("error", () => {});
    await client.connect();
    return { client, raw: (...command) => client.call(...command), end: () => client.disconnect() };
  },
};

describe("redisStore", { skip }, () => {
  const open = [];
  let server;
  let prefix = 0;
  const connect = async (name, url) => {
    server ??= await startRedis();
    const connection = await clients[name](url ?? server.url);
    open.push(connection.end);
    return connection;
  };
  after(async () => {
    for (const end of open.splice(0)) end();
    await server?.end();
  });
  const fresh = () => `test-${++prefix}:`;

  for (const name of Object.keys(clients)) {
    describe(name, async () => {
      await storeConformance(
        async () => {
          const { client, end } = await connect(name);
          let now = Date.UTC(2026, 0, 1);
          const options = { prefix: fresh(), now: () => now };
          return {
            store: redisStore(client, options),
            again: () => redisStore(client, options),
            advance: (ms) => {
              now += ms;
            },
            end,
          };
        },
        { test: it },
      );

      it("LK9 a line that is cut, one way or both, or stalls: an error in time, and it heals", async () => {
        await connect(name);
        const proxy = await startProxy(() => server.port);
        const { client, end } = await clients[name](proxy.url);
        const store = redisStore(client, { prefix: fresh(), timeout: 250 });
        try {
          await store.commit(KEY, grant());
          for (const mode of ["stalled", "no-answers", "no-requests", "cut"]) {
            proxy.set(mode);
            const start = performance.now();
            await Promise.all(
              Object.entries(operations)
                .filter(([operation]) => operation !== "end")
                .map(([, run]) => unavailable(run(store), { retryable: true })),
            );
            const took = performance.now() - start;
            assert.ok(took < 5000, `${mode}: answered after ${took} ms`);
            assert.equal((await store.health()).ok, false, mode);
            proxy.set("pass");
            const view = await eventually(() => store.read(KEY));
            assert.equal(view.blob, BLOB, mode);
          }
        } finally {
          end();
          await proxy.end();
        }
      });

      it("LK9 an answer that got lost: the command counts, and is not carried out twice", async () => {
        await connect(name);
        const proxy = await startProxy(() => server.port);
        const { client, end } = await clients[name](proxy.url);
        const store = redisStore(client, { prefix: fresh(), timeout: 250 });
        try {
          const { generation } = (await store.commit(KEY, grant())).view;
          proxy.set("no-answers");
          const next = commit({ base: generation, consumed: RT, rt: RT2, blob: "second" });
          await unavailable(store.commit(KEY, next));
          proxy.set("pass");
          const again = await eventually(() => store.commit(KEY, next));
          assert.deepEqual([again.accepted, again.view.generation], [false, generation + 1]);
          assert.deepEqual([again.view.blob, again.view.rt], ["second", RT2]);
        } finally {
          end();
          await proxy.end();
        }
      });

      it("LK9 what waited in the client for a connection leads nobody afterwards", async () => {
        await connect(name);
        const proxy = await startProxy(() => server.port);
        const { client, end } = await clients[name](proxy.url);
        const store = redisStore(client, { prefix: fresh(), timeout: 250 });
        try {
          await store.read(KEY);
          proxy.set("cut");
          await unavailable(store.begin(KEY, begin(OWNER)));
          proxy.set("pass");
          const view = await eventually(() => store.read(KEY));
          assert.equal(view.leaseForMs, 0);
          assert.equal((await store.begin(KEY, begin(OTHER))).type, "lead");
        } finally {
          end();
          await proxy.end();
        }
      });

      it("LK10 restarted with its log the record is there; emptied, it says so", async () => {
        const own = await startRedis();
        const { client, raw, end } = await clients[name](own.url);
        const store = redisStore(client, { key: new Uint8Array(32).fill(7) });
        try {
          const { generation } = (await store.commit(KEY, grant())).view;
          await own.kill();
          await unavailable(store.read(KEY), { retryable: true });
          await own.start();
          const view = await eventually(() => store.read(KEY));
          assert.deepEqual([view.generation, view.blob, view.rt], [generation, BLOB, RT]);
          await raw("FLUSHALL");
          const none = await store.read(KEY);
          assert.deepEqual([none.generation, none.token], [0, false]);
          await sleep(5);
          const anew = (await store.commit(KEY, grant())).view;
          assert.ok(anew.generation > generation, "a generation is not used twice");
        } finally {
          end();
          await own.end();
        }
      });

      it("says nothing of tokens when Redis refuses a command", async () => {
        const { client, raw } = await connect(name);
        const own = fresh();
        const store = redisStore(client, { prefix: own });
        await store.commit(KEY, grant());
        const [record] = await raw("KEYS", `${own}*`);
        await raw("DEL", record);
        await raw("LPUSH", record, "another thing");
        for (const run of Object.values(operations)) await unavailable(run(store));
      });

      it("health: what may lose tokens, also where CONFIG and INFO are forbidden", async () => {
        const own = await startRedis({ config: { appendonly: "no" } });
        const { client, raw, end } = await clients[name](own.url);
        const store = redisStore(client);
        const warnings = async () => (await store.health()).warnings.join("\n");
        try {
          assert.match(await warnings(), /^appendonly is off/);
          await raw("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
          assert.match(await warnings(), /maxmemory-policy is allkeys-lru/);
          await raw("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
          assert.match(await warnings(), /maxmemory-policy is volatile-lru: .* have an end/);
          await raw("CONFIG", "SET", "maxmemory-policy", "noeviction");
          await raw("CONFIG", "SET", "appendonly", "yes");
          await raw("CONFIG", "SET", "appendfsync", "everysec");
          assert.match(await warnings(), /^appendfsync is everysec/);
          await raw("CONFIG", "SET", "appendfsync", "always");
          assert.deepEqual(await store.health(), { ok: true, warnings: [] });
          await raw("ACL", "SETUSER", "default", "-config");
          assert.deepEqual(await store.health(), { ok: true, warnings: [] });
          await raw("ACL", "SETUSER", "default", "-info");
          assert.match(await warnings(), /^Redis does not tell how it is set up/);
        } finally {
          end();
          await own.end();
        }
      });
    });
  }

  describe("by Redis's own clock", async () => {
    await storeConformance(
      async () => {
        const { client, end } = await connect("redis");
        const options = { prefix: fresh() };
        return {
          store: redisStore(client, options),
          again: () => redisStore(client, options),
          end,
        };
      },
      { test: it },
    );
  });

  it("LK8 a process a day ahead and one a day behind: leases are Redis's", async (t) => {
    const { client } = await connect("redis");
    const options = { prefix: fresh() };
    const real = Date.now;
    t.after(() => {
      Date.now = real;
    });
    Date.now = () => real() + DAY;
    assert.equal((await redisStore(client, options).begin(KEY, begin(OWNER))).type, "lead");
    Date.now = () => real() - DAY;
    const wait = await redisStore(client, options).begin(KEY, begin(OTHER));
    assert.equal(wait.type, "wait");
    assert.ok(wait.view.leaseForMs > 0 && wait.view.leaseForMs <= LEASE);
  });

  it("one key a record, with one hash tag; it tells nothing of the subject", async () => {
    const { client, raw } = await connect("redis");
    const own = fresh();
    const store = redisStore(client, { prefix: own });
    for (const run of Object.values(operations)) await run(store);
    const names = await raw("KEYS", "*");
    const ours = names.filter((name) => name.startsWith(own));
    assert.equal(ours.length, 1);
    assert.match(ours[0], /^test-\d+:\{[^{}]+\}$/);
    assert.doesNotMatch(ours[0], /user|example|client-1/);
    assert.throws(() => redisStore(client, { prefix: "{x}" }), { code: "invalid_argument" });
  });

  it("a record has an end where it is told one, and Redis removes it then", async () => {
    const { client, raw } = await connect("redis");
    const own = fresh();
    const store = redisStore(client, { prefix: own });
    const left = async () => {
      const [name] = await raw("KEYS", `${own}*`);
      return name ? raw("PTTL", name) : "none";
    };
    const { generation } = (await store.commit(KEY, grant())).view;
    assert.equal(await left(), -1, "tokens stay");
    const day = { base: generation, consumed: RT, rt: RT2, keepMs: DAY };
    await store.commit(KEY, commit(day));
    const ms = await left();
    assert.ok(ms > DAY - 60_000 && ms <= DAY + 1000, `a day: ${ms}`);
    const end = { base: generation + 1, cause: "revoked", reusable: false };
    await store.end(KEY, end);
    assert.ok((await left()) > 29 * DAY, "why it ended is known for a month");
    await store.end(KEY, { ...end, base: generation + 2, keepMs: 5 });
    const gone = async () => {
      if ((await left()) !== "none") throw new Error("still there");
    };
    await eventually(gone);
    assert.equal((await store.read(KEY)).generation, 0);
  });

  it("FS8 encrypted with a key: not to be read, changed, or moved to another subject", async () => {
    const { client, raw } = await connect("redis");
    const own = fresh();
    const key = "ab".repeat(32);
    const store = redisStore(client, { prefix: own, key });
    await store.commit(KEY, grant());
    const [name] = await raw("KEYS", `${own}*`);
    const text = await raw("GET", name);
    assert.doesNotMatch(text, /planted-secret/);
    assert.equal((await store.read(KEY)).blob, BLOB);
    const ring = redisStore(client, { prefix: own, keys: ["cd".repeat(32), key] });
    assert.equal((await ring.read(KEY)).blob, BLOB);
    const without = redisStore(client, { prefix: own, key: "cd".repeat(32) });
    await locked(without.read(KEY), /not among the keys/);
    await locked(redisStore(client, { prefix: own }).read(KEY), /no key was given/);
    const victim = { ...KEY, subject: "someone else" };
    await store.commit(victim, grant());
    const other = (await raw("KEYS", `${own}*`)).find((one) => one !== name);
    await raw("SET", other, text);
    await locked(store.read(victim), /moved/);
  });

  it("a record that is none is left as it is", async () => {
    const { client, raw } = await connect("redis");
    const own = fresh();
    const store = redisStore(client, { prefix: own });
    await store.commit(KEY, grant());
    const [name] = await raw("KEYS", `${own}*`);
    for (const text of ["", "{", "[]", "null", '{"v":2}', '{"generation":1}']) {
      await raw("SET", name, text);
      for (const run of Object.values(operations)) {
        await unavailable(run(store), { retryable: false });
      }
      assert.equal(await raw("GET", name), text);
    }
  });

  it("takes anything with eval, called one way or the other", async () => {
    const calls = [];
    const answer = JSON.stringify({ now: 1, result: { generation: 0 } });
    const object = { eval: async (...args) => calls.push(args) && answer };
    await redisStore(object).read(KEY);
    assert.deepEqual(Object.keys(calls[0][1]), ["keys", "arguments"]);
    await redisStore(object, { style: "ioredis" }).read(KEY);
    assert.equal(calls[1][1], 1);
    assert.equal(calls[1].length, 6);
    const bytes = { eval: async () => new TextEncoder().encode(answer) };
    assert.equal((await redisStore(bytes).read(KEY)).generation, 0);
    for (const wrong of [null, undefined, {}, { eval: 1 }]) {
      assert.throws(() => redisStore(wrong), { code: "invalid_argument" });
    }
    await unavailable(redisStore({ eval: async () => "OK" }).read(KEY), { retryable: false });
  });
});

describe("the same transitions in Rust and in Lua", { skip }, () => {
  const seed = newSeed();
  it(`random sequences of operations, seed ${seed}`, async () => {
    const server = await startRedis({ config: { appendonly: "no" } });
    const { client, raw, end } = await clients.redis(server.url);
    try {
      for (let sequence = 0; sequence < 60; sequence++) {
        await bothWays(client, raw, `${sequence}:`, (seed + sequence) >>> 0);
      }
    } finally {
      end();
      await server.end();
    }
  });
});

/** Runs one random sequence through both and compares each answer and each stored record. */
async function bothWays(client, raw, prefix, seed) {
  const { below, pick, chance } = randomOf(seed);
  const start = chance(0.1) ? below(400_000) : Date.UTC(2026, 0, 1) + below(1e9);
  let now = start;
  let text = null;
  let written = null;
  const rust = recordStore({
    now: () => now,
    load: () => text,
    compareAndSwap(_name, before, next) {
      assert.equal(before, text);
      text = next;
      return true;
    },
  });
  const lua = redisStore(client, { prefix, now: () => now });
  const owners = [OWNER, OTHER, "c".repeat(32)];
  const hashes = [null, RT, RT2, "3f".repeat(32)];
  const sources = [null, null, "5a".repeat(32), "5b".repeat(32)];
  const causes = ["refused", "rotation_lost", "revoked"];
  const gates = ["rate_limited", "unavailable", "configuration"];
  const times = () => pick([null, 0, 1, below(5000), below(400_000_000), 360_000_000]);
  const fences = [];
  const trace = [];
  let seen = { generation: 0, rt: null };
  for (let step = 0; step < 60; step++) {
    now += pick([0, 0, 1, below(1000), below(40_000), below(400_000)]);
    if (chance(0.02)) now += 31 * DAY;
    if (chance(0.05)) now = Math.max(0, now - below(900_000));
    const owner = pick(owners);
    const last = fences.at(-1);
    const [holder, fence] = last && chance(0.8) ? last : [owner, below(9)];
    const generation = chance(0.85) ? seen.generation : pick([0, 1, seen.generation + 1]);
    const [name, input] = pick([
      ["read"],
      ...Array(4).fill([
        "begin",
        {
          owner,
          seen: generation,
          source: pick(sources),
          client: pick(sources),
          leaseMs: pick([0, 1, 30_000, 30_000]),
        },
      ]),
      ...Array(3).fill(["mark", { owner: holder, fence }]),
      ...Array(2).fill([
        "commit",
        {
          owner: holder,
          grant: chance(0.2),
          base: generation,
          consumed: chance(0.8) ? seen.rt : pick(hashes),
          rt: pick(hashes),
          blob: `t${step} é\u{1F600}"\\`,
          lifeMs: times(),
          refreshInMs: times(),
          source: pick(sources),
          keepMs: pick([null, null, 0, 1, below(400_000), 100 * DAY]),
        },
      ]),
      ...Array(3).fill([
        "fail",
        {
          owner: holder,
          fence,
          what: pick([
            { type: "suspect", cause: pick(causes) },
            { type: "suspect", cause: pick(causes) },
            { type: "dead", cause: pick(causes) },
            { type: "release", sent: chance(0.5) },
            {
              type: "release",
              sent: chance(0.5),
              gate: { forMs: below(60_000), cause: pick(gates) },
            },
          ]),
        },
      ]),
      ...(chance(0.1)
        ? [
            [
              "end",
              {
                base: generation,
                cause: pick(causes),
                reusable: chance(0.5),
                keepMs: pick([null, 0, 1, below(400_000)]),
                source: pick(sources),
              },
            ],
          ]
        : []),
    ]);
    trace.push(inspect({ now, name, input }, { breakLength: 200 }));
    const run = (store) => (name === "read" ? store.read(KEY) : store[name](KEY, input));
    const [ours, theirs] = [await run(rust), await run(lua)];
    const context = `seed ${seed}, step ${step}:\n${trace.slice(-6).join("\n")}`;
    assert.deepEqual(bare(theirs), bare(ours), context);
    const [key] = await raw("KEYS", `${prefix}*`);
    const stored = key ? JSON.parse(await raw("GET", key)) : null;
    assert.deepEqual(bare(stored), bare(JSON.parse(text)), `stored, ${context}`);
    if (text !== written) {
      const end = stored.kept ? Math.max(0, stored.kept.until - now) + 1000 : -1;
      const left = await raw("PTTL", key);
      assert.ok(end < 0 ? left === -1 : left > 0 && left <= end, `${left}, ${end}, ${context}`);
      // It would be removed by Redis's clock, which is not the one of this test.
      await raw("PERSIST", key);
      written = text;
    }
    if (ours.type === "lead") fences.push([input.owner, ours.fence]);
    seen = ours.view ?? (ours.generation === undefined ? seen : ours);
    seen = { generation: seen.generation, rt: seen.rt ?? null };
  }
}

/** The value once it can be had: a client needs a moment to connect again. */
async function eventually(run) {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
