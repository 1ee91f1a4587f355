import { type Day, usualOfDay } from './dayLevel.js';
import { type Levels, linesUpTo, oldestOf } from './levels.js';
import type { RuleSettings } from './ruleSettings.js';
import { noteWindow, type Season, type SeasonName, usualAt } from './seasons.js';
import { bucketWidth, type WindowSettings } from './window.js';

/** What all but one of so many windows before had at least is what was usual: no burst is, nor a single dip. */
export const windowsBefore = 5;

/** What a rule says of the windows that it compares. */
export interface Comparison extends RuleSettings, WindowSettings {
  readonly below: number;
  readonly minPrevious: number;
  readonly baseline?: SeasonName;
}

/** What is remembered of the lines of a key. */
interface Seen {
  readonly levels?: Levels | undefined;
  readonly season?: Season | undefined;
  /** Of the hours of the last day; absent for a window that is longer than one. */
  readonly day?: Day | undefined;
}

/** Where a day has less than this part of `minPrevious` in a window, a few lines more or less are chance. */
const leastOfDay = 1 / 5;

/** A window with too few lines. Times are ms since the epoch. */
export interface LowWindow {
  /** Start of its last step. */
  readonly end: number;
  readonly usual: number;
  /** When it is over and no line may be late, on the clock. */
  readonly judgedAt: number;
}

/** The season with the windows that ended since `before`, once no line of them may be late. */
export function learnSeason(
  rule: Comparison,
  before: Levels | undefined,
  learned: Season | undefined,
  levels: Levels,
): Season | undefined {
  const { baseline, lateness } = rule;
  if (baseline === undefined) return undefined;
  let season = learned;
  const { width, newest } = levels;
  const overAt = (time: number) => Math.floor((time - lateness) / width) * width - width;
  const from = before?.width === width ? overAt(before.newest) + width : oldestOf(levels);
  for (let end = Math.max(from, oldestOf(levels)); end <= overAt(newest); end += width) {
    const isWhole = oldestOf(levels) <= end - (windowSteps(rule) - 1) * width;
    if (isWhole) season = noteWindow(season, { baseline, lateness }, end, countAt(rule, levels, end), 'emptiest');
  }
  return season;
}

/** The first window that has too few lines, unless more come. */
export function firstLow(rule: Comparison, memory: Seen & { readonly after?: number }): LowWindow | undefined {
  const { levels, after = Number.NEGATIVE_INFINITY } = memory;
  const width = bucketWidth(rule);
  if (levels?.width !== width) return undefined;
  const { newest } = levels;
  const steps = windowSteps(rule);
  // Windows before these were judged, or are too long ago for anybody to hear of.
  const from = Math.max(newest - (lateSteps(rule) + steps) * width, after + width);
  for (let end = from; end <= newest + steps * width; end += width) {
    const usual = usualBefore(rule, levels, memory, end);
    if (usual === undefined || countAt(rule, levels, end) >= rule.below * usual) continue;
    return { end, usual, judgedAt: end + width + rule.lateness };
  }
  return undefined;
}

/** What is usual for a window; undefined while too little is known, and where too few lines are. */
function usualBefore(rule: Comparison, levels: Levels, { season, day }: Seen, end: number): number | undefined {
  const seasonal = rule.baseline === undefined ? undefined : usualAt(season, end, 'emptiest');
  if (seasonal !== undefined) return seasonal < rule.minPrevious ? undefined : seasonal;
  const length = windowSteps(rule) * levels.width;
  if (oldestOf(levels) > end + levels.width - (windowsBefore + 1) * length) return undefined;
  const before = Array.from({ length: windowsBefore }, (_, at) => countAt(rule, levels, end - (at + 1) * length));
  const rightBefore = before.sort((a, b) => a - b)[1] ?? 0;
  const ofDay = usualOfDay(day, end, length) ?? rightBefore;
  if (rightBefore < rule.minPrevious || ofDay < rule.minPrevious * leastOfDay) return undefined;
  // What came more than on the rest of the day was a burst, and its end is no drop.
  return Math.min(rightBefore, Math.round(ofDay));
}

/** The lines of the window whose last step begins at `end`. */
export function countAt(rule: Comparison, levels: Levels, end: number): number {
  return linesUpTo(levels, end, windowSteps(rule));
}

/** Steps of one window. */
function windowSteps(rule: Comparison): number {
  return Math.ceil(rule.window / bucketWidth(rule));
}

function lateSteps(rule: Comparison): number {
  return Math.ceil(rule.lateness / bucketWidth(rule));
}

/** Steps that are remembered: enough for the oldest window that is judged, and for those before it. */
export function stepsKept(rule: Comparison): number {
  return (windowsBefore + 2) * windowSteps(rule) + lateSteps(rule) + 2;
}
