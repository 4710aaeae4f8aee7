// Processes that share a grant: the real token manager in each, a platform that takes each refresh
// token once, and processes that are killed and stopped at named points. Leases are scaled down.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createTokenManager, fileStore, redisStore } from "plaudit/server";
import { createClient } from "redis";
import { bringRedis, startRedis } from "../../tools/redis.mjs";
import { endAll, startProcess } from "./processes/fleet.mjs";
import { managerOptions, startProvider } from "./processes/provider.mjs";
import { runFleet } from "./processes/random.mjs";
import { startProxy } from "./proxy.mjs";
import { newSeed } from "./random.mjs";
import { sleep } from "./stores-support.mjs";

const { missing } = await bringRedis();
const isWindows = process.platform === "win32";
const LEASE = 900;
const times = { lease: LEASE, timeout: 500, skew: 100, readCache: 100 };
/** Where nobody is stopped: a machine that is busy must not look like one. */
const patient = { ...times, lease: 20_000 };

let server;
let client;
let scenes = 0;
const ends = [];
before(async () => {
  if (missing) return;
  server = await startRedis();
  client = createClient({ url: server.url });
  client.on("error", () => {});
  await client.connect();
});
after(async () => {
  await endAll();
  for (const end of ends) await end();
  client?.destroy();
  await server?.end();
});

/** Where the processes of a scene keep their tokens. */
const places = {
  redis: async () => {
    const options = { prefix: `scene-${++scenes}:` };
    return { where: { redis: server.url, options }, store: redisStore(client, options) };
  },
  file: async () => {
    const folder = mkdtempSync(join(tmpdir(), "plaudit-processes-"));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "tokens.json");
    return { where: { file }, store: fileStore(file) };
  },
};

/**
 * A user has signed in, and the token has just expired; new ones live for an hour.
 * `start(more)` starts a process that shares the grant.
 */
async function scene(kind, { config, options, processes = [] } = {}) {
  const { where, store } = await places[kind]();
  const provider = await startProvider({ config: { token_lifetime: 1, ...config } });
  ends.push(() => provider.end());
  const all = { ...times, ...options };
  const own = createTokenManager({ ...managerOptions(provider.base, all), store });
  await own.exchange({ code: await provider.code() });
  const expired = sleep(1100);
  provider.sandbox.config({ token_lifetime: 3600 });
  await own.close();
  const settings = { base: provider.base, store: where, times: all };
  const start = (more) => startProcess({ ...settings, ...more });
  const started = await Promise.all(processes.map(start));
  await expired;
  return { provider, store, start, processes: started };
}

/** The token of a process, however long it takes; or the reason why there will be none. */
async function outcome(one) {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      return (await one.ask("token")).token;
    } catch (error) {
      if (error.code === "reauthorization_required") return `lost: ${error.reason}`;
      if (!["token_pending", "server_error"].includes(error.code)) throw error;
      assert.ok(performance.now() < deadline, `still ${error.code}`);
      await sleep(100);
    }
  }
}

/** A promise and what resolves it. */
function deferred() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const isToken = (text) => text.startsWith("tpa-");

