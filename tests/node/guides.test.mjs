// The blocks of docs/client.md and docs/errors.md, run as they stand there: the platforms' hosts
// lead to a sandbox. Those that need a page run in the browsers' scenarios.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { execute, root } from "../../tools/run.mjs";
import { API_KEY, blocksOf } from "../guides.mjs";

const PRELUDE = `
import { createSandbox } from "plaudit/sandbox";

const sandbox = createSandbox({ config: { clients: [{ client_id: "${API_KEY}" }] } });
const real = globalThis.fetch;
globalThis.API_KEY = "${API_KEY}";
globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  const isPlatform = /\\.(trustpilot\\.com|trustoo\\.io)$/.test(new URL(request.url).hostname);
  return isPlatform ? sandbox.fetch(request) : real(request);
};
`;

describe("the client's guides", { concurrency: 2 }, () => {
  let folder;
  let prelude;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "plaudit-guides-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules", "plaudit"), "junction");
    writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
    writeFileSync(join(folder, "prelude.mjs"), PRELUDE);
    prelude = pathToFileURL(join(folder, "prelude.mjs")).href;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const put = (name, code) => {
    writeFileSync(join(folder, name), code);
    return ["--import", prelude, join(folder, name)];
  };

  for (const path of ["docs/client.md", "docs/errors.md"]) {
    const blocks = blocksOf(path);
    const server = blocks.find(({ name }) => name);
    for (const [at, { name, title, code, expected, isPage }] of blocks.entries()) {
      if (isPage || name) continue;
      it(`${path}, block ${at + 1}: ${title}`, async (t) => {
        const address = code.includes("/api/trustpilot") && (await serve(t, server.code));
        const file = `${path.replace(/\W/g, "-")}-${at}.mjs`;
        const text = address ? code.replace('"/api/trustpilot"', JSON.stringify(address)) : code;
        const result = await execute(process.execPath, put(file, text), {
          cwd: folder,
          log: "docs",
        });
        assert.deepEqual(result.output.trimEnd().split("\n"), expected);
      });
    }
  }

  /** Runs a proxy; its address. */
  async function serve(t, code) {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address();
    await new Promise((done) => probe.close(done));
    const child = spawn(process.execPath, put("proxy.mjs", code), {
      cwd: folder,
      env: { ...process.env, PORT: String(port) },
      stdio: ["ignore", "inherit", "inherit"],
    });
    t.after(() => child.kill());
    const address = `http://127.0.0.1:${port}/api/trustpilot`;
    for (let round = 0; round < 200; round += 1) {
      if (await fetch(address).catch(() => null)) return address;
      await sleep(50);
    }
    throw new Error("the proxy does not listen");
  }

  it("the proxy lets through what is on its list, with the key, and nothing else", async (t) => {
    const { code } = blocksOf("docs/client.md").find(({ name }) => name === "proxy.js");
    const address = await serve(t, code);
    const ask = async (path, init) => {
      const answer = await fetch(`${address}${path}`, init);
      const { status, headers } = answer;
      return { status, kept: headers.get("cache-control"), body: await answer.text() };
    };
    const found = await ask("/business-units/find?name=example.com");
    assert.deepEqual([found.status, found.kept], [200, "public, max-age=3600"]);
    const { id } = JSON.parse(found.body);
    assert.equal((await ask(`/business-units/${id}/reviews?stars=4,5&perPage=2`)).status, 200);
    const absent = await ask(`/business-units/${"0".repeat(24)}/reviews?page=1`);
    assert.deepEqual([absent.status, absent.kept], [404, "no-store"]);
    assert.match(absent.body, /Business unit not found/);
    const posted = await ask("/consumers/profile/bulk", {
      method: "POST",
      body: JSON.stringify({ consumerIds: ["0".repeat(24)] }),
    });
    assert.deepEqual([posted.status, posted.kept], [200, "no-store"]);
    for (const [path, init] of [
      ["/business-units/find?name=books.example"],
      ["/business-units/find?name=example.com&x=1"],
      [`/business-units/${id}`],
      ["/../v1/business-units/find?name=example.com"],
      ["/consumers/profile/displayname/create", { method: "POST", body: "{}" }],
      ["/business-units/find?name=example.com", { method: "DELETE" }],
    ]) {
      const { status, body } = await ask(path, init);
      assert.deepEqual([status, body], [404, ""], path);
    }
    const flood = await ask("/consumers/profile/bulk", {
      method: "POST",
      body: "x".repeat(200_000),
    });
    assert.equal(flood.status, 413);
  });

  it("docs/errors.md has every code, and no other", () => {
    const types = readFileSync(join(root, "js", "errors.ts"), "utf8");
    const [, union] = /type PlauditErrorCode =(.*?"\w+");/s.exec(types);
    const codes = [...union.matchAll(/\| "(\w+)"/g)].map(([, code]) => code).sort();
    const text = readFileSync(join(root, "docs", "errors.md"), "utf8");
    const listed = [...text.matchAll(/^\| `(\w+)` +\| .* \|.*\|$/gm)].map(([, code]) => code);
    const properties = ["name", "code", "message", "status", "retryable", "retryAfter", "attempts"];
    const others = [...properties, "page", "oauthError", "body", "cause"];
    const known = new Set(listed.filter((code) => !others.includes(code)));
    assert.deepEqual([...known].sort(), codes);
  });
});
