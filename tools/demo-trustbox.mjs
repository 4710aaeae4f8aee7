// The gallery's stand-in of Trustpilot's own script, below "/stand-in" at the page's own origin: nothing
// of the real one is loaded by the demo. Below "/stand-in/slow" the script comes late, below
// "/stand-in/blocked" it does not come.
import { setTimeout as sleep } from "node:timers/promises";
import { SCRIPT, standInFile } from "./trustbox/stand-in.mjs";

/** Milliseconds: long enough to be seen. */
const LATE = 2_500;
const FRAME_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
  "form-action 'none'",
].join("; ");

/**
 * Answers, if it is the stand-in's to answer; tells whether it did.
 *
 * @param {string} path of the request, without its query
 */
export async function standIn(path, request, response) {
  const [, fault, rest] = /^\/stand-in(?:\/(slow|blocked))?(\/.*)$/.exec(path) ?? [];
  if (!rest) return false;
  // It tells where it ran and what was seen, as the official one does; nobody listens.
  if (rest.startsWith("/stats/")) {
    response.writeHead(204).end();
    return true;
  }
  const file = standInFile(rest);
  if (!file || (request.method !== "GET" && request.method !== "HEAD")) return false;
  if (fault === "blocked") {
    request.socket.destroy();
    return true;
  }
  if (fault === "slow" && rest === SCRIPT) await sleep(LATE);
  if (file.type === "text/html") response.setHeader("Content-Security-Policy", FRAME_POLICY);
  response.writeHead(200, { "Content-Type": `${file.type}; charset=utf-8` });
  response.end(request.method === "HEAD" ? undefined : file.body);
  return true;
}
