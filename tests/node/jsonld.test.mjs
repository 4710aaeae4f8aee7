// Structured data as the elements make it, held to the vectors that Rust is held to.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const { cases } = JSON.parse(readFileSync(path("tests/vectors/jsonld.json"), "utf8"));

let jsonLd;
before(async () => {
  const { outputFiles } = await build({
    entryPoints: [path("js/elements/jsonld.ts")],
    bundle: true,
    format: "esm",
    write: false,
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`;
  ({ jsonLd } = await import(url));
});

for (const [at, { title, rules, item, expect }] of cases.entries()) {
  it(`${rules.join(" ")} ${at + 1}: ${title}`, () => {
    assert.deepEqual(jsonLd(item), expect);
    if (expect.json) JSON.parse(expect.json);
  });
}

it("LD5 half a character is none, in JSON that any reader takes", () => {
  const name = "Kettle \ud83d \u{1f600} \udc00";
  const { key, json } = jsonLd({ type: "Product", name, rating: { value: 4.5, count: 137 } });
  assert.equal(key, "Product Kettle \ufffd \u{1f600} \ufffd");
  assert.ok(!json.includes("\\u"), json);
  assert.equal(JSON.parse(json).name, "Kettle \ufffd \u{1f600} \ufffd");
});
