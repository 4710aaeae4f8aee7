// Signing in and out through the broker: the rules BF1 to BF12 and BF25, each by its id, with the
// attacks that they are there for.
import { memoryKeyValue, PlauditError } from "plaudit/server";
import { assert, base64urlOf, describe, it } from "../kit.mjs";
import { fails, KEY, makeBroker, ORIGIN, SECRET } from "./broker-support.mjs";
import { settle } from "./clock.mjs";

const COOKIE = "__Host-Http-plaudit";
const MINUTE = 60_000;
const DAY = 86_400_000;

/** Tokens that note what is done with them. */
function fakeTokens(how = {}) {
  const users = new Map();
  const tokens = (subject) => {
    const user = users.get(subject) ?? { exchanged: [], revoked: 0, closed: 0, refused: [], at: 0 };
    users.set(subject, user);
    return {
      async token() {
        if (how.token) return how.token(user);
        return `t0ken-${user.at}`;
      },
      async refused(token) {
        user.refused.push(token);
        user.at += 1;
      },
      async exchange(answer) {
        await how.exchange?.(answer);
        user.exchanged.push(answer);
      },
      async revoke({ anyway } = {}) {
        user.isForgotten = anyway;
        await how.revoke?.(user);
        user.revoked += 1;
      },
      async close() {
        user.closed += 1;
      },
    };
  };
  return { tokens, users, all: () => [...users.values()] };
}

