// Webhooks: every rule, against signatures that the runtime's own Web Crypto made.
import { secret, verifyWebhook, webhookHandler } from "plaudit/server";
import {
  assert,
  assertSilent,
  base64Of,
  bytes,
  describe,
  fails,
  hmacSha256,
  it,
  NOW,
  rejects,
} from "../kit.mjs";
import { virtualTime } from "./time.mjs";
import { BODY, hmac, make, PUBLIC, SECRET, toRequest } from "./webhooks-support.mjs";

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
    const made = await make();
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
      assert.deepEqual(event.bytes, made.body);
      assert.equal(event.replay, "unchecked");
    }
  });

  it("WH1 bytes count: a BOM, 0xFF, CRLF, the order and number of keys", async () => {
    const signed = async (body) => verifyWebhook(await make({ body }), options());
    const other = async (body) =>
      verifyWebhook({ ...(await make()), body: bytes(body) }, options());
    const bom = bytes(Uint8Array.of(0xef, 0xbb, 0xbf), BODY);
    assert.equal((await signed(bom)).payload.list[0].id, 123);
    assert.equal((await signed(`${BODY}\r\n`)).payload.list[0].id, 123);
    assert.equal((await signed('{"a":1,"a":2}')).payload.a, 2);
    // U+FFFD is what a decoder makes of 0xFF: the signature over the one is not that of the other.
    const replaced = await make({ body: '{"a":"\ufffd"}' });
    const raw = bytes('{"a":"', Uint8Array.of(0xff), '"}');
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
    const made = await make();
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
    const made = await make();
    const sign = made.headers["Open-Trustoo-Webhook-Sign"];
    const given = async (text) =>
      verifyWebhook(await make({ headers: { "Open-Trustoo-Webhook-Sign": text } }), options());
    await given(sign.toUpperCase());
    for (const text of ["", "0", sign.slice(1), sign.slice(2), `${sign}00`, "z".repeat(64)]) {
      const error = await rejects(given(text), "signature_mismatch");
      assertSilent(error, [SECRET, sign]);
    }
  });

  it("WH4 the window is closed both ways, at its edge to the second", async () => {
    const at = async (ms) => verifyWebhook(await make({ at: NOW + ms }), options());
    await at(900_000);
    await at(-900_000);
    await rejects(at(901_000), "timestamp_out_of_range");
    await rejects(at(-901_000), "timestamp_out_of_range");
    const near = options({ toleranceMs: 5_000 });
    await rejects(verifyWebhook(await make({ at: NOW - 6_000 }), near), "timestamp_out_of_range");
    for (const text of ["1e9", "abc", "-1700000000", "1700000000abc", "1700000000.5"]) {
      const headers = {
        "Open-Trustoo-Webhook-Timestamp": text,
        "Open-Trustoo-Webhook-Sign": await hmac(SECRET, `timestamp=${text}|${BODY}`),
      };
      await rejects(verifyWebhook(await make({ headers }), options()), "timestamp_out_of_range");
    }
  });

  it("WH5 a header that came twice is refused, as a list and joined", async () => {
    const made = await make();
    const sign = made.headers["Open-Trustoo-Webhook-Sign"];
    for (const headers of [
      { "Open-Trustoo-Webhook-Sign": [sign, sign] },
      { "Open-Trustoo-Webhook-Sign": `${sign}, ${sign}` },
      { "open-trustoo-webhook-sign": sign },
      { "Open-Trustoo-Webhook-Timestamp": ["1700000000", "1700000001"] },
      { "Open-Trustoo-Webhook-RequestId": ["a", "b"] },
    ]) {
      await rejects(verifyWebhook(await make({ headers }), options()), "signature_mismatch");
    }
    const headers = new Headers(made.headers);
    headers.append("open-trustoo-webhook-sign", sign);
    await rejects(verifyWebhook({ ...made, headers }, options()), "signature_mismatch");
  });

  it("WH6 a ring of secrets: the old and the new are taken, one that was removed is not", async () => {
    const old = await make({ key: "old" });
    const fresh = await make({ key: "new" });
    const ring = options({ secrets: [secret("new"), "old"] });
    await verifyWebhook(old, ring);
    await verifyWebhook(fresh, ring);
    await rejects(verifyWebhook(old, options({ secrets: ["new"] })), "signature_mismatch");
  });

  it("WH7 a replay is refused, whatever its request id, for twice the window; released, it is not", async () => {
    const replay = makeStore();
    const event = await verifyWebhook(await make(), options({ replay }));
    assert.equal(event.replay, "checked");
    assert.deepEqual(replay.calls, [["add", replay.calls[0][1], 1_800_000]]);
    await rejects(verifyWebhook(await make(), options({ replay })), "already_received");
    await rejects(
      verifyWebhook(await make({ id: "r-2" }), options({ replay })),
      "already_received",
    );
    await event.release();
    await verifyWebhook(await make(), options({ replay }));
    // Noted after the signature was found right: forgers fill no store.
    const before = replay.calls.length;
    await rejects(
      verifyWebhook(await make({ key: "x" }), options({ replay })),
      "signature_mismatch",
    );
    assert.equal(replay.calls.length, before);
  });

  it("WH7 twice at once: one is taken", async () => {
    const replay = makeStore();
    const both = [1, 2].map(async () => verifyWebhook(await make(), options({ replay })));
    const results = await Promise.allSettled(both);
    assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });

  it("WH8 a store that is down: taken and said so, or refused", async () => {
    const replay = makeStore();
    replay.isDown = true;
    const event = await verifyWebhook(await make(), options({ replay }));
    assert.equal(event.replay, "store_unavailable");
    await event.release();
    const refused = options({ replay, onReplayStoreDown: "refuse" });
    const error = await rejects(verifyWebhook(await make(), refused), "store_unavailable");
    assert.equal(error.retryable, true);
  });

  it("WH9 more than 1 MB is not hashed, whatever content-length says", async () => {
    const body = new Uint8Array(1_000_001).fill(32);
    await rejects(verifyWebhook({ ...(await make()), body }, options()), "bad_request");
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(100_000));
      },
    });
    await rejects(
      verifyWebhook(toRequest({ ...(await make()), body: endless }), options()),
      "bad_request",
    );
    assert.ok(pulled < 20, `${pulled} chunks`);
    const largest = await make({ body: `"${"x".repeat(999_998)}"` });
    assert.equal((await verifyWebhook(largest, options())).payload.length, 999_998);
  });

  it("WH10 an empty body and blank secrets have errors of their own", async () => {
    await rejects(verifyWebhook(await make({ body: "" }), options()), "malformed_response");
    for (const secrets of ["", " ", "\t\n", [], ["a", " "], undefined, 7, [null]]) {
      const error = await rejects(
        verifyWebhook(await make(), options({ secrets })),
        "invalid_argument",
      );
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
        verifyWebhook(await make(), options({ [name]: value })),
        "invalid_argument",
      );
      assert.ok(error.message.startsWith(name), error.message);
    }
  });

  it("another rule, and another platform's profile", async () => {
    const timestamp = String(NOW / 1000);
    const headers = { "Open-Trustoo-Webhook-Sign": await hmac(SECRET, PUBLIC + timestamp) };
    const rule = options({ rule: "public_token_timestamp" });
    await verifyWebhook(await make({ headers }), rule);
    await rejects(verifyWebhook(await make(), rule), "signature_mismatch");
    const profile = {
      id: "own",
      signatureHeader: "X-Signature",
      signaturePrefix: "sha256=",
      encoding: "base64",
      timestampHeader: "X-Time",
      timestampUnit: "milliseconds",
      stringToSign: ["timestamp", { text: "." }, "body"],
    };
    const sign = base64Of(await hmacSha256("k", `${NOW}.{"a":1}`));
    const given = {
      headers: { "x-signature": `sha256=${sign}`, "x-time": String(NOW) },
      body: bytes('{"a":1}'),
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
    assert.deepEqual(await read(await handler(toRequest(await make()))), [
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
    assert.equal((await handler(toRequest(await make()), context)).status, 200);
    assert.equal(waiting.length, 1);
    // Begun and not done: not yet handled for the platform.
    assert.equal((await handler(toRequest(await make()), context)).status, 503);
    finish();
    assert.equal(await waiting[0], true);
    assert.equal((await handler(toRequest(await make()), context)).status, 200);
    assert.equal(waiting.length, 1);
  });

  it("WH9 refusals tell nothing: 401, 400, 405, 413, each without a word", async () => {
    const { handler, events, errors } = build();
    const old = await make({ at: NOW - 901_000 });
    for (const [request, status] of [
      [toRequest(await make({ key: "x" })), 401],
      [toRequest({ ...(await make()), headers: {} }), 401],
      [toRequest(old), 401],
      [toRequest(await make({ body: "" })), 400],
      [toRequest(await make({ body: "no JSON" })), 400],
      [toRequest(await make({ body: new Uint8Array(1_000_001).fill(32) })), 413],
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
    const request = await make();
    const time = virtualTime();
    t.after(time.restore);
    const { handler, events } = build();
    let isCancelled = false;
    const slow = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array([123])),
      cancel() {
        isCancelled = true;
      },
    });
    const waiting = handler(toRequest({ ...request, body: slow }));
    await time.advance(10_000);
    assert.deepEqual(await read(await waiting), [408, {}]);
    assert.deepEqual([isCancelled, events.length], [true, 0]);
  });

  it("WH2 a parsed body is a mistake of the application, not of the sender", async () => {
    const { handler } = build();
    await rejects(handler({ ...(await make()), body: JSON.parse(BODY) }), "invalid_argument");
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
    const first = handler(toRequest(await make()));
    assert.equal((await handler(toRequest(await make()))).status, 503);
    finish();
    assert.equal((await first).status, 200);
    assert.equal(runs, 1);
    assert.equal((await handler(toRequest(await make()))).status, 200);
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
    assert.deepEqual(await read(await handler(toRequest(await make()))), [500, {}]);
    assert.deepEqual(errors, ["first"]);
    assert.equal((await handler(toRequest(await make()))).status, 200);
    assert.equal(runs, 2);
  });

  it("WH7 a later try with a new timestamp and id is the same event, for 24 hours", async () => {
    const replay = makeStore();
    let now = NOW;
    const { handler, events } = build({ replay, now: () => now });
    assert.equal((await handler(toRequest(await make()))).status, 200);
    for (const minutes of [3, 135, 23 * 60]) {
      now = NOW + minutes * 60_000;
      replay.now = now;
      const again = await handler(toRequest(await make({ at: now, id: `r-${minutes}` })));
      assert.equal(again.status, 200);
    }
    assert.equal(events.length, 1);
    now = NOW + 25 * 60 * 60_000;
    replay.now = now;
    await handler(toRequest(await make({ at: now })));
    assert.equal(events.length, 2);
    await handler(toRequest(await make({ at: now, body: BODY.replace("123", "124") })));
    assert.equal(events.length, 3);
  });

  it("WH7 an id of one's own", async () => {
    const { handler, events } = build({ eventId: (event) => `id-${event.payload.list[0].id}` });
    await handler(toRequest(await make()));
    await handler(toRequest(await make({ body: BODY.replace("example.", "other.") })));
    assert.equal(events.length, 1);
  });

  it("WH7 an id that is none loses no event: the platform sends it again", async () => {
    for (const id of [undefined, "", 7]) {
      const { handler, events } = build({ eventId: () => id });
      const error = await rejects(handler(toRequest(await make())), "invalid_argument");
      assert.ok(error.message.startsWith("eventId"), error.message);
      assert.equal(events.length, 0);
    }
  });

  it("WH7 a signature that covers no body serves once", async () => {
    const timestamp = String(NOW / 1000);
    const headers = { "Open-Trustoo-Webhook-Sign": await hmac(SECRET, PUBLIC + timestamp) };
    const { handler, events, errors } = build({ rule: "public_token_timestamp" });
    assert.equal((await handler(toRequest(await make({ headers })))).status, 200);
    const forged = await make({ headers, body: '{"list":[]}' });
    assert.deepEqual(await read(await handler(toRequest(forged))), [401, {}]);
    assert.deepEqual([events.length, errors], [1, ["already_received"]]);
  });

  it("WH8 a store that is down: the work is done and the event says so, or 503", async () => {
    const replay = makeStore();
    replay.isDown = true;
    const accepting = build({ replay });
    assert.equal((await accepting.handler(toRequest(await make()))).status, 200);
    assert.equal(accepting.events[0].replay, "store_unavailable");
    assert.deepEqual(accepting.errors, ["store_unavailable"]);
    const refusing = build({ replay, onReplayStoreDown: "refuse" });
    assert.equal((await refusing.handler(toRequest(await make()))).status, 503);
    assert.equal(refusing.events.length, 0);
  });

  it("a process that dies leaves an event that is done again after a while", async () => {
    const replay = makeStore();
    const dead = build({ replay, answerWithinMs: 1, onEvent: () => new Promise(() => {}) });
    await dead.handler(toRequest(await make()));
    const { handler, events } = build({ replay, now: () => replay.now });
    replay.now += 9 * 60_000;
    assert.equal((await handler(toRequest(await make({ at: replay.now })))).status, 503);
    replay.now += 2 * 60_000;
    assert.equal((await handler(toRequest(await make({ at: replay.now })))).status, 200);
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
      const create = () => webhookHandler({ ...options(), onEvent() {}, [name]: value });
      const error = fails(create, "invalid_argument", name);
      assert.ok(error.message.startsWith(name), error.message);
    }
  });
});
