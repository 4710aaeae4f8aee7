// The examples of the page with a server; a test runs the server's.

export const SERVER_CODE = `import { createBroker } from "plaudit/server";

const { TRUSTPILOT_API_KEY, TRUSTPILOT_API_SECRET } = process.env;

const broker = createBroker({
  provider: "trustpilot",
  origin: "https://shop.example",
  basePath: "/broker",
  credentials: { clientId: TRUSTPILOT_API_KEY, clientSecret: TRUSTPILOT_API_SECRET },
  errorPath: "/server.html", // where failed sign-ins go
  allow: ["businessUnits.find", "businessUnits.reviews", "businessUnits.privateReviews"],
});

// Deno, Bun and Workers take this; Node and Express take nodeHandler(broker).
export default { fetch: (request) => broker.fetch(request) };`;

export const PAGE_CODE = `import { createClient } from "plaudit";

const headers = { "x-plaudit": "1" }; // what no other site can send
const session = await fetch("/broker/session", { headers }); // 200, or 401: signed out
signIn.href = "/broker/sign-in?returnTo=/server.html";
signOut.onclick = () => fetch("/broker/sign-out", { method: "POST", headers });

const client = createClient({
  provider: "trustpilot",
  proxy: "/broker/api", // no key in this page
  fetch(request) {
    request.headers.set("x-plaudit", "1");
    return fetch(request);
  },
});
const shop = await client.businessUnits.find("trustpilot.com");

// With the token of who is signed in, which stays on the server.
const path = \`/private/business-units/\${shop.id}/reviews\`;
const { data } = await client.request("GET", path, { query: { perPage: 6 } });`;
