// Compiled, never run: what users' code may say, and what it may not. By tests/types/types.test.mjs.
import {
  type Auth,
  type AuthEventType,
  authorizeUrl,
  type BusinessUnit,
  type Callback,
  type CodeSession,
  createAuth,
  createClient,
  createState,
  init,
  isPlauditError,
  type PlauditError,
  type PlauditErrorCode,
  type ProviderName,
  type ProviderProfile,
  parseCallback,
  type Rating,
  type ResponseType,
  type Session,
  type TokenSession,
  type Trustpilot,
} from "plaudit";
import * as signIn from "plaudit/sign-in";
import * as slim from "plaudit/slim";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function assertTrue<T extends true>(): T;

// what functions give
assertTrue<Equal<ReturnType<typeof createState>, string>>();
assertTrue<Equal<ReturnType<typeof authorizeUrl>, string>>();
assertTrue<Equal<ReturnType<typeof parseCallback>, Callback>>();
assertTrue<Equal<ReturnType<typeof createAuth>, Auth>>();
assertTrue<Equal<ReturnType<typeof init>, Promise<void>>>();
assertTrue<Equal<ReturnType<Auth["completeSignIn"]>, Promise<Session | null>>>();
assertTrue<Equal<ReturnType<Auth["signIn"]>, Promise<Session | null>>>();

// unions of literals
assertTrue<Equal<ProviderName, "trustpilot" | "trustoo">>();
assertTrue<Equal<ResponseType, "token" | "code">>();
assertTrue<Equal<AuthEventType, "signedin" | "expiring" | "expired" | "signedout">>();
assertTrue<Equal<string extends PlauditErrorCode ? true : false, false>>();

// the entries are of one shape
assertTrue<Equal<typeof signIn.parseCallback, typeof parseCallback>>();
assertTrue<Equal<typeof slim.parseCallback, typeof parseCallback>>();
assertTrue<Equal<typeof signIn.createAuth, typeof createAuth>>();
assertTrue<Equal<typeof slim.createClient, typeof createClient>>();
assertTrue<Equal<typeof signIn.PlauditError, typeof PlauditError>>();
// @ts-expect-error sign-in alone has no client
signIn.createClient;

// a callback is told by its kind
export function read(callback: Callback): string {
  switch (callback.kind) {
    case "none":
      // @ts-expect-error there is no token here
      callback.accessToken;
      return "";
    case "token": {
      // @ts-expect-error there is no code here
      callback.code;
      const expiresAt: number | null = callback.expiresAt;
      // @ts-expect-error unknown is null
      const end: number = callback.expiresAt;
      const type: "bearer" = callback.tokenType;
      const scope: string[] | null = callback.scope;
      return `${callback.accessToken}${type}${expiresAt}${end}${scope}`;
    }
    case "code":
      // @ts-expect-error there is no token here
      callback.accessToken;
      return callback.code;
    default: {
      const never: never = callback;
      return never;
    }
  }
}

// every code can be handled, none twice, none that does not exist
export function explain(code: PlauditErrorCode): number {
  switch (code) {
    case "invalid_argument":
    case "not_initialized":
    case "crypto_unavailable":
    case "token_in_query":
    case "duplicate_parameter":
    case "state_missing":
    case "state_mismatch":
    case "state_unexpected":
    case "redirect_mismatch":
    case "issuer_mismatch":
    case "provider_error":
    case "malformed_response":
    case "unsupported_token_type":
    case "transaction_missing":
    case "transaction_expired":
    case "storage_unavailable":
    case "unsupported_environment":
    case "popup_blocked":
    case "popup_closed":
    case "popup_timeout":
    case "signed_out":
    case "expired":
    case "origin_not_allowed":
    case "unauthorized":
    case "forbidden":
    case "not_found":
    case "rate_limited":
    case "bad_request":
    case "server_error":
    case "network_error":
    case "aborted":
    case "timeout":
    case "page_limit":
    case "configuration_error":
    case "reauthorization_required":
    case "token_pending":
    case "store_unavailable":
    case "signature_mismatch":
    case "timestamp_out_of_range":
    case "already_received":
      return 1;
    default: {
      const never: never = code;
      return never;
    }
  }
}
// @ts-expect-error there is no such code
explain("invalid_state");

// what is required
const request = {
  provider: "trustpilot",
  clientId: "key",
  redirectUri: "https://app.example/cb",
  responseType: "token",
} as const;
authorizeUrl({ ...request, state: createState() });
// @ts-expect-error state is required
authorizeUrl(request);
// @ts-expect-error and may not be null
authorizeUrl({ ...request, state: null });
// @ts-expect-error a platform that nobody knows
authorizeUrl({ ...request, state: "s", provider: "trustpilott" });
// @ts-expect-error an option that nobody knows
authorizeUrl({ ...request, state: "s", clientSecret: "x" });
// @ts-expect-error values are strings
authorizeUrl({ ...request, state: "s", extra: { a: 1 } });

