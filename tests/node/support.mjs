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

/** A clock that stands still, and passes only when it is told to. */
export function fakeTime(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });
  return {
    /** Lets `ms` pass in steps, and what is due happen between them. */
    async pass(ms, step = ms / 20) {
      await settle();
      for (let left = ms; left > 0; left -= step) {
        t.mock.timers.tick(Math.min(step, left));
        await settle();
      }
    },
    set: (time) => t.mock.timers.setTime(time),
  };
}

/** Lets promises do what they can. */
export async function settle() {
  for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
}

/** A sender that notes each request and when it came; `answer` is given its number, from 1. */
export function recorder(answer) {
  const requests = [];
  const send = async (request) => {
    requests.push({ at: Date.now(), url: new URL(request.url), method: request.method, request });
    return answer(requests.length, request);
  };
  return { send, requests };
}

/** How a promise stands: `{ value }`, `{ error }` or nothing yet. */
export function watch(promise) {
  const state = {};
  promise.then(
    (value) => Object.assign(state, { value }),
    (error) => Object.assign(state, { error }),
  );
  return state;
}

const ID = "46d6a890000064000500e0c3";
/** What functions of clients need, where it is not one id. */
const needed = {
  "businessUnits.find": ["example.com"],
  "businessUnits.list": [],
  "businessUnits.search": ["shoes"],
  "businessUnits.webLinks": [ID, { locale: "en-GB" }],
  "categories.list": [],
  "categories.get": ["pet_store", { country: "DK" }],
  "categories.businessUnits": ["pet_store", { country: "DK" }],
  "consumers.profiles": [[ID, "46d6a890000064000500e0c4"]],
  "consumers.createDisplayName": ["Ada"],
  "consumers.validateDisplayName": ["Ada"],
  "reviews.latest": [{ count: 5, language: ["en"] }],
  "reviews.webLinks": [ID, { locale: "en-GB" }],
  "reviews.product": ["mug", { shop: "a.example" }],
  "reviews.ratings": [["mug", "cup"], { shop: "a.example" }],
  "productReviews.summary": [ID, { sku: "A" }],
  "productReviews.reviews": [ID, { sku: "A" }],
  "productReviews.importedReviews": [ID, { sku: "A" }],
  "productReviews.importedSummaries": [ID, { sku: "A" }],
  "productReviews.batchSummaries": [ID, { skus: ["A"] }],
  "productReviews.attributeSummaries": [ID, { skus: ["A"], locale: "en-GB" }],
  "resources.images": [],
  "resources.starImages": [4.5],
  "resources.starStrings": [4.5, { locale: "en-GB" }],
  "resources.logos": [],
  "resources.icons": [],
  "resources.locales": [],
  "resources.countries": [],
  "businessSignup.domainAvailability": ["example.com"],
};

/** Arguments that a function such as `businessUnits.find` takes. */
export const argumentsOf = (path) => needed[path] ?? [ID];
