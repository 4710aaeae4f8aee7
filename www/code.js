// The example in "The code": what the page itself does, in the options chosen.

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
