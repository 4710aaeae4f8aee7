// Back, Forward, Reload, two tabs, old addresses.
import assert from "node:assert/strict";
import { until } from "../scenario.mjs";

const TOKEN = "access_token=tpa-sandbox-0123456789abcdef&token_type=bearer&expires_in=3600";

export function history(scenario) {
  scenario("U2 S4: Back and Forward after sign-in meet no token", { demo: true }, async (s) => {
    await s.go("/");
    await s.click("#sign-in-redirect");
    await s.decide();
    await s.see("#session[data-state=signed-in]");
    await s.driver.navigate().back();
    await s.onPlatform();
    await s.assertPageClean("after Back");
    await s.driver.navigate().back();
    await s.ready();
    await s.assertPageClean("after Back again");
    assert.equal(await s.address(), `${s.site.url}/`);
    await s.driver.navigate().forward();
    await s.onPlatform();
    await s.driver.navigate().forward();
    await s.ready();
    assert.equal(await s.address(), `${s.site.url}/`);
    // Out of the engine's cache or loaded anew, but never a stale answer read again.
    await s.see("#session[data-state=signed-in], #session[data-state=signed-out]");
    assert.equal(await (await s.find("#message")).getAttribute("data-code"), "");
  });

  scenario("T1 U2: Reload forgets a session in memory", {}, async (s) => {
    await s.go();
    assert.ok((await s.signIn()).session);
    await s.driver.navigate().refresh();
    assert.deepEqual(await s.ready(), { session: null });
    assert.equal(await s.address(), `${s.site.url}/app.html`);
    const kept = await s.run(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    s.assertClean(kept, "storage");
  });

  scenario(
    'T1: Reload keeps a session in storage "session"',
    { auth: { storage: "session" } },
    async (s) => {
      await s.go();
      const { session } = await s.signIn();
      await s.driver.navigate().refresh();
      const restored = await s.ready();
      assert.equal(restored.session.accessToken, session.accessToken);
      assert.equal(restored.session.expiresAt, session.expiresAt);
      assert.deepEqual(await s.stored(), ["plaudit:session:trustpilot:plaudit-demo-key"]);
      await s.run(() => window.app.auth.signOut());
      assert.deepEqual(await s.stored(), []);
      await s.driver.navigate().refresh();
      assert.deepEqual(await s.ready(), { session: null });
    },
  );

  scenario("T1: Reload on the demo, by its own switch", { demo: true }, async (s) => {
    await s.go("/");
    await s.click("#storage option[value=session]");
    await s.click("#sign-in-redirect");
    await s.decide();
    await s.see("#session[data-state=signed-in]");
    await s.driver.navigate().refresh();
    await s.ready();
    await s.see("#session[data-state=signed-in]");
  });

  scenario(
    "S3 W2: Back from the platform without an answer, then sign in again",
    { demo: true },
    async (s) => {
      await s.go("/");
      await s.click("#sign-in-redirect");
      await s.onPlatform();
      await s.driver.navigate().back();
      await s.ready();
      await s.see("#session[data-state=signed-out]");
      await s.click("#sign-in-redirect");
      await s.decide();
      await s.see("#session[data-state=signed-in]");
    },
  );

  scenario("S3: Back from the platform on our own page, twice, then sign in", {}, async (s) => {
    await s.go();
    for (let round = 0; round < 2; round += 1) {
      await s.click("#redirect");
      await s.onPlatform();
      await s.driver.navigate().back();
      await s.ready();
    }
    const { session } = await s.signIn();
    assert.match(session.accessToken, /^tpa-sandbox-/);
  });

  scenario(
    "S3: two tabs that sign in at the same time each get their own session",
    {},
    async (s) => {
      await s.go();
      await s.click("#redirect");
      await s.onPlatform();
      await s.driver.switchTo().newWindow("tab");
      const second = await s.driver.getWindowHandle();
      await s.go();
      await s.click("#redirect");
      await s.onPlatform();
      await s.driver.switchTo().window(s.home);
      await s.decide();
      const first = await s.ready();
      await s.driver.switchTo().window(second);
      await s.decide();
      const other = await s.ready();
      assert.match(first.session.accessToken, /^tpa-sandbox-/);
      assert.match(other.session.accessToken, /^tpa-sandbox-/);
      assert.notEqual(first.session.accessToken, other.session.accessToken);
      await s.driver.switchTo().window(s.home);
      const kept = await s.run(() => window.app.auth.session.accessToken);
      assert.equal(kept, first.session.accessToken);
    },
  );

  scenario(
    "S3 S7: an answer that is carried into another tab is transaction_missing",
    {},
    async (s) => {
      await s.go();
      await s.click("#redirect");
      const { state } = await s.onPlatform();
      await s.driver.switchTo().newWindow("tab");
      const { error } = await s.go(`/app.html#${TOKEN}&state=${state}`);
      assert.equal(error.code, "transaction_missing");
    },
  );

  scenario(
    "S10: a sign-in that took longer than ten minutes is transaction_expired",
    {},
    async (s) => {
      await s.go();
      await s.click("#redirect");
      const { state } = await s.onPlatform();
      await s.driver.get(`${s.site.url}/blank.html`);
      await s.run((key) => {
        const record = JSON.parse(sessionStorage.getItem(key));
        record.createdAt -= 601_000;
        sessionStorage.setItem(key, JSON.stringify(record));
      }, `plaudit:tx:${state}`);
      const { error } = await s.go(`/app.html#${TOKEN}&state=${state}`);
      assert.equal(error.code, "transaction_expired");
      assert.equal(await s.address(), `${s.site.url}/app.html`);
      assert.deepEqual(await s.stored(), []);
    },
  );

  scenario("S10: sign-ins that were never ended are swept away", {}, async (s) => {
    await s.go();
    await s.run(() => {
      const old = { state: "old", createdAt: Date.now() - 601_000 };
      sessionStorage.setItem("plaudit:tx:old", JSON.stringify(old));
      sessionStorage.setItem("plaudit:tx:broken", "{");
    });
    const { session } = await s.signIn();
    assert.match(session.accessToken, /^tpa-sandbox-/);
    assert.ok(!(await s.stored()).includes("plaudit:tx:old"));
  });

  scenario(
    "S4: an address that was used once is transaction_missing the second time",
    {},
    async (s) => {
      await s.go();
      const { session, state } = await s.signIn();
      const fragment = `access_token=${session.accessToken}&token_type=bearer&state=${state}`;
      const { error } = await s.go(`/app.html#${fragment}`);
      assert.equal(error.code, "transaction_missing");
      s.assertClean(error.text, "the error");
      assert.equal(await s.address(), `${s.site.url}/app.html`);
    },
  );

  scenario(
    "U2: signing in adds the platform's page and its own to the history, no more",
    {},
    async (s) => {
      await s.go();
      const before = await s.run(() => window.history.length);
      await s.signIn();
      const { seen, after } = await s.run(() => ({
        seen: window.seen,
        after: window.history.length,
      }));
      assert.equal(after, seen.length);
      assert.ok(after - before <= 2, `${after - before} entries were added`);
      await s.driver.navigate().back();
      await until(
        async () => (await s.address()).startsWith(s.world),
        "one step back is the platform",
      );
    },
  );
}
