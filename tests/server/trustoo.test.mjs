// Trustoo's Open API: what is sent, how it is authorized, what answers mean; then the sandbox.
import { createSandbox } from "plaudit/sandbox";
import {
  createTrustoo,
  memoryKeyValue,
  secret,
  verifyWebhook,
  webhookHandler,
} from "plaudit/server";
import {
  assert,
  assertSilent,
  bytes,
  describe,
  fails,
  hexOf,
  hmacSha256,
  it,
  NOW,
  rejects,
} from "../kit.mjs";
import signing from "../vectors/signing.json" with { type: "json" };

const BASE = "https://rapi.trustoo.io/api/v1/openapi";
const CLIENT_SECRET = "client+secret/that=is&hidden";
const PRIVATE = "private-token-that-is-hidden";
const credentials = { clientId: "trustwill", clientSecret: secret(CLIENT_SECRET) };
const hmac = { publicToken: "GfKu22TCaj4gULtrA3/OgA==", privateToken: secret(PRIVATE) };
const envelope = (data, more) =>
  Response.json({ code: 0, message: "success", time: 1, request_id: "r", data, ...more });

/** Tokens "t-1", "t-2" and so on: another after each refusal. */
function makeTokens() {
  const tokens = { refusals: [], count: 1 };
  return Object.assign(tokens, {
    token: async () => `t-${tokens.count}`,
    refused: async (token) => {
      tokens.refusals.push(token);
      tokens.count += 1;
    },
  });
}

/** A client whose platform answers what `answer` gives. */
function build(options, answer = () => envelope({})) {
  const requests = [];
  const trustoo = createTrustoo({
    ...options,
    now: () => NOW,
    fetch: async (request) => {
      const { method, url, headers } = request;
      requests.push({ method, url, headers, body: await request.clone().text() });
      return answer(request, requests.length);
    },
  });
  return { trustoo, requests };
}

