// The methods beside `fetch`: each does what the control interface does.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isPlauditError } from "plaudit";
import { createSandbox } from "plaudit/sandbox";
import { EPOCH, FIND, KEY, seen, signIn } from "./support.mjs";

/** A business generated link of the demo keys. */
const LINK =
  "https://www.trustpilot.com/evaluate-bgl/example.com?p=BwcHBwcHBwcHBwcHBwcHB5liMLsjGa" +
  "aSwOjq%2BMmFu5Mw4IJH5Psr5LKh6lmj0AIEyPITn6wyclm690cO9xjlvwA4fF9LgYBT%2Bp0gz9jSG1Q%3D";
const read = (sandbox, path, init) => sandbox.fetch(`http://x/__sandbox/${path}`, init);
const refuses = (run, pattern) =>
  assert.throws(run, (error) => {
    assert.ok(isPlauditError(error), String(error));
    assert.equal(error.code, "invalid_argument");
    assert.match(error.message, pattern);
    return true;
  });

describe("SB15 methods and routes from one table", () => {
  const rule = { fault: "503", times: 2 };
  const event = { topic: "review/created", url: "http://127.0.0.1:1/" };
  /** For each route: what it is asked, the method that is it, and what of the answer that gives. */
  const parity = {
    "GET /__sandbox/health": [undefined, (s) => s.health(), (a) => a],
    "GET /__sandbox/routes": [undefined, (s) => s.routes(), (a) => a],
    "POST /__sandbox/reset": [{ only: ["clock"] }, (s) => s.reset("clock"), () => undefined],
    "GET /__sandbox/clock": [undefined, (s) => s.now(), (a) => a.now],
    "POST /__sandbox/clock": [{ advance: 5 }, (s) => s.advance(5), (a) => a.now],
    "GET /__sandbox/requests": [undefined, (s) => s.requests(), (a) => a.requests],
    "DELETE /__sandbox/requests": [undefined, (s) => s.removeRequests(), (a) => a.removed],
    "DELETE /__sandbox/requests/{id}": [undefined, (s) => s.removeRequests(2), (a) => a.removed],
    "GET /__sandbox/faults": [
      undefined,
      (s) => ({ kinds: s.faults.kinds(), rules: s.faults.list() }),
      (a) => a,
    ],
    "POST /__sandbox/faults": [rule, (s) => s.faults.add(rule).id, (a) => a.id],
    "DELETE /__sandbox/faults": [undefined, (s) => s.faults.clear(), (a) => a.removed],
    "DELETE /__sandbox/faults/{id}": [
      undefined,
      (s) => Number(s.faults.add(rule).remove()),
      (a) => a.removed,
    ],
    "GET /__sandbox/config": [undefined, (s) => s.config(), (a) => a],
    "POST /__sandbox/config": [{ deny: "page" }, (s) => s.config({ deny: "page" }), (a) => a],
    "POST /__sandbox/snapshot": [{}, (s) => s.snapshot(), (a) => a],
    "POST /__sandbox/restore": [{ id: "s1" }, (s) => s.restore({ id: "s1" }), () => undefined],
    "GET /__sandbox/webhooks": [undefined, (s) => s.webhooks.list(), (a) => a.deliveries],
    "POST /__sandbox/webhooks": [event, (s) => s.webhooks.add(event), (a) => a.deliveries],
    "POST /__sandbox/webhooks/{id}": [
      { status: 500 },
      (s) => s.webhooks.answer(2, { status: 500 }),
      (a) => a,
    ],
    "GET /__sandbox/data": [undefined, (s) => s.data(), (a) => a],
    "POST /__sandbox/links": [{ link: LINK }, (s) => s.readLink(LINK), (a) => a],
    "GET /__sandbox/verify": [undefined, (s) => s.verify(), (a) => a],
  };

  /** One in which something has happened. */
  const used = async () => {
    const sandbox = createSandbox({ now: 9_000 });
    for (let round = 0; round < 3; round += 1) await sandbox.fetch(FIND);
    for (let round = 0; round < 2; round += 1) sandbox.webhooks.add(event);
    sandbox.faults.add({ fault: "429", retry_after: 2, match: { apikey: KEY } });
    await sandbox.fetch("http://x/v1/nothing");
    sandbox.snapshot();
    return sandbox;
  };

  it("every control route has a method, and there is no other", () => {
    const { routes } = createSandbox().routes();
    const control = routes.filter(({ area }) => area === "control");
    assert.deepEqual(
      control.map(({ method, path }) => `${method} ${path}`).sort(),
      Object.keys(parity).sort(),
    );
  });

  for (const [route, [body, method, part]] of Object.entries(parity)) {
    it(route, async () => {
      const [asked, called] = [await used(), await used()];
      const [verb, path] = route.replace("/__sandbox/", "").split(" ");
      let id = "2";
      if (path === "faults/{id}") id = asked.faults.add(rule).id;
      const init = { method: verb, body: body && JSON.stringify(body) };
      const answer = await read(asked, path.replace("{id}", id), init);
      assert.ok(answer.ok, String(answer.status));
      assert.deepEqual(method(called), part(await answer.json()));
      assert.deepEqual(called.health(), asked.health());
      assert.deepEqual(called.faults.list(), asked.faults.list());
      assert.deepEqual(called.requests(), asked.requests());
      assert.deepEqual(called.config(), asked.config());
    });
  }
});

