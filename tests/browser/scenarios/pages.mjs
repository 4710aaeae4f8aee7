// What happens to the address of pages with routers, fragments and frameworks of their own.
import assert from "node:assert/strict";
import { until } from "../scenario.mjs";

const TOKEN = "access_token=tpa-sandbox-0123456789abcdef&token_type=bearer&expires_in=3600";

export function pages(scenario) {
  /** Begins a sign-in and gives its state, so that an answer can be written by hand. */
  const begin = async (s, path = "/app.html") => {
    await s.go(path);
    await s.click("#redirect");
    return (await s.onPlatform()).state;
  };

  scenario("U1 U2: the address is clean when createAuth() returns, for success", {}, async (s) => {
    const state = await begin(s);
    const { session } = await s.go(`/app.html?own=1#${TOKEN}&state=${state}`);
    assert.equal(session.expiresIn, 3600);
    const clean = `${s.site.url}/app.html?own=1`;
    const told = await s.run(() => ({
      ...window.seen,
      now: location.href,
      length: [window.seen.length, history.length],
      state: history.state,
      hash: location.href.includes("#"),
    }));
    assert.ok(told.start.includes("#access_token="), "the early script was there first");
    assert.equal(told.afterCreate, clean);
    assert.equal(told.next, clean);
    assert.deepEqual([...new Set(told.later)], [clean]);
    assert.equal(told.now, clean);
    assert.equal(told.length[0], told.length[1]);
    assert.deepEqual(told.state, { router: 7 });
    assert.deepEqual(told.events, []);
    assert.equal(told.hash, false);
  });

  scenario("U1 U2: and for failure", {}, async (s) => {
    const failures = [
      `#${TOKEN}`,
      `#${TOKEN}&state=forged`,
      `#${TOKEN}&access_token=x&state=x`,
      "#error=access_denied&state=x",
      "#access_token=&state=x",
      "#access_token=%00&token_type=mac&state=x",
      `#${TOKEN}&state=x&refresh_token=tpa-sandbox-0123456789&id_token=tpa-sandbox-0123456789`,
    ];
    // With a sign-in that waits, no answer is offered to an opener first.
    await begin(s);
    for (const fragment of failures) {
      const { error } = await s.go(`/app.html?own=1${fragment}`);
      assert.ok(error.isOurs, fragment);
      s.assertClean(error.text, "the error");
      const { afterCreate, next, later, length, events } = await s.run(() => window.seen);
      const clean = `${s.site.url}/app.html?own=1`;
      assert.deepEqual([afterCreate, next, ...new Set(later)], [clean, clean, clean], fragment);
      assert.equal(await s.run(() => history.length), length);
      assert.deepEqual(await s.run(() => history.state), { router: 7 });
      assert.deepEqual(events, []);
    }
  });

  scenario("U3: the application's own query stays to the letter", {}, async (s) => {
    // Cleaning is the same for all answers: a state of others leaves the sign-in waiting.
    const state = await begin(s);
    const queries = ["?q=a+b%20c&x=%zz&&y;z&q=2", "?state=mine&code=7&error=no&scope=all", "?"];
    for (const query of queries) {
      const { error } = await s.go(`/app.html${query}#${TOKEN}&state=other`);
      assert.equal(error.code, "state_mismatch", query);
      assert.equal(await s.run(() => location.href), `${s.site.url}/app.html${query}`);
    }
    const { session } = await s.go(`/app.html${queries[0]}#${TOKEN}&state=${state}`);
    assert.equal(session.expiresIn, 3600);
    assert.equal(await s.run(() => location.href), `${s.site.url}/app.html${queries[0]}`);
  });

  scenario("U3: other parameters in the fragment stay, with their order", {}, async (s) => {
    const state = await begin(s);
    const { session } = await s.go(`/app.html#a=1&${TOKEN}&b=%20+&state=${state}&/c`);
    assert.ok(session);
    assert.equal(await s.run(() => location.hash), "#a=1&b=%20+&/c");
  });

  scenario("U3 P13: fragments of others are left alone", {}, async (s) => {
    const fragments = [
      "",
      "#",
      "#foo=bar",
      "#/route",
      "#/x?access_token=1",
      "#!/state?code=1",
      "#state=1",
      "#token_type=bearer&expires_in=3600",
      "#Access_Token=1",
      "#:~:text=access_token=1",
    ];
    for (const fragment of fragments) {
      assert.deepEqual(await s.go(`/app.html?code=1&state=2${fragment}`), { session: null });
      const { start, afterCreate, length } = await s.run(() => window.seen);
      assert.equal(afterCreate, start, fragment);
      assert.equal(await s.run(() => location.href), start, fragment);
      assert.equal(await s.run(() => history.length), length);
    }
  });

  scenario(
    "P15 U3: an answer on another page than the redirect address is left alone",
    {},
    async (s) => {
      s.settings.auth = { redirectUri: `${s.site.url}/callback.html` };
      const path = `/app.html?a=1#${TOKEN.replace("tpa-sandbox-", "tpa-other-")}&state=x`;
      assert.deepEqual(await s.go(path), { session: null });
      assert.equal(await s.run(() => location.href), s.site.url + path);
    },
  );

  scenario("U3: a hash router's page signs in, and is told where the user was", {}, async (s) => {
    await s.go("/router.html?lang=de#/settings/team");
    const { session } = await s.signIn();
    assert.match(session.accessToken, /^tpa-sandbox-/);
    assert.equal(session.returnTo, "/router.html?lang=de#/settings/team");
    // The router went there, and no route was ever made of the answer.
    await until(
      async () => (await s.text("#view")) === "/settings/team",
      "the router shows where the user was",
    );
    const routes = await s.run(() => window.routes);
    assert.deepEqual(routes, ["/", "/settings/team"]);
  });

  scenario(
    "U3: a code in the query leaves the router's fragment where it is",
    { auth: { responseType: "code" }, leaks: { pageServer: true } },
    async (s) => {
      const state = await begin(s, "/router.html");
      const { session } = await s.go(
        `/router.html?tab=1&code=tpc-sandbox-0123456789&state=${state}&x=#/route?code=5`,
      );
      assert.equal(session.code, "tpc-sandbox-0123456789");
      const address = await s.run(() => location.href);
      assert.equal(address, `${s.site.url}/router.html?tab=1&x=#/route?code=5`);
      assert.equal(await s.text("#view"), "/route?code=5");
    },
  );

  scenario(
    "S4 U1: made twice, completed twice (StrictMode): one session, no error",
    {},
    async (s) => {
      await s.go("/strict.html");
      await s.click("#redirect");
      await s.decide();
      const told = await until(
        () => s.driver.executeScript("return window.strict"),
        "all is settled",
      );
      assert.equal(told.results.length, 4);
      const [first] = told.results;
      assert.match(first.session.accessToken, /^tpa-sandbox-/);
      for (const { session } of told.results) {
        assert.equal(session.accessToken, first.session.accessToken);
      }
      assert.deepEqual(told.same, [true, true]);
      assert.deepEqual(told.held, [true, true]);
      // Whichever object a component listens to, it hears of the session, and once.
      assert.deepEqual(told.events, [["signedin"], ["signedin"]]);
      assert.equal(await s.address(), `${s.site.url}/strict.html`);
      assert.deepEqual(await s.stored(), []);
    },
  );

  scenario("S4: StrictMode and a user who says no: the same error for all", {}, async (s) => {
    await s.go("/strict.html");
    await s.click("#redirect");
    await s.decide("deny");
    const told = await until(
      () => s.driver.executeScript("return window.strict"),
      "all is settled",
    );
    const codes = told.results.map(({ error }) => error?.oauthError);
    assert.deepEqual(codes, Array(4).fill("access_denied"));
    assert.deepEqual(told.events, [[], []]);
  });

  scenario(
    "U5: only a new document ends what the engine itself keeps of the address",
    {},
    async (s) => {
      const kept = () => s.run(() => performance.getEntriesByType("navigation")[0].name);
      await s.go();
      const { session } = await s.signIn();
      // A known limit, written down in SECURITY.md: later scripts on this very page can read it there.
      assert.ok((await kept()).includes(session.accessToken));
      await s.run(() => location.replace("/blank.html"));
      await until(async () => (await s.address()).endsWith("/blank.html"), "the page is left");
      s.assertClean(await kept(), "the next document's timing");
    },
  );

  scenario("S9: returnTo leads to no other origin", {}, async (s) => {
    await s.go();
    const codes = await s.run(async () => {
      const targets = [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:1",
        "a",
        "/\t/evil",
      ];
      const codes = [];
      for (const returnTo of targets) {
        const { error } = await window.app.settle(window.app.auth.signIn({ returnTo }));
        codes.push(error?.code);
      }
      return codes;
    });
    assert.deepEqual(codes, Array(6).fill("invalid_argument"));
    assert.deepEqual(await s.stored(), []);
    assert.equal((await s.journal()).length, 0);
  });

  scenario("T5: importing the package touches nothing of the page", {}, async (s) => {
    await s.driver.get(`${s.site.url}/blank.html#${TOKEN.replace("tpa-sandbox-", "tpa-other-")}`);
    const told = await s.run(async () => {
      const { href } = location;
      await import("/plaudit/index.js");
      return [location.href === href, sessionStorage.length, localStorage.length];
    });
    assert.deepEqual(told, [true, 0, 0]);
  });
}
