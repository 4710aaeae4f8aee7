// The life of a session, and fetch with its token.
import assert from "node:assert/strict";
import { until } from "../scenario.mjs";

const REVIEWS = "/v1/private/business-units/{id}/reviews";

export function sessions(scenario) {
  const soon = async (s, seconds) => {
    await s.go();
    await s.fault("expires-soon", { times: 1, seconds });
    const { session } = await s.signIn();
    assert.equal(session.expiresIn, seconds);
    assert.ok(Math.abs(session.expiresAt - Date.now() - seconds * 1000) < 20_000);
    return session;
  };
  const said = (s, type) =>
    until(async () => (await s.events()).includes(type), `the event ${type} comes`);

  scenario("T2: a token of two seconds is expiring at once, then expired", {}, async (s) => {
    const { expiresAt } = await soon(s, 2);
    await said(s, "expired");
    assert.deepEqual(await s.events(), ["signedin", "expiring", "expired"]);
    const expired = (await s.run(() => window.app.events)).at(-1);
    // Timers may be a little early by the clock that the page reads, never much.
    assert.ok(expired.at >= expiresAt - 20, `${expired.at - expiresAt} ms`);
    assert.ok(expired.at <= expiresAt + 15_000, `${expired.at - expiresAt} ms`);
    assert.equal(await s.run(() => window.app.auth.session), null);
    const { error } = await s.run(() =>
      window.app.settle(window.app.auth.fetch(`${window.app.config.sandbox}/v1/x`)),
    );
    assert.equal(error.code, "expired");
    await s.run(() => window.app.auth.signOut());
    const after = await s.run(() =>
      window.app.settle(window.app.auth.fetch(`${window.app.config.sandbox}/v1/x`)),
    );
    assert.equal(after.error.code, "signed_out");
    assert.ok(!(await s.journal()).some(({ path }) => path === "/v1/x"));
  });

  scenario("T2: expiring comes a minute before the end, not earlier", {}, async (s) => {
    const { expiresAt } = await soon(s, 62);
    await said(s, "expiring");
    const [first, { type, at }, ...others] = await s.run(() => window.app.events);
    assert.deepEqual([first.type, type, others], ["signedin", "expiring", []]);
    // Timers may be a little early by the clock that the page reads, never much.
    assert.ok(at >= expiresAt - 60_020, `${expiresAt - at} ms before the end`);
    assert.notEqual(await s.run(() => window.app.auth.session), null);
  });

  scenario("T3: a page that wakes up looks at the clock again", {}, async (s) => {
    for (const wake of ["visibilitychange", "pageshow"]) {
      await s.go();
      assert.ok((await s.signIn()).session);
      await s.run((type) => {
        // "window.": WebDriver's scripts in Firefox have a Date of their own.
        const { now } = window.Date;
        window.Date.now = () => now() + 400_000_000;
        (type === "pageshow" ? window : document).dispatchEvent(new Event(type));
      }, wake);
      assert.deepEqual(await s.events(), ["signedin", "expired"], wake);
      assert.equal(await s.run(() => window.app.auth.session), null);
    }
  });

  scenario(
    "T2 T1: a stored session that is over is not restored",
    { auth: { storage: "session" } },
    async (s) => {
      await soon(s, 2);
      await s.driver.get(`${s.site.url}/blank.html`);
      await s.run(() => {
        const [key] = Object.keys(sessionStorage).filter((name) =>
          name.startsWith("plaudit:session"),
        );
        const kept = JSON.parse(sessionStorage.getItem(key));
        sessionStorage.setItem(key, JSON.stringify({ ...kept, expiresAt: Date.now() - 1 }));
      });
      assert.deepEqual(await s.go(), { session: null });
      assert.deepEqual(await s.stored(), []);
    },
  );

  scenario("U7: auth.fetch sends the token in one header, to the platform", {}, async (s) => {
    await s.go();
    await s.signIn();
    const answer = await s.run(async () => {
      const { auth, config, client } = window.app;
      const { id } = await client().businessUnits.find("trustpilot.com");
      const url = `${config.sandbox}/v1/private/business-units/${id}/reviews`;
      const statuses = [];
      for (const input of [url, new URL(url), new Request(url)]) {
        statuses.push((await auth.fetch(input)).status);
      }
      const init = await auth.fetch(url, { headers: { authorization: "Basic no" } });
      return [...statuses, init.status, (await fetch(url)).status];
    });
    assert.deepEqual(answer, [200, 200, 200, 200, 401]);
    const calls = (await s.journal(REVIEWS)).filter(({ method }) => method === "GET");
    const told = calls.map(({ authorization, token_seen }) => [authorization, token_seen]);
    const bearer = ["Bearer tok#1", ["authorization"]];
    assert.deepEqual(told, [bearer, bearer, bearer, bearer, [null, []]]);
  });

  scenario("U7: auth.fetch sends nothing to another origin", {}, async (s) => {
    await s.go();
    await s.signIn();
    const asked = s.site.requests.length;
    const foreign = s.site.url.replace("127.0.0.1", "localhost");
    const results = await s.run(async (foreign) => {
      const { auth, settle } = window.app;
      const inputs = ["/data", `${location.origin}/data`, `${foreign}/data`, new Request("/data")];
      const codes = [];
      for (const input of inputs) codes.push((await settle(auth.fetch(input))).error?.code);
      return codes;
    }, foreign);
    assert.deepEqual(results, Array(4).fill("origin_not_allowed"));
    assert.equal(s.site.requests.length, asked);
    assert.deepEqual(await s.events(), ["signedin"]);
  });

  scenario("U7: a redirect does not take the token along", {}, async (s) => {
    s.settings.auth = { allowedOrigins: [s.site.url] };
    await s.go();
    await s.signIn();
    const result = await s.run(async () => {
      const { auth, config } = window.app;
      return auth.fetch(`/redirect?to=${config.sandbox}/v1/private/stolen`).then(
        ({ status }) => status,
        ({ code }) => code,
      );
    });
    assert.equal(result, "network_error");
    const calls = await s.journal();
    assert.ok(!calls.some(({ path }) => path.includes("stolen")));
  });

  scenario("T2: a 401 ends the session with an event, and the answer is given", {}, async (s) => {
    await s.go();
    await s.signIn();
    await s.fault("401", { times: 1 });
    const status = await s.run(async () => {
      const { auth, config } = window.app;
      return (await auth.fetch(`${config.sandbox}/v1/business-units/find?name=x.com`)).status;
    });
    assert.equal(status, 401);
    assert.deepEqual(await s.events(), ["signedin", "expired"]);
    assert.equal(await s.run(() => window.app.auth.session), null);
  });

  scenario("U8: neither session nor error shows a secret when it is printed", {}, async (s) => {
    await s.go();
    const { session } = await s.signIn();
    const printed = await s.run(() => {
      const { session } = window.app.auth;
      console.log(session, JSON.stringify(session), String(session));
      return `${JSON.stringify(session)} ${Object.entries(session).join()} ${String(session)}`;
    });
    s.assertClean(printed, "a printed session");
    assert.match(session.accessToken, /^tpa-sandbox-/);
  });

  scenario(
    "T1: signOut forgets at once, with one event",
    { auth: { storage: "session" } },
    async (s) => {
      await s.go();
      await s.signIn();
      await s.run(() => window.app.auth.signOut());
      assert.deepEqual(await s.events(), ["signedin", "signedout"]);
      assert.equal(await s.run(() => window.app.auth.session), null);
      assert.deepEqual(await s.stored(), []);
      const again = await s.run(() => window.app.settle(window.app.auth.completeSignIn()));
      assert.deepEqual(again, { session: null });
    },
  );
}
