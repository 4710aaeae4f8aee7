import { callable, count, milliseconds, object, string } from "./arguments.js";
import { digest, FOR_GOOD, guard, mayKeep, memoryCache } from "./cache.js";
import type { Allowance, Answer, CacheAdapter, Call, CallOptions, Stats } from "./calls.js";
import { at, type Rating, type Review, toRating, toReview } from "./common.js";
import { failure, forget, send, textAt } from "./core.js";
import { invalid, PlauditError, type PlauditErrorCode } from "./errors.js";
import type { TrustooEndpoints, TrustpilotEndpoints } from "./generated/api.js";
import { any, type Platform, type Row, trustoo, trustpilot } from "./generated/tables.js";
import { mend } from "./mend.js";
import { createPages } from "./pages.js";
import { createTransport, type Job, judge, type Limits, type Outcome } from "./transport.js";
import type { ProviderName } from "./types.js";

export type * from "./calls.js";
export type { Rating, Review } from "./common.js";
export type * as Trustoo from "./generated/trustoo.js";
export type * as Trustpilot from "./generated/trustpilot.js";
export type { BusinessUnit, Link } from "./generated/trustpilot.js";

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
  request<T = unknown>(method: string, path: string, options?: RequestOptions): Promise<Answer<T>>;
  /** The common view of a score. */
  toRating(raw: object & { then?: never }): Rating;
  /** The common view of a review. */
  toReview(raw: object & { then?: never }): Review;
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

type Parameters = Readonly<Record<string, unknown>>;
type Pairs = readonly (readonly [name: string, value: unknown])[];

/** @internal What a server's client has in place of a page's. */
export interface Server {
  platform: Platform;
  /** The job of asking an endpoint that has a name of its own. */
  build(own: string, parameters: Parameters): Job;
}

const LONGEST_BODY = 65_536;
const UNKNOWN: Row = [any, 0, "", 0, 0, ""];
const READ_BY_POST = 3;
const ENDLESS = 1e9;

