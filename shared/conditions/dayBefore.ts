import type { Past } from './past.js';

/** Windows with many lines, by their starts, which are multiples of the window: the oldest first. Times are ms since the epoch. */
export type Peaks = readonly (readonly [at: number, lines: number])[];

const day = 86_400_000;

/** Of a day those with the most lines. */
const peaksKept = 24;

/** Of them as JSON at most. */
export const peaksBytes = 20 + peaksKept * 34;

/** The windows of the last day that had `least` lines, with those that came since. */
export function withPeaks(peaks: Peaks = [], windows: Past['windows'], window: number, least: number): Peaks {
  const many = windows.filter(([, lines]) => lines >= least).map(([at, lines]) => [at, lines] as const);
  const newest = windows.reduce((latest, [at]) => Math.max(latest, at), Number.NEGATIVE_INFINITY);
  return [...new Map([...peaks, ...many])]
    .filter(([at]) => at > newest - day - 3 * window)
    .sort(([, a], [, b]) => b - a)
    .slice(0, peaksKept)
    .sort(([a], [b]) => a - b);
}

/** How many lines the fullest of the windows had that lie a day before one, or right beside those; 0 when none had many. */
export function linesADayBefore(peaks: Peaks = [], window: number): (end: number) => number {
  return (end) =>
    peaks
      .filter(([at]) => at > end - day - 2 * window && at <= end - day + window)
      .reduce((most, [, lines]) => Math.max(most, lines), 0);
}
