// createServerClient against a fetch that records: the exact requests, and what becomes of tokens,
// retries, answers and pages.
import { createServerClient, PlauditError, secret } from "plaudit/server";
import { assert, assertSilent, describe, eachStrange, fails, it, rejects } from "../kit.mjs";
import vectors from "../vectors/private-requests.json" with { type: "json" };
import { turn } from "./time.mjs";

const KEY = "k3y-of-the-app";
const USER = "507f191e810c19729de860ea";
const ID = "46d6a890000064000500e0c3";

/** An answer that has whatever any endpoint is sure to have. */
const ANSWER = {
  ...{ id: ID, url: "//a.example/b", reviewUrl: "https://a.example/c" },
  ...{ conversationId: ID, commentId: ID },
  ...{ reviews: [], productReviews: [], summaries: [], products: [], templates: [] },
};
const json = (value, init) => Response.json(value, init);
const empty = (status, headers) => new Response(null, { status, headers });

/** Tokens in turn; what was refused. */
function fakeTokens(...texts) {
  const tokens = {
    asked: 0,
    refusals: [],
    async token() {
      tokens.asked += 1;
      return texts[Math.min(tokens.refusals.length, texts.length - 1)] ?? "t0ken-1";
    },
    async refused(token) {
      tokens.refusals.push(token);
    },
  };
  return tokens;
}

/** A client whose requests are `sent` and answered by `answer(request, nth)`. */
function makeClient(answer = () => json(ANSWER), options = {}) {
  const sent = [];
  const tokens = options.tokens ?? fakeTokens();
  const client = createServerClient({
    provider: "trustpilot",
    tokens,
    apiKey: KEY,
    retry: 0,
    fetch: async (request) => {
      const { method, url, headers, signal, redirect } = request;
      const body = await request.text();
      sent.push({ method, url, body, headers: Object.fromEntries(headers), signal, redirect });
      return answer(sent.at(-1), sent.length);
    },
    ...options,
  });
  return { client, sent, tokens };
}

/** What stands before the options. */
const AHEAD = ["businessUnitId", "reviewId", "conversationId", "commentId"];
const also = { "reviews.addTags": "tags", "reviews.setTags": "tags" };
also["conversations.setState"] = "state";
also["products.upsert"] = "products";

/** Calls a function by its name with arguments by name. */
function ask(client, endpoint, args, options) {
  const [group, name] = endpoint.split(".");
  const { ...left } = args;
  const ahead = [...AHEAD, also[endpoint]].filter((it) => it in left);
  const first = ahead.map((it) => left[it]);
  for (const it of ahead) delete left[it];
  return client[group][name](...first, { ...left, ...options });
}

const tag = { group: "generic", value: "a" };
/** One call of each method. */
const calls = {
  GET: (client, options) => client.reviews.tags(ID, options),
  PUT: (client, options) => client.reviews.addTags(ID, [tag], options),
  DELETE: (client, options) => client.reviews.deleteReply(ID, options),
  POST: (client, options) => client.reviews.setTags(ID, [tag], options),
};

