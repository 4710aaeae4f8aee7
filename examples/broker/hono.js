// Hono, in Node. Elsewhere only `serve` and `getConnInfo` come from another package.
import { serve } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { Hono } from "hono";
import { broker } from "./broker.js";

const app = new Hono();
app.all("/broker/*", (c) =>
  broker.fetch(c.req.raw, { clientAddress: getConnInfo(c).remote.address }),
);
app.get("/", (c) => c.text("the shop"));
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
