// What benches/run.mjs calls in the page, and in benches/node.mjs.
import { decode } from "./decode.js";
import { isAuthorizeUrl } from "./job.js";
import { prepare } from "./parse.js";

/** Milliseconds from before the import to the first authorize URL. */
async function coldStart(module) {
  const start = performance.now();
  const { authorize } = await import(module);
  const url = await authorize();
  const time = performance.now() - start;
  if (!isAuthorizeUrl(url)) throw new Error(`this is not the authorize URL: ${url}`);
  return time;
}

const prepared = new Map();

/** Milliseconds for `count` redirects; checked before the first. */
async function parse({ name, kind, module, checksState }, count) {
  const key = `${name} ${kind}`;
  if (!prepared.has(key)) {
    const { readCode, readToken } = await import(module);
    const read = kind === "code" ? readCode : readToken;
    prepared.set(key, prepare(name, kind, read, { checksState }));
  }
  return prepared.get(key)(count);
}

/** Milliseconds for so many rows of stars; only in a page. */
const stars = async (module, ...rest) => (await import(module)).stars(...rest);

/** What can be called from outside. */
export const bench = { coldStart, decode, parse, stars };
globalThis.bench = bench;
