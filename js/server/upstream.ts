import { call } from "./core.js";

/** Tokens as a blob has them. After an import there is a refresh token alone. */
export interface Tokens {
  accessToken?: string | undefined;
  refreshToken?: string | undefined;
  scope?: readonly string[] | undefined;
}

/** Who asks; see `Client` in `src/server/grants.rs`. */
export interface Asker {
  readonly provider: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly sendIn: "header" | "body" | undefined;
  readonly baseUrl: string | undefined;
  readonly endpoints: object | undefined;
  readonly partnerId: string | undefined;
  readonly partnerIdHeader: string | undefined;
}

/** How tokens are asked for; see `Grant` in `src/server/grants.rs`. */
export type GrantRequest =
  | { readonly type: "client_credentials" }
  | { readonly type: "password"; readonly username: string; readonly password: string }
  | {
      readonly type: "authorization_code";
      readonly code: string;
      readonly redirectUri: string;
      readonly codeVerifier?: string | undefined;
    }
  | {
      readonly type: "refresh_token";
      readonly refreshToken: string;
      readonly atTokenEndpoint: boolean;
    };

/** What came back; see `TokenResult` in `src/server/grants.rs`. */
export type TokenResult =
  | {
      readonly kind: "granted";
      readonly accessToken: string;
      readonly refreshToken: string | null;
      readonly expiresIn: number | null;
      readonly refreshTokenExpiresIn: number | null;
      readonly scope: readonly string[] | null;
    }
  | { readonly kind: "revoked" }
  | { readonly kind: "invalid_grant"; readonly description: string | null }
  | { readonly kind: "limited"; readonly retryAfterMs: number | null }
  | { readonly kind: "refused"; readonly error: string; readonly description: string | null }
  | { readonly kind: "unavailable"; readonly description: string | null };

/** The same, or the reason why nothing came back. `status` is that of the answer. */
export type Outcome = TokenResult & { readonly status?: number; readonly cause?: unknown } & {
  /** Whether the platform may have seen the request. */
  readonly sent: boolean;
};

interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** What sends a request, as `createClient` takes it. */
export type Fetch = (request: Request) => Promise<Response>;

/** How much of an answer is read: those of the platforms have a kilobyte. */
const LONGEST_ANSWER = 262_144;
/** How long an answer may take, LK13. */
const LONGEST_WAIT = 300_000;
/** A process that was stopped runs its timers before it reads what came meanwhile. */
const GRACE = 5_000;

/** These come of a connection that was lost, too. */
const UNSENT_BY_CONNECT = new Set(["ENETUNREACH", "EHOSTUNREACH"]);
/** What says for certain that no request left: no connection came about. */
const UNSENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  // Bun's
  "ConnectionRefused",
  "FailedToOpenSocket",
]);

/** Sends a token or revocation request, once: no retry, no redirect, no signal (TM19, LK13). */
export class Upstream {
  readonly #asker: Asker;
  readonly #fetch: Fetch;
  readonly #now: () => number;
  readonly #invalidGrantCodes: readonly number[] | undefined;

  constructor(
    asker: Asker,
    fetcher: Fetch,
    now: () => number,
    invalidGrantCodes: readonly number[] | undefined,
  ) {
    this.#asker = asker;
    this.#fetch = fetcher;
    this.#now = now;
    this.#invalidGrantCodes = invalidGrantCodes;
  }

  /** The request; throws what can be known to be wrong before anything is sent. */
  prepare(grant: GrantRequest, scope: readonly string[]): Outgoing {
    return call<Outgoing>("token_request", { client: this.#asker, grant, scope });
  }

  /** Asks for tokens. Nothing is awaited before the request is on its way. */
  token(grant: GrantRequest, scope: readonly string[]): Promise<Outcome> {
    const { type: _, ...values } = grant;
    const sent = Object.values(values).filter((value) => typeof value === "string");
    return this.#send(this.prepare(grant, scope), "read_token_answer", sent);
  }

  /** Ends a token. */
  revoke(token: string): Promise<Outcome> {
    const outgoing = call<Outgoing>("revoke_request", { client: this.#asker, token });
    return this.#send(outgoing, "read_revoke_answer", [token]);
  }

  #send(outgoing: Outgoing, reader: string, sent: readonly string[]): Promise<Outcome> {
    const { url, method, headers, body } = outgoing;
    // The secret in base64 is the secret.
    const basic = headers.flatMap(([name, value]) =>
      name.toLowerCase() === "authorization" ? [value.replace(/^Basic /, "")] : [],
    );
    const answer = (async () => {
      const init = { method, headers: headers.map(([a, b]): [string, string] => [a, b]), body };
      const response = await this.#fetch(new Request(url, { ...init, redirect: "manual" }));
      // A redirect that a runtime hides has no status.
      const status = response.status || 302;
      const text = await read(response).catch(() => "");
      const result = call<TokenResult>(reader, {
        provider: this.#asker.provider,
        status,
        retryAfter: response.headers.get("retry-after"),
        body: text,
        now: this.#now(),
        sent: [...sent, this.#asker.clientSecret, ...basic],
        invalidGrantCodes: this.#invalidGrantCodes,
      });
      return { ...result, status, sent: true };
    })();
    const failed = answer.catch((cause: unknown): Outcome => {
      return { kind: "unavailable", description: null, sent: !isUnsent(cause), cause };
    });
    return within(failed, { kind: "unavailable", description: null, sent: true });
  }
}

/** `answer`, or `late` when it takes too long. */
function within(answer: Promise<Outcome>, late: Outcome): Promise<Outcome> {
  return new Promise((resolve) => {
    let timer = setTimeout(() => {
      timer = setTimeout(resolve, GRACE, late);
    }, LONGEST_WAIT);
    // The connection keeps the process alive; where there is none, nothing will come.
    (timer as { unref?(): void }).unref?.();
    answer.then((outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    });
  });
}

/** The body as text. What is too long counts as cut off. */
async function read(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > LONGEST_ANSWER) {
      await reader.cancel().catch(() => {});
      return "";
    }
    text += decoder.decode(value, { stream: true });
  }
}

function isUnsent(thrown: unknown, depth = 0): boolean {
  const { code, syscall, cause, errors } = Object(thrown) as {
    code?: unknown;
    syscall?: unknown;
    cause?: unknown;
    errors?: unknown;
  };
  if (typeof code === "string" && UNSENT.has(code)) return true;
  if (syscall === "connect" && UNSENT_BY_CONNECT.has(code as string)) return true;
  if (depth > 4) return false;
  // Node tries every address of a host, and tells of all of them.
  if (Array.isArray(errors) && errors.length > 0) {
    return errors.every((error) => isUnsent(error, depth + 1));
  }
  return cause !== undefined && isUnsent(cause, depth + 1);
}
