// The servers of the browser tests: a page of our own with the built package, or the demo. Each
// gets a port of its own, so each scenario an origin of its own: no storage is shared.
import { subscribe } from "node:diagnostics_channel";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { serve as serveDemo } from "../../tools/serve.mjs";

const pages = fileURLToPath(new URL("pages/", import.meta.url));
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const vectors = fileURLToPath(new URL("../vectors/", import.meta.url));
const sandbox = fileURLToPath(new URL("../sandbox/", import.meta.url));
const types = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
};

/** What each port was asked for, as it stood on the wire. */
const recorded = new Map();
subscribe("http.server.request.start", ({ request, socket }) => {
  const { method, url, headers } = request;
  const { referer = "", apikey, authorization } = headers;
  recorded.get(socket.localPort)?.push({ method, url, referer, apikey, authorization });
});

function record(port) {
  const requests = [];
  recorded.set(port, requests);
  return requests;
}

/** The demo, as `npm run demo` serves it. */
export async function demoSite(sandboxUrl) {
  const server = await serveDemo({ sandboxUrl });
  const close = () => {
    recorded.delete(server.port);
    return server.close();
  };
  return { url: server.url, requests: record(server.port), logs: [], close };
}

/** A proxy as docs/client.md has it, without its list of what is allowed: it adds the key. */
async function forward(request, response, sandbox) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const { method, headers } = request;
  const type = headers["content-type"];
  try {
    const answer = await fetch(`${sandbox}/v1/${request.url.slice("/proxy/".length)}`, {
      method,
      headers: { apikey: "plaudit-demo-key", ...(type && { "content-type": type }) },
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    });
    const body = await answer.text();
    const told = ["content-type", "retry-after"].filter((name) => answer.headers.has(name));
    const kept = Object.fromEntries(told.map((name) => [name, answer.headers.get(name)]));
    response.writeHead(answer.status, { ...kept, "cache-control": "no-store" }).end(body);
  } catch {
    response.writeHead(502).end();
  }
}

/**
 * Our own pages. `settings` is what `/config.js` exports, read at each request; `headers` come with
 * each answer; `logs` is what the pages' consoles said; what is in `missing` is answered with 404.
 */
export async function pageSite({ settings, headers = {} }) {
  const logs = [];
  const missing = new Set();
  const server = createServer(async (request, response) => {
    const path = request.url.split("?", 1)[0];
    const answer = (status, type, body) => {
      response.writeHead(status, {
        "Content-Type": `${type}; charset=utf-8`,
        "Cache-Control": "no-cache",
        ...headers,
      });
      response.end(body);
    };
    if (missing.has(path)) return answer(404, "text/plain", "not found\n");
    if (path === "/log") {
      let body = "";
      for await (const part of request) body += part;
      logs.push(body);
      return answer(200, "text/plain", "");
    }
    if (path === "/redirect") {
      const location = new URL(request.url, "http://127.0.0.1").searchParams.get("to");
      response.writeHead(302, { Location: location }).end();
      return undefined;
    }
    if (path.startsWith("/proxy/")) return forward(request, response, settings.sandbox);
    if (path === "/config.js") {
      return answer(200, types[".js"], `export default ${JSON.stringify(settings)};\n`);
    }
    const [, folder, rest] = /^\/(plaudit|vectors|sandbox)(\/.*)$/.exec(path) ?? [null, "", path];
    const root = { plaudit: dist, vectors, sandbox }[folder] ?? pages;
    try {
      const file = join(root, normalize(rest));
      answer(200, types[extname(file)] ?? "application/octet-stream", await readFile(file));
    } catch {
      answer(404, "text/plain", "not found\n");
    }
  });
  await new Promise((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const { port } = server.address();
  const close = () =>
    new Promise((done) => {
      recorded.delete(port);
      server.close(done);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, requests: record(port), logs, missing, close };
}
