/** What went wrong, as a name that does not change between versions. */
export type PlauditErrorCode =
  /** An argument is missing or is not what it should be. Nothing was sent. */
  | "invalid_argument"
  /** `plaudit/slim` was used before its `init()` had ended. */
  | "not_initialized"
  /** There is no cryptographic random source, so no `state` can be made. */
  | "crypto_unavailable"
  /** An `access_token` stands in the query, where servers and logs see it. */
  | "token_in_query"
  /** A standard parameter is given more than once. */
  | "duplicate_parameter"
  /** A `state` was sent and none came back. */
  | "state_missing"
  /** The `state` that came back is not the one that was sent. */
  | "state_mismatch"
  /** No `state` was sent, yet one came. */
  | "state_unexpected"
  /** The response arrived at another address than the redirect address. */
  | "redirect_mismatch"
  /** The response names another issuer. */
  | "issuer_mismatch"
  /** The platform answered with an `error`: see `oauthError` and `description`. */
  | "provider_error"
  /** The response breaks the grammar or the rules of RFC 6749, or a body is not what it should be. */
  | "malformed_response"
  /** The token's type is not bearer. */
  | "unsupported_token_type"
  /** No sign-in that waits for an answer was found in this tab. */
  | "transaction_missing"
  /** The sign-in took longer than ten minutes. */
  | "transaction_expired"
  /** `sessionStorage` cannot be used here. */
  | "storage_unavailable"
  /** This needs a page, must not be sent by one (a POST to the platform), or the page's policy forbids it. */
  | "unsupported_environment"
  /** The browser did not open the window. */
  | "popup_blocked"
  /** The user closed the window. */
  | "popup_closed"
  /** No answer came from the window in time. */
  | "popup_timeout"
  /** There is no session: call `signIn()`. */
  | "signed_out"
  /** The session's token is at its end: call `signIn()`. */
  | "expired"
  /** `auth.fetch` was asked to send the token to an origin that is not the platform's. */
  | "origin_not_allowed"
  /** 401: key or token is missing, wrong or expired. */
  | "unauthorized"
  /** 403: key or token has no right to this. */
  | "forbidden"
  /** 404: there is no such thing. */
  | "not_found"
  /** 429: too many calls; without a status: the client's own allowance is used up. */
  | "rate_limited"
  /** Any other 4xx. */
  | "bad_request"
  /** 5xx. */
  | "server_error"
  /** No answer came: offline, DNS, TLS, CORS. */
  | "network_error"
  /** The caller's `AbortSignal` ended it; its reason is the `cause`. */
  | "aborted"
  /** No answer came in time. */
  | "timeout"
  /** The platform's numbered pages end here; `allReviews` goes beyond. */
  | "page_limit"
  /** The platform refused client, secret or grant as they are configured. */
  | "configuration_error"
  /** The grant is at its end: the user, or the operator, has to sign in again. See `reason`. */
  | "reauthorization_required"
  /** Another process is getting the token; it was not there in time. */
  | "token_pending"
  /** The token store does not answer, and no token that is still valid is at hand. */
  | "store_unavailable"
  /** A webhook's signature is not of its bytes. */
  | "signature_mismatch"
  /** A webhook's timestamp is too old or too far ahead. */
  | "timestamp_out_of_range"
  /** A webhook came before. */
  | "already_received";

/** Why a grant is at its end; see {@link PlauditError.reason}. */
export type ReauthorizationReason =
  /** A refresh was sent and nobody read its answer: the new refresh token is gone. */
  | "rotation_lost"
  /** The platform refused the refresh token, or the credentials of the grant. */
  | "refused"
  /** `revoke()` was called. */
  | "revoked"
  /** The access token is at its end, and there is no refresh token. */
  | "expired"
  /** The store holds no tokens. */
  | "never_signed_in";

/** A request that was sent: the status of its answer, or the reason why there is none. */
export interface Attempt {
  readonly status?: number;
  readonly code?: PlauditErrorCode;
  /** How long it took. */
  readonly ms: number;
}

/** What a {@link PlauditError} may carry besides code and message. */
export interface PlauditErrorDetails {
  status?: number | undefined;
  retryable?: boolean | undefined;
  retryAfter?: number | undefined;
  oauthError?: string | undefined;
  description?: string | undefined;
  reason?: ReauthorizationReason | undefined;
  body?: string | undefined;
  attempts?: readonly Attempt[] | undefined;
  page?: number | string | undefined;
  cause?: unknown;
}

/**
 * The one error of this package. Neither token nor code nor `state` nor key ever stands in its
 * message, its stack or its JSON.
 */
export class PlauditError extends Error {
  // Consoles show the constructor's name, which a minifier would cut to a letter.
  static override readonly name = "PlauditError";
  // `declare`: a field would be made first, enumerable and undefined.
  /** The stable name of what went wrong. */
  readonly code: PlauditErrorCode;
  /** The HTTP status, where there was an answer. */
  declare readonly status?: number;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Seconds that the server asked to wait, where it did and the page may see it. */
  declare readonly retryAfter?: number;
  /** RFC 6749's `error`, where the platform sent one. Text that anyone can write: never HTML. */
  declare readonly oauthError?: string;
  /** What the platform said. Text that anyone can write: never HTML. */
  declare readonly description?: string;
  /** Of `reauthorization_required`: why. */
  declare readonly reason?: ReauthorizationReason;
  /** What was sent for the call, the last one included. */
  declare readonly attempts?: readonly Attempt[];
  /** The page at which a walk stopped: its option `from` goes on there. */
  declare readonly page?: number | string;
  /** The answer's body as text (at most 64 KB); not enumerable, so that no log prints it. */
  declare readonly body?: string;

  constructor(code: PlauditErrorCode, message: string, details: PlauditErrorDetails = {}) {
    const { cause, body, retryable = false, ...rest } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable;
    for (const [name, value] of Object.entries(rest)) {
      if (value !== undefined) Object.assign(this, { [name]: value });
    }
    hide(this, { name: "PlauditError", body });
  }

  /** Code, message and what the platform said; no body, no cause. */
  toJSON(): object {
    const { name, message } = this;
    return Object.assign({ name, message }, this);
  }
}

/** Properties that can be read, yet do not show in logs, JSON or spreads. */
export function hide<T extends object, P extends object>(
  target: T,
  properties: P,
): T & Readonly<P> {
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) Object.defineProperty(target, name, { value });
  }
  return target as T & Readonly<P>;
}

/** Whether `error` is a {@link PlauditError}, also one of another realm or another copy. */
export function isPlauditError(error: unknown): error is PlauditError {
  const candidate = error as PlauditError | null | undefined;
  return candidate?.name === "PlauditError" && typeof candidate.code === "string";
}

/** @internal */
export function invalid(message: string, cause?: unknown): PlauditError {
  return new PlauditError("invalid_argument", message, { cause });
}
