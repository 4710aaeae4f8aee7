// What plaudit/server promises of tokens, the same in every runtime: `cases(parts)` is a list of
// `{ name, run }`, where `parts` is `{ server, createSandbox, assert }`. `assert` has equal, deepEqual,
// ok and match, as node:assert/strict. Runners: tokens.test.mjs, runtime.mjs, worker.mjs.
import { DAY, deferred, errorOf, failing, HOUR, makeWorld, SECRETS } from "./world.mjs";

const PASSWORD = { type: "password", username: "demo@example.com", password: "plaudit" };
const CODE = { type: "authorization_code", redirectUri: "https://localhost/back" };
const API = "https://api.trustpilot.com/v1/private/reviews";
/** As long as Trustpilot's tokens live, in milliseconds. */
const LIFE = 359_999_000;

const json = (body, status = 200, headers = {}) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

export function cases({ server, createSandbox, assert }) {
  const list = [];
  /** A case in a world of its own. */
  const it = (name, run, options) => {
    list.push({
      name,
      async run() {
        const world = makeWorld({ server, createSandbox }, options);
        try {
          await run(world);
        } finally {
          await world.end();
        }
      },
    });
  };
  /** A manager that has a token, and the token. */
  const ready = async (world, options) => {
    const manager = world.manager(options);
    return { manager, token: await soon(world, manager.token()) };
  };
  /** What a promise gives while time passes. */
  const soon = async (world, promise, ms = 5000) => {
    let isOver = false;
    const settled = promise.then(
      (value) => {
        isOver = true;
        return { value };
      },
      (error) => {
        isOver = true;
        return { error };
      },
    );
    await world.time.settle();
    for (let passed = 0; !isOver && passed < ms; passed += 250) await world.advance(250);
    if (!isOver) throw new Error(`nothing came in ${ms} ms`);
    const { value, error } = await settled;
    if (error) throw error;
    return value;
  };

  /** A manager with the tokens of a sign-in. */
  const signedIn = async (world, options) => {
    const manager = world.manager({ grant: CODE, ...options });
    await soon(world, manager.exchange({ code: await world.code(options?.provider) }));
    return manager;
  };

  // --- grants ---

  it("each grant of Trustpilot gives a token", async (world) => {
    const { token } = await ready(world);
    assert.match(token, /^tpa-sandbox-/);
    const { token: second } = await ready(world, { grant: PASSWORD, subject: "user" });
    assert.ok(second !== token);
    assert.deepEqual(
      world.calls.map(({ body }) => body.grant_type),
      ["client_credentials", "password"],
    );
    assert.match(world.calls[0].headers.authorization, /^Basic /);
    assert.equal("client_secret" in world.calls[0].body, false);
  });

  it("a code makes tokens, and ends reauthorization_required", async (world) => {
    const manager = world.manager({ grant: CODE });
    const error = await errorOf(soon(world, manager.token()));
    assert.deepEqual([error.code, error.reason], ["reauthorization_required", "never_signed_in"]);
    assert.equal(world.calls.length, 0);
    await soon(world, manager.exchange({ code: await world.code() }));
    assert.match(await soon(world, manager.token()), /^tpa-sandbox-/);
    const { state, hasRefreshToken } = await manager.status();
    assert.deepEqual([state, hasRefreshToken], ["valid", true]);
    const again = await errorOf(soon(world, manager.exchange({ code: "tpc-sandbox-nothing" })));
    assert.deepEqual([again.code, again.oauthError], ["provider_error", "invalid_grant"]);
    assert.match(await soon(world, manager.token()), /^tpa-sandbox-/);
  });

  it("a refresh token from elsewhere is used once, then the store's", async (world) => {
    const answer = await world.sandbox.fetch(
      "https://api.trustpilot.com/v1/oauth/oauth-business-users-for-applications/accesstoken",
      {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          grant_type: "password",
          username: "demo@example.com",
          password: "plaudit",
          client_id: "plaudit-demo-key",
          client_secret: "plaudit-demo-secret",
        }).toString(),
      },
    );
    const { refresh_token } = await answer.json();
    const grant = { type: "refresh_token", refreshToken: server.secret(refresh_token) };
    const options = { grant, subject: "imported" };
    const { token } = await ready(world, options);
    assert.equal(world.calls.at(-1).body.refresh_token, refresh_token);
    assert.equal(await soon(world, world.manager(options).token()), token);
    assert.equal(world.calls.length, 1);
    await world.advance(LIFE * 0.7);
    assert.equal(world.calls.length, 2);
    assert.ok(world.calls[1].body.refresh_token !== refresh_token);
  });

  it("Trustoo: JSON, envelope, scopes with commas, a life as text", async (world) => {
    const options = { provider: "trustoo", scope: ["read_orders", "write_reviews"] };
    const { manager, token } = await ready(world, options);
    assert.ok(token.length > 8);
    assert.equal(world.calls[0].body.scope, "read_orders,write_reviews");
    assert.equal(world.calls[0].body.grant_type, "client_credentials");
    const { expiresInMs, scope } = await manager.status();
    assert.ok(expiresInMs > 0 && expiresInMs <= HOUR);
    assert.deepEqual(scope, ["read_orders", "write_reviews"]);
  });

  it("Trustoo: a code and its refresh", async (world) => {
    const manager = world.manager({ provider: "trustoo", grant: CODE });
    await soon(world, manager.exchange({ code: await world.code("trustoo") }));
    const first = await soon(world, manager.token());
    await world.advance(HOUR * 0.7);
    const second = await soon(world, manager.token());
    assert.ok(first !== second);
    assert.deepEqual(
      world.calls.map(({ body }) => body.grant_type),
      ["authorization_code", "refresh_token"],
    );
  });

  for (const [what, ms, code] of [
    ["for a while: it is tried again", 3000, undefined],
    ["at all: sign in again", 60_000, "store_unavailable"],
  ]) {
    it(`a code whose tokens cannot be stored ${what}`, async (world) => {
      let isDown = true;
      const store = failing(world.store, (operation) => operation === "commit" && isDown);
      const manager = world.manager({ grant: CODE, store });
      const exchange = manager.exchange({ code: await world.code() }).then(
        () => undefined,
        (error) => error.code,
      );
      await world.advance(ms);
      isDown = false;
      assert.equal(await soon(world, exchange, 20_000), code);
      const token = await soon(world, manager.token()).catch(({ reason }) => reason);
      if (code) assert.equal(token, "never_signed_in");
      else assert.match(token, /^tpa-sandbox-/);
      assert.equal(world.calls.length, 1);
    });
  }

  it("revoke ends the tokens at the platform and in the store", async (world) => {
    const { manager, token } = await ready(world, { grant: PASSWORD });
    const other = world.manager({ grant: PASSWORD });
    assert.equal(await soon(world, other.token()), token);
    await soon(world, manager.revoke());
    assert.equal(world.paths().at(-1), "revoke");
    assert.match(world.calls.at(-1).body.token, /^tpr-sandbox-/);
    const { state } = await manager.status();
    assert.ok(state === "none" || state === "reauthorization_required", state);
    await world.advance(2000);
    const next = await soon(world, other.token()).catch(({ code, reason }) => `${code} ${reason}`);
    assert.ok(next !== token);
  });

  it("revoke ends a configured refresh token that nobody has used yet", async (world) => {
    const grant = { type: "refresh_token", refreshToken: "tpr-sandbox-from-elsewhere" };
    const manager = world.manager({ grant, subject: "imported" });
    world.on.token = async ({ path }) => (path.endsWith("/revoke") ? json({}) : undefined);
    await soon(world, manager.revoke());
    assert.equal(world.paths()[0], "revoke");
    assert.equal(world.calls[0].body.token, "tpr-sandbox-from-elsewhere");
    const error = await errorOf(soon(world, manager.token()));
    assert.equal(error.code, "reauthorization_required");
  });

  it("revoke at a platform that fails keeps the tokens, or forgets them anyway", async (world) => {
    const { manager, token } = await ready(world, { grant: PASSWORD });
    world.on.token = async () => new Response("", { status: 500 });
    const first = await errorOf(soon(world, manager.revoke()));
    assert.equal(first.code, "server_error");
    assert.equal(await soon(world, manager.token()), token);
    const second = await errorOf(soon(world, manager.revoke({ anyway: true })));
    assert.equal(second.code, "server_error");
    const { state, hasRefreshToken } = await manager.status();
    assert.ok(state === "none" || state === "reauthorization_required", state);
    assert.equal(hasRefreshToken, false);
  });

  // --- TM ---

  it("TM1 10,000 at once are one request", async (world) => {
    const manager = world.manager();
    const wanted = Array.from({ length: 10_000 }, () => manager.token());
    const tokens = await soon(world, Promise.all(wanted));
    assert.equal(world.calls.length, 1);
    assert.equal(new Set(tokens).size, 1);
  });

  it("TM1 two managers on one store are one request", async (world) => {
    const managers = [world.manager(), world.manager()];
    const tokens = await soon(world, Promise.all(managers.map((manager) => manager.token())));
    assert.equal(world.calls.length, 1);
    assert.equal(tokens[0], tokens[1]);
  });

  it("TM1 each subject and each scope has tokens of its own", async (world) => {
    const kinds = [{}, { subject: "a" }, { subject: "b" }, { subject: "a", scope: "x" }];
    const seen = new Set();
    for (const kind of [...kinds, ...kinds]) seen.add((await ready(world, kind)).token);
    assert.deepEqual([seen.size, world.calls.length], [4, 4]);
  });

  it("TM2 who comes while the store still writes asks for nothing", async (world) => {
    const gate = deferred();
    const store = { ...world.store, timeout: 60_000 };
    store.commit = async (...input) => {
      await gate.promise;
      return world.store.commit(...input);
    };
    const manager = world.manager({ store, grant: PASSWORD });
    const first = manager.token();
    await world.time.settle();
    assert.equal(world.calls.length, 1);
    let isServed = false;
    const second = manager.token().then((token) => {
      isServed = true;
      return token;
    });
    await world.advance(1000);
    // TM3: nor does anybody see the token before it is stored.
    assert.equal(isServed, false);
    gate.resolve();
    assert.equal(await soon(world, first), await soon(world, second));
    assert.equal(world.calls.length, 1);
  });

  it("TM3 what cannot be stored is not handed out; the old one goes on", async (world) => {
    let isDown = false;
    const store = failing(world.store, (operation) => operation === "commit" && isDown);
    const { manager, token } = await ready(world, {
      store,
      grant: PASSWORD,
      oldAccessTokenDies: false,
    });
    isDown = true;
    await world.advance(LIFE * 0.54);
    while (world.calls.length < 2) await world.advance(60_000);
    assert.equal(await soon(world, manager.token()), token);
    await world.advance(10 * 60_000);
    assert.equal(await soon(world, manager.token()), token);
    await world.jump(LIFE * 0.5);
    const error = await errorOf(soon(world, manager.token(), 20_000));
    assert.equal(error.code, "store_unavailable");
    isDown = false;
    await world.advance(10 * 60_000);
    const next = await soon(world, manager.token(), 20_000);
    assert.ok(next !== token);
    assert.equal(world.calls.filter(({ body }) => body.refresh_token).length, 1);
  });

  it(
    "TM4 an answer without a refresh token keeps the old one",
    async (world) => {
      await ready(world, { grant: PASSWORD });
      await world.advance(LIFE * 1.4);
      const sent = world.calls.map(({ body }) => body.refresh_token).filter(Boolean);
      assert.equal(sent.length, 2);
      assert.equal(sent[0], sent[1]);
    },
    { config: { refresh_rotation: "omit" } },
  );

  it("TM5 a refresh ahead makes nobody wait", async (world) => {
    const options = { grant: PASSWORD, oldAccessTokenDies: false };
    const { manager, token } = await ready(world, options);
    const gate = deferred();
    world.on.token = () => gate.promise;
    await world.advance(LIFE * 0.54);
    while (world.calls.length < 2) await world.advance(60_000);
    let got;
    manager.token().then((token) => {
      got = token;
    });
    await world.time.settle();
    assert.equal(got, token);
    gate.resolve();
    await world.advance(2000);
    assert.ok((await soon(world, manager.token())) !== token);
  });

  it("TM5 it comes at 60 % of the life, give or take", async (world) => {
    await ready(world);
    await world.advance(LIFE * 0.54);
    assert.equal(world.calls.length, 1);
    await world.advance(LIFE * 0.12);
    assert.equal(world.calls.length, 2);
  });

  it("TM6 the wall clock may jump", async (world) => {
    let jump = 0;
    const wall = () => world.now() + jump;
    const { manager, token } = await ready(world, { now: wall });
    for (const by of [DAY, -DAY]) {
      jump = by;
      await world.advance(10_000);
      assert.equal(await soon(world, manager.token()), token);
    }
    assert.equal(world.calls.length, 1);
  });

  for (const token_answer of ["current", "apigee"]) {
    it(
      `TM7 issued_at is not looked at: ${token_answer}`,
      async (world) => {
        const { manager } = await ready(world);
        const { expiresInMs } = await manager.status();
        assert.ok(Math.abs(expiresInMs - LIFE) < 10_000, String(expiresInMs));
      },
      { config: { token_answer } },
    );
  }

  for (const expires_in of [undefined, "0"]) {
    it(`TM8 a life that is not known (${expires_in}): until a 401`, async (world) => {
      let count = 0;
      world.on.token = async () => json({ access_token: `t${++count}`, expires_in });
      const { manager, token } = await ready(world);
      await world.advance(30 * DAY);
      assert.equal(await soon(world, manager.token()), token);
      assert.equal(world.calls.length, 1);
      world.alive.clear();
      const answer = await soon(world, manager.fetch(API));
      assert.deepEqual([answer.status, world.calls.length], [200, 2]);
    });
  }

  it("TM8 a short life is refreshed at its half, not at every call", async (world) => {
    let count = 0;
    world.on.token = async () => json({ access_token: `t${++count}`, expires_in: 30 });
    const { manager } = await ready(world);
    for (let round = 0; round < 100; round += 1) {
      await soon(world, manager.token());
      await world.advance(600);
    }
    assert.ok(world.calls.length <= 6, String(world.calls.length));
  });

  it("TM9 1,000 with a 401 make one refresh and one more request each", async (world) => {
    const { manager } = await ready(world, { grant: PASSWORD });
    // so that a refresh is not too soon after the last one
    await world.advance(120_000);
    world.alive.clear();
    const wanted = Array.from({ length: 1000 }, () => manager.fetch(API));
    const answers = await soon(world, Promise.all(wanted), 20_000);
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(world.calls.length, 2);
    assert.ok(world.api.length <= 2000, String(world.api.length));
  });

  it("TM9 a second 401 is the answer, and a newer token is just used", async (world) => {
    const first = await ready(world, { grant: PASSWORD });
    const second = await ready(world, { grant: PASSWORD });
    await world.advance(120_000);
    world.on.api = async () => new Response(null, { status: 401 });
    const answer = await soon(world, first.manager.fetch(API), 20_000);
    assert.deepEqual([answer.status, world.api.length, world.calls.length], [401, 2, 2]);
    await soon(world, second.manager.fetch(API), 20_000);
    assert.equal(world.calls.length, 2);
  });

  it("TM9 refused() tells of a 401 that somebody else got", async (world) => {
    const { manager, token } = await ready(world, { grant: PASSWORD });
    await world.advance(120_000);
    await soon(world, Promise.all([manager.refused(token), manager.refused(token)]), 20_000);
    assert.equal(world.calls.length, 2);
    const next = await soon(world, manager.token());
    assert.ok(next !== token);
    await soon(world, manager.refused(token));
    assert.equal(world.calls.length, 2);
  });

  it("TM10 an API that always says 401 costs a refresh a minute", async (world) => {
    const { manager } = await ready(world, { grant: PASSWORD });
    world.on.api = async () => new Response(null, { status: 401 });
    for (let round = 0; round < 60; round += 1) {
      await soon(world, manager.fetch(API), 20_000);
      await world.advance(5000);
    }
    assert.ok(world.calls.length <= 8, String(world.calls.length));
    // only who was given another token sends again
    assert.ok(world.api.length <= 60 + world.calls.length, String(world.api.length));
  });

  it("TM11 403 refreshes nothing", async (world) => {
    const { manager } = await ready(world, { grant: PASSWORD });
    await world.advance(120_000);
    world.on.api = async () => new Response(null, { status: 403 });
    assert.equal((await soon(world, manager.fetch(API))).status, 403);
    assert.deepEqual([world.calls.length, world.api.length], [1, 1]);
  });

  it("TM12 429 stops everybody who shares the store; the token goes on", async (world) => {
    const first = await ready(world, { grant: PASSWORD });
    const second = await ready(world, { grant: PASSWORD });
    const seen = [];
    first.manager.on("gated", ({ cause, forMs }) => seen.push([cause, forMs]));
    world.on.token = async () => json("", 429, { "retry-after": "1800" });
    await world.advance(LIFE * 0.7);
    const before = world.calls.length;
    const gates = (LIFE * 0.16) / 1_800_000;
    assert.ok(before - 1 <= gates + 1, String(before));
    for (const { manager, token } of [first, second]) {
      assert.equal(await soon(world, manager.token()), token);
    }
    assert.equal(world.calls.length, before);
    await world.advance(HOUR);
    assert.ok(world.calls.length - before <= 3, String(world.calls.length - before));
    assert.ok(seen.length === 0 || seen[0][0] === "rate_limited");
  });

  it("TM12 with no token at hand a gate is rate_limited, with the wait", async (world) => {
    world.on.token = async () => json("", 429, { "retry-after": "120" });
    const manager = world.manager();
    const error = await errorOf(soon(world, manager.token(), 20_000));
    assert.deepEqual([error.code, error.retryable], ["rate_limited", true]);
    assert.ok(error.retryAfter > 60 && error.retryAfter <= 121, String(error.retryAfter));
    assert.equal((await errorOf(soon(world, manager.token(), 20_000))).code, "rate_limited");
    assert.equal(world.calls.length, 1);
  });

  it("TM13 an hour without the platform costs a dozen requests and nobody their token", async (world) => {
    const { manager, token } = await ready(world, { grant: PASSWORD, oldAccessTokenDies: false });
    world.on.token = async () => json("", 503);
    await world.advance(LIFE * 0.655);
    const before = world.calls.length;
    for (let minute = 0; minute < 60; minute += 1) {
      await world.advance(60_000);
      assert.equal(await soon(world, manager.token()), token);
    }
    assert.ok(world.calls.length - before <= 12, String(world.calls.length - before));
  });

  const refusals = [
    ["invalid_client", 401, "configuration_error"],
    ["unauthorized_client", 400, "configuration_error"],
    ["unsupported_grant_type", 400, "configuration_error"],
    ["invalid_request", 400, "configuration_error"],
  ];
  for (const [error, status, code] of refusals) {
    it(`TM14 ${error} keeps the refresh token`, async (world) => {
      const manager = await signedIn(world);
      world.on.token = async () => json({ error, error_description: "words" }, status);
      await world.jump(LIFE + 1000);
      const failed = await errorOf(soon(world, manager.token(), 20_000));
      assert.deepEqual([failed.code, failed.oauthError], [code, error]);
      assert.equal((await manager.status()).hasRefreshToken, true);
      world.on.token = async () => undefined;
      await world.advance(HOUR);
      assert.match(await soon(world, manager.token(), 20_000), /^tpa-sandbox-/);
    });
  }

  for (const [what, body, status] of [
    ["RFC 6749", { error: "invalid_grant" }, 400],
    ["401", { error: "invalid_grant" }, 401],
    ["the gateway", { ErrorCode: "invalid_request", Error: "Invalid Refresh Token" }, 400],
  ]) {
    it(`TM14 TM15 invalid_grant ends it, once and for all: ${what}`, async (world) => {
      const manager = await signedIn(world);
      const seen = [];
      manager.on("reauthorization_required", ({ reason }) => seen.push(reason));
      world.on.token = async () => json(body, status);
      await world.jump(LIFE + 60_000);
      const error = await errorOf(soon(world, manager.token(), 60_000));
      assert.deepEqual([error.code, error.reason], ["reauthorization_required", "refused"]);
      const before = world.calls.length;
      for (let round = 0; round < 100; round += 1) await errorOf(soon(world, manager.token()));
      await world.jump(DAY);
      await world.advance(60_000);
      assert.equal(world.calls.length, before);
      assert.deepEqual(seen, ["refused"]);
      world.on.token = async () => undefined;
      await soon(world, manager.exchange({ code: await world.code() }));
      assert.match(await soon(world, manager.token()), /^tpa-sandbox-/);
    });
  }

  it("TM16 without a store client credentials still give a token", async (world) => {
    const store = failing(world.store, () => true);
    const manager = world.manager({ store });
    const seen = [];
    manager.on("store_unavailable", ({ type }) => seen.push(type));
    const tokens = await soon(world, Promise.all([manager.token(), manager.token()]), 20_000);
    assert.equal(tokens[0], tokens[1]);
    assert.equal(world.calls.length, 1);
    assert.deepEqual(seen, ["store_unavailable"]);
    await world.advance(60_000);
    assert.equal(await soon(world, manager.token(), 20_000), tokens[0]);
    assert.equal(world.calls.length, 1);
  });

  it("TM17 /refresh falls back on a definite refusal", async (world) => {
    const { manager, token } = await ready(world, { grant: PASSWORD });
    world.on.token = async ({ path }) => (path.endsWith("/refresh") ? json("", 404) : undefined);
    await world.advance(LIFE * 0.7);
    assert.deepEqual(world.paths(), ["accesstoken", "refresh", "accesstoken"]);
    assert.equal(world.calls[1].body.refresh_token, world.calls[2].body.refresh_token);
    assert.ok((await soon(world, manager.token())) !== token);
  });

  it("TM17 and on nothing else", async (world) => {
    await ready(world, { grant: PASSWORD });
    world.on.token = async () => json("", 503);
    await world.advance(LIFE * 0.7);
    assert.ok(world.paths().length > 1);
    assert.ok(
      world
        .paths()
        .slice(1)
        .every((path) => path === "refresh"),
    );
  });

  it("TM18 who gives up leaves the others their token", async (world) => {
    const gate = deferred();
    world.on.answer = async (response) => {
      await gate.promise;
      return response;
    };
    const manager = world.manager();
    const controller = new AbortController();
    const leaving = errorOf(manager.token({ signal: controller.signal }));
    const staying = manager.token();
    await world.time.settle();
    controller.abort(new Error("enough"));
    const error = await leaving;
    assert.deepEqual([error.code, error.cause.message], ["aborted", "enough"]);
    gate.resolve();
    assert.match(await soon(world, staying), /^tpa-sandbox-/);
    assert.equal(world.calls.length, 1);
    assert.equal((await errorOf(manager.token({ signal: controller.signal }))).code, "aborted");
  });

  it("TM19 no redirect, no retry, no signal under a token request", async (world) => {
    world.on.token = async () =>
      new Response(null, { status: 307, headers: { location: "https://evil.example/" } });
    const manager = world.manager();
    const error = await errorOf(soon(world, manager.token(), 20_000));
    assert.equal(error.code, "configuration_error");
    assert.equal(world.calls.length, 1);
    assert.equal(world.calls[0].redirect, "manual");
  });

  // --- LK ---

  it("LK2 a lease that is no longer than the wait", (world) => {
    let error;
    try {
      world.manager({ lease: 2000, timeout: 5000 });
    } catch (thrown) {
      error = thrown;
    }
    assert.equal(error?.code, "invalid_argument");
  });

  it("LK4 a late 2xx is stored although another was refused meanwhile", async (world) => {
    const first = await signedIn(world);
    const second = world.manager({ grant: CODE });
    await soon(world, second.token());
    await world.jump(LIFE);
    const gate = deferred();
    let isHeld = false;
    world.on.answer = async (response) => {
      if (isHeld) return response;
      isHeld = true;
      await gate.promise;
      return response;
    };
    const early = first.token({ timeout: 100_000 });
    await world.time.settle();
    const late = second.token({ timeout: 100_000 });
    while (world.calls.length < 3) await world.advance(1000);
    assert.equal(world.calls[1].body.refresh_token, world.calls[2].body.refresh_token);
    await world.advance(1000);
    gate.resolve();
    const tokens = await soon(world, Promise.all([early, late]), 60_000);
    assert.equal(tokens[0], tokens[1]);
    assert.ok(world.alive.has(tokens[0]));
    assert.equal((await first.status()).state, "valid");
  });

  it("LK7 nobody hands a token out once its refresh is sent", async (world) => {
    const first = await ready(world, { grant: PASSWORD });
    const second = await ready(world, { grant: PASSWORD });
    assert.equal(first.token, second.token);
    const gate = deferred();
    world.on.answer = async (response) => {
      await gate.promise;
      return response;
    };
    await world.advance(LIFE * 0.54);
    while (world.calls.length < 2) await world.advance(500);
    const waiting = [first, second].map(({ manager }) => manager.token());
    let count = 0;
    for (const token of waiting) {
      token.then(() => {
        count += 1;
      });
    }
    await world.advance(3000);
    assert.equal(count, 0);
    gate.resolve();
    const tokens = await soon(world, Promise.all(waiting));
    assert.equal(tokens[0], tokens[1]);
    assert.ok(tokens[0] !== first.token);
    assert.equal(world.calls.length, 2);
  });

  for (const how of [true, "hang", "late"]) {
    for (const operation of ["begin", "mark"]) {
      it(`LK9 ${operation} fails (${how}): nothing is sent`, async (world) => {
        let isDown = false;
        const store = failing(world.store, (name) => name === operation && isDown && how);
        const manager = await signedIn(world, { store });
        isDown = true;
        await world.jump(LIFE);
        const error = await errorOf(soon(world, manager.token(), 20_000));
        assert.ok(["store_unavailable", "token_pending"].includes(error.code), error.code);
        assert.equal(error.retryable, true);
        assert.equal(world.calls.length, 1);
        isDown = false;
        await world.advance(60_000);
        assert.match(await soon(world, manager.token(), 60_000), /^tpa-sandbox-/);
        assert.deepEqual(world.paths(), ["accesstoken", "refresh"]);
      });
    }
    it(`LK9 commit fails (${how}): the pair is kept and stored later`, async (world) => {
      let isDown = false;
      const store = failing(world.store, (name) => name === "commit" && isDown && how);
      const { manager, token } = await ready(world, { store, grant: PASSWORD });
      isDown = true;
      await world.advance(LIFE * 0.54);
      while (world.calls.length < 2) await world.advance(60_000);
      await world.advance(60_000);
      isDown = false;
      await world.advance(10 * 60_000);
      const next = await soon(world, manager.token(), 20_000);
      assert.ok(next !== token);
      assert.deepEqual(world.paths(), ["accesstoken", "refresh"]);
      const other = world.manager({ grant: PASSWORD });
      assert.equal(await soon(world, other.token()), next);
    });
    it(`LK9 reads fail (${how}): the last token until its end`, async (world) => {
      let isDown = false;
      const store = failing(world.store, () => isDown && how);
      const manager = await signedIn(world, { store });
      const token = await soon(world, manager.token());
      const seen = [];
      manager.on("store_unavailable", ({ type }) => seen.push(type));
      manager.on("store_recovered", ({ type }) => seen.push(type));
      isDown = true;
      await world.advance(HOUR);
      assert.equal(await soon(world, manager.token(), 20_000), token);
      await world.jump(LIFE);
      const error = await errorOf(soon(world, manager.token(), 20_000));
      assert.deepEqual([error.code, error.retryable], ["store_unavailable", true]);
      isDown = false;
      await world.advance(10 * 60_000);
      const next = await soon(world, manager.token(), 20_000);
      assert.ok(next !== token);
      assert.deepEqual([...new Set(seen)], ["store_unavailable", "store_recovered"]);
    });
  }

  it("LK10 an emptied store is never_signed_in, not a request with nothing", async (world) => {
    const manager = world.manager({ grant: CODE, store: server.memoryStore() });
    const error = await errorOf(soon(world, manager.token()));
    assert.deepEqual([error.code, error.reason], ["reauthorization_required", "never_signed_in"]);
    assert.equal(world.calls.length, 0);
  });

  it("LK13 an answer that comes after everybody gave up is stored", async (world) => {
    const gate = deferred();
    world.on.answer = async (response) => {
      await gate.promise;
      return response;
    };
    const manager = world.manager({ grant: PASSWORD });
    const error = await errorOf(soon(world, manager.token(), 20_000));
    assert.deepEqual([error.code, error.retryable], ["token_pending", true]);
    await world.advance(60_000);
    gate.resolve();
    await world.advance(1000);
    assert.match(await soon(world, manager.token()), /^tpa-sandbox-/);
  });

  it("LK13 the same of a refresh that another process was let to repeat", async (world) => {
    const gate = deferred();
    const { manager, token } = await ready(world, { grant: PASSWORD });
    world.on.answer = async (response) => {
      await gate.promise;
      return response;
    };
    await world.advance(LIFE * 0.54);
    while (world.calls.length < 2) await world.advance(20_000);
    await world.advance(40_000);
    assert.equal(world.calls.length, 2);
    gate.resolve();
    await world.advance(5000);
    const next = await soon(world, manager.token());
    assert.ok(next !== token);
    const { generation, state } = await manager.status();
    assert.ok(generation > 0);
    assert.equal(state, "valid");
  });

  // --- fetch ---

  it("fetch sends the token to the platform alone, by https alone", async (world) => {
    const { manager, token } = await ready(world, { businessUserId: "507f191e810c19729de860ea" });
    await soon(world, manager.fetch("https://invitations-api.trustpilot.com/v1/private/x"));
    assert.equal(world.api[0].headers.authorization, `Bearer ${token}`);
    assert.equal(world.api[0].headers["x-business-user-id"], "507f191e810c19729de860ea");
    for (const url of [
      "http://api.trustpilot.com/v1/private",
      "https://api.trustpilot.com.evil.example/",
      "https://api.trustpilot.com@evil.example/",
      "https://api.trustpilot.com:444/",
      "https://rapi.trustoo.io/",
      "//evil.example/",
      "data:text/plain,x",
      "https://user:passw0rd@api.trustpilot.com/",
    ]) {
      const { code, cause } = await errorOf(soon(world, manager.fetch(url)));
      assert.ok(["origin_not_allowed", "invalid_argument"].includes(code), `${url} ${code}`);
      assert.ok(!String(cause).includes("passw0rd"));
    }
    assert.equal(world.api.length, 1);
  });

  it("fetch hands a redirect over, and follows none", async (world) => {
    const { manager } = await ready(world);
    world.on.api = async () =>
      new Response(null, { status: 302, headers: { location: "https://evil.example/" } });
    const answer = await soon(world, manager.fetch(new Request(API)));
    assert.equal(answer.status, 302);
    assert.deepEqual(
      world.api.map(({ redirect }) => redirect),
      ["manual"],
    );
  });

  it("fetch sends a text again after a 401, and a stream never", async (world) => {
    const { manager } = await ready(world, { grant: PASSWORD });
    await world.advance(120_000);
    const bodies = [];
    world.on.api = async (request) => {
      bodies.push(await request.text());
      return new Response(null, { status: bodies.length % 2 ? 401 : 200 });
    };
    const text = { method: "POST", body: "once more" };
    assert.equal((await soon(world, manager.fetch(API, text), 20_000)).status, 200);
    assert.deepEqual(bodies, ["once more", "once more"]);
    await world.advance(120_000);
    const body = new Response("only once").body;
    const stream = { method: "POST", body, duplex: "half" };
    assert.equal((await soon(world, manager.fetch(API, stream), 20_000)).status, 401);
    assert.deepEqual(bodies.slice(2), ["only once"]);
  });

  // --- secrets, events, ends ---

  it("no secret stands in errors, events, status or the manager", async (world) => {
    const manager = world.manager({ grant: CODE });
    const seen = [];
    for (const type of ["refreshed", "reauthorization_required", "gated", "store_unavailable"]) {
      manager.on(type, (event) => seen.push(event));
    }
    const code = await world.code();
    await soon(world, manager.exchange({ code }));
    await soon(world, manager.token());
    seen.push(await manager.status(), manager, { ...manager });
    let basic;
    world.on.token = async ({ body, headers }) => {
      basic = headers.authorization.replace("Basic ", "");
      const words = `no ${body.refresh_token} ${body.code} by ${headers.authorization}`;
      return json({ error: "invalid_request", error_description: words }, 400);
    };
    seen.push(await errorOf(soon(world, manager.exchange({ code: server.secret(code) }))));
    await world.jump(LIFE + 1000);
    seen.push(await errorOf(soon(world, manager.token(), 20_000)));
    const text = seen
      .map((it) => `${JSON.stringify(it)} ${it} ${it?.message} ${it?.stack} ${it?.description}`)
      .join("\n");
    assert.ok(basic.length > 20);
    for (const secret of [...SECRETS, code, basic]) assert.ok(!text.includes(secret), secret);
    assert.ok(seen.some(({ type }) => type === "refreshed"));
  });

  it("a listener can be taken off, and an unknown event is told", async (world) => {
    const manager = world.manager();
    let count = 0;
    const off = manager.on("refreshed", () => {
      count += 1;
    });
    await soon(world, manager.token());
    off();
    await world.advance(LIFE * 0.7);
    assert.deepEqual([count, world.calls.length], [1, 2]);
    let code;
    try {
      manager.on("refresh", () => {});
    } catch (error) {
      code = error.code;
    }
    assert.equal(code, "invalid_argument");
  });

  it("close waits for what was sent, and takes nothing more", async (world) => {
    const gate = deferred();
    world.on.answer = async (response) => {
      await gate.promise;
      return response;
    };
    const manager = world.manager({ grant: PASSWORD });
    const waiting = errorOf(manager.token());
    await world.time.settle();
    let isClosed = false;
    const closing = manager.close().then(() => {
      isClosed = true;
    });
    assert.equal((await waiting).code, "aborted");
    await world.time.settle();
    assert.equal(isClosed, false);
    gate.resolve();
    await soon(world, closing);
    assert.equal((await errorOf(manager.token())).code, "aborted");
    const next = world.manager({ grant: PASSWORD });
    assert.match(await soon(world, next.token()), /^tpa-sandbox-/);
    assert.equal(world.calls.length, 1);
  });

  it("close waits for a sign-in's end that the store does not take yet, twice is fine", async (world) => {
    let isDown = false;
    const store = failing(world.store, (operation) => operation === "end" && isDown);
    const { manager } = await ready(world, { store, grant: PASSWORD });
    isDown = true;
    const revoked = manager.revoke().then(
      () => "revoked",
      (error) => error.code,
    );
    await world.time.settle();
    const closed = Promise.all([manager.close(), manager.close()]);
    await world.advance(1000);
    isDown = false;
    assert.equal(await soon(world, revoked, 30_000), "revoked");
    await soon(world, closed, 100);
    const { state } = await world.manager({ grant: PASSWORD }).status();
    assert.equal(state, "none");
  });

  it("a store that answers what no store does has failed", async (world) => {
    const views = [undefined, null, {}, { generation: "x" }, { generation: -1, token: true }];
    for (const view of views) {
      const store = { ...world.store, read: async () => view, begin: async () => ({ type: view }) };
      const manager = world.manager({ store, grant: CODE });
      const error = await errorOf(soon(world, manager.token(), 20_000));
      const codes = ["store_unavailable", "token_pending", "reauthorization_required"];
      assert.ok(codes.includes(error.code), `${JSON.stringify(view)}: ${error}`);
      await manager.close();
    }
  });

  it("TM14 a refused configuration is said at once, asked about ever more seldom, and repaired at once", async (world) => {
    world.on.token = async () => json({ error: "invalid_client" }, 401);
    const manager = world.manager();
    for (let minute = 0; minute < 50; minute += 1) {
      const error = await errorOf(soon(world, manager.token()));
      assert.deepEqual([error.code, error.oauthError], ["configuration_error", "invalid_client"]);
      await world.advance(60_000);
    }
    assert.ok(world.calls.length < 10, String(world.calls.length));
    const before = world.calls.length;
    const again = world.manager();
    assert.equal((await errorOf(soon(world, again.token()))).code, "configuration_error");
    assert.equal(world.calls.length, before);
    world.on.token = async () => json({ access_token: "repaired", expires_in: 3600 });
    const credentials = { clientId: "plaudit-demo-key", clientSecret: "right" };
    assert.equal(await soon(world, world.manager({ credentials }).token()), "repaired");
  });

  it("what is wrong is said at once", (world) => {
    const wrong = [
      { provider: "other" },
      { credentials: { clientId: "a", clientSecret: " " } },
      { credentials: { clientId: "a", clientSecret: "b\nc" } },
      { grant: { type: "implicit" } },
      { provider: "trustoo", grant: PASSWORD },
      { baseUrl: "http://api.example/v1" },
      { subject: "" },
      { subject: "a\nb" },
      { refreshAt: 2 },
      { store: {} },
      { businessUserId: "a\r\nb" },
      { fetch: 5 },
      { scope: 5 },
    ];
    for (const options of wrong) {
      let code;
      try {
        world.manager(options);
      } catch (error) {
        code = error.code;
      }
      assert.equal(code, "invalid_argument", JSON.stringify(options));
    }
  });

  it("recordStore makes a store of two functions", async (world) => {
    const texts = new Map();
    const store = server.recordStore({
      now: world.now,
      load: async (name) => texts.get(name),
      async compareAndSwap(name, before, after) {
        if ((texts.get(name) ?? null) !== before) return false;
        texts.set(name, after);
        return true;
      },
    });
    const managers = [1, 2, 3].map(() => world.manager({ store, grant: PASSWORD }));
    const tokens = await soon(world, Promise.all(managers.map((manager) => manager.token())));
    assert.equal(new Set(tokens).size, 1);
    assert.equal(world.calls.length, 1);
    await world.advance(LIFE * 0.7);
    assert.equal(world.calls.length, 2);
    assert.ok([...texts.keys()].every((name) => /^trustpilot:[0-9a-f]{32}$/.test(name)));
  });

  it("a store that lost its newest writes: what it holds now is handed out", async (world) => {
    let text = null;
    const store = server.recordStore({
      now: world.now,
      load: () => text,
      compareAndSwap(_name, before, after) {
        if (text !== before) return false;
        text = after;
        return true;
      },
    });
    const first = await ready(world, { store });
    const before = text;
    await world.advance(LIFE * 0.7);
    const lost = await soon(world, first.manager.token());
    assert.ok(lost !== first.token);
    text = before;
    const other = world.manager({ store });
    await soon(world, other.token());
    while (world.calls.length < 3) await world.advance(100);
    await world.advance(2000);
    const token = await soon(world, other.token());
    assert.ok(token !== lost);
    assert.equal(await soon(world, first.manager.token()), token);
  });

  it("recordStore encrypts what it is given a key for", async (world) => {
    let text = null;
    const options = {
      now: world.now,
      load: () => text,
      compareAndSwap: (_name, _before, after) => {
        text = after;
        return true;
      },
    };
    const keys = ["0123456789abcdef", "fedcba9876543210"].map((digits) => digits.repeat(4));
    const key = { provider: "trustpilot", client: "key", subject: "default" };
    const blob = "s3cr3t-tokens";
    const input = { owner: "me", grant: true, base: 0, rt: "aa", lifeMs: HOUR, refreshInMs: HOUR };
    const { view } = await server
      .recordStore({ ...options, key: keys[0] })
      .commit(key, { ...input, blob });
    assert.equal(view.blob, blob);
    assert.ok(!text.includes(blob));
    const ring = server.recordStore({ ...options, keys: [keys[1], keys[0]] });
    assert.equal((await ring.read(key)).blob, blob);
    const other = server.recordStore({ ...options, key: keys[1] });
    const shut = await other.read(key);
    assert.match(shut.locked, /not among the keys/);
    assert.deepEqual([shut.blob, shut.token], [undefined, true]);
  });

  // --- the end of records ---

  it("forget leaves nothing in the store, and asks the platform for nothing", async (world) => {
    const manager = await signedIn(world);
    const calls = world.calls.length;
    await soon(world, manager.forget());
    const error = await errorOf(soon(world, manager.token()));
    assert.deepEqual([error.code, error.reason], ["reauthorization_required", "revoked"]);
    await world.advance(11 * 60_000);
    const later = await errorOf(soon(world, manager.token()));
    assert.equal(later.reason, "never_signed_in");
    assert.equal((await manager.status()).generation, 0);
    assert.equal(world.calls.length, calls);
    await soon(world, manager.forget());
    await soon(world, manager.exchange({ code: await world.code() }));
    assert.match(await soon(world, manager.token()), /^tpa-sandbox-/);
  });

  it("keepFor: who is away for longer signs in again, who comes in time goes on", async (world) => {
    const manager = await signedIn(world, { keepFor: DAY });
    const first = await soon(world, manager.token());
    // Nobody refreshes while there is no process.
    await manager.close();
    await world.jump(LIFE + DAY - 60_000);
    const second = world.manager({ grant: CODE, keepFor: DAY });
    const token = await soon(world, second.token());
    assert.ok(token !== first);
    await second.close();
    await world.jump(LIFE + DAY);
    const third = world.manager({ grant: CODE, keepFor: DAY });
    const error = await errorOf(soon(world, third.token()));
    assert.equal(error.reason, "never_signed_in");
  });

  it("keepUntil: no refresh moves it", async (world) => {
    const until = world.now() + 2 * LIFE;
    const manager = await signedIn(world, { keepFor: DAY, keepUntil: until });
    for (const _ of [1, 2]) {
      await world.advance(LIFE * 0.8);
      assert.match(await soon(world, manager.token()), /^tpa-sandbox-/);
    }
    const { generation } = await manager.status();
    assert.ok(generation > 0);
    await world.advance(LIFE * 0.4);
    const error = await errorOf(soon(world, manager.token()));
    assert.equal(error.reason, "never_signed_in");
    for (const wrong of [{ keepFor: -1 }, { keepFor: "1" }, { keepUntil: Number.NaN }]) {
      const made = await errorOf((async () => world.manager(wrong))());
      assert.equal(made.code, "invalid_argument");
    }
  });

  for (const [what, status, revoked] of [
    ["revokes what comes after it", 200, true],
    ["tells when the platform does not revoke what comes after it", 500, false],
  ]) {
    it(`an end during a refresh ${what}`, async (world) => {
      const { manager } = await ready(world, { grant: PASSWORD });
      const other = world.manager({ grant: PASSWORD });
      const discarded = [];
      manager.on("discarded", (event) => discarded.push(event));
      const gate = deferred();
      world.on.answer = async (answer) => {
        await gate.promise;
        return answer;
      };
      await world.advance(LIFE * 0.54);
      while (world.calls.length < 2) await world.advance(60_000);
      assert.equal(world.paths().at(-1), "refresh");
      // The refresh has changed the tokens already; the store does not know.
      await soon(world, other.forget());
      world.on.answer = async (answer) => answer;
      const rotated = [...world.alive];
      if (status !== 200) world.on.token = async () => new Response(null, { status });
      gate.resolve();
      await world.advance(1000);
      const { path, body } = world.calls.at(-1);
      assert.match(path, /revoke$/);
      assert.match(body.token, /^tpr-sandbox-/);
      assert.deepEqual(discarded, [
        { type: "discarded", revoked, provider: "trustpilot", subject: "default" },
      ]);
      world.on.token = async () => undefined;
      const { hasRefreshToken } = await manager.status();
      assert.equal(hasRefreshToken, false);
      assert.ok(!rotated.includes(await soon(world, manager.token())));
    });
  }

  // --- suspended machines ---

  it("TM6 a token that ended while the machine was suspended is not handed out", async (world) => {
    let slept = 0;
    const options = { now: () => world.now() + slept, grant: PASSWORD };
    const { manager, token } = await ready(world, options);
    await world.advance(1000);
    // The platform's time and the wall clock's go on, the process's clock stands.
    world.sandbox.advance(LIFE);
    slept = LIFE;
    const next = await soon(world, manager.token());
    assert.ok(next !== token);
    assert.equal(world.paths().at(-1), "refresh");
    slept = -DAY;
    assert.equal(await soon(world, manager.token()), next);
    slept = LIFE;
    assert.equal(await soon(world, manager.token()), next);
    assert.equal(world.calls.length, 2);
  });

  // --- lost keys ---

  it("tokens whose key is lost: said clearly, and a new sign-in takes their place", async (world) => {
    const table = new Map();
    const storeOf = (digits) =>
      server.recordStore({
        now: world.now,
        key: digits.repeat(8),
        load: (name) => table.get(name) ?? null,
        compareAndSwap(name, before, after) {
          if ((table.get(name) ?? null) !== before) return false;
          table.set(name, after);
          return true;
        },
      });
    // No time is passed while something is encrypted: that takes what it takes.
    const owner = world.manager({ grant: CODE, store: storeOf("01234567") });
    await owner.exchange({ code: await world.code() });
    const calls = world.calls.length;
    const manager = world.manager({ grant: CODE, store: storeOf("89abcdef") });
    const told = [];
    manager.on("store_unavailable", ({ message }) => told.push(message));
    for (const _ of [1, 2]) {
      const error = await errorOf(manager.token());
      assert.deepEqual([error.code, error.retryable], ["store_unavailable", false]);
      assert.match(error.message, /not among the keys: bring the key back, or .*exchange\(\)/);
      await world.advance(6000);
    }
    assert.equal(told.length, 1);
    assert.match(told[0], /not among the keys/);
    const { state, store } = await manager.status();
    assert.deepEqual([state, store.ok], ["unknown", false]);
    assert.match(store.warnings[0], /not among the keys/);
    assert.equal((await errorOf(manager.revoke())).code, "store_unavailable");
    assert.equal(world.calls.length, calls, "and nothing is sent");
    await manager.exchange({ code: await world.code() });
    assert.match(await manager.token(), /^tpa-sandbox-/);
    // The other way round, by forgetting them.
    const first = world.manager({ grant: CODE, store: storeOf("01234567") });
    assert.equal((await errorOf(first.token())).code, "store_unavailable");
    await first.forget();
    const { reason } = await errorOf(first.token());
    assert.equal(reason, "revoked");
  });

  it("tokens whose key is lost: another refresh token in the configuration replaces them", async (world) => {
    let text = null;
    const storeOf = (digits) =>
      server.recordStore({
        now: world.now,
        key: digits.repeat(8),
        load: () => text,
        compareAndSwap(_name, before, after) {
          if (before !== text) return false;
          text = after;
          return true;
        },
      });
    const blobs = [];
    const spy = server.memoryStore({ now: world.now });
    const commit = spy.commit;
    spy.commit = (key, input) => {
      blobs.push(JSON.parse(input.blob));
      return commit(key, input);
    };
    const refreshToken = async () => {
      await signedIn(world, { store: spy, subject: `spy ${blobs.length}` });
      return blobs.at(-1).refreshToken;
    };
    const [one, two] = [await refreshToken(), await refreshToken()];
    const make = (refreshToken, digits) =>
      world.manager({ grant: { type: "refresh_token", refreshToken }, store: storeOf(digits) });
    await make(one, "01234567").token();
    const calls = world.calls.length;
    const same = await errorOf(make(one, "89abcdef").token());
    assert.equal(same.code, "store_unavailable");
    assert.equal(world.calls.length, calls);
    await world.advance(6000);
    assert.match(await make(two, "89abcdef").token(), /^tpa-sandbox-/);
    assert.equal(world.calls.at(-1).body.refresh_token, two);
  });

  return list;
}
