import type { Attempt } from "./errors.js";

/** What every call takes, besides the platform's own parameters. */
export interface CallOptions {
  /** Ends the call with `aborted`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt, its body included; in place of the client's. */
  timeout?: number | undefined;
  /** Milliseconds for the call with its retries and waits; in place of the client's. */
  deadline?: number | undefined;
  /** How often it is tried again; in place of the client's. */
  retry?: number | undefined;
  /** `false` asks the platform, whatever is kept. What it answers is kept. */
  cache?: boolean | undefined;
}

/** What a walk through pages takes. The limits of {@link CallOptions} are those of each page. */
export interface WalkOptions extends CallOptions {
  /** How many items at most. No page is asked for beyond it. */
  limit?: number | undefined;
  /** Where to begin: the `page` of an error, or of {@link Pages.pages}. */
  from?: number | string | undefined;
  /** Is told after each page what has come so far. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** How far a walk is. */
export interface Progress {
  /** Pages that came. */
  pages: number;
  /** Items that were in them. */
  items: number;
}

/** An answer with what came around it. */
export interface Answer<T> {
  data: T;
  /** The HTTP status; of an answer that was kept, its own. */
  status: number;
  /** What a page may see of the headers. */
  headers: Headers;
  /** The address that was asked, a key in it masked. */
  url: string;
  /** Whether the data was kept from an earlier call. */
  fromCache: boolean;
  /** What was sent for it, the last one included. */
  attempts: readonly Attempt[];
}

/** The promise of an answer's data. */
export interface Call<T> extends Promise<T> {
  /** The same answer with status, headers and address. */
  withResponse(): Promise<Answer<T>>;
}

/** One page of a walk. */
export interface Page<T> {
  items: T[];
  /** Its number, or the cursor that it was asked for with; `from` takes it. */
  page: number | string | undefined;
}

/**
 * All items of all pages, for `for await`. Nothing is asked for before the first item is wanted, and
 * a page only once the last item of the one before was taken. An item that slides to the next page
 * meanwhile comes once. Each loop is a walk of its own.
 *
 * @throws PlauditError, with the `page` that it happened at: the option `from` goes on there.
 */
export interface Pages<T> extends AsyncIterable<T> {
  /** The same, page by page. */
  pages(): AsyncIterable<Page<T>>;
  /** The first `limit` items, at most 10,000. */
  toArray(options: { limit: number }): Promise<T[]>;
}

/** How a client has fared. */
export interface Stats {
  /** Requests, retries included. */
  sent: number;
  /** Answers that were kept from earlier calls. */
  cached: number;
  /** Calls that shared the request of another. */
  shared: number;
  /** Requests that were sent again. */
  retried: number;
  /** Requests that waited for the allowance, or for the end of a pause. */
  waited: number;
  /** Calls that failed. */
  failed: number;
}

/** How much a client asks for on its own account. Retries count. */
export interface Allowance {
  /** Requests in any five minutes. Default: 833, Trustpilot's own number. */
  perFiveMinutes?: number | undefined;
  /** Requests in any hour. Default: 10,000. */
  perHour?: number | undefined;
  /** Requests at the same time. Default: 6. */
  inFlight?: number | undefined;
}

/** An answer as it is kept: plain data, fit for `JSON.stringify`. It holds no key. */
export interface CacheEntry {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** When it came, in milliseconds since the Unix epoch. */
  time: number;
}

/**
 * Where answers are kept. Methods may return promises; one that fails counts as empty. How long an
 * entry lasts is the client's to judge; throwing some away is the adapter's.
 */
export interface CacheAdapter {
  get(key: string): CacheEntry | null | undefined | Promise<CacheEntry | null | undefined>;
  set(key: string, entry: CacheEntry): unknown;
}

/** `T` with members that are sure to be there. */
export type Having<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> };
