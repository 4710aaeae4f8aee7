import { milliseconds, object, string } from "./arguments.js";
import { digest, guard, mayKeep, memoryCache } from "./cache.js";
import type { Allowance, Answer, CacheAdapter, Call, CallOptions, Stats } from "./calls.js";
import { at, type Rating, type Review, toRating, toReview } from "./common.js";
import { failure, forget, send, textAt } from "./core.js";
import { invalid, PlauditError, type PlauditErrorCode } from "./errors.js";
import type { TrustooEndpoints, TrustpilotEndpoints } from "./generated/api.js";
import { any, type Row, trustoo, trustpilot } from "./generated/tables.js";
import { mend } from "./mend.js";
import { createPages } from "./pages.js";
import { createTransport, type Job, judge, type Limits, type Outcome } from "./transport.js";
import type { ProviderName } from "./types.js";

export type * from "./calls.js";
export type { Rating, Review } from "./common.js";
export type * as Trustoo from "./generated/trustoo.js";
export type * as Trustpilot from "./generated/trustpilot.js";

/** What {@link createClient} takes. */
export interface ClientOptions<P extends ProviderName = ProviderName> {
  provider: P;
  /**
   * The public API key; Trustoo needs none. In a page everyone can read it: prefer
   * {@link ClientOptions.proxy}.
   */
  apiKey?: string | undefined;
  /**
   * Where the key goes. `"header"` (default): as the platform advises; each address costs a
   * preflight. `"query"`: no preflight, but logs along the way see the key.
   */
  keyIn?: "header" | "query" | undefined;
  /** Another base address than the platform's, for example a sandbox's. */
  baseUrl?: string | undefined;
  /** The address of a server that adds the key, absolute or from this page; then no key is here. */
  proxy?: string | undefined;
  /** What sends the requests, for example `auth.fetch`. Default: the global `fetch`. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Milliseconds for one attempt, its body included. Default: 10,000. */
  timeout?: number | undefined;
  /** Milliseconds for a call with its retries and waits. Default: 30,000. */
  deadline?: number | undefined;
  /** How often a call that reads is tried again. Default: 2. */
  retry?: number | undefined;
  /** Where answers are kept: `false` nowhere, or an adapter. Default: some 200 in memory. */
  cache?: false | CacheAdapter | undefined;
  /** How much to ask for in a time; `false` is no limit. */
  allowance?: false | Allowance | undefined;
}

/** What {@link Client.request} takes. */
export interface RequestOptions extends CallOptions {
  query?: Readonly<Record<string, unknown>> | undefined;
  /** Sent as JSON. */
  body?: unknown;
}

/** What the clients of all platforms have. */
export interface CommonClient {
  /**
   * The way out, for what has no function here: `path` is the rest of the base address, and the
   * answer is not checked. It is never kept, and sent again only where the method is GET or HEAD.
   */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer<unknown>>;
  /** The common view of a score. */
  toRating(raw: object): Rating;
  /** The common view of a review. */
  toReview(raw: object): Review;
  /** Numbers since the client was made. */
  stats(): Stats;
}

/** The public API of Trustpilot. */
export interface TrustpilotClient extends CommonClient, Omit<TrustpilotEndpoints, "businessUnits"> {
  readonly businessUnits: TrustpilotEndpoints["businessUnits"] & {
    /** The id of a domain's business unit. It never changes, and is kept for good. */
    idOf(domain: string, options?: CallOptions): Promise<string>;
  };
}

/** The public reads of Trustoo. */
export interface TrustooClient extends CommonClient, TrustooEndpoints {}

/** A client of a platform's public API. */
export type Client<P extends ProviderName = "trustpilot"> = P extends "trustoo"
  ? TrustooClient
  : TrustpilotClient;

type Query = readonly (readonly [name: string, value: unknown])[];

const LONGEST_BODY = 65_536;
const MOST_PAIRS = 62;
const UNKNOWN: Row = [any, 0, "", 0];
const READ_BY_POST = 3;
const ENDLESS = Number.POSITIVE_INFINITY;

