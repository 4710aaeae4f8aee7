/** What a redirect from the sign-in pages can be given to carry. */
export type RedirectFault =
  | "state-dropped"
  | "state-forged"
  | "state-duplicated"
  | "token-duplicated"
  | "token-in-query"
  | "token-type-missing"
  | "token-type-mac"
  | "expires-in-garbage"
  | "error-and-token"
  | "provider-error"
  | "temporarily-unavailable"
  | "expires-soon"
  | "other-type"
  | "control-characters"
  | "coop";

/** What can happen to an answer of the API. */
export type ApiFault =
  | "delay"
  | "hang"
  | "cut-before-headers"
  | "cut-body"
  | "truncated-json"
  | "html"
  | "wrong-type"
  | "wrong-shape"
  | "drip"
  | "duplicate-page"
  | "repeated-cursor"
  | "date-skew"
  | "bug"
  | "empty"
  | "status"
  | "401"
  | "403"
  | "404"
  | "429"
  | "500"
  | "503"
  | "520"
  | "cors-off";

/** Which requests a rule is for. What is absent matches everything. */
export interface FaultMatch {
  readonly method?: string | undefined;
  /** A route as {@link Sandbox.routes} lists it, a path, or a path that ends in `*`. */
  readonly route?: string | undefined;
  /** Only the nth request (from 1) that otherwise matches. */
  readonly nth?: number | undefined;
  readonly apikey?: string | undefined;
}

/** A fault that is to come, and when. The first rule that matches is played. */
export interface FaultRule {
  readonly fault: RedirectFault | ApiFault | `4${number}` | `5${number}`;
  readonly match?: FaultMatch | undefined;
  /** How often it is played; always, if not given. */
  readonly times?: number | undefined;
  /** Between 0 and 1, drawn from the seed. */
  readonly probability?: number | undefined;
  /** Milliseconds that the answer comes later; for `drip`, each piece of it. */
  readonly ms?: number | undefined;
  /** For `expires-soon` and `date-skew`. */
  readonly seconds?: number | undefined;
  /** For `status` and `html`. */
  readonly status?: number | undefined;
  /** For errors: seconds, `date:SECONDS` for an HTTP date, or any text. */
  readonly retry_after?: number | string | undefined;
}

/** A rule as it stands. */
export interface FaultRuleState extends Omit<FaultRule, "match" | "times" | "probability"> {
  readonly id: string;
  readonly area: "redirect" | "api";
  readonly match: FaultMatch;
  readonly times: number | null;
  readonly probability: number | null;
  /** How often it was played. */
  readonly hits: number;
  readonly remaining: number | null;
}

/** One fault that the sandbox can play. */
export interface FaultKind {
  readonly id: RedirectFault | ApiFault;
  readonly title: string;
  readonly description: string;
  readonly area: "redirect" | "api";
  /** Members of a rule that it reads. */
  readonly options: readonly ("seconds" | "status" | "retry_after")[];
}

/** One request that came in. Secrets are marks, such as `key#1`: the same secret, the same mark. */
export interface JournalEntry {
  readonly id: number;
  /** The time of the sandbox's clock. */
  readonly time: number;
  readonly method: string;
  /** The route that matched. */
  readonly route: string | null;
  readonly path: string;
  readonly query: string;
  readonly origin: string | null;
  readonly referer: string | null;
  readonly authorization: string | null;
  readonly apikey: string | null;
  /** Null when no header was ever sent. */
  readonly status: number | null;
  readonly fault: string | null;
  /** Where in the request a token stood. */
  readonly token_seen: readonly (
    | "path"
    | "query"
    | "body"
    | "authorization"
    | "referer"
    | "header"
  )[];
}

/** Which entries of the journal. */
export interface JournalFilter {
  readonly method?: string;
  readonly route?: string;
  /** Only entries after the one with this id. */
  readonly since?: number;
}

/** A client that the platforms know. */
export interface SandboxClient {
  readonly provider?: "trustpilot" | "trustoo";
  readonly client_id: string;
  /** Without one the client gets no token from a token endpoint. */
  readonly client_secret?: string;
  readonly redirect_hosts?: readonly string[];
  /** Trustoo: whether it may use client credentials. */
  readonly platform?: boolean;
  /** Trustpilot: the id of the integration partner that it belongs to. */
  readonly partner_id?: string;
  /** The businesses that its own tokens, without a user, open; without a list every one. */
  readonly domains?: readonly string[];
}

