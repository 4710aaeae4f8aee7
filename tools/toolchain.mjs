// Which Rust toolchain builds for wasm32-unknown-unknown, and how to call it.
//
// With the library source there, cargo builds `std` itself (`-Z build-std`), release builds without
// panic messages: 28 % smaller. That source comes from rustup's `rust-src` or Debian's
// `rust-web-src`. Nothing is copied into a sysroot.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { execute, output, Problem, root, say, stamp, stamped, step, which } from "./run.mjs";

export const wasmTarget = "wasm32-unknown-unknown";
/** Apart from the native target folder, so that the two do not wait for each other's lock. */
export const wasmTargetFolder = join(root, "target", "wasm");
/** wasm-bindgen's command line and test runner, as `cargo build -p plaudit-wasm-bindgen` makes it. */
export const wasmBindgen = join(
  resolve(root, process.env.CARGO_TARGET_DIR ?? "target"),
  "debug",
  process.platform === "win32" ? "plaudit-wasm-bindgen.exe" : "plaudit-wasm-bindgen",
);

/** The oldest Rust the crate takes, as Cargo.toml says: its `rust-version`, 1.N. */
export const oldestRust = Number(
  readFileSync(join(root, "Cargo.toml"), "utf8").match(/^rust-version = "1\.(\d+)/m)?.[1] ?? 95,
);
const debianPackages = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "lld"];
const releaseFlags = [
  "-Zunstable-options",
  "-Cpanic=immediate-abort",
  "-Zlocation-detail=none",
  "-Zfmt-debug=none",
  "-Zinline-mir=yes",
];

/** What a toolchain can do, read from its files; null when its rustc does not run or is too old. */
function inspect(kind, cargo, rustc) {
  if (!cargo || !rustc) return null;
  const version = output(rustc, ["--version"], { cwd: root });
  const sysroot = output(rustc, ["--print", "sysroot"], { cwd: root });
  const minor = Number(version?.match(/^rustc 1\.(\d+)/)?.[1] ?? 0);
  if (!sysroot || minor < oldestRust) return null;
  const library = join(sysroot, "lib", "rustlib");
  const std = join(library, wasmTarget, "lib");
  return {
    kind,
    cargo,
    rustc,
    version,
    minor,
    sysroot,
    source: existsSync(join(library, "src", "rust", "library", "Cargo.lock")),
    target: existsSync(std) && readdirSync(std).some((name) => name.startsWith("libstd-")),
  };
}

const defaultToolchain = () => inspect("default", which("cargo"), which("rustc"));
const debianToolchain = () =>
  process.platform === "linux" && existsSync("/usr/bin/cargo") && existsSync("/usr/bin/rustc")
    ? inspect("debian", "/usr/bin/cargo", "/usr/bin/rustc")
    : null;

/** wasm32's linker: none to name where rustc brings rust-lld, else a linker found on this machine. */
function linkerOf(toolchain) {
  const own = (sysroot) => {
    const host = join(sysroot, "lib", "rustlib");
    if (!existsSync(host)) return null;
    const found = readdirSync(host).map((name) => join(host, name, "bin", "rust-lld"));
    return found.find((file) => existsSync(file) || existsSync(`${file}.exe`)) ?? null;
  };
  if (own(toolchain.sysroot)) return { file: null };
  const other = toolchain.kind === "debian" ? defaultToolchain() : null;
  const file = (other && own(other.sysroot)) ?? which("wasm-ld") ?? which("rust-lld");
  return file ? { file } : null;
}

const usable = (toolchain) =>
  toolchain && (toolchain.source || toolchain.target) && linkerOf(toolchain) ? toolchain : null;

/** The best toolchain of those that are installed: one with the library source before one without. */
function choose() {
  const all = [defaultToolchain(), debianToolchain()].map(usable).filter(Boolean);
  return all.find((toolchain) => toolchain.source) ?? all[0] ?? null;
}