/** A client of a platform's public API. Making one sends nothing. */
export function createClient<P extends ProviderName>(options: ClientOptions<P>): Client<P> {
  const { provider, apiKey = "", keyIn = "header", proxy } = object(options, "options");
  const isTrustpilot = provider === "trustpilot";
  const platform = isTrustpilot ? trustpilot : trustoo;
  const { baseUrl = platform.base, cache = memoryCache(), allowance = {} } = options;
  if (!isTrustpilot && provider !== "trustoo") {
    throw invalid('provider: must be "trustpilot" or "trustoo"');
  }
  if (keyIn !== "header" && keyIn !== "query") throw invalid('keyIn: must be "header" or "query"');
  if (
    proxy === undefined
      ? isTrustpilot && !apiKey && !options.fetch
      : apiKey || options.baseUrl !== undefined
  ) {
    throw invalid(
      "apiKey: give one of apiKey, proxy, or a fetch that needs no key; with a proxy no key belongs into the page",
    );
  }
  string(apiKey, "apiKey");
  const usual = limitsOf({ timeout: 10_000, deadline: 30_000, retry: 2 }, options);
  if (options.fetch !== undefined && typeof options.fetch !== "function") {
    throw invalid("fetch: must be a function");
  }
  if (cache !== false && typeof object(cache, "cache").get !== "function") {
    throw invalid("cache: must be false, or have get and set");
  }
  const bounds =
    allowance === false
      ? { perFiveMinutes: ENDLESS, perHour: ENDLESS, inFlight: ENDLESS }
      : object(allowance, "allowance");
  if (!Object.values(bounds).every((bound) => bound === undefined || bound >= 1)) {
    throw invalid("allowance: must be false, or numbers from 1");
  }
  const target = proxy === undefined ? resolve(baseUrl, "baseUrl") : resolve(proxy, "proxy");
  const base = proxy === undefined ? baseUrl : target.href;
  const page = globalThis.location?.origin;
  const isForeign = page !== undefined && page !== target.origin;
  const keyPlace = apiKey ? (keyIn === "header" ? 1 : 2) : 0;
  const owner = digest(apiKey);
  const hidden = (text: string) => mask(apiKey ? text.replaceAll(apiKey, "***") : text);
  const kept = guard(cache);
  const sender = (request: Request) => (options.fetch ?? fetch)(request);
  const { stats, run } = createTransport(sender, bounds, kept, !isForeign);

  /** The job of asking an endpoint; `method` is given where it is no row's. */
  function build(row: Row, query: Query, method?: string, body?: unknown): Job {
    const pairs = query.filter(([, value]) => value !== undefined);
    if (pairs.length > MOST_PAIRS) throw invalid("options: are too many");
    const texts = pairs.flatMap(([name, value]) => [name, textOf(value, name)]);
    let request: Request | undefined;
    let content: string;
    try {
      request = send([base, apiKey, row[0], ...texts]).request?.(keyPlace, pairs.length);
      if (!request) throw failure();
      content = method ? jsonOf(body) : textAt(0);
    } finally {
      forget();
    }
    const verb = method ?? (content ? "POST" : "GET");
    const isRead = verb === "GET" || verb === "HEAD";
    if (isRead && content) throw invalid(`body: ${verb} has none`);
    if (!isRead && isForeign && !proxy && !options.fetch) {
      throw new PlauditError(
        "unsupported_environment",
        "from a page the platform answers GET alone (CORS): use `proxy`",
      );
    }
    if (content) request.headers.set("content-type", "application/json");
    const kind = row[3];
    return {
      request,
      method: verb,
      body: content || null,
      key: `${mask(request.url)} ${owner}`,
      isRead: isRead || kind === READ_BY_POST,
      kind: kind % READ_BY_POST,
    };
  }

  /** Asks what `make` makes of the platform's own parameters. */
  async function ask(
    row: Row,
    all: object,
    make: (parameters: Record<string, unknown>) => Job,
  ): Promise<Answer<never>> {
    try {
      const {
        signal,
        timeout,
        deadline,
        retry,
        cache: mayBeKept = true,
        ...parameters
      } = object(all, "options") as CallOptions & Record<string, unknown>;
      if (signal !== undefined && typeof signal?.addEventListener !== "function") {
        throw invalid("signal: must be an AbortSignal");
      }
      const limits = limitsOf(usual, { timeout, deadline, retry });
      const job = make(parameters);
      const outcome = await run(job, limits, signal, mayBeKept);
      const keep = (wanted: number) => {
        if (outcome.status !== wanted || outcome.isKept || !job.kind || !mayKeep(outcome)) return;
        outcome.isKept = true;
        kept.set(job.key, outcome);
      };
      keep(404);
      const data = read(outcome, row) as never;
      keep(200);
      const { status, headers, attempts, fromCache = false } = outcome;
      return {
        data,
        status,
        headers: new Headers(headers),
        url: mask(job.request.url),
        fromCache,
        attempts: [...attempts],
      };
    } catch (error) {
      stats.failed++;
      throw error;
    }
  }

  /** The data of an answer, or the error that it stands for. Each caller has its own. */
  function read(outcome: Outcome, row: Row): unknown {
    const { status, body, attempts, code: reason, cause, retryAfter } = outcome;
    const [, shape, must, , paging] = row;
    let { code, retryable } = reason ? { code: reason, retryable: true } : judge(outcome);
    let data: unknown;
    let said: unknown;
    try {
      data = body || row !== UNKNOWN ? JSON.parse(body) : undefined;
      said = at(data, "fault.faultstring") ?? at(data, "message");
      if (platform.envelope && !code) {
        const number = Number(at(data, "code") ?? Number.NaN);
        data = at(data, "data");
        if (number !== 0) {
          const named = Number.isNaN(number) ? "malformed_response" : platform.envelope[number];
          code = (named ?? "bad_request") as PlauditErrorCode;
          retryable = code === "rate_limited" || code === "server_error";
        }
      }
      if (shape && !code) mend(data, shape);
    } catch {
      code ??= "malformed_response";
    }
    const isWhole =
      row === UNKNOWN ||
      (typeof data === "object" &&
        data !== null &&
        (!must || (at(data, must) ?? null) !== null) &&
        (!paging || Array.isArray(at(data, paging[1]))));
    if (!code && isWhole) return data;
    throw new PlauditError(
      code ?? "malformed_response",
      outcome.message ??
        (code && code !== "malformed_response"
          ? `the platform answered with status ${status}`
          : `the answer (status ${status}) is not what was asked for`),
      {
        status: status || undefined,
        retryable,
        retryAfter,
        description: typeof said === "string" ? hidden(said) : undefined,
        body: status ? body.slice(0, LONGEST_BODY) : undefined,
        attempts: [...attempts],
        // Some runtimes name the address in what they throw.
        cause: keyPlace === 2 && cause !== undefined ? new Error(hidden(String(cause))) : cause,
      },
    );
  }

  /** The function of a row. */
  function endpoint(row: Row) {
    const [line, , , , paging] = row;
    const [head = "", ...specs] = line.split(",");
    const positional = specs
      .slice(0, Number(head[1]))
      .map((spec) => spec.slice(1).split("=")[0] as string);
    const queryOf = (args: readonly unknown[], rest: object): Query => [
      ...positional.map((name, place) => [name, args[place] ?? null] as const),
      ...Object.entries(rest),
    ];
    const call = (args: readonly unknown[], own: object) =>
      ask(row, own, (parameters) => build(row, queryOf(args, parameters)));
    const last = positional.length;
    const one = (...args: unknown[]) => {
      const { [last]: own = {} } = args as object[];
      return toCall(call(args, own));
    };
    if (!paging) return one;
    const all = (...args: unknown[]) => {
      const { [last]: own = {} } = args as object[];
      const host = proxy === undefined ? target.host : undefined;
      return createPages(paging, own, host, (options) => call(args, options));
    };
    return Object.assign(one, { all });
  }

  const groups: Record<string, Record<string, unknown>> = {};
  for (const [group, rows] of Object.entries(platform.groups)) {
    const functions: Record<string, unknown> = {};
    for (const [name, row] of Object.entries(rows)) functions[name] = endpoint(row);
    groups[group] = functions;
  }
  const { businessUnits } = groups as unknown as TrustpilotClient;
  if (isTrustpilot) {
    Object.assign(businessUnits, {
      async idOf(domain: string, own?: CallOptions): Promise<string> {
        const key = `${base}#id-of-${string(domain, "domain")}`;
        const found = own?.cache === false ? undefined : await kept.get(key);
        if (found) return found.body;
        const { id } = await businessUnits.find(domain, own);
        await kept.set(key, { status: 200, headers: {}, body: id, time: Date.now() });
        return id;
      },
    });
  }
  return Object.assign(groups, {
    request(method: string, path: string, own: RequestOptions = {}) {
      return ask(UNKNOWN, own, ({ query = {}, body }) => {
        if (!/^[A-Z]+$/.test(string(method, "method")))
          throw invalid("method: must be in capitals");
        if (!string(path, "path").startsWith("/")) throw invalid("path: must start with /");
        const pairs: Query = [["path", path], ...Object.entries(object(query, "query") as object)];
        return build(UNKNOWN, pairs, method, body);
      });
    },
    toRating: (raw: object) => toRating(provider, raw, platform.rating),
    toReview: (raw: object) => toReview(provider, raw, platform.review),
    stats: () => ({ ...stats }),
  }) as unknown as Client<P>;
}

