// The demo with a server: the broker of plaudit/server as browsers meet it. Its cookie, its session,
// its cache, what other sites can make a browser send to it, and the page itself.
import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
import { consoleOf } from "../drivers.mjs";
import { assertAccessible, assertFits, watchForTrouble } from "../looks.mjs";
import { until } from "../scenario.mjs";
import { pageSite } from "../site.mjs";

const PAGE = "/server.html";
const FIND = "/v1/business-units/find";
const COOKIE = "plaudit-dev";
// A code arrives in the query by its nature.
const DEMO = { demo: true, leaks: { pageServer: true } };

export function broker(define) {
  /** Cookies know no ports: those of other scenarios are other people's. */
  const scenario = (title, run) =>
    define(title, DEMO, async (s) => {
      const forget = async () => {
        if (s.isServerDown) return;
        await s.go(PAGE);
        await s.driver.manage().deleteAllCookies();
        await s.forgetConsole();
      };
      await forget();
      await run(s);
      await s.assertPageClean("the page at the end");
      await forget();
    });

  const signedIn = (s) => s.see("#session[data-state=signed-in]");
  const signedOut = (s) => s.see("#session[data-state=signed-out]");
  const message = (s, code) => s.see(`#message[data-code=${code}]`);

  async function signIn(s) {
    await s.go(PAGE);
    await s.click("#sign-in");
    await s.decide();
    await signedIn(s);
    return s.ready();
  }

  const cookie = async (s) =>
    (await s.driver.manage().getCookies()).find(({ name }) => name === COOKIE);

  /** Asks the broker from outside the browser, as who has this session's cookie. */
  const ask = (s, path, { value, ...init } = {}) =>
    fetch(`${s.site.url}/broker${path}`, {
      redirect: "manual",
      ...init,
      headers: {
        "x-plaudit": "1",
        ...(value && { cookie: `${COOKIE}=${value}` }),
        ...init.headers,
      },
    });

  scenario("a session by code: HttpOnly, read by no script, ended by sign-out", async (s) => {
    await signIn(s);
    assert.equal(await s.address(), s.site.url + PAGE);
    assert.equal(await s.run(() => document.cookie), "");
    assert.equal(await s.text("#visible-cookies"), "nothing");
    const kept = await cookie(s);
    assert.equal(kept.httpOnly, true);
    assert.equal(kept.path, "/");
    assert.equal(kept.domain, "127.0.0.1");
    // The transaction's own is gone.
    const names = (await s.driver.manage().getCookies()).map(({ name }) => name);
    assert.deepEqual(names, [COOKIE]);
    assert.deepEqual(await s.run(() => [sessionStorage.length, localStorage.length]), [0, 0]);
    const { value } = kept;
    assert.equal((await ask(s, "/session", { value })).status, 200);

    await s.driver.navigate().refresh();
    await s.ready();
    await signedIn(s);
    await s.click("#sign-out");
    await signedOut(s);
    assert.equal(await cookie(s), undefined);
    assert.equal((await ask(s, "/session", { value })).status, 401);
    const routes = (await s.journal()).map(({ path }) => path);
    assert.ok(
      routes.some((path) => path.endsWith("/accesstoken")),
      String(routes),
    );
    await until(
      async () => (await s.journal()).some(({ path }) => path.endsWith("/revoke")),
      "the token is revoked",
    );
  });

  scenario("BF3: another sign-in, another session, and the old one ends", async (s) => {
    await signIn(s);
    const first = (await cookie(s)).value;
    await s.driver.get(`${s.site.url}/broker/sign-in?returnTo=${PAGE}`);
    await s.decide();
    await signedIn(s);
    const second = (await cookie(s)).value;
    assert.notEqual(second, first);
    assert.equal((await ask(s, "/session", { value: first })).status, 401);
    assert.equal((await ask(s, "/session", { value: second })).status, 200);
  });

  scenario("fifty views, one call to the platform; what only the user may see", async (s) => {
    await s.go(PAGE);
    await s.click("#view");
    await until(() => s.text("#view-status"), "the views are counted");
    assert.match(await s.text("#view-status"), /^50 views in \d+ ms, one call to the platform\.$/);
    assert.deepEqual([await s.text("#views"), await s.text("#calls")], ["50", "1"]);
    assert.equal((await s.journal(FIND)).length, 1);
    const asked = s.site.requests.filter(({ url }) => url.startsWith("/broker/api/"));
    assert.equal(asked.length, 50);
    assert.ok(asked.every(({ apikey, authorization }) => !apikey && !authorization));

    await s.click("#find");
    await s.see("#result[data-state=found]");
    await s.see("#review-list li");
    assert.match(await s.text("#private-lead"), /Sign in/);
    assert.equal(await s.text("#private-list"), "");
    assert.equal((await s.journal(FIND)).length, 1);
    const [call] = await s.journal(FIND);
    assert.equal(call.apikey, "key#1");

    await signIn(s);
    await s.click("#find");
    await s.see("#private-list li");
    assert.match(await s.text("#private-list"), /order-\d+/);
    const calls = (await s.journal()).filter(({ path }) => path.includes("/private/"));
    assert.equal(calls.length, 1);
    assert.deepEqual(calls[0].token_seen, ["authorization"]);
  });

  scenario("a session that ended elsewhere, and a platform that says no", async (s) => {
    await s.go(PAGE);
    await s.click("#sign-in");
    await s.decide("deny");
    await message(s, "provider_error");
    assert.match(await s.text("#message-alert"), /You said no/);
    assert.equal(await s.address(), s.site.url + PAGE);
    assert.equal(await cookie(s), undefined);

    await signIn(s);
    const { value } = await cookie(s);
    const out = { method: "POST", value, headers: { origin: s.site.url } };
    assert.equal((await ask(s, "/sign-out", out)).status, 204);
    await s.click("#find");
    await message(s, "signed_out");
    assert.match(await s.text("#message-alert"), /session is over/);
    await signedOut(s);
    assert.match(await s.text("#private-lead"), /Sign in/);
    // The offer in the message is the way back.
    await s.click("#message-action");
    await s.decide();
    await signedIn(s);
    await s.ready();

    // A session whose token the platform takes no longer.
    const kept = (await cookie(s)).value;
    await s.click("#find");
    await s.see("#private-list li");
    await s.fault("401");
    await s.click("#find");
    await message(s, "token_refused");
    await s.clearFaults();
    await s.click("#message-action");
    await s.decide();
    await signedIn(s);
    assert.notEqual((await cookie(s)).value, kept);
  });

  scenario("a client with proxy: the broker's errors are its own", async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const { createClient } = await import("/plaudit/index.js");
      const made = (more) =>
        createClient({ provider: "trustpilot", proxy: "/broker/api", retry: 0, ...more });
      const settle = (promise) =>
        promise.then(
          (value) => value.name?.identifying ?? "ok",
          ({ code, status, retryable, retryAfter }) => ({
            code,
            status,
            retryable,
            waits: retryAfter > 0,
          }),
        );
      const { businessUnits, categories } = made();
      const results = [
        await settle(businessUnits.find("coffee.example")),
        await settle(businessUnits.find("nobody.example")),
        await settle(categories.list()),
      ];
      const unit = await businessUnits.find("coffee.example");
      const pages = businessUnits.reviews.all(unit.id, { perPage: 10 });
      const { value } = await pages[Symbol.asyncIterator]().next();
      results.push(typeof value.id);
      results.push(
        await settle(made().request("GET", `/private/business-units/${unit.id}/reviews`)),
      );
      // More than a client may in a minute.
      const fast = made({
        cache: false,
        allowance: false,
        fetch: (request) => fetch(request, { cache: "no-store" }),
      });
      let last = "ok";
      for (let round = 0; round < 20 && !last?.code; round += 1) {
        const many = Array.from({ length: 50 }, (_, at) =>
          settle(
            fast.request("GET", "/business-units/find", {
              query: { name: "coffee.example", page: "x".repeat(at) },
            }),
          ),
        );
        last = (await Promise.all(many)).find(({ code }) => code === "rate_limited");
      }
      return { results, last };
    });
    const failure = (code, status) => ({ code, status, retryable: false, waits: false });
    assert.deepEqual(told.results, [
      "coffee.example",
      failure("not_found", 404),
      failure("not_found", 404),
      "string",
      failure("forbidden", 403),
    ]);
    assert.deepEqual(told.last, {
      code: "rate_limited",
      status: 429,
      retryable: true,
      waits: true,
    });
    await s.forgetConsole();
  });

  scenario("BF6 BF7: what another site can make a browser send does nothing", async (s) => {
    await signIn(s);
    const { value } = await cookie(s);
    const before = (await s.journal()).length;
    const evil = await pageSite({ settings: {} });
    try {
      // A site of another host, and one of this host, to which browsers send the cookie along.
      for (const from of [evil.url.replace("127.0.0.1", "localhost"), evil.url]) {
        await s.driver.get(`${from}/blank.html`);
        const told = await s.run(async (target) => {
          const embedded = (name) =>
            new Promise((settle) => {
              const element = document.createElement(name);
              element.onload = () => settle("loaded");
              element.onerror = () => settle("failed");
              element.src = `${target}/broker/sign-in`;
              document.body.append(element);
            });
          const sent = (path, init) =>
            fetch(target + path, { credentials: "include", ...init }).then(
              ({ type }) => type,
              () => "failed",
            );
          const headers = { "x-plaudit": "1" };
          await embedded("iframe");
          return [
            await embedded("img"),
            await sent("/broker/sign-out", { method: "POST", mode: "no-cors" }),
            await sent("/broker/sign-out", { method: "POST", headers }),
            await sent("/broker/session", { headers }),
            await sent("/broker/api/business-units/find?name=coffee.example"),
          ];
        }, s.site.url);
        assert.deepEqual(told, ["failed", "opaque", "failed", "failed", "failed"], from);
        // A form takes the whole window along.
        await s.driver.executeScript(
          `const form = document.createElement("form");
           form.method = "post";
           form.action = arguments[0] + "/broker/sign-out";
           document.body.append(form);
           form.submit();`,
          s.site.url,
        );
        await until(
          async () => (await s.address()).endsWith("/broker/sign-out"),
          "the form's answer is shown",
        );
        assert.equal((await ask(s, "/session", { value })).status, 200, from);
      }
    } finally {
      await evil.close();
    }
    const sent = (await s.journal()).slice(before).map(({ path }) => path);
    assert.ok(
      !sent.some((path) => /authenticate|revoke|accesstoken|find/.test(path)),
      String(sent),
    );
    await s.go(PAGE);
    await signedIn(s);
    assert.equal((await cookie(s)).value, value);
    await s.forgetConsole();
  });

  scenario("what fails is said: the platform, an old link, the server itself", async (s) => {
    await s.go(PAGE);
    await s.fault("cut-before-headers");
    await s.click("#find");
    await message(s, "platform_unreachable");
    assert.match(await s.text("#message-alert"), /could not reach the platform/);
    await s.clearFaults();

    await s.driver.get(`${s.site.url}/broker/callback?code=old&state=old`);
    await message(s, "transaction_missing");
    await s.ready();
    assert.equal(await s.address(), s.site.url + PAGE);

    await s.site.close();
    s.isServerDown = true;
    await s.click("#sign-in");
    await message(s, "network_error");
    assert.match(await s.text("#message-alert"), /server does not answer/);
    assert.equal(await s.address(), s.site.url + PAGE);
    await s.click("#message-close");
    await s.click("#find");
    await message(s, "network_error");
    assert.equal(await s.text("#message-action"), "Try again");
    await s.forgetConsole();
  });

  scenario("the server's page by keyboard alone", async (s) => {
    const press = (...keys) =>
      s.driver
        .actions()
        .sendKeys(...keys)
        .perform();
    const focused = () =>
      s.driver.executeScript(
        "return document.activeElement.id || document.activeElement.textContent.trim()",
      );
    const reach = async (id) => {
      for (let step = 0; step < 20; step += 1) {
        await press(Key.TAB);
        if ((await focused()) === id) return;
      }
      throw new Error(`the keyboard does not reach ${id}`);
    };
    await s.go(PAGE);
    await reach("sign-in");
    await press(Key.ENTER);
    await s.onPlatform();
    await s.driver.executeScript("document.querySelector('#allow').focus()");
    await press(Key.ENTER);
    await signedIn(s);
    await s.ready();
    await reach("domain");
    await press(Key.ENTER);
    await s.see("#private-list li");
    await reach("view");
    await press(Key.SPACE);
    await until(() => s.text("#view-status"), "the views are counted");
    await s.driver.navigate().refresh();
    await s.ready();
    await reach("sign-out");
    await press(Key.ENTER);
    await signedOut(s);
    // Who signed out by keyboard stands at the way back in.
    await until(async () => (await focused()) === "sign-in", "the focus is at signing in");
  });

  scenario("axe, a phone's width, the console: each state of the server's page", async (s) => {
    const { width, height } = await s.driver.manage().window().getRect();
    const enter = async (name) => {
      const domain = await s.find("#domain");
      await domain.clear();
      await domain.sendKeys(name, Key.ENTER);
    };
    const check = async (state) => {
      await assertAccessible(s, state);
      await assertFits(s, state);
      const lines = (await consoleOf(s.driver)) ?? [];
      s.console.push(...lines.map(({ message: text }) => text));
      // "Signed out" is an answer, of which a browser's console makes an error.
      const bad = lines.filter(
        ({ level, message: text }) => level !== "INFO" && !/status of (401|429|502)/.test(text),
      );
      assert.deepEqual(bad, [], state);
    };
    try {
      await s.go(PAGE);
      await watchForTrouble(s);
      await check("signed out");
      await s.fault("500");
      // What failed is not asked again at once; the next step asks for another.
      await enter("coffee.example");
      await message(s, "server_error");
      await s.clearFaults();
      await check("error");
      await signIn(s);
      await watchForTrouble(s);
      await s.driver.manage().window().setRect({ width: 400, height: 800 });
      await s.click("#find");
      await s.see("#private-list li");
      await s.see("#review-list li");
      await check("signed in, on a phone");
      await s.fault("429", { retry_after: 61 });
      await enter("books.example");
      await message(s, "rate_limited");
      assert.match(await s.text("#message-alert"), /server says to wait \d+ s/);
      await s.clearFaults();
      await check("told to wait, on a phone");
    } finally {
      await s.driver.manage().window().setRect({ width, height });
    }
  });
}
