import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  accuracy,
  addTo,
  binOf,
  binsAbove,
  countIn,
  mergeBins,
  numberAt,
  toBins,
} from '../../../shared/conditions/logBins.js';

const anyNumbers = fc.array(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 50 });

function binsOf(numbers: readonly number[]) {
  const bins = new Map<number, number>();
  for (const number of numbers) addTo(bins, binOf(number), 1);
  return toBins(bins);
}

describe('bins of numbers', () => {
  it('give the number of every rank to within their accuracy', () => {
    fc.assert(
      fc.property(anyNumbers, (numbers) => {
        const bins = binsOf(numbers);
        expect(countIn(bins)).toBe(numbers.length);
        for (const [at, number] of [...numbers].sort((a, b) => a - b).entries()) {
          const found = numberAt(bins, at + 1, 0) ?? Number.NaN;
          expect(Math.abs(found - number) / number).toBeLessThanOrEqual(accuracy + 1e-9);
        }
        expect(numberAt(bins, numbers.length + 1, 0)).toBeUndefined();
      }),
    );
  });

  it('are those of the whole when those of any parts are merged', () => {
    fc.assert(
      fc.property(anyNumbers, anyNumbers, (some, others) => {
        expect(mergeBins(binsOf(some), binsOf(others))).toEqual(binsOf([...some, ...others]));
      }),
    );
  });

  it('give no number that is not above a bound which all are above', () => {
    fc.assert(
      fc.property(anyNumbers, fc.double({ min: 0.1, max: 1e6, noNaN: true }), (numbers, bound) => {
        const above = numbers.filter((number) => number > bound);
        const bins = binsAbove(binsOf(above), bound);
        expect(countIn(bins)).toBe(above.length);
        for (const rank of above.keys()) expect(numberAt(bins, rank + 1, bound)).toBeGreaterThanOrEqual(bound);
      }),
    );
  });
});
