// Redirects parsed in a loop; runs in a page and in Node.
import { redirects } from "./job.js";

/**
 * Gets `read` ready for timing: it must give the right value for each redirect and refuse a wrong
 * state (except where it checks none). Gives `run(count)`: milliseconds for that many.
 */
export function prepare(name, kind, read, { checksState }) {
  const list = redirects(kind, 64);
  for (const { href, state, value } of list) {
    if (read(href, state) !== value) throw new Error(`${name} misreads a ${kind} redirect`);
    if (!checksState) continue;
    let refused = false;
    try {
      read(href, value);
    } catch {
      refused = true;
    }
    if (!refused) throw new Error(`${name} lets a wrong state pass`);
  }
  // A loop for each: engines keep what they learn of a call with the code that makes it.
  const body = `"${name} ${kind}";
    let last;
    for (let i = 0; i < count; i++) last = read(hrefs[i & 63], states[i & 63]);
    return last;`;
  const loop = new Function("read", "hrefs", "states", "count", body);
  const hrefs = list.map(({ href }) => href);
  const states = list.map(({ state }) => state);
  return (count) => {
    const start = performance.now();
    const last = loop(read, hrefs, states, count);
    const time = performance.now() - start;
    if (last !== list[(count - 1) & 63].value) throw new Error(`${name} misread a redirect`);
    return time;
  };
}
