import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { counted } from '../text/wording.js';
import type { PlacedProblem } from '../yaml/source.js';
import type { ConditionType } from './conditionType.js';
import { linesADayBefore, type Peaks, peaksBytes, withPeaks } from './dayBefore.js';
import { linesAnHourBefore, windowsOf } from './hourBefore.js';
import {
  type Baseline,
  badSeason,
  noteWindow,
  type Season,
  type SeasonName,
  seasonBytes,
  seasonRemembered,
  usualAt,
} from './seasons.js';
import {
  linesOf,
  observeWindow,
  type StatedWindow,
  type WindowMemory,
  type WindowSettings,
  windowed,
  windowMemoryBytes,
} from './window.js';

/**
 * At least `minCount` lines of a key in a window, and `factor` times as many as are usual: as in the window before it or, of a baseline,
 * in one an hour or a day before, or the fullest window of the same hour, once that is known. They count as `minPrevious` when there were fewer: after next to nothing, any
 * traffic would be many times as much.
 */
export const spike: ConditionType<StatedSpike, Spike, Memory, Measured> = {
  ...windowed,
  settings: ({ window, factor = 3, min_count = 10, min_previous = 1, baseline = 'previous' }) => ({
    window: milliseconds(window),
    factor,
    minCount: min_count,
    minPrevious: min_previous,
    ...(baseline === 'previous' ? {} : { baseline }),
  }),
  problems: (stated, rule) =>
    rule.baseline === 'hour' ? badHour(stated, rule) : badSeason(stated, { window: rule.window, ...seasonal(rule) }),

  observe(rule, memory, signals, now) {
    const { lateness } = rule;
    const baseline = seasonOf(rule);
    const isHourly = rule.baseline === 'hour';
    const hourBefore = isHourly ? linesAnHourBefore(memory, rule.window) : undefined;
    const dayBefore = isHourly ? linesADayBefore(memory?.peaks, rule.window) : undefined;
    let season = memory?.season;
    const seen = observeWindow(rule, memory, signals, now, {
      measure(currentBuckets, before, end) {
        const current = linesOf(currentBuckets);
        if (baseline) season = noteWindow(season, { baseline, lateness }, end, current, 'fullest');
        const usual = baseline && usualAt(season, end, 'fullest');
        const rightBefore = usual ?? linesOf(before(1));
        const anHourBefore = hourBefore?.(end) ?? 0;
        const aDayBefore = dayBefore?.(end) ?? 0;
        const previous = Math.max(rightBefore, anHourBefore, aDayBefore);
        const isSpike = current >= rule.minCount && current >= rule.factor * Math.max(previous, rule.minPrevious);
        if (!isSpike) return undefined;
        if (aDayBefore > Math.max(rightBefore, anHourBefore))
          return { current, previous, baseline: 'day before' as const };
        if (anHourBefore > rightBefore) return { current, previous, baseline: 'hour' as const };
        return { current, previous, ...(usual === undefined ? {} : { baseline }) };
      },
      lookBack: lookBack(rule),
      // What came before late lines came in time, and is gone.
      lateBuckets: 0,
    });
    if (seen.outcome !== 'counted') return seen;
    // Windows with fewer lines keep nothing from being a spike.
    const least = rule.minCount / rule.factor;
    const peaks = isHourly && withPeaks(memory?.peaks, windowsOf(seen.memory, rule.window), rule.window, least);
    return {
      ...seen,
      memory: { ...seen.memory, ...(season && baseline ? { season } : {}), ...(peaks ? { peaks } : {}) },
    };
  },
  remembered: (rule) =>
    Math.max(
      windowed.remembered(rule),
      rule.baseline === 'hour' ? 24 * hour + 3 * rule.window + rule.lateness : seasonRemembered(seasonOf(rule)),
    ),
  lookBack,
  memoryBytes: (rule) =>
    windowMemoryBytes(rule, lookBack(rule), 0, 0) +
    seasonBytes(seasonOf(rule)) +
    (rule.baseline === 'hour' ? peaksBytes : 0),

  words: ({ current, previous, baseline }, { window }) => {
    const [lines, length] = [counted(current, 'line'), formatDuration(window)];
    const before =
      baseline === 'hour' || baseline === 'day before'
        ? `the ${length} ${baseline === 'hour' ? 'an hour' : 'a day'} before`
        : baseline
          ? `this hour of the ${baseline}`
          : `the ${length} before`;
    if (previous === 0) return `${lines} in ${length} after none in ${before}`;
    const factor = (current / previous).toLocaleString('en', { maximumFractionDigits: 1 });
    const usual = previous.toLocaleString('en');
    if (baseline === 'day' || baseline === 'week')
      return `${factor} times what is usual at ${before}: ${lines} in ${length}, not ${usual}`;
    return `${factor} times ${before}: ${lines} after ${usual}`;
  },
  example: ({ minPrevious, minCount, factor }) => {
    const previous = Math.max(minPrevious, Math.ceil(minCount / factor));
    const current = Math.ceil(previous * factor);
    return { measured: { previous, current }, lines: current };
  },
};

const hour = 3_600_000;

/** Windows that passed are known of somewhat more than an hour, and must not reach into the one that is compared. */
const hourlyWindows = { least: hour / 10, most: hour / 3 };

function badHour({ window: stated }: StatedWindow, { window }: Spike): PlacedProblem[] {
  if (window >= hourlyWindows.least && window <= hourlyWindows.most) return [];
  const message = `a baseline of the hour compares windows of 6m to 20m, and the window is ${stated}`;
  return [{ path: ['window'], message }];
}

function seasonal(rule: Spike): { readonly baseline?: SeasonName } {
  const baseline = seasonOf(rule);
  return baseline ? { baseline } : {};
}

function seasonOf({ baseline }: Spike): SeasonName | undefined {
  return baseline === 'hour' ? undefined : baseline;
}

function lookBack({ window }: Spike): number {
  return 2 * window;
}

interface StatedSpike extends StatedWindow {
  readonly baseline?: Baseline;
  readonly factor?: number;
  readonly min_count?: number;
  readonly min_previous?: number;
}

interface Spike extends WindowSettings {
  /** The season whose hours it compares with, or `hour`: windows an hour and a day before, too. The window before when absent. */
  readonly baseline?: SeasonName | 'hour';
  readonly factor: number;
  readonly minCount: number;
  readonly minPrevious: number;
}

interface Memory extends WindowMemory {
  readonly season?: Season;
  /** Of a baseline of the hour: windows of the last day with so many lines that they matter. */
  readonly peaks?: Peaks;
}

interface Measured {
  readonly current: number;
  readonly previous: number;
  /** `previous` is what is usual at that hour of the day or week, or what came an hour or a day before. */
  readonly baseline?: SeasonName | 'hour' | 'day before' | undefined;
}
