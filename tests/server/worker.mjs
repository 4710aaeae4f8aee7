// The suites in workerd.
import { runAll } from "./runtime.mjs";

export default {
  fetch: async () => new Response(JSON.stringify(await runAll())),
};
