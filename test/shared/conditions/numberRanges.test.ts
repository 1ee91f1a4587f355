import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  intersection,
  type NumberRange,
  rangesText,
  sizeOf,
  union,
  without,
} from '../../../shared/conditions/numberRanges.js';

const range = fc
  .tuple(fc.integer({ min: -20, max: 20 }), fc.nat(6))
  .map(([from, more]): NumberRange => [from, from + more]);
const ranges = fc.array(range, { maxLength: 8 });

/** The same as a plain set of numbers. */
function numbersIn(all: readonly NumberRange[]): Set<number> {
  return new Set(all.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at)));
}

const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);

describe('ranges of numbers', () => {
  it('are united as sets are, in as few ranges as there can be', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const united = union(a, b);
        const expected = numbersIn([...a, ...b]);
        expect(sorted(numbersIn(united))).toEqual(sorted(expected));
        expect(sizeOf(united)).toBe(expected.size);
        for (const [at, [from]] of united.entries())
          if (at > 0) expect(from).toBeGreaterThan((united[at - 1]?.[1] ?? 0) + 1);
      }),
    );
  });

  it('are parted by another into what both have and what only one has', () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        const both = intersection(a, b);
        const only = without(a, b);
        const other = numbersIn([b]);
        expect(sorted(numbersIn(both ? [both] : []))).toEqual(
          sorted([...numbersIn([a])].filter((each) => other.has(each))),
        );
        expect(sorted(numbersIn(only))).toEqual(sorted([...numbersIn([a])].filter((each) => !other.has(each))));
      }),
    );
  });

  it('are said in words, the first of them', () => {
    expect(rangesText([[3, 3]], 2)).toBe('3');
    expect(
      rangesText(
        [
          [3, 3],
          [17, 19],
          [40, 41],
        ],
        2,
      ),
    ).toBe('3, 17 to 19, …');
  });
});
