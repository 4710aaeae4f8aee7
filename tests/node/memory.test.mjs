// What stays in the WebAssembly memory: rule 10 of DESIGN, and no leak.
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";

for (const entry of ["plaudit", "plaudit/sign-in", "plaudit/slim"]) {
  describe(entry, async () => {
    const worker = new Worker(new URL("fixtures/memory-probe.mjs", import.meta.url), {
      workerData: { entry },
    });
    const [{ growth, large, ...calls }] = await once(worker, "message");

    for (const [name, { seen, left }] of Object.entries(calls)) {
      it(`D10 ${name} is gone from the memory after the call`, () => {
        assert.equal(seen, true, "it was not there during the call either: this checks nothing");
        assert.deepEqual(left, []);
      });
    }

    it("P14 a scope before a token whose copy makes the memory grow is read right", () => {
      assert.deepEqual(large, { length: 1_000_000, isRead: true, scope: ["read"] });
    });

    it("100,000 calls do not grow the memory", () => {
      assert.equal(growth, 0);
    });
  });
}
