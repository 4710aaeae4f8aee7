import { callable, milliseconds, object } from "../arguments.js";
import { invalid, isPlauditError, PlauditError } from "../errors.js";
import { call } from "./core.js";
import type { KeyValue } from "./keyvalue.js";
import { type Names, namesOf, strict } from "./options.js";
import { expose, type Secret } from "./secret.js";

/**
 * What a signature is made over. No page of Trustoo's that says so was found: both are derived from
 * programs that call its API, and unverified.
 *
 * - `"sorted_parameters"`: `timestamp=…|` and the body's bytes.
 * - `"public_token_timestamp"`: the public token and the timestamp. The body is not covered: who
 *   sees one delivery can send others for as long as its timestamp is taken.
 */
export type TrustooRule = "sorted_parameters" | "public_token_timestamp";

/** A part of what is signed: what came in a header, the body's bytes, or a fixed text. */
export type SignedPart =
  | "timestamp"
  | "requestId"
  | "publicToken"
  | "body"
  | { readonly text: string };

/** How a platform that this package does not know signs its webhooks, by HMAC-SHA256. */
export interface WebhookProfile {
  /** A short name, unique among those that an application uses. */
  readonly id: string;
  /** The header of the signature. */
  readonly signatureHeader: string;
  /** What stands before the signature in it, such as `sha256=`. */
  readonly signaturePrefix?: string;
  /** Default: `"hex"`. */
  readonly encoding?: "hex" | "base64";
  readonly timestampHeader?: string;
  /** Default: `"seconds"`. */
  readonly timestampUnit?: "seconds" | "milliseconds";
  readonly requestIdHeader?: string;
  readonly publicTokenHeader?: string;
  /** What is signed, in this order; the body is among it. */
  readonly stringToSign: readonly SignedPart[];
}

