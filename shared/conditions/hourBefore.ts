import { type Past, withPassed } from './past.js';
import type { WindowMemory } from './window.js';

const hour = 3_600_000;

/**
 * How many lines the fullest of the windows had that lie an hour before one, or right beside those: what comes each hour, each half
 * and each quarter of one came then, too.
 *
 * @param memory of before the batch; lines of an hour ago that come with this one are not known.
 * @param window a third of an hour at most.
 */
export function linesAnHourBefore(memory: WindowMemory | undefined, window: number): (end: number) => number {
  if (!memory) return () => 0;
  const windows = windowsOf(memory, window);
  return (end) =>
    windows
      .filter(([at]) => at > end - hour - 2 * window && at <= end - hour + window)
      .reduce((most, [, lines]) => Math.max(most, lines), 0);
}

/** All windows that are known, the one that goes on among them. */
export function windowsOf(memory: WindowMemory, window: number): Past['windows'] {
  const buckets = memory.buckets.map(({ at, count }) => ({ at, level: [count] as const }));
  return withPassed(memory.past ?? { since: memory.newest, windows: [] }, buckets, window).windows;
}
