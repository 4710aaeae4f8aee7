// Left and come back to: the browser keeps the page as it was, and what it shows is renewed.
import assert from "node:assert/strict";
import { leaveAndReturn } from "../emulate.mjs";
import { until } from "../scenario.mjs";

const PAGE = "/elements.html?late";

export function back(scenario, { engine }) {
  scenario("PERF8: the page is kept when it is left, and renewed on return", {}, async (s) => {
    await s.go(PAGE);
    const asked = () => s.site.requests.filter(({ url }) => url.startsWith("/proxy/"));
    const states = () =>
      s.run(() => [...document.querySelectorAll("main > *")].map(({ state }) => state ?? null));
    const expected = ["ready", "ready", "ready", "ready", "signed-out"];
    const listened = await s.run(async () => {
      const listened = new Set();
      const { addEventListener } = window;
      window.addEventListener = (type, ...rest) => {
        listened.add(type);
        addEventListener.call(window, type, ...rest);
      };
      await window.define();
      const source = 'domain="example.com" proxy="/proxy/" loading="eager"';
      window.put(`<plaudit-rating ${source} schema="aggregate"></plaudit-rating>
        <plaudit-badge ${source}></plaudit-badge>
        <plaudit-histogram></plaudit-histogram>
        <plaudit-reviews ${source} layout="carousel"></plaudit-reviews>
        <plaudit-sign-in client-id="plaudit-demo-key"></plaudit-sign-in>`);
      document.querySelector("plaudit-histogram").data = window.rated();
      await window.settled([...document.querySelectorAll("main > *")]);
      window.drawing = document.querySelector("plaudit-histogram").shadowRoot.firstChild;
      return [...listened];
    });
    assert.deepEqual(await states(), expected);
    assert.ok(listened.includes("pageshow"));
    const leaving = listened.filter((type) => /unload|pagehide/.test(type));
    assert.deepEqual(leaving, [], "nothing listens for the end of the page");
    const before = asked().length;

    assert.deepEqual(await leaveAndReturn(s), { isKept: true, reasons: [] });
    await until(() => asked().length === 2 * before, "what was fetched is fetched again");
    await until(async () => `${await states()}` === `${expected}`, "all is there again");
    const isSame = await s.run(
      () => document.querySelector("plaudit-histogram").shadowRoot.firstChild === window.drawing,
    );
    assert.ok(isSame, "what was given is not drawn again");
    assert.equal(asked().length, 2 * before);

    // Firefox keeps no page that waits for an answer
    if (engine === "firefox") return;
    await s.fault("delay", { times: 1, ms: 700 });
    await s.run(() => {
      const source = 'domain="books.example" proxy="/proxy/" loading="eager"';
      window.put(`<plaudit-badge ${source}></plaudit-badge>`);
    });
    await until(() => asked().length > 2 * before, "it asks");
    assert.deepEqual(await leaveAndReturn(s), { isKept: true, reasons: [] });
    await until(async () => `${await states()}` === "ready", "the answer is awaited");
  });
}
