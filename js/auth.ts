import { milliseconds, object, seconds, string } from "./arguments.js";
import { invalid, PlauditError } from "./errors.js";
import { createLife } from "./life.js";
import {
  apiOrigins,
  authorizeUrl,
  clean,
  createState,
  isSafe,
  isSameEndpoint,
  parseCallback,
  peek,
  returnPath,
  scopes,
} from "./oauth.js";
import {
  pending,
  removeTransaction,
  saveTransaction,
  type Transaction,
  tabStorage,
} from "./transactions.js";
import type { Provider, ResponseType } from "./types.js";
import { awaitAddress, handOver } from "./windows.js";

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
  responseType?: ResponseType | undefined;
  scope?: string | readonly string[] | undefined;
  /** Other parameters of the authorize URL. */
  extra?: Readonly<Record<string, string>> | undefined;
  /**
   * Where the token is kept. `"memory"` (default): least exposed, gone on reload. `"session"`:
   * `sessionStorage`, which any script of the origin can read. Or an adapter.
   */
  storage?: "memory" | "session" | SessionStorageAdapter | undefined;
  /**
   * How a response is tied to its sign-in. `"state"` (default), or `"redirect-uri"`: the nonce goes
   * into the redirect address's query too, for a platform that loses `state` and registers
   * redirect addresses by host (Trustpilot).
   */
  correlateBy?: "state" | "redirect-uri" | undefined;
  /** Other endpoints than the platform's, for example a sandbox's. */
  endpoints?: { authorize?: string; api?: string | readonly string[] } | undefined;
  /** Origins besides the platform's that {@link Auth.fetch} may send the token to. */
  allowedOrigins?: readonly string[] | undefined;
  /**
   * The sign-in window: `timeout` in milliseconds, default five minutes; `width` and `height` in CSS
   * pixels, default 520 by 680.
   */
  popup?: { timeout?: number; width?: number; height?: number } | undefined;
  /** Seconds by which sessions end early, since clocks differ. Default: 0. */
  clockSkew?: number | undefined;
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
  mode?: "redirect" | "popup" | undefined;
  /** Where to go on afterwards, a path of this origin. Default: the current address. */
  returnTo?: string | undefined;
}

