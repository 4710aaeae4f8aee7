import { invalid, PlauditError } from "../../errors.js";
import { namesOf, strict } from "../options.js";
import { evaluator, type RedisCallStyle, type RedisClient } from "./eval.js";
import { placeOf } from "./key.js";
import { nameOf } from "./record.js";
import { SCRIPTS } from "./scripts.js";
import { type EncryptionKey, openView, sealOf } from "./seal.js";
import type { Begun, RecordView, StoreHealth, TokenKey, TokenStore } from "./types.js";

export type { RedisCallStyle, RedisClient } from "./eval.js";

/** What {@link redisStore} can be told. */
export interface RedisStoreOptions {
  /** What the names of its records start with. Default `"plaudit:"`. */
  readonly prefix?: string | undefined;
  /** Encrypts the tokens: 32 random bytes. Without one they lie in Redis as they are. */
  readonly key?: EncryptionKey;
  /** The same as a ring, the newest first: it writes, all of them read. */
  readonly keys?: readonly EncryptionKey[];
  /** Milliseconds after which a command that is not answered has failed. Default 1000. */
  readonly timeout?: number | undefined;
  /** How the client's `eval` is called. Default: as it looks. */
  readonly style?: RedisCallStyle | undefined;
  /** The store's clock in milliseconds, for tests. Default: Redis's own, inside the script. */
  readonly now?: (() => number) | undefined;
}

const OPTIONS = namesOf<RedisStoreOptions>()("prefix key keys timeout style now");

interface Answer<T> {
  readonly now: number;
  readonly late?: boolean;
  readonly corrupt?: boolean;
  readonly result?: T;
}

/**
 * Keeps tokens in Redis 5 or newer, or Valkey, for any number of machines. Each operation is one
 * script, atomic, by Redis's clock. The server should append to its log (`appendonly yes`, best with
 * `appendfsync always`) and evict nothing: `health()` tells. A server that loses its newest writes
 * brings a refresh token back that is used up.
 *
 * @param client A connected client of `redis` or `ioredis`, which you make and close.
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): TokenStore {
  const { prefix = "plaudit:", timeout = 1000, style, now } = strict(options, "", OPTIONS);
  if (typeof prefix !== "string" || /[{}]/.test(prefix)) {
    throw invalid("prefix: must be text without { and }");
  }
  const seal = sealOf(options);
  const server = evaluator(client, { timeout, style });
  /** Redis's clock minus this process's, as the newest answer told. */
  let ahead: number | undefined;

  async function run<T>(operation: keyof typeof SCRIPTS, key: TokenKey, input: object): Promise<T> {
    const script = SCRIPTS[operation];
    const name = `${prefix}{${nameOf(key)}}`;
    const text = JSON.stringify(input);
    // A command can wait in the client until there is a connection again: it must not lead for
    // someone who gave up long ago. What is there to be stored is stored whenever it comes. As
    // Redis's clock can be set, too late is believed at the second time.
    const canExpire = !now && (operation === "begin" || operation === "mark");
    for (let attempt = 0; ; attempt++) {
      const sent = performance.now();
      const last =
        canExpire && ahead !== undefined ? String(Math.ceil(sent + ahead + timeout)) : "";
      const clock = now ? String(now()) : "";
      const reply = await server.run(script, name, [text, last, clock]);
      const answer = read<T>(reply);
      ahead = answer.now - sent;
      if (answer.corrupt) {
        throw new PlauditError("store_unavailable", "Redis holds a record that cannot be read", {
          retryable: false,
        });
      }
      if (answer.result !== undefined) return answer.result;
      if (attempt > 0) {
        throw new PlauditError("store_unavailable", "Redis's clock does not stand still", {
          retryable: true,
        });
      }
    }
  }

  async function opened<T extends { readonly view: RecordView }>(
    key: TokenKey,
    result: T,
  ): Promise<T> {
    return { ...result, view: await openView(seal, key, result.view) };
  }

  return {
    // twice its own, as a command can be asked again
    timeout: 2 * timeout + 500,
    async read(key) {
      return openView(seal, key, await run<RecordView>("read", key, {}));
    },
    async begin(key, input) {
      return opened(key, await run<Begun>("begin", key, input));
    },
    mark: (key, input) => run("mark", key, input),
    async commit(key, input) {
      const blob = await seal.close(input.blob, placeOf(key));
      return opened(key, await run("commit", key, { ...input, blob }));
    },
    async fail(key, input) {
      return opened(key, await run("fail", key, input));
    },
    async end(key, input) {
      return opened(key, await run("end", key, input));
    },
    async health() {
      return health(
        (section) => server.run(INFO, `${prefix}{health}`, [section]),
        (name) => server.setting(name),
      );
    },
  };
}

const INFO = `
local info = redis.pcall('INFO', ARGV[1])
return type(info) == 'string' and info or ''`;

async function health(
  info: (section: string) => Promise<unknown>,
  setting: (name: string) => Promise<string | null>,
): Promise<StoreHealth> {
  let text = "";
  try {
    for (const section of ["persistence", "memory", "replication"]) {
      text += String(await info(section));
    }
  } catch {
    return { ok: false, warnings: ["Redis does not answer"] };
  }
  const told = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(text)?.[1];
  const warnings: string[] = [];
  let ok = true;
  const aof = told("aof_enabled");
  if (aof === "0") {
    warnings.push(
      "appendonly is off: a restart brings back an older state, whose refresh token is used up",
    );
  }
  const sync = aof === "1" ? await setting("appendfsync") : null;
  if (sync === "everysec" || sync === "no") {
    warnings.push(
      `appendfsync is ${sync}: a crash can lose the newest refresh token; "always" does not`,
    );
  }
  const policy = told("maxmemory_policy");
  if (policy?.startsWith("allkeys")) {
    warnings.push(`maxmemory-policy is ${policy}: Redis may delete tokens; noeviction does not`);
  } else if (policy?.startsWith("volatile")) {
    warnings.push(
      `maxmemory-policy is ${policy}: Redis may delete tokens that have an end (keepFor, keepUntil) before it; noeviction does not`,
    );
  }
  if (told("aof_last_write_status") === "err") {
    ok = false;
    warnings.push("Redis cannot write to its disk: commands that store tokens fail");
  }
  if (told("role") === "slave") {
    ok = false;
    warnings.push("this is a replica: it takes no writes");
  }
  if (aof === undefined || policy === undefined) {
    warnings.push("Redis does not tell how it is set up (INFO is forbidden): see appendonly");
  }
  return { ok, warnings };
}

/** The reply of a script: text, or its bytes where the client gives those. */
function read<T>(reply: unknown): Answer<T> {
  const text = reply instanceof Uint8Array ? new TextDecoder().decode(reply) : reply;
  try {
    return JSON.parse(text as string) as Answer<T>;
  } catch (cause) {
    throw new PlauditError("store_unavailable", "Redis answered what no script of ours does", {
      cause,
      retryable: false,
    });
  }
}
