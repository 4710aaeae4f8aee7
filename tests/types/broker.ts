// Compiled, never run: what users of the broker may say, and what they may not. By
// tests/types/types.test.mjs.
import {
  type Broker,
  createBroker,
  type KeyValue,
  memoryKeyValue,
  nodeHandler,
  secret,
} from "plaudit/server";

const broker: Broker = createBroker({
  provider: "trustpilot",
  origin: "https://shop.example",
  credentials: { clientId: "id", clientSecret: secret("s") },
  allow: [
    "businessUnits.find",
    "reviews.reply",
    { name: "businessUnits.reviews", only: { businessUnitId: ["46d6a890000064000500e0c3"] } },
  ],
  sessions: memoryKeyValue(),
  cache: { fresh: 1_000 },
  onLog: ({ event, status }) => console.log(event, status?.toFixed()),
});
export const answer: Promise<Response> = broker.fetch(new Request("https://shop.example/"), {
  clientAddress: "127.0.0.1",
});
export const handle = nodeHandler(broker);

const store: KeyValue = {
  get: async () => null,
  set: async () => {},
  add: async () => true,
  delete: () => {},
};
createBroker({ provider: "trustoo", origin: "https://shop.example", cache: store });

// @ts-expect-error: no request has this name
createBroker({ provider: "trustpilot", origin: "https://a.example", allow: ["reviews.drop"] });
// @ts-expect-error: Trustpilot's, not Trustoo's
createBroker({ provider: "trustoo", origin: "https://a.example", allow: ["businessUnits.find"] });
// @ts-expect-error: a cookie has no domain
createBroker({ provider: "trustpilot", origin: "https://a.example", session: { domain: "a" } });
// @ts-expect-error: the origin is never read from a request
createBroker({ provider: "trustpilot", apiKey: "k" });
