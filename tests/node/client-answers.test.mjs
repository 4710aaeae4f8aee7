// What createClient makes of answers: spellings, envelopes, the common view, and the way out.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient } from "plaudit";
import { assertSilent, recorder, rejects } from "./support.mjs";

const KEY = "Key-Canary-3Xp";
const ID = "46d6a890000064000500e0c3";

function make(answer, options) {
  const { send, requests } = recorder(async (count, request) => {
    const made = await answer(request, count);
    return made instanceof Response ? made : Response.json(made);
  });
  const client = createClient({
    provider: "trustpilot",
    apiKey: KEY,
    fetch: send,
    cache: false,
    retry: 0,
    ...options,
  });
  return { client, requests };
}

/** What becomes of one review. */
async function mended(review) {
  const { client } = make(() => ({ reviews: [review], links: [] }));
  return (await client.businessUnits.reviews(ID)).reviews[0];
}

describe("spellings", () => {
  for (const [given, expected] of [
    ["2013-09-07T13:37:00", "2013-09-07T13:37:00.000Z"],
    ["2017-07-21T13:52:26Z", "2017-07-21T13:52:26.000Z"],
    ["2024-10-14T17:42:40.286Z", "2024-10-14T17:42:40.286Z"],
    ["2025-06-20 11:06:48", "2025-06-20T11:06:48.000Z"],
    ["2025-06-20 11:06:48Z", "2025-06-20T11:06:48.000Z"],
    ["2024-10-14T17:42:40.286", "2024-10-14T17:42:40.286Z"],
    ["2024-10-14T17:42:40.2869999Z", "2024-10-14T17:42:40.286Z"],
    ["2024-10-14T17:42:40.2Z", "2024-10-14T17:42:40.200Z"],
    ["2024-10-14T17:42:40+02:00", "2024-10-14T15:42:40.000Z"],
    ["2024-10-14T17:42:40.5-0130", "2024-10-14T19:12:40.500Z"],
    ["2024-02-30T00:00:00.1Z", "2024-02-30T00:00:00.1Z"],
    ["2024-13-01T00:00:00.1Z", "2024-13-01T00:00:00.1Z"],
    ["2024-10-14", "2024-10-14"],
    ["yesterday", "yesterday"],
    ["", ""],
    [1_700_000_000, 1_700_000_000],
    [null, null],
    [{ a: 1 }, { a: 1 }],
  ]) {
    it(`a date: ${JSON.stringify(given)} is ${JSON.stringify(expected)}`, async () => {
      const { createdAt, companyReply } = await mended({
        createdAt: given,
        companyReply: { createdAt: given },
      });
      assert.deepEqual(createdAt, expected);
      assert.deepEqual(companyReply.createdAt, expected);
    });
  }

  for (const [given, expected] of [
    ["5", 5],
    ["4.5", 4.5],
    ["-1", -1],
    ["0", 0],
    [5, 5],
    ["", ""],
    [" 5", " 5"],
    ["5 stars", "5 stars"],
    ["1e3", "1e3"],
    ["0x10", "0x10"],
    ["Infinity", "Infinity"],
    ["5.", "5."],
    [true, true],
    [null, null],
  ]) {
    it(`a number: ${JSON.stringify(given)} is ${JSON.stringify(expected)}`, async () => {
      assert.equal((await mended({ stars: given })).stars, expected);
    });
  }

  it("an address without a scheme is https, in any member of a set of images", async () => {
    const { client } = make(() => ({
      stars: "4.5",
      star128x24: { url: "//images.example/128.png", width: "128" },
      starSvg: { url: "http://images.example/star.svg" },
    }));
    assert.deepEqual(await client.resources.starImages(4.5), {
      stars: 4.5,
      star128x24: { url: "https://images.example/128.png", width: 128 },
      starSvg: { url: "http://images.example/star.svg" },
    });
    const { client: other } = make(() => ({ "57x43": { url: "//a/b" }, links: [] }));
    assert.equal((await other.businessUnits.images(ID))["57x43"].url, "https://a/b");
  });

  it("CL29 what is unknown survives, also under names that objects have", async () => {
    const body =
      '{"reviews":[{"id":"1","brandNew":{"createdAt":"2017-07-21T13:52:26Z"},"__proto__":{"stars":"5"},"status":"who-knows"}],"links":null,"constructor":"x"}';
    const { client } = make(() => new Response(body));
    const data = await client.businessUnits.reviews(ID);
    assert.equal(JSON.stringify(data), body);
    assert.equal(Object.getPrototypeOf(data.reviews[0]), Object.prototype);
  });

  it("lists in lists, and depths that no page has, break nothing", async () => {
    const { client } = make(() => ({ reviews: [[{ stars: "5" }], 5, null, "x"] }));
    assert.deepEqual((await client.businessUnits.reviews(ID)).reviews, [
      [{ stars: 5 }],
      5,
      null,
      "x",
    ]);
    const deep = `{"reviews":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    const { client: other } = make(() => new Response(deep));
    await other.businessUnits.reviews(ID).catch((error) => {
      assert.equal(error.code, "malformed_response");
    });
  });
});

describe("Trustoo's envelope", () => {
  const trustoo = (answer, options) =>
    make(answer, { provider: "trustoo", apiKey: undefined, ...options });
  const wrap = (data, code = 0) => ({ code, message: "said", time: 1, request_id: "0", data });

  it("is taken off, and no key is needed or sent", async () => {
    const { client, requests } = trustoo(() =>
      wrap([
        { rating: "4.5", total_reviews: "12" },
        { rating: 0, total_reviews: 0 },
      ]),
    );
    const ratings = await client.reviews.ratings(["mug", "cup"], { shop: "a.example" });
    assert.deepEqual(ratings, [
      { rating: 4.5, total_reviews: 12 },
      { rating: 0, total_reviews: 0 },
    ]);
    const [{ url, request }] = requests;
    assert.equal(url.host, "api.trustoo.io");
    assert.equal(url.searchParams.get("product_handle"), "mug,cup");
    assert.deepEqual([...request.headers], []);
  });

  for (const [number, code, retryable] of [
    [3, "bad_request", false],
    [4, "server_error", true],
    [5, "not_found", false],
    [8, "rate_limited", true],
    [13, "server_error", true],
    [16, "unauthorized", false],
    ["5", "not_found", false],
    [2_000, "bad_request", false],
    [-1, "bad_request", false],
  ]) {
    it(`code ${number}: ${code}, with its message`, async () => {
      const { client } = trustoo(() => wrap(null, number));
      const error = await rejects(client.reviews.ratings("mug", { shop: "a" }), code);
      assert.equal(error.status, 200);
      assert.equal(error.description, "said");
      assert.equal(error.retryable, retryable);
    });
  }

  it("is missing or not whole: malformed_response", async () => {
    for (const body of [
      {},
      [],
      null,
      5,
      { data: [] },
      { code: null, data: [] },
      { code: "x", data: [] },
      wrap(null),
      wrap(5),
      { code: 0 },
    ]) {
      const { client } = trustoo(() => body);
      await rejects(
        client.reviews.ratings("mug", { shop: "a" }),
        "malformed_response",
        JSON.stringify(body),
      );
    }
  });

  it("an HTTP error stays what it is", async () => {
    const { client } = trustoo(() => Response.json(wrap(null, 5), { status: 503 }));
    const error = await rejects(client.reviews.ratings("mug", { shop: "a" }), "server_error");
    assert.equal(error.description, "said");
  });
});

describe("the common view", () => {
  it("of Trustpilot", async () => {
    const { client } = make(() => ({
      id: ID,
      displayName: "Example",
      score: { trustScore: "4.3", stars: 4.5 },
      numberOfReviews: {
        total: 14,
        oneStar: 2,
        twoStars: 3,
        threeStars: 2,
        fourStars: 5,
        fiveStars: 2,
      },
    }));
    const rating = client.toRating(await client.businessUnits.find("example.com"));
    assert.deepEqual(rating, {
      provider: "trustpilot",
      value: 4.3,
      stars: 4.5,
      count: 14,
      distribution: [2, 3, 2, 5, 2],
      name: "Example",
      url: rating.url,
    });
    const review = await mended({
      id: "5972071bfba87f08a8227ee9",
      consumer: { displayName: "Ada" },
      stars: 5,
      title: "Fine",
      text: "Very",
      language: "en",
      createdAt: "2017-07-21T13:52:26Z",
      companyReply: { text: "Thanks", createdAt: "2017-07-22T00:00:00" },
      isVerified: true,
    });
    assert.deepEqual(client.toReview(review), {
      provider: "trustpilot",
      id: "5972071bfba87f08a8227ee9",
      stars: 5,
      title: "Fine",
      text: "Very",
      language: "en",
      createdAt: "2017-07-21T13:52:26.000Z",
      author: "Ada",
      reply: { text: "Thanks", createdAt: "2017-07-22T00:00:00.000Z" },
      verified: true,
      url: null,
    });
  });

  it("of a product review, whose text has another name", () => {
    const { client } = make(() => ({}));
    const { text, reply } = client.toReview({ content: "Good", firstCompanyComment: null });
    assert.equal(text, "Good");
    assert.equal(reply, null);
  });

  it("of Trustoo", () => {
    const { client } = make(() => ({}), { provider: "trustoo" });
    assert.deepEqual(client.toRating({ rating: 4.3, total_reviews: 7 }), {
      provider: "trustoo",
      value: 4.3,
      stars: 4.5,
      count: 7,
      distribution: null,
      name: null,
      url: null,
    });
    const seen = {
      id: 17,
      star: 4,
      author: "Bo",
      content: "ok",
      commented_at: "x",
      reply_content: "hi",
    };
    const review = client.toReview({ ...seen, verified_badge: 1 });
    assert.equal(review.id, "17");
    assert.equal(review.verified, true);
    assert.deepEqual(review.reply, { text: "hi", createdAt: null });
    assert.equal(client.toReview({ verified_badge: 0 }).verified, false);
    assert.equal(client.toReview({}).verified, null);
  });

  it("of nothing has nulls, and a score of 0 is none yet", () => {
    const { client } = make(() => ({}));
    for (const raw of [{}, { score: null }, { score: { trustScore: 0, stars: 0 } }]) {
      const { provider, ...rest } = client.toRating(raw);
      assert.equal(provider, "trustpilot");
      for (const value of Object.values(rest)) assert.equal(value, null);
    }
    const { provider, ...rest } = client.toReview({});
    assert.equal(provider, "trustpilot");
    for (const value of Object.values(rest)) assert.equal(value, null);
  });
});

describe("the way out", () => {
  it("CL27 request() sends what it is told, with the key, and gives the whole answer", async () => {
    const { client, requests } = make(() => Response.json([1], { status: 201 }));
    const answer = await client.request("POST", "/some/path", {
      query: { a: ["x", "y"], b: true, c: undefined },
      body: { text: "ü" },
    });
    assert.deepEqual(answer.data, [1]);
    assert.equal(answer.status, 201);
    assert.ok(answer.headers instanceof Headers);
    assert.equal(answer.url, "https://api.trustpilot.com/v1/some/path?a=x%2Cy&b=true");
    const [{ request, url, method }] = requests;
    assert.equal(method, "POST");
    assert.equal(url.href, answer.url);
    assert.equal(request.headers.get("content-type"), "application/json");
    assert.equal(request.headers.get("apikey"), KEY);
    assert.deepEqual(await request.json(), { text: "ü" });
  });

  it("CL27 takes an answer without a body, and data of any kind", async () => {
    for (const [body, expected] of [
      ["", undefined],
      ["null", null],
      ["5", 5],
    ]) {
      const { client } = make(() => new Response(body));
      assert.equal((await client.request("DELETE", "/x")).data, expected);
    }
    const { client } = make(() => new Response("<html>"));
    await rejects(client.request("GET", "/x"), "malformed_response");
  });

  it("refuses what would leave the base address, or is no request", async () => {
    const { client, requests } = make(() => ({}), { baseUrl: "https://api.example" });
    const cycle = {};
    cycle.self = cycle;
    for (const args of [
      ...[
        "@evil.example/",
        ".evil.example/",
        "//evil.example/x",
        "",
        "x",
        "https://evil.example",
        5,
        null,
        undefined,
      ].map((path) => ["GET", path]),
      ...["/../x", "/x/../../y", "/a b", "/x?y=1", "/x#y", "/%2e%2e/x"].map((path) => [
        "GET",
        path,
      ]),
      ...["get", "", "G T", 5, null, undefined, Symbol("s")].map((method) => [method, "/x"]),
      ...[null, 5, "x", [], { query: null }, { query: 5 }].map((own) => ["GET", "/x", own]),
      ["GET", "/x", { query: { a: {} } }],
      ["GET", "/x", { body: { a: 1 } }],
      ["POST", "/x", { body: cycle }],
      ["POST", "/x", { body: 5n }],
    ]) {
      let context = "a request";
      try {
        context = JSON.stringify(args);
      } catch {
        // a body that JSON cannot hold is one of the cases
      }
      await rejects(client.request(...args), "invalid_argument", context);
    }
    assert.equal(requests.length, 0);
  });
});

describe("in a page", () => {
  function inPage(t) {
    globalThis.location = new URL("https://shop.example/page");
    t.after(() => delete globalThis.location);
    t.mock.method(globalThis, "fetch", async () => Response.json({ consumers: {} }));
  }

  it("a POST that CORS would refuse is refused first, with the reason", async (t) => {
    inPage(t);
    const { client } = make(() => ({}), { fetch: undefined });
    for (const call of [
      client.consumers.profiles([ID]),
      client.productReviews.batchSummaries(ID, { skus: ["a"] }),
      client.request("POST", "/x"),
    ]) {
      const error = await rejects(call, "unsupported_environment");
      assert.match(error.message, /CORS.*proxy/);
    }
    assert.equal(fetch.mock.callCount(), 0);
    await client.request("GET", "/x");
    assert.equal(fetch.mock.callCount(), 1);
  });

  it("through a proxy, by a sender of one's own, or at home it is sent", async (t) => {
    inPage(t);
    for (const options of [
      { apiKey: undefined, proxy: "https://shop.example/api" },
      { apiKey: undefined, proxy: "https://other.example/api" },
      { baseUrl: "https://shop.example/v1" },
    ]) {
      const { client } = make(() => ({}), { fetch: undefined, ...options });
      await client.consumers.profiles([ID]);
    }
    assert.equal(fetch.mock.callCount(), 3);
    const { client, requests } = make(() => ({ consumers: {} }));
    await client.consumers.profiles([ID]);
    assert.equal(requests.length, 1);
    const [{ request }] = requests;
    assert.deepEqual(await request.json(), { consumerIds: [ID] });
  });
});

describe("withResponse and secrets", () => {
  it("CL27 rejects as the call does, once", async () => {
    const { client } = make(() => new Response("{}", { status: 403 }));
    await rejects(client.businessUnits.get(ID).withResponse(), "forbidden");
    await new Promise(setImmediate);
  });

  it("CL26 the key stands nowhere: not in the cause, the address, the stats", async () => {
    for (const keyIn of ["header", "query"]) {
      const failing = make(
        (request) => {
          throw new TypeError(
            keyIn === "query" ? `error sending request for url (${request.url})` : "x",
          );
        },
        { keyIn },
      );
      const error = await rejects(failing.client.businessUnits.get(ID), "network_error");
      assert.ok(error.cause instanceof Error);
      assertSilent(error, [KEY]);
      const telling = make(
        () => Response.json({ message: `key ${KEY} is wrong` }, { status: 401 }),
        { keyIn },
      );
      const refused = await rejects(telling.client.businessUnits.get(ID), "unauthorized");
      assertSilent(refused, [KEY]);
      assert.equal(refused.description, "key *** is wrong");
      const { client } = make(() => ({ id: ID }), { keyIn });
      const { url, ...answer } = await client.businessUnits.get(ID).withResponse();
      for (const shown of [url, JSON.stringify(answer), JSON.stringify(client.stats())]) {
        assert.ok(!shown.includes(KEY), shown);
      }
      if (keyIn === "query") assert.equal(new URL(url).searchParams.get("apikey"), "***");
    }
  });

  it("stats are numbers, of the client alone", async () => {
    const { client } = make((_, count) => {
      if (count === 2) throw new Error("offline");
      return { id: ID };
    });
    await client.businessUnits.get(ID);
    await rejects(client.businessUnits.get(ID), "network_error");
    await rejects(client.businessUnits.get("x"), "invalid_argument");
    const stats = client.stats();
    assert.deepEqual(stats, { sent: 2, cached: 0, shared: 0, retried: 0, waited: 0, failed: 2 });
    stats.sent = 99;
    assert.equal(client.stats().sent, 2);
  });
});
