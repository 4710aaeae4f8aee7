import { callable, object } from "../arguments.js";
import { type ClientOptions, makeClient, type Server, type TrustpilotClient } from "../client.js";
import { invalid, PlauditError } from "../errors.js";
import { trustpilot as more } from "../generated/server-tables.js";
import type { Endpoints } from "../generated/server-trustpilot.js";
import { type Platform, trustpilot } from "../generated/tables.js";
import type { Job } from "../transport.js";
import { bounded } from "./answers.js";
import { call, start } from "./core.js";
import { namesOf, strict } from "./options.js";
import { expose, type Secret } from "./secret.js";

/** Where access tokens come from: a token manager, or anything that is like one. */
export interface TokenSource {
  /** A token that is valid, as far as is known. */
  token(options?: { signal?: AbortSignal | undefined }): Promise<string>;
  /** Is told of a token that the platform refused (401). */
  refused(token: string): unknown;
}

/** What {@link createServerClient} takes. */
export interface ServerClientOptions
  extends Pick<
    ClientOptions<"trustpilot">,
    "baseUrl" | "fetch" | "timeout" | "deadline" | "retry" | "cache" | "allowance"
  > {
  provider: "trustpilot";
  /** Gives the tokens of private calls. */
  tokens: TokenSource;
  /** The API key, for calls that are not private. At Trustpilot it is the client's id. */
  apiKey?: string | Secret | undefined;
  /**
   * The id of a user of Trustpilot Business, sent with private calls as `x-business-user-id`: tokens
   * of `client_credentials` belong to no user, and some calls want one.
   */
  businessUserId?: string | undefined;
  /** An integration partner's id, sent with private calls in the header `partnerIdHeader`. */
  partnerId?: string | undefined;
  /** The name of that header: the platform's pages do not tell it, its partner manager does. */
  partnerIdHeader?: string | undefined;
  /** A base address in place of both of the platform's, for example a sandbox's. */
  baseUrl?: string | undefined;
}

/** Trustpilot's API with what only a business may ask. */
export type ServerClient = TrustpilotClient & Endpoints;

const OPTIONS = namesOf<ServerClientOptions>()(
  "provider tokens apiKey businessUserId partnerId partnerIdHeader",
  "baseUrl fetch timeout deadline retry cache allowance",
);
const DEEPEST = 16;

/**
 * A client of Trustpilot's whole API. Making one sends nothing.
 *
 * A private call that is answered with 401 is made once more with a new token. GET, PUT and DELETE are
 * tried again like public reads; a POST only where the platform asked it to wait (429 with
 * `Retry-After`), so that nothing is written twice. Private answers are not kept.
 */
export function createServerClient(options: ServerClientOptions): ServerClient {
  const {
    provider,
    tokens,
    apiKey,
    businessUserId,
    partnerId,
    partnerIdHeader,
    fetch: own,
    ...rest
  } = strict(options, "", OPTIONS);
  if (provider !== "trustpilot") throw invalid('provider: must be "trustpilot"');
  callable(object(tokens, "tokens").token ?? 0, "tokens.token");
  callable(tokens.refused ?? 0, "tokens.refused");
  callable(own, "fetch");
  const isId = (value: unknown) => typeof value === "string" && /^[0-9a-f]{24}$/i.test(value);
  if (businessUserId !== undefined && !isId(businessUserId)) {
    throw invalid("businessUserId: must be 24 hexadecimal digits");
  }
  if ((partnerId === undefined) !== (partnerIdHeader === undefined)) {
    throw invalid("partnerIdHeader: give it together with partnerId");
  }
  const headers = new Headers();
  try {
    if (businessUserId) headers.set("x-business-user-id", businessUserId);
    if (partnerId && partnerIdHeader) headers.set(partnerIdHeader, partnerId);
  } catch (cause) {
    throw invalid("partnerId: no header can be made of it and partnerIdHeader", cause);
  }
  start();
  const send = bounded((request) => (own ?? fetch)(request));
  const { baseUrl = trustpilot.base } = rest;
  const client = makeClient<"trustpilot">(
    {
      ...rest,
      provider,
      apiKey: apiKey === undefined ? undefined : expose(apiKey, "apiKey"),
      fetch: bearer(send, tokens, headers, isBelow(baseUrl, "/private/")),
    },
    { platform: merged(trustpilot, more), build: builder(provider, rest.baseUrl) },
  );
  return client as unknown as ServerClient;
}

/** The endpoints of both, by resource. */
function merged(platform: Platform, more: Platform): Platform {
  const names = Object.keys({ ...platform.groups, ...more.groups });
  const groups = names.map((name) => [name, { ...platform.groups[name], ...more.groups[name] }]);
  return { ...platform, groups: Object.fromEntries(groups) };
}

/** Whether an address lies below `path` of a base address, whatever its host: there are two. */
function isBelow(base: string, path: string): (url: URL) => boolean {
  return ({ pathname }) => {
    const start = new URL(base).pathname.replace(/\/$/, "");
    return pathname.startsWith(start + path);
  };
}

/** @internal Makes the requests of private endpoints. */
export function builder(platform: string, base: string | undefined): Server["build"] {
  return (endpoint, parameters): Job => {
    const args = plain(parameters, "", 0);
    const input = { platform, endpoint, base, arguments: args };
    const { method, url, body } = call<{ method: string; url: string; body: string | null }>(
      "endpoint_request",
      input,
    );
    const request = new Request(url);
    if (body !== null) request.headers.set("content-type", "application/json");
    return { request, method, body, key: url, isRead: method !== "POST", mayWait: true, kind: 0 };
  };
}

/** A value as JSON has it. What JSON would drop in silence is refused. */
function plain(value: unknown, way: string, depth: number): unknown {
  if (depth > DEEPEST) throw invalid(`${way}: is too deep`);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (Number.isFinite(value)) return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (Array.isArray(value)) {
    return value.map((item, at) => plain(item, `${way}[${at}]`, depth + 1));
  }
  if (typeof value !== "object" || value instanceof Date) {
    throw invalid(`${way}: must be text, a finite number, a boolean, a date, or made of these`);
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, plain(member, way ? `${way}.${name}` : name, depth + 1)]);
  return Object.fromEntries(members);
}

/** @internal Sends private requests with a token, and once more with another where it was refused (TM9). */
export function bearer(
  send: (request: Request) => Promise<Response>,
  tokens: TokenSource,
  more: Headers,
  isPrivate: (url: URL) => boolean,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!isPrivate(new URL(request.url))) return send(request);
    const { url, method, signal } = request;
    const body = (await request.text()) || null;
    const attempt = (token: string) => {
      // A token that is cut off from its caller is not sent, and its text is in no error.
      signal.throwIfAborted();
      if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
        throw new PlauditError("invalid_argument", "tokens: what token() gave is no token");
      }
      const headers = new Headers(request.headers);
      headers.delete("apikey");
      for (const [name, value] of more) headers.set(name, value);
      headers.set("authorization", `Bearer ${token}`);
      return send(new Request(url, { method, headers, body, signal, redirect: "manual" }));
    };
    const first = await tokens.token({ signal });
    const response = await attempt(first);
    if (response.status !== 401) return response;
    await tokens.refused(first);
    const second = await tokens.token({ signal });
    if (second === first) return response;
    response.body?.cancel().catch(() => {});
    return attempt(second);
  };
}
