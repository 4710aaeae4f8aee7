// The broker, its token managers and the sandbox together: users who sign in, private calls with their
// tokens, and what becomes of a session when the grant ends.
import { createClient } from "plaudit";
import { createSandbox } from "plaudit/sandbox";
import { createBroker, memoryStore, recordStore } from "plaudit/server";
import { assert, describe, it } from "../kit.mjs";
import { fails, ORIGIN } from "./broker-support.mjs";
import { settle } from "./clock.mjs";

const OWN = { "x-plaudit": "1", "sec-fetch-site": "same-origin" };
const COOKIE = "__Host-Http-plaudit";
const DAY = 86_400_000;

function make(options = {}) {
  const sandbox = createSandbox({
    config: {
      clients: [
        {
          client_id: "plaudit-demo-key",
          client_secret: "plaudit-demo-secret",
          redirect_hosts: ["shop.example"],
        },
      ],
    },
  });
  const logs = [];
  // It runs, since the token managers wait, and can be put ahead.
  let ahead = 0;
  const time = { pass: (ms) => (ahead += ms) };
  const broker = createBroker({
    provider: "trustpilot",
    origin: ORIGIN,
    credentials: { clientId: "plaudit-demo-key", clientSecret: "plaudit-demo-secret" },
    endpoints: {
      api: "https://sandbox.test/v1",
      authorize: "https://sandbox.test/authenticate",
    },
    allow: ["businessUnits.find", "businessUnits.get", "businessUnits.privateReviews"],
    fetch: sandbox.fetch,
    onLog: (entry) => logs.push(entry),
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    ...options,
  });
  const ask = (path, { headers, ...more } = {}) =>
    broker.fetch(new Request(ORIGIN + path, { headers, ...more }));

  /** Signs in at the sandbox; the cookie. */
  async function signIn({ withoutState = false } = {}) {
    const start = await ask("/sign-in");
    const to = new URL(start.headers.get("location"));
    const form = new URLSearchParams([
      ...to.searchParams,
      ["email", "demo@example.com"],
      ["password", "plaudit"],
      ["decision", "allow"],
    ]);
    const back = await sandbox.fetch(to.origin + to.pathname, { method: "POST", body: form });
    const at = new URL(back.headers.get("location"));
    if (withoutState) at.searchParams.delete("state");
    const cookie = start.headers.getSetCookie()[0].split(";")[0];
    const done = await ask(at.pathname + at.search, { headers: { cookie } });
    assert.equal(done.status, 303, await done.clone().text());
    return done.headers
      .getSetCookie()
      .find((line) => line.startsWith(`${COOKIE}=`))
      .split(";")[0];
  }

  const routes = () => sandbox.requests().map(({ method, path }) => `${method} ${path}`);
  return { sandbox, broker, ask, signIn, logs, routes, time };
}

const idOf = async (ask) =>
  (await (await ask("/api/business-units/find?name=example.com")).json()).id;

