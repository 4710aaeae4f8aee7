// custom-elements.json: valid by the published schema, and no more and no less than the code has.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import Ajv from "ajv";
import { build } from "esbuild";
import * as elements from "plaudit/elements/pure";
import { root } from "../../tools/run.mjs";

const require = createRequire(import.meta.url);
const read = (...path) => readFileSync(join(root, ...path), "utf8");
const manifest = JSON.parse(read("dist", "custom-elements.json"));
const declared = manifest.modules.flatMap(({ declarations }) => declarations);
const own = declared.filter(({ tagName }) => tagName !== "plaudit-trustbox");
const names = (list = []) => list.map(({ name }) => name).sort();
const all = (member) => [...new Set(own.flatMap((it) => names(it[member])))].sort();

/** What the sources of the elements say, by a pattern whose group is the name. */
const files = readdirSync(join(root, "js", "elements")).filter((name) => name.endsWith(".ts"));
const code = files.map((name) => read("js", "elements", name)).join("\n");
const folder = join(root, "src", "widgets", "css");
const css = readdirSync(folder)
  .map((name) => read("src", "widgets", "css", name))
  .join("\n");
const said = (text, ...patterns) => {
  const found = patterns.flatMap((pattern) => [...text.matchAll(pattern)]);
  return [...new Set(found.flatMap(([, name]) => name.split(" ")))].sort();
};

