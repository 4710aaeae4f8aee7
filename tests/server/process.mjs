// The suites in the runtime that runs this file: Node, Bun or Deno. With `--names` what they are called.
import { names, runAll } from "./runtime.mjs";

const isAsked = process.argv.includes("--names");
console.log(JSON.stringify(isAsked ? names() : await runAll()));
// What cases have left open keeps no process.
process.exit(0);
