// The states of elements with data: what is seen, said and told from the skeleton to the answer, and
// when there is none.
import assert from "node:assert/strict";
import { assertAccessible, watchForTrouble } from "../looks.mjs";
import { until } from "../scenario.mjs";

const PAGE = "/elements.html";
const SOURCE = 'proxy="/proxy/" loading="eager"';
const FIND = "/v1/business-units/find";

/** What an element is in, and what it shows. */
const shown = (s, selector = "main > *") =>
  s.run((selector) => {
    const element = document.querySelector(selector);
    const { state, dataset, error, shadowRoot } = element;
    const states = ["loading", "ready", "empty", "error", "offline"];
    const matching = states.filter((one) => {
      try {
        return element.matches(`:state(${one})`);
      } catch {
        // an engine without custom states
        return one === state;
      }
    });
    return {
      state,
      marked: dataset.state ?? matching.join(),
      matching: matching.join(),
      code: error?.code ?? null,
      status: shadowRoot.querySelector("[role=status]")?.firstChild?.data ?? null,
      hasRetry: !!shadowRoot.querySelector("[part=retry]"),
      text: window.heard(element),
    };
  }, selector);
const inState = (s, state, selector) =>
  until(async () => {
    const now = await shown(s, selector);
    return now.state === state && now;
  }, `it is ${state}`);
const put = (s, html) => s.run((html) => void window.put(html), html);
const told = (s) =>
  s.run(() =>
    window.told.splice(0).map(({ name, state, from, code }) => [name, state, from ?? code]),
  );
const finds = (s) => s.site.requests.filter(({ url }) => url.includes("business-units/find"));

