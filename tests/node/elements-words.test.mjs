// What the elements say: every language has all of it, in all forms that it has.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { hostile, newSeed, randomOf } from "../server/random.mjs";

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const LANGUAGES = readdirSync(path("js/elements/locales"))
  .map((file) => file.slice(0, -3))
  .filter((it) => it !== "all");
/** The locales of Trustpilot's own widgets. */
const LOCALES =
  "da-DK de-AT de-CH de-DE en-AU en-CA en-GB en-IE en-NZ en-US es-ES fi-FI fr-BE fr-FR it-IT ja-JP nb-NO nl-BE nl-NL pl-PL pt-BR pt-PT ru-RU sv-SE zh-CN".split(
    " ",
  );
const NUMBERS = [0, 1, 1.5, 2, 5, 21, 1_000_000];

/** js/ as one module, of these lines. */
async function bundle(...lines) {
  const { outputFiles } = await build({
    stdin: { contents: lines.join("\n"), resolveDir: path("js/elements"), loader: "ts" },
    bundle: true,
    format: "esm",
    write: false,
    define: { VERSION: '"0"' },
    logLevel: "error",
    external: ["../index.js"],
  });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}

let words;
let english;
let api;
before(async () => {
  words = { ...(await bundle('export * from "./locales/all.js";')) };
  api = await bundle(
    'import { words as shared } from "../generated/elements.js";',
    'import { words as histogram } from "../generated/elements-histogram.js";',
    'import { words as loading } from "../generated/elements-loading.js";',
    'import { words as reviews } from "../generated/elements-reviews.js";',
    'import { words as signIn } from "../generated/elements-sign-in.js";',
    'import { addEnglish } from "./words.js";',
    "export const english = { ...shared, ...histogram, ...loading, ...reviews, ...signIn };",
    "addEnglish(english);",
    'export * from "./ago.js";',
    'export * from "./loading.js";',
    'export * from "./words.js";',
    'export * from "./histogram-view.js";',
    'export * from "./reviews-source.js";',
    'export * from "./reviews-view.js";',
    'export * from "./views.js";',
    'export * from "./source.js";',
    'export * from "./selection.js";',
  );
  english = api.english;
});

const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const voice = (locale) => api.voiceFor(locale);

