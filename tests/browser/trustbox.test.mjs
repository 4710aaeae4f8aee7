// <plaudit-trustbox> in every engine, with a stand-in for the official script on an origin of its own.
// Each page's policy lets nothing else in, so the real one is never asked.
import { it } from "node:test";
import { throughEngines } from "./drivers.mjs";
import { until } from "./scenario.mjs";
import { pageSite } from "./site.mjs";
import { startFake } from "./trustbox/fake.mjs";
import { guideScenarios } from "./trustbox/guide.mjs";
import { pageScenarios } from "./trustbox/pages.mjs";
import { scenarios } from "./trustbox/scenarios.mjs";

const strict = (fake, more) =>
  [
    "default-src 'none'",
    `script-src 'self' ${fake.url}`,
    `frame-src ${fake.url}`,
    `connect-src 'self' ${fake.url}`,
    "style-src 'self'",
    "img-src data:",
    ...(more ?? ["require-trusted-types-for 'script'", "trusted-types plaudit"]),
  ].join("; ");

class Page {
  constructor(parts) {
    Object.assign(this, parts);
  }

  async go(path = "/trustbox.html") {
    await this.driver.get(this.site.url + path);
    await until(
      () => this.driver.executeScript("return document.documentElement.hasAttribute('data-ready')"),
      "the page is ready",
    );
  }

  /** Runs a function in the page and awaits what it gives. */
  async run(code, ...args) {
    const answer = await this.driver.executeAsyncScript(
      `const args = Array.from(arguments);
       const done = args.pop();
       Promise.resolve().then(() => (${code})(...args)).then(
         (value) => done({ value }),
         (error) => done({ error: String(error?.stack ?? error) }),
       );`,
      ...args,
    );
    if (answer.error !== undefined) throw new Error(`in the page: ${answer.error}`);
    return answer.value;
  }

  /** Puts elements with these attributes into the page. */
  put(...all) {
    return this.run((all) => {
      for (const attributes of all) window.put(attributes);
    }, all);
  }

  /** Waits until every element of the page is in this state. */
  states(state, count = 1) {
    return until(
      () =>
        this.driver.executeScript(
          `const all = [...document.querySelectorAll("plaudit-trustbox")].map(({ state }) => state);
           return all.length === arguments[1] && all.every((it) => it === arguments[0]);`,
          state,
          count,
        ),
      `${count} in state ${state}`,
    );
  }

  /** What was told by events: "plaudit-load", "plaudit-error network_error". */
  async heard() {
    const all = await this.driver.executeScript("return window.heard");
    return all.map(({ type, code }) => (code ? `${type} ${code}` : type));
  }
}

await throughEngines((context) => {
  const scenario = (title, options, run) => {
    it(title, { timeout: 300_000 }, async () => {
      const fake = await startFake();
      fake.fault = options.fault ?? null;
      const settings = { script: fake.script, waits: options.waits, options: options.options };
      const policy = options.policy?.(fake, strict) ?? strict(fake);
      const headers = {
        "Content-Security-Policy": policy,
        ...(options.reportOnly && { "Content-Security-Policy-Report-Only": options.reportOnly }),
      };
      const site = await pageSite({ settings, headers });
      const page = new Page({ driver: context.driver, engine: context.engine, fake, site });
      try {
        await run(page);
      } finally {
        await context.driver.get("about:blank");
        await site.close();
        await fake.close();
      }
    });
  };
  scenarios(scenario);
  pageScenarios(scenario);
  guideScenarios(scenario);
});
