// The partner's six steps: against answers of every status, and against the sandbox.
import { createSandbox } from "plaudit/sandbox";
import { createPartner, expose, secret } from "plaudit/server";
import { assert, assertSilent, describe, fails, inspect, it, rejects } from "../kit.mjs";

const UNIT = "507f191e810c19729de860ea";
const ACCESS = "access-token-of-the-partner";
const SECRET = "partner-secret";
const json = (status, body) => Response.json(body, { status });

/** A partner whose platform answers as `answers` says, by the last part of the path but one. */
function build(answers = {}, more = {}) {
  const requests = [];
  const all = {
    oauth: () => json(200, { access_token: ACCESS, token_type: "bearer", expires_in: "359999" }),
    "business-units": () => json(200, { id: UNIT, displayName: "Shop" }),
    check: () => json(201, {}),
    key: () => json(201, { partnerCustomerKey: "customer-key-1" }),
    ...answers,
  };
  const partner = createPartner({
    partnerId: "partner-1",
    apiKey: "partner-key",
    credentials: { clientId: "partner-key", clientSecret: secret(SECRET) },
    fetch: async (request) => {
      const url = new URL(request.url);
      const kind = url.pathname
        .split("/")
        .find((part) => ["oauth", "check", "key", "find"].includes(part));
      requests.push({ kind, method: request.method, url, headers: request.headers });
      return all[kind === "find" ? "business-units" : kind](request);
    },
    ...more,
  });
  return { partner, requests };
}

const failed = (message) => ({ status: 500, message });

describe("check and createKey", () => {
  it("ask what the guide asks, with the partner's token", async () => {
    const { partner, requests } = build();
    await partner.check(UNIT);
    await partner.createKey(UNIT);
    const asked = requests.filter(({ kind }) => kind !== "oauth");
    const base = "https://api.trustpilot.com/v1/private/partners/partner-1";
    assert.deepEqual(
      asked.map(({ method, url }) => `${method} ${url.href}`),
      [`GET ${base}/check/${UNIT}`, `POST ${base}/key/${UNIT}`],
    );
    for (const { headers } of asked) {
      assert.equal(headers.get("authorization"), `Bearer ${ACCESS}`);
      assert.equal(headers.get("apikey"), null);
    }
  });

  for (const [status, expected] of [
    [200, { eligible: false, reason: "no_rights" }],
    [201, { eligible: true }],
    [403, { eligible: false, reason: "not_authorized" }],
  ]) {
    it(`check: ${status} is ${JSON.stringify(expected)}, whatever the body`, async () => {
      for (const body of [null, "", "{}", "<html>", '{"eligible":"yes"}']) {
        const { partner } = build({ check: () => new Response(body, { status }) });
        assert.deepEqual(await partner.check(UNIT), expected);
      }
    });
  }

  for (const [status, reason] of [
    [200, "no_permission"],
    [403, "not_authorized"],
    [404, "incorrect_partner_id"],
  ]) {
    it(`createKey: ${status} is ${reason}`, async () => {
      const { partner } = build({ key: () => json(status, { key: "not one" }) });
      assert.deepEqual(await partner.createKey(UNIT), { created: false, reason });
    });
  }

  it("createKey: 201 gives the body as it came, and no log shows it", async () => {
    const { partner } = build();
    const made = await partner.createKey(UNIT);
    assert.equal(made.created, true);
    assert.deepEqual(JSON.parse(expose(made.raw)), { partnerCustomerKey: "customer-key-1" });
    const shown = [JSON.stringify(made), inspect(made, { depth: 9 }), String(made.raw)].join();
    assert.ok(!shown.includes("customer-key-1"), shown);
    const bare = build({ key: () => new Response(null, { status: 201 }) });
    assert.deepEqual(await bare.partner.createKey(UNIT), { created: true, raw: null });
  });

  it("every other status is an error, and a POST is sent once", async () => {
    for (const [status, code, retryable] of [
      [204, "malformed_response", false],
      [302, "malformed_response", false],
      [400, "bad_request", false],
      [429, "rate_limited", true],
      [500, "server_error", true],
      [503, "server_error", true],
    ]) {
      const headers = { "retry-after": "7", location: "https://evil.example/" };
      const answer = () => new Response(null, { status, headers });
      const { partner, requests } = build({ check: answer, key: answer });
      for (const ask of [partner.check, partner.createKey]) {
        const error = await rejects(ask(UNIT), code, `${status}`);
        assert.deepEqual([error.status, error.retryable, error.retryAfter], [status, retryable, 7]);
      }
      assert.equal(requests.filter(({ kind }) => kind === "key").length, 1);
    }
    const { partner } = build({ check: () => json(404, {}) });
    await rejects(partner.check(UNIT), "not_found");
  });

  it("no answer, no time, and a caller who leaves", async () => {
    const broken = build({
      check: () => {
        throw new TypeError("fetch failed");
      },
    });
    assert.equal((await rejects(broken.partner.check(UNIT), "network_error")).retryable, true);
    const hang = (request) =>
      new Promise((_, reject) => {
        request.signal.addEventListener("abort", () => reject(request.signal.reason));
      });
    const slow = build({ check: hang }, { timeout: 20 });
    await rejects(slow.partner.check(UNIT), "timeout");
    const patient = build({ check: hang });
    const leave = new AbortController();
    const waiting = patient.partner.check(UNIT, { signal: leave.signal });
    setTimeout(() => leave.abort(), 20);
    await rejects(waiting, "aborted");
  });

  it("arguments that are none are refused by name, and nothing is sent", async () => {
    const { partner, requests } = build();
    for (const id of ["", "x", `${UNIT}/..`, undefined, 7]) {
      const error = await rejects(partner.check(id), "invalid_argument");
      assert.ok(error.message.startsWith("businessUnitId"), error.message);
    }
    assert.equal(requests.length, 0);
    for (const [name, value] of [
      ["partnerId", ""],
      ["partnerId", "../x"],
      ["partnerId", undefined],
      ["apiKey", undefined],
      ["credentials", undefined],
      ["tokens", {}],
      ["timeout", 0],
      ["fetch", 7],
      ["baseUrl", "http://a.example"],
    ]) {
      const error = fails(() => build({}, { [name]: value }), "invalid_argument", name);
      assert.ok(error.message.startsWith(name), error.message);
    }
  });

  it("tokens of one's own", async () => {
    const seen = [];
    const tokens = {
      token: async () => "own",
      fetch: async (url, init) => {
        seen.push([init.method, url]);
        return json(201, {});
      },
    };
    const { partner } = build({}, { credentials: undefined, tokens });
    assert.deepEqual(await partner.check(UNIT), { eligible: true });
    assert.equal(seen.length, 1);
    const asked = () =>
      partner.customerAuthorization({ redirectUri: "https://a.example/", state: "s" });
    assert.ok(fails(asked, "invalid_argument").message.startsWith("credentials"));
  });
});

