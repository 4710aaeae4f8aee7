// What runtimes.test.mjs runs in Bun and Deno: the built package, the sandbox and a client of it.
import { authorizeUrl, createClient, createState, parseCallback } from "plaudit";
import { createSandbox } from "plaudit/sandbox";
import { transcript, within } from "./transcript.mjs";

const { hash } = await transcript(within(createSandbox()));

const sandbox = createSandbox();
const client = createClient({
  provider: "trustpilot",
  apiKey: "plaudit-demo-key",
  baseUrl: "https://sandbox.test/v1",
  fetch: sandbox.fetch,
});
sandbox.faults.add({ fault: "503", times: 1 });
const { id, displayName } = await client.businessUnits.find("coffee.example");
const stars = [];
const options = { stars: [4, 5], perPage: 2, limit: 5 };
for await (const review of client.businessUnits.reviews.all(id, options)) stars.push(review.stars);
const { consumers } = await client.consumers.profiles([id]);
const refused = await client.businessUnits.reviews(id, { perPage: 101 }).catch(({ code }) => code);

const state = createState();
const request = {
  provider: "trustpilot",
  redirectUri: "https://shop.example/back",
  responseType: "token",
  state,
};
const { kind } = parseCallback(
  `https://shop.example/back#access_token=t0k3n&token_type=bearer&expires_in=60&state=${state}`,
  request,
);
const asked = new URL(authorizeUrl({ ...request, clientId: "key" })).searchParams.get("state");

console.log(
  JSON.stringify({
    hash,
    displayName,
    stars,
    consumers,
    refused,
    kind,
    isAsked: asked === state,
    stats: client.stats(),
  }),
);
