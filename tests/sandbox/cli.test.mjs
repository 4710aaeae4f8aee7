// `npx plaudit`: SB12, SB16 and SB17 for the command line, and what it says.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { root } from "../../tools/run.mjs";
import { startCommand } from "../../tools/sandbox.mjs";
import { KEY, signInForm } from "./support.mjs";

const cli = join(root, "dist", "cli.js");
const FIND = `/v1/business-units/find?name=example.com&apikey=${KEY}`;

/** Runs the command to its end: { code, stdout, stderr }. */
const run = (...args) =>
  new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });

/** What comes back on a bare connection, and how that ends: "end", or the error's code. */
async function raw(url, text) {
  const { hostname, port } = new URL(url);
  const socket = connect(port, hostname);
  const parts = [];
  socket.on("data", (part) => parts.push(part));
  socket.write(text);
  const how = await new Promise((resolve) => {
    socket.once("end", () => resolve("end"));
    socket.once("error", ({ code }) => resolve(code));
  });
  socket.destroy();
  return { text: Buffer.concat(parts).toString(), how };
}

describe("the command", () => {
  it("tells what there is", async () => {
    for (const args of [[], ["--help"], ["-h"], ["sandbox", "--help"]]) {
      const { code, stdout } = await run(...args);
      assert.equal(code, 0);
      assert.match(stdout, /^plaudit \d+\.\d+\.\d+: /);
      for (const known of ["sandbox", "--port", "--seed", "--host", "--log"]) {
        assert.ok(stdout.includes(known), known);
      }
    }
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    assert.deepEqual(await run("--version"), { code: 0, stdout: `${version}\n`, stderr: "" });
  });

  for (const [args, says] of [
    [["proxy"], /no command "proxy"; there is: sandbox/],
    [["sandbox", "extra"], /unknown argument: extra/],
    [["sandbox", "--prot", "1"], /--prot/],
    [["sandbox", "--port"], /--port/],
    [["sandbox", "--port", "65536"], /--port is not a whole number up to 65535: 65536/],
    [["sandbox", "--seed", "-1"], /--seed/],
    [["sandbox", "--seed", "1e3"], /--seed/],
  ]) {
    it(`${args.join(" ")} is refused in one line`, async () => {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  it("a port that is taken, a log that cannot be written", async () => {
    const server = await startCommand();
    try {
      const taken = await run("sandbox", "--port", new URL(server.url).port);
      assert.deepEqual([taken.code, taken.stdout], [1, ""]);
      assert.match(taken.stderr, /^plaudit: port \d+ is taken\n$/);
    } finally {
      await server.close();
    }
    const log = await run("sandbox", "--log", join(tmpdir(), "no-such-folder-here", "x"));
    assert.equal(log.code, 1);
    assert.match(log.stderr, /^plaudit: ENOENT/);
  });
});

describe("SB17 start and end", () => {
  it("twenty times: ready means ready, and the end comes in less than a second", async () => {
    // A busy machine makes any end late: the best of twenty says what ours needs.
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 20; round += 1) {
      const server = await startCommand();
      const answer = await fetch(`${server.url}/__sandbox/health`);
      assert.equal((await answer.json()).status, "ok");
      const start = performance.now();
      assert.equal(await server.close(), 0);
      const took = performance.now() - start;
      assert.ok(took < 4_000, `${took} ms`);
      best = Math.min(best, took);
    }
    assert.ok(best < 1_000, `${best} ms`);
  });

  it("SIGINT too, and open connections do not hold it up", async () => {
    const server = await startCommand();
    const { hostname, port } = new URL(server.url);
    const idle = connect(port, hostname).on("error", () => {});
    idle.write("GET / HT");
    const hanging = connect(port, hostname).on("error", () => {});
    hanging.write(`GET ${FIND}&__fault=hang HTTP/1.1\r\nhost: x\r\n\r\n`);
    while ((await (await fetch(`${server.url}/__sandbox/health`)).json()).requests < 1);
    const start = performance.now();
    process.kill(server.pid, "SIGINT");
    assert.equal(await server.close(), 0);
    // Node itself would wait five seconds for one that is idle.
    assert.ok(performance.now() - start < 4_000);
    idle.destroy();
    hanging.destroy();
  });
});

describe("a server", () => {
  const folder = mkdtempSync(join(tmpdir(), "plaudit-cli-"));
  const log = join(folder, "access.log");
  let server;
  before(async () => {
    server = await startCommand(["--seed", "7", "--log", log]);
  });
  after(async () => {
    await server?.close();
    rmSync(folder, { recursive: true });
  });
  const get = (path, init) => fetch(server.url + path, init);

  it("SB16 listens on loopback alone, and warns where it is told otherwise", async () => {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const child = execFile(process.execPath, [cli, "sandbox", "--host", "0.0.0.0"]);
    const [warning] = await once(child.stderr, "data");
    child.kill();
    assert.match(String(warning), /^plaudit: warning: 0\.0\.0\.0 is more than this machine/);
    const loopback = execFile(process.execPath, [cli, "sandbox", "--host", "localhost"]);
    const [line] = await once(loopback.stdout, "data");
    assert.match(JSON.parse(line).url, /^http:\/\/localhost:\d+$/);
    loopback.kill();
    const [code] = await once(loopback, "exit");
    assert.equal(code, 0);
    assert.equal(loopback.stderr.read(), null);
  });

  it("SB5 its clock runs", async () => {
    const { now, mode } = await (await get("/__sandbox/clock")).json();
    assert.equal(mode, "running");
    assert.ok(Math.abs(now - Date.now()) < 5_000);
  });

  it("SB12 a cut before the headers is real, for every client", async () => {
    const path = `${FIND}&__fault=cut-before-headers`;
    const bare = await raw(server.url, `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    assert.deepEqual(bare, { text: "HTT", how: "end" });
    await assert.rejects(get(path), TypeError);
  });

  it("SB12 a cut in the body is a reset", async () => {
    const path = `${FIND}&__fault=cut-body`;
    const { text, how } = await raw(server.url, `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(text, /transfer-encoding: chunked/i);
    assert.equal(how, "ECONNRESET");
    const answer = await get(path);
    assert.equal(answer.status, 200);
    await assert.rejects(answer.text(), TypeError);
  });

  it("SB6 latency is real, and nothing answers a hang", async () => {
    const start = performance.now();
    assert.equal((await get(`${FIND}&__fault=delay;ms=80`)).status, 200);
    assert.ok(performance.now() - start >= 78);
    const signal = AbortSignal.timeout(100);
    await assert.rejects(get(`${FIND}&__fault=hang`, { signal }), { name: "TimeoutError" });
  });

  it("serves the hosts of the platforms, also as a proxy", async () => {
    const ask = (options) =>
      new Promise((resolve, reject) => {
        const sent = request(server.url, options, async (answer) => {
          let text = "";
          for await (const part of answer.setEncoding("utf8")) text += part;
          resolve({ status: answer.statusCode, text });
        });
        sent.once("error", reject).end();
      });
    const query = signInForm().toString();
    const headers = { host: "authenticate.trustpilot.com" };
    const page = await ask({ path: `/?${query}`, headers });
    assert.equal(page.status, 200);
    assert.match(page.text, /Sign in to continue/);
    const proxied = await ask({ path: `http://api.trustpilot.com${FIND}` });
    assert.match(JSON.parse(proxied.text).links[0].href, /^http:\/\/api\.trustpilot\.com\/v1\//);
  });

  it("a body that is too large is refused", async () => {
    const body = "x".repeat((1 << 20) + 1);
    const answer = await get("/authenticate", { method: "POST", body }).catch((error) => error);
    // the connection may be gone before all was sent
    if (answer instanceof Response) assert.equal(answer.status, 413);
    else assert.equal(answer.name, "TypeError");
    assert.equal((await get("/__sandbox/health")).status, 200);
  });

  it("SB8 its log holds no secret, and one line a request", async () => {
    const post = { method: "POST", body: signInForm(), redirect: "manual" };
    const answer = await get("/authenticate", post);
    const token = /access_token=([^&]+)/.exec(answer.headers.get("location"))[1];
    await get(FIND, { headers: { authorization: `Bearer ${token}` } });
    await get(`/v1/${token}`);
    const text = readFileSync(log, "utf8");
    for (const secret of [token, KEY, "st-1"]) assert.ok(!text.includes(secret), secret);
    const lines = text.trimEnd().split("\n");
    for (const line of lines) {
      assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [A-Z]+ \/\S* \d{3}$/);
    }
    assert.match(
      lines.at(-2),
      / GET \/v1\/business-units\/find\?name=example\.com&apikey=key#\d+ 200$/,
    );
  });
});
