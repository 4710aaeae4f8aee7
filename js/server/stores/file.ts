import { invalid, isPlauditError, PlauditError } from "../../errors.js";
import { call } from "../core.js";
import { namesOf, strict } from "../options.js";
import { guardedFile, unavailable } from "./files.js";
import { placeOf } from "./key.js";
import { nameOf } from "./record.js";
import { type EncryptionKey, openView, sealOf } from "./seal.js";
import type { Begun, RecordView, TokenKey, TokenStore } from "./types.js";

/** What {@link fileStore} can be told. */
export interface FileStoreOptions {
  /** Encrypts the tokens: 32 random bytes. Without one the file's rights alone protect them. */
  readonly key?: EncryptionKey;
  /** The same as a ring, the newest first: it writes, all of them read. */
  readonly keys?: readonly EncryptionKey[];
  /** Milliseconds to wait for another process that writes. Default 5000. */
  readonly lockTimeout?: number | undefined;
  /** The store's clock in milliseconds, for tests. Default: the machine's, see {@link fileStore}. */
  readonly now?: (() => number) | undefined;
}

/** The store's time when the file was written, and the machine's uptime then. */
interface Clock {
  readonly now: number;
  readonly uptime?: number;
  readonly machine?: string;
}

interface Content {
  readonly plaudit: "tokens";
  readonly v: 1;
  readonly clock: Clock | null;
  /** By name of the key: what `src/server/tokens/record.rs` reads and writes. */
  readonly records: Readonly<Record<string, string>>;
  /** By the same names: the store's time at which a record is of no use any more. */
  readonly ends?: Readonly<Record<string, number>>;
}