for (const kind of ["redis", "file"]) {
  const skip = isWindows || (kind === "redis" && missing ? missing : false);
  describe(`processes with one ${kind}`, { skip, concurrency: 3, timeout: 120_000 }, () => {
    it("without faults: one asks, once; all have the same token", async () => {
      const { provider, processes } = await scene(kind, {
        options: patient,
        processes: Array(4).fill({}),
      });
      const tokens = await Promise.all(processes.map(outcome));
      assert.ok(isToken(tokens[0]));
      assert.equal(new Set(tokens).size, 1);
      assert.deepEqual([provider.refreshes.length, provider.rotations()], [1, 1]);
      for (const one of processes) await one.kill();
    });

    /** What each point costs: [refreshes that arrive, refresh tokens used twice, the outcome]. */
    const points = {
      begun: [1, 0, "token"],
      marked: [1, 0, "token"],
      sent: [2, 0, "token"],
      rotated: [2, 1, "lost: rotation_lost"],
      answered: [2, 1, "lost: rotation_lost"],
      committed: [1, 0, "token"],
    };
    for (const [point, [sent, dead, expected]] of Object.entries(points)) {
      it(`LK6 killed when ${point}: ${expected}`, async () => {
        const { provider, processes } = await scene(kind, {
          processes: [{ points: [point] }, {}],
        });
        const [first, second] = processes;
        const there = deferred();
        const end = deferred();
        provider.hooks.arrived = async ({ who }) => {
          if (point !== "sent" || who !== first.name) return undefined;
          there.resolve();
          await end.promise;
          return "drop";
        };
        provider.hooks.answering = async ({ who }) => {
          if (point !== "rotated" || who !== first.name) return undefined;
          there.resolve();
          await end.promise;
          return "drop";
        };
        first.ask("token");
        await (point === "sent" || point === "rotated" ? there.promise : first.at(point));
        await first.kill();
        end.resolve();
        const found = await outcome(second);
        assert.equal(isToken(found) ? "token" : found, expected);
        assert.deepEqual([provider.refreshes.length, provider.dead().length], [sent, dead]);
        if (expected !== "token") {
          // LK10, TM15: it is sticky, costs nothing, and ends with the next sign-in
          assert.equal(await outcome(second), expected);
          assert.equal(provider.refreshes.length, sent);
          await second.ask("exchange", { code: await provider.code() });
          assert.ok(isToken(await outcome(second)));
        }
        await second.kill();
      });
    }

    it("LK6 killed when rotated, at a platform that replays for a while: nothing is lost", async () => {
      const { provider, processes } = await scene(kind, {
        config: { refresh_reuse_ms: 30_000 },
        options: { refreshReuseMs: 30_000 },
        processes: [{ points: ["answered"] }, {}],
      });
      const [first, second] = processes;
      first.ask("token");
      await first.at("answered");
      await first.kill();
      assert.ok(isToken(await outcome(second)));
      assert.equal(provider.dead().length, 1);
      await second.kill();
    });

    it("LK4 LK13 stopped after its request was sent, woken after two leases: its pair is stored", async () => {
      const { provider, store, processes } = await scene(kind, { processes: [{}] });
      const [first] = processes;
      const rotated = deferred();
      const answer = deferred();
      provider.hooks.answering = async () => {
        rotated.resolve();
        await answer.promise;
      };
      const asked = first.ask("token");
      await rotated.promise;
      await sleep(60);
      first.stop();
      answer.resolve();
      await sleep(2 * LEASE);
      first.cont();
      await first.next(({ committed }) => committed);
      await asked.catch(() => {});
      assert.ok(isToken(await outcome(first)));
      assert.equal(provider.refreshes.length, 1);
      assert.ok((await subjectView(store)).token);
      await first.kill();
    });

    it("LK4 stopped, and another was told invalid_grant meanwhile: the session lives", async () => {
      const { provider, processes } = await scene(kind, { processes: [{}, {}] });
      const [first, second] = processes;
      const rotated = deferred();
      const answer = deferred();
      const refused = deferred();
      provider.hooks.answering = async ({ who, status }) => {
        if (who === first.name) {
          rotated.resolve();
          await answer.promise;
        } else if (status >= 400) {
          refused.resolve();
        }
      };
      const asked = first.ask("token");
      await rotated.promise;
      first.stop();
      await sleep(LEASE);
      const other = second.ask("token");
      await refused.promise;
      await Promise.allSettled([other]);
      answer.resolve();
      first.cont();
      const { committed } = await first.next((message) => message.committed);
      await asked.catch(() => {});
      const tokens = await Promise.all([first, second].map(outcome));
      assert.ok(isToken(tokens[0]));
      assert.equal(tokens[1], tokens[0]);
      assert.equal((await second.ask("status")).generation, committed);
      assert.equal(provider.rotations(), 1);
      for (const one of processes) await one.kill();
    });

    it("LK5 a late holder that is told invalid_grant, or 429, ends nothing and gates nobody", async () => {
      for (const fault of [null, "429"]) {
        const { provider, processes } = await scene(kind, { processes: [{}, {}] });
        const [first, second] = processes;
        const arrived = deferred();
        const process = deferred();
        provider.hooks.arrived = async ({ who }) => {
          if (who !== first.name) return;
          arrived.resolve();
          await process.promise;
          if (fault) provider.sandbox.faults.add({ fault, times: 1 });
        };
        const answered = deferred();
        provider.hooks.answering = async ({ who }) => {
          if (who === first.name) answered.resolve();
        };
        const asked = first.ask("token");
        await arrived.promise;
        first.stop();
        await sleep(LEASE);
        const token = await outcome(second);
        assert.ok(isToken(token));
        process.resolve();
        await answered.promise;
        first.cont();
        await Promise.allSettled([asked]);
        assert.equal(await outcome(first), token);
        const status = await second.ask("status");
        assert.deepEqual([status.state, status.gate], ["valid", null], `${fault}`);
        assert.equal(provider.rotations(), 1);
        for (const one of processes) await one.kill();
      }
    });

    it("LK8 a process a day ahead and one a day behind: one refresh, one token", async () => {
      const { provider, processes } = await scene(kind, {
        options: patient,
        processes: [{ skewDays: 1 }, { skewDays: -1 }, {}],
      });
      const tokens = await Promise.all(processes.map(outcome));
      assert.ok(isToken(tokens[0]));
      assert.equal(new Set(tokens).size, 1);
      assert.equal(provider.refreshes.length, 1);
      for (const one of processes) await one.kill();
    });
  });
}

