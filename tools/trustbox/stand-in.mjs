// A stand-in of the official widget's origin, for tests and for the demo: script and frame.
import { readFileSync } from "node:fs";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

/** The script, made from what is known of how the official one behaves; the same for all. */
export const bootstrap = read("bootstrap.js");

const own = {
  "/frame.css": { type: "text/css", body: read("frame.css") },
  "/frame.js": { type: "text/javascript", body: read("frame.js") },
};
const frame = { type: "text/html", body: read("frame.html") };

/** Where the script stands, as at the official origin. */
export const SCRIPT = "/bootstrap/v5/tp.widget.bootstrap.min.js";

/** `{ type, body }` of what stands at a path below the stand-in's base; undefined for all else. */
export function standInFile(path) {
  if (path === SCRIPT) return { type: "text/javascript", body: bootstrap };
  return /^\/trustboxes\/[^/]+\/index\.html$/.test(path) ? frame : own[path];
}
