// Trustpilot's own client for Python (PyPI "trustpilot") against the sandbox (SB19).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { bringPython, missingPython } from "../../tools/python.mjs";
import { inCi } from "../browser/drivers.mjs";
import { KEY, SECRET, TOKENS, USER, worlds } from "./support.mjs";

const makeWorld = worlds("pypi-trustpilot");
const program = fileURLToPath(new URL("pypi_trustpilot.py", import.meta.url));
const requirements = "tests/clients/requirements.txt";
const missing = missingPython();
let python;

// what a person has set for the client is not for this suite
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("TRUSTPILOT_")),
);

/** What the client answers to calls, each `[kind, method, address]`. */
async function ask(world, calls, options = {}) {
  const session = { api_host: world.url, api_key: KEY, api_secret: SECRET, ...USER, ...options };
  const child = spawn(python, [program], { env, stdio: ["pipe", "pipe", "inherit"] });
  const said = text(child.stdout);
  child.stdin.end(JSON.stringify({ session, calls }));
  return JSON.parse(await said);
}

describe("PyPI trustpilot", { skip: missing && !inCi ? missing : false }, () => {
  before(async () => {
    assert.equal(missing, null);
    python = await bringPython(requirements);
  });

  for (const kind of ["sync", "async"]) {
    it(`SB19 ${kind}: refused without a token, gets one by password, and calls again`, async () => {
      const world = makeWorld();
      const reviews = await world.reviews();
      const [first, second] = await ask(world, [
        [kind, "get", reviews],
        [kind, "get", reviews],
      ]);
      assert.equal(first.status, 200);
      assert.equal(first.body.reviews.length, 20);
      assert.match(first.token, /^tpa-sandbox-/);
      assert.deepEqual(second, first);
      assert.equal(await world.asked(), 1);
      const { requests } = await world.control("requests");
      const statuses = requests.slice(1).map(({ status }) => status);
      assert.deepEqual(statuses, [401, 200, 200, 200]);
    });
  }

  it("SB19 gets another token when the first one is revoked", async () => {
    const world = makeWorld();
    const reviews = await world.reviews();
    const [{ token }] = await ask(world, [["sync", "get", reviews]]);
    await world.revoke(token);
    const [again] = await ask(world, [["sync", "get", reviews]], { access_token: token });
    assert.equal(again.status, 200);
    assert.notEqual(again.token, token);
  });

  it("SB19 stays refused with a wrong secret, a wrong password, and without a user", async () => {
    const world = makeWorld();
    const reviews = await world.reviews();
    for (const [options, refusal] of [
      [{ api_secret: "wrong" }, 401],
      [{ password: "wrong" }, 400],
      // no grant_type at all
      [{ username: "", password: "" }, 400],
    ]) {
      await world.control("reset", { only: ["requests"] });
      const [answer] = await ask(world, [["sync", "get", reviews]], options);
      assert.equal(answer.status, 401);
      const { requests } = await world.control("requests");
      const statuses = requests.map(({ status }) => status);
      assert.deepEqual(statuses, [401, refusal, 401]);
    }
  });

  it("asks for a token at a 403 too, and gives up at 429", async () => {
    const world = makeWorld();
    const reviews = await world.reviews();
    await world.control("config", { limits: { token: [{ calls: 1, seconds: 600 }] } });
    await world.control("faults", { fault: "403", match: { route: reviews } });
    const [first, second] = await ask(world, [
      ["sync", "get", reviews],
      ["sync", "get", reviews],
    ]);
    assert.deepEqual([first.status, second.status], [403, 403]);
    assert.equal(second.token, null);
    const { requests } = await world.control(`requests?route=${TOKENS}/accesstoken`);
    assert.deepEqual(
      requests.map(({ status }) => status),
      [200, 429],
    );
  });
});
