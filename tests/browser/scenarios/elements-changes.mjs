// What changes under an element: its language, its words, its place, its data, its page's mistakes.
import assert from "node:assert/strict";
import { until } from "../scenario.mjs";

const PAGE = "/elements.html";

/** What the page is told and what goes wrong in it, from now on; errors that nobody caught too. */
const LISTEN = () => {
  window.lines = [];
  window.uncaught = [];
  for (const name of ["warn", "error"]) {
    const before = console[name];
    console[name] = (...all) => {
      window.lines.push(all.join(" "));
      before.apply(console, all);
    };
  }
  addEventListener("error", ({ message }) => window.uncaught.push(message));
  addEventListener("unhandledrejection", ({ reason }) => window.uncaught.push(`${reason}`));
  window.score = (it) => it.shadowRoot?.querySelector(".score")?.textContent ?? null;
  window.text = (it) => it.shadowRoot?.textContent ?? null;
};

/** The objects that hear events of the window: as a script of the page's own. */
const COUNT = `window.added = [];
{
  const { addEventListener: add, removeEventListener: remove } = window;
  const at = (type, listener) => added.findIndex((it) => it[0] === type && it[1] === listener);
  window.addEventListener = (type, listener, ...rest) => {
    if (typeof listener === "object" && at(type, listener) < 0) added.push([type, listener]);
    add.call(window, type, listener, ...rest);
  };
  window.removeEventListener = (type, listener, ...rest) => {
    if (at(type, listener) >= 0) added.splice(at(type, listener), 1);
    remove.call(window, type, listener, ...rest);
  };
}`;

