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

/** `threshold` lines of a key in some `window`. */
export const frequency: ConditionType<StatedFrequency, Frequency, WindowMemory, Measured> = {
  ...windowed,
  settings: ({ threshold, window }) => ({ threshold, window: milliseconds(window) }),

  observe: (rule, memory, signals, now) =>
    observeWindow(rule, memory, signals, now, {
      measure(current) {
        const count = linesOf(current);
        return count >= rule.threshold ? { count } : undefined;
      },
    }),

  memoryBytes: (rule) => windowMemoryBytes(rule),

  words: ({ count }, { threshold, window }) =>
    `${counted(count, 'line')} in ${formatDuration(window)}, ${threshold.toLocaleString('en')} are enough`,
  example: ({ threshold }) => ({ measured: { count: threshold }, lines: threshold }),
};

interface StatedFrequency extends StatedWindow {
  readonly threshold: number;
}

interface Frequency extends WindowSettings {
  readonly threshold: number;
}

interface Measured {
  readonly count: number;
}
