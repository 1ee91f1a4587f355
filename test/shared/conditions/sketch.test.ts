import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, estimate, merge, type Sketch, sketchSize } from '../../../shared/conditions/sketch.js';

const sketchOf = (values: Iterable<string>) => [...values].reduce<Sketch>(add, []);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}`);

describe('a sketch of different values', () => {
  it.each([0, 1, 17, sketchSize - 1])('counts %d of them exactly, however often they come', (count) => {
    const values = numbered(count);
    expect(estimate(sketchOf([...values, ...values]))).toEqual({ distinct: count, exact: true });
  });

  it.each([200, 1000, 20_000])('estimates %d within three standard errors', (count) => {
    const { distinct, exact } = estimate(sketchOf(numbered(count)));
    expect(exact).toBe(false);
    expect(Math.abs(distinct / count - 1)).toBeLessThan(0.27);
  });

  it('stays the same object when a value is known or too large to be kept', () => {
    const full = sketchOf(numbered(20_000));
    expect(numbered(20_000).every((value) => add(full, value) === full)).toBe(true);
  });

  it('estimates from how far the 128 smallest of evenly spread hashes reach', () => {
    const reaching = (share: number) => Array.from({ length: 128 }, (_, at) => (2 ** 40 * share * (at + 1)) / 128);
    expect([1 / 2, 1 / 4, 1 / 100].map((share) => estimate(reaching(share)))).toEqual([
      { distinct: 254, exact: false },
      { distinct: 508, exact: false },
      { distinct: 12_700, exact: false },
    ]);
  });

  it('has the same hashes in every release, for sketches are stored', () => {
    expect(sketchOf(['', 'a', '10.0.0.1', 'é€😀'])).toEqual([
      309_689_486_723, 345_791_625_473, 497_475_467_517, 519_761_496_558,
    ]);
  });

  const values = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.nat({ max: 400 }).map(String)), {
    maxLength: 300,
    size: 'max',
  });

  it('is sorted, bounded and the same in any order, and parts merge into the whole', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const whole = sketchOf([...a, ...b]);
        expect(whole).toEqual([...new Set(whole)].sort((x, y) => x - y));
        expect(whole.length).toBeLessThanOrEqual(sketchSize);
        expect(sketchOf([...b, ...a])).toEqual(whole);
        expect(merge(sketchOf(a), sketchOf(b))).toEqual(whole);
        expect(merge(sketchOf(b), sketchOf(a))).toEqual(whole);
        expect(merge(whole, sketchOf(a))).toEqual(whole);
        const distinct = new Set([...a, ...b]).size;
        if (distinct < sketchSize) expect(estimate(whole)).toEqual({ distinct, exact: true });
      }),
    );
  });
});
