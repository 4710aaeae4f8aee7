// The unions in the declarations against what the core says of itself.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { createSandbox } from "plaudit/sandbox";
import ts from "typescript";
import { root } from "../../tools/run.mjs";
import { FIND } from "./support.mjs";

/** What tsc says of a file that uses the package. */
function check(source) {
  const folder = mkdtempSync(join(tmpdir(), "plaudit-types-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules", "plaudit"), "junction");
    writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
    writeFileSync(join(folder, "use.ts"), source);
    const program = ts.createProgram([join(folder, "use.ts")], {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      preserveSymlinks: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      types: [],
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const all = (names) => JSON.stringify(Object.fromEntries(names.map((name) => [name, true])));

it("faults, areas, parts and members are those of the core", async () => {
  const sandbox = createSandbox();
  const kinds = sandbox.faults.kinds();
  const ids = (area) => all(kinds.filter((kind) => kind.area === area).map(({ id }) => id));
  const { routes, unverified } = sandbox.routes();
  await sandbox.fetch(FIND);
  const topics = ["review/created", "review/updated", "review/deleted", "customer_event/created"];
  const made = topics.flatMap((topic) => sandbox.webhooks.add({ topic, url: "http://127.0.0.1/" }));
  const source = `
    import { createSandbox } from "plaudit/sandbox";
    import type * as S from "plaudit/sandbox";
    export const redirect: Record<S.RedirectFault, true> = ${ids("redirect")};
    export const api: Record<S.ApiFault, true> = ${ids("api")};
    export const areas: Record<S.SandboxRoute["area"], true> = ${all(routes.map((one) => one.area))};
    export const methods: Record<S.SandboxRoute["method"], true> = ${all(routes.map((one) => one.method))};
    export const access: Record<S.SandboxRoute["access"], true> = ${all(routes.map((one) => one.access))};
    export const topics: Record<S.SandboxTopic, true> = ${all(topics)};
    type Same<T extends Record<keyof U, unknown>, U> = T;
    export const config = ${JSON.stringify(sandbox.config())} as const;
    export type Config = Same<S.SandboxConfig, typeof config> & Same<typeof config, S.SandboxConfig>;
    export const options: (keyof S.SandboxConfig)[] = ${JSON.stringify(unverified.map((one) => one.option))};
    export const entry = ${JSON.stringify(sandbox.requests()[0])};
    export type Entry = Same<S.JournalEntry, typeof entry> & Same<typeof entry, S.JournalEntry>;
    export const delivery = ${JSON.stringify(made[0])};
    export type Delivery = Same<S.SandboxDelivery, typeof delivery> & Same<typeof delivery, S.SandboxDelivery>;
    export const data = ${JSON.stringify(sandbox.data())};
    export type Data = Same<S.SandboxData, typeof data> & Same<typeof data, S.SandboxData>;
    export const verdict = ${JSON.stringify(sandbox.verify())};
    export type Verdict = Same<S.SandboxVerdict, typeof verdict>;
    export const health = ${JSON.stringify(sandbox.health())};
    export type Health = Same<S.SandboxHealth, typeof health> & Same<typeof health, S.SandboxHealth>;
    createSandbox({ seed: 1, now: new Date(), clock: "running", config: { limits: { api: [] } } });
    const sandbox: S.Sandbox = createSandbox();
    const answer: Promise<Response> = sandbox.fetch(new Request("https://x/"));
    export const fetcher: typeof fetch = sandbox.fetch;
    export const rule: S.FaultHandle = sandbox.faults.add({ fault: "429", retry_after: 2 });
    void answer;
    // @ts-expect-error
    sandbox.faults.add({ fault: "nonsense" });
    // @ts-expect-error
    sandbox.reset("everything");
    // @ts-expect-error
    sandbox.config({ deny: "no" });
    // @ts-expect-error
    createSandbox({ clock: "slow" });
  `;
  assert.deepEqual(check(source), []);
});
