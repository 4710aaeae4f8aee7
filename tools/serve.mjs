// The demo's own server: www/ at "/", the built package at "/plaudit/", the broker below "/broker", a
// proxy for the widgets below "/api", some of them ready made below "/rendered", a stand-in of the
// official widget below "/stand-in", and what the pages must know.
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import sirv from "sirv";
import { demoBroker } from "./demo-broker.mjs";
import { demoPage } from "./demo-pages.mjs";
import { forward, proxied } from "./demo-proxy.mjs";
import { demoRenderer } from "./demo-rendered.mjs";
import { standIn } from "./demo-trustbox.mjs";

// The key that the sandbox knows in every new world; it opens nothing anywhere else.
const DEMO = { clientId: "plaudit-demo-key", apiKey: "plaudit-demo-key" };
const SERVER_PAGE = "/server.html";
const GALLERY = "/widgets.html";
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Serves the demo on loopback.
 *
 * @param {object} options
 * @param {string} options.sandboxUrl base address of the sandbox; may end in a world ("/w/name")
 * @param {number} [options.port] 0 takes any free port
 * @param {string} [options.host] a loopback address
 * @param {string} [options.root] the project's folder
 * @param {{ www?: string, dist?: string }} [options.dirs] folders other than the project's own
 * @param {object} [options.config] more members for `/config.json`: `clientId`, `apiKey`, …
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>}
 */
export async function serve(options) {
  const { sandboxUrl, port = 0, host = "127.0.0.1", root = ROOT, dirs = {}, config = {} } = options;
  const sandbox = new URL(sandboxUrl);
  if (sandbox.protocol !== "http:" && sandbox.protocol !== "https:") {
    throw new TypeError("sandboxUrl must be an http(s) address");
  }
  const www = resolve(dirs.www ?? join(root, "www"));
  const dist = resolve(dirs.dist ?? join(root, "dist"));
  for (const dir of [www, dist]) {
    if (!existsSync(dir)) throw new Error(`no such folder: ${dir} (is the package built?)`);
  }

  const sandboxBase = sandbox.href.replace(/\/+$/, "");
  const settings = JSON.stringify({ ...DEMO, ...config, sandbox: sandboxBase });
  const generated = new Map([
    ["/config.json", { type: "application/json", body: settings }],
    // The same as a module, so that the page can call createAuth() without awaiting anything first.
    ["/config.js", { type: "text/javascript", body: `export default ${settings};\n` }],
  ]);
  const mounts = [
    { prefix: "/plaudit/", files: sirv(dist, { dev: true }) },
    // No page by another name: each has its own policy.
    { prefix: "/", files: sirv(www, { dev: true, extensions: [] }) },
  ];
  const connect = `'self' ${sandbox.origin}`;
  const headers = securityHeaders(connect);
  const ofPage = {
    // Who has a server needs no other: this page may talk to its own alone.
    [SERVER_PAGE]: securityHeaders("'self'"),
    [GALLERY]: securityHeaders(connect, ["frame-src 'self'"]),
  };
  let broker;
  let rendered;

  const server = createServer(async (request, response) => {
    const path = request.url.split("?", 1)[0];
    for (const [name, value] of Object.entries(ofPage[path] ?? headers)) {
      response.setHeader(name, value);
    }
    if (!isLoopback(request.headers.host)) return plain(response, 421, "Not a loopback host");
    if (!broker) return plain(response, 503, "Starting");
    if (path.startsWith("/broker/")) {
      const handle = broker.handlerFor(request.headers.host);
      return handle ? handle(request, response) : plain(response, 421, "Not the page's address");
    }
    if (await standIn(path, request, response)) return undefined;
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return plain(response, 405, "Only GET and HEAD");
    }
    if (path === "/upstream.json") {
      return send(request, response, 200, "application/json", JSON.stringify(broker.counts()));
    }
    const asked = proxied(request.url, sandboxBase);
    if (asked) return forward(asked, request, response);
    if (path.startsWith("/rendered/")) {
      const markup = await rendered(request.url).catch(() => undefined);
      if (markup === undefined) return plain(response, 502, "The sandbox did not say");
      return send(request, response, 200, "text/html", markup);
    }
    const made = generated.get(path);
    if (made) return send(request, response, 200, made.type, made.body);

    const page = demoPage(www, path);
    if (page) return send(request, response, 200, "text/html", page);

    const mount = mounts.find(({ prefix }) => path.startsWith(prefix));
    if (!mount) return plain(response, 404, "Not found");
    // A range whose end lies before its start would throw inside the file stream.
    delete request.headers.range;
    request.url = request.url.slice(mount.prefix.length - 1);
    mount.files(request, response, () => plain(response, 404, "Not found"));
  });

  await new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, host, done);
  });
  const bound = server.address().port;
  const own = `${host.includes(":") ? `[${host}]` : host}:${bound}`;
  const hosts = [...new Set([own, `localhost:${bound}`])];
  rendered = await demoRenderer({ dist, sandbox: sandboxBase });
  broker = await demoBroker({ dist, sandbox: sandboxBase, hosts });
  return {
    url: `http://${own}`,
    port: bound,
    close: async () => {
      await new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      await broker.close();
    },
  };
}

function securityHeaders(connect, more = []) {
  return {
    "Content-Security-Policy": [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src ${connect}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "form-action 'none'",
      ...more,
    ].join("; "),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  };
}

// Another name that resolves to this machine must not reach the page (DNS rebinding).
function isLoopback(host = "") {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
}

function send(request, response, status, type, body) {
  response.writeHead(status, {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function plain(response, status, text) {
  send(response.req, response, status, "text/plain", `${text}\n`);
}
