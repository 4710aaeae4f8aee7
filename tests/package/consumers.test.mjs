// The tarball in projects as users have them: what is made of it is run, in Node, Chromium, workerd.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { engines, inCi, openDriver, quit } from "../browser/drivers.mjs";
import { elementsInBundles, writeApplications } from "./elements.mjs";
import {
  askWorkerd,
  expected,
  install,
  list,
  makeFolder,
  names,
  pack,
  probe,
  run,
  serve,
  write,
} from "./project.mjs";

let folder;
let project;
before(async () => {
  folder = makeFolder();
  project = join(folder.path, "project");
  write(project, {
    "page.js": `import { ${names} } from "plaudit";${probe}globalThis.result = result;`,
    "node.js": `import { ${names} } from "plaudit";${probe}console.log(result);`,
    "sign-in.js": `import { ${names} } from "plaudit/sign-in";${probe}globalThis.result = result;`,
    "guard.js": `import { isPlauditError } from "plaudit";console.log(isPlauditError({ name: "x" }));`,
    "slim.js": `import { init, ${names} } from "plaudit/slim";await init();${probe}globalThis.result = result;`,
    "slim-url.js": `import { init, ${names} } from "plaudit/slim";
      import wasm from "plaudit/plaudit.wasm?url";
      await init(wasm);${probe}globalThis.result = result;`,
    "index.html": `<!doctype html><script type="module" src="/page.js"></script>`,
    "slim.html": `<!doctype html><script type="module" src="/slim.js"></script>`,
    "slim-url.html": `<!doctype html><script type="module" src="/slim-url.js"></script>`,
  });
  await install(project, await pack(folder.path));
  writeApplications(project);
});
after(() => folder?.remove());

const wasmFiles = (path) => list(path).filter((name) => name.endsWith(".wasm"));
const runNode = async (...args) => JSON.parse(await run(process.execPath, args, { cwd: project }));

describe("Node", () => {
  it("import", async () => {
    assert.deepEqual(await runNode("node.js"), expected);
  });

  it("require of the ES module", async () => {
    const source = `const { ${names} } = require("plaudit");${probe}console.log(result);`;
    write(project, { "node.cjs": source });
    assert.deepEqual(await runNode("node.cjs"), expected);
  });

  it("require and import give the same error class", async () => {
    write(project, {
      "both.cjs": `const { PlauditError } = require("plaudit");
        import("plaudit").then((m) => console.log(m.PlauditError === PlauditError));`,
    });
    assert.equal(await runNode("both.cjs"), true);
  });

  for (const [form, made] of [
    ["bytes", "readFileSync(path)"],
    ["an ArrayBuffer", "new Uint8Array(readFileSync(path)).buffer"],
    ["a module", "new WebAssembly.Module(readFileSync(path))"],
    [
      "a Response",
      `new Response(readFileSync(path), { headers: { "content-type": "application/wasm" } })`,
    ],
    ["a promise of bytes", "Promise.resolve(readFileSync(path))"],
  ]) {
    it(`slim, the wasm as ${form}`, async () => {
      const source = `import { readFileSync } from "node:fs";
        import { init, ${names} } from "plaudit/slim";
        const path = new URL(import.meta.resolve("plaudit/plaudit.wasm"));
        await init(${made});${probe}console.log(result);`;
      write(project, { "slim.mjs": source });
      assert.deepEqual(await runNode("slim.mjs"), expected);
    });
  }

  it("slim before init is not_initialized; init may fail and be called again", async () => {
    const source = `import { readFileSync } from "node:fs";
      import { init, ${names}, createAuth, createClient } from "plaudit/slim";
      const codes = [];
      const code = (call) => { try { call(); codes.push("none"); } catch (error) { codes.push(error.code); } };
      const options = { provider: "trustpilot", clientId: "k", redirectUri: "https://app.example/" };
      code(() => createState());
      code(() => authorizeUrl({ ...options, responseType: "token", state: "s" }));
      code(() => parseCallback("https://app.example/", { ...options, responseType: "token", state: "s" }));
      code(() => createAuth(options));
      await createClient({ provider: "trustpilot", apiKey: "k" }).businessUnits.find("a.example")
        .catch((error) => codes.push(error.code));
      for (const bad of [new Uint8Array(4), new Response("no", { status: 404 }), 5, {}]) {
        await init(bad).then(() => codes.push("none"), (error) => codes.push(error.code));
      }
      await init(readFileSync(new URL(import.meta.resolve("plaudit/plaudit.wasm"))));
      console.log(JSON.stringify([...codes, createState().length]));`;
    write(project, { "early.mjs": source });
    const early = new Array(5).fill("not_initialized");
    const refused = new Array(4).fill("invalid_argument");
    assert.deepEqual(await runNode("early.mjs"), [...early, ...refused, 43]);
  });

  it("another condition than the known ones, and deep paths, lead nowhere", async () => {
    write(project, {
      "deep.mjs": `const codes = [];
        for (const path of ["plaudit/dist/index.js", "plaudit/core", "plaudit/server/core"])
          await import(path).catch(({ code }) => codes.push(code));
        console.log(JSON.stringify(codes));`,
    });
    const codes = await runNode("deep.mjs");
    assert.deepEqual(codes, new Array(3).fill("ERR_PACKAGE_PATH_NOT_EXPORTED"));
  });
});