describe("CE13 the manifest", () => {
  it("is valid by the published schema, and named by the package", () => {
    const schema = JSON.parse(readFileSync(require.resolve("custom-elements-manifest"), "utf8"));
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
    assert.equal(validate(manifest), true, JSON.stringify(validate.errors, null, 1));
    assert.equal(manifest.schemaVersion, "2.1.0");
    assert.equal(JSON.parse(read("package.json")).customElements, "./dist/custom-elements.json");
    const wrong = { ...manifest, modules: [{ kind: "javascript-module" }] };
    assert.equal(validate(wrong), false);
  });

  it("has each class and tag, and each is exported where it says", () => {
    const classes = Object.entries(elements).filter(([, it]) => it.tag);
    const byName = (a, b) => (a[0] < b[0] ? -1 : 1);
    assert.deepEqual(
      own.map(({ name, tagName }) => [tagName, name]).sort(byName),
      classes.map(([name, { tag }]) => [tag, name]).sort(byName),
    );
    for (const { path, exports } of manifest.modules) {
      const text = read(path.replace("dist/", "js/").replace(/\.js$/, "-pure.ts"));
      for (const { kind, name } of exports) {
        if (kind === "js") assert.match(text, new RegExp(`\\b${name}\\b`), path);
      }
    }
  });

  it("has the attributes that are observed, and a property for each", () => {
    for (const type of Object.values(elements).filter((it) => it.tag)) {
      const { attributes, members, tagName } = own.find((it) => it.tagName === type.tag);
      const observed = type.observedAttributes.filter((name) => name !== "lang").sort();
      assert.deepEqual(names(attributes), observed, tagName);
      const fields = members.filter((it) => it.attribute).map((it) => it.attribute);
      assert.deepEqual(fields.sort(), observed, tagName);
      for (const { name, attribute } of members) {
        if (!attribute) assert.ok(name in type.prototype, `${tagName}.${name}`);
      }
    }
  });

  it("has the properties that are no attributes, and the states that sheets match", () => {
    for (const type of Object.values(elements).filter((it) => it.tag)) {
      const { members, cssStates, tagName } = own.find((it) => it.tagName === type.tag);
      for (const name of ["data", "client", "auth", "state", "error"]) {
        const isThere = members.some((it) => it.name === name);
        assert.equal(isThere, name in type.prototype, `${tagName}.${name}`);
      }
      const { text = "" } = members.find(({ name }) => name === "state")?.type ?? {};
      assert.deepEqual(names(cssStates), text.match(/[\w-]+/g)?.sort() ?? [], tagName);
    }
  });

  it("has every method that a page may call, and no other", () => {
    const inherited = /^(connected|disconnected|adopted|attributeChanged|connectedMove)/;
    const official = declared.find(({ tagName }) => tagName === "plaudit-trustbox");
    for (const [file, declarations] of [
      ["elements/data.d.ts", own.filter(({ members }) => members.some((it) => it.name === "data"))],
      ["trustbox/element.d.ts", [official]],
    ]) {
      // of the class, whose members stand two steps in; what is declared internal is left out there
      const [, body] = /class \w+ extends \w+ \{\n(.*?)^\}/ms.exec(read("dist", file));
      const called = [...body.matchAll(/^ {4}(\w+)\(\): void;$/gm)].map(([, name]) => name);
      const wanted = called.filter((name) => !inherited.test(name)).sort();
      assert.ok(wanted.length > 0, file);
      for (const { members, tagName } of declarations) {
        assert.deepEqual(names(members.filter(({ kind }) => kind === "method")), wanted, tagName);
      }
    }
  });

  it("has every event that is told, and no other", () => {
    assert.deepEqual(
      all("events"),
      said(code, /"(plaudit-(?:load|error|filter|sign-(?:in|out)))"/g),
    );
    for (const { events } of own) {
      for (const { type } of events) assert.match(type.text, /^CustomEvent<\w+>$/);
    }
  });

  it("has every part that is drawn, and no other", () => {
    const drawn = said(
      code,
      /\bpart: "([\w -]+)"/g,
      /\bpart\(\s*(?:[^,"]*\?\s*)?"\w+"(?:\s*:\s*"\w+")?,\s*"([\w-]+)"/g,
    );
    const parts = all("cssParts");
    assert.deepEqual(
      drawn.filter((name) => !parts.includes(name)),
      [],
      "drawn and not declared",
    );
    const written = read("src", "widgets", "render", "mod.rs") + code;
    assert.deepEqual(
      parts.filter((name) => !drawn.includes(name) && !written.includes(`"${name}"`)),
      [],
      "declared and not drawn",
    );
  });

  it("has every custom property that is heeded, and no other", () => {
    assert.deepEqual(all("cssProperties"), said(css, /var\(\s*(--plaudit-[\w-]+)/g));
  });

  it("says of no element that it heeds a custom property that its sheets have not", () => {
    const sheets = read("js", "generated", "sheets.ts");
    const listed = (tag) => new RegExp(`"${tag}": \\[(.*?)\\]`).exec(sheets)[1];
    for (const { tagName, cssProperties } of own) {
      const texts = JSON.parse(`[${listed(tagName)}]`).map((name) =>
        read("src", "widgets", "css", `${name}.css`),
      );
      const heeded = said(texts.join("\n"), /var\(\s*(--plaudit-[\w-]+)/g);
      const missing = names(cssProperties).filter((name) => !heeded.includes(name));
      assert.deepEqual(missing, [], tagName);
    }
    // rows of a histogram are buttons, but have neither cards nor room of their own
    const histogram = names(own.find((it) => it.tagName === "plaudit-histogram").cssProperties);
    for (const name of ["--plaudit-gap", "--plaudit-surface", "--plaudit-star-size"])
      assert.ok(!histogram.includes(name), name);
  });

  it("has every slot, and no other", () => {
    const slots = said(code, /h\(\s*"slot",\s*\{ name: "([\w-]+)"/g);
    // the button of signing in has one a state, the first without a name
    const states = /h\("slot", \{ name: state !== "signed-out" && state \}/.test(code)
      ? ["", "signed-in", "signing-in"]
      : [];
    assert.deepEqual(all("slots"), [...states, ...slots].sort());
  });
});

it("CE7 one class alone brings neither the others nor the client", async () => {
  const bundle = async (names) => {
    const { outputFiles } = await build({
      stdin: {
        contents: `export { ${names} } from "./dist/elements-pure.js";`,
        resolveDir: root,
      },
      ...{ bundle: true, write: false, format: "esm", minify: true, legalComments: "none" },
    });
    return outputFiles[0].text;
  };
  const stars = await bundle("PlauditStars");
  const all = await bundle("PlauditStars, PlauditReviews");
  assert.ok(all.includes("/business-units/find") && all.includes("plaudit-load"));
  assert.ok(!stars.includes("/business-units/find"), "the client");
  assert.ok(!stars.includes("plaudit-load"), "elements with data");
});
