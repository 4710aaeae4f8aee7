// The site that browsers are shown, driven by plain requests: development over http on loopback.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { openSite } from "./site.mjs";

/** Asks as an address bar does, which `fetch` may not. */
async function navigate(url, { cookie, form } = {}) {
  const headers = {
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
    ...(cookie && { cookie }),
    ...(form && { "content-type": "application/x-www-form-urlencoded" }),
  };
  const asked = request(url, { method: form ? "POST" : "GET", headers }).end(form?.toString());
  const [answer] = await once(asked, "response");
  let text = "";
  for await (const piece of answer.setEncoding("utf8")) text += piece;
  return { status: answer.statusCode, headers: answer.headers, text };
}

describe("a site in development", () => {
  let site;
  before(async () => {
    site = await openSite();
  });
  after(() => site?.close());

  it("signs in through the platform's own pages, reads privately, and signs out", async () => {
    const page = await navigate(`${site.url}/account`);
    assert.match(page.text, /href="\/broker\/sign-in\?returnTo=\/account"/);
    const start = await navigate(`${site.url}/broker/sign-in?returnTo=/account`);
    const login = await navigate(start.headers.location);
    const [, action] = /<form method="post" action="([^"]+)"/.exec(login.text);
    const form = new URLSearchParams(new URL(start.headers.location).searchParams);
    form.set("email", "demo@example.com");
    form.set("password", "plaudit");
    form.set("decision", "allow");
    const allowed = await navigate(new URL(action, start.headers.location), { form });
    const [transaction] = start.headers["set-cookie"];
    const cookie = transaction.split(";")[0];
    const back = await navigate(allowed.headers.location, { cookie });
    assert.equal(back.headers.location, `${site.url}/account`);
    const line = back.headers["set-cookie"].find((one) => one.startsWith("plaudit-dev="));
    assert.match(line, /^plaudit-dev=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const headers = { cookie: line.split(";")[0], "x-plaudit": "1" };
    const ask = (path, init) => fetch(site.url + path, { headers, ...init });
    assert.equal((await ask("/broker/session")).status, 200);
    const unit = await ask("/broker/api/business-units/find?name=example.com");
    const { id } = await unit.json();
    const mine = await ask(`/broker/api/private/business-units/${id}/reviews?perPage=2`);
    assert.equal((await mine.json()).reviews.length, 2);
    const out = { method: "POST", headers: { ...headers, origin: site.url } };
    assert.equal((await ask("/broker/sign-out", out)).status, 204);
    assert.equal((await ask("/broker/session")).status, 401);
  });
});
