// Webhooks in the frameworks of Node, over sockets.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { webhookHandler } from "../../dist/server.js";
import { rejects } from "../kit.mjs";
import { make, SECRET, toRequest } from "./webhooks-support.mjs";

describe("frameworks", () => {
  const seen = [];
  const handler = webhookHandler({
    ...{ provider: "trustoo", secrets: SECRET },
    onEvent: (event) => seen.push(event.payload.list[0].id),
  });
  /** Sends a delivery, a forged one and one that lies. */
  async function tryIt(address) {
    seen.length = 0;
    const send = async ({ headers, body }) => {
      const answer = await fetch(address, { method: "POST", headers, body });
      return [answer.status, await answer.json()];
    };
    const at = Date.now();
    assert.deepEqual(await send(await make({ at })), [200, { code: 0, message: "success" }]);
    assert.deepEqual(seen, [123]);
    assert.deepEqual(await send(await make({ at, key: "x" })), [401, {}]);
    assert.deepEqual(seen, [123]);
  }
  const listen = async (t, server) => {
    const listening = server.listen(0, "127.0.0.1");
    await new Promise((resolve) => listening.once("listening", resolve));
    t.after(() => listening.close());
    return `http://127.0.0.1:${listening.address().port}/webhooks`;
  };

  it("WH2 Express: raw() on the route, json() for the others", async (t) => {
    const { default: express } = await import("express");
    const app = express();
    app.post("/webhooks", express.raw({ type: "*/*", limit: "1mb" }), async (request, response) => {
      const answer = await handler(request);
      response.status(answer.status).json(await answer.json());
    });
    app.use(express.json());
    await tryIt(await listen(t, app));
  });

  it("WH2 Express: json() before it is told what to do", async (t) => {
    const { default: express } = await import("express");
    const app = express();
    app.use(express.json());
    app.post("/webhooks", async (request, response) => {
      const { message } = await rejects(handler(request), "invalid_argument");
      response.send(message);
    });
    const { headers, body } = await make();
    const answer = await fetch(await listen(t, app), { method: "POST", headers, body });
    assert.match(await answer.text(), /express\.raw/);
  });

  it("WH2 Fastify: a parser of buffers in a scope of its own", async (t) => {
    const { default: fastify } = await import("fastify");
    const app = fastify();
    app.register(async (scope) => {
      scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_, body, done) =>
        done(null, body),
      );
      scope.post("/webhooks", async (request, reply) => {
        const answer = await handler({ headers: request.headers, body: request.body });
        return reply.code(answer.status).send(await answer.json());
      });
    });
    t.after(() => app.close());
    const address = await app.listen({ port: 0, host: "127.0.0.1" });
    await tryIt(`${address}/webhooks`);
  });

  it("WH2 Hono: the Request itself", async (t) => {
    const { Hono } = await import("hono");
    const { serve } = await import("@hono/node-server");
    const app = new Hono();
    app.post("/webhooks", (context) => handler(context.req.raw));
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    t.after(() => server.close());
    await tryIt(`http://127.0.0.1:${server.address().port}/webhooks`);
  });

  it("WH2 Next.js, app router: a route handler is a function of a Request", async () => {
    const POST = (request) => handler(request);
    const request = toRequest(await make({ at: Date.now() }));
    assert.equal((await POST(request)).status, 200);
  });

  it("WH2 Next.js, pages router, and plain Node: the stream is collected", async (t) => {
    const { createServer } = await import("node:http");
    const { buffer } = await import("node:stream/consumers");
    const server = createServer(async (request, response) => {
      const { headers } = request;
      const answer = await handler({ headers, body: await buffer(request) });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(await answer.text());
    });
    await tryIt(await listen(t, server));
  });
});
