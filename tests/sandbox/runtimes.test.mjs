// SB3, SB12: the built package in Bun and Deno does what it does in Node.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const script = fileURLToPath(new URL("runtime.mjs", import.meta.url));
const packages = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** The program in the package that npm chose for this system; set-up runs no install scripts. */
function program(scope, ...path) {
  const folder = join(packages, scope);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const files = names.map((name) => join(folder, name, ...path));
  return files.flatMap((file) => [file, `${file}.exe`]).find(existsSync);
}

const run = async (command, ...args) => {
  const { stdout } = await promisify(execFile)(command, [...args, script], { timeout: 60_000 });
  return JSON.parse(stdout);
};

describe("SB3 other runtimes", () => {
  let own;
  before(async () => {
    own = await run(process.execPath);
  });

  it("Node walks, retries and refuses", () => {
    assert.equal(own.displayName, "Kaffe & Søn");
    assert.equal(own.stars.length, 5);
    assert.ok(own.stars.every((stars) => stars >= 4));
    assert.deepEqual(own.consumers, {});
    assert.equal(own.refused, "invalid_argument");
    assert.deepEqual([own.kind, own.isAsked], ["token", true]);
    assert.equal(own.stats.retried, 1);
  });

  for (const [name, command, args] of [
    ["Bun", program("@oven", "bin", "bun"), []],
    ["Deno", program("@deno", "deno"), ["run", "--no-lock", "--no-remote"]],
  ]) {
    const skip = command ? false : `npm has no ${name} for this system`;
    it(`${name} says the same to the byte`, { skip }, async () => {
      assert.deepEqual(await run(command, ...args), own);
    });
  }
});
