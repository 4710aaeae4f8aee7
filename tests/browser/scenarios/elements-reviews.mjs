// <plaudit-reviews>: what is drawn of reviews, how it is read, and what happens with more of them.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Key } from "selenium-webdriver";
import { assertAccessible, assertFits, watchForTrouble } from "../looks.mjs";
import { until } from "../scenario.mjs";

const PAGE = "/reviews.html";
/** Nothing inline, no wasm, nothing that makes markup of text. */
const STRICT = () =>
  "default-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'; trusted-types";

const CORPUS = [
  "<script>document.title = 'gone'</script>",
  "<img src=x onerror=\"document.title = 'gone'\">",
  "<svg/onload=document.title='gone'>",
  "</p></article></template><h1>out</h1>",
  "<!--<script>",
  "&lt;b&gt; &amp; &#x3c;script&#x3e;",
  "javascript:alert(1)",
  "\"><iframe srcdoc='<script>1</script>'>",
  "{{constructor.constructor('return 1')()}} <%= 1 %>",
  "\u202eright to left\u202c \u0000\ufffe end",
];

/** How the window is, and after the test as before. */
async function inWindow(s, width, height, run) {
  const window = s.driver.manage().window();
  const before = await window.getRect();
  await window.setRect({ width, height });
  try {
    await run();
  } finally {
    await window.setRect(before);
  }
}

const settled = (s) => s.run(() => window.page.settled());
const press = (s, part) =>
  s.run((part) => {
    document.querySelector("plaudit-reviews").shadowRoot.querySelector(`[part=${part}]`).click();
  }, part);
/** What is asked for is in the journal a moment later than it is answered. */
const asked = async (s) =>
  (await s.journal())
    .filter(({ method, path }) => method === "GET" && path.endsWith("/reviews"))
    .map(({ query }) => Object.fromEntries(new URLSearchParams(query)));

