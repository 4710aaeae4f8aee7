// dist/elements.css: all sheets of all elements as one, for pre-rendered markup that links to it. In
// one text each rule must say whose it is, since several elements have a `.list`.

/** Rules that hold no selectors. */
const OTHER = /^@(keyframes|font-face|property|counter-style|layer[^{]*;)/;

/** Splits at the top level: not within brackets or quotes. */
function split(text, at) {
  const parts = [""];
  let depth = 0;
  let quote = "";
  for (const it of text) {
    if (quote) quote = it === quote ? "" : quote;
    else if (it === '"' || it === "'") quote = it;
    else if ("([".includes(it)) depth += 1;
    else if (")]".includes(it)) depth -= 1;
    if (it === at && depth === 0 && !quote) parts.push("");
    else parts[parts.length - 1] += it;
  }
  return parts;
}

/** The rules of a minified sheet: `[prelude, block]`, the block null where there is none. */
function* rulesOf(css) {
  let start = 0;
  let open = 0;
  let depth = 0;
  let quote = "";
  for (let at = 0; at < css.length; at++) {
    const it = css[at];
    if (quote) quote = it === quote ? "" : quote;
    else if (it === '"' || it === "'") quote = it;
    else if (it === "{") {
      if (depth === 0) open = at;
      depth += 1;
    } else if (it === "}") {
      depth -= 1;
      if (depth === 0) {
        yield [css.slice(start, open), css.slice(open + 1, at)];
        start = at + 1;
      }
    } else if (it === ";" && depth === 0) {
      yield [css.slice(start, at + 1), null];
      start = at + 1;
    }
  }
}

const selectorIn = (host) => (selector) => {
  const [, own, rest] = /^:host(?:\((.*?)\))?(?![\w-])(.*)$/.exec(selector.trim()) ?? [];
  if (rest === undefined) return `:host(${host}) ${selector.trim()}`;
  return `:host(${host}${own ?? ""})${rest}`;
};

/** A minified sheet for the hosts of these tags alone. */
export function sheetOf(css, tags) {
  const host = tags.length === 1 ? tags[0] : `:is(${tags.join(",")})`;
  let text = "";
  for (const [prelude, block] of rulesOf(css)) {
    if (block === null) text += prelude;
    else if (OTHER.test(prelude)) text += `${prelude}{${block}}`;
    else if (prelude.startsWith("@")) text += `${prelude}{${sheetOf(block, tags)}}`;
    else text += `${split(prelude, ",").map(selectorIn(host)).join(",")}{${block}}`;
  }
  return text;
}

/** The names of all sheets, each behind those that it comes after in any element. */
function inOrder(elements) {
  const ranks = new Map();
  for (let round = 0; round < 10; round++) {
    for (const { sheets } of elements) {
      let least = 0;
      for (const name of sheets) {
        const rank = Math.max(ranks.get(name) ?? 0, least);
        ranks.set(name, rank);
        least = rank + 1;
      }
    }
  }
  return [...ranks].sort(([, a], [, b]) => a - b).map(([name]) => name);
}

/** All sheets as one. `sheets` by name, minified; `elements` with their tag and the names of theirs. */
export const sheetOfAll = (sheets, elements) =>
  inOrder(elements)
    .map((name) => {
      const tags = elements.filter((it) => it.sheets.includes(name)).map(({ tag }) => tag);
      return `${sheetOf(sheets[name] ?? "", tags)}\n`;
    })
    .join("");
