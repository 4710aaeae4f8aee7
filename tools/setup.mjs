// `npm run setup [-- --browsers]`: brings what building (and with --browsers testing) needs.
// Runs before node_modules exist: only node: modules and own files are imported here.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { engines, inCi } from "../tests/browser/drivers.mjs";
import { generate } from "./generate.mjs";
import {
  execute,
  hashOf,
  isMain,
  once,
  output,
  Problem,
  root,
  run,
  runMain,
  say,
  tail,
  toolsFolder,
  which,
} from "./run.mjs";
import {
  aptInstall,
  bringWasmToolchain,
  describeToolchain,
  oldestRust,
  rustup,
  wasmBindgen,
} from "./toolchain.mjs";

const geckodriverVersion = "0.37.1";
/** npm's `binaryen` brings it: newer than what distributions have, and nothing to install. */
export const wasmOpt = join(root, "node_modules", "binaryen", "bin", "wasm-opt");

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Problem(`Node ${process.versions.node} is too old: install Node 20.19 or newer`);
  }
}

function checkRust() {
  if (!which("cargo") || !which("rustc")) {
    throw new Problem(`cargo is not installed: install Rust 1.${oldestRust} or newer (rustup)`);
  }
  const version = output("rustc", ["--version"], { cwd: root });
  if (!version || !output("cargo", ["--version"], { cwd: root })) {
    throw new Problem("cargo and rustc are there but do not run: `rustup default stable` sets one");
  }
  if (Number(version.match(/^rustc 1\.(\d+)/)?.[1] ?? 0) < oldestRust) {
    throw new Problem(
      `${version} is too old: install Rust 1.${oldestRust} or newer (rustup update)`,
    );
  }
}

/** Whether node_modules holds what package-lock.json asks for, by npm's own note of what it put there. */
function packagesAreCurrent() {
  const read = (...path) => JSON.parse(readFileSync(join(root, ...path), "utf8")).packages;
  try {
    const asked = read("package-lock.json");
    const there = read("node_modules", ".package-lock.json");
    const { "": project, ...packages } = asked;
    const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const kind of ["dependencies", "devDependencies"]) {
      if (JSON.stringify(own[kind] ?? {}) !== JSON.stringify(project[kind] ?? {})) return false;
    }
    return Object.entries(packages).every(([path, { version, optional }]) =>
      there[path] ? there[path].version === version && existsSync(join(root, path)) : optional,
    );
  } catch {
    return false;
  }
}

async function bringPackages() {
  if (packagesAreCurrent()) return;
  if (!existsSync(join(root, "package-lock.json")))
    throw new Problem("package-lock.json is missing");
  if (!which("npm")) throw new Problem("npm is not installed: install npm (it comes with Node)");
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
  const title = "npm packages (npm ci)";
  const result = await execute("npm", ["ci", ...flags], { title, log: "npm" });
  if (result.code === 0) return;
  if (!/EUSAGE[\s\S]*Missing: /.test(result.output)) {
    say(tail(result.output, 20));
    throw new Problem("npm ci failed; the whole log is .tools/logs/npm.log");
  }
  // A registry that serves no packages for other platforms leaves holes in the lock file, which
  // npm ci refuses; npm install takes the locked versions all the same.
  const again = "npm packages (package-lock.json has holes: npm install)";
  await run(again, "npm", ["install", "--no-save", ...flags], { log: "npm", append: true });
}

async function bringWasmBindgen() {
  const rustc = output("rustc", ["--version"], { cwd: root });
  const key = hashOf(["Cargo.lock", "tools/wasm-bindgen"], rustc);
  const args = ["build", "-p", "plaudit-wasm-bindgen", ...(inCi ? ["--locked"] : [])];
  await once("wasm-bindgen", key, [wasmBindgen], () =>
    run("wasm-bindgen, pinned in Cargo.lock (cargo build)", "cargo", args, { log: "wasm-bindgen" }),
  );
}

