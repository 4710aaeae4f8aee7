import { callable, milliseconds, object, string } from "../arguments.js";
import {
  invalid,
  isPlauditError,
  PlauditError,
  type PlauditErrorCode,
  type ReauthorizationReason,
} from "../errors.js";
import { apiOrigins } from "../oauth.js";
import type { ProviderName } from "../types.js";
import { call } from "./core.js";
import { namesOf, refuseDemo, strict } from "./options.js";
import { expose, type Secret } from "./secret.js";
import { memoryStore } from "./stores/memory.js";
import type { Begun, Failing, RecordView, TokenKey, TokenStore } from "./stores/types.js";
import { type Fetch, type GrantRequest, type Outcome, type Tokens, Upstream } from "./upstream.js";

/** Who asks for tokens. */
export interface Credentials {
  /** At Trustpilot the API key. */
  readonly clientId: string;
  /** At Trustpilot the API secret. Wrapped by `secret()` no log shows it. */
  readonly clientSecret: string | Secret;
  /**
   * Where the two go: `Authorization: Basic` or the body. Default: what the platform documents first,
   * the header at Trustpilot; Trustoo knows the body alone.
   */
  readonly sendIn?: "header" | "body" | undefined;
}

/** Tokens of the application itself, of no user. They have no refresh token and need none. */
export interface ClientCredentialsGrant {
  readonly type: "client_credentials";
}

/**
 * Tokens of a user by name and password. Trustpilot alone has it.
 *
 * @deprecated The platform has deprecated it, users with two-step verification cannot use it, and
 * RFC 9700 §2.4 forbids it: use `authorization_code`.
 */
export interface PasswordGrant {
  readonly type: "password";
  readonly username: string;
  readonly password: string | Secret;
}

/** Tokens of a user who signs in: the code arrives by {@link TokenManager.exchange}. */
export interface AuthorizationCodeGrant {
  readonly type: "authorization_code";
  /** To the letter that of the authorize URL; `exchange` may give another. */
  readonly redirectUri?: string | undefined;
}

/** Tokens by a refresh token from elsewhere. It is used once; then the store has the newest. */
export interface RefreshTokenGrant {
  readonly type: "refresh_token";
  readonly refreshToken: string | Secret;
}

/** What {@link createTokenManager} takes. */
export interface TokenManagerOptions {
  /** Whose tokens: the platform's name. */
  readonly provider: ProviderName;
  /** The application's key and secret at the platform. */
  readonly credentials: Credentials;
  /** How tokens are got; its `type` says which grant. */
  readonly grant:
    | ClientCredentialsGrant
    | PasswordGrant
    | AuthorizationCodeGrant
    | RefreshTokenGrant;
  /** Where tokens are kept. Default: {@link memoryStore}. */
  readonly store?: TokenStore | undefined;
  /** Whose tokens: a part of the store's key. Default: `"default"`. */
  readonly subject?: string | undefined;
  /** What is asked for. A part of the store's key. */
  readonly scope?: string | readonly string[] | undefined;
  /** An integration partner's id, sent in a header of each token request. */
  readonly partnerId?: string | undefined;
  /** That header's name. Trustpilot's guide does not tell it: ask your Partner Manager. */
  readonly partnerIdHeader?: string | undefined;
  /** Sent as `x-business-user-id` by {@link TokenManager.fetch}: tokens of no user need it. */
  readonly businessUserId?: string | undefined;
  /** The base address of the API, in place of the platform's. */
  readonly baseUrl?: string | undefined;
  /** Whole addresses in place of those made of the base. */
  readonly endpoints?:
    | {
        readonly token?: string | undefined;
        readonly refresh?: string | undefined;
        readonly revoke?: string | undefined;
      }
    | undefined;
  /** In place of the global `fetch`. It must not try again by itself, nor follow redirects. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** The share of its life after which a token is refreshed in the background. Default: 0.6. */
  readonly refreshAt?: number | undefined;
  /** How long before its end a token is no longer handed out, in milliseconds. Default: 60,000. */
  readonly skew?: number | undefined;
  /**
   * For how many milliseconds the platform answers a refresh token that was used with the same pair
   * again. Not documented by either platform. Default: null, not at all.
   */
  readonly refreshReuseMs?: number | null | undefined;
  /** Whether a refresh ends the access token before it. Default: true, as Trustpilot says. */
  readonly oldAccessTokenDies?: boolean | undefined;
  /**
   * The numbers of the envelope that say that a refresh token or a code is no good. Trustoo does not
   * document which they are. Default: `[5]`, "not found".
   */
  readonly invalidGrantCodes?: readonly number[] | undefined;
  /** How long one process leads a refresh, in milliseconds. Default: 30,000. */
  readonly lease?: number | undefined;
  /** How long `token()` waits, in milliseconds. Default: 10,000. */
  readonly timeout?: number | undefined;
  /** How long a process goes by what it read from the store, in milliseconds. Default: 1000. */
  readonly readCache?: number | undefined;
  /**
   * How long after its access token's end the record is kept in the store, if nobody refreshes it, in
   * milliseconds. It counts where the life of the token is known. Default: for good.
   */
  readonly keepFor?: number | undefined;
  /**
   * When the record goes at the latest, in milliseconds since the Unix epoch: for tokens of a session
   * that ends then. Default: never.
   */
  readonly keepUntil?: number | undefined;
  /**
   * For tests: the wall clock. By it a `Retry-After` that is a date is read, and a token ends that a
   * suspended machine's other clock holds for younger than it is.
   */
  readonly now?: (() => number) | undefined;
  /** For tests: a clock in milliseconds that is never set. Default: `performance.now`. */
  readonly monotonic?: (() => number) | undefined;
  /** For tests: whole numbers from 0 to 2^32 - 1. */
  readonly random?: (() => number) | undefined;
}

/** What bounds a wait. */
export interface WaitOptions {
  /** Ends this wait, and nothing else. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, in place of the manager's. */
  readonly timeout?: number | undefined;
}

