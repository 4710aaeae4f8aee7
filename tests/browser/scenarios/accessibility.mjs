// axe-core on the demo, in each of its states; and what the console and the policy say meanwhile.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { consoleOf } from "../drivers.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function accessibility(scenario) {
  scenario(
    "axe: no violation in any state of the demo, no word in the console",
    { demo: true },
    async (s) => {
      const watched = async () => {
        // The page's policy lets no script in; the driver's own are outside of it.
        await s.driver.executeScript(axe);
        // Colours half-way through a fade are nobody's colours.
        await s.driver.executeScript(`
          const rule = "*, *::before, *::after { transition: none !important; animation: none !important; }";
          document.styleSheets[0].insertRule(rule, 0);`);
        await s.driver.executeScript(`
        window.broken = [];
        addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
          window.broken.push(violatedDirective + " " + blockedURI));
        addEventListener("error", ({ message }) => window.broken.push(message));
        addEventListener("unhandledrejection", ({ reason }) => window.broken.push(String(reason)));`);
      };
      const check = async (state) => {
        const { violations, passes } = await s.run(async () => {
          const { violations, passes } = await window.axe.run(document);
          const short = ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`;
          return { violations: violations.map(short), passes: passes.length };
        });
        assert.deepEqual(violations, [], state);
        assert.ok(passes > 10, "axe looked at the page");
        assert.deepEqual(await s.driver.executeScript("return window.broken"), [], state);
        const lines = (await consoleOf(s.driver)) ?? [];
        s.console.push(...lines.map(({ message }) => message));
        const bad = lines.filter(
          // The answer that was asked for is not a fault of the page.
          ({ level, message }) => level !== "INFO" && !/status of 5\d\d/.test(message),
        );
        assert.deepEqual(bad, [], state);
      };

      await s.go("/");
      await watched();
      await s.see("#faults [role=switch]");
      await check("signed out");
      await s.click("#find");
      await s.see("#result[data-state=found]");
      await check("result");
      await s.fault("500");
      await s.click("#find");
      await s.see("#message[data-code=server_error]");
      await s.clearFaults();
      await check("error");
      await s.click("#sign-in-redirect");
      await s.decide();
      await s.see("#session[data-state=signed-in]");
      await watched();
      await s.see("#faults [role=switch]");
      await check("signed in");
    },
  );
}