describe("processes at random moments", {
  skip: isWindows || (missing ?? false),
  timeout: 120_000,
}, () => {
  const run = async (t, faults, more) => {
    const seed = newSeed();
    const prefix = `random-${++scenes}:`;
    const options = {
      redis: server.url,
      prefix,
      faults,
      seed,
      processes: 4,
      rotations: 6,
      ...more,
    };
    const report = await runFleet({ ...options, limit: 60_000 });
    t.diagnostic(JSON.stringify(report));
    const context = `PLAUDIT_SEED=${seed}: ${JSON.stringify(report)}`;
    assert.ok(report.rotations >= 6, context);
    assert.equal(report.twice, 0, `one commit a generation, ${context}`);
    assert.equal(report.dead.unexplained, 0, context);
    for (const { name } of report.losses) assert.equal(name, "rotation_lost", context);
    return { report, context };
  };

  it("LK7 LK12 nobody is hurt: one send a generation, no dead token is used", async (t) => {
    const { report, context } = await run(t, "none");
    assert.equal(report.refreshes, report.rotations, context);
    assert.equal(report.handedOutDead, 0, context);
    assert.deepEqual(report.losses, [], context);
  });

  it("LK12 kill -9: each loss is of a process killed between rotation and commit", async (t) => {
    const { report, context } = await run(t, "kill");
    assert.ok(report.kills > 0, context);
  });

  it("LK12 kill -9, at a platform that replays: nothing is lost", async (t) => {
    const { report, context } = await run(t, "kill", { reuse: 30_000 });
    assert.deepEqual([report.losses, report.dead.lost], [[], 0], context);
  });

  it("LK12 LK13 SIGSTOP: nothing is lost for good", async (t) => {
    const { report, context } = await run(t, "stop");
    assert.ok(report.stops > 0, context);
    assert.deepEqual(report.losses, [], context);
  });
});

describe("a Redis that is away", {
  skip: missing ?? false,
  timeout: 60_000,
  concurrency: 3,
}, () => {
  /** A user has signed in by way of a proxy; tokens live for two seconds. */
  async function behindProxy(t) {
    const proxy = await startProxy(() => server.port);
    const own = createClient({ url: proxy.url, socket: { reconnectStrategy: 20 } });
    own.on("error", () => {});
    await own.connect();
    const provider = await startProvider({ config: { token_lifetime: 2 } });
    const prefix = `away-${++scenes}:`;
    const store = redisStore(own, { prefix, timeout: 300 });
    // a lease whose beginner never heard of it has to end by itself
    const short = { ...times, lease: 3000, timeout: 2000 };
    const manager = createTokenManager({ ...managerOptions(provider.base, short), store });
    t.after(async () => {
      proxy.set("pass");
      await manager.close();
      own.destroy();
      await proxy.end();
      await provider.end();
    });
    await manager.exchange({ code: await provider.code() });
    return { proxy, provider, store, manager, prefix };
  }
  async function until(isSo) {
    const deadline = performance.now() + 30_000;
    while (!(await isSo())) {
      assert.ok(performance.now() < deadline, "it did not come");
      await sleep(20);
    }
  }
  const codeOf = (promise) =>
    promise.then(
      () => "token",
      ({ code }) => code,
    );

  for (const mode of ["cut", "stalled", "no-answers", "no-requests"]) {
    it(`LK9 (a) before the mark (${mode}): nothing is sent; (c) a token is served to its end`, async (t) => {
      const { proxy, provider, manager } = await behindProxy(t);
      const token = await manager.token();
      proxy.set(mode);
      for (let moment = 0; moment < 5; moment++) {
        assert.equal(await manager.token(), token);
        await sleep(200);
      }
      await sleep(1200);
      assert.equal(await codeOf(manager.token({ timeout: 200 })), "store_unavailable");
      assert.equal(provider.refreshes.length, 0, "a refresh nobody could have stored");
      proxy.set("pass");
      await until(async () => (await codeOf(manager.token())) === "token");
      assert.equal(provider.rotations(), 1);
    });
  }

  it("LK9 (b) between answer and commit: the pair is kept, and stored when Redis is back", async (t) => {
    const { proxy, provider, store, manager } = await behindProxy(t);
    const { generation } = await manager.status();
    provider.sandbox.config({ token_lifetime: 3600 });
    provider.hooks.answering = async () => proxy.set("stalled");
    await until(() => provider.refreshes.length === 1);
    await sleep(1500);
    assert.equal(await codeOf(manager.token({ timeout: 200 })), "store_unavailable", "TM3");
    proxy.set("pass");
    await until(async () => (await codeOf(manager.token())) === "token");
    assert.equal((await subjectView(store)).generation, generation + 1);
    assert.deepEqual([provider.refreshes.length, provider.rotations()], [1, 1]);
  });

  it("LK10 emptied: reauthorization_required, and the platform is not asked with nothing", async (t) => {
    const { provider, manager, prefix } = await behindProxy(t);
    await manager.token();
    const keys = await client.keys(`${prefix}*`);
    await client.del(keys);
    await sleep(2100);
    const error = await manager.token().catch((thrown) => thrown);
    assert.equal(error.code, "reauthorization_required");
    assert.equal(provider.refreshes.length, 0);
    await manager.exchange({ code: await provider.code() });
    assert.ok(isToken(await manager.token()));
  });
});

/** What a store tells of the one record of a scene. */
async function subjectView(store) {
  const key = { provider: "trustpilot", client: "plaudit-demo-key", subject: "default" };
  return store.read(key);
}
