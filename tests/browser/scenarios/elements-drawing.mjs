// What elements draw: the same as Rust writes, as it is read aloud, in every language, and safe.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { assertAccessible, assertFits, watchForTrouble } from "../looks.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const vectors = new URL("../../vectors/widgets.json", import.meta.url);
const PAGE = "/elements.html";

/** What draws views and makes them, which the package keeps to itself. */
async function inner() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { drawBadge } from "./js/elements/badge.ts";
        export { drawHistogram } from "./js/elements/histogram-drawing.ts";
        export { drawRating } from "./js/elements/rating.ts";
        export { drawReviews } from "./js/elements/reviews-drawing.ts";
        export { stars } from "./js/elements/dom.ts";
        export * from "./js/elements/histogram-view.ts";
        export * from "./js/elements/views.ts";
        export { Voice, english } from "./js/elements/words.ts";`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "inner",
    define: { VERSION: '"0"' },
    external: ["../index.js"],
  });
  return `${outputFiles[0].text}; window.inner = inner;`;
}

/** Chromium as it is with a media feature. */
const emulate = ({ driver }, name, value) =>
  driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { features: [{ name, value }] });

export function drawing(scenario, { engine }) {
  scenario("each view is drawn as Rust writes it, and made as in Rust", {}, async (s) => {
    await s.go(PAGE);
    await s.driver.executeScript(await inner());
    const cases = JSON.parse(readFileSync(vectors, "utf8"));
    const { drawn, made } = await s.run((cases) => {
      const { inner } = window;
      const draw = {
        "plaudit-stars": ({ halves, label }) => inner.stars(halves, label),
        "plaudit-rating": inner.drawRating,
        "plaudit-badge": inner.drawBadge,
        "plaudit-histogram": inner.drawHistogram,
        "plaudit-reviews": inner.drawReviews,
      };
      const rating = (of) => ({ ...of, provider: of.platform.toLowerCase() });
      const host = ({ href = null }) => ({ provider: "trustpilot", domain: null, href });
      const make = {
        "plaudit-stars": ({ value, count, platform }) =>
          inner.starsView(value, count, platform, inner.english),
        "plaudit-rating": (of) => inner.ratingView(rating(of), null, host(of), inner.english),
        "plaudit-badge": (of) => inner.badgeView(rating(of), host(of), inner.english),
        "plaudit-histogram": ({ distribution, chosen }) =>
          inner.histogramView(distribution, chosen ?? null, inner.english),
      };
      const drawn = [];
      const made = [];
      // the members in any order
      const sorted = (value) =>
        JSON.stringify(value, (_, it) =>
          it && typeof it === "object" && !Array.isArray(it)
            ? Object.fromEntries(Object.entries(it).sort())
            : it,
        );
      for (const { title, element, of, view, html } of cases) {
        if (!draw[element]) continue;
        const own = document.createElement("div");
        own.append(draw[element](view));
        const rust = document.createElement("div");
        rust.innerHTML = html;
        drawn.push([`${element}: ${title}`, own.innerHTML, rust.innerHTML]);
        if (of) made.push([`${element}: ${title}`, sorted(make[element](of)), sorted(view)]);
      }
      return { drawn, made };
    }, cases);
    for (const [title, own, rust] of drawn) assert.equal(own, rust, title);
    for (const [title, own, view] of made) assert.equal(own, view, title);
    assert.ok(drawn.length >= 80 && made.length >= 30, `${drawn.length} and ${made.length} cases`);
  });

  scenario("A11Y1 A11Y3: a row of stars is one picture with a name", {}, async (s) => {
    await s.go(PAGE);
    await watchForTrouble(s);
    const cases = [
      ["", "No reviews yet"],
      ['value="0" count="0"', "No reviews yet"],
      ['value="1" count="1"', "Rated 1.0 out of 5 stars by 1 customer on Trustpilot"],
      ['value="2.5"', "Rated 2.5 out of 5 stars"],
      ['value="5" count="0"', "Rated 5.0 out of 5 stars"],
      ['value="4.5" count="1234"', "Rated 4.5 out of 5 stars by 1,234 customers on Trustpilot"],
      [
        'value="4.5" count="2" provider="trustoo"',
        "Rated 4.5 out of 5 stars by 2 customers on Trustoo",
      ],
      // what is no number, or none up to five, counts as absent
      ['value="many"', "No reviews yet"],
      ['value="7"', "No reviews yet"],
      ['value="46" count="12"', "No reviews yet"],
      ['value="-1"', "No reviews yet"],
      ['value="4.5" count="-1"', "Rated 4.5 out of 5 stars"],
      ['value="4.5" count="2.5" provider="Trustoo"', "Rated 4.5 out of 5 stars"],
    ];
    const html = cases.map(([attributes]) => `<plaudit-stars ${attributes}></plaudit-stars>`);
    const told = await s.run(async (html) => {
      window.put(`<h1>Stars</h1>${html}`);
      await window.drawn();
      return [...document.querySelectorAll("plaudit-stars")].map(({ shadowRoot, tabIndex }) => {
        const [picture, ...others] = shadowRoot.children;
        const { tagName } = picture;
        const [role, label] = ["role", "aria-label"].map((name) => picture.getAttribute(name));
        return [others.length, tagName, role, tabIndex, label];
      });
    }, html.join(""));
    for (const [at, [attributes, label]] of cases.entries()) {
      assert.deepEqual(told[at], [0, "svg", "img", -1, label], attributes);
    }
    // as the engine itself computes it
    const host = await s.find("plaudit-stars");
    const picture = await (await host.getShadowRoot()).findElement({ css: "svg" });
    assert.equal(await picture.getAccessibleName(), "No reviews yet");
    assert.match(await picture.getAriaRole(), /^(img|image)$/);
    await assertAccessible(s, "stars");
  });

  scenario("A11Y2: a score is said once, beside its stars", {}, async (s) => {
    await s.go(PAGE);
    const heard = await s.run(async () => {
      window.put(`<plaudit-rating value="4.5" count="1234" href="https://a.example/"></plaudit-rating>
        <plaudit-badge value="4.5" count="1"></plaudit-badge>
        <plaudit-rating value="3.4"></plaudit-rating>
        <plaudit-rating value="0"></plaudit-rating>`);
      await window.drawn();
      return [...document.querySelectorAll("main > *")].map(window.heard);
    });
    assert.deepEqual(heard, [
      "Excellent 4.5 out of 5 1,234 reviews on Trustpilot",
      "4.5 out of 5 1 review on Trustpilot",
      "Average 3.4 out of 5 Trustpilot",
      "No reviews yet",
    ]);
    const host = await s.find("plaudit-rating");
    const link = await (await host.getShadowRoot()).findElement({ css: "a" });
    const name = (await link.getAccessibleName()).replace(/\s+/g, " ").trim();
    assert.equal(name, "Excellent 4.5 out of 5 1,234 reviews on Trustpilot");
  });

  scenario("A11Y5: rows of a histogram are read whole, and filter", {}, async (s) => {
    await s.go(PAGE);
    const plain = await s.run(async () => {
      const element = window.put("<plaudit-histogram></plaudit-histogram>");
      element.data = window.rated();
      await window.drawn();
      const items = [...element.shadowRoot.querySelectorAll("li")];
      const list = element.shadowRoot.querySelector("ul");
      return { role: list.getAttribute("role"), names: items.map(window.heard) };
    });
    const names = [
      "5 stars, 812 reviews, 66%",
      "4 stars, 262 reviews, 21%",
      "3 stars, 87 reviews, 7%",
      "2 stars, 41 reviews, 3%",
      "1 star, 32 reviews, 3%",
    ];
    assert.deepEqual(plain, { role: "list", names });

    await s.run(async () => {
      const element = window.put(
        '<plaudit-histogram for="list"></plaudit-histogram><div id="list"></div>',
      );
      element.data = window.rated();
      await window.drawn();
    });
    const pressed = () =>
      s.run(() => {
        const { shadowRoot } = document.querySelector("plaudit-histogram");
        const buttons = [...shadowRoot.querySelectorAll("button")];
        return buttons.filter((one) => one.ariaPressed === "true").map(window.heard);
      });
    const chosen = () => s.run(() => document.getElementById("list").getAttribute("stars"));
    const host = await s.find("plaudit-histogram");
    const buttons = await (await host.getShadowRoot()).findElements({ css: "button" });
    assert.equal(buttons.length, 5);
    assert.equal((await buttons[1].getAccessibleName()).trim(), names[1]);
    await buttons[1].click();
    assert.deepEqual([await pressed(), await chosen()], [[names[1]], "4"]);
    // by keyboard, and the row keeps the focus
    await s.run(() => {
      const { shadowRoot } = document.querySelector("plaudit-histogram");
      shadowRoot.querySelector("button").focus();
    });
    await s.driver.actions().sendKeys(" ").perform();
    assert.deepEqual([await pressed(), await chosen()], [names.slice(0, 2), "4,5"]);
    await buttons[1].click();
    await buttons[0].click();
    assert.deepEqual([await pressed(), await chosen()], [[], null]);
    const told = await s.run(() => window.told.map(({ name, stars }) => [name, stars]));
    const filter = (...stars) => ["plaudit-filter", stars];
    assert.deepEqual(told, [filter(4), filter(4, 5), filter(5), filter()]);
    // what is chosen elsewhere is seen here, and is no event of ours
    await s.run(async () => {
      document.getElementById("list").setAttribute("stars", "1, 2");
      await window.drawn();
    });
    assert.deepEqual(await pressed(), names.slice(3));
    assert.equal((await s.run(() => window.told)).length, 4);
  });

  scenario("data that is not as its type says harms nothing, and is no praise", {}, async (s) => {
    await s.go(PAGE);
    await watchForTrouble(s);
    const told = await s.run(async () => {
      const odd = { toString: 1, valueOf: 1 };
      const values = [46, -1, "x", {}, [], odd, Number.NaN, null, true, 5.5];
      const { rating } = window.rated();
      const reviews = (it) => [
        null,
        { provider: it, id: it, stars: it, title: it, text: it, language: it, createdAt: it },
        { author: it, reply: it, verified: it, url: it },
        { reply: { text: it, createdAt: it } },
      ];
      const all = [];
      for (const it of values) {
        window.put(`<plaudit-rating></plaudit-rating><plaudit-badge></plaudit-badge>
          <plaudit-histogram></plaudit-histogram><plaudit-reviews></plaudit-reviews>`);
        const elements = [...document.querySelectorAll("main > *")];
        const odd = { ...rating, value: it, count: it, stars: it, url: it, name: it };
        const data = { rating: { ...odd, distribution: it }, word: it, next: it };
        for (const element of elements) element.data = { ...data, reviews: reviews(it) };
        await window.settled(elements);
        for (const { state, shadowRoot, localName } of elements) {
          const html = shadowRoot.innerHTML;
          const isOdd = /undefined|NaN|\[object|data-grade="(?![0-5]")/.test(html);
          const isPraise = localName !== "plaudit-reviews" && /Excellent|Great/.test(html);
          const count = shadowRoot.querySelectorAll("article").length;
          all.push([localName, state, isOdd, isPraise, count]);
        }
      }
      return all;
    });
    const states = { "plaudit-rating": "empty", "plaudit-badge": "empty" };
    for (const [name, state, isOdd, isPraise, count] of told) {
      const isReviews = name === "plaudit-reviews";
      assert.deepEqual([isOdd, isPraise, count], [false, false, isReviews ? 3 : 0], name);
      assert.equal(state, isReviews ? "ready" : (states[name] ?? "empty"), name);
    }
    assert.equal(told.length, 40);
  });

  scenario(
    "SEC6: where a rating leads: its page's address, the platform's, no other",
    {},
    async (s) => {
      await s.go(PAGE);
      const hrefs = await s.run(async () => {
        const of = async (attributes, url) => {
          window.put(`<plaudit-rating ${attributes}></plaudit-rating>
          <plaudit-badge ${attributes}></plaudit-badge>`);
          const { rating } = window.rated();
          const elements = [...document.querySelectorAll("main > *")];
          for (const it of elements) it.data = { rating: { ...rating, url } };
          await window.drawn();
          const link = ({ shadowRoot }) => shadowRoot.querySelector("a")?.href ?? null;
          const [one, other] = elements.map(link);
          return one === other ? one : "differ";
        };
        const platform = "https://www.trustpilot.com/review/a.example";
        return [
          await of("", platform),
          await of("", "https://evil.example/"),
          await of("", null),
          await of('domain="b.example"', null),
          await of('domain="b.example"', "//evil.example/"),
          await of('domain="b.example" provider="TRUSTOO"', null),
          await of('href="https://shop.example/"', platform),
        ];
      });
      assert.deepEqual(hrefs, [
        "https://www.trustpilot.com/review/a.example",
        null,
        null,
        "https://www.trustpilot.com/review/b.example",
        "https://www.trustpilot.com/review/b.example",
        null,
        "https://shop.example/",
      ]);
    },
  );

  scenario("a histogram filters what has its id now, whatever had it before", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const element = window.put(
        '<plaudit-histogram for="list"></plaudit-histogram><div id="list" stars="4"></div>',
      );
      element.data = window.rated();
      await window.drawn();
      const pressed = () =>
        [...element.shadowRoot.querySelectorAll("button")]
          .filter((it) => it.ariaPressed === "true")
          .map((it) => it.getAttribute("data-stars"))
          .join();
      const told = [pressed()];
      const other = document.createElement("div");
      other.id = "list";
      document.getElementById("list").replaceWith(other);
      await window.drawn();
      told.push(pressed());
      element.shadowRoot.querySelector("button").click();
      told.push(other.getAttribute("stars"), pressed());
      other.setAttribute("stars", "1");
      await window.drawn();
      return [...told, pressed()];
    });
    assert.deepEqual(told, ["4", "", "5", "5", "1"]);
  });

  scenario(
    "A11Y15: hidden is hidden; a line, a quiet text and the accent are seen",
    {},
    async (s) => {
      await s.go(PAGE);
      const told = await s.run(async () => {
        window.put(`<div style="color: rgb(100, 100, 100); --plaudit-accent: rgb(0, 0, 200)">
        <plaudit-stars value="3" outline></plaudit-stars><plaudit-stars value="3" hidden></plaudit-stars>
        <plaudit-rating value="3"></plaudit-rating><plaudit-histogram for="list"></plaudit-histogram>
        <p id="list" stars="3"></p></div>`);
        const [outlined, hidden] = document.querySelectorAll("plaudit-stars");
        const histogram = document.querySelector("plaudit-histogram");
        histogram.data = window.rated();
        await window.drawn();
        const inner = (host, part) => getComputedStyle(host.shadowRoot.querySelector(part));
        const row = inner(histogram, "[aria-pressed=true]");
        return {
          hidden: hidden.getClientRects().length,
          line: inner(outlined, ".e").stroke,
          overflow: inner(outlined, "svg").overflow,
          row: [row.outlineColor, row.color],
        };
      });
      assert.deepEqual(told, {
        hidden: 0,
        line: "rgb(100, 100, 100)",
        overflow: "visible",
        row: ["rgb(0, 0, 200)", "rgb(100, 100, 100)"],
      });
    },
  );

  scenario(
    "narrow, stars and score stay on one line; a badge is as wide as it is",
    {},
    async (s) => {
      await s.go(PAGE);
      const told = await s.run(async () => {
        window.put(`<div style="width: 170px"><plaudit-rating value="4.5" count="137"></plaudit-rating></div>
        <div style="display: grid; width: 900px"><plaudit-badge value="4.5" count="9"></plaudit-badge></div>`);
        await window.drawn();
        const of = (host, part) =>
          document.querySelector(host).shadowRoot.querySelector(part).getBoundingClientRect();
        const [stars, score] = [of("plaudit-rating", ".stars"), of("plaudit-rating", ".score")];
        return [
          score.top < stars.bottom && stars.top < score.bottom,
          of("plaudit-badge", ".base").width,
        ];
      });
      assert.equal(told[0], true);
      assert.ok(told[1] < 400, `${told[1]}`);
    },
  );

  scenario("A11Y8: whatever is clicked is 24 pixels high and wide", {}, async (s) => {
    await s.go(PAGE);
    const small = await s.run(async () => {
      const all = [];
      for (const size of ["10px", "16px", "24px"]) {
        window.put(`<div><plaudit-rating></plaudit-rating><plaudit-badge></plaudit-badge>
          <plaudit-histogram for="x"></plaudit-histogram></div>
          <plaudit-rating domain="a.example" loading="eager"></plaudit-rating>`);
        document.querySelector("main").style.fontSize = size;
        for (const element of document.querySelectorAll("main div > *")) {
          element.data = window.rated();
        }
        await window.drawn();
        const failing = document.querySelector("main > plaudit-rating");
        failing.client = {
          businessUnits: {
            find: () =>
              Promise.reject(
                Object.assign(new Error(""), {
                  name: "PlauditError",
                  code: "server_error",
                  retryable: true,
                }),
              ),
          },
        };
        await window.waitFor(() => failing.error?.code === "server_error");
        for (const { shadowRoot } of document.querySelectorAll("main *")) {
          for (const target of shadowRoot?.querySelectorAll("a, button") ?? []) {
            const { width, height } = target.getBoundingClientRect();
            all.push([size, target.outerHTML.slice(0, 60), width >= 24 && height >= 24]);
          }
        }
      }
      return { count: all.length, small: all.filter(([, , isLarge]) => !isLarge) };
    });
    assert.deepEqual(small, { count: 3 * 8, small: [] });
  });

  scenario(
    "A11Y7: no rule moves anything but those that reduced motion turns off",
    {},
    async (s) => {
      await s.go(PAGE);
      const told = await s.run(async () => {
        const tags = ["stars", "rating", "badge", "histogram", "reviews", "sign-in"];
        window.put(tags.map((tag) => `<plaudit-${tag}></plaudit-${tag}>`).join(""));
        const elements = [...document.querySelectorAll("main > *")];
        for (const it of elements) if ("data" in it) it.data = { ...window.rated(), reviews: [{}] };
        const hasSheets = ({ shadowRoot }) => shadowRoot?.querySelector("button, article, li, svg");
        for (let wait = 0; wait < 200 && !elements.every(hasSheets); wait += 1) {
          await new Promise((done) => setTimeout(done, 20));
        }
        const moving = { still: [], always: [] };
        const walk = (rules, isStill) => {
          for (const { media, style, cssRules, selectorText } of rules) {
            const isOff = isStill || /reduced-motion: no-preference/.test(media?.mediaText);
            const { animationName = "", transitionDuration = "", scrollBehavior } = style ?? {};
            const isAnimated =
              animationName.replace("none", "") !== "" || transitionDuration !== "";
            if (selectorText && (isAnimated || scrollBehavior === "smooth")) {
              moving[isOff ? "still" : "always"].push(selectorText);
            }
            walk(cssRules ?? [], isOff);
          }
        };
        const sheets = elements.flatMap(({ shadowRoot }) => [...shadowRoot.adoptedStyleSheets]);
        for (const { cssRules } of new Set(sheets)) walk(cssRules, false);
        return moving;
      });
      assert.deepEqual(told, { still: [".bone", ".list"], always: [] });
    },
  );

  if (engine === "chromium") {
    scenario("A11Y7: with reduced motion nothing moves", {}, async (s) => {
      await s.go(PAGE);
      const moving = () =>
        s.run(async () => {
          window.put("<plaudit-rating></plaudit-rating><plaudit-histogram></plaudit-histogram>");
          await window.drawn();
          const hosts = [...document.querySelectorAll("main > *")];
          const all = hosts.flatMap(({ shadowRoot }) => shadowRoot.getAnimations());
          return all.map(({ effect }) => effect.getComputedTiming().endTime);
        });
      const times = await moving();
      assert.ok(times.length > 3, "it moves while it loads");
      assert.ok(Math.max(...times) <= 5_000, "and stops by itself");
      await emulate(s, "prefers-reduced-motion", "reduce");
      assert.deepEqual(await moving(), []);
      await emulate(s, "prefers-reduced-motion", "no-preference");
    });
  }

  scenario(
    "A11Y14: nothing is cut at 320 pixels, with texts twice as large and spaced",
    {},
    async (s) => {
      await s.driver.manage().window().setRect({ width: 900, height: 900 });
      await s.go(PAGE);
      const over = await s.run(async () => {
        const main = document.querySelector("main");
        const found = [];
        const spaced = "line-height:1.5;letter-spacing:.12em;word-spacing:.16em";
        for (const style of ["", "font-size:32px", spaced]) {
          window.put(`<div style="width:288px;${style}">
          <plaudit-rating></plaudit-rating><plaudit-badge></plaudit-badge>
          <plaudit-histogram></plaudit-histogram><plaudit-histogram for="x"></plaudit-histogram>
          <plaudit-rating class="loading"></plaudit-rating></div>`);
          for (const element of main.querySelectorAll("div > :not(.loading)")) {
            element.data = window.rated(4.5, 1_234_567);
          }
          await window.drawn();
          const right = main.firstElementChild.getBoundingClientRect().right;
          for (const host of main.querySelectorAll("div > *")) {
            for (const part of host.shadowRoot.querySelectorAll("*:not(.hidden)")) {
              const box = part.getBoundingClientRect();
              const isCut =
                part instanceof HTMLElement &&
                getComputedStyle(part).overflow === "hidden" &&
                part.scrollWidth > part.clientWidth;
              if (box.right > right + 0.5 || isCut) {
                found.push(`${style} ${host.localName} ${part.className} ${box.right - right}`);
              }
            }
          }
        }
        return found;
      });
      assert.deepEqual(over, []);
      await assertFits(s, "narrow");
      await s.driver.manage().window().setRect({ width: 1280, height: 900 });
    },
  );

  scenario("axe: nothing to complain of, light and dark", {}, async (s) => {
    await s.go(PAGE);
    await watchForTrouble(s);
    for (const [state, style] of [
      ["light", "background:#fff;color:#111"],
      ["dark", "background:#1c1c1c;color:#eee"],
    ]) {
      await s.run(async (style) => {
        const all = `<plaudit-stars value="4.5"></plaudit-stars><plaudit-rating></plaudit-rating>
          <plaudit-badge></plaudit-badge><plaudit-histogram></plaudit-histogram>
          <plaudit-histogram for="x"></plaudit-histogram>`;
        window.put(
          `<h1>Ratings</h1><div class="full">${all}</div><div class="none">${all}</div>
          <div>${all}</div>`,
        );
        document.body.style.cssText = style;
        for (const one of document.querySelectorAll(".full > *")) one.data = window.rated();
        for (const one of document.querySelectorAll(".none > *")) {
          one.data = window.rated(null, 0, [0, 0, 0, 0, 0]);
        }
        await window.drawn();
      }, style);
      await assertAccessible(s, state);
    }
  });

  scenario("I18N1: the language is the element's, the nearest, the browser's", {}, async (s) => {
    await s.go(PAGE);
    const scores = await s.run(async () => {
      const stars = '<plaudit-badge value="4.5"></plaudit-badge>';
      window.put(`<div lang="de">${stars}</div>
        <div lang="de"><plaudit-badge value="4.5" locale="en"></plaudit-badge></div>
        <div lang="de"><plaudit-badge value="4.5" locale="not a locale!"></plaudit-badge></div>
        <div lang="!!"><div lang="fr">${stars}</div></div>
        <div lang="de" class="outer"></div>
        <div lang="xx-invalid-locale-tag-that-is-too-long">${stars}</div>`);
      const outer = document.querySelector(".outer");
      outer.attachShadow({ mode: "open" }).innerHTML = stars;
      const all = [...document.querySelectorAll("main plaudit-badge")];
      all.push(outer.shadowRoot.querySelector("plaudit-badge"));
      await window.settled(all);
      return all.map(({ shadowRoot }) => shadowRoot.querySelector(".score").textContent);
    });
    assert.deepEqual(scores.slice(0, 4), ["4,5", "4.5", "4,5", "4,5"]);
    assert.equal(scores.at(-1), "4,5", "across a shadow root");
    assert.match(scores[4], /^4[.,]5$/);
    // changed in place
    const changed = await s.run(async () => {
      const element = window.put('<plaudit-badge value="4.5" lang="de"></plaudit-badge>');
      await window.settled([element]);
      element.locale = "en";
      await window.drawn();
      const first = element.shadowRoot.querySelector(".score").textContent;
      element.removeAttribute("locale");
      element.lang = "ar-EG";
      await window.settled([element]);
      return [first, element.shadowRoot.querySelector(".score").textContent];
    });
    assert.deepEqual(changed, ["4.5", "٤٫٥"]);
    // nothing says it but the browser
    const browsers = await s.run(async () => {
      document.documentElement.removeAttribute("lang");
      Object.defineProperty(navigator, "language", { configurable: true, get: () => "de-AT" });
      const element = window.put('<plaudit-badge value="4.5"></plaudit-badge>');
      await window.settled([element]);
      return element.shadowRoot.querySelector(".score").textContent;
    });
    assert.equal(browsers, "4,5");
  });

  scenario("I18N2 I18N3 I18N4: numbers and plurals are those of the language", {}, async (s) => {
    await s.go(PAGE);
    await s.driver.executeScript(await inner());
    const { scores, counts, plurals } = await s.run(() => {
      const { Voice } = window.inner;
      const forms = ["zero", "one", "two", "few", "many", "other"];
      const own = {
        reviews: Object.fromEntries(forms.map((form) => [form, `${form} {count}`])),
      };
      const plurals = {};
      for (const locale of ["en", "pl", "ru", "ar", "ja", "fr", "pt-BR", "pt-PT"]) {
        const voice = new Voice(locale, own);
        plurals[locale] = [0, 1, 1.5, 2, 5, 21, 1e6]
          .map((count) => voice.say("reviews", {}, count).split(" ")[0])
          .join(" ");
      }
      const score = (locale) => [4.5, 5].map((it) => new Voice(locale, own).score(it)).join(" ");
      const count = (locale, number) => new Voice(locale, own).count(number);
      return {
        scores: ["en", "de", "ar-EG"].map(score),
        counts: ["en", "fr", "de-CH", "es", "pl", "pt-PT", "pt-BR"].map((locale) => [
          locale,
          count(locale, 1234),
          count(locale, 12_345),
        ]),
        plurals,
      };
    });
    assert.deepEqual(scores, ["4.5 5.0", "4,5 5,0", "٤٫٥ ٥٫٠"]);
    for (const [locale, short, long] of counts) {
      // which mark stands between differs by engine
      assert.equal(short.replace(/\D/gu, ""), "1234", locale);
      assert.equal(long.replace(/\D/gu, ""), "12345", locale);
      assert.equal(long.replace(/\d/gu, "").length, 1, `${locale}: ${long}`);
    }
    assert.deepEqual(plurals, {
      en: "other one other other other other other",
      pl: "many one other few many many many",
      ru: "many one other few many one many",
      ar: "zero one other two few many other",
      ja: "other other other other other other other",
      fr: "one one one other other other many",
      "pt-BR": "one one one other other other many",
      "pt-PT": "other one other other other other many",
    });
  });

  scenario("I18N6: from right to left, the row is mirrored as a whole", {}, async (s) => {
    await s.go(PAGE);
    const rows = await s.run(async () => {
      const all = `<plaudit-rating value="4.5" count="9" locale="en"></plaudit-rating>
        <plaudit-histogram></plaudit-histogram>`;
      window.put(`<div>${all}</div><div dir="rtl">${all}</div>`);
      for (const one of document.querySelectorAll("plaudit-histogram")) one.data = window.rated();
      await window.drawn();
      return [...document.querySelectorAll("main > div")].map((side) => {
        const [rating, histogram] = [...side.children].map(({ shadowRoot }) => shadowRoot);
        const base = rating.querySelector(".base");
        const parts = [...base.querySelectorAll("[part]")];
        const left = (part) => part.getBoundingClientRect().left;
        const order = parts.sort((a, b) => left(a) - left(b)).map((it) => it.getAttribute("part"));
        const [stars, track] = [rating.querySelector(".stars"), histogram.querySelector(".track")];
        const flips = [stars, track].map((it) => getComputedStyle(it).transform);
        return { order, flips, text: rating.querySelector(".score").textContent };
      });
    });
    const order = ["label", "stars", "score", "count"];
    const mirrored = "matrix(-1, 0, 0, 1, 0, 0)";
    assert.deepEqual(rows, [
      { order, flips: ["none", "none"], text: "4.5" },
      { order: order.toReversed(), flips: [mirrored, mirrored], text: "4.5" },
    ]);
  });

  scenario(
    "I18N7: the word is the platform's, in its language, or there is none",
    {},
    async (s) => {
      await s.go(PAGE);
      const source = 'domain="example.com" proxy="/proxy/" loading="eager"';
      const words = (attributes) =>
        s.run(async (attributes) => {
          const element = window.put(`<plaudit-rating ${attributes}></plaudit-rating>`);
          await new Promise((done) => setTimeout(done, 20));
          await window.waitFor(() => element.state !== "loading");
          return [element.state, element.shadowRoot.querySelector(".label")?.textContent ?? null];
        }, attributes);
      const asked = async () =>
        (await s.journal("/v1/resources/strings/stars/{stars}")).map(({ query }) => query);
      assert.deepEqual(await words('value="4.5"'), ["ready", "Excellent"]);
      assert.deepEqual(await words('value="4.5" locale="en-GB"'), ["ready", "Excellent"]);
      assert.deepEqual(await words('value="4.5" locale="ja"'), ["ready", null]);
      assert.deepEqual(await words('value="4.5" provider="trustoo"'), ["ready", null]);
      assert.deepEqual(await words('value="4.5" locale="de"'), ["ready", null]);
      const [, english] = await words(source);
      assert.match(english, /^(Bad|Poor|Average|Great|Excellent)$/);
      assert.deepEqual(await asked(), [], "English is built in");
      const [state, danish] = await words(`${source} locale="da"`);
      assert.equal(state, "ready");
      assert.match(danish, /^\p{L}+$/u);
      assert.notEqual(danish, english);
      assert.deepEqual(await asked(), ["locale=da-DK"]);
      const [, german] = await words(`${source} locale="de"`);
      assert.match(german, /^\p{L}+$/u);
      assert.deepEqual(await asked(), ["locale=da-DK", "locale=de-DE"]);
      // a score without its word is better than none
      await s.fault("404", { match: { route: "/v1/resources/strings/stars/{stars}" } });
      assert.deepEqual(await words(`${source} locale="fr-CA"`), ["ready", null]);
      assert.equal((await asked()).length, 3);
    },
  );

  scenario("SEC6 SEC7: only https is linked, apart from this page", {}, async (s) => {
    await s.go(PAGE);
    const link = (href) =>
      s.run(async (href) => {
        const element = window.put('<plaudit-rating value="4"></plaudit-rating>');
        element.href = href;
        await window.drawn();
        const base = element.shadowRoot.querySelector(".base");
        return base.localName === "a" ? [base.href, base.target, base.rel] : base.localName;
      }, href);
    const address = "https://www.trustpilot.com/review/example.com";
    assert.deepEqual(await link(address), [address, "_blank", "noopener"]);
    assert.equal((await link("//a.example/b"))[0], "https://a.example/b");
    const refused = ["javascript:alert(1)", "data:text/html,x", "http://a.example", "\\\\a", "/b"];
    refused.push("java\nscript:alert(1)", "https:\t//a.example", "vbscript:x", "");
    refused.push("https://a.example\\b", "https://a\n.example", "https://a.example/\u0000");
    for (const href of refused) assert.equal(await link(href), "div", href);
  });

  scenario(
    "SEC2 SEC4 SEC5: complete under a strict policy, without wasm",
    {
      rules: (world) =>
        `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self' ${world}; require-trusted-types-for 'script'; trusted-types 'none'`,
    },
    async (s) => {
      await s.go(PAGE);
      await watchForTrouble(s);
      const told = await s.run(async () => {
        // by nodes: `innerHTML` is what such a page forbids
        const main = document.querySelector("main");
        for (const name of ["stars", "rating", "badge", "histogram"]) {
          const element = document.createElement(`plaudit-${name}`);
          if (name === "histogram") element.data = window.rated();
          else Object.assign(element, { value: 4.5, count: 1234 });
          main.append(element);
        }
        await window.drawn();
        return [...main.children].map(({ shadowRoot, offsetHeight, state }) => ({
          own: shadowRoot.querySelectorAll("style, link, [style]").length,
          sheets: shadowRoot.adoptedStyleSheets.length > 0,
          drawn: shadowRoot.querySelector("svg").getBoundingClientRect().height > 8,
          seen: offsetHeight >= 20,
          state: state ?? "ready",
        }));
      });
      const complete = { own: 0, sheets: true, drawn: true, seen: true, state: "ready" };
      assert.deepEqual(told, Array(4).fill(complete));
      assert.deepEqual(await s.driver.executeScript("return window.broken"), []);
      assert.ok(
        !s.site.requests.some(({ url }) => /index\.js|wasm/.test(url)),
        "no core was loaded",
      );
    },
  );
}
