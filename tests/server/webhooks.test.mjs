// Webhooks: every rule, against signatures that node:crypto made.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { secret, verifyWebhook, webhookHandler } from "../../dist/server.js";
import { assertSilent, fails, NOW, rejects } from "../node/support.mjs";

const SECRET = "trustoo-private-token";
const PUBLIC = "7ygMzD/8/cpvR8DN8rquVQ==";
const BODY = '{"list":[{"id":123,"my_shopify_domain":"example.myshopify.com"}]}';

const hmac = (key, message) => createHmac("sha256", key).update(message).digest("hex");

/** Headers and body of a delivery as Trustoo's are thought to be signed. */
function make({ body = BODY, key = SECRET, at = NOW, id = "r-1", headers } = {}) {
  const bytes = Buffer.from(body);
  const timestamp = String(Math.floor(at / 1000));
  const sign = hmac(key, Buffer.concat([Buffer.from(`timestamp=${timestamp}|`), bytes]));
  return {
    headers: {
      "content-type": "application/json",
      "Open-Trustoo-Webhook-Public-token": PUBLIC,
      "Open-Trustoo-Webhook-Timestamp": timestamp,
      "Open-Trustoo-Webhook-Sign": sign,
      "Open-Trustoo-Webhook-RequestId": id,
      ...headers,
    },
    body: bytes,
  };
}

const toRequest = ({ headers, body }, init) =>
  new Request("https://shop.example/webhooks", {
    ...{ method: "POST", headers, body, duplex: "half" },
    ...init,
  });

const options = (more) => ({
  provider: "trustoo",
  secrets: SECRET,
  now: () => NOW,
  ...more,
});

/** A store with a clock of its own, which can be made to fail. */
function makeStore() {
  const entries = new Map();
  const store = {
    now: NOW,
    isDown: false,
    calls: [],
    get: async (key) => {
      note("get", key);
      const entry = entries.get(key);
      return entry && entry.end > store.now ? entry.value : null;
    },
    set: async (key, value, ttl) => {
      note("set", key, ttl);
      entries.set(key, { value, end: store.now + ttl });
    },
    add: async (key, value, ttl) => {
      note("add", key, ttl);
      const entry = entries.get(key);
      if (entry && entry.end > store.now) return false;
      entries.set(key, { value, end: store.now + ttl });
      return true;
    },
    delete: async (key) => {
      note("delete", key);
      entries.delete(key);
    },
  };
  const note = (...call) => {
    if (store.isDown) throw new Error("ECONNREFUSED");
    store.calls.push(call);
  };
  return store;
}