let chosen;

/**
 * The toolchain for wasm32, without installing anything:
 * `{ cargo, rustc, env, buildStd, target, version, how }`; `how` is "target", "rustup" or "debian",
 * `buildStd` tells whether release builds make their own `std`, `target` whether a precompiled one
 * is there. Throws a Problem when there is none.
 */
export function wasmToolchain() {
  if (chosen) return chosen;
  const toolchain = choose();
  if (!toolchain) {
    throw new Problem(`no Rust toolchain for ${wasmTarget} yet: run \`npm run setup\``);
  }
  const linker = linkerOf(toolchain);
  const env = { ...process.env };
  // flags of the caller's environment would silently take the place of ours
  for (const name of ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"])
    delete env[name];
  if (linker.file) env.CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER = linker.file;
  if (toolchain.kind === "debian") {
    env.RUSTC = toolchain.rustc;
    env.RUSTDOC = "/usr/bin/rustdoc";
    env.CARGO = toolchain.cargo;
    delete env.RUSTUP_TOOLCHAIN;
    env.PATH = ["/usr/bin", env.PATH].filter(Boolean).join(delimiter);
  }
  const added = stamped("wasm-target")?.how === "rustup";
  chosen = {
    cargo: toolchain.cargo,
    rustc: toolchain.rustc,
    env,
    buildStd: toolchain.source,
    target: toolchain.target,
    sysroot: toolchain.sysroot,
    version: toolchain.version,
    how: toolchain.sysroot === "/usr" ? "debian" : added ? "rustup" : "target",
  };
  return chosen;
}

/**
 * A cargo call for wasm32, ready for `spawn(command, args, { env })`.
 * `args` begins with cargo's subcommand. Profile "release" adds `--release` and, where the library
 * source is there, the small `std`; "test" and "check" take the precompiled `std` where there is
 * one, else build it. `features` of `std` never reach host programs (build scripts, macros).
 */
export function wasmCargo(args, { profile }) {
  const toolchain = wasmToolchain();
  const env = { ...toolchain.env };
  const [subcommand, ...rest] = args;
  const extra = ["--target", wasmTarget, "--target-dir", wasmTargetFolder];
  const flags = [];
  if (profile === "release") {
    if (!rest.includes("--release") && !rest.includes("--profile")) extra.push("--release");
    // no path of the machine in what is published
    const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
    const rust = join(toolchain.sysroot, "lib", "rustlib", "src", "rust");
    for (const [from, to] of [
      [root, "plaudit"],
      [cargoHome, "cargo"],
      [rust, "rust"],
    ]) {
      flags.push(`--remap-path-prefix=${from}=${to}`);
    }
    if (toolchain.buildStd) {
      extra.push("-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size");
      flags.push(...releaseFlags);
    }
  } else if (profile === "test" || profile === "check") {
    if (!toolchain.target) extra.push("-Z", "build-std=std,panic_abort,test");
    if (profile === "test") {
      const runner = JSON.stringify([wasmBindgen, "test"]);
      extra.push("--config", `target.${wasmTarget}.runner=${runner}`);
    }
  } else {
    throw new TypeError(`wasmCargo: profile ${profile}`);
  }
  if (extra.includes("-Z")) env.RUSTC_BOOTSTRAP = "1";
  if (flags.length > 0) env.CARGO_ENCODED_RUSTFLAGS = flags.join("\x1f");
  // Debian's clippy by its path: cargo would look into CARGO_HOME first and find rustup's
  const clippy = join(dirname(toolchain.cargo), "cargo-clippy");
  const command = subcommand === "clippy" && toolchain.how === "debian" ? clippy : toolchain.cargo;
  return { command, args: [subcommand, ...extra, ...rest], env };
}

/** One line on what `wasmToolchain()` found. */
export function describeToolchain({ how, version, buildStd, target } = wasmToolchain()) {
  const from = { target: "already there", rustup: "added by rustup", debian: "Debian's" }[how];
  const size = buildStd
    ? "with library source"
    : "without library source: builds work, but the wasm is about a quarter larger";
  return `${wasmTarget}: ${version}, ${target ? from : `${from}, std built by cargo`}, ${size}`;
}

/** The prefix that makes a command root's: [] as root, ["sudo", "-n"], or null. */
export function asRoot() {
  if (process.getuid?.() === 0) return [];
  return which("sudo") && output("sudo", ["-n", "true"]) !== null ? ["sudo", "-n"] : null;
}

let updated = false;

/** Installs Debian packages without a question; `{ ok }` or `{ ok: false, why }`. */
export async function aptInstall(title, packages) {
  if (process.platform !== "linux" || !which("apt-get")) {
    return { ok: false, why: "this is not Debian" };
  }
  const prefix = asRoot();
  if (!prefix) return { ok: false, why: "apt-get needs root, or sudo without a password" };
  const apt = (args) => {
    // sudo drops the environment, so it is set behind it
    const all = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    return execute(all[0], all.slice(1), { log: "apt", append: true, timeout: 900_000 });
  };
  const result = await step(`${title} (apt-get install ${packages.join(" ")})`, async () => {
    // one unreachable list is no reason to stop: the install tells
    if (!updated) await apt(["update", "-q"]);
    updated = true;
    const options = [
      "-q",
      "-y",
      "--no-install-recommends",
      "-o",
      "Dpkg::Options::=--force-confold",
    ];
    return apt(["install", ...options, ...packages]);
  });
  if (result.code === 0) return { ok: true };
  const line = result.output.match(/^E: .*/m)?.[0] ?? "see .tools/logs/apt.log";
  return { ok: false, why: `apt-get install failed: ${line}` };
}

/** Runs rustup without questions and without long waits; whether it worked. */
export async function rustup(title, args) {
  const env = { ...process.env, RUSTUP_MAX_RETRIES: "1", RUSTUP_DOWNLOAD_TIMEOUT: "15" };
  const options = { log: "rustup", append: true, env, timeout: 180_000 };
  const result = await step(title, () => execute("rustup", args, options));
  return result.code === 0;
}

/** Makes sure there is a toolchain for wasm32: what is there, then rustup, then Debian's packages. */
export async function bringWasmToolchain() {
  chosen = undefined;
  const first = choose();
  if (first?.source) return wasmToolchain();
  const toolchain = defaultToolchain();
  // rustup speaks for the toolchain in use only when that lies in its own folder
  const managed = which("rustup") && toolchain?.sysroot.includes(`${join("toolchains", "")}`);
  let reached = true;
  if (managed && !toolchain.target) {
    reached = await rustup("Rust's wasm32 library (rustup target add)", [
      "target",
      "add",
      wasmTarget,
    ]);
    if (reached) stamp("wasm-target", { how: "rustup" });
  }
  // worth asking on every set-up only until it was answered once
  const sourceKey = `${toolchain?.version} ${toolchain?.sysroot}`;
  if (managed && reached && stamped("rust-src")?.refused !== sourceKey) {
    const title = "Rust's library source (rustup component add rust-src)";
    if (!(await rustup(title, ["component", "add", "rust-src"]))) {
      stamp("rust-src", { refused: sourceKey });
    }
  }
  let apt = { ok: true };
  if (!choose()) {
    if (managed) say("  rustup could not bring it, Debian's compiler will do");
    apt = await aptInstall("Rust for wasm32", debianPackages);
  }
  if (!choose()) {
    throw new Problem(
      `no Rust for ${wasmTarget}: install it with \`rustup target add ${wasmTarget}\`, or on Debian ` +
        `with \`apt-get install ${debianPackages.join(" ")}\`${apt.ok ? "" : ` (${apt.why})`}`,
    );
  }
  return wasmToolchain();
}
