import { sampleText } from '../signals/sample.js';

/** A value, and the event time of a line that had it. */
export interface TimedValue {
  readonly ts: number;
  readonly value: string;
}

/** Values of one signal: of more, the first and the last half are kept. */
const maxValues = 16;

/** Sightings that are kept before those are left out that a change can't be seen by. */
const maxSightings = 4096;

/** The values of one key as its lines had them, in any order of their times. */
export class TimedValues {
  private sightings: TimedValue[] = [];

  add(ts: number, value: string): void {
    this.sightings.push({ ts, value });
    if (this.sightings.length >= maxSightings) this.sightings = firstAndLast(ends(byTime(this.sightings)));
  }

  /** By time, without repetitions. */
  inOrder(): TimedValue[] {
    const sorted = byTime(this.sightings);
    const changed = sorted.filter(({ value }, at) => value !== sorted[at - 1]?.value);
    return firstAndLast(changed).map(({ ts, value }) => ({ ts, value: sampleText(value) }));
  }
}

/** The values of two signals, the earlier one's first. */
export function joinValues(earlier: readonly TimedValue[], later: readonly TimedValue[]): TimedValue[] {
  return firstAndLast([...earlier, ...later]);
}

function byTime(sightings: readonly TimedValue[]): TimedValue[] {
  return [...sightings].sort((a, b) => a.ts - b.ts);
}

/** The first and the last of each row of equal values: a late line may yet fall between them. */
function ends(sorted: readonly TimedValue[]): TimedValue[] {
  return sorted.filter(({ value }, at) => value !== sorted[at - 1]?.value || value !== sorted[at + 1]?.value);
}

function firstAndLast(values: readonly TimedValue[]): TimedValue[] {
  if (values.length <= maxValues) return [...values];
  return [...values.slice(0, maxValues / 2), ...values.slice(-maxValues / 2)];
}