describe("SB7 reset", () => {
  it("all of it: the same requests give the same answers again", async () => {
    const sandbox = createSandbox({ config: { token_lifetime: 60 } });
    const run = async () => [await signIn(sandbox), await seen(await sandbox.fetch(FIND))];
    const first = await run();
    assert.notDeepEqual(await run(), first);
    sandbox.faults.add({ fault: "500" });
    sandbox.config({ token_lifetime: 5 });
    sandbox.advance(1_000);
    sandbox.reset();
    assert.equal(sandbox.now(), EPOCH);
    assert.equal(sandbox.config().token_lifetime, 60);
    assert.deepEqual(await run(), first);
    assert.equal(sandbox.requests().length, 2);
  });

  it("or one part by its name", async () => {
    const sandbox = createSandbox({ config: { deny: "page" } });
    const headers = { authorization: `Bearer ${await signIn(sandbox)}` };
    const status = async () =>
      (await sandbox.fetch(FIND.replace(/&apikey.*/, ""), { headers })).status;
    sandbox.faults.add({ fault: "503", match: { method: "DELETE" } });
    sandbox.advance(7);
    sandbox.config({ deny: "redirect" });
    assert.equal(await status(), 200);
    sandbox.reset("tokens");
    assert.equal(await status(), 401);
    assert.equal(sandbox.now(), EPOCH + 7);
    sandbox.reset("clock", "config");
    assert.equal(sandbox.now(), EPOCH);
    assert.equal(sandbox.config().deny, "page");
    assert.equal(sandbox.faults.list().length, 1);
    sandbox.reset("faults");
    assert.equal(sandbox.faults.list().length, 0);
    assert.equal(sandbox.requests().length, 3);
    sandbox.reset("requests");
    assert.equal(sandbox.requests().length, 0);
    refuses(() => sandbox.reset("everything"), /unknown variant/);
  });

  it("the allowances too: 429 after the 833rd call, and again after the window", async () => {
    const sandbox = createSandbox();
    const status = async () => (await sandbox.fetch(FIND)).status;
    for (let call = 0; call < 833; call += 1) assert.equal(await status(), 200);
    assert.equal(await status(), 429);
    sandbox.reset("allowances");
    assert.equal(await status(), 200);
    for (let call = 1; call < 833; call += 1) await status();
    assert.equal(await status(), 429);
    sandbox.advance(300_000);
    assert.equal(await status(), 200);
  });
});

describe("SB7 snapshots", () => {
  it("a thousand requests later all is as it was", async () => {
    const sandbox = createSandbox();
    const token = await signIn(sandbox);
    sandbox.faults.add({ fault: "503", match: { nth: 900 } });
    const kept = sandbox.snapshot();
    const state = async () => ({
      requests: sandbox.requests(),
      faults: sandbox.faults.list(),
      config: sandbox.config(),
      now: sandbox.now(),
      next: [await seen(await sandbox.fetch(FIND)), await signIn(sandbox)],
    });
    const before = await state();
    for (let call = 0; call < 1_000; call += 1) {
      if (call % 100 === 0) sandbox.advance(60_000);
      await sandbox.fetch(FIND);
    }
    sandbox.config({ deny: "page" });
    sandbox.reset("tokens");
    sandbox.restore(kept);
    assert.deepEqual(await state(), before);
    sandbox.restore(kept);
    const headers = { authorization: `Bearer ${token}` };
    const bare = FIND.replace(/&apikey.*/, "");
    assert.equal((await sandbox.fetch(bare, { headers })).status, 200);
    refuses(() => sandbox.restore({ id: "none" }), /there is none/);
  });
});

