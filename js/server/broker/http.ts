import { base64url, randomBytes } from "./cookies.js";

/** A request as all runtimes can give it. */
export interface Inbound {
  readonly method: string;
  /** Path and query as they were written. */
  readonly target: string;
  header(name: string): string | null;
  /** The body's pieces; `null` where there is none. */
  body(): AsyncIterable<Uint8Array> | null;
  readonly signal?: AbortSignal | undefined;
  readonly address?: string | undefined;
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** An answer as all runtimes can send it. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly text: string | null;
  /** Bytes of `text`, where they were counted. */
  readonly size?: number | undefined;
}

/** What an answer carries that was made for one. */
export const OWN = "private, no-store";
/** The header that a page of another origin cannot send without being allowed to. */
export const HEADER = "x-plaudit";

const MESSAGES: { readonly [code: string]: string } = {
  not_found: "there is no such thing",
  no_route: "there is nothing at this address",
  method_not_allowed: "this address is asked in another way",
  forbidden: "this is not allowed",
  cross_origin: "pages of other origins may not ask this",
  header_missing: `the header "${HEADER}: 1" is missing`,
  navigation_only: "this address is for the address bar, not for scripts, frames or images",
  duplicate_cookie: "a cookie came twice, and neither is believed",
  signed_out: "there is no session: sign in",
  token_refused: "the platform refuses this session's token: sign in again",
  rate_limited: "too many requests: come back later",
  upstream_auth: "the server's own access to the platform was refused",
  server_error: "the platform failed",
  network_error: "the platform could not be reached",
  timeout: "the platform did not answer in time",
  malformed_response: "the platform answered with something else",
  bad_request: "the platform refused the request",
  body_too_large: "the body is too large",
  body_too_slow: "the body did not come in time",
  invalid_body: "the body must be a JSON object",
  unsupported_media_type: "the body must be JSON",
  store_unavailable: "the server's store does not answer",
  token_pending: "the token is being renewed: come back in a moment",
  closed: "the server is closing",
  internal_error: "the server failed",
  aborted: "the request was aborted",
};

/** A failure as clients read it: status, `retry-after`, and a body with code, message and id. */
export function problem(
  status: number,
  code: string,
  more: {
    message?: string | undefined;
    /** Milliseconds. */
    retryAfter?: number | undefined;
    cookies?: readonly string[] | undefined;
  } = {},
): Reply {
  const requestId = newId();
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "cache-control": OWN,
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
  };
  if (more.retryAfter !== undefined) {
    headers["retry-after"] = String(Math.max(1, Math.ceil(more.retryAfter / 1_000)));
  }
  const message = more.message ?? MESSAGES[code] ?? "this failed";
  return {
    status,
    headers,
    text: JSON.stringify({ code, message, requestId }),
    ...(more.cookies && { cookies: more.cookies }),
  };
}

function newId(): string {
  return base64url(randomBytes(12));
}

/** An answer that was made for one, and is nobody else's. */
export function own(value: object, cookies?: readonly string[]): Reply {
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "cache-control": OWN,
      "x-content-type-options": "nosniff",
    },
    text: JSON.stringify(value),
    ...(cookies && { cookies }),
  };
}

/** Sends the browser elsewhere; the address that it was at goes to nobody. */
export function redirect(location: string, cookies: readonly string[]): Reply {
  return {
    status: 303,
    headers: { location, "cache-control": OWN, "referrer-policy": "no-referrer" },
    cookies,
    text: null,
  };
}

/** Which origins may ask: the broker's own, and those that it was told (BF9, BF10). */
export interface Origins {
  readonly own: string;
  readonly others: ReadonlySet<string>;
}

const isKnown = ({ own: mine, others }: Origins, origin: string) =>
  origin === mine || others.has(origin);

/** Why a read that needs no session is refused: pages of others may not have it. */
export function refuseForeign(inbound: Inbound, origins: Origins): Reply | undefined {
  const origin = inbound.header("origin");
  if (
    origin === null ? inbound.header("sec-fetch-site") === "cross-site" : !isKnown(origins, origin)
  ) {
    return problem(403, "cross_origin");
  }
  return undefined;
}

