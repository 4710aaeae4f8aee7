import { callable, milliseconds, object, string } from "../arguments.js";
import type { Having } from "../calls.js";
import { type Client, createClient } from "../client.js";
import { invalid, isPlauditError, PlauditError, type PlauditErrorCode } from "../errors.js";
import type { BusinessUnit } from "../generated/trustpilot.js";
import { authorizeUrl, parseCallback } from "../oauth.js";
import { bounded, shortened } from "./answers.js";
import { call, start } from "./core.js";
import { CREDENTIALS, type Credentials, createTokenManager, type TokenManager } from "./manager.js";
import { namesOf, strict } from "./options.js";
import { type Secret, secret } from "./secret.js";
import type { TokenStore } from "./stores/types.js";

/** What {@link createPartner} takes. */
export interface PartnerOptions {
  /** Your Partner ID. */
  partnerId: string;
  /** Your Partner API key, for the public calls and the customer's sign-in. */
  apiKey: string;
  /**
   * Your Partner API key and its secret. With them alone, tokens are got by client credentials;
   * pages of the platform disagree on the grant, so `tokens` can be given in their place.
   */
  credentials?: Credentials | undefined;
  /** Your own tokens, in place of those got with `credentials`. */
  tokens?: Pick<TokenManager, "token" | "fetch"> | undefined;
  /**
   * The header that names you when a customer's code is exchanged. That there is one is documented,
   * its name is not.
   */
  partnerIdHeader?: string | undefined;
  /** Another base address than `https://api.trustpilot.com/v1`, for example a sandbox's. */
  baseUrl?: string | undefined;
  /** What sends the requests. Default: the global `fetch`. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Milliseconds for one call. Default: 10,000. */
  timeout?: number | undefined;
}

/** What every call takes. */
export interface PartnerCallOptions {
  signal?: AbortSignal | undefined;
}

/** Whether a customer may use the integration. */
export type Eligibility =
  | { eligible: true }
  | {
      eligible: false;
      /**
       * `"no_rights"` (200): the customer has no rights to use it, see {@link Onboarding}.
       * `"not_authorized"` (403): incorrect authentication for this business unit.
       */
      reason: "no_rights" | "not_authorized";
    };

/** What became of an API key for a customer. */
export type CreatedKey =
  | {
      created: true;
      /**
       * The answer's body as it came; `null` where there was none. What it holds is not documented,
       * so it is hidden like the key that is probably in it: read it with `expose`.
       */
      raw: Secret | null;
    }
  | {
      created: false;
      /**
       * `"no_permission"` (200), `"not_authorized"` (403): incorrect authentication for this
       * business unit; `"incorrect_partner_id"` (404).
       */
      reason: "no_permission" | "not_authorized" | "incorrect_partner_id";
    };

/** What {@link Partner.customerAuthorization} takes. */
export interface CustomerAuthorizationOptions {
  /** Where the customer comes back to: on the allow list that your Partner Manager keeps. */
  redirectUri: string;
  /** What `createState` gave, kept until the customer is back. */
  state: string;
  /** Where the customer's tokens are kept. Default: in memory. */
  store?: TokenStore | undefined;
  /** Whose tokens: the customer's business unit, for example. Needed with `store`. */
  subject?: string | undefined;
}

/** Step six: the customer's own sign-in. */
export interface CustomerAuthorization {
  /** Where the customer signs in. */
  readonly url: string;
  /** The customer's tokens: for private calls on behalf of the customer. */
  readonly tokens: TokenManager;
  /**
   * Reads the address that the customer came back to, and exchanges the code in it.
   *
   * @throws PlauditError as `parseCallback` and `TokenManager.exchange` do; `malformed_response`
   * where the address holds no response.
   */
  complete(url: string | URL): Promise<TokenManager>;
}

/** The steps of Trustpilot's guide. */
export type PartnerStep =
  | "credentials"
  | "token"
  | "business_unit"
  | "permissions"
  | "key"
  | "authorization";

/** Why a step failed. */
export type PartnerReason =
  | "credentials_refused"
  | "no_token"
  | "unknown_domain"
  | "lookup_failed"
  | "no_rights"
  | "no_permission"
  | "not_authorized"
  | "incorrect_partner_id"
  | "call_failed"
  | "not_signed_in";

/** How a step went. */
export interface StepResult {
  /** Which one, 1 to 6. */
  readonly number: number;
  readonly step: PartnerStep;
  /** `"waiting"`: the customer has to act before it can be done. */
  readonly state: "done" | "failed" | "waiting";
}

/** What {@link Partner.onboard} came to. */
export type Onboarding =
  | {
      /** Steps one to five are done; six waits for the customer. */
      onboarded: true;
      businessUnit: Having<BusinessUnit, "id">;
      /** The key that was made; each call makes one. */
      key: Secret | null;
      /** Where the customer signs in, where `authorization` was given. */
      authorization?: CustomerAuthorization;
      steps: readonly StepResult[];
    }
  | {
      onboarded: false;
      /** Where it stopped, 1 to 6. */
      number: number;
      step: PartnerStep;
      reason: PartnerReason;
      /** Who has to do something. */
      who: "you" | "customer";
      /** What: a sentence to show to them. */
      todo: string;
      /** What was thrown, where the platform did not simply say no. */
      error?: PlauditError;
      businessUnit?: Having<BusinessUnit, "id">;
      steps: readonly StepResult[];
    };

