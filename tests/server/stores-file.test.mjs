// fileStore: what is on the disk at every moment, who may read it, and who may write it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { fileStore, storeConformance } from "plaudit/server";
import { root, which } from "../../tools/run.mjs";
import { newSeed, randomOf } from "./random.mjs";
import {
  BLOB,
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

const isLinux = process.platform === "linux";
const isWindows = process.platform === "win32";
const child = fileURLToPath(new URL("./processes/file-child.mjs", import.meta.url));
const folders = [];
const running = new Set();

function folder() {
  const made = mkdtempSync(join(tmpdir(), "plaudit-file-"));
  folders.push(made);
  return made;
}
const fresh = () => join(folder(), "tokens.json");

after(() => {
  for (const one of running) one.kill("SIGKILL");
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

/** A process that does `what` with the file: { child, lines, next(), ended }. */
function run(what, path, ...args) {
  return runCommand(process.execPath, [child, what, path, ...args.map(String)]);
}

function runCommand(command, args) {
  const guard = which("setpriv");
  const all = guard ? [guard, "--pdeathsig", "KILL", command, ...args] : [command, ...args];
  const started = spawn(all[0], all.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
  running.add(started);
  const lines = [];
  const waiting = [];
  started.stdout.setEncoding("utf8").on("data", (text) => {
    for (const line of text.split("\n").filter(Boolean)) {
      const take = waiting.shift();
      if (take) take(line);
      else lines.push(line);
    }
  });
  const ended = once(started, "close").then(([code, signal]) => {
    running.delete(started);
    for (const take of waiting.splice(0)) take(null);
    return signal ?? code;
  });
  return {
    child: started,
    lines,
    ended,
    next: () =>
      lines.length > 0
        ? Promise.resolve(lines.shift())
        : new Promise((resolve) => waiting.push(resolve)),
  };
}

const others = (path) =>
  readdirSync(join(path, "..")).filter((name) => join(path, "..", name) !== path);

describe("fileStore", () => {
  describe("as every store", async () => {
    await storeConformance(
      () => {
        let now = Date.UTC(2026, 0, 1);
        const path = fresh();
        const options = { now: () => now };
        return {
          store: fileStore(path, options),
          again: () => fileStore(path, options),
          advance: (ms) => {
            now += ms;
          },
        };
      },
      { test: it },
    );
  });

  describe("as every store, encrypted, by the machine's clock", async () => {
    await storeConformance(
      () => {
        const path = fresh();
        const options = { key: "ab".repeat(32) };
        return { store: fileStore(path, options), again: () => fileStore(path, options) };
      },
      { test: it },
    );
  });

  it("FS1 kill -9 at 200 random moments: the file is the old one or the new one", async () => {
    const seed = newSeed();
    const { below } = randomOf(seed);
    const path = fresh();
    // the part that writes alone: a process is to be started 200 times
    const part = join(folder(), "files.mjs");
    const entryPoints = [join(root, "js", "server", "stores", "files.ts")];
    await build({ entryPoints, outfile: part, bundle: true, format: "esm", logLevel: "error" });
    const writer = fileURLToPath(new URL("./processes/writer-child.mjs", import.meta.url));
    let kills = 0;
    let last = 0;
    let writes = 0;
    const look = () => {
      const { number, text } = JSON.parse(readFileSync(path, "utf8"));
      const context = `seed ${seed}, kill ${kills}`;
      assert.equal(text.length, 20_000, context);
      assert.ok(number >= last, `${context}: no write that was told of is lost`);
      last = number;
    };
    while (kills < 200) {
      const all = Array.from({ length: 10 }, () =>
        runCommand(process.execPath, [writer, part, path]),
      );
      // each has written once, so that the kill hits it at work
      await Promise.all(all.map((one) => one.next()));
      for (const one of all) {
        await sleep(below(12));
        one.child.kill("SIGKILL");
        kills++;
        look();
      }
      await Promise.all(all.map((one) => one.ended));
      const told = all.flatMap(({ lines }) => lines.map(Number));
      writes += told.length + all.length;
      look();
      assert.ok(last >= Math.max(0, ...told), `seed ${seed}: what was told of is there`);
    }
    assert.ok(writes > 200, `${writes} writes, seed ${seed}`);
  });

  it("FS1 a write that was told of is on the disk: nothing is left beside the file", async () => {
    const path = fresh();
    const store = fileStore(path);
    for (const operation of Object.values(operations)) await operation(store);
    assert.deepEqual(others(path), []);
    assert.ok(readFileSync(path, "utf8").endsWith("}\n"));
  });

  it("FS2 the file is 0600 whatever the umask is", { skip: isWindows }, async () => {
    for (const umask of [0o000, 0o777]) {
      const path = fresh();
      const before = process.umask(umask);
      try {
        await fileStore(path).commit(KEY, grant());
      } finally {
        process.umask(before);
      }
      assert.equal(statSync(path).mode & 0o777, 0o600);
    }
  });

  it("FS2 a file that others can read is refused, and left as it is", {
    skip: isWindows,
  }, async () => {
    const path = fresh();
    await fileStore(path).commit(KEY, grant());
    const text = readFileSync(path, "utf8");
    for (const mode of [0o644, 0o640, 0o602]) {
      chmodSync(path, mode);
      for (const operation of Object.values(operations)) {
        await unavailable(operation(fileStore(path)), { retryable: false, says: /chmod 600/ });
      }
      assert.equal(readFileSync(path, "utf8"), text);
      assert.equal(statSync(path).mode & 0o777, mode);
    }
    chmodSync(path, 0o600);
    assert.equal((await fileStore(path).read(KEY)).blob, BLOB);
  });

  it("FS3 a link is followed once; the file behind it is what is replaced", {
    skip: isWindows,
  }, async () => {
    const real = fresh();
    const link = join(folder(), "link.json");
    await fileStore(real).commit(KEY, grant());
    symlinkSync(real, link);
    const store = fileStore(link);
    const { blob, generation: base } = await store.read(KEY);
    assert.equal(blob, BLOB);
    await store.commit(KEY, grant({ base, blob: "second" }));
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.equal((await fileStore(real).read(KEY)).blob, "second");
    assert.deepEqual(others(link), []);
    // later, another one is put in its place
    rmSync(real);
    symlinkSync(fresh(), real);
    await unavailable(store.read(KEY));
  });

  it("FS3 a pipe, or a link to what does not end, is not read", { skip: isWindows }, async () => {
    const pipe = fresh();
    execFileSync("mkfifo", ["-m", "600", pipe]);
    await unavailable(fileStore(pipe).read(KEY));
    for (const lie of [
      (lock) => execFileSync("mkfifo", ["-m", "600", lock]),
      (lock) => symlinkSync("/dev/zero", lock),
      (lock) => writeFileSync(lock, "x".repeat(5_000)),
    ]) {
      const path = fresh();
      lie(`${path}.lock`);
      await unavailable(fileStore(path, { lockTimeout: 50 }).commit(KEY, grant()));
    }
  });

  it("FS3 what is not ours is not written over", { skip: isWindows }, async () => {
    for (const text of ["", "root:x:0:0::/root:/bin/sh\n", "{}", "[]", "null", '{"plaudit":"x"}']) {
      const path = fresh();
      writeFileSync(path, text, { mode: 0o600 });
      const link = join(folder(), "link.json");
      symlinkSync(path, link);
      for (const operation of Object.values(operations)) {
        await unavailable(operation(fileStore(link)), { retryable: false });
      }
      assert.equal(readFileSync(path, "utf8"), text);
    }
    const newer = fresh();
    writeFileSync(newer, '{"plaudit":"tokens","v":2,"records":{}}', { mode: 0o600 });
    await unavailable(fileStore(newer).read(KEY), { says: /newer version/ });
    const dangling = join(folder(), "link.json");
    symlinkSync(join(folder(), "nowhere", "tokens.json"), dangling);
    await unavailable(fileStore(dangling).commit(KEY, grant()), { says: /link to nothing/ });
    const directory = fresh();
    mkdirSync(directory);
    await unavailable(fileStore(directory).read(KEY));
    await unavailable(fileStore(join(folder(), "no", "tokens.json")).read(KEY));
  });

  it("FS4 16 processes on a dead lock: one holds it at a time, and none is robbed", async () => {
    const path = fresh();
    const dead = run("hold", path);
    await dead.next();
    dead.child.kill("SIGKILL");
    await dead.ended;
    assert.deepEqual(others(path), ["tokens.json.lock"]);
    const rounds = 5;
    const log = join(folder(), "log");
    writeFileSync(log, "");
    const all = Array.from({ length: 16 }, () => run("turns", path, log, rounds));
    assert.deepEqual(await Promise.all(all.map((one) => one.ended)), Array(16).fill(0));
    const entries = readFileSync(log, "utf8").split("\n").filter(Boolean);
    assert.equal(entries.length, 16 * rounds);
    // each saw the record of the one before it
    assert.equal(new Set(entries).size, 16 * rounds);
    assert.deepEqual(others(path), []);
  });

  it("FS4 a stopped owner keeps its lock, and goes on with it", { skip: isWindows }, async () => {
    const path = fresh();
    const owner = run("hold", path);
    await owner.next();
    owner.child.kill("SIGSTOP");
    const waiting = fileStore(path, { lockTimeout: 300 }).commit(KEY, grant());
    await unavailable(waiting, { retryable: true, says: /holds the lock/ });
    assert.ok(existsSync(`${path}.lock`));
    owner.child.kill("SIGCONT");
    owner.child.kill("SIGUSR2");
    assert.equal(await owner.ended, 0);
    await fileStore(path).commit(KEY, grant());
  });

  it("FS4 a number of a process that was given anew is another process", {
    skip: !isLinux,
  }, async () => {
    const path = fresh();
    const owner = run("hold", path);
    await owner.next();
    const lock = JSON.parse(readFileSync(`${path}.lock`, "utf8"));
    owner.child.kill("SIGKILL");
    await owner.ended;
    // our own number, of a process that began at another time
    writeFileSync(`${path}.lock`, JSON.stringify({ ...lock, pid: process.pid }));
    await fileStore(path, { lockTimeout: 300 }).commit(KEY, grant());
    assert.deepEqual(others(path), []);
  });

  it("FS4 the machine was started anew: the lock of before is nobody's", {
    skip: !isLinux,
  }, async (t) => {
    const path = fresh();
    const owner = run("hold", path);
    await owner.next();
    const lock = JSON.parse(readFileSync(`${path}.lock`, "utf8"));
    owner.child.kill("SIGKILL");
    await owner.ended;
    if (!lock.host.includes(" ") || lock.space !== "pid:[4026531836]") {
      t.skip("in a container, or without a machine id, that cannot be told");
      return;
    }
    writeFileSync(`${path}.lock`, JSON.stringify({ ...lock, boot: "another", pid: 1 }));
    await fileStore(path, { lockTimeout: 300 }).commit(KEY, grant());
  });

  it("FS7 a lock of another host or container: refused, with what to use instead", async () => {
    const path = fresh();
    const owner = run("hold", path);
    await owner.next();
    const lock = JSON.parse(readFileSync(`${path}.lock`, "utf8"));
    owner.child.kill("SIGKILL");
    await owner.ended;
    for (const other of [
      { host: "another-host", boot: "another" },
      { host: "another-host" },
      { space: "pid:[1]" },
      { space: "pid:[1]", boot: "another" },
    ]) {
      const text = JSON.stringify({ ...lock, ...other });
      writeFileSync(`${path}.lock`, text);
      const store = fileStore(path);
      await unavailable(store.commit(KEY, grant()), { retryable: false, says: /redisStore/ });
      assert.equal(readFileSync(`${path}.lock`, "utf8"), text, "and it stays");
      assert.equal((await store.read(KEY)).blob, BLOB, "reading needs no lock");
    }
    writeFileSync(`${path}.lock`, "what is this");
    await unavailable(fileStore(path, { lockTimeout: 50 }).commit(KEY, grant()), {
      retryable: false,
      says: /not a lock of this library/,
    });
  });

  it("FS6 what dead processes left an hour ago goes, what living ones need stays", async () => {
    const path = fresh();
    await fileStore(path).commit(KEY, grant());
    const place = join(path, "..");
    const random = "0".repeat(32);
    const old = (Date.now() - 2 * 3_600_000) / 1000;
    const make = (name, age) => {
      writeFileSync(join(place, name), "x");
      if (age) utimesSync(join(place, name), age, age);
      return name;
    };
    make(`.tokens.json.4194999-1-${random}.tmp`, old);
    make(`tokens.json.lock.4194999-1-${random}.tmp`, old);
    const kept = [
      make(`.tokens.json.4194999-1-${"1".repeat(32)}.tmp`),
      make(`.tokens.json.${process.pid}-0-${random}.tmp`, old),
      make("other.json", old),
      make(".tokens.json.backup", old),
    ];
    await fileStore(path).read(KEY);
    assert.deepEqual(others(path).sort(), kept.sort());
  });

  it("FS5 LK4 the answer of a holder that was stopped is stored, a used-up token is not", async () => {
    const path = fresh();
    let now = Date.UTC(2026, 0, 1);
    const [a, b] = [0, 1].map(() => fileStore(path, { now: () => now }));
    const { generation } = (await a.commit(KEY, grant())).view;
    const lead = await a.begin(KEY, begin(OWNER, { seen: generation }));
    await a.mark(KEY, { owner: OWNER, fence: lead.fence });
    const { intent } = JSON.parse(Object.values(JSON.parse(readFileSync(path, "utf8")).records)[0]);
    assert.equal(intent.fence, lead.fence, "the intent is a field of the file");
    now += LEASE + 1;
    const next = await b.begin(KEY, begin(OTHER, { seen: generation }));
    assert.equal(next.hadIntentMs, LEASE + 1);
    const pair = { base: generation, consumed: RT, rt: RT2 };
    assert.equal((await a.commit(KEY, commit({ ...pair, blob: "second" }))).accepted, true);
    assert.equal((await b.commit(KEY, commit({ ...pair, blob: "third" }))).accepted, false);
    assert.equal((await b.read(KEY)).blob, "second");
  });

  it("what is over leaves the file with the next write, whoever writes", async () => {
    const path = fresh();
    let now = 1_000_000;
    const store = fileStore(path, { now: () => now });
    const names = () => Object.keys(JSON.parse(readFileSync(path, "utf8")).records).length;
    const key = (subject) => ({ ...KEY, subject });
    for (const one of ["a", "b"]) await store.commit(key(one), grant({ keepMs: 60_000 }));
    await store.commit(key("c"), grant());
    assert.equal(names(), 3);
    now += 60_000;
    assert.equal((await store.read(key("a"))).generation, 0, "gone although it is still there");
    assert.equal(names(), 3, "reading writes nothing");
    await store.commit(key("b"), grant({ blob: "anew" }));
    assert.equal(names(), 2);
    now += 60_000;
    await store.begin(key("c"), begin(OWNER));
    assert.equal((await fileStore(path, { now: () => now }).read(key("b"))).blob, "anew");
    const { ends } = JSON.parse(readFileSync(path, "utf8"));
    assert.deepEqual(ends, {}, "and what is written anew has no end");
  });

  it("FS8 encrypted: a ring that turns, a key that is gone, files that were swapped", async () => {
    const [path, other] = [fresh(), fresh()];
    const [old, young] = [new Uint8Array(32).fill(1), "02".repeat(32)];
    const before = fileStore(path, { key: old });
    await before.commit(KEY, grant());
    assert.doesNotMatch(readFileSync(path, "utf8"), /planted-secret|user@example/);
    const ring = fileStore(path, { keys: [young, old] });
    const { generation, blob } = await ring.read(KEY);
    assert.equal(blob, BLOB, "the old one reads");
    await ring.commit(KEY, commit({ base: generation, consumed: RT, blob: "planted-secret-2" }));
    assert.equal((await fileStore(path, { key: young }).read(KEY)).blob, "planted-secret-2");
    await locked(before.read(KEY), /not among the keys/);
    await locked(fileStore(path).read(KEY), /no key was given/);
    // the same key, another subject: what is of one is not read as the other's
    const victim = { ...KEY, subject: "someone else" };
    const theirs = fileStore(other, { key: young });
    await theirs.commit(victim, grant());
    const records = [path, other].map((one) => JSON.parse(readFileSync(one, "utf8")).records);
    const swapped = { ...JSON.parse(readFileSync(other, "utf8")) };
    swapped.records = { [Object.keys(records[1])[0]]: Object.values(records[0])[0] };
    writeFileSync(other, JSON.stringify(swapped), { mode: 0o600 });
    await locked(theirs.read(victim), /moved/);
    // and not a bit may change
    const text = readFileSync(path, "utf8");
    const sealed = /plaudit:1\.[^"\\]+/.exec(text)[0];
    const at = sealed.length - 6;
    const bent = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
    writeFileSync(path, text.replace(sealed, bent));
    await locked(fileStore(path, { key: young }).read(KEY), /changed/);
    writeFileSync(path, text);
    // nobody encrypts twice alike
    let base = generation + 1;
    base = (await ring.end(KEY, { base, cause: "revoked", reusable: true })).view.generation;
    const seen = new Set();
    for (let round = 0; round < 20; round++) {
      base = (await ring.commit(KEY, grant({ base }))).view.generation;
      seen.add(/plaudit:1\.[^"\\]+/.exec(readFileSync(path, "utf8"))[0].split(".")[2]);
    }
    assert.equal(seen.size, 20);
  });

  it("FS5 1,000 subjects at once are a few writes, each answered by its own, in time", async () => {
    const path = fresh();
    const store = fileStore(path);
    const from = performance.now();
    const keys = Array.from({ length: 1000 }, (_, at) => ({ ...KEY, subject: `user ${at}` }));
    const answers = await Promise.all(
      keys.map((key, at) => store.commit(key, grant({ blob: `tokens ${at}` }))),
    );
    assert.ok(answers.every(({ accepted, view }, at) => accepted && view.blob === `tokens ${at}`));
    assert.ok(performance.now() - from < store.timeout, "before the manager gives up");
    const views = await Promise.all(
      [0, 500, 999].map((at) => fileStore(path).read(keys[at] ?? KEY)),
    );
    assert.deepEqual(
      views.map(({ blob }) => blob),
      ["tokens 0", "tokens 500", "tokens 999"],
    );
  });

  it("FS8 keys that are none are refused at once", () => {
    for (const key of [
      "",
      "short",
      "a".repeat(63),
      new Uint8Array(31),
      new Uint8Array(33),
      7,
      {},
    ]) {
      assert.throws(() => fileStore("x", { key }), { code: "invalid_argument" });
    }
    assert.throws(() => fileStore("x", { keys: [] }), { code: "invalid_argument" });
    const bytes = Buffer.alloc(32, 9);
    for (const key of [bytes, ...["hex", "base64", "base64url"].map((it) => bytes.toString(it))]) {
      fileStore("x", { key });
    }
    for (const path of ["", "a\0b", 7, null, undefined]) {
      assert.throws(() => fileStore(path), { code: "invalid_argument" });
    }
  });

  it("FS9 a full disk: the write fails, what was there stays", { skip: !isLinux }, async (t) => {
    const place = folder();
    // a disk of 64 KB, mounted for one process and gone with it
    const mounted = [
      "--mount",
      "sh",
      "-c",
      `mount -t tmpfs -o size=64k none ${place} && exec "$@"`,
    ];
    const args = ["sh", process.execPath, child, "fill", join(place, "tokens.json")];
    let one = runCommand("unshare", [...mounted, ...args]);
    let how = "a small tmpfs";
    let first = await one.next();
    if (first === null) {
      // not root: no file may grow beyond 16 blocks of 512 bytes or of 1 KB
      how = "a limit of file sizes";
      const limited = ["-c", `trap '' XFSZ; ulimit -f 16; exec "$@"`];
      one = runCommand("sh", [...limited, ...args]);
      first = await one.next();
    }
    t.diagnostic(how);
    assert.equal(first, "small: accepted", how);
    assert.equal(await one.next(), "large: store_unavailable");
    assert.equal(await one.next(), "read: small");
    assert.equal(await one.next(), "left: tokens.json");
    assert.equal(await one.next(), "again: accepted");
    assert.equal(await one.ended, 0);
  });

  it("FS9 a disk or a folder that cannot be written: what was there is read on", {
    skip: isWindows,
  }, async (t) => {
    const path = fresh();
    const place = join(path, "..");
    let one;
    if (process.getuid() === 0) {
      // root may write everywhere but on a disk that is read-only
      const script = `mount -t tmpfs none ${place} && "$0" "$1" seed "$2" &&
        mount -o remount,ro ${place} && exec "$0" "$1" refuse "$2"`;
      one = runCommand("unshare", ["--mount", "sh", "-c", script, process.execPath, child, path]);
      t.diagnostic("a read-only disk");
    } else {
      await fileStore(path).commit(KEY, grant({ blob: "seed" }));
      chmodSync(place, 0o500);
      one = run("refuse", path);
      t.diagnostic("a read-only folder");
    }
    try {
      assert.equal(await one.next(), "store_unavailable, read: seed, fit: false");
      assert.equal(await one.ended, 0);
    } finally {
      chmodSync(place, 0o700);
    }
  });

  it("TM6 the wall clock jumps a day: leases and lives do not notice", {
    skip: !isLinux,
  }, async (t) => {
    const path = fresh();
    const real = Date.now;
    t.after(() => {
      Date.now = real;
    });
    const { view } = await fileStore(path).commit(KEY, grant());
    for (const jump of [86_400_000, -86_400_000]) {
      Date.now = () => real() + jump;
      const later = await fileStore(path).read(KEY);
      assert.ok(later.ageMs < 60_000, `${later.ageMs}`);
      assert.ok(later.expiresInMs > view.lifeMs - 60_000);
    }
  });

  it("TM7 the machine was started anew: the wall clock counts once, and not backwards", {
    skip: !isLinux,
  }, async (t) => {
    const path = fresh();
    const real = Date.now;
    t.after(() => {
      Date.now = real;
    });
    const { view } = await fileStore(path).commit(KEY, grant());
    const restart = () => {
      const content = JSON.parse(readFileSync(path, "utf8"));
      content.clock.machine = "another start of it";
      writeFileSync(path, JSON.stringify(content));
      return content.clock.now;
    };
    restart();
    Date.now = () => real() + 7_200_000;
    const later = await fileStore(path).read(KEY);
    assert.ok(Math.abs(later.ageMs - 7_200_000) < 60_000, `${later.ageMs}`);
    // a clock that was not set yet: the lease that is taken must still end
    Date.now = () => 0;
    const before = restart();
    const lead = await fileStore(path).begin(
      KEY,
      begin(OWNER, { seen: view.generation, leaseMs: 100 }),
    );
    assert.equal(lead.type, "lead");
    const { clock } = JSON.parse(readFileSync(path, "utf8"));
    assert.ok(clock.now >= before && clock.now < before + 60_000);
    await sleep(150);
    assert.equal((await fileStore(path).read(KEY)).leaseForMs, 0);
  });

  it("health: fit, or why not", async () => {
    const path = fresh();
    const store = fileStore(path);
    assert.equal((await store.health()).ok, true);
    writeFileSync(path, "something else", { mode: 0o600 });
    const { ok, warnings } = await store.health();
    assert.equal(ok, false);
    assert.match(warnings.join(), /something else/);
  });
});
