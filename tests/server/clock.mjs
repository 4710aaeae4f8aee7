// Time, chance and patience for tests in any runtime.
import { turn } from "./time.mjs";

/** A clock that is moved by hand, as milliseconds since the Unix epoch and as a monotonic one. */
export function clock(time = Date.UTC(2026, 0, 1)) {
  const own = {
    time,
    now: () => own.time,
    monotonic: () => own.time,
    pass: (ms) => (own.time += ms),
  };
  return own;
}

/** Numbers from 0 to 1, the same in each run (mulberry32). */
export function numbers(seed = 1) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Lets promises do what they can, hashes in other threads included. */
export async function settle() {
  for (let round = 0; round < 4; round += 1) {
    await turn();
    await crypto.subtle.digest("SHA-256", new Uint8Array(64));
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
