// Elements as text: what is escaped, what is refused, and that it says what a page's element says.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import * as elements from "plaudit/elements/pure";
import { jsonLd, PlauditError, renderToString } from "plaudit/server";
import { root } from "../../tools/run.mjs";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const vectors = (name) => JSON.parse(readFileSync(join(root, "tests", "vectors", name), "utf8"));

const rating = {
  provider: "trustpilot",
  value: 4.5,
  stars: 4.5,
  count: 1234,
  distribution: [40, 30, 60, 204, 900],
  name: "Example Store",
  url: "https://www.trustpilot.com/review/example.com",
};
const evil = `"></template></script><img src=x onerror=alert(1)><!--<script>&'`;
const state = (html) =>
  /<script type="application\/json" data-of="([^"]*)">([^<]*)<\/script><\/template>/.exec(html);
const ld = (html) =>
  /<script type="application\/ld\+json" data-plaudit="([^"]*)">([^<]*)<\/script>/.exec(html);
const refuses = (work, message) =>
  assert.throws(work, (error) => {
    assert.ok(error instanceof PlauditError);
    assert.equal(error.code, "invalid_argument");
    assert.match(error.message, message);
    return true;
  });

describe("renderToString", () => {
  it("SSR6 SSR7 puts sheets, content and data into a root that can be cloned", () => {
    const html = renderToString("plaudit-rating", {
      attributes: { domain: "example.com", class: "mine" },
      rating,
      locale: "en-gb",
    });
    const start =
      '<plaudit-rating domain="example.com" class="mine" locale="en-GB">' +
      '<template shadowrootmode="open" shadowrootclonable="" shadowrootserializable=""><style>';
    assert.ok(html.startsWith(start), html.slice(0, 300));
    assert.ok(html.endsWith("</script></template></plaudit-rating>"));
    const [, key, data] = state(html);
    assert.equal(key, `${version} en-GB domain=example.com locale=en-GB`);
    assert.deepEqual(JSON.parse(data), { rating });
    assert.equal(html.match(/<style/g).length, 1);
  });

  it("writes what the vectors say of the same view", () => {
    const { html: content } = vectors("widgets.json").find(
      ({ element, of }) => element === "plaudit-stars" && of?.value === 4.5 && of.count === 1234,
    ) ?? { html: null };
    const html = renderToString("plaudit-stars", { attributes: { value: 4.5, count: 1234 } });
    const [, inner] = /<\/style>(.*?)<script/s.exec(html);
    assert.match(inner, /^<svg class="stars" part="stars"/);
    if (content) assert.equal(inner, content);
  });

  it("SEC1 LD5 escapes all that comes in", () => {
    const html = renderToString("plaudit-rating", {
      attributes: {
        ...{ id: evil, name: evil, "data-x": evil, "aria-label": evil, schema: "aggregate" },
        ...{ "schema-type": "Product", "schema-id": evil },
      },
      rating: { ...rating, name: evil, url: `javascript:${evil}` },
      word: evil,
      nonce: evil,
      onWarning: assert.fail,
    });
    assert.ok(!html.includes("<img"));
    assert.equal(html.match(/<script/g).length, 2);
    assert.equal(html.match(/<\/script>/g).length, 2);
    assert.equal(html.match(/<\/template>/g).length, 1);
    assert.ok(!html.includes("<!--"));
    assert.deepEqual(JSON.parse(state(html)[2]).rating.name, evil);
    assert.equal(JSON.parse(ld(html)[2]).name, evil);
    assert.ok(!/href="javascript/.test(html));
  });

  it("SEC4 takes a nonce, or the address of a sheet", () => {
    const attributes = { value: 4.5 };
    const nonced = renderToString("plaudit-badge", { attributes, nonce: "r4nd0m" });
    assert.ok(nonced.includes('<style nonce="r4nd0m">'));
    const linked = renderToString("plaudit-badge", { attributes, stylesheet: "/a.css?b=1&c" });
    assert.ok(linked.includes('<link rel="stylesheet" href="/a.css?b=1&amp;c">'));
    assert.ok(!linked.includes("<style"));
    for (const html of [nonced, linked]) assert.ok(!/ style=/.test(html));
  });

  it("SEC8 writes no key", () => {
    const attributes = { domain: "example.com", "api-key": "secret-key" };
    const html = renderToString("plaudit-rating", { attributes, rating });
    assert.ok(!/secret-key|api-key/.test(html));
  });

  it("speaks the page's language", () => {
    const say = (options) =>
      renderToString("plaudit-rating", { attributes: { value: 4.5, count: 3 }, ...options });
    assert.match(say({}), /<span class="score"[^>]*>4\.5</);
    assert.match(say({ locale: "de" }), /<span class="score"[^>]*>4,5</);
    assert.match(say({ locale: "ar-EG" }), /<span class="score"[^>]*>٤٫٥</);
    // an attribute goes first, and what is none is left to the next
    const lang = { value: 4.5, lang: "de" };
    assert.match(say({ locale: "en", attributes: lang }), /<plaudit-rating value="4.5" lang="de">/);
    assert.match(say({ locale: "en", attributes: lang }), />4,5</);
    assert.match(say({ locale: "no such locale" }), / locale="en">/);
  });

  it("writes a rating of stars into their attributes, which they are drawn of again", () => {
    const html = renderToString("plaudit-stars", { rating });
    assert.match(html, /^<plaudit-stars value="4.5" count="1234" locale="en">/);
    assert.equal(state(html)[1], `${version} en count=1234 locale=en value=4.5`);
    // what the attributes say goes first
    const own = renderToString("plaudit-stars", { rating, attributes: { value: 3 } });
    assert.match(own, /^<plaudit-stars value="3" locale="en">/);
  });

  it("I18N7 has no word of Trustpilot's for another platform", () => {
    const html = renderToString("plaudit-rating", { rating: { ...rating, provider: "trustoo" } });
    assert.doesNotMatch(html, /Excellent/);
    assert.match(html, /1,234 reviews on Trustoo/);
  });

  it("A11Y3 says that there are no reviews yet", () => {
    const html = renderToString("plaudit-rating", { rating: null });
    assert.match(html, /No reviews yet/);
    assert.deepEqual(JSON.parse(state(html)[2]), { rating: null });
  });

  it("LD3 LD6 marks up when asked, and warns", () => {
    assert.equal(ld(renderToString("plaudit-rating", { rating })), null);
    const warned = [];
    const html = renderToString("plaudit-rating", {
      attributes: { schema: "aggregate", domain: "example.com" },
      rating,
      locale: "de",
      onWarning: (code, message) => warned.push([code, message.length > 30]),
    });
    const [, key, json] = ld(html);
    assert.equal(key, "Organization example.com");
    assert.deepEqual(JSON.parse(json).aggregateRating, {
      "@type": "AggregateRating",
      ...{ ratingValue: 4.5, bestRating: 5, worstRating: 1, reviewCount: 1234 },
    });
    assert.deepEqual(warned, [["no_stars", true]]);
    // the element has no such attribute
    const stars = { value: 4.5, schema: "aggregate" };
    assert.equal(ld(renderToString("plaudit-stars", { attributes: stars })), null);
  });

  it("LD6 all elements of an item have the same key", () => {
    const review = { provider: "trustpilot", stars: 5, author: "Ann", text: "Good" };
    const keyOf = (tag, attributes) => {
      const all = { name: "Kettle", schema: "reviews", ...attributes };
      const given = { rating: tag === "plaudit-reviews" ? undefined : rating, reviews: [review] };
      return ld(renderToString(tag, { attributes: all, ...given }))[1];
    };
    const id = "46d6a890000064000500e0c3";
    for (const [attributes, key] of [
      [{ domain: "example.com" }, "Organization example.com"],
      [{ "business-unit": id, domain: "example.com" }, `Organization ${id}`],
      [{ domain: "example.com", sku: "EXAM-1001" }, "Product example.com EXAM-1001"],
      [{ provider: "trustoo", shop: "a.example", sku: "b" }, "Product a.example b"],
      [{ domain: "example.com", "schema-id": "#it" }, "Organization #it"],
    ]) {
      for (const tag of ["plaudit-rating", "plaudit-badge", "plaudit-reviews"]) {
        assert.equal(keyOf(tag, attributes), key, tag);
      }
    }
    assert.equal(keyOf("plaudit-rating", {}), `Organization ${rating.url}`);
    assert.equal(keyOf("plaudit-reviews", {}), "Organization Kettle");
  });

  it("renders reviews in every language, with all that anybody wrote as text", () => {
    const review = {
      ...{ provider: "trustpilot", id: "1", stars: 5, title: evil, text: evil, language: "en" },
      ...{ createdAt: "2026-03-04T05:06:07.000Z", author: evil, verified: true, url: null },
      reply: { text: evil, createdAt: null },
    };
    const locales = readdirSync(join(root, "js", "elements", "locales")).filter(
      (it) => it !== "all.ts",
    );
    assert.ok(locales.length >= 16);
    const said = new Set();
    for (const locale of ["en", ...locales.map((name) => name.replace(".ts", ""))]) {
      const html = renderToString("plaudit-reviews", { reviews: [review], locale, next: 2 });
      assert.ok(!html.includes("<img"), locale);
      assert.equal(html.match(/<script/g).length, 1, locale);
      assert.deepEqual(JSON.parse(state(html)[2]).reviews, [review]);
      said.add(/<button[^>]*data-do="more"[^>]*>([^<]*)</.exec(html)[1]);
    }
    // Danish and Norwegian say the same
    assert.ok(said.size >= locales.length, `${said.size}`);
    const empty = renderToString("plaudit-reviews", { reviews: [] });
    assert.match(empty, /No reviews yet/);
  });

  it("refuses what is not right, and names it", () => {
    refuses(() => renderToString("plaudit-rating"), /^rating: must be given/);
    refuses(() => renderToString("plaudit-reviews", { rating }), /^reviews: /);
    refuses(() => renderToString("plaudit-reviews", { reviews: {} }), /^reviews: /);
    refuses(() => renderToString("plaudit-histogram", { rating: null }), /distribution/);
    refuses(() => renderToString("constructor", { rating }), /^tag: must be one of plaudit-stars/);
    refuses(
      () => renderToString("plaudit-rating", { rating, lcoale: "de" }),
      /did you mean locale/,
    );
    refuses(() => renderToString("plaudit-rating", { rating, stylesheet: "" }), /^style: /);
    refuses(() => renderToString("plaudit-rating", { rating, nonce: 1 }), /^nonce: /);
    for (const name of ["onclick", "a b", "a=b", 'a"', "a>", "", "1", "Class"]) {
      refuses(
        () => renderToString("plaudit-rating", { rating, attributes: { [name]: "x" } }),
        /^attributes: /,
      );
    }
    refuses(
      () => renderToString("plaudit-rating", { rating, attributes: { id: {} } }),
      /^attributes\.id: /,
    );
  });
});

describe("jsonLd", () => {
  it("LD5 half a character does not lose the rest", () => {
    for (const name of ["Kettle \ud83d", "\udc00 \u{1f600}", '\\\\ud800"']) {
      const { json } = jsonLd({ type: "Product", rating: { ...rating, name } });
      assert.equal(JSON.parse(json).name, name.replace(/\p{Surrogate}/gu, "\ufffd"));
    }
  });

  for (const { title, item, expect } of vectors("jsonld.json").cases) {
    it(title, () => assert.deepEqual(jsonLd(item), expect));
  }
});

it("an element has the same sheets in Rust and in JavaScript", async () => {
  const classes = Object.values(elements).filter((it) => it.tag && it.tag !== "plaudit-sign-in");
  assert.ok(classes.length >= 5);
  for (const { tag, sheets } of classes) {
    const rating = { provider: "trustpilot", value: 5, count: 1, distribution: [0, 0, 0, 0, 1] };
    const html = renderToString(tag, {
      rating,
      ...(tag === "plaudit-reviews" && { reviews: [] }),
    });
    const late = tag.replace("plaudit-", "");
    const file = new URL(`../../dist/elements/${late}-drawing.js`, import.meta.url);
    const more = existsSync(file) ? (await import(file)).sheets : [];
    assert.equal(/<style>(.*?)<\/style>/s.exec(html)[1], [...sheets, ...more].join(""), tag);
  }
});

it("SSR8 SSR10: reviews come with what they are drawn of, in every language, with their dates", () => {
  const reviews = [1, 2].map((id) => ({
    provider: "trustpilot",
    id: `${id}`,
    stars: 5,
    title: `Title ${id}`,
    text: "<b>Good</b>",
    language: "en",
    createdAt: "2026-11-01T10:00:00.000Z",
    author: null,
    reply: null,
    verified: true,
    url: null,
  }));
  const attributes = { domain: "example.com", "per-page": 2, stars: "5", locale: "de" };
  const html = renderToString("plaudit-reviews", { attributes, reviews, next: 2 });
  assert.match(html, /<time class="age" part="age" datetime="2026-11-01T10:00:00.000Z"><\/time>/);
  assert.match(html, />01\.11\.2026<\/time>/);
  assert.match(html, /Nur eine Auswahl wird gezeigt: 5 Sterne/);
  assert.match(html, /&lt;b&gt;Good&lt;\/b&gt;/);
  assert.match(html, />Weitere Bewertungen zeigen<\/button>/);
  assert.match(html, /"next":2/);
  const short = renderToString("plaudit-reviews", { attributes, reviews: reviews.slice(1) });
  assert.doesNotMatch(short, /"next"/);
  assert.doesNotMatch(short, /Weitere/);
  assert.throws(() => renderToString("plaudit-reviews", {}), { code: "invalid_argument" });
});
