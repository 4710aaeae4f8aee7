// What the broker answers below /api: the rules BF8 to BF24 and CH1 to CH8, each by its id, and the
// attacks that they are there for.
import { createClient } from "plaudit";
import { createSandbox } from "plaudit/sandbox";
import { createBroker, memoryKeyValue, secret } from "plaudit/server";
import { argumentsOf } from "../arguments.mjs";
import { assert, describe, inspect, it } from "../kit.mjs";
import { FIND, fails, ID, json, KEY, makeBroker, ORIGIN, unit } from "./broker-support.mjs";
import { settle } from "./clock.mjs";

const DAY = 86_400_000;
const reviews = () => json({ reviews: [], links: [] });

describe("an answer", () => {
  it("CH6 BF17 has exactly these headers", async () => {
    const { ask } = makeBroker();
    const answer = await ask(FIND);
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.fromEntries(answer.headers), {
      "cache-control": "public, max-age=300, stale-while-revalidate=86400",
      "content-type": "application/json",
      etag: answer.headers.get("etag"),
      "x-content-type-options": "nosniff",
      "x-plaudit-cache": "miss",
    });
    assert.deepEqual(await answer.json(), { id: ID, displayName: "Example" });
  });

  it("BF17 an evil platform's headers stay behind", async () => {
    const { ask } = makeBroker(() =>
      json(
        { id: ID },
        {
          headers: {
            "set-cookie": "__Host-Http-plaudit=planted; Path=/",
            "www-authenticate": "Basic",
            "access-control-allow-origin": "*",
            "access-control-allow-credentials": "true",
            "content-security-policy": "default-src *",
            "content-encoding": "identity",
            "clear-site-data": '"*"',
            location: "https://evil.example",
            link: "<https://evil.example>; rel=preload",
            refresh: "0;url=https://evil.example",
            "x-evil": "1",
            etag: '"theirs"',
            connection: "keep-alive, x-evil",
            "keep-alive": "timeout=5",
          },
        },
      ),
    );
    const answer = await ask(FIND);
    assert.deepEqual(
      [...answer.headers.keys()],
      ["cache-control", "content-type", "etag", "x-content-type-options", "x-plaudit-cache"],
    );
    assert.notEqual(answer.headers.get("etag"), '"theirs"');
  });

  for (const [what, make] of [
    ["HTML", () => new Response("<script>", { headers: { "content-type": "text/html" } })],
    [
      "HTML called JSON",
      () => new Response("<b>", { headers: { "content-type": "application/json" } }),
    ],
    ["JSON called HTML", () => new Response("{}", { headers: { "content-type": "text/html" } })],
    ["no type", () => new Response(new TextEncoder().encode('{"id":"1"}'))],
    ["a list", () => json([])],
    ["a number", () => json(1)],
    ["null", () => json(null)],
    ["without what it must have", () => json({ displayName: "x" })],
    ["nothing", () => new Response("")],
    ["204", () => new Response(null, { status: 204 })],
    [
      "half of it",
      () => new Response('{"id":', { headers: { "content-type": "application/json" } }),
    ],
    [
      "no UTF-8",
      () =>
        new Response(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), {
          headers: { "content-type": "application/json" },
        }),
    ],
  ]) {
    it(`BF17 ${what} with status 200 is no answer, and is not kept`, async () => {
      const { ask, time, requests } = makeBroker((_, at) => (at === 1 ? make() : unit()));
      await fails(await ask(FIND), 502, "malformed_response");
      time.pass(6_000);
      assert.equal((await ask(FIND)).status, 200);
      assert.equal(requests.length, 2);
    });
  }

  for (const [status, expected, code] of [
    [400, 400, "bad_request"],
    [401, 502, "upstream_auth"],
    [403, 403, "forbidden"],
    [404, 404, "not_found"],
    [408, 502, "server_error"],
    [409, 400, "bad_request"],
    [410, 404, "not_found"],
    [418, 400, "bad_request"],
    [429, 429, "rate_limited"],
    [500, 502, "server_error"],
    [503, 502, "server_error"],
    [520, 502, "server_error"],
  ]) {
    it(`BF17 BF24 ${status} becomes ${expected} ${code}, without a word of the platform's`, async () => {
      const planted = "tell-nobody";
      const { ask } = makeBroker(() => new Response(`{"message":"${planted}"}`, { status }));
      const body = await fails(await ask(FIND), expected, code);
      assert.ok(!JSON.stringify(body).includes(planted));
    });
  }

  for (const status of [301, 302, 303, 307, 308, 304, 300]) {
    it(`BF18 ${status} to another host is not followed`, async () => {
      const asked = [];
      const send = async (request) => {
        asked.push(new URL(request.url).host);
        return new Response(null, { status, headers: { location: "https://evil.example/x" } });
      };
      const { ask } = makeBroker(undefined, { fetch: send });
      await fails(await ask(FIND), 502, "malformed_response");
      assert.deepEqual(asked, ["api.trustpilot.com"]);
    });
  }

  it("BF20 an endless answer is cut", async () => {
    let pulled = 0;
    let isCancelled = false;
    const { ask } = makeBroker(() => {
      const body = new ReadableStream({
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(65_536).fill(32));
        },
        cancel() {
          isCancelled = true;
        },
      });
      return new Response(body, { headers: { "content-type": "application/json" } });
    });
    await fails(await ask(FIND), 502, "malformed_response");
    assert.ok(pulled < 100, `${pulled}`);
    assert.equal(isCancelled, true);
  });

  it("BF20 a platform that is silent, before the headers or in the body: 504", async () => {
    for (const answer of [
      () => new Promise(() => {}),
      () =>
        new Response(new ReadableStream({ pull: () => new Promise(() => {}) }), {
          headers: { "content-type": "application/json" },
        }),
    ]) {
      const { ask } = makeBroker(answer, { limits: { answerTime: 30 } });
      await fails(await ask(FIND), 504, "timeout");
    }
  });

  it("BF20 who leaves takes the call along, unless others wait for it", async () => {
    const signals = [];
    const { ask } = makeBroker((request) => {
      signals.push(request.signal);
      return new Promise((resolve) => {
        request.signal.addEventListener("abort", () => resolve(unit()));
      });
    });
    const [one, two] = [new AbortController(), new AbortController()];
    const reads = [one, two].map(({ signal }) => ask(FIND, { signal }));
    await settle();
    one.abort();
    await reads[0];
    assert.deepEqual([signals.length, signals[0].aborted], [1, false]);
    two.abort();
    await reads[1];
    assert.equal(signals[0].aborted, true);
  });

  it("BF20 a lost connection: 502", async () => {
    const { ask } = makeBroker(() => Promise.reject(new TypeError("fetch failed")));
    await fails(await ask(FIND), 502, "network_error");
  });
});

