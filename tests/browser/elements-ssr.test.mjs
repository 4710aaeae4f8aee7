// Elements that renderToString made, taken over in a page: nothing is drawn again, nothing fetched.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { renderToString } from "plaudit/server";
import { throughEngines } from "./drivers.mjs";
import { page, prerenderedSite } from "./prerendered.mjs";
import { until } from "./scenario.mjs";

const watch = await readFile(new URL("pages/adoption.js", import.meta.url), "utf8");
const WATCH = '<script src="/watch.js"></script>';
const START = '<script type="module" src="/plaudit/elements.js"></script>';

const rating = {
  provider: "trustpilot",
  value: 4.4,
  stars: 4.5,
  count: 1234,
  distribution: [40, 30, 60, 204, 900],
  name: 'Shop & "Söhne" <b>',
  url: "https://www.trustpilot.com/review/example.com",
};
const source = { domain: "example.com", proxy: "/api", "data-try": true };
const UNIT = {
  id: "46d6a890000064000500e0c3",
  displayName: "Example",
  name: { identifying: "example.com" },
  score: { trustScore: 2.1, stars: 2 },
  numberOfReviews: { total: 7 },
};

const reviews = ["2026-03-04T05:06:07.000Z", null].map((createdAt, at) => ({
  ...{ provider: "trustpilot", id: `${at}`, stars: 5 - at, title: `Title ${at}`, text: "Text <b>" },
  ...{ language: "en", createdAt, author: "Ann", verified: true, url: null },
  reply: at === 0 ? { text: "Thanks", createdAt: "2026-03-05T05:06:07.000Z" } : null,
}));

/** One of each, as a page has them. */
const all = (options = {}) => [
  renderToString("plaudit-stars", {
    attributes: { value: 4.5, count: 12, "data-try": true },
    ...options,
  }),
  renderToString("plaudit-rating", { attributes: source, rating, ...options }),
  renderToString("plaudit-badge", { attributes: source, rating, ...options }),
  renderToString("plaudit-histogram", { attributes: source, rating, ...options }),
  renderToString("plaudit-reviews", { attributes: source, rating, reviews, ...options }),
];
const COUNT = 5;
const DATA = ["plaudit-rating", "plaudit-badge", "plaudit-histogram", "plaudit-reviews"];

