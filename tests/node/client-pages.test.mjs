// Walks through pages: numbers, cursors and tokens.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient } from "plaudit";
import { recorder, rejects } from "./support.mjs";

const ID = "46d6a890000064000500e0c3";
const HOST = "https://api.trustpilot.com";

function make(answer, options) {
  const { send, requests } = recorder(async (count, request) => {
    const made = await answer(new URL(request.url).searchParams, count);
    return made instanceof Response ? made : Response.json(made);
  });
  const client = createClient({
    provider: "trustpilot",
    apiKey: "key-1",
    fetch: send,
    cache: false,
    allowance: false,
    retry: 0,
    ...options,
  });
  return { client, requests };
}

const range = (from, to) => Array.from({ length: to - from }, (_, at) => ({ id: `r${from + at}` }));
const idsOf = (items) => items.map(({ id }) => id);
const linkTo = (page, address = `${HOST}/v1/x?perPage=100&page=${page}`) => [
  { rel: "self", href: `${HOST}/v1/x`, method: "GET" },
  { rel: "next-page", href: address, method: "GET" },
];

/** Service reviews, `total` of them, by page number and with links. */
function makeReviews(total, options) {
  const { client, requests } = make((query) => {
    const [page, size] = ["page", "perPage"].map((name) => Number(query.get(name)));
    return {
      reviews: range((page - 1) * size, Math.min(total, page * size)),
      links: page * size < total ? linkTo(page + 1) : [],
    };
  }, options);
  const all = (own) => client.businessUnits.reviews.all(ID, own);
  return { all, requests };
}

