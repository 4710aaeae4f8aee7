import { failure, forget, send, textAt } from "../../core.js";
import { invalid, isPlauditError } from "../../errors.js";
import type { Platform, Row } from "../../generated/tables.js";
import { call } from "../core.js";
import { type Cache, type Failed, type Found, isNoneMatched, type Life } from "./cache.js";
import {
  type Inbound,
  type Origins,
  OWN,
  problem,
  type Reply,
  readBody,
  refuseForeign,
  refuseForged,
} from "./http.js";
import {
  canonical,
  createTable,
  isDefault,
  type Match,
  type Parameter,
  type Route,
  split,
} from "./paths.js";
import type { Sessions } from "./sessions.js";
import type { Inward, Upstream } from "./upstream.js";

/** What the page may ask, and with which values alone. */
export interface Allowed {
  readonly route: Route;
  /** Whether a user's token is needed. */
  readonly isPrivate: boolean;
  /** Values that a parameter may have; others are not found. */
  readonly only: Readonly<Record<string, ReadonlySet<string>>>;
}

export interface ApiParts {
  readonly platform: Platform;
  readonly provider: string;
  readonly base: string;
  /** A base address in place of all of the platform's own. */
  readonly ownBase: string | undefined;
  readonly key: string;
  /** Tells this account's answers from another's, without holding the key. */
  readonly account: string;
  readonly allowed: readonly Allowed[];
  readonly origins: Origins;
  readonly cache: Cache | undefined;
  readonly lives: { readonly day: Life; readonly long: Life };
  readonly upstream: Upstream;
  readonly sessions: Sessions | undefined;
  /** Takes a call of a client's share: 0, or the milliseconds until it has one. */
  readonly share: (inbound: Inbound) => number;
  readonly limits: { readonly bodyBytes: number; readonly bodyTime: number };
}

/** What the log is told of a request. */
export interface Note {
  route: string;
  code?: string;
  cache?: "hit" | "miss" | "stale" | "none";
}

/** What is asked of the platform. */
interface Plan {
  readonly allowed: Allowed;
  readonly url: string;
  readonly body: string;
  readonly key: string;
  readonly life: Life | undefined;
}

const DAY = 1;
const LONG = 2;
const READ_BY_POST = 3;
/** Addresses whose plan is remembered, and how long they may be. */
const MOST_PLANS = 2_000;
const LONGEST_PLANNED = 512;
const LONGEST_QUERY = 8_192;
/** Stands between the values of a list on the way to the core. */
const SEPARATOR = "\x1f";
/** What caches on the way and browsers may do with a shared answer (CH6). */
const SHARED = "public, max-age=300, stale-while-revalidate=86400";
/** What a request may tell the platform, where its answer is for nobody else (BF16). */
const FORWARDED = {
  "accept-language": /^[\w\s,;=.*-]{1,200}$/,
  traceparent: /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/,
};

/** Whether an endpoint changes something. */
export const isWrite = ({ method, row }: Route) => method !== "GET" && row[3] !== READ_BY_POST;