describe("what is asked of the platform", () => {
  it("BF13 BF16 a fixed host, the key in its header, nothing of the visitor's", async () => {
    const { ask, requests } = makeBroker();
    await ask(FIND, {
      headers: {
        cookie: "__Host-Http-plaudit=x",
        authorization: "Bearer visitor",
        apikey: "visitor",
        "accept-language": "da",
        referer: `${ORIGIN}/secret`,
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-host": "evil.example",
        forwarded: "for=1.2.3.4",
        "user-agent": "visitor",
        "x-evil": "1",
        "if-none-match": '"x"',
        traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
      },
    });
    const [{ url, method, headers, redirect }] = requests;
    assert.equal(url, "https://api.trustpilot.com/v1/business-units/find?name=example.com");
    assert.deepEqual([method, redirect], ["GET", "manual"]);
    assert.deepEqual(Object.fromEntries(headers), { accept: "application/json", apikey: KEY });
  });

  it("BF16 language and trace go along where the answer is one's own", async () => {
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const { ask, requests } = makeBroker(() => json({}));
    const path = "/api/business-signup/domain-availability?domain=example.com";
    await ask(path, { headers: { "accept-language": "da, en;q=0.5", traceparent } });
    await ask(path, { headers: { "accept-language": "da<script>", traceparent: "x" } });
    const [fine, strange] = requests.map(({ headers }) => Object.fromEntries(headers));
    assert.deepEqual(fine, {
      accept: "application/json",
      "accept-language": "da, en;q=0.5",
      apikey: KEY,
      traceparent,
    });
    assert.deepEqual(strange, { accept: "application/json", apikey: KEY });
  });

  it("BF9 forged hosts change neither the call nor what is kept", async () => {
    const { ask, requests } = makeBroker();
    const first = await ask(FIND);
    for (const headers of [
      { host: "evil.example" },
      { "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" },
      { forwarded: "host=evil.example" },
      { "x-original-url": "/api/secret", "x-rewrite-url": "/api/secret" },
    ]) {
      const answer = await ask(FIND, { headers, host: "https://evil.example" });
      assert.equal(answer.headers.get("etag"), first.headers.get("etag"));
    }
    assert.equal(requests.length, 1);
  });

  const attacks = [
    ["an id that is none", "/api/business-units/xyz/reviews", 404],
    ["an id with a path in it", `/api/business-units/${ID}%2f..%2fsecret/reviews`, 404],
    ["a host behind an @", "/api/@evil.example/business-units/find?name=a.example", 404],
    ["a host", "/api//evil.example/business-units/find?name=a.example", 404],
    ["a backslash", "/api/\\evil.example/find?name=a.example", 404],
    ["an address", "/api/https://evil.example/", 404],
    ["one up", "/api/../v1/business-units/find?name=a.example", 404],
    ["encoded one up", "/api/%2e%2e/secret", 404],
    ["encoded letters", "/api/%62usiness-units/find?name=a.example", 404],
    ["another path of the platform's", "/api/private/business-units", 404],
    ["the token endpoint", "/api/oauth/oauth-business-users-for-applications/accesstoken", 404],
    ["an unknown path", "/api/business-units/all/secret", 404],
    ["nothing", "/api/", 404],
    ["the API itself", "/api", 404],
    ["encoded api", "/%61pi/business-units/find?name=a.example", 404],
    ["a path of 3 KB", `/api/business-units/${"a".repeat(3_000)}`, 404],
    ["a domain that is a path", "/api/business-units/find?name=a.example/../x", 400],
    ["a domain with a port", "/api/business-units/find?name=a.example:80", 400],
    ["a domain with a line break", "/api/business-units/find?name=a.example%0d%0ax:y", 400],
    ["stars out of range", `/api/business-units/${ID}/reviews?stars=6`, 400],
    ["an order that is none", `/api/business-units/${ID}/reviews?orderBy=x`, 400],
    ["a page that is none", `/api/business-units/${ID}/reviews?page=0`, 400],
    ["an empty value", `/api/business-units/${ID}/reviews?page=`, 400],
    ["a parameter twice", "/api/business-units/find?name=a.example&name=b.example", 400],
    ["twice, encoded", "/api/business-units/find?name=a.example&%6eame=b.example", 400],
    [
      "twice, once as it is taken for granted",
      `/api/business-units/${ID}/reviews?page=1&page=2`,
      400,
    ],
    ["none", "/api/business-units/find", 400],
    ["a key", "/api/business-units/find?name=a.example&apikey=x", 400],
    ["a token", "/api/business-units/find?name=a.example&access_token=x", 400],
    ["a callback", "/api/business-units/find?name=a.example&callback=alert", 400],
    ["an unknown parameter", "/api/business-units/find?name=a.example&x=1", 400],
    ["a NUL", `/api/business-units/${ID}/reviews?tagValue=%00`, 400],
    ["a query of 9 KB", `/api/business-units/find?name=${"a".repeat(9_000)}.example`, 400],
    ["a name of Object", "/api/business-units/find?__proto__=a.example", 400],
  ];
  for (const [what, path, status] of attacks) {
    it(`BF13 BF14 BF15 ${what}: ${status}, and nothing is sent`, async () => {
      const { ask, requests } = makeBroker();
      const answer = await ask(path);
      await fails(
        answer,
        status,
        status === 404 ? (await answer.clone().json()).code : "bad_request",
      );
      assert.equal(requests.length, 0);
    });
  }

  it("BF24 what is wrong with a parameter is said without its value", async () => {
    const { ask } = makeBroker();
    const { message } = await (
      await ask(`/api/business-units/${ID}/reviews?stars=tell-nobody`)
    ).json();
    assert.equal(message, "stars: must be 1 to 5");
  });

  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    it(`BF13 ${method} of what is read: 405`, async () => {
      const { ask, requests } = makeBroker();
      await fails(await ask(FIND, { method }), 405, "method_not_allowed");
      assert.equal(requests.length, 0);
    });
  }

  it("BF13 a base address of the sandbox's, or of a gateway with a path", async () => {
    const { ask, requests } = makeBroker(undefined, {
      endpoints: { api: "https://gateway.example/trustpilot/v1/" },
    });
    await ask(FIND);
    assert.equal(
      requests[0].url,
      "https://gateway.example/trustpilot/v1/business-units/find?name=example.com",
    );
  });

  it("SB16 the sandbox's key is not sent to the platform", () => {
    assert.throws(() => makeBroker(undefined, { apiKey: "plaudit-demo-key" }), {
      code: "invalid_argument",
      message: /^apiKey: is the sandbox's/,
    });
  });
});

