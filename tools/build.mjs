// `npm run build`: the Rust core and js/ to dist/.
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf, isMain, once, root, run, runMain, step } from "./run.mjs";
import { wasmOpt } from "./setup.mjs";
import { describeToolchain, wasmBindgen, wasmCargo, wasmTargetFolder } from "./toolchain.mjs";

const made = join(root, "target", "npm");
const dist = join(root, "dist");
/** Made aside and moved into place whole, so that no page loads half of it. */
const fresh = join(made, "dist");
/** One wasm a cargo feature: all of it, and sign-in alone. */
const modules = { browser: "", "sign-in": "sign-in-" };
const inputs = ["src", "js", "Cargo.toml", "Cargo.lock", "package.json", "tsconfig.json"];

async function buildWasm(feature) {
  const cargo = wasmCargo(
    ["build", "--lib", "--profile", "wasm", "--no-default-features", "--features", feature],
    { profile: "release" },
  );
  const log = `wasm-${feature}`;
  await run(`wasm, feature ${feature} (cargo build)`, cargo.command, cargo.args, {
    env: cargo.env,
    log,
  });
  const folder = join(made, feature);
  const raw = join(wasmTargetFolder, "wasm32-unknown-unknown", "wasm", "plaudit.wasm");
  // The bundler target's glue leaves loading to js/core.ts.
  const bindgen = ["bindgen", "--target", "bundler", "--no-typescript", "--out-dir", folder, raw];
  await run(`wasm-bindgen, ${feature}`, wasmBindgen, bindgen, { log, append: true });
  const optimise = [wasmOpt, "-Oz", ...strip, "-Oz"];
  const [from, to] = ["plaudit_bg.wasm", "plaudit.wasm"].map((name) => join(folder, name));
  await run(`wasm-opt, ${feature}`, process.execPath, [...optimise, from, "-o", to], {
    log,
    append: true,
  });
}

const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/** Puts what was made from Rust in place of the names in js/modules.d.ts. */
const fromRust = {
  name: "from-rust",
  setup(build) {
    build.onResolve({ filter: /^#wasm$/ }, () => ({ path: "./plaudit.wasm", external: true }));
    for (const [feature, prefix] of Object.entries(modules)) {
      build.onResolve({ filter: new RegExp(`^#${prefix}glue$`) }, () => ({
        path: join(made, feature, "plaudit_bg.js"),
        sideEffects: false,
      }));
      build.onResolve({ filter: new RegExp(`^#${prefix}inline$`) }, () => ({
        path: join(made, feature, "plaudit.wasm"),
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

async function bundle() {
  const { build } = await import("esbuild");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  await build({
    entryPoints: ["index", "sign-in", "slim", "workerd"].map((name) =>
      join(root, "js", `${name}.ts`),
    ),
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    banner: { js: `/*! plaudit ${version} | MIT OR Apache-2.0 */` },
    chunkNames: "chunks/[name]-[hash]",
    plugins: [fromRust],
  });
  cpSync(join(made, "browser", "plaudit.wasm"), join(fresh, "plaudit.wasm"));
  writeFileSync(
    join(fresh, "wasm.d.ts"),
    "/** The bytes, or what the bundler makes of them. */\ndeclare const module: unknown;\nexport default module;\n",
  );
}

/** Builds dist/ unless it was built from the same files. */
export async function build() {
  const key = hashOf([...inputs, "tools/build.mjs", "tools/toolchain.mjs"], describeToolchain());
  await once("build", key, ["dist/index.js", "dist/index.d.ts"], async () => {
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    for (const feature of Object.keys(modules)) await buildWasm(feature);
    await step("JavaScript (esbuild)", bundle);
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    await run("declarations (tsc)", process.execPath, [tsc, "--outDir", fresh], { log: "tsc" });
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  });
}

if (isMain(import.meta.url)) await runMain(build);
