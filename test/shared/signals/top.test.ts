import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TopValue } from '../../../shared/signals/signal.js';
import { joinTop, TopValues } from '../../../shared/signals/top.js';

const sightings = fc.array(
  fc.tuple(
    fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 5 }) }, { weight: 1, arbitrary: fc.nat({ max: 200 }) }),
    fc.integer({ min: 1, max: 20 }),
  ),
  { maxLength: 400 },
);

function exactly(seen: readonly (readonly [number, number])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [value, count] of seen) counts.set(`v${value}`, (counts.get(`v${value}`) ?? 0) + count);
  return counts;
}

function counted(seen: readonly (readonly [number, number])[]): readonly TopValue[] {
  const values = new TopValues();
  for (const [value, count] of seen) values.add(`v${value}`, count);
  return values.entries();
}

describe('TopValues', () => {
  it('never counts too many, and too few by at most a 32nd of all', () => {
    fc.assert(
      fc.property(sightings, (seen) => {
        const exact = exactly(seen);
        const total = [...exact.values()].reduce((sum, count) => sum + count, 0);
        const values = new Map(counted(seen));
        for (const [value, count] of exact) {
          const found = values.get(value) ?? 0;
          expect(found).toBeLessThanOrEqual(count);
          expect(found).toBeGreaterThanOrEqual(count - total / 32);
        }
        expect(values.size).toBeLessThanOrEqual(31);
      }),
    );
  });

  it('gives the five most frequent, first the most frequent, cut to what a signal may carry', () => {
    const values = new TopValues();
    for (let n = 1; n <= 12; n++) values.add(`value ${n}`, n);
    values.add(`${'x'.repeat(100)}1`, 50);
    values.add(`${'x'.repeat(100)}2`, 60);
    expect(values.top()).toEqual([['x'.repeat(80), 110], ...[12, 11, 10, 9].map((n): TopValue => [`value ${n}`, n])]);
  });
});

describe('joinTop', () => {
  it('adds up what both have, and keeps five of each column', () => {
    const few = { task: [['a', 3]], path: [['/', 2]] } as const;
    expect(
      joinTop(few, {
        task: [
          ['b', 5],
          ['a', 4],
        ],
      }),
    ).toEqual({
      task: [
        ['a', 7],
        ['b', 5],
      ],
      path: [['/', 2]],
    });
    const many = { task: Array.from({ length: 5 }, (_, n): TopValue => [`t${n}`, 10 - n]) };
    expect(joinTop(many, { task: [['new', 9]] })?.task).toHaveLength(5);
    expect(joinTop(undefined, few)).toBe(few);
    expect(joinTop(undefined, undefined)).toBeUndefined();
  });
});