parseCallback("https://app.example/", { provider: "trustoo", responseType: "code", state: null });
parseCallback(new URL("https://app.example/"), { ...request, state: "s" });
// @ts-expect-error state is required: null says that none was sent
parseCallback("https://app.example/", { provider: "trustpilot", responseType: "token" });
// @ts-expect-error undefined is no way to say so
parseCallback("https://app.example/", { ...request, state: undefined });
// @ts-expect-error the options are required
parseCallback("https://app.example/");

const profile: ProviderProfile = { id: "x", scopeDelimiter: ",", tokenEncoding: "base64" };
parseCallback("https://app.example/", { provider: profile, responseType: "code", state: "s" });
// @ts-expect-error delimiters are two
const semicolon: ProviderProfile = { id: "x", scopeDelimiter: ";" };

const auth = createAuth({
  provider: "trustpilot",
  clientId: "key",
  redirectUri: "https://app.example/cb",
  storage: { getItem: async () => null, setItem: async () => {}, removeItem: async () => {} },
});
// @ts-expect-error nobody stores there
createAuth({ provider: "trustpilot", clientId: "k", redirectUri: "https://a/", storage: "local" });
// @ts-expect-error the redirect address is required
createAuth({ provider: "trustpilot", clientId: "key" });
const stop: () => void = auth.on("expired", ({ type, session }) => {
  const is: AuthEventType = type;
  void [is, session];
});
stop();
// @ts-expect-error there is no such event
auth.on("loggedin", () => {});
// @ts-expect-error there is no such mode
auth.signIn({ mode: "iframe" });
const byWindow = auth.signIn({ mode: "popup" });
assertTrue<Equal<typeof byWindow, Promise<TokenSession>>>();
const byRedirect = auth.signIn();
assertTrue<Equal<typeof byRedirect, Promise<TokenSession | null>>>();
const completed = createAuth({
  provider: "trustoo",
  clientId: "key",
  redirectUri: "https://app.example/cb",
  responseType: "code",
  popup: undefined,
}).completeSignIn();
assertTrue<Equal<typeof completed, Promise<CodeSession | null>>>();

export function show({ session }: Auth): string {
  if (!session) return "";
  // @ts-expect-error what a session holds is read only
  session.accessToken = "x";
  const kind: "token" = session.kind;
  return kind + session.accessToken;
}
// @ts-expect-error and so is the session
auth.session = null;

export async function find(): Promise<string> {
  const client = createClient({ provider: "trustpilot", apiKey: "key", keyIn: "header" });
  const unit = await client.businessUnits.find("a.example", { timeout: 5 });
  const known: BusinessUnit = unit;
  // @ts-expect-error any field may be missing or null
  known.numberOfReviews.total;
  // what an answer cannot be without is there
  const id: string = unit.id;
  return id + (unit.score?.trustScore?.toFixed(1) ?? "");
}
export async function walk(): Promise<number> {
  const client = createClient({ provider: "trustpilot", proxy: "https://a.example", retry: 1 });
  const { all } = client.businessUnits.reviews;
  for await (const review of all("id", { stars: [4, 5], limit: 5, from: 2 })) {
    const stars: number | null | undefined = review.stars;
    if (stars) return stars;
  }
  const { data, status, attempts } = await client.businessUnits.get("id").withResponse();
  const some: readonly Trustpilot.Review[] = await all("id").toArray({ limit: 10 });
  // @ts-expect-error CL23 toArray needs its limit
  all("id").toArray();
  // @ts-expect-error CL29 no parameter of this call
  all("id", { nope: 1 });
  // @ts-expect-error the walk counts pages itself
  all("id", { page: 2 });
  // @ts-expect-error there are no six stars
  client.businessUnits.reviews("id", { stars: 6 });
  // @ts-expect-error this has no pages
  client.businessUnits.find.all;
  const answer = await client.request("GET", "/x", { query: { a: 1 } });
  // @ts-expect-error CL27 it is not known what it is
  answer.data.x;
  return data.id.length + status + attempts.length + some.length + client.stats().sent;
}

export async function readTrustoo(): Promise<string | null> {
  const client = createClient({ provider: "trustoo" });
  const { list } = await client.reviews.product("mug", { shop: "a.example" });
  // @ts-expect-error that is Trustpilot's
  client.businessUnits;
  const rating: Rating = client.toRating({});
  return list.length ? rating.name : null;
}
// @ts-expect-error the key goes there or there
createClient({ provider: "trustpilot", apiKey: "key", keyIn: "body" });

export function handle(error: unknown): number | undefined {
  // @ts-expect-error it is not known yet what it is
  error.code;
  if (!isPlauditError(error)) return undefined;
  const code: PlauditErrorCode = error.code;
  const retryable: boolean = error.retryable;
  // @ts-expect-error an error's code does not change
  error.code = "timeout";
  void [code, retryable, error.cause, error.body, error.oauthError];
  return error.retryAfter ?? error.status;
}

void slim.init(new Uint8Array(4));
void init(new Uint8Array(4));
void signIn.init(fetch("https://app.example/plaudit.wasm"));
void slim.init(fetch("https://app.example/plaudit.wasm"));
void semicolon;