/** What {@link TokenManager.exchange} takes. */
export interface ExchangeOptions {
  /** What `parseCallback` read from the redirect; it is good once. */
  readonly code: string | Secret;
  /** In place of the grant's. */
  readonly redirectUri?: string | undefined;
  /** PKCE (RFC 7636). No document of either platform speaks of it. */
  readonly codeVerifier?: string | Secret | undefined;
}

/** How things are. No token stands in it. */
export interface TokenStatus {
  readonly provider: ProviderName;
  readonly subject: string;
  /** `unknown`: the store does not answer and this process has no token. */
  readonly state: "none" | "valid" | "expired" | "reauthorization_required" | "unknown";
  readonly reason: ReauthorizationReason | null;
  /** Counts the tokens. */
  readonly generation: number;
  /** Milliseconds; null: not known. */
  readonly expiresInMs: number | null;
  /** Milliseconds until it is refreshed in the background. */
  readonly refreshInMs: number | null;
  readonly hasRefreshToken: boolean;
  readonly scope: readonly string[] | null;
  /** Whether a refresh is under way, or one was and nobody knows what came of it. */
  readonly isRefreshing: boolean;
  /** While it is there, nobody asks the platform. */
  readonly gate: { readonly cause: string; readonly forMs: number } | null;
  readonly store: { readonly ok: boolean; readonly warnings: readonly string[] };
}

/** What {@link TokenManager.on} tells of. No token stands in it. */
export type TokenEvent = {
  readonly provider: ProviderName;
  readonly subject: string;
} & (
  | { readonly type: "refreshed"; readonly generation: number }
  | {
      readonly type: "reauthorization_required";
      readonly reason: ReauthorizationReason;
      readonly generation: number;
    }
  | {
      readonly type: "gated";
      readonly cause: "rate_limited" | "unavailable" | "configuration";
      readonly forMs: number;
    }
  | {
      readonly type: "store_unavailable";
      /** What the store said. */
      readonly message: string;
    }
  | { readonly type: "store_recovered" }
  | {
      readonly type: "discarded";
      /** Whether the platform revoked them; if not, they live until their end, and nobody has them. */
      readonly revoked: boolean;
    }
);

/** The names of the events. */
export type TokenEventName = TokenEvent["type"];

/** Tokens that are simply there. Made by {@link createTokenManager}. */
export interface TokenManager {
  /**
   * The access token: the one at hand while it is valid, else a new one. However many ask, in however
   * many processes that share the store, the platform is asked once.
   *
   * @throws PlauditError: `token_pending`, `rate_limited`, `server_error`, `store_unavailable` (all
   * retryable), `configuration_error`, `reauthorization_required`, `aborted`.
   */
  token(options?: WaitOptions): Promise<string>;
  /**
   * `fetch` with the token, to the platform's origins alone. After a 401 the token is refreshed, once
   * for all who were refused, and the request sent once more, unless its body is a stream. A redirect
   * is not followed: it is the answer.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Tells that the platform refused this token with 401; it is refreshed, once for all who tell. */
  refused(token: string): Promise<void>;
  /** Makes tokens of the code of a sign-in. It ends `reauthorization_required`. */
  exchange(options: ExchangeOptions): Promise<void>;
  /**
   * Revokes the tokens at the platform and forgets them in the store. Where the platform does not
   * revoke them they stay, so that it can be tried again, unless they are to be forgotten `anyway`.
   */
  revoke(options?: { readonly anyway?: boolean | undefined }): Promise<void>;
  /**
   * Forgets the tokens in the store and asks the platform for nothing: there they live until their
   * end. Who refreshes them meanwhile does not bring them back, and ten minutes later nothing is left
   * of the record.
   */
  forget(): Promise<void>;
  /** How things are. */
  status(): Promise<TokenStatus>;
  /** Calls `listener` for each such event; the function that it gives back ends that. */
  on<T extends TokenEventName>(
    type: T,
    listener: (event: Extract<TokenEvent, { readonly type: T }>) => void,
  ): () => void;
  /** Takes no more calls; resolves when what was sent is answered and stored, in 10 s at most. */
  close(): Promise<void>;
}

const EVENTS: readonly TokenEventName[] = [
  "refreshed",
  "reauthorization_required",
  "gated",
  "store_unavailable",
  "store_recovered",
  "discarded",
];

const LONGEST_TIMER = 2_147_483_647;
/** Callers whose time is up within this of each other wait as one. */
const BUCKET = 50;
/** Where the flights begin that the machine does not number. */
const OWN_FLIGHTS = 2 ** 52;
const CLOSE_WITHIN = 10_000;
/** A century: stores count no further. */
const LONGEST_KEPT = 36_525 * 86_400_000;
const STORE_TIMEOUT = 1000;
const STORE_GRACE = 20;

// --- what the machine says; see src/server/tokens/machine.rs ---

type What = { readonly type: string } & Readonly<Record<string, unknown>>;

type Action =
  | { readonly type: "read"; readonly op: number }
  | {
      readonly type: "begin";
      readonly op: number;
      readonly seen: number;
      readonly leaseMs: number;
    }
  | { readonly type: "mark"; readonly op: number; readonly fence: number }
  | {
      readonly type: "send";
      readonly flight: number;
      readonly how: "refresh" | "refresh_at_token_endpoint" | "grant";
      readonly generation: number;
    }
  | {
      readonly type: "commit";
      readonly op: number;
      readonly flight: number;
      readonly grant: boolean;
      readonly import: boolean;
      readonly base: number;
      readonly consumed: string | null;
      readonly rt: string | null;
      readonly lifeMs: number | null;
      readonly refreshInMs: number | null;
      readonly keepMs: number | null;
    }
  | { readonly type: "fail"; readonly op: number; readonly fence: number; readonly what: Failing }
  | {
      readonly type: "end";
      readonly op: number;
      readonly base: number;
      readonly cause: "revoked";
      readonly reusable: boolean;
      readonly keepMs: number | null;
    }
  | { readonly type: "drop"; readonly flight: number }
  | { readonly type: "revoke"; readonly flight: number }
  | { readonly type: "adopt"; readonly flight: number; readonly generation: number }
  | { readonly type: "serve"; readonly callers: readonly number[]; readonly generation: number }
  | {
      readonly type: "reject";
      readonly callers: readonly number[];
      readonly code: PlauditErrorCode;
      readonly reason?: ReauthorizationReason | null;
      readonly retryAfterMs?: number | null;
    }
  | { readonly type: "resolve"; readonly callers: readonly number[] }
  | { readonly type: "emit"; readonly event: { readonly type: TokenEventName } };

