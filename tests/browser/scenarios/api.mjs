// All of the public API from a page of another origin, and through a proxy of its own.
import assert from "node:assert/strict";
import { API_KEY, blocksOf } from "../../guides.mjs";

const REVIEWS = "/v1/business-units/{id}/reviews";
const CANARY = "Key-Canary-6Wz";
/** Arguments of the functions that take more than an id; `$unit` and so on are ids of the sandbox. */
const ARGUMENTS = {
  "businessUnits.find": ["bikes.example"],
  "businessUnits.list": [{ country: "DK", perPage: 3 }],
  "businessUnits.search": ["coffee", { perPage: 3 }],
  "businessUnits.webLinks": ["$unit", { locale: "da-DK" }],
  "businessUnits.reviews": ["$unit", { perPage: 2, stars: [4, 5] }],
  "categories.list": [{ locale: "da-DK" }],
  "categories.get": ["bicycle_store", { country: "DK" }],
  "categories.businessUnits": ["bicycle_store", { country: "DE", perPage: 2 }],
  "reviews.latest": [{ count: 2, language: "en" }],
  "reviews.get": ["$review"],
  "reviews.likes": ["$review"],
  "reviews.webLinks": ["$review", { locale: "en-GB" }],
  "consumers.get": ["$consumer"],
  "consumers.profile": ["$consumer"],
  "consumers.reviews": ["$consumer"],
  "consumers.webLinks": ["$consumer", { locale: "de-DE" }],
  "consumers.profiles": [["$consumer"]],
  "consumers.createDisplayName": ["Zoë 🙂"],
  "consumers.validateDisplayName": ["Zoë 🙂"],
  "productReviews.summary": ["$unit", { sku: "180883_BIKE" }],
  "productReviews.reviews": ["$unit", { sku: "180883_BIKE", perPage: 2 }],
  "productReviews.importedReviews": ["$unit", { sku: "180883_BIKE", perPage: 2 }],
  "productReviews.importedSummaries": ["$unit", { sku: "180883_BIKE" }],
  "productReviews.batchSummaries": ["$unit", { skus: ["180883_BIKE"] }],
  "productReviews.attributeSummaries": ["$unit", { skus: ["180883_BIKE"], locale: "en-GB" }],
  "conversations.get": ["$conversation"],
  "resources.images": [],
  "resources.starImages": [4.5],
  "resources.starStrings": [4.5, { locale: "en-GB" }],
  "resources.logos": [],
  "resources.icons": [],
  "resources.locales": [],
  "resources.countries": [],
  "businessSignup.domainAvailability": ["example.com"],
};
const POSTS = [
  "consumers.profiles",
  "consumers.createDisplayName",
  "consumers.validateDisplayName",
  "productReviews.batchSummaries",
  "productReviews.attributeSummaries",
];

