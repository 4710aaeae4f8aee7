import { invalid } from "./errors.js";
import { Core, LONGEST, type Plan } from "./sandbox-core.js";
import type {
  FaultKind,
  FaultRule,
  FaultRuleState,
  JournalEntry,
  JournalFilter,
  SandboxChanges,
  SandboxConfig,
  SandboxData,
  SandboxDelivery,
  SandboxEvent,
  SandboxHealth,
  SandboxLink,
  SandboxLinkKeys,
  SandboxPart,
  SandboxRoute,
  SandboxSnapshot,
  SandboxVerdict,
  UnverifiedOption,
} from "./sandbox-types.js";

/** How a sandbox begins. */
export interface SandboxOptions {
  /** What every id, token and datum is derived from; 1 if not given. */
  readonly seed?: number | undefined;
  /** Where the clock begins; 2026-01-01T00:00:00Z if not given, or the real time when it runs. */
  readonly now?: number | Date | undefined;
  /** Whether the clock stands until it is moved (the default) or runs. */
  readonly clock?: "frozen" | "running" | undefined;
  /** What waits where an answer is late; `setTimeout` if not given. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => PromiseLike<unknown>) | undefined;
  /** What is to be otherwise than by default; also after {@link Sandbox.reset}. */
  readonly config?: SandboxChanges | undefined;
}

type Sleep = NonNullable<SandboxOptions["sleep"]>;

/** A rule that was added. */
export interface FaultHandle {
  readonly id: string;
  /** How often it was played so far. */
  readonly hits: number;
  /** Takes the rule away; whether it was still there. */
  remove(): boolean;
}

/** A stand-in for both platforms. Nothing in it leaves the process. */
export interface Sandbox {
  /**
   * Answers a request as the platforms would; a drop-in for the global `fetch`. The origin does not
   * matter, except that the platforms' own lead to what they are. A redirect is handed over, not
   * followed.
   */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** The clock's time, in milliseconds since 1970. */
  now(): number;
  /** Stops the clock at a time, and gives it. */
  set(time: number | Date): number;
  /** Moves the clock, backwards too, and gives its time. */
  advance(ms: number): number;
  /** Stops the clock where it is, and gives its time. */
  freeze(): number;
  /** Lets the clock run on from where it is, and gives its time. */
  run(): number;
  /** Begins anew: everything, or the parts that are named. */
  reset(...parts: SandboxPart[]): void;
  /** Keeps everything as it is. */
  snapshot(): SandboxSnapshot;
  /** Goes back to a snapshot; it can be gone back to again. */
  restore(snapshot: SandboxSnapshot): void;
  /** What came in: at most the last 1,000 requests. */
  requests(filter?: JournalFilter): JournalEntry[];
  /** Removes one entry of the journal, or all; how many. */
  removeRequests(id?: number): number;
  readonly faults: {
    /** Adds a rule at the end. */
    add(rule: FaultRule): FaultHandle;
    /** The rules, in order. */
    list(): FaultRuleState[];
    /** Removes every rule; how many. */
    clear(): number;
    /** What can be played. */
    kinds(): FaultKind[];
  };
  /** Trustoo's webhooks. */
  readonly webhooks: {
    /** Something happened; one delivery for each webhook that asked for it. */
    add(event: SandboxEvent): SandboxDelivery[];
    /** What is under way or came to an end. */
    list(): SandboxDelivery[];
    /** Tells what came of an attempt that you made yourself. */
    answer(
      id: number,
      answer: { readonly status: number; readonly body?: string },
    ): SandboxDelivery;
    /**
     * Makes every attempt that is due, and tells how each delivery stands then. It reaches this
     * machine alone, unless `fetch` is given, which is then asked for every address.
     */
    deliver(options?: { readonly fetch?: typeof fetch | undefined }): Promise<SandboxDelivery[]>;
  };
  /** What came in that no endpoint shows: invitations, and customers who want no mail. */
  data(): SandboxData;
  /** Reads a business generated link; with the keys of the configuration where none are given. */
  readLink(link: string, keys?: SandboxLinkKeys): SandboxLink;
  /** The configuration, after the members that are named were changed. */
  config(changes?: SandboxChanges): SandboxConfig;
  /** Whether all went as it should. */
  verify(): SandboxVerdict;
  /** Whether it is there, and what came in. */
  health(): SandboxHealth;
  /** Every address, and what is unverified. */
  routes(): { routes: SandboxRoute[]; unverified: UnverifiedOption[] };
}

const EPOCH = Date.UTC(2026, 0, 1);