describe("how a call is authorized", () => {
  it("by a token, where there are some", async () => {
    const { trustoo, requests } = build({ tokens: makeTokens(), hmac });
    await trustoo.webhooks.delete("19");
    const [{ method, url, headers, body }] = requests;
    assert.deepEqual([method, url, body], ["POST", `${BASE}/delete_shop_webhook`, '{"id":"19"}']);
    assert.equal(headers.get("authorization"), "Bearer t-1");
    assert.equal(headers.get("content-type"), "application/json");
    assert.equal(headers.get("sign"), null);
  });

  it("by a signature over query and body, as an independent implementation makes it", async () => {
    const { trustoo, requests } = build({ hmac }, () => envelope({ list: [], page: {} }));
    await trustoo.reviews.list({ keyword: "très bon & cher", pageSize: 10 });
    await trustoo.webhooks.delete("19");
    const timestamp = String(NOW / 1000);
    for (const [at, text] of [
      `keyword=très bon & cher&page_size=10&timestamp=${timestamp}`,
      `timestamp=${timestamp}|{"id":"19"}`,
    ].entries()) {
      const { headers } = requests[at];
      const sign = hexOf(await hmacSha256(PRIVATE, text));
      assert.equal(headers.get("sign"), sign);
      assert.equal(headers.get("timestamp"), timestamp);
      assert.equal(headers.get("public-token"), hmac.publicToken);
      assert.equal(headers.get("authorization"), null);
    }
  });

  it("the published vectors, through the client", async () => {
    for (const one of signing.cases) {
      const { name, rule, publicToken, privateToken, timestamp, query, body, sign } = one;
      if (body !== null || new Set(query.map(([key]) => key)).size !== query.length) continue;
      const seen = [];
      const trustoo = createTrustoo({
        hmac: { publicToken, privateToken, rule },
        now: () => timestamp * 1000 + 999,
        fetch: async ({ headers }) => {
          seen.push(headers.get("sign"));
          return envelope({});
        },
      });
      await trustoo.request("GET", "/get_reviews", { query: Object.fromEntries(query) });
      assert.deepEqual(seen, [sign], name);
    }
  });

  it("by client id and secret in the query, put there last and shown nowhere", async () => {
    const echo = (request) => envelope({ note: request.url, is_authorized: true });
    const { trustoo, requests } = build({ credentials }, echo);
    const info = await trustoo.authorization.info({ shopId: "59730165893" });
    const query = new URL(requests[0].url).searchParams;
    assert.deepEqual(Object.fromEntries(query), {
      shop_id: "59730165893",
      client_id: "trustwill",
      client_secret: CLIENT_SECRET,
    });
    assert.equal(requests[0].headers.get("authorization"), null);
    // The platform repeats the address; what it repeats is masked.
    const shown = JSON.stringify(info);
    const forms = [CLIENT_SECRET, encodeURIComponent(CLIENT_SECRET), "that%3Dis"];
    for (const form of forms) assert.ok(!shown.includes(form), shown);
    for (const answer of [
      (request) => Response.json({ code: 3, message: `bad: ${request.url}` }),
      (request) => Response.json({ message: request.url }, { status: 400 }),
      (request) => {
        throw new TypeError(`fetch failed: ${request.url}`, { cause: { url: request.url } });
      },
    ]) {
      const failing = build({ credentials, retry: 0 }, answer).trustoo;
      await assert.rejects(failing.authorization.installation({ shopId: "1" }), (error) => {
        assertSilent(error, forms);
        assert.ok(!`${error.body}${error.description}`.includes("that"), error.body);
        return true;
      });
    }
  });

  it("by nothing where the platform asks for nothing", async () => {
    const answer = () => envelope({ authorize_url: "https://trustoo.example/oauth" });
    const { trustoo, requests } = build({ credentials }, answer);
    const redirectUri = "https://a.example/cb";
    const made = await trustoo.authorization.url({ redirectUri, state: "s", scope: ["a", "b"] });
    assert.equal(made.authorize_url, "https://trustoo.example/oauth");
    const query = Object.fromEntries(new URL(requests[0].url).searchParams);
    const expected = {
      client_id: "trustwill",
      redirect_uri: redirectUri,
      state: "s",
      scope: "a,b",
    };
    assert.deepEqual(query, expected);
    assert.ok(!requests[0].url.includes("secret"));
  });

  it("says what is missing, and sends nothing", async () => {
    for (const [options, run, name] of [
      [{ hmac }, (it) => it.authorization.disconnect(), "tokens"],
      [{ credentials }, (it) => it.webhooks.list(), "tokens"],
      [{ hmac }, (it) => it.authorization.info({ shopId: "1" }), "credentials"],
      [{ hmac }, (it) => it.authorization.installation({ shopId: "1" }), "credentials"],
      [{ credentials }, (it) => it.authorization.info(), "shopId"],
      [{ credentials }, (it) => it.authorization.installation({ shopId: undefined }), "shopId"],
      [{ hmac }, (it) => it.authorization.revoke("x"), "credentials"],
      [{ credentials }, (it) => it.authorization.revoke(), "token"],
    ]) {
      const { trustoo, requests } = build(options);
      const error = await rejects(run(trustoo), "invalid_argument", name);
      assert.ok(error.message.startsWith(name), error.message);
      assert.equal(requests.length, 0);
    }
    for (const [name, options] of [
      ["tokens", {}],
      ["tokens.token", { tokens: {} }],
      ["tokens.refused", { tokens: { token() {} } }],
      ["privateToken", { hmac: { ...hmac, privateToken: " " } }],
      ["publicToken", { hmac: { ...hmac, publicToken: "a\nb" } }],
      ["credentials", { credentials: { clientId: "a", clientSecret: "" } }],
      ["fetch", { hmac, fetch: 7 }],
      ["now", { hmac, now: 7 }],
    ]) {
      const error = fails(() => createTrustoo(options), "invalid_argument", name);
      assert.ok(error.message.includes(name), error.message);
    }
  });

  it("401, or an envelope that says so: one refresh, once more, then the error", async () => {
    const refusals = [
      () => new Response("", { status: 401 }),
      () => Response.json({ code: 16, message: "unauthenticated" }),
      () => Response.json({ code: 16, message: "unauthenticated" }, { status: 401 }),
    ];
    for (const refuse of refusals) {
      const tokens = makeTokens();
      const once = build({ tokens }, (_, count) => (count === 1 ? refuse() : envelope([])));
      assert.deepEqual(await once.trustoo.webhooks.list(), []);
      assert.deepEqual(tokens.refusals, ["t-1"]);
      assert.deepEqual(
        once.requests.map(({ headers }) => headers.get("authorization")),
        ["Bearer t-1", "Bearer t-2"],
      );
      const always = build({ tokens: makeTokens() }, refuse);
      await rejects(always.trustoo.webhooks.delete("1"), "unauthorized");
      assert.equal(always.requests.length, 2);
    }
  });
});

