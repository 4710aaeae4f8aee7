// The entries with elements as users bundle them: what is built is opened, drawn, and loads more when
// it is needed. No name of a file is known here but the entries' own.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { it } from "node:test";
import { list, root, serve, write } from "./project.mjs";

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'";
const RATING = '<plaudit-rating value="4.5" count="1234" name="A" locale="en"></plaudit-rating>';
/** What the platform says of a business, as a file. */
const UNIT = JSON.stringify({
  ...{ id: "46d6a890000064000500e0c3", displayName: "A", name: { identifying: "a.example" } },
  ...{ score: { trustScore: 2.1, stars: 2 }, numberOfReviews: { total: 7 } },
});

const frameworks = ["react.jsx", "vue.js", "svelte.js"];

const page = (script, body = RATING) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>
  <link rel="icon" href="data:,"><body>${body}<div id="app"></div>${script}</body></html>`;

/** Puts applications into a project that has the package. */
export function writeApplications(project) {
  const svelte = `<script>
    import "plaudit/elements/svelte";
    const data = { rating: { provider: "trustpilot", value: 4.5, count: 9 } };
    </script><plaudit-rating {data} locale="de"></plaudit-rating>`;
  write(project, {
    "all.js": `import "plaudit/elements";
      import "plaudit/trustbox";
      import "plaudit/elements.css";
      import manifest from "plaudit/custom-elements.json";
      window.manifest = manifest;`,
    // a page that says when it has the words of another language
    "served.html": page('<script type="module" src="/served.js"></script>'),
    "served.js": `import "plaudit/elements";
      const rating = document.querySelector("plaudit-rating");
      rating.locale = "de";
      for (;;) {
        const text = rating.shadowRoot?.querySelector("[part=score]")?.textContent;
        if (text === "4,5") break;
        await new Promise((done) => setTimeout(done, 20));
      }
      globalThis.result = JSON.stringify("4,5");`,
    "pure.js": `import { PlauditStars } from "plaudit/elements/pure";
      import { isPlauditError } from "plaudit/trustbox/pure";
      if (isPlauditError({})) throw new Error("it is none");
      customElements.define("plaudit-stars", PlauditStars);
      document.body.append(Object.assign(new PlauditStars(), { value: 4.5 }));`,
    "unused.js": `import { PlauditRating } from "plaudit/elements/pure";
      import { PlauditTrustbox } from "plaudit/trustbox/pure";
      window.isThere = true;`,
    "define.js": `import { defineElements } from "plaudit/elements/pure";
      import { defineTrustbox } from "plaudit/trustbox/pure";
      window.before = ["plaudit-rating", "plaudit-trustbox"].filter((it) => customElements.get(it));
      defineElements();
      defineTrustbox();`,
    "react.jsx": `import "plaudit/elements/react";
      import { createRoot } from "react-dom/client";
      const data = { rating: { provider: "trustpilot", value: 4.5, count: 9 } };
      createRoot(document.getElementById("app")).render(<plaudit-rating data={data} locale="de" />);`,
    "vue.js": `import "plaudit/elements/vue";
      import { createApp, h } from "vue";
      const data = { rating: { provider: "trustpilot", value: 4.5, count: 9 } };
      createApp({ render: () => h("plaudit-rating", { data, locale: "de" }) }).mount("#app");`,
    "App.svelte": svelte,
    "svelte.js": `import { mount } from "svelte";
      import App from "./App.svelte";
      mount(App, { target: document.getElementById("app") });`,
  });
  for (const name of ["react", "react-dom", "vue", "svelte"]) {
    const to = join(project, "node_modules", name);
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(join(root, "node_modules", name), to, "dir");
  }
}

const stem = (entry) => entry.replace(/\.\w+$/, "");
const named = (entries, of = (it) => it) =>
  Object.fromEntries(entries.map((entry) => [stem(entry), of(entry)]));
/** The pages of entries that were built as scripts beside them. */
const addPages = (out, entries, attribute = 'type="module"') => {
  for (const name of entries.map(stem)) {
    write(out, { [`${name}.html`]: page(`<script ${attribute} src="${name}.js"></script>`) });
  }
};

/** Each bundler, with files that are loaded later and a page for each entry; a warning fails it. */
const bundlers = {
  async esbuild(project, entries, outdir) {
    const { build } = await import("esbuild");
    for (const entry of entries) {
      const { warnings } = await build({
        absWorkingDir: project,
        entryPoints: named([entry]),
        outdir,
        bundle: true,
        // of several entries it would give each what any of them needs
        splitting: true,
        minify: true,
        format: "esm",
        target: "es2022",
        logLevel: "silent",
      });
      assert.deepEqual(warnings, []);
    }
    addPages(outdir, entries);
  },
  async rollup(project, entries, outdir) {
    const { rollup } = await import("rollup");
    const { nodeResolve } = await import("@rollup/plugin-node-resolve");
    const bundle = await rollup({
      input: named(entries, (entry) => join(project, entry)),
      plugins: [
        nodeResolve({ browser: true }),
        // what it needs plugins for is not ours
        { name: "others", load: (id) => (/\.(css|json)$/.test(id) ? "export default null" : null) },
      ],
      onwarn: (warning) => assert.fail(warning.message),
    });
    await bundle.write({ dir: outdir, format: "es" });
    await bundle.close();
    addPages(outdir, entries);
  },
  async webpack(project, entries, outdir) {
    const { default: webpack } = await import("webpack");
    const compiler = webpack({
      mode: "production",
      context: project,
      entry: named(entries, (entry) => `./${entry}`),
      output: { path: outdir, filename: "[name].js" },
      experiments: { css: true },
      // what is not used goes with it, and it takes its time
      optimization: { minimize: entries.includes("unused.js") },
      performance: false,
    });
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    await new Promise((resolve) => compiler.close(resolve));
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    assert.deepEqual([...errors, ...warnings], []);
    // it finds its own address by the script that runs
    addPages(outdir, entries, "defer");
  },
  Vite: buildWithVite,
};

async function buildWithVite(project, entries, outDir) {
  for (const entry of entries) {
    const body = frameworks.includes(entry) ? "" : RATING;
    const script = `<script type="module" src="/${entry}"></script>`;
    write(project, { [`${stem(entry)}.html`]: page(script, body) });
  }
  const { build } = await import("vite");
  const { compile } = await import("svelte/compiler");
  const told = [];
  const tell = (text) => told.push(text);
  const nothing = () => {};
  await build({
    root: project,
    configFile: false,
    customLogger: {
      ...{ info: nothing, clearScreen: nothing, hasWarned: false, hasErrorLogged: () => false },
      ...{ warn: tell, warnOnce: tell, error: tell },
    },
    plugins: [
      {
        name: "svelte",
        transform: (source, filename) =>
          filename.endsWith(".svelte") ? compile(source, { filename, dev: false }).js : null,
      },
    ],
    build: {
      outDir,
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // a slow machine is nobody's fault
        checks: { pluginTimings: false },
        input: entries.map((entry) => join(project, `${stem(entry)}.html`)),
      },
    },
  });
  assert.deepEqual(told, []);
}

const tagsOf = ({ modules }) =>
  modules
    .flatMap(({ declarations }) => declarations)
    .map(({ tagName }) => tagName)
    .filter(Boolean);

/** Defines the tests; `of()` gives `{ driver, project, path }` once they are there. */
export function elementsInBundles(of) {
  const run = (code, ...args) =>
    of().driver.executeScript(`return (${code})(...arguments)`, ...args);
  const until = (code, what) => of().driver.wait(() => run(code), 10_000, what);

  async function opened(out, name, look) {
    const log = [];
    const server = await serve(out, { policy, log });
    try {
      await of().driver.get(`${server.url}/${name}`);
      await look(log);
    } finally {
      await of().driver.get("about:blank");
      server.close();
    }
  }
  const heard = () =>
    document.querySelector("plaudit-rating").shadowRoot?.querySelector("[part=base]")?.textContent;
  const isDrawn = () => {
    const { shadowRoot } = document.querySelector("plaudit-rating");
    const svg = shadowRoot?.querySelector("[part=stars]");
    return svg?.getBoundingClientRect().height > 8 && shadowRoot.adoptedStyleSheets.length > 0;
  };

  for (const [name, bundle] of Object.entries(bundlers)) {
    const isVite = name === "Vite";
    it(`${name}, plaudit/elements: defined, drawn, and more is loaded when it is needed`, async () => {
      const { project, path } = of();
      const out = join(path, `elements-${name}`);
      await bundle(project, isVite ? ["all.js", ...frameworks, "define.js"] : ["all.js"], out);
      write(out, { "proxy/business-units/find": UNIT });
      await opened(out, "all.html", async (log) => {
        const scripts = () => new Set(log.filter((it) => it.endsWith(".js"))).size;
        const more = async (act, code, what) => {
          const before = scripts();
          await run(act);
          await until(code, what);
          assert.ok(scripts() > before, `${what}: by a file of its own`);
        };
        await until(isDrawn, "it is drawn");
        assert.match(await run(heard), /4\.5.*1,234/);
        const manifest = join(project, "node_modules/plaudit/dist/custom-elements.json");
        const tags = tagsOf(JSON.parse(readFileSync(manifest, "utf8")));
        assert.ok(tags.includes("plaudit-trustbox") && tags.length >= 7);
        const missing = (tags) => tags.filter((it) => !customElements.get(it));
        assert.deepEqual(await run(missing, tags), []);
        if (name !== "rollup") {
          assert.deepEqual(tagsOf(await run(() => window.manifest)), tags);
        }
        await more(
          () => document.querySelector("plaudit-rating").setAttribute("locale", "de"),
          () =>
            /4,5.*1\.234/.test(
              document.querySelector("plaudit-rating").shadowRoot.textContent.replace(/\s/g, ""),
            ),
          "its language",
        );
        await more(
          () => document.querySelector("plaudit-rating").setAttribute("schema", "aggregate"),
          () => document.querySelector('script[type="application/ld+json"]') !== null,
          "structured data",
        );
        await more(
          () => {
            const badge = document.createElement("plaudit-badge");
            Object.assign(badge, { domain: "a.example", proxy: "/proxy/", loading: "eager" });
            document.body.prepend(badge);
          },
          () => document.querySelector("plaudit-badge").state === "ready",
          "the client",
        );
        assert.ok(log.includes("/proxy/business-units/find"));
        assert.deepEqual(
          list(out).filter((it) => it.endsWith(".wasm")),
          [],
        );
      });
    });

    it(`${name}, plaudit/elements/pure: what is not used is not loaded`, async () => {
      const { project, path } = of();
      const out = join(path, `pure-${name}`);
      await bundle(project, ["pure.js", "unused.js"], out);
      /** All that a page loads. */
      const loaded = async (page, look) => {
        let texts = [];
        await opened(out, page, async (log) => {
          await until(look, `${page} ran`);
          const files = new Set(log.filter((it) => it.endsWith(".js")));
          texts = [...files].map((it) => readFileSync(join(out, it), "utf8"));
        });
        return texts.join("\n").replaceAll(/[`']/g, '"');
      };
      const one = await loaded("pure.html", () => {
        const svg = document.querySelector("plaudit-stars").shadowRoot?.querySelector("svg");
        return svg?.getAttribute("aria-label") === "Rated 4.5 out of 5 stars";
      });
      assert.ok(one.includes('"plaudit-stars"'));
      const others = /"plaudit-(rating|badge|histogram|reviews|sign-in|trustbox)"/g;
      assert.deepEqual(one.match(others), null);
      const nothing = await loaded("unused.html", () => window.isThere);
      assert.ok(nothing.includes("isThere"));
      assert.ok(nothing.length < 1_000, `${nothing.length} bytes`);
    });
  }

  it("Vite, plaudit/elements/react, vue, svelte; pure, defined by the page", async () => {
    // as the build before left it
    const out = join(of().path, "elements-Vite");
    for (const entry of [...frameworks, "define.js"]) {
      await opened(out, `${stem(entry)}.html`, async () => {
        await until(
          () => document.querySelector("plaudit-rating")?.matches(":state(ready)"),
          `${entry}: it is there`,
        );
        assert.ok(await run(isDrawn), entry);
        const isPure = entry === "define.js";
        assert.match(await run(heard), isPure ? /4\.5.*1,234/ : /4,5.*9/, entry);
        if (isPure) assert.deepEqual(await run(() => window.before), []);
      });
    }
  });
}
