// `node tools/fuzz.mjs [--seconds N] [target ...]`: what reads foreign text gets inputs that libFuzzer
// makes, for some seconds a target. A run without a find ends well; what was found stays in
// target/fuzz/found/. Needs a C++ compiler, since libfuzzer-sys builds libFuzzer.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { execute, isMain, output, Problem, root, run, runMain, say, tail, which } from "./run.mjs";

const source = join(root, "fuzz");
const made = join(root, "target", "fuzz");
const found = join(made, "found");
const targets = ["readers", "requests", "redirects"];
const answers = "tests/vectors/answers.json";

// What cargo-fuzz passes, but for the sanitizer: there is no unsafe code to watch, and with none a
// stable compiler will do.
const flags = [
  "--cfg=fuzzing",
  "-Cpasses=sancov-module",
  "-Cllvm-args=-sanitizer-coverage-level=4",
  "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
  "-Cllvm-args=-sanitizer-coverage-pc-table",
  "-Cllvm-args=-sanitizer-coverage-trace-compares",
  "-Ccodegen-units=1",
  "-Cdebug-assertions",
  "-Coverflow-checks",
];

/** Why there can be no run here, or null. */
function obstacle() {
  if (process.platform === "win32") return "libFuzzer is not built on Windows";
  const compiler = process.env.CXX || "c++";
  return which(compiler.split(" ")[0]) ? null : `there is no C++ compiler (${compiler})`;
}

/** For tools/test.mjs: what to run, or why not. With CI=true nothing is left out. */
export function fuzzCall() {
  const reason = obstacle();
  if (reason && process.env.CI !== "true") return { skip: reason };
  return { command: process.execPath, args: ["tools/fuzz.mjs"] };
}

/** Builds the targets for this machine; the folder that they are in. */
async function build() {
  const host = output("rustc", ["-vV"])?.match(/^host: (.*)$/m)?.[1];
  if (!host) throw new Problem("rustc does not say what machine this is");
  const env = { ...process.env, RUSTFLAGS: flags.join(" ") };
  delete env.CARGO_ENCODED_RUSTFLAGS;
  // with --target the flags are not for build scripts
  const args = ["build", "--release", "--target", host, "--target-dir", made];
  await run("fuzz targets (cargo build)", "cargo", args, { cwd: source, env, log: "fuzz-build" });
  return join(made, host, "release");
}

const readJson = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/** What a target starts from, beside fuzz/corpus/: the published vectors. */
function* seeds(target) {
  if (target === "readers") {
    for (const { id, answer, answerText } of readJson(answers).cases) {
      yield [id, answerText ?? JSON.stringify(answer.data ?? answer)];
    }
  } else if (target === "redirects") {
    for (const { id, url } of readJson("tests/vectors/callback.json").cases) {
      if (url) yield [id, url];
    }
  }
}

/** The names of members in the published answers, which random bytes would not come upon. */
const memberNames = () =>
  new Set(readFileSync(join(root, answers), "utf8").match(/(?<=")\w+(?=":)/g));

async function fuzz(target, folder, seconds) {
  const corpus = join(made, "corpus", target);
  rmSync(corpus, { recursive: true, force: true });
  cpSync(join(source, "corpus", target), corpus, { recursive: true });
  for (const [name, text] of seeds(target)) writeFileSync(join(corpus, name), text);
  mkdirSync(found, { recursive: true });
  const args = [
    `-max_total_time=${seconds}`,
    "-timeout=10",
    "-print_final_stats=1",
    `-artifact_prefix=${join(found, `${target}-`)}`,
  ];
  if (target === "readers") {
    const dictionary = join(made, "readers.dict");
    writeFileSync(dictionary, [...memberNames()].map((name) => `"\\"${name}\\":"\n`).join(""));
    args.push(`-dict=${dictionary}`);
  }
  const program = join(folder, target);
  const timeout = (seconds + 60) * 1000;
  const options = { log: `fuzz-${target}`, timeout };
  const { code, output: text } = await execute(program, [...args, corpus], options);
  const runs = Number(text.match(/^stat::number_of_executed_units:\s*(\d+)$/m)?.[1] ?? 0);
  if (code === 0 && runs > 0) {
    say(`${target}: ${runs} inputs in ${seconds} s, nothing found`);
    return true;
  }
  say(tail(text, 40));
  const file = text.match(/Test unit written to (.*)$/m)?.[1];
  const again = file ? `; again: ${relative(root, program)} ${relative(root, file)}` : "";
  say(`FAILED ${target}: ended with exit code ${code} after ${runs} inputs${again}`);
  return false;
}

async function main() {
  const options = { seconds: { type: "string", default: "10" } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new Problem("--seconds: a whole number from 1");
  const unknown = positionals.find((name) => !targets.includes(name));
  if (unknown)
    throw new Problem(`no target is called "${unknown}"; there are: ${targets.join(", ")}`);
  const reason = obstacle();
  if (reason && process.env.CI === "true") throw new Problem(`no fuzzing: ${reason}`);
  if (reason) {
    say(`skipped: fuzz: ${reason}`);
    return;
  }
  const folder = await build();
  const chosen = positionals.length > 0 ? positionals : targets;
  let failed = 0;
  for (const target of chosen) if (!(await fuzz(target, folder, seconds))) failed += 1;
  // as cargo's own tests end, for whoever adds them up
  const word = failed > 0 ? "FAILED" : "ok";
  say(`test result: ${word}. ${chosen.length - failed} passed; ${failed} failed; 0 ignored`);
  process.exitCode = failed > 0 ? 1 : 0;
}

if (isMain(import.meta.url)) await runMain(main);