describe("what answers mean", () => {
  const ask = (answer, run = (it) => it.webhooks.delete("1")) =>
    run(build({ hmac, retry: 0 }, answer).trustoo);

  for (const [number, code, retryable] of [
    [1, "server_error", true],
    [3, "bad_request", false],
    [4, "server_error", true],
    [5, "not_found", false],
    [6, "bad_request", false],
    [8, "forbidden", false],
    [13, "server_error", true],
    [16, "unauthorized", false],
    [99, "bad_request", false],
    [2000, "bad_request", false],
  ]) {
    it(`code ${number} under 200 is ${code}`, async () => {
      const answer = () => Response.json({ code: number, message: "because", data: null });
      const error = await rejects(ask(answer), code);
      assert.deepEqual([error.status, error.retryable], [200, retryable]);
      assert.equal(error.description, "because");
      assert.match(error.message, new RegExp(`${number}`));
    });
  }

  it("the status counts before the envelope", async () => {
    for (const [status, code] of [
      [403, "forbidden"],
      [404, "not_found"],
      [429, "rate_limited"],
      [500, "server_error"],
    ]) {
      const answer = () => Response.json({ code: 0, message: "success" }, { status });
      assert.equal((await rejects(ask(answer), code)).status, status);
    }
  });

  it("what is no envelope is malformed", async () => {
    for (const body of ["", "{}", "[]", "null", "<html>", '{"code":"x"}']) {
      await rejects(
        ask(() => new Response(body)),
        "malformed_response",
      );
    }
  });

  it("true and 1 are the same, and what came is still there", async () => {
    const { trustoo } = build({ credentials }, (request) =>
      request.url.includes("install")
        ? envelope({ is_installed: 1, installed_at: "2026-05-20 07:20:50" })
        : envelope({
            is_authorized: true,
            granted_scopes: "read_orders,write_reviews",
            shop_id: "59730165893",
            authorized_at: "2026-06-05T07:20:50Z",
          }),
    );
    const info = await trustoo.authorization.info({ shopId: "59730165893" });
    assert.deepEqual([info.authorized, info.is_authorized], [true, true]);
    assert.deepEqual(info.scopes, ["read_orders", "write_reviews"]);
    assert.equal(info.shop_id, "59730165893");
    const status = await trustoo.authorization.installation({ shopId: "59730165893" });
    assert.deepEqual([status.installed, status.is_installed], [true, 1]);
    assert.equal(status.installed_at, "2026-05-20T07:20:50.000Z");
    for (const [raw, installed] of [
      [0, false],
      [false, false],
      ["1", true],
      ["0", false],
      [null, null],
      ["x", null],
    ]) {
      const other = build({ credentials }, () => envelope({ is_installed: raw })).trustoo;
      assert.equal((await other.authorization.installation({ shopId: "1" })).installed, installed);
    }
  });

  it("both spellings of a date; ids stay text", async () => {
    const answer = () =>
      envelope({
        id: "19",
        topic: "review/created",
        url: "https://a.example/hook",
        created_at: "2025-06-20T11:06:48Z",
        updated_at: "2025-06-20 11:06:48",
      });
    const { trustoo } = build({ hmac }, answer);
    const topic = "review/created";
    const webhook = await trustoo.webhooks.create({ topic, url: "https://a.example/hook" });
    assert.equal(webhook.id, "19");
    assert.equal(webhook.created_at, "2025-06-20T11:06:48.000Z");
    assert.equal(webhook.updated_at, webhook.created_at);
  });

  it("the common view of a rating and of a review", async () => {
    const { trustoo } = build({ hmac }, (request) =>
      request.url.includes("rating")
        ? envelope({
            rating_value: "4.6",
            review_count: 5,
            star1_count: 0,
            star2_count: 0,
            star3_count: 0,
            star4_count: 2,
            star5_count: 3,
          })
        : envelope({
            id: 7,
            rating: 5,
            author: "Ada",
            content: "Good",
            commented_at: "2025-06-20 00:00:00",
            is_verified: 1,
            reply: { content: "Thanks", reply_at: "2025-06-21 00:00:00" },
          }),
    );
    const rating = trustoo.toRating(await trustoo.reviews.rating({ productId: "1" }));
    assert.deepEqual([rating.value, rating.count, rating.distribution], [4.6, 5, [0, 0, 0, 2, 3]]);
    const review = trustoo.toReview(await trustoo.reviews.get({ id: "7" }));
    assert.deepEqual(
      [review.id, review.stars, review.verified, review.createdAt, review.reply.createdAt],
      ["7", 5, true, "2025-06-20T00:00:00.000Z", "2025-06-21T00:00:00.000Z"],
    );
  });

  it("pages are walked by the envelope's page", async () => {
    const { trustoo, requests } = build({ hmac }, (request) => {
      const page = Number(new URL(request.url).searchParams.get("page"));
      return envelope({
        list: [{ id: page }],
        page: { page, page_size: 1, total_page: 3, count: 3 },
      });
    });
    const all = await trustoo.orders.list.all({ type: "0" }).toArray({ limit: 10 });
    assert.deepEqual(
      all.map(({ id }) => id),
      [1, 2, 3],
    );
    assert.equal(requests.length, 3);
  });
});

