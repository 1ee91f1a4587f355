import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Newcomers, placesOf } from '../../../shared/conditions/newcomers.js';

const HOUR = 3_600_000;

describe('placesOf', () => {
  it('gives so many keys a place, first come, first served, each for an hour', () => {
    const first = placesOf({ singly: [] }, ['a', 'b', 'c'], 2, 0);
    expect(['a', 'b', 'c'].map(first.hasPlace)).toEqual([true, true, false]);
    const later = placesOf(first, ['c', 'a'], 2, HOUR - 1);
    expect(['a', 'b', 'c'].map(later.hasPlace)).toEqual([true, true, false]);
    const last = placesOf(later, ['c'], 2, HOUR);
    expect(['a', 'b', 'c'].map(last.hasPlace)).toEqual([false, false, true]);
  });

  it('is what a list of all keys and times would say', () => {
    const step = fc.record({
      after: fc.integer({ min: 0, max: HOUR }),
      keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.integer({ min: 1, max: 4 }), (steps, burst) => {
        let state: Pick<Newcomers, 'singly'> = { singly: [] };
        const given: { key: string; at: number }[] = [];
        let now = 0;
        for (const { after, keys } of steps) {
          now += after;
          const places = placesOf(state, keys, burst, now);
          for (const key of keys) {
            const held = given.filter(({ at }) => now - at < HOUR);
            const isIn = held.some((each) => each.key === key);
            if (!isIn && held.length < burst) given.push({ key, at: now });
            expect(places.hasPlace(key)).toBe(isIn || held.length < burst);
          }
          state = JSON.parse(JSON.stringify({ singly: places.singly }));
          expect(state.singly.length).toBeLessThanOrEqual(burst);
        }
      }),
    );
  });
});
