import type { KeyValue } from "../keyvalue.js";
import { base64url } from "./cookies.js";

/** An answer that is kept. Plain data: the second level holds it as JSON. */
export interface Entry {
  readonly text: string;
  /** Strong, over the bytes of `text` (CH5). */
  readonly etag: string;
  /** Bytes of `text`. */
  readonly size: number;
  /** When it came, in milliseconds since the Unix epoch. */
  readonly time: number;
  /** How long it is fresh, and for how much longer it serves where nothing better is to be had. */
  readonly fresh: number;
  readonly stale: number;
}

/** What was heard of the platform. */
export type Heard =
  | { readonly kind: "answer"; readonly text: string }
  /** There is no such thing. */
  | { readonly kind: "absent" }
  /** No answer that could be used; `retryAfter` in milliseconds. */
  | Failed;

export interface Failed {
  readonly kind: "failed";
  readonly status: number;
  readonly code: string;
  readonly retryAfter?: number | undefined;
  /** Whether the next reader may be told the same for a few seconds. */
  readonly isKept: boolean;
}

/** What a reader gets. */
export type Found =
  | { readonly kind: "entry"; readonly entry: Entry; readonly state: State; readonly age: number }
  | { readonly kind: "absent" }
  | Failed;

export type State = "hit" | "miss" | "stale";

/** How long answers of a kind serve, in milliseconds. */
export interface Life {
  readonly fresh: number;
  readonly stale: number;
}

/** Asks the platform. `isUrgent` where somebody waits for it. */
export type Load = (signal: AbortSignal, isUrgent: boolean) => Promise<Heard>;

export interface Reader {
  readonly signal?: AbortSignal | undefined;
  /** Keeps the runtime alive for what goes on after the answer. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

export interface CacheParts {
  /** Answers at most, and bytes they may take together. */
  readonly entries: number;
  readonly bytes: number;
  /** Things that are not there, at most: apart, so that a scan evicts nothing good (CH3). */
  readonly absent: number;
  readonly second: KeyValue | undefined;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The second level failed. */
  readonly onTrouble: () => void;
}

export interface Cache {
  /** What memory has that is fresh: no promise, no waiting. */
  peek(key: string): Found | undefined;
  read(key: string, life: Life, load: Load, reader: Reader): Promise<Found>;
  stats(): { entries: number; bytes: number; absent: number; flights: number };
}

interface Flight {
  readonly result: Promise<Found>;
  readonly controller: AbortController;
  /** Readers that wait for it; it ends with the last, unless it is in the background. */
  waiting: number;
  readonly isShared: boolean;
}

/** How long it is remembered that something is not there, or that the platform failed. */
const ABSENT = 60_000;
const FAILED = 5_000;
/** How long a stale answer is served before the platform is asked again after it failed. */
const PAUSE = 30_000;
/** How long one process has the refreshing of a key for itself. */
const LEASE = 30_000;
/** How often an entry that is read is put at the end, in milliseconds. */
const MOVE = 1_000;
/** What an entry takes besides its texts. */
const OVERHEAD = 256;
/** A clock that was set back this far makes answers stale, not immortal. */
const SET_BACK = 300_000;
const ABORTED: Failed = { kind: "failed", status: 499, code: "aborted", isKept: false };