describe("what has no documented address or name", () => {
  it("goes through requests, signed like all others; undefined is never sent", async () => {
    const { trustoo, requests } = build({ hmac }, () => envelope({ url: "https://up.example" }));
    const query = { page: 1, email: undefined };
    const { data, status } = await trustoo.exclusions.list({ path: "/its_path", query });
    assert.deepEqual([data, status], [{ url: "https://up.example" }, 200]);
    await trustoo.media.videoUpload({ path: "/another" });
    await trustoo.request("POST", "/third", { body: { a: 1, b: undefined } });
    assert.deepEqual(
      requests.map(({ method, url, body }) => [method, url.slice(BASE.length), body]),
      [
        ["GET", "/its_path?page=1", ""],
        ["GET", "/another", ""],
        ["POST", "/third", '{"a":1}'],
      ],
    );
    for (const { headers } of requests) assert.match(headers.get("sign"), /^[0-9a-f]{64}$/);
    await rejects(trustoo.exclusions.list({}), "invalid_argument");
    for (const path of ["no-slash", "/a/../b", "//evil.example", "/a?b", "https://evil.example"]) {
      await rejects(trustoo.exclusions.list({ path }), "invalid_argument", path);
    }
  });
});

describe("authorizeUrl and revoke", () => {
  it("the address of the merchant's consent, without a call", () => {
    const { trustoo, requests } = build({ credentials });
    const redirectUri = "https://a.example/cb";
    const url = trustoo.authorizeUrl({ redirectUri, state: "s", scope: ["read_reviews", "x"] });
    assert.ok(url.startsWith(`${BASE}/oauth/authorize?`));
    assert.deepEqual(Object.fromEntries(new URL(url).searchParams), {
      response_type: "code",
      client_id: "trustwill",
      redirect_uri: redirectUri,
      scope: "read_reviews,x",
      state: "s",
    });
    assert.equal(requests.length, 0);
  });

  it("revoke: JSON, an empty body is a success, a refusal is not", async () => {
    const { trustoo, requests } = build({ credentials }, () => Response.json({}));
    await trustoo.authorization.revoke(secret("TWzg8XQGVsYDHAIiaXYygg=="));
    assert.equal(requests[0].url, `${BASE}/oauth_revoke_token`);
    assert.deepEqual(JSON.parse(requests[0].body), {
      client_id: "trustwill",
      client_secret: CLIENT_SECRET,
      token: "TWzg8XQGVsYDHAIiaXYygg==",
    });
    const refuse = build({ credentials }, () => Response.json({ code: 16, message: "no" }));
    const error = await rejects(refuse.trustoo.authorization.revoke("x"), "configuration_error");
    assertSilent(error, [CLIENT_SECRET]);
    const down = build({ credentials }, () => new Response("", { status: 503 }));
    const later = await rejects(down.trustoo.authorization.revoke("x"), "server_error");
    assert.equal(later.retryable, true);
    const revoked = [];
    const tokens = { ...makeTokens(), revoke: async () => void revoked.push("all") };
    await build({ tokens }).trustoo.authorization.revoke();
    assert.deepEqual(revoked, ["all"]);
  });
});