async function collect(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

const pagesOf = (requests) => requests.map(({ url }) => url.searchParams.get("page"));

describe("when pages are asked for", () => {
  it("CL18 not before the first next()", async () => {
    const { all, requests } = makeReviews(250);
    const pages = all();
    const iterator = pages[Symbol.asyncIterator]();
    await new Promise(setImmediate);
    assert.equal(requests.length, 0);
    assert.deepEqual(await iterator.next(), { value: { id: "r0" }, done: false });
    assert.equal(requests.length, 1);
  });

  it("CL18 the next one only after the last item was taken", async () => {
    const { all, requests } = makeReviews(250);
    const iterator = all()[Symbol.asyncIterator]();
    for (let at = 0; at < 100; at += 1) await iterator.next();
    await new Promise(setImmediate);
    assert.equal(requests.length, 1);
    assert.equal((await iterator.next()).value.id, "r100");
    assert.equal(requests.length, 2);
  });

  it("CL18 none after break", async () => {
    const { all, requests } = makeReviews(250);
    for await (const { id } of all()) if (id === "r99") break;
    await new Promise(setImmediate);
    assert.equal(requests.length, 1);
  });

  for (const [limit, expected] of [
    [0, 0],
    [1, 1],
    [99, 1],
    [100, 1],
    [101, 2],
    [250, 3],
    [999, 3],
  ]) {
    it(`CL18 limit ${limit} of 250 at 100 a page: ${expected} requests`, async () => {
      const { all, requests } = makeReviews(250);
      assert.equal((await collect(all({ limit }))).length, Math.min(limit, 250));
      assert.equal(requests.length, expected);
    });
  }

  it("CL18 parallel next() calls get different items", async () => {
    const { all, requests } = makeReviews(3);
    const iterator = all()[Symbol.asyncIterator]();
    const steps = await Promise.all([1, 2, 3, 4].map(() => iterator.next()));
    assert.deepEqual(
      steps.map(({ value }) => value?.id),
      ["r0", "r1", "r2", undefined],
    );
    assert.equal(requests.length, 1);
  });

  it("each loop is a walk of its own", async () => {
    const { all, requests } = makeReviews(150);
    const pages = all();
    assert.equal((await collect(pages)).length, 150);
    assert.equal((await collect(pages)).length, 150);
    assert.equal(requests.length, 4);
  });

  it("with the caller's own parameters on every page, the largest page unless told otherwise", async () => {
    const { all, requests } = makeReviews(5);
    await collect(all({ perPage: 2, stars: [4, 5], orderBy: "stars.asc" }));
    assert.deepEqual(pagesOf(requests), ["1", "2", "3"]);
    for (const { url } of requests) {
      assert.equal(url.searchParams.get("perPage"), "2");
      assert.equal(url.searchParams.get("stars"), "4,5");
      assert.equal(url.searchParams.get("orderBy"), "stars.asc");
    }
    const { all: others, requests: sent } = makeReviews(5);
    await collect(others());
    assert.equal(sent[0].url.searchParams.get("perPage"), "100");
  });
});

describe("where a walk ends", () => {
  it("CL19 without a next-page link, also on a full page", async () => {
    const { all, requests } = makeReviews(200);
    assert.equal((await collect(all())).length, 200);
    assert.equal(requests.length, 2);
  });

  it("CL19 without a cursor, however it is not there", async () => {
    for (const end of [undefined, null, ""]) {
      const { client, requests } = make((query) =>
        query.get("cursor") === "two"
          ? { businessUnits: range(2, 4), cursor: end }
          : { businessUnits: range(0, 2), cursor: "two" },
      );
      const units = await collect(client.businessUnits.list.all({ country: "DK" }));
      assert.deepEqual(idsOf(units), ["r0", "r1", "r2", "r3"]);
      assert.deepEqual(
        requests.map(({ url }) => url.searchParams.get("cursor")),
        [null, "two"],
      );
      assert.equal(requests[1].url.searchParams.get("country"), "DK");
    }
  });

  it("CL19 without a token", async () => {
    const { client, requests } = make((query) => ({
      reviews: range(query.get("pageToken") ? 5 : 0, query.get("pageToken") ? 7 : 5),
      ...(query.get("pageToken") ? {} : { nextPageToken: "t/+=" }),
    }));
    assert.equal((await collect(client.businessUnits.allReviews.all(ID))).length, 7);
    assert.equal(requests[1].url.searchParams.get("pageToken"), "t/+=");
  });

  it("CL19 on a short page where there are no links", async () => {
    const { client, requests } = make((query) => {
      const page = Number(query.get("page"));
      return { businessUnits: range((page - 1) * 100, page === 3 ? 240 : page * 100) };
    });
    const units = await collect(client.businessUnits.search.all("shoes"));
    assert.equal(units.length, 240);
    assert.deepEqual(pagesOf(requests), ["1", "2", "3"]);
  });

  it("CL19 past the end, where the last page was full", async () => {
    const { client, requests } = make((query) => ({
      businessUnits: query.get("page") === "1" ? range(0, 100) : [],
    }));
    assert.equal((await collect(client.businessUnits.search.all("shoes"))).length, 100);
    assert.equal(requests.length, 2);
  });

  it("CL19 an empty page with a cursor goes on, three in a row at most", async () => {
    const { client, requests } = make((_, count) => ({
      businessUnits: count % 3 ? [] : range(count, count + 1),
      cursor: count < 9 ? `c${count}` : null,
    }));
    const units = await collect(client.businessUnits.list.all());
    assert.deepEqual(idsOf(units), ["r3", "r6", "r9"]);
    assert.equal(requests.length, 9);
    const { client: empty, requests: sent } = make((_, count) => ({
      businessUnits: [],
      cursor: `c${count}`,
    }));
    assert.deepEqual(await collect(empty.businessUnits.list.all()), []);
    assert.equal(sent.length, 3);
  });

  it("CL19 on the last page where the platform counts them (Trustoo)", async () => {
    const { send, requests } = recorder((count) =>
      Response.json({
        code: 0,
        data: {
          list: range(count * 10, count * 10 + 3),
          page: { cur_page: count, total_page: "3" },
        },
      }),
    );
    const client = createClient({ provider: "trustoo", fetch: send });
    const reviews = await collect(client.reviews.product.all("mug", { shop: "a.example" }));
    assert.equal(reviews.length, 9);
    assert.deepEqual(pagesOf(requests), ["1", "2", "3"]);
  });
});

describe("pages that lead nowhere good", () => {
  it("CL20 a cursor that repeats: malformed_response, no loop", async () => {
    for (const cursors of [
      ["a", "a"],
      ["a", "b", "a"],
    ]) {
      const { client, requests } = make((_, count) => ({
        businessUnits: range(count * 10, count * 10 + 2),
        cursor: cursors[count - 1] ?? "never",
      }));
      const seen = [];
      const walk = (async () => {
        for await (const unit of client.businessUnits.list.all()) seen.push(unit);
      })();
      await rejects(walk, "malformed_response");
      assert.equal(requests.length, cursors.length);
      assert.equal(seen.length, cursors.length * 2);
    }
  });

  it("CL20 a link to another origin, or to no page further on: malformed_response", async () => {
    for (const href of [
      "https://evil.example/v1/x?page=2",
      "http://api.trustpilot.com.evil.example/v1/x?page=2",
      "//evil.example/v1?page=2",
      `${HOST}/v1/x?page=1`,
      `${HOST}/v1/x?page=0`,
      `${HOST}/v1/x?page=abc`,
      "https://[",
    ]) {
      const { client, requests } = make(() => ({
        reviews: range(0, 100),
        links: linkTo(2, href),
      }));
      const error = await rejects(
        collect(client.businessUnits.reviews.all(ID)),
        "malformed_response",
        String(href),
      );
      assert.match(error.message, /next-page/);
      assert.equal(requests.length, 1);
    }
  });

  it("CL20 a page that comes again and again ends the walk after three", async () => {
    const { client, requests } = make((query) => ({
      reviews: range(0, 100),
      links: linkTo(Number(query.get("page")) + 1),
    }));
    assert.equal((await collect(client.businessUnits.reviews.all(ID))).length, 100);
    assert.equal(requests.length, 4);
  });

  it("CL20 no link is followed: the page after is asked for where this one was", async () => {
    const { client, requests } = make((_, count) => ({
      reviews: range(count * 100, count * 100 + 1),
      links: count < 3 ? linkTo(9, "/v9/elsewhere?page=9&stars=1") : [],
    }));
    await collect(client.businessUnits.reviews.all(ID, { language: "en" }));
    assert.deepEqual(pagesOf(requests), ["1", "2", "3"]);
    for (const { url } of requests) {
      assert.equal(url.pathname, `/v1/business-units/${ID}/reviews`);
      assert.equal(url.searchParams.get("language"), "en");
      assert.equal(url.searchParams.get("stars"), null);
    }
  });

  it("CL20 through a proxy, links name the platform's host", async () => {
    const { client, requests } = make(
      (_, count) => ({ reviews: range(count, count + 1), links: count < 2 ? linkTo(2) : [] }),
      { apiKey: undefined, proxy: "https://app.example/api" },
    );
    assert.equal((await collect(client.businessUnits.reviews.all(ID))).length, 2);
    assert.equal(requests[1].url.host, "app.example");
  });

  it("a page without its list: malformed_response", async () => {
    for (const body of [{}, { reviews: null }, { reviews: { 0: 1 } }, { reviews: "x" }, [], null]) {
      const { client } = make(() => body);
      const error = await rejects(
        collect(client.businessUnits.reviews.all(ID)),
        "malformed_response",
      );
      assert.equal(error.page, 1);
    }
  });
});

describe("items that move meanwhile", () => {
  it("CL21 those that slide to the next page come once", async () => {
    let newest = 100;
    const { client } = make((query) => {
      const page = Number(query.get("page"));
      // two more came before each page
      if (page > 1) newest += 2;
      const items = Array.from({ length: 10 }, (_, at) => ({
        id: `r${newest - (page - 1) * 10 - at}`,
      })).filter(({ id }) => Number(id.slice(1)) > 50);
      return { reviews: items, links: items.length === 10 ? linkTo(page + 1) : [] };
    });
    const ids = idsOf(await collect(client.businessUnits.reviews.all(ID, { perPage: 10 })));
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      ids,
      Array.from({ length: 50 }, (_, at) => `r${100 - at}`),
    );
  });

  it("CL21 items without an id, and equal ones far apart, are not taken for known", async () => {
    const { client } = make((query) => ({
      reviews: [{ id: null }, {}, { id: null }, { id: `r${query.get("page") % 3}` }],
      links: query.get("page") < 4 ? linkTo(Number(query.get("page")) + 1) : [],
    }));
    const items = await collect(client.businessUnits.reviews.all(ID, { perPage: 4 }));
    assert.equal(items.length, 16);
  });

  it("CL21 record 100,000: page_limit, which names allReviews", async () => {
    const { all, requests } = makeReviews(100_500);
    const seen = [];
    const walk = (async () => {
      for await (const { id } of all({ from: 999 })) seen.push(id);
    })();
    const error = await rejects(walk, "page_limit");
    assert.match(error.message, /allReviews/);
    assert.equal(error.retryable, false);
    assert.equal(error.page, 1_001);
    assert.equal(seen.length, 200);
    assert.equal(requests.length, 2);
    const { all: whole } = makeReviews(100_000);
    assert.equal((await collect(whole({ from: 1_000 }))).length, 100);
  });
});