describe("verifyWebhook", () => {
  it("reads a delivery from a Request, from Node's headers, from lists of pairs", async () => {
    const made = make();
    const entries = Object.entries(made.headers);
    for (const input of [
      toRequest(made),
      made,
      { ...made, headers: new Headers(made.headers) },
      { ...made, headers: entries },
      { ...made, headers: Object.fromEntries(entries.map(([k, v]) => [k.toLowerCase(), v])) },
      { ...made, headers: Object.fromEntries(entries.map(([k, v]) => [k, [v]])) },
      { ...made, body: new Uint8Array(made.body).buffer },
    ]) {
      const event = await verifyWebhook(input, options());
      assert.equal(event.provider, "trustoo");
      assert.equal(event.publicToken, PUBLIC);
      assert.equal(event.requestId, "r-1");
      assert.equal(event.timestamp, NOW);
      assert.equal(event.payload.list[0].my_shopify_domain, "example.myshopify.com");
      assert.deepEqual(Buffer.from(event.bytes), made.body);
      assert.equal(event.replay, "unchecked");
    }
  });

  it("WH1 bytes count: a BOM, 0xFF, CRLF, the order and number of keys", async () => {
    const signed = (body) => verifyWebhook(make({ body }), options());
    const other = (body) => verifyWebhook({ ...make(), body: Buffer.from(body) }, options());
    const bom = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(BODY)]);
    assert.equal((await signed(bom)).payload.list[0].id, 123);
    assert.equal((await signed(`${BODY}\r\n`)).payload.list[0].id, 123);
    assert.equal((await signed('{"a":1,"a":2}')).payload.a, 2);
    // U+FFFD is what a decoder makes of 0xFF: the signature over the one is not that of the other.
    const replaced = make({ body: '{"a":"\ufffd"}' });
    const raw = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    await rejects(verifyWebhook({ ...replaced, body: raw }, options()), "signature_mismatch");
    for (const body of [bom, `${BODY}\r\n`, `${BODY} `, BODY.replace("123", "124")]) {
      await rejects(other(body), "signature_mismatch");
    }
    // Signed and still no JSON: an error of its own, which does not quote the body.
    const error = await rejects(signed(raw), "malformed_response");
    assert.equal(error.cause, undefined);
    assertSilent(await rejects(signed('{"a": secret-thing'), "malformed_response"), ["secret"]);
  });

  it("WH2 what was parsed, decoded, read or lost is a mistake of the call, which says the switch", async () => {
    const made = make();
    const used = toRequest(made);
    await used.text();
    for (const input of [
      { ...made, body: JSON.parse(BODY) },
      { ...made, body: BODY },
      { ...made, body: undefined },
      { ...made, body: null },
      used,
    ]) {
      const { message } = await rejects(verifyWebhook(input, options()), "invalid_argument");
      for (const word of ["express.raw", "parseAs", "bodyParser: false", "rawBody", "Request"]) {
        assert.ok(message.includes(word), `${word}: ${message}`);
      }
    }
    for (const input of [undefined, null, "x", {}, { body: made.body }]) {
      await rejects(verifyWebhook(input, options()), "invalid_argument");
    }
  });

  it("WH3 short, long, upper-case, non-hex and empty signatures", async () => {
    const made = make();
    const sign = made.headers["Open-Trustoo-Webhook-Sign"];
    const given = (text) =>
      verifyWebhook(make({ headers: { "Open-Trustoo-Webhook-Sign": text } }), options());
    await given(sign.toUpperCase());
    for (const text of ["", "0", sign.slice(1), sign.slice(2), `${sign}00`, "z".repeat(64)]) {
      const error = await rejects(given(text), "signature_mismatch");
      assertSilent(error, [SECRET, sign]);
    }
  });

  it("WH4 the window is closed both ways, at its edge to the second", async () => {
    const at = (ms) => verifyWebhook(make({ at: NOW + ms }), options());
    await at(900_000);
    await at(-900_000);
    await rejects(at(901_000), "timestamp_out_of_range");
    await rejects(at(-901_000), "timestamp_out_of_range");
    const near = options({ toleranceMs: 5_000 });
    await rejects(verifyWebhook(make({ at: NOW - 6_000 }), near), "timestamp_out_of_range");
    for (const text of ["1e9", "abc", "-1700000000", "1700000000abc", "1700000000.5"]) {
      const headers = {
        "Open-Trustoo-Webhook-Timestamp": text,
        "Open-Trustoo-Webhook-Sign": hmac(SECRET, `timestamp=${text}|${BODY}`),
      };
      await rejects(verifyWebhook(make({ headers }), options()), "timestamp_out_of_range");
    }
  });

  it("WH5 a header that came twice is refused, as a list and joined", async () => {
    const made = make();
    const sign = made.headers["Open-Trustoo-Webhook-Sign"];
    for (const headers of [
      { "Open-Trustoo-Webhook-Sign": [sign, sign] },
      { "Open-Trustoo-Webhook-Sign": `${sign}, ${sign}` },
      { "open-trustoo-webhook-sign": sign },
      { "Open-Trustoo-Webhook-Timestamp": ["1700000000", "1700000001"] },
      { "Open-Trustoo-Webhook-RequestId": ["a", "b"] },
    ]) {
      await rejects(verifyWebhook(make({ headers }), options()), "signature_mismatch");
    }
    const headers = new Headers(made.headers);
    headers.append("open-trustoo-webhook-sign", sign);
    await rejects(verifyWebhook({ ...made, headers }, options()), "signature_mismatch");
  });

  it("WH6 a ring of secrets: the old and the new are taken, one that was removed is not", async () => {
    const old = make({ key: "old" });
    const fresh = make({ key: "new" });
    const ring = options({ secrets: [secret("new"), "old"] });
    await verifyWebhook(old, ring);
    await verifyWebhook(fresh, ring);
    await rejects(verifyWebhook(old, options({ secrets: ["new"] })), "signature_mismatch");
  });

  it("WH7 a replay is refused, whatever its request id, for twice the window; released, it is not", async () => {
    const replay = makeStore();
    const event = await verifyWebhook(make(), options({ replay }));
    assert.equal(event.replay, "checked");
    assert.deepEqual(replay.calls, [["add", replay.calls[0][1], 1_800_000]]);
    await rejects(verifyWebhook(make(), options({ replay })), "already_received");
    await rejects(verifyWebhook(make({ id: "r-2" }), options({ replay })), "already_received");
    await event.release();
    await verifyWebhook(make(), options({ replay }));
    // Noted after the signature was found right: forgers fill no store.
    const before = replay.calls.length;
    await rejects(verifyWebhook(make({ key: "x" }), options({ replay })), "signature_mismatch");
    assert.equal(replay.calls.length, before);
  });

  it("WH7 twice at once: one is taken", async () => {
    const replay = makeStore();
    const both = [1, 2].map(() => verifyWebhook(make(), options({ replay })));
    const results = await Promise.allSettled(both);
    assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });

  it("WH8 a store that is down: taken and said so, or refused", async () => {
    const replay = makeStore();
    replay.isDown = true;
    const event = await verifyWebhook(make(), options({ replay }));
    assert.equal(event.replay, "store_unavailable");
    await event.release();
    const refused = options({ replay, onReplayStoreDown: "refuse" });
    const error = await rejects(verifyWebhook(make(), refused), "store_unavailable");
    assert.equal(error.retryable, true);
  });

  it("WH9 more than 1 MB is not hashed, whatever content-length says", async () => {
    const body = Buffer.alloc(1_000_001, 32);
    await rejects(verifyWebhook({ ...make(), body }, options()), "bad_request");
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(100_000));
      },
    });
    await rejects(verifyWebhook(toRequest({ ...make(), body: endless }), options()), "bad_request");
    assert.ok(pulled < 20, `${pulled} chunks`);
    const largest = make({ body: `"${"x".repeat(999_998)}"` });
    assert.equal((await verifyWebhook(largest, options())).payload.length, 999_998);
  });

  it("WH10 an empty body and blank secrets have errors of their own", async () => {
    await rejects(verifyWebhook(make({ body: "" }), options()), "malformed_response");
    for (const secrets of ["", " ", "\t\n", [], ["a", " "], undefined, 7, [null]]) {
      const error = await rejects(verifyWebhook(make(), options({ secrets })), "invalid_argument");
      assert.ok(error.message.startsWith("secrets: "), error.message);
    }
  });

  it("options that are none are refused by name", async () => {
    for (const [name, value] of [
      ["provider", "trustpilot"],
      ["provider", undefined],
      ["toleranceMs", 0],
      ["toleranceMs", Number.NaN],
      ["onReplayStoreDown", "maybe"],
      ["now", 7],
      ["replay", 7],
    ]) {
      const error = await rejects(
        verifyWebhook(make(), options({ [name]: value })),
        "invalid_argument",
      );
      assert.ok(error.message.startsWith(name), error.message);
    }
  });

  it("another rule, and another platform's profile", async () => {
    const timestamp = String(NOW / 1000);
    const headers = { "Open-Trustoo-Webhook-Sign": hmac(SECRET, PUBLIC + timestamp) };
    const rule = options({ rule: "public_token_timestamp" });
    await verifyWebhook(make({ headers }), rule);
    await rejects(verifyWebhook(make(), rule), "signature_mismatch");
    const profile = {
      id: "own",
      signatureHeader: "X-Signature",
      signaturePrefix: "sha256=",
      encoding: "base64",
      timestampHeader: "X-Time",
      timestampUnit: "milliseconds",
      stringToSign: ["timestamp", { text: "." }, "body"],
    };
    const sign = createHmac("sha256", "k").update(`${NOW}.{"a":1}`).digest("base64");
    const given = {
      headers: { "x-signature": `sha256=${sign}`, "x-time": String(NOW) },
      body: Buffer.from('{"a":1}'),
    };
    const event = await verifyWebhook(given, { profile, secrets: "k", now: () => NOW });
    assert.deepEqual([event.provider, event.payload], ["own", { a: 1 }]);
    for (const stringToSign of [["timestamp"], ["requestId", "body"], ["x"], [], undefined]) {
      const wrong = { profile: { ...profile, stringToSign }, secrets: "k" };
      await rejects(verifyWebhook(given, wrong), "invalid_argument");
    }
  });
});

