import { callable, object, string } from "../arguments.js";
import type { Answer, CallOptions } from "../calls.js";
import {
  type ClientOptions,
  type CommonClient,
  makeClient,
  type RequestOptions,
} from "../client.js";
import { at } from "../common.js";
import { invalid, isPlauditError, PlauditError } from "../errors.js";
import { trustoo } from "../generated/server-tables.js";
import type {
  Authorization,
  AuthorizationInfoOptions,
  AuthorizationInstallationOptions,
  AuthorizationUrlOptions,
  AuthorizeUrl,
  Endpoints,
  Installation,
  Review,
} from "../generated/server-trustoo.js";
import type { Shape } from "../generated/tables.js";
import { mend } from "../mend.js";
import { authorizeUrl } from "../oauth.js";
import { bounded } from "./answers.js";
import { builder, type TokenSource } from "./client.js";
import { call, start } from "./core.js";
import { CREDENTIALS, type Credentials } from "./manager.js";
import { namesOf, refuseDemo, strict } from "./options.js";
import { expose, type Secret } from "./secret.js";
import { Upstream } from "./upstream.js";
import type { TrustooRule } from "./webhooks.js";

/** What a shop signs its requests with, as its Trustoo backend shows it. */
export interface TrustooHmac {
  /** Names the shop; it goes with each request. */
  publicToken: string;
  /** Signs, and is never sent. */
  privateToken: string | Secret;
  /**
   * What is signed. No page that says so was found: both are derived from programs that call the
   * API, and unverified. Default: `"sorted_parameters"`.
   */
  rule?: TrustooRule | undefined;
}

