import { isPlauditError } from "../../errors.js";
import type { KeyValue } from "../keyvalue.js";
import {
  base64url,
  type CookieStyle,
  cookiesOf,
  type Random,
  setCookie,
  sha256,
} from "./cookies.js";
import { type Inbound, problem, type Reply } from "./http.js";
import type { Hooks } from "./telemetry.js";
import type { Inward } from "./upstream.js";

/** The tokens of one user: as much of a token manager as is needed here. */
export interface UserTokens {
  token(options?: { signal?: AbortSignal | undefined }): Promise<string>;
  refused(token: string): Promise<void>;
  exchange(answer: { code: string; redirectUri?: string; codeVerifier?: string }): Promise<void>;
  /** `anyway`: the tokens are forgotten even where the platform does not revoke them. */
  revoke(options?: { anyway?: boolean }): Promise<void>;
  /** Forgets the tokens in the store: nothing is left of them in a while. */
  forget?(): Promise<void>;
  close(): Promise<void>;
}

/** What a session is, in the store. The id itself is only in the cookie. */
interface Record {
  readonly subject: string;
  readonly created: number;
  readonly seen: number;
}

export type State =
  | { readonly kind: "none" }
  /** Two cookies of the name. */
  | { readonly kind: "duplicate" }
  | { readonly kind: "session"; readonly key: string; readonly record: Record };

export interface SessionParts {
  readonly store: KeyValue;
  readonly style: CookieStyle;
  readonly cookieName: string;
  /** Milliseconds: a session ends that was not used for so long, or is so old. */
  readonly idle: number;
  readonly longest: number;
  /** Takes a request of a session: 0, or the milliseconds until the next may come. */
  readonly limit: (key: string) => number;
  /** The tokens of a user, whose session ends at `until` (milliseconds since the Unix epoch). */
  readonly makeTokens: (subject: string, until: number) => UserTokens;
  readonly now: () => number;
  readonly random: Random;
  readonly hooks: Hooks;
}

export interface Sessions {
  /** The session that a request's cookie stands for. Rejects where the store fails. */
  find(inbound: Inbound): Promise<State>;
  /** Begins a session for tokens that were just got; the cookie. */
  begin(subject: string): Promise<string>;
  /** Ends a session; its token is revoked afterwards, as far as that goes (BF25). */
  end(state: State, inbound: Inbound): Promise<void>;
  /** Sends something with the user's token, once more where it was refused. */
  withToken(inbound: Inbound, work: (token: string) => Promise<Inward>): Promise<Inward | Reply>;
  /** The tokens of a new user. */
  open(): { subject: string; tokens: UserTokens };
  /** The cookie that deletes the session's. */
  readonly cleared: string;
  /** When a session ends at the latest, in milliseconds since the Unix epoch. */
  endOf(record: Record): number;
  close(): Promise<void>;
}

interface Held {
  readonly tokens: UserTokens;
  users: number;
  used: number;
}

/** Managers at most that stay in memory; the store has their tokens. */
const MOST_HELD = 1_000;
/** How much of its idle time passes before a session's use is written down. */
const STEP = 0.1;
/** How long it is known that a session ended: longer than a request that saw it goes on. */
const GRAVE = 600_000;