/** A browser: it keeps cookies as browsers do, and sends them back. */
function makeBrowser(ask) {
  const jar = new Map();
  const browser = {
    jar,
    lines: [],
    cookie: () => [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
    async go(path, { headers = {}, ...options } = {}) {
      const cookie = browser.cookie();
      const answer = await ask(path, {
        ...options,
        headers: { ...(cookie && { cookie }), ...headers },
      });
      browser.lines = answer.headers.getSetCookie();
      for (const line of browser.lines) {
        const [pair] = line.split("; ");
        const [name, value] = pair.split("=");
        if (line.includes("Max-Age=0")) jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
    /** Signs in up to the platform: where it was sent, and the state. */
    async start(query = "") {
      const answer = await browser.go(`/sign-in${query}`, { headers: NAVIGATE });
      assert.equal(answer.status, 303, await answer.clone().text());
      const url = new URL(answer.headers.get("location"));
      return { url, state: url.searchParams.get("state") };
    },
    back: (query) => browser.go(`/callback?${query}`, { headers: { ...NAVIGATE, ...CROSS } }),
    async signIn(query) {
      const { state } = await browser.start(query);
      return browser.back(`code=c0de&state=${state}`);
    },
    session: () => browser.go("/session", { headers: OWN }),
    signOut: (headers = OWN) => browser.go("/sign-out", { method: "POST", headers }),
  };
  return browser;
}

const NAVIGATE = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
const CROSS = { "sec-fetch-site": "cross-site" };
const OWN = { "x-plaudit": "1", "sec-fetch-site": "same-origin" };

function make(options = {}, how = {}) {
  const fake = fakeTokens(how);
  const made = makeBroker(undefined, {
    apiKey: undefined,
    credentials: { clientId: KEY, clientSecret: SECRET },
    tokens: fake.tokens,
    ...options,
  });
  return { ...made, ...fake, browser: makeBrowser(made.ask), other: () => makeBrowser(made.ask) };
}

const transactions = (jar) => [...jar.keys()].filter((name) => name.includes("-tx-"));

describe("signing in", () => {
  it("goes to the platform and back, and then there is a session", async () => {
    const { browser, all, time } = make();
    const { url, state } = await browser.start("?returnTo=/account?tab=1");
    assert.equal(url.origin, "https://authenticate.trustpilot.com");
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      client_id: KEY,
      redirect_uri: `${ORIGIN}/callback`,
      response_type: "code",
      state,
    });
    assert.match(state, /^[\w-]{43}$/);
    const answer = await browser.back(`code=c0de&state=${state}`);
    assert.equal(answer.status, 303);
    assert.deepEqual(
      ["location", "cache-control", "referrer-policy"].map((name) => answer.headers.get(name)),
      [`${ORIGIN}/account?tab=1`, "private, no-store", "no-referrer"],
    );
    assert.deepEqual(all()[0].exchanged, [{ code: "c0de", redirectUri: `${ORIGIN}/callback` }]);
    const session = await browser.session();
    assert.equal(session.headers.get("cache-control"), "private, no-store");
    assert.deepEqual(await session.json(), {
      provider: "trustpilot",
      signedInAt: new Date(time.time).toISOString(),
      expiresAt: new Date(time.time + 7 * DAY).toISOString(),
    });
  });

  it("BF1 the session's cookie, to the letter", async () => {
    const { browser } = make();
    await browser.signIn();
    const id = browser.jar.get(COOKIE);
    assert.match(id, /^[\w-]{43}$/);
    assert.equal(
      browser.lines.find((line) => line.startsWith(`${COOKIE}=`)),
      `${COOKIE}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax`,
    );
  });

  it("BF1 Strict on request; the sign-in's own cookie stays Lax", async () => {
    const { browser } = make({ session: { sameSite: "Strict" } });
    await browser.start();
    assert.match(browser.lines[0], /; Max-Age=600; Secure; HttpOnly; SameSite=Lax$/);
    await browser.signIn();
    assert.match(
      browser.lines.find((line) => line.startsWith(`${COOKIE}=`)),
      /; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
  });

  for (const origin of ["http://localhost:3000", "http://127.0.0.1:8080", "http://[::1]:8080"]) {
    it(`BF1 in development, at ${origin}: a cookie that all engines take over http`, async () => {
      const { browser } = make({ origin });
      await browser.signIn();
      const id = browser.jar.get("plaudit-dev");
      assert.equal(
        browser.lines.find((line) => line.startsWith("plaudit-dev=")),
        `plaudit-dev=${id}; Path=/; HttpOnly; SameSite=Lax`,
      );
      assert.equal((await browser.session()).status, 200);
    });
  }

  it("BF2 the sign-in's own cookie: its name and line", async () => {
    const { browser } = make();
    await browser.start();
    const [name] = transactions(browser.jar);
    assert.match(name, /^__Host-Http-plaudit-tx-[\w-]{16}$/);
    assert.equal(
      browser.lines[0],
      `${name}=${browser.jar.get(name)}; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax`,
    );
  });

  it("BF2 two tabs, in any order", async () => {
    const { browser } = make();
    const one = await browser.start("?returnTo=/one");
    const two = await browser.start("?returnTo=/two");
    assert.equal(transactions(browser.jar).length, 2);
    const second = await browser.back(`code=b&state=${two.state}`);
    assert.equal(second.headers.get("location"), `${ORIGIN}/two`);
    const first = await browser.back(`code=a&state=${one.state}`);
    assert.equal(first.headers.get("location"), `${ORIGIN}/one`);
    assert.deepEqual(transactions(browser.jar), []);
  });

  it("BF2 50 sign-ins leave five cookies, below 4 KB, and the newest work", async () => {
    const { browser, time } = make();
    const states = [];
    for (let turn = 0; turn < 50; turn += 1) {
      states.push((await browser.start(`?returnTo=/${"x".repeat(250)}`)).state);
      time.pass(1_000);
    }
    assert.equal(transactions(browser.jar).length, 5);
    assert.ok(browser.cookie().length < 4_096, `${browser.cookie().length}`);
    assert.equal((await browser.back(`code=c&state=${states[45]}`)).status, 303);
    await fails(await browser.back(`code=c&state=${states[44]}`), 400, "transaction_missing");
  });

  it("BF2 the cookie goes at the callback, whatever comes of it", async () => {
    for (const query of ["error=access_denied", "code=a&error=b", "code=", "code=a&code=b"]) {
      const { browser } = make();
      const { state } = await browser.start();
      const answer = await browser.back(`${query}&state=${state}`);
      assert.equal(answer.status, 400, query);
      assert.deepEqual(transactions(browser.jar), [], query);
      assert.equal(browser.jar.has(COOKIE), false);
    }
  });

  it("BF3 an id that was planted is not adopted", async () => {
    const { browser, other } = make();
    const planted = "A".repeat(43);
    browser.jar.set(COOKIE, planted);
    await browser.signIn();
    assert.notEqual(browser.jar.get(COOKIE), planted);
    const attacker = other();
    attacker.jar.set(COOKIE, planted);
    await fails(await attacker.session(), 401, "signed_out");
  });

  it("BF3 BF4 a sibling domain's cookie, whose name a browser takes for another, is none", async () => {
    const { browser, other, ask } = make();
    const attacker = other();
    await attacker.signIn();
    const planted = `\u00a0${attacker.cookie()}`;
    const alone = await ask("/session", { headers: { ...OWN, cookie: planted } });
    await fails(alone, 401, "signed_out");
    await browser.signIn();
    const both = `${planted}; ${browser.cookie()}`;
    const answer = await ask("/session", { headers: { ...OWN, cookie: both } });
    assert.equal(answer.status, 200);
    // Nor does it stand in for the cookie of a sign-in.
    const { state } = await attacker.start();
    const [name] = transactions(attacker.jar);
    const tossed = `\u00a0${name}=${attacker.jar.get(name)}`;
    const headers = { ...NAVIGATE, ...CROSS, cookie: tossed };
    await fails(
      await ask(`/callback?code=c&state=${state}`, { headers }),
      400,
      "transaction_missing",
    );
  });

  it("BF3 a new id at each sign-in; the old one is dead, and its token revoked", async () => {
    const { browser, other, all } = make();
    await browser.signIn();
    const old = browser.jar.get(COOKIE);
    await browser.signIn();
    assert.notEqual(browser.jar.get(COOKIE), old);
    const attacker = other();
    attacker.jar.set(COOKIE, old);
    await fails(await attacker.session(), 401, "signed_out");
    assert.equal((await browser.session()).status, 200);
    await settle();
    assert.deepEqual(
      all().map(({ revoked }) => revoked),
      [1, 0],
    );
  });

  it("BF3 what the store holds is no session's id", async () => {
    const inner = memoryKeyValue();
    const seen = [];
    const sessions = {
      ...inner,
      set(key, value, ttl) {
        seen.push(key, value);
        return inner.set(key, value, ttl);
      },
    };
    const { browser } = make({ sessions });
    await browser.signIn();
    assert.ok(seen.length > 0);
    assert.ok(!seen.join().includes(browser.jar.get(COOKIE)));
  });

  it("BF4 a session's cookie twice: neither is believed", async () => {
    const { browser, ask } = make();
    await browser.signIn();
    const own = browser.cookie();
    for (const cookie of [
      `${own}; ${COOKIE}=${"B".repeat(43)}`,
      `${COOKIE}=x; ${own}`,
      `${own}; ${own}`,
    ]) {
      for (const [path, method] of [
        ["/session", "GET"],
        ["/sign-out", "POST"],
      ]) {
        const answer = await ask(path, { method, headers: { ...OWN, cookie } });
        assert.deepEqual(answer.headers.getSetCookie(), [
          `${COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`,
        ]);
        await fails(answer, 400, "duplicate_cookie");
      }
    }
    assert.equal((await browser.session()).status, 200);
  });

  it("BF4 a sign-in's cookie twice: no session", async () => {
    const { browser, ask } = make();
    const { state } = await browser.start();
    const [name] = transactions(browser.jar);
    const cookie = `${browser.cookie()}; ${name}=tossed`;
    const answer = await ask(`/callback?code=c&state=${state}`, { headers: { cookie } });
    assert.match(answer.headers.getSetCookie().join(), /Max-Age=0/);
    await fails(answer, 400, "duplicate_cookie");
  });

  describe("BF5 no session for a callback", () => {
    const none = (answer, code, browser) => {
      assert.equal(browser.jar.has(COOKIE), false);
      return fails(answer, 400, code);
    };

    it("without its cookie: the attacker's code, in the victim's browser", async () => {
      const { browser, other } = make();
      const { state } = await other().start();
      await none(
        await browser.back(`code=attackers&state=${state}`),
        "transaction_missing",
        browser,
      );
    });

    it("with another sign-in's cookie", async () => {
      const { browser, other } = make();
      const attacker = other();
      const theirs = await attacker.start();
      await browser.start();
      await none(
        await browser.back(`code=c&state=${theirs.state}`),
        "transaction_missing",
        browser,
      );
      // Even under the right name a cookie is for its own state alone.
      const [name] = transactions(attacker.jar);
      const victim = other();
      await victim.start();
      victim.jar.set(name, victim.jar.get(transactions(victim.jar)[0]));
      await none(await victim.back(`code=c&state=${theirs.state}`), "state_mismatch", victim);
    });

    it("with a cookie that somebody wrote", async () => {
      const { browser } = make();
      const { state } = await browser.start();
      const [name] = transactions(browser.jar);
      const value = btoa(JSON.stringify({ s: state, t: Date.now(), r: "/" })).replaceAll("=", "");
      for (const forged of [value, `${value}.`, `${value}.${"A".repeat(43)}`, "{}", ""]) {
        browser.jar.set(name, forged);
        await none(await browser.back(`code=c&state=${state}`), "state_mismatch", browser);
      }
    });

    it("a second time, the cookie put back", async () => {
      const { browser, other, all } = make();
      const { state } = await browser.start();
      const kept = new Map(browser.jar);
      await browser.back(`code=c&state=${state}`);
      const again = other();
      for (const [name, value] of kept) again.jar.set(name, value);
      await none(await again.back(`code=c&state=${state}`), "transaction_missing", again);
      assert.equal(all().flatMap(({ exchanged }) => exchanged).length, 1);
    });

    it("twice at once: one", async () => {
      const { browser, all } = make();
      const { state } = await browser.start();
      const both = await Promise.all([1, 2].map(() => browser.back(`code=c&state=${state}`)));
      assert.deepEqual(both.map(({ status }) => status).sort(), [303, 400]);
      assert.equal(all().flatMap(({ exchanged }) => exchanged).length, 1);
    });

    it("after ten minutes", async () => {
      for (const [ms, status] of [
        [10 * MINUTE, 303],
        [10 * MINUTE + 1, 400],
      ]) {
        const { browser, time } = make();
        const { state } = await browser.start();
        time.pass(ms);
        assert.equal((await browser.back(`code=c&state=${state}`)).status, status);
      }
    });

    it("without a state, and the sign-in that waits goes on", async () => {
      const { browser } = make();
      const { state } = await browser.start();
      await none(await browser.back("code=c"), "state_missing", browser);
      await none(await browser.back("code=c&state=guess"), "transaction_missing", browser);
      await none(await browser.back("error=access_denied"), "state_missing", browser);
      assert.equal((await browser.back(`code=c&state=${state}`)).status, 303);
    });

    it("at another broker with another secret", async () => {
      const { browser } = make();
      const { state } = await browser.start();
      const elsewhere = make({ credentials: { clientId: KEY, clientSecret: "other" } });
      for (const [name, value] of browser.jar) elsewhere.browser.jar.set(name, value);
      const answer = await elsewhere.browser.back(`code=c&state=${state}`);
      await none(answer, "state_mismatch", elsewhere.browser);
    });
  });

  describe("BF6 is a navigation of the whole window", () => {
    for (const [what, headers, isTaken] of [
      ["the address bar", { ...NAVIGATE, "sec-fetch-site": "none" }, true],
      ["a link of the page", { ...NAVIGATE, "sec-fetch-site": "same-origin" }, true],
      ["a link elsewhere", { ...NAVIGATE, ...CROSS }, true],
      ["an older browser", {}, true],
      ["<img>", { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image", ...CROSS }, false],
      ["<iframe>", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }, false],
      ["<script>", { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }, false],
      ["fetch()", { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" }, false],
      ["a script of a browser that says no more", { "sec-fetch-mode": "cors" }, false],
      ["<object>", { "sec-fetch-mode": "navigate", "sec-fetch-dest": "object" }, false],
      ["a prefetch", { ...NAVIGATE, "sec-purpose": "prefetch" }, false],
    ]) {
      it(`${what}: ${isTaken ? "303" : "403 and no cookie"}`, async () => {
        const { ask, browser } = make();
        const answer = await ask("/sign-in", { headers });
        assert.equal(answer.headers.getSetCookie().length, isTaken ? 1 : 0);
        if (isTaken) assert.equal(answer.status, 303);
        else await fails(answer, 403, "navigation_only");
        const { state } = await browser.start();
        const cookie = browser.cookie();
        const back = await ask(`/callback?code=c&state=${state}`, {
          headers: { ...headers, cookie },
        });
        assert.equal(back.status, isTaken ? 303 : 403);
      });
    }

    for (const method of ["POST", "HEAD", "PUT"]) {
      it(`${method}: 405`, async () => {
        const { ask } = make();
        assert.equal((await ask("/sign-in", { method })).status, 405);
        assert.equal((await ask("/callback?code=c&state=s", { method })).status, 405);
      });
    }
  });

  for (const target of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "/.//evil.example",
    "/%0d%0aLocation:x",
    "javascript:alert(1)",
    "evil.example",
    "",
    "/\nx",
    `/${"x".repeat(400)}`,
  ]) {
    it(`BF11 BF12 BF23 returnTo=${JSON.stringify(target).slice(0, 40)} is refused, or stays home`, async () => {
      const { browser } = make();
      const query = `?returnTo=${encodeURIComponent(target)}`;
      const answer = await browser.go(`/sign-in${query}`, { headers: NAVIGATE });
      if (answer.status === 400) return fails(answer, 400, "bad_request");
      const state = new URL(answer.headers.get("location")).searchParams.get("state");
      const back = await browser.back(`code=c&state=${state}`);
      assert.equal(new URL(back.headers.get("location")).origin, ORIGIN);
      assert.equal(target, "/%0d%0aLocation:x");
    });
  }

  it("BF11 an address on the list", async () => {
    const { browser } = make({ returnTo: ["https://app.example/home"] });
    const answer = await browser.signIn("?returnTo=https://app.example/home");
    assert.equal(answer.headers.get("location"), "https://app.example/home");
  });

  it("BF15 /sign-in takes returnTo alone, and once", async () => {
    const { ask } = make();
    for (const query of [
      "?returnTo=/a&returnTo=/b",
      "?x=1",
      "?redirect_uri=https://evil.example",
    ]) {
      await fails(await ask(`/sign-in${query}`), 400, "bad_request");
    }
  });

  it("BF23 a state with line breaks: refused, in no header", async () => {
    const { browser } = make();
    await browser.start();
    for (const state of ["a%0d%0aSet-Cookie:x=y", "%00", "a%ff", "ø"]) {
      const answer = await browser.back(`code=c&state=${state}`);
      assert.equal(answer.status, 400);
      for (const [, value] of answer.headers) assert.doesNotMatch(value, /[\r\n]|Set-Cookie/);
    }
  });

  it("BF9 forged hosts change neither the redirect address nor where one comes back to", async () => {
    const { ask, browser } = make();
    const headers = {
      ...NAVIGATE,
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      forwarded: "host=evil.example",
    };
    const answer = await ask("/sign-in", { headers, host: "https://evil.example" });
    const { searchParams } = new URL(answer.headers.get("location"));
    assert.equal(searchParams.get("redirect_uri"), `${ORIGIN}/callback`);
    const { state } = await browser.start();
    const back = await browser.go(`/callback?code=c&state=${state}`, {
      headers,
      host: "https://evil.example",
    });
    assert.equal(back.headers.get("location"), `${ORIGIN}/`);
  });

  it("the platform's refusal is told, and where an errorPath is given, there", async () => {
    const one = make();
    const { state } = await one.browser.start();
    const denied = await one.browser.back(`error=access_denied&error_description=x&state=${state}`);
    await fails(denied, 400, "provider_error");
    const two = make({ errorPath: "/sorry" });
    for (const [error, expected] of [
      ["access_denied", "/sorry?plaudit_error=provider_error&plaudit_reason=access_denied"],
      ["<script>", "/sorry?plaudit_error=provider_error"],
    ]) {
      const started = await two.browser.start();
      const answer = await two.browser.back(
        `error=${encodeURIComponent(error)}&state=${started.state}`,
      );
      assert.equal(answer.headers.get("location"), ORIGIN + expected);
    }
  });

  for (const [code, status, expected] of [
    ["provider_error", 502, "sign_in_failed"],
    ["network_error", 502, "sign_in_failed"],
    ["configuration_error", 502, "configuration_error"],
    ["store_unavailable", 503, "store_unavailable"],
  ]) {
    it(`a code that is not exchanged (${code}): ${status}, and no session`, async () => {
      const exchange = () => Promise.reject(new PlauditError(code, "planted"));
      const { browser, logs } = make({}, { exchange });
      const body = await fails(await browser.signIn(), status, expected);
      assert.ok(!JSON.stringify([body, logs]).includes("planted"));
      assert.equal(browser.jar.has(COOKIE), false);
    });
  }

  it("PKCE where it is asked for, S256 alone", async () => {
    const { browser, all } = make({ pkce: true });
    const { url, state } = await browser.start();
    await browser.back(`code=c&state=${state}`);
    const [{ codeVerifier }] = all()[0].exchanged;
    assert.match(codeVerifier, /^[\w-]{43}$/);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(codeVerifier));
    assert.equal(url.searchParams.get("code_challenge"), base64urlOf(new Uint8Array(digest)));
    assert.equal(url.searchParams.get("code_challenge_method"), "S256");
  });

  describe('correlateBy: "redirect-uri", for a platform that loses the state', () => {
    const correlated = () => make({ correlateBy: "redirect-uri" });

    it("the nonce stands in for the state", async () => {
      const { browser, all } = correlated();
      const { url, state } = await browser.start();
      const redirectUri = `${ORIGIN}/callback?plaudit_state=${state}`;
      assert.equal(url.searchParams.get("redirect_uri"), redirectUri);
      assert.equal((await browser.back(`plaudit_state=${state}&code=c`)).status, 303);
      assert.deepEqual(all()[0].exchanged, [{ code: "c", redirectUri }]);
    });

    it("both where both come", async () => {
      const { browser } = correlated();
      const { state } = await browser.start();
      assert.equal(
        (await browser.back(`plaudit_state=${state}&code=c&state=${state}`)).status,
        303,
      );
    });

    it("a wrong one of either is refused", async () => {
      for (const query of [
        (state) => `plaudit_state=${state}&code=c&state=wrong`,
        (state) => `plaudit_state=wrong&code=c&state=${state}`,
        () => "plaudit_state=wrong&code=c",
        () => "code=c",
      ]) {
        const { browser } = correlated();
        const { state } = await browser.start();
        assert.equal((await browser.back(query(state))).status, 400);
        assert.equal(browser.jar.has(COOKIE), false);
      }
    });
  });

  it("Trustoo: scopes by comma, and a code whose + was not encoded", async () => {
    const { browser, all } = make({
      provider: "trustoo",
      credentials: { clientId: "id", clientSecret: SECRET },
      scope: ["read_reviews", "write_reviews"],
    });
    const { url, state } = await browser.start();
    assert.equal(url.searchParams.get("scope"), "read_reviews,write_reviews");
    await browser.back(`code=a+b/c==&state=${state}`);
    assert.equal(all()[0].exchanged[0].code, "a+b/c==");
  });
});

describe("a session", () => {
  it("BF8 needs the header, and comes from this site", async () => {
    const { browser } = make();
    await browser.signIn();
    for (const [headers, status] of [
      [OWN, 200],
      [{ "x-plaudit": "1" }, 200],
      [{}, 403],
      [{ "sec-fetch-site": "same-origin" }, 403],
      [{ "x-plaudit": "1", ...CROSS }, 403],
      [{ "x-plaudit": "1", "sec-fetch-site": "same-site" }, 403],
      [{ "x-plaudit": "1", origin: "https://evil.example" }, 403],
    ]) {
      assert.equal((await browser.go("/session", { headers })).status, status);
    }
  });

  it("BF10 a listed origin may have it", async () => {
    const APP = "https://app.example";
    const { browser } = make({ cors: { origins: [APP] } });
    await browser.signIn();
    const headers = { "x-plaudit": "1", origin: APP, "sec-fetch-site": "same-site" };
    const answer = await browser.go("/session", { headers });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("access-control-allow-origin"), APP);
    assert.equal((await browser.signOut(headers)).status, 204);
  });

  it("ends after seven days without use, and after thirty in any case", async () => {
    const { browser, time } = make();
    await browser.signIn();
    time.pass(7 * DAY + 1);
    await fails(await browser.session(), 401, "signed_out");
    await browser.signIn();
    for (let day = 0; day < 29; day += 1) {
      time.pass(DAY);
      assert.equal((await browser.session()).status, 200, `day ${day}`);
    }
    time.pass(DAY + 1);
    await fails(await browser.session(), 401, "signed_out");
  });

  for (const value of ["", "x", "A".repeat(43), "A".repeat(5_000), "../../x", "%00", '"quoted"']) {
    it(`an id ${JSON.stringify(value.slice(0, 20))} is none`, async () => {
      const { ask } = make();
      const headers = { ...OWN, cookie: `${COOKIE}=${value}` };
      await fails(await ask("/session", { headers }), 401, "signed_out");
    });
  }

  it("what the store gives back that is no session is none", async () => {
    for (const text of ["{", "1", "{}", '{"subject":1,"created":1,"seen":1}']) {
      const sessions = { get: () => text, set() {}, add: () => true, delete() {} };
      const { browser } = make({ sessions });
      await browser.signIn();
      await fails(await browser.session(), 401, "signed_out");
    }
  });

  it("answers to sign-ins, which anybody can make, drive no session out of memory", async () => {
    const places = new Map();
    const { set } = Map.prototype;
    Map.prototype.set = function (key, value) {
      const kind = typeof key === "string" && /^(session|used) /.exec(key)?.[1];
      if (kind) set.call(places, kind, this);
      return set.call(this, key, value);
    };
    try {
      await make().browser.signIn();
    } finally {
      Map.prototype.set = set;
    }
    assert.equal(places.size, 2);
    assert.notEqual(places.get("session"), places.get("used"));
  });

  it("a store that is down: 503, and the cookie stays", async () => {
    const inner = memoryKeyValue();
    let isDown = false;
    const down =
      (method) =>
      (...args) => {
        if (isDown) throw new PlauditError("store_unavailable", "planted");
        return inner[method](...args);
      };
    const sessions = Object.fromEntries(
      ["get", "set", "add", "delete"].map((method) => [method, down(method)]),
    );
    const { browser, broker, ask } = make({ sessions });
    await browser.signIn();
    isDown = true;
    await fails(await browser.session(), 503, "store_unavailable");
    await fails(await browser.signOut(), 503, "store_unavailable");
    assert.equal((await broker.health()).status, "degraded");
    assert.equal((await ask("/health")).status, 503);
    isDown = false;
    assert.equal((await browser.session()).status, 200);
  });
});

describe("signing out", () => {
  it("BF25 a session that is used while it ends stays ended", async () => {
    const inner = memoryKeyValue({ now: () => time.time });
    let isHeld = false;
    let release;
    const sessions = {
      ...inner,
      async set(key, value, ttl) {
        if (isHeld && key.startsWith("session ")) {
          isHeld = false;
          await new Promise((resolve) => {
            release = resolve;
          });
        }
        return inner.set(key, value, ttl);
      },
    };
    const { browser, time } = make({ sessions });
    await browser.signIn();
    const cookie = browser.cookie();
    // Long enough that its next use is written down, which the store is slow to do.
    time.pass(DAY);
    isHeld = true;
    const late = browser.session();
    await settle();
    assert.equal((await browser.signOut()).status, 204);
    release();
    await fails(await late, 401, "signed_out");
    await fails(await browser.go("/session", { headers: { ...OWN, cookie } }), 401, "signed_out");
  });

  it("BF25 ends the session, clears the cookie and revokes the token; twice is fine", async () => {
    const { browser, all } = make();
    await browser.signIn();
    const cookie = browser.cookie();
    const answer = await browser.signOut();
    assert.deepEqual([answer.status, browser.jar.has(COOKIE)], [204, false]);
    await settle();
    assert.deepEqual([all()[0].revoked, all()[0].closed], [1, 1]);
    assert.equal((await browser.signOut()).status, 204);
    assert.equal((await browser.signOut({ ...OWN, cookie })).status, 204);
    await fails(await browser.go("/session", { headers: { ...OWN, cookie } }), 401, "signed_out");
    await settle();
    assert.equal(all()[0].revoked, 1);
  });

  for (const [what, revoke] of [
    ["refuses", () => Promise.reject(new PlauditError("server_error", "planted"))],
    ["is silent", () => new Promise(() => {})],
  ]) {
    it(`BF25 a platform that ${what} keeps nobody signed in`, async () => {
      const { browser, logs, all } = make({}, { revoke });
      await browser.signIn();
      assert.equal((await browser.signOut()).status, 204);
      await fails(await browser.session(), 401, "signed_out");
      await settle();
      assert.equal(all()[0].isForgotten, true);
      if (what === "refuses") assert.ok(logs.some(({ event }) => event === "revoke_failed"));
      assert.ok(!JSON.stringify(logs).includes("planted"));
    });
  }

  describe("BF7", () => {
    for (const [what, method, headers, status] of [
      ["POST with header, same origin", "POST", OWN, 204],
      ["older browser: Origin is ours", "POST", { "x-plaudit": "1", origin: ORIGIN }, 204],
      ["GET", "GET", OWN, 405],
      ["no header", "POST", { "sec-fetch-site": "same-origin" }, 403],
      ["no header, Origin ours", "POST", { origin: ORIGIN }, 403],
      ["neither Sec-Fetch-Site nor Origin", "POST", { "x-plaudit": "1" }, 403],
      ["cross-site", "POST", { "x-plaudit": "1", ...CROSS }, 403],
      ["same-site", "POST", { "x-plaudit": "1", "sec-fetch-site": "same-site" }, 403],
      ["none", "POST", { "x-plaudit": "1", "sec-fetch-site": "none" }, 403],
      ["Origin of another", "POST", { "x-plaudit": "1", origin: "https://evil.example" }, 403],
      ["Origin null", "POST", { "x-plaudit": "1", origin: "null" }, 403],
      ["a form", "POST", { "content-type": "application/x-www-form-urlencoded", ...CROSS }, 403],
    ]) {
      it(`${what}: ${status}`, async () => {
        const { browser } = make();
        await browser.signIn();
        const answer = await browser.go("/sign-out", { method, headers });
        assert.equal(answer.status, status);
        assert.equal((await browser.session()).status, status === 204 ? 401 : 200);
      });
    }
  });
});
