// createClient's retries and walks against the sandbox, over real sockets.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createClient } from "plaudit";
import { bringSandbox, startSandbox } from "../../tools/sandbox.mjs";
import { argumentsOf, rejects } from "./support.mjs";

let sandbox;
before(async () => {
  await bringSandbox();
  sandbox = await startSandbox();
});
after(() => sandbox?.close());

let worlds = 0;
/** A client of a world of its own, with its control interface. */
function makeWorld(options) {
  worlds += 1;
  const base = `${sandbox.url}/w/engine-${worlds}`;
  const control = async (path, body) => {
    const init = body && { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${base}/__sandbox/${path}`, init);
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  const client = createClient({
    provider: "trustpilot",
    apiKey: "plaudit-demo-key",
    baseUrl: `${base}/v1`,
    ...options,
  });
  return {
    client,
    fault: (fault, own) => control("faults", { fault, ...own }),
    count: async () => (await control("requests")).requests.length,
  };
}

describe("a sandbox that fails at times", () => {
  for (const [fault, options] of [
    ["503", {}],
    ["520", {}],
    ["500", {}],
    ["429", {}],
    ["429", { retry_after: "1" }],
    ["cut-before-headers", {}],
    ["status", { status: 408 }],
    ["html", { status: 502 }],
  ]) {
    it(`CL9 CL24 ${fault} ${JSON.stringify(options)} once: the call succeeds`, async () => {
      const { client, fault: play, count } = makeWorld();
      await play(fault, { ...options, times: 1 });
      const begun = performance.now();
      const { data, attempts } = await client.businessUnits.find("example.com").withResponse();
      assert.equal(data.country, "US");
      assert.equal(attempts.length, 2);
      assert.equal(await count(), 2);
      if (options.retry_after) assert.ok(performance.now() - begun >= 1_000);
    });
  }

  it("CL8 CL9 a call that hangs is tried again", async () => {
    const { client, fault } = makeWorld({ timeout: 200 });
    await fault("hang", { times: 1 });
    const { attempts } = await client.businessUnits.find("example.com").withResponse();
    assert.deepEqual(
      attempts.map(({ code, status }) => code ?? status),
      ["timeout", 200],
    );
  });

  it("CL28 the sandbox's own Cache-Control is obeyed", async () => {
    const { client, count } = makeWorld();
    await client.businessUnits.find("example.com");
    await client.businessUnits.find("example.com");
    assert.equal(await count(), 1);
  });
});

describe("walks", () => {
  it("CL18 CL21 reviews by page, each once, in order", async () => {
    const { client, count } = makeWorld();
    const id = await client.businessUnits.idOf("trustpilot.com");
    const reviews = await client.businessUnits.reviews.all(id).toArray({ limit: 250 });
    assert.equal(reviews.length, 250);
    assert.equal(new Set(reviews.map((review) => review.id)).size, 250);
    const times = reviews.map((review) => Date.parse(review.createdAt));
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
    assert.equal(await count(), 4);
    for (const review of reviews) {
      assert.match(review.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const common = client.toReview(review);
      assert.ok(common.stars >= 1 && common.stars <= 5);
    }
  });

  it("CL19 all of a small business, and the same by token", async () => {
    const { client } = makeWorld();
    const unit = await client.businessUnits.find("example.com");
    const [byPage, byToken] = await Promise.all(
      [client.businessUnits.reviews, client.businessUnits.allReviews].map(async ({ all }) => {
        const reviews = await all(unit.id).toArray({ limit: 10_000 });
        return reviews.map(({ id }) => id).sort();
      }),
    );
    assert.ok(byPage.length > 100, `${byPage.length}`);
    assert.deepEqual(byPage, byToken);
  });

  it("CL21 a page that comes twice: each item once", async () => {
    const { client, fault } = makeWorld({ cache: false });
    const id = await client.businessUnits.idOf("trustpilot.com");
    const seen = [];
    for await (const review of client.businessUnits.reviews.all(id, { perPage: 20, limit: 60 })) {
      seen.push(review.id);
      if (seen.length === 20) await fault("duplicate-page", { times: 1 });
    }
    assert.equal(seen.length, 60);
    assert.equal(new Set(seen).size, 60);
  });

  it("CL20 a walk that would have no end: malformed_response", async () => {
    for (const name of ["reviews", "allReviews"]) {
      const { client, fault, count } = makeWorld({ cache: false });
      const id = await client.businessUnits.idOf("trustpilot.com");
      await fault("repeated-cursor");
      const error = await rejects(
        client.businessUnits[name].all(id).toArray({ limit: 10_000 }),
        "malformed_response",
      );
      assert.equal(error.retryable, false);
      assert.ok((await count()) <= 4, name);
    }
  });

  it("CL22 a failure on the way, and on from there", async () => {
    const { client, fault } = makeWorld({ retry: 0 });
    const id = await client.businessUnits.idOf("trustpilot.com");
    const seen = [];
    const walk = async (from) => {
      const options = { perPage: 20, limit: 100 - seen.length, from };
      for await (const review of client.businessUnits.reviews.all(id, options)) {
        seen.push(review.id);
        if (seen.length === 40 && from === undefined) await fault("503", { times: 1 });
      }
    };
    const error = await rejects(walk(), "server_error");
    assert.equal(error.page, 3);
    await walk(error.page);
    assert.equal(seen.length, 100);
    assert.equal(new Set(seen).size, 100);
  });
});

describe("every function", () => {
  it("is answered", async () => {
    const { client } = makeWorld();
    const { businessUnits, reviews } = client;
    const unit = await businessUnits.find("trustpilot.com");
    const [review] = await businessUnits.reviews.all(unit.id).toArray({ limit: 1 });
    const ids = { consumers: review.consumer.id, reviews: review.id };
    assert.equal((await reviews.get(review.id)).id, review.id);
    for (const [group, functions] of Object.entries(client)) {
      if (typeof functions === "function" || group === "conversations") continue;
      for (const name of Object.keys(functions)) {
        if (name === "idOf") continue;
        const [first, ...rest] = argumentsOf(`${group}.${name}`);
        const isId = typeof first === "string" && /^[0-9a-f]{24}$/.test(first);
        const args = [isId ? (ids[group] ?? unit.id) : first, ...rest];
        const data = await functions[name](...args);
        assert.equal(typeof data, "object", `${group}.${name}`);
      }
    }
  });
});