/** A sign-in for one platform and one client; `S` is what it ends with. */
export interface Auth<S extends Session = Session> {
  /** The current token session, or `null`; always `null` with `responseType: "code"`. */
  readonly session: TokenSession | null;
  /**
   * Sends the user to the platform. By redirect it resolves with `null` as the page is about to
   * leave; by popup it resolves with the session, or with the code in code mode.
   */
  signIn(options: SignInOptions & { mode: "popup" }): Promise<S>;
  signIn(options?: SignInOptions): Promise<S | null>;
  /**
   * Reads the response that this page was opened with, if it was. Resolves with the session, with a
   * stored one, or with `null`; with `null` too in a sign-in window whose opener took the response.
   * Rejects with the reason why a response was refused. Called again it gives the same promise.
   */
  completeSignIn(): Promise<S | null>;
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

/** An address that was taken off the bar, until it is read. */
interface Capture {
  href: string;
  receivedAt: number;
  /** The client whose it is, once one has claimed it. */
  owner?: string;
  result?: Promise<Session | null>;
}

const NONCE = "plaudit_state";
const POPUP_TIMEOUT = 300_000;
const EVENTS: readonly AuthEventType[] = ["signedin", "expiring", "expired", "signedout"];

// One address, whoever it is for: React's StrictMode makes things twice, and two clients may share
// a redirect address.
const captures = /* @__PURE__ */ new Map<string, Capture>();

/**
 * Makes a sign-in for one platform and one client. On the redirect page it takes the response off
 * the address bar at once, so call it before other scripts run.
 *
 * @throws PlauditError with code `invalid_argument`.
 */
export function createAuth(
  options: AuthOptions & { responseType?: "token" | undefined },
): Auth<TokenSession>;
export function createAuth(options: AuthOptions & { responseType: "code" }): Auth<CodeSession>;
export function createAuth(options: AuthOptions): Auth;
export function createAuth(options: AuthOptions): Auth {
  const {
    provider,
    clientId,
    responseType = "token",
    correlateBy = "state",
  } = object(options, "options");
  const { storage = "memory", popup = {}, clockSkew = 0, allowedOrigins = [] } = options;
  const { endpoints: given = {} } = options;
  const endpoints = object(given, "endpoints");
  const { width = 520, height = 680, timeout = POPUP_TIMEOUT } = object(popup, "popup");
  const asked = scopes(options.scope);
  const request = {
    provider,
    clientId,
    redirectUri: options.redirectUri,
    responseType,
    scope: asked,
    ...(options.extra !== undefined && { extra: options.extra }),
    ...(endpoints.authorize !== undefined && { endpoint: endpoints.authorize }),
  };
  // Bad options fail here, not in a click's handler.
  authorizeUrl({ ...request, state: "-" });
  if (correlateBy !== "state" && correlateBy !== "redirect-uri") {
    throw invalid('correlateBy: must be "state" or "redirect-uri"');
  }
  milliseconds(timeout, "popup.timeout");
  for (const size of [width, height]) {
    if (typeof size !== "number") throw invalid("popup: width and height must be numbers");
  }
  seconds(clockSkew, "clockSkew");
  const store = storeOf(storage);
  const providerId = typeof provider === "object" ? provider.id : provider;
  if (typeof providerId !== "string" || !providerId) throw invalid("provider: must have an id");
  const redirectUri = new URL(options.redirectUri).href;
  const origins = new Set([
    ...(endpoints.api === undefined
      ? originsOf(apiOrigins(provider), "provider.apiOrigins")
      : originsOf([endpoints.api].flat(), "endpoints.api")),
    ...originsOf(allowedOrigins, "allowedOrigins"),
  ]);
  const client = `${providerId}:${clientId}`;
  const captureKey = `${responseType} ${redirectUri}`;
  const listeners = new Map<AuthEventType, Set<(event: AuthEvent) => void>>();
  const life = createLife({
    provider: providerId,
    key: `plaudit:session:${client}`,
    store,
    skew: clockSkew * 1000,
    emit,
    onEnd: () => {
      completion = Promise.resolve(null);
    },
  });
  /** The sign-in windows that may still answer. */
  const windows = new Set<() => void>();
  let signingIn: { focus(): void; result: Promise<Session | null> } | undefined;
  let completion: Promise<Session | null> | undefined;
  let capture = takeAddress() ?? captures.get(captureKey);
  if (storage === "session" && store) life.restoreFrom(store as Storage);

  /** Takes a response off the address bar, before other scripts can read it there. */
  function takeAddress(): Capture | undefined {
    if (typeof window === "undefined" || !window.history) return undefined;
    const { location, history } = window;
    const { href } = location;
    if (!isSameEndpoint(href, redirectUri) || !peek(href, responseType).isCallback) {
      return undefined;
    }
    const taken = { href, receivedAt: Date.now() };
    captures.set(captureKey, taken);
    try {
      history.replaceState(history.state, "", clean(href, responseType));
    } catch {
      // Safari takes 100 of these in 30 seconds. A fragment can be emptied all the same.
      if (responseType === "token") location.hash = "";
    }
    return taken;
  }

  function emit(type: AuthEventType, session: Session | null): void {
    for (const listener of listeners.get(type) ?? []) {
      try {
        listener({ type, session });
      } catch (error) {
        // One listener's fault is not the next one's.
        setTimeout(() => {
          throw error;
        });
      }
    }
  }

  /** Which sign-ins wait in this tab, and which of them an address answers. */
  function match(href: string) {
    const { state, nonce } = peek(href, responseType);
    const key = (correlateBy === "redirect-uri" ? nonce : null) ?? state;
    const waiting = pending();
    const mine = waiting.filter(
      (one) =>
        one.provider === providerId &&
        one.clientId === clientId &&
        one.redirectUri === redirectUri &&
        one.responseType === responseType,
    );
    const found = mine.find((one) => one.state === key);
    // What answers another client's sign-in, or none while only others wait, is not this one's.
    const isOthers =
      !found && (waiting.some((one) => one.state === key) || (waiting.length > 0 && !mine.length));
    return { state, key, found, newest: found ?? mine[0], isOthers };
  }

  /** Reads an address against the sign-in that it answers, which is used up by that. */
  function readAddress({ href, receivedAt }: Capture): Session {
    const { state, found, newest } = match(href);
    if (!newest) {
      throw new PlauditError(
        "transaction_missing",
        "no sign-in waits for this answer in this tab: it was used already, started in another " +
          "tab or browser, or never asked for. Sign in again",
      );
    }
    if (found && !removeTransaction(found)) {
      throw new PlauditError(
        "transaction_expired",
        "this sign-in took longer than ten minutes. Sign in again",
      );
    }
    const callback = parseCallback(href, {
      provider,
      responseType,
      // The nonce in the redirect address stands in for a state that did not come back.
      state: found && state === null ? null : newest.state,
      redirectUri,
      scope: newest.scope,
      receivedAt,
    });
    if (!found || callback.kind === "none") {
      throw new PlauditError("state_mismatch", "this response belongs to another sign-in");
    }
    const { returnTo } = found;
    if (callback.kind === "token") return life.makeSession({ ...callback, returnTo }, found.scope);
    return life.makeCodeSession(callback.code, sentRedirectUri(found.state), returnTo);
  }

  async function finish(taken: Capture): Promise<Session> {
    const session = readAddress(taken);
    life.begin(session);
    await life.keep(session);
    return session;
  }

  async function readOrHandOver(taken: Capture): Promise<Session | null> {
    if (isFramedByOthers()) {
      throw new PlauditError(
        "unsupported_environment",
        "the redirect page stands in a frame of another origin: nothing was read",
      );
    }
    const { key, newest } = match(taken.href);
    // A window has a copy of its opener's storage, or, cut off from it, nothing but the state.
    const channel = newest ? (newest.mode === "popup" ? newest.state : null) : key;
    if (channel !== null) {
      if (await handOver(channel, taken.href)) {
        if (newest) removeTransaction(newest);
        window.close();
        return null;
      }
      if (newest) {
        throw new PlauditError(
          "transaction_missing",
          "the page that opened this window no longer waits for it. Sign in again there",
        );
      }
    }
    return finish(taken);
  }

  async function complete(): Promise<Session | null> {
    const taken = capture;
    capture = undefined;
    if (!taken || (taken.owner ?? client) !== client) return life.restore();
    const isFirst = taken.result === undefined;
    if (isFirst) {
      if (match(taken.href).isOthers) return life.restore();
      taken.owner = client;
      taken.result = readOrHandOver(taken);
    }
    try {
      const session = (await taken.result) ?? null;
      if (session && !isFirst) life.begin(session);
      return session;
    } catch (error) {
      // A response that was refused does not end the session that there was.
      await life.restore().catch(() => null);
      throw error;
    } finally {
      taken.href = "";
      setTimeout(() => {
        if (captures.get(captureKey) === taken) captures.delete(captureKey);
      });
    }
  }

  function sentRedirectUri(state: string): string {
    if (correlateBy === "state") return options.redirectUri;
    return `${options.redirectUri}${redirectUri.includes("?") ? "&" : "?"}${NONCE}=${state}`;
  }

  function start(mode: Transaction["mode"], returnTo: string | undefined) {
    if (typeof window === "undefined") {
      throw new PlauditError("unsupported_environment", "signing in needs a page");
    }
    if (new URL(redirectUri).origin !== window.location.origin) {
      throw invalid("redirectUri: must be of this page's own origin, or the answer cannot be read");
    }
    const page = window.location.href;
    const state = createState();
    const url = authorizeUrl({ ...request, redirectUri: sentRedirectUri(state), state });
    const transaction: Transaction = {
      state,
      provider: providerId,
      clientId,
      redirectUri,
      responseType,
      scope: asked,
      returnTo: returnTo === undefined ? currentPath(page) : returnPath(page, returnTo),
      createdAt: Date.now(),
      mode,
    };
    saveTransaction(transaction);
    return { url, transaction };
  }

  function signInByWindow(returnTo: string | undefined): Promise<Session | null> {
    if (signingIn) {
      signingIn.focus();
      return signingIn.result;
    }
    const { url, transaction } = start("popup", returnTo);
    const left = Math.max(0, screenX + (outerWidth - width) / 2);
    const top = Math.max(0, screenY + (outerHeight - height) / 2);
    const place = `popup,width=${width},height=${height},left=${left},top=${top}`;
    const opened = open(url, "_blank", place);
    if (!opened) {
      removeTransaction(transaction);
      throw new PlauditError(
        "popup_blocked",
        "the browser did not open the window: call signIn in a click's handler, or by redirect",
      );
    }
    const result = new Promise<Session | null>((resolve, reject) => {
      const stop = awaitAddress(opened, transaction.state, timeout, {
        onAddress(href) {
          end();
          const finished = finish({ href, receivedAt: Date.now() });
          finished.then(
            (session) => {
              completion = Promise.resolve(session);
            },
            // The window closes itself, so no other answer to this sign-in can come.
            () => removeTransaction(transaction),
          );
          resolve(finished);
        },
        // An open window can look closed, so a late answer still signs in.
        onClosed(error) {
          signingIn = undefined;
          reject(error);
        },
        onTimeout: cancel,
      });
      function end() {
        stop();
        windows.delete(cancelBySignOut);
        if (signingIn?.result === result) signingIn = undefined;
      }
      function cancel(error: PlauditError) {
        end();
        removeTransaction(transaction);
        opened?.close();
        reject(error);
      }
      function cancelBySignOut() {
        cancel(new PlauditError("popup_closed", "signOut() ended this sign-in"));
      }
      windows.add(cancelBySignOut);
    });
    signingIn = { focus: () => opened.focus(), result };
    return result;
  }

  async function signIn(how: SignInOptions = {}): Promise<Session | null> {
    const { mode = "redirect", returnTo } = object(how, "options");
    if (mode === "popup") return signInByWindow(returnTo);
    if (mode !== "redirect") throw invalid('mode: must be "redirect" or "popup"');
    const { url } = start("redirect", returnTo);
    location.assign(url);
    return null;
  }

  return {
    get session() {
      return life.session;
    },

    // By window there is always a session, by redirect there never is: see the overloads.
    signIn: signIn as Auth["signIn"],

    completeSignIn() {
      completion ??= complete();
      return completion;
    },

    async signOut() {
      capture = undefined;
      captures.delete(captureKey);
      for (const cancel of windows) cancel();
      await life.signOut();
    },

    async fetch(input, init) {
      const session = life.check();
      const url = resolveAddress(input instanceof Request ? input.url : input);
      if (!origins.has(url.origin) || !url.protocol.startsWith("http")) {
        throw new PlauditError(
          "origin_not_allowed",
          `the token is not sent to ${url.origin}: add it to allowedOrigins if it must be`,
        );
      }
      const request = new Request(input instanceof Request ? input : url, {
        ...init,
        // A redirect would take the token along.
        redirect: "error",
      });
      request.headers.set("authorization", `Bearer ${session.accessToken}`);
      const response = await fetch(request).catch((cause: unknown) => {
        if (request.signal.aborted) throw cause;
        throw new PlauditError(
          "network_error",
          "no answer came: offline, a redirect, or the server does not allow this page (CORS)",
          { retryable: true, cause },
        );
      });
      if (response.status === 401) life.expire(session);
      return response;
    },

    on(type, listener) {
      if (!EVENTS.includes(type)) throw invalid(`type: must be one of ${EVENTS.join(", ")}`);
      if (typeof listener !== "function") throw invalid("listener: must be a function");
      const set = listeners.get(type) ?? new Set();
      listeners.set(type, set.add(listener));
      return () => set.delete(listener);
    },
  };
}

function originsOf(urls: readonly string[], name: string): string[] {
  if (!Array.isArray(urls)) throw invalid(`${name}: must be an array`);
  return urls.map((url) => {
    if (isSafe(string(url, name))) return new URL(url).origin;
    throw invalid(`${name}: must be https addresses; http is for loopback hosts only`);
  });
}

function storeOf(storage: AuthOptions["storage"]): SessionStorageAdapter | undefined {
  if (storage === "memory") return undefined;
  if (storage === "session") {
    try {
      return tabStorage();
    } catch {
      // In a server, or where it is blocked: then there is nothing to restore, and signing in says so.
      return undefined;
    }
  }
  const methods = ["getItem", "setItem", "removeItem"] as const;
  if (methods.some((name) => typeof storage?.[name] !== "function")) {
    throw invalid('storage: must be "memory", "session" or an adapter');
  }
  return storage;
}

/** Where the user is, to come back to; the start where that is no path that may be gone to. */
function currentPath(page: string): string {
  try {
    return returnPath(page, page);
  } catch {
    return "/";
  }
}

function isFramedByOthers(): boolean {
  try {
    const { top } = window;
    return !!top && top !== window && top.location.origin !== window.location.origin;
  } catch {
    return true;
  }
}

function resolveAddress(input: string | URL): URL {
  try {
    return new URL(input, globalThis.document?.baseURI);
  } catch (cause) {
    throw invalid("input: must be an address; outside a page an absolute one", cause);
  }
}
