// A page of one's own with lines that were copied into it, beside a demo that has the package and the
// proxies: as `/plaudit/`, and where npm puts it.
import { createServer } from "node:http";

const head = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A page</title>
<link rel="icon" href="data:,">
<script type="importmap">
  { "imports": { "plaudit": "/plaudit/index.js", "plaudit/elements": "/plaudit/elements.js" } }
</script>
<script>
  window.said = [];
  const log = console.log;
  console.log = (...values) => {
    window.said.push(values.join(" "));
    log(...values);
  };
  addEventListener("error", ({ message }) => window.said.push("uncaught: " + message));
  addEventListener("unhandledrejection", ({ reason }) => window.said.push("unhandled: " + reason));
</script>
`;

/** `{ url, show(lines), close() }`; `show` says what the next load brings. */
export async function pastedSite(demo) {
  let lines = "";
  const server = createServer(async (request, response) => {
    if (request.url === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      return response.end(`${head}${lines}\n`);
    }
    try {
      const answer = await fetch(
        demo + request.url.replace("/node_modules/plaudit/dist", "/plaudit"),
      );
      const body = Buffer.from(await answer.arrayBuffer());
      response.setHeader("content-type", answer.headers.get("content-type") ?? "text/plain");
      response.writeHead(answer.status).end(body);
    } catch {
      response.destroy();
    }
    return undefined;
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    show: (text) => {
      lines = text;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
