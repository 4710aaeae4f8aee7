// Every fault of the sandbox's API against the client, by rule and in the query: the documented
// code, the retries that help, and nothing lost.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createClient } from "plaudit";
import { bringSandbox, startSandbox } from "../../tools/sandbox.mjs";
import { ELSEWHERE, FAULTS, inQuery } from "../faults.mjs";
import { assertSilent, rejects } from "./support.mjs";

const KEY = "plaudit-demo-key";
/** Longer than any fault here but `hang`, whose attempts end with it. */
const PATIENCE = 600;

let sandbox;
before(async () => {
  await bringSandbox();
  sandbox = await startSandbox();
});
after(() => sandbox?.close());

let worlds = 0;
function makeWorld() {
  worlds += 1;
  const base = `${sandbox.url}/w/faults-${worlds}`;
  const control = async (path, body) => {
    const init = body && { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${base}/__sandbox/${path}`, init);
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  return {
    base,
    control,
    client: (options) =>
      createClient({
        provider: "trustpilot",
        apiKey: KEY,
        baseUrl: `${base}/v1`,
        cache: false,
        ...options,
      }),
    play: (fault, options) => control("faults", { fault, ...options }),
    requests: async () => (await control("requests")).requests,
  };
}

/** A sender that asks for a fault in the query of its first `times` requests. */
function asking(fault, times) {
  let left = times;
  return (request) => {
    const url = new URL(request.url);
    if (left > 0) url.searchParams.set("__fault", fault);
    left -= 1;
    return fetch(new Request(url, request));
  };
}

const ways = [
  [
    "by a rule",
    async (world, fault, options, times) => {
      await world.play(fault, { ...options, ...(times && { times }) });
      return {};
    },
  ],
  [
    "in the query",
    async (_, fault, options, times = Number.POSITIVE_INFINITY) => ({
      fetch: asking(inQuery(fault, options), times),
    }),
  ],
];

for (const [way, prepare] of ways) {
  describe(`faults ${way}`, { concurrency: 6 }, () => {
    for (const [fault, options, code, status, body, isRetried] of FAULTS) {
      const name = inQuery(fault, options);
      const timeout = fault === "hang" ? PATIENCE : 10_000;

      it(`SB10 CL24 ${name}: ${code ?? "no error"}`, async () => {
        const world = makeWorld();
        const more = await prepare(world, fault, options);
        const client = world.client({ retry: 0, timeout, ...more });
        const call = client.businessUnits.find("coffee.example");
        if (code) {
          const error = await rejects(call, code);
          assert.equal(error.status, status);
          assert.equal(error.retryable, isRetried || options.retry_after === "61");
          if (body === undefined) assert.equal(error.body, undefined);
          else assert.ok(error.body.startsWith(body), error.body);
          assert.equal(error.attempts.length, 1);
          assert.equal(error.attempts[0].code ?? error.attempts[0].status, status ?? code);
          assertSilent(error, [KEY]);
        } else {
          assert.equal((await call).displayName, "Kaffe & Søn");
        }
        const requests = await world.requests();
        assert.equal(requests.length, 1);
        assert.equal(requests[0].fault, fault);
      });

      if (!code) continue;
      it(`SB10 CL9 ${name} once: ${isRetried ? "got over" : "not tried again"}`, async () => {
        const world = makeWorld();
        const clean = await world.client().businessUnits.find("coffee.example");
        const more = await prepare(world, fault, options, 1);
        const client = world.client({ timeout, ...more });
        const begun = performance.now();
        const call = client.businessUnits.find("coffee.example");
        if (!isRetried) {
          assert.equal((await rejects(call, code)).attempts.length, 1);
          assert.ok(performance.now() - begun < 20_000, "nothing is waited for");
          if (fault === "429") return;
          assert.deepEqual(await client.businessUnits.find("coffee.example"), clean);
          return;
        }
        const { data, attempts } = await call.withResponse();
        const took = performance.now() - begun;
        assert.deepEqual(data, clean);
        assert.deepEqual(
          attempts.map((attempt) => attempt.code ?? attempt.status),
          [status ?? code, 200],
        );
        if (options.retry_after === "1") assert.ok(took >= 990, `${took} ms`);
        assert.equal((await world.requests()).length, 3);
        assert.equal(client.stats().retried, 1);
      });
    }
  });
}

describe("faults that need more than one request", { concurrency: 4 }, () => {
  it("every fault of the API that the sandbox has is in the table", async () => {
    const { kinds } = await makeWorld().control("faults");
    const ids = kinds.filter(({ area }) => area === "api").map(({ id }) => id);
    const tested = new Set([...FAULTS.map(([fault]) => fault), ...ELSEWHERE]);
    assert.deepEqual([...tested].sort(), ids.sort());
  });

  it("SB10 cors-off is nothing outside a page", async () => {
    const { client, play } = makeWorld();
    await play("cors-off");
    assert.equal((await client().businessUnits.find("coffee.example")).country, "DK");
  });

  it("SB10 cut-body: network_error, or what the half is where fetch takes it for the whole", async () => {
    const { client, play } = makeWorld();
    await play("cut-body");
    const error = await client({ retry: 0 })
      .businessUnits.find("example.com")
      .catch((thrown) => thrown);
    assert.match(error.code, /^(network_error|malformed_response)$/);
  });

  it("CL8 a body that drips past the timeout: timeout, and the retry gets it", async () => {
    const { client, play } = makeWorld();
    await play("drip", { ms: 400, times: 1 });
    const { data, attempts } = await client({ timeout: 1_500 })
      .businessUnits.find("coffee.example")
      .withResponse();
    assert.equal(data.country, "DK");
    assert.deepEqual(
      attempts.map((attempt) => attempt.code ?? attempt.status),
      ["timeout", 200],
    );
  });

  it("CL1 CL25 a fault that stays: three attempts, the last one's error", async () => {
    const { client, play, requests } = makeWorld();
    await play("503", { times: 1 });
    await play("520", { times: 1 });
    await play("status", { status: 504 });
    const error = await rejects(client().businessUnits.find("example.com"), "server_error");
    assert.equal(error.status, 504);
    assert.deepEqual(
      error.attempts.map((attempt) => attempt.status),
      [503, 520, 504],
    );
    assert.equal((await requests()).length, 3);
  });

  it("CL9 500 twice: tried again once only", async () => {
    const { client, play, requests } = makeWorld();
    await play("500");
    const error = await rejects(client().businessUnits.find("example.com"), "server_error");
    assert.equal(error.attempts.length, 2);
    assert.equal((await requests()).length, 2);
  });

  it("CL10 a POST that writes is not sent again, one that reads is", async () => {
    const { client, play, requests } = makeWorld();
    await play("503", { times: 1 });
    const { consumers } = client();
    const error = await rejects(consumers.createDisplayName("Zoë"), "server_error");
    assert.equal(error.attempts.length, 1);
    await play("503", { times: 1 });
    const { attempts } = await consumers.validateDisplayName("Zoë").withResponse();
    assert.equal(attempts.length, 2);
    assert.equal((await requests()).length, 3);
  });

  it("CL3 CL5 Retry-After in every spelling is heard where it can be read", async () => {
    const { client, play } = makeWorld();
    for (const [hint, least, most] of [
      ["90", 90, 90],
      ["date:90", 88, 91],
      ["soon", undefined],
      ["", undefined],
    ]) {
      await play("429", { retry_after: hint, times: 1 });
      const call = client({ retry: 0 }).businessUnits.find("example.com");
      const { retryAfter } = await rejects(call, "rate_limited");
      if (least === undefined) assert.equal(retryAfter, undefined, hint);
      else assert.ok(retryAfter >= least && retryAfter <= most, `${hint}: ${retryAfter}`);
    }
  });

  it("CL15 the platform's own limit: 429 after 833 calls, and no hint", async () => {
    const { client, control } = makeWorld();
    await control("config", { limits: { api: [{ calls: 3, seconds: 300 }] } });
    const { businessUnits } = client({ retry: 0 });
    for (let call = 0; call < 3; call += 1) await businessUnits.find("example.com");
    const error = await rejects(businessUnits.find("example.com"), "rate_limited");
    assert.equal(error.retryAfter, undefined);
    await control("clock", { advance: 300_000 });
    assert.equal((await businessUnits.find("example.com")).country, "US");
  });
});

describe("faults in a walk", { concurrency: 4 }, () => {
  const walk = async (pages, seen = []) => {
    for await (const { id } of pages) seen.push(id);
    return seen;
  };
  const makeWalk = async () => {
    const world = makeWorld();
    const client = world.client();
    const { id, numberOfReviews } = await client.businessUnits.find("books.example");
    return { ...world, id, total: numberOfReviews.total, units: client.businessUnits };
  };
  const route = (name) => `/v1/business-units/{id}/${name}`;

  for (const [fault, options] of [
    ["429", { retry_after: "1" }],
    ["503", {}],
    ["520", {}],
    ["cut-before-headers", {}],
    ["html", { status: 502 }],
  ]) {
    it(`CL22 ${inQuery(fault, options)} on the third page: none lost, none twice`, async () => {
      const { units, id, total, play, requests } = await makeWalk();
      await play(fault, { ...options, match: { route: route("reviews"), nth: 3 } });
      const seen = await walk(units.reviews.all(id, { perPage: 50 }));
      assert.equal(seen.length, total);
      assert.equal(new Set(seen).size, total);
      assert.equal((await requests()).length, 1 + Math.ceil(total / 50) + 1);
    });
  }

  it("CL22 one that stays names its page, and `from` goes on: none lost, none twice", async () => {
    const { units, id, total, play } = await makeWalk();
    const rule = await play("404", { match: { route: route("reviews"), nth: 3 }, times: 1 });
    assert.ok(rule.id !== undefined);
    const seen = [];
    const error = await rejects(walk(units.reviews.all(id, { perPage: 50 }), seen), "not_found");
    assert.deepEqual([error.page, seen.length], [3, 100]);
    await walk(units.reviews.all(id, { perPage: 50, from: error.page }), seen);
    assert.equal(new Set(seen).size, total);
    assert.equal(seen.length, total);
  });

  it("CL21 duplicate-page: what came is not given twice, and the walk ends", async () => {
    const { units, id, total, play, requests } = await makeWalk();
    await play("duplicate-page", { match: { route: route("reviews"), nth: 2 } });
    const seen = await walk(units.reviews.all(id, { perPage: 50 }));
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(seen.length, total - 50);
    assert.equal((await requests()).length, 1 + Math.ceil(total / 50));
  });

  for (const name of ["reviews", "all-reviews"]) {
    it(`CL20 repeated-cursor in ${name}: malformed_response, no loop`, async () => {
      const { units, id, play, requests } = await makeWalk();
      await play("repeated-cursor", { match: { route: route(name), nth: 2 } });
      const all = name === "reviews" ? units.reviews.all : units.allReviews.all;
      const seen = [];
      const error = await rejects(walk(all(id), seen), "malformed_response");
      assert.equal(new Set(seen).size, 200);
      // There is no going on from a cursor that came before.
      assert.equal(error.page, name === "reviews" ? 3 : undefined);
      assert.equal((await requests()).length, 3);
    });
  }
});