describe("the shared cache", () => {
  it("CH8 equal requests are one, however they are spelled", async () => {
    const { ask, requests } = makeBroker(reviews);
    const path = `/api/business-units/${ID}/reviews`;
    for (const query of [
      "?stars=5&page=1",
      "?page=1&stars=5",
      "?stars=5",
      "?%73tars=5",
      "?stars=5&",
      "?stars=5,5",
    ]) {
      assert.equal((await ask(path + query)).status, 200, query);
    }
    await ask(`/api/business-units/${ID.toUpperCase()}/reviews?stars=5`);
    assert.equal(requests.length, 1);
    await ask(`${path}?stars=4`);
    assert.equal(requests.length, 2);
  });

  it("CH8 orders and cases of lists and domains", async () => {
    const { ask, requests } = makeBroker((request) =>
      request.url.includes("find") ? unit() : reviews(),
    );
    for (const path of [
      `/api/business-units/${ID}/reviews?stars=4,5&language=da,en`,
      `/api/business-units/${ID}/reviews?language=EN%2Cda&stars=5%2C4`,
      "/api/business-units/find?name=Example.COM",
      FIND,
    ]) {
      assert.equal((await ask(path)).status, 200);
    }
    assert.equal(requests.length, 2);
  });

  it("CH1 a day of readers is one call", async () => {
    const { ask, time, requests } = makeBroker();
    for (let hour = 0; hour < 20; hour += 1) {
      const { status } = await ask(FIND);
      assert.equal(status, 200);
      time.pass(3_600_000);
    }
    assert.equal(requests.length, 1);
  });

  it("CH1 CH2 stale while a new one is fetched, and while the platform is down", async () => {
    let isDown = false;
    const { ask, time, requests } = makeBroker((_, at) =>
      isDown ? new Response("", { status: 503 }) : unit({ at }),
    );
    const waiting = [];
    const context = { waitUntil: (work) => waiting.push(work) };
    await ask(FIND);
    time.pass(1.2 * DAY);
    const stale = await ask(FIND, { context });
    assert.equal(stale.headers.get("x-plaudit-cache"), "stale");
    assert.equal(stale.headers.get("age"), "103680");
    assert.equal((await stale.json()).at, 1);
    await Promise.all(waiting);
    assert.equal((await (await ask(FIND)).json()).at, 2);
    isDown = true;
    time.pass(4 * DAY);
    const old = await ask(FIND);
    assert.deepEqual([old.status, old.headers.get("x-plaudit-cache")], [200, "stale"]);
    assert.ok(requests.length <= 4);
  });

  it("CH3 what is not there is asked for once a minute", async () => {
    const { ask, time, requests } = makeBroker(() => new Response("", { status: 404 }));
    for (let turn = 0; turn < 10; turn += 1) {
      await fails(await ask(FIND), 404, "not_found");
      time.pass(5_000);
    }
    assert.equal(requests.length, 1);
    time.pass(60_000);
    await ask(FIND);
    assert.equal(requests.length, 2);
  });

  it("CH5 the table", async () => {
    const { ask } = makeBroker();
    const first = await ask(FIND);
    const etag = first.headers.get("etag");
    const { "x-plaudit-cache": _, ...expected } = Object.fromEntries(first.headers);
    for (const [header, status] of [
      [etag, 304],
      [`W/${etag}`, 304],
      [`"x", ${etag}`, 304],
      ["*", 304],
      ['"x"', 200],
      [etag.slice(1, -1), 200],
    ]) {
      for (const method of ["GET", "HEAD"]) {
        const answer = await ask(FIND, { method, headers: { "if-none-match": header } });
        assert.equal(answer.status, status, `${method} ${header}`);
        const { "x-plaudit-cache": state, ...headers } = Object.fromEntries(answer.headers);
        assert.deepEqual([headers, state], [expected, "hit"]);
        const text = await answer.text();
        assert.equal(text !== "", status === 200 && method === "GET");
      }
    }
  });

  it("BF21 two accounts share no entry of a second level", async () => {
    const cache = memoryKeyValue();
    const made = ["key-one", "key-two"].map((apiKey) =>
      makeBroker(() => unit({ apiKey }), { apiKey, cache }),
    );
    for (const { ask } of made) await ask(FIND);
    for (const [at, { ask, requests }] of made.entries()) {
      assert.equal((await (await ask(FIND)).json()).apiKey, ["key-one", "key-two"][at]);
      assert.equal(requests.length, 1);
    }
  });

  it("CH1 two processes with a second level make one call", async () => {
    const cache = memoryKeyValue();
    const [one, two] = [makeBroker(undefined, { cache }), makeBroker(undefined, { cache })];
    await one.ask(FIND);
    assert.equal((await two.ask(FIND)).headers.get("x-plaudit-cache"), "hit");
    assert.deepEqual([one.requests.length, two.requests.length], [1, 0]);
  });

  it("BF17 a key that is refused is the server's affair, kept or not", async () => {
    const { ask, post } = makeBroker(() => json({ error: "no" }, { status: 401 }), {
      cache: false,
    });
    await fails(await ask(FIND), 502, "upstream_auth");
    const answer = await post(
      "/api/consumers/profile/bulk",
      { consumerIds: [ID] },
      { origin: ORIGIN },
    );
    await fails(answer, 502, "upstream_auth");
  });

  it("cache: false asks each time, and lets nobody keep it", async () => {
    const { ask, requests } = makeBroker(undefined, { cache: false });
    await ask(FIND);
    assert.equal((await ask(FIND)).headers.get("cache-control"), "private, no-store");
    assert.equal(requests.length, 2);
  });

  it("what the platform is asked in five minutes has an end, and then old answers serve", async () => {
    const { ask, time, requests } = makeBroker(undefined, { limits: { upstream: 10 } });
    const path = (at) => `/api/business-units/find?name=shop-${at}.example`;
    for (let at = 0; at < 10; at += 1) assert.equal((await ask(path(at))).status, 200);
    const refused = await ask(path(10));
    assert.equal(refused.headers.get("retry-after"), "300");
    await fails(refused, 429, "rate_limited");
    time.pass(2 * DAY);
    for (let at = 0; at < 10; at += 1) {
      assert.equal((await ask(path(at))).headers.get("x-plaudit-cache"), "stale");
    }
    await settle();
    // A fifth is kept for those who would have nothing.
    assert.equal(requests.length, 18);
    assert.equal((await ask(path(11))).status, 200);
  });

  it("a 429 of the platform's holds all calls for as long as it says", async () => {
    const { ask, time, requests } = makeBroker((_, at) =>
      at === 1 ? new Response("", { status: 429, headers: { "retry-after": "60" } }) : unit(),
    );
    const first = await ask(FIND);
    assert.equal(first.headers.get("retry-after"), "60");
    await fails(first, 429, "rate_limited");
    await fails(await ask("/api/business-units/find?name=b.example"), 429, "rate_limited");
    assert.equal(requests.length, 1);
    time.pass(60_000);
    assert.equal((await ask(FIND)).status, 200);
  });
});

