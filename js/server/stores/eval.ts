import { callable, milliseconds, object } from "../../arguments.js";
import { invalid, PlauditError } from "../../errors.js";

/**
 * A connected client of `redis` (node-redis), `ioredis`, or anything that calls the same way: all
 * that is needed is `eval`. It stays yours: nothing here connects or closes it.
 */
export interface RedisClient {
  eval(script: string, ...rest: never[]): unknown;
}

/** How a client's `eval` is called. */
export type RedisCallStyle = "redis" | "ioredis";

type EvalRedis = (
  script: string,
  options: { readonly keys: string[]; readonly arguments: string[] },
) => Promise<unknown>;
type EvalIoredis = (script: string, count: number, ...rest: string[]) => Promise<unknown>;

interface Known {
  readonly eval: unknown;
  readonly defineCommand?: unknown;
  readonly withAbortSignal?: (signal: AbortSignal) => { readonly eval: EvalRedis };
  readonly configGet?: (name: string) => Promise<Record<string, string>>;
  readonly config?: (action: "GET", name: string) => Promise<readonly string[]>;
}

/** @internal Runs scripts, each with a time-out of its own. */
export interface Evaluator {
  /** What the script gives. A server that does not answer in time is `store_unavailable`. */
  run(script: string, key: string, args: readonly (string | number)[]): Promise<unknown>;
  /** A setting of the server; null where it may not be asked. */
  setting(name: string): Promise<string | null>;
}

/**
 * @internal The evaluator for a client; `timeout` in milliseconds. Both packages queue commands while
 * the connection is down, and wait for good on a socket that hangs.
 */
export function evaluator(
  client: RedisClient,
  options: {
    readonly timeout?: number | undefined;
    readonly style?: RedisCallStyle | undefined;
  } = {},
): Evaluator {
  const { timeout = 1000, style } = options;
  const known = object(client, "client") as unknown as Known;
  if (known.eval === undefined) throw invalid("client: must have a function eval");
  callable(known.eval, "client.eval");
  milliseconds(timeout, "timeout");
  // ioredis alone can define commands of its own
  const isPositional = (style ?? ("defineCommand" in known ? "ioredis" : "redis")) === "ioredis";

  async function send(script: string, key: string, args: readonly string[], signal: AbortSignal) {
    if (isPositional) return (known as { eval: EvalIoredis }).eval(script, 1, key, ...args);
    // takes a command that waits for a connection out of the queue when its time is up
    const abortable = known.withAbortSignal?.(signal) ?? (known as { eval: EvalRedis });
    return abortable.eval(script, { keys: [key], arguments: [...args] });
  }

  return {
    async run(script, key, args) {
      const abort = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(down(`Redis did not answer in ${timeout} ms`));
          abort.abort();
        }, timeout);
      });
      try {
        return await Promise.race([send(script, key, args.map(String), abort.signal), late]);
      } catch (cause) {
        if (cause instanceof PlauditError) throw cause;
        throw down("Redis did not carry out a command", plain(cause));
      } finally {
        clearTimeout(timer);
      }
    },
    async setting(name) {
      try {
        if (known.configGet) return (await within(known.configGet(name)))?.[name] ?? null;
        if (known.config) return (await within(known.config("GET", name)))?.[1] ?? null;
      } catch {
        // forbidden, as hosted servers do
      }
      return null;
    },
  };

  /** Of a settled answer, or of none in time. */
  async function within<T>(answer: Promise<T>): Promise<T | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, timeout, undefined);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What an error says, without the command that some clients hang on it: that holds tokens. */
function plain(cause: unknown): Error {
  const { message = "", code } = (cause ?? {}) as {
    readonly message?: string;
    readonly code?: string;
  };
  const error = new Error(String(message).slice(0, 120));
  return typeof code === "string" ? Object.assign(error, { code }) : error;
}

function down(message: string, cause?: unknown): PlauditError {
  return new PlauditError("store_unavailable", message, { cause, retryable: true });
}
