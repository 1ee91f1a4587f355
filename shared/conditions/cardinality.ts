import type { Span } from '../signals/tally.js';
import { formatDuration, milliseconds } from '../text/statedDuration.js';
import type { ConditionType, OpenSum } from './conditionType.js';
import { add, estimate, merge, type Sketch, sketchBytes } from './sketch.js';
import {
  type Bucket,
  observeWindow,
  type StatedWindow,
  type WindowMemory,
  type WindowSettings,
  windowed,
  windowMemoryBytes,
} from './window.js';

/** More than `above` different values of a column (or `fields.<path>`) in the window: one that comes often counts once. */
export const cardinality: ConditionType<StatedCardinality, Cardinality, WindowMemory, Measured> = {
  ...windowed,
  settings: ({ of, window, above }) => ({ of, window: milliseconds(window), above }),

  of: ({ of }) => ({ column: of }),
  sum: { open: openSketch, join: mergeSketches },

  observe: (rule, memory, signals, now) =>
    observeWindow(rule, memory, signals, now, {
      join: mergeSketches,
      measure(current) {
        const measured = estimate(sketchOf(current));
        return measured.distinct > rule.above ? measured : undefined;
      },
    }),

  memoryBytes: (rule) => windowMemoryBytes(rule, rule.window, sketchBytes),

  words: ({ distinct, exact }, { of, window, above }, _until, show) => {
    const count = `${exact ? '' : 'about '}${distinct.toLocaleString('en')}`;
    return `${count} different ${show(of)} in ${formatDuration(window)}, more than ${above.toLocaleString('en')}`;
  },
  example: ({ above }) => ({ measured: { distinct: above + 1, exact: true }, lines: above + 1 }),
};

interface StatedCardinality extends StatedWindow {
  readonly of: string;
  readonly above: number;
}

interface Cardinality extends WindowSettings {
  readonly of: string;
  readonly above: number;
}

interface Measured {
  readonly distinct: number;
  /** False when there were so many that they are estimated. */
  readonly exact: boolean;
}

/** The different values of the lines. */
interface Distinct {
  readonly distinct?: Sketch;
}

function openSketch(): OpenSum<Distinct> {
  let distinct: Sketch = [];
  return {
    add(_count, value) {
      if (value !== undefined) distinct = add(distinct, value);
    },
    fields: () => ({ distinct }),
  };
}

function mergeSketches(a: Span & Distinct, b: Span & Distinct): Distinct {
  return a.distinct === undefined ? {} : { distinct: merge(a.distinct, b.distinct ?? []) };
}

/** The values of a whole window: one that is in several buckets counts once. */
function sketchOf(buckets: readonly (Bucket & Distinct)[]): Sketch {
  return buckets.reduce<Sketch>((sketch, { distinct = [] }) => merge(sketch, distinct), []);
}
