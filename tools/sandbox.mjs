// Builds and starts the sandbox: a stand-in for both platforms, on loopback.
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { hashOf, once, root, run } from "./run.mjs";

const program = join(
  resolve(root, process.env.CARGO_TARGET_DIR ?? "target"),
  "debug",
  process.platform === "win32" ? "plaudit-sandbox.exe" : "plaudit-sandbox",
);

/** Builds the sandbox unless it was built from the same files. */
export async function bringSandbox() {
  const key = hashOf(["sandbox", "Cargo.toml", "Cargo.lock"]);
  await once("sandbox", key, [program], () =>
    run("sandbox (cargo build)", "cargo", ["build", "-p", "plaudit-sandbox"], { log: "sandbox" }),
  );
}

/** @typedef {{ url: string, pid: number, close(): Promise<number | null> }} Server */

/**
 * Starts the sandbox on a free port.
 *
 * @param {string[]} [args] more arguments, for example `["--log", file]`
 * @returns {Promise<Server>}
 */
export const startSandbox = (args = []) => start(program, ["--port", "0", ...args]);

/**
 * Starts the package's own, as `npx plaudit sandbox` does.
 *
 * @param {string[]} [args] more arguments
 * @returns {Promise<Server>}
 */
export const startCommand = (args = []) =>
  start(process.execPath, [join(root, "dist", "cli.js"), "sandbox", ...args]);

async function start(command, args) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const end = () => child.kill();
  process.once("exit", end);
  const exited = new Promise((done) => child.once("exit", done)).finally(() =>
    process.off("exit", end),
  );
  const firstLine = new Promise((done, fail) => {
    createInterface({ input: child.stdout }).once("line", done);
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`the sandbox ended with code ${code}`)));
  });
  const { url } = JSON.parse(await firstLine);
  return {
    url,
    pid: child.pid,
    close: () => {
      end();
      return exited;
    },
  };
}
