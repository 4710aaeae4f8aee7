// The broker: a cached read beside the same read on bare Hono, and a day's page views in virtual time.
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { isMain, runMain, say } from "../tools/run.mjs";

const PATH = "/api/business-units/find?name=shop.example";
const CONNECTIONS = 16;
const ROUNDS = 9;
const READS = 20_000;

const subjects = [
  { name: "bare Hono", kind: "hono" },
  { name: "broker in Hono", kind: "broker-hono" },
  { name: "broker by nodeHandler", kind: "broker-node" },
];

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** A server in a process of its own. */
async function open(kind) {
  const child = fork(fileURLToPath(new URL("broker-server.mjs", import.meta.url)), [kind]);
  const [{ port }] = await once(child, "message");
  const ask = async (what) => {
    child.send(what);
    const [answer] = await once(child, "message");
    return answer;
  };
  return {
    port,
    cpu: () => ask("cpu"),
    async end() {
      const exit = once(child, "exit");
      child.kill();
      await exit;
    },
  };
}

const request = `GET ${PATH} HTTP/1.1\r\nHost: shop.example\r\nAccept: application/json\r\nSec-Fetch-Site: same-origin\r\n\r\n`;

/** How many bytes an answer has, once the connection is warm. */
async function lengthOf(port) {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let length = 0;
  for (let turn = 0; turn < 3; turn += 1) {
    let text = "";
    socket.write(request);
    while (!/\r\n\r\n/.test(text) || text.length < length) {
      const [piece] = await once(socket, "data");
      text += piece.toString("latin1");
      const size = /content-length: (\d+)/i.exec(text)?.[1];
      if (size) length = text.indexOf("\r\n\r\n") + 4 + Number(size);
    }
    if (!text.startsWith("HTTP/1.1 200 ")) throw new Error(text);
  }
  socket.destroy();
  return length;
}

/** Reads so many times over kept connections, one request at a time on each. */
async function load(port, length, reads) {
  let left = reads;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      await new Promise((resolve, reject) => {
        let got = 0;
        const next = () => {
          if (left <= 0) return resolve();
          left -= 1;
          got = 0;
          socket.write(request);
        };
        socket.on("data", (piece) => {
          got += piece.length;
          if (got === length) next();
          else if (got > length) reject(new Error("an answer of another length"));
        });
        socket.on("error", reject);
        next();
      });
      socket.destroy();
    }),
  );
}

/** Requests a second, and the server's own time for one, of each subject. */
export async function cachedReads() {
  const servers = await Promise.all(
    subjects.map(async (subject) => ({ ...subject, ...(await open(subject.kind)), rounds: [] })),
  );
  try {
    for (const server of servers) {
      server.length = await lengthOf(server.port);
      await load(server.port, server.length, READS);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const server of servers) {
        const before = await server.cpu();
        const begun = performance.now();
        await load(server.port, server.length, READS);
        const ms = performance.now() - begun;
        const { micros } = await server.cpu();
        server.rounds.push({ rate: (READS / ms) * 1_000, cpu: (micros - before.micros) / READS });
      }
    }
    const [base] = servers;
    const of = (rounds, what) => median(rounds.map((round) => round[what]));
    return servers.map(({ name, rounds }) => ({
      name,
      rate: of(rounds, "rate"),
      cpu: of(rounds, "cpu"),
      // Round by round, so that what else the machine does counts for both.
      ratio: median(rounds.map(({ rate }, at) => rate / base.rounds[at].rate)),
      cpuRatio: median(rounds.map(({ cpu }, at) => base.rounds[at].cpu / cpu)),
    }));
  } finally {
    await Promise.all(servers.map(({ end }) => end()));
  }
}

/** Numbers from 0 to 1, the same in each run (mulberry32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Draws from 1 to `count`, the k-th with weight 1/k. */
function zipf(count, random) {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank += 1) {
    sum += 1 / (rank + 1);
    sums[rank] = sum;
  }
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

const DAY = 86_400_000;
const WINDOW = 300_000;

