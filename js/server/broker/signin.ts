import { isPlauditError, type PlauditErrorCode } from "../../errors.js";
import { authorizeUrl, parseCallback, peek } from "../../oauth.js";
import type { ProviderName } from "../../types.js";
import type { KeyValue } from "../keyvalue.js";
import {
  base64url,
  type CookieStyle,
  cookiesOf,
  cookiesWith,
  type Random,
  type Sealer,
  setCookie,
  sha256,
} from "./cookies.js";
import {
  type Inbound,
  type Origins,
  own,
  problem,
  type Reply,
  redirect,
  refuseEmbedded,
  refuseForged,
} from "./http.js";
import { returnAddress, split } from "./paths.js";
import type { Sessions } from "./sessions.js";
import type { Hooks } from "./telemetry.js";

export interface SignInParts {
  readonly provider: ProviderName;
  readonly clientId: string;
  /** The whole redirect address, and its path. */
  readonly redirectUri: string;
  readonly correlateBy: "state" | "redirect-uri";
  readonly pkce: boolean;
  readonly scope: readonly string[];
  readonly endpoint: string | undefined;
  readonly origins: Origins;
  /** Whole addresses that a user may be sent to besides paths of the own origin. */
  readonly returnTo: readonly string[];
  /** Where the user is sent when the sign-in failed; else there is an answer in JSON. */
  readonly errorPath: string | undefined;
  readonly sessions: Sessions;
  /** Takes a call of a client's share: 0, or the milliseconds until it has one. */
  readonly share: (inbound: Inbound) => number;
  readonly store: KeyValue;
  readonly sealer: Sealer;
  readonly style: CookieStyle;
  readonly cookieName: string;
  readonly now: () => number;
  readonly random: Random;
  readonly hooks: Hooks;
}

/** A sign-in under way, as its cookie holds it. */
interface Transaction {
  /** The state. */
  readonly s: string;
  /** When it began. */
  readonly t: number;
  /** Where to go afterwards. */
  readonly r: string;
  /** PKCE's verifier. */
  readonly v?: string;
}

const LIFETIME = 600_000;
const MOST = 5;
/** Five transactions have to fit into 4 KB of cookies. */
const LONGEST_RETURN = 300;
/** The query parameter that carries the nonce where `state` does not come back. */
const NONCE = "plaudit_state";

