// The elements in React, Vue, Svelte and Angular: what each hands over as property, attribute, event.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { renderToString } from "plaudit/server";
import { compile } from "svelte/compiler";
import { throughEngines } from "./drivers.mjs";
import { page, prerenderedSite } from "./prerendered.mjs";
import { until } from "./scenario.mjs";

const folder = fileURLToPath(new URL("frameworks/", import.meta.url));
const RECORD = `<script>window.heard = []; window.errors = [];
const { error, warn } = console;
console.error = (...all) => { errors.push(all.join(" ")); error.apply(console, all); };
console.warn = (...all) => { errors.push(all.join(" ")); warn.apply(console, all); };
addEventListener("error", (event) => errors.push(event.message));</script>`;
const ELEMENTS = '<script type="module" src="/plaudit/elements.js"></script>';
const rating = {
  ...{ provider: "trustpilot", value: 4.4, stars: 4.5, count: 1234, distribution: null },
  ...{ name: "Example", url: "https://www.trustpilot.com/review/example.com" },
};
const UNIT = {
  ...{
    id: "46d6a890000064000500e0c3",
    displayName: "Example",
    name: { identifying: "example.com" },
  },
  ...{ score: { trustScore: 2.1, stars: 2 }, numberOfReviews: { total: 7 } },
};

const svelte = (generate) => ({
  name: "svelte",
  setup(to) {
    to.onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { js } = compile(source, { filename: path, generate, dev: false });
      return { contents: js.code, loader: "js" };
    });
  },
});
const options = {
  bundle: true,
  write: false,
  jsx: "automatic",
  plugins: [svelte("client")],
  // the page defines them when the test says so
  external: ["/plaudit/*"],
  conditions: ["svelte", "browser"],
  // as developers have it: that is where React says what does not match
  define: {
    "process.env.NODE_ENV": '"development"',
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true",
  },
};
const bundled = async (file) => {
  const { outputFiles } = await build({ ...options, format: "iife", entryPoints: [folder + file] });
  return outputFiles[0].text;
};

