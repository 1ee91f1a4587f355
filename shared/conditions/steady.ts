import type { Signal } from '../signals/signal.js';

/** Since when a key logs without a pause, and its newest line: event times, ms since the epoch. As JSON 45 bytes. */
export interface Steady {
  readonly since: number;
  readonly last: number;
}

/**
 * The time without a pause, with the lines of a batch.
 *
 * @param pause the silence that ends it, in milliseconds. Lines that come later than those that follow them may leave one.
 * @param now no line is taken to be of later.
 */
export function withSteady(
  steady: Steady | undefined,
  signals: readonly Pick<Signal, 'first' | 'last'>[],
  pause: number,
  now: number,
): Steady | undefined {
  return [...signals]
    .sort((a, b) => a.first - b.first)
    .reduce<Steady | undefined>((sum, signal) => {
      const [first, last] = [Math.min(signal.first, now), Math.min(signal.last, now)];
      if (!sum || first - sum.last > pause) return { since: first, last };
      // What is older than the pause before it is none of it.
      const since = last < sum.since - pause ? sum.since : Math.min(sum.since, first);
      return { since, last: Math.max(sum.last, last) };
    }, steady);
}

/** For how long, in milliseconds. */
export function steadyFor(steady: Steady | undefined): number {
  return steady ? steady.last - steady.since : 0;
}
