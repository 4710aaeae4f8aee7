import type { CacheAdapter, CacheEntry } from "./calls.js";

// By the kind of an answer: never, scores and reviews, resources. Seconds.
const LONGEST = [0, 86_400, 604_800];
const USUAL = [0, 3_600, 604_800];
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
export function guard(cache: CacheAdapter | false): {
  get(key: string): Promise<CacheEntry | undefined>;
  set(key: string, entry: CacheEntry): Promise<void>;
} {
  return {
    async get(key) {
      try {
        return (cache && (await cache.get(key))) || undefined;
      } catch {
        return undefined;
      }
    },
    async set(key, { status, headers, body, time }) {
      try {
        if (cache) await cache.set(key, { status, headers, body, time });
      } catch {
        // The answer is there all the same.
      }
    },
  };
}

/** Whether an entry may be served without asking. */
export function isFresh({ status, headers, time }: CacheEntry, kind: number): boolean {
  const control = headers["cache-control"] ?? "";
  const said = /max-age="?(\d+)/i.exec(control)?.[1];
  const life = Math.min(
    Number(said ?? USUAL[kind]),
    status === 404 ? NOT_FOUND : (LONGEST[kind] as number),
  );
  const age = (Date.now() - time) / 1000;
  // A negative age is a clock that was set back.
  return !/no-cache/i.test(control) && age >= 0 && age + Number(headers.age ?? 0) < life;
}

/** Whether an answer may be kept. */
export function mayKeep({ status, headers }: CacheEntry): boolean {
  return (status === 200 || status === 404) && !/no-store/i.test(headers["cache-control"] ?? "");
}

/** A few characters that tell keys apart and do not hold them. */
export function digest(key: string): string {
  let hash = 0;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 16_777_619);
  }
  return (hash >>> 0).toString(36);
}
