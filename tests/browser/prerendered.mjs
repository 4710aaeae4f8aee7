// A site whose pages a test makes: each path is a function that writes its answer as it likes. The
// built package lies at /plaudit/. Every request is kept.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const types = { ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };

/** A page: `head` and `body` as they are, `policy` as its Content-Security-Policy. */
export function page({ head = "", body = "", lang = "en" }) {
  return `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>Test</title>${head}<body>${body}</body></html>`;
}

export async function prerenderedSite() {
  const requests = [];
  const paths = new Map();
  const server = createServer(async (request, response) => {
    const path = request.url.split("?", 1)[0];
    requests.push(path);
    const answer = paths.get(path);
    try {
      if (answer) return await answer(request, response);
      if (!path.startsWith("/plaudit/")) throw new Error("not there");
      const file = join(dist, normalize(path.slice("/plaudit".length)));
      const body = await readFile(file);
      const type = types[extname(file)] ?? "application/octet-stream";
      return response
        .writeHead(200, { "content-type": type, "cache-control": "no-store" })
        .end(body);
    } catch {
      return response.writeHead(404).end();
    }
  });
  await new Promise((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    requests,
    /** What was asked for that is neither a page of the test nor one of the elements' own files. */
    asked: () => requests.filter((path) => path.startsWith("/api/") || path.endsWith("/index.js")),
    /** Answers a path with a text, or by a function of request and response. */
    serve(path, answer, { type = "text/html", policy } = {}) {
      const headers = { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" };
      if (policy) headers["content-security-policy"] = policy;
      const write = (_request, response) => response.writeHead(200, headers).end(answer);
      paths.set(path, typeof answer === "string" ? write : answer);
      return url + path;
    },
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}