describe("with the sandbox", () => {
  it("BF8 a private read needs the session and the header", async () => {
    const { ask, signIn } = make();
    const path = `/api/private/business-units/${await idOf(ask)}/reviews?perPage=2&stars=4,5`;
    const cookie = await signIn();
    const answer = await ask(path, { headers: { ...OWN, cookie } });
    assert.deepEqual(
      [answer.status, answer.headers.get("cache-control")],
      [200, "private, no-store"],
    );
    assert.equal((await answer.json()).reviews.length, 2);
    await fails(await ask(path, { headers: OWN }), 401, "signed_out");
    await fails(await ask(path, { headers: { cookie } }), 403, "header_missing");
    const elsewhere = { ...OWN, "sec-fetch-site": "cross-site", cookie };
    await fails(await ask(path, { headers: elsewhere }), 403, "cross_origin");
    const twice = { ...OWN, cookie: `${cookie}; ${COOKIE}=${"x".repeat(43)}` };
    await fails(await ask(path, { headers: twice }), 400, "duplicate_cookie");
  });

  it("BF21 what one user may see nobody else is given", async () => {
    const { ask, signIn, sandbox } = make();
    const id = await idOf(ask);
    const path = `/api/private/business-units/${id}/reviews?perPage=2`;
    const [one, two] = [await signIn(), await signIn()];
    for (const cookie of [one, two, one]) {
      assert.equal((await ask(path, { headers: { ...OWN, cookie } })).status, 200);
    }
    const asked = sandbox.requests().filter(({ path: own }) => own.includes("/private/"));
    assert.equal(asked.length, 3);
    await fails(await ask(path, { headers: OWN }), 401, "signed_out");
  });

  it("BF21 a session changes nothing in what all are given", async () => {
    const { ask, signIn } = make();
    const cookie = await signIn();
    const path = "/api/business-units/find?name=coffee.example";
    const signedIn = await ask(path, { headers: { ...OWN, cookie } });
    const anonymous = await ask(path);
    assert.equal(signedIn.headers.get("etag"), anonymous.headers.get("etag"));
    assert.equal(signedIn.headers.get("cache-control"), anonymous.headers.get("cache-control"));
    assert.equal(anonymous.headers.get("x-plaudit-cache"), "hit");
    assert.equal(await signedIn.text(), await anonymous.text());
  });

  it("BF22 a session has its own limit, from whatever address it is used", async () => {
    const { broker, ask, signIn } = make({ limits: { perClient: 3 } });
    const id = await idOf(ask);
    const cookie = await signIn();
    const statuses = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const request = new Request(`${ORIGIN}/api/private/business-units/${id}/reviews`, {
        headers: { ...OWN, cookie },
      });
      const { status } = await broker.fetch(request, { clientAddress: `1.2.3.${turn}` });
      statuses.push(status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
  });

  it("TM9 a token that the platform refuses is renewed, and the call made again", async () => {
    const { ask, signIn, sandbox, routes, time } = make();
    const id = await idOf(ask);
    const cookie = await signIn();
    time.pass(120_000);
    sandbox.faults.add({ fault: "401", times: 1 });
    const answer = await ask(`/api/private/business-units/${id}/reviews`, {
      headers: { ...OWN, cookie },
    });
    assert.equal(answer.status, 200, await answer.text());
    assert.ok(routes().some((route) => route.endsWith("/refresh")));
  });

  it("a grant that ended ends the session: 401, and the cookie goes", async () => {
    const { ask, signIn, sandbox, logs, time } = make();
    const id = await idOf(ask);
    const cookie = await signIn();
    time.pass(120_000);
    // The platform forgets all tokens that it gave.
    sandbox.reset("tokens");
    const answer = await ask(`/api/private/business-units/${id}/reviews`, {
      headers: { ...OWN, cookie },
    });
    assert.equal(answer.status, 401, JSON.stringify(logs));
    assert.equal((await answer.json()).code, "signed_out");
    assert.match(answer.headers.getSetCookie().join(), /Max-Age=0/);
    await fails(await ask("/session", { headers: { ...OWN, cookie } }), 401, "signed_out");
  });

  it("a token that the platform goes on refusing is told from no session, which stays", async () => {
    const { ask, signIn, sandbox, time } = make();
    const id = await idOf(ask);
    const path = `/api/private/business-units/${id}/reviews`;
    const cookie = await signIn();
    time.pass(120_000);
    sandbox.faults.add({ fault: "401", times: 2 });
    const answer = await ask(path, { headers: { ...OWN, cookie } });
    assert.deepEqual(answer.headers.getSetCookie(), []);
    const { message } = await fails(answer, 401, "token_refused");
    assert.match(message, /sign in again/);
    assert.equal((await ask("/session", { headers: { ...OWN, cookie } })).status, 200);
    assert.equal((await ask(path, { headers: { ...OWN, cookie } })).status, 200);
    // What a page's client makes of the two.
    const errorOf = async (headers) => {
      const client = createClient({
        provider: "trustpilot",
        proxy: `${ORIGIN}/api`,
        fetch: (request) => {
          for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
          return ask(new URL(request.url).pathname, { headers: request.headers });
        },
      });
      return client.request("GET", path.slice(4)).then(
        () => assert.fail("it was answered"),
        ({ code, status, retryable, body }) => [code, status, retryable, JSON.parse(body).code],
      );
    };
    assert.deepEqual(await errorOf(OWN), ["unauthorized", 401, false, "signed_out"]);
    sandbox.faults.add({ fault: "401", times: 2 });
    time.pass(120_000);
    const refused = await errorOf({ ...OWN, cookie });
    assert.deepEqual(refused, ["unauthorized", 401, false, "token_refused"]);
  });

  describe("junk codes", () => {
    const tokenRequests = (routes) => routes().filter((route) => route.startsWith("POST ")).length;
    /** A callback with a code that is none, for a sign-in that was begun. */
    const junk = async (ask) => {
      const start = await ask("/sign-in");
      const state = new URL(start.headers.get("location")).searchParams.get("state");
      const cookie = start.headers.getSetCookie()[0].split(";")[0];
      return { path: `/callback?code=junk&state=${state}`, headers: { cookie } };
    };

    it("cost no token request without a sign-in that waits", async () => {
      const { ask, routes } = make();
      const { path } = await junk(ask);
      for (const own of [path, "/callback?code=junk&state=junk", "/callback?code=junk"]) {
        for (const cookie of [undefined, `${COOKIE}=x`, `${COOKIE}-tx-x=y`]) {
          const headers = cookie ? { cookie } : {};
          assert.equal((await ask(own, { headers })).status, 400);
        }
      }
      assert.deepEqual(routes(), []);
    });

    it("cost one with it, however often it comes", async () => {
      const { ask, routes } = make();
      const { path, headers } = await junk(ask);
      await fails(await ask(path, { headers }), 502, "sign_in_failed");
      for (let turn = 0; turn < 5; turn += 1) {
        await fails(await ask(path, { headers }), 400, "transaction_missing");
      }
      await Promise.all(Array.from({ length: 5 }, () => ask(path, { headers })));
      assert.equal(tokenRequests(routes), 1);
    });

    it("of one client, one sign-in each, cost its share of the calls and no more", async () => {
      const { broker, routes, signIn } = make({ limits: { upstream: 8 } });
      const ask = (path, { headers } = {}) =>
        broker.fetch(new Request(ORIGIN + path, { headers }), { clientAddress: "192.0.2.1" });
      const codes = [];
      for (let turn = 0; turn < 6; turn += 1) {
        const { path, headers } = await junk(ask);
        const answer = await ask(path, { headers });
        codes.push((await answer.json()).code);
      }
      const [failed, busy] = ["sign_in_failed", "rate_limited"];
      assert.deepEqual(codes, [failed, failed, busy, busy, busy, busy]);
      assert.equal(tokenRequests(routes), 2);
      // Others sign in all the same.
      await signIn();
    });
  });

  it("BF25 signing out revokes the token at the platform", async () => {
    const { ask, signIn, routes, sandbox } = make();
    const cookie = await signIn();
    sandbox.faults.add({ fault: "503", times: 1 });
    const out = await ask("/sign-out", { method: "POST", headers: { ...OWN, cookie } });
    assert.equal(out.status, 204);
    for (let turn = 0; turn < 20 && !routes().some((it) => it.endsWith("/revoke")); turn += 1) {
      await settle();
    }
    assert.ok(routes().some((route) => route.endsWith("/revoke")));
  });

  describe("no record of tokens outlasts its session", () => {
    const parts = () => {
      const table = new Map();
      let ahead = 0;
      const now = () => Date.now() + ahead;
      const tokenStore = recordStore({
        now,
        load: (name) => table.get(name) ?? null,
        compareAndSwap(name, before, after) {
          if ((table.get(name) ?? null) !== before) return false;
          table.set(name, after);
          return true;
        },
      });
      const made = make({ tokenStore });
      const pass = (ms) => {
        ahead += ms;
        made.time.pass(ms);
      };
      const records = () => [...table.values()].map((text) => JSON.parse(text));
      /** Milliseconds until a store may remove it. */
      const left = () => records().map(({ kept }) => Math.max(0, kept.until - now()));
      return { ...made, records, left, pass };
    };

    it("not one that is signed out of: ten minutes", async () => {
      const { ask, signIn, records, left } = parts();
      const cookie = await signIn();
      assert.deepEqual([records().length, "blob" in records()[0]], [1, true]);
      await ask("/sign-out", { method: "POST", headers: { ...OWN, cookie } });
      for (let turn = 0; turn < 200 && left()[0] > 600_000; turn += 1) await settle();
      assert.deepEqual(["blob" in records()[0], "rt" in records()[0]], [false, false]);
      assert.ok(left()[0] <= 600_000, String(left()));
    });

    it("not one that nobody uses, nor one that is used to its end", async () => {
      const { ask, signIn, left, pass } = parts();
      await signIn();
      const kept = 30 * DAY;
      assert.ok(left()[0] <= kept && left()[0] > kept - 60_000, String(left()));
      pass(kept);
      assert.deepEqual(left(), [0]);

      const id = await idOf(ask);
      const cookie = await signIn();
      const path = `/api/private/business-units/${id}/reviews`;
      for (let day = 0; day < 29; day += 5) {
        assert.equal((await ask(path, { headers: { ...OWN, cookie } })).status, 200, String(day));
        pass(5 * DAY);
      }
      await fails(await ask("/session", { headers: { ...OWN, cookie } }), 401, "signed_out");
      assert.deepEqual(left(), [0, 0]);
    });

    it("and none goes before it: who was only seen for two weeks is signed in", async () => {
      const { ask, signIn, pass } = parts();
      const id = await idOf(ask);
      const cookie = await signIn();
      for (let day = 0; day < 14; day += 1) {
        pass(DAY);
        assert.equal((await ask("/session", { headers: { ...OWN, cookie } })).status, 200);
      }
      const path = `/api/private/business-units/${id}/reviews`;
      assert.equal((await ask(path, { headers: { ...OWN, cookie } })).status, 200);
    });

    it("not one whose grant the platform ended", async () => {
      const { ask, signIn, sandbox, left, pass } = parts();
      const id = await idOf(ask);
      const cookie = await signIn();
      pass(120_000);
      sandbox.reset("tokens");
      const path = `/api/private/business-units/${id}/reviews`;
      await fails(await ask(path, { headers: { ...OWN, cookie } }), 401, "signed_out");
      for (let turn = 0; turn < 200 && left()[0] > 600_000; turn += 1) await settle();
      assert.ok(left()[0] <= 600_000, String(left()));
    });
  });

  it('correlateBy: "redirect-uri" where the platform loses the state', async () => {
    const { ask, signIn } = make({ correlateBy: "redirect-uri" });
    const cookie = await signIn({ withoutState: true });
    assert.equal((await ask("/session", { headers: { ...OWN, cookie } })).status, 200);
  });

  it("a session survives the process, where both stores do", async () => {
    const { memoryKeyValue } = await import("plaudit/server");
    const sessions = memoryKeyValue();
    const tokenStore = memoryStore();
    const one = make({ sessions, tokenStore });
    const id = await idOf(one.ask);
    const cookie = await one.signIn();
    await one.broker.close();
    const two = make({ sessions, tokenStore, fetch: one.sandbox.fetch });
    const answer = await two.ask(`/api/private/business-units/${id}/reviews`, {
      headers: { ...OWN, cookie },
    });
    assert.equal(answer.status, 200, await answer.text());
  });

  it("a page's client reads privately, by a sender that adds the header", async () => {
    const { broker, ask, signIn } = make();
    const id = await idOf(ask);
    const cookie = await signIn();
    const client = createClient({
      provider: "trustpilot",
      proxy: `${ORIGIN}/api`,
      fetch(request) {
        request.headers.set("x-plaudit", "1");
        // What a browser adds by itself.
        const headers = new Headers(request.headers);
        headers.set("cookie", cookie);
        headers.set("sec-fetch-site", "same-origin");
        return broker.fetch(new Request(request, { headers }));
      },
    });
    const query = { perPage: 3 };
    const { data } = await client.request("GET", `/private/business-units/${id}/reviews`, {
      query,
    });
    assert.equal(data.reviews.length, 3);
  });
});
