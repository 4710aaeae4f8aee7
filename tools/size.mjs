// `npm run size [-- --json]`: what a page downloads, for each way to use the package, from dist/.
// A size is the whole transfer: minified, brotli 11, wasm inline; 1 KB is 1,000 bytes.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { isMain, Problem, root, runMain, say } from "./run.mjs";

/**
 * A consumer imports `take` (all, unless it says) from dist/`file`; `extra` is downloaded beside it, and
 * what is `over` other entries counts without them.
 * `limit` is what an entry is held to, in bytes of brotli: a larger one fails. `goal` is where it
 * is meant to get, where it is not there yet.
 */
const consumers = [
  { name: "plaudit", file: "index", limit: 26_000, goal: 16_000 },
  { name: "plaudit { createAuth }", file: "index", take: "createAuth" },
  { name: "plaudit { createClient }", file: "index", take: "createClient" },
  { name: "plaudit { isPlauditError }", file: "index", take: "isPlauditError", limit: 1_000 },
  { name: "plaudit/sign-in", file: "sign-in", limit: 14_600, goal: 11_000 },
  { name: "plaudit/slim + plaudit.wasm", file: "slim", extra: "plaudit.wasm" },
  // on top of the core, which it loads when something is to be fetched
  { name: "plaudit/elements", file: "elements", over: ["index"], limit: 6_000 },
  {
    name: "elements { PlauditRating }",
    file: "elements-pure",
    take: "PlauditRating",
    over: ["index"],
  },
  // on top of both, when a page needs it
  ...[
    ["fetching", "loading", "*", 1_800],
    ["reviews", "reviews-drawing", "default as late, sheets", 5_700],
    ["histogram", "histogram-drawing", "default as late, sheets", 1_200],
    ["signing in", "sign-in-drawing", "default as late, sheets", 1_500],
    ["structured data", "jsonld", "*", 2_400],
  ].map(([what, file, take, limit]) => ({
    name: `... ${what}`,
    file: `elements/${file}`,
    take,
    over: ["index", "elements"],
    limit,
  })),
  // no WebAssembly in it
  { name: "plaudit/trustbox", file: "trustbox", limit: 6_100 },
  // for tests: nothing that a page's visitors load
  { name: "plaudit/sandbox", file: "sandbox", limit: 300_000 },
];
/** Which module each entry is made with, as tools/build.mjs leaves it under target/npm/. */
const features = { index: "browser", "sign-in": "sign-in", slim: "browser" };

const dist = join(root, "dist");
const built = join(root, "target", "npm");

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length;

/** Raw, gzip -9 and brotli 11 of one file. */
function measure(content) {
  const bytes = Buffer.from(content);
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) };
}

const add = (a, b) => ({ raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli });
const subtract = (a, b) => ({
  raw: a.raw - b.raw,
  gzip: a.gzip - b.gzip,
  brotli: a.brotli - b.brotli,
});

/** What a page loads where it needs it counts for itself; languages do not. */
const later = {
  name: "later",
  setup(build) {
    build.onResolve({ filter: /\.js$/ }, ({ path, kind }) =>
      kind === "dynamic-import" && !path.endsWith("/index.js") ? { path, external: true } : null,
    );
  },
};

/** What a production bundler makes of `import … from <file>`. */
async function bundle(file, take, plugins = [], beside = []) {
  const { build } = await import("esbuild");
  const what = take === "*" ? "*" : `{ ${take} }`;
  const lines = beside.map((from) => `export * from ${JSON.stringify(from)};`);
  lines.unshift(`export ${what} from ${JSON.stringify(file)};`);
  const result = await build({
    stdin: { contents: lines.join("\n"), resolveDir: root },
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    metafile: true,
    plugins: [later, ...plugins],
  });
  const inputs = Object.values(result.metafile.outputs).flatMap((it) => Object.entries(it.inputs));
  return { bytes: result.outputFiles[0].contents, inputs };
}

/** Stands in for the build's own plugin, so that a part can be left out and its weight be seen. */
const parts = (feature, { wasm, glue }) => ({
  name: "parts",
  setup(build) {
    const loader = "js";
    build.onResolve({ filter: /^#/ }, ({ path }) => ({
      path,
      namespace: "made",
      sideEffects: false,
    }));
    build.onLoad({ filter: /inline$/, namespace: "made" }, () => {
      const hex = wasm ? readFileSync(join(built, feature, "plaudit.wasm")).toString("hex") : "";
      return { contents: `export default "${hex}";`, loader };
    });
    build.onLoad({ filter: /glue$/, namespace: "made" }, () => ({
      contents: glue
        ? readFileSync(join(built, feature, "plaudit_bg.js"))
        : "export function __wbg_set_wasm() {}",
      loader,
    }));
  },
});