/** What answers below `/api`. */
export function createApi(parts: ApiParts) {
  const { account, cache, origins, upstream, sessions, limits, lives } = parts;
  const known = new Map(parts.allowed.map((allowed) => [allowed.route, allowed]));
  const find = createTable([...known.keys()]);
  const plans = new Map<string, Plan>();

  /** The address of the platform, written and checked by the core; or why there is none. */
  function compile(
    match: Match,
    query: string,
    body: Readonly<Record<string, unknown>> | undefined,
  ): Plan | Reply {
    const { route, values } = match;
    const allowed = known.get(route) as Allowed;
    const { row, inPath, others } = route;
    const given: [Parameter, unknown][] = inPath.map((parameter, at) => [
      parameter,
      canonical(parameter.kind, values[at] as string),
    ]);
    if (query.length > LONGEST_QUERY) return mistake("the query is too long");
    if (body && query) return mistake("this address has no query");
    const asked: [string, unknown][] = body
      ? Object.entries(body)
      : [...new URLSearchParams(query)];
    for (const [wire, value] of asked) {
      const parameter = others.find((one) => one.wire === wire);
      // Neither `apikey` nor `access_token` nor `callback` is a parameter of anything (BF15).
      if (!parameter) return mistake("a parameter is unknown");
      if (given.some(([one]) => one === parameter)) {
        return mistake(`${parameter.name}: is given more than once`);
      }
      given.push([
        parameter,
        body || typeof value !== "string" ? value : canonical(parameter.kind, value),
      ]);
    }
    for (const [name, set] of Object.entries(allowed.only)) {
      const [parameter, value] = given.find(([one]) => one.name === name) ?? [];
      if (!parameter || !isListed(parameter, value, set)) return problem(404, "not_found");
    }
    const sent = given.filter(([parameter, value]) => !isDefault(parameter, value));
    try {
      const { url, body: text } = allowed.isPrivate
        ? writePrivate(parts, route.name, sent)
        : writePublic(parts, row, sent);
      const kind = row[3];
      const life = kind === DAY ? lives.day : kind === LONG ? lives.long : undefined;
      const isShared = cache && route.method === "GET" && !allowed.isPrivate;
      return {
        allowed,
        url,
        body: text,
        key: `${account} ${url}`,
        life: isShared ? life : undefined,
      };
    } catch (error) {
      if (!isPlauditError(error) || error.code !== "invalid_argument") throw error;
      // It names the parameter and what it must be, and never the value.
      const isPath = inPath.some(({ name }) => error.message.startsWith(`${name}:`));
      return isPath ? problem(404, "not_found") : mistake(error.message);
    }
  }

  /** What is sent along, of all that came (BF16). */
  function headersOf(inbound: Inbound, isShared: boolean, body: string): Record<string, string> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (body) headers["content-type"] = "application/json";
    for (const [name, form] of Object.entries(FORWARDED)) {
      const value = inbound.header(name);
      // One reader's language is not to be everybody's.
      if (value !== null && form.test(value) && !isShared) headers[name] = value;
    }
    return headers;
  }

  /** Asks with the server's key. */
  const askAs = (
    plan: Plan,
    inbound: Inbound,
    signal: AbortSignal | undefined,
    urgent: boolean,
  ) => {
    const { allowed, url, body } = plan;
    const wait = urgent ? parts.share(inbound) : 0;
    if (wait) return Promise.resolve(greedy(wait));
    const headers = headersOf(inbound, Boolean(plan.life), body);
    if (parts.key) headers.apikey = parts.key;
    const { name, method, row } = allowed.route;
    return upstream({
      ...{ name, row, url, method, headers },
      body: body || undefined,
      isUrgent: urgent,
      signal,
    });
  };

  /** Asks with the user's token, once more where it was refused. */
  async function askFor(plan: Plan, inbound: Inbound, note: Note): Promise<Reply> {
    if (!sessions) return problem(404, "no_route");
    const { allowed, url, body } = plan;
    const { name, method, row } = allowed.route;
    const wait = parts.share(inbound);
    if (wait) return toProblem(greedy(wait));
    const answer = await sessions.withToken(inbound, (token) =>
      upstream({
        ...{ name, row, url, method },
        headers: { ...headersOf(inbound, false, body), authorization: `Bearer ${token}` },
        body: body || undefined,
        isUrgent: true,
        signal: inbound.signal,
      }),
    );
    if ("headers" in answer) return answer;
    note.cache = "none";
    // The session is there, and a new sign-in may help all the same.
    if (answer.kind === "unauthorized") return problem(401, "token_refused");
    return toOwn(answer);
  }

  /** Why a route may not be asked by whoever asks. */
  const refuse = (inbound: Inbound, { route, isPrivate }: Allowed) =>
    isPrivate || isWrite(route)
      ? refuseForged(inbound, origins, isWrite(route))
      : refuseForeign(inbound, origins);

  /** The same of an address that was asked before. */
  function recall(inbound: Inbound, target: string, note: Note): Plan | Reply | undefined {
    const known = plans.get(target);
    if (!known) return undefined;
    note.route = known.allowed.route.name;
    return refuse(inbound, known.allowed) ?? known;
  }

  /** What is to be asked of the platform, with the right to ask it. */
  async function plan(inbound: Inbound, target: string, note: Note): Promise<Plan | Reply> {
    const { method } = inbound;
    const isRead = method === "GET" || method === "HEAD";
    const [path, query] = split(target);
    const match = find(isRead ? "GET" : method, path);
    if (!match) return problem(404, "no_route");
    if (match === "method") return problem(405, "method_not_allowed");
    const allowed = known.get(match.route) as Allowed;
    note.route = allowed.route.name;
    const refusal = refuse(inbound, allowed);
    if (refusal) return refusal;
    if (isRead) {
      const made = compile(match, query, undefined);
      if (!("headers" in made) && target.length <= LONGEST_PLANNED) {
        if (plans.size >= MOST_PLANS) plans.delete(plans.keys().next().value as string);
        plans.set(target, made);
      }
      return made;
    }
    const { method: sent, others } = match.route;
    // A request that takes nothing has no body; what DELETE takes stands in the query.
    if (sent === "DELETE" || (allowed.isPrivate && !others.length)) {
      return compile(match, query, undefined);
    }
    const body = await readBody(inbound, limits.bodyBytes, limits.bodyTime);
    if ("refusal" in body) return body.refusal;
    let given: unknown;
    try {
      given = JSON.parse(body.text);
    } catch {
      return problem(400, "invalid_body");
    }
    if (Object(given) !== given || Array.isArray(given)) return problem(400, "invalid_body");
    return compile(match, query, given as Record<string, unknown>);
  }

  /** Answers a request whose path below `/api` is the beginning of `target`. */
  return async (inbound: Inbound, target: string, note: Note): Promise<Reply> => {
    const { method } = inbound;
    const isRead = method === "GET" || method === "HEAD";
    const found = (isRead && recall(inbound, target, note)) || (await plan(inbound, target, note));
    if ("headers" in found) return found;
    const { allowed, key, life } = found;
    if (allowed.isPrivate) return askFor(found, inbound, note);
    if (!cache || !life) {
      note.cache = "none";
      return toOwn(await askAs(found, inbound, inbound.signal, true));
    }
    const kept = cache.peek(key);
    if (kept) return toShared(kept, inbound.header("if-none-match"), note);
    const { signal, waitUntil } = inbound;
    const answer = await cache.read(
      key,
      life,
      async (own, isUrgent) => {
        const heard = await askAs(found, inbound, own, isUrgent);
        return heard.kind === "unauthorized" ? UNAUTHORIZED : heard;
      },
      { signal, waitUntil },
    );
    return toShared(answer, inbound.header("if-none-match"), note);
  };

  /** The answer that everybody gets. */
  function toShared(answer: Found, ifNoneMatch: string | null, note: Note): Reply {
    if (answer.kind === "absent") {
      return problem(404, "not_found");
    }
    if (answer.kind === "failed") return toProblem(answer);
    const { entry, state, age } = answer;
    note.cache = state;
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "cache-control": SHARED,
      etag: entry.etag,
      "x-content-type-options": "nosniff",
      "x-plaudit-cache": state,
    };
    if (state === "stale") headers.age = String(Math.floor(Math.min(age, 2 ** 31) / 1_000));
    return isNoneMatched(ifNoneMatch, entry.etag)
      ? { status: 304, headers, text: null }
      : { status: 200, headers, text: entry.text, size: entry.size };
  }

  /** The answer that one gets, and nobody else (BF21). */
  function toOwn(answer: Inward): Reply {
    if (answer.kind === "absent") return problem(404, "not_found");
    if (answer.kind === "unauthorized") return toProblem(UNAUTHORIZED);
    if (answer.kind === "failed") return toProblem(answer);
    return {
      status: answer.status,
      headers: {
        "content-type": "application/json",
        "cache-control": OWN,
        "x-content-type-options": "nosniff",
      },
      text: answer.text,
    };
  }

  function toProblem({ status, code, retryAfter }: Failed): Reply {
    return problem(status, code, { retryAfter });
  }
}