describe("who may ask", () => {
  for (const [what, headers, isTaken] of [
    ["a page of its own", { "sec-fetch-site": "same-origin" }, true],
    ["the address bar", { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }, true],
    ["a server", {}, true],
    ["its own origin", { origin: ORIGIN, "sec-fetch-site": "same-origin" }, true],
    ["a page elsewhere", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, false],
    ["an older one elsewhere", { origin: "https://evil.example" }, false],
    ["an image elsewhere", { "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" }, false],
    ["a sibling", { origin: "https://evil.shop.example", "sec-fetch-site": "same-site" }, false],
    ["a sandboxed frame", { origin: "null", "sec-fetch-site": "cross-site" }, false],
    ["the same host by http", { origin: "http://shop.example" }, false],
    ["the same host, another port", { origin: "https://shop.example:444" }, false],
    ["a name that begins alike", { origin: "https://shop.example.evil.example" }, false],
    ["two origins", { origin: `${ORIGIN}, https://evil.example` }, false],
  ]) {
    it(`BF8 anonymous reads: ${what} ${isTaken ? "may" : "may not"}`, async () => {
      const { ask, requests } = makeBroker();
      const answer = await ask(FIND, { headers });
      if (isTaken) assert.equal(answer.status, 200);
      else await fails(answer, 403, "cross_origin");
      assert.equal(requests.length, isTaken ? 1 : 0);
    });
  }

  it("BF8 a page elsewhere may not have what was asked before either", async () => {
    const { ask, requests } = makeBroker();
    assert.equal((await ask(FIND)).status, 200);
    for (const headers of [
      { origin: "https://evil.example" },
      { "sec-fetch-site": "cross-site" },
    ]) {
      await fails(await ask(FIND, { headers }), 403, "cross_origin");
    }
    assert.equal(requests.length, 1);
  });

  it("BF10 CORS is off: no header, no preflight", async () => {
    const { ask } = makeBroker();
    const headers = { origin: ORIGIN, "access-control-request-method": "GET" };
    const answer = await ask(FIND, { method: "OPTIONS", headers });
    assert.equal(answer.headers.get("vary"), null);
    await fails(answer, 405, "method_not_allowed");
  });

  describe("BF10 with an origin on the list", () => {
    const APP = "https://app.example";
    const make = () => makeBroker(undefined, { cors: { origins: [APP] } });

    it("it may, and Vary says that it matters", async () => {
      const { ask } = make();
      const answer = await ask(FIND, { headers: { origin: APP, "sec-fetch-site": "cross-site" } });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("access-control-allow-origin"), APP);
      assert.equal(answer.headers.get("access-control-allow-credentials"), "true");
      assert.equal(answer.headers.get("vary"), "Origin");
      const plain = await ask(FIND);
      assert.equal(plain.headers.get("access-control-allow-origin"), null);
      assert.equal(plain.headers.get("vary"), "Origin");
    });

    for (const [origin, isAllowed] of [
      [APP, true],
      ["https://app.example.evil.example", false],
      ["https://evil.example/https://app.example", false],
      ["null", false],
      ["", false],
      ["http://app.example", false],
      ["https://APP.example", false],
    ]) {
      it(`preflight of ${JSON.stringify(origin)}`, async () => {
        const { ask } = make();
        const answer = await ask(FIND, { method: "OPTIONS", headers: { origin } });
        assert.deepEqual([answer.status, answer.headers.get("vary")], [204, "Origin"]);
        assert.equal(answer.headers.get("access-control-allow-origin"), isAllowed ? APP : null);
        assert.equal(answer.headers.has("access-control-allow-methods"), isAllowed);
      });
    }

    for (const origin of [
      "*",
      "null",
      "https://app.example/",
      "app.example",
      "https://*.example",
    ]) {
      it(`${origin} is no origin that may stand there`, () => {
        assert.throws(() => makeBroker(undefined, { cors: { origins: [origin] } }), {
          code: "invalid_argument",
        });
      });
    }
  });

  it("BF22 600 a minute each, by the address that the runtime knows", async () => {
    const { ask, time } = makeBroker();
    const from = (clientAddress, headers = {}) =>
      ask(FIND, { headers, context: { clientAddress } });
    for (let turn = 0; turn < 600; turn += 1) assert.equal((await from("1.2.3.4")).status, 200);
    const refused = await from("1.2.3.4");
    assert.equal(refused.headers.get("retry-after"), "1");
    await fails(refused, 429, "rate_limited");
    // A header that anyone can write changes nothing.
    assert.equal((await from("1.2.3.4", { "x-forwarded-for": "9.9.9.9" })).status, 429);
    assert.equal((await from("1.2.3.5")).status, 200);
    time.pass(1_000);
    assert.equal((await from("1.2.3.4")).status, 200);
  });

  it("BF22 behind a proxy: the last entry counts, whatever is forged before it", async () => {
    const { ask } = makeBroker(undefined, {
      forwarded: { header: "X-Forwarded-For", trustedHops: 1 },
      limits: { perClient: 5 },
    });
    const from = (list) =>
      ask(FIND, { headers: { "x-forwarded-for": list }, context: { clientAddress: "10.0.0.1" } });
    let refused = 0;
    for (let turn = 0; turn < 20; turn += 1) {
      const { status } = await from(`${turn}.6.6.6, 1.2.3.4`);
      if (status === 429) refused += 1;
    }
    assert.equal(refused, 15);
    assert.equal((await from("1.2.3.4, 1.2.3.5")).status, 200);
  });

  it("BF22 one client cannot use up what may be asked of the platform", async () => {
    const { ask, time, requests } = makeBroker((request) =>
      request.url.includes("reviews") ? reviews() : unit(),
    );
    const greedy = { context: { clientAddress: "6.6.6.6" } };
    const other = { context: { clientAddress: "9.9.9.9" } };
    const statuses = new Set();
    // As many as the limit of requests lets through in five minutes: more than the 800 calls.
    for (let turn = 0; turn < 3_000; turn += 1) {
      time.pass(100);
      const id = turn.toString(16).padStart(24, "0");
      statuses.add((await ask(`/api/business-units/${id}/reviews`, greedy)).status);
    }
    assert.deepEqual([...statuses], [200, 429]);
    assert.ok(requests.length <= 400, `${requests.length} calls`);
    assert.equal((await ask(FIND, other)).status, 200);
    // What is kept costs nothing.
    const refused = await ask("/api/business-units/find?name=new.example", greedy);
    await fails(refused, 429, "rate_limited");
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    assert.equal((await ask(FIND, greedy)).status, 200);
  });

  it("BF22 where nobody says who asks, that is logged once", async () => {
    const { ask, logs } = makeBroker();
    await ask(FIND);
    await ask(FIND);
    assert.equal(logs.filter(({ event }) => event === "client_unknown").length, 1);
  });
});

