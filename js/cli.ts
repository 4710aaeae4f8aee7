#!/usr/bin/env node
// `npx plaudit`: the sandbox on a port.
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { type Call, Core, LONGEST, type Plan } from "./sandbox-core.js";

declare const VERSION: string;

const HELP = `\
plaudit ${VERSION}: review platforms (Trustpilot, Trustoo) in the browser

usage: plaudit sandbox [--port N] [--seed N] [--host H] [--log FILE]

  sandbox      a stand-in for both platforms to test against, on this machine
    --port N     port to listen on; 0 (the default) takes a free one
    --seed N     what ids, tokens and data are derived from; 1 if not given
    --host H     address to listen on; 127.0.0.1 if not given
    --log FILE   append one line for each request, secrets masked

  --help       this text
  --version    the version

The first line of output is JSON: {"url":"http://127.0.0.1:PORT"}
Open that address in a browser for what the sandbox knows, and to try it.
Ctrl-C ends it.
`;

/** Something that is told in one line. */
class Problem extends Error {
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

const COMMANDS = ["sandbox"];

function main(): void {
  const { values, positionals } = read();
  const [command, ...rest] = positionals;
  if (values.help || (command === undefined && !values.version)) {
    say(HELP);
    return;
  }
  if (values.version) {
    say(`${VERSION}\n`);
    return;
  }
  if (!COMMANDS.includes(command as string)) {
    const there = COMMANDS.join(", ");
    throw new Problem(`there is no command "${command}"; there is: ${there}. See --help`, 2);
  }
  if (rest.length > 0) throw new Problem(`unknown argument: ${rest[0]}. See --help`, 2);
  const seed = whole("seed", values.seed ?? "1", Number.MAX_SAFE_INTEGER);
  const port = whole("port", values.port ?? "0", 65_535);
  serve({ seed, port, host: values.host ?? "127.0.0.1", log: values.log });
}

function read() {
  const text = { type: "string" } as const;
  const options = {
    port: text,
    seed: text,
    host: text,
    log: text,
    help: { type: "boolean", short: "h" },
    version: { type: "boolean" },
  } as const;
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new Problem(`${(error as Error).message}. See --help`, 2);
  }
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new Problem(`--${name} is not a whole number up to ${most}: ${text}`, 2);
}

function say(text: string): void {
  process.stdout.write(text);
}

function serve(options: { seed: number; port: number; host: string; log: string | undefined }) {
  const { seed, port, host } = options;
  const bytes = readFileSync(new URL("sandbox.wasm", import.meta.url));
  const core = new Core(new WebAssembly.Module(bytes), { seed, frozen: null });
  const log = openLog(options.log);
  const server = createServer((request, response) => {
    answer(core, request, response, log).catch(() => response.destroy());
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    const why = error.code === "EADDRINUSE" ? `port ${port} is taken` : error.message;
    fail(new Problem(why, 1));
  });
  server.listen(port, host, () => {
    const address = server.address();
    const bound = typeof address === "object" ? address?.port : port;
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
    say(`${JSON.stringify({ url })}\n`);
    if (!/^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host)) {
      tell(`warning: ${host} is more than this machine: others can reach the sandbox`);
    }
    if (process.stderr.isTTY) tell("Open it in a browser for what it knows. Ctrl-C ends it.");
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
}

function openLog(file: string | undefined): (line: string) => void {
  if (file === undefined) return () => {};
  let open: number | undefined;
  try {
    open = openSync(file, "a");
  } catch (error) {
    throw new Problem((error as Error).message, 1);
  }
  return (line) => {
    try {
      if (open !== undefined) writeSync(open, line);
    } catch {
      // A full disk must not end the sandbox.
      if (open !== undefined) closeSync(open);
      open = undefined;
    }
  };
}

/** More than any request to a review platform needs. */
const BODY_LIMIT = 1 << 20;
/** How long the other side has for reading what came before a reset. */
const BEFORE_RESET = 30;

async function answer(
  core: Core,
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void,
): Promise<void> {
  const body = await bodyOf(request);
  if (body === null) {
    response.writeHead(413, { connection: "close" }).end();
    return;
  }
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    headers.push([request.rawHeaders[at] as string, request.rawHeaders[at + 1] as string]);
  }
  const { method = "GET", url = "/" } = request;
  const call: Call = { method, url, headers, body };
  const now = Date.now();
  const plan = core.handle(now, call);
  log(
    `${new Date(now).toISOString().replace(/\.\d+/, "")} ${method} ${plan.target} ${plan.status}\n`,
  );
  if (plan.delay > 0) await wait(plan.delay, response);
  if (!response.destroyed) await carryOut(plan, response);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > BODY_LIMIT) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Waits, unless the other side goes away first. */
function wait(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, LONGEST));
    response.on("close", done);
  });
}

async function carryOut(plan: Plan, response: ServerResponse): Promise<void> {
  const { status, headers, chunks, end } = plan;
  const { socket } = response;
  if (chunks.length === 0 && end === "hang") return;
  if (chunks.length === 0 && end === "cut") {
    // Browsers send a GET again, unasked, as long as no byte came back, and take more letters of a
    // status line than these for an answer.
    socket?.end("HTT", () => socket.destroy());
    return;
  }
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const isBare = status === 204 || status === 304;
  response.writeHead(status, [
    ...headers.flat(),
    ...(end === "whole" && !isBare ? ["content-length", String(size)] : []),
    // On a connection that is used again, browsers would send once more what was cut. Node takes
    // a reset for the end of a body where this header stands.
    ...(end === "cut" ? [] : ["connection", "close"]),
  ]);
  response.flushHeaders();
  for (const [at, chunk] of chunks.entries()) {
    if (at > 0 && plan.pause > 0) await wait(plan.pause, response);
    response.write(chunk);
  }
  if (end === "whole") response.end();
  if (end === "cut") {
    await wait(BEFORE_RESET, response);
    socket?.resetAndDestroy();
  }
}

function tell(line: string): void {
  process.stderr.write(`plaudit: ${line}\n`);
}

function fail(error: unknown): never {
  if (!(error instanceof Problem)) throw error;
  tell(error.message);
  process.exit(error.code);
}

// Nobody may be listening, and that is no failure.
process.stdout.on("error", () => {});
try {
  main();
} catch (error) {
  fail(error);
}
