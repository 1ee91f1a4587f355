/** What a key came to in one window after the other, for a reader to see what is usual. */
export interface Trend {
  /** Of whole windows, oldest first: lines, or shares of 1. The last one is what is told of. */
  readonly windows: readonly number[];
  readonly unit: 'lines' | 'share';
}

/** Windows without which nobody can say what is usual. */
const fewest = 3;

/** What half of the windows before had at most; undefined when there were too few. */
export function usualOf({ windows }: Trend): number | undefined {
  const before = windows.slice(0, -1).sort((a, b) => a - b);
  return before.length < fewest ? undefined : before[Math.floor((before.length - 1) / 2)];
}