/** Signing in and out, and what the page may know of it. */
export function createSignIn(parts: SignInParts) {
  const {
    provider,
    redirectUri,
    correlateBy,
    origins,
    sessions,
    sealer,
    style,
    now,
    random,
    hooks,
  } = parts;
  const prefix = `${parts.cookieName}-tx-`;
  // The page that signs in comes back from another site, which a Strict cookie would not survive.
  const lax: CookieStyle = { ...style, sameSite: "Lax" };
  const nameOf = async (state: string) => prefix + (await sha256(state)).slice(0, 16);
  const cleared = (name: string) => setCookie(name, "", lax, 0);

  /** The cookies to delete so that there is room for one more. */
  async function makeRoom(inbound: Inbound): Promise<string[]> {
    const all = cookiesWith(inbound.header("cookie"), prefix);
    const ages = await Promise.all(
      all.map(async ([name, value]) => {
        const transaction = (await sealer.open(value)) as Transaction | undefined;
        return { name, time: transaction?.t ?? 0 };
      }),
    );
    const tooMany = ages.sort((a, b) => b.time - a.time).slice(MOST - 1);
    // What is not of ours to spell cannot be deleted by us either.
    const names = tooMany.map(({ name }) => name).filter((name) => /^[\w-]+$/.test(name));
    return [...new Set(names)].map(cleared);
  }

  async function signIn(inbound: Inbound, query: string): Promise<Reply> {
    if (inbound.method !== "GET") return problem(405, "method_not_allowed");
    const refusal = refuseEmbedded(inbound);
    if (refusal) return refusal;
    const asked = [...new URLSearchParams(query)];
    if (asked.length > 1 || asked.some(([name]) => name !== "returnTo")) {
      return problem(400, "bad_request", { message: "there is one parameter, returnTo, at most" });
    }
    const target = asked[0]?.[1] ?? "/";
    const address =
      target.length <= LONGEST_RETURN
        ? returnAddress(origins.own, target, parts.returnTo)
        : undefined;
    if (address === undefined) {
      return problem(400, "bad_request", {
        message: `returnTo: must be a path of this site, at most ${LONGEST_RETURN} characters`,
      });
    }
    const state = base64url(random(32));
    const verifier = parts.pkce ? base64url(random(32)) : undefined;
    const transaction: Transaction = {
      s: state,
      t: now(),
      r: target,
      ...(verifier && { v: verifier }),
    };
    const location = authorizeUrl({
      provider,
      clientId: parts.clientId,
      redirectUri: sentRedirectUri(state),
      responseType: "code",
      state,
      ...(parts.scope.length && { scope: parts.scope }),
      ...(parts.endpoint !== undefined && { endpoint: parts.endpoint }),
      ...(verifier && {
        extra: { code_challenge: await sha256(verifier), code_challenge_method: "S256" },
      }),
    });
    const sealed = await sealer.seal(transaction);
    const cookie = setCookie(await nameOf(state), sealed, lax, LIFETIME / 1_000);
    return redirect(location, [...(await makeRoom(inbound)), cookie]);
  }

  function sentRedirectUri(state: string): string {
    if (correlateBy === "state") return redirectUri;
    return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${NONCE}=${state}`;
  }

  /** A sign-in that came to nothing. */
  function fail(code: string, status: number, cookies: readonly string[], oauthError?: string) {
    hooks.log({ level: "warn", event: "sign_in_failed", code });
    if (parts.errorPath === undefined) {
      return problem(status, code, { message: REASONS[code] ?? "sign in again", cookies });
    }
    const url = new URL(parts.errorPath, origins.own);
    url.searchParams.set("plaudit_error", code);
    // RFC 6749's own codes are words; anything else is somebody's text.
    if (oauthError && /^[a-z_]{1,40}$/.test(oauthError)) {
      url.searchParams.set("plaudit_reason", oauthError);
    }
    return redirect(url.href, cookies);
  }

  async function callback(inbound: Inbound): Promise<Reply> {
    if (inbound.method !== "GET") return problem(405, "method_not_allowed");
    const refusal = refuseEmbedded(inbound);
    if (refusal) return refusal;
    const [path, query] = split(inbound.target);
    const href = `${origins.own}${path}?${query}`;
    const { isCallback, state, nonce } = peek(href, "code");
    if (!isCallback) return problem(404, "no_route");
    const key = (correlateBy === "redirect-uri" ? nonce : null) ?? state;
    // A link that somebody prepared ends no sign-in that waits: nothing is deleted.
    if (key === null) return fail("state_missing", 400, []);
    const name = await nameOf(key);
    const values = cookiesOf(inbound.header("cookie"), name);
    if (!values.length) return fail("transaction_missing", 400, []);
    const cookies = [cleared(name)];
    if (values.length > 1) return fail("duplicate_cookie", 400, cookies);
    const transaction = (await sealer.open(values[0] as string)) as Transaction | undefined;
    if (transaction?.s !== key) return fail("state_mismatch", 400, cookies);
    const age = now() - transaction.t;
    if (!(age >= -LIFETIME && age <= LIFETIME)) return fail("transaction_expired", 400, cookies);
    const isFirst = await parts.store.add(`used ${await sha256(key)}`, "1", 2 * LIFETIME);
    if (!isFirst) return fail("transaction_missing", 400, cookies);
    let code: string;
    try {
      const answer = parseCallback(href, {
        provider,
        responseType: "code",
        // The nonce in the redirect address stands in for a state that did not come back.
        state: correlateBy === "redirect-uri" && state === null ? null : transaction.s,
        redirectUri,
      });
      if (answer.kind !== "code") return fail("malformed_response", 400, cookies);
      code = answer.code;
    } catch (error) {
      if (!isPlauditError(error)) throw error;
      return fail(error.code, 400, cookies, error.oauthError);
    }
    // Each sign-in may be one that was begun for the sake of a code that is none.
    if (parts.share(inbound)) return fail("rate_limited", 429, cookies);
    return begin(inbound, transaction, code, cookies);
  }

  /** Makes a session of a code. */
  async function begin(
    inbound: Inbound,
    { s: state, r: target, v: verifier }: Transaction,
    code: string,
    cookies: readonly string[],
  ): Promise<Reply> {
    const { subject, tokens } = sessions.open();
    try {
      await tokens.exchange({
        code,
        redirectUri: sentRedirectUri(state),
        ...(verifier && { codeVerifier: verifier }),
      });
    } catch (error) {
      void tokens.close().catch(() => {});
      const known = isPlauditError(error) ? error : undefined;
      const isOurs = known?.code === "configuration_error" || known?.code === "store_unavailable";
      const status = known?.code === "store_unavailable" ? 503 : 502;
      return fail(isOurs ? (known?.code as string) : "sign_in_failed", status, cookies);
    }
    let cookie: string;
    try {
      // The session that there was ends; an id from outside is never adopted (BF3).
      await sessions.end(await sessions.find(inbound), inbound);
      cookie = await sessions.begin(subject);
    } catch {
      void tokens.revoke({ anyway: true }).catch(() => {});
      return fail("store_unavailable", 503, cookies);
    }
    hooks.log({ level: "info", event: "signed_in" });
    const address = returnAddress(origins.own, target, parts.returnTo) ?? `${origins.own}/`;
    return redirect(address, [...cookies, cookie]);
  }

  async function session(inbound: Inbound): Promise<Reply> {
    if (inbound.method !== "GET") return problem(405, "method_not_allowed");
    const refusal = refuseForged(inbound, origins, false);
    if (refusal) return refusal;
    const state = await sessions.find(inbound);
    if (state.kind === "duplicate") {
      return problem(400, "duplicate_cookie", { cookies: [sessions.cleared] });
    }
    if (state.kind === "none") return problem(401, "signed_out");
    const { created } = state.record;
    return own({
      provider,
      signedInAt: new Date(created).toISOString(),
      expiresAt: new Date(sessions.endOf(state.record)).toISOString(),
    });
  }

  async function signOut(inbound: Inbound): Promise<Reply> {
    if (inbound.method !== "POST") return problem(405, "method_not_allowed");
    const refusal = refuseForged(inbound, origins, true);
    if (refusal) return refusal;
    const state = await sessions.find(inbound);
    if (state.kind === "duplicate") {
      return problem(400, "duplicate_cookie", { cookies: [sessions.cleared] });
    }
    await sessions.end(state, inbound);
    if (state.kind === "session") hooks.log({ level: "info", event: "signed_out" });
    return {
      status: 204,
      headers: { "cache-control": "private, no-store" },
      cookies: [sessions.cleared],
      text: null,
    };
  }

  return { signIn, callback, session, signOut };
}

const REASONS: { readonly [code in PlauditErrorCode | "sign_in_failed"]?: string } & {
  readonly [code: string]: string;
} = {
  state_missing: "the platform's answer does not say which sign-in it is for. Sign in again",
  state_mismatch: "the answer belongs to another sign-in. Sign in again",
  transaction_missing: "no sign-in waits for this answer in this browser. Sign in again",
  transaction_expired: "this sign-in took longer than ten minutes. Sign in again",
  duplicate_cookie: "a cookie came twice, and neither is believed. Sign in again",
  provider_error: "the platform refused the sign-in",
  rate_limited: "too many sign-ins. Sign in again later",
  sign_in_failed: "the platform did not give a token for this sign-in. Sign in again",
  configuration_error: "the server's access to the platform is not set up rightly",
  store_unavailable: "the server's store does not answer. Sign in again later",
};
