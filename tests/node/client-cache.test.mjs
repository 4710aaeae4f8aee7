// What createClient keeps, and for how long.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient } from "plaudit";
import { fails, fakeTime, NOW, recorder, rejects, settle } from "./support.mjs";

const KEY = "Key-Canary-9Ld";
const ID = "46d6a890000064000500e0c3";
const HOUR = 3_600_000;

function make(answer, options) {
  const { send, requests } = recorder(answer);
  const client = createClient({
    provider: "trustpilot",
    apiKey: KEY,
    fetch: send,
    allowance: false,
    retry: 0,
    ...options,
  });
  return { client, requests, find: (own) => client.businessUnits.find("example.com", own) };
}

const found = (headers, count = 1) =>
  Response.json({ id: ID, displayName: `answer ${count}` }, { headers });
const control = (value, more) => ({ "cache-control": value, ...more });

/** An adapter of a Map that notes what it is asked. */
function spyCache() {
  const entries = new Map();
  return {
    entries,
    get: (key) => entries.get(key),
    set: (key, entry) => void entries.set(key, JSON.parse(JSON.stringify(entry))),
  };
}

describe("how long answers are kept", () => {
  // headers, how long they are kept at least and at most, for scores and for resources
  const table = [
    [{}, HOUR, 168 * HOUR],
    [control("max-age=60"), 60_000, 60_000],
    [control("public, s-maxage=9, max-age=60"), 60_000, 60_000],
    [control("MAX-AGE=60"), 60_000, 60_000],
    [control('max-age="60"'), 60_000, 60_000],
    [control("max-age=60", { age: "20" }), 40_000, 40_000],
    [control("max-age=60", { age: "60" }), 0, 0],
    [control("max-age=31536000"), 24 * HOUR, 168 * HOUR],
    [control("max-age=0"), 0, 0],
    [control("no-cache"), 0, 0],
    [control("no-cache, max-age=60"), 0, 0],
    [control("no-store"), 0, 0],
    [control("private, no-store, max-age=60"), 0, 0],
    [control("nonsense"), HOUR, 168 * HOUR],
  ];
  for (const [headers, score, resource] of table) {
    it(`CL28 ${JSON.stringify(headers)}: scores ${score / 1000} s, resources ${resource / 1000} s`, async (t) => {
      const time = fakeTime(t);
      for (const [life, ask] of [
        [score, (client) => client.businessUnits.find("example.com")],
        [resource, (client) => client.resources.starImages(4.5)],
      ]) {
        const { client, requests } = make(() => found(headers));
        await ask(client);
        if (life > 0) {
          time.set(Date.now() + life - 1);
          const { fromCache } = await ask(client).withResponse();
          assert.equal(fromCache, true);
          assert.equal(requests.length, 1);
          time.set(Date.now() + 1);
        }
        await ask(client);
        assert.equal(requests.length, 2);
      }
    });
  }

  it("CL28 404 is kept for a minute, also with a long max-age", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make(
      () => new Response("{}", { status: 404, headers: control("max-age=9999") }),
    );
    await rejects(find(), "not_found");
    time.set(NOW + 59_999);
    const error = await rejects(find(), "not_found");
    assert.equal(error.status, 404);
    assert.equal(requests.length, 1);
    time.set(NOW + 60_000);
    await rejects(find(), "not_found");
    assert.equal(requests.length, 2);
  });

  it("CL28 failures are never kept, nor what is not what was asked for", async () => {
    const answers = [
      ...[400, 401, 403, 429, 500, 503].map((status) => () => new Response("{}", { status })),
      () => new Response("<html>"),
      () => new Response("{}"),
      () => {
        throw new Error("offline");
      },
    ];
    for (const answer of answers) {
      const cache = spyCache();
      const { find, requests } = make((count) => (count === 1 ? answer() : found()), { cache });
      await assert.rejects(find());
      assert.equal(cache.entries.size, 0);
      assert.equal((await find()).id, ID);
      assert.equal(requests.length, 2);
    }
  });

  it("CL28 what POST reads, and client.request, is not kept", async () => {
    const cache = spyCache();
    const { client, requests } = make(() => Response.json({ consumers: {} }), { cache });
    for (let at = 0; at < 2; at += 1) {
      await client.consumers.profiles([ID]);
      await client.request("GET", "/business-units/find", { query: { name: "example.com" } });
      await client.businessSignup.domainAvailability("example.com");
    }
    assert.equal(requests.length, 6);
    assert.equal(cache.entries.size, 0);
  });

  it("CL28 a clock that is set back makes nothing immortal", async (t) => {
    const time = fakeTime(t);
    const { find, requests } = make(() => found());
    await find();
    time.set(NOW - 365 * 24 * HOUR);
    await find();
    assert.equal(requests.length, 2);
    time.set(NOW - 365 * 24 * HOUR + HOUR - 1);
    await find();
    assert.equal(requests.length, 2);
  });

  it("CL28 some 200 answers in memory, the oldest go", async () => {
    const { client, requests } = make(() => found());
    for (let at = 0; at < 201; at += 1) await client.businessUnits.find(`n${at}.example`);
    await client.businessUnits.find("n200.example");
    await client.businessUnits.find("n1.example");
    assert.equal(requests.length, 201);
    await client.businessUnits.find("n0.example");
    assert.equal(requests.length, 202);
  });

  it("CL28 `cache: false` keeps nothing; on a call it asks, and what comes is kept", async () => {
    const off = make(() => found(), { cache: false });
    await off.find();
    await off.find();
    assert.equal(off.requests.length, 2);
    const { find, requests, client } = make((count) => found({}, count));
    await find();
    assert.equal((await find({ cache: false })).displayName, "answer 2");
    assert.equal((await find()).displayName, "answer 2");
    assert.equal(requests.length, 2);
    assert.equal(client.stats().cached, 1);
  });
});