describe("the sandbox's Trustoo", () => {
  const baseUrl = "http://127.0.0.1:8787/trustoo/api/v1/openapi";
  const signed = {
    publicToken: "plaudit-demo-public-token",
    privateToken: "plaudit-demo-private-token",
  };
  /** The sandbox's clock is its own. */
  const make = (options = { hmac: signed }) => {
    const sandbox = createSandbox();
    const { now, fetch } = sandbox;
    return { sandbox, trustoo: createTrustoo({ ...options, baseUrl, fetch, now }) };
  };

  it("takes the signature: reviews made, listed, read, rated and deleted", async () => {
    const { trustoo } = make();
    const before = await trustoo.reviews.rating({ isStoreRating: true });
    const made = await trustoo.reviews.create({
      rating: 5,
      author: "Zoë",
      content: "Très bon & cher +1",
      isVerified: true,
      isPublished: true,
      isFeatured: false,
      isTop: false,
      source: "Shop",
      commentedAt: "2025-06-20 00:00:00",
    });
    assert.ok(made.id, JSON.stringify(made));
    const read = await trustoo.reviews.get({ id: String(made.id) });
    assert.equal(read.author, "Zoë");
    const { list } = await trustoo.reviews.list({ pageSize: 100, keyword: "Très bon" });
    assert.ok(list.some(({ id }) => String(id) === String(made.id)));
    const after = await trustoo.reviews.rating({ isStoreRating: true });
    assert.equal(after.review_count, before.review_count + 1);
    await trustoo.reviews.delete(String(made.id));
    await rejects(trustoo.reviews.get({ id: String(made.id) }), "not_found");
  });

  it("refuses another signature", async () => {
    for (const wrong of [{ privateToken: "wrong" }, { rule: "public_token_timestamp" }]) {
      const { trustoo } = make({ hmac: { ...signed, ...wrong } });
      await rejects(trustoo.webhooks.list(), "unauthorized");
    }
  });

  it("webhooks: subscribed, changed, listed, ended", async () => {
    const { trustoo } = make();
    const url = "https://shop.example/webhooks";
    const made = await trustoo.webhooks.create({ topic: "review/created", url });
    assert.equal(typeof made.id, "string");
    await trustoo.webhooks.update(made.id, { topic: "review/deleted", url });
    const all = await trustoo.webhooks.list();
    assert.equal(all.find(({ id }) => id === made.id).topic, "review/deleted");
    await trustoo.webhooks.delete(made.id);
    assert.ok(!(await trustoo.webhooks.list()).some(({ id }) => id === made.id));
  });

  it("by credentials: what a shop has granted, and whether it installed", async () => {
    const own = { clientId: "plaudit-demo-trustoo", clientSecret: "plaudit-demo-secret" };
    const { trustoo } = make({ credentials: own });
    const redirectUri = "http://localhost:3000/cb";
    const { authorize_url } = await trustoo.authorization.url({ redirectUri, state: "s" });
    assert.match(authorize_url, /state=s/);
    const shop = { myshopifyDomain: "example.com" };
    const status = await trustoo.authorization.installation(shop);
    assert.deepEqual([status.installed, status.is_installed], [true, 1]);
    const info = await trustoo.authorization.info(shop);
    assert.deepEqual([info.authorized, info.scopes], [false, []]);
    assert.equal(typeof info.shop_id, "string");
    await rejects(trustoo.authorization.info({ shopId: "1" }), "not_found");
  });

  it("its deliveries are verified, and answered so that they end", async () => {
    const { sandbox, trustoo } = make();
    const url = "https://shop.example/webhooks";
    await trustoo.webhooks.create({ topic: "review/created", url });
    await trustoo.reviews.create({ rating: 4, author: "Ada", content: "Good" });
    const [{ headers, body }] = sandbox.webhooks.list();
    const { now } = sandbox;
    const options = { provider: "trustoo", secrets: signed.privateToken, now };
    const event = await verifyWebhook({ headers, body: bytes(body) }, options);
    assert.equal(event.payload.list.length, 1);
    assert.equal(event.publicToken, signed.publicToken);
    const forged = bytes(body.replace("Ada", "Eve"));
    await rejects(verifyWebhook({ headers, body: forged }, options), "signature_mismatch");
    // Fails once, is sent again with a new timestamp, and is done once.
    let runs = 0;
    const handler = webhookHandler({
      ...options,
      replay: memoryKeyValue({ now }),
      onEvent() {
        runs += 1;
        if (runs === 1) throw new Error("not yet");
      },
    });
    const send = (input, init) => handler(new Request(input, init));
    const states = async () =>
      (await sandbox.webhooks.deliver({ fetch: send })).map((it) => it.state);
    assert.deepEqual(await states(), ["pending"]);
    assert.deepEqual(await states(), []);
    sandbox.advance(180_000);
    assert.deepEqual(await states(), ["delivered"]);
    assert.equal(runs, 2);
  });
});
