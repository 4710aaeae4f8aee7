// `npm run build`: the Rust core and js/ to dist/.
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { hashOf, isMain, once, root, run, runMain, step } from "./run.mjs";
import { wasmOpt } from "./setup.mjs";
import { describeToolchain, wasmBindgen, wasmCargo, wasmTargetFolder } from "./toolchain.mjs";

const made = join(root, "target", "npm");
const dist = join(root, "dist");
/** Made aside and moved into place whole, so that no page loads half of it. */
const fresh = join(made, "dist");
const all = ["src", "Cargo.toml", "Cargo.lock"];
/** What the browser's modules are made of: without what only a server has. */
const core = [
  ...["src/api", "src/oauth", "src/providers", "src/error.rs", "src/lib.rs"],
  ...["src/wasm/api.rs", "src/wasm/mailbox.rs", "src/wasm/mod.rs", "src/wasm/oauth.rs"],
  ...["Cargo.toml", "Cargo.lock"],
];
/**
 * Each wasm: what cargo makes it of, the file it becomes, `prefix`, by which js/ names it (see
 * js/modules.d.ts), and the bytes of its stack, which lies first, so that an overflow traps.
 */
const modules = [
  { name: "browser", prefix: "", file: "plaudit.wasm", inputs: core, stack: 16_384 },
  { name: "sign-in", prefix: "sign-in-", file: "plaudit.wasm", inputs: core, stack: 16_384 },
  {
    name: "server",
    prefix: "server-",
    file: "server.wasm",
    inputs: all,
    feature: "server-wasm",
    stack: 262_144,
  },
  {
    name: "sandbox",
    prefix: "sandbox-",
    file: "sandbox.wasm",
    inputs: [
      "sandbox/src",
      "src/server/email_types.in",
      "sandbox/Cargo.toml",
      "Cargo.toml",
      "Cargo.lock",
    ],
    package: "plaudit-sandbox",
    feature: "wasm",
    // it exports numbers alone, so it needs no glue
    bare: true,
    // JSON is read by recursion, 128 levels at most
    stack: 262_144,
  },
];
const tools = ["tools/build.mjs", "tools/toolchain.mjs"];
const scripts = ["js", "package.json", "tsconfig.json"];

const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];

async function buildWasm(module) {
  const { name, file, package: crate = "plaudit", feature = name, bare, stack } = module;
  const cargo = wasmCargo(
    [
      ...["rustc", "-p", crate, "--lib", "--crate-type", "cdylib", "--profile", "wasm"],
      ...["--no-default-features", "--features", feature],
      ...["--", `-Clink-arg=-zstack-size=${stack}`],
    ],
    { profile: "release" },
  );
  const log = `wasm-${name}`;
  await run(`wasm, ${name} (cargo)`, cargo.command, cargo.args, { env: cargo.env, log });
  const folder = join(made, name);
  const raw = join(
    wasmTargetFolder,
    "wasm32-unknown-unknown",
    "wasm",
    `${crate.replace("-", "_")}.wasm`,
  );
  mkdirSync(folder, { recursive: true });
  if (!bare) {
    // The bundler target's glue leaves loading to js/core.ts.
    const bindgen = ["bindgen", "--target", "bundler", "--no-typescript", "--out-dir", folder, raw];
    await run(`wasm-bindgen, ${name}`, wasmBindgen, bindgen, { log, append: true });
  }
  const from = bare ? raw : join(folder, "plaudit_bg.wasm");
  const optimise = [wasmOpt, "-Oz", ...strip, "-Oz", from, "-o", join(folder, file)];
  await run(`wasm-opt, ${name}`, process.execPath, optimise, { log, append: true });
}

/** Puts what was made from Rust in place of the names in js/modules.d.ts. */
const fromRust = {
  name: "from-rust",
  setup(build) {
    for (const { name, prefix, file } of modules) {
      const named = (what) => ({ filter: new RegExp(`^#${prefix}${what}$`) });
      build.onResolve(named("wasm"), () => ({ path: `./${file}`, external: true }));
      build.onResolve(named("glue"), () => ({
        path: join(made, name, "plaudit_bg.js"),
        sideEffects: false,
      }));
      build.onResolve(named("inline"), () => ({
        path: join(made, name, file),
        namespace: "hex",
        sideEffects: false,
      }));
    }
    build.onLoad({ filter: /./, namespace: "hex" }, ({ path }) => ({
      contents: `export default "${readFileSync(path).toString("hex")}";`,
      loader: "js",
    }));
  },
};

