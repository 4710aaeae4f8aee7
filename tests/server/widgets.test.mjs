// Elements as text: what is escaped, what is refused, and that it says what a page's element says.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import * as elements from "plaudit/elements/pure";
import { jsonLd, PlauditError, renderToString } from "plaudit/server";
import { root } from "../../tools/run.mjs";
import { hostile, newSeed, randomOf } from "./random.mjs";

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
    refuses(() => renderToString("plaudit-reviews", { reviews: 5 }), /^reviews: must be a list/);
    refuses(() => renderToString("plaudit-histogram"), /^rating: must be given/);
    for (const tag of ["plaudit-rating", "plaudit-badge", "plaudit-histogram"]) {
      for (const wrong of [5, "x", "", [], true]) {
        refuses(() => renderToString(tag, { rating: wrong }), /^rating: must be an object/);
      }
    }
    refuses(() => renderToString("plaudit-rating", { rating, word: 5 }), /^word: /);
    refuses(
      () => renderToString("plaudit-rating", { attributes: { value: undefined } }),
      /^rating: must be given/,
    );
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

  it("an argument of the wrong kind, and one that there is not, are refused by their names", () => {
    const item = { type: "Product", name: "A", rating };
    refuses(() => jsonLd({ ...item, schema: "all" }), /^item\.schema: .*"aggregate" or "reviews"/);
    refuses(() => jsonLd({ ...item, schema: 1n }), /^item\.schema: /);
    refuses(() => jsonLd({ ...item, business: "no" }), /^item\.business: /);
    refuses(() => jsonLd({ ...item, rating: 5 }), /^item\.rating: /);
    refuses(() => jsonLd({ ...item, reviews: 5 }), /^item\.reviews: /);
    refuses(
      () => jsonLd({ ...item, schemas: "reviews" }),
      /^item\.schemas: .*did you mean schema\?/,
    );
    refuses(() => jsonLd({ name: "A", rating }), /^item\.type: /);
    const bare = { schema: null, business: null, provider: null, reviews: null, id: null };
    assert.deepEqual(jsonLd({ ...item, ...bare }), jsonLd(item));
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

/** What stands in an element, without sheets and state. */
const shown = (html) => /<\/style>(.*?)<script/s.exec(html)[1];
const texts = (html) => shown(html).replace(/<[^>]*>/g, " ");
const review = (more) => ({
  ...{
    provider: "trustpilot",
    id: "1",
    stars: 5,
    title: "Good",
    text: "Very good.",
    language: "en",
  },
  ...{
    createdAt: "2026-11-01T10:00:00.000Z",
    author: "Zoë",
    reply: null,
    verified: null,
    url: null,
  },
  ...more,
});

/** Whether each element that begins ends, where it should. */
function assertWellFormed(whole, way) {
  const html = whole.replace(/(<style[^>]*>).*?(?=<\/style>)/s, "$1");
  const open = [];
  let rest = html;
  let from = 0;
  for (const { 0: all, 1: end, 2: name, 3: inner, index } of html.matchAll(
    /<(\/?)([a-z][\w-]*)((?: [a-z][\w.:-]*(?:="[^"<>]*")?)*)>/g,
  )) {
    rest = html.slice(from, index);
    assert.doesNotMatch(rest, /[<>]/, way);
    from = index + all.length;
    if (end) assert.equal(open.pop(), `${name}${inner}`, way);
    else if (name !== "link") open.push(name);
  }
  assert.deepEqual([open, html.slice(from)], [[], ""], way);
  assert.doesNotMatch(html, /\p{Surrogate}/u, way);
}

describe("data that is not as its type says", () => {
  it("an odd review costs its own member, not the page", () => {
    const odd = [
      review({ title: "a\ud800b", text: "\udfff", author: "\ud83d" }),
      ...[3.3, -2, Number.NaN, 300, "x"].map((stars) => review({ stars })),
      ...[{}, "x", 5, { text: 7 }].map((reply) => review({ reply })),
      review({
        text: 5,
        title: {},
        language: [],
        createdAt: 5,
        author: true,
        url: 5,
        verified: "no",
      }),
      ...[null, undefined, 5, "review", []],
    ];
    const html = renderToString("plaudit-reviews", {
      attributes: { "per-page": 100, name: "\ud800" },
      rating: { ...rating, url: 5, name: {} },
      reviews: odd,
    });
    assertWellFormed(html);
    assert.equal(html.match(/<article/g).length, 11);
    assert.match(html, />a\ufffdb<\/p>/);
    assert.equal(shown(html).match(/data-grade="5"/g).length, 6);
    assert.doesNotMatch(html, /undefined|NaN|\[object/);
    const { reviews } = JSON.parse(state(html)[2]);
    assert.equal(reviews.length, 11);
    assert.deepEqual(reviews[0], review({ title: "a\ufffdb", text: "\ufffd", author: "\ufffd" }));
    const none = { title: null, text: null, language: null, author: null, createdAt: null };
    assert.deepEqual(reviews[10], review(none));
  });

  it("a rating that is none says so, and is no praise", () => {
    for (const value of [46, -1, "4.5", Number.NaN, Infinity, {}, null]) {
      for (const tag of ["plaudit-rating", "plaudit-badge"]) {
        const html = renderToString(tag, { rating: { ...rating, value } });
        assert.match(texts(html), /^ *No reviews yet *$/, `${value}`);
        assert.equal(JSON.parse(state(html)[2]).rating.value, null);
      }
      if (typeof value === "object" && value) continue;
      for (const tag of ["plaudit-rating", "plaudit-stars"]) {
        if (value === "4.5") continue;
        const html = renderToString(tag, { attributes: { value, count: 12 } });
        assert.match(html, /No reviews yet/);
        assert.doesNotMatch(shown(html), /data-grade="[1-5]"/, `${value}`);
      }
    }
    for (const count of [-1, 2.5, "12", Infinity]) {
      const html = renderToString("plaudit-rating", { rating: { ...rating, count } });
      assert.match(texts(html), /^ *Excellent *4\.5 *4\.5 out of 5 *Trustpilot *$/);
    }
  });

  it("a histogram without five numbers says that there is nothing yet", () => {
    const wrong = [{}, [1, 2, 3, 4], [1, 2, 3, 4, Infinity], [1, 2, 3, 4, -5], ["1", 2, 3, 4, 5]];
    for (const distribution of [...wrong, null, undefined, 5, "12345"]) {
      const html = renderToString("plaudit-histogram", { rating: { ...rating, distribution } });
      assert.equal(shown(html), '<p class="status" part="status">No reviews yet</p>');
      assert.equal(JSON.parse(state(html)[2]).rating.distribution, null);
    }
    assert.match(renderToString("plaudit-histogram", { rating: null }), /No reviews yet/);
    const near = renderToString("plaudit-histogram", {
      rating: { ...rating, distribution: [0, 0, 0, 17, 23] },
    });
    assert.match(texts(near), /5 stars, 23 reviews, 58%.*4 stars, 17 reviews, 43%/);
  });

  it("halves of characters become U+FFFD wherever they stand", () => {
    const half = "a\ud800";
    const html = renderToString("plaudit-rating", {
      attributes: { domain: half, title: half, "data-x": half, name: half },
      ...{ rating: { ...rating, name: half, url: null }, word: half, nonce: half, locale: half },
    });
    assertWellFormed(html);
    assert.match(html, /<plaudit-rating domain="a\ufffd" title="a\ufffd" data-x="a\ufffd"/);
    assert.match(html, /<style nonce="a\ufffd">/);
    assert.match(html, /href="https:\/\/www\.trustpilot\.com\/review\/a%EF%BF%BD"/);
    refuses(
      () => renderToString("plaudit-rating", { rating, attributes: { [half]: "x" } }),
      /^attributes: /,
    );
    const made = jsonLd({ type: "Product", name: half, rating: { ...rating, name: half } });
    assert.equal(JSON.parse(made.json).name, "a\ufffd");
  });

  it("whatever data is, it is rendered, and what is rendered is well-formed", () => {
    const seed = newSeed();
    const random = randomOf(seed);
    const tags = ["stars", "rating", "badge", "histogram", "reviews"];
    for (let round = 0; round < 2000; round += 1) {
      const { rating, word, reviews, next } = hostile(random);
      const of = `seed ${seed}, round ${round}`;
      const html = renderToString(`plaudit-${tags[round % tags.length]}`, {
        attributes: {
          domain: random.pick([null, "a.example"]),
          schema: random.pick([null, "aggregate", "REVIEWS"]),
          layout: random.pick([null, "Grid", "carousel", "x"]),
          "order-by": random.pick([null, "stars.desc", "createdat.asc"]),
          "per-page": random.pick([null, 1, "x", 100]),
        },
        ...{ rating: rating ?? null, word: typeof word === "string" ? word : null, reviews, next },
        locale: random.pick(["en", "de", "ar", "x"]),
      });
      assertWellFormed(html, of);
      assert.doesNotMatch(html, /<img|a@b\.example|undefined|NaN|\[object/, of);
      jsonLd({ schema: "reviews", type: "Product", name: "A", rating, reviews });
    }
  });
});

describe("what comes along", () => {
  it("the members that the types name, and no other", () => {
    const secret = { consumerEmail: "a@b.example", orderId: 4711, notes: { internal: "secret" } };
    const reply = { text: "Thanks", createdAt: null };
    const html = renderToString("plaudit-reviews", {
      rating: { ...rating, ...secret },
      reviews: [{ ...review({ reply: { ...reply, ...secret } }), ...secret }],
    });
    assert.doesNotMatch(html, /consumerEmail|a@b\.example|4711|secret/);
    assert.deepEqual(JSON.parse(state(html)[2]), { rating, reviews: [review({ reply })] });
    for (const tag of ["plaudit-rating", "plaudit-badge", "plaudit-histogram"]) {
      const one = renderToString(tag, { rating: { ...rating, ...secret } });
      assert.deepEqual(JSON.parse(state(one)[2]), { rating });
    }
  });

  it("with a next page the reviews that are shown; without one what the button has yet to show", () => {
    const reviews = Array.from({ length: 20 }, (_, id) =>
      review({ id: `${id}`, stars: id % 2 ? 5 : 1, title: `No. ${id}` }),
    );
    const of = (options) => {
      const html = renderToString("plaudit-reviews", { reviews, ...options });
      const data = JSON.parse(state(html)[2]);
      const isMore = html.includes('data-do="more"');
      return [html.match(/<article/g).length, data.reviews.length, data.next, isMore];
    };
    // the element's pages are of six: what was left out is on its second
    assert.deepEqual(of({ next: 2 }), [6, 6, 2, true]);
    assert.deepEqual(of({ next: 5 }), [6, 6, 2, true]);
    assert.deepEqual(of({ next: 2, attributes: { "per-page": 20 } }), [20, 20, 2, true]);
    assert.deepEqual(of({ next: 3, attributes: { "per-page": 50 } }), [20, 20, 3, true]);
    assert.deepEqual(of({ attributes: { "per-page": 20 } }), [20, 20, undefined, false]);
    assert.deepEqual(of({}), [6, 20, undefined, true]);
    // what is not in the selection is never shown
    assert.deepEqual(of({ attributes: { stars: "5" } }), [6, 10, undefined, true]);
    for (const next of [0, -1, 1.5, "2", null, Number.NaN]) {
      assert.deepEqual(of({ next, attributes: { "per-page": 20 } }), [20, 20, undefined, false]);
    }
    // LD4: what is not seen is not marked up
    const marked = renderToString("plaudit-reviews", {
      ...{ reviews, attributes: { schema: "reviews", "schema-type": "Product", name: "A" } },
    });
    assert.equal(JSON.parse(ld(marked)[2]).review.length, 6);
  });

  it("SEC6 links lead where the page says, or to the platform", () => {
    const link = (html) => /<a [^>]*href="([^"]*)"/.exec(shown(html))?.[1] ?? null;
    const own = "https://www.trustpilot.com/review/a.example";
    for (const tag of ["plaudit-rating", "plaudit-badge", "plaudit-reviews"]) {
      const of = (attributes, url) =>
        link(renderToString(tag, { attributes, rating: { ...rating, url }, reviews: [] }));
      assert.equal(of({}, null), null, tag);
      assert.equal(of({ domain: "a.example" }, null), own);
      assert.equal(of({ domain: "a.example", provider: "Trustoo" }, null), null);
      assert.equal(of({ domain: "a.example" }, rating.url), rating.url);
      for (const url of ["https://evil.example/", "//trustpilot.com.evil.example/", 5, {}]) {
        assert.equal(of({}, url), null);
        assert.equal(of({ domain: "a.example" }, url), own);
      }
      assert.equal(of({ href: "https://shop.example/" }, rating.url), "https://shop.example/");
    }
  });

  it("a rating of stars has no count that is none", () => {
    const of = (more) => renderToString("plaudit-stars", { rating: { ...rating, ...more } });
    assert.match(of({ count: null }), /^<plaudit-stars value="4.5" locale="en">/);
    assert.match(of({ count: 0 }), /^<plaudit-stars value="4.5" count="0" locale="en">/);
    assert.match(of({ value: 46 }), /^<plaudit-stars locale="en">/);
    assert.match(of({ provider: "trustoo" }), /provider="trustoo".*by 1,234 customers on Trustoo/);
  });

  it("CE3 words of attributes are the same in capitals", () => {
    const of = (layout) =>
      renderToString("plaudit-reviews", { attributes: { layout }, reviews: [review()] });
    assert.match(of("Grid"), /class="as-grid"/);
    assert.match(of("CAROUSEL"), /class="as-carousel"/);
    assert.match(of("none"), /class="as-list"/);
  });
});