/**
 * The share of each part: what the transfer would be smaller without it. The rest is the facade.
 * Bundled from js/, since in dist/ the parts are one text; null without target/npm/.
 */
async function share({ file, take = "*" }, total) {
  const feature = features[file];
  if (!feature || !existsSync(join(built, feature, "plaudit.wasm"))) return null;
  const sizeWith = async (options) => {
    const { bytes } = await bundle(`./js/${file}.ts`, take, [parts(feature, options)]);
    return measure(bytes);
  };
  const all = await sizeWith({ wasm: true, glue: true });
  const withoutWasm = await sizeWith({ wasm: false, glue: true });
  const facade = await sizeWith({ wasm: false, glue: false });
  const wasm = subtract(all, withoutWasm);
  const glue = subtract(withoutWasm, facade);
  return { facade: subtract(subtract(total, wasm), glue), glue, wasm };
}

/** The files that a page without a bundler loads for an entry, with their sizes. */
async function filesOf(entry) {
  const { inputs } = await bundle(`./dist/${entry}`, "*");
  return inputs
    .map(([path]) => path)
    .filter((path) => path !== "<stdin>")
    .sort()
    .map((path) => ({
      file: relative(dist, join(root, path)).replaceAll("\\", "/"),
      ...measure(readFileSync(join(root, path))),
    }));
}

/** Sizes of all consumers, and of the files served as they are. */
export async function sizes() {
  if (!existsSync(join(dist, "index.js"))) {
    throw new Problem("dist/ is not there: run `npm run build` first");
  }
  const bundled = [];
  for (const consumer of consumers) {
    const { name, file, take = "*", extra, over = [], limit = null, goal = null } = consumer;
    const [first, ...others] = over.map((it) => `./dist/${it}.js`);
    const all = await bundle(`./dist/${file}.js`, take, [], first ? [first, ...others] : []);
    let script = measure(all.bytes);
    if (first) script = subtract(script, measure((await bundle(first, "*", [], others)).bytes));
    const beside = extra ? measure(readFileSync(join(dist, extra))) : null;
    const made = await share(consumer, script);
    bundled.push({
      name,
      ...(beside ? add(script, beside) : script),
      limit,
      goal,
      // What is beside is wasm as bytes; in the script there is none then.
      parts: made && beside ? { ...made, wasm: add(made.wasm, beside) } : made,
    });
  }
  const files = await filesOf("index.js");
  const whole = files.reduce(add, { raw: 0, gzip: 0, brotli: 0 });
  return { bundled, unbundled: { name: "dist/index.js and its chunks", ...whole, files } };
}

const number = (value) => value.toLocaleString("en-US");

function table(head, rows) {
  const widths = head.map((title, at) =>
    Math.max(...[title, ...rows.map((r) => r[at])].map((t) => t.length)),
  );
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at])));
    say(cells.join("  ").trimEnd());
  }
}

function show({ bundled, unbundled }) {
  say("bundled (esbuild, minified, es2022); bytes, the parts as brotli");
  table(
    ["", "raw", "gzip -9", "brotli 11", "limit", "goal", "facade", "glue", "wasm"],
    bundled.map(({ name, raw, gzip, brotli, limit, goal, parts: made }) => [
      name,
      ...[raw, gzip, brotli].map(number),
      limit === null ? "" : number(limit),
      goal === null ? "" : number(goal),
      ...["facade", "glue", "wasm"].map((part) => (made ? number(made[part].brotli) : "?")),
    ]),
  );
  say("\nwithout a bundler, each file compressed on its own; bytes");
  table(
    ["", "raw", "gzip -9", "brotli 11"],
    [...unbundled.files.map(({ file: name, ...size }) => ({ name, ...size })), unbundled].map(
      ({ name, raw, gzip, brotli }) => [name, ...[raw, gzip, brotli].map(number)],
    ),
  );
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
    const result = await sizes();
    if (values.json) say(JSON.stringify(result, null, 2));
    else show(result);
    const over = result.bundled.filter(({ brotli, limit }) => limit !== null && brotli > limit);
    if (over.length > 0) {
      throw new Problem(
        over
          .map(
            ({ name, brotli, limit }) =>
              `${name} is ${number(brotli)} bytes, its limit ${number(limit)}`,
          )
          .join("; "),
      );
    }
  });
}
