import { milliseconds, object, string } from "./arguments.js";
import { failure, forget, send, slot, textAt } from "./core.js";
import { invalid, PlauditError, type PlauditErrorCode } from "./errors.js";

/** What {@link createClient} takes: a key, a proxy that has one, or a `fetch` that needs none. */
export interface ClientOptions {
  provider: "trustpilot";
  /** The public API key. In a page everyone can read it: prefer {@link ClientOptions.proxy}. */
  apiKey?: string | undefined;
  /**
   * Where the key goes. `"header"` (default): as the platform advises; each address costs a
   * preflight. `"query"`: no preflight, but logs along the way see the key.
   */
  keyIn?: "header" | "query" | undefined;
  /** Another base address than `https://api.trustpilot.com/v1`, for example a sandbox's. */
  baseUrl?: string | undefined;
  /** The address of a server that adds the key, absolute or from this page; then no key is here. */
  proxy?: string | undefined;
  /** What sends the requests, for example `auth.fetch`. Default: the global `fetch`. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Milliseconds until a call ends with `timeout`, the body included. Default: 10,000. */
  timeout?: number | undefined;
}

/** What every call takes. */
export interface CallOptions {
  /** Ends the call with `aborted`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds, in place of the client's. */
  timeout?: number | undefined;
}

/** A link to something related. */
export interface Link {
  href: string;
  method: string;
  rel: string;
}

/** A business unit as Trustpilot sends it. Any field but `id` may be missing or null. */
export interface BusinessUnit {
  /** 24 hexadecimal digits; never changes. */
  id: string;
  displayName?: string | null;
  name?: { identifying?: string | null; referring?: string[] | null } | null;
  websiteUrl?: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  country?: string | null;
  numberOfReviews?: {
    total?: number | null;
    usedForTrustScoreCalculation?: number | null;
    oneStar?: number | null;
    twoStars?: number | null;
    threeStars?: number | null;
    fourStars?: number | null;
    fiveStars?: number | null;
  } | null;
  status?: "active" | (string & {}) | null;
  /** `trustScore`: 1 to 5 with one decimal, 0 before the first review; `stars`: to the half. */
  score?: { trustScore?: number | null; stars?: number | null } | null;
  badFit?: boolean | null;
  links?: Link[] | null;
}

/** Trustpilot's public API. */
export interface Client {
  readonly businessUnits: {
    /**
     * The business unit of a domain such as `trustpilot.com`.
     *
     * @throws PlauditError with code `not_found` when there is none; `invalid_argument`,
     * `unauthorized`, `forbidden`, `rate_limited`, `bad_request`, `server_error`,
     * `network_error`, `malformed_response`, `aborted`, `timeout`.
     */
    find(domain: string, options?: CallOptions): Promise<BusinessUnit>;
  };
}

const LONGEST_BODY = 65_536;

