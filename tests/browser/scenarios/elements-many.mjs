// Many on one page: what is drawn and shared, what is asked how often, and what stays behind.
import assert from "node:assert/strict";
import { collects, heap, held } from "../emulate.mjs";
import { until } from "../scenario.mjs";

const PAGE = "/elements.html";
const calls = (s) => s.site.requests.filter(({ url }) => url.startsWith("/proxy/"));
const states = (s) =>
  s.run(() => {
    const all = [...document.querySelectorAll("main *")].filter(({ state }) => state);
    return [...new Set(all.map(({ state }) => state))].sort().join();
  });

export function many(scenario, { engine }) {
  scenario(
    "PERF1 PERF2: a thousand rows of stars share their sheets, four nodes each",
    {},
    async (s) => {
      await s.go(PAGE);
      const told = await s.run(async () => {
        let made = 0;
        const { createElementNS } = document;
        document.createElementNS = (...what) => {
          made += 1;
          return createElementNS.apply(document, what);
        };
        const all = Array.from({ length: 1000 }, (_, at) => {
          return `<plaudit-stars value="${(at % 41) / 10 + 1}"></plaudit-stars>`;
        });
        window.put(all.join(""));
        await window.drawn();
        const rows = [...document.querySelectorAll("plaudit-stars")];
        delete document.createElementNS;
        const [first] = rows;
        const sheets = first.shadowRoot.adoptedStyleSheets;
        const same = (row) =>
          row.shadowRoot.adoptedStyleSheets.every((one, at) => one === sheets[at]);
        return {
          nodes: [
            ...new Set(rows.map(({ shadowRoot }) => shadowRoot.querySelectorAll("*").length)),
          ],
          paths: [...new Set(rows.map((row) => row.shadowRoot.querySelectorAll("path").length))],
          sheets: sheets.length,
          isShared: rows.every(same),
          styles: rows.filter(({ shadowRoot }) => shadowRoot.querySelector("style")).length,
          made,
        };
      });
      const { made, ...others } = told;
      assert.deepEqual(others, { nodes: [4], paths: [3], sheets: 2, isShared: true, styles: 0 });
      // nine drawings, of which all are clones
      assert.equal(made, 9 * 4);
      const classes = await s.run(async () => {
        window.put("<plaudit-rating></plaudit-rating><plaudit-badge></plaudit-badge>");
        await window.drawn();
        const [rating, badge] = document.querySelectorAll("main > *");
        const own = rating.shadowRoot.adoptedStyleSheets;
        return badge.shadowRoot.adoptedStyleSheets.filter((one) => own.includes(one)).length;
      });
      assert.equal(classes, 3, "elements share sheets among them");
    },
  );

  scenario("PERF3: far below the window nothing is asked, near it once", {}, async (s) => {
    await s.go(PAGE);
    await s.run(async () => {
      const { IntersectionObserver } = window;
      window.observers = 0;
      window.IntersectionObserver = class extends IntersectionObserver {
        constructor(...options) {
          super(...options);
          window.observers += 1;
        }
      };
      const one = '<plaudit-badge domain="example.com" proxy="/proxy/"></plaudit-badge>';
      window.put(`<div id="space"></div>${one.repeat(100)}`);
      document.getElementById("space").style.height = "9000px";
      await new Promise((done) => setTimeout(done, 400));
    });
    assert.deepEqual(calls(s), []);
    assert.equal(await states(s), "loading");
    await s.run(() => void scrollTo(0, document.body.scrollHeight));
    await until(async () => (await states(s)) === "ready", "all are ready");
    assert.equal(calls(s).length, 1);
    assert.equal(await s.run(() => window.observers), 1, "one observer for all");
  });

  scenario("PERF4: fifty of a business are one request, whatever becomes of one", {}, async (s) => {
    await s.go(PAGE);
    await s.fault("delay", { times: 1, ms: 400 });
    // asked directly: the proxy of the tests forbids to keep anything
    const own = `base-url="${s.world}/v1" api-key="plaudit-demo-key" loading="eager"`;
    const asked = async () =>
      (await s.journal("/v1/business-units/find")).filter(({ method }) => method === "GET").length;
    const put = (domain) =>
      s.run((source) => {
        const tags = ["rating", "badge", "histogram"];
        const all = Array.from({ length: 50 }, (_, at) => {
          const tag = tags[at % 3];
          return `<plaudit-${tag} ${source}></plaudit-${tag}>`;
        });
        window.put(all.join(""));
      }, `domain="${domain}" ${own}`);
    await put("example.com");
    await until(async () => (await asked()) > 0, "it asks");
    await s.run(() => {
      // also the one that asked first
      document.querySelector("main").firstElementChild.remove();
      document.querySelector("main").lastElementChild.remove();
    });
    await until(async () => (await states(s)) === "ready", "all are ready");
    assert.equal(await asked(), 1);
    // another one later, too
    await s.run((own) => {
      window.put(`<plaudit-histogram domain="example.com" ${own}></plaudit-histogram>`);
    }, own);
    await until(async () => (await states(s)) === "ready", "it is ready");
    assert.equal(await asked(), 1);

    // an error is everybody's, and trying again is one request for all
    await s.fault("404");
    await s.control("DELETE", "requests");
    await put("books.example");
    await until(async () => (await states(s)) === "error", "all have the error");
    assert.equal(await asked(), 1);
    await s.clearFaults();
    await s.control("DELETE", "requests");
    await s.fault("500");
    await put("coffee.example");
    await until(async () => (await states(s)) === "error", "all have the error");
    const failed = await asked();
    assert.ok(failed <= 4, `${failed} requests, with the client's own attempts`);
    await s.clearFaults();
    await s.run(() => void dispatchEvent(new Event("online")));
    await until(async () => (await states(s)) === "ready", "all are ready");
    assert.equal(await asked(), failed + 1);
  });

  scenario("CE6: loaded twice, the elements are defined once, without a word", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const warnings = [];
      const { warn } = console;
      console.warn = (text) => warnings.push(text);
      const first = customElements.get("plaudit-rating");
      const copy = await import("/plaudit/elements.js?again");
      copy.defineElements();
      const own = first.version;
      Object.defineProperty(first, "version", { value: "0.0.1", configurable: true });
      copy.defineElements();
      Object.defineProperty(first, "version", { value: own, configurable: true });
      console.warn = warn;
      return [customElements.get("plaudit-rating") === first, warnings];
    });
    assert.equal(told[0], true);
    assert.deepEqual(told[1], ["plaudit: <plaudit-rating> is already defined, by version 0.0.1"]);
  });

  scenario("CE7: the classes can be had without being defined", {}, async (s) => {
    await s.go(`${PAGE}?late`);
    const told = await s.run(async () => {
      const { PlauditRating, defineElements } = await import("/plaudit/elements-pure.js");
      const before = customElements.get("plaudit-rating");
      defineElements();
      return [before === undefined, customElements.get("plaudit-rating") === PlauditRating];
    });
    assert.deepEqual(told, [true, true]);
  });

  scenario("CE8: put in and taken out five hundred times, nothing stays", {}, async (s) => {
    await s.go(PAGE);
    const rounds = (count) =>
      s.run(async (count) => {
        const main = document.querySelector("main");
        const source = 'domain="example.com" proxy="/proxy/"';
        const review = { provider: "trustpilot", id: "1", stars: 4, title: "Good", text: "It is." };
        const reviews = [{ ...review, createdAt: new Date().toISOString() }];
        window.mounted = [];
        for (let round = 0; round < count; round += 1) {
          window.put(`<plaudit-stars value="4"></plaudit-stars>
            <plaudit-rating ${source}></plaudit-rating><plaudit-badge ${source}></plaudit-badge>
            <plaudit-histogram ${source} for="list"></plaudit-histogram>
            <plaudit-reviews id="list" layout="carousel"></plaudit-reviews>
            <plaudit-sign-in client-id="key"></plaudit-sign-in>`);
          for (const one of main.querySelectorAll("plaudit-histogram")) one.data = window.rated();
          for (const one of main.querySelectorAll("plaudit-reviews")) one.data = { reviews };
          await window.settled([...main.querySelectorAll("plaudit-histogram, plaudit-reviews")]);
          for (const one of main.children) window.mounted.push(new WeakRef(one));
          main.replaceChildren();
          await Promise.resolve();
        }
        window.told.length = 0;
        return window.listeners();
      }, count);
    await s.run(() => {
      // the same function twice is one listener
      const all = new Map([window, document].map((target) => [target, new Map()]));
      for (const [target, known] of all) {
        const { addEventListener, removeEventListener } = target;
        const of = (type) => known.get(type) ?? known.set(type, new Set()).get(type);
        target.addEventListener = (type, listener, options) => {
          of(type).add(listener);
          addEventListener.call(target, type, listener, options);
        };
        target.removeEventListener = (type, listener, options) => {
          of(type).delete(listener);
          removeEventListener.call(target, type, listener, options);
        };
      }
      window.listeners = () =>
        [...all.values()].flatMap((known) =>
          [...known].filter(([, { size }]) => size).map(([type, { size }]) => `${type} ${size}`),
        );
    });
    // one for the page, which all lists of reviews share
    const shared = ["pageshow 1", "visibilitychange 1"];
    assert.deepEqual(await rounds(50), shared);
    if (!collects(engine)) {
      assert.deepEqual(await rounds(50), shared);
      return;
    }
    const before = await heap(s);
    assert.deepEqual(await rounds(500), shared);
    // Firefox itself keeps a few whose animation had no time to begin
    const left = await held(s, engine === "firefox" ? 50 : 0);
    assert.equal(left, 0, `${left} of 3,000 elements`);
    const grown = (await heap(s)) - before;
    assert.ok(grown < 500_000, `${grown} bytes`);
  });
}
