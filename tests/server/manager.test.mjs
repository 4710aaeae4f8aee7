// What of the token manager only Node can show: what consoles print, how processes end, and time as
// it passes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";
import * as server from "../../dist/server.js";

const run = async (name) => {
  const script = fileURLToPath(new URL(`fixtures/${name}.mjs`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 });
  return stdout.trim();
};

const options = (more) => ({
  provider: "trustpilot",
  credentials: { clientId: "key", clientSecret: server.secret("s3cr3t-one") },
  grant: { type: "password", username: "me@example.com", password: server.secret("s3cr3t-two") },
  ...more,
});

describe("the token manager in Node", () => {
  it("consoles show no secret, of options, manager, store or error", async () => {
    let count = 0;
    const given = options({
      fetch: async () =>
        ++count === 1
          ? Response.json({ access_token: "s3cr3t-three", refresh_token: "s3cr3t-four" })
          : Response.json({ error: "invalid_request" }, { status: 400 }),
      store: server.memoryStore(),
    });
    const manager = server.createTokenManager(given);
    await manager.token();
    const error = await manager.revoke().catch((error) => error);
    assert.equal(error.code, "configuration_error");
    const shown = [given, manager, given.store, error, await manager.status()];
    for (const it of shown) {
      const text = inspect(it, { depth: 9, showHidden: true });
      assert.doesNotMatch(text, /s3cr3t/);
    }
    await manager.close();
  });

  it("TM18 a process whose caller waits does not end before the answer", async () => {
    assert.equal(await run("waits"), "token_pending");
  });

  it("TM5 a refresh that is due some day keeps no process alive", async () => {
    assert.equal(await run("ends"), "token");
  });

  it("TM1 10,000 at once, by the real clock", async () => {
    let count = 0;
    const manager = server.createTokenManager(
      options({
        fetch: async () => {
          count += 1;
          await sleep(50);
          return Response.json({ access_token: "token", expires_in: 3600 });
        },
      }),
    );
    const tokens = await Promise.all(Array.from({ length: 10_000 }, () => manager.token()));
    assert.equal(count, 1);
    assert.ok(tokens.every((token) => token === "token"));
    for (let round = 0; round < 100_000; round += 1) await manager.token();
    assert.equal(count, 1);
    await manager.close();
  });

  it("TM19 what a connection that failed says is not taken for an answer", async () => {
    const manager = server.createTokenManager(
      options({ endpoints: { token: "http://127.0.0.1:9/" }, timeout: 3000 }),
    );
    const error = await manager.token().catch((error) => error);
    assert.deepEqual([error.code, error.retryable], ["server_error", true]);
    assert.match(
      String(error.cause?.cause?.code ?? error.cause),
      /ECONNREFUSED|fetch failed|bad port/,
    );
    await manager.close();
  });
});
