import { maxSampleText } from '../signals/sample.js';
import type { Signal } from '../signals/signal.js';
import { joinSamples, type Span, tallyOf } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import type { ConditionType, OpenSum } from './conditionType.js';
import type { Observation } from './observation.js';
import { joinValues, type TimedValue, TimedValues } from './timedValues.js';
import { isFresh } from './times.js';

/** For how long the last value of a key is remembered after its last line. */
const valueRemembered = 90 * 86_400_000;

/** The value of a column (or `fields.<path>`) is another one than the key had before. */
export const change: ConditionType<OfColumn, OfColumn, Memory, Measured> = {
  settings: ({ of }) => ({ of }),

  of: ({ of }) => ({ column: of }),
  sum: {
    open: openValues,
    join: addValues,
    // Values of different keys are no change.
    withoutKey: ({ values: _, ...signal }: Signal & Values) => signal,
  },

  observe: (_rule, memory, signals, now) => observeChange(memory, signals, now),
  remembered: () => valueRemembered,
  // Each character of the value may be an escape of 6.
  memoryBytes: () => 6 * maxSampleText + 60,

  words: ({ from, to }, { of }, _until, show) => `${show(of)} changed from "${show(from)}" to "${show(to)}"`,
  example: () => ({ measured: { from: '1.2', to: '1.3' }, lines: 1 }),
};

interface OfColumn {
  readonly of: string;
}

/** The newest value, and the event time of the line that it was read from. */
interface Memory {
  readonly value: string;
  readonly at: number;
}

interface Measured {
  readonly from: string;
  readonly to: string;
}

/** The values in the order of their event times, without repetitions. */
interface Values {
  readonly values?: readonly TimedValue[];
}

function openValues(): OpenSum<Values> {
  const values = new TimedValues();
  return {
    add(_count, value, first, last) {
      if (value === undefined) return;
      values.add(first, value);
      if (last > first) values.add(last, value);
    },
    fields: () => ({ values: values.inOrder() }),
  };
}

function addValues(a: Span & Values, b: Span & Values): Values {
  return a.values === undefined ? {} : { values: joinValues(a.values, b.values ?? []) };
}

/**
 * Compares each value with the one before it, by event time; lines older than the newest that was counted say nothing about
 * what changed since. Each change counts as one line.
 */
function observeChange(
  memory: Memory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<Memory, Measured> {
  const values = inOrder(signals, now).filter(({ ts }) => ts >= (memory?.at ?? 0));
  const newest = values.at(-1);
  if (!newest) return { outcome: 'ignored', reason: memory ? 'too late' : 'several keys' };

  const known = memory ? [{ value: memory.value, ts: memory.at }, ...values] : values;
  const changes = known.flatMap(({ ts, value: to }, at) => {
    const before = known[at - 1];
    return before && before.value !== to ? [{ ts, from: before.value, to }] : [];
  });
  const last = changes.at(-1);
  const next: Memory = { value: newest.value, at: newest.ts };
  if (!last) {
    const isKnown = memory !== undefined && isFresh(memory.at, newest.ts, valueRemembered);
    return isKnown ? { outcome: 'ignored', reason: 'unchanged' } : { outcome: 'noted', memory: next };
  }

  const { labels, samples } = tallyOf(signals);
  const span = { count: changes.length, first: changes[0]?.ts ?? last.ts, last: last.ts };
  const tally = { labels, ...span, samples: joinSamples(samples, []) };
  return { outcome: 'counted', memory: next, firing: { tally, measured: { from: last.from, to: last.to } } };
}

function inOrder(signals: readonly (Signal & Values)[], now: number): TimedValue[] {
  const values = signals.flatMap(({ values = [] }) => values);
  return values.map(({ ts, value }) => ({ ts: Math.min(ts, now), value })).sort((a, b) => a.ts - b.ts);
}
