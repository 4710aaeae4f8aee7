// A part of js/server that the entry does not export, for tests of its own.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export async function inside(path) {
  const { outputFiles } = await build({
    entryPoints: [join(root, "js", "server", path)],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const [{ contents }] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(contents).toString("base64")}`);
}

export { clock, numbers, settle } from "./clock.mjs";
