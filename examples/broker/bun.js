// Bun.
import { broker } from "./broker.js";

Bun.serve({
  port: Number(process.env.PORT ?? 3000),
  fetch: (request, server) =>
    broker.fetch(request, { clientAddress: server.requestIP(request)?.address }),
});
