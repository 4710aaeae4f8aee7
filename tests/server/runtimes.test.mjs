// What Node does with its test runner, Bun, Deno and workerd do as well: each case is a test of each.
import strict from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";
import { root } from "../../tools/run.mjs";
import "../collect.mjs";
import { it as add, assert, beforeEach, describe as group, runAll } from "../kit.mjs";
import { askWorkerd } from "../package/project.mjs";

const script = fileURLToPath(new URL("process.mjs", import.meta.url));
const packages = join(root, "node_modules");

/** The program in the package that npm chose for this system; set-up runs no install scripts. */
function program(scope, ...path) {
  const folder = join(packages, scope);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const files = names.map((name) => join(folder, name, ...path));
  return files.flatMap((file) => [file, `${file}.exe`]).find(existsSync);
}

async function run(command, ...args) {
  const options = { timeout: 300_000, maxBuffer: 1e8 };
  const { stdout } = await promisify(execFile)(command, args, options);
  return JSON.parse(stdout);
}

/** A test for each result, and as many as Node has. */
async function judge(t, results) {
  for (const { name, error } of results) {
    await t.test(name, () => {
      if (error) throw new Error(error);
    });
  }
  const names = await run(process.execPath, script, "--names");
  strict.ok(names.length > 500, `${names.length} cases`);
  strict.deepEqual(
    results.map(({ name }) => name),
    names,
  );
}

describe("any runtime", () => {
  for (const [name, command, args] of [
    ["Bun", program("@oven", "bin", "bun"), []],
    ["Deno", program("@deno", "deno"), ["run", "--no-lock", "--no-remote"]],
  ]) {
    const skip = command ? false : `npm has no ${name} for this system`;
    it(name, { skip }, async (t) => judge(t, await run(command, ...args, script)));
  }

  const skip = existsSync(join(packages, "workerd")) ? false : "workerd is not installed";
  it("workerd", { skip }, async (t) => {
    mkdirSync(join(root, "target"), { recursive: true });
    const folder = mkdtempSync(join(root, "target", "workerd-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const { build } = await import("esbuild");
    await build({
      entryPoints: { worker: fileURLToPath(new URL("worker.mjs", import.meta.url)) },
      outdir: folder,
      bundle: true,
      format: "esm",
      conditions: ["workerd"],
      external: ["node:*"],
      loader: { ".wasm": "copy" },
      assetNames: "[name]",
      // The package's "sideEffects" is not said of its tests.
      ignoreAnnotations: true,
    });
    const files = readdirSync(folder).filter((file) => file.endsWith(".wasm"));
    await judge(t, JSON.parse(await askWorkerd(folder, ...files)));
  });
});

describe("what collects and checks where there is no node:test", () => {
  it("a case that fails, is too slow or ends badly is told of", async () => {
    const seen = [];
    group("one", () => {
      beforeEach(() => seen.push("before"));
      add("passes", (t) => {
        t.after(() => seen.push("after"));
        seen.push("case");
      });
      group("two", () => add("fails", () => assert.equal(1, 2)));
    });
    add("waits", () => new Promise(() => {}));
    add("ends badly", (t) => t.after(() => assert.fail("at its end")));
    const results = await runAll(50);
    strict.deepEqual(
      results.map(({ name, error }) => [name, error?.split("\n")[0]]),
      [
        ["one: passes", undefined],
        ["one: two: fails", "Error: 1, not 2"],
        ["waits", "Error: no end in 50 ms"],
        ["ends badly", "Error: at its end"],
      ],
    );
    strict.deepEqual(seen, ["before", "case", "after", "before"]);
  });

  const outcome = async (own, name, args) => {
    try {
      await own[name](...args);
      return "holds";
    } catch {
      return "fails";
    }
  };
  const thrown = () => {
    throw Object.assign(new TypeError("no"), { code: "c" });
  };
  const values = [
    ...[0, -0, 1, "1", "", Number.NaN, null, undefined, true, 1n],
    ...[{}, { a: 1 }, { a: undefined }, { a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }],
    ...[[], [1], [undefined], Object.assign([1], { a: 1 }), Object.create(null), new Date(0)],
    ...[new Date(1), Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(1, 2), Int8Array.of(1)],
  ];
  it("its checks say what node:assert/strict says", async () => {
    const table = [
      ...values.map((value) => ["ok", value]),
      ...["equal", "notEqual", "deepEqual"].flatMap((name) =>
        values.flatMap((a) => values.map((b) => [name, a, b])),
      ),
      // Equal and not the same.
      ...values.map((value) => ["deepEqual", value, structuredClone(value)]),
      ...["match", "doesNotMatch"].flatMap((name) => [
        [name, "abc", /b/],
        [name, "abc", /x/],
      ]),
      ["fail"],
      ...[thrown, () => {}].flatMap((run) =>
        [
          [],
          [/no/],
          [/yes/],
          [{ code: "c" }],
          [{ code: "d" }],
          [{ message: /n/ }],
          [{ message: /x/ }],
          [{ name: "TypeError", code: "c" }],
        ]
          .concat([[() => true], [() => false]])
          .flatMap((expected) => [
            ["throws", run, ...expected],
            ["rejects", async () => run(), ...expected],
            ["rejects", (async () => run())(), ...expected],
          ]),
      ),
    ];
    for (const [name, ...args] of table) {
      const said = await outcome(assert, name, args);
      strict.equal(said, await outcome(strict, name, args), `${name} ${inspect(args)}`);
    }
    strict.ok(table.length > 1_000);
  });
});
