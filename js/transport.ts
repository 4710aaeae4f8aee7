import { isFresh } from "./cache.js";
import type { Allowance, CacheEntry, Stats } from "./calls.js";
import { forget, send, slot, textAt } from "./core.js";
import { type Attempt, PlauditError, type PlauditErrorCode } from "./errors.js";

/** A request that may be sent several times. */
export interface Job {
  request: Request;
  method: string;
  body: string | null;
  /** The address and whose key it goes with, without holding the key. */
  key: string;
  /** Whether sending it twice does no harm. */
  isRead: boolean;
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

/** A job under way, for all who asked for it meanwhile. */
interface Flight extends Omit<Limits, "deadline"> {
  callers: number;
  /** When its last caller gives up. */
  end: number;
  isQueued: boolean;
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

/** Sends requests: within the allowance, again where that may help, and identical ones once. */
export function createTransport(
  sender: (request: Request) => Promise<Response>,
  { perFiveMinutes = 833, perHour = 10_000, inFlight = 6 }: Allowance,
  cache: { get(key: string): Promise<CacheEntry | undefined> },
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
    // What lies ahead of now was written before the clock was set back.
    while (starts.length && Math.abs(now - HOUR / 2 - (starts[0] as number)) > HOUR / 2)
      starts.shift();
    if (pausedUntil - now > FIVE_MINUTES) pausedUntil = 0;
    const left = (most: number, span: number) =>
      (starts[starts.length + before - most] ?? Number.NEGATIVE_INFINITY) + span - now;
    return Math.max(0, pausedUntil - now, left(perFiveMinutes, FIVE_MINUTES), left(perHour, HOUR));
  }

  /** Lets begin what may. */
  function pump(): void {
    clearTimeout(alarm);
    while (queue.length && active < inFlight) {
      const ms = wait(0);
      if (ms > 0) {
        alarm = setTimeout(pump, ms);
        return;
      }
      if (perHour < Number.POSITIVE_INFINITY) starts.push(Date.now());
      active++;
      queue.shift()?.();
    }
  }

