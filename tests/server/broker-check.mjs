// What every mount of the broker must do, over real sockets; and how examples are run. The platforms
// are a sandbox in this process, which the child's `fetch` is led to.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createSandbox } from "../../dist/sandbox.js";

export const CLIENT = {
  TRUSTPILOT_API_KEY: "your-own-key",
  TRUSTPILOT_API_SECRET: "your-own-secret",
};

/** Leads requests for the platforms to where the sandbox is; for Node, Bun, Deno and workers. */
export const prelude = (sandbox) => `
const real = globalThis.fetch.bind(globalThis);
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { hostname } = new URL(request.url);
  if (!/\\.(trustpilot\\.com|trustoo\\.io)$/.test(hostname)) return real(request);
  const headers = new Headers(request.headers);
  headers.set("x-sandbox-url", request.url);
  const body = request.body ? await request.text() : undefined;
  return real(${JSON.stringify(sandbox)}, { method: request.method, headers, body, redirect: "manual" });
};
`;

export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

/** A sandbox on a port, for the prelude. */
export async function openSandbox() {
  const sandbox = createSandbox({
    config: {
      clients: [
        {
          client_id: CLIENT.TRUSTPILOT_API_KEY,
          client_secret: CLIENT.TRUSTPILOT_API_SECRET,
          redirect_hosts: ["127.0.0.1", "localhost"],
        },
      ],
    },
  });
  const server = createServer(async (request, response) => {
    const { "x-sandbox-url": url, host: _, connection: __, ...headers } = request.headers;
    delete headers["transfer-encoding"];
    delete headers["content-length"];
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = pieces.length ? Buffer.concat(pieces) : undefined;
    const answer = await sandbox.fetch(url, { method: request.method, headers, body });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    sandbox,
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Runs a program until it listens at \`url\`; ends it with the test. */
export async function run(t, command, args, url, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => log.push(part));
  t.after(async () => {
    if (child.exitCode !== null) return;
    const exit = once(child, "exit");
    child.kill();
    await exit;
  });
  for (let round = 0; round < 300 && child.exitCode === null; round += 1) {
    if (await fetch(`${url}/broker/health`).catch(() => null)) return;
    await sleep(50);
  }
  throw new Error(`${command} does not listen: ${Buffer.concat(log)}`);
}

/** Goes somewhere as an address bar does; `fetch` says of itself that it is none. */
async function navigate(url, cookie) {
  const headers = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  const request = get(url, { headers: { ...headers, ...(cookie && { cookie }) } });
  const [answer] = await once(request, "response");
  const { statusCode: status, headers: own } = answer;
  answer.resume();
  return { status, location: own.location, cookies: own["set-cookie"] ?? [] };
}

/** Asks what is mounted at \`url\`, as a browser whose page is of \`origin\` would. */
export async function check(url, origin, { sandbox }) {
  const ask = (path, init) => fetch(url + path, { redirect: "manual", ...init });
  const health = await ask("/broker/health");
  assert.deepEqual([health.status, await health.json()], [200, { status: "ok" }]);

  const find = "/broker/api/business-units/find?name=coffee.example";
  const first = await ask(find);
  assert.equal(first.status, 200, await first.clone().text());
  assert.equal(first.headers.get("x-plaudit-cache"), "miss");
  assert.equal((await first.json()).displayName, "Kaffe & Søn");
  const again = await ask(find);
  assert.equal(again.headers.get("x-plaudit-cache"), "hit");
  await again.text();
  const headers = { "if-none-match": first.headers.get("etag") };
  assert.equal((await ask(find, { headers })).status, 304);
  assert.equal((await ask(find, { method: "HEAD" })).status, 200);
  const asked = sandbox.requests().filter(({ path }) => path?.includes("find"));
  assert.equal(asked.length, 1);

  // Of many at once one asks the platform, and all have its answer.
  const many = await Promise.all(
    Array.from({ length: 10 }, () => ask("/broker/api/business-units/find?name=books.example")),
  );
  for (const answer of many) assert.equal((await answer.json()).displayName, "Seventh Shelf Books");
  const calls = sandbox.requests().filter(({ path }) => path?.includes("find"));
  assert.equal(calls.length, 2);

  const foreign = await ask(find, { headers: { origin: "https://evil.example" } });
  assert.deepEqual([foreign.status, (await foreign.json()).code], [403, "cross_origin"]);
  const none = await ask("/broker/api/private/secret");
  assert.deepEqual([none.status, (await none.json()).code], [404, "no_route"]);

  const bulk = (body, more) =>
    ask("/broker/api/consumers/profile/bulk", {
      method: "POST",
      headers: { "content-type": "application/json", ...more },
      body,
    });
  const profiles = await bulk(JSON.stringify({ consumerIds: ["0".repeat(24)] }));
  assert.deepEqual(await profiles.json(), {
    consumers: {},
    notFoundConsumerIds: ["0".repeat(24)],
  });
  // Who is cut off before the answer is read has been refused as well.
  const large = await bulk("x".repeat(1_000_000)).catch(() => ({ status: 413 }));
  assert.equal(large.status, 413);

  const start = await navigate(`${url}/broker/sign-in?returnTo=/account`);
  assert.equal(start.status, 303);
  const to = new URL(start.location);
  assert.equal(to.hostname, "authenticate.trustpilot.com");
  const [transaction] = start.cookies;
  const form = new URLSearchParams([
    ...to.searchParams,
    ["email", "demo@example.com"],
    ["password", "plaudit"],
    ["decision", "allow"],
  ]);
  const back = await sandbox.fetch(to.origin + to.pathname, { method: "POST", body: form });
  const at = new URL(back.headers.get("location"));
  assert.equal(at.origin + at.pathname, `${origin}/broker/callback`);
  const callback = await navigate(url + at.pathname + at.search, transaction.split(";")[0]);
  assert.equal(callback.location, `${origin}/account`);
  const { cookies } = callback;
  assert.equal(cookies.length, 2);
  const [cookie] = cookies.find((line) => !line.includes("-tx-")).split(";");
  const session = await ask("/broker/session", { headers: { cookie, "x-plaudit": "1" } });
  assert.equal((await session.json()).provider, "trustpilot");
  const out = await ask("/broker/sign-out", {
    method: "POST",
    headers: { cookie, "x-plaudit": "1", origin },
  });
  assert.equal(out.status, 204);
  assert.equal(
    (await ask("/broker/session", { headers: { cookie, "x-plaudit": "1" } })).status,
    401,
  );
}