describe("the request of each private endpoint", () => {
  const rows = [...vectors.requests, ...vectors.more];
  for (const { endpoint, method, arguments: args, url, body = "" } of rows) {
    it(`${endpoint}: ${Object.keys(args).length} arguments`, async () => {
      const { client, sent, tokens } = makeClient();
      await ask(client, endpoint, args);
      assert.equal(sent.length, 1);
      const [request] = sent;
      assert.deepEqual(
        { method: request.method, url: request.url, body: request.body },
        { method, url, body },
      );
      assert.deepEqual(request.headers, {
        authorization: "Bearer t0ken-1",
        ...(body && { "content-type": "application/json" }),
      });
      assert.equal(request.redirect, "manual");
      assert.deepEqual([tokens.asked, tokens.refusals], [1, []]);
    });
  }

  it("both hosts give way to one base", async () => {
    const base = "http://127.0.0.1:9/w/a/v1";
    const { client, sent } = makeClient(undefined, { baseUrl: base });
    await client.invitations.templates(ID);
    await client.reviews.tags(ID);
    await client.businessUnits.get(ID);
    assert.deepEqual(
      sent.map(({ url }) => url),
      [
        `${base}/private/business-units/${ID}/templates`,
        `${base}/private/reviews/${ID}/tags`,
        `${base}/business-units/${ID}`,
      ],
    );
    assert.deepEqual(
      sent.map(({ headers }) => [headers.authorization, headers.apikey]),
      [
        ["Bearer t0ken-1", undefined],
        ["Bearer t0ken-1", undefined],
        [undefined, KEY],
      ],
    );
  });

  it("dates are given as dates too", async () => {
    const { client, sent } = makeClient();
    const day = new Date("2013-09-07T13:37:00Z");
    await client.businessUnits.privateReviews(ID, { startDateTime: day });
    await client.invitations.deleteData(ID, { deleteOlderThan: day });
    await client.invitations.email(ID, {
      consumerEmail: "a@example.com",
      serviceReviewInvitation: { preferredSendTime: day },
    });
    assert.equal(new URL(sent[0].url).searchParams.get("startDateTime"), day.toISOString());
    assert.deepEqual(JSON.parse(sent[1].body), { deleteOlderThan: day.toISOString() });
    const { serviceReviewInvitation } = JSON.parse(sent[2].body);
    assert.equal(serviceReviewInvitation.preferredSendTime, day.toISOString());
  });

  it("user and partner go with private calls alone", async () => {
    const own = { businessUserId: USER, partnerId: "p-1", partnerIdHeader: "x-partner" };
    const { client, sent } = makeClient(undefined, own);
    await client.reviews.tags(ID);
    await client.reviews.get(ID);
    const seen = sent.map(({ headers }) => [headers["x-business-user-id"], headers["x-partner"]]);
    assert.deepEqual(seen, [
      [USER, "p-1"],
      [undefined, undefined],
    ]);
  });
});

describe("what is refused before anything is sent", () => {
  for (const { endpoint, change, subject } of vectors.refused) {
    it(`${endpoint}: ${subject}, ${JSON.stringify(change)}`, async () => {
      const { client, sent, tokens } = makeClient();
      const row = vectors.requests.find((it) => it.endpoint === endpoint);
      const args = { ...row.arguments, ...change };
      const error = await rejects(ask(client, endpoint, args), "invalid_argument");
      assert.ok(error.message.startsWith(`${subject}: `), error.message);
      assert.deepEqual([sent, tokens.asked], [[], 0]);
    });
  }

  const round = {};
  round.round = round;
  for (const [name, value, way] of [
    ["no number", Number.NaN, "perPage"],
    ["no end", Number.POSITIVE_INFINITY, "perPage"],
    ["a large whole number", 10n, "perPage"],
    ["a function", () => 1, "perPage"],
    ["a symbol", Symbol("a"), "perPage"],
    ["no date", new Date("x"), "perPage"],
    ["in a list", [1, Number.NaN], "perPage[1]"],
    ["in an object", { a: { b: 1n } }, "perPage.a.b"],
    ["round", round, "perPage.round"],
  ]) {
    it(`what JSON has no word for is not dropped in silence: ${name}`, async () => {
      const { client, sent } = makeClient();
      const call = client.businessUnits.privateReviews(ID, { perPage: value });
      const error = await rejects(call, "invalid_argument");
      assert.ok(error.message.startsWith(way), error.message);
      assert.deepEqual(sent, []);
    });
  }
});

