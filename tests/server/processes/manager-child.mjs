// A process with a token manager, as its parent tells it. What it does to store and platform goes
// through wrappers that stop at named points: there it says so and waits, to be killed or stopped.
import { createTokenManager, fileStore, redisStore } from "plaudit/server";
import { createClient } from "redis";
import { machineNow, managerOptions } from "./provider.mjs";

const { name, base, store: where, times, points = [], skewDays = 0 } = JSON.parse(process.argv[2]);

// LK8: its wall clock is wrong
const realNow = Date.now;
Date.now = () => realNow() + skewDays * 86_400_000;

const say = (message) => process.send(message);
const resumed = new Map();

/** Says that a point is reached, and goes on when told. Each point holds once. */
async function reach(point) {
  if (!points.includes(point)) return;
  points.splice(points.indexOf(point), 1);
  await new Promise((resolve) => {
    resumed.set(point, resolve);
    say({ point });
  });
}

async function openStore() {
  if (where.file) return fileStore(where.file);
  const client = createClient({ url: where.redis });
  client.on("error", () => {});
  await client.connect();
  return redisStore(client, where.options);
}

const inner = await openStore();
const store = {
  ...inner,
  async begin(...input) {
    const begun = await inner.begin(...input);
    if (begun.type === "lead") await reach("begun");
    return begun;
  },
  async mark(...input) {
    const marked = await inner.mark(...input);
    await reach("marked");
    return marked;
  },
  async commit(...input) {
    await reach("answered");
    const done = await inner.commit(...input);
    await reach("committed");
    if (done.accepted) say({ committed: done.view.generation });
    return done;
  },
  // what waits at a point is no store that hangs
  timeout: 600_000,
};

const manager = createTokenManager({
  ...managerOptions(base, times),
  store,
  async fetch(input, init) {
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    headers.set("x-process", name);
    return fetch(new Request(request, { headers }));
  },
});
for (const event of ["refreshed", "reauthorization_required", "gated", "store_unavailable"]) {
  manager.on(event, ({ type, reason, generation, cause }) =>
    say({ event: type, reason, generation, cause }),
  );
}

const told = (error) => ({ code: error.code, reason: error.reason });
let isWorking = false;
const count = { calls: 0, ok: 0, refused: 0, failed: {} };

/** Calls the API as an application does, until told to stop. */
async function work(pause) {
  isWorking = true;
  while (isWorking) {
    try {
      const token = await manager.token();
      // the time first: what is handed out before a refresh arrived is in flight, no mistake
      const headers = { "x-handed-out": String(machineNow()), "x-process": name };
      const send = (bearer) =>
        fetch(`${base}/private/thing`, {
          headers: { ...headers, authorization: `Bearer ${bearer}` },
        });
      const answer = await send(token);
      await answer.arrayBuffer();
      count.calls++;
      if (answer.ok) count.ok++;
      else {
        count.refused++;
        await manager.refused(token);
      }
    } catch (error) {
      const code = error.code ?? error.cause?.code ?? error.name;
      count.failed[code] = (count.failed[code] ?? 0) + 1;
      if (code === "reauthorization_required") say({ lost: error.reason });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

const commands = {
  token: async () => ({ token: await manager.token() }),
  status: () => manager.status(),
  exchange: ({ code }) => manager.exchange({ code }),
  work: ({ pause }) => {
    work(pause);
  },
  count: () => count,
  stop: () => {
    isWorking = false;
  },
};

process.on("message", async ({ id, command, resume, ...input }) => {
  if (resume) {
    resumed.get(resume)?.();
    return;
  }
  try {
    say({ id, result: (await commands[command](input)) ?? null });
  } catch (error) {
    say({ id, error: told(error) });
  }
});
// a parent that is gone wants nothing more
process.on("disconnect", () => process.exit());
say({ ready: true });
