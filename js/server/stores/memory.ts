import { count } from "../../arguments.js";
import { invalid } from "../../errors.js";
import { namesOf, strict } from "../options.js";
import { recordStore } from "./record.js";
import type { TokenStore } from "./types.js";

type Options = NonNullable<Parameters<typeof memoryStore>[0]>;

const OPTIONS = namesOf<Options>()("now entries");
const SWEEP_EVERY = 60_000;
/** The wall clock ran ahead by so much: the machine was suspended, and the other clock stood. */
const SUSPENDED = 60_000;

/** Milliseconds that nobody sets (TM6), with the time in which the machine was suspended. */
function clock(): () => number {
  let origin = Date.now() - performance.now();
  return () => {
    const time = origin + performance.now();
    const slept = Date.now() - time;
    if (slept < SUSPENDED) return time;
    origin += slept;
    return time + slept;
  };
}

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
  const ends = new Map<string, number>();
  const now = options.now ?? clock();
  let swept = 0;

  function remove(name: string): void {
    records.delete(name);
    ends.delete(name);
  }

  /** Removes what is over, once a minute. */
  function sweep(): void {
    const time = now();
    if (Math.abs(time - swept) < SWEEP_EVERY) return;
    swept = time;
    for (const [name, end] of ends) {
      if (time >= end) remove(name);
    }
  }

  return recordStore({
    now,
    load: (name) => records.get(name) ?? null,
    compareAndSwap(name, before, after, keepMs) {
      if ((records.get(name) ?? null) !== before) return false;
      remove(name);
      records.set(name, after);
      if (keepMs !== undefined) ends.set(name, now() + keepMs);
      sweep();
      if (records.size > entries) remove(records.keys().next().value as string);
      return true;
    },
  });
}
