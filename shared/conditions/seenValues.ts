import { sampleText } from '../signals/sample.js';
import type { Signal } from '../signals/signal.js';
import type { Span } from '../signals/tally.js';
import type { OpenSum, Sum } from './conditionType.js';

/** A value, and the event times of the first and last line that had it, ms since the epoch. */
export type SeenValue = readonly [value: string, first: number, last: number];

/** Values of one signal, and of one key: of more, those that were seen last are kept. */
export const maxValues = 200;

/** UTF-16 units of a value; an ECS task id has 32. */
export const maxValueLength = 48;

/** Which values of a column lines had, and when. */
export interface SeenValues {
  readonly seen?: readonly SeenValue[];
}

export const seenValues: Sum<SeenValues> = {
  open: openSeen,
  join: (a, b) => joinSeen(a, b),
  // The values of different keys have nothing in common.
  withoutKey: ({ seen: _, ...signal }: Signal & SeenValues) => signal,
};

function openSeen(): OpenSum<SeenValues> {
  let seen = new Map<string, SeenValue>();
  return {
    add(_count, value, first, last) {
      if (value === undefined) return;
      const name = sampleText(value).slice(0, maxValueLength);
      seen.set(name, added([name, first, last], seen.get(name)));
      if (seen.size > 2 * maxValues) seen = new Map(newest([...seen.values()]).map((each) => [each[0], each]));
    },
    fields: () => ({ seen: newest([...seen.values()]) }),
  };
}

function joinSeen(a: Span & SeenValues, b: Span & SeenValues): SeenValues {
  return a.seen === undefined ? {} : { seen: mergeSeen(a.seen, b.seen ?? []) };
}

/** Each value once. */
export function mergeSeen(a: readonly SeenValue[], b: readonly SeenValue[]): SeenValue[] {
  const all = new Map<string, SeenValue>();
  for (const each of [...a, ...b]) all.set(each[0], added(each, all.get(each[0])));
  return newest([...all.values()]);
}

function added(value: SeenValue, other: SeenValue | undefined): SeenValue {
  if (!other) return value;
  const [name, first, last] = value;
  return [name, Math.min(first, other[1]), Math.max(last, other[2])];
}

function newest(seen: readonly SeenValue[]): SeenValue[] {
  return [...seen].sort((a, b) => b[2] - a[2] || (a[0] < b[0] ? -1 : 1)).slice(0, maxValues);
}