function toCall<T>(answer: Promise<Answer<T>>): Call<T> {
  const data = answer.then((whole) => whole.data);
  return Object.assign(data, {
    withResponse() {
      // Who takes the whole answer hears of a failure there.
      data.catch(() => {});
      return answer;
    },
  });
}

/** A parameter as the core takes it. */
function textOf(value: unknown, name: string): string {
  if (Array.isArray(value)) return value.map((item) => textOf(item, name)).join("\x1f");
  const isPlain = typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
  if (isPlain) return String(value);
  throw invalid(`${name}: must be a string, a number, a boolean or a list of these`);
}

function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body) ?? "";
  } catch (cause) {
    throw invalid("body: must be what JSON can hold", cause);
  }
}

function limitsOf(usual: Limits, own: { [name in keyof Limits]?: number | undefined }): Limits {
  const { timeout = usual.timeout, deadline = usual.deadline, retry = usual.retry } = own;
  milliseconds(timeout, "timeout");
  milliseconds(deadline, "deadline");
  if (!Number.isInteger(retry) || retry < 0) {
    throw invalid("retry: must be a whole number, 0 or more");
  }
  return { timeout, deadline, retry };
}

/** The address, absolute. What no request can be made of fails here and not in each call. */
function resolve(address: string, name: string): URL {
  try {
    return new URL(new Request(string(address, name)).url);
  } catch (cause) {
    throw invalid(
      `${name}: must be an address that requests can go to; outside a page an absolute one`,
      cause,
    );
  }
}

function mask(text: string): string {
  return text.replace(/([?&]apikey=)[^&#\s]*/g, "$1***");
}