/** What {@link Partner.onboard} takes besides the domain. */
export interface OnboardOptions extends PartnerCallOptions {
  /** For step six. */
  authorization?: CustomerAuthorizationOptions | undefined;
  /** Told of each step when it ends. */
  onStep?: ((step: StepResult) => unknown) | undefined;
}

/** An integration partner's calls. */
export interface Partner {
  /** Step three: the customer's business unit. */
  findByDomain(domain: string, options?: PartnerCallOptions): Promise<Having<BusinessUnit, "id">>;
  /** Step four: may the customer use the integration? */
  check(businessUnitId: string, options?: PartnerCallOptions): Promise<Eligibility>;
  /** Step five: an API key on behalf of the customer. Never sent twice; each call makes a key. */
  createKey(businessUnitId: string, options?: PartnerCallOptions): Promise<CreatedKey>;
  /** Step six: the customer's sign-in, by the authorization code grant with your Partner ID. */
  customerAuthorization(options: CustomerAuthorizationOptions): CustomerAuthorization;
  /**
   * All six steps for a customer's domain. Says at which one it stopped, who has to do what, and
   * can be called again after that. Throws only for what is wrong with the call, or was aborted.
   */
  onboard(domain: string, options?: OnboardOptions): Promise<Onboarding>;
}

type Question = "check" | "key";
type Meaning =
  | { kind: "yes" }
  | { kind: "no"; reason: PartnerReason }
  | { kind: "failed"; code: PlauditErrorCode; retryable: boolean };

const OPTIONS = namesOf<PartnerOptions>()(
  "partnerId apiKey credentials tokens partnerIdHeader baseUrl fetch timeout",
);
const AUTHORIZATION = namesOf<CustomerAuthorizationOptions>()("redirectUri state store subject");
const ONBOARD = namesOf<OnboardOptions>()("signal authorization onStep");
const BASE = "https://api.trustpilot.com/v1";
const LONGEST_BODY = 65_536;

