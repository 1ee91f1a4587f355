import type { Trend } from '../signals/trend.js';

/** How much a key had in a bucket or window: lines, or a part of all lines. */
export type Level = readonly [lines: number, ofAll?: number];

/** The windows of a key that have passed, as few numbers. Times are ms since the epoch. */
export interface Past {
  /** Event time of the first line that is known. */
  readonly since: number;
  /** Whole windows with lines, by their starts, which are multiples of the window: the oldest first. */
  readonly windows: readonly (readonly [at: number, ...Level])[];
}

/** Windows before the one that is told of which a reader sees. */
const shownWindows = 12;

/** Of them as JSON at most. */
export const pastBytes = 60 + (shownWindows + 1) * 60;

interface Levelled {
  /** Start of the bucket. */
  readonly at: number;
  readonly level: Level;
}

/** Takes in buckets that no window needs any more. */
export function withPassed(past: Past, passed: readonly Levelled[], window: number): Past {
  if (passed.length === 0) return past;
  const windows = new Map(past.windows.map(([at, ...level]) => [at, level as Level]));
  for (const { at, level } of passed) {
    const start = startOf(at, window);
    windows.set(start, sum(windows.get(start), level));
  }
  const newest = Math.max(...windows.keys());
  // Those that lie between the newest and the one that is told of may be twice as many as its buckets are kept for.
  const kept = [...windows].filter(([at]) => at > newest - (shownWindows + 1) * window).sort(([a], [b]) => a - b);
  return { ...past, windows: kept.map(([at, level]) => [at, ...level]) };
}

/**
 * What a key had before and in the window that is told of; undefined when nothing is known of before. A window without lines
 * counts as none.
 *
 * @param buckets all that are still there.
 * @param end start of the last bucket of the window that is told of.
 * @param width of a bucket.
 */
export function trendOf(
  past: Past,
  buckets: readonly Levelled[],
  end: number,
  { window, width }: { readonly window: number; readonly width: number },
): Trend | undefined {
  const from = end - window;
  const before = withPassed(
    past,
    buckets.filter(({ at }) => at <= from),
    window,
  );
  const current = buckets
    .filter(({ at }) => at > from && at <= end)
    .reduce<Level>((all, { level }) => sum(all, level), [0]);
  // The window in which the one that is told of begins is not whole, nor is the one with the first line.
  const [first, last] = [startOf(past.since - 1, window) + window, startOf(from + width, window) - window];
  const count = Math.min(shownWindows, Math.floor((last - first) / window) + 1);
  if (count < 1) return undefined;
  const starts = Array.from({ length: count }, (_, at) => last - (count - 1 - at) * window);
  const levels = new Map(before.windows.map(([at, ...level]) => [at, level as Level]));
  const all = [...starts.map((at) => levels.get(at) ?? ([0] as Level)), current];
  const unit = current[1] === undefined ? 'lines' : 'share';
  return { windows: all.map((level) => shownValue(level, unit)), unit };
}

function startOf(at: number, window: number): number {
  return Math.floor(at / window) * window;
}

function sum(a: Level | undefined, b: Level): Level {
  if (!a) return b;
  const ofAll = a[1] === undefined ? b[1] : a[1] + (b[1] ?? 0);
  return ofAll === undefined ? [a[0] + b[0]] : [a[0] + b[0], ofAll];
}

function shownValue([lines, ofAll = 0]: Level, unit: Trend['unit']): number {
  if (unit === 'lines') return lines;
  // Three digits are more than a line of blocks can show.
  return ofAll === 0 ? 0 : Number((lines / ofAll).toPrecision(3));
}
