// Addresses that no sign-in of this tab asked for, and the published vectors inside each engine.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { until } from "../scenario.mjs";

const TOKEN = "access_token=tpa-sandbox-0123456789abcdef&token_type=bearer&expires_in=3600";
const file = (name) =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), "utf8"));

export function callbacks(scenario) {
  scenario("S4 S7: a prepared link with a token is transaction_missing", {}, async (s) => {
    for (const state of ["", "&state=attacker"]) {
      const { error } = await s.go(`/app.html#${TOKEN}${state}`);
      assert.equal(error.code, "transaction_missing", state);
      s.assertClean(error.text, "the error");
      assert.equal(await s.address(), `${s.site.url}/app.html`);
      assert.equal(await s.run(() => window.app.auth.session), null);
    }
  });

  scenario("S5 S7: a prepared link while a sign-in waits takes nothing from it", {}, async (s) => {
    await s.go();
    await s.click("#redirect");
    const { state } = await s.onPlatform();
    const codes = [
      ["", "state_missing"],
      ["&state=", "state_missing"],
      ["&state=attacker", "state_mismatch"],
      [`&state=${state.toLowerCase()}`, "state_mismatch"],
      [`&state=${state}%20`, "state_mismatch"],
      [`&state=${state}&state=${state}`, "duplicate_parameter"],
    ];
    for (const [parameter, code] of codes) {
      const { error } = await s.go(`/app.html#${TOKEN}${parameter}`);
      assert.equal(error.code, code, parameter.replace(state, "STATE"));
      s.assertClean(error.text, "the error");
      assert.equal(await s.address(), `${s.site.url}/app.html`);
    }
  });

  scenario("S6: an error that nobody asked for is not shown as the platform's", {}, async (s) => {
    const { error } = await s.go("/app.html#error=access_denied&error_description=evil");
    assert.equal(error.code, "transaction_missing");
    assert.ok(!error.text.includes("evil"));
    await s.go();
    await s.click("#redirect");
    await s.onPlatform();
    const forged = await s.go("/app.html#error=server_error&error_description=evil&state=x");
    assert.equal(forged.error.code, "state_mismatch");
    assert.ok(!forged.error.text.includes("evil"));
  });

  scenario(
    "P1 U2 U3: a token in the query is refused and taken off, the rest stays",
    { leaks: { pageServer: true } },
    async (s) => {
      const { error } = await s.go(`/app.html?tab=a+b&${TOKEN}&state=x&x=%zz`);
      assert.equal(error.code, "transaction_missing");
      assert.equal(await s.address(), `${s.site.url}/app.html?tab=a+b&x=%zz`);
      await s.go();
      await s.click("#redirect");
      const { state } = await s.onPlatform();
      const refused = await s.go(
        `/app.html?tab=a+b&${TOKEN}&state=${state}#${TOKEN}&state=${state}`,
      );
      assert.equal(refused.error.code, "token_in_query");
      assert.equal(await s.address(), `${s.site.url}/app.html?tab=a+b`);
    },
  );

  scenario("S4: the answer to another client's sign-in is not taken", {}, async (s) => {
    await s.go();
    await s.click("#redirect");
    const { state } = await s.onPlatform();
    s.settings.auth = { clientId: "another-client" };
    assert.deepEqual(await s.go(`/app.html#${TOKEN}&state=${state}`), { session: null });
    assert.equal(await s.address(), `${s.site.url}/app.html`);
    s.settings.auth = {};
    const { session } = await s.go(`/app.html#${TOKEN}&state=${state}`);
    assert.equal(session.expiresIn, 3600);
  });

  scenario(
    "S3 P16: two clients with one redirect address each take their own answer",
    {},
    async (s) => {
      const client = { provider: "trustpilot", redirect_hosts: ["127.0.0.1"] };
      const clients = ["plaudit-demo-key", "second-key"].map((client_id) => ({
        ...client,
        client_id,
      }));
      await s.control("POST", "config", { clients });
      s.settings.second = { clientId: "second-key" };
      await s.go();
      for (const [button, mine, others] of [
        ["#redirect", "completed", "secondCompleted"],
        ["#second", "secondCompleted", "completed"],
      ]) {
        await s.click(button);
        await s.decide();
        const [taken, left] = await until(async () => {
          const both = await s.run((a, b) => [window.app?.[a], window.app?.[b]], mine, others);
          return both[0] && both[1] && both;
        }, "both have read the address");
        assert.match(taken.session.accessToken, /^tpa-sandbox-/);
        assert.deepEqual(left, { session: null });
        assert.equal(await s.address(), `${s.site.url}/app.html`);
        assert.deepEqual(await s.stored(), []);
      }
    },
  );

  scenario("W4: a redirect page in a frame of another origin reads nothing", {}, async (s) => {
    await s.driver.get(`${s.site.url.replace("127.0.0.1", "localhost")}/blank.html`);
    await s.run(async (src) => {
      const frame = document.createElement("iframe");
      frame.src = src;
      document.body.append(frame);
      await new Promise((done) => frame.addEventListener("load", done));
    }, `${s.site.url}/app.html#${TOKEN}&state=x`);
    await s.driver.switchTo().frame(0);
    const { error } = await s.ready();
    assert.equal(error.code, "unsupported_environment");
    s.assertClean(await s.run(() => location.href), "the frame's address");
    assert.equal(await s.run(() => window.app.auth.session), null);
    await s.driver.switchTo().defaultContent();
    // Who frames the page knows its address all along.
    await s.forgetTiming("/app.html");
  });

  scenario("P1-P16 D1-D9: the 260 published vectors say the same in this engine", {}, async (s) => {
    await s.go();
    const { cases } = file("callback.json");
    assert.equal(cases.length, 260);
    const mismatches = await s.run(async () => {
      const { cases } = await (await fetch("/vectors/callback.json")).json();
      const full = (holder, key) => {
        const { [`${key}Repeat`]: big, ...rest } = holder;
        if (!big) return holder;
        return { ...rest, [key]: big.prefix + big.repeat.repeat(big.times) + big.suffix };
      };
      const sorted = (value) =>
        value && typeof value === "object" && !Array.isArray(value)
          ? Object.fromEntries(
              Object.keys(value)
                .sort()
                .map((key) => [key, sorted(value[key])]),
            )
          : value;
      const text = (value) => JSON.stringify(sorted(value));
      const read = (url, options) => {
        try {
          return window.app.plaudit.parseCallback(url, options);
        } catch ({ code, oauthError, description }) {
          return { error: code, oauthError, description };
        }
      };
      const wrong = [];
      for (const one of cases) {
        const got = text(read(full(one, "url").url, one.options));
        const expected = text(full(one.expect, "accessToken"));
        if (got !== expected) wrong.push([one.id, got.slice(0, 200), expected.slice(0, 200)]);
      }
      return { count: cases.length, wrong };
    });
    assert.deepEqual(mismatches, { count: 260, wrong: [] });
  });

  scenario("P2: the web platform's form decoder cases, through parseCallback", {}, async (s) => {
    await s.go();
    const wrong = await s.run(async () => {
      const cases = await (await fetch("/vectors/wpt-urlencoded-parser.json")).json();
      const options = { provider: "trustpilot", responseType: "token", receivedAt: 0 };
      const start = "https://app.example/cb#access_token=t&token_type=bearer";
      const wrong = [];
      let values = 0;
      const read = (url, state) => {
        try {
          return window.app.plaudit.parseCallback(url, { ...options, state }).kind;
        } catch ({ code }) {
          return code;
        }
      };
      for (const { input, output } of cases) {
        // As a part of an answer it changes nothing: none of its names is a standard one.
        const beside = read(`${start}&state=s&${input}`, "s");
        if (beside !== "token") wrong.push([input, "beside", beside]);
        const pieces = input.split("&").filter((piece) => piece !== "");
        if (pieces.length !== output.length) wrong.push([input, "pieces", pieces.length]);
        // Each value in the place of state: only the exact decoded text is accepted.
        pieces.forEach((piece, at) => {
          const raw = piece.includes("=") ? piece.slice(piece.indexOf("=") + 1) : "";
          const [, value] = output[at];
          values += 1;
          const expected = value === "" ? "state_missing" : "token";
          const got = read(`${start}&state=${raw}`, value || "s");
          if (got !== expected) wrong.push([input, value, got]);
          const other = read(`${start}&state=${raw}`, `${value}x`);
          if (value && other !== "state_mismatch") wrong.push([input, `${value}x`, other]);
        });
      }
      return { count: cases.length, values: values > 30, wrong };
    });
    assert.deepEqual(wrong, { count: 35, values: true, wrong: [] });
  });

  scenario(
    "P3: what the engine's own address bar makes of a fragment is read alike",
    {},
    async (s) => {
      await s.go();
      const told = await s.run(async () => {
        const raw = 'a b+c%2Bd"<>é';
        const url = new URL(`${location.origin}/cb#access_token=t&token_type=bearer&state=${raw}`);
        const read = (href) =>
          window.app.plaudit.parseCallback(href, {
            provider: "trustpilot",
            responseType: "token",
            state: 'a b c+d"<>é',
          }).kind;
        return [url.hash.includes("a%20b+c%2Bd%22%3C%3E%C3%A9"), read(url.href), read(url)];
      });
      assert.deepEqual(told, [true, "token", "token"]);
    },
  );
}
