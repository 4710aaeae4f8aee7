// Trustpilot's private endpoints through `fetch`, and links that a business makes by itself.
import assert from "node:assert/strict";
import { createCipheriv, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { createSandbox } from "plaudit/sandbox";
import { KEY, platform } from "./support.mjs";

const USER = {
  grant_type: "password",
  client_id: KEY,
  client_secret: "plaudit-demo-secret",
  username: "demo@example.com",
  password: "plaudit",
};

async function begin(config) {
  const sandbox = createSandbox({ config });
  const { token, call } = platform(sandbox);
  const bearer = await token(USER);
  const { id } = (await call("GET", "/business-units/find?name=example.com", bearer)).body;
  return { sandbox, id, call: (method, path, body) => call(method, path, bearer, body) };
}

describe("the private endpoints", () => {
  it("SB19 a reply, tags and an invitation are there afterwards", async () => {
    const { sandbox, id, call } = await begin();
    const { reviews } = (await call("GET", `/private/business-units/${id}/reviews`)).body;
    const review = reviews.find(({ companyReply }) => companyReply === null).id;
    const path = `/private/reviews/${review}`;
    assert.equal((await call("POST", `${path}/reply`, { message: "Thanks" })).status, 201);
    const tags = [{ group: "generic", value: "Test" }];
    await call("PUT", `${path}/tags`, { tags });
    const shown = (await call("GET", path)).body;
    assert.equal(shown.companyReply.text, "Thanks");
    assert.deepEqual(shown.tags.at(-1), tags[0]);
    assert.equal((await call("DELETE", `${path}/reply`)).status, 204);
    const body = { consumerEmail: "zoe@example.com", consumerName: "Zoë" };
    // It stands at a host of its own.
    const invite = `https://invitations-api.trustpilot.com/v1/private/business-units/${id}/email-invitations`;
    assert.equal((await call("POST", invite, body)).status, 202);
    const [invitation] = sandbox.data().invitations;
    assert.deepEqual([invitation.business_unit_id, invitation.body], [id, body]);
    assert.ok(sandbox.verify().ok);
    sandbox.reset("data");
    assert.deepEqual(sandbox.data(), { invitations: [], unsubscribed: [], excluded: [] });
  });

  it("SB13 none of the official collection is left out", async () => {
    const { routes } = createSandbox().routes();
    const bearer = routes.filter(({ access, official }) => access === "bearer" && official);
    assert.equal(bearer.length, 25);
    assert.ok(routes.every(({ description }) => !description.includes("501")));
  });

  it("SB14 a token that ended is 401, a token of another account 403", async () => {
    const user = { email: "demo@example.com", password: "plaudit", domains: ["books.example"] };
    const { sandbox, id, call } = await begin({ user });
    const products = `/private/business-units/${id}/products`;
    assert.equal((await call("GET", products)).status, 403);
    sandbox.config({ user: { ...user, domains: ["example.com"] } });
    assert.equal((await call("GET", products)).status, 200);
    sandbox.advance(360_000_000);
    assert.equal((await call("GET", products)).status, 401);
  });

  it("faults and limits meet them as they meet the others", async () => {
    const { sandbox, id, call } = await begin({ limits: { api: [{ calls: 2, seconds: 60 }] } });
    const templates = `/private/business-units/${id}/templates`;
    sandbox.faults.add({ fault: "503", match: { route: "/v1/private/*" }, times: 1 });
    const statuses = [];
    for (let at = 0; at < 3; at += 1) statuses.push((await call("GET", templates)).status);
    assert.deepEqual(statuses, [503, 200, 429]);
  });
});

describe("BG4 business generated links", () => {
  const text = (name) => Buffer.from(sandboxKeys[name], "base64");
  const sandboxKeys = createSandbox().config().link_keys;
  const link = (members) => {
    const iv = Buffer.alloc(16, 7);
    const cipher = createCipheriv("aes-256-cbc", text("encryption_key"), iv);
    const sealed = Buffer.concat([iv, cipher.update(JSON.stringify(members)), cipher.final()]);
    const mac = createHmac("sha256", text("authentication_key")).update(sealed).digest();
    const p = encodeURIComponent(Buffer.concat([sealed, mac]).toString("base64"));
    return `https://www.trustpilot.com/evaluate-bgl/example.com?p=${p}`;
  };

  it("are read back", () => {
    const data = { email: "zoë@example.com", name: "Zoë", ref: "1", skus: ["a+/="], tags: [] };
    assert.deepEqual(createSandbox().readLink(link(data)), { domain: "example.com", data });
  });

  it("are refused in the same words, whatever is wrong", () => {
    const sandbox = createSandbox();
    const good = link({ email: "a@b.c" });
    const { encryption_key, authentication_key } = sandboxKeys;
    const swapped = {
      encryption_key: authentication_key,
      authentication_key: encryption_key,
    };
    const wrong = { ...sandboxKeys, encryption_key: authentication_key };
    for (const [one, keys] of [
      [good.replace("?p=Bw", "?p=Cw")],
      [good.slice(0, -12)],
      ["https://x.example/"],
      [good, swapped],
      [good, wrong],
    ]) {
      assert.throws(() => sandbox.readLink(one, keys), /the link is not valid/);
    }
  });

  it("the words of the documents name the demo keys", () => {
    const docs = readFileSync(new URL("../../docs/sandbox.md", import.meta.url), "utf8");
    for (const key of Object.values(sandboxKeys)) assert.ok(docs.includes(key), key);
  });
});