interface Step {
  readonly machine: unknown;
  readonly actions: readonly Action[];
  readonly serving: {
    readonly generation: number;
    readonly untilMs: number;
    readonly wallUntilMs?: number;
  } | null;
  readonly wakeMs: number | null;
  readonly keep: readonly number[];
}

interface Description {
  readonly base: string;
  readonly grants: readonly string[];
  readonly hasRefreshEndpoint: boolean;
  readonly businessUserHeader: string | null;
  readonly oldAccessTokenDies: boolean;
  readonly refreshReuseMs: number | null;
}

/** What a caller gets: the token, and which one it is. */
interface Served {
  readonly token: string;
  readonly generation: number;
}

interface Caller {
  resolve(served: Served): void;
  reject(error: PlauditError): void;
}

/** Callers that the machine counts as one. */
interface Waiter {
  readonly bucket: string | undefined;
  readonly callers: Set<Caller>;
}

/** What the platform said last where it did not give tokens. */
interface Said {
  readonly status?: number | undefined;
  readonly oauthError?: string | undefined;
  readonly description?: string | undefined;
  readonly cause?: unknown;
}

const WORDS: Partial<Record<PlauditErrorCode, string>> = {
  token_pending:
    "the token was not there in time: another process is getting it, or the platform is slow",
  store_unavailable: "the token store does not answer, and no token that is still valid is at hand",
  rate_limited: "the platform was asked for tokens too often",
  server_error: "the platform gave no token: it failed, or did not answer",
  configuration_error: "the platform refused client, secret or grant as they are configured",
  reauthorization_required: "the grant is at its end: sign in again",
};
const NEVER_SIGNED_IN =
  "nobody has signed in yet: give the code of a sign-in to exchange() (never_signed_in)";
/** @internal */
export const CREDENTIALS = namesOf<Credentials>()("clientId clientSecret sendIn");
const OPTIONS = namesOf<TokenManagerOptions>()(
  "provider credentials grant store subject scope partnerId partnerIdHeader businessUserId",
  "baseUrl endpoints fetch refreshAt skew refreshReuseMs oldAccessTokenDies invalidGrantCodes",
  "lease timeout readCache keepFor keepUntil now monotonic random",
);
const ENDPOINTS = namesOf<NonNullable<TokenManagerOptions["endpoints"]>>()("token refresh revoke");
const CLIENT_GRANT = namesOf<ClientCredentialsGrant>()("type");
const PASSWORD_GRANT = namesOf<PasswordGrant>()("type username password");
const CODE_GRANT = namesOf<AuthorizationCodeGrant>()("type redirectUri");
const REFRESH_GRANT = namesOf<RefreshTokenGrant>()("type refreshToken");
const EXCHANGE = namesOf<ExchangeOptions>()("code redirectUri codeVerifier");
const NUMBERS = [
  "refreshAt",
  "skew",
  "readCache",
  "lease",
  "timeout",
  "refreshReuseMs",
  "keepFor",
  "keepUntil",
] as const;
const RETRYABLE: readonly PlauditErrorCode[] = [
  "token_pending",
  "store_unavailable",
  "rate_limited",
  "server_error",
];

