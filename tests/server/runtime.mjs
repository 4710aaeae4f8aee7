// What runtimes.test.mjs runs in Node, Bun and Deno, and bundles for workerd: every suite that is for
// any runtime. A suite is a module with `cases({ server, createSandbox, assert })`; see suite.mjs.
import { cases as tokens } from "./suite.mjs";

const suites = { tokens };

class Failure extends Error {}

const same = (a, b) => {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  const names = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  );
};
const show = (value) => JSON.stringify(value) ?? String(value);
const check = (holds, message) => {
  if (!holds) throw new Failure(message);
};

/** As much of node:assert/strict as the suites use. */
const assert = {
  ok: (value, message = "not true") => check(value, message),
  equal: (a, b, message) => check(Object.is(a, b), message ?? `${show(a)}, not ${show(b)}`),
  deepEqual: (a, b, message) => check(same(a, b), message ?? `${show(a)}, not ${show(b)}`),
  match: (text, pattern) => check(pattern.test(text), `${pattern} does not match`),
};

/** Runs every case; gives the names of those that passed and what the others say. */
export async function runAll(parts) {
  const passed = [];
  const failed = [];
  for (const [suite, cases] of Object.entries(suites)) {
    for (const { name, run } of cases({ ...parts, assert })) {
      try {
        await run();
        passed.push(`${suite}: ${name}`);
      } catch (error) {
        failed.push(`${suite}: ${name}: ${error?.stack ?? error}`);
      }
    }
  }
  return { passed, failed };
}
