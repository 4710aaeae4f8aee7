import { isFresh } from "./cache.js";
import type { Allowance, CacheEntry, Stats } from "./calls.js";
import { core, slot, textAt } from "./core.js";
import { type Attempt, isPlauditError, PlauditError, type PlauditErrorCode } from "./errors.js";

/** A request that may be sent several times. */
export interface Job {
  request: Request;
  method: string;
  body: string | null;
  /** The address and whose key it goes with, without holding the key. */
  key: string;
  /** Whether sending it twice does no harm. */
  isRead: boolean;
  /** Whether it may be sent again after the platform asked it to wait. */
  mayWait?: boolean;
  /** Which rule of the cache its answer falls under; 0: none. */
  kind: number;
}

/** What bounds a call, in milliseconds and attempts. */
export interface Limits {
  timeout: number;
  deadline: number;
  retry: number;
}

/** What came of a job: an answer of any status, or the reason why there is none. */
export interface Outcome extends CacheEntry {
  attempts: readonly Attempt[];
  fromCache?: boolean;
  /** Whether the cache has it as it is. */
  isKept?: boolean;
  code?: PlauditErrorCode;
  message?: string;
  cause?: unknown;
  retryAfter?: number | undefined;
}

/** The same of one attempt; `again` is when to make the next. */
interface Result extends Omit<Outcome, "attempts"> {
  again?: number;
}

/** A job under way, for all who asked for it meanwhile. */
interface Flight extends Omit<Limits, "deadline"> {
  callers: Set<unknown>;
  /** When its last caller gives up. */
  end: number;
  isQueued?: boolean;
  /** When the attempt began that is under way. */
  start?: number;
  attempts: Attempt[];
  outcome?: Promise<Outcome> | undefined;
  /** Stops whatever it is at. */
  stop(): void;
}

export interface Transport {
  stats: Stats;
  /** Sends a job as often as it takes and may. Rejects only when the caller is done with it. */
  run(
    job: Job,
    limits: Limits,
    signal: AbortSignal | undefined,
    /** Whether a kept answer will do. */
    mayBeKept: boolean,
  ): Promise<Outcome>;
}

const FIVE_MINUTES = 300_000;
const HOUR = 3_600_000;
const MOST_TOKENS = 10;
const LONGEST_HINT = 60;
/** Characters kept of a failure's body. */
const LONGEST_BODY = 65_536;