describe("TM9 TM11: tokens that are refused", () => {
  for (const [method, call] of Object.entries(calls)) {
    it(`TM9 ${method}: a 401 gets a new token and one more request, the same`, async () => {
      const tokens = fakeTokens("old-1", "new-2");
      const answer = (_, nth) => (nth === 1 ? empty(401) : json(ANSWER));
      const { client, sent } = makeClient(answer, { tokens });
      await call(client);
      assert.deepEqual(tokens.refusals, ["old-1"]);
      assert.deepEqual(
        sent.map(({ headers }) => headers.authorization),
        ["Bearer old-1", "Bearer new-2"],
      );
      const [first, second] = sent.map(({ method, url, body }) => ({ method, url, body }));
      assert.deepEqual(first, second);
      assert.equal(first.method, method);
    });

    it(`TM9 ${method}: a second 401 is the caller's`, async () => {
      const tokens = fakeTokens("old-1", "new-2", "new-3");
      const { client, sent } = makeClient(() => empty(401), { tokens, retry: 2 });
      const error = await rejects(call(client), "unauthorized");
      assert.equal(error.status, 401);
      assert.deepEqual([sent.length, tokens.refusals.length], [2, 1]);
    });

    it(`TM11 ${method}: a 403 asks for no token`, async () => {
      const { client, sent, tokens } = makeClient(() => empty(403), { retry: 2 });
      const error = await rejects(call(client), "forbidden");
      assert.equal(error.status, 403);
      assert.deepEqual([sent.length, tokens.asked, tokens.refusals], [1, 1, []]);
    });
  }

  it("TM9 where there is no other token, the same is not sent again", async () => {
    const { client, sent, tokens } = makeClient(() => empty(401));
    await rejects(client.reviews.tags(ID), "unauthorized");
    assert.deepEqual([sent.length, tokens.refusals], [1, ["t0ken-1"]]);
  });

  it("why there is no token is what the caller hears", async () => {
    const tokens = fakeTokens();
    tokens.token = () =>
      Promise.reject(new PlauditError("reauthorization_required", "sign in again"));
    const { client, sent } = makeClient(undefined, { tokens, retry: 2 });
    await rejects(client.reviews.tags(ID), "reauthorization_required");
    assert.deepEqual(sent, []);
  });

  it("a public call has no token, and its 401 is not told of", async () => {
    const { client, tokens } = makeClient(() => empty(401));
    await rejects(client.reviews.get(ID), "unauthorized");
    await rejects(client.categories.get("private", { country: "DK" }), "unauthorized");
    assert.deepEqual([tokens.asked, tokens.refusals], [0, []]);
  });

  it("what is no token goes nowhere, not even into an error", async () => {
    for (const bad of ["", "a b", "s3cret\r\nx: y", "s3crét", undefined, { s3cret: 1 }]) {
      const tokens = { token: async () => bad, refused() {} };
      const { client, sent } = makeClient(undefined, { tokens });
      const error = await rejects(client.reviews.tags(ID), "invalid_argument");
      assertSilent(error, ["s3c"]);
      assert.deepEqual(sent, []);
    }
  });

  it("CL12 a call that ends while its token is fetched sends nothing", async () => {
    let give;
    const tokens = {
      token: ({ signal }) => {
        assert.ok(signal instanceof AbortSignal);
        return new Promise((resolve) => {
          give = resolve;
        });
      },
      refused() {},
    };
    const { client, sent } = makeClient(undefined, { tokens });
    const controller = new AbortController();
    const call = client.reviews.setTags(ID, [tag], { signal: controller.signal });
    while (!give) await turn();
    controller.abort();
    await rejects(call, "aborted");
    give("t0ken-1");
    await turn();
    assert.deepEqual(sent, []);
  });

  it("CL26 key and token stand in no error", async () => {
    // Not written out: some consoles show the lines around a fault.
    const token = ["s3cret", "token"].join("-");
    const tokens = fakeTokens(token);
    const leak = (request) => {
      throw new TypeError(`no way to ${request.url}`);
    };
    const answers = [
      () => json({ message: `bad key ${KEY}` }, { status: 400 }),
      () => new Response("<html>", { status: 500 }),
      leak,
    ];
    for (const answer of answers) {
      const { client } = makeClient(answer, { tokens, apiKey: secret(KEY) });
      for (const call of [client.reviews.setTags(ID, [tag]), client.reviews.get(ID)]) {
        assertSilent(await call.catch((error) => error), [token, KEY]);
      }
      assertSilent(client, [token, KEY]);
    }
  });
});

