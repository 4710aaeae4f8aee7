// The sandbox's own page: it lists what there is, and each address can be tried. And the sandbox
// inside of a page.
import assert from "node:assert/strict";
import { createSandbox } from "plaudit/sandbox";
import { transcript, within } from "../../sandbox/transcript.mjs";
import { assertAccessible, assertFits, watchForTrouble } from "../looks.mjs";
import { until } from "../scenario.mjs";

export function sandbox(scenario) {
  const open = async (s) => {
    await s.driver.get(`${s.world}/`);
    await until(
      () => s.driver.executeScript("return 'ready' in document.documentElement.dataset"),
      "the page is ready",
    );
    await watchForTrouble(s);
  };
  const pick = async (s, route) => {
    await s.driver.executeScript(
      "document.querySelector('a[data-route=' + CSS.escape(arguments[0]) + ']').click()",
      route,
    );
    await until(
      () => s.driver.executeScript("return document.title === arguments[0]", route),
      `${route} is shown`,
    );
  };
  const fill = (s, label, value) =>
    s.driver.executeScript(
      `const label = [...document.querySelectorAll("label")].find((one) => one.textContent === arguments[0]);
       const field = document.getElementById(label.htmlFor);
       field.value = arguments[1];
       field.dispatchEvent(new Event("change"));`,
      label,
      value,
    );
  /** Sends the form and waits for an answer whose state has this text. */
  const send = async (s, state) => {
    await s.click("form .primary");
    await until(async () => (await s.text(".state")).includes(state), `the answer is ${state}`);
  };

  scenario("the sandbox's page: an address, its answer, a fault", {}, async (s) => {
    await open(s);
    await pick(s, "GET /v1/business-units/find");
    await send(s, "200");
    const body = JSON.parse(await s.text("pre[aria-label=Body]"));
    assert.equal(body.name.identifying, "example.com");
    await fill(s, "name", "nobody.example");
    await send(s, "404");
    await fill(s, "Fault", "429");
    await fill(s, "Fault: retry_after", "7");
    await send(s, "429");
    assert.match(await s.text("pre[aria-label=Headers]"), /retry-after: 7/);
    assert.match(await s.text("pre[aria-label='As a command']"), /^curl -H 'apikey: /);
    await fill(s, "Fault", "cut-before-headers");
    await send(s, "No whole answer");
    await fill(s, "Fault", "hang");
    await s.click("form .primary");
    await s.click("form button[type=button]");
    await until(async () => (await s.text(".state")).includes("Stopped"), "it is stopped");
    const statuses = (await s.journal()).map(({ status }) => status);
    assert.deepEqual(statuses.slice(0, 3), [200, 404, 429]);
    assert.deepEqual(await s.driver.executeScript("return window.broken"), []);
  });

  scenario("the sandbox's page: every read answers its example", {}, async (s) => {
    await open(s);
    const reads = await s.run(async () => {
      const { routes } = await (await fetch("__sandbox/routes")).json();
      const fits = ({ method, area, example, access }) =>
        method === "GET" && area === "api" && example && access !== "bearer";
      return routes.filter(fits).map(({ method, path }) => `${method} ${path}`);
    });
    assert.ok(reads.length > 30, String(reads.length));
    for (const route of reads) {
      await pick(s, route);
      await send(s, "200");
    }
  });

  scenario("the sandbox's page: a sign-in fills the token in", {}, async (s) => {
    await open(s);
    await pick(s, "GET /authenticate");
    await s.click("form .primary");
    await s.see("#allow");
    await s.click("#allow");
    await until(async () => (await s.text("#note")).startsWith("There is a token"), "it is back");
    assert.equal(await s.address(), `${s.world}/`);
    await pick(s, "GET /v1/private/business-units/{id}/reviews");
    await send(s, "200");
    const [entry] = (await s.journal()).slice(-1);
    assert.deepEqual(entry.token_seen, ["authorization"]);
  });

  scenario("the sandbox's page: filter, back, keyboard, a phone's width, axe", {}, async (s) => {
    const { width, height } = await s.driver.manage().window().getRect();
    const check = async (state) => {
      await assertAccessible(s, state);
      await assertFits(s, state);
    };
    try {
      await open(s);
      await check("overview");
      const filter = await s.find("#filter");
      await filter.sendKeys("reviews likes");
      assert.equal(
        await s.driver.executeScript(
          "return document.querySelectorAll('nav li:not([hidden])').length",
        ),
        1,
      );
      assert.match(await s.text("#matches"), /^1 of \d+$/);
      await pick(s, "GET /v1/reviews/{id}/likes");
      const focused = "return document.activeElement.tagName + document.activeElement.textContent";
      assert.match(await s.driver.executeScript(focused), /^H1GET \/v1\/reviews/);
      await send(s, "200");
      await check("answer");
      await s.driver.navigate().back();
      await until(() => s.driver.executeScript("return panel.hidden"), "the overview is back");
      await s.driver.manage().window().setRect({ width: 400, height: 800 });
      await check("overview on a phone");
      await pick(s, "POST /v1/oauth/oauth-business-users-for-applications/accesstoken");
      await send(s, "200");
      await check("answer on a phone");
    } finally {
      await s.driver.manage().window().setRect({ width, height });
    }
  });

  scenario("SB3 SB12: plaudit/sandbox in a page", {}, async (s) => {
    await s.driver.get(`${s.site.url}/blank.html`);
    const answer = await s.run(async () => {
      const { createSandbox } = await import("/plaudit/sandbox.js");
      const { transcript, within } = await import("/sandbox/transcript.mjs");
      const { hash } = await transcript(within(createSandbox()));
      const { fetch } = createSandbox();
      const url =
        "https://api.trustpilot.com/v1/business-units/find?name=example.com&apikey=plaudit-demo-key&__fault=";
      const name = (error) => error.name;
      const controller = new AbortController();
      const { signal } = controller;
      setTimeout(() => controller.abort(), 20);
      return {
        hash,
        before: await fetch(`${url}cut-before-headers`).catch(name),
        // text() says AbortError in Firefox, of any stream that breaks off
        within: await fetch(`${url}cut-body`).then(async ({ body }) => {
          const reader = body.getReader();
          return [(await reader.read()).value.length > 100, await reader.read().catch(name)];
        }),
        hang: await fetch(`${url}hang`, { signal }).catch(name),
      };
    });
    assert.deepEqual(answer, {
      hash: (await transcript(within(createSandbox()))).hash,
      before: "TypeError",
      within: [true, "TypeError"],
      hang: "AbortError",
    });
  });
}