/** @internal */
export function makeClient<P extends ProviderName>(
  options: ClientOptions<P>,
  server?: Server,
): Client<P> {
  const { provider, apiKey = "", keyIn = "header", proxy } = object(options, "options");
  const isTrustpilot = provider === "trustpilot";
  const platform = server?.platform ?? (isTrustpilot ? trustpilot : trustoo);
  const { baseUrl = platform.base, cache = memoryCache(), allowance = {} } = options;
  if (!isTrustpilot && provider !== "trustoo") {
    throw invalid('provider: must be "trustpilot" or "trustoo"');
  }
  if (keyIn !== "header" && keyIn !== "query") throw invalid('keyIn: must be "header" or "query"');
  const hasWay = string(apiKey, "apiKey") || !isTrustpilot || options.fetch;
  if (proxy === undefined ? !hasWay : apiKey || options.baseUrl !== undefined) {
    throw invalid("apiKey: give one of apiKey, proxy, or a fetch that needs no key");
  }
  const usual = limitsOf({ timeout: 10_000, deadline: 30_000, retry: 2 }, options);
  callable(options.fetch, "fetch");
  const adapter = cache === false ? { get() {}, set() {} } : object(cache, "cache");
  callable(adapter.get ?? 0, "cache.get");
  const bounds =
    allowance === false
      ? { perFiveMinutes: ENDLESS, perHour: ENDLESS, inFlight: ENDLESS }
      : object(allowance, "allowance");
  for (const [name, bound = 1] of Object.entries(bounds)) {
    const isKnown = ["perFiveMinutes", "perHour", "inFlight"].includes(name);
    const isWhole = bound === Number.POSITIVE_INFINITY || (Number.isInteger(bound) && bound > 0);
    if (!isKnown || !isWhole) throw invalid(`allowance.${name}: must be a whole number from 1`);
  }
  const target = proxy === undefined ? resolve(baseUrl, "baseUrl") : resolve(proxy, "proxy");
  const base = proxy === undefined ? baseUrl : target.href;
  const host = proxy === undefined ? target.host : undefined;
  const isForeign = (globalThis.location?.origin ?? target.origin) !== target.origin;
  const keyPlace = apiKey && (keyIn === "header" ? 1 : 2);
  const owner = digest(apiKey);
  const hidden = (text: string) => mask(apiKey ? text.replaceAll(apiKey, "***") : text);
  const kept = guard(adapter as CacheAdapter);
  const sender = (request: Request) => (options.fetch ?? fetch)(request);
  /** Beside the cache, which may forget. */
  const ids = new Map<string, string>();
  const { stats, run } = createTransport(sender, bounds, kept, !isForeign);

  /** The job of asking an endpoint; `method` is given where it is no row's. */
  function build(row: Row, pairs: Pairs, method?: string, body?: unknown): Job {
    const given = pairs.filter(([, value]) => value !== undefined);
    if (row[5]) return (server as Server).build(row[5], Object.fromEntries(given));
    const texts = given.flatMap(([name, value]) => [name, textOf(value, name)]);
    try {
      const wasm = send([base, apiKey, row[0], ...texts]);
      const request = wasm.request?.(Number(keyPlace), given.length);
      if (!request) throw failure();
      const content = method ? jsonOf(body) : textAt(0);
      const verb = method ?? (content ? "POST" : "GET");
      const isRead = verb === "GET" || verb === "HEAD";
      if (isRead && content) throw invalid("body: must be undefined");
      if (!isRead && isForeign && host && !options.fetch) {
        throw new PlauditError(
          "unsupported_environment",
          "CORS lets a page send no POST: use `proxy`",
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
    } finally {
      forget();
    }
  }

  /** Asks what `make` makes of the platform's own parameters. */
  async function ask(
    row: Row,
    own: object,
    make: (parameters: Parameters) => Job,
  ): Promise<Answer<never>> {
    try {
      const {
        signal,
        timeout,
        deadline,
        retry,
        cache: mayBeKept,
        ...parameters
      } = object(own, "options") as CallOptions & Parameters;
      if (signal !== undefined) callable(signal?.addEventListener ?? 0, "signal.addEventListener");
      const limits = limitsOf(usual, { timeout, deadline, retry });
      const job = make(parameters);
      const outcome = await run(job, limits, signal, mayBeKept !== false);
      const { status, headers, attempts, fromCache = false } = outcome;
      const { data, error } = read(outcome, row);
      if (job.kind && !outcome.isKept && (!error || status === 404) && mayKeep(outcome)) {
        outcome.isKept = true;
        kept.set(job.key, { ...outcome, body: hidden(outcome.body) });
      }
      if (error) throw error;
      return {
        data: data as never,
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
  function read(outcome: Outcome, row: Row): { data?: unknown; error?: PlauditError } {
    const { status, body, attempts, cause, retryAfter } = outcome;
    const [, shape, must, , paging, own] = row;
    // Of what nothing is known, nothing is expected.
    const isOpen = own !== undefined && !shape && !must;
    let { code, retryable } = judge(outcome);
    let data: unknown;
    let said: unknown;
    let number = 0;
    try {
      data = body || !isOpen ? JSON.parse(body) : undefined;
      said = at(data, "fault.faultstring") ?? at(data, "message") ?? at(data, "Error");
      if (platform.envelope && !code) {
        number = Number(at(data, "code") ?? Number.NaN);
        data = at(data, "data");
        if (number) code = (platform.envelope[number] ?? "bad_request") as PlauditErrorCode;
        if (number !== 0) code ??= "malformed_response";
        retryable = code === "rate_limited" || code === "server_error";
      }
      if (shape && !code) mend(data, shape);
      const isWhole =
        isOpen ||
        (Object(data) === data &&
          (!must || (at(data, must) ?? null) !== null) &&
          (!paging || Array.isArray(at(data, paging[1]))));
      if (!isWhole) code ??= "malformed_response";
    } catch {
      code ??= "malformed_response";
    }
    if (!code) return { data };
    let flaw = status < 400 ? ": a redirect is not followed" : "";
    if (number) flaw = `, its code ${number}`;
    if (code === "malformed_response") flaw = ": not what was asked for";
    const message = outcome.message ?? `the platform answered with status ${status}${flaw}`;
    const error = new PlauditError(code, message, {
      status: status || undefined,
      retryable,
      retryAfter,
      description: typeof said === "string" ? hidden(said) : undefined,
      body: status ? hidden(body.slice(0, LONGEST_BODY)) : undefined,
      attempts: [...attempts],
      // Some runtimes name the address in what they throw.
      cause: cause && keyIn === "query" ? new Error(hidden(`${(cause as Error).message}`)) : cause,
    });
    return { error };
  }

  /** The function of a row. */
  function endpoint(row: Row) {
    const [line, , , , paging] = row;
    const [head = "", ...specs] = line.split(",");
    const names = specs.slice(0, Number(head[1])).map((spec) => spec.slice(1).split("=")[0]);
    const call = (args: readonly unknown[], own: object) =>
      ask(row, own, (parameters) => {
        const positional = names.map((name, place) => [name, args[place]]);
        return build(row, [...positional, ...Object.entries(parameters)] as unknown as Pairs);
      });
    const ownOf = ({ [names.length]: own = {} }: readonly unknown[]) => own as object;
    const one = (...args: unknown[]) => toCall(call(args, ownOf(args)));
    if (!paging) return one;
    const all = (...args: unknown[]) =>
      createPages(paging, ownOf(args), host, (own) => call(args, own));
    return Object.assign(one, { all });
  }

  const groups = each(platform.groups, (rows) => each(rows, endpoint));
  const { businessUnits } = groups as unknown as TrustpilotClient;
  if (isTrustpilot) {
    const find = trustpilot.groups.businessUnits?.find as Row;
    Object.assign(businessUnits, {
      async idOf(domain: string, own: CallOptions = {}): Promise<string> {
        const known = cache && own.cache !== false && ids.get(domain);
        if (known) {
          stats.cached++;
          return known;
        }
        const { data } = await ask(find, own, (parameters) => ({
          ...build(find, [["domain", domain], ...Object.entries(parameters)]),
          kind: FOR_GOOD,
        }));
        const { id } = data as { id: string };
        ids.set(domain, id);
        return id;
      },
    });
  }
  return Object.assign(groups, {
    request: (method: string, path: string, own: RequestOptions = {}) =>
      ask(UNKNOWN, own, ({ query = {}, body }: Parameters) => {
        if (!/^(?!CONNECT|TRACE|TRACK)[A-Z]+$/.test(string(method, "method"))) {
          throw invalid("method: must be in capitals, and one that fetch sends");
        }
        const pairs: Pairs = [
          ["path", string(path, "path")],
          ...Object.entries(object(query as object, "query")),
        ];
        return build(UNKNOWN, pairs, method, body);
      }),
    toRating: (raw: object) => toRating(provider, raw, platform.rating),
    toReview: (raw: object) => toReview(provider, raw, platform.review),
    stats: () => ({ ...stats }),
  }) as unknown as Client<P>;
}

/**
 * A client of a platform's public API. Making one sends nothing.
 *
 * @function
 */
export const createClient: <P extends ProviderName>(options: ClientOptions<P>) => Client<P> =
  makeClient;

/** An object with the same names, its members made by `make`. */
function each<T, R>(members: Readonly<Record<string, T>>, make: (member: T) => R) {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, make(member)]));
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
  if (typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) {
    return String(value);
  }
  throw invalid(`${name}: must be text, a number, a boolean or a list of these`);
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
  count(retry, "retry");
  return { timeout, deadline, retry };
}

/** The address, absolute. What no request can be made of fails here and not in each call. */
function resolve(address: string, name: string): URL {
  try {
    return new URL(new Request(string(address, name)).url);
  } catch (cause) {
    throw invalid(`${name}: must be an address; outside a page an absolute one`, cause);
  }
}

function mask(text: string): string {
  return text.replace(/([?&]apikey=)[^&#\s"'<>]*/g, "$1***");
}