/** Answers for all readers: fresh ones from memory, stale ones while a new one is on its way. */
export function createCache(parts: CacheParts): Cache {
  const { second, now, random, onTrouble } = parts;
  const entries = new Map<string, Entry>();
  /** When an entry was last put at the end, so that what is read often is not moved each time. */
  const moved = new WeakMap<Entry, number>();
  const absent = new Map<string, { readonly found: Found; readonly end: number }>();
  const flights = new Map<string, Flight>();
  /** Until when a stale answer is served without asking. */
  const pauses = new Map<string, number>();
  let bytes = 0;

  /** ± 10 %, so that what was filled together does not end together (CH4). */
  const jitter = (ms: number) => ms * (0.9 + 0.2 * random());
  const sizeOf = (key: string, entry: Entry) => 2 * (key.length + entry.text.length) + OVERHEAD;

  function drop(key: string): void {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    bytes -= sizeOf(key, entry);
  }

  function keep(key: string, entry: Entry): void {
    drop(key);
    absent.delete(key);
    pauses.delete(key);
    const size = sizeOf(key, entry);
    // One giant must not drive out all others.
    if (size > parts.bytes / 4) return;
    entries.set(key, entry);
    bytes += size;
    while (entries.size > parts.entries || bytes > parts.bytes) {
      drop(entries.keys().next().value as string);
    }
  }

  function keepAbsent(key: string, found: Found, ms: number): void {
    absent.delete(key);
    absent.set(key, { found, end: now() + ms });
    if (absent.size > parts.absent) absent.delete(absent.keys().next().value as string);
  }

  function pause(key: string, ms: number): void {
    pauses.delete(key);
    pauses.set(key, now() + ms);
    if (pauses.size > parts.entries) pauses.delete(pauses.keys().next().value as string);
  }

  const ageOf = ({ time }: Entry) => {
    const age = now() - time;
    return age < -SET_BACK ? Number.POSITIVE_INFINITY : Math.max(0, age);
  };
  const found = (entry: Entry, state: State): Found => ({
    kind: "entry",
    entry,
    state,
    age: ageOf(entry),
  });
  const isFresh = (entry: Entry) => ageOf(entry) < entry.fresh;
  const isUsable = (entry: Entry) => {
    const age = now() - entry.time;
    // After a clock was set back a stale answer is still better than none.
    return age < entry.fresh + entry.stale;
  };

  function peek(key: string): Found | undefined {
    const entry = entries.get(key);
    if (entry && isFresh(entry)) {
      const time = now();
      if (!(Math.abs(time - (moved.get(entry) ?? 0)) < MOVE)) {
        moved.set(entry, time);
        entries.delete(key);
        entries.set(key, entry);
      }
      return found(entry, "hit");
    }
    const negative = absent.get(key);
    if (!negative) return undefined;
    const left = negative.end - now();
    if (left > 0 && left < SET_BACK) return negative.found;
    absent.delete(key);
    return undefined;
  }

  async function fromSecond(key: string): Promise<Entry | undefined> {
    if (!second) return undefined;
    try {
      const text = await second.get(key);
      const entry = text ? (JSON.parse(text) as Entry) : undefined;
      if (!entry || !isEntry(entry) || !isUsable(entry)) return undefined;
      // A length that is not the text's would mix up the answers of a connection.
      return { ...entry, ...(await marksOf(entry.text)) };
    } catch {
      onTrouble();
      return undefined;
    }
  }

  /** Whether this process is the one that asks the platform. */
  async function isFirst(key: string): Promise<boolean> {
    try {
      return (await second?.add(`refresh ${key}`, "1", LEASE)) ?? true;
    } catch {
      onTrouble();
      return true;
    }
  }

  /** Asks the platform and keeps what it says. */
  async function refresh(
    key: string,
    life: Life,
    load: Load,
    signal: AbortSignal,
    old: Entry | undefined,
  ): Promise<Found> {
    let heard: Heard;
    if (signal.aborted) return ABORTED;
    try {
      heard = await load(signal, !old);
    } catch {
      heard = { kind: "failed", status: 502, code: "network_error", isKept: true };
    }
    if (signal.aborted) return ABORTED;
    if (heard.kind === "answer") {
      const { text } = heard;
      const marks = await marksOf(text);
      const entry = { text, ...marks, time: now(), fresh: jitter(life.fresh), stale: life.stale };
      keep(key, entry);
      try {
        await second?.set(key, JSON.stringify(entry), Math.ceil(entry.fresh + entry.stale));
      } catch {
        onTrouble();
      }
      return found(entry, "miss");
    }
    if (heard.kind === "absent") {
      drop(key);
      keepAbsent(key, heard, jitter(ABSENT));
      try {
        if (old) await second?.delete(key);
      } catch {
        onTrouble();
      }
      return heard;
    }
    if (old) {
      pause(key, Math.max(jitter(PAUSE), Math.min(heard.retryAfter ?? 0, 3_600_000)));
      return found(old, "stale");
    }
    if (heard.isKept) keepAbsent(key, heard, jitter(FAILED));
    return heard;
  }

  function fly(
    key: string,
    isShared: boolean,
    reader: Reader,
    work: (signal: AbortSignal) => Promise<Found>,
  ): Flight {
    const controller = new AbortController();
    const result = work(controller.signal).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    const flight: Flight = { result, controller, waiting: 0, isShared };
    flights.set(key, flight);
    reader.waitUntil?.(result.catch(() => {}));
    return flight;
  }

  /** A reader's place in a flight: its own abort ends its wait, the last one's the flight. */
  function join(key: string, flight: Flight, { signal }: Reader): Promise<Found> {
    if (!signal) {
      flight.waiting += 1;
      return flight.result;
    }
    if (signal.aborted) return Promise.resolve(ABORTED);
    flight.waiting += 1;
    return new Promise((resolve, reject) => {
      const leave = () => {
        flight.waiting -= 1;
        if (!flight.waiting && !flight.isShared) {
          if (flights.get(key) === flight) flights.delete(key);
          flight.controller.abort();
        }
        resolve(ABORTED);
      };
      signal.addEventListener("abort", leave, { once: true });
      flight.result.finally(() => signal.removeEventListener("abort", leave)).then(resolve, reject);
    });
  }

  return {
    peek,
    async read(key, life, load, reader) {
      const known = peek(key);
      if (known) return known;
      const old = entries.get(key);
      const flight = flights.get(key);
      if (old && isUsable(old)) {
        if (!flight && (pauses.get(key) ?? 0) <= now()) {
          fly(key, true, reader, async (signal) => {
            const other = await fromSecond(key);
            if (other && isFresh(other)) {
              keep(key, other);
              return found(other, "hit");
            }
            // The place is kept until another process is done, or its lease has ended.
            if (!(await isFirst(key))) {
              pause(key, jitter(2_000));
              return found(old, "stale");
            }
            return refresh(key, life, load, signal, old);
          }).result.catch(() => {});
        }
        return found(old, "stale");
      }
      drop(key);
      return join(
        key,
        flight ??
          fly(key, false, reader, async (signal) => {
            const other = await fromSecond(key);
            if (!other) return refresh(key, life, load, signal, undefined);
            keep(key, other);
            // The next reader has it refreshed.
            return found(other, isFresh(other) ? "hit" : "stale");
          }),
        reader,
      );
    },
    stats: () => ({
      entries: entries.size,
      bytes,
      absent: absent.size,
      flights: flights.size,
    }),
  };
}

/** Whether a second level gave back what was put there. */
function isEntry({ text, time, fresh, stale }: Entry): boolean {
  return (
    typeof text === "string" &&
    [time, fresh, stale].every((number) => Number.isFinite(number) && number >= 0)
  );
}

/** A strong ETag, 160 bits of SHA-256 over the bytes that are sent, and how many these are. */
async function marksOf(text: string): Promise<{ etag: string; size: number }> {
  const bytes = new TextEncoder().encode(text);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { etag: `"${base64url(digest.subarray(0, 20))}"`, size: bytes.byteLength };
}

/** Whether `If-None-Match` names an ETag (RFC 9110 §13.1.2: compared weakly). */
export function isNoneMatched(header: string | null, etag: string): boolean {
  if (header === null) return false;
  if (header.trim() === "*") return true;
  return [...header.matchAll(/(?:W\/)?("[\x21\x23-\x7E\x80-\xFF]*")/g)].some(
    ([, tag]) => tag === etag,
  );
}