/** Sends requests: within the allowance, again where that may help, and identical ones once. */
export function createTransport(
  sender: (request: Request) => Promise<Response>,
  { perFiveMinutes = 833, perHour = 10_000, inFlight = 6 }: Allowance,
  cache: { get(key: string): Promise<CacheEntry | null | undefined> },
  mayRevalidate: boolean,
): Transport {
  const stats: Stats = { sent: 0, cached: 0, shared: 0, retried: 0, waited: 0, failed: 0 };
  /** A GET goes by its address, anything else by itself. */
  const flights = new Map<string | Job, Flight>();
  const queue: (() => void)[] = [];
  /** When the requests of the last hour began. */
  const starts: number[] = [];
  let active = 0;
  let pausedUntil = 0;
  let tokens = MOST_TOKENS;
  let lastRetry = 0;
  let alarm: Timer | undefined;

  /** Milliseconds until a request may begin that has `before` others before it. */
  function wait(before: number): number {
    const now = Date.now();
    while (starts[0] !== undefined && now - starts[0] > HOUR) starts.shift();
    // What lies ahead of now was written before the clock was set back.
    while ((starts.at(-1) ?? 0) > now) starts.pop();
    if (pausedUntil - now > FIVE_MINUTES) pausedUntil = 0;
    const last = starts.length - 1;
    const end = (most: number, span: number) =>
      (starts[Math.min(last, last + 1 + before - most)] ?? -span) + span;
    return Math.max(pausedUntil, end(perFiveMinutes, FIVE_MINUTES), end(perHour, HOUR), now) - now;
  }

  const usedUp = () =>
    lost(
      "rate_limited",
      pausedUntil > Date.now()
        ? "nothing was sent: the platform asked for a pause (429)"
        : "nothing was sent: the client's allowance is used up",
    );

  /** Lets begin what may. */
  function pump(): void {
    clearTimeout(alarm);
    while (queue.length && active < inFlight) {
      const ms = wait(0);
      if (ms) {
        alarm = setTimeout(pump, ms);
        return;
      }
      starts.push(Date.now());
      active++;
      queue.shift()?.();
    }
  }

  /** Waits for its turn; resolves with the milliseconds it would take, where that is too long. */
  const admit = (flight: Flight) =>
    new Promise<number>((resolve) => {
      const ms = wait(queue.length);
      // Not 0 where no time is left at all.
      if (Date.now() + ms > flight.end) return resolve(ms || 1);
      const go = () => {
        flight.isQueued = false;
        flight.stop = nothing;
        resolve(0);
      };
      flight.isQueued = true;
      flight.stop = () => {
        queue.splice(queue.indexOf(go), 1);
        pump();
      };
      queue.push(go);
      pump();
      if (flight.isQueued) stats.waited++;
    });

  /** Milliseconds until the next attempt; undefined where there is none. */
  function pause(flight: Flight, job: Job, status?: number, hint?: number): number | undefined {
    const { attempts, retry, end, callers } = flight;
    const now = Date.now();
    const isLimited = status === 429;
    const [first, most] = isLimited ? [1_000, 30_000] : [500, 8_000];
    const step = Math.min(most, first * 2 ** attempts.length);
    let ms = (step * (1 + Math.random())) / 2;
    if (hint !== undefined) {
      ms = hint * 1_000 + Math.random() * 250;
      if (isLimited) {
        pausedUntil = Math.max(pausedUntil, now + Math.min(hint * 1_000, FIVE_MINUTES));
      }
    }
    if (Math.abs(now - lastRetry) > 60_000) tokens = MOST_TOKENS;
    if (
      !callers.size ||
      !(job.isRead || (job.mayWait && isLimited && hint !== undefined)) ||
      attempts.length >= retry ||
      tokens < 1 ||
      now + ms > end ||
      (hint ?? 0) > LONGEST_HINT ||
      (status === 500 && attempts.some((attempt) => attempt.status === 500))
    ) {
      return undefined;
    }
    tokens--;
    lastRetry = now;
    stats.retried++;
    return ms;
  }

  /** Sends it once. */
  async function attempt(flight: Flight, job: Job): Promise<Result> {
    const { timeout } = flight;
    const { request, method, body } = job;
    const controller = new AbortController();
    const { signal } = controller;
    let timer: Timer | undefined;
    /** A failure whose body is still coming. */
    let known: Result | undefined;
    const cut = new Promise<Result>((resolve) => {
      flight.stop = () => {
        resolve(known ?? noAnswer(timeout));
        controller.abort();
      };
      timer = later(timeout, flight.stop);
    });
    const exchange = async (): Promise<Result> => {
      // The last caller may have left between its turn and here.
      if (!flight.callers.size) return noAnswer(timeout);
      stats.sent++;
      // A redirect would take the key along.
      const init = { method, body, signal, redirect: "manual" } as const;
      const response = await sender(new Request(request, init));
      const { status } = response;
      if (signal.aborted) {
        response.body?.cancel().catch(nothing);
        return noAnswer(timeout);
      }
      const { code, retryable } = judge(response);
      const headers = Object.fromEntries(response.headers);
      const retryAfter = waitOf(headers["retry-after"] ?? "");
      const again = retryable ? pause(flight, job, status, retryAfter) : undefined;
      const result = { status, headers, retryAfter, body: "", time: Date.now() };
      if (again !== undefined) {
        response.body?.cancel().catch(nothing);
        return { ...result, again };
      }
      if (!code || status === 304) tokens = Math.min(MOST_TOKENS, tokens + 0.2);
      if (!code) return { ...result, body: await response.text() };
      known = result;
      await readStart(response, result);
      return result;
    };
    try {
      // A sender that is deaf to the signal does not keep the caller waiting.
      return await Promise.race([exchange(), cut]);
    } catch (cause) {
      // A sender such as `auth.fetch` may have said why.
      if (isPlauditError(cause)) throw cause;
      return (
        known ??
        lost("network_error", "no answer: offline, or CORS does not allow this page", cause)
      );
    } finally {
      clearTimeout(timer);
      flight.stop = nothing;
      active--;
      pump();
    }
  }

  async function fly(flight: Flight, job: Job, mayBeKept: boolean): Promise<Outcome> {
    const { attempts } = flight;
    const kept = mayBeKept ? await cache.get(job.key) : undefined;
    if (kept && isFresh(kept, job.kind)) {
      stats.cached++;
      return { ...kept, attempts, fromCache: true, isKept: true };
    }
    const etag = kept?.headers.etag;
    if (etag && mayRevalidate) job.request.headers.set("if-none-match", etag);
    for (;;) {
      const late = flight.callers.size ? await admit(flight) : 1;
      if (late) {
        return { ...usedUp(), attempts, retryAfter: Math.ceil(late / 1_000) };
      }
      const start = Date.now();
      flight.start = start;
      const result = await attempt(flight, job);
      const { status, code } = result;
      const again = code ? pause(flight, job) : result.again;
      flight.start = 0;
      attempts.push({ ...(code ? { code } : { status }), ms: Date.now() - start });
      if (again === undefined || !flight.callers.size) {
        if (status !== 304 || !kept) return { ...result, attempts };
        // How old it is counts anew.
        const { age: _, ...old } = kept.headers;
        const headers = { ...old, ...result.headers };
        return { ...kept, headers, time: result.time, attempts, fromCache: true };
      }
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, again);
        flight.stop = () => clearTimeout(timer);
      });
    }
  }

  return {
    stats,
    async run(job, { timeout, deadline, retry }, signal, mayBeKept) {
      const aborted = () =>
        new PlauditError("aborted", "the call was aborted", { cause: signal?.reason });
      if (signal?.aborted) throw aborted();
      // Who is as patient shares; each keeps its own signal and deadline.
      const id =
        job.method === "GET" ? [mayBeKept && job.kind > 0, timeout, retry, job.key].join(" ") : job;
      const isShared = flights.has(id);
      const flight: Flight = flights.get(id) ?? {
        callers: new Set(),
        end: 0,
        timeout,
        retry,
        attempts: [],
        stop: nothing,
      };
      if (isShared) stats.shared++;
      flights.set(id, flight);
      flight.end = Math.max(flight.end, Date.now() + deadline);
      return new Promise((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", abort);
          if (flight.callers.delete(leave) && !flight.callers.size) {
            flights.delete(id);
            flight.stop();
          }
        };
        const abort = () => {
          leave();
          reject(aborted());
        };
        const timer = later(deadline, () => {
          const end = flight.isQueued ? usedUp() : noAnswer(deadline);
          const { start } = flight;
          const cut = start ? [{ code: "timeout" as const, ms: Date.now() - start }] : [];
          leave();
          resolve({ ...end, attempts: [...flight.attempts, ...cut] });
        });
        signal?.addEventListener("abort", abort);
        flight.callers.add(leave);
        flight.outcome ??= fly(flight, job, mayBeKept && job.kind > 0);
        flight.outcome.finally(leave).then(resolve, reject);
      });
    },
  };
}

