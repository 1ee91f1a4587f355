import { cutText, sampleText } from './sample.js';
import type { Top, TopValue } from './signal.js';

/** Values of a column that a signal and a state keep; messages show three. */
const maxValues = 5;

/** UTF-16 units of a value. */
const maxValueText = 80;

/** Columns of which values are kept at most: five of an access line, two of any other. */
const maxColumns = 5;

/** Of all of them as JSON at most, when each character is an escape of 6; mostly some 200. */
export const topBytes = maxColumns * (30 + maxValues * (6 * maxValueText + 20));

/** Values that are counted at a time: of one that is on more than a 32nd of the lines, some are counted. */
const maxCounted = 31;

/** Adds up two of them; of more values than are kept the most frequent stay. */
export function joinTop(a: Top | undefined, b: Top | undefined): Top | undefined {
  if (!a || !b) return a ?? b;
  const columns = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(columns.map((column) => [column, joinValues(a[column] ?? [], b[column] ?? [])]));
}

function joinValues(a: readonly TopValue[], b: readonly TopValue[]): readonly TopValue[] {
  const counts = new Map(a);
  for (const [value, count] of b) counts.set(value, (counts.get(value) ?? 0) + count);
  return mostFrequent([...counts]);
}

function mostFrequent(values: TopValue[]): readonly TopValue[] {
  return values.sort(([a, lines], [b, others]) => others - lines || (a < b ? -1 : 1)).slice(0, maxValues);
}

/**
 * Counts the values of one column in a small, fixed space. When a value comes that there is no room for, as many lines as it has are taken
 * from each of the others (J. Misra and D. Gries, "Finding repeated elements", 1982): a count is never too high, and too low by at most
 * a 32nd of all lines. Up to 31 different values are counted exactly.
 */
export class TopValues {
  private readonly counts = new Map<string, number>();

  /** @returns whether the value was not among those that are counted */
  add(value: string, count: number): boolean {
    const known = this.counts.get(value);
    if (known !== undefined) this.counts.set(value, known + count);
    else if (this.counts.size < maxCounted) this.counts.set(value, count);
    else this.makeRoom(value, count);
    return known === undefined;
  }

  /** All that are counted, as they came. */
  entries(): TopValue[] {
    return [...this.counts];
  }

  /** The most frequent, as text that a signal may carry. */
  top(): readonly TopValue[] {
    // Long values may be the same once they are cut.
    return joinValues(
      [],
      this.entries().map(([value, count]) => [cutText(sampleText(value), maxValueText), count]),
    );
  }

  private makeRoom(value: string, count: number): void {
    const taken = Math.min(count, ...this.counts.values());
    for (const [other, lines] of this.counts) {
      if (lines > taken) this.counts.set(other, lines - taken);
      else this.counts.delete(other);
    }
    if (count > taken) this.counts.set(value, count - taken);
  }
}