/** A client of a platform's public API. Making one sends nothing. */
export function createClient(options: ClientOptions): Client {
  const { provider, apiKey = "", keyIn = "header", proxy } = object(options, "options");
  const { baseUrl = "https://api.trustpilot.com/v1", timeout = 10_000 } = options;
  if (provider !== "trustpilot") throw invalid('provider: must be "trustpilot"');
  if (keyIn !== "header" && keyIn !== "query") throw invalid('keyIn: must be "header" or "query"');
  if (proxy === undefined ? !apiKey && !options.fetch : apiKey || options.baseUrl !== undefined) {
    throw invalid(
      "apiKey: give one of apiKey, proxy, or a fetch that needs no key; with a proxy no key belongs into the page",
    );
  }
  string(apiKey, "apiKey");
  milliseconds(timeout, "timeout");
  if (options.fetch !== undefined && typeof options.fetch !== "function") {
    throw invalid("fetch: must be a function");
  }
  const base = proxy === undefined ? string(baseUrl, "baseUrl") : resolve(string(proxy, "proxy"));
  checkBase(base, proxy === undefined ? "baseUrl" : "proxy");
  const keyPlace = apiKey ? (keyIn === "header" ? 1 : 2) : 0;

  async function call<T>(
    request: Request,
    { signal, ...rest }: CallOptions,
    isAnswer: (data: unknown) => data is T,
  ): Promise<T> {
    const limit = rest.timeout ?? timeout;
    milliseconds(limit, "timeout");
    if (signal !== undefined && typeof signal?.addEventListener !== "function") {
      throw invalid("signal: must be an AbortSignal");
    }
    const aborted = () =>
      new PlauditError("aborted", "the call was aborted", { cause: signal?.reason });
    if (signal?.aborted) throw aborted();
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(TIMED_OUT), limit);
    const abort = () => controller.abort(ABORTED);
    signal?.addEventListener("abort", abort);
    try {
      const sender = options.fetch ?? fetch;
      const exchange = async () =>
        readAnswer(await sender(new Request(request, { signal: controller.signal })), isAnswer);
      // A sender that is deaf to the signal does not keep the caller waiting.
      return await Promise.race([exchange(), whenAborted(controller.signal)]);
    } catch (cause) {
      if (cause instanceof PlauditError) throw cause;
      if (controller.signal.reason === ABORTED) throw aborted();
      if (controller.signal.reason === TIMED_OUT) {
        throw new PlauditError("timeout", `no answer within ${limit} ms`, { retryable: true });
      }
      throw new PlauditError(
        "network_error",
        "no answer came: offline, or the server does not allow this page (CORS)",
        { retryable: true, cause },
      );
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  return {
    businessUnits: {
      async find(domain, callOptions = {}) {
        object(callOptions, "options");
        let request: Request;
        try {
          const wasm = send([base, apiKey, string(domain, "domain")]);
          const made = wasm.find_business_unit?.(keyPlace);
          if (!made) throw failure();
          request = made;
        } finally {
          forget();
        }
        return call(request, callOptions, isBusinessUnit);
      },
    },
  };
}

function isBusinessUnit(data: unknown): data is BusinessUnit {
  return typeof (data as BusinessUnit | null)?.id === "string";
}

const TIMED_OUT = "plaudit:timeout";
const ABORTED = "plaudit:aborted";

function checkBase(base: string, name: string): void {
  try {
    // What no request can be made of, such as an address with credentials, fails here and not in
    // each call.
    new Request(base);
  } catch (cause) {
    throw invalid(`${name}: must be an address that requests can go to`, cause);
  }
}

function resolve(proxy: string): string {
  try {
    return new URL(proxy, globalThis.location?.href).href;
  } catch (cause) {
    throw invalid("proxy: must be an address; outside a page an absolute one", cause);
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    if (signal.aborted) reject(signal.reason);
  });
}

/** The body of an answer, or the error that its status stands for. */
async function readAnswer<T>(
  response: Response,
  isAnswer: (data: unknown) => data is T,
): Promise<T> {
  let code: PlauditErrorCode | undefined;
  let retryable: boolean;
  try {
    if (send([]).read_response?.(response)) code = textAt(0) as PlauditErrorCode;
    retryable = slot(2) === 1;
  } finally {
    forget();
  }
  const { status } = response;
  const body = await response.text();
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch (cause) {
    code ??= "malformed_response";
    data = cause;
  }
  if (code === undefined && isAnswer(data)) return data;
  code ??= "malformed_response";
  throw new PlauditError(
    code,
    code === "malformed_response"
      ? `the answer (status ${status}) is not what was asked for`
      : `the platform answered with status ${status}`,
    {
      status,
      retryable,
      retryAfter: waitOf(response.headers.get("retry-after") ?? ""),
      description: faultOf(data),
      body: body.slice(0, LONGEST_BODY),
    },
  );
}

/** `Retry-After` in seconds: a number of them, or an HTTP date. */
function waitOf(hint: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(hint)) return Number(hint);
  const left = hint.endsWith("GMT") ? Date.parse(hint) - Date.now() : Number.NaN;
  return Number.isNaN(left) ? undefined : Math.max(0, Math.ceil(left / 1000));
}

/** What the platform's gateway says of a failure. */
function faultOf(data: unknown): string | undefined {
  const said = (data as { fault?: { faultstring?: unknown } } | null)?.fault?.faultstring;
  return typeof said === "string" ? said : undefined;
}
