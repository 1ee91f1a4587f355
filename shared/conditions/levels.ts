/**
 * How many lines there were in consecutive steps of event time: one number a step, so that days of them stay small where buckets
 * with their times would not.
 */
export interface Levels {
  /** Milliseconds of a step. */
  readonly width: number;
  /** Start of the newest step, ms since the epoch. */
  readonly newest: number;
  /** Lines of each step, the newest last. There are none of the steps before: nothing was seen or is remembered of them. */
  readonly counts: readonly number[];
}

/** Lines of one step. */
export interface StepLines {
  /** Start of the step. */
  readonly at: number;
  readonly count: number;
}

/** Of one number as JSON, with its comma: no count of lines is longer. */
export const levelBytes = 16;

/**
 * Adds lines to their steps.
 *
 * @param levels undefined, or of another width after the rule was changed: it begins afresh.
 * @param kept steps that are remembered; lines before them are left out.
 */
export function addLines(
  levels: Levels | undefined,
  width: number,
  kept: number,
  lines: readonly StepLines[],
): Levels | undefined {
  let sum = levels?.width === width ? levels : undefined;
  for (const { at, count } of [...lines].sort((a, b) => a.at - b.at)) sum = addStep(sum, width, kept, at, count);
  return sum;
}

/** Whether lines are of a step that is no longer remembered. */
export function isForgotten(levels: Levels | undefined, width: number, kept: number, at: number): boolean {
  return levels?.width === width && at <= levels.newest - kept * width;
}

function addStep(levels: Levels | undefined, width: number, kept: number, at: number, count: number): Levels {
  if (!levels || at >= levels.newest + kept * width) return { width, newest: at, counts: [count] };
  const { newest, counts } = levels;
  const ahead = (at - newest) / width;
  if (ahead > 0) {
    const grown = [...counts, ...zeros(ahead - 1), count];
    return { width, newest: at, counts: grown.slice(-kept) };
  }
  if (-ahead >= kept) return levels;
  const missing = 1 - counts.length - ahead;
  const known = missing > 0 ? [...zeros(missing), ...counts] : counts;
  const place = known.length - 1 + ahead;
  return { width, newest, counts: known.map((each, index) => (index === place ? each + count : each)) };
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

/** The start of the oldest step that is remembered. */
export function oldestOf({ width, newest, counts }: Levels): number {
  return newest - (counts.length - 1) * width;
}

/** Lines of so many steps, of which the last one begins at `end`. None have come of steps after the newest. */
export function linesUpTo({ width, newest, counts }: Levels, end: number, steps: number): number {
  const to = counts.length + (end - newest) / width;
  return counts.slice(Math.max(0, to - steps), Math.max(0, to)).reduce((sum, count) => sum + count, 0);
}