/** So many calls in so many seconds. */
export interface SandboxLimit {
  readonly calls: number;
  readonly seconds: number;
}

/** How many calls are answered before 429, and with which hint. An empty list is no limit. */
export interface SandboxLimits {
  /** Calls of the API, for each key. */
  readonly api: readonly SandboxLimit[];
  /** Tokens asked for, for each client. */
  readonly token: readonly SandboxLimit[];
  readonly retry_after: "none" | "seconds" | "date";
}

/** How the sandbox behaves. What no document settles is an option; {@link Sandbox.routes} tells. */
export interface SandboxConfig {
  /** Seconds that a token of Trustpilot lives. */
  readonly token_lifetime: number;
  /** Seconds that a token of Trustoo lives. */
  readonly trustoo_token_lifetime: number;
  /** Seconds. */
  readonly refresh_token_lifetime: number;
  /** Seconds. */
  readonly code_lifetime: number;
  /** What a refresh answers with: a new refresh token, the same, or none. */
  readonly refresh_rotation: "rotate" | "keep" | "omit";
  /** How long a used refresh token gives the same answer again. */
  readonly refresh_reuse_ms: number;
  /** Whether a used refresh token that comes again kills what followed it. */
  readonly refresh_reuse_revokes: boolean;
  /** Whether a refresh ends the access token before it. */
  readonly old_access_token_dies: boolean;
  /** Which members Trustpilot's token answer has: as captured in 2025, or in 2021. */
  readonly token_answer: "current" | "apigee";
  /** How Trustpilot's token endpoints word a refusal. */
  readonly token_errors: "gateway" | "rfc6749";
  /** Whether a token can be had with GET. */
  readonly token_get: boolean;
  /** Whether revoking needs the client's credentials. */
  readonly revoke_auth: "optional" | "required";
  /** Whether Trustoo's errors have a status of their own, or 200. */
  readonly trustoo_errors: "envelope" | "status";
  /** Whether POSTs carry the CORS headers that GETs carry. */
  readonly post_cors: boolean;
  readonly limits: SandboxLimits;
  /** Whether a query name that an endpoint of the API does not know is refused. */
  readonly strict: boolean;
  /** Whether the redirect gives `state` back. */
  readonly state_echo: "always" | "never" | "lost-on-google";
  /** Whether Trustoo percent-encodes the code that it redirects with. */
  readonly encode_code: boolean;
  /** What follows Deny. */
  readonly deny: "redirect" | "page";
  /** What a page of reviews past the first 100,000 is. */
  readonly past_reach: "refuse" | "empty";
  /**
   * The header in which a partner's client names its partner id when it changes a code for a token;
   * null asks for none.
   */
  readonly partner_header: string | null;
  /** The domains of the customers who turned on partnership permissions. */
  readonly partner_permissions: readonly string[];
  /** Whether a token without a user needs the header `x-business-user-id` for invitations. */
  readonly require_business_user_id: boolean;
  /** The keys of links that a business makes by itself, in base64. */
  readonly link_keys: SandboxLinkKeys;
  /** The domain of the shop that Trustoo's tokens are for. */
  readonly trustoo_shop: string;
  /** Whether that shop has the platform's app. */
  readonly trustoo_installed: boolean;
  /** How Trustoo tells where an authorization leads back to. */
  readonly trustoo_authorize: "redirect" | "json";
  /** What Trustoo's `Sign` is made over. */
  readonly trustoo_sign: "sorted-query" | "token-timestamp";
  /** The shop's tokens for signed requests and webhooks. */
  readonly trustoo_sign_keys: { readonly public_token: string; readonly private_token: string };
  /** Whether a token of Trustoo opens only what its scopes name. */
  readonly trustoo_scopes: boolean;
  /** Whether a webhook that comes again has a new timestamp and signature. */
  readonly webhook_retries: "resigned" | "same";
  /** Who signs in. Without `domains` every business belongs to the account. */
  readonly user: {
    readonly email: string;
    readonly password: string;
    readonly domains?: readonly string[];
  };
  readonly clients: readonly SandboxClient[];
}

/** Members of the configuration that are to be otherwise. */
export interface SandboxChanges extends Partial<Omit<SandboxConfig, "limits">> {
  readonly limits?: Partial<SandboxLimits>;
}

