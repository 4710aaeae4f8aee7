// What the widgets of the demo call: the smallest server that adds the key. See docs/client.md for one
// that says what may be asked, and plaudit/server's broker for one that keeps the answers too.

const KEY = "plaudit-demo-key";
const BASES = { trustpilot: "/v1", trustoo: "/trustoo/api/v1" };
const TOLD = ["content-type", "retry-after"];

/**
 * Where `path` leads at the sandbox; undefined for what is not the proxy's.
 *
 * @param {string} path such as `/api/trustpilot/business-units/find?name=example.com`
 */
export function proxied(path, sandbox) {
  const [, platform, rest] = /^\/api\/(trustpilot|trustoo)(\/[\w./?&=%,:+-]*)$/.exec(path) ?? [];
  return platform && !rest.includes("..") ? sandbox + BASES[platform] + rest : undefined;
}

/** Answers with what the sandbox says; where that breaks off, so does this. */
export async function forward(url, request, response) {
  try {
    const answer = await fetch(url, { headers: { apikey: KEY } });
    const body = Buffer.from(await answer.arrayBuffer());
    for (const name of TOLD) {
      if (answer.headers.has(name)) response.setHeader(name, answer.headers.get(name));
    }
    response.writeHead(answer.status).end(request.method === "HEAD" ? undefined : body);
  } catch {
    response.destroy();
  }
}
