import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { counted } from '../text/wording.js';
import type { PlacedProblem } from '../yaml/source.js';
import type { ConditionType } from './conditionType.js';
import {
  type Bucket,
  bucketWidth,
  linesOf,
  observeWindow,
  type StatedWindow,
  type WindowMemory,
  type WindowSettings,
  windowed,
  windowMemoryBytes,
} from './window.js';

/** So many windows may follow one another. */
const mostWindows = 12;

/**
 * `threshold` lines of a key in some `window`; with `for`, in each of the windows that follow one another for so long. What is over
 * sooner, such as a deployment, is left out then.
 */
export const frequency: ConditionType<StatedFrequency, Frequency, WindowMemory, Measured> = {
  ...windowed,
  durations: { ...windowed.durations, for: ['20s', '24h'] },
  settings: ({ threshold, window, for: stated }) => ({
    threshold,
    window: milliseconds(window),
    ...(stated === undefined ? {} : { for: milliseconds(stated) }),
  }),
  problems: badFor,

  observe(rule, memory, signals, now) {
    const all = { ...rule, window: lookBack(rule), step: bucketWidth(rule) };
    return observeWindow(all, memory, signals, now, {
      measure: (current, _before, end) => measured(rule, current, end),
      // Windows in a row are no longer told apart in late lines, which are kept in quarters of all of them.
      ...(rule.for === undefined ? {} : { lateBuckets: 0 }),
    });
  },
  remembered: (rule) => 2 * lookBack(rule) + rule.lateness,
  lookBack,
  memoryBytes: (rule) =>
    rule.for === undefined ? windowMemoryBytes(rule) : windowMemoryBytes(rule, lookBack(rule), 0, 0),

  words: ({ count, least }, rule) => {
    const [lines, window] = [counted(count, 'line'), formatDuration(rule.window)];
    const enough = `${rule.threshold.toLocaleString('en')} are enough`;
    if (least === undefined) return `${lines} in ${window}, ${enough}`;
    return `${lines} in ${formatDuration(lookBack(rule))}, at least ${least.toLocaleString('en')} in each ${window} of it, ${enough}`;
  },
  example({ threshold, ...rule }) {
    if (rule.for === undefined) return { measured: { count: threshold }, lines: threshold };
    const count = threshold * (rule.for / rule.window);
    return { measured: { count, least: threshold }, lines: count };
  },
};

interface StatedFrequency extends StatedWindow {
  readonly threshold: number;
  readonly for?: string;
}

interface Frequency extends WindowSettings {
  readonly threshold: number;
  /** How long windows must follow one another of which each has the lines, in milliseconds: one is enough when absent. */
  readonly for?: number;
}

interface Measured {
  readonly count: number;
  /** Of several windows in a row, the lines of the one that has the fewest. */
  readonly least?: number;
}

function lookBack(rule: Frequency): number {
  return rule.for ?? rule.window;
}

function badFor({ for: stated }: StatedFrequency, rule: Frequency): PlacedProblem[] {
  if (rule.for === undefined) return [];
  const windows = rule.for / rule.window;
  if (Number.isInteger(windows) && windows >= 2 && windows <= mostWindows) return [];
  const nearest = Math.min(Math.max(2, Math.round(windows)), mostWindows);
  const message = `for is ${stated}, which is not 2 to ${mostWindows} windows of ${formatDuration(rule.window)}; write ${formatDuration(nearest * rule.window)}`;
  return [{ path: ['for'], message }];
}

/** @param current the buckets of all windows, the last of which begins at `end`. */
function measured(rule: Frequency, current: readonly Bucket[], end: number): Measured | undefined {
  const { threshold, window } = rule;
  const count = linesOf(current);
  if (rule.for === undefined) return count >= threshold ? { count } : undefined;
  // Spares most batches the look at each window.
  if (count < threshold * (rule.for / window)) return undefined;
  const counts = Array.from({ length: rule.for / window }, () => 0);
  for (const bucket of current) {
    const at = Math.floor((end - bucket.at) / window);
    counts[at] = (counts[at] ?? 0) + bucket.count;
  }
  const least = Math.min(...counts);
  return least >= threshold ? { count, least } : undefined;
}
