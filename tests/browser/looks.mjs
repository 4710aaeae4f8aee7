// What a page must be in each of its states: without violations of axe's rules, as wide as its
// window, and with nothing to complain of.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Notes from now on what breaks the page's policy and what nobody catches. */
export async function watchForTrouble({ driver }) {
  await driver.executeScript(`
    window.broken = [];
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      window.broken.push(violatedDirective + " " + blockedURI));
    addEventListener("error", ({ message }) => window.broken.push(message));
    addEventListener("unhandledrejection", ({ reason }) => window.broken.push(String(reason)));`);
}

/** axe finds nothing, and nothing was noted. The page's policy lets no script in, but the driver's. */
export async function assertAccessible(s, state) {
  // Half a megabyte, once a page.
  if (!(await s.driver.executeScript("return 'axe' in window"))) await s.driver.executeScript(axe);
  // Colours half-way through a fade are nobody's colours.
  await s.driver.executeScript(`
    const rule = "*, *::before, *::after { transition: none !important; animation: none !important; }";
    document.styleSheets[0].insertRule(rule, 0);`);
  const { violations, passes } = await s.run(async () => {
    const { violations, passes } = await window.axe.run(document);
    const short = ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`;
    return { violations: violations.map(short), passes: passes.length };
  });
  assert.deepEqual(violations, [], state);
  assert.ok(passes > 10, "axe looked at the page");
  assert.deepEqual(await s.driver.executeScript("return window.broken ?? []"), [], state);
}

/** Nothing stands beside the window. */
export async function assertFits(s, state) {
  const over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
  assert.equal(await s.driver.executeScript(over), 0, `${state}: it is too wide`);
}