/** Keeps a grant's tokens. Making one sends nothing. */
export function createTokenManager(options: TokenManagerOptions): TokenManager {
  const { provider, credentials, grant, subject = "default" } = strict(options, "", OPTIONS);
  const { store = memoryStore(), lease, timeout = 10_000, businessUserId, keepUntil } = options;
  const { now = Date.now, monotonic = () => performance.now(), random = random32 } = options;
  string(provider, "provider");
  const { sendIn } = strict(credentials, "credentials", CREDENTIALS);
  if (sendIn !== undefined && sendIn !== "header" && sendIn !== "body") {
    throw invalid('credentials.sendIn: must be "header" or "body"');
  }
  if (options.endpoints !== undefined) strict(options.endpoints, "endpoints", ENDPOINTS);
  if (typeof grant === "string" || grant === undefined) {
    throw invalid('grant: must be an object, such as { type: "client_credentials" }');
  }
  object(grant, "grant");
  for (const name of NUMBERS) {
    const value: unknown = options[name] ?? undefined;
    if (value !== undefined && typeof value !== "number")
      throw invalid(`${name}: must be a number`);
  }
  if (Number.isNaN(keepUntil)) throw invalid("keepUntil: must be a time");
  if (Number.isNaN(options.keepFor)) throw invalid("keepFor: must be milliseconds");
  object(store, "store");
  for (const name of ["fetch", "now", "monotonic", "random"] as const)
    callable(options[name], name);
  for (const method of ["read", "begin", "mark", "commit", "fail", "end"] as const) {
    if (typeof store[method] !== "function") throw invalid("store: must be a token store");
  }
  const scope = scopesOf(options.scope);
  // What stands between subject and scope must not stand in either.
  if (string(subject, "subject") === "" || /\p{Cc}/u.test(subject)) {
    throw invalid("subject: must be text without control characters, not empty");
  }
  if (businessUserId !== undefined && !/^[\x21-\x7e]+$/.test(businessUserId)) {
    throw invalid("businessUserId: is not fit for a header");
  }
  const clientId = string(credentials.clientId, "credentials.clientId");
  const clientSecret = expose(credentials.clientSecret, "credentials.clientSecret");
  const description = call<Description>("describe_server", { provider });
  const own = ownGrant(grant);
  const asked = options.endpoints?.token ?? options.baseUrl;
  // A fetch of one's own may be the sandbox itself.
  refuseDemo(
    { id: clientId, secret: clientSecret },
    options.fetch !== undefined || (asked !== undefined && !isAt(asked, apiOrigins(provider))),
    "credentials",
    "give its address too (baseUrl), or the credentials of your application",
  );
  const policy = call<unknown>("tokens_policy", {
    grant: grant.type,
    refreshAt: options.refreshAt,
    skewMs: options.skew,
    readCacheMs: options.readCache,
    leaseMs: lease,
    timeoutMs: timeout,
    refreshReuseMs: options.refreshReuseMs ?? description.refreshReuseMs,
    oldAccessTokenDies: options.oldAccessTokenDies ?? description.oldAccessTokenDies,
    refreshFallback: description.hasRefreshEndpoint,
    keepForMs: options.keepFor,
  });
  const fetcher: Fetch = (request) => (options.fetch ?? fetch)(request);
  const upstream = new Upstream(
    {
      provider,
      clientId,
      clientSecret,
      sendIn: credentials.sendIn,
      baseUrl: options.baseUrl,
      endpoints: options.endpoints,
      partnerId: options.partnerId,
      partnerIdHeader: options.partnerIdHeader,
    },
    fetcher,
    now,
    options.invalidGrantCodes,
  );
  // What is wrong is said now, not at the first token.
  upstream.prepare(
    own ?? { type: "authorization_code", code: "code", redirectUri: redirectOf(grant) ?? "x" },
    scope,
  );
  const imported = own?.type === "refresh_token" ? own.refreshToken : undefined;
  // Another secret makes a refresh token no other one: what followed it stays.
  const basis = own?.type === "refresh_token" ? [own] : [own, clientSecret];
  const source = own ? fingerprint(JSON.stringify(basis)) : null;
  const { baseUrl, endpoints, partnerId, partnerIdHeader } = options;
  const client = fingerprint(
    JSON.stringify([own, clientSecret, sendIn, baseUrl, endpoints, partnerId, partnerIdHeader]),
  );
  const key: TokenKey = {
    provider,
    client: clientId,
    subject: scope.length ? `${subject}\n${scope.join(" ")}` : subject,
  };
  const origins = new Set(apiOrigins(provider));
  origins.add(new URL(options.baseUrl ?? description.base).origin);

  // What needs random numbers waits for the first call: workerd has none before it.
  let owner = "";
  let machine: unknown;
  let serving: Step["serving"] = null;
  let wakeMs: number | null = null;
  let timer: Timer | undefined;
  let said: Said | undefined;
  /** What the store failed with last. */
  let storeSaid: PlauditError | undefined;
  /** The store holds tokens that no key of this process opens. */
  let isLocked = false;
  let isStepping = false;
  let isClosed = false;
  /** Store calls and requests under way. */
  let running = 0;
  let lastCaller = 0;
  let lastFlight = OWN_FLIGHTS;
  let idle: (() => void) | undefined;
  let closing: Promise<void> | undefined;
  const events: What[] = [];
  const byGeneration = new Map<number, Tokens>();
  const byFlight = new Map<number, Tokens>();
  const waiters = new Map<number, Waiter>();
  const buckets = new Map<string, number>();
  const listeners = new Map<TokenEventName, Set<(event: never) => void>>();

  // --- the machine ---

  function step(what: What): void {
    events.push(what);
    if (isStepping) return;
    isStepping = true;
    try {
      for (let next = events.shift(); next; next = events.shift()) take(next);
    } finally {
      isStepping = false;
    }
    arm();
    if (isIdle()) idle?.();
  }

  function finished(): void {
    running--;
    if (isIdle()) idle?.();
  }

  function take(what: What): void {
    machine ??= call<unknown>("tokens_start", { policy, random: random() });
    owner ||= Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join("");
    const event = { nowMs: clock(), wallMs: wall(), random: random(), what };
    let step: Step;
    try {
      step = call<Step>("tokens_step", { policy, machine, event });
    } catch (error) {
      // A store of one's own that answers something else has failed.
      const { op } = what as { readonly op?: unknown };
      if (op === undefined || what.type === "store_failed") throw error;
      take({ type: "store_failed", op });
      return;
    }
    ({ machine, serving, wakeMs } = step);
    for (const action of step.actions) perform(action);
    for (const generation of byGeneration.keys()) {
      if (!step.keep.includes(generation)) byGeneration.delete(generation);
    }
  }

  const clock = () => Math.floor(monotonic());
  const wall = () => Math.max(0, Math.floor(now()));

  function arm(): void {
    clearTimeout(timer);
    if (wakeMs === null || (isClosed && isIdle())) return;
    const wait = Math.min(Math.max(Math.ceil(wakeMs - monotonic()), 0), LONGEST_TIMER);
    timer = setTimeout(() => step({ type: "wake" }), wait);
    // A process may end although its token would have to be refreshed some day, but not while
    // somebody waits or tokens are not stored yet.
    if (waiters.size === 0 && byFlight.size === 0) (timer as { unref?(): void }).unref?.();
  }

  // Once it is closed, only who revokes or exchanges still waits.
  const isIdle = () => running === 0 && byFlight.size === 0 && waiters.size === 0;

  function perform(action: Action): void {
    switch (action.type) {
      case "read":
        operate(
          action.op,
          () => store.read(key),
          (view) => ({ type: "read", view: known(view) }),
        );
        break;
      case "begin": {
        const { op, seen, leaseMs } = action;
        operate(
          op,
          () => store.begin(key, { owner, seen, source, client, leaseMs }),
          (begun) => ({ type: "begun", begun: knownBegun(begun) }),
        );
        break;
      }
      case "mark":
        operate(
          action.op,
          () => store.mark(key, { owner, fence: action.fence }),
          ({ marked }) => ({ type: "marked", marked }),
        );
        break;
      case "commit":
        commit(action);
        break;
      case "fail":
        operate(
          action.op,
          () => store.fail(key, { owner, fence: action.fence, what: action.what }),
          ({ accepted, view }) => ({ type: "failed", accepted, view: known(view) }),
        );
        break;
      case "end":
        operate(
          action.op,
          () => {
            const { base, cause, reusable, keepMs } = action;
            return store.end(key, { base, cause, reusable, keepMs, source });
          },
          ({ accepted, view }) => ({ type: "ended", accepted, view: known(view) }),
        );
        break;
      case "send":
        send(action);
        break;
      case "drop":
        byFlight.delete(action.flight);
        break;
      case "revoke":
        discard(action.flight);
        break;
      case "adopt": {
        const tokens = byFlight.get(action.flight);
        if (tokens) byGeneration.set(action.generation, tokens);
        byFlight.delete(action.flight);
        break;
      }
      case "serve":
        serve(action.callers, action.generation);
        break;
      case "reject": {
        const { code, reason, retryAfterMs } = action;
        settle(action.callers, (caller) => caller.reject(failed(code, reason, retryAfterMs)));
        break;
      }
      case "resolve":
        settle(action.callers, (caller) => caller.resolve({ token: "", generation: 0 }));
        break;
      case "emit":
        tell({ ...action.event, ...whyOf(action.event.type), provider, subject } as TokenEvent);
        break;
    }
  }

  function settle(ids: readonly number[], end: (caller: Caller) => void): void {
    for (const id of ids) {
      const waiter = waiters.get(id);
      if (!waiter) continue;
      waiters.delete(id);
      if (waiter.bucket !== undefined) buckets.delete(waiter.bucket);
      for (const caller of waiter.callers) end(caller);
    }
  }

  function serve(ids: readonly number[], generation: number): void {
    const token = byGeneration.get(generation)?.accessToken;
    settle(ids, (caller) => {
      if (token === undefined) caller.reject(failed("store_unavailable"));
      else caller.resolve({ token, generation });
    });
  }

  function failed(
    code: PlauditErrorCode,
    reason?: ReauthorizationReason | null,
    retryAfterMs?: number | null,
  ): PlauditError {
    const isOfPlatform = code !== "token_pending" && code !== "store_unavailable";
    const isOfStore = code === "store_unavailable";
    let words = WORDS[code] ?? code;
    if (reason === "never_signed_in") words = NEVER_SIGNED_IN;
    else if (code === "reauthorization_required") words = `${words} (${reason})`;
    else if (isOfStore && storeSaid) words = `${words}: ${storeSaid.message}`;
    return new PlauditError(code, words, {
      ...(isOfPlatform && reason !== "never_signed_in" && said),
      ...(isOfStore && storeSaid && { cause: storeSaid }),
      retryable: RETRYABLE.includes(code) && !(isOfStore && isLocked),
      retryAfter: typeof retryAfterMs === "number" ? Math.ceil(retryAfterMs / 1000) : undefined,
      reason: reason ?? undefined,
    });
  }

  // --- the store ---

  const whyOf = (type: TokenEventName) =>
    type === "store_unavailable" && { message: storeSaid?.message ?? "the store failed" };

  /** Runs a call of the store within its time; a late answer is nobody's. */
  function operate<T>(op: number, run: () => Promise<T>, read: (answer: T) => What): void {
    let isOver = false;
    running++;
    const end = (what: () => What) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(alarm);
      running--;
      let outcome: What;
      storeSaid = undefined;
      isLocked = false;
      try {
        outcome = what();
      } catch (error) {
        // Our stores' errors hold no tokens; those of others may.
        storeSaid = isPlauditError(error) ? error : undefined;
        outcome = { type: "store_failed" };
      }
      step({ ...outcome, op });
    };
    const fail = (error: unknown) =>
      end(() => {
        throw error;
      });
    const tooLate = () => fail(new PlauditError("store_unavailable", "it did not answer in time"));
    // A process that was stopped runs its timers before it reads what came meanwhile.
    let alarm = setTimeout(() => {
      alarm = setTimeout(tooLate, STORE_GRACE);
    }, store.timeout ?? STORE_TIMEOUT);
    // A store that throws before it gives a promise has failed too.
    (async () => run())().then((answer) => end(() => read(answer)), fail);
  }

  /** The view without its blob, whose tokens are kept. */
  function known({ blob, locked, ...view }: RecordView): object {
    if (typeof locked === "string") {
      isLocked = true;
      storeSaid = lockedOut(locked);
      return { ...view, locked: true };
    }
    // Also where it is there: a store that lost its newest writes counts the same once more.
    if (typeof blob === "string") byGeneration.set(view.generation, tokensOf(blob));
    return view;
  }

  const knownBegun = (begun: Begun) => ({ ...begun, view: known(begun.view) });

  function commit(action: Extract<Action, { readonly type: "commit" }>): void {
    const { op, flight, grant, base, consumed, lifeMs, refreshInMs } = action;
    const tokens = action.import ? { refreshToken: imported } : byFlight.get(flight);
    const rt = action.import && imported !== undefined ? fingerprint(imported) : action.rt;
    const keepMs = kept(action.keepMs);
    const input = { owner, grant, base, consumed, rt, lifeMs, refreshInMs, source, keepMs };
    operate(
      op,
      () => store.commit(key, { ...input, blob: JSON.stringify(tokens) }),
      ({ accepted, view }) => {
        if (accepted && tokens) byGeneration.set(view.generation, tokens);
        return { type: "committed", accepted, view: known(view) };
      },
    );
  }

  /** How long a record is of use: the sooner of the two ends. */
  function kept(keepMs: number | null): number | null {
    if (keepUntil === undefined || keepUntil === Number.POSITIVE_INFINITY) return keepMs;
    const left = Math.min(Math.ceil(keepUntil - now()), LONGEST_KEPT);
    return Math.max(1, Math.min(keepMs ?? Number.POSITIVE_INFINITY, left));
  }

  // --- the platform ---

  function send({ flight, how, generation }: Extract<Action, { readonly type: "send" }>): void {
    const refreshToken = byGeneration.get(generation)?.refreshToken;
    const request: GrantRequest | undefined =
      how === "grant"
        ? own
        : refreshToken === undefined
          ? undefined
          : {
              type: "refresh_token",
              refreshToken,
              atTokenEndpoint: how === "refresh_at_token_endpoint",
            };
    running++;
    let sent: Promise<Outcome>;
    try {
      if (!request) throw invalid("there is nothing to ask with");
      // A refresh asks for what was granted: RFC 6749 §6.
      sent = upstream.token(request, how === "grant" ? scope : []);
    } catch (cause) {
      sent = Promise.resolve({ kind: "unavailable", description: null, sent: false, cause });
    }
    sent.then((outcome) => {
      running--;
      step({ type: "answered", flight, answer: answerOf(outcome, flight, refreshToken) });
    });
  }

  /** Revokes tokens that nobody will have, as their grant was ended while they were on their way. */
  function discard(flight: number): void {
    const { refreshToken, accessToken } = byFlight.get(flight) ?? {};
    const token = refreshToken ?? accessToken;
    running++;
    // As in `send`: what cannot be sent is an outcome as well.
    const done = (async () => token !== undefined && (await upstream.revoke(token)).kind)();
    done
      .catch(() => undefined)
      .then((kind) => {
        byFlight.delete(flight);
        tell({ type: "discarded", revoked: kind === "revoked", provider, subject });
        finished();
      });
  }

  /** What the machine has to know of an outcome. `used` is the refresh token that was sent. */
  function answerOf(outcome: Outcome, flight: number, used: string | undefined): object {
    switch (outcome.kind) {
      case "granted": {
        said = undefined;
        const { accessToken, expiresIn, scope } = outcome;
        // RFC 6749 §6: no new one means that the old one goes on.
        const refreshToken = outcome.refreshToken ?? used;
        byFlight.set(flight, { accessToken, refreshToken, scope: scope ?? undefined });
        const rt = refreshToken === undefined ? null : fingerprint(refreshToken);
        return { type: "tokens", rt, lifeMs: expiresIn === null ? null : expiresIn * 1000 };
      }
      case "limited":
        said = wordsOf(outcome);
        return { type: "rate_limited", retryAfterMs: outcome.retryAfterMs };
      case "refused": {
        said = wordsOf(outcome);
        const { error } = outcome;
        const credentials = error === "invalid_client" || error === "unauthorized_client";
        return { type: "refused", credentials };
      }
      case "invalid_grant":
        said = wordsOf(outcome);
        return { type: "invalid_grant" };
      default:
        said = wordsOf(outcome);
        return { type: "unavailable", sent: outcome.sent };
    }
  }

  function unusable(outcome: Outcome): PlauditError {
    const words = wordsOf(outcome);
    switch (outcome.kind) {
      case "limited":
        return new PlauditError("rate_limited", "the platform was asked for tokens too often", {
          ...words,
          retryable: true,
          retryAfter:
            outcome.retryAfterMs === null ? undefined : Math.ceil(outcome.retryAfterMs / 1000),
        });
      case "invalid_grant":
        return new PlauditError(
          "provider_error",
          "the platform refused the code: it is good once and for a short time, with the redirectUri that it was asked with",
          words,
        );
      case "refused":
        return new PlauditError("configuration_error", WORDS.configuration_error as string, words);
      default:
        return new PlauditError(
          outcome.status === undefined ? "network_error" : "server_error",
          "the platform did not answer, or with what cannot be read",
          { ...words, retryable: !outcome.sent },
        );
    }
  }

  // --- callers ---

  function wait(bounds: WaitOptions, refused: number | null): Promise<Served> {
    const { signal, timeout: own = timeout } = bounds;
    milliseconds(own, "timeout");
    if (isClosed) return Promise.reject(closed());
    if (signal?.aborted) return Promise.reject(aborted(signal));
    return new Promise((resolve, reject) => {
      const deadlineMs = Math.ceil((clock() + own) / BUCKET) * BUCKET;
      const bucket = `${deadlineMs} ${refused}`;
      const open = buckets.get(bucket);
      const id = open ?? ++lastCaller;
      const waiter = waiters.get(id) ?? { bucket, callers: new Set() };
      const leave = () => {
        waiter.callers.delete(caller);
        reject(aborted(signal as AbortSignal));
        if (waiter.callers.size > 0) return;
        waiters.delete(id);
        buckets.delete(bucket);
        step({ type: "cancel", caller: id });
      };
      const done = () => signal?.removeEventListener("abort", leave);
      const caller: Caller = {
        resolve(served) {
          done();
          resolve(served);
        },
        reject(error) {
          done();
          reject(error);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiter.callers.add(caller);
      if (open !== undefined) return;
      waiters.set(id, waiter);
      buckets.set(bucket, id);
      step({ type: "want", caller: id, deadlineMs, refused });
    });
  }

  /** Hands an event over that the machine answers with `resolve` or `reject`. */
  function ask(what: (caller: number) => What): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++lastCaller;
      waiters.set(id, { bucket: undefined, callers: new Set([{ resolve, reject }]) });
      step(what(id));
    });
  }

  function current(): Served | undefined {
    if (!serving || isClosed) return undefined;
    const at = clock();
    if (at >= serving.untilMs || (wakeMs !== null && at >= wakeMs)) return undefined;
    const { generation, wallUntilMs } = serving;
    if (wallUntilMs !== undefined && wall() >= wallUntilMs) return undefined;
    const token = byGeneration.get(generation)?.accessToken;
    return token === undefined ? undefined : { token, generation };
  }

  const served = async (bounds: WaitOptions) =>
    (bounds.signal?.aborted ? undefined : current()) ?? wait(bounds, null);

  function tell(event: TokenEvent): void {
    for (const listener of listeners.get(event.type) ?? []) {
      try {
        listener(event as never);
      } catch (error) {
        // As an EventTarget does: it is the listener's fault, and not to be swallowed.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  return {
    async token(bounds = {}) {
      object(bounds, "options");
      return (await served(bounds)).token;
    },

    async fetch(input, init = {}) {
      const isRequest = input instanceof Request;
      const url = addressOf(isRequest ? input.url : input);
      if (!origins.has(url.origin)) {
        throw new PlauditError("origin_not_allowed", `the token is not sent to ${url.origin}`);
      }
      // What is thrown where such an address is asked holds them.
      if (url.username || url.password) {
        throw invalid("input: must have no user name and no password");
      }
      const signal = init.signal ?? (isRequest ? input.signal : undefined);
      const bounds = signal ? { signal } : {};
      const send = async ({ token }: Served): Promise<Response> => {
        const headers = new Headers(init.headers ?? (isRequest ? input.headers : undefined));
        headers.set("authorization", `Bearer ${token}`);
        const { businessUserHeader } = description;
        if (businessUserId !== undefined && businessUserHeader) {
          headers.set(businessUserHeader, businessUserId);
        }
        // A redirect would take the token along.
        const own = { ...init, headers, redirect: "manual" } as const;
        try {
          return await fetcher(new Request(isRequest ? input : url, own));
        } catch (cause) {
          if (signal?.aborted) throw cause;
          throw new PlauditError("network_error", "no answer came", { retryable: true, cause });
        }
      };
      const first = await served(bounds);
      const response = await send(first);
      if (response.status !== 401) return response;
      const second = await wait(bounds, first.generation).catch((error: PlauditError) => {
        if (error.code !== "aborted" && error.code !== "reauthorization_required") return first;
        response.body?.cancel().catch(() => {});
        throw error;
      });
      const isSame = second.generation === first.generation;
      if (isSame || isStream(init.body) || (isRequest && input.body && !init.body)) return response;
      await response.body?.cancel().catch(() => {});
      return send(second);
    },

    async refused(token) {
      string(token, "token");
      for (const [generation, tokens] of byGeneration) {
        if (tokens.accessToken === token) {
          await wait({}, generation);
          return;
        }
      }
      // It is not the newest: whoever asks gets that.
    },

    async exchange(given) {
      const { code, redirectUri = redirectOf(grant), codeVerifier } = strict(given, "", EXCHANGE);
      if (grant.type !== "authorization_code") {
        throw invalid("exchange: the grant is not authorization_code");
      }
      if (isClosed) throw closed();
      const request: GrantRequest = {
        type: "authorization_code",
        code: expose(code, "code"),
        redirectUri: string(redirectUri, "redirectUri"),
        ...(codeVerifier !== undefined && { codeVerifier: expose(codeVerifier, "codeVerifier") }),
      };
      const [sentMs, sentWallMs] = [clock(), wall()];
      const flight = ++lastFlight;
      const pending = upstream.token(request, []);
      running++;
      const outcome = await pending;
      if (outcome.kind !== "granted") {
        finished();
        throw unusable(outcome);
      }
      running--;
      const { rt, lifeMs } = answerOf(outcome, flight, undefined) as {
        rt: string | null;
        lifeMs: number | null;
      };
      await ask((caller) => ({ type: "granted", caller, flight, rt, lifeMs, sentMs, sentWallMs }));
    },

    async revoke({ anyway = false } = {}) {
      if (isClosed) throw closed();
      running++;
      let failure: PlauditError | undefined;
      let isAsked = false;
      try {
        let asked: string | undefined;
        // Again, until nothing came meanwhile: what is stored now would live on unknown to anybody.
        for (;;) {
          const view = await reading(store, key);
          if (typeof view.locked === "string") failure = lockedOut(view.locked);
          const { refreshToken, accessToken } = view.blob ? tokensOf(view.blob) : ({} as Tokens);
          // One that is configured and was not used yet is in no store.
          const unused = view.generation === 0 ? imported : undefined;
          const token = refreshToken ?? accessToken ?? unused;
          const isNew = token !== undefined && token !== asked;
          const outcome = isNew ? await upstream.revoke(token) : undefined;
          if (outcome) failure = outcome.kind === "revoked" ? undefined : unusable(outcome);
          if (failure && !anyway) throw failure;
          if (!isNew) break;
          asked = token;
        }
        isAsked = true;
      } finally {
        running--;
        if (!isAsked && isIdle()) idle?.();
      }
      await ask((caller) => ({ type: "end", caller, cause: "revoked" }));
      if (failure) throw failure;
    },

    async forget() {
      if (isClosed) throw closed();
      await ask((caller) => ({ type: "end", caller, cause: "revoked", forget: true }));
    },

    async status() {
      const health = store.health ? await store.health().catch(() => undefined) : undefined;
      const view = await reading(store, key).catch(() => undefined);
      if (!view) return { ...unknown(), provider, subject };
      if (typeof view.locked === "string") {
        const store = { ok: false, warnings: [view.locked] };
        return { ...unknown(), provider, subject, store };
      }
      const { generation, dead, gate, expiresInMs = null, refreshInMs = null } = view;
      const tokens = view.blob ? tokensOf(view.blob) : undefined;
      const isExpired = expiresInMs !== null && expiresInMs <= 0;
      const state = dead
        ? "reauthorization_required"
        : !tokens?.accessToken
          ? "none"
          : isExpired
            ? "expired"
            : "valid";
      return {
        provider,
        subject,
        state,
        reason: dead ?? null,
        generation,
        expiresInMs,
        refreshInMs,
        hasRefreshToken: tokens?.refreshToken !== undefined,
        scope: tokens?.scope ?? null,
        isRefreshing: (view.intentAgeMs ?? null) !== null,
        gate: gate && gate.forMs > 0 ? { cause: gate.cause, forMs: gate.forMs } : null,
        store: { ok: health?.ok ?? true, warnings: health?.warnings ?? [] },
      };
    },

    on(type, listener) {
      if (!EVENTS.includes(type)) throw invalid(`type: must be one of ${EVENTS.join(", ")}`);
      if (typeof listener !== "function") throw invalid("listener: must be a function");
      const set = listeners.get(type) ?? new Set();
      listeners.set(type, set.add(listener as (event: never) => void));
      return () => set.delete(listener as (event: never) => void);
    },

    close() {
      closing ??= close();
      return closing;
    },
  };

  async function close(): Promise<void> {
    isClosed = true;
    for (const [id, waiter] of [...waiters]) {
      if (waiter.bucket === undefined) continue;
      settle([id], (caller) => caller.reject(closed()));
      step({ type: "cancel", caller: id });
    }
    if (!isIdle()) {
      await new Promise<void>((resolve) => {
        const alarm = setTimeout(resolve, CLOSE_WITHIN);
        idle = () => {
          clearTimeout(alarm);
          resolve();
        };
      });
    }
    clearTimeout(timer);
  }

  function unknown(): Omit<TokenStatus, "provider" | "subject"> {
    const served = current();
    const tokens = served && byGeneration.get(served.generation);
    return {
      state: served ? "valid" : "unknown",
      reason: null,
      generation: served?.generation ?? 0,
      expiresInMs: null,
      refreshInMs: null,
      hasRefreshToken: tokens?.refreshToken !== undefined,
      scope: tokens?.scope ?? null,
      isRefreshing: false,
      gate: null,
      store: { ok: false, warnings: ["the store does not answer"] },
    };
  }
}

type Timer = ReturnType<typeof setTimeout>;

const hex = (byte: number) => byte.toString(16).padStart(2, "0");

const random32 = () => crypto.getRandomValues(new Uint32Array(1))[0] as number;

const fingerprint = (text: string) => call<string>("fingerprint", { text });

const closed = () => new PlauditError("aborted", "the token manager is closed");

const lockedOut = (why: string) =>
  new PlauditError(
    "store_unavailable",
    `${why}: bring the key back, or replace the tokens, by exchange() after a new sign-in or another refresh token in the configuration, or forget() them`,
    { retryable: false },
  );

const aborted = ({ reason }: AbortSignal) =>
  new PlauditError("aborted", "the caller's signal ended the wait", { cause: reason });

/** A store's view within the store's time. */
function reading(store: TokenStore, key: TokenKey): Promise<RecordView> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown) => {
      reject(
        new PlauditError("store_unavailable", "the token store does not answer", {
          retryable: true,
          cause,
        }),
      );
    };
    const alarm = setTimeout(fail, store.timeout ?? STORE_TIMEOUT);
    (async () => store.read(key))()
      .then(resolve, fail)
      .finally(() => clearTimeout(alarm));
  });
}

