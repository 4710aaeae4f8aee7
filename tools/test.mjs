// `npm test [-- --only name[,name]]`: set-up, then every suite: what compiles and checks in two lanes
// beside each other, then what runs the package, one suite after the other.
// A failed suite does not stop the others. The last line is the sum: "N passed, N failed".
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { chromiumArgs, engines } from "../tests/browser/drivers.mjs";
import { fuzzCall } from "./fuzz.mjs";
import { execute, Problem, root, say, seconds, tail, toolsFolder } from "./run.mjs";
import { setup } from "./setup.mjs";
import { describeToolchain, wasmCargo } from "./toolchain.mjs";

const bin = (name) => join(root, "node_modules", ".bin", name);
const cargo = (...args) => ({ command: "cargo", args });
const node = (...args) => ({ command: process.execPath, args });

/** Node itself leaves a core alone, which of two is half of the machine. */
const FILES_AT_ONCE = Math.max(2, availableParallelism() - 1);
/** Browsers take more than one core each. */
const BROWSER_FILES_AT_ONCE = 2;

/** Every `*.test.mjs` under a folder: Node's own search by folder differs between its versions. */
function testFiles(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".test.mjs") && !file.includes("node_modules"))
    .sort()
    .map((file) => join(folder, file));
}

/** `first` are the files that take longest: begun late, one of them would run on alone. */
function nodeTests(folder, { atOnce = FILES_AT_ONCE, first = [] } = {}) {
  const all = testFiles(folder);
  const early = all.filter((file) => first.includes(basename(file, ".test.mjs")));
  const files = [...new Set([...early, ...all])];
  // without files Node would look for tests everywhere
  if (files.length === 0) return null;
  return node("--test", "--test-reporter=spec", `--test-concurrency=${atOnce}`, ...files);
}

/** wasm-bindgen's tests: in Node, or in Chromium through its own WebDriver client. */
function wasmTests(engine) {
  const call = wasmCargo(["test", "-p", "plaudit", "--features", "browser", "--lib"], {
    profile: "test",
  });
  if (engine === "node") return call;
  const { programs, available, reason } = engines().find(({ name }) => name === "chromium");
  if (!available) return { skip: reason };
  const file = join(toolsFolder, "webdriver.json");
  mkdirSync(toolsFolder, { recursive: true });
  const options = { binary: programs.browser, args: chromiumArgs };
  writeFileSync(file, JSON.stringify({ "goog:chromeOptions": options }));
  const env = {
    ...call.env,
    CHROMEDRIVER: programs.driver,
    WASM_BINDGEN_USE_BROWSER: "1",
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: file,
    WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "30",
    WASM_BINDGEN_TEST_TIMEOUT: "120",
  };
  // it takes the first driver it finds, and looks for Firefox's before Chromium's
  for (const name of Object.keys(env)) {
    if (/^(GECKO|SAFARI|CHROME)DRIVER_REMOTE$|^(GECKO|SAFARI)DRIVER$/.test(name)) delete env[name];
  }
  return { ...call, env };
}

/** Clippy over a build for wasm32; the sandbox's stands beside each. */
function clippyOf(features) {
  const packages = ["-p", "plaudit", "-p", "plaudit-sandbox", "--no-default-features"];
  const all = ["--features", `${features},plaudit-sandbox/wasm`];
  return wasmCargo(["clippy", ...packages, ...all, "--", "-D", "warnings"], { profile: "check" });
}

/**
 * The suites in order. `call()` gives { command, args, env? }, { skip: reason }, or null when there
 * is nothing to run (a failure). `count` reads the number of tests: "rust" from `test result:`
 * lines, "node" from node:test's summary, "check" is one that passed or failed. Those with a `lane`
 * run before the others, one lane beside the other: each has target folders of its own, and compilers
 * often keep one core busy.
 */
const suites = [
  { name: "fmt", count: "check", lane: "native", call: () => cargo("fmt", "--all", "--check") },
  {
    name: "clippy",
    count: "check",
    lane: "native",
    call: () => cargo("clippy", "--workspace", "--all-targets", "--", "-D", "warnings"),
  },
  {
    name: "clippy-wasm",
    count: "check",
    lane: "wasm",
    call: () => clippyOf("plaudit/serde,plaudit/browser"),
  },
  {
    name: "clippy-server",
    count: "check",
    lane: "wasm",
    call: () => clippyOf("plaudit/server-wasm"),
  },
  {
    name: "biome",
    count: "check",
    lane: "wasm",
    call: () => ({
      command: bin("biome"),
      args: ["ci", "--colors=off", "--error-on-warnings", "."],
    }),
  },
  {
    name: "tsc",
    count: "check",
    lane: "wasm",
    call: () => ({ command: bin("tsc"), args: ["--noEmit"] }),
  },
  {
    name: "tsc-cli",
    count: "check",
    lane: "wasm",
    call: () => ({ command: bin("tsc"), args: ["-p", "tsconfig.cli.json"] }),
  },
  {
    name: "docs",
    count: "check",
    lane: "wasm",
    call: () => ({ command: bin("typedoc"), args: [] }),
  },
  {
    name: "rust",
    count: "rust",
    lane: "native",
    call: () => cargo("test", "--workspace", "--no-fail-fast"),
  },
  { name: "fuzz", count: "rust", lane: "native", call: fuzzCall },
  { name: "build", count: "check", lane: "wasm", call: () => node("tools/build.mjs") },
  { name: "wasm-node", count: "rust", lane: "wasm", call: () => wasmTests("node") },
  { name: "node", count: "node", call: () => nodeTests("tests/node") },
  {
    name: "server",
    count: "node",
    // as Node itself does it: its processes have leases of less than a second, so a core stays free
    call: () => nodeTests("tests/server", { atOnce: Math.max(1, availableParallelism() - 1) }),
  },
  { name: "sandbox", count: "node", call: () => nodeTests("tests/sandbox") },
  { name: "clients", count: "node", call: () => nodeTests("tests/clients") },
  { name: "types", count: "node", call: () => nodeTests("tests/types") },
  { name: "wasm-chromium", count: "rust", browsers: true, call: () => wasmTests("chromium") },
  {
    name: "browser",
    count: "node",
    browsers: true,
    call: () =>
      nodeTests("tests/browser", {
        atOnce: BROWSER_FILES_AT_ONCE,
        first: ["client", "elements", "gallery", "sign-in", "trustbox"],
      }),
  },
  { name: "package", count: "node", call: () => nodeTests("tests/package") },
  { name: "size", count: "check", call: () => node("tools/size.mjs") },
];

