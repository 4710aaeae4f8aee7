// Tokens: how many callers one request serves, and what processes on one Redis do to a grant whose
// refresh tokens are good once, without faults, with kill -9 and with SIGSTOP at random moments.
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createTokenManager } from "plaudit/server";
import { managerOptions, startProvider } from "../tests/server/processes/provider.mjs";
import { runFleet } from "../tests/server/processes/random.mjs";
import { newSeed } from "../tests/server/random.mjs";
import { bringRedis, startRedis } from "../tools/redis.mjs";
import { isMain, Problem, runMain, say } from "../tools/run.mjs";

const CALLERS = 10_000;
const PROCESSES = 8;
const ROTATIONS = 30;

const runs = [
  { name: "no faults", faults: "none" },
  { name: "kill -9", faults: "kill" },
  { name: "kill -9, platform replays for 30 s", faults: "kill", reuse: 30_000 },
  { name: "SIGSTOP of 2 to 3 leases", faults: "stop" },
];

/** Many callers at once, and again when there is a token: `{ requests, ms, cachedMs }`. */
async function manyCallers() {
  const provider = await startProvider();
  let requests = 0;
  const manager = createTokenManager({
    ...managerOptions(provider.base),
    grant: { type: "client_credentials" },
    async fetch(input, init) {
      requests++;
      return fetch(input, init);
    },
  });
  try {
    const all = async () => {
      const start = performance.now();
      const tokens = await Promise.all(Array.from({ length: CALLERS }, () => manager.token()));
      if (new Set(tokens).size !== 1) throw new Problem("callers got different tokens");
      return performance.now() - start;
    };
    const ms = await all();
    const cachedMs = await all();
    return { requests, ms, cachedMs };
  } finally {
    await manager.close();
    await provider.end();
  }
}

/** The runs of a fleet, one after the other. */
export async function fleets({ seed = newSeed() } = {}) {
  const { missing } = await bringRedis();
  if (missing) throw new Problem(missing);
  const redis = await startRedis();
  const reports = [];
  try {
    for (const [at, { name, ...run }] of runs.entries()) {
      const options = { redis: redis.url, prefix: `${at}:`, seed, ...run };
      const report = await runFleet({ ...options, processes: PROCESSES, rotations: ROTATIONS });
      reports.push({ name, ...report });
    }
  } finally {
    await redis.end();
  }
  return reports;
}

/** Shows both. A run that ends with a loss nobody can explain is a failure. */
export async function showTokens(options) {
  const { requests, ms, cachedMs } = await manyCallers();
  say(
    `${CALLERS.toLocaleString("en-US")} token() at once: ${requests} request to the platform, ` +
      `${ms.toFixed(0)} ms; again, with the token at hand: ${cachedMs.toFixed(0)} ms`,
  );
  const reports = await fleets(options);
  say("");
  say(
    `${PROCESSES} processes on one Redis, ${ROTATIONS} rotations, each refresh token good once ` +
      `(PLAUDIT_SEED=${reports[0].seed})`,
  );
  for (const report of reports) {
    const { lost, lateHolder, replayed, unexplained } = report.dead;
    const faults = [
      report.kills > 0 && `${report.kills} kills`,
      report.stops > 0 && `${report.stops} stops`,
    ].filter(Boolean);
    const named = report.losses.filter(({ name }) => name !== null).length;
    say(
      `  ${report.name}${faults.length > 0 ? ` (${faults.join(", ")})` : ""}: ` +
        `${report.refreshes} refreshes for ${report.rotations} rotations`,
    );
    say(
      `    used-up refresh tokens sent: ${lost} after a loss, ${lateHolder} while their holder was ` +
        `slower than its lease, ${replayed} replayed, ${unexplained} unexplained`,
    );
    say(
      `    grants lost: ${report.losses.length}, of them ${named} of a process killed between ` +
        `rotation and commit; healed by a late commit: ${report.healed}`,
    );
    say(
      `    API calls: ${report.apiCalls.toLocaleString("en-US")}, refused ${report.refused}, with a ` +
        `token handed out after its refresh had arrived: ${report.handedOutDead}`,
    );
    if (unexplained > 0 || named < report.losses.length || report.twice > 0) {
      process.exitCode = 1;
      say("    that is a fault: not every loss has a name, or a generation was stored twice");
    }
  }
  return reports;
}

// `node benches/tokens.mjs [--json]`; PLAUDIT_SEED=… repeats a run's choices
if (isMain(import.meta.url)) {
  await runMain(async () => {
    const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
    if (values.json) say(JSON.stringify(await fleets(), null, 2));
    else await showTokens();
  });
}