/** What {@link createTrustoo} takes: how calls are authorized, in one way or more. */
export interface TrustooOptions
  extends Pick<
    ClientOptions<"trustoo">,
    "baseUrl" | "fetch" | "timeout" | "deadline" | "retry" | "allowance"
  > {
  /** A merchant's tokens: `createTokenManager({ provider: "trustoo", … })`. */
  tokens?: (TokenSource & { revoke?(): Promise<void> }) | undefined;
  /** For a shop's own calls: used where there are no `tokens`. */
  hmac?: TrustooHmac | undefined;
  /** The platform's client id and secret: for what a shop has granted, and to revoke tokens. */
  credentials?: Credentials | undefined;
  /** Milliseconds since the Unix epoch, for signatures. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/** What {@link Trustoo.authorizeUrl} takes. */
export interface TrustooAuthorizeOptions {
  /** Where the merchant comes back to, to the letter as it is registered. */
  redirectUri: string;
  /** What `createState` gave. */
  state: string;
  /** What is asked for, such as `["read_reviews"]`. Default: what the platform gives unasked. */
  scope?: readonly string[] | undefined;
}

/** A call whose address is not documented: it stands where the platform's pages show it to you. */
export interface UnknownPathOptions extends RequestOptions {
  /** Below the base address, such as `/get_…`. */
  path: string;
}

/** Trustoo's Open API. */
export interface Trustoo
  extends Omit<Endpoints, "authorization" | "reviews" | "exclusions" | "media">,
    CommonClient {
  /** Where a merchant authorizes the platform, made here, without a call. */
  authorizeUrl(options: TrustooAuthorizeOptions): string;
  readonly authorization: Omit<Endpoints["authorization"], "url" | "info" | "installation"> & {
    /** The same as {@link Trustoo.authorizeUrl}, made by Trustoo. */
    url(
      options: Omit<AuthorizationUrlOptions, "clientId"> & CallOptions,
    ): Promise<AuthorizeUrl & { authorize_url: string }>;
    /**
     * What a shop has granted. Needs `credentials`, which the platform takes in the address: they
     * are put there last of all, and stand in no error and no answer.
     */
    info(
      options: AuthorizationInfoOptions & CallOptions,
    ): Promise<Authorization & { authorized: boolean | null; scopes: string[] }>;
    /** Whether a shop has installed Trustoo. Needs `credentials`, as `info` does. */
    installation(
      options: AuthorizationInstallationOptions & CallOptions,
    ): Promise<Installation & { installed: boolean | null }>;
    /** Ends a token; without one, all of `tokens`. */
    revoke(token?: string | Secret): Promise<void>;
  };
  readonly reviews: Endpoints["reviews"] & {
    /**
     * A review. The name of the parameter is not documented (its page is cut off); `{ id }` is what
     * the sandbox takes.
     */
    get(query: Readonly<Record<string, string>>, options?: CallOptions): Promise<Review>;
  };
  readonly exclusions: Endpoints["exclusions"] & {
    /** Customers who are asked for no reviews. Its address is not documented. */
    list<T = unknown>(options: UnknownPathOptions): Promise<Answer<T>>;
  };
  readonly media: Endpoints["media"] & {
    /** What a video is uploaded with. Its address is not documented. */
    videoUpload<T = unknown>(options: UnknownPathOptions): Promise<Answer<T>>;
  };
}

const OPTIONS = namesOf<TrustooOptions>()(
  "tokens hmac credentials now baseUrl fetch timeout deadline retry allowance",
);
const HMAC = namesOf<TrustooHmac>()("publicToken privateToken rule");
const AUTHORIZE = namesOf<TrustooAuthorizeOptions>()("redirectUri state scope");
/** The calls that the platform knows its client by, in the query. */
const BY_CREDENTIALS = ["/get_shop_authorization_info", "/get_shop_install_status"];
const OPEN = "/get_oauth_authorize_url";
const BEARER_ALONE = "/oauth/disconnect";
const UNAUTHENTICATED = 16;

/** A client of Trustoo's Open API. Making one sends nothing. */
export function createTrustoo(options: TrustooOptions): Trustoo {
  const { tokens, hmac, credentials, now = Date.now, ...rest } = strict(options, "", OPTIONS);
  const { baseUrl = trustoo.base, fetch: own } = rest;
  callable(own, "fetch");
  callable(now, "now");
  if (!tokens && !hmac && !credentials) {
    throw invalid("tokens: give at least one of tokens, hmac and credentials");
  }
  if (tokens) {
    callable(object(tokens, "tokens").token ?? 0, "tokens.token");
    callable(tokens.refused ?? 0, "tokens.refused");
  }
  const client = credentials && {
    id: string(strict(credentials, "credentials", CREDENTIALS).clientId, "credentials.clientId"),
    secret: expose(credentials.clientSecret, "credentials.clientSecret"),
  };
  if (client) {
    refuseDemo(
      client,
      own !== undefined || rest.baseUrl !== undefined,
      "credentials",
      "give its address too (baseUrl), or the credentials of your application",
    );
  }
  start();
  const signer = hmac && signerOf(hmac, now);
  // What is wrong with the tokens is said now.
  signer?.([], "");
  const send = bounded((request) => (own ?? fetch)(request));
  const pathOf = (url: URL) =>
    url.pathname.slice(new URL(baseUrl).pathname.replace(/\/$/, "").length);

  const needed = () => {
    if (!client) throw invalid("credentials: are needed for this call");
    return client;
  };

  /** Puts what authorizes a request into it, last of all: nothing that is kept or shown has it. */
  async function authorized(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const path = pathOf(url);
    if (path === OPEN) return send(request);
    if (BY_CREDENTIALS.includes(path)) return byCredentials(request, url);
    if (tokens) return byToken(request, tokens, send);
    if (path === BEARER_ALONE) throw invalid("tokens: are needed for this call");
    if (!signer) throw invalid("tokens: give tokens or hmac for this call");
    const body = await request.text();
    const headers = new Headers(request.headers);
    const signed = signer([...url.searchParams], body);
    for (const [name, value] of Object.entries(signed)) headers.set(name, value);
    const { method, signal } = request;
    return send(
      new Request(url, { method, headers, body: body || null, signal, redirect: "manual" }),
    );
  }

  async function byCredentials(request: Request, url: URL): Promise<Response> {
    const { id, secret } = needed();
    url.searchParams.set("client_id", id);
    url.searchParams.set("client_secret", secret);
    const { signal } = request;
    let response: Response;
    let text: string;
    try {
      response = await send(new Request(url, { signal, redirect: "manual" }));
      text = await response.text();
    } catch (error) {
      if (isPlauditError(error) && error.code === "malformed_response") throw error;
      // What some runtimes throw names the address.
      throw new Error("no answer");
    }
    const { status, headers } = response;
    const forms = [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ s: secret }).toString().slice(2),
    ];
    for (const form of forms) text = text.replaceAll(form, "***");
    return new Response(hasBody(status) ? text : null, { status, headers: plainHeaders(headers) });
  }

  const made = makeClient<"trustoo">(
    { ...rest, provider: "trustoo", baseUrl, cache: false, fetch: authorized },
    { platform: trustoo, build: builder("trustoo", rest.baseUrl) },
  ) as unknown as CommonClient & Endpoints;
  const { authorization, reviews, exclusions, media } = made;
  const shape = at(trustoo.groups.reviews?.list?.[1], "list") as Shape;
  const unknownPath = async <T>({ path, ...more }: UnknownPathOptions) =>
    made.request<T>("GET", string(path, "path"), more);

  return Object.assign(made, {
    authorizeUrl: (asked: TrustooAuthorizeOptions) => {
      const { redirectUri, state, scope } = strict(asked, "", AUTHORIZE);
      return authorizeUrl({
        ...{ provider: "trustoo", responseType: "code", redirectUri, state },
        clientId: needed().id,
        scope,
        endpoint: `${baseUrl.replace(/\/$/, "")}/oauth/authorize`,
      });
    },
    authorization: {
      ...authorization,
      url: async (own: Omit<AuthorizationUrlOptions, "clientId"> & CallOptions) =>
        authorization.url({ ...own, clientId: needed().id }),
      async info(own: AuthorizationInfoOptions & CallOptions = {}) {
        needed();
        needsShop(own);
        const data = await authorization.info(own);
        const granted = data.granted_scopes ?? "";
        const scopes = granted.split(",").filter(Boolean);
        return { ...data, authorized: truth(data.is_authorized), scopes };
      },
      async installation(own: AuthorizationInstallationOptions & CallOptions = {}) {
        needed();
        needsShop(own);
        const data = await authorization.installation(own);
        return { ...data, installed: truth(data.is_installed) };
      },
      async revoke(token?: string | Secret) {
        if (token === undefined) {
          if (!tokens?.revoke) throw invalid("token: is needed, since tokens cannot revoke");
          return tokens.revoke();
        }
        const { id, secret } = needed();
        const asker = { provider: "trustoo" as const, clientId: id, clientSecret: secret, baseUrl };
        const sender = (input: string | URL | Request, init?: RequestInit) =>
          send(new Request(input, init));
        const upstream = new Upstream(
          {
            ...asker,
            sendIn: undefined,
            endpoints: undefined,
            partnerId: undefined,
            partnerIdHeader: undefined,
          },
          sender,
          now,
          undefined,
        );
        const outcome = await upstream.revoke(expose(token, "token"));
        if (outcome.kind === "revoked") return;
        const { status, kind } = outcome;
        const isLater = kind === "limited" || kind === "unavailable";
        throw new PlauditError(
          kind === "limited" ? "rate_limited" : isLater ? "server_error" : "configuration_error",
          "the platform did not revoke the token",
          { status, retryable: isLater },
        );
      },
    },
    reviews: {
      ...reviews,
      async get(query: Readonly<Record<string, string>>, own: CallOptions = {}) {
        const { data } = await made.request<Review>("GET", "/get_review", { ...own, query });
        return mend(data, shape) as Review;
      },
    },
    exclusions: { ...exclusions, list: unknownPath },
    media: { ...media, videoUpload: unknownPath },
  }) as Trustoo;
}

