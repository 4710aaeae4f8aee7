// What the tests in this folder share.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { inspect } from "node:util";
import { isPlauditError } from "plaudit";

/** A clock's reading in all tests. */
export const NOW = 1_700_000_000_000;

export const readJson = (path) =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));

/** Everything a log could show of an error. */
export const shownOf = (error) =>
  [
    error.message,
    error.stack,
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 10 }),
    inspect({ error }, { depth: 10 }),
  ].join("\n");

/** Asserts that none of `secrets` stands in what a log could show of `error`. */
export function assertSilent(error, secrets) {
  const shown = shownOf(error);
  for (const secret of secrets) {
    assert.ok(!shown.includes(secret), `${JSON.stringify(secret)} stands in:\n${shown}`);
  }
}

/** Calls `run`, which must fail with a PlauditError of this `code`; gives the error. */
export function fails(run, code, context = code) {
  let answer;
  try {
    answer = run();
  } catch (error) {
    return assertCode(error, code, context);
  }
  assert.fail(`${context}: no error, but ${inspect(answer)}`);
}

/** The same for a promise. */
export async function rejects(promise, code, context = code) {
  let answer;
  try {
    answer = await promise;
  } catch (error) {
    return assertCode(error, code, context);
  }
  assert.fail(`${context}: no error, but ${inspect(answer)}`);
}

function assertCode(error, code, context) {
  assert.ok(isPlauditError(error), `${context}: not a PlauditError, but ${inspect(error)}`);
  assert.equal(error.code, code, `${context}: ${inspect(error)}`);
  assert.ok(error instanceof Error);
  assert.notEqual(error.message, "");
  return error;
}

// Of no use as any argument, except where a test says otherwise.
const strange = [
  ...[undefined, null, 0, 1.5, Number.NaN, 7n, true, false, "", Symbol("s")],
  ...[{}, [], ["x"], () => "x"],
];

/**
 * A test an argument: `make(name, value)` must fail with `invalid_argument` for every strange value
 * and for `more`, but not be asked about `allowed`.
 */
export function eachStrange(make, fields) {
  for (const [name, { allowed = [], more = [] }] of Object.entries(fields)) {
    it(`D8 ${name}: values of the wrong type are invalid_argument`, async () => {
      const skipped = allowed.map((value) => inspect(value));
      const faults = [];
      for (const value of [...strange, ...more]) {
        if (skipped.includes(inspect(value))) continue;
        try {
          await make(name, value);
          faults.push(`${inspect(value)} is taken`);
        } catch (error) {
          if (!isPlauditError(error) || error.code !== "invalid_argument") {
            faults.push(`${inspect(value)} gives ${error}`);
          } else if (!/^[\w.]+: /.test(error.message)) {
            faults.push(`${inspect(value)}: the message names no argument: ${error.message}`);
          }
        }
      }
      assert.equal(faults.join("\n"), "");
    });
  }
}
