// `npm run bench`: plaudit beside its peers, in one run, in Node and in Chromium. Sizes of the same
// job, the cold start, redirects parsed; and a page of reviews read beside JSON.parse of the same
// text, in Firefox and WebKit too, and a thousand rows of stars beside plain SVG; the broker's cached
// read beside bare Hono, and page views in virtual time; a rating on a page beside a stand-in of
// TrustBox. Only the ratios of one run mean something; a time never fails anything.
//
//   --only size,cold,parse,decode,elements,reads,views,tokens,widgets   some of it
//   --engines node,chromium,firefox,webkit
//   --dist <folder>           another build       --against <folder>  a second one beside it
//   --json                    all numbers
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { arch, availableParallelism, platform, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { engines, openDriver, quit } from "../tests/browser/drivers.mjs";
import { isMain, Problem, root, runMain, say } from "../tools/run.mjs";
import { cachedReads, pageViews, showReads, showViews } from "./broker.mjs";
import { fleets, showTokens } from "./tokens.mjs";
import { showWidgets, widgets } from "./widgets.mjs";

const LOADS = 21;
const ROUNDS = 11;
const PARSES = 50_000;
const PAGES = 200;
const STARS = 1_000;

/**
 * `reads` are the kinds of redirect that a subject reads, `note` what it does not do. The first one
 * is what all are compared with.
 */
const subjects = [
  {
    name: "plaudit",
    file: "plaudit",
    authorizes: true,
    reads: ["token", "code"],
    checksState: true,
    note: "compares the redirect address, refuses parameters given twice, a token in the query and what RFC 6749's grammar does not allow; none of the others does all of this",
  },
  {
    name: "oidc-client-ts",
    file: "oidc-client-ts",
    package: "oidc-client-ts",
    authorizes: true,
    reads: ["code"],
    checksState: true,
    note: "reads no token from a redirect; timed without its log, its state store and its promise, and without PKCE; it also does OpenID Connect, token requests and renewal",
  },
  {
    name: "oauth4webapi",
    file: "oauth4webapi",
    package: "oauth4webapi",
    authorizes: true,
    reads: ["code"],
    checksState: true,
    note: "reads no fragment and refuses implicit responses; has no function for an authorize URL, so that is URLSearchParams here",
  },
  {
    name: "@badgateway/oauth2-client",
    file: "badgateway",
    package: "@badgateway/oauth2-client",
    authorizes: true,
    reads: ["code"],
    checksState: true,
    note: "reads no token from a redirect; a parameter given twice, or an empty one, passes",
  },
  {
    name: "URLSearchParams + 4 get",
    file: "url-search-params",
    authorizes: false,
    reads: ["token", "code"],
    checksState: false,
    note: "a floor, not a peer: it checks nothing, not even state",
  },
];

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const versionOf = (name) =>
  JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;

/** The subjects of this run, each bundled as an application would: `{ ...subject, id, code }`. */
async function bundleSubjects(folder, { dist, against }) {
  const { build } = await import("esbuild");
  const [ours, ...others] = subjects;
  const all = [{ ...ours, dist }];
  if (against) all.push({ ...ours, name: "plaudit (--against)", dist: against });
  for (const subject of others) {
    const version = subject.package ? ` ${versionOf(subject.package)}` : "";
    all.push({ ...subject, name: subject.name + version });
  }
  const bundle = async (entry, options) => {
    const result = await build({
      ...entry,
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      platform: "neutral",
      mainFields: ["module", "main"],
      legalComments: "none",
      write: false,
      external: ["crypto"],
      ...options,
    });
    return result.outputFiles[0].contents;
  };
  const made = [];
  for (const [at, subject] of all.entries()) {
    const file = join(root, "benches", "subjects", `${subject.file}.js`);
    const options = subject.dist ? { alias: { plaudit: join(subject.dist, "index.js") } } : {};
    const code = await bundle({ entryPoints: [file] }, options);
    const path = join(folder, `${at}.mjs`);
    writeFileSync(path, code);
    // The share of it that reads codes and makes authorize URLs, as everybody's does.
    const contents = `export { authorize, readCode } from ${JSON.stringify(file)};`;
    const job = subject.authorizes
      ? await bundle({ stdin: { contents, resolveDir: root } }, options)
      : null;
    const transfer = job && brotliCompressSync(job).length;
    made.push({ ...subject, id: `${at}.mjs`, path, transfer });
  }
  for (const name of ["page.js", "elements.js", "node.mjs"]) {
    const alias = { "plaudit/elements/pure": join(dist, "elements-pure.js") };
    const code = await bundle({ entryPoints: [join(root, "benches", name)] }, { alias });
    writeFileSync(join(folder, name.replace(/\.js$/, ".mjs")), code);
  }
  return made;
}

/** A Node process of its own: { version, call(name, ...args), end() }. */
async function openNode(folder) {
  const { NODE_OPTIONS: _, NODE_COMPILE_CACHE: __, ...env } = process.env;
  const child = fork(join(folder, "node.mjs"), { env, execArgv: [] });
  const gone = once(child, "exit");
  return {
    moduleOf: ({ path }) => pathToFileURL(path).href,
    async call(call, ...args) {
      child.send({ call, args });
      const ended = gone.then(() => [{ error: "the process ended" }]);
      const [{ value, error }] = await Promise.race([once(child, "message"), ended]);
      if (error) throw new Problem(error);
      return value;
    },
    async end() {
      child.disconnect();
      await gone;
    },
  };
}

/** Serves the bundles, compressed as a real server would; nothing may be kept. */
async function serve(folder) {
  const page = '<!doctype html><title>bench</title><script type="module" src="/page.mjs"></script>';
  const kept = new Map();
  const server = createServer((request, response) => {
    const name = new URL(request.url, "http://localhost").pathname.slice(1);
    const isPage = name === "";
    if (!isPage && !/^(\d+|page|elements)\.mjs$/.test(name)) {
      response.writeHead(404).end();
      return;
    }
    const encoding = /\bbr\b/.test(request.headers["accept-encoding"] ?? "") ? "br" : "identity";
    const key = `${encoding} ${name}`;
    if (!kept.has(key)) {
      const content = isPage ? Buffer.from(page) : readFileSync(join(folder, name));
      kept.set(key, encoding === "br" ? brotliCompressSync(content) : content);
    }
    response.writeHead(200, {
      "content-type": isPage ? "text/html; charset=utf-8" : "text/javascript; charset=utf-8",
      "content-encoding": encoding,
      "cache-control": "no-store",
      // Without other origins around, a page's clock is fine enough.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    response.end(kept.get(key));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function openBrowser(engine, folder, ends) {
  const server = await serve(folder);
  ends.push(server.close, () => quit(engine));
  const driver = await openDriver(engine);
  const capabilities = await driver.getCapabilities();
  let loads = 0;
  return {
    version: capabilities.get("browserVersion"),
    moduleOf: ({ id }) => `/${id}`,
    /** A page of a site that was never seen: a new process, where no cache can help anyone. */
    async load() {
      loads += 1;
      await driver.get(`http://load-${loads}.localhost:${server.port}/`);
    },
    async call(call, ...args) {
      // The pause lets the page's own loading end.
      const { value, error } = await driver.executeAsyncScript(
        `const [call, args, done] = arguments;
         setTimeout(() => {
           const isFine = crossOriginIsolated || call === "decode" || call === "stars";
           if (!isFine) return done({ error: "the page's clock is too coarse" });
           bench[call](...args).then((value) => done({ value }), (e) => done({ error: e.message }));
         }, 30);`,
        call,
        args,
      );
      if (error) throw new Problem(error);
      return value;
    },
  };
}

/** Interleaved rounds: `measure(subject)` for each, the order turned by one each time. */
async function interleave(list, rounds, measure) {
  const times = list.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < list.length; turn += 1) {
      const at = (turn + round) % list.length;
      times[at].push(await measure(list[at]));
    }
  }
  return list.map((subject, at) => ({
    name: subject.label ?? subject.name,
    median: median(times[at]),
    best: Math.min(...times[at]),
  }));
}

async function coldStarts(list, folder, open) {
  const candidates = list.filter(({ authorizes }) => authorizes);
  if (open) {
    const load = async (subject) => {
      await open.load();
      return open.call("coldStart", open.moduleOf(subject));
    };
    for (const subject of candidates) await load(subject);
    return interleave(candidates, LOADS, load);
  }
  const load = async (subject) => {
    const node = await openNode(folder);
    try {
      return await node.call("coldStart", node.moduleOf(subject));
    } finally {
      await node.end();
    }
  };
  // Once for the disk.
  for (const subject of candidates) await load(subject);
  return interleave(candidates, LOADS, load);
}

async function parses(list, open) {
  const cases = list.flatMap((subject) =>
    subject.reads.map((kind) => ({
      name: subject.name,
      label: `${subject.name}, ${kind}`,
      kind,
      checksState: subject.checksState,
      module: open.moduleOf(subject),
    })),
  );
  const measure = (one) => open.call("parse", one, PARSES);
  for (const one of cases) await measure(one);
  const results = await interleave(cases, ROUNDS, measure);
  return results.map(({ name, median: ms, best }) => ({
    name,
    // Nanoseconds for one.
    median: (ms * 1e6) / PARSES,
    best: (best * 1e6) / PARSES,
  }));
}

async function decodes(open) {
  const list = [{ name: "JSON.parse" }, { name: "plaudit" }];
  const measure = ({ name }) => open.call("decode", name, PAGES);
  for (const way of list) await measure(way);
  const results = await interleave(list, ROUNDS, measure);
  // Microseconds for one page.
  return results.map(({ name, median: ms, best }) => ({
    name,
    median: (ms * 1e3) / PAGES,
    best: (best * 1e3) / PAGES,
  }));
}

/** A thousand rows of stars, until they are laid out. */
async function rowsOfStars(open) {
  const names = ["plain SVG of eleven nodes", "plain SVG of four nodes", "<plaudit-stars>"];
  const list = names.map((name, way) => ({ name, way }));
  const measure = ({ way }) => open.call("stars", "/elements.mjs", way, STARS);
  for (const way of list) await measure(way);
  return interleave(list, ROUNDS, measure);
}

function table(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at].length)));
  for (const row of all) {
    const cells = row.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at])));
    say(cells.join("  ").trimEnd());
  }
  say("");
}

