// The same suite everywhere: Bun, Deno and workerd do what Node does.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { root } from "../../tools/run.mjs";
import { askWorkerd } from "../package/project.mjs";
import { runAll } from "./runtime.mjs";

const script = fileURLToPath(new URL("process.mjs", import.meta.url));
const packages = join(root, "node_modules");

/** The program in the package that npm chose for this system; set-up runs no install scripts. */
function program(scope, ...path) {
  const folder = join(packages, scope);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const files = names.map((name) => join(folder, name, ...path));
  return files.flatMap((file) => [file, `${file}.exe`]).find(existsSync);
}

function judge(output) {
  const { passed, failed } = JSON.parse(output);
  assert.deepEqual(failed, []);
  assert.ok(passed.length > 50, `${passed.length} passed`);
}

describe("any runtime", () => {
  for (const [name, command, args] of [
    ["Node", process.execPath, []],
    ["Bun", program("@oven", "bin", "bun"), []],
    ["Deno", program("@deno", "deno"), ["run", "--no-lock", "--no-remote"]],
  ]) {
    const skip = command ? false : `npm has no ${name} for this system`;
    it(name, { skip }, async () => {
      const options = { timeout: 300_000, maxBuffer: 1e8 };
      const { stdout } = await promisify(execFile)(command, [...args, script], options);
      judge(stdout);
    });
  }

  const skip = existsSync(join(packages, "workerd")) ? false : "workerd is not installed";
  it("workerd", { skip }, async (t) => {
    mkdirSync(join(root, "target"), { recursive: true });
    const folder = mkdtempSync(join(root, "target", "workerd-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const { build } = await import("esbuild");
    await build({
      entryPoints: { worker: fileURLToPath(new URL("worker.mjs", import.meta.url)) },
      outdir: folder,
      bundle: true,
      format: "esm",
      conditions: ["workerd"],
      external: ["node:*"],
      loader: { ".wasm": "copy" },
      assetNames: "[name]",
    });
    judge(await askWorkerd(folder, "server.wasm", "sandbox.wasm"));
  });

  it("a case that fails is told of", async () => {
    const { failed } = await runAll({ server: {}, createSandbox: () => ({}) }).catch((error) => ({
      failed: [String(error)],
    }));
    assert.ok(failed.length > 0);
  });
});
