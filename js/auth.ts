import { core } from "./core.js";
import { hide, invalid, PlauditError } from "./errors.js";
import {
  apiOrigins,
  authorizeUrl,
  clean,
  createState,
  isSameEndpoint,
  parseCallback,
  peek,
  returnPath,
  scopes,
} from "./oauth.js";
import type { Provider, ResponseType, TokenCallback } from "./types.js";

/**
 * Where a session is kept across page loads. Methods may return promises; then `session` is null
 * until `completeSignIn()` has resolved. The value holds the token in plain text.
 */
export interface SessionStorageAdapter {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}

/** What {@link createAuth} takes. */
export interface AuthOptions {
  provider: Provider;
  /** `client_id`; on Trustpilot the API key. */
  clientId: string;
  /**
   * Where the platform sends the user back: an address of this origin, registered there. That page
   * must call `createAuth()` and `completeSignIn()`.
   */
  redirectUri: string;
  /** Default: `"token"`, the implicit grant. */
  responseType?: ResponseType;
  scope?: string | readonly string[];
  /** Other parameters of the authorize URL. */
  extra?: Readonly<Record<string, string>>;
  /**
   * Where the token is kept. `"memory"` (default): least exposed, gone on reload. `"session"`:
   * `sessionStorage`, which any script of the origin can read. Or an adapter.
   */
  storage?: "memory" | "session" | SessionStorageAdapter;
  /**
   * How a response is tied to its sign-in. `"state"` (default), or `"redirect-uri"`: the nonce goes
   * into the redirect address's query too, for a platform that loses `state` and registers
   * redirect addresses by host (Trustpilot).
   */
  correlateBy?: "state" | "redirect-uri";
  /** Other endpoints than the platform's, for example a sandbox's. */
  endpoints?: { authorize?: string; api?: string | readonly string[] };
  /** Origins besides the platform's that {@link Auth.fetch} may send the token to. */
  allowedOrigins?: readonly string[];
  /**
   * The sign-in window: `timeout` in milliseconds, default five minutes; `width` and `height` in CSS
   * pixels, default 520 by 680.
   */
  popup?: { timeout?: number; width?: number; height?: number };
  /** Seconds by which sessions end early, since clocks differ. Default: 0. */
  clockSkew?: number;
}

/** A signed-in user. Logs and JSON do not show the token, though `accessToken` can be read. */
export interface TokenSession {
  readonly kind: "token";
  /** The platform's name, or the profile's `id`. */
  readonly provider: string;
  readonly accessToken: string;
  readonly tokenType: "bearer";
  /** Seconds; `null` is unknown. */
  readonly expiresIn: number | null;
  /** Milliseconds since the Unix epoch; `null` is unknown. */
  readonly expiresAt: number | null;
  /** What was granted, where it is known. */
  readonly scope: readonly string[] | null;
  /** What was asked for and not granted. */
  readonly missingScope: readonly string[];
  /** Where the application wanted to go on: a path of this origin. */
  readonly returnTo: string | null;
}

/** A code for a server to exchange. Logs and JSON do not show it, though `code` can be read. */
export interface CodeSession {
  readonly kind: "code";
  /** The platform's name, or the profile's `id`. */
  readonly provider: string;
  readonly code: string;
  /** The redirect address that was sent: the exchange must repeat it. */
  readonly redirectUri: string;
  /** Where the application wanted to go on: a path of this origin. */
  readonly returnTo: string | null;
}

/** What a sign-in ends with. */
export type Session = TokenSession | CodeSession;

/** What can happen to a session. */
export type AuthEventType = "signedin" | "expiring" | "expired" | "signedout";

/** What listeners are given. */
export interface AuthEvent {
  readonly type: AuthEventType;
  /** The session it is about; `null` when there was none. */
  readonly session: Session | null;
}