  /** Waits for its turn; resolves with the milliseconds it would take, where that is too long. */
  const admit = (flight: Flight) =>
    new Promise<number>((resolve) => {
      const ms = wait(queue.length);
      if (Date.now() + ms > flight.end) return resolve(ms);
      const go = () => {
        flight.isQueued = false;
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
    const { attempts, retry, end } = flight;
    const count = attempts.length;
    const now = Date.now();
    const isLimited = status === 429;
    const step = isLimited
      ? Math.min(30_000, 1_000 * 2 ** count)
      : Math.min(8_000, 500 * 2 ** count);
    const ms =
      hint === undefined ? (step * (1 + Math.random())) / 2 : hint * 1_000 + Math.random() * 250;
    if (isLimited && hint !== undefined) {
      pausedUntil = Math.max(pausedUntil, now + Math.min(hint * 1_000, FIVE_MINUTES));
    }
    if (Math.abs(now - lastRetry) > 60_000) tokens = MOST_TOKENS;
    if (
      !job.isRead ||
      count >= retry ||
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
  async function attempt(flight: Flight, job: Job): Promise<Partial<Outcome> & { again?: number }> {
    const controller = new AbortController();
    const { timeout } = flight;
    let timer: Timer | undefined;
    const cut = new Promise<Partial<Outcome>>((resolve) => {
      const end = (message?: string) => {
        resolve({ code: "timeout", message: message as string });
        controller.abort();
      };
      timer = later(timeout, () => end(noAnswer(timeout)));
      flight.stop = end;
    });
    const exchange = async () => {
      const { request, method, body } = job;
      const { signal } = controller;
      const response = await sender(new Request(request, { method, body, signal }));
      const { status } = response;
      const { code, retryable } = judge(response);
      const headers = Object.fromEntries(response.headers);
      const retryAfter = waitOf(headers["retry-after"] ?? "");
      const again = retryable ? pause(flight, job, status, retryAfter) : undefined;
      if (again !== undefined) {
        response.body?.cancel().catch(nothing);
        return { status, again };
      }
      if (!code) tokens = Math.min(MOST_TOKENS, tokens + 0.2);
      return { status, headers, retryAfter, body: await response.text() };
    };
    stats.sent++;
    try {
      // A sender that is deaf to the signal does not keep the caller waiting.
      return await Promise.race([exchange(), cut]);
    } catch (cause) {
      return {
        code: "network_error",
        message: "no answer came: offline, or the server does not allow this page (CORS)",
        cause,
      };
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
      const common = { status: 0, headers: {}, body: "", attempts };
      if (!flight.callers) return { ...common, time: 0 };
      const late = await admit(flight);
      const start = Date.now();
      if (late) {
        return {
          ...common,
          time: start,
          code: "rate_limited",
          message: USED_UP,
          retryAfter: Math.ceil(late / 1_000),
        };
      }
      const { again, ...outcome } = await attempt(flight, job);
      const time = Date.now();
      const { status, code } = outcome;
      const delay = code && flight.callers ? pause(flight, job) : again;
      attempts.push({ ...(code ? { code } : { status: status as number }), ms: time - start });
      if (delay === undefined) {
        return status === 304 && kept
          ? {
              ...kept,
              headers: { ...kept.headers, ...outcome.headers },
              time,
              attempts,
              fromCache: true,
            }
          : { ...common, ...outcome, time };
      }
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, delay);
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
      const id = job.method === "GET" ? `${mayBeKept} ${job.key}` : job;
      const shared = flights.get(id);
      const flight: Flight = shared ?? {
        callers: 0,
        end: 0,
        timeout,
        retry,
        isQueued: false,
        attempts: [],
        stop: nothing,
      };
      // Who joins has the longer of both patiences, and leaves alone when its own is at an end.
      const limit = shared && !retry ? Math.min(timeout, deadline) : deadline;
      if (shared) stats.shared++;
      flights.set(id, flight);
      flight.callers++;
      flight.end = Math.max(flight.end, Date.now() + limit);
      flight.timeout = Math.max(flight.timeout, timeout);
      flight.retry = Math.max(flight.retry, retry);
      flight.outcome ??= fly(flight, job, mayBeKept && job.kind > 0);
      let abort = nothing;
      let timer: Timer | undefined;
      const gone = new Promise<never>((_, reject) => {
        abort = () => reject(aborted());
        timer = later(limit, () => {
          const { isQueued, attempts } = flight;
          reject(
            new PlauditError(
              isQueued ? "rate_limited" : "timeout",
              isQueued ? USED_UP : noAnswer(limit),
              {
                retryable: true,
                attempts: [...attempts],
              },
            ),
          );
        });
        signal?.addEventListener("abort", abort);
      });
      try {
        return await Promise.race([flight.outcome, gone]);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        if (!--flight.callers) {
          flights.delete(id);
          flight.stop();
        }
      }
    },
  };
}

type Timer = ReturnType<typeof setTimeout>;

const USED_UP = "nothing was sent: this client's allowance is used up";

const noAnswer = (ms: number) => `no answer within ${ms} ms`;

function nothing(): void {}

/** A timer that keeps no process alive: what it guards does. */
function later(ms: number, run: () => void): Timer {
  const timer = setTimeout(run, ms);
  (timer as { unref?(): void }).unref?.();
  return timer;
}

/** What the status of an answer means. */
export function judge(answer: { status: number }): {
  code: PlauditErrorCode | undefined;
  retryable: boolean;
} {
  try {
    const isFailure = send([]).read_response?.(answer as Response);
    return {
      code: isFailure ? (textAt(0) as PlauditErrorCode) : undefined,
      retryable: slot(2) === 1,
    };
  } finally {
    forget();
  }
}

/** `Retry-After` in seconds: a number of them, or an HTTP date. */
function waitOf(hint: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(hint)) return Number(hint);
  const left = hint.endsWith("GMT") ? Date.parse(hint) - Date.now() : Number.NaN;
  return Number.isNaN(left) ? undefined : Math.max(0, Math.ceil(left / 1000));
}
