// Whole sign-ins by redirect, and every way in which the redirect can be wrong.
import assert from "node:assert/strict";
import { until } from "../scenario.mjs";

/** What each fault of the sandbox comes to. */
const FAULTS = [
  ["state-dropped", "state_missing", "S7"],
  ["state-forged", "state_mismatch", "S5"],
  ["state-duplicated", "duplicate_parameter", "P4"],
  ["token-duplicated", "duplicate_parameter", "P4"],
  ["token-in-query", "token_in_query", "P1"],
  ["token-type-missing", "malformed_response", "P7"],
  ["token-type-mac", "unsupported_token_type", "P8"],
  ["expires-in-garbage", "malformed_response", "P9"],
  ["error-and-token", "malformed_response", "P13"],
  ["provider-error", "provider_error", "P12"],
  ["temporarily-unavailable", "provider_error", "P12"],
  ["other-type", "malformed_response", "P13"],
  ["control-characters", "malformed_response", "P7"],
];

export function redirects(scenario) {
  scenario(
    "P1 S5 U2 U7: sign-in by redirect on the demo, and a business by key and by token",
    { demo: true },
    async (s) => {
      await s.go("/");
      await s.see("#session[data-state=signed-out]");
      await s.click("#sign-in-redirect");
      const { state } = await s.decide();
      assert.match(state, /^[\w-]{43}$/);
      await s.see("#session[data-state=signed-in]");
      assert.equal(await s.address(), `${s.site.url}/`);
      assert.ok(await (await s.find("#countdown")).isDisplayed());
      assert.match(await s.text("#countdown"), /^9\dh \d\dm \d\ds$/);
      assert.match(await s.text("#message-status"), /You are signed in/);
      assert.deepEqual(await s.stored(), []);

      for (const via of ["header", "query", "token"]) {
        await s.click(`#via option[value=${via}]`);
        await s.click("#find");
        await s.see("#result[data-state=found] .business");
        assert.match(await s.text("#result"), /trustpilot\.com/);
        const calls = await s.journal("/v1/business-units/find");
        const { apikey, authorization, query } = calls.at(-1);
        const key = via === "query" ? null : "key#1";
        assert.equal(apikey, key, via);
        assert.equal(authorization, via === "token" ? "Bearer tok#1" : null, via);
        assert.equal(/apikey=key#\d/.test(query), via === "query", via);
        await s.control("DELETE", "requests");
      }

      await s.click("#sign-out");
      await s.see("#session[data-state=signed-out]");
      assert.ok(!(await (await s.find("#countdown")).isDisplayed()));
    },
  );

  scenario("P12 S6: a user who says no is access_denied, and can sign in again", {}, async (s) => {
    await s.go();
    const { error } = await s.signIn("deny");
    assert.equal(error.code, "provider_error");
    assert.equal(error.oauthError, "access_denied");
    assert.equal(error.description, "The user denied access");
    assert.ok(error.isOurs);
    assert.equal(await s.address(), `${s.site.url}/app.html`);
    assert.deepEqual(await s.stored(), []);
    const { session } = await s.signIn();
    assert.match(session.accessToken, /^tpa-sandbox-/);
  });

  scenario("P12: the demo says in words that the user said no", { demo: true }, async (s) => {
    await s.go("/");
    await s.click("#sign-in-redirect");
    await s.decide("deny");
    await s.see("#message[data-code=provider_error]");
    assert.match(await s.text("#message-alert"), /You said no .*access_denied/);
    await s.see("#session[data-state=signed-out]");
  });

  scenario(
    "S7: state that Google's button loses is state_missing, with a way out",
    {},
    async (s) => {
      await s.go();
      const { error, state } = await s.signIn("google");
      assert.equal(error.code, "state_missing");
      assert.match(error.message, /Google/);
      assert.match(error.message, /correlateBy: "redirect-uri"/);
      assert.equal(await s.address(), `${s.site.url}/app.html`);
      // RFC: an answer that nothing ties to the sign-in must not use it up.
      assert.deepEqual(await s.stored(), [`plaudit:tx:${state}`]);
      const again = await s.signIn();
      assert.match(again.session.accessToken, /^tpa-sandbox-/);
    },
  );

  scenario("S7: the demo says in words that state is gone", { demo: true }, async (s) => {
    await s.go("/");
    await s.click("#sign-in-redirect");
    await s.decide("google");
    await s.see("#message[data-code=state_missing]");
    assert.match(await s.text("#message-alert"), /Google/);
    await s.click("#correlate option[value=redirect-uri]");
    await s.click("#sign-in-redirect");
    s.allowed.pageServer = true;
    await s.decide("google");
    await s.see("#session[data-state=signed-in]");
    assert.equal(await s.address(), `${s.site.url}/`);
  });

  for (const decision of ["google", "allow"]) {
    const auth = { correlateBy: "redirect-uri" };
    scenario(
      `S7 S3: correlateBy "redirect-uri" signs in by ${decision}`,
      { auth, leaks: { pageServer: true } },
      async (s) => {
        await s.go("/app.html?tab=1");
        const { session, redirectUri, state } = await s.signIn(decision);
        assert.equal(redirectUri, `${s.site.url}/app.html?plaudit_state=${state}`);
        assert.match(session.accessToken, /^tpa-sandbox-/);
        assert.equal(session.returnTo, "/app.html?tab=1");
        assert.equal(await s.address(), `${s.site.url}/app.html`);
        assert.deepEqual(await s.stored(), []);
      },
    );
  }

  scenario(
    'S5 S7: correlateBy "redirect-uri" trusts no other nonce and no other state',
    { auth: { correlateBy: "redirect-uri" }, leaks: { pageServer: true } },
    async (s) => {
      await s.go();
      await s.fault("state-forged", { times: 1 });
      assert.equal((await s.signIn()).error.code, "state_mismatch");
      await s.click("#redirect");
      const { state } = await s.onPlatform();
      const token = "access_token=tpa-sandbox-000000000000&token_type=bearer";
      for (const query of ["", `?plaudit_state=${state.slice(1)}`, "?plaudit_state="]) {
        const { error } = await s.go(`/app.html${query}#${token}`);
        assert.equal(error.code, "state_missing", query);
      }
      const { session } = await s.go(`/app.html?plaudit_state=${state}#${token}&expires_in=9`);
      assert.equal(session.expiresIn, 9);
    },
  );

  for (const [fault, code, rule] of FAULTS) {
    // The fault itself shows the token to the page's server; nothing else may.
    const leaks = { pageServer: fault === "token-in-query" };
    scenario(`${rule}: the sandbox's fault ${fault} is ${code}`, { leaks }, async (s) => {
      await s.go();
      await s.fault(fault, { times: 1 });
      const { error, session } = await s.signIn();
      assert.equal(session, undefined);
      assert.equal(error.code, code);
      assert.equal(error.name, "PlauditError");
      s.assertClean(error.text, "the error");
      assert.equal(await s.address(), `${s.site.url}/app.html`);
      assert.equal(await s.run(() => window.app.auth.session), null);
      assert.deepEqual(await s.events(), []);
      // Some leave the transaction behind, some use it up: neither is in the way of the next one.
      if (!["state-forged", "provider-error"].includes(fault)) return;
      const again = await s.signIn();
      assert.match(again.session.accessToken, /^tpa-sandbox-/);
    });
  }

  scenario(
    "P1 U2: a token in the query is taken off the demo's address",
    { demo: true, leaks: { pageServer: true } },
    async (s) => {
      await s.go("/");
      await s.fault("token-in-query", { times: 1 });
      await s.click("#sign-in-redirect");
      await s.decide();
      await s.see("#message[data-code=token_in_query]");
      assert.equal(await s.address(), `${s.site.url}/`);
      // U4: with no-referrer not even the page's own scripts' requests repeat it.
      assert.ok(s.site.requests.some(({ url }) => url.includes("access_token")));
      for (const { referer } of s.site.requests) assert.equal(referer, "");
    },
  );

  for (const encode_code of [true, false]) {
    scenario(
      `P1 P5: Trustoo's code in the query, ${encode_code ? "" : "not "}percent-encoded`,
      { leaks: { pageServer: true } },
      async (s) => {
        s.settings.auth = {
          provider: "trustoo",
          clientId: "plaudit-demo-trustoo",
          responseType: "code",
          scope: ["read_reviews", "write_reviews"],
          endpoints: { authorize: `${s.world}/trustoo/oauth/authorize` },
        };
        await s.control("POST", "config", { encode_code });
        await s.go("/app.html?own=a+b");
        for (let round = 0; round < 2; round += 1) {
          const { session } = await s.signIn();
          assert.equal(session.kind, "code");
          assert.match(session.code, /^sbx[A-Za-z0-9+/]{19}==$/);
          assert.equal(session.redirectUri, `${s.site.url}/app.html`);
          assert.equal(await s.address(), `${s.site.url}/app.html`);
        }
        const { error } = await s.signIn("deny");
        assert.equal(error.oauthError, "access_denied");
        assert.equal(await s.address(), `${s.site.url}/app.html`);
      },
    );
  }

  scenario("S1 S2: each sign-in sends a fresh state of 43 base64url characters", {}, async (s) => {
    await s.go();
    const states = new Set();
    for (let round = 0; round < 3; round += 1) {
      const { state } = await s.signIn();
      assert.match(state, /^[\w-]{43}$/);
      states.add(state);
    }
    assert.equal(states.size, 3);
    await until(async () => (await s.stored()).length === 0, "no transaction is left");
  });
}
