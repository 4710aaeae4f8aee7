/** A platform known by name. */
export type ProviderName = "trustpilot" | "trustoo";

/**
 * RFC 6749's `response_type`. `"token"` is the implicit grant: legacy (RFC 9700 §2.1.2), for pages
 * that have no server. `"code"` needs a server that exchanges the code, and is the safer way.
 */
export type ResponseType = "token" | "code";

/** A platform that this package does not know by name. */
export interface ProviderProfile {
  /** A short name, unique among the platforms that an application uses. */
  id: string;
  /** Where the user is sent to sign in: https, without a fragment. Needed unless `endpoint` is given. */
  authorizationEndpoint?: string;
  /** What stands between two scopes. Default: a space (RFC 6749 §3.3). */
  scopeDelimiter?: " " | ",";
  /**
   * How tokens and codes are spelled. In `"base64"` a space is a `+` that was not percent-encoded,
   * and is repaired. Default: `"opaque"`.
   */
  tokenEncoding?: "opaque" | "base64";
  /** The issuer identifier (RFC 9207). A response with another `iss` is refused; one without is not. */
  issuer?: string;
  /** The origins that may see a token, for example `https://api.example`. */
  apiOrigins?: readonly string[];
}

/** A platform, by name or as a profile. */
export type Provider = ProviderName | ProviderProfile;

/** What {@link authorizeUrl} takes. */
export interface AuthorizeUrlOptions {
  provider: Provider;
  /** `client_id`; on Trustpilot the API key. */
  clientId: string;
  /** `redirect_uri`: https (http on loopback), without a fragment, sent to the letter. */
  redirectUri: string;
  responseType: ResponseType;
  /** `state`: what {@link createState} gave, kept until the user is back. */
  state: string;
  /**
   * What to ask for: an array, or a string with spaces. Trustpilot documents no scopes; Trustoo's
   * are sent with commas between.
   */
  scope?: string | readonly string[] | undefined;
  /** Other parameters; none may repeat a standard one. */
  extra?: Readonly<Record<string, string>> | undefined;
  /** Another authorization endpoint, for example a sandbox's. */
  endpoint?: string | undefined;
}

/** What {@link parseCallback} takes. */
export interface ParseCallbackOptions {
  provider: Provider;
  responseType: ResponseType;
  /**
   * The `state` that was sent. `null` says that none was, and accepts a response without one: where
   * a stored state is missing, do not pass that `null` on, but refuse the response.
   */
  state: string | null;
  /** The redirect address that was sent; its origin and path must be the response's. */
  redirectUri?: string | undefined;
  /** What was asked for; it counts as granted when the response names no scope. */
  scope?: string | readonly string[] | undefined;
  /** When the response arrived, in milliseconds since the Unix epoch. Default: now. */
  receivedAt?: number | undefined;
}

/** The address holds no OAuth response. */
export interface NoCallback {
  kind: "none";
}

/** A successful implicit response (RFC 6749 §4.2.2). */
export interface TokenCallback {
  kind: "token";
  accessToken: string;
  tokenType: "bearer";
  /** Seconds; `null` is unknown, not endless. At most 4,294,967,295. */
  expiresIn: number | null;
  /** Milliseconds since the Unix epoch, counted from `receivedAt`. */
  expiresAt: number | null;
  /** What was granted, where the response or the request names it. */
  scope: string[] | null;
}

/** A successful authorization code response (RFC 6749 §4.1.2); a server exchanges the code. */
export interface CodeCallback {
  kind: "code";
  code: string;
}

/** What a redirect holds. */
export type Callback = NoCallback | TokenCallback | CodeCallback;
