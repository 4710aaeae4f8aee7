import { callable, count } from "../arguments.js";
import { namesOf, strict } from "./options.js";
import { evaluator, type RedisClient } from "./stores/eval.js";

type Awaitable<T> = T | Promise<T>;

/**
 * Where small texts are kept for a time: sessions, answers of the platform, ids of webhooks. All
 * methods may return promises, and reject where the store cannot be reached.
 */
export interface KeyValue {
  /** The value; `null` or `undefined` where there is none, or its time is over. */
  get(key: string): Awaitable<string | null | undefined>;
  /** Keeps a value for `ttl` milliseconds. */
  set(key: string, value: string, ttl: number): Awaitable<unknown>;
  /** Keeps a value where there is none, and says whether it did: of two at once, one. */
  add(key: string, value: string, ttl: number): Awaitable<boolean>;
  delete(key: string): Awaitable<unknown>;
}

/** What {@link memoryKeyValue} takes. */
export interface MemoryKeyValueOptions {
  /** Keys at most; beyond it the one that was set longest ago goes. Default: 100,000. */
  entries?: number | undefined;
  /** Milliseconds since the Unix epoch. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

const MEMORY = namesOf<MemoryKeyValueOptions>()("entries now");

/** Keeps values in this process. They end with it, and no other process sees them. */
export function memoryKeyValue(options: MemoryKeyValueOptions = {}): KeyValue {
  const { entries: most = 100_000, now = Date.now } = strict(options, "", MEMORY);
  count(most, "entries");
  callable(now, "now");
  const entries = new Map<string, { value: string; end: number }>();
  const find = (key: string) => {
    const entry = entries.get(key);
    if (entry && entry.end > now()) return entry.value;
    entries.delete(key);
    return null;
  };
  const put = (key: string, value: string, ttl: number) => {
    entries.delete(key);
    entries.set(key, { value, end: now() + ttl });
    if (entries.size > most) entries.delete(entries.keys().next().value as string);
  };
  return {
    get: find,
    set: put,
    add(key, value, ttl) {
      if (find(key) !== null) return false;
      put(key, value, ttl);
      return true;
    },
    delete: (key) => entries.delete(key),
  };
}

/** What {@link redisKeyValue} takes. */
export interface RedisKeyValueOptions {
  /** What stands before each key. Default: `"plaudit:"`. */
  prefix?: string | undefined;
  /** Milliseconds that a command may take. Default: 1,000. */
  timeout?: number | undefined;
}

const REDIS = namesOf<RedisKeyValueOptions>()("prefix timeout");
const GET = "return redis.call('GET', KEYS[1])";
const SET = "return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])";
const ADD = "return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') and 1 or 0";
const DELETE = "return redis.call('DEL', KEYS[1])";

/** Keeps values in Redis or Valkey, for all processes, through a client that you have. */
export function redisKeyValue(client: RedisClient, options: RedisKeyValueOptions = {}): KeyValue {
  const { prefix = "plaudit:", timeout } = strict(options, "", REDIS);
  const { run } = evaluator(client, { timeout });
  const whole = (ttl: number) => Math.max(1, Math.floor(ttl));
  return {
    async get(key) {
      const value = await run(GET, prefix + key, []);
      return typeof value === "string" ? value : null;
    },
    set: (key, value, ttl) => run(SET, prefix + key, [value, whole(ttl)]),
    add: async (key, value, ttl) => (await run(ADD, prefix + key, [value, whole(ttl)])) === 1,
    delete: (key) => run(DELETE, prefix + key, []),
  };
}
