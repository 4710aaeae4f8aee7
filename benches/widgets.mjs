// `<plaudit-rating>` beside a stand-in of Trustpilot's TrustBox: time to the first rating, requests and
// bytes, on a line that this server plays. The stand-in has the documented shape alone: see NOTE.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { openDriver, quit } from "../tests/browser/drivers.mjs";
import { Problem, say } from "../tools/run.mjs";

const ROUNDS = 11;
const PATIENCE = 20_000;
/** The line: milliseconds until an answer begins, and bytes in a millisecond (1.6 Mbit/s). */
const LATENCY = 40;
const RATE = 200;
/** Bytes on the wire: see NOTE. */
const TRUSTBOX = { bootstrap: 25_000, frame: 3_000, main: 87_000, data: 5_000 };

const NOTE = `TrustBox here is a stand-in of the documented shape, not Trustpilot's: a bootstrap script of 25 KB
(measured by others), which makes a frame of another origin; in it a script, then data; 120 KB in all,
the most that Trustpilot names. What is in its files is padding, which takes no time to run, and what
its statistics send is left out: the real one has more to do. Each answer takes ${LATENCY} ms and its bytes at
1.6 Mbit/s, however many come at once.`;

const VALUE = "4.7";
/** How many reviews the sandbox says this shop has: what all of them show. */
const COUNT = "412";
const SCRIPT = '<script type="module" src="/plaudit/elements.js"></script>';
const LINK = '<a href="https://www.trustpilot.com/review/books.example">Trustpilot</a>';
/** What cannot be made smaller, as a comment. */
const padding = (bytes) => `/*${randomBytes(bytes).toString("base64").slice(0, bytes)}*/`;

const subjects = [
  { name: "plaudit-rating, pre-rendered", id: "rendered" },
  {
    name: "plaudit-rating, values in the markup",
    id: "values",
    body: `${SCRIPT}<plaudit-rating value="${VALUE}" count="${COUNT}"></plaudit-rating>`,
  },
  {
    name: "plaudit-rating, fetched",
    id: "fetched",
    // The page's own host, made up for each load, is none that http is for.
    body: `${SCRIPT}<plaudit-rating domain="books.example" proxy="http://127.0.0.1:PORT/api"></plaudit-rating>`,
  },
  {
    name: "TrustBox (stand-in)",
    id: "trustbox",
    body: `<script async src="/bootstrap.js"></script><div class="trustpilot-widget">${LINK}</div>`,
  },
];

/** Runs in each page: notes when the rating is in a frame that is drawn. */
const watch = `<script>
  addEventListener("message", ({ data }) => { window.isFramed = data === "shown"; });
  const look = () => {
    const root = document.querySelector("plaudit-rating")?.shadowRoot;
    if (window.isFramed || root?.textContent.includes("${COUNT}")) window.took = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
</script>`;

const page = (body) =>
  `<!doctype html><html lang="en"><title>bench</title><link rel="icon" href="data:,">${watch}${body}`;

