// Each file of examples/broker, run in what it is for, asked over real sockets.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../tools/run.mjs";
import { CLIENT, check, freePort, openSandbox, prelude, run } from "./broker-check.mjs";

const examples = join(root, "examples", "broker");
const packages = join(root, "node_modules");

/** The program in the package that npm chose for this system; set-up runs no install scripts. */
function program(scope, ...path) {
  const folder = join(packages, scope);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const files = names.map((name) => join(folder, name, ...path));
  return files.flatMap((file) => [file, `${file}.exe`]).find(existsSync);
}

/** Serves what a framework would call with a Request. */
const called = (file, expression) => `
import { serve } from "@hono/node-server";
const handlers = await import(${JSON.stringify(pathToFileURL(join(examples, file)).href)});
serve({ fetch: ${expression}, port: Number(process.env.PORT) });
`;
const next = called(
  "next/app/broker/[...path]/route.js",
  `(request) =>
  handlers[request.method === "HEAD" ? "GET" : request.method](request)`,
);
const svelte = called(
  "sveltekit/src/routes/broker/[...path]/+server.js",
  `(request) =>
  handlers.fallback({ request, getClientAddress: () => "127.0.0.1" })`,
);

describe("examples of the broker", { concurrency: 2 }, () => {
  let folder;
  before(() => {
    mkdirSync(join(root, "target"), { recursive: true });
    folder = mkdtempSync(join(root, "target", "broker-"));
    writeFileSync(join(folder, "next.mjs"), next);
    writeFileSync(join(folder, "sveltekit.mjs"), svelte);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A sandbox of the test's own, and the file that leads to it. */
  async function open(t, name) {
    const sandbox = await openSandbox();
    t.after(() => sandbox.close());
    const lead = join(folder, `${name}.prelude.mjs`);
    writeFileSync(lead, prelude(sandbox.url));
    return { sandbox, lead };
  }

  const inNode = (file) => (lead) => [
    process.execPath,
    ["--import", pathToFileURL(lead).href, file()],
  ];
  const example = (name) => join(examples, name);
  const bun = program("@oven", "bin", "bun");
  const deno = program("@deno", "deno");
  for (const [name, isThere, command] of [
    ["node.js", true, inNode(() => example("node.js"))],
    ["express.js", true, inNode(() => example("express.js"))],
    ["fastify.js", true, inNode(() => example("fastify.js"))],
    ["hono.js", true, inNode(() => example("hono.js"))],
    ["next, its handlers called", true, inNode(() => join(folder, "next.mjs"))],
    ["sveltekit, its endpoint called", true, inNode(() => join(folder, "sveltekit.mjs"))],
    ["bun.js", Boolean(bun), (lead) => [bun, ["--preload", lead, example("bun.js")]]],
    [
      "deno.js",
      Boolean(deno),
      (lead) => [
        deno,
        [
          ...["run", "--no-lock", "--no-remote", "--allow-net", "--allow-env", "--allow-read"],
          ...["--preload", lead, example("deno.js")],
        ],
      ],
    ],
  ]) {
    const skip = isThere ? false : "npm has none for this system";
    it(name, { skip }, async (t) => {
      const { sandbox, lead } = await open(t, name.replace(/\W/g, "-"));
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const env = { ...process.env, ...CLIENT, ORIGIN: url, PORT: String(port) };
      await run(t, ...command(lead), url, { env });
      await check(url, url, sandbox);
    });
  }

  it("worker.js, in workerd", async (t) => {
    const { sandbox, lead } = await open(t, "worker");
    const { build } = await import("esbuild");
    const { default: workerd } = await import("workerd");
    const out = join(folder, "worker");
    await build({
      stdin: {
        contents: `import ${JSON.stringify(lead)};\nexport { default } from ${JSON.stringify(example("worker.js"))};`,
        resolveDir: folder,
      },
      outfile: join(out, "worker.js"),
      bundle: true,
      format: "esm",
      target: "es2022",
      conditions: ["workerd"],
      // the prelude is nothing but a side effect, which the package says that it has none of
      ignoreAnnotations: true,
      external: ["*.wasm"],
      logLevel: "error",
    });
    await copyFile(join(root, "dist", "server.wasm"), join(out, "server.wasm"));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const bindings = Object.entries({ ...CLIENT, ORIGIN: url }).map(
      ([name, text]) => `(name = "${name}", text = "${text}")`,
    );
    writeFileSync(
      join(out, "config.capnp"),
      `using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (
        services = [
          (name = "main", worker = .worker),
          (name = "internet", network = (allow = ["public", "private", "local"])),
        ],
        sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
      );
      const worker :Workerd.Worker = (
        modules = [
          (name = "worker.js", esModule = embed "worker.js"),
          (name = "server.wasm", wasm = embed "server.wasm"),
        ],
        bindings = [${bindings.join(", ")}],
        compatibilityDate = "2025-01-01",
      );`,
    );
    const binary = typeof workerd === "string" ? workerd : workerd.default;
    await run(t, binary, ["serve", "config.capnp"], url, { cwd: out });
    await check(url, url, sandbox);
  });
});