/** What {@link verifyWebhook} takes. */
export interface VerifyWebhookOptions {
  /** Whose webhook it is: this or `profile`. */
  provider?: "trustoo" | undefined;
  /** What Trustoo signs (unverified). Default: `"sorted_parameters"`. */
  rule?: TrustooRule | undefined;
  profile?: WebhookProfile | undefined;
  /** What signatures are made with: while one is exchanged for another, both. Trustoo: the private token. */
  secrets: string | Secret | readonly (string | Secret)[];
  /**
   * How far the timestamp may lie from now, before it and after it. Default: 15 minutes, which is
   * what Trustoo takes of requests; what its own webhooks keep to is not documented.
   */
  toleranceMs?: number | undefined;
  /** Where it is noted what came, so that it cannot come again. Without it, it can. */
  replay?: KeyValue | undefined;
  /**
   * What happens to a delivery while `replay` cannot be reached. `"accept"` (default): it is taken,
   * and says so in {@link WebhookEvent.replay}; `"refuse"`: the error is `store_unavailable`.
   */
  onReplayStoreDown?: "accept" | "refuse" | undefined;
  /** Milliseconds since the Unix epoch. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

type HeaderValue = string | readonly string[] | null | undefined;

/** A request as a framework hands it over; `body` has to be the bytes that came. */
export interface RawWebhook {
  readonly headers:
    | Headers
    | Iterable<readonly [string, string]>
    | { readonly [name: string]: HeaderValue };
  /** A `Uint8Array`, such as those of Node, or an `ArrayBuffer`: never what was parsed or decoded. */
  readonly body?: unknown;
}

/** What Trustoo sends. Only the beginning of it is documented. */
export interface TrustooWebhookPayload {
  list?: { id?: string | number; my_shopify_domain?: string; [member: string]: unknown }[];
  [member: string]: unknown;
}

/** A delivery whose signature is right. */
export interface WebhookEvent<Payload = TrustooWebhookPayload> {
  readonly provider: string;
  /** The body, read as JSON. */
  readonly payload: Payload;
  /** The body as it came. */
  readonly bytes: Uint8Array;
  /** When it was signed, in milliseconds since the Unix epoch. */
  readonly timestamp?: number;
  /** The delivery's id; anybody could write it, unless the profile signs it. */
  readonly requestId?: string;
  readonly publicToken?: string;
  /** The same for every delivery of one event: a hash of signer and body. */
  readonly eventKey: string;
  /** Whether it was noted that it came: not `"checked"` where there is no store, or it was down. */
  readonly replay: "checked" | "unchecked" | "store_unavailable";
  /** Forgets that it came, so that the platform's next try is taken: for when handling it failed. */
  release(): Promise<void>;
}

interface Verified {
  readonly provider: string;
  readonly timestamp?: number;
  readonly requestId?: string;
  readonly publicToken?: string;
  readonly replayKey: string;
  readonly eventKey: string;
}

const OPTIONS = namesOf<VerifyWebhookOptions>()(
  "provider rule profile secrets toleranceMs replay onReplayStoreDown now",
);
const PROFILE = namesOf<WebhookProfile>()(
  "id signatureHeader signaturePrefix encoding timestampHeader timestampUnit requestIdHeader",
  "publicTokenHeader stringToSign",
);
const QUARTER_HOUR = 15 * 60_000;
/** 1 MB: nothing larger is hashed. */
const LONGEST = 1_000_000;
const TOO_LARGE = "body: is larger than 1 MB";
/** How long a body may take to come. */
const LONGEST_BODY_MS = 10_000;

/** Checks what stays the same from one delivery to the next; what the core takes of it. */
function settle<Options extends VerifyWebhookOptions>(options: Options, names: Names<Options>) {
  const {
    provider,
    rule,
    profile,
    secrets,
    toleranceMs = QUARTER_HOUR,
  } = strict(options, "", names);
  const { replay, onReplayStoreDown = "accept", now = Date.now } = options;
  const given = Array.isArray(secrets) ? secrets : [secrets];
  if (onReplayStoreDown !== "accept" && onReplayStoreDown !== "refuse") {
    throw invalid('onReplayStoreDown: must be "accept" or "refuse"');
  }
  milliseconds(toleranceMs, "toleranceMs");
  callable(now, "now");
  if (replay !== undefined) callable(object(replay, "replay").add ?? 0, "replay.add");
  if (profile !== undefined) strict(profile, "profile", PROFILE);
  const common = {
    provider,
    rule,
    profile,
    secrets: given.map((secret) => expose(secret, "secrets")),
    toleranceMs,
  };
  call<null>("webhook_check", { ...common, headers: [], nowMs: 0 });
  return { common, replay, onReplayStoreDown, now };
}

type Settled = ReturnType<typeof settle>;

/**
 * Verifies a webhook over the bytes that came, and reads it.
 *
 * @throws PlauditError with code `signature_mismatch` (also where a header is missing or came
 * twice), `timestamp_out_of_range`, `already_received`, `malformed_response` (an empty body, or one
 * that is no JSON), `bad_request` (more than 1 MB), `timeout` (the body took more than 10 s to
 * come), `store_unavailable`, or `invalid_argument`:
 * then it is the call that is wrong, and the message says how the framework gives the bytes.
 */
export async function verifyWebhook<Payload = TrustooWebhookPayload>(
  input: Request | RawWebhook,
  options: VerifyWebhookOptions,
): Promise<WebhookEvent<Payload>> {
  const settled = settle(options, OPTIONS);
  const { bytes, headers } = await receive(input);
  const { replayKey, ...event } = authenticate<Payload>(bytes, headers, settled);
  const { replay: store, onReplayStoreDown } = settled;
  if (!store) return event;
  const added = await claim(store, replayKey, settled);
  if (added === false) throw new PlauditError("already_received", "this webhook came before");
  if (added === true) {
    return {
      ...event,
      replay: "checked",
      release: async () => void (await store.delete(replayKey)),
    };
  }
  if (onReplayStoreDown === "refuse") throw unavailable(added);
  return { ...event, replay: "store_unavailable" };
}

/** Everything but replays. */
function authenticate<Payload>(
  bytes: Uint8Array,
  headers: readonly (readonly [string, string])[],
  { common, now }: Settled,
): WebhookEvent<Payload> & { replayKey: string } {
  const input = { ...common, headers, nowMs: now() };
  const verified = call<Verified>("webhook_verify", input, bytes);
  return {
    ...verified,
    replayKey: `replay:${verified.replayKey}`,
    payload: read(bytes) as Payload,
    bytes,
    replay: "unchecked",
    release: async () => undefined,
  };
}

/** Notes a delivery: `false` where it was noted before, an error where the store does not answer. */
function claim(store: KeyValue, key: string, { common }: Settled): Promise<boolean | Error> {
  // A timestamp is taken for as long before now as after it.
  return attempt(() => store.add(key, "1", 2 * common.toleranceMs));
}

/** What a store answers, or the error that it failed with. */
async function attempt<T>(run: () => T | Promise<T>): Promise<T | Error> {
  try {
    return await run();
  } catch (error) {
    return error instanceof Error ? error : new Error("the store failed");
  }
}

const unavailable = (cause: unknown) =>
  new PlauditError("store_unavailable", "the store that notes webhooks does not answer", {
    cause,
    retryable: true,
  });

function read(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // What the parser says quotes the body.
    throw new PlauditError(
      "malformed_response",
      "body: is no JSON in UTF-8, though its signature is right",
    );
  }
}

