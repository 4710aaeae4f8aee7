// The suites in workerd.
import { createSandbox } from "plaudit/sandbox";
import * as server from "plaudit/server";
import { runAll } from "./runtime.mjs";

export default {
  fetch: async () => new Response(JSON.stringify(await runAll({ server, createSandbox }))),
};