// Each bundler: (entry, out folder) -> one minified file, app.js.
const bundlers = {
  async esbuild(entry, outdir) {
    const { build } = await import("esbuild");
    await build({
      absWorkingDir: project,
      entryPoints: { app: entry },
      outdir,
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      logLevel: "error",
    });
  },
  async rollup(entry, outdir) {
    const { rollup } = await import("rollup");
    const { nodeResolve } = await import("@rollup/plugin-node-resolve");
    const { transform } = await import("esbuild");
    const minify = {
      name: "minify",
      renderChunk: (code) => transform(code, { minify: true, target: "es2022", format: "esm" }),
    };
    const bundle = await rollup({
      input: { app: join(project, entry) },
      plugins: [nodeResolve({ browser: true }), minify],
      onwarn: (warning) => assert.fail(warning.message),
    });
    await bundle.write({ dir: outdir, format: "es" });
    await bundle.close();
  },
  async webpack(entry, outdir) {
    const { default: webpack } = await import("webpack");
    const compiler = webpack({
      mode: "production",
      context: project,
      entry: { app: `./${entry}` },
      output: { path: outdir, filename: "[name].js" },
      performance: false,
    });
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    await new Promise((resolve) => compiler.close(resolve));
    assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }).errors, []);
    assert.deepEqual(stats.toJson({ all: false, warnings: true }).warnings, []);
  },
};

async function buildWithVite(page, outDir) {
  const { build } = await import("vite");
  await build({
    root: project,
    configFile: false,
    logLevel: "error",
    build: {
      outDir,
      emptyOutDir: true,
      // or a small wasm would come inline as data:, and a strict policy would refuse it
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(project, page) },
    },
  });
}

describe("bundles", () => {
  for (const [name, bundle] of Object.entries(bundlers)) {
    it(`${name}: isPlauditError alone costs less than 1 KB`, async () => {
      const out = join(folder.path, `guard-${name}`);
      await bundle("guard.js", out);
      assert.deepEqual(list(out), ["app.js"]);
      const code = readFileSync(join(out, "app.js"), "utf8");
      assert.ok(code.length < 1_000, `${code.length} bytes: ${code.slice(0, 2_000)}`);
      assert.equal(await run(process.execPath, [join(out, "app.js")], { cwd: project }), "false\n");
    });
  }

  for (const format of ["esm", "cjs"]) {
    it(`esbuild for Node, ${format}`, async () => {
      const { build } = await import("esbuild");
      const outfile = join(folder.path, `node-${format}`, format === "esm" ? "app.mjs" : "app.cjs");
      await build({
        absWorkingDir: project,
        entryPoints: ["node.js"],
        outfile,
        bundle: true,
        format,
        platform: "node",
        logLevel: "error",
      });
      assert.deepEqual(wasmFiles(join(folder.path, `node-${format}`)), []);
      assert.deepEqual(await runNode(outfile), expected);
    });
  }
});

const chromium = engines().find(({ name }) => name === "chromium");
const skip = chromium.available || inCi ? false : chromium.reason;