describe("webhookHandler", () => {
  /** A handler that notes its events and errors. */
  function build(more) {
    const events = [];
    const errors = [];
    const handler = webhookHandler({
      ...options({ replay: makeStore() }),
      onEvent: (event) => events.push(event),
      onError: (error) => errors.push(error.code ?? error.message),
      ...more,
    });
    return { handler, events, errors };
  }
  const read = async (response) => [response.status, await response.json()];

  it("WH9 answers 200 and the documented body when the work is done", async () => {
    const { handler, events } = build();
    assert.deepEqual(await read(await handler(toRequest(make()))), [
      200,
      { code: 0, message: "success" },
    ]);
    assert.equal(events.length, 1);
    assert.equal(events[0].replay, "checked");
  });

  it("WH9 slow work goes to waitUntil, and the answer does not wait for it", async () => {
    let finish;
    const waiting = [];
    const { handler } = build({
      answerWithinMs: 5,
      onEvent: () => new Promise((resolve) => (finish = resolve)),
    });
    const context = { waitUntil: (work) => waiting.push(work) };
    assert.equal((await handler(toRequest(make()), context)).status, 200);
    assert.equal(waiting.length, 1);
    // Begun and not done: not yet handled for the platform.
    assert.equal((await handler(toRequest(make()), context)).status, 503);
    finish();
    assert.equal(await waiting[0], true);
    assert.equal((await handler(toRequest(make()), context)).status, 200);
    assert.equal(waiting.length, 1);
  });

  it("WH9 refusals tell nothing: 401, 400, 405, 413, each without a word", async () => {
    const { handler, events, errors } = build();
    const old = make({ at: NOW - 901_000 });
    for (const [request, status] of [
      [toRequest(make({ key: "x" })), 401],
      [toRequest({ ...make(), headers: {} }), 401],
      [toRequest(old), 401],
      [toRequest(make({ body: "" })), 400],
      [toRequest(make({ body: "no JSON" })), 400],
      [toRequest(make({ body: Buffer.alloc(1_000_001, 32) })), 413],
      [new Request("https://shop.example/webhooks"), 405],
    ]) {
      assert.deepEqual(await read(await handler(request)), [status, {}]);
    }
    assert.deepEqual(errors, [
      "signature_mismatch",
      "signature_mismatch",
      "timestamp_out_of_range",
      "malformed_response",
      "malformed_response",
      "bad_request",
    ]);
    assert.equal(events.length, 0);
  });

  it("WH9 a body that comes a byte at a time is given up after 10 s", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { handler, events } = build();
    let isCancelled = false;
    const slow = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array([123])),
      cancel() {
        isCancelled = true;
      },
    });
    const waiting = handler(toRequest({ ...make(), body: slow }));
    for (let round = 0; round < 5; round += 1) await new Promise(setImmediate);
    t.mock.timers.tick(10_000);
    assert.deepEqual(await read(await waiting), [408, {}]);
    assert.deepEqual([isCancelled, events.length], [true, 0]);
  });

  it("WH2 a parsed body is a mistake of the application, not of the sender", async () => {
    const { handler } = build();
    await rejects(handler({ ...make(), body: JSON.parse(BODY) }), "invalid_argument");
  });

  it("WH7 twice at once: one run, and the other is not told that it is done", async () => {
    let finish;
    let runs = 0;
    const { handler } = build({
      onEvent: () => {
        runs += 1;
        return new Promise((resolve) => (finish = resolve));
      },
    });
    const first = handler(toRequest(make()));
    assert.equal((await handler(toRequest(make()))).status, 503);
    finish();
    assert.equal((await first).status, 200);
    assert.equal(runs, 1);
    assert.equal((await handler(toRequest(make()))).status, 200);
    assert.equal(runs, 1);
  });

  it("WH7 work that fails is answered 500 and done again: two runs", async () => {
    let runs = 0;
    const { handler, errors } = build({
      onEvent: () => {
        runs += 1;
        if (runs === 1) throw new Error("first");
      },
    });
    assert.deepEqual(await read(await handler(toRequest(make()))), [500, {}]);
    assert.deepEqual(errors, ["first"]);
    assert.equal((await handler(toRequest(make()))).status, 200);
    assert.equal(runs, 2);
  });

  it("WH7 a later try with a new timestamp and id is the same event, for 24 hours", async () => {
    const replay = makeStore();
    let now = NOW;
    const { handler, events } = build({ replay, now: () => now });
    assert.equal((await handler(toRequest(make()))).status, 200);
    for (const minutes of [3, 135, 23 * 60]) {
      now = NOW + minutes * 60_000;
      replay.now = now;
      const again = await handler(toRequest(make({ at: now, id: `r-${minutes}` })));
      assert.equal(again.status, 200);
    }
    assert.equal(events.length, 1);
    now = NOW + 25 * 60 * 60_000;
    replay.now = now;
    await handler(toRequest(make({ at: now })));
    assert.equal(events.length, 2);
    await handler(toRequest(make({ at: now, body: BODY.replace("123", "124") })));
    assert.equal(events.length, 3);
  });

  it("WH7 an id of one's own", async () => {
    const { handler, events } = build({ eventId: (event) => `id-${event.payload.list[0].id}` });
    await handler(toRequest(make()));
    await handler(toRequest(make({ body: BODY.replace("example.", "other.") })));
    assert.equal(events.length, 1);
  });

  it("WH7 an id that is none loses no event: the platform sends it again", async () => {
    for (const id of [undefined, "", 7]) {
      const { handler, events } = build({ eventId: () => id });
      const error = await rejects(handler(toRequest(make())), "invalid_argument");
      assert.ok(error.message.startsWith("eventId"), error.message);
      assert.equal(events.length, 0);
    }
  });

  it("WH7 a signature that covers no body serves once", async () => {
    const timestamp = String(NOW / 1000);
    const headers = { "Open-Trustoo-Webhook-Sign": hmac(SECRET, PUBLIC + timestamp) };
    const { handler, events, errors } = build({ rule: "public_token_timestamp" });
    assert.equal((await handler(toRequest(make({ headers })))).status, 200);
    const forged = make({ headers, body: '{"list":[]}' });
    assert.deepEqual(await read(await handler(toRequest(forged))), [401, {}]);
    assert.deepEqual([events.length, errors], [1, ["already_received"]]);
  });

  it("WH8 a store that is down: the work is done and the event says so, or 503", async () => {
    const replay = makeStore();
    replay.isDown = true;
    const accepting = build({ replay });
    assert.equal((await accepting.handler(toRequest(make()))).status, 200);
    assert.equal(accepting.events[0].replay, "store_unavailable");
    assert.deepEqual(accepting.errors, ["store_unavailable"]);
    const refusing = build({ replay, onReplayStoreDown: "refuse" });
    assert.equal((await refusing.handler(toRequest(make()))).status, 503);
    assert.equal(refusing.events.length, 0);
  });

  it("a process that dies leaves an event that is done again after a while", async () => {
    const replay = makeStore();
    const dead = build({ replay, answerWithinMs: 1, onEvent: () => new Promise(() => {}) });
    await dead.handler(toRequest(make()));
    const { handler, events } = build({ replay, now: () => replay.now });
    replay.now += 9 * 60_000;
    assert.equal((await handler(toRequest(make({ at: replay.now })))).status, 503);
    replay.now += 2 * 60_000;
    assert.equal((await handler(toRequest(make({ at: replay.now })))).status, 200);
    assert.equal(events.length, 1);
  });

  it("options that are none are refused when it is made", () => {
    for (const [name, value] of [
      ["secrets", " "],
      ["onEvent", undefined],
      ["onError", 7],
      ["eventId", 7],
      ["rememberMs", 3_600_000],
      ["answerWithinMs", 3_001],
      ["workMs", 0],
    ]) {
      const make = () => webhookHandler({ ...options(), onEvent() {}, [name]: value });
      const error = fails(make, "invalid_argument", name);
      assert.ok(error.message.startsWith(name), error.message);
    }
  });
});