describe("languages", () => {
  it("those of the platform's locales are there, and two that are read from the right", () => {
    const wanted = new Set([...LOCALES, "ar", "he"].map((it) => it.split("-")[0]));
    wanted.delete("en");
    assert.deepEqual(LANGUAGES.sort(), [...wanted].sort());
    assert.deepEqual(Object.keys(words).sort(), LANGUAGES);
  });

  for (const language of LANGUAGES) {
    it(`I18N4 ${language}: all phrases, all plural forms, the same places in braces`, () => {
      const own = words[language];
      assert.deepEqual(Object.keys(own).sort(), Object.keys(english).sort());
      const plural = new Intl.PluralRules(language);
      const { pluralCategories } = plural.resolvedOptions();
      // a form of one number alone may say it as a word
      const chosen = Array.from({ length: 1000 }, (_, it) => plural.select(it));
      const isAlone = (category) => chosen.filter((it) => it === category).length === 1;
      for (const [name, phrase] of Object.entries(english)) {
        const wanted = places(typeof phrase === "string" ? phrase : phrase.other);
        if (typeof phrase === "string") {
          assert.equal(typeof own[name], "string", name);
          assert.deepEqual(places(own[name]), wanted, name);
          assert.notEqual(own[name].trim(), "", name);
          continue;
        }
        assert.deepEqual(Object.keys(own[name]).sort(), [...pluralCategories].sort(), name);
        for (const [category, text] of Object.entries(own[name])) {
          const kept = (names) => names.filter((it) => !isAlone(category) || it !== "count");
          assert.deepEqual(kept(places(text)), kept(wanted), `${name}, ${category}`);
        }
      }
    });
  }

  it("no line of French begins with a mark that stands apart from its word", () => {
    const marks = JSON.stringify(words.fr).match(/\s[:;!?»]/gu);
    assert.deepEqual([...new Set(marks)], ["\u00a0:"]);
  });

  it("I18N7: the platform's words for stars are in none of them", () => {
    const told = JSON.stringify(words);
    const graded = ["Fremragende", "Uitstekend", "Hervorragend", "Eccezionale", "Excelente"];
    for (const word of graded) assert.ok(!told.includes(word), word);
  });

  for (const locale of [...LOCALES, "ar-EG", "he"]) {
    it(`I18N4 ${locale}: every number gets its own form`, async () => {
      const say = await voice(locale);
      const language = locale.split("-")[0];
      const own = language === "en" ? english : words[language];
      const plural = new Intl.PluralRules(locale);
      for (const number of NUMBERS) {
        for (const name of ["reviews", "stars", "added"]) {
          const form = own[name][plural.select(number)] ?? own[name].other;
          const count = new Intl.NumberFormat(locale).format(number);
          assert.equal(say.say(name, {}, number), form.replace("{count}", count));
        }
      }
    });
  }

  it("I18N4: zero and one and a half are one in French, and not in English", async () => {
    const [fr, en, pl, ar] = await Promise.all(["fr", "en", "pl", "ar"].map(voice));
    assert.equal(fr.say("stars", {}, 0), "0 étoile");
    assert.equal(fr.say("stars", {}, 1.5), "1,5 étoile");
    assert.equal(en.say("stars", {}, 0), "0 stars");
    assert.equal(pl.say("stars", {}, 22), "22 gwiazdki");
    assert.equal(pl.say("stars", {}, 25), "25 gwiazdek");
    assert.match(ar.say("reviews", {}, 2), /^تقييمان$/);
  });

  it("I18N2: a score has one decimal, in the locale's digits", async () => {
    const told = { en: "4.5", de: "4,5", "ar-EG": "٤٫٥", ja: "4.5", "fr-BE": "4,5" };
    for (const [locale, text] of Object.entries(told)) {
      assert.equal((await voice(locale)).score(4.5), text, locale);
    }
    assert.equal((await voice("en")).score(5), "5.0");
  });

  it("I18N3: counts are grouped as the locale does it", async () => {
    const plain = (text) => text.replace(/[\s'’.,]/gu, "_");
    assert.equal(plain((await voice("fr")).count(12_345)), "12_345");
    assert.equal(plain((await voice("de-CH")).count(12_345)), "12_345");
    assert.equal(plain((await voice("es")).count(1234)), "1234");
    assert.equal(plain((await voice("pt-BR")).count(1234)), "1_234");
  });

  it("I18N7: Norwegian that does not say which is Bokmål, unless the page has words for it", async () => {
    assert.equal((await voice("no")).say("more"), words.nb.more);
    const asked = [];
    const starStrings = async (_, { locale }) => {
      asked.push(locale);
      return { string: "Fremragende" };
    };
    const rating = { provider: "trustpilot", stars: 5 };
    const { signal } = new AbortController();
    await api.fetchWord(rating, "no", { resources: { starStrings } }, signal);
    assert.deepEqual(asked, ["nb-NO"]);
    api.addWords("no", { more: "Fleire" });
    assert.equal((await voice("no")).say("more"), "Fleire");
  });

  it("I18N7: a language that is not there is said in English, in its own numbers", async () => {
    const own = await voice("cs");
    assert.equal(own.say("stars", {}, 5), "5 stars");
    assert.equal(own.score(4.5), "4,5");
  });

  it("addWords() adds a language, and what is missing is English", async () => {
    api.addWords("cs", { title: "Recenze" });
    const own = await voice("cs");
    assert.equal(own.say("title"), "Recenze");
    assert.equal(own.say("more"), "Show more reviews");
  });
});

describe("dates", () => {
  const at = (text) => new Date(text).getTime();
  const NOW = at("2026-11-22T12:00:00");

  it("I18N5: how long ago, by our own thresholds, until a month is over", () => {
    const ago = api.agoIn("en");
    const told = [
      ["2026-11-22T12:00:00", "now"],
      ["2026-11-22T11:59:01", "now"],
      ["2026-11-22T11:59:00", "1 minute ago"],
      ["2026-11-22T11:01:00", "59 minutes ago"],
      ["2026-11-22T11:00:00", "1 hour ago"],
      ["2026-11-21T12:00:01", "23 hours ago"],
      ["2026-11-21T12:00:00", "yesterday"],
      ["2026-11-21T00:00:00", "yesterday"],
      ["2026-11-20T23:59:00", "2 days ago"],
      ["2026-11-16T00:00:00", "6 days ago"],
      ["2026-11-15T23:59:00", "last week"],
      ["2026-11-08T12:00:00", "2 weeks ago"],
      ["2026-10-23T12:00:01", "4 weeks ago"],
      ["2026-10-23T12:00:00", ""],
      ["2013-01-01T00:00:00", ""],
      // another clock
      ["2026-11-22T12:30:00", "now"],
      ["2026-11-22T13:00:00", ""],
    ];
    for (const [then, text] of told) assert.equal(ago(at(then), NOW), text, then);
    assert.equal(ago(Number.NaN, NOW), "");
  });

  it("I18N5: in the reader's language", () => {
    const then = at("2026-11-19T12:00:00");
    assert.equal(api.agoIn("de")(then, NOW), "vor 3 Tagen");
    assert.equal(api.agoIn("fr")(at("2026-11-21T08:00:00"), NOW), "hier");
    assert.equal(api.agoIn("pl")(at("2026-11-20T08:00:00"), NOW), "przedwczoraj");
  });

  it("SSR10: the date is the same wherever it is printed", async () => {
    const own = await voice("en-GB");
    assert.equal(api.written(Date.parse("2026-11-22T23:30:00Z"), own), "22 Nov 2026");
  });
});

const HOST = {
  provider: "trustpilot",
  layout: "list",
  name: null,
  href: null,
  domain: null,
  stars: null,
  language: null,
  tagGroup: null,
  tag: null,
  orderBy: null,
  perPage: null,
};
const review = (more) => ({
  provider: "trustpilot",
  id: null,
  stars: 5,
  title: "Good",
  text: "Very good.",
  language: "en",
  createdAt: "2026-11-01T10:00:00.000Z",
  author: "Zoë",
  reply: null,
  verified: null,
  url: null,
  ...more,
});
const view = async (reviews, host, more) =>
  api.reviewsView({ reviews, ...more }, { ...HOST, ...host }, await voice("en"));

describe("reviews", () => {
  it("SEC6: only pages of the platforms over https are linked", async () => {
    const told = {
      "https://www.trustpilot.com/reviews/1": "https://www.trustpilot.com/reviews/1",
      "https://dk.trustpilot.com/reviews/1?a=b#c": "https://dk.trustpilot.com/reviews/1?a=b#c",
      "//www.trustpilot.com/reviews/1": "https://www.trustpilot.com/reviews/1",
      "HTTPS://TRUSTPILOT.COM/": "https://TRUSTPILOT.COM/",
      "https://trustoo.io/x": "https://trustoo.io/x",
      "http://www.trustpilot.com/reviews/1": null,
      "javascript:alert(1)": null,
      "java\tscript:alert(1)": null,
      "data:text/html,x": null,
      "//evil.example/": null,
      "\\\\evil.example\\": null,
      "https:\\\\www.trustpilot.com\\": null,
      "https://evil.example/www.trustpilot.com/": null,
      "https://trustpilot.com.evil.example/": null,
      "https://eviltrustpilot.com/": null,
      "https://trustpilot.com@evil.example/": null,
      "https://evil.example#.trustpilot.com/": null,
      "https://evil.example?.trustpilot.com/": null,
      "https://www.trustpilot.com:444/": null,
      "https://www.trust\u0000pilot.com/": null,
      "/reviews/1": null,
      "": null,
    };
    for (const [url, href] of Object.entries(told)) {
      const { reviews } = await view([review({ url })]);
      assert.equal(reviews[0].href, href, JSON.stringify(url));
    }
  });

  it("SEC6: the page's own address may lead anywhere, by https", async () => {
    const of = async (href, rating) => (await view([review()], { href }, { rating })).href;
    assert.equal(await of("https://shop.example/reviews"), "https://shop.example/reviews");
    assert.equal(await of("//shop.example/reviews"), "https://shop.example/reviews");
    for (const href of ["http://shop.example/", "javascript:alert(1)", "/reviews", "", null]) {
      assert.equal(await of(href), null, href);
    }
    // what browsers leave out or read as another, as the tests of the Rust side have it
    const odd = ["/", "//", "///", "https:", "https:/", "https://", "https:///a", "a", "data:,"];
    odd.push("blob:https://a", " https://a", "https://a ", "https://a\t", "https://a\u0000");
    odd.push("https://a\nb", "https://a\u00a0b", "https://a\u007fb", "\\\\a", "https://a\\b");
    odd.push('https://a"b', "https://<a>", "//`a");
    for (const href of odd) assert.equal(await of(href), null, JSON.stringify(href));
    // what a platform or data says goes to the platforms alone
    assert.equal(
      await of(null, { url: "//www.trustpilot.com/review/a" }),
      "https://www.trustpilot.com/review/a",
    );
    for (const url of ["//evil", "https://trustpilot.com.evil.example/", "javascript:0", 5, {}]) {
      assert.equal(await of(null, { url }), null, `${url}`);
    }
  });

  it("a link to the platform is there with the domain alone", async () => {
    const { href, link } = await view([review()], { domain: "example.com/../x" });
    assert.equal(href, "https://www.trustpilot.com/review/example.com%2F..%2Fx");
    assert.equal(link, "Reviews on Trustpilot");
    assert.equal((await view([review()], { domain: "a.b", provider: "trustoo" })).href, null);
  });

  it("CE3: an attribute that makes no sense is none", () => {
    const of = (host) => api.selectionOf({ ...HOST, ...host });
    assert.deepEqual(of({}), { perPage: 6 });
    assert.deepEqual(of({ stars: "5, 4,4" }), { stars: [4, 5], perPage: 6 });
    for (const stars of ["", "6", "0", "4.5", "x", "-1", "1,2,3,4,5", "5;4"]) {
      assert.deepEqual(of({ stars }), { perPage: 6 }, stars);
    }
    assert.deepEqual(of({ language: "EN, da ,x" }), { language: ["en", "da"], perPage: 6 });
    assert.deepEqual(of({ language: "de-AT" }), { language: ["de"], perPage: 6 });
    assert.deepEqual(of({ language: "" }), { perPage: 6 });
    assert.deepEqual(of({ tag: "x" }), { perPage: 6 });
    assert.deepEqual(of({ tagGroup: "g", tag: "x" }), {
      tagGroup: "g",
      tagValue: "x",
      perPage: 6,
    });
    assert.deepEqual(of({ orderBy: "stars.asc" }), { orderBy: "stars.asc", perPage: 6 });
    for (const orderBy of ["stars", "stars.up", "createdat.descx", ""]) {
      assert.deepEqual(of({ orderBy }), { perPage: 6 }, orderBy);
    }
    const sizes = [0, -1, 0.5, 2.9, 100, 1e9].map((perPage) => of({ perPage }).perPage);
    assert.deepEqual(sizes, [1, 1, 1, 2, 100, 100]);
  });

  it("what is handed in is filtered and ordered in place", async () => {
    const all = [
      review({ id: "a", stars: 3, createdAt: "2026-01-02T00:00:00Z" }),
      review({ id: "b", stars: 5, language: "de-AT", createdAt: "2026-01-03T00:00:00Z" }),
      review({ id: "c", stars: 4, language: null, createdAt: null }),
      review({ id: "d", stars: 5, createdAt: "2026-01-01T00:00:00Z" }),
    ];
    const of = (host) =>
      api
        .selected(all, api.selectionOf({ ...HOST, ...host }))
        .map(({ id }) => id)
        .join("");
    assert.equal(of({}), "abcd");
    assert.equal(of({ stars: "5" }), "bd");
    assert.equal(of({ stars: "3,4" }), "ac");
    assert.equal(of({ language: "de" }), "b");
    assert.equal(of({ language: "fr" }), "");
    assert.equal(of({ orderBy: "createdat.desc" }), "badc");
    assert.equal(of({ orderBy: "createdat.asc" }), "cdab");
    assert.equal(of({ orderBy: "stars.desc" }), "bdca");
    assert.equal(of({ orderBy: "stars.asc", stars: "5,3" }), "abd");
    assert.equal(all.map(({ id }) => id).join(""), "abcd");
  });

  it("a selection is said whenever there is one, also when nothing is in it", async () => {
    const of = async (host) => (await view([review()], host)).notice;
    assert.equal(await of({}), null);
    assert.equal(await of({ stars: "1,2,3,4,5" }), null);
    assert.equal(await of({ stars: "1" }), "Only a selection is shown: 1 star");
    assert.equal(
      await of({ stars: "5,4", language: "de", tagGroup: "kind", tag: "vip" }),
      "Only a selection is shown: 4 stars · 5 stars · German · vip",
    );
    assert.equal(await of({ tagGroup: "kind" }), "Only a selection is shown: kind");
    const none = await view([review()], { stars: "1" });
    assert.deepEqual([none.status, none.more], ["No review matches", null]);
    const empty = await view([]);
    assert.deepEqual([empty.status, empty.notice], ["No reviews yet", null]);
  });

  it("more is there while there is more", async () => {
    const all = Array.from({ length: 7 }, (_, id) => review({ id: `${id}` }));
    assert.equal((await view(all)).reviews.length, 6);
    assert.equal((await view(all)).more, "Show more reviews");
    assert.equal((await view(all, { perPage: 7 })).more, null);
    assert.equal((await view(all, { perPage: 7 }, { next: 2 })).more, "Show more reviews");
    assert.equal((await view(all, { perPage: 7 }, { next: null })).more, null);
  });

  it("A11Y6: a slide says which of how many it is, as its language does; in a list none", async () => {
    const reviews = ["1", "2", "3"].map((id) => review({ id }));
    const of = async (layout, locale, ...range) =>
      api
        .reviewsView({ reviews }, { ...HOST, layout }, await voice(locale), ...range)
        .reviews.map(({ position }) => position);
    assert.deepEqual(await of("carousel", "en"), ["1 of 3", "2 of 3", "3 of 3"]);
    assert.deepEqual(await of("carousel", "de", 2), ["1 von 2", "2 von 2"]);
    assert.deepEqual(await of("carousel", "ja", 3, 1), ["3件中2件目", "3件中3件目"]);
    assert.deepEqual(await of("list", "en"), [null, null, null]);
  });

  it("A11Y9: a language that is none is not said; a review without anything is drawn", async () => {
    const [bare] = (
      await view([
        review({ stars: null, title: "", text: null, language: 'x"y', author: "", createdAt: "?" }),
      ])
    ).reviews;
    assert.deepEqual(bare, {
      name: "Anonymous",
      position: null,
      halves: 0,
      stars: null,
      title: null,
      text: null,
      lang: null,
      author: "Anonymous",
      date: null,
      verified: null,
      href: null,
      reply: null,
    });
    const [whole] = (
      await view(
        [
          review({
            verified: true,
            language: "pt-BR",
            reply: { text: "Thanks", createdAt: "2026-11-02T10:00:00Z" },
          }),
        ],
        { name: "Teacup" },
      )
    ).reviews;
    assert.equal(whole.lang, "pt-BR");
    assert.equal(whole.stars, "Rated 5 out of 5 stars");
    assert.equal(whole.verified, "Verified");
    assert.deepEqual(whole.date, { at: "2026-11-01T10:00:00.000Z", text: "Nov 1, 2026" });
    assert.deepEqual(whole.reply, {
      by: "Reply from Teacup",
      text: "Thanks",
      date: { at: "2026-11-02T10:00:00.000Z", text: "Nov 2, 2026" },
    });
  });

  it("each review stands once where pages overlap", () => {
    const [a, b, c] = ["a", "b", "c"].map((id) => review({ id }));
    const bare = review({ id: null });
    const ids = api.joined([a, b, bare], [b, c, bare]).map(({ id }) => id);
    assert.deepEqual(ids, ["a", "b", null, "c", null]);
  });

  it("Trustoo has no filter by stars: up to five pages are looked through", async () => {
    const asked = [];
    const client = {
      reviews: {
        async product(sku, { page, perPage }) {
          asked.push([sku, page, perPage]);
          return { list: [{ star: page === 3 ? 1 : 5 }, { star: 4 }] };
        },
      },
      toReview: ({ star }) => review({ stars: star }),
    };
    const source = { provider: "trustoo", sku: "tea", shop: "s" };
    const { signal } = new AbortController();
    const of = (stars, page) =>
      api.fetchReviews(source, client, { stars, perPage: 2 }, page, signal);
    const found = await of([1], 1);
    assert.deepEqual([found.reviews.length, found.next], [1, 4]);
    assert.deepEqual(
      asked,
      [1, 2, 3].map((page) => ["tea", page, 2]),
    );
    asked.length = 0;
    const none = await of([2], 1);
    assert.deepEqual([none.reviews.length, none.next, asked.length], [0, 5, 4]);
  });
});

const LEADING = { provider: "trustpilot", domain: null, href: null };

describe("scores", () => {
  let spoken;
  before(async () => {
    spoken = await voice("en");
  });
  const vectors = JSON.parse(readFileSync(path("tests/vectors/widgets.json"), "utf8"));
  const make = {
    "plaudit-stars": ({ value, count, platform }) => api.starsView(value, count, platform, spoken),
    "plaudit-rating": (of) => api.ratingView(rated(of), null, leading(of), spoken),
    "plaudit-badge": (of) => api.badgeView(rated(of), leading(of), spoken),
    "plaudit-histogram": ({ distribution, chosen }) =>
      api.histogramView(distribution, chosen ?? null, spoken),
  };
  const rated = (of) => ({ ...of, provider: of.platform?.toLowerCase() });
  const leading = ({ href = null }) => ({ ...LEADING, href });

  it("views are made as in Rust", () => {
    const made = vectors.filter(({ of }) => of);
    assert.ok(made.length >= 70, `${made.length}`);
    for (const { element, title, of, view } of made) {
      assert.deepEqual(make[element](of), view, `${element}: ${title}`);
    }
  });

  const of = (rating, host) => {
    const own = { ...LEADING, ...host };
    const { href, ...view } = api.ratingView(rating, null, own, spoken);
    assert.equal(api.badgeView(rating, own, spoken).href, href);
    return { href, ...view };
  };
  const good = {
    ...{ provider: "trustpilot", value: 4.5, stars: 4.5, count: 12, distribution: null },
    ...{ name: "Shop", url: "https://www.trustpilot.com/review/a.example" },
  };

  it("what is no score or no number counts as absent", () => {
    for (const value of [46, 5.01, -1, Number.NaN, Infinity, "4.5", [4], {}, true, null]) {
      const view = of({ ...good, value });
      assert.deepEqual([view.halves, view.score, view.word], [0, null, null], `${value}`);
      assert.equal(view.text, "No reviews yet");
    }
    for (const stars of [46, -1, "5", {}, Number.NaN, null, 0]) {
      assert.equal(of({ ...good, stars }).halves, 9, `${stars}`);
    }
    for (const count of [-1, 2.5, "12", [12], Infinity, 1e300, {}]) {
      assert.equal(of({ ...good, count }).text, "Trustpilot", `${count}`);
    }
    for (const word of [5, {}, ["x"], true, ""]) {
      assert.equal(api.ratingView(good, word, LEADING, spoken).word, "Excellent");
    }
    for (const none of [undefined, null, 5, "x", true, []]) {
      assert.equal(of(none).text, "No reviews yet");
    }
  });

  it("SEC6 a rating leads where the page says, or to the platform", () => {
    const domain = "a.example/../x";
    const own = "https://www.trustpilot.com/review/a.example%2F..%2Fx";
    assert.equal(of(good).href, good.url);
    assert.equal(of(good, { href: "https://shop.example/" }).href, "https://shop.example/");
    assert.equal(of(good, { href: "javascript:0", domain }).href, good.url);
    for (const url of [
      "https://evil.example/",
      "//evil",
      "http://www.trustpilot.com/",
      5,
      {},
      null,
    ]) {
      assert.equal(of({ ...good, url }).href, null, `${url}`);
      assert.equal(of({ ...good, url }, { domain }).href, own, `${url}`);
      assert.equal(of({ ...good, url }, { domain, provider: "trustoo" }).href, null);
    }
  });
});

describe("data of anybody", () => {
  const bare = {
    ...{ provider: "", id: null, stars: null, title: null, text: null, language: null },
    ...{ createdAt: null, author: null, reply: null, verified: null, url: null },
  };

  it("what has not the form of a review's member counts as absent, and nothing else is there", () => {
    for (const none of [undefined, null, 5, "x", [], [review()], true]) {
      assert.deepEqual(api.reviewOf(none), bare);
    }
    const odd = { toString: 1, valueOf: 1 };
    for (const value of [odd, 5.5, Number.NaN, [], [[]], 1n, {}, Symbol("x"), () => 5]) {
      const all = Object.fromEntries(Object.keys(bare).map((name) => [name, value]));
      assert.deepEqual(api.reviewOf({ ...all, consumerEmail: "a@b.example" }), bare);
    }
    for (const stars of [3.3, -2, 0, 6, 300, Number.NaN, "4"]) {
      assert.equal(api.reviewOf(review({ stars })).stars, null, `${stars}`);
    }
    const { reply } = api.reviewOf(
      review({ reply: { text: "Thanks", createdAt: "?", by: "a@b.example" } }),
    );
    assert.deepEqual(reply, { text: "Thanks", createdAt: null });
    for (const none of [{}, { text: 5 }, { text: "" }, "Thanks", [], 5]) {
      assert.equal(api.reviewOf(review({ reply: none })).reply, null);
    }
    const half = review({ title: "a\ud800b", text: "\udc00", author: "👍\ud83d" });
    const { title, text, author } = api.reviewOf(half);
    assert.deepEqual([title, text, author], ["a\ufffdb", "\ufffd", "👍\ufffd"]);
    const whole = review({ id: "1", verified: true, reply: { text: "x", createdAt: null } });
    assert.deepEqual(api.reviewOf({ ...whole, orderId: 7 }), whole);
  });

  it("what is no review is left out, and odd ones do no harm to a selection", async () => {
    const odd = [null, 5, "x", [], undefined];
    const two = [review({ id: "a" }), review({ id: "b", stars: "5", language: 7, createdAt: {} })];
    for (const host of [{}, { orderBy: "stars.desc" }, { orderBy: "createdat.desc" }]) {
      const { reviews, more } = await view([...odd, ...two], host);
      assert.deepEqual([reviews.length, more], [2, null]);
    }
    assert.equal((await view(two, { language: "en" })).reviews.length, 1);
    assert.deepEqual(api.joined([null, two[0]], [undefined, two[0], two[1], 5]), two);
    for (const next of ["2", 0, -1, 1.5, Infinity, {}, Number.NaN]) {
      assert.equal((await view(two, {}, { next })).more, null, `${next}`);
    }
  });

  it("whatever data is, views are made of texts, numbers and addresses alone", async () => {
    const seed = newSeed();
    const random = randomOf(seed);
    const plain = (it) =>
      it === null || typeof it === "boolean" || (typeof it === "number" && Number.isFinite(it));
    const check = (it, way) => {
      if (plain(it)) return;
      if (typeof it === "object") {
        for (const [name, own] of Object.entries(it)) check(own, `${way}.${name}`);
        return;
      }
      assert.equal(typeof it, "string", way);
      assert.doesNotMatch(it, /\bundefined\b|\bNaN\b|\[object /, way);
    };
    const say = await voice("de");
    for (let round = 0; round < 2000; round += 1) {
      const { rating, word, reviews, next } = hostile(random);
      const of = `seed ${seed}, round ${round}`;
      const host = { ...HOST, domain: random.pick([null, "a.example"]) };
      host.orderBy = random.pick([null, "stars.asc", "createdat.desc"]);
      host.language = random.pick([null, "en"]);
      host.layout = random.pick(["list", "carousel"]);
      check(api.ratingView(rating, word, host, say), of);
      check(api.badgeView(rating, host, say), of);
      check(api.histogramView(rating?.distribution, null, say), of);
      check(api.reviewsView({ rating, reviews, next }, host, say), of);
    }
  });
});
