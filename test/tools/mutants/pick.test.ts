import { describe, expect, it } from '@jest/globals';
import { describeMutant, mutantsOf } from '../../../tools/mutants/mutant.js';
import { pick } from '../../../tools/mutants/pick.js';

const numbers = (path: string) =>
  mutantsOf({ path, text: Array.from({ length: 50 }, (_, line) => `x = ${line};`).join('\n') });
const [a, b] = [numbers('shared/a.ts'), numbers('shared/b.ts')];
const picked = (mutants: typeof a, count: number, seed: string) => pick(mutants, count, seed).map(describeMutant);

describe('a pick', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(picked(a, 10, '1')).toEqual(picked(a, 10, '1'));
    expect(picked(a, 10, '1')).not.toEqual(picked(a, 10, '2'));
  });

  it('is in the order of the file', () => {
    const mutants = pick(a, 10, '1');
    expect(mutants.map(({ start }) => start)).toEqual(mutants.map(({ start }) => start).sort((x, y) => x - y));
  });

  it('has all of them when there are fewer', () => {
    expect(picked(a, 1000, '1')).toEqual(a.map(describeMutant));
  });

  it('keeps to what it drew when other files are added', () => {
    const before = picked(a, 20, '1');
    const after = picked([...a, ...b], 20, '1').filter((mutant) => mutant.startsWith('shared/a.ts'));
    expect(before).toEqual(expect.arrayContaining(after));
    expect(after.length).toBeGreaterThan(0);
  });
});
