// The demo's own server, and the code that its page shows.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { serve } from "../../tools/serve.mjs";
import { SERVER_CODE } from "../../www/server-code.js";

describe("the demo's server", () => {
  let site;
  before(async () => {
    // Nothing here gets as far as the platform.
    site = await serve({ sandboxUrl: "http://127.0.0.1:9" });
  });
  after(() => site.close());

  async function ask(path, { method = "GET", host = `127.0.0.1:${site.port}`, ...headers } = {}) {
    const sent = request({
      ...{ hostname: "127.0.0.1", port: site.port, path, method },
      headers: { host, ...headers },
    });
    sent.end();
    const [answer] = await once(sent, "response");
    const parts = await answer.toArray();
    const { statusCode: status, headers: got } = answer;
    return { status, headers: got, text: Buffer.concat(parts).toString() };
  }

  it("POST is for the broker alone", async () => {
    for (const path of ["/", "/server.html", "/upstream.json", "/config.json", "/broker"]) {
      const { status, headers } = await ask(path, { method: "POST" });
      assert.deepEqual([status, headers.allow], [405, "GET, HEAD"], path);
    }
    const out = await ask("/broker/sign-out", { method: "POST" });
    assert.deepEqual([out.status, JSON.parse(out.text).code], [403, "header_missing"]);
  });

  it("names that lead here from elsewhere reach neither the page nor the broker", async () => {
    for (const host of ["evil.example", `evil.example:${site.port}`, `127.0.0.1.evil.example`]) {
      for (const path of ["/server.html", "/broker/session", "/upstream.json"]) {
        assert.equal((await ask(path, { host })).status, 421, `${host}${path}`);
      }
    }
    // A loopback address that no broker was told of.
    for (const host of [`127.0.0.2:${site.port}`, "127.0.0.1", `[::1]:${site.port}`]) {
      assert.equal((await ask("/broker/session", { host })).status, 421, host);
    }
  });

  it("at both of its addresses the way back leads to the same one", async () => {
    for (const host of [`127.0.0.1:${site.port}`, `localhost:${site.port}`]) {
      const { status, headers } = await ask("/broker/sign-in?returnTo=/server.html", { host });
      assert.equal(status, 303);
      const { searchParams } = new URL(headers.location);
      assert.equal(searchParams.get("redirect_uri"), `http://${host}/broker/callback`);
    }
  });

  it("what the pages share stands in each of them, and each says which it is", async () => {
    const pages = ["/", "/server.html", "/widgets.html"];
    for (const path of pages) {
      const { status, headers, text } = await ask(path);
      assert.deepEqual([status, headers["content-type"]], [200, "text/html; charset=utf-8"]);
      assert.doesNotMatch(text, /<!-- part/, path);
      for (const once of ["<meta charset=", "/style.css", "<h1>", "<footer", 'id="message"']) {
        assert.equal(text.split(once).length, 2, `${once} in ${path}`);
      }
      const links = [...text.matchAll(/<a href="(\/[\w.]*)"( aria-current="page")?>/g)];
      const tabs = links.filter(([, to]) => pages.includes(to)).slice(0, 3);
      assert.deepEqual(
        tabs.map(([, to]) => to),
        pages,
      );
      assert.deepEqual(
        tabs.filter(([, , isOwn]) => isOwn).map(([, to]) => to),
        [path],
      );
    }
    assert.equal((await ask("/index.html")).text, (await ask("/")).text);
    // By no other name, since that would have another policy.
    for (const path of ["/widgets", "/server", "/nothing.html", "/parts/"]) {
      assert.equal((await ask(path)).status, 404, path);
    }
  });

  it("the page with a server may talk to its own alone", async () => {
    const policyOf = async (path) => (await ask(path)).headers["content-security-policy"];
    assert.match(await policyOf("/server.html"), /connect-src 'self';/);
    assert.match(await policyOf("/"), /connect-src 'self' http:\/\/127\.0\.0\.1:9;/);
    // A frame is for the gallery alone, and only one of our own, which only we may have in a frame.
    for (const path of ["/", "/server.html"])
      assert.doesNotMatch(await policyOf(path), /frame-src/);
    assert.match(await policyOf("/widgets.html"), /; frame-src 'self'$/);
    const frame = await policyOf("/stand-in/trustboxes/any/index.html");
    assert.match(frame, /^default-src 'none'; script-src 'self'; .*frame-ancestors 'self'/);
    for (const path of ["/", "/server.html", "/widgets.html", "/stand-in/frame.js"]) {
      assert.match(
        await policyOf(path),
        /script-src 'self' 'wasm-unsafe-eval';.*frame-ancestors 'none'/,
      );
    }
    assert.deepEqual(JSON.parse((await ask("/upstream.json")).text), { views: 0, calls: 0 });
    assert.equal((await ask("/upstream.json")).headers["cache-control"], "no-store");
  });
});

describe("the code that the demo's page shows", () => {
  it("runs, and has what the page uses", async () => {
    process.env.TRUSTPILOT_API_KEY = "your-own-key";
    process.env.TRUSTPILOT_API_SECRET = "your-own-secret";
    const source = SERVER_CODE.replace("plaudit/server", import.meta.resolve("plaudit/server"));
    const { default: server } = await import(
      `data:text/javascript;base64,${Buffer.from(source).toString("base64")}`
    );
    const ask = (path, headers) =>
      server.fetch(new Request(`https://shop.example${path}`, { headers }));
    const start = await ask("/broker/sign-in?returnTo=/server.html");
    const to = new URL(start.headers.get("location"));
    assert.equal(to.hostname, "authenticate.trustpilot.com");
    assert.equal(to.searchParams.get("client_id"), "your-own-key");
    assert.equal(to.searchParams.get("redirect_uri"), "https://shop.example/broker/callback");
    const failed = await ask("/broker/callback?code=x&state=y");
    assert.equal(
      failed.headers.get("location"),
      "https://shop.example/server.html?plaudit_error=transaction_missing",
    );
    const own = { "x-plaudit": "1", "sec-fetch-site": "same-origin" };
    const unit = "0123456789abcdef01234567";
    const statuses = {
      "/broker/session": 401,
      // On the list, but nobody is signed in; and not on the list.
      [`/broker/api/private/business-units/${unit}/reviews?perPage=6`]: 401,
      [`/broker/api/private/reviews/${unit}`]: 404,
      "/broker/api/business-units/find?name=": 400,
      [`/broker/api/business-units/${unit}/reviews?stars=9`]: 400,
      "/broker/api/categories": 404,
    };
    for (const [path, status] of Object.entries(statuses)) {
      const answer = await ask(path, own);
      assert.equal(answer.status, status, `${path}: ${await answer.text()}`);
    }
  });
});
