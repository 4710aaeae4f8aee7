// The elements' types in each framework: a file that is right, and one where each line is wrong; and
// structured data against schema.org's own types.
import assert from "node:assert/strict";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
const packages = ["react", "@types/react", "csstype", "vue", "@vue", "svelte", "schema-dts"];
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "plaudit-types-"));
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@types"), { recursive: true });
  symlinkSync(root, join(modules, "plaudit"), "junction");
  for (const name of packages) {
    symlinkSync(join(root, "node_modules", name), join(modules, name), "junction");
  }
  cpSync(join(root, "tests", "types", "frameworks"), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** What tsc says of a file, each with the number of its line. */
function problemsOf(name) {
  const program = ts.createProgram([join(folder, name)], {
    strict: true,
    noEmit: true,
    // what the frameworks declare is not ours to mend
    skipLibCheck: true,
    jsx: ts.JsxEmit.ReactJSX,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line : -1;
    return { line, file: file?.fileName, text: ts.flattenDiagnosticMessageText(messageText, "\n") };
  });
}

for (const [name, ending] of [
  ["react", "tsx"],
  ["vue", "ts"],
  ["svelte", "ts"],
  ["dom", "ts"],
]) {
  it(`CE15 ${name}: what is right compiles`, () => {
    assert.deepEqual(problemsOf(`${name}.right.${ending}`), []);
  });

  it(`CE15 ${name}: each line that is wrong does not`, () => {
    const file = `${name}.wrong.${ending}`;
    const lines = readFileSync(join(folder, file), "utf8").split("\n");
    const found = new Set(problemsOf(file).map(({ line }) => line));
    // those that say something wrong: an element, an object, an assignment, a type
    const wrong = lines.flatMap((line, at) =>
      /^ {2}[<{]|^(?:rating|document)\.|^export (type Nothing|const (state|signIn))/.test(line)
        ? [at]
        : [],
    );
    assert.ok(wrong.length >= 4);
    assert.deepEqual(
      [...found].sort((a, b) => a - b),
      wrong,
    );
  });
}

it("CE15 elements and TrustBox on one page: what both tell is told apart", () => {
  assert.deepEqual(problemsOf("both.right.ts"), []);
});

it("LD8 structured data is what schema.org's types say", () => {
  const vectors = join(root, "tests", "vectors", "jsonld.json");
  const { cases } = JSON.parse(readFileSync(vectors, "utf8"));
  const made = cases.map(({ expect }) => expect.json && JSON.parse(expect.json)).filter(Boolean);
  const types = [...new Set(made.map((it) => it["@type"]))];
  const lines = [
    `import type { ${types.join(", ")}, WithContext } from "schema-dts";`,
    ...made.map(
      (it, at) => `export const it${at}: WithContext<${it["@type"]}> = ${JSON.stringify(it)};`,
    ),
  ];
  writeFileSync(join(folder, "schema.ts"), lines.join("\n"));
  assert.deepEqual(problemsOf("schema.ts"), []);
  const [first] = made;
  const bad = { ...first, aggregateRating: { ...first.aggregateRating, ratingvalue: 1 } };
  writeFileSync(
    join(folder, "schema.ts"),
    `${lines[0]}\nexport const it: WithContext<${first["@type"]}> = ${JSON.stringify(bad)};`,
  );
  assert.equal(problemsOf("schema.ts").length > 0, true);
});
