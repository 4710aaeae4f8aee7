// The blocks of docs/elements.md, as they stand there, each in a page of its own.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { root } from "../../tools/run.mjs";
import { pastedSite } from "./pasted.mjs";
import { inEveryEngine, until } from "./scenario.mjs";

const text = readFileSync(join(root, "docs", "elements.md"), "utf8");
const blocks = [...text.matchAll(/^```(html|js)\n(.*?)^```$/gms)].map(([, kind, code]) => ({
  kind,
  code,
  expected: [...code.matchAll(/\/\/=> (.*)$/gm)].map(([, line]) => line),
}));
const pages = blocks.filter(({ code }) => !code.includes('"plaudit/server"'));
const SETTLED = ["ready", "empty", "error", "signed-out", undefined];

describe("docs/elements.md on a server", () => {
  for (const { code, expected } of blocks.filter((block) => !pages.includes(block))) {
    it(/import \{ (.*?) \}/.exec(code)[1], async () => {
      const args = ["--input-type=module", "--eval", code];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
      assert.deepEqual(stdout.trimEnd().split("\n"), expected);
    });
  }
});

it("CE11: the lines that keep room are those whose pages were measured", () => {
  const page = readFileSync(join(root, "tests", "browser", "pages", "elements.css"), "utf8");
  const [, lines] = /^```css\n(.*?)^```$/ms.exec(text);
  const rules = (css) => css.match(/plaudit-[\w-]+:not\(:defined\) \{.*?\}/gs);
  assert.equal(rules(lines).join("\n"), lines.trim());
  assert.deepEqual(rules(lines), rules(page));
});

await inEveryEngine((scenario) => {
  for (const [at, { kind, code, expected }] of pages.entries()) {
    const what = code.match(/<plaudit-[^>]*>|addWords\(.*|createAuth\(/)?.[0] ?? "";
    scenario(`block ${at + 1} of docs/elements.md: ${what}`, { demo: true }, async (s) => {
      const site = await pastedSite(s.site.url);
      try {
        const page =
          kind === "html"
            ? code
            : `<plaudit-sign-in></plaudit-sign-in><script type="module">\n${code}</script>`;
        site.show(page);
        await s.driver.get(site.url);
        const states = () =>
          s.driver.executeScript(`
            const tags = ["rating", "badge", "histogram", "reviews", "stars", "sign-in"];
            return [...document.querySelectorAll(tags.map((tag) => "plaudit-" + tag).join())]
              .map(({ localName, state, shadowRoot }) => ({ localName, state, isDrawn: !!shadowRoot }));`);
        await until(async () => {
          const all = await states();
          return (
            all.length > 0 &&
            all.every(({ state, isDrawn }) => isDrawn && SETTLED.includes(state ?? undefined))
          );
        }, "all of it is shown");
        if (expected.length > 0) {
          await until(
            async () => (await s.driver.executeScript("return window.said.length")) > 0,
            "it says something",
          );
        }
        assert.deepEqual(await s.driver.executeScript("return window.said"), expected);
        if (!expected.some((line) => /^[a-z]+_[a-z]+$/.test(line))) {
          assert.ok(!(await states()).some(({ state }) => state === "error"), "an error is shown");
        }
      } finally {
        await s.go("/widgets.html");
        await site.close();
      }
    });
  }
});