describe("SB13, SB20 verify", () => {
  it("tells of rules without a hit, of unknown routes, and of bugs", async () => {
    const sandbox = createSandbox();
    assert.deepEqual(sandbox.verify(), { ok: true, unhit_rules: [], unknown_routes: [], bugs: [] });
    const rule = sandbox.faults.add({ fault: "503" });
    assert.equal(sandbox.verify().ok, false);
    assert.equal(sandbox.verify().unhit_rules[0].id, rule.id);
    await sandbox.fetch(FIND);
    assert.equal(sandbox.verify().ok, true);
    rule.remove();
    const unknown = await sandbox.fetch("http://x/v1/nothing");
    assert.equal(unknown.status, 404);
    assert.equal(unknown.headers.get("x-plaudit-sandbox"), "unknown-route");
    const failed = await sandbox.fetch(`${FIND}&__fault=bug`);
    assert.deepEqual([failed.status, failed.headers.get("x-plaudit-sandbox")], [500, "bug"]);
    const { ok, unknown_routes, bugs } = sandbox.verify();
    assert.equal(ok, false);
    assert.deepEqual(unknown_routes, [{ method: "GET", path: "/v1/nothing", count: 1 }]);
    assert.equal(bugs.length, 1);
    assert.equal((await sandbox.fetch(FIND)).status, 200);
  });

  it("SB20 a module that traps is a bug like any other", async (t) => {
    const { Instance } = WebAssembly;
    t.mock.method(WebAssembly, "Instance", function TrappingInstance(module) {
      const { exports } = new Instance(module);
      const handle = () => {
        throw new WebAssembly.RuntimeError("unreachable");
      };
      return { exports: { ...exports, handle } };
    });
    const sandbox = createSandbox();
    t.mock.reset();
    for (let call = 0; call < 2; call += 1) {
      const answer = await sandbox.fetch(FIND);
      assert.deepEqual([answer.status, answer.headers.get("x-plaudit-sandbox")], [500, "bug"]);
    }
    const { ok, bugs } = sandbox.verify();
    assert.equal(ok, false);
    assert.match(bugs[0].message, /unreachable/);
    assert.equal(bugs[0].path, "https://api.trustpilot.com/v1/business-units/find");
    assert.throws(() => sandbox.now(), /the sandbox has failed/);
  });
});

describe("SB8 the journal", () => {
  it("can be filtered, and thinned out", async () => {
    const sandbox = createSandbox();
    await sandbox.fetch(FIND);
    await signIn(sandbox);
    await sandbox.fetch("http://x/v1/nothing");
    const paths = (filter) => sandbox.requests(filter).map(({ path }) => path);
    assert.deepEqual(paths(), ["/v1/business-units/find", "/authenticate", "/v1/nothing"]);
    assert.deepEqual(paths({ method: "post" }), ["/authenticate"]);
    assert.deepEqual(paths({ route: "/v1/business-units/find" }), ["/v1/business-units/find"]);
    assert.deepEqual(paths({ since: 2 }), ["/v1/nothing"]);
    assert.equal(sandbox.removeRequests(2), 1);
    assert.equal(sandbox.removeRequests(2), 0);
    assert.deepEqual(paths(), ["/v1/business-units/find", "/v1/nothing"]);
    assert.equal(sandbox.health().unknown_routes, 1);
    assert.equal(sandbox.removeRequests(), 2);
    assert.deepEqual(paths(), []);
  });

  it("holds no key, secret, token or code", async () => {
    const sandbox = createSandbox();
    const token = await signIn(sandbox);
    await sandbox.fetch(FIND, { headers: { authorization: `Bearer ${token}` } });
    await sandbox.fetch(`http://x/v1/${token}?code=${token}&x=${encodeURIComponent(KEY)}`);
    const shown = JSON.stringify(sandbox.requests());
    for (const secret of [token, KEY, "demo@example.com"]) {
      assert.ok(!shown.includes(secret), `${secret} in ${shown}`);
    }
    const [, first, second] = sandbox.requests();
    assert.deepEqual(first.token_seen, ["authorization"]);
    assert.deepEqual(second.token_seen, ["path", "query"]);
    assert.ok(second.query.includes(first.authorization.replace("Bearer ", "")), shown);
  });
});

