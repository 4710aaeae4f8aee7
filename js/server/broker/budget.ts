/** How much is asked of the platform, whoever wants it. */
export interface Budget {
  /**
   * Takes a call: 0, or the milliseconds until there is one. What is not urgent leaves a fifth to
   * what is.
   */
  take(isUrgent: boolean): number;
  /** Takes no call for so many milliseconds: the platform said so. */
  pause(ms: number): void;
  /** Calls in the window that ends now. */
  used(): number;
}

/** At most `calls` in any span of `window` milliseconds, wherever it begins. */
export function createBudget(calls: number, window: number, monotonic: () => number): Budget {
  /** When the last calls began, in a ring; `next` is the oldest. */
  const starts = new Float64Array(calls).fill(Number.NEGATIVE_INFINITY);
  const kept = Math.floor(calls / 5);
  let next = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  return {
    take(isUrgent) {
      const now = monotonic();
      const place = isUrgent ? next : (next + kept) % calls;
      const free = Math.max((starts[place] as number) + window, pausedUntil);
      if (free > now) return Math.ceil(free - now);
      starts[next] = now;
      next = (next + 1) % calls;
      return 0;
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, monotonic() + Math.min(ms, window));
    },
    used() {
      const since = monotonic() - window;
      return starts.reduce((sum, start) => (start > since ? sum + 1 : sum), 0);
    },
  };
}

/** Who asks too often. */
export interface Limiter {
  /** Takes a request of a client: 0, or the milliseconds until the next may come. */
  take(client: string): number;
  /** Clients that are remembered. */
  size(): number;
}

/** How often a client that asks is put at the end, in milliseconds. */
const MOVE = 1_000;

/** `requests` in `window` milliseconds for each client, spread or at once. */
export function createLimiter(
  requests: number,
  window: number,
  most: number,
  monotonic: () => number,
): Limiter {
  const clients = new Map<string, { left: number; time: number; moved: number }>();
  const step = window / requests;
  return {
    take(client) {
      const now = monotonic();
      let state = clients.get(client);
      if (state) {
        state.left = Math.min(requests, state.left + (now - state.time) / step);
        state.time = now;
        // The last one is the newest, so that the first is who was quiet longest. Not with each
        // request: a map that is written so often keeps the garbage collector busy.
        if (now - state.moved >= MOVE) {
          state.moved = now;
          clients.delete(client);
          clients.set(client, state);
        }
      } else {
        state = { left: requests, time: now, moved: now };
        if (clients.size >= most) clients.delete(clients.keys().next().value as string);
        clients.set(client, state);
      }
      if (state.left < 1) return Math.ceil((1 - state.left) * step);
      state.left -= 1;
      return 0;
    },
    size: () => clients.size,
  };
}

/** Where a client's address is to be read, when proxies stand before the broker. */
export interface ForwardedOptions {
  /** The header that your proxies write, for example `"x-forwarded-for"`. */
  header: string;
  /** How many proxies of yours add to it. What stands before their entries anyone can write. */
  trustedHops: number;
}

/** Who a request comes from, as an address; undefined where nothing trustworthy says so (BF22). */
export function addressOf(
  forwarded: ForwardedOptions | undefined,
  header: string | null,
  socket: string | undefined,
): string | undefined {
  if (!forwarded) return socket === undefined ? undefined : network(socket);
  const entries = (header ?? "").split(",").map((entry) => entry.trim());
  const entry = entries[entries.length - forwarded.trustedHops];
  return entry === undefined ? undefined : network(entry);
}

const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** An IPv4 address, or the half of an IPv6 address that one subscriber has. */
function network(text: string): string | undefined {
  if (V4.test(text)) return text;
  const address = text.replace(/^\[(.*)\](?::\d+)?$/, "$1").replace(/%.*$/, "");
  const mapped = /^(?:::ffff:)?([\d.]+)(?::\d{1,5})?$/i.exec(address)?.[1];
  if (mapped) return V4.test(mapped) ? mapped : undefined;
  if (!/^[0-9a-f:.]{2,45}$/i.test(address) || !address.includes(":")) return undefined;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head.split(":").filter(Boolean);
  const after = (tail ?? "").split(":").filter(Boolean);
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(missing).fill("0"), ...after];
  const prefix = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${prefix.join(":")}::/64`;
}
