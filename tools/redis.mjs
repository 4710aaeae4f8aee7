// A Redis for the tests: the one that is installed, else Debian's packages, unpacked into .tools
// (nothing is installed, nothing is started by itself, no root). `node tools/redis.mjs` brings it.
import { spawn } from "node:child_process";
import { once as onceEvent } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { inCi } from "../tests/browser/drivers.mjs";
import { execute, isMain, output, Problem, runMain, say, toolsFolder, which } from "./run.mjs";
import { asRoot } from "./toolchain.mjs";

const folder = join(toolsFolder, "redis");
const debianPackage = "redis-server";

/** A program that runs: `{ program, env, version }`, or null. */
function tried(program, env = process.env) {
  const version = program && output(program, ["--version"], { env });
  return version ? { program, env, version } : null;
}

const installed = () => tried(which("redis-server")) ?? tried(which("valkey-server"));

/** Debian's program as it was unpacked, with the libraries that came with it. */
function unpacked() {
  const program = join(folder, "usr", "bin", "redis-server");
  if (!existsSync(program)) return null;
  const libraries = join(folder, "usr", "lib");
  const triplets = readdirSync(libraries, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.includes("-linux-"))
    .map((entry) => join(libraries, entry.name));
  const path = [...triplets, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return tried(program, { ...process.env, LD_LIBRARY_PATH: path });
}

/** Downloads the package with the dependencies that this machine lacks; null, or why it cannot. */
async function unpack() {
  if (process.platform !== "linux" || !which("apt-get") || !which("dpkg-deb")) {
    return "this is not Debian";
  }
  const list = () =>
    execute(
      "apt-get",
      ["install", "--print-uris", "-qq", "-y", "--no-install-recommends", debianPackage],
      { log: "redis", timeout: 60_000 },
    );
  let listed = await list();
  const prefix = asRoot();
  if (listed.code !== 0 && prefix) {
    const update = [...prefix, "apt-get", "update", "-q"];
    await execute(update[0], update.slice(1), { log: "redis", append: true, timeout: 300_000 });
    listed = await list();
  }
  const names = [...listed.output.matchAll(/^'\S+' ([a-z0-9.+-]+)_\S+\.deb /gm)].map(
    ([, name]) => name,
  );
  if (listed.code !== 0 || names.length === 0) {
    const line = listed.output.match(/^E: .*/m)?.[0] ?? "see .tools/logs/redis.log";
    return `apt-get does not know ${debianPackage}: ${line}`;
  }
  mkdirSync(toolsFolder, { recursive: true });
  // beside its place and moved there whole: another process may be at the same
  const work = mkdtempSync(join(toolsFolder, "redis-"));
  try {
    const options = { cwd: work, log: "redis", append: true, timeout: 300_000 };
    const title = `Redis (apt-get download ${names.join(" ")})`;
    const got = await execute("apt-get", ["download", "-q", ...names], { ...options, title });
    if (got.code !== 0) {
      const line = got.output.match(/^E: .*/m)?.[0] ?? "see .tools/logs/redis.log";
      return `apt-get download failed: ${line}`;
    }
    const tree = join(work, "tree");
    for (const name of readdirSync(work).filter((file) => file.endsWith(".deb"))) {
      const result = await execute("dpkg-deb", ["-x", name, tree], options);
      if (result.code !== 0) return `dpkg-deb could not unpack ${basename(name)}`;
    }
    if (!unpacked()) {
      rmSync(folder, { recursive: true, force: true });
      try {
        renameSync(tree, folder);
      } catch (error) {
        if (!unpacked()) throw error;
      }
    }
    return unpacked() ? null : "the program that was unpacked does not run";
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

let brought;

/**
 * `{ program, env, version }`, or `{ missing }` with the reason that a skipped test shows. Where CI
 * is set, missing is a failure.
 */
export function bringRedis() {
  brought ??= (async () => {
    const found = installed() ?? unpacked();
    if (found) return found;
    const why = await unpack();
    const now = unpacked();
    if (now) return now;
    const missing = `no redis-server: install it, or valkey-server, so that it is on PATH (${why})`;
    if (inCi) throw new Problem(`in CI Redis may not be missing: ${missing}`);
    return { missing };
  })();
  return brought;
}

/** A port of 127.0.0.1 that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await onceEvent(server, "listening");
  const { port } = server.address();
  server.close();
  await onceEvent(server, "close");
  return port;
}

/**
 * Starts a Redis of its own on a free port of 127.0.0.1, its data in a new folder:
 * `{ port, url, pid, stop(), kill(), start(), end() }`. It appends to its log and syncs it at each
 * write unless `config` (directives of redis.conf) says otherwise. `kill` is SIGKILL, after `stop`
 * or `kill` the same data come back with `start`; `end` stops it and removes the data.
 */
export async function startRedis({ config = {} } = {}) {
  const { program, env, missing } = await bringRedis();
  if (missing) throw new Problem(missing);
  const data = mkdtempSync(join(tmpdir(), "plaudit-redis-"));
  let port = await freePort();
  let child;

  async function launch() {
    const directives = {
      bind: "127.0.0.1",
      dir: data,
      appendonly: "yes",
      appendfsync: "always",
      save: "",
      daemonize: "no",
      "maxmemory-policy": "noeviction",
      ...config,
      port,
    };
    const args = Object.entries(directives).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    // it must not outlive a test run that is killed
    const guard = which("setpriv");
    const call = guard ? [guard, "--pdeathsig", "KILL", program, ...args] : [program, ...args];
    const started = spawn(call[0], call.slice(1), { env, stdio: ["ignore", "pipe", "pipe"] });
    let log = "";
    const ready = await new Promise((resolve) => {
      const look = (text) => {
        log = (log + text).slice(-8192);
        if (/Ready to accept connections/.test(log)) resolve(true);
      };
      started.stdout.setEncoding("utf8").on("data", look);
      started.stderr.setEncoding("utf8").on("data", look);
      started.once("error", () => resolve(false));
      started.once("exit", () => resolve(false));
    });
    if (!ready) return log;
    child = started;
    return null;
  }

  async function start() {
    if (child) throw new Error("this Redis runs already");
    let log = "";
    for (let attempt = 0; attempt < 5; attempt++) {
      log = await launch();
      if (log === null) return;
      if (!/Address already in use|Could not create server TCP/.test(log)) break;
      port = await freePort();
    }
    throw new Error(`redis-server does not start:\n${log}`);
  }

  async function signal(name) {
    if (!child) return;
    const gone = child.exitCode === null && child.signalCode === null && onceEvent(child, "exit");
    child.kill(name);
    await gone;
    child = undefined;
  }

  await start();
  return {
    get port() {
      return port;
    },
    get url() {
      return `redis://127.0.0.1:${port}`;
    },
    get pid() {
      return child?.pid;
    },
    start,
    stop: () => signal("SIGTERM"),
    kill: () => signal("SIGKILL"),
    /** For tests that freeze it: SIGSTOP and SIGCONT. */
    freeze: () => child.kill("SIGSTOP"),
    thaw: () => child.kill("SIGCONT"),
    async end() {
      child?.kill("SIGCONT");
      await signal("SIGKILL");
      rmSync(data, { recursive: true, force: true });
    },
  };
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const { version, missing } = await bringRedis();
    if (missing) throw new Problem(missing);
    say(version);
  });
}