/** How to sign in. */
export interface SignInOptions {
  /** `"redirect"` (default) leaves the page; `"popup"` must be called in a click's handler. */
  mode?: "redirect" | "popup";
  /** Where to go on afterwards, a path of this origin. Default: the current address. */
  returnTo?: string;
}

/** A sign-in for one platform and one client. */
export interface Auth {
  /** The current token session, or `null`; always `null` with `responseType: "code"`. */
  readonly session: TokenSession | null;
  /**
   * Sends the user to the platform. By redirect it resolves with `null` as the page is about to
   * leave; by popup it resolves with the session, or with the code in code mode.
   */
  signIn(options?: SignInOptions): Promise<Session | null>;
  /**
   * Reads the response that this page was opened with, if it was. Resolves with the session, with a
   * stored one, or with `null`; with `null` too in a sign-in window whose opener took the response.
   * Rejects with the reason why a response was refused. Called again it gives the same promise.
   */
  completeSignIn(): Promise<Session | null>;
  /** Forgets the session, here and in storage. The platform's own session goes on. */
  signOut(): Promise<void>;
  /**
   * `fetch` with the bearer token, to the platform's origins only. A 401 ends the session with an
   * `expired` event; the response is returned. Redirects are not followed.
   *
   * @throws PlauditError with code `signed_out`, `expired`, `origin_not_allowed`.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Calls `listener` at each event, until the returned function is called. */
  on(type: AuthEventType, listener: (event: AuthEvent) => void): () => void;
}

interface Transaction {
  state: string;
  provider: string;
  clientId: string;
  redirectUri: string;
  responseType: ResponseType;
  scope: readonly string[];
  returnTo: string;
  createdAt: number;
  mode: "redirect" | "popup";
}

/** An address that was taken off the bar, until it is read. */
interface Capture {
  href: string;
  receivedAt: number;
  result?: Promise<Session | null>;
}

const TRANSACTION = "plaudit:tx:";
const NONCE = "plaudit_state";
const POPUP_TIMEOUT = 300_000;
const POPUP_POLL = 500;
const ANSWER_TIMEOUT = 2_000;

// React's StrictMode makes things twice: both find the one address that the page was opened with.
const captures = /* @__PURE__ */ new Map<string, Capture>();

function tabStorage(): Storage {
  try {
    if (globalThis.sessionStorage) return globalThis.sessionStorage;
  } catch (cause) {
    throw new PlauditError("storage_unavailable", "sessionStorage is blocked in this browser", {
      cause,
    });
  }
  throw new PlauditError("unsupported_environment", "signing in needs a page with sessionStorage");
}

/** The sign-ins of this tab that wait for an answer, newest first. */
function pending(): Transaction[] {
  const storage = tabStorage();
  return Object.keys(storage)
    .filter((key) => key.startsWith(TRANSACTION))
    .flatMap((key): Transaction[] => {
      try {
        const one = JSON.parse(storage.getItem(key) as string) as Transaction | null;
        return one?.state === key.slice(TRANSACTION.length) ? [one] : [];
      } catch {
        return [];
      }
    })
    .sort((a, b) => b.createdAt - a.createdAt);
}

function isExpired(transaction: Transaction): boolean {
  return core().is_transaction_expired(transaction.createdAt, Date.now()) === 1;
}

/** The messages that a sign-in window and its opener exchange about one `state`. */
interface Message {
  plaudit: "callback" | "received";
  state: string;
  href?: string;
}

function isMessage(data: unknown, kind: Message["plaudit"], state: string): data is Message {
  const message = data as Message | null;
  return message?.plaudit === kind && message.state === state;
}

function openChannel(state: string): BroadcastChannel | undefined {
  // The name is as secret as the state is; only this origin can join.
  return typeof BroadcastChannel === "function"
    ? new BroadcastChannel(`plaudit:${state}`)
    : undefined;
}

