import { callable, object } from "../../arguments.js";
import { invalid, PlauditError } from "../../errors.js";
import { call } from "../core.js";
import { namesOf, strict } from "../options.js";
import { placeOf } from "./key.js";
import { type EncryptionKey, openView, sealOf } from "./seal.js";
import type { Begun, RecordView, TokenKey, TokenStore } from "./types.js";

/** What {@link recordStore} is made of: anything that can compare and swap a text under a name. */
export interface RecordStoreOptions {
  /** The text under `name`, or null where there is none. */
  load(name: string): Promise<string | null | undefined> | string | null | undefined;
  /**
   * Puts `after` in place of `before` (null: where there was none) and says whether it did. It must
   * be atomic: of two that come with the same `before`, one does. After `keepMs` milliseconds the text
   * is of no use, and may be removed unless it was replaced; undefined: it stays.
   */
  compareAndSwap(
    name: string,
    before: string | null,
    after: string,
    keepMs?: number,
  ): Promise<boolean> | boolean;
  /**
   * The clock by which leases end, in milliseconds. Where several machines share the store, it should
   * be the store's own. Default: `Date.now`.
   */
  now?: (() => number) | undefined;
  /** Encrypts the tokens: 32 random bytes. Without one they lie in the store as they are. */
  key?: EncryptionKey;
  /** The same as a ring, the newest first: it writes, all of them read. */
  keys?: readonly EncryptionKey[];
  /** Milliseconds that an operation may take. Default: 1000. */
  timeout?: number | undefined;
}

/** The transitions of a record, as Rust has them. */
type Operation = "record_begin" | "record_mark" | "record_commit" | "record_fail" | "record_end";

interface Transition<T> {
  /** The text to be stored; null: nothing. */
  readonly record: string | null;
  readonly keepMs?: number;
  readonly result: T;
}

const OPTIONS = namesOf<RecordStoreOptions>()("load compareAndSwap now key keys timeout");
const MOST_ATTEMPTS = 50;

/** @internal The name under which a record is kept. It tells nothing of client and subject. */
export function nameOf({ provider, client, subject }: TokenKey): string {
  return call<string>("store_key", { provider, clientId: client, subject });
}

/** Keeps tokens in anything that can compare and swap: a table, a key-value store, a Durable Object. */
export function recordStore(options: RecordStoreOptions): TokenStore {
  const { load, compareAndSwap, now = Date.now, timeout } = object(options, "options");
  // An instance of a class has members of its own.
  if (isPlain(options)) strict(options, "", OPTIONS);
  if (typeof load !== "function" || typeof compareAndSwap !== "function") {
    throw invalid("load, compareAndSwap: must be functions");
  }
  callable(now, "now");
  const seal = sealOf(options);
  const clock = () => Math.floor(now());

  async function run<T>(operation: Operation, key: TokenKey, input: object): Promise<T> {
    const name = nameOf(key);
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const before = (await options.load(name)) ?? null;
      const { record, keepMs, result } = call<Transition<T>>(operation, {
        ...input,
        record: before,
        nowMs: clock(),
      });
      if (record === null) return result;
      const isSwapped: unknown = await options.compareAndSwap(name, before, record, keepMs);
      if (isSwapped === true) return result;
      // It may have stored the record: to go on would do the same once more.
      if (isSwapped !== false) throw vague(isSwapped);
      // Somebody else was faster; they have what they wanted, and it is few who want it.
      await new Promise((resolve) =>
        setTimeout(resolve, Math.random() * Math.min(50, attempt * 5)),
      );
    }
    throw new PlauditError(
      "store_unavailable",
      "the record changes faster than it can be written",
      {
        retryable: true,
      },
    );
  }

  async function opened<T extends { readonly view: RecordView }>(key: TokenKey, result: T) {
    return { ...result, view: await openView(seal, key, result.view) };
  }

  return {
    timeout,
    async read(key) {
      const record = (await options.load(nameOf(key))) ?? null;
      return openView(seal, key, call<RecordView>("record_view", { record, nowMs: clock() }));
    },
    begin: async (key, input) => opened(key, await run<Begun>("record_begin", key, input)),
    mark: (key, input) => run("record_mark", key, input),
    async commit(key, input) {
      const blob = await seal.close(input.blob, placeOf(key));
      return opened(key, await run("record_commit", key, { ...input, blob }));
    },
    fail: async (key, input) => opened(key, await run("record_fail", key, input)),
    end: async (key, input) => opened(key, await run("record_end", key, input)),
  };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

const vague = (answer: unknown) =>
  new PlauditError(
    "store_unavailable",
    `compareAndSwap must give true (it was stored) or false (something else was there), not ${
      answer === null ? "null" : typeof answer
    }`,
    { retryable: false },
  );