describe("what may be asked", () => {
  it("by default all that reads, and nothing that writes", async () => {
    const { ask, post, requests } = makeBroker(() => json({ consumers: {}, countries: [] }));
    assert.equal((await ask("/api/resources/metadata/countries")).status, 200);
    const read = await post("/api/consumers/profile/bulk", { consumerIds: [ID] });
    assert.deepEqual([read.status, read.headers.get("cache-control")], [200, "private, no-store"]);
    const write = await post(
      "/api/consumers/profile/displayname/create",
      { displayName: "Ada" },
      { "x-plaudit": "1", origin: ORIGIN },
    );
    await fails(write, 404, "no_route");
    assert.equal(requests.length, 2);
    assert.equal(await requests[1].text(), `{"consumerIds":["${ID}"]}`);
    assert.equal(requests[1].headers.get("content-type"), "application/json");
  });

  it("only what is on the list, where there is one", async () => {
    const { ask } = makeBroker(undefined, { allow: ["businessUnits.find"] });
    assert.equal((await ask(FIND)).status, 200);
    await fails(await ask(`/api/business-units/${ID}`), 404, "no_route");
  });

  it("only the values on the list", async () => {
    const { ask, requests } = makeBroker(
      (request) => (request.url.includes("reviews") ? reviews() : unit()),
      {
        allow: [
          { name: "businessUnits.find", only: { domain: ["Example.com"] } },
          {
            name: "businessUnits.reviews",
            only: { businessUnitId: [ID.toUpperCase()], stars: ["4", "5"] },
          },
        ],
      },
    );
    for (const [path, status] of [
      [FIND, 200],
      ["/api/business-units/find?name=EXAMPLE.com", 200],
      ["/api/business-units/find?name=evil.example", 404],
      [`/api/business-units/${ID}/reviews?stars=5`, 200],
      [`/api/business-units/${ID}/reviews?stars=5,4`, 200],
      [`/api/business-units/${ID}/reviews?stars=1,4`, 404],
      [`/api/business-units/${ID}/reviews`, 404],
      [`/api/business-units/${"0".repeat(24)}/reviews?stars=5`, 404],
    ]) {
      assert.equal((await ask(path)).status, status, path);
    }
    assert.equal(requests.length, 3);
  });

  it("BF13 only the values on the list: a text with a comma is one value, no list is none", async () => {
    const { ask, post, requests } = makeBroker(
      (request) => (request.url.includes("batch") ? json({ summaries: [] }) : reviews()),
      {
        allow: [
          { name: "productReviews.batchSummaries", only: { skus: ["a", "b"] } },
          { name: "consumers.createDisplayName", only: { displayName: ["a", "b"] } },
          { name: "businessUnits.reviews", only: { page: ["1", "2"] } },
        ],
      },
    );
    const headers = { "x-plaudit": "1", origin: ORIGIN };
    const skus = `/api/product-reviews/business-units/${ID}/batch-summaries`;
    const name = "/api/consumers/profile/displayname/create";
    for (const [path, body, status] of [
      [skus, { skus: ["a", "b"] }, 200],
      [skus, { skus: "a,b" }, 404],
      [skus, { skus: ["a,b"] }, 404],
      [skus, { skus: [["a"]] }, 404],
      [skus, { skus: [] }, 404],
      [skus, {}, 404],
      [name, { displayName: "a,b" }, 404],
    ]) {
      const answer = await post(path, body, headers);
      assert.equal(answer.status, status, JSON.stringify(body));
    }
    assert.equal(requests.length, 1);
    for (const [page, status] of [
      ["1", 200],
      ["2", 200],
      ["3", 404],
    ]) {
      const answer = await ask(`/api/business-units/${ID}/reviews?page=${page}`);
      assert.equal(answer.status, status, page);
    }
  });

  describe("BF7 a write that is on the list", () => {
    const path = "/api/consumers/profile/displayname/create";
    const own = { "x-plaudit": "1", "sec-fetch-site": "same-origin" };
    for (const [what, headers, status] of [
      ["of its own page", own, 200],
      ["of an older browser", { "x-plaudit": "1", origin: ORIGIN }, 200],
      ["without the header", { "sec-fetch-site": "same-origin", origin: ORIGIN }, 403],
      ["with another value", { ...own, "x-plaudit": "0" }, 403],
      ["of nowhere", { "x-plaudit": "1" }, 403],
      ["of another site", { "x-plaudit": "1", "sec-fetch-site": "cross-site" }, 403],
      ["of a sibling", { "x-plaudit": "1", "sec-fetch-site": "same-site" }, 403],
      ["of the address bar", { "x-plaudit": "1", "sec-fetch-site": "none" }, 403],
      ["of another origin", { "x-plaudit": "1", origin: "https://evil.example" }, 403],
      ["of a frame without origin", { "x-plaudit": "1", origin: "null" }, 403],
      ["with an origin that lies", { ...own, origin: "https://evil.example" }, 403],
      ["with a sibling's origin", { "x-plaudit": "1", origin: "https://a.shop.example" }, 403],
    ]) {
      it(`${what}: ${status}`, async () => {
        const { post, requests } = makeBroker(() => json({}), {
          allow: ["consumers.createDisplayName"],
        });
        const answer = await post(path, { displayName: "Ada" }, headers);
        assert.equal(answer.status, status);
        assert.equal(requests.length, status === 200 ? 1 : 0);
      });
    }
  });

  describe("BF19 bodies", () => {
    const path = "/api/consumers/profile/bulk";
    for (const [what, body, headers, status, code] of [
      [
        "a form",
        "consumerIds=1",
        { "content-type": "application/x-www-form-urlencoded" },
        415,
        "unsupported_media_type",
      ],
      [
        "text, as a page elsewhere could send it",
        "{}",
        { "content-type": "text/plain" },
        415,
        "unsupported_media_type",
      ],
      [
        "a type that begins alike",
        "{}",
        { "content-type": "application/jsonp" },
        415,
        "unsupported_media_type",
      ],
      ["no JSON", "{", {}, 400, "invalid_body"],
      ["a list", "[]", {}, 400, "invalid_body"],
      ["a text", '"x"', {}, 400, "invalid_body"],
      ["null", "null", {}, 400, "invalid_body"],
      ["another member", '{"x":1}', {}, 400, "bad_request"],
      ["an object in it", '{"consumerIds":{}}', {}, 400, "bad_request"],
      ["what is no id", '{"consumerIds":["x"]}', {}, 400, "bad_request"],
      ["__proto__", '{"__proto__":["x"]}', {}, 400, "bad_request"],
      ["a member of the path", `{"businessUnitId":"${ID}"}`, {}, 400, "bad_request"],
      [
        "65 KB",
        JSON.stringify({ consumerIds: [ID], x: "x".repeat(66_000) }),
        {},
        413,
        "body_too_large",
      ],
    ]) {
      it(`${what}: ${status}`, async () => {
        const { post, requests } = makeBroker(() => json({ consumers: {} }));
        await fails(await post(path, body, headers), status, code);
        assert.equal(requests.length, 0);
      });
    }

    for (const [what, pull, options, status] of [
      ["that stops coming", () => new Promise(() => {}), { limits: { bodyTime: 20 } }, 408],
      ["that does not end", (own) => own.enqueue(new Uint8Array(8_192)), {}, 413],
    ]) {
      it(`one ${what}: ${status}, and its stream is let go`, async () => {
        const { broker } = makeBroker(undefined, options);
        let isCancelled = false;
        const stream = new ReadableStream({
          pull,
          cancel() {
            isCancelled = true;
          },
        });
        const headers = { "content-type": "application/json", origin: ORIGIN };
        const init = { method: "POST", headers, body: stream, duplex: "half" };
        const answer = await broker.fetch(new Request(ORIGIN + path, init));
        assert.equal(answer.status, status);
        await settle();
        assert.equal(isCancelled, true);
      });
    }

    it("a page elsewhere may not", async () => {
      const { post, requests } = makeBroker();
      const answer = await post(path, { consumerIds: [ID] }, { origin: "https://evil.example" });
      await fails(answer, 403, "cross_origin");
      assert.equal(requests.length, 0);
    });

    it("lists stay lists, and texts with what JSON escapes stay whole", async () => {
      const { post, requests } = makeBroker(() => json({ summaries: [] }));
      const skus = ['a"b', "c\\d", "e,f", "ø"];
      const at = `/api/product-reviews/business-units/${ID}/batch-summaries`;
      assert.equal((await post(at, { skus })).status, 200);
      assert.deepEqual(JSON.parse(await requests[0].text()), { skus });
    });

    it("a write is sent once, whatever comes of it", async () => {
      const { post, requests } = makeBroker(() => new Response("", { status: 503 }), {
        allow: ["consumers.createDisplayName"],
      });
      const headers = { "x-plaudit": "1", origin: ORIGIN };
      const at = "/api/consumers/profile/displayname/create";
      await fails(await post(at, { displayName: "Ada" }, headers), 502, "server_error");
      assert.equal(requests.length, 1);
    });
  });
});