async function serve(dist) {
  const { renderToString } = await import(pathToFileURL(join(dist, "server.js")).href);
  const { createSandbox } = await import(pathToFileURL(join(dist, "sandbox.js")).href);
  const sandbox = createSandbox();
  const ask = async (path) => {
    const answer = await sandbox.fetch(`https://sandbox.test/v1${path}`, {
      headers: { apikey: "plaudit-demo-key" },
    });
    return Buffer.from(await answer.arrayBuffer());
  };
  const rendered = renderToString("plaudit-rating", {
    attributes: { value: VALUE, count: Number(COUNT), locale: "en" },
    stylesheet: "/plaudit/elements.css",
  });
  const frame = `<!doctype html><title>frame</title><p></p><script src="/main.js"></script>`;
  const files = {
    "/bootstrap.js": `${padding(TRUSTBOX.bootstrap)}
      const box = document.querySelector(".trustpilot-widget");
      const frame = document.createElement("iframe");
      frame.src = location.origin.replace("//", "//widget-") + "/frame.html";
      box.replaceChildren(frame);`,
    "/frame.html": `${frame}<!--${padding(TRUSTBOX.frame)}-->`,
    "/main.js": `${padding(TRUSTBOX.main)}
      fetch("/data.json").then((answer) => answer.json()).then(({ trustScore }) => {
        document.querySelector("p").textContent = trustScore;
        requestAnimationFrame(() => parent.postMessage("shown", "*"));
      });`,
    "/data.json": JSON.stringify({ trustScore: VALUE, padding: padding(TRUSTBOX.data) }),
  };
  const seen = { requests: 0, bytes: 0 };
  const kept = new Map();
  const contentOf = async (path) => {
    if (path.startsWith("/page/")) {
      const { body = `${rendered}${SCRIPT}` } = subjects.find(({ id }) => `/page/${id}` === path);
      return {
        type: "text/html",
        body: Buffer.from(page(body.replace("PORT", server.address().port))),
        isText: true,
      };
    }
    if (path.startsWith("/api/")) {
      return { type: "application/json", body: await ask(path.slice(4)), isText: true };
    }
    if (files[path]) {
      const type = { js: "text/javascript", html: "text/html", json: "application/json" };
      return { type: type[path.split(".")[1]], body: Buffer.from(files[path]), isText: false };
    }
    const file = join(dist, path.replace("/plaudit/", ""));
    if (!/^\/plaudit\/((chunks|elements)\/)?[\w-]+\.(js|css)$/.test(path) || !existsSync(file))
      return null;
    const type = path.endsWith(".js") ? "text/javascript" : "text/css";
    return { type, body: readFileSync(file), isText: true };
  };
  const server = createServer(async (request, response) => {
    if (!kept.has(request.url)) {
      const made = await contentOf(request.url);
      // padding has its size on the wire already
      kept.set(
        request.url,
        made && (made.isText ? { ...made, body: brotliCompressSync(made.body) } : made),
      );
    }
    const made = kept.get(request.url);
    if (!made) return response.writeHead(404).end();
    seen.requests += 1;
    seen.bytes += made.body.length;
    setTimeout(
      () => {
        response.writeHead(200, {
          "content-type": `${made.type}; charset=utf-8`,
          "cache-control": "no-store",
          "access-control-allow-origin": "*",
          ...(made.isText && { "content-encoding": "br" }),
        });
        response.end(made.body);
      },
      LATENCY + made.body.length / RATE,
    );
    return undefined;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    take: () => ({ ...seen }),
    reset: () => Object.assign(seen, { requests: 0, bytes: 0 }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Chromium opens each page as one that was never seen, in turn. */
export async function widgets(dist) {
  const server = await serve(dist);
  const driver = await openDriver("chromium");
  const results = subjects.map(({ name }) => ({ name, times: [], requests: 0, bytes: 0 }));
  let loads = 0;
  const load = async (at) => {
    loads += 1;
    server.reset();
    await driver.get(`http://load-${loads}.localhost:${server.port}/page/${subjects[at].id}`);
    const deadline = Date.now() + PATIENCE;
    let took = null;
    while (took === null) {
      took = await driver.executeScript("return window.took ?? null");
      if (took === null && Date.now() > deadline)
        throw new Problem(`${subjects[at].id} shows nothing`);
    }
    // The script of what was there before it is loaded too.
    await driver.executeScript("return document.readyState");
    await new Promise((done) => setTimeout(done, 400));
    return { took, ...server.take() };
  };
  try {
    for (let at = 0; at < subjects.length; at += 1) await load(at);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let turn = 0; turn < subjects.length; turn += 1) {
        const at = (turn + round) % subjects.length;
        const { took, requests, bytes } = await load(at);
        results[at].times.push(took);
        Object.assign(results[at], { requests, bytes });
      }
    }
  } finally {
    await quit("chromium");
    server.close();
  }
  return results.map(({ times, ...rest }) => ({
    ...rest,
    median: median(times),
    best: Math.min(...times),
  }));
}

export function showWidgets(results, table) {
  const whole = (value) => Math.round(value).toLocaleString("en-US");
  const theirs = results.at(-1);
  say(`Time to the first rating, chromium: ${ROUNDS} loads, a new page of a new site each`);
  table(
    ["", "median ms", "best ms", "of TrustBox's", "requests", "bytes"],
    results.map((it) => [
      it.name,
      whole(it.median),
      whole(it.best),
      (it.median / theirs.median).toFixed(2),
      String(it.requests),
      whole(it.bytes),
    ]),
  );
  say(`${NOTE}\n`);
}
