// What docs/sandbox.md shows, run as it stands there.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createSandbox } from "plaudit/sandbox";
import { execute, root } from "../../tools/run.mjs";
import { startCommand } from "../../tools/sandbox.mjs";

const text = readFileSync(join(root, "docs", "sandbox.md"), "utf8");
const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => {
  const name = /^\/\/ (\S+\.js)\n/.exec(code)?.[1];
  return { name, code, expected: [...code.matchAll(/\/\/=> (.*)$/gm)].map(([, line]) => line) };
});

describe("docs/sandbox.md", () => {
  let folder;
  let server;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "plaudit-docs-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules", "plaudit"), "junction");
    for (const name of ["msw", "vitest"]) {
      const path = join(root, "node_modules", name);
      symlinkSync(path, join(folder, "node_modules", name), "junction");
    }
    writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
    server = await startCommand();
  });
  after(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (args) => execute(process.execPath, args, { cwd: folder, log: "docs" });

  for (const [at, { code, expected }] of blocks.filter(({ name }) => !name).entries()) {
    it(`block ${at + 1}: ${code.split("\n")[0]}`, async () => {
      const file = join(folder, `block-${at}.mjs`);
      writeFileSync(file, code.replaceAll("http://127.0.0.1:8787", server.url));
      const result = await run([file]);
      assert.deepEqual(result.output.trimEnd().split("\n"), expected);
      assert.ok(expected.length > 0);
    });
  }

  for (const { name, code } of blocks.filter(({ name }) => name?.endsWith(".test.js"))) {
    it(`${name}, run by Vitest`, async () => {
      writeFileSync(join(folder, name), code);
      const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
      const result = await run([vitest, "run", "--no-color", "--root", folder, name]);
      assert.equal(result.code, 0, result.output);
      assert.match(result.output, /Tests +2 passed \(2\)/);
    });
  }

  it("names every fault, every option and every control address", () => {
    const sandbox = createSandbox();
    const { routes, unverified } = sandbox.routes();
    const control = routes.filter(({ area }) => area === "control");
    const names = [
      ...sandbox.faults.kinds().map(({ id }) => id),
      ...unverified.map(({ option }) => option),
      ...control.map(({ path }) => path.replace("/__sandbox", "").replace("/{id}", "")),
    ].filter((name) => !/^\d{3}$/.test(name));
    for (const name of names) assert.ok(text.includes(name), name);
    for (const domain of ["coffee.example", "new-shop.example"]) assert.ok(text.includes(domain));
  });
});