/** A sandbox made of the module; both entries are this with a module of their own. */
export function makeSandbox(module: WebAssembly.Module, options: SandboxOptions = {}): Sandbox {
  const { seed = 1, clock = "frozen", sleep = wait, config } = options;
  if (!Number.isSafeInteger(seed) || seed < 0) throw invalid("seed: must be a whole number");
  if (clock !== "frozen" && clock !== "running") throw invalid("clock: is frozen or running");
  const isFrozen = clock === "frozen";
  const start = options.now === undefined ? (isFrozen ? EPOCH : Date.now()) : time(options.now);
  const ahead = isFrozen ? 0 : start - Date.now();
  const real = () => Math.max(0, Date.now() + ahead);
  const core = new Core(module, { seed, frozen: isFrozen ? start : null, config });

  const send = (method: "GET" | "POST" | "DELETE", path: string, body?: object) => {
    const url = `http://sandbox.invalid/__sandbox/${path}`;
    const bytes = body && new TextEncoder().encode(JSON.stringify(body));
    const plan = core.handle(real(), { method, url, headers: [], body: bytes });
    if (core.failure)
      throw new Error("the sandbox has failed: verify() tells", { cause: core.failure });
    const [json = new Uint8Array()] = plan.chunks;
    return { status: plan.status, answer: JSON.parse(new TextDecoder().decode(json)) };
  };
  /** Each method is a request to the control interface, so that both can do the same (SB15). */
  const control = <T>(method: "GET" | "POST", path: string, body?: object): T => {
    const { status, answer } = send(method, path, body);
    if (status >= 400) throw invalid(answer.error);
    return answer;
  };
  const remove = (path: string): number => {
    const { status, answer } = send("DELETE", path);
    return status === 404 ? 0 : answer.removed;
  };
  const tick = (change?: object): number =>
    control<{ now: number }>(change ? "POST" : "GET", "clock", change).now;
  const rules = () => control<{ kinds: FaultKind[]; rules: FaultRuleState[] }>("GET", "faults");

  return {
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { signal } = request;
      signal.throwIfAborted();
      // Not every browser has `body`: undefined says nothing.
      const hasBody = request.body !== null && request.method !== "GET";
      const body = hasBody ? await until(request, request.arrayBuffer()) : new ArrayBuffer();
      const { method, url } = request;
      const plan = core.handle(real(), {
        method,
        url: url.replace(/#.*/s, ""),
        headers: [...request.headers],
        body: new Uint8Array(body),
      });
      if (plan.delay > 0) await until(request, sleep(plan.delay, signal));
      if (plan.chunks.length === 0 && plan.end !== "whole") {
        if (plan.end === "hang") await until(request, new Promise(() => {}));
        throw new TypeError("fetch failed", { cause: new Error("the sandbox cut the connection") });
      }
      return respond(plan, request, sleep);
    },
    now: () => tick(),
    set: (at) => tick({ set: time(at) }),
    advance: (ms) => tick({ advance: ms }),
    freeze: () => tick({ mode: "frozen" }),
    run: () => tick({ mode: "running" }),
    reset: (...parts) => {
      control("POST", "reset", parts.length > 0 ? { only: parts } : {});
    },
    snapshot: () => control("POST", "snapshot", {}),
    restore: ({ id }) => {
      control("POST", "restore", { id });
    },
    requests: (filter = {}) => {
      const query = new URLSearchParams(Object.entries(filter).map(([k, v]) => [k, String(v)]));
      return control<{ requests: JournalEntry[] }>("GET", `requests?${query}`).requests;
    },
    removeRequests: (id) => remove(id === undefined ? "requests" : `requests/${id}`),
    faults: {
      add: (rule) => {
        const { id } = control<FaultRuleState>("POST", "faults", rule);
        let hits = 0;
        return {
          id,
          get hits() {
            hits = rules().rules.find((one) => one.id === id)?.hits ?? hits;
            return hits;
          },
          remove() {
            this.hits;
            return remove(`faults/${id}`) === 1;
          },
        };
      },
      list: () => rules().rules,
      clear: () => remove("faults"),
      kinds: () => rules().kinds,
    },
    webhooks: {
      add: (event) => control<Deliveries>("POST", "webhooks", event).deliveries,
      list: () => control<Deliveries>("GET", "webhooks").deliveries,
      answer: (id, answer) => control("POST", `webhooks/${id}`, answer),
      deliver: async ({ fetch: send } = {}) => {
        const { deliveries } = control<Deliveries>("GET", "webhooks?due=true");
        return Promise.all(
          deliveries.map(async (delivery) => {
            const answer = await attempt(delivery, send);
            return control("POST", `webhooks/${delivery.id}`, answer);
          }),
        );
      },
    },
    data: () => control("GET", "data"),
    readLink: (link, keys) => control("POST", "links", { ...keys, link }),
    config: (changes) => control(changes ? "POST" : "GET", "config", changes),
    verify: () =>
      core.failure
        ? { ok: false, unhit_rules: [], unknown_routes: [], bugs: [core.failure] }
        : control("GET", "verify"),
    health: () => control("GET", "health"),
    routes: () => control("GET", "routes"),
  };
}