/**
 * Page views of `days` days, each of one read of a business' score, spread evenly over the day, in
 * virtual time. The first day begins with nothing kept.
 */
export async function pageViews({ views = 10_000_000, businesses = 5_000, days = 1 } = {}) {
  const { createBroker, nodeHandler } = await import("../dist/server.js");
  let time = Date.UTC(2026, 0, 1);
  const random = numbers(4);
  const draw = zipf(businesses, random);
  const calls = [];
  const body = JSON.stringify({ id: "46d6a890000064000500e0c3", score: { trustScore: 4.5 } });
  const headers = { "content-type": "application/json" };
  const broker = createBroker({
    provider: "trustpilot",
    origin: "https://shop.example",
    apiKey: "bench",
    now: () => time,
    monotonic: () => time,
    fetch: async () => {
      calls.push(time);
      return new Response(body, { headers });
    },
  });
  // As node:http calls it, without the sockets.
  const handle = nodeHandler(broker);
  const targets = Array.from(
    { length: businesses },
    (_, at) => `/api/business-units/find?name=shop-${at}.example`,
  );
  const inbound = { method: "GET", headers: { "sec-fetch-site": "same-origin" }, socket: {} };
  const result = [];
  for (let day = 0; day < days; day += 1) {
    const start = time;
    const from = calls.length;
    const kinds = { hit: 0, miss: 0, stale: 0, refused: 0 };
    const outbound = {
      writableEnded: false,
      headersSent: false,
      on() {},
      writeHead(status, own) {
        kinds[status === 200 ? own["x-plaudit-cache"] : "refused"] += 1;
      },
      end() {},
    };
    const begun = performance.now();
    for (let view = 0; view < views; view += 1) {
      time = start + (view / views) * DAY;
      const { stale } = kinds;
      await handle({ ...inbound, url: targets[draw()] }, outbound);
      // No time passes while a stale answer is made anew.
      while (kinds.stale > stale && (await broker.health()).cache.flights > 0) {
        await new Promise(setImmediate);
      }
    }
    time = start + DAY;
    const own = calls.slice(from);
    let most = 0;
    let first = Math.max(0, from - 1_000);
    for (let at = first; at < calls.length; at += 1) {
      while (calls[at] - calls[first] >= WINDOW) first += 1;
      most = Math.max(most, at - first + 1);
    }
    result.push({
      day: day + 1,
      ...kinds,
      calls: own.length,
      most,
      seconds: (performance.now() - begun) / 1_000,
    });
  }
  await broker.close();
  return result;
}

const whole = (number) => Math.round(number).toLocaleString("en-US");

/** Shows what {@link cachedReads} measured. */
export function showReads(results) {
  say(
    `A cached read over loopback: ${CONNECTIONS} connections, ${ROUNDS} rounds of ${whole(READS)}`,
  );
  for (const { name, rate, ratio, cpu, cpuRatio } of results) {
    say(
      `  ${name.padEnd(22)} ${ratio.toFixed(2)} of bare Hono's rate, ${whole(rate)} a second; ` +
        `${cpuRatio.toFixed(2)} by the server's own time, ${cpu.toFixed(1)} µs a read`,
    );
  }
  say("");
}

/** Shows what {@link pageViews} counted. */
export function showViews(days) {
  say(
    "Page views in virtual time: 5,000 businesses by Zipf, one read a view, nothing kept at first",
  );
  for (const { day, hit, miss, stale, refused, calls, most, seconds } of days) {
    say(
      `  day ${day}: ${whole(hit + miss + stale + refused)} views, ${whole(calls)} calls to the ` +
        `platform, at most ${whole(most)} in any five minutes (833 are allowed); ` +
        `${whole(stale)} answers stale, ${whole(refused)} refused; ${seconds.toFixed(0)} s`,
    );
  }
  say("");
}

// `node benches/broker.mjs [views]`
if (isMain(import.meta.url)) {
  await runMain(async () => {
    showReads(await cachedReads());
    showViews(await pageViews({ views: Number(process.argv[2] ?? 10_000_000) }));
  });
}
