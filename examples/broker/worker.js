// Cloudflare Workers: the environment comes with the first request, and the broker with it. Two
// requests of one visitor may reach two machines: give `sessions` and `tokenStore` that all share.
import { createBroker } from "plaudit/server";

let broker;

export default {
  fetch(request, env, context) {
    broker ??= createBroker({
      provider: "trustpilot",
      origin: env.ORIGIN,
      basePath: "/broker",
      credentials: { clientId: env.TRUSTPILOT_API_KEY, clientSecret: env.TRUSTPILOT_API_SECRET },
    });
    return broker.fetch(request, {
      clientAddress: request.headers.get("cf-connecting-ip") ?? undefined,
      waitUntil: (work) => context.waitUntil(work),
    });
  },
};