describe("what is sent again", () => {
  const wait = { "retry-after": "0" };
  const lost = () => {
    throw new TypeError("reset");
  };
  const table = [
    ["503", () => empty(503), { GET: 2, PUT: 2, DELETE: 2, POST: 1 }],
    ["503 with Retry-After", () => empty(503, wait), { GET: 2, PUT: 2, DELETE: 2, POST: 1 }],
    ["no answer", lost, { GET: 2, PUT: 2, DELETE: 2, POST: 1 }],
    ["429 with Retry-After", () => empty(429, wait), { GET: 2, PUT: 2, DELETE: 2, POST: 2 }],
    ["400", () => empty(400), { GET: 1, PUT: 1, DELETE: 1, POST: 1 }],
  ];
  for (const [name, answer, expected] of table) {
    for (const [method, call] of Object.entries(calls)) {
      it(`${name}, ${method}: ${expected[method]}`, async () => {
        const { client, sent } = makeClient(answer, { retry: 1 });
        await assert.rejects(call(client));
        assert.equal(sent.length, expected[method]);
        assert.equal(new Set(sent.map(({ body, url }) => url + body)).size, 1);
      });
    }
  }

  it("429 without Retry-After, POST: 1", async () => {
    const { client, sent } = makeClient(() => empty(429), { retry: 1 });
    const error = await rejects(calls.POST(client), "rate_limited");
    assert.deepEqual([sent.length, error.retryAfter], [1, undefined]);
  });

  it("every POST but those that wait: 1", async () => {
    const posts = vectors.requests.filter(({ method }) => method === "POST");
    assert.equal(posts.length, 11);
    for (const { endpoint, arguments: args } of posts) {
      const { client, sent } = makeClient(() => empty(503), { retry: 2 });
      await rejects(ask(client, endpoint, args), "server_error");
      assert.equal(sent.length, 1, endpoint);
    }
  });
});

describe("private answers", () => {
  it("are not kept, whatever the platform says of it; public ones are", async () => {
    const headers = { "cache-control": "max-age=3600", etag: '"a"' };
    const { client, sent } = makeClient(() => json(ANSWER, { headers }));
    for (let time = 0; time < 2; time++) {
      await client.reviews.privateReview(ID);
      await client.reviews.get(ID);
    }
    assert.deepEqual(
      sent.map(({ url }) => new URL(url).pathname),
      [`/v1/private/reviews/${ID}`, `/v1/reviews/${ID}`, `/v1/private/reviews/${ID}`],
    );
    assert.ok(sent.every((request) => !request.headers["if-none-match"]));
  });

  it("that are empty are in order where none is known", async () => {
    const open = [
      ...["reviews.addTags", "reviews.setTags", "reviews.removeTags", "reviews.reply"],
      ...["reviews.deleteReply", "reviews.createFindReviewerRequest", "invitations.email"],
      ...["invitations.deleteData", "conversations.updateComment", "conversations.setState"],
    ];
    for (const { endpoint, arguments: args } of vectors.requests) {
      for (const status of [200, 202, 204]) {
        const { client } = makeClient(() => empty(status));
        const call = ask(client, endpoint, args);
        if (open.includes(endpoint)) {
          const whole = await call.withResponse();
          assert.deepEqual([whole.status, whole.data], [status, undefined]);
          assert.equal(await call, undefined);
        } else {
          await rejects(call, "malformed_response", endpoint);
        }
      }
    }
  });

  it("are taken as they are where none is known", async () => {
    for (const answer of [{ any: [1] }, [], "text", 7, null]) {
      const { client } = makeClient(() => json(answer));
      assert.deepEqual(await client.reviews.reply(ID, { message: "a" }), answer);
    }
    const { client } = makeClient(() => new Response("<html>"));
    await rejects(client.reviews.reply(ID, { message: "a" }), "malformed_response");
  });

  it("without what they are asked for are malformed", async () => {
    for (const [endpoint, must] of Object.entries({
      "businessUnits.privateReviews": "reviews",
      "reviews.privateReview": "id",
      "productReviews.invitationLinks": "reviewUrl",
      "productReviews.createConversation": "conversationId",
      "conversations.createComment": "commentId",
      "invitations.links": "url",
      "invitations.templates": "templates",
      "products.list": "products",
    })) {
      const { arguments: args } = vectors.requests.find((it) => it.endpoint === endpoint);
      const { [must]: _, ...rest } = ANSWER;
      const { client } = makeClient(() => json(rest));
      await rejects(ask(client, endpoint, args), "malformed_response", endpoint);
    }
  });

  it("are mended like public ones", async () => {
    const { client } = makeClient(() =>
      json({
        id: ID,
        stars: "5",
        createdAt: "2013-09-07T13:37:00",
        companyReply: { createdAt: "2013-09-07T13:37:00Z", authorBusinessUserId: USER },
        findReviewer: { requests: [{ created: "2013-09-07T13:37:00", status: "Pending" }] },
        tags: [tag],
        brandNew: "1",
      }),
    );
    const at = "2013-09-07T13:37:00.000Z";
    assert.deepEqual(await client.reviews.privateReview(ID), {
      id: ID,
      stars: 5,
      createdAt: at,
      companyReply: { createdAt: at, authorBusinessUserId: USER },
      findReviewer: { requests: [{ created: at, status: "Pending" }] },
      tags: [tag],
      brandNew: "1",
    });
  });

  it("CL14 asked for at once are one request, each with its own copy; writes are not", async () => {
    const { client, sent } = makeClient();
    const [one, other] = await Promise.all([
      client.reviews.privateReview(ID),
      client.reviews.privateReview(ID),
    ]);
    one.id = "changed";
    assert.deepEqual([sent.length, other.id], [1, ID]);
    await Promise.all([calls.POST(client), calls.POST(client), calls.PUT(client)]);
    assert.equal(sent.length, 4);
  });
});

