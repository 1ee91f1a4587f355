import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { counted } from '../text/wording.js';
import type { ConditionType } from './conditionType.js';
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
 * At least `minCount` lines of a key in a window, and `factor` times as many as are usual: as in the window before it, or as in the
 * fullest window of the same hour, once that is known. They count as `minPrevious` when there were fewer: after next to nothing, any
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
  problems: badSeason,

  observe(rule, memory, signals, now) {
    const { baseline, lateness } = rule;
    let season = memory?.season;
    const seen = observeWindow(rule, memory, signals, now, {
      measure(currentBuckets, before, end) {
        const current = linesOf(currentBuckets);
        if (baseline) season = noteWindow(season, { baseline, lateness }, end, current, 'fullest');
        const usual = baseline && usualAt(season, end, 'fullest');
        const previous = usual ?? linesOf(before(1));
        const isSpike = current >= rule.minCount && current >= rule.factor * Math.max(previous, rule.minPrevious);
        if (!isSpike) return undefined;
        return { current, previous, ...(usual === undefined ? {} : { baseline }) };
      },
      lookBack: lookBack(rule),
      // What came before late lines came in time, and is gone.
      lateBuckets: 0,
    });
    if (seen.outcome !== 'counted') return seen;
    return { ...seen, memory: { ...seen.memory, ...(season && baseline ? { season } : {}) } };
  },
  remembered: (rule) => Math.max(windowed.remembered(rule), seasonRemembered(rule.baseline)),
  lookBack,
  memoryBytes: (rule) => windowMemoryBytes(rule, lookBack(rule), 0, 0) + seasonBytes(rule.baseline),

  words: ({ current, previous, baseline }, { window }) => {
    const [lines, length] = [counted(current, 'line'), formatDuration(window)];
    const before = baseline ? `this hour of the ${baseline}` : `the ${length} before`;
    if (previous === 0) return `${lines} in ${length} after none in ${before}`;
    const factor = (current / previous).toLocaleString('en', { maximumFractionDigits: 1 });
    const usual = previous.toLocaleString('en');
    if (baseline) return `${factor} times what is usual at ${before}: ${lines} in ${length}, not ${usual}`;
    return `${factor} times ${before}: ${lines} after ${usual}`;
  },
  example: ({ minPrevious, minCount, factor }) => {
    const previous = Math.max(minPrevious, Math.ceil(minCount / factor));
    const current = Math.ceil(previous * factor);
    return { measured: { previous, current }, lines: current };
  },
};

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
  /** The season whose hours it compares with; the window before when absent. */
  readonly baseline?: SeasonName;
  readonly factor: number;
  readonly minCount: number;
  readonly minPrevious: number;
}

interface Memory extends WindowMemory {
  readonly season?: Season;
}

interface Measured {
  readonly current: number;
  readonly previous: number;
  /** `previous` is what is usual at that hour of the day or week. */
  readonly baseline?: SeasonName | undefined;
}