type Timer = ReturnType<typeof setTimeout>;

const lost = (code: PlauditErrorCode, message: string, cause?: unknown): Result => ({
  ...{ status: 0, headers: {}, body: "", time: 0 },
  ...{ code, message, cause },
});

const noAnswer = (ms: number) => lost("timeout", `no answer within ${ms} ms`);

/** Reads the beginning of a failure's body, as far as it comes. */
async function readStart(response: Response, result: Result): Promise<void> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  while (reader) {
    const { done, value } = await reader.read();
    result.body += decoder.decode(value, { stream: !done });
    if (done) return;
    if (result.body.length >= LONGEST_BODY) return void reader.cancel().catch(nothing);
  }
}

function nothing(): void {}

/** A timer that keeps no process alive: what it guards does. */
function later(ms: number, run: () => void): Timer {
  const timer = setTimeout(run, ms);
  (timer as { unref?(): void }).unref?.();
  return timer;
}

/** What an answer means, or that there is none. */
export function judge({ code, status }: { code?: PlauditErrorCode; status: number }): {
  code: PlauditErrorCode | undefined;
  retryable: boolean;
} {
  if (code) return { code, retryable: true };
  const isFailure = core().read_status?.(status);
  return {
    code: isFailure ? (textAt(0) as PlauditErrorCode) : undefined,
    retryable: slot(2) === 1,
  };
}

/** `Retry-After` in seconds: a number of them, or an HTTP date. */
export function waitOf(hint: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(hint)) return Number(hint);
  const left = hint.endsWith("GMT") ? Date.parse(hint) - Date.now() : Number.NaN;
  return Number.isNaN(left) ? undefined : Math.max(0, Math.ceil(left / 1000));
}
