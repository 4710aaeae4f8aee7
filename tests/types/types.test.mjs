// The declarations of dist/, as tsc sees them in a user's project.
import assert from "node:assert/strict";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
const read = (name) => readFileSync(join(root, name), "utf8");
const declarations = readdirSync(join(root, "dist"), { recursive: true })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".d.ts"));

const sources = ["api.ts", "server.ts", "partners.ts", "broker.ts", "trustbox.ts"];
let folder;
before(() => {
  // a project beside no @types: what the declarations need they must bring
  folder = mkdtempSync(join(tmpdir(), "plaudit-types-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "plaudit"), "junction");
  for (const name of sources) copyFileSync(join(root, "tests", "types", name), join(folder, name));
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
});
after(() => rmSync(folder, { recursive: true, force: true }));

function compile(options) {
  const files = sources.map((name) => join(folder, name));
  const program = ts.createProgram(files, {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: false,
    preserveSymlinks: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
    ...options,
  });
  const loaded = program.getSourceFiles().map(({ fileName }) => fileName);
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}`;
    return `${line ?? ""} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
  return { loaded, problems };
}

const { ModuleKind, ModuleResolutionKind } = ts;
for (const [name, options] of [
  ["bundler", { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler }],
  ["node16", { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 }],
  ["nodenext", { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext }],
]) {
  it(`tsc, strict, moduleResolution ${name}, libraries checked, without Node's types`, () => {
    const { loaded, problems } = compile(options);
    assert.deepEqual(problems, []);
    for (const entry of ["index", "sign-in", "slim", "server", "trustbox", "trustbox-pure"]) {
      assert.ok(
        loaded.some((file) => file.endsWith(`plaudit/dist/${entry}.d.ts`)),
        entry,
      );
    }
    assert.ok(!loaded.some((file) => file.includes("@types")));
  });
}

it("tsc, the workerd condition, and without exact optional properties", () => {
  const { loaded, problems } = compile({
    module: ModuleKind.ESNext,
    moduleResolution: ModuleResolutionKind.Bundler,
    customConditions: ["workerd"],
    exactOptionalPropertyTypes: false,
  });
  assert.deepEqual(problems, []);
  assert.ok(loaded.some((file) => file.includes("plaudit/dist/")));
});

it("tsc, React's types: the block of docs/trustbox.md, and what it refuses", () => {
  const [, block] = /^```tsx\n(.*?)^```/ms.exec(read("docs/trustbox.md"));
  const wrong = [
    'export const typo = <plaudit-trustbox themes="dark" />;',
    "export const star = <plaudit-trustbox stars={[6]} />;",
    "export const gate = <plaudit-trustbox consent={true} />;",
    "export const told = <plaudit-trustbox onplaudit-error={({ detail }) => detail.frame} />;",
  ];
  for (const name of ["@types", "csstype"]) {
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name), "junction");
  }
  const file = join(folder, "reviews.tsx");
  const problems = (text) => {
    writeFileSync(file, text);
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
      jsx: ts.JsxEmit.ReactJSX,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      types: [],
    });
    return ts.getPreEmitDiagnostics(program).map(({ messageText }) => {
      return ts.flattenDiagnosticMessageText(messageText, "\n");
    });
  };
  assert.deepEqual(problems(block), []);
  for (const line of wrong) assert.equal(problems(block + line).length, 1, line);
});

/** Calls `visit` for every node of a declaration. */
function walk(name, visit) {
  const source = ts.createSourceFile(name, read(`dist/${name}`), ts.ScriptTarget.Latest, true);
  const inner = (node) => {
    visit(node, source);
    ts.forEachChild(node, inner);
  };
  inner(source);
}

describe("the declarations", () => {
  it("hold no any", () => {
    const found = [];
    for (const name of declarations) {
      walk(name, (node, source) => {
        if (node.kind !== ts.SyntaxKind.AnyKeyword) return;
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push(`${name}:${line + 1}`);
      });
    }
    assert.deepEqual(found, []);
  });

  it("name no module but their own, and no global of Node", () => {
    for (const name of declarations) {
      walk(name, (node) => {
        if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return;
        const path = node.moduleSpecifier?.text;
        if (path === undefined) return;
        // the types for a framework are of that framework
        const framework = /^elements-(react|svelte|vue)\.d\.ts$/.exec(name)?.[1];
        if (framework && path.split("/")[0] === framework) return;
        assert.match(path, /^(\.\.?\/)+[\w/-]+\.js$/, name);
        const target = posix.join(posix.dirname(name), `${path.slice(0, -3)}.d.ts`);
        assert.ok(declarations.includes(target), `${name}: ${path}`);
      });
      const text = read(`dist/${name}`);
      assert.ok(!/\bNodeJS\b|\bBuffer\b|\breference types/.test(text), name);
    }
  });

  it("document every export of the public entries", () => {
    const program = ts.createProgram([join(root, "dist", "index.d.ts")], {
      types: [],
      noLib: true,
    });
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(join(root, "dist", "index.d.ts"));
    const target = (symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const exports = checker
      .getExportsOfModule(checker.getSymbolAtLocation(source))
      // a namespace is what it holds
      .flatMap((symbol) =>
        target(symbol).flags & ts.SymbolFlags.Module
          ? checker.getExportsOfModule(target(symbol))
          : [symbol],
      );
    assert.ok(exports.length > 20);
    const bare = exports.filter((symbol) => {
      const own = target(symbol);
      const hasTag = own.getJsDocTags(checker).length > 0;
      return !hasTag && own.getDocumentationComment(checker).length === 0;
    });
    assert.deepEqual(
      bare.map(({ name }) => name),
      [],
    );
  });
});

describe("the codes of errors", () => {
  const union = () => {
    const codes = [];
    walk("errors.d.ts", (node) => {
      if (!ts.isTypeAliasDeclaration(node) || node.name.text !== "PlauditErrorCode") return;
      for (const member of node.type.types) codes.push(member.literal.text);
    });
    return codes;
  };

  it("are a union of literals, each once", () => {
    const codes = union();
    assert.ok(codes.length >= 32);
    assert.equal(new Set(codes).size, codes.length);
    for (const code of codes) assert.match(code, /^[a-z]+(_[a-z]+)*$/);
  });

  it("hold every code that Rust gives", () => {
    const source = read("src/error.rs");
    const body = source.slice(source.indexOf("\ncodes! {"));
    const rust = [...body.matchAll(/^ {4}([A-Z]\w+) = "(\w+)",$/gm)];
    assert.ok(rust.length >= 15, `${rust.length} codes in src/error.rs`);
    const codes = union();
    for (const [, variant, code] of rust) {
      assert.ok(codes.includes(code), `${variant} = ${code} is not in PlauditErrorCode`);
      const snake = variant.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
      assert.equal(code, snake);
    }
  });

  it("are all given somewhere, by Rust or by JavaScript", () => {
    const sources = [
      ...readdirSync(join(root, "js"))
        .filter((name) => name.endsWith(".ts") && name !== "errors.ts")
        .map((name) => `js/${name}`),
    ].map(read);
    const rust = read("src/error.rs");
    const given = (code) =>
      rust.includes(`"${code}"`) || sources.some((text) => text.includes(`"${code}"`));
    // errors.ts gives this one itself
    assert.deepEqual(
      union().filter((code) => code !== "invalid_argument" && !given(code)),
      [],
    );
  });
});
