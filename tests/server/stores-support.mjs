// What the tests of the stores share.
import assert from "node:assert/strict";
import { inspect } from "node:util";

export const KEY = { provider: "trustpilot", client: "client-1", subject: "user@example.com" };
export const OWNER = "a".repeat(32);
export const OTHER = "b".repeat(32);
export const RT = "1f".repeat(32);
export const RT2 = "2f".repeat(32);
/** Stands for tokens; must not be seen where tokens must not be. */
export const BLOB = '{"accessToken":"planted-secret-1"}';
export const LEASE = 30_000;
export const begin = (owner, more = {}) => ({ owner, seen: 0, leaseMs: LEASE, ...more });
export const commit = (more = {}) => ({
  owner: OWNER,
  grant: false,
  base: 0,
  consumed: null,
  rt: RT,
  blob: BLOB,
  lifeMs: 360_000_000,
  refreshInMs: 216_000_000,
  ...more,
});
/** The tokens of a first sign-in. */
export const grant = (more = {}) => commit({ grant: true, ...more });

/** Every operation of a store, each with arguments that it takes. */
export const operations = {
  read: (store) => store.read(KEY),
  begin: (store) => store.begin(KEY, begin(OWNER)),
  mark: (store) => store.mark(KEY, { owner: OWNER, fence: 1 }),
  commit: (store) => store.commit(KEY, commit()),
  fail: (store) =>
    store.fail(KEY, { owner: OWNER, fence: 1, what: { type: "release", sent: false } }),
  end: (store) => store.end(KEY, { base: 0, cause: "revoked", reusable: false }),
};

/** The error of a promise that must be rejected with `store_unavailable`, silent about tokens. */
export async function unavailable(promise, { retryable, says } = {}) {
  const error = await promise.then(
    (value) => assert.fail(`no error, but ${inspect(value)}`),
    (thrown) => thrown,
  );
  assert.equal(error.name, "PlauditError", inspect(error));
  assert.equal(error.code, "store_unavailable", inspect(error));
  if (retryable !== undefined) assert.equal(error.retryable, retryable, inspect(error));
  if (says) assert.match(error.message, says);
  assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /planted-secret/);
  return error;
}

/** Asserts that the tokens cannot be opened, and why; nothing of them may be seen. */
export async function locked(promise, says) {
  const view = await promise;
  assert.match(view.locked, says);
  assert.deepEqual([view.blob, view.token], [undefined, true]);
  assert.doesNotMatch(inspect(view, { depth: 10, showHidden: true }), /planted-secret/);
}

/** A value without members that are null, so that null and absent are the same. */
export function bare(value) {
  if (value === null || typeof value !== "object") return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null && member !== undefined)
      .map(([name, member]) => [name, bare(member)]),
  );
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
