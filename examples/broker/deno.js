// Deno.
import { broker } from "./broker.js";

Deno.serve({ port: Number(process.env.PORT ?? 3000) }, (request, { remoteAddr }) =>
  broker.fetch(request, { clientAddress: remoteAddr.hostname }),
);