const HOW_TO =
  "give the bytes that came. " +
  'Express: express.raw({ type: "*/*" }) on this route, before express.json(); ' +
  'Fastify: addContentTypeParser("application/json", { parseAs: "buffer" }, …) in a scope of its own; ' +
  "Next.js, pages router: export const config = { api: { bodyParser: false } } and collect the stream; " +
  "NestJS: rawBody: true and req.rawBody; " +
  "Hono, Next.js app router, workers: the Request itself, unread";

async function receive(
  input: Request | RawWebhook,
): Promise<{ bytes: Uint8Array; headers: [string, string][] }> {
  const { headers } = object(input, "request");
  if (typeof headers !== "object" || headers === null) {
    throw invalid("request: must be a Request, or { headers, body }");
  }
  if (isRequest(input)) {
    if (input.bodyUsed) throw invalid(`request: its body was read before; ${HOW_TO}`);
    return { bytes: await collect(input), headers: [...input.headers] };
  }
  return { bytes: bytesOf(input.body), headers: pairs(headers) };
}

// By what it has: frameworks bring classes of their own.
function isRequest(input: Request | RawWebhook): input is Request {
  return "arrayBuffer" in input && "bodyUsed" in input;
}

function bytesOf(body: unknown): Uint8Array {
  const bytes = body instanceof ArrayBuffer ? new Uint8Array(body) : body;
  if (!(bytes instanceof Uint8Array)) {
    const what = typeof body === "string" ? "was decoded" : body ? "was parsed" : "is missing";
    throw invalid(`body: ${what}, and a signature is over bytes: ${HOW_TO}`);
  }
  if (bytes.length > LONGEST) throw new PlauditError("bad_request", TOO_LARGE);
  return bytes;
}