describe("BF24 secrets", () => {
  it("stand in no answer, no log, no metric and no span, whatever fails", async () => {
    const planted = [KEY, "planted-in-a-body", "planted-in-an-error", "planted-in-a-cookie"];
    const seen = [];
    const answers = [
      () => new Response('{"message":"planted-in-a-body"}', { status: 401 }),
      () => new Response('{"message":"planted-in-a-body"}', { status: 500 }),
      () => new Response("planted-in-a-body", { headers: { "content-type": "application/json" } }),
      () => Promise.reject(new Error(`planted-in-an-error ${KEY}`)),
      () => json({ id: ID }, { status: 302, headers: { location: `https://x/?${KEY}` } }),
      () => unit(),
    ];
    const { ask, post, time, logs, broker } = makeBroker(
      (_, at) => answers[at % answers.length](),
      {
        metrics: {
          count: (...all) => seen.push(all),
          time: (...all) => seen.push(all),
        },
        trace: (name, attributes, work) => {
          seen.push([name, attributes]);
          return work();
        },
      },
    );
    for (let turn = 0; turn < 12; turn += 1) {
      const headers = { cookie: "__Host-Http-plaudit=planted-in-a-cookie" };
      const answer = await ask(FIND, { headers });
      seen.push(await answer.text(), Object.fromEntries(answer.headers));
      const other = await post("/api/consumers/profile/bulk", { consumerIds: [ID] });
      seen.push(await other.text());
      time.pass(DAY * 9);
    }
    const shown = inspect([seen, logs, broker, await broker.health()], { depth: 10 });
    for (const text of planted) assert.ok(!shown.includes(text), text);
    assert.ok(logs.length > 30);
  });

  it("a hook that throws fails nothing", async () => {
    const fail = () => {
      throw new Error("full");
    };
    const { ask } = makeBroker(undefined, { onLog: fail, metrics: { count: fail, time: fail } });
    assert.equal((await ask(FIND)).status, 200);
  });

  it("a fault of our own is a 500 without a word of it", async () => {
    const { ask, logs } = makeBroker();
    const clientAddress = {
      replace() {
        throw new Error("planted");
      },
    };
    const answer = await ask(FIND, { context: { clientAddress } });
    await fails(answer, 500, "internal_error");
    assert.ok(
      logs.some(({ event, code }) => event === "internal_error" && code === "internal_error"),
    );
    assert.ok(!JSON.stringify(logs).includes("planted"));
  });
});

