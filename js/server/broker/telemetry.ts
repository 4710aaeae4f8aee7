import { object } from "../../arguments.js";

/** What happened, as plain data. It never holds a token, a key, a cookie, an address or a body. */
export interface BrokerLog {
  readonly level: "info" | "warn" | "error";
  readonly event:
    | "request"
    | "upstream"
    | "signed_in"
    | "sign_in_failed"
    | "signed_out"
    | "session_ended"
    | "revoke_failed"
    | "store_failed"
    | "client_unknown"
    | "internal_error";
  /** The same as in the answer's `x-request-id`, where the answer has one. */
  readonly requestId?: string;
  /** For example `businessUnits.find`, or `sign-in`. */
  readonly route?: string;
  readonly method?: string;
  readonly status?: number;
  /** The code of the failure. */
  readonly code?: string;
  readonly cache?: "hit" | "miss" | "stale" | "none";
  readonly ms?: number;
}

/** What numbers are told of a request or a call to the platform. */
export type Attributes = Readonly<Record<string, string | number>>;

/** Where numbers go; {@link openTelemetry} makes one. */
export interface BrokerMetrics {
  /** One more. */
  count(name: BrokerCounter, attributes: Attributes): void;
  /** It took so many milliseconds. */
  time(name: BrokerTimer, ms: number, attributes: Attributes): void;
}

export type BrokerCounter =
  | "plaudit.broker.requests"
  | "plaudit.broker.upstream.calls"
  | "plaudit.broker.refused";
export type BrokerTimer = "plaudit.broker.duration" | "plaudit.broker.upstream.duration";

/** Runs a piece of work that is to be seen as a span. */
export type BrokerTrace = <T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
) => Promise<T>;

/** The hooks, none of whose failures is a request's. */
export interface Hooks {
  readonly isUsed: boolean;
  log(entry: BrokerLog): void;
  readonly metrics: BrokerMetrics;
  readonly trace: BrokerTrace;
}

/** @internal */
export function createHooks(
  onLog: ((entry: BrokerLog) => void) | undefined,
  metrics: BrokerMetrics | undefined,
  trace: BrokerTrace | undefined,
): Hooks {
  const quietly = (work: () => unknown) => {
    try {
      work();
    } catch {
      // A log that is full is no reason to refuse a request.
    }
  };
  return {
    isUsed: Boolean(onLog ?? metrics),
    log: (entry) => quietly(() => onLog?.(entry)),
    metrics: {
      count: (name, attributes) => quietly(() => metrics?.count(name, attributes)),
      time: (name, ms, attributes) => quietly(() => metrics?.time(name, ms, attributes)),
    },
    trace: trace ?? ((_name, _attributes, work) => work()),
  };
}

interface Instrument {
  add?(value: number, attributes: Attributes): void;
  record?(value: number, attributes: Attributes): void;
}

interface Span {
  setStatus(status: { code: number }): unknown;
  end(): void;
}

/** As much of `@opentelemetry/api` as is used. */
export interface OpenTelemetryApi {
  readonly metrics: {
    getMeter(name: string): {
      createCounter(name: string): Instrument;
      createHistogram(name: string, options: { unit: string }): Instrument;
    };
  };
  readonly trace: {
    getTracer(name: string): {
      startActiveSpan<T>(
        name: string,
        options: { attributes: Record<string, string | number> },
        work: (span: Span) => T,
      ): T;
    };
  };
}

/** OpenTelemetry's code of a span that failed. */
const ERROR = 2;

/**
 * Metrics and spans for OpenTelemetry: `createBroker({ …, ...openTelemetry(api) })`, with what
 * `import * as api from "@opentelemetry/api"` gives.
 */
export function openTelemetry(
  api: OpenTelemetryApi,
  name = "plaudit",
): { metrics: BrokerMetrics; trace: BrokerTrace } {
  object(object(api, "api").metrics, "api.metrics");
  object(api.trace, "api.trace");
  const meter = api.metrics.getMeter(name);
  const tracer = api.trace.getTracer(name);
  const made = new Map<string, Instrument>();
  const instrument = (own: string, make: () => Instrument) => {
    const found = made.get(own) ?? make();
    made.set(own, found);
    return found;
  };
  return {
    metrics: {
      count: (own, attributes) =>
        instrument(own, () => meter.createCounter(own)).add?.(1, attributes),
      time: (own, ms, attributes) =>
        instrument(own, () => meter.createHistogram(own, { unit: "ms" })).record?.(ms, attributes),
    },
    trace: (own, attributes, work) =>
      tracer.startActiveSpan(own, { attributes: { ...attributes } }, async (span) => {
        try {
          return await work();
        } catch (error) {
          // Without the error itself: a message of the platform's may hold anything.
          span.setStatus({ code: ERROR });
          throw error;
        } finally {
          span.end();
        }
      }),
  };
}