/** Kinds whose text holds several values, with commas. */
const LISTS = "skm";

/** Whether all of what a parameter was given is among the values that it may have. */
function isListed({ kind }: Parameter, value: unknown, set: ReadonlySet<string>): boolean {
  const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  const isList = typeof text === "string" && LISTS.includes(kind);
  const items: unknown[] = isList ? text.split(",") : Array.isArray(text) ? text : [text];
  return items.length > 0 && items.every((item) => set.has(item as string));
}

const mistake = (message: string) => problem(400, "bad_request", { message });

/** Has the core write the address of a public request, and the body of a POST. */
function writePublic(
  { base, key }: ApiParts,
  row: Row,
  given: readonly (readonly [Parameter, unknown])[],
): { url: string; body: string } {
  const texts = given.flatMap(([{ name }, value]) => [name, textOf(name, value)]);
  try {
    // The key takes part so that a sandbox's is refused at the platform's own hosts.
    const wasm = send([base, key, row[0], ...texts]);
    const request = wasm.request?.(key ? 1 : 0, given.length);
    if (!request) throw failure();
    return { url: request.url, body: textAt(0) };
  } finally {
    forget();
  }
}

/** The same of a private one, whose body may be any JSON that its parameters are. */
function writePrivate(
  { provider, ownBase }: ApiParts,
  endpoint: string,
  given: readonly (readonly [Parameter, unknown])[],
): { url: string; body: string } {
  const { url, body } = call<{ url: string; body: string | null }>("endpoint_request", {
    platform: provider,
    endpoint,
    base: ownBase,
    arguments: Object.fromEntries(given.map(([{ name }, value]) => [name, value])),
  });
  return { url, body: body ?? "" };
}

/** A value as the core takes it: text, or texts. */
function textOf(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  const isTexts = Array.isArray(value) && value.every((item) => typeof item === "string");
  if (!isTexts) throw invalid(`${name}: must be text or a list of texts`);
  return value.join(SEPARATOR);
}

/** Who has had its share of the calls. */
const greedy = (retryAfter: number): Failed => ({
  kind: "failed",
  status: 429,
  code: "rate_limited",
  retryAfter,
  isKept: false,
});

/** The key was refused, which is the server's affair and not the page's (BF17). */
const UNAUTHORIZED: Failed = {
  kind: "failed",
  status: 502,
  code: "upstream_auth",
  isKept: true,
};