describe("onboard", () => {
  const PERMISSIONS = /Settings > Partnership Permissions.*Admin.*connect module/;
  for (const [what, answers, expected, todo] of [
    [
      "1: the platform does not take the credentials",
      { oauth: () => json(401, { error: "invalid_client" }) },
      { number: 1, step: "credentials", reason: "credentials_refused", who: "you" },
      /Partner Manager/,
    ],
    [
      "3: there is no such domain",
      { "business-units": () => json(404, { message: "Business unit not found" }) },
      { number: 3, step: "business_unit", reason: "unknown_domain", who: "customer" },
      /Trustpilot domain/,
    ],
    [
      "3: the lookup fails",
      { "business-units": () => json(401, {}) },
      { number: 3, step: "business_unit", reason: "lookup_failed", who: "you" },
      /API key/,
    ],
    [
      "4: the customer has no rights",
      { check: () => json(200, {}) },
      { number: 4, step: "permissions", reason: "no_rights", who: "customer" },
      PERMISSIONS,
    ],
    [
      "4: incorrect authentication",
      { check: () => json(403, {}) },
      { number: 4, step: "permissions", reason: "not_authorized", who: "you" },
      /Incorrect authentication for Business Unit/,
    ],
    [
      "4: the call fails",
      { check: () => json(500, failed("x")) },
      { number: 4, step: "permissions", reason: "call_failed", who: "you" },
      /see the error/,
    ],
    [
      "5: the customer has no permission",
      { key: () => json(200, {}) },
      { number: 5, step: "key", reason: "no_permission", who: "customer" },
      PERMISSIONS,
    ],
    [
      "5: another partner's id",
      { key: () => json(404, {}) },
      { number: 5, step: "key", reason: "incorrect_partner_id", who: "you" },
      /Partner ID/,
    ],
  ]) {
    it(`stops at step ${what}`, async () => {
      const { partner, requests } = build(answers);
      const told = [];
      const result = await partner.onboard("shop.example", { onStep: (it) => told.push(it) });
      const { number, step, reason, who } = result;
      assert.equal(result.onboarded, false);
      assert.deepEqual({ number, step, reason, who }, expected);
      assert.match(result.todo, todo);
      assert.deepEqual(told, result.steps);
      assert.deepEqual(
        result.steps.map((it) => `${it.number} ${it.state}`),
        Array.from(
          { length: number },
          (_, at) => `${at + 1} ${at + 1 < number ? "done" : "failed"}`,
        ),
      );
      assert.equal(result.businessUnit?.id, number > 3 ? UNIT : undefined);
      if (number < 5) assert.ok(!requests.some(({ kind }) => kind === "key"));
      const shown = [JSON.stringify(result), inspect(result, { depth: 9 })].join();
      for (const hidden of [SECRET, ACCESS]) assert.ok(!shown.includes(hidden));
      if (result.error) assertSilent(result.error, [SECRET, ACCESS]);
    });
  }

  it("stops at step 2 where no token comes", async () => {
    const tokens = {
      token: async () => {
        throw Object.assign(new Error("later"), { name: "PlauditError", code: "token_pending" });
      },
      fetch: async () => assert.fail("nothing is sent without a token"),
    };
    const { partner } = build({}, { tokens });
    const result = await partner.onboard("shop.example");
    assert.deepEqual([result.number, result.reason], [2, "no_token"]);
    assert.equal(result.error.code, "token_pending");
  });

  it("a domain that is none is the customer's to mend", async () => {
    const { partner } = build();
    const result = await partner.onboard("https://shop.example/");
    assert.deepEqual([result.number, result.reason, result.who], [3, "unknown_domain", "customer"]);
  });

  it("walks all six: the key, and where the customer signs in", async () => {
    const { partner, requests } = build();
    const authorization = { redirectUri: "https://app.example/back", state: "St8" };
    const result = await partner.onboard("shop.example", { authorization });
    assert.equal(result.onboarded, true);
    assert.equal(result.businessUnit.id, UNIT);
    assert.match(expose(result.key), /customer-key-1/);
    assert.deepEqual(
      result.steps.map(({ step, state }) => `${step} ${state}`),
      [
        "credentials done",
        "token done",
        "business_unit done",
        "permissions done",
        "key done",
        "authorization waiting",
      ],
    );
    assert.deepEqual(
      requests.map(({ kind }) => kind),
      ["oauth", "find", "check", "key"],
    );
    assert.equal(requests[1].headers.get("apikey"), "partner-key");
    const url = new URL(result.authorization.url);
    assert.equal(url.origin, "https://authenticate.trustpilot.com");
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      response_type: "code",
      client_id: "partner-key",
      redirect_uri: "https://app.example/back",
      state: "St8",
    });
  });

  it("what is wrong with the call is thrown", async () => {
    const { partner, requests } = build();
    await rejects(partner.onboard("shop.example", { onStep: 7 }), "invalid_argument");
    const authorization = { redirectUri: "no address", state: "s" };
    await rejects(partner.onboard("shop.example", { authorization }), "invalid_argument");
    assert.equal(requests.length, 0, "no key was made");
    const signal = AbortSignal.abort();
    await rejects(build().partner.onboard("shop.example", { signal }), "aborted");
  });
});

