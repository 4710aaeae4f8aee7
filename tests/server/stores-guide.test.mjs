// The guide's own test file.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { execute, root } from "../../tools/run.mjs";

it("the guide's test file runs", async () => {
  const guide = readFileSync(join(root, "docs", "stores.md"), "utf8");
  const [, code] = /^```js\n(\/\/ store\.test\.mjs\n.*?)^```$/ms.exec(guide);
  // below the project, where its package is found by its own name
  mkdirSync(join(root, "target"), { recursive: true });
  const folder = mkdtempSync(join(root, "target", "stores-"));
  try {
    writeFileSync(join(folder, "store.test.mjs"), code);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const options = { cwd: folder, env, log: "docs", timeout: 60_000 };
    const { code: exit, output } = await execute(process.execPath, ["store.test.mjs"], options);
    assert.equal(exit, 0, output);
    assert.match(output, /^# pass [1-9]\d+$/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
