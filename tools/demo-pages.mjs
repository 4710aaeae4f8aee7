// The demo's pages, put together: what is the same in all of them stands once, in www/parts.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const NAME = /^\/[\w-]+\.html$/;
const PART = /^( *)<!-- part: (\w+) -->\n/gm;

/**
 * A page as it is sent: a line `<!-- part: name -->` becomes www/parts/name.html, as far in as that
 * line, and the link to the page itself says that it is. Undefined where there is no such page.
 *
 * @param {string} www folder of the pages
 * @param {string} path of the request, without its query
 */
export function demoPage(www, path) {
  const name = path === "/" ? "/index.html" : path;
  if (!NAME.test(name)) return undefined;
  const read = (file) => {
    try {
      return readFileSync(join(www, file), "utf8");
    } catch {
      return undefined;
    }
  };
  const own = `<a href="${name === "/index.html" ? "/" : name}"`;
  // A part that is not there stays a comment.
  return read(name)?.replace(PART, (line, space, part) => {
    const text = read(`parts/${part}.html`)?.replace(own, `${own} aria-current="page"`);
    return text?.replace(/^(?=.)/gm, space) ?? line;
  });
}