/** The platform's client asks about one shop of many. */
function needsShop({ shopId, myshopifyDomain }: AuthorizationInfoOptions): void {
  if (shopId === undefined && myshopifyDomain === undefined) {
    throw invalid("shopId: give it, or myshopifyDomain, to say which shop is meant");
  }
}

/** What signs: query and body in, headers out. */
function signerOf(hmac: TrustooHmac, now: () => number) {
  const { publicToken, privateToken, rule } = strict(hmac, "hmac", HMAC);
  if (rule !== undefined && rule !== "sorted_parameters" && rule !== "public_token_timestamp") {
    throw invalid('hmac.rule: must be "sorted_parameters" or "public_token_timestamp"');
  }
  const common = {
    publicToken: string(publicToken, "hmac.publicToken"),
    privateToken: expose(privateToken, "hmac.privateToken"),
    rule,
  };
  return (query: readonly (readonly [string, string])[], body: string) =>
    call<Record<string, string>>("request_sign", {
      ...common,
      timestamp: Math.floor(now() / 1000),
      query,
      body: body || undefined,
    });
}

/**
 * Sends with a token, and once more with another where it was refused: by 401, or by an envelope
 * that says so under another status.
 */
async function byToken(
  request: Request,
  tokens: TokenSource,
  send: (request: Request) => Promise<Response>,
): Promise<Response> {
  const { url, method, signal } = request;
  const body = (await request.text()) || null;
  const attempt = async (token: string) => {
    signal.throwIfAborted();
    if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
      throw invalid("tokens: what token() gave is no token");
    }
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${token}`);
    return send(new Request(url, { method, headers, body, signal, redirect: "manual" }));
  };
  const first = await tokens.token({ signal });
  const response = await attempt(first);
  const { status } = response;
  let isRefused = status === 401;
  let answer = response;
  if (response.ok && hasBody(status)) {
    const text = await response.text();
    isRefused = codeOf(text) === UNAUTHENTICATED;
    answer = new Response(text, { status, headers: plainHeaders(response.headers) });
  }
  if (!isRefused) return answer;
  await tokens.refused(first);
  const second = await tokens.token({ signal });
  if (second === first) return answer;
  answer.body?.cancel().catch(() => undefined);
  return attempt(second);
}

/** Headers without those of a body that was decoded. */
function plainHeaders(headers: Headers): Headers {
  const plain = new Headers(headers);
  plain.delete("content-encoding");
  plain.delete("content-length");
  return plain;
}

const hasBody = (status: number) => ![101, 204, 205, 304].includes(status);

function codeOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { code?: unknown } | null)?.code;
  } catch {
    return undefined;
  }
}

/** What the platform spells as `true`, 1 or `"1"` in one place and in the other. */
function truth(value: unknown): boolean | null {
  if ([true, 1, "1", "true"].includes(value as never)) return true;
  return [false, 0, "0", "false"].includes(value as never) ? false : null;
}
