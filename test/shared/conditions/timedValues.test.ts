import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { joinValues, TimedValues } from '../../../shared/conditions/timedValues.js';

function inOrder(...sightings: readonly (readonly [ts: number, value: string])[]): (readonly [number, string])[] {
  const values = new TimedValues();
  for (const [ts, value] of sightings) values.add(ts, value);
  return values.inOrder().map(({ ts, value }) => [ts, value]);
}

describe('the values of a change', () => {
  it('are those of the lines by time, each with when it began', () => {
    expect(inOrder([1, 'a'], [5, 'a'], [3, 'b'], [9, 'c'], [4, 'b'])).toEqual([
      [1, 'a'],
      [3, 'b'],
      [5, 'a'],
      [9, 'c'],
    ]);
  });

  it('are the first and the last when there are too many', () => {
    const many = Array.from({ length: 20_000 }, (_, n) => [n, `v${n}`] as const);
    const kept = inOrder(...many).map(([ts]) => ts);
    expect(kept).toHaveLength(16);
    expect([kept[0], kept.at(-1)]).toEqual([0, 19_999]);
  });

  it('are found among many lines that say the same', () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => [n, n < 7000 || n >= 12_000 ? '1.4' : '1.5'] as const);
    expect(inOrder(...lines)).toEqual([
      [0, '1.4'],
      [7000, '1.5'],
      [12_000, '1.4'],
    ]);
  });

  it('follow each other without repetition, in any order of the lines', () => {
    const sighting = fc.tuple(fc.nat({ max: 1000 }), fc.constantFrom('a', 'b', 'c'));
    fc.assert(
      fc.property(fc.uniqueArray(sighting, { selector: ([ts]) => ts, maxLength: 15 }), (sightings) => {
        const byTime = [...sightings].sort(([a], [b]) => a - b);
        const expected = byTime.filter(([, value], at) => value !== byTime[at - 1]?.[1]);
        expect(inOrder(...sightings)).toEqual(expected);
      }),
    );
  });

  it('of two signals are joined within the same bound', () => {
    const values = (from: number) => Array.from({ length: 16 }, (_, n) => ({ ts: from + n, value: `${from + n}` }));
    const joined = joinValues(values(0), values(100));
    expect(joined.map(({ ts }) => ts)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 108, 109, 110, 111, 112, 113, 114, 115]);
  });
});