describe("the client of plaudit, unchanged", () => {
  const serve = (options) => {
    const sandbox = createSandbox();
    const broker = createBroker({
      provider: "trustpilot",
      origin: ORIGIN,
      apiKey: secret("plaudit-demo-key"),
      endpoints: { api: "https://sandbox.test/v1" },
      fetch: sandbox.fetch,
      ...options,
    });
    const client = createClient({
      provider: "trustpilot",
      proxy: `${ORIGIN}/api`,
      fetch: (request) => broker.fetch(request),
      retry: 0,
    });
    return { sandbox, broker, client };
  };

  it("reads, walks through pages, and posts what reads", async () => {
    const { client, sandbox } = serve();
    const { id, displayName } = await client.businessUnits.find("coffee.example");
    assert.equal(displayName, "Kaffe & Søn");
    const all = await client.businessUnits.reviews.all(id, { perPage: 2 }).toArray({ limit: 7 });
    assert.equal(new Set(all.map((review) => review.id)).size, 7);
    const rest = await client.businessUnits.allReviews.all(id).toArray({ limit: 5 });
    assert.equal(rest.length, 5);
    const profiles = await client.consumers.profiles([all[0].consumer.id]);
    assert.equal(Object.keys(profiles.consumers).length, 1);
    const stars = await client.resources.starStrings(4.5, { locale: "da-DK" });
    assert.equal(stars.string, "Fremragende");
    assert.equal(sandbox.verify().ok, true);
  });

  it("every public function of it is answered", async () => {
    const { client, sandbox } = serve();
    const unit = await client.businessUnits.find("trustpilot.com");
    const [review] = await client.businessUnits.reviews.all(unit.id).toArray({ limit: 1 });
    const ids = { consumers: review.consumer.id, reviews: review.id };
    for (const [group, functions] of Object.entries(client)) {
      if (typeof functions === "function" || group === "conversations") continue;
      for (const name of Object.keys(functions)) {
        if (name === "idOf" || name === "createDisplayName") continue;
        const [first, ...rest] = argumentsOf(`${group}.${name}`);
        const isId = typeof first === "string" && /^[0-9a-f]{24}$/.test(first);
        const args = [isId ? (ids[group] ?? unit.id) : first, ...rest];
        const data = await functions[name](...args);
        assert.equal(typeof data, "object", `${group}.${name}`);
      }
    }
    assert.equal(sandbox.verify().ok, true);
  });

  it("fails as it expects: code, status, what to wait", async () => {
    const { client, sandbox } = serve();
    const codeOf = async (work) => {
      const { code, status, retryAfter } = await work.catch((error) => error);
      return [code, status, retryAfter];
    };
    const find = (at) => client.businessUnits.find(`${at}.example`);
    assert.deepEqual(await codeOf(find("nobody")), ["not_found", 404, undefined]);
    sandbox.faults.add({ fault: "503", times: 1 });
    assert.deepEqual(await codeOf(find("books")), ["server_error", 502, undefined]);
    sandbox.faults.add({ fault: "401", times: 1 });
    assert.deepEqual(await codeOf(find("bikes")), ["server_error", 502, undefined]);
    sandbox.faults.add({ fault: "429", retry_after: "1", times: 1 });
    assert.deepEqual(await codeOf(find("big")), ["rate_limited", 429, 1]);
    const error = await client.businessUnits.reviews("0".repeat(24)).catch((own) => own);
    assert.equal(error.description, "there is no such thing");
  });

  it("Trustoo, whose failures come with status 200", async () => {
    const sandbox = createSandbox();
    const broker = createBroker({
      provider: "trustoo",
      origin: ORIGIN,
      endpoints: { api: "https://api.trustoo.io/api/v1" },
      fetch: sandbox.fetch,
    });
    const client = createClient({
      provider: "trustoo",
      proxy: `${ORIGIN}/api`,
      fetch: (request) => broker.fetch(request),
      retry: 0,
    });
    const [rating] = await client.reviews.ratings(["classic", "gift-card"], {
      shop: "coffee.myshopify.com",
    });
    assert.equal(client.toRating(rating).value, 4.8);
    for (const [code, status, expected] of [
      [5, 404, "not_found"],
      [8, 429, "rate_limited"],
      [13, 502, "server_error"],
      [16, 502, "upstream_auth"],
      [99, 400, "bad_request"],
    ]) {
      const { ask } = makeBroker(() => json({ code, message: "tell-nobody" }), {
        provider: "trustoo",
        apiKey: undefined,
      });
      const path = "/api/reviews/get_products_rating?product_handle=a&shop=b.example";
      await fails(await ask(path), status, expected);
    }
  });
});

