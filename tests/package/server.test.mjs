// Secrets stay on the server: what a page can load takes none, and no bundler puts the server there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { install, makeFolder, pack, run, write } from "./project.mjs";

let folder;
let project;
before(async () => {
  folder = makeFolder();
  project = join(folder.path, "project");
  write(project, {
    "app.js": `import { secret } from "plaudit/server";console.log(String(secret("s3cret")));`,
    "index.html": `<!doctype html><script type="module" src="/app.js"></script>`,
  });
  await install(project, await pack(folder.path));
});
after(() => folder?.remove());

const out = (name) => join(folder.path, name);
const esbuild = async (options) => {
  const { build } = await import("esbuild");
  return build({
    absWorkingDir: project,
    entryPoints: ["app.js"],
    bundle: true,
    format: "esm",
    logLevel: "silent",
    ...options,
  });
};

describe("a bundle for pages cannot hold plaudit/server", () => {
  it("esbuild", async () => {
    const build = esbuild({ outdir: out("esbuild"), platform: "browser" });
    await assert.rejects(build, /No matching export in .*server-page\.js" for import "secret"/);
  });

  it("rollup", async () => {
    const { rollup } = await import("rollup");
    const { nodeResolve } = await import("@rollup/plugin-node-resolve");
    const build = rollup({
      input: join(project, "app.js"),
      plugins: [nodeResolve({ browser: true })],
      onwarn: ({ message }) => {
        throw new Error(message);
      },
    });
    await assert.rejects(build, /"secret" is not exported by .*server-page\.js/);
  });

  it("webpack", async () => {
    const { default: webpack } = await import("webpack");
    const compiler = webpack({
      mode: "production",
      context: project,
      entry: "./app.js",
      output: { path: out("webpack") },
    });
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    await new Promise((resolve) => compiler.close(resolve));
    const { errors } = stats.toJson({ all: false, errors: true });
    assert.match(errors[0]?.message ?? "", /'secret'.*was not found in 'plaudit\/server'/s);
  });

  it("Vite", async () => {
    const { build } = await import("vite");
    const options = {
      outDir: out("vite"),
      rolldownOptions: { input: join(project, "index.html") },
    };
    const made = build({ root: project, configFile: false, logLevel: "silent", build: options });
    await assert.rejects(made, /"secret" is not exported by .*server-page\.js/);
  });

  it("a bundle for a server does", async () => {
    await esbuild({ outfile: out("server.mjs"), platform: "node" });
    assert.equal(await run(process.execPath, [out("server.mjs")]), "[redacted]\n");
  });
});

describe("what pages load", () => {
  const secrets =
    /client_?secret|api_?secret|private_?token|refreshToken|password|encryption_?key|client_credentials|\/private\/|invitations-api\.trustpilot\.com\/v1/i;
  const found = (text) => secrets.exec(text)?.[0];
  /** The core refuses a `client_secret` in an authorize URL by its name. */
  const inWasm = (bytes) => found(bytes.toString("latin1").replaceAll("client_secret", ""));

  /** A file of the package and all that it imports, with their texts. */
  function reach(name, reached = new Map()) {
    if (reached.has(name)) return reached;
    const text = readFileSync(join(project, "node_modules", "plaudit", name), "utf8");
    reached.set(name, text);
    for (const [, path] of text.matchAll(/(?:from|import)\s*\(?"(\.[^"]+)\.js"/g)) {
      const file = name.endsWith(".d.ts") ? `${path}.d.ts` : `${path}.js`;
      reach(join(dirname(name), file).replaceAll("\\", "/"), reached);
    }
    return reached;
  }

  for (const entry of ["index", "sign-in", "slim", "workerd"]) {
    it(`${entry}: neither its scripts nor its wasm know a secret's name`, () => {
      const files = reach(`dist/${entry}.js`);
      for (const [name, text] of files) {
        assert.equal(found(text.replace(/[0-9a-f]{10000,}/g, "")), undefined, name);
        const [hex] = /[0-9a-f]{10000,}/.exec(text) ?? [""];
        assert.equal(inWasm(Buffer.from(hex, "hex")), undefined, `${name}, wasm`);
      }
    });

    it(`${entry}: no type takes a secret`, () => {
      const files = reach(`dist/${entry}.d.ts`);
      assert.ok(files.size > 2);
      for (const [name, text] of files) {
        const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
        assert.equal(found(code), undefined, name);
        assert.ok(!name.includes("/server"), name);
      }
    });
  }

  it("plaudit.wasm neither", () => {
    const path = join(project, "node_modules", "plaudit", "dist", "plaudit.wasm");
    assert.equal(inWasm(readFileSync(path)), undefined);
  });

  it("the server's files do, so that the search can find", () => {
    const path = join(project, "node_modules", "plaudit", "dist", "server.js");
    assert.notEqual(found(readFileSync(path, "utf8")), undefined);
  });
});