describe("customerAuthorization", () => {
  const back = "https://app.example/back";
  it("exchanges the code with the partner's id in a header of a name to choose", async () => {
    for (const [more, name] of [
      [{}, "partnerId"],
      [{ partnerIdHeader: "x-partner" }, "x-partner"],
    ]) {
      const { partner, requests } = build({}, more);
      const customer = partner.customerAuthorization({ redirectUri: back, state: "St8" });
      const tokens = await customer.complete(`${back}?code=c-1&state=St8`);
      assert.equal(requests.at(-1).headers.get(name), "partner-1");
      assert.equal(await tokens.token(), ACCESS);
    }
  });

  it("refuses another state, another address, and an address without an answer", async () => {
    const { partner, requests } = build();
    const customer = partner.customerAuthorization({ redirectUri: back, state: "St8" });
    await rejects(customer.complete(`${back}?code=c-1&state=other`), "state_mismatch");
    await rejects(customer.complete(`${back}?code=c-1`), "state_missing");
    await rejects(customer.complete(`${back}/x?code=c-1&state=St8`), "redirect_mismatch");
    await rejects(customer.complete(back), "malformed_response");
    await rejects(customer.complete(`${back}?error=access_denied&state=St8`), "provider_error");
    assert.equal(requests.length, 0);
  });

  it("a store without a subject would let customers share tokens", () => {
    const { partner } = build();
    const asked = () => partner.customerAuthorization({ redirectUri: back, state: "s", store: {} });
    assert.ok(fails(asked, "invalid_argument").message.startsWith("subject"));
  });
});

describe("the sandbox's partner", () => {
  const sandbox = createSandbox();
  const partner = createPartner({
    partnerId: "plaudit-demo-partner",
    apiKey: "plaudit-demo-partner-key",
    credentials: { clientId: "plaudit-demo-partner-key", clientSecret: "plaudit-demo-secret" },
    baseUrl: "http://127.0.0.1:8787/v1",
    fetch: sandbox.fetch,
  });

  it("onboards those who let it, and tells the others what to do", async () => {
    const result = await partner.onboard("example.com");
    assert.equal(result.onboarded, true, inspect(result));
    assert.match(expose(result.key), /partnerCustomerKey/);
    const { id } = result.businessUnit;
    assert.deepEqual(await partner.check(id), { eligible: true });
    sandbox.config({ partner_permissions: [] });
    assert.deepEqual(await partner.check(id), { eligible: false, reason: "no_rights" });
    assert.deepEqual(await partner.createKey(id), { created: false, reason: "no_permission" });
    const stopped = await partner.onboard("example.com");
    assert.deepEqual([stopped.number, stopped.who], [4, "customer"]);
    const unknown = await partner.onboard("no-such-shop.example");
    assert.deepEqual([unknown.number, unknown.reason], [3, "unknown_domain"]);
    assert.deepEqual(await partner.check("0".repeat(24)), {
      eligible: false,
      reason: "not_authorized",
    });
  });
});
