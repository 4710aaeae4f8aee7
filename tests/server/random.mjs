// Random numbers that can be had again: PLAUDIT_SEED sets the seed, each user prints it.

export const newSeed = () =>
  Number(process.env.PLAUDIT_SEED ?? Math.floor(Math.random() * 2 ** 31)) >>> 0;

/** mulberry32: `{ below(n), pick(list), chance(p) }`. */
export function randomOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (n) => Math.floor(next() * n),
    pick: (list) => list[Math.floor(next() * list.length)],
    chance: (p) => next() < p,
  };
}

const ODD = [
  ...[undefined, null, true, false, 0, -0, 1, 2.5, 5, -2, 46, 300, 1e21, 1e308, -1e-9],
  ...[Number.NaN, Number.POSITIVE_INFINITY, 1n, "", " ", "4", "4.5", "x", "\ud800", "a\udc00b"],
  ...["\u0000", "\u2028", "👍", '"></template></script><img src=x>', "&amp;<!--<script>", "]]>"],
  ...["javascript:alert(1)", "//evil.example/", "https://www.trustpilot.com/review/a", "\\\\a"],
  ...["2026-11-01T10:00:00.000Z", "2026-13-45", "+275760-09-13T00:00:00.000Z", "0000-01-01", "en"],
  ...[[], [null], {}, { toString: 1, valueOf: 1 }, { text: 5 }, { text: "Thanks" }, { length: 5 }],
  ...[
    [1, 2, 3, 4, 5],
    [1, 2, 3, 4, Number.POSITIVE_INFINITY],
    [1, undefined, 3, 4, 5],
    new Date(0),
  ],
];

/** Data for elements that is as its types say here and there. */
export function hostile(random) {
  const members = (names, whole) => {
    const all = names.split(" ").map((name) => [name, random.pick(ODD)]);
    const some = Object.fromEntries(all.filter(() => random.chance(0.9)));
    return random.chance(0.1) ? random.pick(whole) : { ...some, consumerEmail: "a@b.example" };
  };
  const rating = members("provider value stars count distribution name url", [null, undefined, {}]);
  if (rating && random.chance(0.5)) rating.value = random.pick([1, 2.25, 4.6, 5]);
  const reviews = Array.from({ length: random.below(12) }, () =>
    members("provider id stars title text language createdAt author reply verified url", ODD),
  );
  return { rating, word: random.pick(ODD), reviews, next: random.pick(ODD) };
}
