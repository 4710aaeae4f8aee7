// The broker over real sockets, by nodeHandler: what a server's parser lets through, bodies that are
// large or slow, clients that leave, and who a connection is from.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeHandler } from "../../dist/server.js";
import { FIND, fails, ID, json, makeBroker, ORIGIN } from "./broker-support.mjs";

const BULK = "/api/consumers/profile/bulk";

/** A broker on a port of its own. */
async function serve(t, answer, options) {
  const made = makeBroker(answer, options);
  const server = createServer(nodeHandler(made.broker)).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address();
  return { ...made, port, url: `http://127.0.0.1:${port}` };
}

/** What comes back for bytes that are sent as they are, in pieces that `write` sends. */
async function raw(port, head, write = async () => {}) {
  const socket = connect(port, "127.0.0.1");
  const pieces = [];
  socket.on("data", (piece) => pieces.push(piece));
  // The server may end the connection while we are still sending.
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(head);
  const closed = once(socket, "close");
  await write(socket);
  await Promise.race([closed, sleep(5_000)]);
  socket.destroy();
  const text = Buffer.concat(pieces).toString();
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text };
}

const request = (target, more = "") =>
  `GET ${target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n${more}\r\n`;

describe("nodeHandler", () => {
  it("answers as fetch does", async (t) => {
    const { url, broker } = await serve(t);
    const [over, direct] = await Promise.all([
      fetch(url + FIND),
      broker.fetch(new Request(ORIGIN + FIND)),
    ]);
    assert.equal(over.status, 200);
    assert.equal(over.headers.get("etag"), direct.headers.get("etag"));
    assert.equal(await over.text(), await direct.text());
    const head = await fetch(url + FIND, { method: "HEAD" });
    assert.equal(head.headers.get("content-length"), over.headers.get("content-length"));
    assert.equal(await head.text(), "");
    const headers = { "if-none-match": over.headers.get("etag") };
    assert.equal((await fetch(url + FIND, { headers })).status, 304);
  });

  for (const target of [
    "/api/%2e%2e/secret",
    "/api/../api/business-units/find?name=example.com",
    "/api/./business-units/find?name=example.com",
    "//api/business-units/find?name=example.com",
    "/api//business-units/find?name=example.com",
    "/api\\business-units\\find?name=example.com",
    "/api/business-units\\find?name=example.com",
    "/api/business-units/..%2ffind?name=example.com",
    "/%61pi/business-units/find?name=example.com",
    "/api/business-units/find;x?name=example.com",
    "http://evil.example/api/business-units/find?name=example.com",
    "https://shop.example/api/business-units/find?name=example.com",
    "*",
  ]) {
    it(`BF14 the raw target ${target}: 404, and nothing is sent`, async (t) => {
      const { port, requests } = await serve(t);
      const { status } = await raw(port, request(target));
      assert.equal(status, 404);
      assert.equal(requests.length, 0);
    });
  }

  it("BF9 a forged Host changes nothing", async (t) => {
    const { port, requests } = await serve(t);
    const { status, text } = await raw(port, request(FIND));
    assert.equal(status, 200);
    assert.ok(!text.includes("evil.example"));
    assert.match(requests[0].url, /^https:\/\/api\.trustpilot\.com\//);
  });

  it("BF19 a body of a gigabyte, in chunks: 413 after 64 KB", async (t) => {
    const { port, requests } = await serve(t);
    let sent = 0;
    const head =
      `POST ${BULK} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
      "Transfer-Encoding: chunked\r\n\r\n";
    const { status, text } = await raw(port, head, async (socket) => {
      const chunk = `4000\r\n${" ".repeat(0x4000)}\r\n`;
      while (!socket.destroyed && sent < 1_000_000_000) {
        sent += 0x4000;
        if (!socket.write(chunk)) {
          await Promise.race([once(socket, "drain"), once(socket, "close")]).catch(() => {});
        }
        await sleep(0);
      }
    });
    assert.equal(status, 413);
    assert.match(text, /body_too_large/);
    assert.ok(sent < 50_000_000, `${sent}`);
    assert.equal(requests.length, 0);
  });

  it("BF19 a body without an end, where there is nothing to post to: the connection ends", async (t) => {
    const { port } = await serve(t);
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    const pieces = [];
    socket.on("data", (piece) => pieces.push(piece));
    await once(socket, "connect");
    socket.write("POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const piece = `4000\r\n${"x".repeat(16_384)}\r\n`;
    for (let turn = 0; turn < 400 && !socket.destroyed; turn += 1) {
      socket.write(piece);
      await sleep(5);
    }
    const isEnded = socket.destroyed;
    socket.destroy();
    assert.ok(isEnded);
    assert.match(Buffer.concat(pieces).toString(), /^HTTP\/1\.1 404 .*connection: close/is);
  });

  it("BF19 a length that is announced: 413 before a byte of it came", async (t) => {
    const { port } = await serve(t);
    const { status } = await raw(
      port,
      `POST ${BULK} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n`,
    );
    assert.equal(status, 413);
  });

  it("BF19 a byte now and then: 408 when its time is over", async (t) => {
    const { port, requests } = await serve(t, undefined, { limits: { bodyTime: 200 } });
    const { status, text } = await raw(
      port,
      `POST ${BULK} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n`,
      async (socket) => {
        for (let turn = 0; turn < 60 && !socket.destroyed; turn += 1) {
          socket.write(" ");
          await sleep(50);
        }
      },
    );
    assert.equal(status, 408);
    assert.match(text, /body_too_slow/);
    assert.equal(requests.length, 0);
  });

  it("BF20 a client that leaves takes its call along", async (t) => {
    let aborted;
    const seen = new Promise((resolve) => {
      aborted = resolve;
    });
    const { url } = await serve(t, (own) => {
      own.signal.addEventListener("abort", () => aborted(true));
      return new Promise(() => {});
    });
    await fetch(url + FIND, { signal: AbortSignal.timeout(200) }).catch(() => {});
    assert.equal(await Promise.race([seen, sleep(5_000)]), true);
  });

  it("BF22 who asks is the socket's address, whatever X-Forwarded-For says", async (t) => {
    const { url } = await serve(t, undefined, { limits: { perClient: 3 } });
    const statuses = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const headers = { "x-forwarded-for": `${turn}.1.1.1` };
      statuses.push((await fetch(url + FIND, { headers })).status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
  });

  it("BF4 a cookie that comes in two headers is two", async (t) => {
    const { port } = await serve(t, undefined, {
      credentials: { clientId: "id", clientSecret: "s" },
    });
    const cookie = "Cookie: __Host-Http-plaudit=x\r\n";
    const more = `${cookie}${cookie}X-Plaudit: 1\r\n`;
    const { status, text } = await raw(port, request("/session", more));
    assert.equal(status, 400);
    assert.match(text, /duplicate_cookie/);
  });

  it("takes what a body parser has left", async (t) => {
    const { default: express } = await import("express");
    const { broker, requests } = makeBroker(() => json({ consumers: {} }));
    const app = express();
    app.use(express.json());
    app.use(nodeHandler(broker));
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    const answer = await fetch(`http://127.0.0.1:${server.address().port}${BULK}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ consumerIds: [ID] }),
    });
    assert.equal(answer.status, 200);
    assert.equal(await requests[0].text(), `{"consumerIds":["${ID}"]}`);
  });

  it("BF18 over real sockets: the other host gets nothing", async (t) => {
    let reached = 0;
    const evil = createServer((_, response) => {
      reached += 1;
      response.end("{}");
    }).listen(0, "127.0.0.1");
    const platform = createServer((_, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${evil.address().port}/` }).end();
    }).listen(0, "127.0.0.1");
    await Promise.all([once(evil, "listening"), once(platform, "listening")]);
    t.after(() => [evil, platform].map((server) => server.close()));
    const { ask } = makeBroker(undefined, {
      fetch: undefined,
      endpoints: { api: `http://127.0.0.1:${platform.address().port}/v1` },
    });
    await fails(await ask(FIND), 502, "malformed_response");
    assert.equal(reached, 0);
  });

  for (const broker of [{}, null, { fetch() {} }]) {
    it("refuses what is no broker", () => {
      assert.throws(() => nodeHandler(broker), { code: "invalid_argument" });
    });
  }
});
