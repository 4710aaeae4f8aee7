// The example in "The code": what the page itself does, in the options chosen.
import { el } from "./dom.js";

const TOKENS =
  /(\/\/[^\n]*)|("[^"\n]*")|\b(import|from|const|await|for|of|new|export|default|return)\b/g;
const KINDS = ["comment", "string", "keyword"];

export function exampleCode({ correlate, storage, via }) {
  const options = [
    'provider: "trustpilot"',
    "clientId: key",
    'redirectUri: location.origin + "/"',
    correlate === "state" ? null : `correlateBy: "${correlate}"`,
    storage === "memory" ? null : `storage: "${storage}"`,
  ].filter(Boolean);
  const caller = {
    header: "apiKey: key",
    query: 'apiKey: key, keyIn: "query"',
    token: "apiKey: key, fetch: auth.fetch",
  }[via];
  const listed =
    options.length < 4
      ? `{ ${options.join(", ")} }`
      : `{\n${options.map((option) => `  ${option},\n`).join("")}}`;
  return [
    'import { createAuth, createClient } from "plaudit";',
    "",
    `const auth = createAuth(${listed});`,
    "const session = await auth.completeSignIn(); // null: nobody came back from a sign-in",
    "button.onclick = () => auth.signIn();",
    "",
    `const client = createClient({ provider: "trustpilot", ${caller} });`,
    'const shop = await client.businessUnits.find("trustpilot.com"); // shop.score.stars',
    "for await (const review of client.businessUnits.reviews.all(shop.id)) show(review);",
  ].join("\n");
}

export function highlighted(source) {
  const nodes = [];
  let end = 0;
  for (const match of source.matchAll(TOKENS)) {
    nodes.push(source.slice(end, match.index));
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)];
    nodes.push(el("span", { class: `tok-${kind}` }, match[0]));
    end = match.index + match[0].length;
  }
  nodes.push(source.slice(end));
  return nodes;
}
