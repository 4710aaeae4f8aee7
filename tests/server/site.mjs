// A site with a broker before a sandbox, for a browser: `node tests/server/site.mjs [port]` prints its
// address as JSON. The page signs in, reads with the client, and signs out; `window.broker` is for a
// scenario to drive. The sandbox's pages are on a port of their own, and of another site: localhost.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createSandbox } from "../../dist/sandbox.js";
import { createBroker, nodeHandler } from "../../dist/server.js";
import { isMain } from "../../tools/run.mjs";

/** The package's scripts: `/plaudit/index.js` and its chunks. */
const SCRIPT = /^\/plaudit\/((?:chunks\/)?[\w-]+\.js)$/;

const PAGE = `<!doctype html>
<meta charset="utf-8"><title>shop</title><link rel="icon" href="data:,">
<h1>The shop</h1><a id="sign-in" href="/broker/sign-in?returnTo=/account">Sign in</a>
<button id="sign-out">Sign out</button><output id="state"></output>
<script type="module">
import { createClient } from "/plaudit/index.js";
const headers = { "x-plaudit": "1" };
const state = document.querySelector("#state");
window.broker = {
  client: createClient({ provider: "trustpilot", proxy: "/broker/api" }),
  session: async () => (await fetch("/broker/session", { headers })).status,
  signOut: async () => (await fetch("/broker/sign-out", { method: "POST", headers })).status,
  mine: async (id) => {
    const url = "/broker/api/private/business-units/" + id + "/reviews?perPage=2";
    const answer = await fetch(url, { headers });
    return { status: answer.status, count: (await answer.json()).reviews?.length };
  },
};
document.querySelector("#sign-out").onclick = async () => {
  await window.broker.signOut();
  location.reload();
};
state.value = (await window.broker.session()) === 200 ? "signed in" : "signed out";
</script>`;

/** The sandbox's pages; its address. */
async function openPlatform(sandbox, servers) {
  const server = createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const answer = await sandbox.fetch(`https://sandbox.test${request.url}`, {
      method: request.method,
      headers: { "content-type": request.headers["content-type"] ?? "text/plain" },
      body: pieces.length ? Buffer.concat(pieces) : undefined,
    });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://localhost:${server.address().port}`;
}

/** Listens; `{ url, platform, sandbox, broker, close() }`. */
export async function openSite(port = 0) {
  const sandbox = createSandbox({ clock: "running" });
  const servers = [];
  let broker;
  const server = createServer(async (request, response) => {
    const { url } = request;
    if (url.startsWith("/broker/")) return broker(request, response);
    const script = SCRIPT.exec(url)?.[1];
    if (script) {
      const text = readFileSync(new URL(`../../dist/${script}`, import.meta.url));
      return response.writeHead(200, { "content-type": "text/javascript" }).end(text);
    }
    response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  }).listen(port, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const platform = await openPlatform(sandbox, servers);
  const site = { url: `http://127.0.0.1:${server.address().port}`, sandbox, platform };
  site.broker = createBroker({
    provider: "trustpilot",
    origin: site.url,
    basePath: "/broker",
    credentials: { clientId: "plaudit-demo-key", clientSecret: "plaudit-demo-secret" },
    allow: [
      "businessUnits.find",
      "businessUnits.reviews",
      "consumers.profiles",
      "businessUnits.privateReviews",
    ],
    endpoints: { api: "https://sandbox.test/v1", authorize: `${platform}/authenticate` },
    fetch: sandbox.fetch,
  });
  broker = nodeHandler(site.broker);
  site.close = async () => {
    for (const one of servers) {
      one.closeAllConnections();
      one.close();
    }
    await site.broker.close();
  };
  return site;
}

if (isMain(import.meta.url)) {
  const { url } = await openSite(Number(process.argv[2] ?? 0));
  console.log(JSON.stringify({ url }));
}