describe("frameworks", () => {
  const seen = [];
  const handler = webhookHandler({
    ...{ provider: "trustoo", secrets: SECRET },
    onEvent: (event) => seen.push(event.payload.list[0].id),
  });
  /** Sends a delivery, a forged one and one that lies. */
  async function tryIt(address) {
    seen.length = 0;
    const send = async ({ headers, body }) => {
      const answer = await fetch(address, { method: "POST", headers, body });
      return [answer.status, await answer.json()];
    };
    const at = Date.now();
    assert.deepEqual(await send(make({ at })), [200, { code: 0, message: "success" }]);
    assert.deepEqual(seen, [123]);
    assert.deepEqual(await send(make({ at, key: "x" })), [401, {}]);
    assert.deepEqual(seen, [123]);
  }
  const listen = async (t, server) => {
    const listening = server.listen(0, "127.0.0.1");
    await new Promise((resolve) => listening.once("listening", resolve));
    t.after(() => listening.close());
    return `http://127.0.0.1:${listening.address().port}/webhooks`;
  };

  it("WH2 Express: raw() on the route, json() for the others", async (t) => {
    const { default: express } = await import("express");
    const app = express();
    app.post("/webhooks", express.raw({ type: "*/*", limit: "1mb" }), async (request, response) => {
      const answer = await handler(request);
      response.status(answer.status).json(await answer.json());
    });
    app.use(express.json());
    await tryIt(await listen(t, app));
  });

  it("WH2 Express: json() before it is told what to do", async (t) => {
    const { default: express } = await import("express");
    const app = express();
    app.use(express.json());
    app.post("/webhooks", async (request, response) => {
      const { message } = await rejects(handler(request), "invalid_argument");
      response.send(message);
    });
    const { headers, body } = make();
    const answer = await fetch(await listen(t, app), { method: "POST", headers, body });
    assert.match(await answer.text(), /express\.raw/);
  });

  it("WH2 Fastify: a parser of buffers in a scope of its own", async (t) => {
    const { default: fastify } = await import("fastify");
    const app = fastify();
    app.register(async (scope) => {
      scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_, body, done) =>
        done(null, body),
      );
      scope.post("/webhooks", async (request, reply) => {
        const answer = await handler({ headers: request.headers, body: request.body });
        return reply.code(answer.status).send(await answer.json());
      });
    });
    t.after(() => app.close());
    const address = await app.listen({ port: 0, host: "127.0.0.1" });
    await tryIt(`${address}/webhooks`);
  });

  it("WH2 Hono: the Request itself", async (t) => {
    const { Hono } = await import("hono");
    const { serve } = await import("@hono/node-server");
    const app = new Hono();
    app.post("/webhooks", (context) => handler(context.req.raw));
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    t.after(() => server.close());
    await tryIt(`http://127.0.0.1:${server.address().port}/webhooks`);
  });

  it("WH2 Next.js, app router: a route handler is a function of a Request", async () => {
    const POST = (request) => handler(request);
    const request = toRequest(make({ at: Date.now() }));
    assert.equal((await POST(request)).status, 200);
  });

  it("WH2 Next.js, pages router, and plain Node: the stream is collected", async (t) => {
    const { createServer } = await import("node:http");
    const { buffer } = await import("node:stream/consumers");
    const server = createServer(async (request, response) => {
      const { headers } = request;
      const answer = await handler({ headers, body: await buffer(request) });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(await answer.text());
    });
    await tryIt(await listen(t, server));
  });
});