export function createSessions(parts: SessionParts): Sessions {
  const { store, style, cookieName, idle, longest, makeTokens, now, random, hooks } = parts;
  const held = new Map<string, Held>();
  const cleared = setCookie(cookieName, "", style, 0);

  const quietly = async (work: Promise<unknown>, event: "revoke_failed" | "store_failed") => {
    try {
      await work;
    } catch (error) {
      hooks.log({ level: "warn", event, code: isPlauditError(error) ? error.code : "unknown" });
    }
  };

  function hold(subject: string, created: number): Held {
    const time = now();
    const found = held.get(subject) ?? {
      tokens: makeTokens(subject, created + longest),
      users: 0,
      used: time,
    };
    found.used = time;
    held.delete(subject);
    held.set(subject, found);
    // Those longest unused come first. A session that nobody uses is not refreshed either.
    for (const [own, { users, used, tokens }] of held) {
      if (held.size <= MOST_HELD && used + idle > time) break;
      if (users || own === subject) continue;
      held.delete(own);
      void tokens.close().catch(() => {});
    }
    return found;
  }

  async function use<T>(
    { subject, created }: Record,
    work: (tokens: UserTokens) => Promise<T>,
  ): Promise<T> {
    const one = hold(subject, created);
    one.users += 1;
    try {
      return await work(one.tokens);
    } finally {
      one.users -= 1;
    }
  }

  const endOf = ({ created, seen }: Record) => Math.min(created + longest, seen + idle);

  async function put(key: string, record: Record): Promise<void> {
    await store.set(key, JSON.stringify(record), Math.max(1, Math.ceil(endOf(record) - now())));
  }

  async function find(inbound: Inbound): Promise<State> {
    const values = cookiesOf(inbound.header("cookie"), cookieName);
    if (values.length > 1) return { kind: "duplicate" };
    const id = values[0] ?? "";
    if (!/^[\w-]{43}$/.test(id)) return { kind: "none" };
    const key = `session ${await sha256(id)}`;
    const text = await store.get(key);
    if (!text) return { kind: "none" };
    const record = recordOf(text);
    const time = now();
    if (!record) return { kind: "none" };
    if (endOf(record) <= time) return { kind: "none" };
    if (time - record.seen <= idle * STEP) return { kind: "session", key, record };
    const seen = { ...record, seen: time };
    await put(key, seen);
    // A session that ended meanwhile must not come back by this: `forget` writes first, then deletes.
    if (await store.get(`ended ${key}`)) {
      await store.delete(key);
      return { kind: "none" };
    }
    return { kind: "session", key, record: seen };
  }

  async function forget(key: string): Promise<void> {
    await store.set(`ended ${key}`, "1", GRAVE);
    await store.delete(key);
  }

  async function end(state: State, inbound: Inbound): Promise<void> {
    if (state.kind !== "session") return;
    const { key, record } = state;
    await forget(key);
    const work = quietly(
      use(record, (tokens) => tokens.revoke({ anyway: true })).finally(() => drop(record)),
      "revoke_failed",
    );
    inbound.waitUntil?.(work);
  }

  /** Leaves nothing of a user's tokens. */
  async function drop(record: Record): Promise<void> {
    try {
      await use(record, async (tokens) => tokens.forget?.());
    } finally {
      const tokens = held.get(record.subject)?.tokens;
      held.delete(record.subject);
      await tokens?.close();
    }
  }

  async function withToken(
    inbound: Inbound,
    work: (token: string) => Promise<Inward>,
  ): Promise<Inward | Reply> {
    const state = await find(inbound);
    if (state.kind === "duplicate") {
      return problem(400, "duplicate_cookie", { cookies: [cleared] });
    }
    if (state.kind === "none") return problem(401, "signed_out");
    // Whoever it is, and from however many addresses (BF22).
    const wait = parts.limit(state.key);
    if (wait) return problem(429, "rate_limited", { retryAfter: wait });
    const { signal } = inbound;
    try {
      return await use(state.record, async (tokens) => {
        const token = await tokens.token({ signal });
        const answer = await work(token);
        if (answer.kind !== "unauthorized") return answer;
        await tokens.refused(token);
        const next = await tokens.token({ signal });
        return next === token ? answer : work(next);
      });
    } catch (error) {
      if (!isPlauditError(error)) throw error;
      if (error.code === "reauthorization_required") {
        // A session lives no longer than the grant that it stands for.
        await forget(state.key);
        const work = quietly(drop(state.record), "store_failed");
        inbound.waitUntil?.(work);
        hooks.log({ level: "info", event: "session_ended", code: error.code });
        return problem(401, "signed_out", { cookies: [cleared] });
      }
      const { code, retryAfter } = error;
      const later = { retryAfter: retryAfter === undefined ? 1_000 : retryAfter * 1_000 };
      if (code === "aborted") return problem(499, code);
      if (code === "token_pending" || code === "store_unavailable")
        return problem(503, code, later);
      if (code === "rate_limited") return problem(429, code, later);
      hooks.log({ level: "error", event: "internal_error", code });
      return code === "configuration_error"
        ? problem(502, "upstream_auth")
        : problem(502, "server_error");
    }
  }

  return {
    find,
    end,
    withToken,
    cleared,
    endOf,
    async begin(subject) {
      const id = base64url(random(32));
      const time = now();
      await put(`session ${await sha256(id)}`, { subject, created: time, seen: time });
      return setCookie(cookieName, id, style);
    },
    open() {
      const subject = `broker ${base64url(random(16))}`;
      return { subject, tokens: hold(subject, now()).tokens };
    },
    async close() {
      const all = [...held.values()];
      held.clear();
      await Promise.allSettled(all.map(({ tokens }) => tokens.close()));
    },
  };
}

/** What the store gave back, where that is a session. */
function recordOf(text: string): Record | undefined {
  try {
    const record = JSON.parse(text) as Record;
    const { subject, created, seen } = record;
    const isRecord = typeof subject === "string" && [created, seen].every(Number.isFinite);
    return isRecord ? record : undefined;
  } catch {
    return undefined;
  }
}