export function loading(scenario, { engine }) {
  scenario("CE12: from the skeleton to the answer, and each state can be styled", {}, async (s) => {
    await s.go(PAGE);
    for (const tag of ["rating", "badge", "histogram"]) {
      await s.fault("delay", { times: 1, ms: 400 });
      await put(s, `<plaudit-${tag} domain="${tag}.example" ${SOURCE}></plaudit-${tag}>`);
      const { state, marked, matching } = await inState(s, "loading");
      assert.deepEqual([state, marked, matching], ["loading", "loading", "loading"]);
      const last = await until(async () => {
        const now = await shown(s);
        return now.state !== "loading" && now;
      }, "it has an answer");
      // nobody has that domain
      assert.deepEqual([last.state, last.code, last.hasRetry], ["error", "not_found", false]);
      assert.deepEqual([last.marked, last.matching], ["error", "error"]);
      assert.equal(last.status, "This cannot be shown right now.");
      await put(s, `<plaudit-${tag} domain="example.com" ${SOURCE}></plaudit-${tag}>`);
      const ready = await inState(s, "ready");
      assert.deepEqual([ready.marked, ready.matching, ready.status], ["ready", "ready", null]);
      assert.match(ready.text, tag === "histogram" ? /5 stars, \d+ reviews?, \d+%/ : /\d out of 5/);
      assert.deepEqual(await told(s), [
        ["plaudit-error", "error", "not_found"],
        ["plaudit-load", "ready", "network"],
      ]);
    }
  });

  scenario("A11Y3: a business without reviews is empty, not bad", {}, async (s) => {
    await s.go(PAGE);
    for (const tag of ["rating", "badge", "histogram"]) {
      await put(s, `<plaudit-${tag} domain="new-shop.example" ${SOURCE}></plaudit-${tag}>`);
      const { text, status } = await inState(s, "empty");
      assert.match(text, tag === "histogram" ? /^5 stars, 0 reviews, 0%/ : /^No reviews yet$/);
      assert.equal(status, null);
    }
    // how many of each is not known
    await s.run(() => {
      window.put("<plaudit-histogram></plaudit-histogram>").data = window.rated(4, 12, null);
    });
    await inState(s, "empty");
  });

  scenario("A11Y11: after an error a button tries again, and keeps the focus", {}, async (s) => {
    await s.go(PAGE);
    await watchForTrouble(s);
    await s.fault("500");
    await put(s, `<h1>Shop</h1><plaudit-rating domain="example.com" ${SOURCE}></plaudit-rating>`);
    const failed = await inState(s, "error", "plaudit-rating");
    assert.deepEqual([failed.code, failed.hasRetry], ["server_error", true]);
    assert.equal(failed.text, "This cannot be shown right now. Try again");
    await assertAccessible(s, "error");
    const retry = async () => {
      const host = await s.find("plaudit-rating");
      const button = await (await host.getShadowRoot()).findElement({ css: "[part=retry]" });
      await button.click();
    };
    const focused = () =>
      s.run(() => document.querySelector("plaudit-rating").shadowRoot.activeElement?.localName);
    const before = finds(s).length;
    await retry();
    await until(() => finds(s).length > before, "it asks again");
    await inState(s, "error", "plaudit-rating");
    assert.equal(await focused(), "button");
    await s.clearFaults();
    await retry();
    await inState(s, "ready", "plaudit-rating");
    assert.equal(await focused(), "a");
    assert.deepEqual(await told(s), [
      ["plaudit-error", "error", "server_error"],
      ["plaudit-error", "error", "server_error"],
      ["plaudit-load", "ready", "network"],
    ]);
    await assertAccessible(s, "ready");
  });

  scenario(
    "A11Y11: what is said of a failure stands where it was listened for before",
    {},
    async (s) => {
      await s.go(`${PAGE}?late`);
      const told = await s.run(async () => {
        const { attachInternals } = HTMLElement.prototype;
        HTMLElement.prototype.attachInternals = function () {
          this.inside = attachInternals.call(this);
          return this.inside;
        };
        await window.define();
        const soon = () => new Promise((done) => setTimeout(done, 50));
        const wait = async (look) => {
          for (let round = 0; round < 400 && !look(); round += 1) await soon();
        };
        const found = {};
        for (const tag of ["rating", "badge", "histogram", "reviews"]) {
          window.put(`<plaudit-${tag} loading="eager"></plaudit-${tag}><p>After</p>`);
          const [element, after] = document.querySelector("main").children;
          const { rating } = window.rated();
          let end = null;
          const ask = () =>
            new Promise((done, fail) => {
              end = (code) => {
                end = null;
                const error = Object.assign(new Error(""), { name: "PlauditError", code });
                if (code) fail(Object.assign(error, { retryable: true }));
                else done(rating);
              };
            });
          const reviews = async () => ({ reviews: [{ id: "1", stars: 5, text: "Good" }] });
          element.client = {
            businessUnits: { find: ask, idOf: ask, reviews },
            toRating: (it) => it,
            toReview: (it) => it,
          };
          element.domain = "a.example";
          const root = () => element.shadowRoot;
          const live = () => [...root().querySelectorAll("[role=status]")].at(-1);
          const gone = [];
          const steps = [];
          let first;
          for (const code of ["server_error", "", "network_error", "network_error", ""]) {
            await wait(() => end);
            await soon();
            first ??= live();
            const before = [element.inside.ariaBusy, live() === first];
            const isRetried = steps.at(-1)?.[2] === "offline";
            if (steps.length === 0) {
              before.push(live()?.textContent, live()?.getBoundingClientRect().height);
              new MutationObserver((all) => {
                gone.push(...all.flatMap(({ removedNodes }) => [...removedNodes]));
              }).observe(root(), { childList: true });
            }
            const { top } = after.getBoundingClientRect();
            end(code);
            await wait(() => element.state !== "loading");
            const text = live()?.firstChild?.data ?? null;
            const isSeen = text !== null && live().getBoundingClientRect().height > 20;
            const isSteady = tag === "reviews" || element.state === "offline";
            const moved = isSteady ? 0 : after.getBoundingClientRect().top - top;
            const isLost = isRetried && code && !root().activeElement?.matches(".retry");
            if (isLost) steps.push("the focus is lost");
            steps.push([...before, element.state, element.inside.ariaBusy, text, isSeen, moved]);
            const button = live()?.querySelector("button");
            button?.focus();
            if (button) button.click();
            else element.refresh();
          }
          found[tag] = { steps, isKept: !gone.includes(first) };
        }
        return found;
      });
      const error = ["error", "false", "This cannot be shown right now.", true, 0];
      const offline = ["offline", "false", "No connection. This was loaded earlier.", true, 0];
      const ready = ["ready", "false", null, false, 0];
      for (const [tag, { steps, isKept }] of Object.entries(told)) {
        assert.equal(isKept, true, tag);
        const [first, ...others] = steps;
        assert.deepEqual(first, ["true", true, "", 0, ...error], tag);
        const then = [ready, offline, offline, ready].map((it) => ["true", true, ...it]);
        // where the notice was goes what it said away from
        then[3][6] = others[3]?.[6];
        assert.deepEqual(others, then, tag);
      }
    },
  );

  scenario(
    "without a connection the last answer stays, until there is one again",
    {},
    async (s) => {
      await s.go(PAGE);
      await watchForTrouble(s);
      // asked anew each time: a client of the page's own, without a cache
      await s.run(async () => {
        const { createClient } = await import("/plaudit/index.js");
        const element = window.put(
          "<h1>Shop</h1><plaudit-rating></plaudit-rating>",
        ).nextElementSibling;
        element.loading = "eager";
        element.domain = "example.com";
        element.client = createClient({
          provider: "trustpilot",
          proxy: "/proxy/",
          cache: false,
          retry: 0,
        });
      });
      const { text } = await inState(s, "ready", "plaudit-rating");
      await s.fault("cut-before-headers");
      // the proxy of the tests turns that into a 502, so the page's own fetch is cut
      await s.run(() => {
        window.real = window.fetch;
        window.fetch = () => Promise.reject(new TypeError("no connection"));
        document.querySelector("plaudit-rating").refresh();
      });
      const offline = await inState(s, "offline", "plaudit-rating");
      assert.deepEqual([offline.marked, offline.matching], ["offline", "offline"]);
      assert.equal(offline.text, `${text} No connection. This was loaded earlier. Try again`);
      await assertAccessible(s, "offline");
      await s.run(() => void dispatchEvent(new Event("online")));
      await inState(s, "offline", "plaudit-rating");
      await s.clearFaults();
      await s.run(() => {
        window.fetch = window.real;
        dispatchEvent(new Event("online"));
      });
      const back = await inState(s, "ready", "plaudit-rating");
      assert.equal(back.text, text);
      const events = await told(s);
      assert.deepEqual(events[0], ["plaudit-load", "ready", "network"]);
      assert.deepEqual(events[1], ["plaudit-error", "offline", "network_error"]);
      assert.deepEqual(events.at(-1), ["plaudit-load", "ready", "network"]);
      // another error takes nothing from what is shown
      await s.fault("500");
      await s.run(() => document.querySelector("plaudit-rating").refresh());
      await until(async () => (await told(s)).length > 0, "it tells of the error");
      const same = await shown(s, "plaudit-rating");
      assert.deepEqual([same.state, same.code, same.text], ["ready", "server_error", text]);
      await s.clearFaults();
    },
  );

  scenario("PERF5: nothing moves from the skeleton to any end", {}, async (s) => {
    const ends = {
      ready: { domain: "example.com" },
      empty: { domain: "new-shop.example" },
      error: { domain: "example.com", fault: "500" },
    };
    for (const width of [1100, 320]) {
      for (const [end, { domain, fault }] of Object.entries(ends)) {
        await s.go(PAGE);
        // in a narrow place, what is said instead has fewer lines than a rating
        if (width === 320 && end !== "ready") continue;
        if (fault) await s.fault(fault);
        const { first, before, after, shift } = await s.run(
          async (width, domain, end) => {
            const tags = ["rating", "badge", "histogram"];
            const all = tags.map(
              (tag) => `<plaudit-${tag} class="it" proxy="/proxy/"></plaudit-${tag}><p>After</p>`,
            );
            const boxes = () =>
              [...document.querySelectorAll("main > *")].map((one) => {
                const { x, y, height } = one.getBoundingClientRect();
                // a badge is as wide as its words
                return [one.localName, x, y, height].join(" ");
              });
            document.querySelector("main").style.width = `${width - 32}px`;
            window.put(all.join(""));
            await Promise.resolve();
            const first = boxes();
            await new Promise((done) => setTimeout(done, 100));
            let shift = 0;
            const seen = PerformanceObserver.supportedEntryTypes?.includes("layout-shift");
            const watch =
              seen &&
              new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) shift += entry.value;
              });
            if (watch) watch.observe({ type: "layout-shift" });
            const before = boxes();
            for (const one of document.querySelectorAll(".it")) {
              one.domain = domain;
            }
            const its = [...document.querySelectorAll(".it")];
            await window.waitFor(() => its.every(({ state }) => state === end));
            await new Promise((done) => setTimeout(done, 100));
            const after = boxes();
            return { first, before, after, shift };
          },
          width,
          domain,
          end,
        );
        await s.clearFaults();
        assert.equal((await shown(s)).state, end);
        assert.deepEqual(before, first, `${width} ${end}: while it waits`);
        assert.deepEqual(after, before, `${width} ${end}`);
        if (engine === "chromium") assert.equal(shift, 0, `${width} ${end}`);
      }
    }
  });

  scenario("CE11: nothing moves when the elements are defined late", {}, async (s) => {
    await s.go(`${PAGE}?late`);
    const { before, after } = await s.run(async () => {
      window.put(`Stars <plaudit-stars value="4.5"></plaudit-stars>
        <plaudit-rating value="4.5" count="12"></plaudit-rating>
        <plaudit-badge value="4.5" count="12"></plaudit-badge>
        <plaudit-histogram></plaudit-histogram><p>After</p>`);
      const boxes = () =>
        [...document.querySelectorAll("main > *")].map((one) => {
          const { x, y, width, height } = one.getBoundingClientRect();
          // until it is defined nobody knows how wide a badge is
          const wide = one.localName === "plaudit-badge" ? 0 : Math.round(width);
          return [one.localName, x, Math.round(y), wide, Math.round(height)].join(" ");
        });
      const before = boxes();
      // a script that is long on its way
      await new Promise((done) => setTimeout(done, 500));
      await window.define();
      await window.drawn();
      return { before, after: boxes() };
    });
    assert.deepEqual(after, before);
  });

  scenario("SEC8: the key stands in no event, error or shadow root", {}, async (s) => {
    await s.go(PAGE);
    const key = "plaudit-demo-key";
    const source = `base-url="${s.world}/v1" loading="eager"`;
    await put(
      s,
      `<plaudit-rating domain="example.com" api-key="${key}" ${source}></plaudit-rating>`,
    );
    await inState(s, "ready");
    const drawn = await s.run(() => document.querySelector("plaudit-rating").shadowRoot.innerHTML);
    assert.ok(drawn.includes("reviews on Trustpilot") && !drawn.includes(key), drawn);
    await s.fault("401", { times: 1 });
    await put(
      s,
      `<plaudit-badge domain="books.example" api-key="${key}" ${source}></plaudit-badge>`,
    );
    await inState(s, "error");
    const texts = await s.run(() => {
      const { shadowRoot, error } = document.querySelector("main > *");
      const own = `${error.message} ${error.stack} ${JSON.stringify(error)} ${shadowRoot.innerHTML}`;
      return [own, ...window.told.map(({ text }) => text)];
    });
    assert.equal(texts.length, 3);
    for (const text of texts) assert.ok(!text.includes(key), text);
    const [request] = await s.journal(FIND);
    assert.ok(request, "the sandbox was asked itself");
  });

  scenario("attributes of nothing that can be asked wait for data", {}, async (s) => {
    await s.go(PAGE);
    await put(s, "<plaudit-rating></plaudit-rating>");
    await inState(s, "loading");
    await s.run(() => {
      document.querySelector("plaudit-rating").data = window.rated();
    });
    await inState(s, "ready");
    await s.run(() => {
      document.querySelector("plaudit-rating").data = null;
    });
    const { text } = await inState(s, "loading");
    assert.equal(text, "", "nothing is left of what it was");
    assert.deepEqual(await told(s), []);
    // a source that goes away takes its answer along
    await put(s, `<plaudit-rating domain="example.com" ${SOURCE}></plaudit-rating>`);
    await inState(s, "ready");
    await s.run(() => document.querySelector("plaudit-rating").removeAttribute("domain"));
    const bare = await inState(s, "loading");
    assert.equal(bare.text, "", "nothing is left of the answer");
    await told(s);
    // neither key nor proxy: said as an error of whoever wrote the page
    await put(s, '<plaudit-rating domain="example.com" loading="eager"></plaudit-rating>');
    const { code, hasRetry } = await inState(s, "error");
    assert.deepEqual([code, hasRetry], ["invalid_argument", false]);
  });
}