describe("beside the API", () => {
  it("health", async () => {
    const { ask, broker } = makeBroker();
    await ask(FIND);
    const answer = await ask("/health");
    assert.deepEqual([answer.status, await answer.json()], [200, { status: "ok" }]);
    assert.deepEqual(await broker.health(), {
      status: "ok",
      sessions: "off",
      cache: { ...(await broker.health()).cache, entries: 1, absent: 0, flights: 0 },
      upstream: { used: 1, limit: 800 },
      clients: 0,
    });
  });

  it("after close nothing is answered any more", async () => {
    const { ask, broker } = makeBroker();
    await broker.close();
    await fails(await ask(FIND), 503, "closed");
    assert.equal((await broker.health()).status, "closed");
  });

  it("a path of its own stands before all", async () => {
    const { ask } = makeBroker(undefined, { basePath: "/broker" });
    assert.equal((await ask(`/broker${FIND}`)).status, 200);
    assert.equal((await ask("/broker/health")).status, 200);
    for (const path of [FIND, "/broker", "/brokerapi/x", "/health", "/broker//api/x"]) {
      await fails(await ask(path), 404, "no_route");
    }
  });

  it("what looks like a mistake in mounting is told as that", async () => {
    const below = makeBroker(undefined, { basePath: "/broker" });
    for (const path of [FIND, "/sign-in", "/other/session", `/a/b${FIND}`]) {
      const { message } = await fails(await below.ask(path), 404, "no_route");
      assert.match(message, /begin with \/broker \(see its option basePath\)$/, path);
    }
    const top = makeBroker();
    for (const path of [`/broker${FIND}`, "/broker/health", "/auth/callback?code=x"]) {
      const { message } = await fails(await top.ask(path), 404, "no_route");
      assert.match(message, /begin with \/api, .*basePath/, path);
    }
    for (const path of ["/", "/favicon.ico", "/api", "/broker"]) {
      const { message } = await fails(await top.ask(path), 404, "no_route");
      assert.equal(message, "there is nothing at this address", path);
    }
  });

  it("without an application there is no signing in", async () => {
    const { ask } = makeBroker();
    const { message } = await fails(await ask("/sign-in"), 404, "no_route");
    assert.equal(message, "nobody can sign in: the broker was given no credentials");
    for (const path of ["/sign-in", "/callback?code=x&state=y", "/session", "/sign-out"]) {
      await fails(await ask(path), 404, "no_route");
    }
  });

  it("requests are logged by route, with what became of them", async () => {
    const { ask, logs } = makeBroker();
    await ask(FIND);
    await ask(FIND);
    const missed = await ask("/api/nothing");
    const requests = logs.filter(({ event }) => event === "request");
    assert.deepEqual(
      requests.map(({ route, status, cache }) => [route, status, cache]),
      [
        ["businessUnits.find", 200, "miss"],
        ["businessUnits.find", 200, "hit"],
        ["api", 404, "none"],
      ],
    );
    assert.equal(requests[2].requestId, missed.headers.get("x-request-id"));
  });

  for (const [what, options] of [
    ["no provider", { provider: undefined }],
    ["no origin", { origin: undefined }],
    ["an origin with a path", { origin: "https://shop.example/" }],
    ["http elsewhere than on loopback", { origin: "http://shop.example" }],
    ["another scheme", { origin: "ftp://shop.example" }],
    ["no key", { apiKey: undefined }],
    ["a blank key", { apiKey: " " }],
    ["a path that is none", { basePath: "broker" }],
    ["a path with a slash at the end", { basePath: "/broker/" }],
    ["a path that is encoded", { redirectPath: "/%63" }],
    ["an unknown name", { allow: ["businessUnits.delete"] }],
    ["a name twice", { allow: ["businessUnits.find", "businessUnits.find"] }],
    ["an unknown parameter", { allow: [{ name: "businessUnits.find", only: { x: [] } }] }],
    ["a cookie with a domain", { session: { domain: "shop.example" } }],
    ["a cookie with a path", { session: { path: "/broker" } }],
    ["SameSite=None", { session: { sameSite: "None" } }],
    ["hops that are none", { forwarded: { header: "x-forwarded-for", trustedHops: 0 } }],
    ["a limit of nothing", { limits: { upstream: 0 } }],
    ["a store that is none", { sessions: {} }],
    ["a cache that is none", { cache: { second: {} } }],
    ["an address to return to that is none", { returnTo: ["//evil.example"], credentials: {} }],
  ]) {
    it(`${what} is refused when it is made`, () => {
      assert.throws(() => makeBroker(undefined, options), { code: "invalid_argument" });
    });
  }
});
