// `npm run demo`: set-up, build, sandbox and page on loopback. Ctrl-C ends it.
import { build } from "./build.mjs";
import { isMain, runMain, say } from "./run.mjs";
import { startCommand } from "./sandbox.mjs";
import { setup } from "./setup.mjs";

async function demo() {
  await setup();
  await build();
  const { serve } = await import("./serve.mjs");
  const sandbox = await startCommand();
  const page = await serve({ sandboxUrl: sandbox.url, port: Number(process.env.PORT ?? 0) });
  say(`
plaudit's demo
  in the page alone: ${page.url}/
  with a server:     ${page.url}/server.html
  widgets:           ${page.url}/widgets.html
  the sandbox that both sign in to: ${sandbox.url}
  Ctrl-C ends all`);
  // The sandbox ends with this process.
  for (const signal of ["SIGINT", "SIGTERM"])
    process.prependOnceListener(signal, () => process.exit(0));
}

if (isMain(import.meta.url)) await runMain(demo);
