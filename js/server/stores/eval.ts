import { callable, milliseconds, object } from "../../arguments.js";
import { invalid, PlauditError } from "../../errors.js";

/**
 * A client of Redis or Valkey: that of the package `redis`, of `ioredis`, or anything with an `eval`
 * like theirs. plaudit imports neither.
 */
export interface RedisClient {
  eval(script: string, ...rest: never[]): unknown;
}

/** Runs a script; rejects with `store_unavailable` where no answer came. */
export type Evaluate = (
  script: string,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

type Eval = (script: string, ...rest: unknown[]) => Promise<unknown>;

/**
 * The scripts' way to a client. Both packages queue commands while the connection is down, and wait
 * for good on a socket that hangs: `timeout`, in milliseconds, ends that.
 */
export function evaluator(client: RedisClient, { timeout = 1_000 } = {}): Evaluate {
  object(client, "client");
  if (client.eval === undefined) throw invalid("client: must have a function eval");
  callable(client.eval, "client.eval");
  milliseconds(timeout, "timeout");
  const run = client.eval.bind(client) as Eval;
  // ioredis alone can define commands of its own.
  const isFlat = "defineCommand" in client;
  return async (script, keys, args) => {
    const texts = args.map(String);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
    });
    try {
      const answer = isFlat
        ? run(script, keys.length, ...keys, ...texts)
        : run(script, { keys, arguments: texts });
      // What comes after the time is up is nobody's rejection.
      answer?.catch?.(() => {});
      return await Promise.race([answer, late]);
    } catch (cause) {
      throw new PlauditError("store_unavailable", "the store does not answer", {
        retryable: true,
        cause: new Error(cause instanceof Error ? cause.message : "no reason was given"),
      });
    } finally {
      clearTimeout(timer);
    }
  };
}
