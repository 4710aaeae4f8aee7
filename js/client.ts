import { failure, forget, send, slot, textAt } from "./core.js";
import { invalid, PlauditError, type PlauditErrorCode } from "./errors.js";
import { string } from "./oauth.js";

/** What {@link createClient} takes: a key, or a proxy that has one. */
export interface ClientOptions {
  provider: "trustpilot";
  /** The public API key. In a page everyone can read it: prefer {@link ClientOptions.proxy}. */
  apiKey?: string;
  /**
   * Where the key goes. `"header"` (default): as the platform advises; each address costs a
   * preflight. `"query"`: no preflight, but logs along the way see the key.
   */
  keyIn?: "header" | "query";
  /** Another base address than `https://api.trustpilot.com/v1`, for example a sandbox's. */
  baseUrl?: string;
  /** The address of a server that adds the key, absolute or from this page; then no key is here. */
  proxy?: string;
  /** What sends the requests. Default: the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
  /** Milliseconds until an attempt ends with `timeout`, the body included. Default: 10,000. */
  timeout?: number;
}

/** What every call takes. */
export interface CallOptions {
  /** Ends the call with `aborted`. */
  signal?: AbortSignal;
  /** Milliseconds, in place of the client's. */
  timeout?: number;
}

/** A link to something related. */
export interface Link {
  href: string;
  method: string;
  rel: string;
}

/** A business unit as Trustpilot sends it. Any field may be missing or null. */
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
     * @throws {@link PlauditError} `not_found` when there is none; `invalid_argument`,
     * `unauthorized`, `forbidden`, `rate_limited`, `bad_request`, `server_error`,
     * `network_error`, `malformed_response`, `aborted`, `timeout`.
     */
    find(domain: string, options?: CallOptions): Promise<BusinessUnit>;
  };
}

const LONGEST_BODY = 65_536;
const LONGEST_TIMER = 2_147_483_647;

/** A client of a platform's public API. Making one sends nothing. */
export function createClient(options: ClientOptions): Client {
  const { provider, apiKey = "", keyIn = "header", proxy, timeout = 10_000 } = options;
  const { baseUrl = "https://api.trustpilot.com/v1" } = options;
  if (provider !== "trustpilot") throw invalid('provider: must be "trustpilot"');
  if (keyIn !== "header" && keyIn !== "query") throw invalid('keyIn: must be "header" or "query"');
  if (proxy === undefined ? !apiKey : apiKey || options.baseUrl !== undefined) {
    throw invalid("apiKey: give either apiKey or proxy; with a proxy no key belongs into the page");
  }
  checkTimeout(timeout);
  const base = proxy === undefined ? baseUrl : resolve(string(proxy, "proxy"));
  const keyPlace = proxy === undefined ? (keyIn === "header" ? 1 : 2) : 0;

  async function call(request: Request, { signal, ...rest }: CallOptions): Promise<unknown> {
    const limit = rest.timeout ?? timeout;
    checkTimeout(limit);
    const ended = (why: AbortSignal | undefined) => why?.aborted === true;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(TIMED_OUT), limit);
    const abort = () => controller.abort(ABORTED);
    signal?.addEventListener("abort", abort);
    try {
      if (ended(signal)) abort();
      const sender = options.fetch ?? fetch;
      // A sender that is deaf to the signal does not keep the caller waiting.
      return await Promise.race([
        whenAborted(controller.signal),
        sender(new Request(request, { signal: controller.signal })).then(readAnswer),
      ]);
    } catch (cause) {
      if (cause instanceof PlauditError) throw cause;
      if (controller.signal.reason === ABORTED) {
        throw new PlauditError("aborted", "the call was aborted", { cause: signal?.reason });
      }
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
        let request: Request;
        try {
          const wasm = send([base, apiKey, string(domain, "domain")]);
          const made = wasm.find_business_unit?.(keyPlace);
          if (!made) throw failure();
          request = made;
        } finally {
          forget();
        }
        const unit = (await call(request, callOptions)) as BusinessUnit | null;
        if (typeof unit?.id !== "string") {
          throw new PlauditError("malformed_response", "the answer is not a business unit");
        }
        return unit;
      },
    },
  };
}

const TIMED_OUT = "plaudit:timeout";
const ABORTED = "plaudit:aborted";

function checkTimeout(timeout: number): void {
  if (!(timeout > 0 && timeout <= LONGEST_TIMER)) {
    throw invalid("timeout: must be milliseconds, more than 0 and at most 2147483647");
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
async function readAnswer(response: Response): Promise<unknown> {
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
  if (code === undefined) return data;
  const hint = Number(response.headers.get("retry-after") ?? Number.NaN);
  throw new PlauditError(
    code,
    code === "malformed_response"
      ? `the answer (status ${status}) is not JSON`
      : `the platform answered with status ${status}`,
    {
      status,
      retryable,
      retryAfter: hint >= 0 ? hint : undefined,
      description: faultOf(data),
      body: body.slice(0, LONGEST_BODY),
    },
  );
}

/** What the platform's gateway says of a failure. */
function faultOf(data: unknown): string | undefined {
  const said = (data as { fault?: { faultstring?: unknown } } | null)?.fault?.faultstring;
  return typeof said === "string" ? said : undefined;
}