export function elementsReviews(scenario) {
  scenario(
    "SEC1 SEC7 A11Y4 A11Y9 A11Y10: text is text, under Trusted Types and a strict policy",
    { rules: STRICT },
    async (s) => {
      await s.go(PAGE);
      await watchForTrouble(s);
      const told = await s.run(async (corpus) => {
        const { make, review, grown } = window.page;
        const date = new Date(Date.now() - 26 * 36e5).toISOString();
        const element = make(
          { "per-page": "20", name: corpus[1], domain: "example.com" },
          {
            reviews: [
              ...corpus.map((text, at) =>
                review(`${at}`, {
                  title: text,
                  text,
                  author: text,
                  url: text,
                  reply: { text, createdAt: null },
                }),
              ),
              review("ar", {
                language: "ar",
                title: "خدمة ممتازة",
                text: "وصلني الطلب",
                createdAt: date,
                url: "https://www.trustpilot.com/reviews/1",
                verified: true,
              }),
              review("bare", { title: null, author: null, stars: null, createdAt: null }),
            ],
          },
        );
        await grown(element, corpus.length + 2);
        const { shadowRoot } = element;
        const seen = (root) => ({
          name: root.querySelector("article").getAttribute("aria-label"),
          texts: ["title", "text", "author", "reply"].map((part) => {
            const found = root.querySelector(`[part=${part}]`);
            return (part === "reply" ? found?.lastElementChild : found)?.textContent ?? null;
          }),
          tags: [...new Set([...root.querySelectorAll("*")].map(({ localName }) => localName))],
          langs: [...root.querySelectorAll("[lang]")].map(({ lang }) => lang),
          auto: [...root.querySelectorAll("[dir=auto]")].length,
          links: [...root.querySelectorAll("a")].map(({ href, rel, target }) => [
            href,
            rel,
            target,
          ]),
          dates: [...root.querySelectorAll("time")].map((it) => [it.dateTime, it.textContent]),
        });
        const list = shadowRoot.querySelector("[part=list]");
        return {
          title: document.title,
          date,
          role: list.getAttribute("role"),
          label: list.getAttribute("aria-label"),
          by: shadowRoot.querySelector("[part=reply] b").textContent,
          link: ["href", "rel", "target"].map((name) =>
            shadowRoot.querySelector("[part=link]").getAttribute(name),
          ),
          items: [...list.children].map((it) => [it.getAttribute("role"), seen(it)]),
          styles: shadowRoot.querySelectorAll("style, [style]").length,
        };
      }, CORPUS);
      assert.equal(told.title, "A page with reviews");
      assert.deepEqual([told.role, told.label, told.styles], ["list", "Reviews", 0]);
      assert.equal(told.by, `Reply from ${CORPUS[1]}`);
      const platform = "https://www.trustpilot.com/review/example.com";
      assert.deepEqual(told.link, [platform, "noopener", "_blank"]);
      assert.equal(told.items.length, CORPUS.length + 2);
      const known = "div article svg path p span time a b".split(" ");
      for (const [at, text] of CORPUS.entries()) {
        const [role, item] = told.items[at];
        assert.deepEqual([role, item.name, item.texts], ["listitem", text, Array(4).fill(text)]);
        assert.deepEqual(
          item.tags.filter((it) => !known.includes(it)),
          [],
          text,
        );
        assert.deepEqual(item.links, [], text);
        assert.deepEqual([item.langs, item.auto], [["en", "en"], 4]);
      }
      const [, arabic] = told.items.at(-2);
      assert.deepEqual(arabic.langs, ["ar", "ar"]);
      assert.deepEqual(arabic.links, [
        ["https://www.trustpilot.com/reviews/1", "ugc nofollow noopener", "_blank"],
      ]);
      assert.equal(arabic.name, "خدمة ممتازة");
      const [[ageAt, age], [dateAt, date]] = arabic.dates;
      assert.deepEqual([ageAt, dateAt], [told.date, told.date]);
      assert.match(age, /^(yesterday|2 days ago)$/);
      assert.match(date, /^[A-Z][a-z]{2} \d{1,2}, \d{4}$/);
      const [, bare] = told.items.at(-1);
      assert.deepEqual([bare.name, bare.texts[2], bare.dates], ["Anonymous", "Anonymous", []]);
      await assertAccessible(s, "a list");
    },
  );

  scenario(
    "A11Y11: more is added after what is there, until there is none; a failure loses nothing",
    {},
    async (s) => {
      await s.go(PAGE);
      await watchForTrouble(s);
      await s.run(() => {
        window.page.make({ domain: "example.com", proxy: "/proxy/", "per-page": "60" });
      });
      assert.equal(await settled(s), "ready");
      const look = () =>
        s.run(() => {
          const { shadowRoot } = document.querySelector("plaudit-reviews");
          const list = shadowRoot.querySelector("[part=list]");
          const more = shadowRoot.querySelector("[part=more]");
          const status = shadowRoot.querySelector("[part=status]");
          const focused = shadowRoot.activeElement;
          return {
            count: list.children.length,
            kept: [...list.children].filter((it) => it.marked).length,
            more: more?.textContent ?? null,
            busy: more?.getAttribute("aria-disabled") ?? null,
            status: status.textContent,
            role: status.getAttribute("role"),
            focused: focused && [...list.children].indexOf(focused.parentElement),
          };
        });
      const grown = (count) =>
        until(async () => (await look()).count === count, `${count} reviews`);
      await grown(60);
      const { count, more, status } = await look();
      assert.deepEqual([count, more, status], [60, "Show more reviews", ""]);
      await assertAccessible(s, "before more");
      await s.run(() => {
        const { shadowRoot } = document.querySelector("plaudit-reviews");
        for (const it of shadowRoot.querySelector("[part=list]").children) it.marked = true;
      });

      await s.fault("400");
      await press(s, "more");
      await until(async () => (await look()).more === "Try again", "it says that it failed");
      const failed = await look();
      assert.deepEqual(
        [failed.count, failed.kept, failed.status, failed.role, failed.busy],
        [60, 60, "This cannot be shown right now.", "status", null],
      );
      await assertAccessible(s, "after a failure");
      await s.clearFaults();

      await press(s, "more");
      await until(async () => (await look()).focused === 60, "the first new review has the focus");
      const second = await look();
      assert.deepEqual(
        [second.count, second.kept, second.status, second.more],
        [120, 60, "60 more reviews", "Show more reviews"],
      );
      await press(s, "more");
      await until(async () => (await look()).focused === 120, "and again");
      const third = await look();
      assert.deepEqual(
        [third.count, third.kept, third.status, third.more],
        [137, 60, "17 more reviews", null],
      );
      const dates = await s.run(() => {
        const { shadowRoot } = document.querySelector("plaudit-reviews");
        return shadowRoot.querySelectorAll("time[part=date]").length;
      });
      assert.ok(dates >= 137);
      const pages = (await asked(s)).map(({ page, perPage }) => `${page ?? 1}/${perPage}`);
      assert.deepEqual([...new Set(pages)], ["1/60", "2/60", "3/60"]);
      const heard = await s.run(() => window.page.heard);
      assert.deepEqual(
        heard.map(({ name, from, code, count }) => [name, from ?? code, count ?? 0]),
        [
          ["plaudit-load", "network", 60],
          ["plaudit-error", "bad_request", 0],
          ["plaudit-load", "network", 120],
          ["plaudit-load", "network", 137],
        ],
      );
      assert.ok(heard.every(({ bubbles, composed }) => bubbles && composed));
      await assertAccessible(s, "all");

      // fetched again, it stays as it is
      await s.run(() => document.querySelector("plaudit-reviews").refresh());
      assert.equal(await settled(s), "ready");
      await until(async () => (await look()).count === 137, "all are there again");
    },
  );

  scenario(
    "a selection is asked for, and always said; nothing in it is said too",
    {},
    async (s) => {
      await s.go(PAGE);
      await watchForTrouble(s);
      const look = () =>
        s.run(async () => {
          const element = document.querySelector("plaudit-reviews");
          await window.page.settled(element);
          const { shadowRoot, state } = element;
          const text = (part) => shadowRoot.querySelector(`[part=${part}]`)?.textContent ?? null;
          const grades = [...shadowRoot.querySelectorAll("[part=stars]")];
          return {
            state,
            notice: text("notice"),
            status: text("status"),
            count: shadowRoot.querySelectorAll("article").length,
            grades: [...new Set(grades.map((it) => it.getAttribute("aria-label")))].sort(),
          };
        });
      await s.run(() => {
        window.page.make({ domain: "example.com", proxy: "/proxy/", stars: "2,1" });
      });
      const first = await look();
      assert.deepEqual(
        [first.state, first.notice, first.grades],
        [
          "ready",
          "Only a selection is shown: 1 star · 2 stars",
          ["Rated 1 out of 5 stars", "Rated 2 out of 5 stars"],
        ],
      );
      await s.run(() => {
        const element = document.querySelector("plaudit-reviews");
        element.stars = "5";
        element.language = "fr";
        element.orderBy = "createdat.asc";
      });
      const second = await look();
      assert.equal(second.notice, "Only a selection is shown: 5 stars · French");
      assert.deepEqual(second.grades, second.count ? ["Rated 5 out of 5 stars"] : []);
      const queries = await asked(s);
      assert.deepEqual(queries[0], { page: "1", perPage: "6", stars: "1,2" });
      assert.deepEqual(queries.at(-1), {
        page: "1",
        perPage: "6",
        stars: "5",
        language: "fr",
        orderBy: "createdat.asc",
      });
      // no attribute, and no wish of the page's, takes the notice away
      const hidden = await s.run(async () => {
        const { make, reviews, settled } = window.page;
        const element = make(
          { stars: "5", notice: "none", "hide-notice": "", "data-notice": "off" },
          { reviews: reviews(3) },
        );
        await settled(element);
        return element.shadowRoot.querySelector("[part=notice]").checkVisibility?.() ?? true;
      });
      assert.equal(hidden, true);
      const empty = await s.run(async () => {
        const { make, reviews, settled } = window.page;
        const element = make({ stars: "1" }, { reviews: reviews(3) });
        await settled(element);
        const { shadowRoot, state } = element;
        const list = shadowRoot.querySelector("[part=list]");
        return [state, shadowRoot.textContent, list];
      });
      assert.deepEqual(empty, [
        "empty",
        "Only a selection is shown: 1 starNo review matches",
        null,
      ]);
      await assertAccessible(s, "selections");
    },
  );

  scenario("A11Y11: what a filter left is told, once it stands there", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const { make, reviews, settled } = window.page;
      const element = make({}, { reviews: reviews(3) });
      await settled(element);
      const live = () => element.shadowRoot.querySelector("[part=status]");
      const soon = () => new Promise((done) => setTimeout(done, 20));
      const found = [];
      const watched = async (stars) => {
        const before = live();
        if (stars) element.stars = stars;
        for (let wait = 0; stars && wait < 100 && live() === before; wait += 1) await soon();
        const changed = [];
        new MutationObserver((all) => changed.push(...all)).observe(live(), { childList: true });
        for (let wait = 0; wait < 50 && changed.length === 0; wait += 1) await soon();
        found.push([live().className, live().textContent, changed.length > 0]);
      };
      await watched();
      await watched("5");
      await watched("1");
      return found;
    });
    assert.deepEqual(told, [
      ["hidden", "", false],
      ["hidden", "Only a selection is shown: 5 stars", true],
      ["status", "No review matches", true],
    ]);
  });

  scenario("products: of Trustpilot by SKU, of Trustoo by handle and shop", {}, async (s) => {
    const found = await fetch(`${s.world}/v1/business-units/find?name=example.com`, {
      headers: { apikey: "plaudit-demo-key" },
    });
    const { id: unit } = await found.json();
    const sku = "EXAM-1001";
    await s.go(PAGE);
    const told = await s.run(
      async (unit, sku, sandbox) => {
        const { make, settled } = window.page;
        const of = async (attributes) => {
          // the second is below the window
          const element = make({ ...attributes, loading: "eager" });
          const state = await settled(element);
          const { shadowRoot } = element;
          return [
            state,
            shadowRoot.querySelectorAll("article").length > 0,
            shadowRoot.querySelector("[part=status]").textContent,
          ];
        };
        return [
          await of({
            provider: "trustoo",
            shop: "example.com",
            sku: "classic",
            "base-url": `${sandbox}/trustoo/api/v1`,
          }),
          await of({ "business-unit": unit, sku, proxy: "/proxy/" }),
        ];
      },
      unit,
      sku,
      s.world,
    );
    assert.deepEqual(told[0].slice(0, 2), ["ready", true], told[0][2]);
    assert.deepEqual(told[1].slice(0, 2), ["ready", true], told[1][2]);
  });

  scenario(
    "A11Y6 A11Y7 A11Y12 I18N6: the carousel, by keyboard and by its buttons",
    { rules: STRICT },
    async (s) => {
      await s.go(PAGE);
      await watchForTrouble(s);
      const look = () =>
        s.run(() => {
          const { shadowRoot } = document.querySelector("plaudit-reviews");
          const list = shadowRoot.querySelector("[part=list]");
          const button = (part) => {
            const it = shadowRoot.querySelector(`[part=${part}]`);
            return [it.localName, it.getAttribute("aria-label"), it.getAttribute("aria-disabled")];
          };
          const base = shadowRoot.querySelector("[part=base]");
          const of = (it, ...names) => names.map((name) => it.getAttribute(name));
          return {
            base: of(base, "role", "aria-roledescription", "aria-label"),
            list: of(list, "role", "tabindex", "aria-label", "aria-live"),
            slides: [...list.children].map((it) =>
              [
                ...of(it, "role", "aria-roledescription", "aria-label"),
                it.querySelector("article").getAttribute("aria-label"),
              ].join(),
            ),
            told: shadowRoot.querySelector("[part=status]").textContent,
            seen: [...list.children].flatMap((it, at) => (it.inert ? [] : [at])),
            previous: button("previous"),
            next: button("next"),
            focused: shadowRoot.activeElement?.part.value ?? null,
            at: list.scrollLeft,
          };
        });
      const seen = (...wanted) =>
        until(
          async () => `${(await look()).seen}` === `${wanted}`,
          `slides ${wanted} are to be seen`,
        );
      await inWindow(s, 1000, 900, async () => {
        await s.run(async () => {
          const { make, reviews, settled } = window.page;
          await settled(make({ layout: "carousel", "per-page": "7" }, { reviews: reviews(7) }));
        });
        await seen(0, 1, 2);
        const start = await look();
        assert.deepEqual(start.base, ["group", "carousel", "Reviews"]);
        assert.deepEqual(start.list, ["group", "0", "Reviews", null]);
        assert.deepEqual(
          [start.slides[0], start.slides[6], start.told],
          ["group,slide,1 of 7,Title 0", "group,slide,7 of 7,Title 6", ""],
        );
        assert.deepEqual(start.previous, ["button", "Previous", "true"]);
        assert.deepEqual(start.next, ["button", "Next", "false"]);
        await assertAccessible(s, "a carousel");

        // Tab comes to next (what does nothing is passed over by nobody), and to the list.
        const key = (it) => s.driver.actions().sendKeys(it).perform();
        await s.run(() => {
          document.querySelector("plaudit-reviews").shadowRoot.querySelector("[part=next]").focus();
        });
        const says = (text) => until(async () => (await look()).told === text, `it says ${text}`);
        await key(Key.ENTER);
        await seen(3, 4, 5);
        assert.equal((await look()).focused, "next");
        await says("4–6 of 7");
        await key(Key.SPACE);
        await seen(4, 5, 6);
        await says("5–7 of 7");
        const end = await look();
        assert.deepEqual([end.next[2], end.previous[2]], ["true", "false"]);
        await key(Key.ENTER);
        await press(s, "previous");
        await seen(1, 2, 3);
        // the list itself takes arrow keys
        await s.run(() => {
          document.querySelector("plaudit-reviews").shadowRoot.querySelector("[part=list]").focus();
        });
        assert.equal((await look()).focused, "list");
        await until(async () => {
          await key(Key.ARROW_LEFT);
          // it scrolls, and comes to rest
          for (let [at, before] = [(await look()).at, null]; at !== before; ) {
            await sleep(200);
            [at, before] = [(await look()).at, at];
          }
          return (await look()).seen[0] === 0;
        }, "the first is to be seen");
        // nothing moves by itself
        const { running } = await s.run(() => ({ running: document.getAnimations().length }));
        assert.equal(running, 0);

        // from right to left
        await s.run(async () => {
          document.documentElement.dir = "rtl";
          document.querySelector("plaudit-reviews").remove();
          const { make, reviews, settled } = window.page;
          const attributes = { layout: "carousel", "per-page": "7", lang: "he" };
          await settled(make(attributes, { reviews: reviews(7) }));
        });
        await seen(0, 1, 2);
        const rtl = await s.run(() => {
          const { shadowRoot } = document.querySelector("plaudit-reviews");
          const left = (part) =>
            shadowRoot.querySelector(`[part=${part}]`).getBoundingClientRect().left;
          const items = [...shadowRoot.querySelector("[part=list]").children];
          return {
            isMirrored: left("next") < left("previous"),
            firstIsRight:
              items[0].getBoundingClientRect().left > items[1].getBoundingClientRect().left,
            next: shadowRoot.querySelector("[part=next]").getAttribute("aria-label"),
          };
        });
        assert.deepEqual(rtl, { isMirrored: true, firstIsRight: true, next: "הבא" });
        await press(s, "next");
        await seen(3, 4, 5);
        assert.ok((await look()).at < 0);
        await assertAccessible(s, "a carousel from right to left");
      });
      await inWindow(s, 500, 900, async () => {
        // a window may be narrow some time after it was told so
        await until(async () => (await look()).seen.length === 1, "one slide is to be seen");
        await press(s, "previous");
        await until(async () => /^\d מתוך 7$/.test((await look()).told), "it says which");
      });
    },
  );

  scenario("more in a carousel; data handed in is shown bit by bit", {}, async (s) => {
    await s.go(PAGE);
    await s.run(async () => {
      const { make, reviews, settled } = window.page;
      await settled(make({ layout: "carousel", "per-page": "4" }, { reviews: reviews(6) }));
    });
    await press(s, "more");
    await until(
      () =>
        s.run(() => {
          const { shadowRoot } = document.querySelector("plaudit-reviews");
          const list = shadowRoot.querySelector("[part=list]");
          const fifth = list.children[4];
          return (
            list.children.length === 6 &&
            shadowRoot.activeElement?.parentElement === fifth &&
            !fifth.inert &&
            list.scrollLeft > 0 &&
            !shadowRoot.querySelector("[part=more]") &&
            shadowRoot.querySelector("[part=status]").textContent === "2 more reviews"
          );
        }),
      "the fifth is in view",
    );
    assert.deepEqual(await s.run(() => window.page.heard), []);
  });

  scenario("more where no review is shown yet, and into the middle of an order", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const { make, review, settled } = window.page;
      const at = (id, stars) => review(id, { stars });
      const element = make({ stars: "1,2", "order-by": "stars.asc", "per-page": "2" });
      const pages = [[at("b", 1), at("c", 2)], [at("d", 1)]];
      element.client = {
        businessUnits: {
          idOf: async () => "unit",
          reviews: async () => ({ reviews: pages.shift() ?? [] }),
        },
        toReview: (it) => it,
      };
      const given = { reviews: [at("a", 5)], next: 2 };
      element.data = given;
      element.domain = "example.com";
      const states = [await settled(element)];
      const root = element.shadowRoot;
      const titles = () => [...root.querySelectorAll("[part=title]")].map((it) => it.textContent);
      const grown = async (count) => {
        root.querySelector("[part=more]").click();
        for (let wait = 0; wait < 1000 && titles().length < count; wait += 1) {
          await new Promise((done) => setTimeout(done, 20));
        }
        return titles().join();
      };
      states.push(await grown(2), await grown(3));
      const focused = root.activeElement?.querySelector("[part=title]").textContent;
      const { reviews, next } = given;
      return { states, focused, kept: [element.data === given, reviews.length, next] };
    });
    assert.deepEqual(told, {
      states: ["ready", "Title b,Title c", "Title b,Title d,Title c"],
      focused: "Title d",
      kept: [true, 1, 2],
    });
  });

  scenario(
    "I18N5 PERF8: one timer for the page, none while it is hidden, and dates renewed on return",
    {},
    async (s) => {
      await s.go(PAGE);
      const told = await s.run(async () => {
        const { clock } = window.page;
        const timers = clock.fake();
        const now = clock.now;
        const { make, review, settled } = window.page;
        const createdAt = new Date(now - 5 * 60_000).toISOString();
        const elements = [];
        for (const layout of ["list", "grid", "carousel"]) {
          elements.push(make({ layout }, { reviews: [review("1", { createdAt })] }));
          await settled();
        }
        const ages = () =>
          elements.map((it) => it.shadowRoot.querySelector("[part=age]").textContent).join();
        const told = [[ages(), timers()]];
        clock.now += 60_000;
        clock.hide(true);
        told.push([ages(), timers()]);
        clock.hide(false);
        told.push([ages(), timers()]);
        clock.now += 3600_000;
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        told.push([ages(), timers()]);
        clock.now += 40 * 86_400_000;
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        told.push([ages(), timers()]);
        for (const it of elements) it.remove();
        clock.hide(false);
        told.push(["", timers()]);
        return told;
      });
      const each = (text) => Array(3).fill(text).join();
      assert.deepEqual(told, [
        [each("5 minutes ago"), 1],
        [each("5 minutes ago"), 0],
        [each("6 minutes ago"), 1],
        [each("1 hour ago"), 1],
        [each(""), 1],
        ["", 0],
      ]);
    },
  );

  scenario("I18N1: words in the reader's language, loaded when they are wanted", {}, async (s) => {
    await s.go(PAGE);
    const chunks = () =>
      s.site.requests.map(({ url }) => url).filter((it) => it.includes("/locales/"));
    assert.deepEqual(chunks(), []);
    const told = await s.run(async () => {
      const { make, reviews, settled } = window.page;
      const of = async (attributes, lang) => {
        document.documentElement.lang = lang;
        const element = make({ ...attributes, "per-page": "1" }, { reviews: reviews(2) });
        await settled(element);
        return element.shadowRoot.querySelector("[part=more]").textContent;
      };
      return [
        await of({}, "en-GB"),
        await of({ locale: "de-CH" }, "en"),
        await of({}, "fr"),
        await of({ locale: "not a locale" }, "ja"),
        await of({ lang: "ar" }, "ja"),
        await of({}, "tlh"),
      ];
    });
    assert.deepEqual(told, [
      "Show more reviews",
      "Weitere Bewertungen zeigen",
      "Afficher plus d’avis",
      "レビューをもっと見る",
      "عرض المزيد من التقييمات",
      "Show more reviews",
    ]);
    assert.deepEqual(
      chunks().map((url) => /\/([a-z]{2})\.js/.exec(url)[1]),
      ["de", "fr", "ja", "ar"],
    );
    await assertAccessible(s, "six languages");
  });

  scenario("CE3 CE5: attributes are properties, both ways, one drawing a task", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const { make, reviews, settled, heard } = window.page;
      const element = make({}, { reviews: reviews(3) });
      await settled(element);
      const told = [];
      const { shadowRoot } = element;
      let drawn = 0;
      const watch = new MutationObserver((all) => {
        drawn += all.filter(({ target }) => target === shadowRoot).length;
      });
      watch.observe(shadowRoot, { childList: true });
      for (const [name, value] of [
        ["layout", "grid"],
        ["stars", "5"],
        ["language", "en"],
        ["tagGroup", "g"],
        ["tag", "t"],
        ["orderBy", "stars.asc"],
        ["perPage", 2],
        ["name", "Teacup"],
        ["href", "https://shop.example/"],
      ]) {
        const before = element[name];
        element[name] = value;
        const attribute = name.replace(/[A-Z]/g, (it) => `-${it.toLowerCase()}`);
        told.push([
          before,
          element[name] === value,
          element.getAttribute(attribute) === `${value}`,
        ]);
      }
      await new Promise((done) => setTimeout(done, 50));
      const once = drawn;
      for (const bad of ["layout", "stars", "language", "order-by", "per-page", "href"]) {
        element.setAttribute(bad, "\u0001<bad>");
      }
      await new Promise((done) => setTimeout(done, 50));
      const { layout, perPage, state } = element;
      const count = shadowRoot.querySelectorAll("article").length;
      element.data = null;
      const sameTask = shadowRoot.querySelectorAll("article").length;
      return { told, once, layout, perPage, state, count, sameTask, heard: heard.length };
    });
    assert.deepEqual(
      told.told,
      ["list", null, null, null, null, null, null, null, null].map((it) => [it, true, true]),
    );
    // Some engines tell of what goes and of what comes apart.
    assert.ok(told.once >= 1 && told.once <= 2, `${told.once}`);
    assert.deepEqual(
      [told.layout, told.perPage, told.state, told.count, told.sameTask, told.heard],
      ["list", null, "ready", 3, 3, 0],
    );
  });

  scenario("PERF6: a hundred reviews come some at a time", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const { make, review, settled } = window.page;
      const long = [];
      if (PerformanceObserver.supportedEntryTypes.includes("longtask")) {
        new PerformanceObserver((list) => long.push(...list.getEntries())).observe({
          type: "longtask",
        });
      }
      const text = "A sentence of some length, as people write them. ".repeat(6);
      const all = Array.from({ length: 100 }, (_, at) =>
        review(`${at}`, { text, reply: at % 3 ? null : { text, createdAt: null }, verified: true }),
      );
      const runs = [];
      // what draws is a file of its own
      await settled(make({}, { reviews: all.slice(0, 1) }));
      for (const layout of ["list", "grid", "carousel", "list", "grid"]) {
        long.length = 0;
        const element = make({ layout, "per-page": "100" }, { reviews: all });
        await Promise.resolve();
        await Promise.resolve();
        const list = element.shadowRoot.querySelector("[part=list]");
        const first = list.children.length;
        while (list.children.length < 100) await new Promise((done) => setTimeout(done, 10));
        await new Promise((done) => setTimeout(done, 300));
        const order = [...list.querySelectorAll("[part=title]")].map((it) => it.textContent);
        runs.push({
          first,
          isInOrder: order.every((it, at) => it === `Title ${at}`),
          longest: Math.max(0, ...long.map(({ duration }) => duration)),
        });
        element.remove();
        await settled;
      }
      return runs;
    });
    for (const { first, isInOrder } of told) assert.deepEqual([first, isInOrder], [10, true]);
    // A busy machine makes any task long: the best of five says what ours needs.
    const best = Math.min(...told.map(({ longest }) => longest));
    assert.ok(best <= 50, `${told.map(({ longest }) => longest)} ms`);
  });

  scenario("PERF3 PERF5: what is far is not fetched, and comes without a shift", {}, async (s) => {
    await s.go(PAGE);
    await s.run(() => {
      window.shifts = [];
      if (PerformanceObserver.supportedEntryTypes.includes("layout-shift")) {
        new PerformanceObserver((list) => {
          window.shifts.push(...list.getEntries().map(({ value }) => value));
        }).observe({ type: "layout-shift", buffered: true });
      }
      document.getElementById("here").className = "far";
      window.page.make({ domain: "example.com", proxy: "/proxy/" });
    });
    await s.run(() => new Promise((done) => setTimeout(done, 300)));
    // up to here it is the page that moves things
    await s.run(() => {
      window.shifts.length = 0;
    });
    assert.deepEqual(await asked(s), []);
    const state = () => s.run(() => document.querySelector("plaudit-reviews").state);
    assert.equal(await state(), "loading");
    const bones = await s.run(() => {
      const element = document.querySelector("plaudit-reviews");
      const cards = [...element.shadowRoot.querySelectorAll(".card")];
      return [cards.length, Math.min(...cards.map((it) => it.getBoundingClientRect().height)) > 90];
    });
    assert.deepEqual(bones, [5, true]);
    // a window's height away: it comes while nobody sees it
    await s.run(() => {
      const element = document.querySelector("plaudit-reviews");
      const { top } = element.getBoundingClientRect();
      scrollTo(0, top - innerHeight * 1.5);
    });
    await until(async () => (await state()) === "ready", "it is fetched");
    await s.run(() => new Promise((done) => setTimeout(done, 100)));
    assert.deepEqual(await s.run(() => window.shifts), []);
  });

  scenario("PERF5: grey shapes are about as high as what comes, at any width", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const { make, settled } = window.page;
      const here = document.getElementById("here");
      const told = [];
      for (const width of [288, 600, 868, 1100]) {
        here.style.width = `${width}px`;
        for (const layout of ["list", "grid", "carousel"]) {
          here.replaceChildren();
          const element = make({
            ...{ domain: "example.com", proxy: "/proxy/" },
            ...{ layout, loading: "eager" },
          });
          await Promise.resolve();
          const before = element.getBoundingClientRect().height;
          await settled(element);
          for (const it of element.shadowRoot.querySelectorAll(".item")) {
            it.style.contentVisibility = "visible";
          }
          const ratio = before / element.getBoundingClientRect().height;
          told.push([`${layout} at ${width}`, ratio]);
        }
      }
      return told;
    });
    for (const [what, ratio] of told) assert.ok(ratio > 0.6 && ratio < 1.6, `${what}: ${ratio}`);
  });

  scenario(
    "PERF5: reviews that are handed in are there at once, once one was drawn",
    {},
    async (s) => {
      await s.go(PAGE);
      const told = await s.run(async () => {
        const { make, reviews, settled } = window.page;
        const one = make({}, { reviews: reviews(1) });
        await settled(one);
        one.remove();
        const shifts = [];
        if (PerformanceObserver.supportedEntryTypes.includes("layout-shift")) {
          new PerformanceObserver((list) => shifts.push(...list.getEntries())).observe({
            type: "layout-shift",
          });
        }
        const after = document.getElementById("after");
        make({ layout: "grid" }, { reviews: reviews(6) });
        await new Promise((done) => requestAnimationFrame(done));
        const first = after.getBoundingClientRect().top;
        await new Promise((done) => setTimeout(done, 300));
        return [after.getBoundingClientRect().top === first, shifts.length];
      });
      // adding it moves what comes after it, once, which is the page's own doing
      assert.equal(told[0], true);
      assert.ok(told[1] <= 1, `${told[1]} shifts`);
    },
  );

  scenario("PERF7 PERF9: the width of its place decides, on one page", {}, async (s) => {
    await s.go(PAGE);
    await inWindow(s, 1200, 900, async () => {
      const told = await s.run(async () => {
        const { make, reviews, settled } = window.page;
        const here = document.getElementById("here");
        const columns = [];
        for (const width of ["20em", "40em", "65em"]) {
          const element = make({ layout: "grid" }, { reviews: reviews(6) });
          element.style.width = width;
          await settled(element);
          const lefts = [...element.shadowRoot.querySelectorAll("article")].map(
            (it) => it.getBoundingClientRect().left,
          );
          columns.push(new Set(lefts).size);
        }
        here.replaceChildren();
        const list = make({}, { reviews: reviews(6) });
        await settled(list);
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        const tops = () =>
          [...list.shadowRoot.querySelectorAll("article")].map((it) => {
            const { top, height } = it.getBoundingClientRect();
            return [top, height].map(Math.round).join();
          });
        const items = [...list.shadowRoot.querySelectorAll(".item")];
        const isExtra = getComputedStyle(items[0]).contentVisibility ?? "auto";
        const before = tops().slice(0, 3);
        for (const it of items) it.style.contentVisibility = "visible";
        return { columns, isExtra, isSame: `${before}` === `${tops().slice(0, 3)}` };
      });
      assert.deepEqual(told, { columns: [1, 2, 3], isExtra: "auto", isSame: true });
    });
  });

  scenario(
    "A11Y8 A11Y14: narrow, with large and spaced text, nothing is cut off",
    {},
    async (s) => {
      await s.go(PAGE);
      await watchForTrouble(s);
      await inWindow(s, 340, 800, async () => {
        await s.run(async () => {
          const { make, review, settled } = window.page;
          const long =
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
          const rating = {
            provider: "trustpilot",
            value: 4.5,
            url: "https://www.trustpilot.com/review/example.com",
          };
          const data = {
            rating,
            reviews: [
              review("1", {
                title: `${long} ${long}`,
                text: `${long.repeat(3)} ${"and so on ".repeat(40)}`,
                author: long,
                createdAt: new Date(Date.now() - 3 * 864e5).toISOString(),
                reply: { text: `${long} `.repeat(8), createdAt: "2026-01-01T00:00:00Z" },
                verified: true,
                url: "https://www.trustpilot.com/reviews/1",
              }),
              review("2"),
            ],
          };
          for (const layout of ["list", "grid", "carousel"]) {
            for (const [locale, size] of [
              ["ru", "100%"],
              ["de", "200%"],
              ["en", "60%"],
            ]) {
              const element = make({ layout, locale, "per-page": "1", stars: "4,5" }, data);
              element.style.cssText = `width: 320px; font-size: ${size}; line-height: 1.5;
              letter-spacing: 0.12em; word-spacing: 0.16em`;
              await settled(element);
              // what is not looked at has no layout yet
              for (const it of element.shadowRoot.querySelectorAll(".item")) {
                it.style.contentVisibility = "visible";
              }
            }
          }
        });
        // what is cut has a button that shows all of it
        const toggles = await until(
          () =>
            s.run(() => {
              const roots = [...document.querySelectorAll("plaudit-reviews")].map(
                (it) => it.shadowRoot,
              );
              const all = roots.flatMap((it) => [...it.querySelectorAll(".toggle")]);
              const isReady = all.length === 18;
              if (isReady) for (const it of all) it.click();
              return isReady && all.map((it) => it.getBoundingClientRect().height);
            }),
          "two texts in each are cut",
        );
        assert.ok(Math.min(...toggles) >= 24);
        await until(
          () =>
            s.run(() =>
              [...document.querySelectorAll("plaudit-reviews")].every(
                ({ shadowRoot }) => shadowRoot.querySelectorAll(".open").length === 2,
              ),
            ),
          "all of them are shown",
        );
        const told = await s.run(() => {
          const cut = [];
          const small = [];
          for (const { shadowRoot } of document.querySelectorAll("plaudit-reviews")) {
            for (const it of shadowRoot.querySelectorAll("*")) {
              const { clientWidth, scrollWidth, clientHeight, scrollHeight } = it;
              const mayScroll =
                it.tabIndex === 0 || it.localName === "svg" || it.matches(".hidden");
              // where letters are small, a button is higher than its line, and looks out
              const isLow = it.matches(".reply") && it.querySelector(".toggle");
              const isHigh = !isLow && scrollHeight > clientHeight + 1;
              const isOver = scrollWidth > clientWidth + 1 || isHigh;
              if (clientWidth && isOver && !mayScroll && !it.closest("svg")) {
                const sizes = [scrollWidth, clientWidth, scrollHeight, clientHeight];
                cut.push(`${it.localName}.${it.className} ${sizes}`);
              }
              if (!it.matches("a, button")) continue;
              const { width, height } = it.getBoundingClientRect();
              if (width < 24 || height < 24) small.push(`${it.outerHTML} ${width}x${height}`);
            }
          }
          return { cut, small };
        });
        assert.deepEqual(told, { cut: [], small: [] });
        await assertFits(s, "320 px");
        await assertAccessible(s, "320 px");
      });
    },
  );

  scenario("wherever a place fits its content, reviews have a width", {}, async (s) => {
    await s.go(PAGE);
    await inWindow(s, 1200, 900, async () => {
      const told = await s.run(async () => {
        const { make, reviews, settled } = window.page;
        const here = document.getElementById("here");
        const widths = {};
        for (const [name, style, own] of [
          ["row", "display: flex", ""],
          ["column", "display: flex; flex-direction: column; align-items: center", ""],
          ["grid", "display: grid; place-items: center", ""],
          ["float", "display: flow-root", "float: left"],
          ["absolute", "position: relative; height: 100px", "position: absolute"],
          ["inline", "", "display: inline-block"],
          ["narrow", "width: 300px; display: flex", ""],
          ["tracks", "display: grid; grid-template-columns: 1fr 1fr; width: 900px", "order: 1"],
        ]) {
          const box = document.createElement("div");
          box.style.cssText = style;
          here.append(box);
          const element = make({ layout: "carousel" }, { reviews: reviews(3) });
          element.style.cssText = own;
          await settled(element);
          const inner = document.createElement("div");
          inner.append(element);
          box.append(name === "tracks" ? inner : element);
          if (name === "tracks") box.append(document.createElement("div"));
          widths[name] = element.getBoundingClientRect().width;
        }
        return widths;
      });
      for (const [name, width] of Object.entries(told)) {
        if (name === "narrow") assert.equal(width, 300);
        // it does not push its neighbour away
        else if (name === "tracks") assert.equal(width, 450);
        else assert.ok(width > 600 && width < 700, `${name}: ${width}`);
      }
      await assertFits(s, "all places");
    });
  });

  scenario("a carousel's buttons stay together, and the next card looks in", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const { make, reviews, settled } = window.page;
      const of = async (count) => {
        const rating = { url: "https://www.trustpilot.com/review/example.com" };
        const element = make({ layout: "carousel" }, { rating, reviews: reviews(count) });
        element.style.cssText = "width: 288px";
        await settled(element);
        const box = (part) =>
          element.shadowRoot.querySelector(`[part=${part}]`).getBoundingClientRect();
        const [list, first] = [box("list"), box("review")];
        return {
          isOneRow:
            box("previous").top === box("next").top && box("next").top <= box("link").bottom,
          peek: Math.round(list.right - first.right),
        };
      };
      return [await of(3), await of(1)];
    });
    assert.deepEqual([told[0].isOneRow, told[1]], [true, { isOneRow: true, peek: 0 }]);
    // past the gap of 16
    assert.ok(told[0].peek > 24 && told[0].peek < 60, `${told[0].peek}`);
  });

  scenario(
    "A11Y14 PERF5: a long text is cut, and a button shows all of it; nothing moves",
    {},
    async (s) => {
      await s.go(PAGE);
      await watchForTrouble(s);
      for (const layout of ["list", "grid", "carousel"]) {
        await s.run(async (layout) => {
          document.getElementById("here").replaceChildren();
          const { make, review, settled } = window.page;
          const text = "It came in time, and as it was described. ".repeat(80);
          const element = make(
            { layout },
            {
              reviews: [
                review("long", { text, reply: { text, createdAt: null } }),
                review("short"),
              ],
            },
          );
          element.style.cssText = "width: 320px";
          await settled(element);
          // what was not yet seen has a height that was guessed
          for (const it of element.shadowRoot.querySelectorAll(".item")) {
            it.style.contentVisibility = "visible";
          }
          window.height = element.getBoundingClientRect().height;
        }, layout);
        const look = () =>
          s.run(() => {
            const element = document.querySelector("plaudit-reviews");
            const { shadowRoot } = element;
            return {
              moved: Math.abs(element.getBoundingClientRect().height - window.height),
              toggles: [...shadowRoot.querySelectorAll("[part=toggle]")].map((it) => [
                it.localName,
                it.textContent,
                it.getAttribute("aria-expanded"),
                it.previousElementSibling.scrollHeight > it.previousElementSibling.clientHeight + 1,
                it.previousElementSibling.textContent.length,
              ]),
              // in one engine the shorthand takes no colour, and then there is no line
              lines: [...shadowRoot.querySelectorAll("[part=toggle]")].map(
                (it) => getComputedStyle(it).textDecorationLine,
              ),
              focused: shadowRoot.activeElement?.part.value ?? null,
            };
          });
        const toggles = (count) =>
          until(async () => {
            const found = await look();
            return found.toggles.length === count && found;
          }, `${count} texts are cut`);
        const closed = ["button", "Read more", "false", true, 80 * 42];
        const before = await toggles(2);
        assert.ok(before.moved < 1.5, `${layout}: ${before.moved}`);
        assert.deepEqual(before.toggles, [closed, closed], layout);
        assert.deepEqual(before.lines, ["underline", "underline"], layout);
        await assertAccessible(s, `${layout}, cut`);
        // by keys, and the focus stays
        await s.run(() => {
          document
            .querySelector("plaudit-reviews")
            .shadowRoot.querySelector("[part=toggle]")
            .focus();
        });
        await s.driver.actions().sendKeys(Key.ENTER).perform();
        await until(async () => (await look()).toggles[0][2] === "true", "it is open");
        const open = await look();
        assert.deepEqual(open.toggles, [["button", "Read less", "true", false, 80 * 42], closed]);
        assert.equal(open.focused, "toggle");
        await s.driver.actions().sendKeys(Key.SPACE).perform();
        await until(async () => (await look()).toggles[0][2] === "false", "it is closed");
        assert.deepEqual((await look()).toggles, [closed, closed]);
        // with more room less is cut
        await s.run(() => {
          const element = document.querySelector("plaudit-reviews");
          element.style.cssText = "width: 8000px";
          for (const it of element.shadowRoot.querySelectorAll(".text")) it.style.maxWidth = "none";
        });
        if (layout === "list") await toggles(0);
      }
    },
  );

  scenario("what is there stays there: nodes, the place, the focus, texts", {}, async (s) => {
    await s.go(PAGE);
    await inWindow(s, 1000, 900, async () => {
      const told = await s.run(async () => {
        const { make, review, reviews, settled } = window.page;
        const soon = () => new Promise((done) => setTimeout(done, 200));
        const element = make({ layout: "carousel", "per-page": "12" }, { reviews: reviews(12) });
        await settled(element);
        await soon();
        const { shadowRoot } = element;
        const list = () => shadowRoot.querySelector("[part=list]");
        const items = () => [...list().querySelectorAll(".item")];
        list().scrollTo({ left: list().clientWidth * 2, behavior: "instant" });
        await soon();
        const at = list().scrollLeft;
        const before = items();
        const title = (it) => it.querySelector("[part=title]").textContent;
        const focusable = before[7].querySelector("article");
        focusable.tabIndex = -1;
        focusable.focus({ preventScroll: true });
        // the same reviews as other objects, one of them new, one changed
        const next = reviews(12).map((it) => (it.id === "11" ? review("11", { stars: 1 }) : it));
        element.data = { reviews: next };
        await soon();
        const after = items();
        const kept = after.filter((it) => before.includes(it)).length;
        const place = [list().scrollLeft === at && at > 0, shadowRoot.activeElement === focusable];
        // who leaves a slide out of view does not come back to it by keys
        list().scrollTo({ left: 0, behavior: "instant" });
        await soon();
        const away = [after[7].inert];
        shadowRoot.querySelector("[part=next]").focus();
        await soon();
        away.push(after[7].inert);
        return { kept, place, away, order: after.map(title).join() };
      });
      const order = Array.from({ length: 12 }, (_, at) => `Title ${at}`).join();
      assert.deepEqual(told, { kept: 11, place: [true, true], away: [false, true], order });
    });
    // in an order: new ones come between those that are there
    const order = await s.run(async () => {
      document.getElementById("here").replaceChildren();
      const { make, review, settled } = window.page;
      const all = [1, 2, 3, 4].map((stars) => review(`${stars}`, { stars }));
      const element = make({ "order-by": "stars.asc", "per-page": "2" });
      element.domain = "example.com";
      element.client = {
        businessUnits: { idOf: async () => "unit", reviews: async () => ({ reviews: [all[1]] }) },
        toReview: (it) => it,
      };
      element.data = { reviews: [all[0], all[2]], next: 2 };
      await settled(element);
      const { shadowRoot } = element;
      const items = () => [...shadowRoot.querySelectorAll(".item")];
      const before = items();
      const removed = [];
      new MutationObserver((list) => {
        removed.push(...list.flatMap(({ removedNodes }) => [...removedNodes]));
      }).observe(shadowRoot.querySelector("[part=list]"), { childList: true });
      shadowRoot.querySelector("[part=more]").click();
      for (let wait = 0; wait < 1000 && items().length < 3; wait += 1) {
        await new Promise((done) => setTimeout(done, 20));
      }
      const now = items();
      return [removed.length, now.length, before[0] === now[0], before[1] === now[2]];
    });
    assert.deepEqual(order, [0, 3, true, true]);
    // a minute later a text that is the same is not written again
    const written = await s.run(async () => {
      document.getElementById("here").replaceChildren();
      const { make, review, settled } = window.page;
      const createdAt = new Date(Date.now() - 2 * 864e5).toISOString();
      const element = make({}, { reviews: [review("1", { createdAt })] });
      await settled(element);
      let count = 0;
      new MutationObserver((list) => {
        count += list.length;
      }).observe(element.shadowRoot, { childList: true, characterData: true, subtree: true });
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      await new Promise((done) => setTimeout(done, 50));
      return count;
    });
    assert.equal(written, 0);
  });

  scenario("at a carousel's end its button brings more", {}, async (s) => {
    await s.go(PAGE);
    await inWindow(s, 1000, 900, async () => {
      await s.run(async () => {
        const { make, reviews, settled } = window.page;
        await settled(make({ layout: "carousel", "per-page": "3" }, { reviews: reviews(7) }));
      });
      const look = () =>
        s.run(() => {
          const { shadowRoot } = document.querySelector("plaudit-reviews");
          const list = shadowRoot.querySelector("[part=list]");
          const more = list.querySelector(":scope > [part=more]");
          return [
            list.querySelectorAll(".item").length,
            more && [more === list.lastElementChild, more.inert],
            shadowRoot.querySelector("[part=next]").getAttribute("aria-disabled"),
            shadowRoot.activeElement?.part.value ?? null,
            list.firstElementChild.getAttribute("aria-label"),
          ];
        });
      const is = (...wanted) =>
        until(async () => JSON.stringify(await look()) === JSON.stringify(wanted), `${wanted}`);
      await is(3, [true, true], "false", null, "1 of 3");
      await s.run(() => {
        document.querySelector("plaudit-reviews").shadowRoot.querySelector("[part=next]").focus();
      });
      const press = () => s.driver.actions().sendKeys(Key.ENTER).perform();
      await press();
      await is(3, [true, false], "false", "next", "1 of 3");
      await press();
      await is(6, [true, true], "false", "next", "1 of 6");
      await assertAccessible(s, "with more to come");
    });
  });

  scenario("in a page that centres its text, reviews begin where texts begin", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const here = document.getElementById("here");
      here.style.textAlign = "center";
      const { make, reviews, settled } = window.page;
      const element = make({}, { reviews: reviews(1) });
      await settled(element);
      const aligns = [...element.shadowRoot.querySelectorAll("p, article, .list")].map(
        (it) => getComputedStyle(it).textAlign,
      );
      here.insertAdjacentHTML("beforeend", '<plaudit-rating value="4"></plaudit-rating>');
      await new Promise((done) => setTimeout(done, 50));
      const rating = here.lastElementChild;
      const [host, base] = [rating, rating.shadowRoot.querySelector(".base")].map((it) =>
        it.getBoundingClientRect(),
      );
      return [
        [...new Set(aligns)],
        Math.abs(base.left - host.left - (host.right - base.right)) < 2,
      ];
    });
    assert.deepEqual(told, [["start"], true]);
  });

  scenario("the disclosure's slot, light and dark, all states: axe", {}, async (s) => {
    await s.go(PAGE);
    await watchForTrouble(s);
    for (const scheme of ["light", "dark"]) {
      await s.run(async (scheme) => {
        document.documentElement.style.cssText = `color-scheme: ${scheme};
          background: ${scheme === "dark" ? "#1c1c1c" : "#fff"};
          color: ${scheme === "dark" ? "#eee" : "#222"}`;
        document.getElementById("here").replaceChildren();
        const { make, review, settled } = window.page;
        const createdAt = new Date(Date.now() - 864e5).toISOString();
        const url = "https://www.trustpilot.com/reviews/1";
        const reply = { text: "Thank you.", createdAt };
        const reviews = [1, 2, 3, 4, 5].map((stars) =>
          review(`${scheme} ${stars}`, { stars, createdAt, url, reply, verified: true }),
        );
        for (const layout of ["list", "grid", "carousel"]) {
          const element = make({ layout, "per-page": "4", href: url }, { reviews });
          element.innerHTML = '<p slot="disclosure">We check who bought.</p>';
          await settled(element);
        }
        make({}, { reviews: [] });
        await settled();
        make({ domain: "nobody.example", proxy: "/proxy/", loading: "eager" });
        await settled();
      }, scheme);
      const states = await s.run(() =>
        [...document.querySelectorAll("plaudit-reviews")].map(({ state }) => state),
      );
      assert.deepEqual(states, ["ready", "ready", "ready", "empty", "error"]);
      const isShown = await s.run(
        () => document.querySelector("[slot=disclosure]").getBoundingClientRect().height > 0,
      );
      assert.equal(isShown, true);
      await assertAccessible(s, scheme);
    }
  });
}