/** rustfmt and clippy: a minimal toolchain lacks them. */
async function bringLinters() {
  const lacking = () =>
    ["fmt", "clippy"].filter(
      (name) => output("cargo", [name, "--version"], { cwd: root }) === null,
    );
  if (lacking().length === 0) return;
  if (which("rustup")) {
    await rustup("rustfmt and clippy (rustup component add)", [
      "component",
      "add",
      "rustfmt",
      "clippy",
    ]);
  } else if (output("rustc", ["--print", "sysroot"]) === "/usr") {
    await aptInstall("rustfmt and clippy", ["rustfmt-web", "rust-web-clippy"]);
  }
  const still = lacking();
  if (still.length > 0) {
    const programs = still.map((name) => `cargo ${name}`).join(" and ");
    throw new Problem(
      `${programs} cannot be run: install rustfmt and clippy for your Rust toolchain`,
    );
  }
}

/** geckodriver is no Debian package and its npm package downloads a program: cargo builds it. */
async function bringGeckodriver() {
  const install = [
    "install",
    "geckodriver",
    "--version",
    geckodriverVersion,
    "--root",
    toolsFolder,
  ];
  const title = `geckodriver ${geckodriverVersion} (cargo install, some minutes)`;
  const options = { log: "geckodriver" };
  let result = await execute("cargo", [...install, "--locked"], { title, ...options });
  if (result.code !== 0) {
    // its own lock file can name a version that is no longer served
    const again = `${title}, without its lock file`;
    result = await execute("cargo", install, { title: again, ...options, append: true });
  }
  if (result.code === 0) return null;
  return `cargo install geckodriver failed: ${tail(result.output, 1)}`;
}

/** Brings the engines that can be brought; says which is missing and why, in CI that is an error. */
async function bringBrowsers() {
  const why = new Map();
  const wanted = engines().flatMap((engine) => engine.missing);
  const debian = wanted.filter((name) => name !== "geckodriver");
  if (debian.length > 0) {
    const result = await aptInstall("browsers", debian);
    if (!result.ok) {
      // one package that cannot be had must not keep the others away
      for (const name of debian) {
        const alone = debian.length > 1 ? await aptInstall(`  ${name}`, [name]) : result;
        if (!alone.ok) why.set(name, alone.why);
      }
    }
  }
  // without Firefox its driver would be minutes for nothing
  const firefox = engines().find((engine) => engine.name === "firefox");
  if (firefox.missing.join() === "geckodriver") {
    const failure = await bringGeckodriver();
    if (failure) why.set("geckodriver", failure);
  }
  const missing = engines().filter((engine) => !engine.available);
  for (const engine of missing) {
    const reasons = [...new Set(engine.missing.map((name) => why.get(name)).filter(Boolean))];
    say(`skipped: ${engine.name}: ${[engine.reason, ...reasons].join("; ")}`);
  }
  if (inCi && missing.length > 0) {
    throw new Problem(
      `in CI no engine may be missing: ${missing.map((one) => one.name).join(", ")}`,
    );
  }
}

/** Brings everything, doing nothing where it is there already. Throws a Problem otherwise. */
export async function setup({ browsers = false, linters = false } = {}) {
  checkNode();
  checkRust();
  await bringPackages();
  await bringWasmToolchain();
  await bringWasmBindgen();
  if (!existsSync(wasmOpt)) {
    throw new Problem("wasm-opt is missing from node_modules/binaryen: run `npm ci`");
  }
  await generate();
  if (linters) await bringLinters();
  if (browsers) await bringBrowsers();
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const unknown = process.argv.slice(2).filter((argument) => argument !== "--browsers");
    if (unknown.length > 0)
      throw new Problem(`unknown argument ${unknown[0]} (--browsers is known)`);
    const start = performance.now();
    await setup({ browsers: process.argv.includes("--browsers") });
    say(
      `${describeToolchain()}\nset-up is complete (${((performance.now() - start) / 1000).toFixed(1)} s)`,
    );
  });
}