/** Runtimes print the line that threw: it must not be a megabyte long where there is a terminal. */
const LINE = 160;

/** What the elements load when it is needed: by its name, which compresses better than a hash. */
const late = () => [
  ...["histogram-drawing", "jsonld", "loading", "reviews-drawing", "sign-in-drawing"],
  ...readdirSync(join(root, "js", "elements", "locales"))
    .filter((file) => file !== "all.ts")
    .map((file) => `locales/${basename(file, ".ts")}`),
];

/** What the elements' classes call each other's members, in no file but theirs: such names may be short. */
const inner =
  /^(adopted|changed|draw|drawing|drawn|emit|enter|halves|internals|isEmpty|isGiven|late|leave|mark|prepare|say|scale|settle|skeleton|stale|told|upgrade)$/;

/** The package's entries share chunks; what is for tests stands alone, so that they stay as they are. */
const groups = [
  {
    names: [
      "index",
      "sign-in",
      "slim",
      "workerd",
      "elements",
      "elements-pure",
      "elements-react",
      "elements-svelte",
      "elements-vue",
      "trustbox",
      "trustbox-pure",
      ...late().map((name) => `elements/${name}`),
    ],
    splitting: true,
    mangleProps: inner,
  },
  { names: ["server", "server-workerd", "server-page"], splitting: false, lineLimit: LINE },
  { names: ["sandbox", "sandbox-workerd", "cli"], splitting: false, lineLimit: LINE },
];

async function bundle() {
  const { build } = await import("esbuild");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const { names, splitting, lineLimit, mangleProps } of groups) {
    await build({
      entryPoints: names.map((name) => join(root, "js", `${name}.ts`)),
      outdir: fresh,
      outbase: join(root, "js"),
      bundle: true,
      splitting,
      format: "esm",
      target: "es2022",
      minify: true,
      lineLimit,
      mangleProps,
      legalComments: "none",
      banner: { js: `/*! plaudit ${version} | MIT OR Apache-2.0 */` },
      chunkNames: "chunks/[name]-[hash]",
      define: { VERSION: JSON.stringify(version) },
      external: ["node:*"],
      plugins: [fromRust],
    });
  }
  for (const name of readdirSync(fresh, { recursive: true })) {
    if (!name.endsWith(".js")) continue;
    // No chunk does anything by itself: bundlers warn of imports that take nothing.
    const file = join(fresh, name);
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text.replaceAll(/import"(\.{1,2}\/)+(chunks\/)?chunk-[A-Z0-9]+\.js";/g, ""),
    );
  }
  cpSync(join(made, "browser", "plaudit.wasm"), join(fresh, "plaudit.wasm"));
  for (const name of ["server", "sandbox"]) {
    cpSync(join(made, name, `${name}.wasm`), join(fresh, `${name}.wasm`));
  }
  for (const name of ["custom-elements.json", "elements.css"]) {
    cpSync(join(root, "js", "generated", name), join(fresh, name));
  }
  writeFileSync(
    join(fresh, "wasm.d.ts"),
    "/** The bytes, or what the bundler makes of them. */\ndeclare const module: unknown;\nexport default module;\n",
  );
}

/** Builds dist/ unless it was built from the same files. */
export async function build() {
  const inputs = [...scripts, ...modules.flatMap((module) => module.inputs), ...tools];
  const key = hashOf(inputs, describeToolchain());
  await once("build", key, ["dist/index.js", "dist/index.d.ts"], async () => {
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    for (const module of modules) {
      const own = hashOf([...module.inputs, ...tools], describeToolchain());
      const file = join(made, module.name, module.file);
      await once(`wasm-${module.name}`, own, [file], () => buildWasm(module));
    }
    await step("JavaScript (esbuild)", bundle);
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    await run("declarations (tsc)", process.execPath, [tsc, "--outDir", fresh], { log: "tsc" });
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  });
}

if (isMain(import.meta.url)) await runMain(build);