describe("pages", () => {
  it("CL18 CL19 reviews, by the link to the next page", async () => {
    const { client, sent } = makeClient(({ url }) => {
      const page = Number(new URL(url).searchParams.get("page"));
      const next = `${url.split("?")[0]}?page=${page + 1}`;
      return json({
        reviews: [{ id: `${page}a` }, { id: `${page}b` }],
        links: page < 3 ? [{ rel: "next-page", href: next, method: "GET" }] : [],
      });
    });
    const found = [];
    for await (const { id } of client.businessUnits.privateReviews.all(ID, { responded: false })) {
      found.push(id);
    }
    assert.deepEqual(found, ["1a", "1b", "2a", "2b", "3a", "3b"]);
    const queries = sent.map(({ url }) => Object.fromEntries(new URL(url).searchParams));
    assert.deepEqual(
      queries,
      ["1", "2", "3"].map((page) => ({ page, perPage: "100", responded: "false" })),
    );
    assert.ok(sent.every(({ headers }) => headers.authorization === "Bearer t0ken-1"));
  });

  it("products, until the answer says it is the last", async () => {
    const { client, sent } = makeClient(({ url }) => {
      const page = Number(new URL(url).searchParams.get("page"));
      return json({ products: [{ id: `${page}` }], isLastPage: page === 3 });
    });
    const all = await client.products.list.all(ID).toArray({ limit: 10 });
    assert.deepEqual(
      all.map(({ id }) => id),
      ["1", "2", "3"],
    );
    assert.equal(new URL(sent[0].url).searchParams.get("perPage"), "1000");
    // Where it does not say so, it is.
    const silent = makeClient(() => json({ products: [{ id: "1" }] }));
    await silent.client.products.list.all(ID).toArray({ limit: 10 });
    assert.equal(silent.sent.length, 1);
  });

  it("summaries, until a short page", async () => {
    const { client, sent } = makeClient((_, nth) =>
      json({
        summaries: Array.from({ length: nth === 1 ? 2 : 1 }, (_, at) => ({ sku: `${nth}${at}` })),
      }),
    );
    const all = client.productReviews.summaries.all(ID, { perPage: 2 });
    assert.deepEqual(
      (await all.toArray({ limit: 10 })).map(({ sku }) => sku),
      ["10", "11", "20"],
    );
    assert.equal(sent.length, 2);
  });

  it("CL20 a link to another host is not followed, and no token goes there", async () => {
    const links = [{ rel: "next-page", href: "https://evil.example/v1/?page=2", method: "GET" }];
    const { client, sent } = makeClient(() => json({ reviews: [{ id: "a" }], links }));
    const walk = client.businessUnits.privateReviews.all(ID).toArray({ limit: 10 });
    await rejects(walk, "malformed_response");
    assert.equal(sent.length, 1);
  });

  it("TM9 a token that ends in mid-walk is replaced", async () => {
    const tokens = fakeTokens("old-1", "new-2");
    const answer = ({ headers, url }) => {
      const page = Number(new URL(url).searchParams.get("page"));
      if (page === 2 && headers.authorization !== "Bearer new-2") return empty(401);
      return json({ products: [{ id: `${page}` }], isLastPage: page === 3 });
    };
    const { client } = makeClient(answer, { tokens });
    const all = await client.products.list.all(ID).toArray({ limit: 10 });
    assert.deepEqual([all.length, tokens.refusals], [3, ["old-1"]]);
  });
});

