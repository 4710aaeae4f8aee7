// A fleet of processes that call an API while tokens rotate and processes are killed and stopped at
// random moments. What comes of it is counted at the platform, and each loss is explained.
import { createTokenManager, redisStore } from "plaudit/server";
import { createClient } from "redis";
import { randomOf } from "../random.mjs";
import { endAll, startProcess } from "./fleet.mjs";
import { machineNow, managerOptions, startProvider } from "./provider.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** What a busy machine takes between handing out a token and looking at the clock. */
const PREEMPTED = 50;

/**
 * `redis`: its address. `faults`: "none", "kill" or "stop". `reuse`: milliseconds for which the
 * platform replays, which the managers know.
 *
 * The report's `losses` each have a name: `rotation_lost` where the process that had the new pair was
 * killed before it was stored. One without a name is a fault of ours.
 */
export async function runFleet({
  redis,
  prefix,
  processes = 8,
  rotations = 30,
  faults = "none",
  reuse = 0,
  seed,
  // a machine that is busy must not look like one whose processes are stopped
  lease = faults === "none" ? 20_000 : 900,
  life = 2,
  limit = 120_000,
}) {
  const { below, chance, pick } = randomOf(seed);
  const times = {
    lease,
    timeout: Math.min(lease / 2, 5000),
    skew: 200,
    readCache: 100,
    refreshAt: 0.3,
    ...(reuse && { refreshReuseMs: reuse }),
  };
  const options = { prefix };
  const provider = await startProvider({
    config: { token_lifetime: life, refresh_reuse_ms: reuse },
  });
  const client = createClient({ url: redis });
  client.on("error", () => {});
  await client.connect();
  const store = redisStore(client, options);
  const key = { provider: "trustpilot", client: "plaudit-demo-key", subject: "default" };
  const signIn = async () => {
    const own = createTokenManager({ ...managerOptions(provider.base, times), store });
    await own.exchange({ code: await provider.code() });
    await own.close();
  };

  const settings = { base: provider.base, store: { redis, options }, times };
  const fleet = new Map();
  const killed = new Map();
  const commits = [];
  const report = {
    seed,
    faults,
    rotations: 0,
    refreshes: 0,
    // refresh tokens that were used up when they were sent, by what explains it
    dead: { lost: 0, lateHolder: 0, replayed: 0, unexplained: 0 },
    kills: 0,
    stops: 0,
    losses: [],
    healed: 0,
    apiCalls: 0,
    refused: 0,
    handedOutDead: 0,
    failures: {},
    twice: 0,
  };
  const totals = new Map();
  const hear = (name, message) => {
    if (message.committed) commits.push({ name, generation: message.committed, at: machineNow() });
  };
  const start = async () => {
    const one = await startProcess(settings, hear);
    fleet.set(one.name, one);
    one.ask("work", { pause: 2 });
    return one;
  };

  /** The rotation whose pair nobody stored, and what became of the process that had it. */
  const explain = () => {
    const last = provider.refreshes.filter(({ rotated }) => rotated).at(-1);
    if (!last) return null;
    const isStored = commits.some(({ name, at }) => name === last.who && at >= last.processedAt);
    if (isStored) return null;
    const end = killed.get(last.who);
    if (end === undefined) return { alive: last.who };
    return end >= last.processedAt ? { name: "rotation_lost", process: last.who } : null;
  };

  /** Why a refresh token was sent that had been used up. */
  const explainDead = ({ token, at, rotated }) => {
    if (rotated) return "replayed";
    const first = provider.refreshes.find((one) => one.token === token && one.rotated);
    const stored = commits.find(({ name, at }) => name === first.who && at >= first.processedAt);
    // it led longer than its lease, stopped or slow, and stored its pair after all
    if (stored && stored.at > at) return "lateHolder";
    if (!stored && (killed.get(first.who) ?? 0) >= first.processedAt) return "lost";
    return "unexplained";
  };
  /** Who is being answered: the one that a kill hurts. */
  let current;
  if (faults !== "none") {
    provider.hooks.answering = async ({ who }) => {
      current = who;
      await sleep(below(60));
    };
  }

  try {
    await signIn();
    await Promise.all(Array.from({ length: processes }, start));
    const begun = performance.now();
    let next = performance.now() + 500;
    let waitingSince = 0;
    while (provider.rotations() < rotations && performance.now() - begun < limit) {
      await sleep(20);
      if (faults !== "none" && performance.now() > next) {
        next = performance.now() + 500 + below(1000);
        let victim = pick([...fleet.values()]);
        if (chance(0.4)) {
          const before = provider.refreshes.length;
          while (provider.refreshes.length === before && performance.now() < next) await sleep(2);
          await sleep(below(60));
          victim = fleet.get(current) ?? victim;
        }
        if (faults === "kill") {
          fleet.delete(victim.name);
          killed.set(victim.name, machineNow());
          await victim.kill();
          report.kills++;
          await start();
        } else {
          victim.stop();
          report.stops++;
          setTimeout(() => victim.cont(), lease * (chance(0.5) ? 2 : 3));
        }
      }
      const { dead } = await store.read(key);
      if (!dead) {
        if (waitingSince) report.healed++;
        waitingSince = 0;
        continue;
      }
      const why = explain();
      // the process that has the pair still lives: it will store it, whenever it wakes
      waitingSince ||= performance.now();
      if (why?.alive && performance.now() - waitingSince < 8 * lease) continue;
      report.losses.push({ reason: dead, name: why?.name ?? null, process: why?.process ?? null });
      waitingSince = 0;
      await signIn();
    }
    await sleep(300);
    for (const one of fleet.values()) one.cont();
    for (const one of fleet.values()) {
      const count = await Promise.race([one.ask("count"), sleep(5000)]);
      if (count) totals.set(one.name, count);
    }
  } finally {
    await endAll();
    client.destroy();
    await provider.end();
  }

  report.rotations = provider.rotations();
  report.refreshes = provider.refreshes.length;
  for (const sent of provider.dead()) report.dead[explainDead(sent)]++;
  report.apiCalls = provider.api.calls;
  report.refused = provider.api.refused;
  report.handedOutDead = provider.api.late.filter(({ by }) => by > PREEMPTED).length;
  for (const { failed } of totals.values()) {
    for (const [code, count] of Object.entries(failed)) {
      report.failures[code] = (report.failures[code] ?? 0) + count;
    }
  }
  const generations = commits.map(({ generation }) => generation);
  report.twice = generations.length - new Set(generations).size;
  return report;
}