/** A change that waits for its turn. */
interface Job {
  readonly operation: string;
  readonly name: string;
  readonly input: object;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

const OPTIONS = namesOf<FileStoreOptions>()("key keys lockTimeout now");
const EMPTY: Content = { plaudit: "tokens", v: 1, clock: null, records: {} };

/**
 * Keeps tokens in one file, for any number of processes of one machine (Node, Bun, Deno). The file
 * is 0600, replaced whole, and on the disk before a new token is handed out; a lock beside it lets
 * one process write at a time and outlives none that is killed. One file holds the records of all
 * subjects: made for some thousand of them, as every write writes them all.
 *
 * Time is counted by the machine's uptime, which all processes share and nobody sets; the wall clock
 * counts across restarts of the machine alone.
 *
 * @param path The file. Its folder must be there; what is there under its name must be ours.
 */
export function fileStore(path: string, options: FileStoreOptions = {}): TokenStore {
  if (typeof path !== "string" || path === "" || path.includes("\0")) {
    throw invalid("path: must be the path of a file");
  }
  const { lockTimeout = 5000, now } = strict(options, "", OPTIONS);
  if (!Number.isFinite(lockTimeout) || lockTimeout < 0) {
    throw invalid("lockTimeout: must be a number of milliseconds");
  }
  const seal = sealOf(options);
  const file = guardedFile(path, lockTimeout);

  async function load(): Promise<Content> {
    const text = await file.read();
    return text === null ? EMPTY : parse(text);
  }

  let reading: Promise<unknown> = Promise.resolve();
  let next: Promise<Content> | undefined;

  /** What there is from now on; who asks while it is read has the next reading in common. */
  function latest(): Promise<Content> {
    next ??= reading.then(() => {
      next = undefined;
      const content = load();
      reading = content.catch(() => {});
      return content;
    });
    return next;
  }

  /** The store's time, as a clock that can be written. */
  async function tick(last: Clock | null): Promise<Clock> {
    if (now) return { now: now() };
    const up = await file.uptime();
    if (!up) return { now: Date.now() };
    const clock = { uptime: up.ms, machine: up.machine };
    const passed = up.ms - (last?.uptime ?? Number.POSITIVE_INFINITY);
    return last && last.machine === up.machine && passed >= 0
      ? { ...clock, now: last.now + passed }
      : { ...clock, now: Math.max(Date.now(), last?.now ?? 0) };
  }

  const jobs: Job[] = [];
  let isWriting = false;

  function change<T>(operation: string, key: TokenKey, input: object): Promise<T> {
    const name = nameOf(key);
    return new Promise<unknown>((resolve, reject) => {
      jobs.push({ operation, name, input, resolve, reject });
      if (!isWriting) void write();
    }) as Promise<T>;
  }

  /** What came while the lock was waited for is written at once: a disk takes few writes a second. */
  async function write(): Promise<void> {
    isWriting = true;
    while (jobs.length > 0) {
      let taken: Job[] | undefined;
      try {
        const answers = await file.exclusively(() => {
          taken = jobs.splice(0);
          return carryOut(taken);
        });
        for (const answer of answers) answer();
      } catch (error) {
        for (const { reject } of taken ?? jobs.splice(0)) reject(error);
      }
    }
    isWriting = false;
  }

  /** Does what is asked, one after the other; what it gives tells each, once all is on the disk. */
  async function carryOut(taken: readonly Job[]): Promise<(() => void)[]> {
    const content = await load();
    const clock = await tick(content.clock);
    const records = { ...content.records };
    const ends = { ...content.ends };
    // a clock that began anew is kept too, or time would not go on
    let isNew = content.clock?.machine !== clock.machine;
    const answers = taken.map(({ operation, name, input, resolve, reject }) => {
      try {
        const { record, keepMs, result } = call<{
          record: string | null;
          keepMs?: number;
          result: unknown;
        }>(operation, { ...input, record: records[name] ?? null, nowMs: clock.now });
        if (record !== null) {
          records[name] = record;
          delete ends[name];
          if (keepMs !== undefined) ends[name] = clock.now + keepMs;
          isNew = true;
        }
        return () => resolve(result);
      } catch (error) {
        return () => reject(error);
      }
    });
    if (isNew) {
      for (const [name, end] of Object.entries(ends)) {
        if (clock.now < end) continue;
        delete records[name];
        delete ends[name];
      }
      await file.replace(`${JSON.stringify({ ...content, clock, records, ends })}\n`);
    }
    return answers;
  }

  async function opened<T extends { readonly view: RecordView }>(key: TokenKey, result: T) {
    return { ...result, view: await openView(seal, key, result.view) };
  }

  return {
    timeout: lockTimeout + 1000,
    async read(key) {
      const name = nameOf(key);
      const { records, clock } = await latest();
      const record = records[name] ?? null;
      const { now: nowMs } = await tick(clock);
      return openView(seal, key, call<RecordView>("record_view", { record, nowMs }));
    },
    async begin(key, input) {
      return opened(key, await change<Begun>("record_begin", key, input));
    },
    mark: (key, input) => change("record_mark", key, input),
    async commit(key, input) {
      const blob = await seal.close(input.blob, placeOf(key));
      return opened(key, await change("record_commit", key, { ...input, blob }));
    },
    async fail(key, input) {
      return opened(key, await change("record_fail", key, input));
    },
    async end(key, input) {
      return opened(key, await change("record_end", key, input));
    },
    async health() {
      const warnings: string[] = [];
      try {
        await file.exclusively(load);
      } catch (error) {
        if (!isPlauditError(error)) throw error;
        warnings.push(error.message);
      }
      const ok = warnings.length === 0;
      const kind = ok ? await file.kind() : null;
      if (kind === "memory") {
        warnings.push("the token file lies in memory: a restart of the machine loses it");
      } else if (kind === "network") {
        warnings.push("the token file lies on a shared disk: use redisStore for several machines");
      }
      return { ok, warnings };
    },
  };
}

function parse(text: string): Content {
  let content: Partial<Content> | null = null;
  try {
    content = JSON.parse(text) as Partial<Content> | null;
  } catch {
    // said below
  }
  if (content?.plaudit !== "tokens" || typeof content.records !== "object") {
    throw unavailable(
      "the token file holds something else, and is left as it is: name another one",
      undefined,
      false,
    );
  }
  if (content.v !== 1) {
    throw new PlauditError("store_unavailable", "the token file is of a newer version", {
      retryable: false,
    });
  }
  return content as Content;
}
