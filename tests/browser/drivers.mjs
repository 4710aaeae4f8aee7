// Three browser engines behind one WebDriver client (selenium-webdriver, classic protocol).
// One driver process an engine, on a free port, in its own process group, ended by its own pid.
// Only node: modules at the top, so that set-up can ask for `engines()` before npm packages exist.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { logsFolder, toolsFolder, which } from "../../tools/run.mjs";

export const engineNames = ["chromium", "firefox", "webkit"];

/** In CI no engine may be missing. */
export const inCi = /^(1|true)$/i.test(process.env.CI ?? "");

const firstProgram = (...names) => {
  for (const name of names.filter(Boolean)) {
    const file = name.includes("/") ? (existsSync(name) ? name : null) : which(name);
    if (file) return file;
  }
  return null;
};

/** Where WebKitGTK's packages put MiniBrowser, which is not on PATH. */
function miniBrowser() {
  for (const folder of ["/usr/lib", "/usr/lib64", "/usr/libexec"]) {
    if (!existsSync(folder)) continue;
    const deeper = readdirSync(folder, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    for (const base of [folder, ...deeper.map((entry) => join(folder, entry.name))]) {
      for (const version of ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"]) {
        const file = join(base, version, "MiniBrowser");
        if (existsSync(file)) return file;
      }
    }
  }
  return null;
}

const mac = (name, program) => `/Applications/${name}.app/Contents/MacOS/${program ?? name}`;
const inFolder = (variable, program) =>
  process.env[variable] ? join(process.env[variable], program) : null;

/** What each engine needs: the programs, and what a person installs to have them. */
const needs = {
  chromium: () => ({
    browser: firstProgram(
      process.env.CHROME_BIN,
      "chromium",
      "chromium-browser",
      "google-chrome",
      "google-chrome-stable",
      mac("Google Chrome"),
    ),
    driver: firstProgram(
      process.env.CHROMEDRIVER,
      inFolder("CHROMEWEBDRIVER", "chromedriver"),
      "chromedriver",
    ),
  }),
  firefox: () => ({
    browser: firstProgram(
      process.env.FIREFOX_BIN,
      "firefox-esr",
      "firefox",
      mac("Firefox", "firefox"),
    ),
    driver: firstProgram(
      process.env.GECKODRIVER,
      inFolder("GECKOWEBDRIVER", "geckodriver"),
      "geckodriver",
      join(toolsFolder, "bin", "geckodriver"),
    ),
  }),
  webkit: () => ({ browser: miniBrowser(), driver: which("WebKitWebDriver"), xvfb: which("Xvfb") }),
};
const packages = {
  chromium: { browser: "chromium", driver: "chromium-driver" },
  firefox: { browser: "firefox-esr", driver: "geckodriver" },
  webkit: { browser: "webkit2gtk-driver", driver: "webkit2gtk-driver", xvfb: "xvfb" },
};

/**
 * Each engine as `{ name, available, reason, missing, programs }`; `reason` is null when it can run,
 * `missing` names the packages that are not installed.
 */
export function engines() {
  return engineNames.map((name) => {
    const programs = needs[name]();
    const absent = Object.keys(programs).filter((part) => !programs[part]);
    const missing = [...new Set(absent.map((part) => packages[name][part]))];
    const verb = missing.length === 1 ? "is" : "are";
    const reason = missing.length === 0 ? null : `${missing.join(", ")} ${verb} not installed`;
    return { name, available: missing.length === 0, reason, missing, programs };
  });
}

/** Chromium's switches, also for wasm-bindgen's test runner. */
export const chromiumArgs = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
};

/** Everything started here, by pid, and its temporary folders, so that nothing is left at the end. */
const started = new Set();
const folders = new Set();

function removeFolder(folder) {
  folders.delete(folder);
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // a dying browser still writes there; the system cleans its temporary folder
  }
}

function start(name, command, args, options = {}) {
  mkdirSync(logsFolder, { recursive: true });
  const log = createWriteStream(join(logsFolder, `driver-${name}.log`));
  const stdio = ["ignore", "pipe", "pipe", ...(options.extra ?? [])];
  // a group of its own: ending it ends the browsers under it too
  const child = spawn(command, args, { env: options.env ?? process.env, stdio, detached: true });
  child.on("error", (error) => log.write(`${error.message}\n`));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.once("close", () => {
    started.delete(child);
    log.end();
  });
  started.add(child);
  // the log and the pipes must not keep a finished test run alive
  for (const stream of [child, child.stdout, child.stderr]) stream.unref?.();
  return child;
}

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // already gone
  }
}