function tokensOf(blob: string): Tokens {
  const { accessToken, refreshToken, scope } = JSON.parse(blob) as Tokens;
  return { accessToken, refreshToken, scope };
}

function wordsOf(outcome: Outcome): Said {
  const description = "description" in outcome ? outcome.description : null;
  const error = outcome.kind === "refused" ? outcome.error : undefined;
  return {
    status: outcome.status,
    oauthError: outcome.kind === "invalid_grant" ? "invalid_grant" : error,
    description: description ?? undefined,
    cause: outcome.cause,
  };
}

/** What tokens can be asked for with at any time; none where a user has to sign in. */
function ownGrant(grant: TokenManagerOptions["grant"]): GrantRequest | undefined {
  switch (grant.type) {
    case "client_credentials":
      strict(grant, "grant", CLIENT_GRANT);
      return { type: "client_credentials" };
    case "password":
      strict(grant, "grant", PASSWORD_GRANT);
      return {
        type: "password",
        username: string(grant.username, "grant.username"),
        password: expose(grant.password, "grant.password"),
      };
    case "refresh_token":
      strict(grant, "grant", REFRESH_GRANT);
      return {
        type: "refresh_token",
        refreshToken: expose(grant.refreshToken, "grant.refreshToken"),
        atTokenEndpoint: false,
      };
    case "authorization_code":
      strict(grant, "grant", CODE_GRANT);
      return undefined;
    default:
      throw invalid(
        "grant.type: must be client_credentials, authorization_code, refresh_token or password",
      );
  }
}

function redirectOf(grant: TokenManagerOptions["grant"]): string | undefined {
  return grant.type === "authorization_code" ? grant.redirectUri : undefined;
}

function scopesOf(scope: TokenManagerOptions["scope"]): readonly string[] {
  if (scope === undefined) return [];
  const names: readonly unknown[] = typeof scope === "string" ? scope.split(/[ ,]+/) : scope;
  if (!Array.isArray(names)) throw invalid("scope: must be a string or an array of strings");
  return names.map((name) => string(name, "scope")).filter((name) => name !== "");
}

/** Whether an address is of one of these origins; what is no address is refused elsewhere. */
function isAt(address: string, origins: readonly string[]): boolean {
  return URL.canParse(address) && origins.includes(new URL(address).origin);
}

function addressOf(input: string | URL): URL {
  try {
    return new URL(input);
  } catch (cause) {
    throw invalid("input: must be an absolute URL", cause);
  }
}

/** Whether a body can be sent once only. */
function isStream(body: unknown): boolean {
  return (
    body instanceof ReadableStream ||
    (typeof body === "object" && body !== null && Symbol.asyncIterator in body)
  );
}