interface Deliveries {
  readonly deliveries: SandboxDelivery[];
}

/** Makes one attempt; no answer at all is status 0. */
async function attempt(
  { url, method, headers, body }: SandboxDelivery,
  send: typeof fetch | undefined,
): Promise<{ status: number; body: string }> {
  const { hostname } = new URL(url);
  if (!send && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) {
    throw invalid(`webhooks: ${hostname} is not this machine; give a fetch that may reach it`);
  }
  try {
    const answer = await (send ?? fetch)(url, { method, headers, body, redirect: "manual" });
    return { status: answer.status, body: (await answer.text()).slice(0, 65_536) };
  } catch {
    return { status: 0, body: "" };
  }
}

function time(given: number | Date): number {
  const at = Number(given);
  if (!Number.isSafeInteger(at) || at < 0) throw invalid("time: must be whole milliseconds");
  return at;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, Math.min(ms, LONGEST));
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}

/** Milliseconds that what hangs keeps a process alive: longer than a client waits by default. */
const HOLD = 15_000;

function nothing(): void {}

/**
 * What waits for an abort. A caller's signal holds the request only weakly: with nothing else to
 * hold it, it would be collected, and the abort never be heard.
 */
const waiting = new Set<Request>();

/** What `work` comes to, unless the request's signal is first. */
async function until<T>(request: Request, work: PromiseLike<T>): Promise<T> {
  const { signal } = request;
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  waiting.add(request);
  signal.addEventListener("abort", abort);
  // As a socket would, it keeps a process alive, for a time.
  const hold = setTimeout(nothing, HOLD);
  try {
    const value = await Promise.race([work, aborted]);
    signal.throwIfAborted();
    return value;
  } finally {
    clearTimeout(hold);
    signal.removeEventListener("abort", abort);
    waiting.delete(request);
  }
}

/** Statuses whose answer has no body. */
const EMPTY = new Set([204, 205, 304]);

function respond(plan: Plan, request: Request, sleep: Sleep): Response {
  const { status, chunks, end } = plan;
  const { method, redirect, url } = request;
  const headers = new Headers(plan.headers as [string, string][]);
  if (redirect === "error" && status >= 300 && status < 400 && headers.has("location")) {
    throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") });
  }
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (end === "whole" && !EMPTY.has(status)) headers.set("content-length", String(size));
  const hasBody = !EMPTY.has(status) && method !== "HEAD";
  const body = hasBody ? stream(plan, request, sleep) : null;
  const response = new Response(body, { status, headers });
  return Object.defineProperty(response, "url", { value: url.replace(/#.*/s, "") });
}

/** A body that comes in its pieces, and ends, breaks off or stalls. */
function stream(
  { chunks, end, pause }: Plan,
  request: Request,
  sleep: Sleep,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const left = chunks.filter((chunk) => chunk.length > 0);
  const first = left[0];
  let abort = () => {};
  let hold: ReturnType<typeof setTimeout> | undefined;
  const leave = () => {
    clearTimeout(hold);
    request.signal.removeEventListener("abort", abort);
    waiting.delete(request);
  };
  return new ReadableStream(
    {
      start(controller) {
        abort = () => {
          controller.error(request.signal.reason);
          leave();
        };
        request.signal.addEventListener("abort", abort);
      },
      async pull(controller) {
        const chunk = left.shift();
        if (chunk) {
          if (pause > 0 && chunk !== first) {
            await until(request, sleep(pause, request.signal));
          }
          controller.enqueue(chunk);
          return;
        }
        if (end === "hang") {
          waiting.add(request);
          hold = setTimeout(nothing, HOLD);
          return new Promise<void>(() => {});
        }
        leave();
        if (end === "cut") controller.error(new TypeError("terminated"));
        else controller.close();
      },
      cancel: leave,
    },
    // nothing is read ahead, or an error would take away what came before it
    { highWaterMark: 0 },
  );
}
