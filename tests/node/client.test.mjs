// createClient against the sandbox: every fault of its API, and what callers can do wrong.
// client-retry, client-cache and client-pages have the rest.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "plaudit";
import { bringSandbox, startSandbox } from "../../tools/sandbox.mjs";
import { assertSilent, eachStrange, fails, rejects } from "./support.mjs";

const KEY = "plaudit-demo-key";
/** What the sandbox does not know, and a real platform may be given. */
const OTHER_KEY = "another-key";
const CANARY = "Key-Canary-6Wz";
const LOCAL = "http://127.0.0.1:1/v1";

let sandbox;
before(async () => {
  await bringSandbox();
  sandbox = await startSandbox();
});
after(() => sandbox?.close());

let worlds = 0;
/** A client of a world of its own, with its control interface. */
function makeWorld() {
  worlds += 1;
  const base = `${sandbox.url}/w/client-${worlds}`;
  const control = async (path, body) => {
    const init = body && { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${base}/__sandbox/${path}`, init);
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  return {
    baseUrl: `${base}/v1`,
    // retries and what is kept have files of their own
    client: (options) =>
      createClient({
        provider: "trustpilot",
        apiKey: KEY,
        baseUrl: `${base}/v1`,
        retry: 0,
        cache: false,
        ...options,
      }),
    fault: (fault, options) => control("faults", { fault, ...options }),
    requests: async () => (await control("requests?route=/v1/business-units/find")).requests,
  };
}

describe("find", () => {
  it("gives the platform's business unit, the key in the header", async () => {
    const { client, requests } = makeWorld();
    const unit = await client().businessUnits.find("trustpilot.com");
    assert.match(unit.id, /^[0-9a-f]{24}$/);
    assert.equal(unit.name.identifying, "trustpilot.com");
    assert.equal(unit.country, "DK");
    assert.equal(unit.numberOfReviews.total, 1204);
    assert.equal(typeof unit.score.trustScore, "number");
    const [request] = await requests();
    assert.equal(request.method, "GET");
    assert.equal(request.query, "name=trustpilot.com");
    assert.notEqual(request.apikey, null);
  });

  it("gives it with the key in the query, without a header of its own", async () => {
    const { client } = makeWorld();
    const requests = [];
    const spy = (request) => {
      requests.push(request);
      return fetch(request);
    };
    const unit = await client({ keyIn: "query", fetch: spy }).businessUnits.find("example.com");
    assert.equal(unit.displayName, "Example Store");
    const { searchParams } = new URL(requests[0].url);
    assert.deepEqual(Object.fromEntries(searchParams), { name: "example.com", apikey: KEY });
    assert.equal(requests[0].headers.get("apikey"), null);
  });

  it("gives it through a proxy, which has the key", async (t) => {
    const { baseUrl } = makeWorld();
    const seen = [];
    const proxy = createServer(async (request, response) => {
      seen.push(request);
      const path = request.url.replace("/api/trustpilot", "");
      const answer = await fetch(baseUrl + path, { headers: { apikey: KEY } });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(await answer.text());
    }).listen(0, "127.0.0.1");
    t.after(() => proxy.close());
    await once(proxy, "listening");
    const address = `http://127.0.0.1:${proxy.address().port}/api/trustpilot`;
    for (const own of [address, `${address}/`]) {
      const client = createClient({ provider: "trustpilot", proxy: own });
      const unit = await client.businessUnits.find("bikes.example");
      assert.equal(unit.displayName, "Radwerk Köln");
    }
    for (const { headers, url } of seen) {
      assert.equal(headers.apikey, undefined);
      assert.equal(url, "/api/trustpilot/business-units/find?name=bikes.example");
    }
  });

  it("gives what it does not know as it is", async () => {
    const answer = { id: "1", brandNew: { a: [1] }, status: "who-knows", score: null };
    const client = createClient({
      provider: "trustpilot",
      apiKey: OTHER_KEY,
      fetch: async () => Response.json(answer),
    });
    assert.deepEqual(await client.businessUnits.find("a.example"), answer);
  });

  it("goes to Trustpilot unless told otherwise, with an accepted header or none (CL30)", async () => {
    const requests = [];
    const send = async (request) => {
      requests.push(request);
      return Response.json({ id: "1" });
    };
    const client = createClient({ provider: "trustpilot", apiKey: CANARY, fetch: send });
    await client.businessUnits.find("münchen.example");
    const [request] = requests;
    assert.ok(request instanceof Request);
    assert.equal(request.method, "GET");
    assert.equal(request.headers.get("apikey"), CANARY);
    assert.equal(new URL(request.url).origin, "https://api.trustpilot.com");
    assert.equal(new URL(request.url).pathname, "/v1/business-units/find");
    assert.equal(new URL(request.url).searchParams.get("name"), "münchen.example");
    assert.ok(request.signal instanceof AbortSignal);
    for (const [name] of request.headers) assert.match(name, /^(accept|apikey)$/);
  });

  it("refuses what is no domain before anything is sent", async () => {
    const send = () => assert.fail("a request was sent");
    const client = createClient({ provider: "trustpilot", apiKey: OTHER_KEY, fetch: send });
    const bad = [
      ...["", "example", "https://example.com", "example.com/", "a b.com", "example.com?x=1"],
      ...["a..b", ".com", "a@b.com", "example.com\n", "example.com#", `${"a".repeat(250)}.com`],
      ...[undefined, null, 5, {}, ["a.com", "b.com"], Symbol("s")],
    ];
    for (const domain of bad) {
      await rejects(client.businessUnits.find(domain), "invalid_argument", String(domain));
    }
  });
});

