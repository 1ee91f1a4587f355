import { formatDuration, milliseconds } from '../text/statedDuration.js';
import type { ConditionType } from './conditionType.js';
import type { RuleSettings } from './ruleSettings.js';
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
 * A key's lines grow from window to window: `steps` times in a row by `factor` or more, from a window of `minPrevious` lines at least
 * to one of `minCount`. What began from next to nothing is no growth, but a spike.
 */
export const growth: ConditionType<StatedGrowth, Growth, WindowMemory, Measured> = {
  ...windowed,
  settings: ({ window, steps = 3, factor = 1.5, min_count = 100, min_previous = 10 }) => ({
    ...{ window: milliseconds(window), steps, factor },
    ...{ minCount: min_count, minPrevious: min_previous },
  }),

  observe: (rule, memory, signals, now) =>
    observeWindow(rule, memory, signals, now, {
      measure(current, before) {
        const { steps, factor, minCount, minPrevious } = rule;
        const counts = [current, ...Array.from({ length: steps }, (_, at) => before(at + 1))].map(linesOf).reverse();
        const [first = 0] = counts;
        if (first < minPrevious || (counts.at(-1) ?? 0) < minCount) return undefined;
        return counts.every((count, at) => at === 0 || count >= factor * (counts[at - 1] ?? 0))
          ? { counts }
          : undefined;
      },
      lookBack: lookBack(rule),
      // What came before late lines came in time, and is gone.
      lateBuckets: 0,
    }),
  remembered: (rule: RuleSettings & Growth) => lookBack(rule) + rule.lateness,
  lookBack,
  memoryBytes: (rule) => windowMemoryBytes(rule, lookBack(rule), 0, 0),

  words: ({ counts }, { window }) => {
    const [first = 0, last = 0] = [counts[0], counts.at(-1)];
    const times = (last / first).toLocaleString('en', { maximumFractionDigits: 1 });
    const each = counts.map((count) => count.toLocaleString('en')).join(', then ');
    return `${times} times as many within ${formatDuration(window * (counts.length - 1))}: ${each} lines in ${formatDuration(window)}`;
  },
  example: ({ steps, factor, minCount, minPrevious }) => {
    const first = Math.max(minPrevious, Math.ceil(minCount / factor ** steps));
    const counts = [first];
    while (counts.length <= steps) counts.push(Math.ceil((counts.at(-1) ?? first) * factor));
    return { measured: { counts }, lines: counts.at(-1) ?? first };
  },
};

interface StatedGrowth extends StatedWindow {
  readonly steps?: number;
  readonly factor?: number;
  readonly min_count?: number;
  readonly min_previous?: number;
}

interface Growth extends WindowSettings {
  /** How many times in a row. */
  readonly steps: number;
  readonly factor: number;
  /** Lines of the last window, and of the first. */
  readonly minCount: number;
  readonly minPrevious: number;
}

interface Measured {
  /** Lines of each window, the latest last. */
  readonly counts: readonly number[];
}

function lookBack({ window, steps }: Growth): number {
  return (steps + 1) * window;
}
