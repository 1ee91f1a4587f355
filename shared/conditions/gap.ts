import { isSeveral } from '../signals/alertKey.js';
import type { Signal } from '../signals/signal.js';
import type { Span } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import { milliseconds } from '../text/statedDuration.js';
import type { ConditionType, Labels, OpenSum } from './conditionType.js';
import { type NumberRange, rangesText, sizeOf, union } from './numberRanges.js';
import { type Gap, type Sequence, sequenceBytes, take } from './numberSequence.js';
import type { Firing, Observation } from './observation.js';

/** Ranges of numbers that one signal carries: of more, the lowest are left out. */
const maxRanges = 64;

/** Gaps that a message names. */
const maxNamed = 5;

/**
 * Numbers of a column (or `fields.<path>`) that never came: those of each key go up by one from line to line. Lines come late, in any
 * order and more than once, so a number is missed only when it has not come `grace` after a higher one did. Lines never fire: that
 * one did not come is for the sweep to see.
 */
export const gap: ConditionType<StatedGap, GapSettings, Memory, Measured> = {
  durations: { grace: ['1m', '7d'] },
  settings: ({ of, grace = '1h' }) => ({ of, grace: milliseconds(grace) }),

  of: ({ of }) => ({ column: of }),
  sum: {
    open: openNumbers,
    join: addNumbers,
    // Numbers of different keys leave no gaps.
    withoutKey: ({ numbers: _, doubled: __, ...signal }: Signal & Numbers) => signal,
  },

  observe: (_rule, memory, signals, now) => observeGap(memory, signals, now),
  remembered: ({ grace }) => grace,
  memoryBytes: () => sequenceBytes + 40,
  // One a minute for as long as SQS delivers again.
  rememberedBatches: 30,
  missing: {
    expected: () => [],
    expectedFrom: () => ({ missing: [] }),
    missedFrom: ({ grace }, { missing }, _labels, from = 0) =>
      Math.max(from, Math.min(...untold(missing).map(({ since }) => since + grace))),
    miss({ grace }, memory, labels, now) {
      const isMissed = ({ isTold, since }: Gap) => !isTold && now >= since + grace;
      const firing = firingOf(memory.missing.filter(isMissed), labels, now);
      const missing = memory.missing.map((each) => (isMissed(each) ? { ...each, isTold: true as const } : each));
      return { memory: { ...memory, missing, back: undefined }, firing };
    },
    backAt: ({ back }) => back,
    lastSeen: ({ seen }) => seen?.at,
    forgottenFrom: () => Number.POSITIVE_INFINITY,
    forgotten: () => ({ missing: [] }),
    backWords: ({ missing }) =>
      `${missing === 1 ? 'the missing number has' : 'the missing numbers have'} come after all`,
  },

  words: ({ missing, ranges }, { of }, _until, show) =>
    `${missing.toLocaleString('en')} of ${show(of)} ${missing === 1 ? 'is' : 'are'} missing: ${rangesText(ranges, maxNamed)}`,
  example: () => ({ measured: { missing: 3, ranges: [[17, 19]] }, lines: 3 }),
};

interface StatedGap {
  readonly of: string;
  readonly grace?: string;
}

interface GapSettings {
  readonly of: string;
  /** How long a number may come after a higher one, in milliseconds. */
  readonly grace: number;
}

interface Memory extends Sequence {
  /** When the last number that people were told to be missing came after all, on the clock. */
  readonly back?: number | undefined;
}

interface Measured {
  readonly missing: number;
  readonly ranges: readonly NumberRange[];
}

/** The numbers of the lines. */
interface Numbers {
  readonly numbers?: readonly NumberRange[];
  /** Lines whose number another one had, too. */
  readonly doubled?: number;
}

function openNumbers(): OpenSum<Numbers> {
  const numbers: number[] = [];
  let lines = 0;
  return {
    add(count, value) {
      const number = value !== undefined && wholeNumber.test(value) ? Number(value) : Number.NaN;
      if (!Number.isSafeInteger(number)) return;
      lines += count;
      numbers.push(number);
    },
    fields() {
      // All at once: to join them one by one takes a minute for 12,000 that leave gaps.
      const ranges = union(
        numbers.map((number): NumberRange => [number, number]),
        [],
      );
      return { numbers: ranges.slice(-maxRanges), doubled: lines - sizeOf(ranges) };
    },
  };
}

/** Not a blank text, which `Number` takes for 0. */
const wholeNumber = /^\s*[-+]?\d[\d.eE+]*\s*$/;

function addNumbers(a: Span & Numbers, b: Span & Numbers): Numbers {
  if (a.numbers === undefined) return {};
  const both = [...a.numbers, ...(b.numbers ?? [])];
  const numbers = union(both, []);
  const doubled = (a.doubled ?? 0) + (b.doubled ?? 0) + sizeOf(both) - sizeOf(numbers);
  return { numbers: numbers.slice(-maxRanges), doubled };
}

function observeGap(
  memory: Memory | undefined,
  signals: Readonly<Group<Signal & Numbers>>,
  now: number,
): Observation<Memory, Measured> {
  if (isSeveral(signals[0].key)) return { outcome: 'ignored', reason: 'several keys' };
  const before: Memory = memory ?? { missing: [] };
  let after: Sequence = before;
  const noticed = { missing: 0, late: 0, doubled: 0 };
  for (const { numbers = [], doubled = 0, first, last } of [...signals].sort((a, b) => a.bucket - b.bucket)) {
    noticed.doubled += doubled;
    for (const range of numbers) {
      const taken = take(after, range, { first: Math.min(first, now), last: Math.min(last, now) }, now);
      after = taken.sequence;
      noticed.missing += taken.missing;
      noticed.late += taken.late;
      noticed.doubled += taken.doubled;
    }
  }
  if (!after.seen) return { outcome: 'ignored', reason: 'unchanged' };
  const isBack = noticed.late > 0 && told(before.missing).length > 0 && told(after.missing).length === 0;
  return { outcome: 'counted', memory: { ...before, ...after, ...(isBack ? { back: now } : {}) }, noticed };
}

function untold(missing: readonly Gap[]): readonly Gap[] {
  return missing.filter(({ isTold }) => !isTold);
}

function told(missing: readonly Gap[]): readonly Gap[] {
  return missing.filter(({ isTold }) => isTold);
}

/** What there is to tell of missing numbers: between which event times they were. */
function firingOf(missed: readonly Gap[], labels: Labels, now: number): Firing<Measured> {
  const ranges = missed.map(({ from, to }): NumberRange => [from, to]);
  const count = sizeOf(ranges);
  const first = Math.min(now, ...missed.map(({ after }) => after));
  const last = Math.max(first, ...missed.map(({ before }) => before));
  return { tally: { labels, count, first, last, samples: [] }, measured: { missing: count, ranges } };
}
