// The blocks of the server's guides, run as they stand there: the platforms' hosts lead to a sandbox.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { bringRedis, startRedis } from "../../tools/redis.mjs";
import { execute, root } from "../../tools/run.mjs";

const { missing } = await bringRedis();

/** What every block finds in its environment; the sandbox knows them. */
const env = {
  TRUSTPILOT_API_KEY: "your-own-key",
  TRUSTPILOT_API_SECRET: "your-own-secret",
  TRUSTPILOT_BUSINESS_USER_ID: "507f191e810c19729de860ea",
  TOKEN_KEY: "0f".repeat(32),
  TRUSTPILOT_USERNAME: "demo@example.com",
  TRUSTPILOT_PASSWORD: "plaudit",
  TRUSTOO_CLIENT_ID: "your-own-trustoo",
  TRUSTOO_CLIENT_SECRET: "your-own-trustoo-secret",
  TRUSTOO_PUBLIC_TOKEN: "your-own-public-token",
  TRUSTOO_PRIVATE_TOKEN: "your-own-private-token",
  TRUSTPILOT_PARTNER_ID: "your-own-partner-id",
  TRUSTPILOT_PARTNER_KEY: "your-own-partner-key",
  TRUSTPILOT_PARTNER_SECRET: "your-own-partner-secret",
  TRUSTPILOT_ENCRYPTION_KEY: "BAXltLTmPHVo7tX1HzrlbxjUOGaHEFEN4HbTZQYj+UA=",
  TRUSTPILOT_AUTHENTICATION_KEY: "/Cmm+QZRIMRplLKSaXSePvt1W23a8inGbQLxNtxIE7w=",
};

const PRELUDE = `
import { createSandbox } from "plaudit/sandbox";

const redirect_hosts = ["shop.example"];
const sandbox = createSandbox({
  clock: "running",
  config: {
    trustoo_sign_keys: {
      public_token: "${env.TRUSTOO_PUBLIC_TOKEN}",
      private_token: "${env.TRUSTOO_PRIVATE_TOKEN}",
    },
    clients: [
      {
        client_id: "${env.TRUSTPILOT_PARTNER_KEY}",
        client_secret: "${env.TRUSTPILOT_PARTNER_SECRET}",
        partner_id: "${env.TRUSTPILOT_PARTNER_ID}",
        redirect_hosts,
      },
      {
        client_id: "${env.TRUSTPILOT_API_KEY}",
        client_secret: "${env.TRUSTPILOT_API_SECRET}",
        redirect_hosts,
      },
      {
        provider: "trustoo",
        client_id: "${env.TRUSTOO_CLIENT_ID}",
        client_secret: "${env.TRUSTOO_CLIENT_SECRET}",
        redirect_hosts,
        platform: true,
      },
    ],
  },
});
globalThis.sandbox = sandbox;
/** Signs in at a platform's page as its user would; the address that the browser is sent back to. */
globalThis.visit = async (url) => {
  const { origin, pathname, searchParams: form } = new URL(url);
  form.set("email", "demo@example.com");
  form.set("password", "plaudit");
  form.set("decision", "allow");
  const init = { method: "POST", body: form, redirect: "manual" };
  const answer = await sandbox.fetch(new Request(origin + pathname, init));
  return answer.headers.get("location");
};
const real = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  const isPlatform = /\\.(trustpilot\\.com|trustoo\\.io)$/.test(new URL(request.url).hostname);
  return isPlatform ? sandbox.fetch(request) : real(request);
};
`;

/**
 * A guide's blocks. One without an `import` goes on with the page's first block, whose output is
 * left out; one whose first line is a comment with the name of a file has that `name`.
 */
function blocksOf(path) {
  const text = readFileSync(join(root, path), "utf8");
  const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
  const first = (blocks[0] ?? "").replace(/^console\..*\n/gm, "");
  return blocks.map((code) => ({
    title: code.split("\n").find((line) => line && !/^import |^\/\//.test(line)) ?? "",
    name: /^\/\/ (\S+\.m?js)\n/.exec(code)?.[1],
    code: /^import /m.test(code) ? code : first + code,
    expected: [...code.matchAll(/\/\/=> (.*)$/gm)].map(([, line]) => line),
  }));
}

/** The guides, each with the names of those blocks that run in another test. */
const guides = {
  "docs/broker.md": [],
  "docs/links.md": [],
  "docs/partners.md": [],
  "docs/pre-rendering.md": [],
  "docs/private.md": [],
  "docs/stores.md": ["store.test.mjs"],
  "docs/structured-data.md": [],
  "docs/tokens.md": [],
  "docs/trustoo.md": [],
  "docs/webhooks.md": [],
};

describe("the server's guides", { concurrency: 2 }, () => {
  let folder;
  let prelude;
  let redis;
  before(async () => {
    redis = missing ? undefined : await startRedis();
    // below the project, so that its own packages are found
    mkdirSync(join(root, "target"), { recursive: true });
    folder = mkdtempSync(join(root, "target", "guides-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules", "plaudit"), "junction");
    writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
    writeFileSync(join(folder, "prelude.mjs"), PRELUDE);
    prelude = pathToFileURL(join(folder, "prelude.mjs")).href;
  });
  after(async () => {
    await redis?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [path, elsewhere] of Object.entries(guides)) {
    const blocks = blocksOf(path);
    it(`${path} has code`, () => assert.ok(blocks.length > 0));
    for (const [at, { title, name, code, expected }] of blocks.entries()) {
      if (name && elsewhere.includes(name)) continue;
      const skip = code.includes("REDIS_URL") && missing;
      it(`${path}, block ${at + 1}: ${title}`, { skip }, async () => {
        const file = join(folder, `${path.replace(/\W/g, "-")}-${at}.mjs`);
        writeFileSync(file, code);
        const args = ["--import", prelude, file];
        const { code: exit, output } = await execute(process.execPath, args, {
          cwd: folder,
          log: "docs",
          timeout: 60_000,
          env: { ...process.env, ...env, REDIS_URL: redis?.url },
        });
        assert.deepEqual(output.trimEnd().split("\n").filter(Boolean), expected);
        assert.equal(exit, 0);
      });
    }
  }
});
