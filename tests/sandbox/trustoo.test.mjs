// Trustoo's Open API through `fetch`, and its webhooks.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { isPlauditError } from "plaudit";
import { createSandbox } from "plaudit/sandbox";

const API = "https://rapi.trustoo.io/api/v1/openapi";
const CLIENT = { client_id: "plaudit-demo-trustoo", client_secret: "plaudit-demo-secret" };
const BACK = "http://127.0.0.1:4000/";

const sign = (text) =>
  createHmac("sha256", "plaudit-demo-private-token").update(text).digest("hex");

/** A GET, or a POST where there is a body; the envelope. */
async function ask(sandbox, path, headers = {}, body) {
  const method = body === undefined ? "GET" : "POST";
  const answer = await sandbox.fetch(`${API}/${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  });
  return answer.json();
}

/** The headers of a shop that signed in. */
async function connect(sandbox, scope = "read_reviews,write_reviews") {
  const query = new URLSearchParams({ client_id: CLIENT.client_id, redirect_uri: BACK, scope });
  const { data: start } = await ask(sandbox, `get_oauth_authorize_url?${query}`);
  const form = new URL(start.authorize_url).searchParams;
  for (const [name, value] of [
    ["email", "demo@example.com"],
    ["password", "plaudit"],
    ["decision", "allow"],
  ]) {
    form.set(name, value);
  }
  const page = new URL(start.authorize_url);
  page.search = "";
  const redirect = await sandbox.fetch(page, { method: "POST", body: form });
  const code = new URL(redirect.headers.get("location")).searchParams.get("code");
  const grant = { ...CLIENT, grant_type: "authorization_code", code, redirect_uri: BACK };
  const { data } = await ask(sandbox, "oauth/token", {}, grant);
  assert.equal(typeof data.expires_in, "string");
  return { authorization: `Bearer ${data.access_token}` };
}

describe("Trustoo's Open API", () => {
  it("SB19 a shop connects, is known, writes, reads and disconnects", async () => {
    const sandbox = createSandbox();
    const shop = await connect(sandbox);
    const query = new URLSearchParams({ ...CLIENT, shop_id: "59730000001" });
    const { data: info } = await ask(sandbox, `get_shop_authorization_info?${query}`);
    assert.deepEqual(
      [info.is_authorized, info.granted_scopes],
      [true, "read_reviews,write_reviews"],
    );
    const { data: status } = await ask(sandbox, `get_shop_install_status?${query}`);
    assert.equal(status.is_installed, 1);
    const review = { rating: 4, author: "Zoë", content: "Fine" };
    const { data: made } = await ask(sandbox, "create_review", shop, review);
    const { data: list } = await ask(sandbox, "get_reviews?page_size=1", shop);
    assert.equal(list.list[0].id, made.id);
    const { data: rating } = await ask(sandbox, "get_rating?is_all_rating=1", shop);
    assert.equal(rating.review_count, list.page.count);
    assert.equal((await ask(sandbox, "oauth/disconnect", shop, {})).code, 0);
    assert.equal((await ask(sandbox, "get_reviews", shop)).code, 16);
    assert.ok(sandbox.verify().ok);
    const seen = JSON.stringify(sandbox.requests());
    for (const secret of [CLIENT.client_secret, shop.authorization.slice(7)]) {
      assert.ok(!seen.includes(secret), "SB8");
    }
  });

  it("SB14 takes a signature in place of a token", async () => {
    const sandbox = createSandbox();
    const timestamp = String(sandbox.now() / 1_000);
    const headers = (text) => ({
      "Public-Token": "plaudit-demo-public-token",
      Timestamp: timestamp,
      Sign: sign(text),
    });
    const body = { rating: 5, author: "A" };
    const signed = headers(`timestamp=${timestamp}|${JSON.stringify(body)}`);
    assert.equal((await ask(sandbox, "create_review", signed, body)).code, 0);
    const read = headers(`page=1&timestamp=${timestamp}`);
    assert.equal((await ask(sandbox, "get_reviews?page=1", read)).code, 0);
    assert.equal((await ask(sandbox, "get_reviews?page=2", read)).code, 16);
    sandbox.advance(901_000);
    assert.equal((await ask(sandbox, "get_reviews?page=1", read)).code, 16);
  });
});

/** A receiver of webhooks on this machine; `answer(count)` is what it says. */
async function receiver(answer) {
  const seen = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += part;
    seen.push({ headers: request.headers, body });
    response.end(answer(seen.length));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${server.address().port}/hook`;
  return { seen, url, close: () => new Promise((closed) => server.close(closed)) };
}

describe("Trustoo's webhooks", () => {
  it("SB5 come signed, and again until they are taken", async () => {
    const sandbox = createSandbox();
    const shop = await connect(sandbox);
    const hook = await receiver((count) => (count < 3 ? "no" : '{"code":0,"message":"success"}'));
    try {
      const asked = { topic: "review/created", url: hook.url };
      assert.equal((await ask(sandbox, "create_shop_webhook", shop, asked)).code, 0);
      await ask(sandbox, "create_review", shop, { rating: 5, author: "A" });
      const states = [];
      for (const minutes of [0, 3, 6]) {
        sandbox.advance(minutes * 60_000);
        for (const one of await sandbox.webhooks.deliver()) states.push(one.state);
        assert.deepEqual(await sandbox.webhooks.deliver(), []);
      }
      assert.deepEqual(states, ["pending", "pending", "delivered"]);
      for (const { headers, body } of hook.seen) {
        const at = headers["open-trustoo-webhook-timestamp"];
        assert.equal(headers["open-trustoo-webhook-sign"], sign(`timestamp=${at}|${body}`));
        assert.equal(JSON.parse(body).list[0].my_shopify_domain, "example.myshopify.com");
      }
      const named = (name) => new Set(hook.seen.map(({ headers }) => headers[name])).size;
      assert.equal(named("open-trustoo-webhook-requestid"), 1);
      assert.equal(named("open-trustoo-webhook-timestamp"), 3);
    } finally {
      await hook.close();
    }
  });

  it("fail after ten attempts in 135 minutes, a receiver that is away among them", async () => {
    const sandbox = createSandbox();
    const url = "http://127.0.0.1:9/away";
    const [made] = sandbox.webhooks.add({ topic: "review/updated", url, data: { id: "1" } });
    assert.equal(made.schedule.length, 10);
    const fetch = () => Promise.reject(new TypeError("away"));
    let last = made;
    for (const at of made.schedule) {
      sandbox.set(at);
      [last] = await sandbox.webhooks.deliver({ fetch });
    }
    assert.equal(last.state, "failed");
    assert.deepEqual(
      last.answers.map(({ status }) => status),
      Array(10).fill(0),
    );
    assert.equal(made.schedule.at(-1) - made.schedule[0], 135 * 60_000);
  });

  it("SB16 reach this machine alone, unless they are given a way", async () => {
    const sandbox = createSandbox();
    sandbox.webhooks.add({ topic: "review/deleted", url: "https://shop.example/hook" });
    await assert.rejects(sandbox.webhooks.deliver(), (error) => isPlauditError(error));
    const asked = [];
    const fetch = async (url, { body }) => {
      asked.push([url, body]);
      return Response.json({ code: 0 });
    };
    const [one] = await sandbox.webhooks.deliver({ fetch });
    assert.equal(one.state, "delivered");
    assert.deepEqual(asked, [["https://shop.example/hook", '{"list":[{}]}']]);
  });
});