async function end(child) {
  if (child.pid === undefined || !started.has(child)) return;
  // "exit", not "close": a browser that is still going down may hold the pipes open
  if (child.exitCode === null && child.signalCode === null) {
    const patience = new AbortController();
    const exited = once(child, "exit");
    signal(child, "SIGTERM");
    await Promise.race([exited, sleep(3000, undefined, patience).catch(() => {})]);
    patience.abort();
  }
  signal(child, "SIGKILL");
  started.delete(child);
}

process.once("exit", () => {
  for (const child of started) signal(child, "SIGKILL");
  for (const folder of folders) removeFolder(folder);
});
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(name, () => process.exit(name === "SIGINT" ? 130 : 143));
}

/** An X display of our own, with room for the viewport: { child, display }. */
async function startXvfb(program) {
  const args = ["-displayfd", "3", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"];
  const child = start("xvfb", program, args, { extra: ["pipe"] });
  child.stdio[3].setEncoding("utf8");
  const number = await new Promise((resolve, reject) => {
    let text = "";
    child.stdio[3].on("data", (part) => {
      text += part;
      if (text.includes("\n")) resolve(Number.parseInt(text, 10));
    });
    child.once("close", () =>
      reject(new Error("Xvfb did not start, see .tools/logs/driver-xvfb.log")),
    );
  });
  child.stdio[3].destroy();
  return { child, display: `:${number}` };
}

/** What runs for an engine: { url, children, sessions }. */
const running = new Map();

async function startEngine(name) {
  const engine = engines().find((one) => one.name === name);
  if (!engine) throw new TypeError(`no engine is called ${name}`);
  if (!engine.available) throw new Error(`${name}: ${engine.reason}`);
  const { programs } = engine;
  const port = await freePort();
  const children = [];
  // profiles and locks of killed browsers go with this folder
  const folder = mkdtempSync(join(tmpdir(), "plaudit-"));
  folders.add(folder);
  const env = { ...process.env, TMPDIR: folder };
  let args = [`--port=${port}`];
  if (name === "firefox") {
    // system access: what `emulate` sets is the browser's own
    args.push("--websocket-port", String(await freePort()), "--allow-system-access");
  }
  if (name === "webkit") {
    const xvfb = await startXvfb(programs.xvfb);
    children.push(xvfb.child);
    // no accessibility bus, no desktop settings; as root WebKit's own sandbox cannot start
    Object.assign(env, { DISPLAY: xvfb.display, GDK_BACKEND: "x11", NO_AT_BRIDGE: "1" });
    delete env.WAYLAND_DISPLAY;
    if (process.getuid?.() === 0) env.WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS = "1";
    args = [`--port=${port}`, "--host=127.0.0.1"];
  }
  const driver = start(name, programs.driver, args, { env });
  children.unshift(driver);
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 20_000;
  for (;;) {
    const up = await fetch(`${url}/status`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) break;
    if (driver.exitCode !== null || Date.now() > deadline) {
      for (const child of children) await end(child);
      removeFolder(folder);
      throw new Error(`${name}: its driver did not start, see .tools/logs/driver-${name}.log`);
    }
    await sleep(50);
  }
  return { url, children, programs, folder, sessions: new Set() };
}

function capabilities(name, programs, options) {
  const blocking = options.popupBlocker === true;
  const common = { acceptInsecureCerts: options.acceptInsecureCerts === true };
  if (options.unhandledPromptBehavior) {
    common.unhandledPromptBehavior = options.unhandledPromptBehavior;
  }
  if (name === "chromium") {
    return {
      ...common,
      browserName: "chrome",
      "goog:loggingPrefs": { browser: "ALL" },
      "goog:chromeOptions": {
        binary: programs.browser,
        args: [...chromiumArgs, ...(options.args ?? [])],
        // ChromeDriver lets every popup through unless this switch is taken out
        ...(blocking && { excludeSwitches: ["disable-popup-blocking"] }),
        prefs: { ...options.prefs },
      },
    };
  }
  if (name === "firefox") {
    return {
      ...common,
      browserName: "firefox",
      "moz:firefoxOptions": {
        binary: programs.browser,
        args: ["-headless", ...(options.args ?? [])],
        prefs: {
          // geckodriver switches the popup blocker off
          "dom.disable_open_during_load": blocking,
          // nothing but the test's own requests
          "app.normandy.enabled": false,
          "browser.search.update": false,
          "browser.safebrowsing.update.enabled": false,
          "datareporting.policy.dataSubmissionEnabled": false,
          "network.captive-portal-service.enabled": false,
          "network.connectivity-service.enabled": false,
          ...options.prefs,
        },
      },
    };
  }
  return {
    ...common,
    browserName: "MiniBrowser",
    "webkitgtk:browserOptions": {
      binary: programs.browser,
      args: ["--automation", ...(options.args ?? [])],
    },
  };
}

/** Makes the page's own area exactly this large: browsers count their frames differently. */
async function resize(driver, { width, height }) {
  const inner = () => driver.executeScript("return [innerWidth, innerHeight]");
  await driver.manage().window().setRect({ x: 0, y: 0, width, height });
  for (let round = 0; round < 3; round += 1) {
    const [w, h] = await inner();
    if (w === width && h === height) return;
    const rect = await driver.manage().window().getRect();
    await driver
      .manage()
      .window()
      .setRect({
        x: 0,
        y: 0,
        width: rect.width + width - w,
        height: rect.height + height - h,
      });
    await sleep(50);
  }
}

/**
 * A WebDriver with a new, empty profile. `options`: `viewport` ({ width, height }, 1280x900),
 * `popupBlocker` (true: as a user's browser has it; WebKit's cannot be changed), `args`, `prefs`,
 * `acceptInsecureCerts`, `unhandledPromptBehavior`. Firefox and WebKit drive one browser at a time:
 * a second `openDriver` there ends the first.
 */
export async function openDriver(name, options = {}) {
  process.env.SE_OFFLINE = "true";
  const { Builder } = await import("selenium-webdriver");
  if (!running.has(name)) running.set(name, startEngine(name));
  let engine;
  try {
    engine = await running.get(name);
  } catch (error) {
    running.delete(name);
    throw error;
  }
  if (name !== "chromium") {
    for (const session of engine.sessions) await session.quit().catch(() => {});
  }
  const driver = await new Builder()
    .disableEnvironmentOverrides()
    .usingServer(engine.url)
    .withCapabilities(capabilities(name, engine.programs, options))
    .build();
  engine.sessions.add(driver);
  const quitDriver = driver.quit.bind(driver);
  driver.quit = async () => {
    if (!engine.sessions.delete(driver)) return;
    await quitDriver();
  };
  driver.engine = name;
  await driver.manage().setTimeouts({ implicit: 0, pageLoad: 30_000, script: 30_000 });
  await resize(driver, options.viewport ?? { width: 1280, height: 900 });
  return driver;
}

/** Chromium's console since the last call, [{ level, message, timestamp }]; null elsewhere. */
export async function consoleOf(driver) {
  if (driver.engine !== "chromium") return null;
  const entries = await driver.manage().logs().get("browser");
  return entries.map(({ level, message, timestamp }) => ({
    level: level.name,
    message,
    timestamp,
  }));
}

/** Ends one engine, or all: its sessions, its driver, its display. */
export async function quit(name) {
  for (const [key, promise] of [...running]) {
    if (name !== undefined && key !== name) continue;
    running.delete(key);
    const engine = await promise.catch(() => null);
    if (!engine) continue;
    for (const session of [...engine.sessions]) await session.quit().catch(() => {});
    for (const child of engine.children) await end(child);
    removeFolder(engine.folder);
  }
}

/**
 * Runs a test file's tests once an engine: `define(context)` is called inside a `describe` named
 * after the engine; `context` is `{ engine, driver }`, with `driver` there from `before` on.
 * A missing engine is skipped with its reason, in CI it fails. The variable PLAUDIT_ENGINES
 * ("chromium,firefox") narrows the list, except in CI.
 */
export async function throughEngines(define, options = {}) {
  const { after, before, describe, it } = await import("node:test");
  const asked = inCi ? null : process.env.PLAUDIT_ENGINES?.split(",").map((name) => name.trim());
  for (const { name, available, reason } of engines()) {
    if (asked && !asked.includes(name)) continue;
    const skip = available || inCi ? false : reason;
    describe(name, { skip }, () => {
      if (!available) {
        it("is installed", () => {
          throw new Error(`${name}: ${reason}`);
        });
        return;
      }
      const context = { engine: name, driver: null };
      before(async () => {
        context.driver = await openDriver(name, options);
      });
      after(() => quit(name));
      define(context);
    });
  }
}
