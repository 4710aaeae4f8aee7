// plaudit/sandbox and the command, as they come in the tarball: in Node, a page, a service worker
// and workerd. SB3: everywhere the same conversation has the same hash.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { createSandbox } from "plaudit/sandbox";
import { engines, inCi, openDriver, quit } from "../browser/drivers.mjs";
import { transcript, within } from "../sandbox/transcript.mjs";
import {
  askWorkerd,
  install,
  list,
  makeFolder,
  pack,
  root,
  run,
  serve,
  write,
} from "./project.mjs";

let folder;
let project;
let expected;
before(async () => {
  expected = (await transcript(within(createSandbox()))).hash;
  folder = makeFolder();
  project = join(folder.path, "project");
  const talk = `import { createSandbox } from "plaudit/sandbox";
    import { transcript, within } from "./transcript.mjs";
    const talk = async () => (await transcript(within(createSandbox()))).hash;`;
  write(project, {
    "node.mjs": `${talk} console.log(await talk());`,
    "node.cjs": `const { createSandbox } = require("plaudit/sandbox");
      import("./transcript.mjs").then(async ({ transcript, within }) =>
        console.log((await transcript(within(createSandbox()))).hash));`,
    "page.js": `${talk} globalThis.result = await talk();`,
    "index.html": `<!doctype html><script type="module" src="page.js"></script>`,
    "worker.js": `${talk} export default { async fetch() { return new Response(await talk()); } };`,
  });
  copyFileSync(join(root, "tests", "sandbox", "transcript.mjs"), join(project, "transcript.mjs"));
  await install(project, await pack(folder.path));
});
after(() => folder?.remove());

/** esbuild, with the conditions that a platform asks for. */
async function bundle(entry, outdir, options = {}) {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: project,
    entryPoints: [entry],
    outdir,
    bundle: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
    ...options,
  });
}

describe("Node", () => {
  for (const file of ["node.mjs", "node.cjs"]) {
    it(`SB3 ${file}`, async () => {
      const text = await run(process.execPath, [file], { cwd: project });
      assert.equal(text.trim(), expected);
    });
  }

  it("the command that npm links", async () => {
    const bin = join(project, "node_modules", ".bin", "plaudit");
    assert.match(await run(bin, ["--help"], { cwd: project }), /^plaudit \d/);
    const child = spawn(bin, ["sandbox"], { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = await once(createInterface({ input: child.stdout }), "line");
      const answer = await fetch(`${JSON.parse(line).url}/__sandbox/health`);
      assert.equal((await answer.json()).status, "ok");
    } finally {
      child.kill();
      await once(child, "exit");
    }
  });
});

const chromium = engines().find(({ name }) => name === "chromium");
const skip = chromium.available || inCi ? false : chromium.reason;

describe("Chromium", { skip }, () => {
  let driver;
  before(async () => {
    driver = await openDriver("chromium");
  });
  after(() => quit("chromium"));
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

  it("SB3 a page: one script, no wasm beside it", async () => {
    const out = join(folder.path, "page");
    await bundle("page.js", out, { minify: true });
    assert.deepEqual(list(out), ["page.js"]);
    copyFileSync(join(project, "index.html"), join(out, "index.html"));
    const server = await serve(out, { policy });
    try {
      await driver.get(`${server.url}/index.html`);
      const look = () => driver.executeScript("return globalThis.result");
      assert.equal(await driver.wait(look, 15_000), expected);
    } finally {
      server.close();
    }
  });

  it("a service worker answers for the platforms, as in the docs", async () => {
    const docs = readFileSync(join(root, "docs", "sandbox.md"), "utf8");
    const [, worker] = /^```js\n(\/\/ sandbox-worker\.js\n.*?)^```$/ms.exec(docs);
    write(project, { "sandbox-worker.js": worker });
    const out = join(folder.path, "service-worker");
    await bundle("sandbox-worker.js", out);
    write(out, { "index.html": "<!doctype html><title>page</title>" });
    const server = await serve(out);
    try {
      await driver.get(`${server.url}/index.html`);
      const answer = await driver.executeAsyncScript(`
        const done = arguments[0];
        const find = (more = "") => fetch("https://api.trustpilot.com/v1/business-units/find" +
          "?name=example.com&apikey=plaudit-demo-key" + more);
        const started = new Promise((resolve) =>
          navigator.serviceWorker.addEventListener("controllerchange", resolve));
        navigator.serviceWorker.register("/sandbox-worker.js", { type: "module" })
          .then(() => started)
          .then(async () => {
            const { displayName } = await (await find()).json();
            const cut = await find("&__fault=cut-before-headers").catch((error) => error.name);
            const half = await find("&__fault=cut-body")
              .then((answer) => answer.text()).catch((error) => error.name);
            const late = await find("&__fault=429;retry-after=2");
            done([displayName, cut, half, late.status]);
          })
          .catch((error) => done(String(error)));`);
      assert.deepEqual(answer, ["Example Store", "TypeError", "TypeError", 429]);
    } finally {
      server.close();
    }
  });
});

describe("workerd", () => {
  it("SB3 by the workerd condition: the wasm is a module", async () => {
    const out = join(folder.path, "workerd");
    await bundle("worker.js", out, {
      conditions: ["workerd"],
      loader: { ".wasm": "copy" },
      assetNames: "[name]",
    });
    assert.deepEqual(list(out), ["sandbox.wasm", "worker.js"]);
    assert.equal(await askWorkerd(out, "sandbox.wasm"), expected);
  });
});
