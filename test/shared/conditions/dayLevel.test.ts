import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addToDay, type Day, dayBytes, usualOfDay } from '../../../shared/conditions/dayLevel.js';
import { T0 } from '../../helpers/alerts.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A whole hour. */
const H0 = Math.ceil(T0 / HOUR) * HOUR;

function added(day: Day | undefined, minute: number, count: number): Day | undefined {
  const at = H0 + minute * MINUTE;
  return addToDay(day, [{ at, count }], at);
}

/** Hours with so many lines each, one after the other; a batch each. */
function dayOf(counts: readonly number[]): Day | undefined {
  return counts.reduce<Day | undefined>(
    (day, count, hour) => (count === 0 ? day : added(day, hour * 60 + (hour === 0 ? 50 : 7), count)),
    undefined,
  );
}

const usual = (counts: readonly number[], after = counts.length) =>
  usualOfDay(dayOf(counts), H0 + after * HOUR + 30 * MINUTE, 6 * MINUTE);
const hours = (length: number, count: number) => new Array<number>(length).fill(count);

describe('what is usual of a day', () => {
  it.each<[string, readonly number[], number | undefined]>([
    ['nothing, of a key that is known for ten minutes', [100], undefined],
    ['the middle of the hours', [1, 100, 300, 200], 20],
    ['without those of a burst', [1, ...hours(12, 100), ...hours(10, 5000)], 10],
    ['without hours in which nothing came', [1, ...hours(5, 0), 100, 100, ...hours(10, 0)], 10],
    ['the same hour of the day before where the others have less', [...hours(6, 300), ...hours(18, 10)], 30],
    ['without an outage of two hours on the day before', [9, 300, 300, 3, 3, 300, ...hours(20, 10), 9], 30],
  ])('is %s', (_, counts, expected) => {
    expect(usual(counts, counts.length === 24 ? 26 : undefined)).toBe(expected);
  });

  it('is what all of the first hour would have had', () => {
    const day = added(undefined, 40, 100);
    expect(usualOfDay(day, H0 + 70 * MINUTE, 6 * MINUTE)).toBe(30);
    // What came by then is no whole hour.
    expect(usualOfDay(day, H0 + 50 * MINUTE, 6 * MINUTE)).toBeUndefined();
  });

  it('is not known a day after the last line', () => {
    expect(usual([1, 100, 100], 26)).toBe(10);
    expect(usual([1, 100, 100], 28)).toBeUndefined();
  });
});

it('is what each hour by itself says, in whatever batches its lines come', () => {
  const anyLines = fc.array(
    fc.record({ hour: fc.integer({ min: 0, max: 40 }), count: fc.integer({ min: 1, max: 9 }) }),
    {
      minLength: 1,
      maxLength: 200,
    },
  );
  fc.assert(
    fc.property(anyLines, (any) => {
      // No day without a line: the hours before it would be forgotten.
      const lines = [...any, { hour: 20, count: 1 }];
      const day = lines
        .toSorted((a, b) => a.hour - b.hour)
        .reduce<Day | undefined>((sum, { hour, count }) => added(sum, hour * 60, count), undefined);
      const newest = Math.max(...lines.map(({ hour }) => hour));
      const first = Math.max(Math.min(...lines.map(({ hour }) => hour)), newest - 26);
      const middleOf = (from: number, to: number) => {
        const known = Array.from({ length: to - from + 1 }, (_, at) => from + at)
          .filter((hour) => hour >= first && hour <= newest)
          .map((at) => lines.filter(({ hour }) => hour === at).reduce((sum, { count }) => sum + count, 0))
          .filter((count) => count > 0)
          .sort((a, b) => a - b);
        return known[Math.ceil(known.length / 2) - 1];
      };
      const own = newest + 1;
      const recent = middleOf(own - 24, own - 1);
      const expected = recent && Math.max(recent, middleOf(own - 26, own - 22) ?? 0);
      expect(usualOfDay(day, H0 + own * HOUR, HOUR)).toBe(expected);
      expect(JSON.stringify(day).length).toBeLessThanOrEqual(dayBytes);
    }),
  );
});
