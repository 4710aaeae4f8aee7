// The tarball that users get, and temporary projects that use it.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** Runs a program; gives what it prints. */
export async function run(file, args, options = {}) {
  const env = { ...process.env, ...options.env };
  // a test runner inside a test would report to this one
  delete env.NODE_TEST_CONTEXT;
  const { stdout } = await promisify(execFile)(file, args, {
    timeout: 120_000,
    maxBuffer: 1 << 26,
    ...options,
    env,
  });
  return stdout;
}

/** A temporary folder; `remove()` takes it away. */
export function makeFolder() {
  const path = mkdtempSync(join(tmpdir(), "plaudit-package-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Packs dist/ as it is; gives the tarball's path. */
export async function pack(folder) {
  if (!existsSync(join(root, "dist", "index.js"))) throw new Error("npm run build comes first");
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const [{ filename }] = JSON.parse(await run("npm", args, { cwd: root }));
  return join(folder, filename);
}

/** Makes a project with the tarball installed. Nothing comes from a registry: it needs nothing. */
export async function install(folder, tarball) {
  const manifest = { name: "consumer", private: true, type: "module" };
  write(folder, { "package.json": JSON.stringify(manifest) });
  const args = ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball];
  await run("npm", args, { cwd: folder });
}

export function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** The files under a folder, as paths from it. */
export function list(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Serves a folder on loopback. `log` gets the paths; `policy` is a Content-Security-Policy. */
export async function serve(folder, { policy, log = [] } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    log.push(pathname);
    const type = types[/\.\w+$/.exec(pathname)?.[0]];
    let body;
    try {
      body = readFileSync(join(folder, decodeURIComponent(pathname)));
    } catch {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": type ?? "text/plain",
      ...(policy && { "content-security-policy": policy }),
    });
    response.end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Starts workerd with `worker.js` and its wasm, all in `folder`; gives what it answers. */
export async function askWorkerd(folder, ...files) {
  // CommonJS whose export is called "default"
  const { default: program } = await import("workerd");
  const workerd = typeof program === "string" ? program : program.default;
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  await once(listener, "close");
  write(folder, {
    "config.capnp": `using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (
        services = [(name = "main", worker = .worker)],
        sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
      );
      const worker :Workerd.Worker = (
        modules = [
          (name = "worker.js", esModule = embed "worker.js"),
          ${files.map((file) => `(name = "${file}", wasm = embed "${file}"),`).join("\n")}
        ],
        compatibilityDate = "2025-01-01",
      );`,
  });
  const child = spawn(workerd, ["serve", "config.capnp"], { cwd: folder });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => log.push(part));
  try {
    for (let round = 0; round < 100 && child.exitCode === null; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
      if (!answer) continue;
      const text = await answer.text();
      if (!answer.ok) throw new Error(`workerd: ${text}\n${Buffer.concat(log)}`);
      return text;
    }
    throw new Error(`workerd did not answer: ${Buffer.concat(log)}`);
  } finally {
    if (child.exitCode === null) {
      child.kill();
      await once(child, "exit");
    }
  }
}

/** The body of a module that uses the package; it leaves `result`. */
export const probe = `
const request = {
  provider: "trustpilot",
  clientId: "key",
  redirectUri: "https://app.example/cb",
  responseType: "token",
  state: "S1",
};
const address = "https://app.example/cb#access_token=T&token_type=bearer&expires_in=60&state=S1";
const result = JSON.stringify({
  state: createState().length,
  url: authorizeUrl(request),
  callback: parseCallback(address, { ...request, receivedAt: 1000 }),
});
`;
export const names = "authorizeUrl, createState, parseCallback";

/** What `result` must be. */
export const expected = {
  state: 43,
  url:
    "https://authenticate.trustpilot.com?response_type=token&client_id=key" +
    "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=S1",
  callback: {
    kind: "token",
    accessToken: "T",
    tokenType: "bearer",
    expiresIn: 60,
    expiresAt: 61_000,
    scope: null,
  },
};
