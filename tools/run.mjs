// Small helpers of the scripts in tools/: running commands with a title and a time, and stamps.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
/** The ignored folder for what set-up brings: logs, stamps, programs. */
export const toolsFolder = join(root, ".tools");
export const logsFolder = join(toolsFolder, "logs");
const stampsFolder = join(toolsFolder, "stamps");

/** Something a person has to put right: shown as one line, without a stack. */
export class Problem extends Error {
  name = "Problem";
}

export const say = (line) => process.stdout.write(`${line}\n`);

/** Runs `main` and turns a Problem into one line and exit code 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Problem ? `error: ${error.message}` : error);
    process.exitCode = 1;
  }
}

/** Whether the file `url` names is the script node was started with. */
export const isMain = (url) =>
  process.argv[1] !== undefined &&
  realpathSync(process.argv[1]) === realpathSync(fileURLToPath(url));

export function seconds(since) {
  const s = (performance.now() - since) / 1000;
  return s < 60 ? `${s.toFixed(1)} s` : `${Math.floor(s / 60)} min ${Math.round(s % 60)} s`;
}

/** The full path of a program on PATH, or null. */
export function which(program, path = process.env.PATH ?? "") {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = join(folder, program + ending);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // not in this folder
      }
    }
  }
  return null;
}

/** What a quick command prints, trimmed; null when it cannot be run or fails. */
export function output(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", timeout: 30_000, ...options });
  return result.status === 0 ? result.stdout.trim() : null;
}

/** The last lines of a text. */
export const tail = (text, lines) => text.trimEnd().split("\n").slice(-lines).join("\n");

/**
 * Runs a command, its output going to `.tools/logs/<log>.log`.
 * With a title, shows it and the time it took. Never rejects for a failed command: `code` tells.
 * `onLine` sees each line as it comes. `timeout` is in ms.
 */
export async function execute(command, args, options = {}) {
  const { title, log = "commands", cwd = root, env = process.env, timeout, onLine } = options;
  mkdirSync(logsFolder, { recursive: true });
  const logFile = join(logsFolder, `${log}.log`);
  const file = createWriteStream(logFile, { flags: options.append ? "a" : "w" });
  file.write(`$ ${[command, ...args].join(" ")}\n`);
  const start = performance.now();
  if (title) process.stdout.write(`- ${title} ... `);
  const chunks = [];
  const result = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let timer;
    if (timeout) {
      timer = setTimeout(() => {
        chunks.push(`stopped after ${timeout / 1000} s\n`);
        file.write(`stopped after ${timeout / 1000} s\n`);
        child.kill("SIGKILL");
        // a grandchild may hold the pipes open: do not wait for it
        timer = setTimeout(() => resolve({ code: 1, timedOut: true }), 2000);
      }, timeout);
    }
    const rest = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8");
      child[name].on("data", (text) => {
        chunks.push(text);
        file.write(text);
        if (!onLine) return;
        const lines = (rest[name] + text).split("\n");
        rest[name] = lines.pop();
        for (const line of lines) onLine(line);
      });
    }
    let failure;
    child.on("error", (error) => {
      failure = error;
      chunks.push(`${error.message}\n`);
      file.write(`${error.message}\n`);
      if (child.pid === undefined) resolve({ code: 127, failure });
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, signal, failure });
    });
  });
  const time = seconds(start);
  file.end(`# exit ${result.code}, ${time}\n`);
  if (title) say(result.code === 0 ? time : `failed (${time})`);
  return { ...result, output: chunks.join(""), time, logFile, ms: performance.now() - start };
}

/** Like `execute`, but a failure shows the end of the log and throws a Problem. */
export async function run(title, command, args, options = {}) {
  const result = await execute(command, args, { title, ...options });
  if (result.code !== 0) {
    say(tail(result.output, options.tail ?? 40));
    throw new Problem(`"${title}" failed; the whole log is ${relative(root, result.logFile)}`);
  }
  return result;
}

/** Runs an async function under a title, showing its time. */
export async function step(title, work) {
  const start = performance.now();
  process.stdout.write(`- ${title} ... `);
  try {
    const value = await work();
    say(seconds(start));
    return value;
  } catch (error) {
    say(`failed (${seconds(start)})`);
    throw error;
  }
}

/** A hash of the contents of files and folders (walked in order of name), and of plain strings. */
export function hashOf(paths, ...strings) {
  const hash = createHash("sha256");
  const add = (path) => {
    const name = relative(root, path);
    if (!existsSync(path)) {
      hash.update(`missing\0${name}\0`);
    } else if (statSync(path).isDirectory()) {
      for (const entry of readdirSync(path).sort()) {
        if (entry !== "node_modules" && entry !== "target") add(join(path, entry));
      }
    } else {
      const content = readFileSync(path);
      hash.update(`file\0${name}\0${content.length}\0`).update(content);
    }
  };
  for (const path of paths) add(resolve(root, path));
  for (const string of strings) hash.update(`string\0${string}\0`);
  return hash.digest("hex");
}

/** What `stamp` kept under this name, or null. */
export function stamped(name) {
  try {
    return JSON.parse(readFileSync(join(stampsFolder, `${name}.json`), "utf8"));
  } catch {
    return null;
  }
}

/** Keeps a JSON value under a name, until `unstamp`. */
export function stamp(name, value) {
  mkdirSync(stampsFolder, { recursive: true });
  writeFileSync(join(stampsFolder, `${name}.json`), `${JSON.stringify(value)}\n`);
}

export function unstamp(name) {
  rmSync(join(stampsFolder, `${name}.json`), { force: true });
}

/** Runs `work` unless it ran before with the same key and everything in `made` is still there. */
export async function once(name, key, made, work) {
  if (stamped(name)?.key === key && made.every((path) => existsSync(resolve(root, path))))
    return false;
  await work();
  stamp(name, { key });
  return true;
}