describe("SB9 rules", () => {
  it("twice, then clean; the handle counts and removes", async () => {
    const sandbox = createSandbox();
    const rule = sandbox.faults.add({ fault: "503", times: 2, match: { route: "/v1/*" } });
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await sandbox.fetch(FIND)).status);
    assert.deepEqual(statuses, [503, 503, 200, 200]);
    assert.equal(rule.hits, 2);
    assert.equal(sandbox.faults.list()[0].remaining, 0);
    assert.equal(rule.remove(), true);
    assert.equal(rule.remove(), false);
    assert.equal(rule.hits, 2);
    assert.deepEqual(sandbox.faults.list(), []);
  });

  it("the first that matches wins; its options come through", async () => {
    const sandbox = createSandbox();
    sandbox.faults.add({ fault: "429", retry_after: 7, match: { nth: 2 } });
    sandbox.faults.add({ fault: "status", status: 418 });
    const first = await sandbox.fetch(FIND);
    const second = await sandbox.fetch(FIND);
    assert.deepEqual([first.status, second.status], [418, 429]);
    assert.equal(second.headers.get("retry-after"), "7");
    assert.deepEqual(
      sandbox.faults.list().map(({ hits }) => hits),
      [1, 1],
    );
    assert.equal(sandbox.faults.clear(), 2);
  });

  it("a probability is drawn from the seed", async () => {
    const drawn = async (seed) => {
      const sandbox = createSandbox({ seed });
      const rule = sandbox.faults.add({ fault: "500", probability: 0.5 });
      const statuses = [];
      for (let call = 0; call < 40; call += 1) statuses.push((await sandbox.fetch(FIND)).status);
      assert.ok(rule.hits > 5 && rule.hits < 35, String(rule.hits));
      return statuses.join();
    };
    assert.equal(await drawn(3), await drawn(3));
    assert.notEqual(await drawn(3), await drawn(4));
  });

  it("what is no rule is refused, by name", () => {
    const { faults } = createSandbox();
    refuses(() => faults.add({ fault: "nonsense" }), /unknown fault: nonsense/);
    refuses(() => faults.add({ fault: "500", time: 1 }), /unknown field `time`/);
    assert.deepEqual(faults.list(), []);
  });
});

describe("options", () => {
  it("that are none are refused", () => {
    for (const seed of [-1, 1.5, Number.NaN, 2 ** 60, "1"]) {
      refuses(() => createSandbox({ seed }), /seed/);
    }
    refuses(() => createSandbox({ clock: "slow" }), /clock/);
    refuses(() => createSandbox({ now: -1 }), /time/);
    refuses(() => createSandbox({ now: new Date("x") }), /time/);
    refuses(() => createSandbox({ config: { deny: "no" } }), /unknown variant `no`/);
    const sandbox = createSandbox();
    refuses(() => sandbox.config({ dny: "page" }), /unknown field `dny`/);
    refuses(() => sandbox.set(Number.NaN), /time/);
    refuses(() => sandbox.advance(0.5), /advance|invalid/);
  });

  it("config is for every world, and another one stays as it is", async () => {
    const sandbox = createSandbox({ config: { token_lifetime: 60 } });
    const answer = await sandbox.fetch("http://x/w/other/__sandbox/config");
    assert.equal((await answer.json()).token_lifetime, 60);
    assert.notEqual(createSandbox().config().token_lifetime, 60);
  });
});

describe("the platforms' own hosts", () => {
  const sandbox = createSandbox();
  const login = `?client_id=${KEY}&redirect_uri=http://localhost/&response_type=token`;
  const trustoo = login.replace(KEY, "plaudit-demo-trustoo").replace("token", "code");
  for (const [url, route] of [
    [FIND, "/v1/business-units/find"],
    [FIND.replace("api.", "invitations-api."), "/v1/business-units/find"],
    [
      FIND.replace("https:", "http:").replace("api.trustpilot.com", "127.0.0.1:1"),
      "/v1/business-units/find",
    ],
    [`https://authenticate.trustpilot.com/${login}`, "/authenticate"],
    [`https://authenticate.trustpilot.com${login}`, "/authenticate"],
    [`https://AUTHENTICATE.trustpilot.com/authenticate${login}`, "/authenticate"],
    [`https://authenticate.trustpilot.com/w/a/${login}`, null],
    [
      `https://rapi.trustoo.io/api/v1/openapi/oauth/authorize${trustoo}`,
      "/trustoo/oauth/authorize",
    ],
    [`https://sandbox.test/trustoo/oauth/authorize${trustoo}`, "/trustoo/oauth/authorize"],
    [`https://rapi.trustoo.io/trustoo/oauth/authorize${trustoo}`, "/trustoo/oauth/authorize"],
  ]) {
    it(url.replace(/\?.*/, ""), async () => {
      const answer = await sandbox.fetch(url);
      assert.equal(answer.status, 200, await answer.text());
      if (route) assert.equal(sandbox.requests().at(-1).route, route);
    });
  }

  it("links lead back to the host that was asked", async () => {
    const { links } = await (await sandbox.fetch(FIND)).json();
    for (const { href } of links)
      assert.ok(href.startsWith("https://api.trustpilot.com/v1/"), href);
  });

  it("a token of Trustoo comes from its own address", async () => {
    const answer = await sandbox.fetch("https://rapi.trustoo.io/api/v1/openapi/oauth/token", {
      method: "POST",
      body: JSON.stringify({ grant_type: "refresh_token" }),
    });
    assert.equal(sandbox.requests().at(-1).route, "/trustoo/api/v1/openapi/oauth/token");
    assert.equal(answer.headers.get("x-plaudit-sandbox"), null);
  });
});
