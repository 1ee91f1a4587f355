import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { counted } from '../text/wording.js';
import type { ConditionType } from './conditionType.js';
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
 * At least `minCount` lines of a key in a window, and `factor` times as many as in the window before it, which counts
 * as `minPrevious` when there were fewer: after next to nothing, any traffic would be many times as much.
 */
export const spike: ConditionType<StatedSpike, Spike, WindowMemory, Measured> = {
  ...windowed,
  settings: ({ window, factor = 3, min_count = 10, min_previous = 1 }) => ({
    window: milliseconds(window),
    factor,
    minCount: min_count,
    minPrevious: min_previous,
  }),

  observe: (rule, memory, signals, now) =>
    observeWindow(rule, memory, signals, now, {
      measure(currentBuckets, before) {
        const [current, previous] = [linesOf(currentBuckets), linesOf(before(1))];
        const isSpike = current >= rule.minCount && current >= rule.factor * Math.max(previous, rule.minPrevious);
        return isSpike ? { current, previous } : undefined;
      },
      lookBack: lookBack(rule),
      // What came before late lines came in time, and is gone.
      lateBuckets: 0,
    }),
  lookBack,
  memoryBytes: (rule) => windowMemoryBytes(rule, lookBack(rule), 0, 0),

  words: ({ current, previous }, { window }) => {
    const [lines, length] = [counted(current, 'line'), formatDuration(window)];
    if (previous === 0) return `${lines} in ${length} after none in the ${length} before`;
    const factor = (current / previous).toLocaleString('en', { maximumFractionDigits: 1 });
    return `${factor} times the ${length} before: ${lines} after ${previous.toLocaleString('en')}`;
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
  readonly factor?: number;
  readonly min_count?: number;
  readonly min_previous?: number;
}

interface Spike extends WindowSettings {
  readonly factor: number;
  readonly minCount: number;
  readonly minPrevious: number;
}

interface Measured {
  readonly current: number;
  readonly previous: number;
}