const sum = (text, pattern) =>
  [...text.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);

const counters = {
  check: (_text, code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }),
  rust: (text) => ({
    passed: sum(text, /^test result: .*?(\d+) passed;/gm),
    failed: sum(text, /^test result: .*?(\d+) failed;/gm),
    skipped: sum(text, /^test result: .*?(\d+) ignored;/gm),
  }),
  // the summary stands at the end, without indentation: "ℹ pass 3" (spec) or "# pass 3" (TAP)
  node: (text) => ({
    passed: sum(text, /^(?:ℹ|#) pass (\d+)$/gm),
    failed: sum(text, /^(?:ℹ|#) (?:fail|cancelled) (\d+)$/gm),
    skipped: sum(text, /^(?:ℹ|#) (?:skipped|todo) (\d+)$/gm),
  }),
};

/** Runs one suite, telling it line by line; { passed, failed, skipped }. */
async function runSuite({ name, count, call }, say) {
  say(`\n== ${name}`);
  const start = performance.now();
  let result;
  try {
    const what = call();
    if (what?.command) {
      const line = [basename(what.command), ...what.args].join(" ").replaceAll(join(root, "/"), "");
      say(line.length > 100 ? `${line.slice(0, 97)}...` : line);
    }
    if (what?.skip) {
      say(`skipped: ${name}: ${what.skip}`);
      return { passed: 0, failed: 0, skipped: 1 };
    }
    if (!what) {
      say(`FAILED ${name}: there is no test file`);
      return { passed: 0, failed: 1, skipped: 0 };
    }
    const env = { ...(what.env ?? process.env), NO_COLOR: "1", CARGO_TERM_COLOR: "never" };
    // colours asked for by the caller, or npm, would hide the summary from us; a test run inside
    // another one would report to its parent
    for (const variable of ["FORCE_COLOR", "NODE_TEST_CONTEXT"]) delete env[variable];
    result = await execute(what.command, what.args, { log: name, env });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    result = { code: 1, output: error.message };
  }
  const counts = counters[count](result.output, result.code);
  let note = "";
  if (result.code !== 0 && counts.failed === 0) {
    counts.failed = 1;
    note = `, ended with exit code ${result.code}`;
  } else if (counts.passed + counts.failed === 0) {
    counts.failed = 1;
    note = ", ran no test";
  }
  if (counts.failed > 0) say(tail(result.output, 60));
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  const head = counts.failed > 0 ? "FAILED " : "";
  say(
    `${head}${name}: ${counts.passed} passed, ${counts.failed} failed${skipped}${note} ` +
      `(${seconds(start)}; log: .tools/logs/${name}.log)`,
  );
  return counts;
}

function chosenSuites() {
  const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
  if (!values.only) return suites;
  const asked = values.only.flatMap((list) => list.split(",")).filter(Boolean);
  const unknown = asked.find((name) => !suites.some((suite) => suite.name === name));
  if (unknown !== undefined || asked.length === 0) {
    const names = suites.map((suite) => suite.name).join(", ");
    throw new Problem(`no suite is called "${unknown ?? ""}"; there are: ${names}`);
  }
  return suites.filter((suite) => asked.includes(suite.name));
}

async function main() {
  const start = performance.now();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const broken = [];
  try {
    const chosen = chosenSuites();
    say("== set-up");
    await setup({ linters: true, browsers: chosen.some((suite) => suite.browsers) });
    say(describeToolchain());
    const add = ({ name }, counts) => {
      for (const key of Object.keys(total)) total[key] += counts[key];
      if (counts.failed > 0) broken.push(name);
    };
    const lanes = [...new Set(chosen.map(({ lane }) => lane))].filter(Boolean);
    const runLane = async (lane) => {
      for (const suite of chosen.filter((one) => one.lane === lane)) {
        // told whole, where another lane's lines could stand between
        const lines = [];
        const counts = await runSuite(suite, lanes.length > 1 ? (line) => lines.push(line) : say);
        if (lines.length > 0) say(lines.join("\n"));
        add(suite, counts);
      }
    };
    const ends = await Promise.allSettled(lanes.map(runLane));
    const mistake = ends.find(({ status }) => status === "rejected");
    if (mistake) throw mistake.reason;
    for (const suite of chosen.filter(({ lane }) => !lane)) add(suite, await runSuite(suite, say));
  } catch (error) {
    // set-up, or a mistake in this file: the sum still tells that not all is well
    console.error(error instanceof Problem ? `error: ${error.message}` : error);
    total.failed += 1;
  }
  say("");
  if (broken.length > 0) say(`failed suites: ${broken.join(", ")}`);
  if (total.skipped > 0) say(`skipped: ${total.skipped}`);
  say(`all suites took ${seconds(start)}`);
  say(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

await main();
