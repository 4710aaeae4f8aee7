import { count } from "../../arguments.js";
import { invalid } from "../../errors.js";
import { namesOf, strict } from "../options.js";
import { recordStore } from "./record.js";
import type { TokenStore } from "./types.js";

type Options = NonNullable<Parameters<typeof memoryStore>[0]>;

const OPTIONS = namesOf<Options>()("now entries");

/**
 * Keeps tokens as long as the process lives: good for client credentials, and for tests. A refresh
 * token that is got by a user's sign-in is lost with the process.
 */
export function memoryStore(
  options: {
    readonly now?: () => number;
    /** Records at most; beyond it the one that was written longest ago goes. Default: 100,000. */
    readonly entries?: number;
  } = {},
): TokenStore {
  const { entries = 100_000 } = strict(options, "", OPTIONS);
  if (!count(entries, "entries")) throw invalid("entries: must not be 0");
  const records = new Map<string, string>();
  const origin = Date.now() - performance.now();
  return recordStore({
    // The wall clock may be set while the process lives (TM6).
    now: options.now ?? (() => origin + performance.now()),
    load: (name) => records.get(name) ?? null,
    compareAndSwap(name, before, after) {
      if ((records.get(name) ?? null) !== before) return false;
      records.delete(name);
      records.set(name, after);
      if (records.size > entries) records.delete(records.keys().next().value as string);
      return true;
    },
  });
}