export function api(scenario) {
  /** Calls every function of the client in the page: `{ path: "ok" | code }` and what was sent. */
  const callAll = (s, options) =>
    s.run(
      async (options, known) => {
        const { client } = window.app;
        const ask = client({ keyIn: "query" });
        const { id: unit } = await ask.businessUnits.find("bikes.example");
        const [review] = (await ask.businessUnits.reviews(unit, { perPage: 1 })).reviews;
        const { productReviews } = await ask.productReviews.reviews(unit, { perPage: 100 });
        const ids = {
          $unit: unit,
          $review: review.id,
          $consumer: review.consumer.id,
          $conversation: productReviews.find((one) => one.conversationId).conversationId,
        };
        const fill = (value) => (Array.isArray(value) ? value.map(fill) : (ids[value] ?? value));
        const sent = [];
        const { proxy, ...others } = options;
        const spy = {
          fetch: (request) => {
            sent.push([request.method, ...request.headers.keys()].join(" "));
            return fetch(request);
          },
        };
        const made = proxy
          ? window.app.plaudit.createClient({ provider: "trustpilot", proxy, ...spy })
          : client({ ...others, ...(options.isSpied && spy) });
        const told = {};
        for (const [group, functions] of Object.entries(made)) {
          if (typeof functions === "function") continue;
          for (const name of Object.keys(functions)) {
            const path = `${group}.${name}`;
            if (path === "businessUnits.idOf") continue;
            const args = (known[path] ?? ["$unit"]).map(fill);
            told[path] = await functions[name](...args).then(
              (data) => (Object(data) === data ? "ok" : typeof data),
              ({ code, message }) => `${code}: ${message}`,
            );
          }
        }
        return { told, sent: [...new Set(sent)].sort(), stats: made.stats() };
      },
      options,
      ARGUMENTS,
    );

  for (const keyIn of ["header", "query"]) {
    scenario(
      `CL30 SB18: every function from another origin, key in the ${keyIn}; POSTs are refused first`,
      {},
      async (s) => {
        await s.go();
        const { told, stats } = await callAll(s, { keyIn });
        assert.equal(Object.keys(told).length, 45);
        for (const [path, outcome] of Object.entries(told)) {
          if (POSTS.includes(path)) {
            assert.match(outcome, /^unsupported_environment: .*proxy/, path);
          } else assert.equal(outcome, "ok", path);
        }
        // One that asks a second time is answered from what was kept.
        assert.equal(stats.sent, 40);
        const journal = await s.journal();
        const of = (method) => journal.filter((entry) => entry.method === method);
        assert.deepEqual(of("POST"), []);
        // The three that looked for ids, and forty.
        assert.equal(of("GET").length, 43);
        // The platform's list of headers lets no other pass: a preflight for each address, or none.
        assert.equal(of("OPTIONS").length, keyIn === "header" ? 40 : 0);
        for (const { status } of journal) assert.equal(status, 200);
      },
    );
  }

  scenario(
    "CL30 A.5: through a proxy every function, no key and no other header",
    {},
    async (s) => {
      await s.go();
      const { told, sent } = await callAll(s, { proxy: "/proxy" });
      for (const [path, outcome] of Object.entries(told)) assert.equal(outcome, "ok", path);
      assert.deepEqual(sent, ["GET", "POST content-type"]);
      const asked = s.site.requests.filter(({ url }) => url.startsWith("/proxy/"));
      assert.equal(asked.length, 45);
      for (const { apikey, url } of asked) {
        assert.equal(apikey, undefined);
        assert.ok(!url.includes("apikey"));
      }
      const posts = (await s.journal()).filter(({ method }) => method === "POST");
      assert.equal(posts.length, POSTS.length);
      // Of its own accord a client at the platform's own address sends the key alone.
      const direct = await callAll(s, { isSpied: true, retry: 0 });
      assert.deepEqual(direct.sent, ["GET apikey", "POST apikey content-type"]);
    },
  );

  scenario("CL30: a header that the platform does not list ends in the browser", {}, async (s) => {
    await s.go();
    const told = await s.run(async () => {
      const { client, settle } = window.app;
      const traced = (request) => {
        const copy = new Request(request);
        copy.headers.set("traceparent", "00-1-1-00");
        return fetch(copy);
      };
      const { businessUnits } = client({ fetch: traced, retry: 0 });
      return (await settle(businessUnits.find("bikes.example"))).error.code;
    });
    assert.equal(told, "network_error");
    assert.deepEqual(
      (await s.journal()).filter(({ method }) => method === "GET"),
      [],
    );
  });

  scenario(
    "CL18 CL21: a walk by for await, with progress, all of it and in part",
    {},
    async (s) => {
      await s.go();
      const told = await s.run(async () => {
        const { businessUnits, stats } = window.app.client({ keyIn: "query" });
        const { id, numberOfReviews } = await businessUnits.find("books.example");
        const ids = new Set();
        const progress = [];
        const all = { onProgress: ({ pages, items }) => progress.push([pages, items]) };
        for await (const review of businessUnits.reviews.all(id, all)) ids.add(review.id);
        const whole = stats().sent;
        let some = 0;
        for await (const { stars } of businessUnits.reviews.all(id, { perPage: 10, stars: [5] })) {
          if (stars !== 5 || ++some === 15) break;
        }
        const tokens = await businessUnits.allReviews.all(id).toArray({ limit: 150 });
        return {
          total: numberOfReviews.total,
          seen: ids.size,
          progress,
          whole,
          some,
          tokens: tokens.every((review) => ids.has(review.id)),
          sent: stats().sent,
        };
      });
      assert.equal(told.seen, told.total);
      assert.equal(told.total, 412);
      assert.deepEqual(told.progress, [
        [1, 100],
        [2, 200],
        [3, 300],
        [4, 400],
        [5, 412],
      ]);
      assert.equal(told.whole, 6);
      assert.equal(told.some, 15);
      assert.equal(told.tokens, true);
      assert.equal(told.sent, 6 + 2 + 2);
      const pages = (await s.journal(REVIEWS)).map(({ query }) => new URLSearchParams(query));
      const numbers = pages.map((query) => query.get("page"));
      assert.deepEqual(numbers, ["1", "2", "3", "4", "5", "1", "2"]);
    },
  );

  scenario("CL12 CL22: a walk that is aborted, and one that fails and goes on", {}, async (s) => {
    await s.go();
    const aborted = await s.run(async () => {
      const { client } = window.app;
      const { businessUnits } = client({ keyIn: "query" });
      const { id } = await businessUnits.find("books.example");
      const controller = new AbortController();
      let seen = 0;
      try {
        const own = { signal: controller.signal, perPage: 50 };
        for await (const review of businessUnits.reviews.all(id, own)) {
          seen += review.id ? 1 : 0;
          if (seen === 60) controller.abort("enough");
        }
      } catch ({ code, cause, page }) {
        return { code, cause, page, seen };
      }
    });
    // What has come is given; the page after is not asked for.
    assert.deepEqual(aborted, { code: "aborted", cause: "enough", page: 3, seen: 100 });
    assert.equal((await s.journal(REVIEWS)).length, 2);
    await s.fault("status", { status: 400, match: { route: REVIEWS, nth: 2 }, times: 1 });
    const walked = await s.run(async () => {
      const { client } = window.app;
      const { businessUnits } = client({ keyIn: "query" });
      const { id } = await businessUnits.find("books.example");
      const seen = [];
      const walk = async (from) => {
        for await (const review of businessUnits.reviews.all(id, { perPage: 100, from })) {
          seen.push(review.id);
        }
      };
      const { code, page } = await walk().catch((error) => error);
      const before = seen.length;
      await walk(page);
      return { code, page, before, all: seen.length, unique: new Set(seen).size };
    });
    const expected = { code: "bad_request", page: 2, before: 100, all: 412, unique: 412 };
    assert.deepEqual(walked, expected);
  });

  scenario("CL14: identical calls are one request, and each has its own copy", {}, async (s) => {
    await s.go();
    await s.fault("delay", { ms: 150 });
    const told = await s.run(async () => {
      const { businessUnits, stats } = window.app.client({ keyIn: "query", cache: false });
      const calls = [1, 2, 3, 4, 5].map(() => businessUnits.find("bikes.example"));
      const [first, ...others] = await Promise.all(calls);
      first.displayName = "mine";
      return { names: others.map(({ displayName }) => displayName), ...stats() };
    });
    assert.deepEqual(told.names, Array(4).fill("Radwerk Köln"));
    assert.deepEqual([told.sent, told.shared], [1, 4]);
    assert.equal((await s.journal()).length, 1);
  });

  scenario(
    "CL28: a second call sends nothing; a reload, or `cache: false`, asks",
    {},
    async (s) => {
      const ask = () =>
        s.run(async () => {
          const made = window.app.client({ keyIn: "query" });
          const { businessUnits, stats } = made;
          const first = await businessUnits.find("bikes.example").withResponse();
          const second = await businessUnits.find("bikes.example").withResponse();
          const third = await businessUnits.find("bikes.example", { cache: false }).withResponse();
          await businessUnits.find("nobody.example").catch(() => {});
          const lost = await businessUnits.find("nobody.example").catch(({ code }) => code);
          const { sent, cached } = stats();
          const from = [first, second, third].map(({ fromCache, status }) => [fromCache, status]);
          return {
            from,
            lost,
            sent,
            cached,
            url: second.url,
            type: second.headers.get("content-type"),
          };
        });
      await s.go();
      const told = await ask();
      const expected = [
        [false, 200],
        [true, 200],
        [false, 200],
      ];
      assert.deepEqual(told.from, expected);
      assert.deepEqual([told.lost, told.sent, told.cached], ["not_found", 3, 2]);
      assert.match(told.url, /apikey=\*\*\*$/);
      assert.match(told.type, /^application\/json/);
      assert.equal((await s.journal()).length, 3);
      await s.go();
      assert.deepEqual((await ask()).from, expected);
      assert.equal((await s.journal()).length, 6);
    },
  );

  scenario(
    "CL28: an adapter on localStorage keeps answers over a reload, and no key",
    {},
    async (s) => {
      const ask = () =>
        s.run(async () => {
          const cache = {
            get: (key) => JSON.parse(localStorage.getItem(key)),
            set: (key, entry) => localStorage.setItem(key, JSON.stringify(entry)),
          };
          const { businessUnits } = window.app.client({ keyIn: "query", cache });
          const { data, fromCache } = await businessUnits.find("bikes.example").withResponse();
          return [data.displayName, fromCache, JSON.stringify({ ...localStorage })];
        });
      await s.go();
      const [, fromNowhere] = await ask();
      await s.go();
      const [name, isKept, stored] = await ask();
      assert.deepEqual([fromNowhere, isKept, name], [false, true, "Radwerk Köln"]);
      assert.ok(!stored.includes("plaudit-demo-key"));
      assert.equal((await s.journal()).length, 1);
    },
  );

  scenario("CL9 CL16 A.5: 429, and what the page may know of Retry-After", {}, async (s) => {
    await s.go();
    const call = (isProxied, retry) =>
      s.run(
        async (isProxied, retry) => {
          const { client, plaudit, settle } = window.app;
          const own = isProxied
            ? plaudit.createClient({ provider: "trustpilot", proxy: "/proxy", retry })
            : client({ retry });
          const begun = performance.now();
          const made = own.businessUnits.find("bikes.example").withResponse();
          const { session, error } = await settle(made);
          const attempts = (session ?? error).attempts?.map(({ status }) => status);
          const { code, retryAfter } = error ?? {};
          return { code, retryAfter, attempts, took: performance.now() - begun };
        },
        isProxied,
        retry,
      );
    await s.fault("429", { retry_after: "25", times: 1 });
    const foreign = await call(false, 2);
    assert.deepEqual(foreign.attempts, [429, 200]);
    // The hint of 25 seconds stays unread: the client waits as long as it thinks right.
    assert.ok(foreign.took >= 490 && foreign.took < 20_000, `${foreign.took} ms`);
    await s.fault("429", { retry_after: "2", times: 1 });
    const own = await call(true, 2);
    assert.deepEqual(own.attempts, [429, 200]);
    assert.ok(own.took >= 1_990, `${own.took} ms`);
    await s.fault("429", { retry_after: "61", times: 1 });
    const late = await call(true, 2);
    assert.deepEqual([late.code, late.retryAfter], ["rate_limited", 61]);
    assert.ok(late.took < 20_000, `${late.took} ms`);
  });

  scenario("SB10 CL9: faults that a retry gets over, by rule and in the query", {}, async (s) => {
    await s.go();
    const call = (timeout, fault) =>
      s.run(
        async (timeout, fault) => {
          const { client } = window.app;
          let left = 1;
          const asking = (request) => {
            const url = new URL(request.url);
            if (left-- > 0) url.searchParams.set("__fault", fault);
            return fetch(new Request(url, request));
          };
          const made = client({ timeout, keyIn: "query", ...(fault && { fetch: asking }) });
          const { data, attempts } = await made.businessUnits.find("bikes.example").withResponse();
          return [data.displayName, ...attempts.map(({ status, code }) => code ?? status)];
        },
        timeout,
        fault,
      );
    for (const [fault, options, seen] of [
      ["503", {}, 503],
      ["520", {}, 520],
      ["html", { status: 502 }, 502],
      ["cut-body", {}, "network_error"],
      ["hang", {}, "timeout"],
    ]) {
      const timeout = fault === "hang" ? 800 : 10_000;
      await s.fault(fault, { ...options, times: 1 });
      assert.deepEqual(await call(timeout), ["Radwerk Köln", seen, 200], fault);
      await s.clearFaults();
    }
    assert.deepEqual(await call(10_000, "503"), ["Radwerk Köln", 503, 200], "SB11");
    assert.deepEqual(await call(10_000, "cut-body"), ["Radwerk Köln", "network_error", 200]);
  });

  scenario("CL26: no key in anything that a log could show", {}, async (s) => {
    await s.go();
    const shown = await s.run(async (key) => {
      const { client, plaudit, tell } = window.app;
      const texts = [];
      const note = (error) => {
        const { cause, attempts } = error;
        const told = tell(error);
        texts.push(JSON.stringify([told, attempts, error]), `${cause} ${cause?.stack}`);
        console.log(error);
      };
      const gone = "http://127.0.0.1:1/v1";
      for (const keyIn of ["header", "query"]) {
        for (const own of [{}, { baseUrl: gone }]) {
          const made = client({ apiKey: key, keyIn, retry: 1, ...own });
          await made.businessUnits.find("bikes.example").catch(note);
          await made.businessUnits.reviews.all("0".repeat(24)).toArray({ limit: 3 }).catch(note);
          await made.request("GET", "/nothing").catch(note);
          await made.businessUnits.find("no domain").catch(note);
          texts.push(JSON.stringify(made.stats()), JSON.stringify(made));
        }
      }
      try {
        plaudit.createClient({ provider: "trustpilot", apiKey: key, proxy: "/proxy" });
      } catch (error) {
        note(error);
      }
      return texts;
    }, CANARY);
    assert.ok(shown.length > 30, `${shown.length}`);
    for (const text of shown) assert.ok(!text.includes(CANARY), text);
    await s.logged("PlauditError");
    for (const line of s.site.logs) assert.ok(!line.includes(CANARY), line);
    await s.forgetConsole();
  });

  scenario("CL15: six at the same time, the others in their turn", {}, async (s) => {
    await s.go();
    await s.fault("delay", { ms: 100 });
    const told = await s.run(async () => {
      let active = 0;
      let most = 0;
      const counting = async (request) => {
        active += 1;
        most = Math.max(most, active);
        try {
          return await fetch(request);
        } finally {
          active -= 1;
        }
      };
      const made = window.app.client({ keyIn: "query", fetch: counting });
      const calls = Array.from({ length: 20 }, (_, at) =>
        made.businessUnits.search("coffee", { perPage: at + 1 }),
      );
      const pages = await Promise.all(calls);
      return { most, pages: pages.length, ...made.stats() };
    });
    assert.equal(told.most, 6);
    assert.deepEqual([told.pages, told.sent, told.waited], [20, 20, 14]);
  });

  scenario("SB4: right-to-left, emoji and all else arrive as they were sent", {}, async (s) => {
    await s.go();
    const read = (url) => fetch(url).then((answer) => answer.json());
    const key = "apikey=plaudit-demo-key";
    const { id } = await read(`${s.world}/v1/business-units/find?name=trustpilot.com&${key}`);
    const page = `${s.world}/v1/business-units/${id}/reviews?perPage=100&${key}`;
    const { reviews } = await read(page);
    const texts = reviews.map(({ title, text, consumer }) => [title, text, consumer.displayName]);
    const told = await s.run(async (id) => {
      const { businessUnits, toReview } = window.app.client();
      const { reviews } = await businessUnits.reviews(id, { perPage: 100 });
      const line = document.createElement("p");
      document.body.append(line);
      const shown = (text) => {
        line.textContent = text;
        return line.textContent;
      };
      return reviews
        .map(toReview)
        .map(({ title, text, author }) =>
          [title, text, author].map((value) => value && shown(value)),
        );
    }, id);
    assert.deepEqual(told, texts);
    const all = texts.flat().join(" ");
    for (const script of [
      /\p{Script=Arabic}|\p{Script=Hebrew}/u,
      /\p{Emoji_Presentation}/u,
      /\p{Script=Han}/u,
    ]) {
      assert.match(all, script);
    }
  });

  scenario("toRating and toReview: one view of both platforms", {}, async (s) => {
    await s.go();
    const told = await s.run(async () => {
      const { client, config, plaudit } = window.app;
      const trustpilot = client();
      const unit = await trustpilot.businessUnits.find("bikes.example");
      const [review] = await trustpilot.businessUnits.reviews.all(unit.id).toArray({ limit: 1 });
      const trustoo = plaudit.createClient({
        provider: "trustoo",
        baseUrl: `${config.sandbox}/trustoo/api/v1`,
      });
      const shop = { shop: "bikes.example" };
      const [rating] = await trustoo.reviews.ratings(["classic"], shop);
      const products = await trustoo.reviews.product.all("classic", shop).toArray({ limit: 25 });
      return {
        ratings: [trustpilot.toRating(unit), trustoo.toRating(rating)],
        reviews: [trustpilot.toReview(review), ...products.map(trustoo.toReview)],
        raw: unit.score,
      };
    });
    const [first, second] = told.ratings;
    assert.equal(first.provider, "trustpilot");
    assert.deepEqual([first.value, first.stars], [told.raw.trustScore, told.raw.stars]);
    assert.deepEqual([first.name, first.count], ["Radwerk Köln", 903]);
    assert.equal(
      first.distribution.reduce((sum, count) => sum + count),
      903,
    );
    assert.equal(second.provider, "trustoo");
    assert.ok(second.value >= 1 && second.value <= 5);
    assert.equal(second.distribution, null);
    assert.deepEqual(Object.keys(first).sort(), Object.keys(second).sort());
    const [review, ...others] = told.reviews;
    assert.equal(others.length, 25);
    for (const one of told.reviews) {
      assert.deepEqual(Object.keys(one).sort(), Object.keys(review).sort());
      assert.ok(one.stars >= 1 && one.stars <= 5);
      assert.match(one.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.equal(typeof one.id, "string");
    }
    // Trustoo needs no key, so no preflight either.
    const foreign = (await s.journal()).filter(({ path }) => path.includes("/trustoo/"));
    assert.deepEqual([...new Set(foreign.map(({ method }) => method))], ["GET"]);
  });

  const strict = (connect) =>
    `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src data:; connect-src ${connect}`;
  scenario(
    "a strict policy that names the platform in connect-src is enough",
    { rules: (world) => strict(`'self' ${new URL(world).origin}`) },
    async (s) => {
      await s.go();
      const told = await s.run(async () => {
        const broken = [];
        addEventListener("securitypolicyviolation", (event) => broken.push(event.blockedURI));
        const { businessUnits } = window.app.client();
        const { id } = await businessUnits.find("bikes.example");
        const reviews = await businessUnits.reviews.all(id).toArray({ limit: 120 });
        return { broken, count: reviews.length };
      });
      assert.deepEqual(told, { broken: [], count: 120 });
    },
  );

  scenario(
    "a policy of 'self' alone: the platform is network_error, the proxy works",
    { rules: () => strict("'self'") },
    async (s) => {
      await s.go();
      const told = await s.run(async () => {
        const { client, plaudit, settle } = window.app;
        const { error } = await settle(client({ retry: 0 }).businessUnits.find("bikes.example"));
        const proxied = plaudit.createClient({ provider: "trustpilot", proxy: "/proxy" });
        return [error.code, (await proxied.businessUnits.find("bikes.example")).displayName];
      });
      assert.deepEqual(told, ["network_error", "Radwerk Köln"]);
      assert.equal((await s.journal()).length, 1);
    },
  );

  scenario(
    "docs/client.md: what needs a page does there as the guide says",
    { auth: { allowedOrigins: ["https://api.trustpilot.com"] } },
    async (s) => {
      const blocks = blocksOf("docs/client.md").filter(({ isPage }) => isPage);
      assert.equal(blocks.length, 3);
      await s.control("POST", "config", {
        clients: [
          { client_id: API_KEY },
          { client_id: "plaudit-demo-key", redirect_hosts: ["127.0.0.1"] },
        ],
      });
      await s.go();
      assert.ok((await s.signIn()).session);
      for (const { code, expected, title } of blocks) {
        const printed = await s.run(
          async (code, key) => {
            const list = document.createElement("ul");
            list.id = "reviews";
            document.querySelector("#reviews")?.remove();
            document.body.append(list);
            // The platform's host is the sandbox.
            const { fetch: real } = window;
            window.fetch = (input, init) => {
              const request = new Request(input, init);
              const { origin, pathname, search } = new URL(request.url);
              if (origin !== "https://api.trustpilot.com") return real(request);
              return real(new Request(window.app.config.sandbox + pathname + search, request));
            };
            const lines = [];
            const { log } = console;
            console.log = (...values) => lines.push(values.join(" "));
            Object.assign(window, { API_KEY: key, auth: window.app.auth });
            const text = code.replace('"plaudit"', `"${location.origin}/plaudit/index.js"`);
            const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
            try {
              await import(url);
            } finally {
              console.log = log;
              window.fetch = real;
            }
            return lines;
          },
          code,
          API_KEY,
        );
        assert.deepEqual(printed, expected, title);
      }
    },
  );
}