describe("answers that are errors", () => {
  it("not_found: 404 for a domain that nobody knows", async () => {
    const error = await rejects(
      makeWorld().client().businessUnits.find("nobody.example"),
      "not_found",
    );
    assert.equal(error.status, 404);
    assert.equal(error.retryable, false);
    assert.match(error.body, /not found/);
  });

  it("unauthorized: a key that is not known", async () => {
    const client = makeWorld().client({ apiKey: CANARY });
    const error = await rejects(client.businessUnits.find("example.com"), "unauthorized");
    assert.equal(error.status, 401);
    assert.equal(error.description, "Invalid ApiKey");
  });

  // fault, its options: code, status, retryable, what the body holds
  const table = [
    ["401", {}, "unauthorized", 401, false, /Invalid ApiKey/],
    ["403", {}, "forbidden", 403, false, /Forbidden/],
    ["404", {}, "not_found", 404, false, /Not Found/],
    ["429", {}, "rate_limited", 429, true, /quota/i],
    ["500", {}, "server_error", 500, true, /Internal Server Error/],
    ["503", {}, "server_error", 503, true, /Service Unavailable/],
    ["520", {}, "server_error", 520, true, /^error code: 520\n$/],
    ["status", { status: 400 }, "bad_request", 400, false, /Bad Request/],
    ["status", { status: 408 }, "bad_request", 408, true, /Request Timeout/],
    ["status", { status: 418 }, "bad_request", 418, false, /teapot/],
    ["status", { status: 501 }, "server_error", 501, false, /Not Implemented/],
    ["status", { status: 502 }, "server_error", 502, true, /Bad Gateway/],
    ["status", { status: 504 }, "server_error", 504, true, /Gateway Timeout/],
    ["html", {}, "malformed_response", 200, false, /^<!doctype html>/],
    ["html", { status: 502 }, "server_error", 502, true, /^<!doctype html>/],
    ["html", { status: 404 }, "not_found", 404, false, /^<!doctype html>/],
    ["truncated-json", {}, "malformed_response", 200, false, /^\{/],
    ["wrong-shape", {}, "malformed_response", 200, false, /^\["sandbox"\]$/],
    ["empty", {}, "malformed_response", 200, false, /^$/],
    ["bug", {}, "server_error", 500, true, /itself has failed/],
    ["cut-before-headers", {}, "network_error", undefined, true],
    ["hang", {}, "timeout", undefined, true],
  ];
  for (const [fault, options, code, status, retryable, body] of table) {
    it(`CL24 ${fault} ${JSON.stringify(options)}: ${code}`, async () => {
      const { client, fault: play, requests } = makeWorld();
      await play(fault, options);
      const timeout = fault === "hang" ? 100 : 5_000;
      const error = await rejects(client({ timeout }).businessUnits.find("example.com"), code);
      assert.equal(error.status, status);
      assert.equal(error.retryable, retryable);
      if (body) assert.match(error.body, body);
      else assert.equal(error.body, undefined);
      if (code === "network_error") assert.ok(error.cause instanceof Error);
      // what logs show has no body
      assert.equal("body" in JSON.parse(JSON.stringify(error)), false);
      assert.equal((await requests()).length, 1);
    });
  }

  it("CL24 cut-body: network_error, or what the half is where fetch takes it for the whole", async () => {
    const { client, fault } = makeWorld();
    await fault("cut-body");
    const error = await client()
      .businessUnits.find("example.com")
      .catch((thrown) => thrown);
    // Node 20's fetch does so when the server said `connection: close`
    assert.match(error.code, /^(network_error|malformed_response)$/);
  });

  it("CL24 a body cut short of its length: network_error", async (t) => {
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"id":', () => response.destroy());
    }).listen(0, "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
    const baseUrl = `http://127.0.0.1:${server.address().port}`;
    const client = createClient({ provider: "trustpilot", apiKey: KEY, baseUrl });
    const error = await rejects(client.businessUnits.find("example.com"), "network_error");
    assert.ok(error.cause instanceof Error);
    assert.equal(error.retryable, true);
  });

  for (const [fault, options] of [
    ["delay", { ms: 60 }],
    ["drip", { ms: 5 }],
    ["date-skew", {}],
    ["wrong-type", {}],
    ["cors-off", {}],
  ]) {
    it(`${fault}: no error outside a page`, async () => {
      const { client, fault: play } = makeWorld();
      await play(fault, options);
      const start = performance.now();
      assert.equal((await client().businessUnits.find("example.com")).country, "US");
      if (options.ms) assert.ok(performance.now() - start >= options.ms - 5);
    });
  }

  it("this file knows every fault of the API that the sandbox has", async () => {
    const { kinds } = await (await fetch(`${sandbox.url}/__sandbox/faults`)).json();
    const known = new Set([
      ...table.map(([fault]) => fault),
      ...["delay", "drip", "date-skew", "cut-body", "wrong-type", "cors-off"],
      // in client-sandbox.test.mjs
      ...["duplicate-page", "repeated-cursor"],
    ]);
    const unknown = kinds.filter(({ area, id }) => area === "api" && !known.has(id));
    assert.deepEqual(
      unknown.map(({ id }) => id),
      [],
    );
  });

  it("CL24 keeps at most 64 KB of a body", async () => {
    const fetch = async () => new Response("x".repeat(200_000), { status: 500 });
    const client = createClient({ provider: "trustpilot", apiKey: OTHER_KEY, fetch });
    const error = await rejects(client.businessUnits.find("example.com"), "server_error");
    assert.equal(error.body.length, 65_536);
  });

  it("a fault passes, and the next call works", async () => {
    const { client, fault } = makeWorld();
    await fault("503", { times: 1 });
    const { businessUnits } = client();
    await rejects(businessUnits.find("example.com"), "server_error");
    assert.equal((await businessUnits.find("example.com")).country, "US");
  });

  it("network_error: nobody listens", async () => {
    const client = createClient({
      provider: "trustpilot",
      apiKey: CANARY,
      keyIn: "query",
      baseUrl: LOCAL,
    });
    const error = await rejects(client.businessUnits.find("example.com"), "network_error");
    assert.equal(error.retryable, true);
    assert.ok(error.cause instanceof Error);
    assertSilent(error, [CANARY]);
  });
});

