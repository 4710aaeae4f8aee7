// How much of an answer is read: no platform, and nobody in its place, fills the memory.
import { createPartner, createServerClient, createTrustoo } from "plaudit/server";
import { assert, describe, it } from "../kit.mjs";

const MOST = 5_000_000;
const ID = "46d6a890000064000500e0c3";
const headers = { "content-type": "application/json" };

/** An answer without an end; `state` says how much of it was taken, and whether it was let go. */
function endless(status, state) {
  const piece = new Uint8Array(65_536).fill(0x20);
  const body = new ReadableStream({
    pull(controller) {
      state.bytes += piece.length;
      if (state.bytes > 4 * MOST) controller.error(new Error("all of it was read"));
      else controller.enqueue(piece);
    },
    cancel() {
      state.isLetGo = true;
    },
  });
  return new Response(body, { status, headers });
}

const tokens = { token: async () => "t0ken", refused() {} };
const hmac = { publicToken: "public", privateToken: "private" };
const credentials = { clientId: "application", clientSecret: "s3cret" };

/** By name: a call that `fetch` answers. */
const calls = {
  "a partner's search": (fetch) => partner(fetch).findByDomain("example.com"),
  "a partner's check": (fetch) => partner(fetch).check(ID),
  "a partner's key": (fetch) => partner(fetch).createKey(ID),
  "Trustoo by token": (fetch) => createTrustoo({ tokens, fetch }).webhooks.list(),
  "Trustoo by signature": (fetch) => createTrustoo({ hmac, fetch }).webhooks.list(),
  "Trustoo by credentials": (fetch) =>
    createTrustoo({ credentials, fetch }).authorization.info({ shopId: "1" }),
  "a private call": (fetch) => server(fetch).businessUnits.privateReviews(ID),
  "a public call on the server": (fetch) => server(fetch).businessUnits.find("example.com"),
};
const partner = (fetch) =>
  createPartner({
    ...{ partnerId: "p", apiKey: "k", fetch },
    tokens: { token: async () => "t0ken", fetch: (url, init) => fetch(new Request(url, init)) },
  });
const server = (fetch) =>
  createServerClient({ provider: "trustpilot", apiKey: "k", tokens, fetch, retry: 0 });

describe("answers without an end", () => {
  for (const [name, run] of Object.entries(calls)) {
    for (const status of [200, 201]) {
      it(`${name}, ${status}`, async () => {
        const state = { bytes: 0, isLetGo: false };
        const error = await run(async () => endless(status, state)).then(
          () => assert.fail("it was answered"),
          (thrown) => thrown,
        );
        assert.equal(error.code, "malformed_response", String(error.stack));
        assert.equal(error.message, `the answer has more than ${MOST} bytes`);
        assert.equal(error.retryable, false);
        assert.ok(state.bytes > MOST && state.bytes < 2 * MOST, String(state.bytes));
        assert.ok(state.isLetGo);
      });
    }
  }

  it("one that refuses says what it says", async () => {
    const state = { bytes: 0, isLetGo: false };
    const error = await calls["a private call"](async () => endless(403, state)).catch(
      (thrown) => thrown,
    );
    assert.equal(error.code, "forbidden");
    assert.ok(state.bytes < MOST && state.isLetGo);
  });
});

describe("long answers", () => {
  /** JSON of so many bytes. */
  const long = (bytes) => {
    const start = JSON.stringify({ id: ID, displayName: "Example" });
    return new Response(start + " ".repeat(bytes - start.length), { headers });
  };

  it("are read up to the last byte that there may be", async () => {
    const whole = await server(async () => long(MOST)).businessUnits.find("example.com");
    assert.equal(whole.displayName, "Example");
    await assert.rejects(server(async () => long(MOST + 1)).businessUnits.find("example.com"), {
      code: "malformed_response",
    });
  });
});