await throughEngines((context) => {
  let site;
  beforeEach(async () => {
    site = await prerenderedSite();
    site.serve("/watch.js", watch, { type: "text/javascript" });
    site.serve("/api/business-units/find", JSON.stringify(UNIT), { type: "application/json" });
  });
  afterEach(async () => {
    await context.driver.get("about:blank");
    await site.close();
  });

  const run = async (code, ...args) => {
    const answer = await context.driver.executeAsyncScript(
      `const args = Array.from(arguments);
       const done = args.pop();
       Promise.resolve().then(() => (${code})(...args)).then(
         (value) => done({ value }), (error) => done({ error: String(error) }));`,
      ...args,
    );
    if (answer.error !== undefined) throw new Error(`in the page: ${answer.error}`);
    return answer.value;
  };
  /** Once two frames were painted: what is off the window is measured then (PERF7). */
  const seen = (name) =>
    run(async (name) => {
      for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
      return window[name]();
    }, name);
  const open = (body, { head = WATCH, policy, lang } = {}) =>
    context.driver.get(site.serve("/page", page({ head, body, lang }), { policy }));
  const told = (count) =>
    until(
      () => run((count) => (window.told.length >= count ? window.told : null), count),
      `${count} elements said so`,
    );

  /** Nothing of what was drawn is touched; the sheets are shared now, and nothing was asked for. */
  const assertAdopted = async (styleTag = "style") => {
    for (const it of await seen("compare")) {
      // a date is said anew: SSR10
      const nodes = it.changes.filter((change) => !change.endsWith(" text"));
      assert.deepEqual(nodes, ["removed script", `removed ${styleTag}`], it.tag);
      const { changes, sheets, ...rest } = it;
      assert.ok(sheets >= 2, it.tag);
      assert.deepEqual(rest, {
        ...{ tag: it.tag, isUpgraded: true, isSameRoot: true, isSameNodes: true },
        ...{ styles: 0, places: 0, left: 0 },
      });
    }
    assert.deepEqual(site.asked(), []);
  };
  const adopted = DATA.map((tag) => `plaudit-load ${tag} markup`);

  for (const options of [{}, { locale: "de-DE" }, { locale: "ar-EG" }]) {
    const { locale = "en" } = options;
    it(`SSR2 SSR7 SSR8 all elements are kept as they are: ${locale}`, async () => {
      await open(all(options).join("<p>And</p>"), { lang: locale });
      assert.equal(await seen("look"), COUNT);
      await run(() => window.begin());
      assert.deepEqual((await told(DATA.length)).sort(), adopted.toSorted());
      await assertAdopted();
    });
  }

  it("SSR8 PERF8 a page that comes back asks for nothing that came with its markup", async () => {
    await open(all().join("<p>And</p>"));
    assert.equal(await seen("look"), COUNT);
    await run(() => window.begin());
    assert.deepEqual((await told(DATA.length)).sort(), adopted.toSorted());
    await run(async () => {
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      await new Promise((done) => setTimeout(done, 300));
    });
    await assertAdopted();
  });

  it("SSR2 what is drawn of the attributes alone is kept as it is too", async () => {
    const attributes = { value: 4.5, count: 137, "data-try": true };
    const tags = ["plaudit-rating", "plaudit-badge"];
    await open(tags.map((tag) => renderToString(tag, { attributes })).join(""));
    assert.equal(await seen("look"), tags.length);
    await run(() => window.begin());
    const all = tags.map((tag) => `plaudit-load ${tag} markup`);
    assert.deepEqual((await told(tags.length)).sort(), all.sort());
    await assertAdopted();
  });

  it("SSR1 a closed root is kept too", async () => {
    const closed = all().map((html) => html.replace('mode="open"', 'mode="closed"'));
    await open(closed.join(""));
    const size = () =>
      run(() => [...document.querySelectorAll("[data-try]")].map((it) => it.offsetWidth));
    const before = await size();
    assert.ok(before.every((width) => width > 20));
    await run(() => window.begin());
    assert.deepEqual((await told(DATA.length)).sort(), adopted.toSorted());
    assert.deepEqual(await size(), before);
    assert.deepEqual(site.asked(), []);
  });

  it("SSR3 another version's markup, and that of other attributes, is drawn anew, once", async () => {
    const [, html] = all();
    const stale = [
      html.replace(/data-of="[^ ]+/, 'data-of="0.0.0'),
      html.replace('domain="example.com"', 'domain="example.com" sku=""'),
      html.replace(/(data-of="[^>]+>)\{/, "$1{{"),
    ];
    await open(stale.join(""));
    assert.equal(await seen("look"), 3);
    await run(() => window.begin());
    assert.deepEqual(await told(3), Array(3).fill("plaudit-load plaudit-rating network"));
    for (const it of await seen("compare")) {
      const bases = it.changes.filter((change) => / a$/.test(change));
      assert.deepEqual(bases, ["removed a", "added a"]);
      assert.equal(it.left, 0);
    }
    const texts = await run(() =>
      window.seen.map(({ host }) => host.shadowRoot.querySelector("[part=score]").textContent),
    );
    assert.deepEqual(texts, ["2.1", "2.1", "2.1"]);
    // one business, one request
    assert.equal(site.asked().filter((path) => path.startsWith("/api/")).length, 1);
  });

  it("SSR4 the definition comes before the markup, which comes in pieces", async () => {
    let defined;
    const isDefined = new Promise((done) => {
      defined = done;
    });
    let isEarly = false;
    let wasEarly = false;
    site.serve("/defined", (_request, response) => {
      response.writeHead(204).end();
      isEarly = true;
      defined();
    });
    const early = `${WATCH}<script type="module" async src="/plaudit/elements.js"></script>
      <script>customElements.whenDefined("plaudit-rating").then(() => fetch("/defined"));</script>`;
    const [first, rest] = page({ head: early, body: `<p>Before</p>SPLIT` }).split("SPLIT");
    const pieces = all().map((html) => {
      const at = html.indexOf("<template");
      return [html.slice(0, at), html.slice(at)];
    });
    site.serve("/slow", async (_request, response) => {
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "x-content-type-options": "nosniff",
      });
      response.write(first);
      // some browsers begin when there is more
      for (let round = context.engine === "webkit" ? 90 : 0; round < 100 && !isEarly; round++) {
        response.write(`<!--${" ".repeat(1024)}-->`);
        await Promise.race([isDefined, sleep(100)]);
      }
      wasEarly = isEarly;
      for (const [start, content] of pieces) {
        response.write(start);
        await sleep(300);
        response.write(content);
      }
      response.write("<p id=last>After</p>");
      await sleep(300);
      response.end(rest);
    });
    await context.driver.get(`${site.url}/slow`);
    // WebKitGTK runs no module before the whole page is there: see the next test
    assert.ok(wasEarly || context.engine === "webkit");
    assert.deepEqual((await told(DATA.length)).sort(), [...adopted].sort());
    const found = await run(() =>
      [...document.querySelectorAll("[data-try]")].map((it) => [
        it.shadowRoot.querySelectorAll("style,script,template").length,
        it.querySelectorAll("template").length,
        it.shadowRoot.querySelectorAll("path").length > 0,
      ]),
    );
    assert.deepEqual(found, Array(COUNT).fill([0, 0, true]));
    assert.deepEqual(site.asked(), []);
  });

  it("SSR4 an element that is defined waits for the root that the parser brings", async () => {
    await open("");
    await run(() => window.begin());
    const [head, tail] = page({ head: WATCH, body: "SPLIT" }).split("SPLIT");
    const states = await run(
      async (head, pieces, tail) => {
        const pause = () => new Promise((done) => setTimeout(done, 100));
        const states = [];
        document.open();
        document.write(head);
        for (const [start, content] of pieces) {
          document.write(`<p>And</p>${start}`);
          await pause();
          const host = [...document.querySelectorAll("[data-try]")].at(-1);
          states.push([document.readyState, host.matches(":defined"), host.shadowRoot === null]);
          document.write(content);
        }
        await pause();
        document.write(tail);
        document.close();
        return states;
      },
      head,
      all().map((html) => {
        const at = html.indexOf("<template");
        return [html.slice(0, at), html.slice(at)];
      }),
      tail,
    );
    assert.deepEqual(states, Array(COUNT).fill(["loading", true, true]));
    const found = () =>
      run(() =>
        [...document.querySelectorAll("[data-try]")].map((it) => [
          it.shadowRoot?.querySelectorAll("style,script,template").length,
          it.querySelectorAll("template").length,
          (it.shadowRoot?.querySelectorAll("path").length ?? 0) > 0,
        ]),
      );
    await until(async () => (await found()).at(-1)?.[0] === 0, "all are taken over");
    assert.deepEqual(await found(), Array(COUNT).fill([0, 0, true]));
    assert.deepEqual(site.asked(), []);
  });

  it("SSR7 what came with the markup styles it until all of our sheets are there", async () => {
    let go;
    const isHeld = new Promise((done) => {
      go = done;
    });
    const names = ["histogram", "reviews"].map((name) => `${name}-drawing.js`);
    for (const name of names) {
      const file = await readFile(new URL(`../../dist/elements/${name}`, import.meta.url), "utf8");
      site.serve(`/plaudit/elements/${name}`, async (_request, response) => {
        await isHeld;
        response.writeHead(200, { "content-type": "text/javascript" }).end(file);
      });
    }
    await open(all().slice(-2).join(""));
    assert.equal(await seen("look"), 2);
    await run(() => window.begin());
    const isAsked = () =>
      names.every((name) => site.requests.includes(`/plaudit/elements/${name}`));
    await until(isAsked, "what draws is on its way");
    for (const { tag, styles, places } of await seen("compare")) {
      assert.deepEqual([styles, places], [0, 0], tag);
    }
    go();
    assert.deepEqual((await told(2)).sort(), adopted.slice(-2).sort());
    await assertAdopted();
  });

  it("SSR5 markup that innerHTML put there is taken into a root", async () => {
    await open("<main></main>");
    await run(() => window.begin());
    const expected = all().map(
      (html) => /<\/style>(.*)<script type="application\/json"/s.exec(html)[1].length,
    );
    await run((html) => {
      document.querySelector("main").innerHTML = html;
    }, all().join(""));
    assert.deepEqual((await told(DATA.length)).sort(), adopted.toSorted());
    const found = await run(() =>
      [...document.querySelectorAll("[data-try]")].map((it) => [
        it.childNodes.length,
        it.shadowRoot.querySelectorAll("style,script").length,
        it.shadowRoot.querySelectorAll("path").length,
      ]),
    );
    assert.deepEqual(
      found.map(([children, own]) => [children, own]),
      Array(COUNT).fill([0, 0]),
    );
    assert.ok(expected.every((length) => length > 0));
    assert.deepEqual(
      found.map(([, , paths]) => paths),
      all().map((html) => html.match(/<path/g).length),
    );
    assert.deepEqual(site.asked(), []);
  });

  it("SSR6 a clone keeps its stars, before and after it is taken over", async () => {
    await open(all().join(""));
    const clone = () =>
      run(() => {
        const section = document.createElement("section");
        for (const it of document.querySelectorAll("body > [data-try]")) {
          section.append(it.cloneNode(true));
        }
        document.body.append(section);
        return [...section.children].map((it) => it.shadowRoot?.querySelectorAll("path").length);
      });
    const paths = all().map((html) => html.match(/<path/g).length);
    assert.deepEqual(await clone(), paths);
    await run(() => window.begin());
    assert.deepEqual((await told(2 * DATA.length)).sort(), [...adopted, ...adopted].sort());
    assert.deepEqual(site.asked(), []);
    assert.deepEqual(await clone(), paths);
  });

  it("SSR10 the date that was written becomes how long ago it was, by the visitor's clock", async () => {
    const createdAt = new Date(Date.now() - 2.1 * 86_400_000).toISOString();
    const [first] = reviews;
    const html = renderToString("plaudit-reviews", {
      attributes: source,
      reviews: [{ ...first, createdAt, reply: null }],
    });
    assert.match(html, new RegExp(`<time [^>]*datetime="${createdAt}"[^>]*>[^<]*\\b20\\d\\d<`));
    assert.ok(!html.includes("days ago"));
    await open(html);
    await run(() => window.begin());
    await told(1);
    const text = () =>
      run(
        () =>
          document.querySelector("plaudit-reviews").shadowRoot.querySelector("time").textContent,
      );
    await until(async () => (await text()) === "2 days ago", "it is said anew");
    assert.deepEqual(site.asked(), []);
  });

  const nonce = "cjRuZDBt";
  for (const [title, options, styles, tag] of [
    ["a nonce", { nonce }, `'nonce-${nonce}'`, "style"],
    ["a stylesheet", { stylesheet: "/plaudit/elements.css" }, "'self'", "link"],
  ]) {
    it(`SEC4 SEC5 ${title} under a strict policy, without WebAssembly`, async () => {
      const policy = [
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        // Firefox asks for a page's icon
        "img-src 'self'",
        `style-src ${styles}`,
        "require-trusted-types-for 'script'",
        "base-uri 'none'",
      ].join("; ");
      await open(all(options).join(""), { policy });
      const isStyled = () =>
        run(() =>
          [...document.querySelectorAll("[data-try]")].every(
            (it) => it.shadowRoot.querySelector("link")?.sheet !== null,
          ),
        );
      await until(isStyled, "the sheets are there");
      // before any of our scripts
      const fill = await run(
        () =>
          getComputedStyle(document.querySelector("plaudit-rating").shadowRoot.querySelector(".f"))
            .fill,
      );
      assert.equal(fill, "rgb(0, 182, 122)");
      assert.equal(await seen("look"), COUNT);
      await run(() => window.begin());
      assert.deepEqual((await told(DATA.length)).sort(), adopted.toSorted());
      await assertAdopted(tag);
      assert.deepEqual(await run(() => window.violations), []);
    });
  }

  it("SEC8 no key is in the markup", () => {
    const attributes = { domain: "example.com", "api-key": "secret-key" };
    const html = renderToString("plaudit-rating", { attributes, rating });
    assert.ok(!html.includes("secret-key") && !html.includes("api-key"));
  });

  it("SSR8 without a source, what came with the markup is drawn again in another language", async () => {
    const attributes = { "data-try": true };
    await open(
      renderToString("plaudit-stars", { attributes, rating }) +
        renderToString("plaudit-badge", { attributes, rating }),
      { head: WATCH + START },
    );
    assert.deepEqual(await told(1), ["plaudit-load plaudit-badge markup"]);
    await run(() => {
      for (const it of document.querySelectorAll("[data-try]")) it.setAttribute("locale", "de");
    });
    const found = () =>
      run(() => {
        const [stars, badge] = document.querySelectorAll("[data-try]");
        const label = stars.shadowRoot.querySelector("svg").getAttribute("aria-label");
        return [label.includes("4,4"), badge.shadowRoot.textContent.includes("4,4"), badge.state];
      });
    await until(async () => `${await found()}` === "true,true,ready", "both speak German");
    assert.deepEqual(site.asked(), []);
  });

  for (const locale of ["en", "de"]) {
    it(`SSR3 data that was set before goes before what came with the markup: ${locale}`, async () => {
      const [, html] = all({ locale });
      await open(html, { lang: locale });
      await run((value) => {
        const element = document.querySelector("plaudit-rating");
        element.data = { rating: { ...value, value: 2.1, stars: 2 } };
      }, rating);
      await run(() => window.begin());
      const text = () =>
        run(() => /2[.,]1/.test(document.querySelector("plaudit-rating").shadowRoot.textContent));
      await until(text, "it shows the page's own data");
      assert.deepEqual(site.asked(), []);
    });
  }

  it("SSR8 more reviews than came with the markup stay when it is drawn again", async () => {
    const consumer = { displayName: "Bob" };
    const more = [{ id: "9", stars: 5, title: "Title 9", text: "Text", language: "en", consumer }];
    const unit = "/api/business-units/46d6a890000064000500e0c3";
    site.serve(`${unit}/reviews`, JSON.stringify({ reviews: more }), { type: "application/json" });
    const attributes = { "business-unit": UNIT.id, proxy: "/api", "data-try": true };
    await open(renderToString("plaudit-reviews", { attributes, reviews, next: 2 }), {
      head: WATCH + START,
    });
    await told(1);
    const count = () =>
      run(
        () =>
          document.querySelector("plaudit-reviews").shadowRoot.querySelectorAll("article").length,
      );
    await run(() =>
      document.querySelector("plaudit-reviews").shadowRoot.querySelector("[part=more]").click(),
    );
    await until(async () => (await count()) === 3, "there is a third");
    await run(() => document.querySelector("plaudit-reviews").setAttribute("layout", "grid"));
    const isGrid = () =>
      run(() => !!document.querySelector("plaudit-reviews").shadowRoot.querySelector(".as-grid"));
    await until(isGrid, "it is drawn again");
    assert.equal(await count(), 3);
  });

  it("SSR8 what was handed in beyond what is shown is there for the button", async () => {
    const many = Array.from({ length: 5 }, (_, id) => ({ ...reviews[0], id: `${id}`, notes: "x" }));
    const attributes = { domain: "example.com", "per-page": 2, "data-try": true };
    await open(renderToString("plaudit-reviews", { attributes, reviews: many }), {
      head: WATCH + START,
    });
    await told(1);
    const look = () =>
      run(() => {
        const { shadowRoot } = document.querySelector("plaudit-reviews");
        const more = shadowRoot.querySelector("[part=more]");
        return [shadowRoot.querySelectorAll("article").length, !!more];
      });
    for (const [count, isMore] of [
      [2, true],
      [4, true],
      [5, false],
    ]) {
      const isThere = async () => `${await look()}` === `${[count, isMore]}`;
      await until(isThere, `${count} are shown`);
      await run(() =>
        document.querySelector("plaudit-reviews").shadowRoot.querySelector("[part=more]")?.click(),
      );
    }
    assert.deepEqual(site.asked(), []);
  });

  it("SSR8 with a next page the rest is fetched, as long as what is shown", async () => {
    const many = Array.from({ length: 5 }, (_, id) => ({ ...reviews[0], id: `${id}` }));
    const unit = `/api/business-units/${UNIT.id}`;
    const queries = [];
    site.serve(`${unit}/reviews`, (request, response) => {
      queries.push(new URL(request.url, site.url).searchParams.toString());
      const raw = [2, 3].map((id) => ({
        id: `${id}`,
        stars: 5,
        title: `Title ${id}`,
        text: "Text",
      }));
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ reviews: raw }));
    });
    const attributes = { "business-unit": UNIT.id, proxy: "/api", "per-page": 2, "data-try": true };
    const html = renderToString("plaudit-reviews", { attributes, reviews: many, next: 4 });
    assert.equal(html.match(/"id":/g).length, 2);
    await open(html, { head: WATCH + START });
    await told(1);
    await run(() =>
      document.querySelector("plaudit-reviews").shadowRoot.querySelector("[part=more]").click(),
    );
    const count = () =>
      run(
        () =>
          document.querySelector("plaudit-reviews").shadowRoot.querySelectorAll("article").length,
      );
    await until(async () => (await count()) === 4, "the next two are there");
    assert.deepEqual(queries, ["page=2&perPage=2"]);
  });

  it("the usual page: one script in the head, attributes changed later", async () => {
    await open(all().join(""), { head: WATCH + START });
    assert.deepEqual((await told(DATA.length)).sort(), adopted.toSorted());
    await run(() => {
      for (const it of document.querySelectorAll("[data-try]")) it.setAttribute("locale", "de");
    });
    const german = () =>
      run(() => document.querySelector("plaudit-badge").shadowRoot.textContent.includes("4,4"));
    await until(german, "it speaks German");
  });
});
