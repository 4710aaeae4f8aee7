// The blocks of code in a guide, with what they say they print.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tools/run.mjs";

/** What the sandbox is told to take for a key: its own ones are refused at the platforms' hosts. */
export const API_KEY = "your-own-key";

/**
 * `{ name, code, expected, isPage }`: `name` where the first line is that of a file; `isPage` where
 * it needs a page. Blocks that make no client of their own go on with the one that says so.
 */
export function blocksOf(path) {
  const text = readFileSync(join(root, path), "utf8");
  const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
  const first = blocks.find((code) => code.includes("idOf(")) ?? "";
  return blocks.map((code) => {
    const name = /^\/\/ (\S+\.js)\n/.exec(code)?.[1];
    const goesOn = !name && !code.includes("createClient(");
    return {
      name,
      code: goesOn ? first.replace(/^console.*$/m, "") + code : code,
      title: code.split("\n").find((line) => line && !line.startsWith("import ")),
      expected: [...code.matchAll(/\/\/=> (.*)$/gm)].map(([, line]) => line),
      isPage: /\bdocument\.|\blocalStorage\.|\bauth\./.test(code),
    };
  });
}
