// What is in the tarball, and what the linters of packages say of it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { list, makeFolder, pack, root, run } from "./project.mjs";

let folder;
let tarball;
let files;
before(async () => {
  folder = makeFolder();
  tarball = await pack(folder.path);
  await run("tar", ["-xzf", tarball, "-C", folder.path]);
  files = list(join(folder.path, "package"));
});
after(() => folder?.remove());

const read = (name) => readFileSync(join(folder.path, "package", name), "utf8");
const scripts = () => files.filter((name) => /^dist\/.*\.js$/.test(name));
/** What the guides link to. */
const shown = ["docs/images", "examples/broker", "tests/vectors"];
const isShown = (name) => shown.some((path) => name.startsWith(`${path}/`));
/** A script whose long texts go over several lines, with each in one. */
const joined = (text) => text.replaceAll("\\\n", "");
const both = (name) => [name, `${name}-workerd`];
const guides = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));

describe("the tarball", () => {
  it("holds these files and no other", () => {
    const chunks = files.filter((name) => name.startsWith("dist/chunks/"));
    const stem = (name) => /^dist\/chunks\/([\w-]+)-[A-Z0-9]{8}\.js$/.exec(name)?.[1] ?? name;
    const shared = chunks.filter((name) => stem(name) === "chunk");
    assert.ok(shared.length >= 1 && shared.length <= 12, `${shared.length} chunks`);
    assert.deepEqual(shared, chunks);
    // what is loaded when it is needed has a name
    const locales = readdirSync(join(root, "js", "elements", "locales")).filter(
      (it) => it !== "all.ts",
    );
    const late = [
      ...["histogram-drawing", "jsonld", "loading", "reviews-drawing", "sign-in-drawing"],
      ...locales.map((name) => `locales/${name.replace(/\.ts$/, "")}`),
    ].map((name) => `elements/${name}`);
    const frameworks = ["react", "svelte", "vue"].map((name) => `elements-${name}`);
    const elements = ["elements", "elements-pure", ...frameworks, "trustbox", "trustbox-pure"];
    const browser = ["index", "sign-in", "slim", "workerd", ...elements];
    const entries = [...browser, ...late, ...both("server"), ...both("sandbox")];
    const inner = list(join(root, "js")).filter((name) => /(?<!\.d|^cli)\.ts$/.test(name));
    const required = [
      ...["package.json", "README.md", "LICENSE-MIT", "LICENSE-APACHE", "dist/plaudit.wasm"],
      ...["dist/sandbox.wasm", "dist/server.wasm", "dist/server-page.js", "dist/cli.js"],
      ...["dist/custom-elements.json", "dist/elements.css"],
      ...entries.map((name) => `dist/${name}.js`),
      ...inner.map((name) => `dist/${name.replace(/\.ts$/, ".d.ts")}`),
      "dist/wasm.d.ts",
      ...guides.map((name) => `docs/${name}`),
      ...shown.flatMap((path) => list(join(root, path)).map((name) => `${path}/${name}`)),
    ];
    const optional = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];
    const rest = files.filter((name) => !chunks.includes(name) && !optional.includes(name));
    assert.deepEqual(rest, required.sort());
  });

  it("holds no source map, test, Rust file or configuration", () => {
    const unwanted = /\.map$|\.rs$|\.toml$|test|^js\/|^src\/|tsconfig|biome|\.mjs$|(?<!\.d)\.ts$/;
    assert.deepEqual(
      files.filter((name) => unwanted.test(name) && !isShown(name)),
      [],
    );
    for (const name of scripts()) assert.ok(!read(name).includes("sourceMappingURL"), name);
  });

  it("names no folder of the machine that made it, nor its sources, in any file", () => {
    const folders = [root, homedir(), "/tmp/", "/home/", "/Users/", ".cargo/", "rustc/"];
    for (const name of files) {
      // the wasm that is inlined comes below, and as hexadecimal it is slow to search
      const whole = readFileSync(join(folder.path, "package", name), "latin1");
      const text = whole.replace(/[0-9a-f]{10000,}/g, "");
      for (const path of folders) assert.ok(!text.includes(path), `${path} in ${name}`);
      assert.ok(!/[\w-]+\/src\/[\w/]+\.rs\b/.test(text), `a Rust path in ${name}`);
    }
    const inlined = scripts().filter((name) => /[0-9a-f]{10000,}/.test(joined(read(name))));
    assert.equal(inlined.length, 4);
    for (const name of inlined) {
      const [hex] = /[0-9a-f]{10000,}/.exec(joined(read(name)));
      const text = Buffer.from(hex, "hex").toString("latin1");
      assert.ok(text.startsWith("\0asm"), name);
      for (const path of folders) assert.ok(!text.includes(path), `${path} in the wasm of ${name}`);
      assert.ok(!/[\w-]+\/src\/[\w/]+\.rs\b/.test(text), `a Rust path in the wasm of ${name}`);
    }
  });

  it("says what it is on the first line of every script", () => {
    const { version } = JSON.parse(read("package.json"));
    for (const name of scripts()) {
      const text = read(name).replace(/^#!\/usr\/bin\/env node\n/, "");
      assert.equal(text !== read(name), name === "dist/cli.js", name);
      assert.ok(text.startsWith(`/*! plaudit ${version} | MIT OR Apache-2.0 */`), name);
    }
  });

  it("needs no `unsafe-eval` (Content-Security-Policy)", () => {
    for (const name of scripts()) {
      // a client of Redis has a method of that name
      assert.ok(!/(?<!\.)\beval\s*\(|\bnew\s+Function\b|\bFunction\s*\(/.test(read(name)), name);
    }
  });

  it("has import.meta.url in slim alone, so that bundlers find no second wasm", () => {
    const reached = new Set();
    const reach = (name) => {
      if (reached.has(name)) return;
      reached.add(name);
      for (const [, path] of read(name).matchAll(/(?:from|import)\s*\(?"(\.[^"]+\.js)"/g)) {
        reach(join("dist", name.includes("chunks/") ? "chunks" : "", path).replaceAll("\\", "/"));
      }
    };
    const roots = ["index", "sign-in", "workerd", ...both("server"), ...both("sandbox")];
    for (const name of roots) reach(`dist/${name}.js`);
    assert.ok(reached.size > 3);
    for (const name of reached) {
      assert.ok(!read(name).includes("import.meta"), name);
      assert.ok(name.endsWith("workerd.js") || !read(name).includes(".wasm"), name);
    }
    assert.equal(read("dist/slim.js").match(/import\.meta\.url/g).length, 1);
  });

  it("asks for no other package, and runs nothing when it is installed", () => {
    const manifest = JSON.parse(read("package.json"));
    for (const key of ["dependencies", "optionalDependencies", "bundleDependencies"]) {
      assert.equal(manifest[key], undefined, key);
    }
    // what a server may bring along, and no one has to
    for (const name of Object.keys(manifest.peerDependencies)) {
      assert.equal(manifest.peerDependenciesMeta[name]?.optional, true, name);
    }
    for (const name of ["preinstall", "install", "postinstall", "prepare"]) {
      assert.equal(manifest.scripts?.[name], undefined, name);
    }
    assert.equal(manifest.type, "module");
    // what defines elements when it is imported, and nothing else
    const defining = ["elements", "elements-react", "elements-svelte", "elements-vue", "trustbox"];
    assert.deepEqual(
      manifest.sideEffects,
      defining.map((name) => `./dist/${name}.js`),
    );
    for (const name of scripts()) {
      const defines = /\bcustomElements&&\w+\(\)/.test(read(name));
      const isOurs = name !== "dist/trustbox.js" && defining.includes(name.slice(5, -3));
      assert.equal(defines, isOurs, name);
    }
    for (const conditions of Object.values(manifest.exports)) {
      if (typeof conditions === "string") continue;
      assert.equal(Object.keys(conditions)[0], "types");
      assert.equal(Object.keys(conditions).at(-1), "default");
      for (const [condition, path] of Object.entries(conditions)) {
        assert.ok(files.includes(path.slice(2)), path);
        // no page's bundler finds what holds secrets
        if (condition === "browser") assert.equal(path, "./dist/server-page.js");
      }
    }
  });

  it("publint --strict has nothing to say", async () => {
    const { publint } = await import("publint");
    const { messages } = await publint({
      pkgDir: join(folder.path, "package"),
      strict: true,
      pack: false,
    });
    assert.deepEqual(messages, []);
  });

  it("attw finds no problem with an ESM-only package", async () => {
    const attw = join(root, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
    const args = [attw, tarball, "--profile", "esm-only", "--format", "json"];
    // no module, and nothing that tsc reads
    args.push("--exclude-entrypoints", "./elements.css");
    const { analysis } = JSON.parse(await run(process.execPath, args, { cwd: folder.path }));
    const problems = analysis.problems.filter(
      // what esm-only leaves out: CommonJS must use import(), or Node's require of ES modules
      ({ kind, resolutionKind }) =>
        kind !== "CJSResolvesToESM" &&
        resolutionKind !== "node10" &&
        resolutionKind !== "node16-cjs",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.keys(analysis.entrypoints).sort(), [
      ...[".", "./custom-elements.json", "./elements", "./elements/pure"],
      ...["./elements/react", "./elements/svelte", "./elements/vue", "./package.json"],
      ...["./plaudit.wasm", "./sandbox", "./server", "./sign-in", "./slim", "./trustbox"],
      "./trustbox/pure",
    ]);
  });
});

it("package-lock.json names no registry", () => {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const named = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);
  assert.deepEqual(named, []);
});
