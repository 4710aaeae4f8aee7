import type { CacheAdapter, CacheEntry } from "./calls.js";

/** The kind of what never changes: a business unit's id. */
export const FOR_GOOD = 4;
const NOT_FOUND = 60;
const MOST_ENTRIES = 200;

/** Keeps the newest answers in memory. */
export function memoryCache(): CacheAdapter {
  const entries = new Map<string, CacheEntry>();
  return {
    get: (key) => entries.get(key),
    set(key, entry) {
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > MOST_ENTRIES) entries.delete(entries.keys().next().value as string);
    },
  };
}

/** The adapter, none of whose failures is a call's. */
export function guard(cache: CacheAdapter) {
  const quietly = async <T>(work: () => T): Promise<Awaited<T> | undefined> => {
    try {
      return await work();
    } catch {
      return undefined;
    }
  };
  return {
    get: (key: string) =>
      quietly(async () => {
        const entry = await cache.get(key);
        // Throws for what no headers can be.
        new Headers(entry?.headers);
        return typeof entry?.body === "string" && entry.headers ? entry : undefined;
      }),
    set: (key: string, { status, headers: all, body, time }: CacheEntry) => {
      const { "set-cookie": _, ...headers } = all;
      return quietly(() => cache.set(key, { status, headers, body, time }));
    },
  };
}

/** Whether an entry may be served without asking. */
export function isFresh({ status, headers, time }: CacheEntry, kind: number): boolean {
  if (kind === FOR_GOOD) return status === 200;
  const control = String(headers["cache-control"]);
  const said = /max-age="?(\d+)/i.exec(control)?.[1];
  // Scores and reviews a day, an hour where nothing is said; resources a week.
  const [usual, longest] = kind === 1 ? [3_600, 86_400] : [604_800, 604_800];
  const life = Math.min(Number(said ?? usual), status === 404 ? NOT_FOUND : longest);
  const age = (Date.now() - time) / 1_000;
  // A negative age is a clock that was set back.
  return !/no-cache/i.test(control) && age >= 0 && age + Number(headers.age ?? 0) < life;
}

/** Whether an answer may be kept. */
export function mayKeep({ headers }: CacheEntry): boolean {
  return !/no-store/i.test(String(headers["cache-control"]));
}

/** A few characters that tell keys apart and do not hold them. */
export function digest(key: string): string {
  let hash = 0;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 16_777_619);
  }
  return (hash >>> 0).toString(36);
}
