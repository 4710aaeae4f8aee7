// axe-core on the demo, in each of its states; and what the console and the policy say meanwhile.
import assert from "node:assert/strict";
import { consoleOf } from "../drivers.mjs";
import { assertAccessible, watchForTrouble } from "../looks.mjs";

export function accessibility(scenario) {
  scenario(
    "axe: no violation in any state of the demo, no word in the console",
    { demo: true },
    async (s) => {
      const check = async (state) => {
        await assertAccessible(s, state);
        const lines = (await consoleOf(s.driver)) ?? [];
        s.console.push(...lines.map(({ message }) => message));
        const bad = lines.filter(
          // The answer that was asked for is not a fault of the page.
          ({ level, message }) => level !== "INFO" && !/status of 5\d\d/.test(message),
        );
        assert.deepEqual(bad, [], state);
      };

      await s.go("/");
      await watchForTrouble(s);
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
      await watchForTrouble(s);
      await s.see("#faults [role=switch]");
      await check("signed in");
    },
  );
}