describe("the way out", () => {
  it("a private path goes by the token, any other by the key", async () => {
    const answer = ({ url }) => (url.includes("/check/") ? empty(201) : json(ANSWER));
    const { client, sent } = makeClient(answer, { businessUserId: USER });
    const path = `/private/partners/p-1/check/${ID}`;
    assert.equal((await client.request("GET", path)).status, 201);
    await client.request("POST", "/private/a", { body: { b: 1 }, query: { c: "d" } });
    await client.request("GET", "/categories/private/business-units");
    assert.deepEqual(
      sent.map(({ method, url, body, headers }) => [method, url.slice(29), body, headers]),
      [
        ["GET", path, "", { authorization: "Bearer t0ken-1", "x-business-user-id": USER }],
        [
          "POST",
          "/private/a?c=d",
          '{"b":1}',
          {
            authorization: "Bearer t0ken-1",
            "x-business-user-id": USER,
            "content-type": "application/json",
          },
        ],
        ["GET", "/categories/private/business-units", "", { apikey: KEY }],
      ],
    );
  });

  it("its POSTs are never sent again", async () => {
    const { client, sent } = makeClient(() => empty(429, { "retry-after": "0" }), { retry: 1 });
    await rejects(client.request("POST", "/private/a", { body: {} }), "rate_limited");
    assert.equal(sent.length, 1);
  });
});

describe("public functions", () => {
  it("are those of a page's client", async () => {
    const { client, sent } = makeClient();
    assert.equal(await client.businessUnits.idOf("trustpilot.com"), ID);
    assert.equal(client.toRating({ score: { trustScore: 4.6 } }).value, 4.6);
    assert.equal(client.toReview({ stars: 5 }).stars, 5);
    assert.equal(client.stats().sent, 1);
    assert.equal(
      sent[0].url,
      "https://api.trustpilot.com/v1/business-units/find?name=trustpilot.com",
    );
    assert.deepEqual(sent[0].headers, { apikey: KEY });
    for (const [group, name] of [
      ["businessUnits", "reviews"],
      ["businessUnits", "privateReviews"],
      ["productReviews", "reviews"],
      ["productReviews", "privateReviews"],
    ]) {
      assert.equal(typeof client[group][name].all, "function");
    }
  });
});

describe("arguments of createServerClient", () => {
  const tokens = fakeTokens();
  const make = (name, value) =>
    createServerClient({ provider: "trustpilot", tokens, apiKey: KEY, [name]: value });

  it("CL17 making one asks for nothing", () => {
    const asked = fakeTokens();
    createServerClient({ provider: "trustpilot", tokens: asked, fetch: () => assert.fail() });
    assert.equal(asked.asked, 0);
  });

  for (const [name, values] of Object.entries({
    provider: ["trustoo", "yelp"],
    tokens: [{}, { token() {} }, { refused() {} }],
    apiKey: [" ", ""],
    businessUserId: ["", "me", `${USER}0`],
    partnerId: ["p"],
    partnerIdHeader: ["x-partner"],
    baseUrl: ["", "api.example", "/v1"],
  })) {
    for (const value of values) {
      it(`${name}: ${JSON.stringify(value)}`, () => {
        const error = fails(() => make(name, value), "invalid_argument");
        assert.match(error.message, /^(tokens|partnerId|\w+)/);
      });
    }
  }

  it("partnerIdHeader: what is no header's name", () => {
    const own = { provider: "trustpilot", tokens, partnerId: "p", partnerIdHeader: "a b" };
    fails(() => createServerClient(own), "invalid_argument");
  });

  it("baseUrl: plain http is refused before a token is asked for", async () => {
    const {
      client,
      sent,
      tokens: asked,
    } = makeClient(undefined, { baseUrl: "http://api.example/v1" });
    await rejects(client.reviews.tags(ID), "invalid_argument");
    assert.deepEqual([sent, asked.asked], [[], 0]);
  });

  eachStrange(make, {
    provider: {},
    tokens: {},
    fetch: { allowed: [undefined, () => "x"] },
    timeout: { allowed: [undefined, 1.5] },
    retry: { allowed: [undefined, 0] },
    baseUrl: { allowed: [undefined] },
    businessUserId: { allowed: [undefined] },
  });
});