/** The bytes of a request's body, counted while they come. */
async function collect(request: Request): Promise<Uint8Array> {
  const tooLarge = () => new PlauditError("bad_request", TOO_LARGE);
  if (Number(request.headers.get("content-length")) > LONGEST) throw tooLarge();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  const stop = () => reader?.cancel().catch(() => undefined);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    // Ends the read that waits.
    stop();
  }, LONGEST_BODY_MS);
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (isLate) throw new PlauditError("timeout", "body: did not come within 10 s");
      if (done) break;
      length += value.length;
      if (length > LONGEST) {
        stop();
        throw tooLarge();
      }
      chunks.push(value);
    }
  } finally {
    clearTimeout(timer);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Headers as names with values; one that came twice stands there twice. */
function pairs(headers: RawWebhook["headers"]): [string, string][] {
  const entries: Iterable<readonly [string, HeaderValue]> =
    Symbol.iterator in headers ? headers : Object.entries(headers);
  const all: [string, string][] = [];
  for (const [name, value] of entries) {
    const values = typeof value === "object" ? (value ?? []) : [value];
    for (const text of values) if (typeof text === "string") all.push([name, text]);
  }
  return all;
}

/** What {@link webhookHandler} takes. */
export interface WebhookHandlerOptions<Payload = TrustooWebhookPayload>
  extends VerifyWebhookOptions {
  /**
   * Does the work. What it throws makes the platform send the event again. It may still come twice,
   * for example after a crash: let it bear that.
   */
  onEvent(event: WebhookEvent<Payload>): unknown;
  /** What happened where the answer does not say: the delivery is refused, or its work failed. */
  onError?: ((error: unknown, event?: WebhookEvent<Payload>) => unknown) | undefined;
  /** What deliveries of one event have in common. Default: {@link WebhookEvent.eventKey}. */
  eventId?: ((event: WebhookEvent<Payload>) => string) | undefined;
  /** How long an event that was handled is not handled again. Default: 24 hours, which is the least. */
  rememberMs?: number | undefined;
  /**
   * How long the work may take before the answer goes out without waiting for its end. Default:
   * 2,500; at most 3,000. Work that fails later is not sent again.
   */
  answerWithinMs?: number | undefined;
  /** How long an event counts as being worked on, should that process die. Default: 10 minutes. */
  workMs?: number | undefined;
}

/** What a runtime hands over beside the request: `waitUntil` keeps it alive for work after the answer. */
export interface WebhookContext {
  waitUntil?(work: Promise<unknown>): void;
}

/** Answers webhooks. Takes a `Request`, or `{ headers, body }` with the bytes where there is none. */
export type WebhookHandler = (
  request: Request | RawWebhook,
  context?: WebhookContext,
) => Promise<Response>;

const HANDLER = namesOf<WebhookHandlerOptions>()(
  "provider rule profile secrets toleranceMs replay onReplayStoreDown now",
  "onEvent onError eventId rememberMs answerWithinMs workMs",
);
const DAY = 24 * 60 * 60_000;
const MOST_WAIT = 3_000;
const STATUS: { readonly [code: string]: number } = {
  signature_mismatch: 401,
  timestamp_out_of_range: 401,
  malformed_response: 400,
  bad_request: 413,
  timeout: 408,
  store_unavailable: 503,
};

/**
 * A handler for webhooks, in the style of `fetch`. It answers 200 within three seconds, hands work
 * that takes longer to `waitUntil`, and does the work of an event once, however often it comes;
 * where the work fails in that time it answers 500, and the platform sends the event again.
 *
 * @throws PlauditError with code `invalid_argument`: from the call itself for options, and from the
 * handler where it is given something else than the bytes that came.
 */
export function webhookHandler<Payload = TrustooWebhookPayload>(
  options: WebhookHandlerOptions<Payload>,
): WebhookHandler {
  const settled = settle(options, HANDLER as Names<WebhookHandlerOptions<Payload>>);
  const { replay: store } = settled;
  const { onEvent, onError, eventId = (event) => event.eventKey } = options;
  const { rememberMs = DAY, answerWithinMs = 2_500, workMs = 600_000 } = options;
  if (typeof onEvent !== "function") throw invalid("onEvent: must be a function");
  callable(onError, "onError");
  callable(eventId, "eventId");
  milliseconds(rememberMs, "rememberMs");
  milliseconds(answerWithinMs, "answerWithinMs");
  milliseconds(workMs, "workMs");
  if (rememberMs < DAY) throw invalid("rememberMs: must be 24 hours or more");
  if (answerWithinMs > MOST_WAIT) throw invalid(`answerWithinMs: must be at most ${MOST_WAIT}`);

  const report = (error: unknown, event?: WebhookEvent<Payload>) =>
    attempt(async () => onError?.(error, event));

  return async (request, context) => {
    if (isRequest(request) && request.method !== "POST") {
      return answer(405, undefined, { allow: "POST" });
    }
    let event: WebhookEvent<Payload>;
    let replayKey: string;
    try {
      const { bytes, headers } = await receive(request);
      ({ replayKey, ...event } = authenticate<Payload>(bytes, headers, settled));
    } catch (error) {
      const status = isPlauditError(error) ? STATUS[error.code] : undefined;
      if (status === undefined) throw error;
      await report(error);
      return answer(status);
    }
    const id = eventId(event);
    // What is nothing would be the same for all events, and all but the first be lost.
    if (typeof id !== "string" || id === "") throw invalid("eventId: must give text, not empty");
    const eventKey = `webhook:${id}`;
    if (store) {
      const isNew = await attempt(() => store.add(eventKey, "begun", workMs));
      if (isNew === false) {
        // Begun is not yet done: a later delivery finds out what became of it.
        const found = await attempt(() => store.get(eventKey));
        return found === "done" ? success() : answer(503, undefined, { "retry-after": "60" });
      }
      const claimed = isNew === true ? await claim(store, replayKey, settled) : isNew;
      if (claimed === false) {
        // The signature of another event: it covers no body, and somebody uses it again.
        await attempt(() => store.delete(eventKey));
        await report(new PlauditError("already_received", "this signature came before"), event);
        return answer(401);
      }
      const isNoted = claimed === true;
      if (!isNoted) await report(unavailable(claimed), event);
      if (!isNoted && settled.onReplayStoreDown === "refuse") return answer(503);
      event = { ...event, replay: isNoted ? "checked" : "store_unavailable" };
    }
    const note = async (run: (store: KeyValue) => unknown) => {
      if (!store || event.replay !== "checked") return;
      const failed = await attempt(() => run(store));
      if (failed instanceof Error) await report(unavailable(failed), event);
    };
    const release = () =>
      note((noted) => Promise.all([noted.delete(eventKey), noted.delete(replayKey)]));
    const work = (async () => {
      try {
        await onEvent({ ...event, release });
        await note((noted) => noted.set(eventKey, "done", rememberMs));
        return true;
      } catch (error) {
        await release();
        await report(error, event);
        return false;
      }
    })();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, answerWithinMs);
    });
    const isDone = await Promise.race([work, late]);
    clearTimeout(timer);
    if (isDone === undefined) context?.waitUntil?.(work);
    return isDone === false ? answer(500) : success();
  };
}

const success = () => answer(200, { code: 0, message: "success" });

/** Refusals carry nothing: who forges learns nothing. */
function answer(status: number, body?: object, headers: Record<string, string> = {}): Response {
  return Response.json(body ?? {}, {
    status,
    headers: { ...headers, "cache-control": "no-store" },
  });
}
