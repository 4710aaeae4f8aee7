// What tests for any runtime are written with. Under Node's test runner this is node:test and
// node:assert; where collect.mjs was imported first, it is a list of cases and as much of both as
// these tests use.
import { isPlauditError } from "plaudit";

const list = globalThis[Symbol.for("plaudit.cases")];
const node = list
  ? undefined
  : {
      ...(await import("node:test")),
      assert: (await import("node:assert/strict")).default,
      inspect: (await import("node:util")).inspect,
    };

/** A clock's reading in all tests. */
export const NOW = 1_700_000_000_000;

/** What a console of this runtime shows of a value. */
export const inspect =
  node?.inspect ?? globalThis.Bun?.inspect ?? globalThis.Deno?.inspect ?? toText;

/** Where a runtime has no such function (workerd). */
function toText(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  const tries = [() => String(value), () => JSON.stringify(value)];
  return tries
    .map((run) => {
      try {
        return run();
      } catch {
        return "?";
      }
    })
    .join(" ");
}

// --- checks ---

class Failure extends Error {}

function check(holds, message) {
  if (holds) return;
  if (message instanceof Error) throw message;
  throw new Failure(message);
}

const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Map || a instanceof Set || a instanceof Error) {
    throw new Failure("deepEqual knows no maps, sets and errors here");
  }
  if (ArrayBuffer.isView(a)) {
    const [one, other] = [bytesOf(a), bytesOf(b)];
    return one.length === other.length && one.every((byte, at) => byte === other[at]);
  }
  if (a instanceof Date && a.getTime() !== b.getTime()) return false;
  const names = Object.keys(a);
  return (
    a.length === b.length &&
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  );
}

/** Whether an error is what `throws` and `rejects` were told to expect. */
function expectError(error, expected) {
  if (expected === undefined) return;
  if (expected instanceof RegExp) {
    check(expected.test(String(error)), `${expected} does not match ${error}`);
  } else if (typeof expected === "function") {
    check(expected(error) === true, "the error is not as expected");
  } else {
    for (const [name, value] of Object.entries(expected)) {
      if (value instanceof RegExp) check(value.test(error[name]), `${name}: ${error[name]}`);
      else
        check(same(error[name], value), `${name}: ${inspect(error[name])}, not ${inspect(value)}`);
    }
  }
}

/** node:assert/strict, or as much of it as these tests use. */
export const assert = node?.assert ?? {
  ok: (value, message = "not true") => check(value, message),
  equal: (a, b, message) => check(Object.is(a, b), message ?? `${inspect(a)}, not ${inspect(b)}`),
  notEqual: (a, b, message) => check(!Object.is(a, b), message ?? `it is ${inspect(a)}`),
  deepEqual: (a, b, message) => check(same(a, b), message ?? `${inspect(a)}, not ${inspect(b)}`),
  match: (text, pattern, message) =>
    check(pattern.test(text), message ?? `${pattern} does not match ${text}`),
  doesNotMatch: (text, pattern, message) =>
    check(!pattern.test(text), message ?? `${pattern} matches ${text}`),
  fail: (message = "failed") => check(false, message),
  throws(run, expected) {
    try {
      run();
    } catch (error) {
      return expectError(error, expected);
    }
    check(false, "nothing was thrown");
  },
  async rejects(promise, expected) {
    try {
      await (typeof promise === "function" ? promise() : promise);
    } catch (error) {
      return expectError(error, expected);
    }
    check(false, "nothing was rejected");
  },
};

// --- cases ---

/** The groups that a case is declared in: `{ name, before }`. */
const groups = [];

function group(name, run) {
  groups.push({ name, before: [] });
  try {
    run();
  } finally {
    groups.pop();
  }
}

function add(name, run) {
  const within = [...groups];
  list.push({
    name: [...within.map((it) => it.name), name].join(": "),
    async run() {
      for (const { before } of within) for (const hook of before) await hook();
      const ends = [];
      try {
        await run({ after: (end) => ends.push(end) });
      } finally {
        for (const end of ends) await end();
      }
    },
  });
}

export const describe = node?.describe ?? group;
export const it = node?.it ?? add;
/** For a group: outside of one it would be every file's here. */
export const beforeEach = node?.beforeEach ?? ((hook) => groups.at(-1).before.push(hook));

const wait = globalThis.setTimeout;
const stopWaiting = globalThis.clearTimeout;

/** The names of all cases that were collected. */
export const names = () => list.map(({ name }) => name);

/** Runs every case that was collected: `{ name, error? }` of each. */
export async function runAll(patience = 60_000) {
  const results = [];
  for (const { name, run } of list.splice(0)) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = wait(() => reject(new Failure(`no end in ${patience} ms`)), patience);
    });
    try {
      await Promise.race([run(), late]);
      results.push({ name });
    } catch (error) {
      results.push({ name, error: `${error?.stack ?? error}` });
    } finally {
      stopWaiting(timer);
    }
  }
  return results;
}

// --- errors ---

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

// --- bytes and signatures, by the runtime's own Web Crypto ---

const encoder = new TextEncoder();
/** The bytes of texts and bytes, one after the other. */
export function bytes(...parts) {
  const all = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const joined = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export const hexOf = (array) =>
  Array.from(array, (it) => it.toString(16).padStart(2, "0")).join("");
export const fromHex = (text) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
export const base64Of = (array) => btoa(String.fromCharCode(...array));
export const base64urlOf = (array) =>
  base64Of(array).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
export const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** HMAC-SHA256, as bytes. `key` and `message` are text or bytes. */
export async function hmacSha256(key, message) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const own = await crypto.subtle.importKey("raw", bytes(key), algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", own, bytes(message)));
}
