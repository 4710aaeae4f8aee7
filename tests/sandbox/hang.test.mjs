// SB12: what hangs keeps the process alive, as a socket would, so that a time limit is heard.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";

/** Runs a module in a process of its own; what it prints. */
async function run(script) {
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: import.meta.dirname,
    timeout: 20_000,
  });
  return stdout.trim();
}

describe("SB12 a process that waits for nothing else", () => {
  it("hears a client's timeout", async () => {
    const said = await run(`
      import { createClient } from "plaudit";
      import { createSandbox } from "plaudit/sandbox";
      const sandbox = createSandbox();
      const client = createClient({
        provider: "trustpilot",
        apiKey: "plaudit-demo-key",
        baseUrl: "https://sandbox.test/v1",
        fetch: sandbox.fetch,
      });
      sandbox.faults.add({ fault: "hang" });
      const own = { timeout: 100, retry: 0 };
      const error = await client.businessUnits.find("example.com", own).catch((error) => error);
      console.log(error.code);
    `);
    assert.equal(said, "timeout");
  });

  it("hears AbortSignal.timeout, and ends afterwards", async () => {
    const said = await run(`
      import { createSandbox } from "plaudit/sandbox";
      const url = "https://sandbox.test/v1/business-units/find?name=example.com&__fault=hang";
      const signal = AbortSignal.timeout(100);
      const error = await createSandbox().fetch(url, { signal }).catch((error) => error);
      console.log(error.name);
    `);
    assert.equal(said, "TimeoutError");
  });
});
