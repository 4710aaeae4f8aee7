// The suites in the runtime that runs this file: Node, Bun or Deno.
import { createSandbox } from "plaudit/sandbox";
import * as server from "../../dist/server.js";
import { runAll } from "./runtime.mjs";

console.log(JSON.stringify(await runAll({ server, createSandbox })));