/** From the window: hands the address to whoever opened it. Resolves with whether someone did. */
function handOver(state: string, href: string): Promise<boolean> {
  const channel = openChannel(state);
  const message: Message = { plaudit: "callback", state, href };
  return new Promise((resolve) => {
    const end = (isReceived: boolean) => {
      clearTimeout(timer);
      removeEventListener("message", listener);
      channel?.close();
      resolve(isReceived);
    };
    const listener = (event: MessageEvent) => {
      const isOurs = event.target === channel || event.origin === location.origin;
      if (isOurs && isMessage(event.data, "received", state)) end(true);
    };
    const timer = setTimeout(end, ANSWER_TIMEOUT, false);
    addEventListener("message", listener);
    channel?.addEventListener("message", listener);
    channel?.postMessage(message);
    try {
      window.opener?.postMessage(message, location.origin);
    } catch {
      // Another origin took the opener's place: the channel remains.
    }
  });
}

function resolveAddress(input: string | URL): URL {
  try {
    return new URL(input, globalThis.document?.baseURI);
  } catch (cause) {
    throw invalid("input: must be an address; outside a page an absolute one", cause);
  }
}

/**
 * Makes a sign-in for one platform and one client. On the redirect page it takes the response off
 * the address bar at once, so call it before other scripts run.
 *
 * @throws PlauditError with code `invalid_argument`.
 */
