// Colours for code that the pages show: its text stays what it is.
import { el } from "./dom.js";

const KINDS = ["comment", "string", "keyword"];
/** What has a colour, a group a kind. */
const SCRIPT =
  /(\/\/[^\n]*)|("[^"\n]*")|\b(import|from|const|await|for|of|new|export|default|return)\b/g;
export const MARKUP = /(<!--.*?-->)|("[^"\n]*")|(<\/?[\w-]+|\/?>)/g;

/** The source as nodes. */
export function highlighted(source, tokens = SCRIPT) {
  const nodes = [];
  let end = 0;
  for (const match of source.matchAll(tokens)) {
    nodes.push(source.slice(end, match.index));
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)];
    nodes.push(el("span", { class: `tok-${kind}` }, match[0]));
    end = match.index + match[0].length;
  }
  nodes.push(source.slice(end));
  return nodes;
}
