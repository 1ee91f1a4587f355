/** Numbers that look random and are the same in every run. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** From 0 up to `below`, whole. */
  below(limit: number): number;
  chance(share: number): boolean;
  pick<T>(of: readonly [T, ...T[]]): T;
}

/** Mulberry32: 32 bits of state are plenty for traffic. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  function next() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (limit: number) => Math.floor(next() * limit);
  return { next, below, chance: (share) => next() < share, pick: (of) => of[below(of.length)] ?? of[0] };
}