describe("whose answers", () => {
  it("CL28 CL26 apart for each key, in the header or in the query, without holding it", async () => {
    for (const keyIn of ["header", "query"]) {
      const cache = spyCache();
      for (const apiKey of [KEY, "another"]) {
        const { find, requests } = make(() => found(), { cache, apiKey, keyIn });
        await find();
        await find();
        assert.equal(requests.length, 1, apiKey);
      }
      assert.equal(cache.entries.size, 2);
      const kept = JSON.stringify([...cache.entries]);
      assert.ok(!kept.includes(KEY) && !kept.includes("another"), kept);
    }
  });

  it("CL28 apart for each address", async () => {
    const cache = spyCache();
    for (const baseUrl of ["https://a.example/v1", "https://b.example/v1"]) {
      const { find, requests } = make(() => found(), { cache, baseUrl });
      await find();
      assert.equal(requests.length, 1);
    }
  });

  it("CL27 withResponse() of a kept answer: its own status, headers, address", async () => {
    const { client } = make(() => found(control("max-age=60", { "x-mine": "1" })), {
      keyIn: "query",
    });
    const first = await client.businessUnits.find("example.com").withResponse();
    const again = await client.businessUnits.find("example.com").withResponse();
    assert.equal(first.fromCache, false);
    assert.equal(first.attempts.length, 1);
    assert.equal(again.fromCache, true);
    assert.deepEqual(again.attempts, []);
    for (const { status, headers, url, data } of [first, again]) {
      assert.equal(status, 200);
      assert.ok(headers instanceof Headers);
      assert.equal(headers.get("x-mine"), "1");
      assert.equal(data.id, ID);
      assert.equal(new URL(url).searchParams.get("name"), "example.com");
      assert.ok(!url.includes(KEY), url);
    }
    assert.notEqual(first.data, again.data);
  });
});

describe("adapters", () => {
  it("CL28 may be asynchronous, and hold plain data", async () => {
    const texts = new Map();
    const cache = {
      get: async (key) => JSON.parse(texts.get(key) ?? "null"),
      set: async (key, entry) => void texts.set(key, JSON.stringify(entry)),
    };
    const { find, requests } = make(() => found(), { cache });
    await find();
    await settle();
    assert.equal((await find()).displayName, "answer 1");
    assert.equal(requests.length, 1);
    const [entry] = [...texts.values()].map((text) => JSON.parse(text));
    assert.deepEqual(Object.keys(entry).sort(), ["body", "headers", "status", "time"]);
  });

  it("CL28 that fail count as empty", async () => {
    const fail = () => {
      throw new Error("full");
    };
    const reject = () => Promise.reject(new Error("full"));
    for (const cache of [
      { get: fail, set: fail },
      { get: reject, set: reject },
      { get: () => null, set() {} },
    ]) {
      const { find, requests } = make(() => found(), { cache });
      await find();
      await find();
      assert.equal(requests.length, 2);
    }
    await settle();
  });

  it("CL28 what is none is invalid_argument", () => {
    for (const cache of [true, null, 5, "x", [], {}, () => {}, { get: 1 }]) {
      fails(() => make(() => found(), { cache }), "invalid_argument");
    }
  });
});

