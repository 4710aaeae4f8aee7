import { callable, count, milliseconds, object, string } from "../../arguments.js";
import { digest } from "../../cache.js";
import { invalid, isPlauditError } from "../../errors.js";
import type { TrustooEndpoints, TrustpilotEndpoints } from "../../generated/api.js";
import { methods, trustpilot as trustpilotPrivate } from "../../generated/server-tables.js";
import type { Endpoints } from "../../generated/server-trustpilot.js";
import { type Platform, trustoo, trustpilot } from "../../generated/tables.js";
import { authorizeUrl, isSafe, scopes } from "../../oauth.js";
import type { ProviderName } from "../../types.js";
import { start } from "../core.js";
import { type KeyValue, memoryKeyValue } from "../keyvalue.js";
import { CREDENTIALS, type Credentials, createTokenManager } from "../manager.js";
import { list, namesOf, nearest, refuseDemo, shown, strict } from "../options.js";
import { expose, type Secret } from "../secret.js";
import { memoryStore } from "../stores/memory.js";
import type { TokenStore } from "../stores/types.js";
import { type Allowed, createApi, isWrite, type Note } from "./api.js";
import { addressOf, createBudget, createLimiter, type ForwardedOptions } from "./budget.js";
import { createCache } from "./cache.js";
import { type CookieStyle, createSealer, type Random, randomBytes } from "./cookies.js";
import { type Inbound, own, preflight, problem, type Reply, withCors } from "./http.js";
import { canonical, isPlain, type Route, routeOf, split, targetOf } from "./paths.js";
import { createSessions, type UserTokens } from "./sessions.js";
import { createSignIn } from "./signin.js";
import { type BrokerLog, type BrokerMetrics, type BrokerTrace, createHooks } from "./telemetry.js";
import { createUpstream } from "./upstream.js";

type Names<E> = { [G in keyof E & string]: `${G}.${keyof E[G] & string}` }[keyof E & string];

/**
 * The name of a request that the platform answers, such as `"businessUnits.find"`, or a private one,
 * such as `"reviews.reply"`.
 */
export type EndpointName<P extends ProviderName = ProviderName> = P extends "trustoo"
  ? Names<TrustooEndpoints>
  : Names<TrustpilotEndpoints> | Names<Endpoints>;