describe("errors on the way", () => {
  it("CL22 carry the page, and `from` goes on: none lost, none twice", async () => {
    let isBroken = true;
    const { client } = make((query) => {
      const page = Number(query.get("page"));
      if (page === 3 && isBroken) return new Response("{}", { status: 500 });
      return {
        reviews: range(page * 100, page * 100 + 100),
        links: page < 5 ? linkTo(page + 1) : [],
      };
    });
    const seen = [];
    const walk = async (from) => {
      for await (const { id } of client.businessUnits.reviews.all(ID, { from })) seen.push(id);
    };
    const error = await rejects(walk(), "server_error");
    assert.equal(error.page, 3);
    assert.equal(JSON.parse(JSON.stringify(error)).page, 3);
    assert.equal(seen.length, 200);
    isBroken = false;
    await walk(error.page);
    assert.deepEqual(seen, idsOf(range(100, 600)));
  });

  it("CL22 also with cursors", async () => {
    let isBroken = true;
    const { client } = make((query) => {
      const at = Number(query.get("cursor") ?? 0);
      if (at === 2 && isBroken) return new Response("{}", { status: 502 });
      return { businessUnits: range(at * 10, at * 10 + 10), cursor: at < 3 ? `${at + 1}` : null };
    });
    const seen = [];
    const walk = async (from) => {
      for await (const { id } of client.businessUnits.list.all({ from })) seen.push(id);
    };
    const error = await rejects(walk(), "server_error");
    assert.equal(error.page, "2");
    isBroken = false;
    await walk(error.page);
    assert.deepEqual(seen, idsOf(range(0, 40)));
  });

  it("CL22 one of the first page of cursors has none", async () => {
    const { client } = make(() => new Response("{}", { status: 403 }));
    const error = await rejects(collect(client.businessUnits.list.all()), "forbidden");
    assert.equal("page" in error, false);
  });

  it("CL12 an abort between pages ends the walk, nothing more is sent", async () => {
    const { all, requests } = makeReviews(250);
    const controller = new AbortController();
    const walk = (async () => {
      for await (const { id } of all({ signal: controller.signal })) {
        if (id === "r99") controller.abort("enough");
      }
    })();
    const error = await rejects(walk, "aborted");
    assert.equal(error.cause, "enough");
    assert.equal(error.page, 2);
    assert.equal(requests.length, 1);
  });

  it("are rejections, whatever is wrong with the arguments", async () => {
    const { client, requests } = make(() => assert.fail("a request was sent"));
    const { reviews } = client.businessUnits;
    for (const [id, options] of [
      ...[-1, 1.5, Number.NaN, "5", null].map((limit) => [ID, { limit }]),
      ...[0, -1, "x", {}].map((from) => [ID, { from }]),
      ...["x", {}].map((onProgress) => [ID, { onProgress }]),
      ...[null, 5, "x", []].map((options) => [ID, options]),
      ...[undefined, null, "x", {}].map((id) => [id, {}]),
      [ID, { nope: 1 }],
      [ID, { signal: {} }],
    ]) {
      const pages = reviews.all(id, options);
      await rejects(collect(pages), "invalid_argument", JSON.stringify([id, options]));
    }
    assert.equal(requests.length, 0);
  });
});