export function createAuth(options: AuthOptions): Auth {
  const { provider, clientId, responseType = "token", correlateBy = "state" } = options;
  const { storage = "memory", endpoints = {}, popup = {}, clockSkew = 0 } = options;
  const asked = scopes(options.scope);
  const request = {
    provider,
    clientId,
    redirectUri: options.redirectUri,
    responseType,
    scope: asked,
    ...(options.extra && { extra: options.extra }),
    ...(endpoints.authorize && { endpoint: endpoints.authorize }),
  };
  // Bad options fail here, not in a click's handler.
  authorizeUrl({ ...request, state: "-" });
  if (correlateBy !== "state" && correlateBy !== "redirect-uri") {
    throw invalid('correlateBy: must be "state" or "redirect-uri"');
  }
  const adapter = storage === "session" ? tabStorageOrNone() : storage;
  if (typeof adapter === "string" ? adapter !== "memory" : typeof adapter?.getItem !== "function") {
    throw invalid('storage: must be "memory", "session" or an adapter');
  }
  const store = typeof adapter === "string" ? undefined : adapter;

  const providerId = typeof provider === "object" ? provider.id : provider;
  const redirectUri = new URL(options.redirectUri).href;
  const sessionKey = `plaudit:session:${providerId}:${clientId}`;
  const captureKey = JSON.stringify([providerId, clientId, redirectUri, responseType]);
  const origins = new Set(
    [endpoints.api ?? apiOrigins(provider), options.allowedOrigins ?? []]
      .flat()
      .map((url) => new URL(url).origin),
  );
  const listeners = new Map<AuthEventType, Set<(event: AuthEvent) => void>>();

  let session: TokenSession | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isExpiring = false;
  let hasExpired = false;
  let completion: Promise<Session | null> | undefined;
  let popupSignIn: { window: Window; result: Promise<Session | null> } | undefined;

  const capture = takeAddress() ?? captures.get(captureKey);
  if (store === tabStorageOrNone()) restore(store?.getItem(sessionKey) as string | null);

  /** In a server there is no `sessionStorage`, and no session either. */
  function tabStorageOrNone(): Storage {
    try {
      return tabStorage();
    } catch {
      return { getItem: () => null, setItem() {}, removeItem() {} } as unknown as Storage;
    }
  }

  /** Takes a response off the address bar, before any other script can read it there. */
  function takeAddress(): Capture | undefined {
    if (typeof window === "undefined" || !window.history) return undefined;
    const { href } = window.location;
    if (!isSameEndpoint(href, redirectUri) || !peek(href, responseType).isCallback) {
      return undefined;
    }
    window.history.replaceState(window.history.state, "", clean(href, responseType));
    const taken = { href, receivedAt: Date.now() };
    captures.set(captureKey, taken);
    return taken;
  }

  function emit(type: AuthEventType, about: Session | null): void {
    for (const listener of listeners.get(type) ?? []) {
      try {
        listener({ type, session: about });
      } catch (error) {
        // One listener's fault is not the next one's.
        setTimeout(() => {
          throw error;
        });
      }
    }
  }

  /** Looks where the token is in its life, says so, and comes back when that may change. */
  function watch(): void {
    clearTimeout(timer);
    if (session?.expiresAt == null) return;
    const now = Date.now();
    const skew = clockSkew * 1000;
    const phase = core().phase(now, session.expiresAt, skew);
    if (phase === 2) {
      end("expired");
      return;
    }
    if (phase === 1 && !isExpiring) {
      isExpiring = true;
      emit("expiring", session);
    }
    if (!session) return;
    timer = setTimeout(watch, core().next_check(now, session.expiresAt as number, skew));
    // In Node a session does not keep the process alive.
    if (typeof timer === "object") (timer as { unref(): void }).unref();
  }

  function begin(started: TokenSession): void {
    session = started;
    isExpiring = false;
    hasExpired = false;
    if (typeof document === "object") {
      // Timers sleep with the machine and with a page that is put aside.
      document.addEventListener("visibilitychange", watch);
      addEventListener("pageshow", watch);
    }
  }

  function end(type: "expired" | "signedout"): unknown {
    const ended = session;
    session = null;
    hasExpired = type === "expired";
    clearTimeout(timer);
    if (typeof document === "object") {
      document.removeEventListener("visibilitychange", watch);
      removeEventListener("pageshow", watch);
    }
    const removed = store?.removeItem(sessionKey);
    if (ended || type === "signedout") emit(type, ended);
    return removed;
  }

  function makeSession(token: Omit<TokenSession, "kind" | "provider">): TokenSession {
    const { accessToken, ...shown } = token;
    const made = { kind: "token" as const, provider: providerId, ...shown };
    return Object.freeze(hide(made, { accessToken }) as TokenSession);
  }

  function restore(stored: string | null): void {
    try {
      const token = stored ? (JSON.parse(stored) as TokenSession) : null;
      if (typeof token?.accessToken !== "string") return;
      begin(makeSession(token));
      watch();
    } catch {
      // What is stored is not ours to trust: without it the user signs in again.
    }
  }

  function announce<S extends Session>(signedIn: S): S {
    if (signedIn.kind === "token") begin(signedIn);
    emit("signedin", signedIn);
    if (session === signedIn) watch();
    return signedIn;
  }

  async function accept(token: TokenCallback, transaction: Transaction): Promise<TokenSession> {
    const { kind: _, ...response } = token;
    const granted = response.scope;
    const kept = {
      ...response,
      missingScope: granted ? transaction.scope.filter((scope) => !granted.includes(scope)) : [],
      returnTo: transaction.returnTo,
    };
    await store?.setItem(sessionKey, JSON.stringify(kept));
    return announce(makeSession(kept));
  }

  /** Finds the sign-in that an address answers, and takes it out of storage. */
  function readAddress({ href, receivedAt }: Capture): Promise<Session> {
    const { state, nonce } = peek(href, responseType);
    const mine = pending().filter(
      (one) =>
        one.provider === providerId &&
        one.clientId === clientId &&
        one.redirectUri === redirectUri &&
        one.responseType === responseType,
    );
    const byRedirectUri = correlateBy === "redirect-uri";
    const key = byRedirectUri ? nonce : state;
    const found = mine.find((one) => one.state === key);
    const transaction = found ?? mine[0];
    if (!transaction) {
      throw new PlauditError(
        "transaction_missing",
        "no sign-in waits for this answer in this tab: it was used already, started in another " +
          "tab or browser, or never asked for. Sign in again",
      );
    }
    if (found) {
      tabStorage().removeItem(TRANSACTION + found.state);
      if (isExpired(found)) {
        throw new PlauditError(
          "transaction_expired",
          "this sign-in took longer than ten minutes. Sign in again",
        );
      }
    }
    const callback = parseCallback(href, {
      provider,
      responseType,
      // The nonce in the redirect address stands in for a state that did not come back.
      state: found && byRedirectUri && state === null ? null : transaction.state,
      redirectUri,
      scope: transaction.scope,
      receivedAt,
    });
    if (callback.kind === "token") return accept(callback, transaction);
    if (callback.kind === "none") {
      throw new PlauditError("malformed_response", "the address holds no response");
    }
    const made = {
      kind: "code" as const,
      provider: providerId,
      redirectUri: sentRedirectUri(transaction),
      returnTo: transaction.returnTo,
    };
    return Promise.resolve(
      announce(Object.freeze(hide(made, { code: callback.code }) as CodeSession)),
    );
  }

  function sentRedirectUri({ state }: Pick<Transaction, "state">): string {
    if (correlateBy === "state") return options.redirectUri;
    return `${options.redirectUri}${redirectUri.includes("?") ? "&" : "?"}${NONCE}=${state}`;
  }

  async function complete(): Promise<Session | null> {
    if (!capture) {
      if (!session && store) restore(await store.getItem(sessionKey));
      return session;
    }
    const isFirst = capture.result === undefined;
    capture.result ??= readOrHandOver(capture);
    try {
      const result = await capture.result;
      if (result && !isFirst) announce(result);
      return result;
    } finally {
      setTimeout(() => captures.delete(captureKey));
    }
  }

  async function readOrHandOver(taken: Capture): Promise<Session | null> {
    const { state, nonce } = peek(taken.href, responseType);
    const key = correlateBy === "redirect-uri" ? (nonce ?? state) : state;
    const waiting = pending();
    const own = waiting.find((one) => one.state === key) ?? waiting[0];
    // A window has a copy of its opener's storage, or, cut off from it, nothing but the state.
    const opened = own ? own.mode === "popup" : key !== null;
    const channel = opened ? (own?.state ?? key) : null;
    if (channel !== null && (await handOver(channel, taken.href))) {
      if (own) tabStorage().removeItem(TRANSACTION + own.state);
      window.close();
      return null;
    }
    return readAddress(taken);
  }

  function startTransaction(mode: Transaction["mode"], returnTo: string | undefined) {
    if (typeof window === "undefined") {
      throw new PlauditError("unsupported_environment", "signing in needs a page");
    }
    const page = window.location.href;
    if (new URL(redirectUri).origin !== window.location.origin) {
      throw invalid("redirectUri: must be of this page's own origin, or the answer cannot be read");
    }
    const storage = tabStorage();
    for (const old of pending()) if (isExpired(old)) storage.removeItem(TRANSACTION + old.state);
    const state = createState();
    const transaction: Transaction = {
      state,
      provider: providerId,
      clientId,
      redirectUri,
      responseType,
      scope: asked,
      returnTo: returnPath(page, returnTo ?? page),
      createdAt: Date.now(),
      mode,
    };
    const url = authorizeUrl({ ...request, redirectUri: sentRedirectUri({ state }), state });
    try {
      storage.setItem(TRANSACTION + state, JSON.stringify(transaction));
    } catch (cause) {
      throw new PlauditError("storage_unavailable", "sessionStorage is full or blocked", { cause });
    }
    return { url, transaction };
  }

  function openWindow(returnTo: string | undefined): Promise<Session | null> {
    if (popupSignIn && !popupSignIn.window.closed) {
      popupSignIn.window.focus();
      return popupSignIn.result;
    }
    const { url, transaction } = startTransaction("popup", returnTo);
    const { width = 520, height = 680, timeout = POPUP_TIMEOUT } = popup;
    const left = Math.max(0, screenX + (outerWidth - width) / 2);
    const top = Math.max(0, screenY + (outerHeight - height) / 2);
    const opened = open(
      url,
      "_blank",
      `popup,width=${width},height=${height},left=${left},top=${top}`,
    );
    if (!opened) {
      tabStorage().removeItem(TRANSACTION + transaction.state);
      throw new PlauditError(
        "popup_blocked",
        "the browser did not open the window: call signIn in a click's handler, or by redirect",
      );
    }
    const result = awaitWindow(opened, transaction, timeout);
    popupSignIn = { window: opened, result };
    return result;
  }

  async function awaitWindow(
    opened: Window,
    { state }: Transaction,
    timeout: number,
  ): Promise<Session | null> {
    const channel = openChannel(state);
    const stops: (() => void)[] = [];
    try {
      const href = await new Promise<string>((resolve, reject) => {
        const listener = (event: MessageEvent) => {
          const isOurs =
            event.target === channel ||
            (event.origin === location.origin && event.source === opened);
          if (!isOurs || !isMessage(event.data, "callback", state)) return;
          const received: Message = { plaudit: "received", state };
          channel?.postMessage(received);
          if (event.source) opened.postMessage(received, location.origin);
          resolve(event.data.href ?? "");
        };
        addEventListener("message", listener);
        channel?.addEventListener("message", listener);
        // A platform's COOP header makes an open window look closed. Yet while the user is in it,
        // this page has no focus: closed and focused, three times in a row, is closed.
        let closed = 0;
        const poll = setInterval(() => {
          closed = opened.closed && document.hasFocus() ? closed + 1 : 0;
          if (closed < 3) return;
          reject(new PlauditError("popup_closed", "the window was closed before sign-in ended"));
        }, POPUP_POLL);
        const limit = setTimeout(() => {
          reject(new PlauditError("popup_timeout", "no answer came from the window in time"));
          opened.close();
        }, timeout);
        stops.push(
          () => clearInterval(poll),
          () => clearTimeout(limit),
          () => removeEventListener("message", listener),
        );
      });
      const signedIn = await readAddress({ href, receivedAt: Date.now() });
      completion = Promise.resolve(signedIn);
      return signedIn;
    } finally {
      popupSignIn = undefined;
      for (const stop of stops) stop();
      channel?.close();
      tabStorage().removeItem(TRANSACTION + state);
    }
  }

  return {
    get session() {
      return session;
    },

    async signIn({ mode = "redirect", returnTo } = {}) {
      if (mode === "popup") return openWindow(returnTo);
      if (mode !== "redirect") throw invalid('mode: must be "redirect" or "popup"');
      const { url } = startTransaction("redirect", returnTo);
      location.assign(url);
      return null;
    },

    completeSignIn() {
      completion ??= complete();
      return completion;
    },

    async signOut() {
      captures.delete(captureKey);
      completion = Promise.resolve(null);
      await end("signedout");
    },

    async fetch(input, init) {
      watch();
      if (!session) {
        throw hasExpired
          ? new PlauditError("expired", "the session is over: call signIn() again")
          : new PlauditError("signed_out", "there is no session: call signIn() first");
      }
      const url = resolveAddress(input instanceof Request ? input.url : input);
      if (!origins.has(url.origin)) {
        throw new PlauditError(
          "origin_not_allowed",
          `the token is not sent to ${url.origin}: add it to allowedOrigins if it must be`,
        );
      }
      const sent = session;
      const made = new Request(input instanceof Request ? input : url, {
        ...init,
        // A redirect would take the token along.
        redirect: "error",
      });
      made.headers.set("authorization", `Bearer ${sent.accessToken}`);
      const response = await fetch(made);
      if (response.status === 401 && session === sent) end("expired");
      return response;
    },

    on(type, listener) {
      const set = listeners.get(type) ?? new Set();
      listeners.set(type, set.add(listener));
      return () => set.delete(listener);
    },
  };
}
