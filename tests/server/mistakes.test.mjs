// What somebody meets who uses plaudit/server for the first time, and not quite as it is meant.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { createSandbox } from "../../dist/sandbox.js";
import {
  createPartner,
  createTokenManager,
  createTrustoo,
  fileStore,
  memoryStore,
  openTelemetry,
  PlauditError,
  recordStore,
  redisStore,
} from "../../dist/server.js";
import { execute, root } from "../../tools/run.mjs";

const credentials = { clientId: "plaudit-demo-key", clientSecret: "plaudit-demo-secret" };
const manager = (more) =>
  createTokenManager({
    provider: "trustpilot",
    credentials,
    grant: { type: "client_credentials" },
    fetch: createSandbox().fetch,
    ...more,
  });
const refused = (run, pattern) =>
  assert.throws(run, (error) => {
    assert.equal(error.code, "invalid_argument");
    assert.match(error.message, pattern);
    return true;
  });
const errorOf = (promise) =>
  promise.then(
    () => assert.fail("it did not fail"),
    (error) => error,
  );

describe("first steps with plaudit/server", () => {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "plaudit-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("an option that is wrong is named", () => {
    refused(() => manager({ provider: undefined }), /^provider: /);
    refused(() => manager({ timeout: "10s" }), /^timeout: must be a number/);
    refused(() => manager({ refreshAt: "60%" }), /^refreshAt: must be a number/);
    refused(() => manager({ grant: "client_credentials" }), /^grant: .*\{ type: /);
    refused(() => manager({ grant: { type: "implicit" } }), /^grant\.type: .*authorization_code/);
    manager({ refreshReuseMs: null });
    const hmac = { publicToken: "public", privateToken: "private", rule: "hmac" };
    refused(() => createTrustoo({ hmac }), /^hmac\.rule: must be "sorted_parameters"/);
    refused(() => openTelemetry(), /^api: must be an object/);
  });

  it("forgetting exchange() is told as that", async () => {
    const grant = { type: "authorization_code", redirectUri: "http://localhost/back" };
    const error = await errorOf(manager({ grant }).token());
    assert.deepEqual([error.code, error.reason], ["reauthorization_required", "never_signed_in"]);
    assert.match(error.message, /exchange\(\)/);
  });

  it("a code that is no good is told with what makes one so", async () => {
    const grant = { type: "authorization_code", redirectUri: "http://localhost/back" };
    const error = await errorOf(manager({ grant }).exchange({ code: "nope" }));
    assert.equal(error.code, "provider_error");
    assert.match(error.message, /the platform refused the code: .* redirectUri/);
  });

  it("a store's key that is not set in the environment does not turn encryption off", () => {
    const path = join(folder, "tokens.json");
    const client = { eval: async () => null };
    const record = { load: () => null, compareAndSwap: () => true };
    for (const more of [{ key: undefined }, { keys: undefined }]) {
      refused(() => fileStore(path, more), /^keys?: is undefined/);
      refused(() => redisStore(client, more), /^keys?: is undefined/);
      refused(() => recordStore({ ...record, ...more }), /^keys?: is undefined/);
    }
    refused(() => fileStore(path, "0f".repeat(32)), /^options: must be an object/);
    fileStore(path);
  });

  it("why a store fails is told, by the event and by the error", async () => {
    const grant = { type: "authorization_code", redirectUri: "http://localhost/back" };
    const store = fileStore(join(folder, "missing", "tokens.json"));
    const tokens = manager({ grant, store });
    const seen = [];
    tokens.on("store_unavailable", ({ message }) => seen.push(message));
    const error = await errorOf(tokens.token());
    assert.equal(error.code, "store_unavailable");
    assert.match(error.message, /: the folder of the token file cannot be reached \(ENOENT\)$/);
    assert.equal(error.cause.code, "store_unavailable");
    assert.deepEqual(seen, ["the folder of the token file cannot be reached (ENOENT)"]);
  });

  it("what a store of somebody else throws is not passed on: it may hold tokens", async () => {
    const grant = { type: "authorization_code", redirectUri: "http://localhost/back" };
    const store = {
      ...memoryStore(),
      read: () => Promise.reject(new Error("UPDATE … SET token = 't0k3n'")),
    };
    const error = await errorOf(manager({ grant, store }).token());
    assert.equal(error.code, "store_unavailable");
    assert.equal(error.cause, undefined);
    assert.doesNotMatch(error.message, /t0k3n/);
    const ours = new PlauditError("store_unavailable", "the table is away");
    const own = { ...memoryStore(), read: () => Promise.reject(ours) };
    assert.match((await errorOf(manager({ grant, store: own }).token())).message, /table is away$/);
  });

  it("a store that does not say whether it stored is told as that", async () => {
    for (const answer of [undefined, null, 1, "OK"]) {
      let stored = 0;
      const store = recordStore({
        load: () => null,
        compareAndSwap: () => {
          stored += 1;
          return answer;
        },
      });
      const grant = { type: "refresh_token", refreshToken: "r" };
      const error = await errorOf(manager({ grant, store }).token());
      assert.equal(error.code, "store_unavailable");
      assert.match(
        error.message,
        /compareAndSwap must give true .*, not (undefined|null|number|string)$/,
      );
      assert.ok(stored > 0);
    }
  });

  it("a partner's own mistake is not the customer's", async () => {
    const options = {
      partnerId: "plaudit-demo-partner",
      apiKey: "plaudit-demo-partner-key",
      credentials: { ...credentials, clientId: "plaudit-demo-partner-key" },
      fetch: createSandbox().fetch,
    };
    const wrongBase = await errorOf(createPartner(options).onboard("example.com"));
    assert.equal(wrongBase.code, "invalid_argument");
    assert.match(wrongBase.message, /^apiKey: /);
    const partner = createPartner({ ...options, baseUrl: "https://sandbox.test/v1" });
    assert.match((await errorOf(partner.onboard())).message, /^domain: /);
    const typed = await partner.onboard("https://example.com/");
    assert.deepEqual([typed.reason, typed.who], ["unknown_domain", "customer"]);
  });

  it("an error that nobody catches does not print the module", async () => {
    const from = pathToFileURL(join(root, "dist", "server.js")).href;
    const code = `import { createTokenManager } from ${JSON.stringify(from)}; createTokenManager();`;
    const args = ["--input-type=module", "--eval", code];
    const { output } = await execute(process.execPath, args, { log: "mistakes", timeout: 60_000 });
    assert.match(output, /options: must be an object/);
    assert.ok(output.length < 8_000, String(output.length));
  });
});
