import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecentStates } from '../../../functions/adapters/recentStates.js';

const bytes = 1000;
const stored = (id: number) => ({ value: id, version: 1 });

/** Asks for each key in turn, reads those that are not there, and counts the reads of each round. */
function rounds(recent: RecentStates, keys: number, count: number): number[] {
  return Array.from({ length: count }, () => {
    let reads = 0;
    for (let id = 0; id < keys; id++) {
      if (recent.get(`${id}`)) {
        // Each is saved in each round.
        recent.keep(`${id}`, stored(id), bytes);
        continue;
      }
      reads++;
      recent.keep(`${id}`, stored(id), bytes);
    }
    return reads;
  });
}

describe('what a process recalls', () => {
  it('are all keys that there is room for, round after round', () => {
    expect(rounds(new RecentStates(2000 * bytes), 2000, 4)).toEqual([2000, 0, 0, 0]);
  });

  it('are those that fit, when there are more', () => {
    const [first, ...others] = rounds(new RecentStates(2000 * bytes), 2200, 30);
    expect(first).toBe(2200);
    // The 200 that find no room are read in each round, and hardly any other.
    expect(Math.max(...others)).toBeLessThanOrEqual(220);
  });

  it('makes room for others once keys come no more', () => {
    const recent = new RecentStates(100 * bytes);
    for (let id = 0; id < 100; id++) recent.keep(`old ${id}`, stored(id), bytes);
    expect(rounds(recent, 90, 4).at(-1)).toBe(0);
  });

  it('leaves out one that takes a large part of the room', () => {
    const recent = new RecentStates(16 * bytes);
    recent.keep('a', stored(1), bytes + 1);
    expect(recent.get('a')).toBeUndefined();
  });

  it('never holds more than it has room for, and gives back what was kept last', () => {
    const step = fc.record({
      id: fc.nat({ max: 20 }),
      size: fc.nat({ max: 70 }),
      act: fc.constantFrom('get', 'keep', 'forget'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const recent = new RecentStates(1000);
        const last = new Map<string, { version: number; size: number }>();
        for (const [version, { id: at, size, act }] of steps.entries()) {
          const id = `${at}`;
          if (act === 'keep') {
            recent.keep(id, { value: at, version }, size);
            last.set(id, { version, size });
          } else if (act === 'forget') {
            recent.forget(id);
            last.delete(id);
          } else {
            const found = recent.get(id);
            if (found) expect(found.version).toBe(last.get(id)?.version);
          }
        }
        const held = [...last].filter(([id, { version }]) => recent.get(id)?.version === version);
        expect(held.reduce((sum, [, { size }]) => sum + size, 0)).toBeLessThanOrEqual(1000);
      }),
    );
  });
});