const ratio = (value, own) => (value / own).toFixed(2);
const whole = (value) => Math.round(value).toLocaleString("en-US");

function showTimes(title, results, head, absolute) {
  say(title);
  const [own] = results;
  table(
    ["", "ratio", "ratio of the best", ...head],
    results.map((it) => [
      it.name,
      ratio(it.median, own.median),
      ratio(it.best, own.best),
      ...absolute(it),
    ]),
  );
}

function show({ size, cold, parse, decode, elements }) {
  if (size) {
    say("Bytes of an authorize URL and of a code redirect read: bundled, minified, brotli 11");
    const [own] = size;
    table(
      ["", "ratio", "bytes"],
      size.map(({ name, bytes }) => [name, ratio(bytes, own.bytes), whole(bytes)]),
    );
  }
  for (const [engine, results] of Object.entries(cold)) {
    const ways = { node: "a new process each", chromium: "a new page of a new site each" };
    const title = `Cold start to the first authorize URL, ${engine}: ${LOADS} loads, ${ways[engine]}`;
    const ms = ({ median: middle, best }) => [middle.toFixed(2), best.toFixed(2)];
    showTimes(title, results, ["median ms", "best ms"], ms);
  }
  for (const [engine, results] of Object.entries(parse)) {
    const title = `Redirects parsed, ${engine}: ${ROUNDS} rounds of ${whole(PARSES)}; ratio of the time`;
    showTimes(title, results, ["median ns", "best ns", "a second"], ({ median: ns, best }) => [
      whole(ns),
      whole(best),
      whole(1e9 / ns),
    ]);
  }
  for (const [engine, results] of Object.entries(decode)) {
    const title = `A page of 100 reviews read from its text, ${engine}: ${ROUNDS} rounds of ${PAGES}`;
    showTimes(title, results, ["median µs", "best µs"], ({ median: us, best }) => [
      whole(us),
      whole(best),
    ]);
  }
  for (const [engine, results] of Object.entries(elements)) {
    const title = `${whole(STARS)} rows of stars built and laid out, ${engine}: ${ROUNDS} rounds; goal: 1.5`;
    const ms = ({ median: middle, best }) => [middle.toFixed(1), best.toFixed(1)];
    showTimes(title, results, ["median ms", "best ms"], ms);
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      only: {
        type: "string",
        default: "size,cold,parse,decode,elements,reads,views,tokens,widgets",
      },
      engines: { type: "string", default: "node,chromium,firefox,webkit" },
      dist: { type: "string", default: join(root, "dist") },
      against: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const [only, asked] = [values.only, values.engines].map((list) => list.split(","));
  const builds = { dist: resolve(values.dist), against: values.against && resolve(values.against) };
  for (const build of Object.values(builds)) {
    if (build && !existsSync(join(build, "index.js"))) {
      throw new Problem("no index.js in the build's folder: run `npm run build` first");
    }
  }
  const folder = mkdtempSync(join(tmpdir(), "plaudit-bench-"));
  const ends = [];
  const result = {
    machine: {},
    size: null,
    cold: {},
    parse: {},
    decode: {},
    elements: {},
    reads: null,
    views: null,
    tokens: null,
    widgets: null,
  };
  try {
    const list = await bundleSubjects(folder, builds);
    result.machine = {
      cores: availableParallelism(),
      platform: `${platform()} ${arch()}`,
      node: process.versions.node,
      v8: process.versions.v8,
    };
    if (only.includes("size")) {
      const sized = list.filter(({ transfer }) => transfer !== null);
      result.size = sized.map(({ name, transfer }) => ({ name, bytes: transfer }));
    }
    const isTimed = ["cold", "parse", "decode"].some((what) => only.includes(what));
    if (isTimed && asked.includes("node")) {
      if (only.includes("cold")) result.cold.node = await coldStarts(list, folder);
      const node = await openNode(folder);
      ends.push(node.end);
      if (only.includes("parse")) result.parse.node = await parses(list, node);
      if (only.includes("decode")) result.decode.node = await decodes(node);
    }
    for (const { name, available, reason } of engines()) {
      // The peers are compared where a page's clock is fine: in Chromium.
      const isEverywhere = ["decode", "elements"].some((what) => only.includes(what));
      const wanted = isEverywhere || (name === "chromium" && isTimed);
      if (!wanted || !asked.includes(name)) continue;
      if (!available) {
        console.error(`not measured: ${name}, ${reason}`);
        process.exitCode = 1;
        continue;
      }
      const open = await openBrowser(name, folder, ends);
      result.machine[name] = open.version;
      const isChromium = name === "chromium";
      if (isChromium && only.includes("cold")) {
        result.cold[name] = await coldStarts(list, folder, open);
      }
      await open.load();
      if (isChromium && only.includes("parse")) result.parse[name] = await parses(list, open);
      if (only.includes("decode")) result.decode[name] = await decodes(open);
      if (only.includes("elements")) result.elements[name] = await rowsOfStars(open);
    }
    if (only.includes("reads")) result.reads = await cachedReads();
    if (only.includes("views")) result.views = await pageViews();
    if (only.includes("widgets")) result.widgets = await widgets(builds.dist);
    if (values.json) {
      if (only.includes("tokens")) result.tokens = await fleets();
      say(JSON.stringify(result, null, 2));
      return;
    }
    const { cores, platform: system, node, v8, ...browsers } = result.machine;
    const versions = [`Node ${node} (V8 ${v8})`]
      .concat(Object.entries(browsers).map(([name, version]) => `${name} ${version}`))
      .join(", ");
    say(`${cores} cores, ${system}, ${versions}`);
    say("Ratios: the first line is 1.00; 2.00 is twice as large or takes twice as long.\n");
    show(result);
    if (result.reads) showReads(result.reads);
    if (result.views) showViews(result.views);
    if (only.includes("tokens")) await showTokens();
    if (result.widgets) showWidgets(result.widgets, table);
    if (!["size", "cold", "parse"].some((what) => only.includes(what))) return;
    say("What to know of each:");
    for (const { name, note } of subjects) say(`- ${name}: ${note}.`);
  } finally {
    await Promise.all(ends.map((end) => end()));
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) await runMain(main);