describe("Retry-After", () => {
  for (const [hint, expected] of [
    ["2", 2],
    ["2.0", 2],
    ["0.5", 0.5],
    ["0", 0],
    ["9000000", 9_000_000],
    ["-1", undefined],
    ["abc", undefined],
    ["1e3", undefined],
    ["0x10", undefined],
    ["Infinity", undefined],
    ["2 s", undefined],
    ["", undefined],
  ]) {
    it(`CL3 ${JSON.stringify(hint)} is ${expected}`, async () => {
      const fetch = async () =>
        Response.json({}, { status: 429, headers: { "retry-after": hint } });
      const client = createClient({ provider: "trustpilot", apiKey: OTHER_KEY, fetch });
      const error = await rejects(client.businessUnits.find("example.com"), "rate_limited");
      assert.equal(error.retryAfter, expected);
      assert.equal("retryAfter" in error, expected !== undefined);
      assert.equal(error.retryable, true);
    });
  }

  it("CL3 an HTTP date is the difference to our clock, one of the past 0", async () => {
    const { client, fault } = makeWorld();
    await fault("429", { retry_after: "date:30", times: 1 });
    await fault("503", { retry_after: "date:0" });
    const first = await rejects(client().businessUnits.find("example.com"), "rate_limited");
    assert.ok(first.retryAfter >= 28 && first.retryAfter <= 31, String(first.retryAfter));
    const second = await rejects(client().businessUnits.find("example.com"), "server_error");
    assert.equal(second.retryAfter, 0);
  });
});