/**
 * Why a request is refused that acts with a session or changes something (BF7, BF8): it carries a
 * header that no form and no foreign page can send, and comes from an origin that may. `isWrite`
 * asks for proof of the origin: reads of one's own origin come without any in older browsers.
 */
export function refuseForged(
  inbound: Inbound,
  origins: Origins,
  isWrite: boolean,
): Reply | undefined {
  if (inbound.header(HEADER) !== "1") return problem(403, "header_missing");
  const origin = inbound.header("origin");
  const site = inbound.header("sec-fetch-site");
  const isForeign = origin !== null && !isKnown(origins, origin);
  const isListed = origin !== null && origins.others.has(origin);
  if (isForeign || (site !== null && site !== "same-origin" && !isListed)) {
    return problem(403, "cross_origin");
  }
  if (isWrite && site === null && origin === null) return problem(403, "cross_origin");
  return undefined;
}

/** Why a request is refused that must be a navigation of the whole window (BF6). */
export function refuseEmbedded(inbound: Inbound): Reply | undefined {
  const mode = inbound.header("sec-fetch-mode");
  const dest = inbound.header("sec-fetch-dest");
  const isEmbedded = (mode ?? "navigate") !== "navigate" || (dest ?? "document") !== "document";
  return isEmbedded || inbound.header("sec-purpose")?.includes("prefetch")
    ? problem(403, "navigation_only")
    : undefined;
}

/** What CORS lets the page of a listed origin have (BF10). */
export function withCors(reply: Reply, origin: string | null, { others }: Origins): Reply {
  if (!others.size) return reply;
  const vary = { vary: "Origin" };
  if (origin === null || !others.has(origin)) {
    return { ...reply, headers: { ...reply.headers, ...vary } };
  }
  return {
    ...reply,
    headers: {
      ...reply.headers,
      ...vary,
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "etag, retry-after, x-plaudit-cache, x-request-id",
    },
  };
}

/** The answer to a preflight; `undefined` where CORS is off. */
export function preflight(origin: string | null, origins: Origins): Reply | undefined {
  if (!origins.others.size) return undefined;
  const isAllowed = origin !== null && origins.others.has(origin);
  return {
    status: 204,
    headers: {
      vary: "Origin",
      ...(isAllowed && {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, HEAD, POST, PUT, DELETE",
        "access-control-allow-headers": `content-type, if-none-match, traceparent, ${HEADER}`,
        "access-control-max-age": "600",
      }),
    },
    text: null,
  };
}

/** What came of reading a body. */
export type Body = { readonly text: string } | { readonly refusal: Reply };

/** Reads a body, so much and so long at most (BF19). */
export async function readBody(inbound: Inbound, most: number, ms: number): Promise<Body> {
  const type = inbound.header("content-type") ?? "";
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    return { refusal: problem(415, "unsupported_media_type") };
  }
  const tooLarge = () => ({
    refusal: problem(413, "body_too_large"),
  });
  const length = inbound.header("content-length");
  if (length !== null && Number(length) > most) return tooLarge();
  const pieces = inbound.body()?.[Symbol.asyncIterator]();
  if (!pieces) return { refusal: problem(400, "invalid_body") };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ms);
  });
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  let size = 0;
  try {
    for (;;) {
      const next = pieces.next();
      next.catch(() => {});
      const piece = await Promise.race([next, late]);
      if (piece === "late") {
        void pieces.return?.()?.catch?.(() => {});
        return { refusal: problem(408, "body_too_slow") };
      }
      if (piece.done) return { text: text + decoder.decode() };
      size += piece.value.byteLength;
      if (size > most) {
        void pieces.return?.()?.catch?.(() => {});
        return tooLarge();
      }
      text += decoder.decode(piece.value, { stream: true });
    }
  } catch {
    return { refusal: problem(400, "invalid_body") };
  } finally {
    clearTimeout(timer);
  }
}