/** The six steps of Trustpilot's "Build a partner integration". Making one sends nothing. */
export function createPartner(options: PartnerOptions): Partner {
  const { partnerId, apiKey, credentials, partnerIdHeader } = strict(options, "", OPTIONS);
  const { baseUrl = BASE, timeout = 10_000, fetch: sender } = options;
  string(partnerId, "partnerId");
  string(apiKey, "apiKey");
  if (credentials) strict(credentials, "credentials", CREDENTIALS);
  milliseconds(timeout, "timeout");
  callable(sender, "fetch");
  start();
  const client: Client = createClient({
    ...{ provider: "trustpilot", apiKey, baseUrl, timeout },
    fetch: bounded((request) => (sender ?? fetch)(request)),
    // A domain that had no profile may have one by now.
    cache: false,
  });
  const common = { baseUrl, fetch: sender };
  // The partner's id is refused here, not at the first customer.
  addressOf("check", "0".repeat(24));
  if (!options.tokens && !credentials) {
    throw invalid("credentials: give credentials, or tokens of your own");
  }
  const tokens =
    options.tokens ??
    createTokenManager({
      ...{ provider: "trustpilot", grant: { type: "client_credentials" } },
      credentials: credentials as Credentials,
      ...common,
    });
  callable(object(tokens, "tokens").fetch ?? 0, "tokens.fetch");

  function addressOf(question: Question, businessUnitId: string): string {
    return call<string>("partner_address", { question, base: baseUrl, partnerId, businessUnitId });
  }

  /** Asks, and gives the answer's meaning and body; a failure is thrown. */
  async function ask(question: Question, id: string, signal?: AbortSignal) {
    const url = addressOf(question, string(id, "businessUnitId"));
    const { response, body } = await within(timeout, signal, async (both) => {
      const method = question === "check" ? "GET" : "POST";
      const headers = { accept: "application/json" };
      const answer = await tokens.fetch(url, { method, headers, redirect: "manual", signal: both });
      const text = await shortened(answer).text();
      return { response: answer, body: text.slice(0, LONGEST_BODY) };
    });
    const { status } = response;
    const meaning = call<Meaning>("partner_read", { question, status });
    if (meaning.kind !== "failed") return { meaning, body };
    const hint = Number(response.headers.get("retry-after") ?? Number.NaN);
    throw new PlauditError(meaning.code, `the platform answered ${status}`, {
      ...{ status, body, retryable: meaning.retryable },
      retryAfter: Number.isFinite(hint) ? hint : undefined,
    });
  }

  const partner: Partner = {
    findByDomain: (domain, { signal } = {}) => client.businessUnits.find(domain, { signal }),
    async check(businessUnitId, { signal } = {}) {
      const { meaning } = await ask("check", businessUnitId, signal);
      if (meaning.kind === "yes") return { eligible: true };
      return { eligible: false, reason: meaning.reason } as Eligibility;
    },
    async createKey(businessUnitId, { signal } = {}) {
      const { meaning, body } = await ask("key", businessUnitId, signal);
      if (meaning.kind === "yes") return { created: true, raw: body.trim() ? secret(body) : null };
      return { created: false, reason: meaning.reason } as CreatedKey;
    },
    customerAuthorization(asked) {
      const { redirectUri, state, store, subject } = strict(asked, "", AUTHORIZATION);
      if (!credentials) throw invalid("credentials: are needed to exchange a customer's code");
      if (store && subject === undefined) {
        throw invalid("subject: is needed with a store, so that customers do not share tokens");
      }
      const expected = { provider: "trustpilot", responseType: "code", redirectUri } as const;
      const url = authorizeUrl({ ...expected, clientId: credentials.clientId, state });
      const customer = createTokenManager({
        ...{ provider: "trustpilot", credentials, partnerId },
        grant: { type: "authorization_code", redirectUri },
        ...(partnerIdHeader !== undefined && { partnerIdHeader }),
        ...(store && { store }),
        ...(subject !== undefined && { subject }),
        ...common,
      });
      return {
        url,
        tokens: customer,
        async complete(address) {
          const callback = parseCallback(address, { ...expected, state });
          if (callback.kind !== "code") {
            throw new PlauditError("malformed_response", "the address holds no code");
          }
          await customer.exchange({ code: callback.code });
          return customer;
        },
      };
    },
    async onboard(domain, asked = {}) {
      const { signal, authorization, onStep } = strict(asked, "", ONBOARD);
      string(domain, "domain");
      callable(onStep, "onStep");
      // What is wrong with it is said before a key is made.
      const customer = authorization && partner.customerAuthorization(authorization);
      const steps: StepResult[] = [];
      let businessUnit: Having<BusinessUnit, "id"> | undefined;
      const ended = (step: PartnerStep, state: StepResult["state"], reason: PartnerReason) => {
        const advice = call<Advice>("partner_advice", { step, reason });
        const result = { number: advice.number, step, state };
        steps.push(result);
        onStep?.(result);
        return advice;
      };
      const done = (step: PartnerStep) => ended(step, "done", "call_failed");
      const stop = (
        step: PartnerStep,
        reason: PartnerReason,
        error?: PlauditError,
      ): Onboarding => ({
        onboarded: false,
        step,
        reason,
        ...ended(step, "failed", reason),
        ...(error && { error }),
        ...(businessUnit && { businessUnit }),
        steps,
      });
      try {
        await tokens.token({ signal });
      } catch (error) {
        const known = lasting(error);
        if (known.code === "configuration_error" || known.code === "unauthorized") {
          return stop("credentials", "credentials_refused", known);
        }
        done("credentials");
        return stop("token", "no_token", known);
      }
      done("credentials");
      done("token");
      try {
        businessUnit = await partner.findByDomain(domain, { signal });
      } catch (error) {
        const known = lasting(error);
        const isWrong = known.code === "invalid_argument";
        // Of a wrong key or base address the customer can do nothing.
        if (isWrong && !known.message.startsWith("domain:")) throw known;
        const isUnknown = isWrong || known.code === "not_found";
        return stop("business_unit", isUnknown ? "unknown_domain" : "lookup_failed", known);
      }
      done("business_unit");
      let key: Secret | null;
      let step: "permissions" | "key" = "permissions";
      try {
        const checked = await partner.check(businessUnit.id, { signal });
        if (!checked.eligible) return stop(step, checked.reason);
        done(step);
        step = "key";
        const made = await partner.createKey(businessUnit.id, { signal });
        if (!made.created) return stop(step, made.reason);
        done(step);
        key = made.raw;
      } catch (error) {
        return stop(step, "call_failed", lasting(error));
      }
      ended("authorization", "waiting", "not_signed_in");
      return {
        onboarded: true,
        businessUnit,
        key,
        ...(customer && { authorization: customer }),
        steps,
      };
    },
  };
  return partner;
}

/** What `run` gives, unless the caller leaves or it takes too long: then its signal ends. */
async function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const aborted = () =>
    new PlauditError("aborted", "the call was aborted", { cause: signal?.reason });
  if (signal?.aborted) throw aborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leave = () => {};
  const end = new Promise<never>((_, reject) => {
    leave = () => reject(aborted());
    timer = setTimeout(() => {
      reject(new PlauditError("timeout", `no answer within ${ms} ms`, { retryable: true }));
    }, ms);
  });
  signal?.addEventListener("abort", leave);
  try {
    // A sender that is deaf to its signal does not keep the caller waiting.
    return await Promise.race([run(controller.signal), end]);
  } catch (cause) {
    if (isPlauditError(cause)) throw cause;
    throw new PlauditError("network_error", "no answer", { cause, retryable: true });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
    controller.abort();
  }
}

interface Advice {
  readonly number: number;
  readonly who: "you" | "customer";
  readonly todo: string;
}

/** An error that a step can end with; what is none, or was aborted, is thrown on. */
function lasting(error: unknown): PlauditError {
  if (isPlauditError(error) && error.code !== "aborted") return error;
  throw error;
}