describe("abort", () => {
  const reasons = {
    "an Error": new Error("mine"),
    "a string": "mine",
    nothing: undefined,
    null: null,
  };
  for (const [name, reason] of Object.entries(reasons)) {
    it(`CL12 CL13 ${name}, before the call: nothing is sent`, async () => {
      let calls = 0;
      const send = async () => {
        calls += 1;
        return Response.json({ id: "1" });
      };
      const client = createClient({ provider: "trustpilot", apiKey: OTHER_KEY, fetch: send });
      const controller = new AbortController();
      controller.abort(reason);
      const call = client.businessUnits.find("example.com", { signal: controller.signal });
      const error = await rejects(call, "aborted");
      assert.equal(error.cause, controller.signal.reason);
      assert.equal(error.retryable, false);
      assert.equal(calls, 0);
    });

    it(`CL12 CL13 ${name}, while it waits for the answer`, async () => {
      const { client, fault } = makeWorld();
      await fault("hang");
      const controller = new AbortController();
      const call = client().businessUnits.find("example.com", { signal: controller.signal });
      setTimeout(() => controller.abort(reason), 30);
      const error = await rejects(call, "aborted");
      assert.equal(error.cause, controller.signal.reason);
    });
  }

  it("CL12 while the body comes", async (t) => {
    const { client } = await stallingServer(t);
    const controller = new AbortController();
    const call = client({ timeout: 5_000 }).businessUnits.find("example.com", {
      signal: controller.signal,
    });
    setTimeout(() => controller.abort("enough"), 50);
    assert.equal((await rejects(call, "aborted")).cause, "enough");
  });

  it("CL12 although the sender is deaf to it, within a task", async () => {
    const deaf = () => new Promise(() => {});
    const client = createClient({ provider: "trustpilot", apiKey: OTHER_KEY, fetch: deaf });
    const controller = new AbortController();
    const call = client.businessUnits.find("example.com", { signal: controller.signal });
    let isSettled = false;
    const checked = rejects(call, "aborted").then(() => {
      isSettled = true;
    });
    await new Promise(setImmediate);
    controller.abort();
    await new Promise(setImmediate);
    assert.equal(isSettled, true);
    await checked;
  });

  it("CL12 the sender's own signal tells it", async () => {
    let heard;
    const send = (request) =>
      new Promise((_, reject) => {
        request.signal.addEventListener("abort", () => {
          heard = true;
          reject(new Error("stopped"));
        });
      });
    const client = createClient({ provider: "trustpilot", apiKey: OTHER_KEY, fetch: send });
    const controller = new AbortController();
    const call = client.businessUnits.find("example.com", { signal: controller.signal });
    setImmediate(() => controller.abort("why"));
    assert.equal((await rejects(call, "aborted")).cause, "why");
    assert.equal(heard, true);
  });

  it("CL12 2,000 calls leave no listener and no timer", async () => {
    const client = createClient({
      provider: "trustpilot",
      apiKey: OTHER_KEY,
      fetch: async () => new Response('{"id":"1"}'),
    });
    const { signal } = new AbortController();
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    for (let at = 0; at < 2_000; at += 1)
      await client.businessUnits.find("example.com", { signal });
    assert.equal(getEventListeners(signal, "abort").length, 0);
    assert.ok(timers() <= before, `${timers()} timers, ${before} before`);
  });

  it("an abort after the end changes nothing", async () => {
    const { client } = makeWorld();
    const controller = new AbortController();
    const { signal } = controller;
    const unit = await client().businessUnits.find("example.com", { signal });
    controller.abort();
    assert.equal(unit.country, "US");
  });

  it("a sender that throws at once, beside a signal that aborts at once", async () => {
    const controller = new AbortController();
    const send = () => {
      controller.abort("both");
      throw new Error("at once");
    };
    const client = createClient({ provider: "trustpilot", apiKey: OTHER_KEY, fetch: send });
    const call = client.businessUnits.find("example.com", { signal: controller.signal });
    assert.equal((await rejects(call, "aborted")).cause, "both");
    await new Promise(setImmediate);
  });
});