describe("ETag", () => {
  const tagged = (count, request) =>
    request.headers.get("if-none-match") === '"a"'
      ? new Response(null, { status: 304, headers: control("max-age=100") })
      : found(control("max-age=10", { etag: '"a"' }), count);

  it("CL28 A5 a kept answer is asked about, and good again after 304", async (t) => {
    const time = fakeTime(t);
    const { client, find, requests } = make(tagged);
    await find();
    time.set(NOW + 20_000);
    const again = await client.businessUnits.find("example.com").withResponse();
    assert.equal(requests[1].request.headers.get("if-none-match"), '"a"');
    assert.equal(again.status, 200);
    assert.equal(again.fromCache, true);
    assert.deepEqual(
      again.attempts.map(({ status }) => status),
      [304],
    );
    assert.equal(again.data.displayName, "answer 1");
    await settle();
    time.set(NOW + 100_000);
    await find();
    assert.equal(requests.length, 2);
    // a third time, with what the 304 left
    time.set(NOW + 130_000);
    await find();
    assert.equal(requests.length, 3);
    assert.equal(requests[2].request.headers.get("if-none-match"), '"a"');
  });

  it("CL28 A5 CL30 not from a page of another origin, whose preflight would fail", async (t) => {
    const time = fakeTime(t);
    globalThis.location = new URL("https://shop.example/page");
    t.after(() => delete globalThis.location);
    const { find, requests } = make(tagged);
    await find();
    time.set(NOW + 20_000);
    await find();
    assert.equal(requests.length, 2);
    assert.equal(requests[1].request.headers.get("if-none-match"), null);
    const own = make(tagged, { apiKey: undefined, proxy: "https://shop.example/api" });
    await own.find();
    time.set(NOW + 40_000);
    await own.find();
    assert.equal(own.requests[1].request.headers.get("if-none-match"), '"a"');
  });
});

describe("idOf", () => {
  it("gives the id, and keeps it for good, apart from the score", async (t) => {
    const time = fakeTime(t);
    const cache = spyCache();
    const { client, requests } = make(() => found(), { cache });
    assert.equal(await client.businessUnits.idOf("example.com"), ID);
    time.set(NOW + 1_000 * 24 * HOUR);
    assert.equal(await client.businessUnits.idOf("example.com"), ID);
    assert.equal(requests.length, 1);
    assert.equal(cache.entries.size, 1);
    await client.businessUnits.find("example.com");
    assert.equal(requests.length, 2);
    assert.equal(await client.businessUnits.idOf("example.com", { cache: false }), ID);
    assert.equal(requests.length, 3);
    const { client: other, requests: others } = make(() => found(), { cache });
    assert.equal(await other.businessUnits.idOf("example.com"), ID);
    assert.equal(others.length, 0);
  });

  it("is not forgotten where other answers push out its own", async () => {
    const { client, requests } = make(() => found());
    await client.businessUnits.idOf("example.com");
    for (let at = 0; at < 201; at += 1) await client.businessUnits.find(`a${at}.example`);
    const before = requests.length;
    assert.equal(await client.businessUnits.idOf("example.com"), ID);
    assert.equal(requests.length, before);
  });

  it("CL12 hears its signal while an adapter does not answer", async () => {
    const cache = { get: () => new Promise(() => {}), set() {} };
    const { client } = make(() => found(), { cache });
    const controller = new AbortController();
    const id = client.businessUnits.idOf("example.com", { signal: controller.signal });
    await settle();
    controller.abort();
    await rejects(id, "aborted");
  });

  it("fails as find does", async () => {
    const { client } = make(() => new Response("{}", { status: 404 }));
    await rejects(client.businessUnits.idOf("example.com"), "not_found");
    for (const domain of [undefined, null, 5, Symbol("s"), "x", {}]) {
      await rejects(client.businessUnits.idOf(domain), "invalid_argument");
    }
  });
});

describe("an adapter that answers nonsense", () => {
  for (const [name, entry] of [
    ["an empty object", {}],
    ["a text", "x"],
    ["a number", 7],
    ["headers that are none", { status: 200, headers: { etag: "a\nb" }, body: "{}", time: 0 }],
  ]) {
    it(`${name} counts as empty`, async () => {
      const { client, requests } = make(() => found(), { cache: { get: () => entry, set() {} } });
      assert.equal((await client.businessUnits.find("example.com")).id, ID);
      assert.equal(requests.length, 1);
    });
  }

  it("what it keeps holds no key, and no cookie", async () => {
    const cache = spyCache();
    const body = JSON.stringify({
      id: ID,
      links: [{ href: "https://x.example/?apikey=Key-12345" }],
    });
    const send = async () => new Response(body, { headers: { "set-cookie": "a=b" } });
    const client = createClient({
      provider: "trustpilot",
      apiKey: "Key-12345",
      keyIn: "query",
      baseUrl: "https://api.example/v1",
      fetch: send,
      cache,
    });
    await client.businessUnits.find("example.com");
    const kept = JSON.stringify([...cache.entries]);
    assert.ok(kept.includes(ID) && !kept.includes("Key-12345") && !kept.includes("a=b"), kept);
  });
});
