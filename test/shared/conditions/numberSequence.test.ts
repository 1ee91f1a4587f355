import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Sequence, take } from '../../../shared/conditions/numberSequence.js';

const empty: Sequence = { missing: [] };

/** Takes numbers one by one; each line is written and counted at the second of its place. */
function taken(numbers: readonly number[], from: Sequence = empty) {
  let sequence = from;
  const sums = { missing: 0, late: 0, doubled: 0 };
  for (const [at, number] of numbers.entries()) {
    const now = (at + 1) * 1000;
    const { sequence: next, ...counts } = take(sequence, [number, number], { first: now, last: now }, now);
    sequence = next;
    for (const key of ['missing', 'late', 'doubled'] as const) sums[key] += counts[key];
  }
  return { sequence, ...sums };
}

describe('a sequence', () => {
  it('knows what is missing, whatever order the others come in', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(numbers, (all) => {
        const different = new Set(all);
        const [lowest, highest] = [Math.min(...all), Math.max(...all)];
        const lacking = Array.from({ length: highest - lowest + 1 }, (_, at) => lowest + at).filter(
          (each) => !different.has(each),
        );
        const { sequence, missing, late, doubled } = taken(all);
        expect(sequence.seen).toMatchObject({ from: lowest, to: highest });
        expect(
          sequence.missing.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at)),
        ).toEqual(lacking);
        expect(missing - late).toBe(lacking.length);
        expect(doubled).toBe(all.length - different.size);
      }),
    );
  });

  it('takes many numbers at once as it takes each', () => {
    const { sequence } = taken([1, 9]);
    const at = { first: 5000, last: 6000 };
    expect(take(sequence, [3, 12], at, 7000)).toEqual({
      sequence: {
        seen: { from: 1, to: 12, at: 6000 },
        missing: [{ from: 2, to: 2, since: 2000, after: 1000, before: 2000 }],
      },
      ...{ missing: 0, late: 6, doubled: 1 },
    });
  });

  it('remembers when a gap was noticed and between which lines it is, also when a part of it is filled', () => {
    const { sequence } = taken([4, 9, 6]);
    expect(sequence.missing).toEqual([
      { from: 5, to: 5, since: 2000, after: 1000, before: 2000 },
      { from: 7, to: 8, since: 2000, after: 1000, before: 2000 },
    ]);
  });

  it('misses what is below the lowest number, too', () => {
    expect(taken([9, 5]).sequence).toEqual({
      seen: { from: 5, to: 9, at: 1000 },
      missing: [{ from: 6, to: 8, since: 2000, after: 2000, before: 1000 }],
    });
  });

  it('remembers no more than 64 gaps, the highest', () => {
    const { sequence, missing } = taken(Array.from({ length: 80 }, (_, at) => 1 + 2 * at));
    expect(sequence.missing).toHaveLength(64);
    expect(sequence.missing.at(-1)).toMatchObject({ from: 158, to: 158 });
    expect(missing).toBe(79);
  });
});