/** A server that sends half a body and then nothing. */
async function stallingServer(t) {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"id":');
  }).listen(0, "127.0.0.1");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${server.address().port}/v1`;
  return {
    client: (options) => createClient({ provider: "trustpilot", apiKey: KEY, baseUrl, ...options }),
  };
}

describe("timeout", () => {
  it("the client's, and the call's in its place", async () => {
    const { client, fault } = makeWorld();
    await fault("hang");
    for (const [own, calls] of [
      [60, {}],
      [5_000, { timeout: 60 }],
    ]) {
      const start = performance.now();
      const call = client({ timeout: own }).businessUnits.find("example.com", calls);
      const error = await rejects(call, "timeout");
      const took = performance.now() - start;
      assert.ok(took >= 55 && took < 4_500, `${took} ms`);
      assert.match(error.message, /\b60 ms/);
      assert.equal(error.retryable, true);
    }
  });

  it("CL8 covers a body that stalls", async (t) => {
    const { client } = await stallingServer(t);
    await rejects(client({ timeout: 80 }).businessUnits.find("example.com"), "timeout");
  });

  it("although the sender is deaf to it", async () => {
    const deaf = () => new Promise(() => {});
    const client = createClient({
      provider: "trustpilot",
      apiKey: OTHER_KEY,
      fetch: deaf,
      timeout: 30,
    });
    await rejects(client.businessUnits.find("example.com"), "timeout");
  });

  it("CL6 refuses a timer that would fire at once", async () => {
    for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2_147_483_648]) {
      fails(
        () => createClient({ provider: "trustpilot", apiKey: OTHER_KEY, timeout }),
        "invalid_argument",
      );
      const client = createClient({ provider: "trustpilot", apiKey: KEY, baseUrl: LOCAL });
      await rejects(client.businessUnits.find("example.com", { timeout }), "invalid_argument");
    }
    createClient({ provider: "trustpilot", apiKey: OTHER_KEY, timeout: 2_147_483_647 });
  });
});

describe("a fetch of one's own", () => {
  const client = (fetch) =>
    createClient({ provider: "trustpilot", apiKey: OTHER_KEY, fetch, retry: 0 });

  it("is called once, as a function, with a Request alone", async () => {
    const calls = [];
    async function send(...args) {
      calls.push([this, args]);
      return Response.json({ id: "1" });
    }
    await client(send).businessUnits.find("example.com");
    assert.equal(calls.length, 1);
    assert.equal(calls[0][0], undefined);
    assert.equal(calls[0][1].length, 1);
    assert.ok(calls[0][1][0] instanceof Request);
  });

  it("may fail, at once or later: network_error with its error as cause", async () => {
    const cause = new Error("mine");
    const senders = [
      () => {
        throw cause;
      },
      () => Promise.reject(cause),
    ];
    for (const send of senders) {
      const error = await rejects(client(send).businessUnits.find("example.com"), "network_error");
      assert.equal(error.cause, cause);
    }
  });

  it("may answer with nonsense", async () => {
    for (const answer of [undefined, null, 5, {}, "text"]) {
      await rejects(client(async () => answer).businessUnits.find("example.com"), "network_error");
    }
    for (const body of ["null", "5", "[]", '{"id":null}', "{}", '"id"']) {
      const send = async () => new Response(body);
      const error = await rejects(
        client(send).businessUnits.find("example.com"),
        "malformed_response",
      );
      assert.equal(error.status, 200);
      assert.equal(error.body, body);
    }
  });

  it("the global one is looked up at the call", async (t) => {
    const made = createClient({ provider: "trustpilot", apiKey: OTHER_KEY });
    const mock = t.mock.method(globalThis, "fetch", async () => Response.json({ id: "2" }));
    assert.equal((await made.businessUnits.find("example.com")).id, "2");
    assert.equal(mock.mock.callCount(), 1);
  });
});

describe("the key", () => {
  it("CL26 stands in nothing that a log could show, wherever it goes and whatever fails", async () => {
    for (const keyIn of ["header", "query"]) {
      for (const [fault, options] of [
        ...[["401"], ["403"], ["404"], ["429"], ["500"], ["520"], ["html"], ["truncated-json"]],
        ...[["wrong-shape"], ["empty"], ["cut-before-headers"], ["cut-body"], ["hang"]],
      ]) {
        const { client, fault: play } = makeWorld();
        await play(fault, options);
        const made = client({ apiKey: CANARY, keyIn, timeout: fault === "hang" ? 50 : 5_000 });
        let error;
        await made.businessUnits.find("example.com").catch((thrown) => {
          error = thrown;
        });
        assert.equal(error?.name, "PlauditError", fault);
        assertSilent(error, [CANARY]);
      }
    }
  });

  it("CL26 does not stand in an answer that says it back", async () => {
    const send = async ({ url }) => new Response(`<p>${url}</p>`, { status: 502 });
    const client = createClient({
      provider: "trustpilot",
      apiKey: CANARY,
      keyIn: "query",
      fetch: send,
    });
    const error = await rejects(client.businessUnits.find("example.com"), "server_error");
    assert.match(error.body, /apikey=\*\*\*<\/p>/);
    assertSilent(error, [CANARY]);
    assert.ok(!Object.keys(error).includes("body"));
    assert.ok(!JSON.stringify({ ...error }).includes(CANARY));
  });

  it("CL26 does not stand in the client", () => {
    const client = createClient({ provider: "trustpilot", apiKey: CANARY });
    assertSilent(client, [CANARY]);
    assertSilent(client.businessUnits, [CANARY]);
  });

  it("CL26 is not told when it cannot be used", async () => {
    for (const apiKey of ["Key Canary", "Key\nCanary", "KeyCanaryé"]) {
      const client = createClient({ provider: "trustpilot", apiKey, baseUrl: LOCAL });
      const error = await rejects(client.businessUnits.find("example.com"), "invalid_argument");
      assertSilent(error, [apiKey, "Canary"]);
    }
  });
});

describe("createClient", () => {
  it("CL17 does nothing: no request, no timer, no randomness", async (t) => {
    const timeout = t.mock.method(globalThis, "setTimeout");
    const interval = t.mock.method(globalThis, "setInterval");
    const random = t.mock.method(crypto, "getRandomValues");
    const send = t.mock.fn();
    for (const options of [{ apiKey: KEY }, { proxy: "https://app.example/api" }]) {
      createClient({ provider: "trustpilot", fetch: send, ...options });
    }
    await new Promise(setImmediate);
    for (const { mock } of [timeout, interval, random, send]) assert.equal(mock.callCount(), 0);
  });

  it("CL17 keeps no process alive after a call", async () => {
    const script = fileURLToPath(new URL("fixtures/one-call.mjs", import.meta.url));
    const args = [script, sandbox.url];
    const start = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
    assert.equal(stdout, "US not_found");
    assert.ok(performance.now() - start < 9_000, "a timer of 10 seconds was left");
  });

  it("takes a key or a proxy, not both, not none", () => {
    for (const options of [
      {},
      { apiKey: "" },
      { apiKey: OTHER_KEY, proxy: "https://app.example/api" },
      { proxy: "https://app.example/api", baseUrl: "https://api.example" },
      { proxy: "" },
    ]) {
      fails(() => createClient({ provider: "trustpilot", ...options }), "invalid_argument");
    }
    // outside a page there is nothing that it could be relative to
    fails(() => createClient({ provider: "trustpilot", proxy: "/api" }), "invalid_argument");
  });

  it("takes no base address that would show the key on the way", async () => {
    const send = () => assert.fail("a request was sent");
    for (const baseUrl of [
      ...["http://api.example/v1", "ftp://api.example", "api.example", "/v1", ""],
      ...["https://api.example/v1?x=1", "https://api.example/v1#x", "https://"],
    ]) {
      await rejects(
        (async () =>
          createClient({
            provider: "trustpilot",
            apiKey: KEY,
            baseUrl,
            fetch: send,
          }).businessUnits.find("a.example"))(),
        "invalid_argument",
        baseUrl,
      );
    }
  });

  const good = { provider: "trustpilot", apiKey: KEY, baseUrl: LOCAL };
  eachStrange((name, value) => createClient({ ...good, [name]: value }), {
    provider: { more: ["Trustoo", "Trustpilot", ["trustpilot"], "constructor"] },
    keyIn: { allowed: [undefined], more: ["body", "Header", ["query"]] },
    apiKey: {},
    timeout: { allowed: [undefined, 1.5], more: ["5", [5], new Date(5)] },
    deadline: { allowed: [undefined, 1.5], more: ["5", 2_147_483_648] },
    retry: { allowed: [undefined, 0], more: ["2", -1, 2.5] },
    cache: { allowed: [undefined, false] },
    allowance: { allowed: [undefined, false, {}] },
    fetch: { allowed: [undefined, () => "x"], more: ["fetch", { fetch }] },
  });
  // what "" is stands in the addresses above
  eachStrange((name, value) => createClient({ ...good, [name]: value }), {
    baseUrl: { allowed: [undefined, ""], more: [new URL("https://a.example")] },
  });
  eachStrange((name, value) => createClient({ provider: "trustpilot", [name]: value }), {
    proxy: { more: [new URL("https://a.example")] },
  });
  eachStrange((_, value) => createClient(value), { options: {} });

  describe("find's options", () => {
    const find = (options) => {
      const fetch = async () => Response.json({ id: "1" });
      return createClient({ ...good, fetch }).businessUnits.find("example.com", options);
    };
    eachStrange((_, value) => find(value), { options: { allowed: [undefined, {}] } });
    eachStrange((name, value) => find({ [name]: value }), {
      signal: { allowed: [undefined] },
      timeout: { allowed: [undefined, 1.5], more: ["5"] },
      deadline: { allowed: [undefined, 1.5], more: ["5"] },
      retry: { allowed: [undefined, 0], more: ["2"] },
      // CL29: what is no parameter of this call
      nope: { allowed: [undefined] },
      perPage: { allowed: [undefined] },
    });
  });
});