describe("toArray, pages and progress", () => {
  it("CL23 toArray needs its limit, 10,000 at most", async () => {
    const { all, requests } = makeReviews(250);
    const options = [undefined, null, {}, 5, "x"];
    const limits = [10_001, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5", null];
    for (const own of [...options, ...limits.map((limit) => ({ limit }))]) {
      await rejects(all().toArray(own), "invalid_argument", JSON.stringify(own));
    }
    assert.equal(requests.length, 0);
    assert.equal((await all().toArray({ limit: 120 })).length, 120);
    assert.equal((await all({ limit: 7 }).toArray({ limit: 120 })).length, 7);
    assert.equal((await all().toArray({ limit: 10_000 })).length, 250);
    assert.deepEqual(await all().toArray({ limit: 0 }), []);
  });

  it("pages() gives page by page, with what `from` takes", async () => {
    const { all, requests } = makeReviews(250);
    const sizes = [];
    for await (const { items, page } of all().pages()) sizes.push([page, items.length]);
    assert.deepEqual(sizes, [
      [1, 100],
      [2, 100],
      [3, 50],
    ]);
    for await (const { page } of all({ from: 2 }).pages()) {
      assert.equal(page, 2);
      break;
    }
    assert.equal(requests.length, 4);
  });

  it("onProgress is told after each page", async () => {
    const { all } = makeReviews(250);
    const told = [];
    await collect(all({ onProgress: (progress) => told.push(progress), limit: 220 }));
    assert.deepEqual(told, [
      { pages: 1, items: 100 },
      { pages: 2, items: 200 },
      { pages: 3, items: 220 },
    ]);
  });

  it("only what has pages has `all`", () => {
    const { client } = make(() => ({}));
    assert.equal(client.businessUnits.find.all, undefined);
    assert.equal(typeof client.consumers.reviews.all, "function");
    assert.equal(typeof client.productReviews.importedReviews.all, "function");
  });
});