/** A request that the page may make, with the values that a parameter of it may have. */
export interface AllowedEndpoint<N extends string = string> {
  name: N;
  /** By name of the parameter: with other values, or none, it is not found. */
  only?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What answers are kept for how long, and how many. */
export interface BrokerCacheOptions {
  /** Answers at most. Default: 5,000. */
  entries?: number | undefined;
  /** Bytes that they may take together. Default: 64 MB. */
  bytes?: number | undefined;
  /** Milliseconds that scores and reviews are fresh. Default: a day. */
  fresh?: number | undefined;
  /** The same of star images, words, locales. Default: a week. */
  freshResources?: number | undefined;
  /** Milliseconds for which an answer serves after that, while a new one is fetched. Default: a week. */
  stale?: number | undefined;
  /** A second level that all processes share. */
  second?: KeyValue | undefined;
}

/** What bounds a broker. Times in milliseconds. */
export interface BrokerLimits {
  /**
   * Requests of one client in a minute; `false` for no limit. Default: 600. With a limit, one client
   * also has a share of the calls to the platform: a quarter of `upstream` at once, half of it in any
   * five minutes, so that nobody uses them up for all.
   */
  perClient?: number | false | undefined;
  /** Clients that are remembered. Default: 10,000. */
  clients?: number | undefined;
  /** Calls to the platform in any five minutes, of this process. Default: 800. */
  upstream?: number | undefined;
  /** Bytes of a request's body. Default: 65,536. */
  body?: number | undefined;
  /** How long a body may take to come. Default: 10,000. */
  bodyTime?: number | undefined;
  /** Bytes of the platform's answer. Default: 5,000,000. */
  answer?: number | undefined;
  /** How long the platform may take to answer. Default: 10,000. */
  answerTime?: number | undefined;
}

/** How long sessions live, and how their cookie is set. */
export interface BrokerSessionOptions {
  /** Milliseconds without use after which it ends. Default: seven days. */
  idle?: number | undefined;
  /** Milliseconds after which it ends in any case. Default: thirty days. */
  longest?: number | undefined;
  /**
   * `"Lax"` (default), or `"Strict"`: then the first page after signing in is not signed in, since
   * the browser comes from the platform.
   */
  sameSite?: "Lax" | "Strict" | undefined;
}

/** What {@link createBroker} takes. */
export interface BrokerOptions<P extends ProviderName = ProviderName> {
  /** The platform's name. */
  provider: P;
  /**
   * The site's own origin, for example `https://shop.example`. It is never read from a request. http
   * is for loopback alone, and for development.
   */
  origin: string;
  /** The public API key. Default on Trustpilot: the client id, which is the same. */
  apiKey?: string | Secret | undefined;
  /** The application; without it there is no signing in. */
  credentials?: Credentials | undefined;
  /** What stands before all paths, for example `/broker`. Default: nothing. */
  basePath?: string | undefined;
  /** The path that the platform sends users back to. Default: `/callback` below `basePath`. */
  redirectPath?: string | undefined;
  /**
   * What the page may ask. Default: all public requests that read. Those that write, and private ones,
   * which go with the user's own token, have to be named.
   */
  allow?: readonly (EndpointName<P> | AllowedEndpoint<EndpointName<P>>)[] | undefined;
  /** Where sessions are. Default: this process. */
  sessions?: KeyValue | undefined;
  /** How long a session lives, in milliseconds, and how its cookie is set. */
  session?: BrokerSessionOptions | undefined;
  /** Where answers are: a second level, options, or `false` for nowhere. Default: in memory. */
  cache?: false | KeyValue | BrokerCacheOptions | undefined;
  /** What to ask for when signing in. */
  scope?: string | readonly string[] | undefined;
  /**
   * How the platform's answer is tied to its sign-in. `"state"` (default), or `"redirect-uri"`: for
   * Trustpilot, which is known to lose the state of who signs in with Google.
   */
  correlateBy?: "state" | "redirect-uri" | undefined;
  /** Whether to use PKCE. Neither platform documents it. Default: `false`. */
  pkce?: boolean | undefined;
  /** Whole addresses that users may be sent to after signing in, besides paths of this site. */
  returnTo?: readonly string[] | undefined;
  /** The path to send users to whose sign-in failed, with `plaudit_error`. Default: an answer in JSON. */
  errorPath?: string | undefined;
  /** Pages of other origins that may ask, each exactly as browsers send it. Default: none. */
  cors?: { origins: readonly string[] } | undefined;
  /** Where clients' addresses are, when proxies of yours stand before the broker. */
  forwarded?: ForwardedOptions | undefined;
  /** How much clients may ask, and the broker the platform; bytes, and times in milliseconds. */
  limits?: BrokerLimits | undefined;
  /** Where users' tokens are. Default: this process. */
  tokenStore?: TokenStore | undefined;
  /** Other addresses than the platform's, for example a sandbox's. */
  endpoints?:
    | {
        /** The base address of the API, and of the token requests that are not given here. */
        api?: string | undefined;
        authorize?: string | undefined;
        token?: string | undefined;
        refresh?: string | undefined;
        revoke?: string | undefined;
      }
    | undefined;
  /** Told of requests, calls, sign-ins and stores that fail, without secrets. Default: nobody is. */
  onLog?: ((entry: BrokerLog) => void) | undefined;
  /** Counters and durations (milliseconds); `openTelemetry` makes them. Default: none. */
  metrics?: BrokerMetrics | undefined;
  /** Spans around requests and calls; `openTelemetry` makes them. Default: none. */
  trace?: BrokerTrace | undefined;
  /**
   * Makes the tokens of a user, whose session ends at `until` at the latest (milliseconds since the
   * Unix epoch). Default: a token manager each, over `tokenStore`.
   */
  tokens?: ((subject: string, until: number) => UserTokens) | undefined;
  /** What sends requests. Default: the global `fetch`. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Milliseconds since the Unix epoch; for tests. */
  now?: (() => number) | undefined;
  /** Milliseconds of a clock that nobody sets; for tests. */
  monotonic?: (() => number) | undefined;
  /** So many random bytes; for tests. */
  random?: Random | undefined;
}

/** What a runtime knows of a request besides it. */
export interface BrokerContext {
  /** Keeps the runtime alive for what goes on after the answer. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** The address at the other end of the connection. */
  clientAddress?: string | undefined;
}

/** How a broker is. It holds no secrets. */
export interface BrokerHealth {
  /** `"degraded"`: the sessions' store does not answer. */
  status: "ok" | "degraded" | "closed";
  sessions: "ok" | "down" | "off";
  cache: { entries: number; bytes: number; absent: number; flights: number };
  /** Calls to the platform in the last five minutes, and how many there may be. */
  upstream: { used: number; limit: number };
  /** Clients that are remembered. */
  clients: number;
}

/** What a page talks to instead of the platform. */
export interface Broker {
  /**
   * Answers a request. It rejects where it is given something else than a `Request`, and only there.
   */
  fetch(request: Request, context?: BrokerContext): Promise<Response>;
  health(): Promise<BrokerHealth>;
  close(): Promise<void>;
}

const OPTIONS = namesOf<BrokerOptions>()(
  "provider origin apiKey credentials basePath redirectPath allow sessions session cache scope",
  "correlateBy pkce returnTo errorPath cors forwarded limits tokenStore endpoints",
  "onLog metrics trace tokens fetch now monotonic random",
);
const LIMITS = namesOf<BrokerLimits>()(
  "perClient clients upstream body bodyTime answer answerTime",
);
// Neither domain nor path: a cookie that has them is one that others can set.
const SESSION = namesOf<BrokerSessionOptions>()("idle longest sameSite");
const CACHE = namesOf<BrokerCacheOptions>()("entries bytes fresh freshResources stale second");
const ENDPOINTS = namesOf<NonNullable<BrokerOptions["endpoints"]>>()(
  "api authorize token refresh revoke",
);
const CORS = namesOf<NonNullable<BrokerOptions["cors"]>>()("origins");
const FORWARDED = namesOf<ForwardedOptions>()("header trustedHops");
const ALLOWED = namesOf<AllowedEndpoint>()("name only");

const DAY = 86_400_000;
const FIVE_MINUTES = 300_000;

/** The brokers' own way, without `Request` and `Response`, for {@link nodeHandler}. */
const inner = new WeakMap<object, (inbound: Inbound) => Promise<Reply>>();

/** @internal */
export const handlerOf = (broker: Broker) => inner.get(broker);

/**
 * What a page talks to instead of the platform: it signs users in by code, keeps their tokens and the
 * key, and answers what the page may ask, most of it from its cache.
 *
 * @throws PlauditError with code `invalid_argument`, naming the option.
 */
export function createBroker<P extends ProviderName>(options: BrokerOptions<P>): Broker {
  start();
  const { provider, credentials } = strict<BrokerOptions>(options, "", OPTIONS);
  if (provider !== "trustpilot" && provider !== "trustoo") {
    throw invalid('provider: must be "trustpilot" or "trustoo"');
  }
  const platform: Platform = provider === "trustpilot" ? trustpilot : trustoo;
  const { now = Date.now, monotonic = () => performance.now(), random = randomBytes } = options;
  const { limits = {}, session = {}, correlateBy = "state", pkce = false } = options;
  const endpoints = strict(options.endpoints ?? {}, "endpoints", ENDPOINTS);
  for (const name of ["onLog", "fetch", "now", "monotonic", "random", "trace", "tokens"] as const) {
    callable(options[name], name);
  }
  const { metrics, tokenStore } = options;
  if (metrics !== undefined) {
    callable(object(metrics, "metrics").count ?? 0, "metrics.count");
    callable(metrics.time ?? 0, "metrics.time");
  }
  if (tokenStore !== undefined && typeof object(tokenStore, "tokenStore").begin !== "function") {
    throw invalid("tokenStore: must be a token store, such as redisStore(client)");
  }
  const hooks = createHooks(options.onLog, options.metrics, options.trace);
  const origin = originOf(options.origin, "origin");
  const isSecure = origin.startsWith("https:");
  const others = new Set(
    options.cors &&
      list(strict(options.cors, "cors", CORS).origins, "cors.origins").map((one) =>
        originOf(one, "cors.origins"),
      ),
  );
  others.delete(origin);
  const origins = { own: origin, others };
  const basePath = pathOf(options.basePath ?? "", "basePath");
  const redirectPath = pathOf(options.redirectPath ?? `${basePath}/callback`, "redirectPath");
  if (!redirectPath) throw invalid("redirectPath: is empty");
  const errorPath = options.errorPath;
  if (errorPath !== undefined && !isPlain(errorPath) && errorPath !== "/") {
    throw invalid("errorPath: must be a path of this site");
  }
  const style = styleOf(session, isSecure);
  const cookieName = isSecure ? "__Host-Http-plaudit" : "plaudit-dev";
  const { clientId = "" } = credentials ?? {};
  if (credentials) {
    string(strict(credentials, "credentials", CREDENTIALS).clientId, "credentials.clientId");
  }
  const clientSecret = credentials && expose(credentials.clientSecret, "credentials.clientSecret");
  const apiKey =
    options.apiKey === undefined
      ? provider === "trustpilot"
        ? clientId
        : ""
      : expose(options.apiKey, "apiKey");
  if (provider === "trustpilot" && !apiKey) throw invalid("apiKey: is missing");
  for (const [name, address] of Object.entries(endpoints)) {
    if (address !== undefined) whole(address, `endpoints.${name}`);
  }
  const base = endpoints.api ?? platform.base;
  refuseDemo(
    { id: apiKey || clientId, secret: clientSecret ?? "" },
    new URL(base).origin !== new URL(platform.base).origin,
    options.apiKey === undefined ? "credentials" : "apiKey",
    "give its address too (endpoints: { api }), or a key of the platform's",
  );
  const {
    perClient = 600,
    clients = 10_000,
    upstream: calls = 800,
    body = 65_536,
    bodyTime = 10_000,
    answer = 5_000_000,
    answerTime = 10_000,
  } = strict(limits, "limits", LIMITS);
  if (perClient !== false) count(perClient, "limits.perClient");
  for (const [name, value] of Object.entries({ clients, upstream: calls, body, answer })) {
    if (!count(value, `limits.${name}`)) throw invalid(`limits.${name}: must not be 0`);
  }
  milliseconds(bodyTime, "limits.bodyTime");
  milliseconds(answerTime, "limits.answerTime");
  const forwarded = forwardedOf(options.forwarded);
  const limiter =
    perClient === false ? undefined : createLimiter(perClient, 60_000, clients, monotonic);
  const shares =
    perClient === false
      ? undefined
      : createLimiter(Math.ceil(calls / 4), FIVE_MINUTES, clients, monotonic);
  const budget = createBudget(calls, FIVE_MINUTES, monotonic);
  const keeping = cacheOf(options.cache);
  const store = options.sessions ?? memoryKeyValue({ now });
  keyValue(store, "sessions");
  const cache =
    keeping &&
    createCache({
      ...keeping,
      absent: 10_000,
      now,
      random: () => random(4).reduce((sum, byte) => sum * 256 + byte, 0) / 2 ** 32,
      onTrouble: () => hooks.log({ level: "warn", event: "store_failed", route: "cache" }),
    });
  const sender = options.fetch ?? ((request: Request) => fetch(request));
  const upstream = createUpstream({
    ...{ platform, sender, budget, hooks },
    timeout: answerTime,
    most: answer,
  });
  const redirectUri = origin + redirectPath;
  const scope = scopes(options.scope);
  if (typeof pkce !== "boolean") throw invalid("pkce: must be true or false");
  if (correlateBy !== "state" && correlateBy !== "redirect-uri") {
    throw invalid('correlateBy: must be "state" or "redirect-uri"');
  }
  const idle = time(session.idle, 7 * DAY, "session.idle");
  const makeTokens = options.tokens ?? makeManagers(options, redirectUri, scope);
  // Bad options fail here, not at a user's first click. It sends nothing.
  if (credentials && !options.tokens) void makeTokens("options", now()).close();
  const sessions = credentials
    ? createSessions({
        ...{ store, style, cookieName, now, random, hooks, idle },
        longest: time(session.longest, 30 * DAY, "session.longest"),
        limit: (key) => limiter?.take(key) ?? 0,
        makeTokens,
      })
    : undefined;
  const signIn =
    sessions &&
    createSignIn({
      ...{ provider, clientId, redirectUri, correlateBy, scope, origins, errorPath, sessions },
      ...{ style, cookieName, now, random, hooks, share },
      // In memory apart, so that nobody's sign-ins drive out sessions.
      store: options.sessions ?? memoryKeyValue({ now }),
      pkce,
      endpoint: endpoints.authorize,
      returnTo: list(options.returnTo ?? [], "returnTo").map((one) => whole(one, "returnTo")),
      sealer: createSealer(clientSecret as string, `plaudit broker ${origin}`),
    });
  if (signIn) {
    const { authorize: endpoint } = endpoints;
    authorizeUrl({
      ...{ provider, clientId, redirectUri, scope, state: "-", responseType: "code" },
      ...(endpoint !== undefined && { endpoint }),
    });
  }
  const api = createApi({
    platform,
    provider,
    base,
    ownBase: endpoints.api,
    key: apiKey,
    account: `${provider} ${digest(apiKey)}`,
    allowed: allowedOf(provider, platform, options.allow),
    origins,
    cache,
    lives: {
      day: { fresh: keeping?.fresh ?? DAY, stale: keeping?.stale ?? 7 * DAY },
      long: { fresh: keeping?.freshResources ?? 7 * DAY, stale: keeping?.stale ?? 7 * DAY },
    },
    ...{ upstream, sessions, share },
    limits: { bodyBytes: body, bodyTime },
  });
  const apiPath = `${basePath}/api`;
  let isClosed = false;
  let isWarned = false;

  async function health(): Promise<BrokerHealth> {
    let state: BrokerHealth["sessions"] = sessions ? "ok" : "off";
    try {
      if (sessions) await store.get("health");
    } catch {
      state = "down";
    }
    return {
      status: isClosed ? "closed" : state === "down" ? "degraded" : "ok",
      sessions: state,
      cache: cache?.stats() ?? { entries: 0, bytes: 0, absent: 0, flights: 0 },
      upstream: { used: budget.used(), limit: calls },
      clients: limiter?.size() ?? 0,
    };
  }

  function clientOf(inbound: Inbound): string | undefined {
    const header = forwarded ? inbound.header(forwarded.header) : null;
    return addressOf(forwarded, header, inbound.address);
  }

  function share(inbound: Inbound): number {
    const client = shares && clientOf(inbound);
    if (!shares || client === undefined) return 0;
    const wait = shares.take(client);
    if (wait) hooks.metrics.count("plaudit.broker.refused", { reason: "client" });
    return wait;
  }

  /** Whether a client asks too often. */
  function refuseBusy(inbound: Inbound): Reply | undefined {
    if (!limiter) return undefined;
    const client = clientOf(inbound);
    if (client === undefined) {
      if (!isWarned) hooks.log({ level: "warn", event: "client_unknown" });
      isWarned = true;
      return undefined;
    }
    const wait = limiter.take(client);
    if (!wait) return undefined;
    hooks.metrics.count("plaudit.broker.refused", { reason: "client" });
    return problem(429, "rate_limited", { retryAfter: wait });
  }

  /** What is probably wrong with a path that nothing is at. */
  function missed(path: string): string | undefined {
    if (!signIn && path === `${basePath}/sign-in`) {
      return "nobody can sign in: the broker was given no credentials";
    }
    if (!OURS.test(path)) return undefined;
    const begin = basePath || "/api, /sign-in and the like";
    return `there is nothing at this address: the broker's own begin with ${begin} (see its option basePath)`;
  }

  async function answerFor(inbound: Inbound, note: Note): Promise<Reply> {
    const { target, method } = inbound;
    const [path, query] = split(target);
    if (isClosed) return problem(503, "closed", { retryAfter: 1_000 });
    if (path === `${basePath}/health`) {
      note.route = "health";
      if (method !== "GET" && method !== "HEAD") return problem(405, "method_not_allowed");
      const { status } = await health();
      return status === "ok" ? own({ status }) : { ...own({ status }), status: 503 };
    }
    const isApi = path.startsWith(`${apiPath}/`);
    const page = isApi ? undefined : pages.get(path);
    if (!isApi && !page) return problem(404, "no_route", { message: missed(path) });
    if (method === "OPTIONS") {
      return preflight(inbound.header("origin"), origins) ?? problem(405, "method_not_allowed");
    }
    note.route = isApi ? "api" : path.slice(path.lastIndexOf("/") + 1);
    const busy = refuseBusy(inbound);
    if (busy) return busy;
    return page ? page(inbound, query) : api(inbound, target.slice(apiPath.length), note);
  }

  const pages = new Map<string, (inbound: Inbound, query: string) => Promise<Reply>>(
    signIn && [
      [`${basePath}/sign-in`, signIn.signIn],
      [redirectPath, signIn.callback],
      [`${basePath}/session`, signIn.session],
      [`${basePath}/sign-out`, signIn.signOut],
    ],
  );

  async function handle(inbound: Inbound): Promise<Reply> {
    const begun = hooks.isUsed ? performance.now() : 0;
    const note: Note = { route: "none" };
    let reply: Reply;
    try {
      reply = await answerFor(inbound, note);
    } catch (error) {
      // What is not ours to know may hold anything: its code alone is told.
      const code = isPlauditError(error) ? error.code : "internal_error";
      const isStore = code === "store_unavailable";
      hooks.log({ level: "error", event: isStore ? "store_failed" : "internal_error", code });
      reply = isStore ? problem(503, code, { retryAfter: 1_000 }) : problem(500, "internal_error");
    }
    reply = withCors(reply, inbound.header("origin"), origins);
    if (hooks.isUsed) observe(inbound, reply, note, performance.now() - begun);
    return reply;
  }

  function observe({ method }: Inbound, reply: Reply, note: Note, ms: number): void {
    const { status } = reply;
    const { route, cache: kept = "none" } = note;
    const requestId = reply.headers["x-request-id"];
    const attributes = { route, method: METHODS.has(method) ? method : "other", status };
    hooks.metrics.count("plaudit.broker.requests", { ...attributes, cache: kept });
    hooks.metrics.time("plaudit.broker.duration", ms, { ...attributes, cache: kept });
    hooks.log({
      level: status >= 500 ? "error" : "info",
      event: "request",
      ...attributes,
      cache: kept,
      ms,
      ...(requestId && { requestId }),
    });
  }

  const broker: Broker = {
    async fetch(request, context) {
      if (!isRequest(request)) {
        throw invalid("request: must be a Request (for node:http there is nodeHandler)");
      }
      return toResponse(await handle(new FetchInbound(request, context)), request.method);
    },
    health,
    async close() {
      isClosed = true;
      await sessions?.close();
    },
  };
  inner.set(broker, handle);
  return broker;
}

/** How the broker's own paths end, wherever it is mounted. */
const OURS = /\/(?:api\/.+|sign-in|callback|session|sign-out|health)$/;
const METHODS = new Set(["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]);

/** By what it has: frameworks bring classes of their own. */
function isRequest(value: unknown): value is Request {
  const { url, method, headers } = Object(value) as Partial<Request>;
  const isText = typeof url === "string" && typeof method === "string";
  return isText && typeof headers?.get === "function";
}

/**
 * A request as fetch has it. A class, no literal with a getter: V8 gives each of those a shape of its
 * own, which keeps the request alive until the next major collection.
 */
class FetchInbound implements Inbound {
  readonly method: string;
  readonly target: string;
  readonly address: string | undefined;
  readonly waitUntil: BrokerContext["waitUntil"];
  readonly #request: Request;

  constructor(request: Request, context: BrokerContext | undefined) {
    this.#request = request;
    this.method = request.method;
    this.target = targetOf(request.url);
    this.address = context?.clientAddress;
    // By the context itself: a worker's wants to be called as its own.
    this.waitUntil = context?.waitUntil && ((work) => context.waitUntil?.(work));
  }

  header(name: string): string | null {
    return this.#request.headers.get(name);
  }

  body(): AsyncIterable<Uint8Array> | null {
    const { body } = this.#request;
    return body ? pieces(body) : null;
  }

  /** Not asked for ahead: some runtimes make the signal when it is. */
  get signal(): AbortSignal {
    return this.#request.signal;
  }
}

/**
 * A stream's pieces; not all runtimes have them of the stream itself. No generator: that would let go
 * of a body that has stopped coming when its next byte comes, if ever.
 */
function pieces(stream: ReadableStream<Uint8Array>): AsyncIterableIterator<Uint8Array, undefined> {
  const reader = stream.getReader();
  const end = { done: true, value: undefined } as const;
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? end : { done, value };
    },
    async return() {
      await reader.cancel().catch(() => {});
      return end;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function toResponse({ status, headers, cookies, text }: Reply, method: string): Response {
  const body = method === "HEAD" ? null : text;
  // 499 is nobody's to see, and no status that all runtimes take.
  if (!cookies) return new Response(body, { status, headers });
  const all = new Headers(headers);
  for (const cookie of cookies) all.append("set-cookie", cookie);
  return new Response(body, { status, headers: all });
}

/** An origin to the letter: what stands in configuration is compared with what browsers send. */
function originOf(text: string, name: string): string {
  let url: URL;
  try {
    url = new URL(string(text, name));
  } catch (cause) {
    if (isPlauditError(cause)) throw cause;
    throw invalid(`${name}: must be an origin such as https://shop.example`);
  }
  const isHost = /^[\w.:[\]-]+$/.test(url.host);
  if (url.origin !== text || !isHost || !isSafe(`${url.origin}/`)) {
    throw invalid(`${name}: must be an origin alone, https (http on loopback): no path, no slash`);
  }
  return text;
}

function pathOf(path: string, name: string): string {
  if (string(path, name) !== "" && !isPlain(path)) {
    throw invalid(
      `${name}: must be a plain path such as /broker: nothing encoded, no slash at the end`,
    );
  }
  return path;
}

function whole(address: string, name: string): string {
  const isWhole = URL.canParse(string(address, name)) && isSafe(address);
  if (!isWhole || /[^\x21-\x7e]/.test(address)) {
    throw invalid(`${name}: must be a whole address, https (http on loopback)`);
  }
  return address;
}

function styleOf(session: BrokerSessionOptions, isSecure: boolean): CookieStyle {
  const { sameSite = "Lax" } = strict(session, "session", SESSION);
  if (sameSite !== "Lax" && sameSite !== "Strict") {
    throw invalid('session.sameSite: must be "Lax" or "Strict"');
  }
  return { isSecure, sameSite };
}

function time(value: number | undefined, usual: number, name: string): number {
  if (value === undefined) return usual;
  if (!(Number.isFinite(value) && value > 0)) throw invalid(`${name}: must be milliseconds`);
  return value;
}

function keyValue(value: unknown, name: string): void {
  const store = object(value as KeyValue, name);
  for (const method of ["get", "set", "add", "delete"] as const) {
    callable(store[method] ?? 0, `${name}.${method}`);
  }
}

function forwardedOf(options: ForwardedOptions | undefined): ForwardedOptions | undefined {
  if (options === undefined) return undefined;
  const { header, trustedHops } = strict(options, "forwarded", FORWARDED);
  if (!/^[\w-]+$/.test(string(header, "forwarded.header"))) {
    throw invalid("forwarded.header: must be a header's name");
  }
  if (!count(trustedHops, "forwarded.trustedHops", 10)) {
    throw invalid("forwarded.trustedHops: must be the number of your proxies, from 1");
  }
  return { header: header.toLowerCase(), trustedHops };
}

function cacheOf(given: BrokerOptions["cache"]) {
  if (given === false) return undefined;
  const options = object(given ?? {}, "cache");
  // As much of one as says that it is to be one: what it lacks is told below.
  const isStore = "add" in options || "get" in options;
  const own: BrokerCacheOptions = isStore
    ? { second: options as KeyValue }
    : strict(options, "cache", CACHE);
  const { entries = 5_000, bytes = 64_000_000, second } = own;
  if (second !== undefined) keyValue(second, isStore ? "cache" : "cache.second");
  count(entries, "cache.entries");
  count(bytes, "cache.bytes");
  return {
    ...{ entries, bytes, second },
    fresh: time(own.fresh, DAY, "cache.fresh"),
    freshResources: time(own.freshResources, 7 * DAY, "cache.freshResources"),
    stale: time(own.stale, 7 * DAY, "cache.stale"),
  };
}

/** A token manager for each user. */
function makeManagers(
  { provider, credentials, endpoints = {}, ...options }: BrokerOptions,
  redirectUri: string,
  scope: readonly string[],
): (subject: string, until: number) => UserTokens {
  const { now, monotonic } = options;
  const store = options.tokenStore ?? memoryStore(now && { now });
  const { api, token, refresh, revoke } = endpoints;
  return (subject, keepUntil) =>
    createTokenManager({
      ...{ provider, store, subject, scope, baseUrl: api, fetch: options.fetch, now, monotonic },
      credentials: credentials as Credentials,
      grant: { type: "authorization_code", redirectUri },
      endpoints: { token, refresh, revoke },
      // The record lasts as long as a session over it can, and no longer.
      keepUntil,
    });
}

/** The routes that the page may ask. */
function allowedOf(
  provider: ProviderName,
  { groups }: Platform,
  given: readonly (string | AllowedEndpoint)[] | undefined,
): Allowed[] {
  const all = routesOf(groups).map((route) => ({ route, isPrivate: false }));
  if (given === undefined) {
    return all.filter(({ route }) => !isWrite(route)).map((one) => ({ ...one, only: {} }));
  }
  if (!Array.isArray(given)) throw invalid("allow: must be a list of names");
  if (provider === "trustpilot") {
    const more = routesOf(trustpilotPrivate.groups, methods[provider]);
    all.push(...more.map((route) => ({ route, isPrivate: true })));
  }
  const names = new Set<string>();
  return given.map((one: string | AllowedEndpoint) => {
    const { name, only = {} } =
      typeof one === "string" ? { name: one } : strict(one, "allow", ALLOWED);
    const found = all.find(({ route }) => route.name === string(name, "allow.name"));
    if (!found) throw unknown(name, all);
    if (names.has(name)) throw invalid(`allow: has ${found.route.name} twice`);
    names.add(name);
    const { route } = found;
    const sets = Object.entries(object(only, "allow.only")).map(([parameter, values]) => {
      const known = [...route.inPath, ...route.others].find((own) => own.name === parameter);
      if (!known) {
        const names = [...route.inPath, ...route.others].map((own) => own.name);
        const all = names.length ? `; it has ${names.join(", ")}` : "";
        throw invalid(`allow.only: ${route.name} has no parameter ${shown(parameter)}${all}`);
      }
      if (!Array.isArray(values)) throw invalid("allow.only: must be lists of values");
      const spelled = values.map((value) => canonical(known.kind, String(value)));
      return [parameter, new Set(spelled)] as const;
    });
    return { ...found, only: Object.fromEntries(sets) };
  });
}

function unknown(name: string, all: readonly Pick<Allowed, "route">[]) {
  const near = nearest(
    name,
    all.map(({ route }) => route.name),
  );
  const hint = near.length ? `; did you mean ${near.join(" or ")}?` : "";
  return invalid(`allow: "${shown(name)}" is no request of this platform${hint}`);
}

function routesOf(
  groups: Platform["groups"],
  verbs: { readonly [name: string]: string } = {},
): Route[] {
  return Object.entries(groups).flatMap(([group, rows]) =>
    Object.entries(rows).map(([name, row]) => {
      const own = `${group}.${name}`;
      return routeOf(own, row, verbs[own]);
    }),
  );
}