/** What {@link Sandbox.reset} can be told to begin anew. */
export type SandboxPart =
  | "tokens"
  | "allowances"
  | "faults"
  | "requests"
  | "clock"
  | "config"
  | "data";

/** One address. */
export interface SandboxRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly area: "page" | "authorize" | "token" | "api" | "control";
  readonly description: string;
  /**
   * What opens it: nothing, an API key or a bearer token, a bearer token alone; at Trustoo a bearer
   * token or a signature, or the client's id and secret.
   */
  readonly access: "open" | "key" | "bearer" | "signed" | "client";
  /** The request of Trustpilot's official collection that it is. */
  readonly official: string | null;
  /** The names it knows in the query, without `apikey`. */
  readonly query: readonly string[];
  /** Path and query of a request that is answered with 200; empty for none. */
  readonly example: string;
  /** The JSON body of that request. */
  readonly example_body: string | null;
  /** What of it no document settles. */
  readonly unverified: string | null;
}

/** Keys of business generated links: 32 bytes each, in base64. */
export interface SandboxLinkKeys {
  readonly encryption_key: string;
  readonly authentication_key: string;
}

/** What a business generated link holds. */
export interface SandboxLink {
  readonly domain: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An invitation, or a link of one, as it was asked for. */
export interface SandboxInvitation {
  readonly kind: "email-invitation" | "invitation-link" | "product-invitation-link";
  readonly business_unit_id: string;
  readonly email: string | null;
  /** The time of the sandbox's clock. */
  readonly at: number;
  /** The id of a link. */
  readonly id: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What came in that no endpoint shows. */
export interface SandboxData {
  readonly invitations: readonly SandboxInvitation[];
  /** Trustoo: who gets no more mail, and of which kind. */
  readonly unsubscribed: readonly {
    readonly email: string;
    readonly email_type: string;
    readonly at: number;
  }[];
  /** Trustoo: who is asked for no more reviews. */
  readonly excluded: readonly {
    readonly customer_id: string;
    readonly email: string;
    readonly at: number;
  }[];
}

/** What Trustoo's webhooks can be told of. */
export type SandboxTopic =
  | "review/created"
  | "review/updated"
  | "review/deleted"
  | "customer_event/created";

/** Something that happened. */
export interface SandboxEvent {
  readonly topic: SandboxTopic;
  /** What is told of it. */
  readonly data?: unknown;
  /** An address that is told besides those of the webhooks. */
  readonly url?: string | undefined;
}

/** A webhook on its way. The sandbox sends nothing by itself. */
export interface SandboxDelivery {
  readonly id: number;
  readonly topic: SandboxTopic;
  readonly state: "pending" | "delivered" | "failed";
  /** The number of the next attempt, from 1 to 10, and when it is due. */
  readonly attempt: number | null;
  readonly due_at: number | null;
  /** Whether it is to be made now. */
  readonly due: boolean;
  /** When all ten attempts are made, if none is taken. */
  readonly schedule: readonly number[];
  readonly answers: readonly { readonly at: number; readonly status: number }[];
  /** The request of the next attempt, as it would be made now. */
  readonly url: string;
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One behaviour that no document of the platforms settles. */
export interface UnverifiedOption {
  readonly option: string;
  readonly values: string;
  readonly default: string;
  readonly note: string;
}

/** How a sandbox fares. */
export interface SandboxHealth {
  readonly status: "ok";
  readonly name: string;
  readonly version: string;
  /** The name of the world; empty for the one without. */
  readonly world: string;
  readonly now: number;
  /** How many entries the journal has. */
  readonly requests: number;
  /** How many requests went where there is nothing. */
  readonly unknown_routes: number;
}

/** What {@link Sandbox.snapshot} kept. */
export interface SandboxSnapshot {
  readonly id: string;
}

/** What {@link Sandbox.verify} found. */
export interface SandboxVerdict {
  /** Whether the lists are empty. */
  readonly ok: boolean;
  /** Rules that were never played. */
  readonly unhit_rules: readonly FaultRuleState[];
  /** What was asked for and is not there. */
  readonly unknown_routes: readonly {
    readonly method: string;
    readonly path: string;
    readonly count: number;
  }[];
  /** Failures of the sandbox itself. */
  readonly bugs: readonly SandboxBug[];
}

/** A failure of the sandbox itself. Answers with status 500 and a header say so too. */
export interface SandboxBug {
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly message: string;
}
