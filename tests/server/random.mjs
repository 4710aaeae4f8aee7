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