/** What a module of ours gives on a server. */
const onServer = async (contents) => {
  const { outputFiles } = await build({
    ...options,
    ...{ platform: "node", format: "esm", conditions: ["svelte"], plugins: [svelte("server")] },
    ...{ stdin: { contents, resolveDir: folder } },
    // dependencies of Vue's that are no modules
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
  });
  const text = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${text}`);
};

const hydrated = [
  [
    "React 19",
    "react-hydrated.jsx",
    `import { renderToString } from "react-dom/server.edge"; import { createElement } from "react";
     import { App } from "./react-hydrated.jsx";
     export const render = (given) => renderToString(createElement(App, given));`,
  ],
  [
    "Vue 3",
    "vue-hydrated.js",
    `import { renderToString } from "@vue/server-renderer"; import { app } from "./vue-hydrated.js";
     export const render = (given) => renderToString(app(given));`,
  ],
  [
    "Svelte 5",
    "svelte-hydrated.js",
    `import { render as toHtml } from "svelte/server"; import { Hydrated } from "./svelte-hydrated.js";
     export const render = (given) => toHtml(Hydrated, { props: { given } }).body;`,
  ],
];

const frameworks = [
  ["React 19", "react.jsx"],
  ["Vue 3", "vue.js"],
  ["Svelte 5", "svelte.js"],
  ["Angular", "angular.js"],
];

await throughEngines((context) => {
  let site;
  before(async () => {
    site = await prerenderedSite();
    const json = { type: "application/json" };
    site.serve("/api/business-units/46d6a890000064000500e0c3", JSON.stringify(UNIT), json);
    site.serve("/favicon.ico", "", json);
  });
  after(() => site?.close());
  afterEach(() => context.driver.get("about:blank"));
  const run = (code, ...args) =>
    context.driver.executeScript(`return (${code})(...arguments)`, ...args);
  const errors = () => run(() => window.errors);

  for (const [title, file] of frameworks) {
    describe(title, () => {
      let script;
      before(async () => {
        script = await bundled(file);
      });
      const first = { shown: true, value: 3.5, outline: false, locale: "en", data: { rating } };
      const open = async (head) => {
        site.serve("/app.js", script, { type: "text/javascript" });
        const body = '<div id="app"></div><script src="/app.js"></script>';
        await context.driver.get(site.serve("/page", page({ head: RECORD + head, body })));
      };
      const shown = () =>
        run(() => {
          const [stars, rating] = ["stars", "rating"].map((id) => document.getElementById(id));
          return (
            stars && {
              name: stars.shadowRoot?.querySelector("svg")?.getAttribute("aria-label"),
              outline: stars.outline,
              marked: stars.hasAttribute("outline"),
              class: stars.className,
              child: stars.querySelector("#child")?.textContent,
              score: rating.shadowRoot?.querySelector("[part=score]")?.textContent,
              isSame: rating.data?.rating?.value,
            }
          );
        });
      const shows = async (expected) => {
        let last;
        await until(async () => {
          last = await shown();
          return Object.entries(expected).every(([name, value]) => last?.[name] === value);
        }, "it shows what it was given").catch((cause) => {
          assert.deepEqual(last, expected, cause.message);
        });
      };
      const expected = {
        ...{ name: "Rated 3.5 out of 5 stars", outline: false, marked: false, class: "mine" },
        ...{ child: "child", score: "4.4", isSame: 4.4 },
      };

      for (const [when, head] of [
        ["defined before", ELEMENTS],
        ["defined after", ""],
      ]) {
        it(`CE2 CE3 CE4 CE5 attributes, properties and events: ${when}`, async () => {
          await open(head);
          if (head)
            await until(() => run(() => customElements.get("plaudit-stars") !== undefined), "");
          await run((first) => {
            // not in the driver's own task
            setTimeout(() => window.start(first));
          }, first);
          await until(() => run(() => document.getElementById("stars") !== null), "it is mounted");
          if (!head) await run(() => void import("/plaudit/elements.js"));
          // before the definition most frameworks know attributes alone, which hold no data
          const { name, class: own, child } = expected;
          await shows(head || title === "Angular" ? expected : { name, class: own, child });
          await until(
            async () => (await run(() => window.heard.length)) === 1,
            "the event is heard",
          );
          assert.deepEqual(await run(() => window.heard), ["network"]);
          await run((rating) => {
            window.kept = document.getElementById("stars");
            window.change({ value: 2, outline: true, locale: "de", data: { rating } });
          }, rating);
          await shows({
            ...expected,
            ...{ name: "Rated 2.0 out of 5 stars", outline: true, marked: true, score: "4,4" },
          });
          assert.ok(await run(() => window.kept === document.getElementById("stars")));
          await run(
            (rating) => {
              window.change({ value: null, outline: false, data: { rating } });
            },
            { ...rating, value: 1.5, stars: 1.5 },
          );
          await shows({
            ...expected,
            ...{ name: "No reviews yet", score: "1,5", isSame: 1.5 },
          });
          await run(() => window.change({ shown: false }));
          await until(() => run(() => !document.getElementById("stars")), "it is gone");
          assert.deepEqual(await errors(), []);
        });
      }
    });
  }

  it("SSR9 React hydrates what was pre-rendered, without a complaint", async () => {
    const react = await onServer(`export { renderToString } from "react-dom/server.edge";
      export { createElement } from "react"; export { Page } from "./react.jsx";`);
    const attributes = { domain: "example.com", proxy: "/api" };
    const html = renderToString("plaudit-rating", { attributes, rating });
    const whole = react.renderToString(react.createElement(react.Page, { html }));
    site.serve("/app.js", await bundled("react.jsx"), { type: "text/javascript" });
    // in the browser the text may be left out
    for (const [isEarly, text] of [
      [true, html],
      [false, html],
      [true, ""],
    ]) {
      const body = `<div id="app">${whole}</div><script src="/app.js"></script>`;
      const head = RECORD + (isEarly ? ELEMENTS : "");
      await context.driver.get(site.serve("/page", page({ head, body })));
      const isUpgraded = () =>
        run(() => document.querySelector("plaudit-rating").matches(":defined"));
      await run(() => {
        window.root = document.querySelector("plaudit-rating").shadowRoot;
        window.first = window.root.querySelector("[part=base]");
      });
      if (isEarly) await until(isUpgraded, "the elements are defined");
      await run((html) => {
        window.hydrate(html);
      }, text);
      if (!isEarly) await run(() => void import("/plaudit/elements.js"));
      await until(isUpgraded, "the elements are defined");
      await context.driver.executeAsyncScript("setTimeout(arguments[0], 500)");
      assert.deepEqual(await errors(), [], isEarly ? "defined before" : "defined after");
      const kept = await run(() => {
        const it = document.querySelector("plaudit-rating");
        return it.shadowRoot === window.root && window.root.contains(window.first);
      });
      assert.ok(kept);
    }
  });

  for (const [title, file, code] of hydrated) {
    it(`CE2 CE5 SSR9 ${title} hydrates: data and events`, async () => {
      const { render } = await onServer(code);
      const html = await render({ rating });
      site.serve("/app.js", await bundled(file), { type: "text/javascript" });
      for (const isEarly of [true, false]) {
        const body = `<div id="app">${html}</div><script src="/app.js"></script>`;
        const head = RECORD + (isEarly ? ELEMENTS : "");
        await context.driver.get(site.serve("/page", page({ head, body })));
        const isDefined = () => run(() => customElements.get("plaudit-badge") !== undefined);
        if (isEarly) await until(isDefined, "the elements are defined");
        await run((given) => setTimeout(() => window.hydrate(given)), { rating });
        // React hydrates in a task of its own
        await context.driver.executeAsyncScript("setTimeout(arguments[0], 300)");
        if (!isEarly) await run(() => void import("/plaudit/elements.js"));
        await until(isDefined, "the elements are defined");
        const shows = () =>
          run(() =>
            Object.fromEntries(
              [...document.querySelectorAll("plaudit-badge, plaudit-rating")].map((it) => [
                it.id,
                it.shadowRoot?.querySelector("[part=score]")?.textContent ?? null,
              ]),
            ),
          );
        const tell = () =>
          run(() => {
            window.heard.length = 0;
            for (const it of document.querySelectorAll("plaudit-badge")) {
              for (const type of ["plaudit-error", "plaudit-test"]) {
                it.dispatchEvent(new CustomEvent(type));
              }
            }
            return window.heard;
          });
        const when = isEarly ? "defined before" : "defined after";
        if (title === "React 19") {
          await until(async () => (await shows()).callback === "4.4", "it is handed over");
          // react/react#35446: once React does it, "jsx" shows 4.4 and is heard; then mend the guides
          assert.deepEqual(
            await shows(),
            { jsx: null, props: "4,4", effect: "4.4", callback: "4.4" },
            when,
          );
          const told = [
            ["props", "plaudit-error"],
            ["effect", "plaudit-test"],
          ];
          assert.deepEqual(await tell(), told, when);
          await run((given) => window.change(given), { rating: { ...rating, value: 2 } });
          await until(async () => (await shows()).props === "2,0", "what is new is handed over");
          assert.deepEqual(await tell(), [["jsx", "plaudit-error"], ...told], when);
          await run(() => {
            window.badge = document.querySelector("#props");
            window.end();
          });
          await until(() => run(() => !document.querySelector("#props")), "it is gone");
          const after = await run(() => {
            window.heard.length = 0;
            window.badge.dispatchEvent(new CustomEvent("plaudit-error"));
            return window.heard;
          });
          assert.deepEqual(after, [], "a listener stayed");
        } else {
          const [id, last] = title === "Vue 3" ? ["vue", "prop"] : ["svelte", "svelte"];
          await until(async () => (await shows())[last] === "4.4", `it shows: ${when}`);
          // before the definition Vue knows attributes alone, unless `.prop` says otherwise
          const seen = title === "Vue 3" && !isEarly ? null : "4.4";
          assert.equal((await shows())[id], seen, when);
          assert.deepEqual(await tell(), [[id, "plaudit-error"]], when);
        }
        assert.deepEqual(await errors(), [], when);
      }
    });
  }

  it("CE6 CE7 two copies on a page, and classes without registration", async () => {
    await context.driver.get(
      site.serve("/page", page({ head: RECORD, body: "<plaudit-stars value=3>" })),
    );
    const seen = await context.driver.executeAsyncScript(`
      const done = arguments[0];
      (async () => {
        const pure = await import("/plaudit/elements-pure.js");
        const before = customElements.get("plaudit-stars") === undefined;
        await import("/plaudit/elements.js");
        const first = customElements.get("plaudit-stars");
        // another copy of the same version says nothing
        await import("/plaudit/elements.js?copy");
        const quiet = errors.length;
        class Other extends HTMLElement { static version = "0.0.1"; }
        customElements.define("plaudit-other", Other);
        const { get } = customElements;
        customElements.get = (name) => (name === "plaudit-stars" ? Other : get.call(customElements, name));
        pure.defineElements();
        customElements.get = get;
        return [before, first === pure.PlauditStars, quiet, errors];
      })().then(done, (error) => done(String(error)));`);
    assert.deepEqual(seen.slice(0, 3), [true, true, 0]);
    assert.equal(seen[3].length, 1);
    assert.match(seen[3][0], /<plaudit-stars> is already defined, by version 0\.0\.1/);
  });
});
