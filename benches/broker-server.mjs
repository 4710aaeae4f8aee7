// A server for benches/broker.mjs: `hono` answers from a Map, the others are the broker with the same
// answer in its cache.
import { createServer } from "node:http";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { createBroker, nodeHandler } from "../dist/server.js";

const body = JSON.stringify({
  id: "46d6a890000064000500e0c3",
  displayName: "A shop",
  websiteUrl: "https://shop.example",
  country: "DK",
  numberOfReviews: {
    total: 137,
    oneStar: 9,
    twoStars: 4,
    threeStars: 11,
    fourStars: 29,
    fiveStars: 84,
  },
  score: { stars: 4.5, trustScore: 4.3 },
  links: Array.from({ length: 6 }, (_, at) => ({
    href: `https://api.trustpilot.com/v1/business-units/46d6a890000064000500e0c3/${at}`,
    method: "GET",
    rel: `link-${at}`,
  })),
});

const [kind] = process.argv.slice(2);
const ready = ({ port }) => process.send({ port });

if (kind === "hono") {
  // What the broker's answer carries, so that both write the same bytes.
  const kept = new Map([
    [
      "shop.example",
      {
        body,
        headers: {
          "content-type": "application/json",
          "cache-control": "public, max-age=300, stale-while-revalidate=86400",
          etag: '"0123456789abcdefghijklmnopq"',
          "x-content-type-options": "nosniff",
          "x-plaudit-cache": "hit",
        },
      },
    ],
  ]);
  const app = new Hono();
  app.get("/api/business-units/find", (c) => {
    const found = kept.get(c.req.query("name"));
    return found ? c.body(found.body, 200, found.headers) : c.notFound();
  });
  serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ready);
} else {
  const broker = createBroker({
    provider: "trustpilot",
    origin: "https://shop.example",
    apiKey: "bench",
    limits: { perClient: 1e9 },
    fetch: async () => new Response(body, { headers: { "content-type": "application/json" } }),
  });
  if (kind === "broker-node") {
    const server = createServer(nodeHandler(broker)).listen(0, "127.0.0.1", () =>
      ready(server.address()),
    );
  } else {
    const app = new Hono();
    app.all("/api/*", (c) => {
      const { incoming } = c.env;
      return broker.fetch(c.req.raw, { clientAddress: incoming.socket.remoteAddress });
    });
    serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ready);
  }
}

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send({ micros: user + system });
});
