// Structured data of elements in a page: one script an item, in the head, as long as it is shown.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, it } from "node:test";
import { jsonLd, renderToString } from "plaudit/server";
import { throughEngines } from "./drivers.mjs";
import { page, prerenderedSite } from "./prerendered.mjs";
import { until } from "./scenario.mjs";

const watch = await readFile(new URL("pages/adoption.js", import.meta.url), "utf8");
const HEAD = `<script src="/watch.js"></script><script src="/console.js"></script>
<script type="module" src="/plaudit/elements.js"></script>`;
const CONSOLE = `window.warned = [];
const { warn } = console;
console.warn = (...all) => { window.warned.push(all.join(" ")); warn.apply(console, all); };`;

const product = (attributes = "") =>
  `<plaudit-rating value="4.5" count="137" name="Kettle" schema="aggregate" schema-type="Product" ${attributes}></plaudit-rating>`;
const KETTLE = {
  "@context": "https://schema.org",
  "@type": "Product",
  name: "Kettle",
  aggregateRating: {
    ...{ "@type": "AggregateRating", ratingValue: 4.5, bestRating: 5, worstRating: 1 },
    reviewCount: 137,
  },
};

await throughEngines((context) => {
  let site;
  beforeEach(async () => {
    site = await prerenderedSite();
    site.serve("/watch.js", watch, { type: "text/javascript" });
    site.serve("/console.js", CONSOLE, { type: "text/javascript" });
  });
  afterEach(async () => {
    await context.driver.get("about:blank");
    await site.close();
  });

  const open = async (body, { policy, lang, head = "" } = {}) => {
    await context.driver.get(
      site.serve("/page", page({ head: head + HEAD, body, lang }), { policy }),
    );
    await until(
      () => context.driver.executeScript("return !document.querySelector(':not(:defined)')"),
      "the elements are defined",
    );
  };
  const run = (code, ...args) =>
    context.driver.executeScript(`return (${code})(...arguments)`, ...args);
  /** All structured data of the page: where it stands, and what it says. */
  const found = () =>
    run(() =>
      [...document.querySelectorAll('script[type="application/ld+json"]')].map((it) => [
        it.parentNode.localName,
        it.textContent,
      ]),
    );
  const eventually = async (look, expected, what) => {
    let last;
    try {
      await until(async () => {
        last = JSON.stringify(await look());
        return last === JSON.stringify(expected);
      }, what);
    } catch {
      assert.deepEqual(JSON.parse(last), expected, what);
    }
  };
  const warned = () => run(() => window.warned);
  /** Long enough for what should not come. */
  const settled = () => context.driver.executeAsyncScript("setTimeout(arguments[0], 400)");

  it("LD3 a page says nothing unless it is asked to", async () => {
    const unit = {
      ...{ id: "46d6a890000064000500e0c3", displayName: "A", name: { identifying: "a.example" } },
      ...{ score: { trustScore: 4.5, stars: 4.5 }, numberOfReviews: { total: 137 } },
    };
    site.serve("/api/business-units/find", JSON.stringify(unit), { type: "application/json" });
    await open(`<plaudit-rating value="4.5" count="137" name="Kettle"></plaudit-rating>
      <plaudit-rating id="asked" domain="a.example" proxy="/api" loading="eager"></plaudit-rating>
      <plaudit-badge value="4.5" count="137" name="Kettle" schema="none"></plaudit-badge>`);
    await until(() => run(() => document.getElementById("asked").state === "ready"), "it is shown");
    await settled();
    assert.deepEqual(await found(), []);
    assert.deepEqual(await warned(), []);
    assert.ok(!site.requests.some((path) => path.includes("jsonld")));
  });

  it("LD6 three elements, one script; the last writer wins; gone with the last", async () => {
    await open(product() + product() + product().replaceAll("plaudit-rating", "plaudit-badge"));
    const text = JSON.stringify(KETTLE);
    await eventually(found, [["head", text]], "there is one script");
    await settled();
    assert.deepEqual(await found(), [["head", text]]);
    await run(() => {
      document.querySelector("plaudit-badge").value = 3;
    });
    await eventually(
      found,
      [["head", text.replace("4.5", "3")]],
      "the last writer's score is there",
    );
    const remove = () => run(() => document.querySelector("[schema]").remove());
    await remove();
    await remove();
    await settled();
    assert.equal((await found()).length, 1);
    await remove();
    await eventually(found, [], "it is gone with the last");
  });

  it("LD6 two elements say what they know of one item together, as long as they are there", async () => {
    await open(
      `${product()}<plaudit-reviews name="Kettle" schema="reviews" schema-type="Product" per-page="1"></plaudit-reviews>`,
    );
    await run(() => {
      const review = { provider: "trustpilot", stars: 5, text: "Good", createdAt: null };
      document.querySelector("plaudit-reviews").data = {
        reviews: ["Ann", "Bob"].map((author) => ({ ...review, author })),
      };
    });
    const said = async () =>
      (await found()).map(([, text]) => {
        const { aggregateRating, review } = JSON.parse(text);
        return [aggregateRating?.reviewCount, review?.map(({ author }) => author.name)];
      });
    // LD4: the second review is not shown
    await eventually(said, [[137, ["Ann"]]], "both are in it");
    await run(() => document.querySelector("plaudit-rating").setAttribute("count", "138"));
    await eventually(said, [[138, ["Ann"]]], "the reviews stay");
    await run(() => document.querySelector("plaudit-reviews").remove());
    await eventually(said, [[138, null]], "the reviews are gone");
  });

  it("LD6 two pre-rendered scripts of an item become one", async () => {
    const rating = { provider: "trustpilot", value: 4.5, stars: 4.5, count: 137, name: "Kettle" };
    const attributes = { schema: "aggregate", "schema-type": "Product" };
    const html = renderToString("plaudit-rating", {
      attributes,
      rating: { ...rating, url: null, distribution: null },
    });
    await open(html + html);
    await eventually(async () => (await found()).length, 1, "there is one script");
    const remove = () => run(() => document.querySelector("[schema]").remove());
    await remove();
    await settled();
    assert.deepEqual(
      (await found()).map(([, text]) => text),
      [JSON.stringify(KETTLE)],
    );
    await remove();
    await eventually(found, [], "it is gone with the last");
  });

  it("CE8 what is moved keeps its data, what comes back has it again", async () => {
    await open(`${product()}<main></main>`);
    await eventually(async () => (await found()).length, 1, "there is one script");
    await run(() =>
      document.querySelector("main").append(document.querySelector("plaudit-rating")),
    );
    await settled();
    assert.equal((await found()).length, 1);
    await run(() => {
      window.kept = document.querySelector("plaudit-rating");
      window.kept.remove();
    });
    await eventually(found, [], "it is gone");
    await run(() => document.body.append(window.kept));
    await eventually(async () => (await found()).length, 1, "it is there again");
  });

  it("LD6 another item is another script; without an attribute there is none", async () => {
    await open(product());
    await eventually(async () => (await found()).length, 1, "there is one script");
    const set = (name, value) =>
      run(
        (name, value) => {
          const element = document.querySelector("plaudit-rating");
          if (value === null) element.removeAttribute(name);
          else element.setAttribute(name, value);
        },
        name,
        value,
      );
    await set("schema-id", "https://shop.example/#kettle");
    const { "@context": context_, "@type": type, ...rest } = KETTLE;
    const id = {
      "@context": context_,
      "@type": type,
      "@id": "https://shop.example/#kettle",
      ...rest,
    };
    await eventually(found, [["head", JSON.stringify(id)]], "it has its id");
    await set("schema", null);
    await eventually(found, [], "it is gone");
    await set("schema", "aggregate");
    await eventually(found, [["head", JSON.stringify(id)]], "it is back");
    await set("value", null);
    await eventually(found, [], "what shows no score says none");
  });

  it("LD2 numbers are numbers in every language", async () => {
    await open(product(), { lang: "ar-EG" });
    await eventually(found, [["head", JSON.stringify(KETTLE)]], "it says 4.5");
  });

  it("LD3 a business's own rating: one warning, however many elements", async () => {
    const shop = product().replace(' schema-type="Product"', "");
    await open(shop + shop);
    await eventually(async () => (await found()).length, 1, "there is one script");
    await run((html) => document.body.insertAdjacentHTML("beforeend", html), shop);
    await settled();
    const all = await warned();
    assert.equal(all.length, 1, all.join("\n"));
    assert.match(all[0], /self-serving.*Organization Kettle/);
  });

  for (const [title, own] of [
    ["as it is", KETTLE],
    ["in a list", [{ "@type": "WebPage" }, { ...KETTLE, "@type": ["Thing", "Product"] }]],
    ["in a graph", { "@context": "https://schema.org", "@graph": [KETTLE] }],
  ]) {
    it(`LD6 the page's own rating of the item stays the only one: ${title}`, async () => {
      const script = `<script type="application/ld+json">${JSON.stringify(own)}</script>`;
      await open(product() + product(), { head: script });
      await eventually(async () => (await warned()).length, 1, "there is a warning");
      await settled();
      assert.equal((await found()).length, 1);
      assert.match((await warned())[0], /already/);
    });
  }

  it("LD6 markup of other things, or without a rating, is no hindrance", async () => {
    const { aggregateRating: _, ...bare } = KETTLE;
    const scripts = [bare, { ...KETTLE, name: "Pot" }, { ...KETTLE, "@type": "Book" }, "no JSON"]
      .map((it) => (typeof it === "string" ? it : JSON.stringify(it)))
      .map((it) => `<script type="application/ld+json">${it}</script>`)
      .join("");
    await open(product(), { head: scripts });
    await eventually(async () => (await found()).length, 5, "ours is there too");
    assert.deepEqual(await warned(), []);
  });

  it("LD4 two items of a type look like a list", async () => {
    await open(product() + product().replace("Kettle", "Pot"));
    await eventually(async () => (await found()).length, 2, "there are two scripts");
    assert.match((await warned()).join("\n"), /several items/);
  });

  it("LD5 LD7 a text that would end the script, under a strict policy with Trusted Types", async () => {
    const policy = [
      "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'",
      "require-trusted-types-for 'script'; trusted-types 'none'",
    ].join("; ");
    const name = '</script><!--<script>alert(1)//&"';
    const escaped = name.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
    await open(product().replace("Kettle", escaped), { policy });
    await eventually(async () => (await found()).length, 1, "there is one script");
    const [[, text]] = await found();
    assert.equal(JSON.parse(text).name, name);
    const made = jsonLd({ type: "Product", name, rating: { value: 4.5, count: 137 } });
    assert.equal(text, made.json);
    // as a search engine reads it: the page's markup, parsed again
    const again = await run(() => {
      const html = document.documentElement.outerHTML;
      return [html.split("alert(1)").length > 1, window.violations];
    });
    assert.deepEqual(again, [true, []]);
  });

  it("LD6 what came with pre-rendered markup is taken over, and goes with it", async () => {
    const rating = { provider: "trustpilot", value: 4.5, stars: 4.5, count: 137, name: "Kettle" };
    const attributes = {
      ...{ domain: "example.com", proxy: "/api", schema: "aggregate", "schema-type": "Product" },
    };
    const html = renderToString("plaudit-rating", {
      attributes,
      rating: { ...rating, url: null, distribution: null },
    });
    const text = JSON.stringify(KETTLE);
    assert.ok(html.includes(text));
    await open(html);
    await until(() => run(() => window.told.length), "it is taken over");
    await settled();
    assert.deepEqual(await found(), [["plaudit-rating", text]]);
    await run(() => document.querySelector("plaudit-rating").remove());
    await eventually(found, [], "it is gone");
  });

  const ID = "46d6a890000064000500e0c3";
  const UNIT = {
    id: ID,
    displayName: "Example",
    name: { identifying: "example.com" },
    score: { trustScore: 4.5, stars: 4.5 },
    numberOfReviews: { total: 137 },
  };
  const REVIEW = { stars: 5, title: "Good", text: "Good", language: "en", consumer: {} };
  const REVIEWS = ["Ann", "Bob"].map((displayName, at) => ({
    ...{ ...REVIEW, id: `${at}`, createdAt: "2026-03-04T05:06:07Z", consumer: { displayName } },
  }));
  const json = (path, body) => site.serve(path, JSON.stringify(body), { type: "application/json" });
  const source = 'domain="example.com" proxy="/api"';
  /** What is said of each item: its name, how many reviews, and whose. */
  const items = async () =>
    (await found())
      .map(([, text]) => JSON.parse(text))
      .map(({ name, aggregateRating, review }) => [
        name,
        aggregateRating?.reviewCount ?? null,
        review?.map(({ author }) => author.name) ?? null,
      ]);

  for (const name of ["Kettle", null]) {
    const whose = name ? "that they share" : "of the platform's";
    it(`LD6 a rating and the reviews of one source are one item, by a name ${whose}`, async () => {
      json("/api/business-units/find", UNIT);
      json(`/api/business-units/${ID}/reviews`, { reviews: REVIEWS });
      const own = `${source} ${name ? `name="${name}"` : ""}`;
      await open(`<plaudit-rating ${own} schema="aggregate"></plaudit-rating>
        <plaudit-reviews ${own} schema="reviews"></plaudit-reviews>`);
      const all = [[name ?? "Example", 137, ["Ann", "Bob"]]];
      await eventually(items, all, "there is one item, with all of it");
      await settled();
      assert.deepEqual(await items(), all);
      assert.doesNotMatch((await warned()).join("\n"), /several items/);
    });
  }

  it("LD6 what one element calls an item, all do, whichever comes first", async () => {
    await open(`<plaudit-reviews ${source} schema="reviews"></plaudit-reviews>
      <plaudit-rating ${source} schema="aggregate" name="Kettle"></plaudit-rating>`);
    const give = (tag, data) =>
      run(
        (tag, data) => {
          document.querySelector(tag).data = data;
        },
        tag,
        data,
      );
    await give("plaudit-reviews", { reviews: [{ provider: "trustoo", stars: 5, author: "Ann" }] });
    const nameless = async () =>
      (await warned()).filter((it) => /needs the name.*Organization example\.com/.test(it)).length;
    await eventually(nameless, 1, "there is a warning");
    assert.deepEqual(await items(), []);
    await give("plaudit-rating", { rating: { value: 4.5, count: 137, name: "Example" } });
    await eventually(items, [["Kettle", 137, ["Ann"]]], "it has a name now");
    await run(() => document.querySelector("plaudit-rating").remove());
    await eventually(items, [], "it has none again");
  });

  it("LD6 pre-rendered markup of one source becomes one script", async () => {
    const rating = { provider: "trustpilot", value: 4.5, stars: 4.5, count: 137, name: "Example" };
    const reviews = [{ provider: "trustpilot", id: "1", stars: 5, author: "Ann", text: "Good" }];
    const attributes = { domain: "example.com", proxy: "/api", name: "Kettle" };
    const html =
      renderToString("plaudit-rating", {
        attributes: { ...attributes, schema: "aggregate" },
        rating: { ...rating, url: "https://www.trustpilot.com/review/example.com" },
      }) +
      renderToString("plaudit-reviews", {
        attributes: { ...attributes, schema: "reviews" },
        reviews,
      });
    await open(html);
    const all = [["Kettle", 137, ["Ann"]]];
    await eventually(items, all, "they are one");
    await settled();
    assert.deepEqual(await items(), all);
  });

  it("LD4 pre-rendered markup of what it is no more goes", async () => {
    const html = renderToString("plaudit-rating", {
      attributes: { value: 4.5, count: 137, name: "Kettle", schema: "aggregate" },
    });
    await open(html.replace('name="Kettle"', 'name="Pot"'));
    await eventually(items, [["Pot", 137, null]], "only the new name is there");
    await run(() => document.querySelector("plaudit-rating").setAttribute("name", "Pan"));
    await eventually(items, [["Pan", 137, null]], "the name follows");
  });

  it("CE8 CE9 what moves to another document takes its data along", async () => {
    const other = () =>
      run(() => {
        const { head } = document.querySelector("iframe").contentDocument;
        return [...head.querySelectorAll("script")].map((it) => JSON.parse(it.textContent).name);
      });
    await open(`${product()}${product('id="stays"')}<iframe></iframe>`);
    await eventually(async () => (await found()).length, 1, "there is one script");
    const move = () =>
      run(() => {
        const element = document.querySelector("plaudit-rating");
        document.querySelector("iframe").contentDocument.body.append(element);
      });
    await move();
    await eventually(other, ["Kettle"], "it is in the other document");
    // the one that stays says it here
    await settled();
    assert.equal((await found()).length, 1);
    await move();
    await eventually(found, [], "it is gone here");
    assert.deepEqual(await other(), ["Kettle"]);
    await run(() => {
      document.querySelector("iframe").contentDocument.body.textContent = "";
    });
    await eventually(other, [], "it is gone there");
  });

  /** The texts in the page and in the root of another component. */
  const deep = () =>
    run(() =>
      [document, document.querySelector("article").shadowRoot]
        .flatMap((it) => [...it.querySelectorAll('script[type="application/ld+json"]')])
        .map((it) => it.textContent),
    );
  const component = (html) =>
    `<article><template shadowrootmode="open">${html}</template></article>`;

  it("LD6 pre-rendered markup in another component's root is found", async () => {
    const rating = { provider: "trustpilot", value: 4.5, stars: 4.5, count: 137, name: "Kettle" };
    const html = renderToString("plaudit-rating", {
      attributes: { domain: "example.com", schema: "aggregate", "schema-type": "Product" },
      rating: { ...rating, url: null, distribution: null },
    });
    await open(component(html + html));
    await eventually(deep, [JSON.stringify(KETTLE)], "there is one script");
    await settled();
    assert.deepEqual(await deep(), [JSON.stringify(KETTLE)]);
    await run(() => {
      document.querySelector("article").shadowRoot.textContent = "";
    });
    await eventually(deep, [], "it is gone");
  });

  it("LD6 a component's own rating of the item stays the only one", async () => {
    const text = JSON.stringify(KETTLE);
    const script = `<script type="application/ld+json">${text}</script>`;
    await open(component(script + product()));
    await eventually(async () => (await warned()).length, 1, "there is a warning");
    assert.match((await warned())[0], /already/);
    assert.deepEqual(await deep(), [text]);
  });

  it("LD3 what was warned of is not kept for ever", async () => {
    await open(product().replace(' schema-type="Product"', ""));
    await eventually(async () => (await warned()).length, 1, "there is one warning");
    const pass = (names) =>
      context.driver.executeAsyncScript((names, done) => {
        const element = document.querySelector("plaudit-rating");
        const named = (name) =>
          [...document.querySelectorAll("head script")].some((it) =>
            it.textContent.includes(`"${name}"`),
          );
        const step = async () => {
          for (const name of names) {
            element.name = name;
            while (!named(name)) await new Promise((then) => setTimeout(then));
          }
        };
        step().then(done);
      }, names);
    await pass(["Pot", "Kettle"]);
    assert.equal((await warned()).length, 2);
    await pass([...Array.from({ length: 120 }, (_, at) => `Pot ${at}`), "Kettle"]);
    assert.equal((await warned()).filter((it) => it.includes("Organization Kettle")).length, 2);
  });

  it("LD4 of another source nothing is said until its answer is there", async () => {
    let answer;
    site.serve("/api/business-units/find", (request, response) => {
      const write = (unit) =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(unit));
      if (request.url.includes("example.com")) write(UNIT);
      else answer = write;
    });
    const rating = { provider: "trustpilot", value: 4.5, stars: 4.5, count: 137, name: "Before" };
    const html = renderToString("plaudit-rating", {
      attributes: { domain: "before.example", proxy: "/api", schema: "aggregate" },
      rating: { ...rating, url: null, distribution: null },
    }).replace('domain="before.example"', 'domain="other.example"');
    await open(html);
    // as it was stored with the page, of what the element is no more
    await eventually(items, [], "what came with the markup is gone");
    await until(() => answer, "it is asked for");
    answer({ ...UNIT, displayName: "Other" });
    await eventually(items, [["Other", 137, null]], "the answer is there");
    const set = (domain) =>
      run((domain) => {
        document.querySelector("plaudit-rating").domain = domain;
      }, domain);
    await set("example.com");
    await eventually(items, [["Example", 137, null]], "the next one is there");
    answer = undefined;
    await set("third.example");
    await eventually(items, [], "nothing is said meanwhile");
    const text = () => run(() => document.querySelector("plaudit-rating").shadowRoot.textContent);
    assert.equal(await text(), "", "nor shown");
  });
});