describe("Chromium", { skip }, () => {
  let driver;
  before(async () => {
    driver = await openDriver("chromium");
  });
  after(() => quit("chromium"));

  // All that a page with a strict policy has to grant.
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

  /** Opens an address and gives what the module left there. */
  async function open(url) {
    await driver.get(url);
    const result = await driver.wait(
      () => driver.executeScript("return globalThis.result"),
      15_000,
      `nothing came from ${url}`,
    );
    return JSON.parse(result);
  }

  async function openFolder(path, page, options = { policy }) {
    const server = await serve(path, options);
    try {
      return await open(`${server.url}/${page}`);
    } finally {
      server.close();
    }
  }

  for (const [name, bundle] of Object.entries(bundlers)) {
    for (const entry of ["page.js", "sign-in.js"]) {
      it(`${name}, ${entry}: one script, no wasm beside it`, async () => {
        const out = join(folder.path, `${name}-${entry}`);
        await bundle(entry, out);
        // webpack moves the licence line there
        const made = list(out).filter((file) => file !== "app.js.LICENSE.txt");
        assert.deepEqual(made, ["app.js"]);
        write(out, { "index.html": `<!doctype html><script type="module" src="app.js"></script>` });
        assert.deepEqual(await openFolder(out, "index.html"), expected);
      });
    }
  }

  it("webpack, slim: one wasm, fetched", async () => {
    const out = join(folder.path, "webpack-slim");
    await bundlers.webpack("slim.js", out);
    assert.equal(wasmFiles(out).length, 1);
    write(out, { "index.html": `<!doctype html><script type="module" src="app.js"></script>` });
    assert.deepEqual(await openFolder(out, "index.html"), expected);
  });

  it("Vite, build: no wasm beside it", async () => {
    const out = join(folder.path, "vite");
    await buildWithVite("index.html", out);
    assert.deepEqual(wasmFiles(out), []);
    assert.deepEqual(await openFolder(out, "index.html"), expected);
  });

  for (const page of ["slim.html", "slim-url.html"]) {
    it(`Vite, build, ${page}: exactly one wasm, fetched once`, async () => {
      const out = join(folder.path, `vite-${page}`);
      await buildWithVite(page, out);
      assert.equal(wasmFiles(out).length, 1);
      const log = [];
      assert.deepEqual(await openFolder(out, page, { policy, log }), expected);
      assert.equal(log.filter((path) => path.endsWith(".wasm")).length, 1);
    });
  }

  it("Vite, development server", async () => {
    const { createServer } = await import("vite");
    const server = await createServer({
      root: project,
      configFile: false,
      logLevel: "error",
      cacheDir: join(folder.path, "vite-cache"),
      server: { host: "127.0.0.1", port: 0, ws: false, watch: null, hmr: false },
    });
    try {
      await server.listen();
      const { port } = server.httpServer.address();
      for (const page of ["index.html", "slim.html", "slim-url.html"]) {
        assert.deepEqual(await open(`http://127.0.0.1:${port}/${page}`), expected, page);
      }
      assert.equal(await open(`http://127.0.0.1:${port}/served.html`), "4,5");
    } finally {
      await server.close();
    }
  });

  it("no bundler: the file itself, under a strict policy", async () => {
    const dist = "/node_modules/plaudit/dist/";
    write(project, {
      "plain.js": `import { ${names} } from "${dist}index.js";${probe}globalThis.result = result;`,
      "plain.html": `<!doctype html><script type="module" src="plain.js"></script>`,
      "plain-slim.js": `import { init, ${names} } from "${dist}slim.js";
        await init();${probe}globalThis.result = result;`,
      "plain-slim.html": `<!doctype html><script type="module" src="plain-slim.js"></script>`,
    });
    const log = [];
    assert.deepEqual(await openFolder(project, "plain.html", { policy, log }), expected);
    assert.deepEqual(
      log.filter((path) => path.endsWith(".wasm")),
      [],
    );
    assert.deepEqual(await openFolder(project, "plain-slim.html", { policy, log }), expected);
    assert.deepEqual(
      log.filter((path) => path.endsWith(".wasm")),
      [`${dist}plaudit.wasm`],
    );
  });

  elementsInBundles(() => ({ driver, project, path: folder.path }));

  it("no bundler: an import map", async () => {
    const imports = { plaudit: "/node_modules/plaudit/dist/index.js" };
    write(project, {
      "map.html": `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>
        <script type="module" src="page.js"></script>`,
    });
    assert.deepEqual(await openFolder(project, "map.html", {}), expected);
  });
});

describe("workerd", () => {
  for (const entry of ["plaudit", "plaudit/sign-in"]) {
    it(`${entry} runs in a worker, by the workerd condition`, async () => {
      const { build } = await import("esbuild");
      const out = join(folder.path, `workerd-${entry.replace("/", "-")}`);
      write(project, {
        "worker.js": `import { ${names} } from "${entry}";
          export default { fetch() { ${probe} return new Response(result); } };`,
      });
      await build({
        absWorkingDir: project,
        entryPoints: ["worker.js"],
        outdir: out,
        bundle: true,
        format: "esm",
        conditions: ["workerd"],
        loader: { ".wasm": "copy" },
        assetNames: "[name]",
        logLevel: "error",
      });
      assert.deepEqual(list(out), ["plaudit.wasm", "worker.js"]);
      assert.deepEqual(JSON.parse(await askWorkerd(out, "plaudit.wasm")), expected);
    });
  }
});
