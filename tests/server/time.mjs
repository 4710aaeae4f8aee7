// A clock that stands until it is moved, with the timers of the whole runtime on it. For any runtime.

// Kept from before anybody replaces them.
const later = globalThis.setTimeout;
// workerd has a setImmediate that waits for nobody.
const isQuick = globalThis.setImmediate && globalThis.navigator?.userAgent !== "Cloudflare-Workers";
const tick = isQuick ? globalThis.setImmediate : (run) => later.call(globalThis, run, 0);

/** One turn of the event loop. */
export const turn = () => new Promise((resolve) => tick(resolve));

/** Replaces the global timers until `restore()`. */
export function virtualTime() {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const rounds = isQuick ? 12 : 4;
  const timers = new Map();
  let now = 0;
  let last = 0;

  globalThis.setTimeout = (run, ms = 0, ...args) => {
    const timer = { unref: () => timer, ref: () => timer, hasRef: () => true };
    timers.set(timer, {
      at: now + Math.max(Math.floor(Number(ms)) || 0, 1),
      order: ++last,
      run,
      args,
    });
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    if (!timers.delete(timer)) real.clearTimeout.call(globalThis, timer);
  };

  /** Lets everything happen that waits for no timer. */
  async function settle() {
    for (let round = 0; round < rounds; round += 1) await turn();
  }

  return {
    now: () => now,
    settle,
    /** Lets `ms` pass, timer by timer. `moved` is told of each part. */
    async advance(ms, moved = () => {}) {
      const end = now + Math.floor(ms);
      const move = (to) => {
        const by = to - now;
        now = to;
        if (by > 0) moved(by);
      };
      await settle();
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= end);
        due.sort(([, a], [, b]) => a.at - b.at || a.order - b.order);
        if (due.length === 0) break;
        const [timer, { at, run, args }] = due[0];
        timers.delete(timer);
        move(Math.max(at, now));
        run(...args);
        await settle();
      }
      move(end);
      await settle();
    },
    /** Lets `ms` pass at once, as for a machine that sleeps; then all timers are due that were. */
    async jump(ms) {
      now += Math.floor(ms);
      await settle();
    },
    /** Waits by this clock. */
    sleep: (ms) => new Promise((resolve) => globalThis.setTimeout(resolve, ms)),
    restore() {
      globalThis.setTimeout = real.setTimeout;
      globalThis.clearTimeout = real.clearTimeout;
    },
  };
}
