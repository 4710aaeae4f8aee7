import type {
  AuthEventType,
  CodeSession,
  Session,
  SessionStorageAdapter,
  TokenSession,
} from "./auth.js";
import { core } from "./core.js";
import { hide, PlauditError } from "./errors.js";
import type { TokenCallback } from "./types.js";

interface LifeOptions {
  provider: string;
  /** Where the session is stored. */
  key: string;
  store: SessionStorageAdapter | undefined;
  /** Milliseconds. */
  skew: number;
  emit(type: AuthEventType, session: Session | null): void;
  onEnd(): void;
}

/** One session from its beginning to its end: its timers, its storage, its events. */
export function createLife({ provider, key, store, skew, emit, onEnd }: LifeOptions) {
  let session: TokenSession | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isExpiring = false;
  let hasExpired = false;
  /** How often signOut was called: what began before it does not count after it. */
  let signOuts = 0;

  /** Looks where the token is in its life, says so, and comes back when that may change. */
  function watch(): void {
    clearTimeout(timer);
    if (session?.expiresAt == null) return;
    const { expiresAt } = session;
    const now = Date.now();
    const phase = core().phase(now, expiresAt, skew);
    if (phase === 2) {
      expire();
      return;
    }
    if (phase === 1 && !isExpiring) {
      isExpiring = true;
      emit("expiring", session);
      if (!session) return;
    }
    timer = setTimeout(watch, core().next_check(now, expiresAt, skew));
    // In Node a session does not keep the process alive.
    if (typeof timer === "object") (timer as { unref(): void }).unref();
  }

  function hold(started: TokenSession): void {
    session = started;
    isExpiring = false;
    hasExpired = false;
    if (typeof document === "object") {
      // Timers sleep with the machine and with a page that is put aside.
      document.addEventListener("visibilitychange", watch);
      addEventListener("pageshow", watch);
    }
  }

  function expire(): void {
    end("expired");
    remove().catch(() => {
      // A dead token that stays stored is read once more, and found dead.
    });
  }

  function end(type: "expired" | "signedout"): void {
    const ended = session;
    session = null;
    hasExpired = type === "expired";
    clearTimeout(timer);
    if (typeof document === "object") {
      document.removeEventListener("visibilitychange", watch);
      removeEventListener("pageshow", watch);
    }
    onEnd();
    emit(type, ended);
  }

  function remove(): Promise<unknown> {
    return stored((storage) => storage.removeItem(key));
  }

  function makeSession(
    { accessToken, ...response }: Omit<TokenCallback, "kind"> & { returnTo: string | null },
    asked: readonly string[],
  ): TokenSession {
    const { tokenType, expiresIn, expiresAt, scope, returnTo } = response;
    const missingScope = scope ? asked.filter((one) => !scope.includes(one)) : [];
    const shown = { tokenType, expiresIn, expiresAt, scope, missingScope, returnTo };
    const made = { kind: "token" as const, provider, ...shown };
    return Object.freeze(hide(made, { accessToken }));
  }

  function read(stored: string | null): void {
    try {
      const token: unknown = JSON.parse(stored ?? "null");
      if (!isStored(token)) return;
      hold(
        makeSession({ ...token, returnTo: null }, [...(token.scope ?? []), ...token.missingScope]),
      );
      watch();
    } catch {
      // No JSON: not ours, and without it the user signs in again.
    }
  }

  /** Calls the storage; a fault of it gets our code. */
  async function stored<T>(
    call: (storage: SessionStorageAdapter) => T,
  ): Promise<Awaited<T> | null> {
    try {
      return store ? await call(store) : null;
    } catch (cause) {
      throw new PlauditError("storage_unavailable", "the session's storage failed", { cause });
    }
  }

  return {
    get session() {
      return session;
    },

    makeSession,

    makeCodeSession(code: string, redirectUri: string, returnTo: string): CodeSession {
      const made = { kind: "code" as const, provider, redirectUri, returnTo };
      return Object.freeze(hide(made, { code }));
    },

    begin(started: Session): void {
      if (started.kind === "token") hold(started);
      emit("signedin", started);
      watch();
    },

    /** Stores a session. Where that fails the user is signed in all the same, until the reload. */
    async keep(started: Session): Promise<void> {
      if (started.kind !== "token") return;
      try {
        const { accessToken } = started;
        await stored((storage) =>
          storage.setItem(key, JSON.stringify({ ...started, accessToken })),
        );
        if (session !== started) await remove();
      } catch {
        // Full or blocked: see above.
      }
    },

    /** Reads what the tab's storage gives at once. */
    restoreFrom(storage: Storage): void {
      read(storage.getItem(key));
    },

    /** Reads what is stored, unless there is a session. */
    async restore(): Promise<TokenSession | null> {
      const before = signOuts;
      if (!session) {
        const text = await stored((storage) => storage.getItem(key));
        if (!session && before === signOuts) read(text);
      }
      return session;
    },

    /** The session, or the reason why there is none. */
    check(): TokenSession {
      watch();
      if (session) return session;
      throw hasExpired
        ? new PlauditError("expired", "the session is over: call signIn() again")
        : new PlauditError("signed_out", "there is no session: call signIn() first");
    },

    /** The platform refused the token of `refused`. */
    expire(refused: TokenSession): void {
      if (session === refused) expire();
    },

    async signOut(): Promise<void> {
      signOuts++;
      end("signedout");
      await remove();
    },
  };
}

function isStored(value: unknown): value is TokenCallback & { missingScope: string[] } {
  const token = value as Partial<TokenSession> | null;
  return (
    typeof token?.accessToken === "string" &&
    token.accessToken !== "" &&
    isNumberOrNull(token.expiresAt) &&
    isNumberOrNull(token.expiresIn) &&
    (token.scope === null || Array.isArray(token.scope)) &&
    Array.isArray(token.missingScope)
  );
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || typeof value === "number";
}