export function changes(scenario) {
  const go = async (s, path = PAGE) => {
    await s.go(path);
    await s.run(LISTEN);
  };

  scenario("I18N1: the page changes its language, and its elements theirs", {}, async (s) => {
    await go(s);
    const told = await s.run(async () => {
      window.put(`<div><plaudit-rating id="page" value="4.5" count="1234"></plaudit-rating>
        <p lang="fr"><plaudit-badge id="near" value="4.5" count="1234"></plaudit-badge></p>
        <plaudit-badge id="own" locale="es" value="4.5" count="1234"></plaudit-badge>
        <plaudit-stars id="stars" value="4.5"></plaudit-stars><section></section></div>`);
      const section = document.querySelector("section");
      const inner = document.createElement("plaudit-badge");
      Object.assign(inner, { id: "inner", value: 4.5, count: 1234 });
      section.attachShadow({ mode: "open" }).append(inner);
      const one = (id) => document.getElementById(id);
      const settled = () =>
        window.waitFor(() => [one("page"), one("near"), inner].every((it) => it.state === "ready"));
      await settled();
      const all = () => [
        ...["page", "near", "own"].map((id) => window.text(one(id))),
        one("stars").shadowRoot.querySelector("svg").getAttribute("aria-label"),
        window.text(inner),
      ];
      await window.waitFor(() => /1234/.test(all()[2]) && /1234/.test(all()[1].replace(/\W/g, "")));
      const first = all();
      document.documentElement.lang = "de";
      await window.waitFor(() => all()[0].includes("4,5") && all()[4].includes("4,5"));
      await window.waitFor(() => all()[3].includes("4,5"));
      const second = all();
      one("near").parentElement.lang = "it";
      await window.waitFor(() => all()[1] !== second[1]);
      const third = all();
      document.documentElement.lang = "en";
      await window.waitFor(() => all()[0] === first[0]);
      return { first, second, third, last: all() };
    });
    const { first, second, third, last } = told;
    assert.match(first[0], /^Excellent.*1,234 reviews on Trustpilot$/);
    assert.match(second[0], /1\.234 Bewertungen auf Trustpilot$/);
    assert.match(second[3], /4,5/);
    assert.match(second[4], /1\.234 Bewertungen/);
    assert.deepEqual([second[1], second[2]], [first[1], first[2]]);
    assert.notEqual(third[1], second[1]);
    assert.match(third[1], /recensioni/);
    assert.deepEqual([last[0], last[3], last[4]], [first[0], first[3], first[4]]);
    assert.deepEqual(await s.run(() => [window.lines, window.uncaught]), [[], []]);
  });

  scenario("I18N1: words that come after the drawing are drawn", {}, async (s) => {
    await go(s);
    const told = await s.run(async () => {
      // the page's own copy: in Firefox a driver's script has modules of its own
      const { addWords } = await window.define();
      const element = window.put('<plaudit-badge locale="cs" value="0" count="0"></plaudit-badge>');
      await window.waitFor(() => window.text(element));
      const found = [window.text(element)];
      addWords("cs", { none: "Zatím bez recenzí" });
      await window.waitFor(() => window.text(element) !== found[0]);
      found.push(window.text(element));
      // before its file comes: the page's own words stay
      const other = window.put('<plaudit-badge locale="de" value="0" count="0"></plaudit-badge>');
      await new Promise((done) => queueMicrotask(() => queueMicrotask(done)));
      addWords("de", { none: "Noch nichts" });
      await window.waitFor(() => window.text(other));
      await new Promise((done) => setTimeout(done, 300));
      found.push(window.text(other));
      // and after it came
      const third = window.put('<plaudit-badge locale="fr" value="0" count="0"></plaudit-badge>');
      await window.waitFor(() => window.text(third));
      addWords("fr", { none: "Rien" });
      await window.waitFor(() => window.text(third) === "Rien");
      return [...found, window.text(third)];
    });
    assert.deepEqual(told, ["No reviews yet", "Zatím bez recenzí", "Noch nichts", "Rien"]);
    assert.deepEqual(await s.run(() => window.uncaught), []);
  });

  scenario("I18N1: a language that failed to load comes once online again", {}, async (s) => {
    const { site } = s;
    await go(s);
    site.missing.add("/plaudit/elements/locales/sv.js");
    const first = await s.run(async () => {
      const element = window.put(
        '<plaudit-badge locale="sv" value="4.5" count="7"></plaudit-badge>',
      );
      await window.waitFor(() => window.score(element));
      return [element.state, window.text(element)];
    });
    assert.equal(first[0], "ready");
    assert.match(first[1], /7 reviews on Trustpilot/);
    site.missing.clear();
    // Firefox keeps what failed to load until the page is left (whatwg/html#6768)
    const patience = s.engine === "firefox" ? 2_000 : 20_000;
    const second = await s.run(async (patience) => {
      const element = document.querySelector("plaudit-badge");
      dispatchEvent(new Event("online"));
      await window.waitFor(() => !window.text(element).includes("reviews"), patience);
      return window.text(element);
    }, patience);
    assert.match(second, s.engine === "firefox" ? /7 (?:omdömen|reviews)/ : /7 omdömen/);
    assert.deepEqual(await s.run(() => window.uncaught), []);
  });

  scenario("CE7: a class under a name of the page's own", {}, async (s) => {
    await go(s, `${PAGE}?late`);
    const told = await s.run(async () => {
      const pure = await import("/plaudit/elements-pure.js");
      customElements.define("shop-rating", class extends pure.PlauditRating {});
      customElements.define("shop-reviews", class extends pure.PlauditReviews {});
      customElements.define("shop-stars", pure.PlauditStars);
      window.put(`<shop-rating value="4.5" count="12" href="https://a.example/"></shop-rating>
        <shop-reviews domain="example.com" proxy="/proxy/" loading="eager" per-page="2"></shop-reviews>
        <shop-stars value="3"></shop-stars>`);
      const [rating, reviews, stars] = document.querySelector("main").children;
      await window.waitFor(() => reviews.state === "ready");
      rating.value = 3;
      await window.drawn();
      return [
        [rating.state, window.score(rating), rating.href, rating.value],
        [
          reviews.state,
          reviews.perPage,
          reviews.shadowRoot.querySelectorAll("[part=review]").length,
        ],
        stars.shadowRoot.querySelector("svg").getAttribute("aria-label"),
        customElements.get("plaudit-rating") === undefined,
        getComputedStyle(rating).display,
      ];
    });
    assert.deepEqual(told, [
      ["ready", "3.0", "https://a.example/", 3],
      ["ready", 2, 2],
      "Rated 3.0 out of 5 stars",
      true,
      "block",
    ]);
    assert.deepEqual(await s.run(() => [window.lines, window.uncaught]), [[], []]);
  });

  scenario("CE9: put into a template and out again, it is whole", {}, async (s) => {
    await go(s);
    const told = await s.run(async () => {
      const main = document.querySelector("main");
      const found = [];
      const inert = document.createElement("template");
      main.append(inert);
      for (const tag of [
        "plaudit-stars",
        "plaudit-rating",
        "plaudit-histogram",
        "plaudit-sign-in",
      ]) {
        const element = document.createElement(tag);
        element.setAttribute("value", "4.5");
        element.setAttribute("client-id", "key");
        if ("data" in element && tag !== "plaudit-rating") element.data = window.rated();
        main.append(element);
        await window.waitFor(() => element.shadowRoot?.firstChild && element.state !== "loading");
        const before = window.heard(element);
        inert.content.append(element);
        element.setAttribute("locale", "de");
        await window.drawn();
        element.removeAttribute("locale");
        await window.drawn();
        main.append(element);
        await window.drawn();
        await new Promise((done) => setTimeout(done, 50));
        const { height } = element.getBoundingClientRect();
        found.push([before.length > 0, window.heard(element) === before, height > 5]);
        // made there, and only then in the page
        const made = document.createElement(tag);
        inert.content.append(made);
        await window.drawn();
        found.push([made.shadowRoot === null]);
        made.remove();
        element.remove();
      }
      return found;
    });
    assert.deepEqual(
      told,
      Array(4)
        .fill([[true, true, true], [true]])
        .flat(),
    );
    assert.deepEqual(await s.run(() => window.uncaught), []);
  });

  scenario(
    "SSR3 SSR6: what was drawn stays without a source: clones, old markup",
    {},
    async (s) => {
      await go(s);
      const told = await s.run(async () => {
        const found = {};
        for (const tag of [
          "plaudit-rating",
          "plaudit-badge",
          "plaudit-histogram",
          "plaudit-reviews",
        ]) {
          const element = document.createElement(tag);
          const reviews = [
            { ...{ provider: "trustpilot", id: "1", stars: 5, title: "T", text: "Text" } },
          ].map((it) => ({
            ...{
              language: "en",
              createdAt: null,
              author: "Ann",
              reply: null,
              verified: null,
              url: null,
            },
            ...it,
          }));
          element.data = { ...window.rated(), reviews };
          document.querySelector("main").append(element);
          await window.waitFor(() => element.state === "ready");
          const before = element.shadowRoot.textContent;
          const clone = element.cloneNode(true);
          document.querySelector("main").append(clone);
          found[tag] = [
            before.length > 3,
            await window.waitFor(() => clone.shadowRoot?.textContent === before),
          ];
          clone.data = { ...window.rated(1.5, 3, [2, 0, 0, 0, 1]), reviews: [] };
          await window.waitFor(() => clone.state !== "loading");
          found[tag].push(clone.shadowRoot.textContent !== before);
          // of another version: its data is all there is
          const old = document.createElement("div");
          const state = JSON.stringify({ ...window.rated(2.5, 9), reviews });
          const html = `<${tag}><template shadowrootmode="open"><p>old</p><script
          type="application/json" data-of="0.0.1 en">${state}</script></template></${tag}>`;
          if (Element.prototype.setHTMLUnsafe) old.setHTMLUnsafe(html);
          else old.innerHTML = html;
          document.querySelector("main").append(old);
          await window.waitFor(() => old.firstElementChild.state === "ready");
          const shown = window.text(old.firstElementChild);
          found[tag].push(old.firstElementChild.state, shown !== "old" && shown.length > 3);
          old.firstElementChild.locale = "de";
          await window.waitFor(() => window.text(old.firstElementChild) !== shown);
          found[tag].push(
            old.firstElementChild.state,
            window.text(old.firstElementChild) !== shown,
          );
        }
        return found;
      });
      const all = [true, true, true, "ready", true, "ready", true];
      assert.deepEqual(told, {
        "plaudit-rating": all,
        "plaudit-badge": all,
        "plaudit-histogram": all,
        "plaudit-reviews": all,
      });
      assert.deepEqual(await s.run(() => [window.lines, window.uncaught]), [[], []]);
    },
  );

  scenario("CE3 A11Y11: the same data again draws nothing and keeps the focus", {}, async (s) => {
    await go(s);
    const told = await s.run(async () => {
      const found = {};
      for (const tag of ["plaudit-rating", "plaudit-badge", "plaudit-histogram"]) {
        const element = document.createElement(tag);
        const { rating } = window.rated();
        element.data = { rating };
        document.querySelector("main").append(element);
        await window.waitFor(() => element.state === "ready");
        const link = element.shadowRoot.querySelector("a");
        link?.focus();
        let drawings = 0;
        const watch = new MutationObserver(() => {
          drawings += 1;
        });
        watch.observe(element.shadowRoot, { childList: true, subtree: true, attributes: true });
        for (let round = 0; round < 3; round += 1) {
          // as frameworks do at each rendering: another object of the same
          element.data = { rating };
          await window.drawn();
        }
        const isSame = !link || element.shadowRoot.activeElement === link;
        found[tag] = [drawings, isSame];
        element.data = { rating: { ...rating, value: 2 } };
        await window.drawn();
        await new Promise((done) => setTimeout(done, 20));
        const now = element.shadowRoot.querySelector("a");
        found[tag].push(!link || element.shadowRoot.activeElement === now);
      }
      return found;
    });
    assert.deepEqual(told, {
      "plaudit-rating": [0, true, true],
      "plaudit-badge": [0, true, true],
      "plaudit-histogram": [0, true, true],
    });
  });

  scenario("CE8: removed while it tells that it is there, nothing stays", {}, async (s) => {
    await go(s);
    await s.run((code) => {
      const script = document.createElement("script");
      script.textContent = code;
      document.head.append(script);
    }, COUNT);
    const told = await s.run(async () => {
      const source = 'domain="example.com" proxy="/proxy/" loading="eager" schema="aggregate"';
      const found = [];
      for (const tag of ["plaudit-rating", "plaudit-badge", "plaudit-reviews"]) {
        let count = 0;
        const element = window.put(`<${tag} ${source} schema-type="Product" name="A"></${tag}>`);
        element.addEventListener("plaudit-load", () => {
          count += 1;
          element.remove();
        });
        await window.waitFor(() => count > 0);
        await new Promise((done) => setTimeout(done, 200));
        const left = window.added.length;
        const scripts = document.querySelectorAll('script[type="application/ld+json"]').length;
        found.push([tag, count, left, scripts, element.isConnected]);
        // with an error the same
        const bad = window.put(
          `<${tag} domain="nobody.example" proxy="/proxy/" loading="eager"></${tag}>`,
        );
        let errors = 0;
        bad.addEventListener("plaudit-error", () => {
          errors += 1;
          bad.remove();
        });
        await window.waitFor(() => errors > 0);
        await new Promise((done) => setTimeout(done, 100));
        found.push([errors, window.added.length]);
      }
      return found;
    });
    assert.deepEqual(
      told,
      ["plaudit-rating", "plaudit-badge", "plaudit-reviews"].flatMap((tag) => [
        [tag, 1, 0, 0, false],
        [1, 0],
      ]),
    );
    assert.deepEqual(await s.run(() => window.uncaught), []);
  });

  scenario(
    "CE12: data of no form that it knows is an error, told once, never thrown",
    {},
    async (s) => {
      await go(s);
      const told = await s.run(async () => {
        const { rating } = window.rated();
        const bad = [
          { reviews: [null] },
          { reviews: 5 },
          { reviews: [{}] },
          {
            reviews: [{ stars: "x", createdAt: "never", author: 5, text: 7, title: {}, reply: 1 }],
          },
          { rating: 5 },
          { rating: "text" },
          { rating: [] },
          { rating: {} },
          { rating: { ...rating, value: "4.5", count: "many", url: 5, distribution: "12" } },
          { rating: { ...rating, distribution: [1, null, "x"] } },
          { rating: { ...rating, provider: null, url: {}, name: [] } },
          {},
          [],
          "text",
          7,
        ];
        const found = [];
        for (const tag of [
          "plaudit-rating",
          "plaudit-badge",
          "plaudit-histogram",
          "plaudit-reviews",
        ]) {
          for (const data of bad) {
            const element = document.createElement(tag);
            const heard = [];
            element.addEventListener("plaudit-error", ({ detail }) => heard.push(detail.code));
            window.lines.length = 0;
            try {
              element.data = data;
            } catch (error) {
              found.push([tag, JSON.stringify(data), `thrown ${error}`]);
            }
            document.querySelector("main").append(element);
            await window.waitFor(() => element.state !== "loading");
            await window.drawn();
            await new Promise((done) => setTimeout(done, 20));
            const { state } = element;
            const isTold = heard.length === 1 && window.lines.length === 1;
            const isQuiet = heard.length === 0 && window.lines.length === 0;
            const isRight =
              (state === "error" && isTold && heard[0] === "malformed_response") ||
              (["ready", "empty"].includes(state) && isQuiet && window.text(element));
            if (!isRight) found.push([tag, JSON.stringify(data), state, heard, [...window.lines]]);
            // what is right comes after it
            element.data = { rating, reviews: [] };
            await window.waitFor(() => ["ready", "empty"].includes(element.state));
            if (!["ready", "empty"].includes(element.state)) found.push([tag, element.state]);
            element.remove();
          }
        }
        return found;
      });
      assert.deepEqual(told, []);
      assert.deepEqual(await s.run(() => window.uncaught), []);
    },
  );

  scenario("a page's slip is told after five seconds, once", {}, async (s) => {
    await go(s);
    const told = await s.run(async () => {
      const late = [];
      const { setTimeout: start, clearTimeout: end } = window;
      window.setTimeout = (run, ms, ...rest) => {
        if (ms !== 5000) return start(run, ms, ...rest);
        late.push(run);
        return -late.length;
      };
      window.clearTimeout = (timer) => (timer < 0 ? delete late[-timer - 1] : end(timer));
      const forward = async (isTold = false) => {
        const fire = () => {
          for (const run of late.splice(0)) run?.();
          return window.lines.length > 0;
        };
        // what counts the seconds is a file that comes late
        if (isTold) await window.waitFor(fire);
        else await new Promise((done) => start(done, 300, fire()));
      };
      const found = [];
      for (const [html, isTold] of [
        ['<plaudit-rating busness-unit="46d6a890000064000500e0c3"></plaudit-rating>', true],
        ["<plaudit-reviews></plaudit-reviews>", true],
        ['<plaudit-rating provider="trustoo" shop="a.example"></plaudit-rating>', true],
        // these want for nothing
        ['<plaudit-stars value="4"></plaudit-stars>'],
        ['<plaudit-badge value="4"></plaudit-badge>'],
        [
          '<plaudit-badge domain="far.example" proxy="/proxy/" style="margin-top: 9000px"></plaudit-badge>',
        ],
      ]) {
        window.lines.length = 0;
        const element = window.put(html);
        await window.drawn();
        await forward(isTold);
        element.lang = "de";
        await forward();
        found.push(window.lines.length);
        if (window.lines.length > 0) found.push(window.lines[0]);
      }
      // with data in time, or gone
      window.lines.length = 0;
      const given = window.put("<plaudit-badge></plaudit-badge>");
      await window.drawn();
      given.data = window.rated();
      await window.drawn();
      window.put("<plaudit-badge></plaudit-badge>");
      await window.drawn();
      window.put("<p></p>");
      await forward();
      found.push(window.lines.length);
      window.setTimeout = start;
      window.clearTimeout = end;
      return found;
    });
    const what = "there is nothing to show: name a business, or set `data`";
    assert.deepEqual(told, [
      ...[1, `plaudit: <plaudit-rating>: ${what}`],
      ...[1, `plaudit: <plaudit-reviews>: ${what}`],
      ...[1, `plaudit: <plaudit-rating>: ${what}`],
      ...[0, 0, 0, 0],
    ]);
  });

  scenario("an answer of 404 is told by the console with what was asked for", {}, async (s) => {
    await go(s);
    await s.run(() => {
      window.put(
        '<plaudit-rating domain="nobody.example" proxy="/proxy/" loading="eager"></plaudit-rating>',
      );
    });
    await until(() => s.run(() => window.lines.length > 0), "it is told");
    const [line, ...others] = await s.run(() => window.lines);
    assert.deepEqual(others, []);
    assert.match(line, /^plaudit: <plaudit-rating> \(nobody\.example\): .*404 \(not_found\)/);
  });
}
