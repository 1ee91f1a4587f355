import { describe, expect, it } from '@jest/globals';
import { describeMutant, type Mutant, mutantsOf } from '../../../tools/mutants/mutant.js';
import { type Copy, type Survivor, tryMutants, type Verdict } from '../../../tools/mutants/trial.js';

const [equality, other, ...rest] = mutantsOf({ path: 'shared/a.ts', text: 'x = a === b;\ny = a === c;\nz = a < b;' });
const mutants = [equality, other, ...rest].filter((mutant) => mutant !== undefined);

/** What a test file says of the code with one mutant, or without any. */
type Says = (mutant: Mutant | undefined) => Verdict;

const passes: Says = () => 'passed';
const fails: Says = () => 'failed';
const notices =
  (verdict: Verdict, ...noticed: readonly (Mutant | undefined)[]): Says =>
  (mutant) =>
    mutant && noticed.includes(mutant) ? verdict : 'passed';

describe('a trial', () => {
  it.each<[string, Says[], number, string[]]>([
    ['the first test file fails', [notices('failed', ...mutants), passes], 2, []],
    ['the second test file fails', [passes, notices('failed', ...mutants)], 2, []],
    ['a test file takes too long', [notices('timed out', ...mutants), passes], 2, []],
    [
      'all but the third are noticed',
      [notices('failed', equality), notices('failed', other)],
      2,
      ['3: 2 asked, 0 not'],
    ],
    [
      'the one that would notice is too far',
      [passes, notices('failed', ...mutants)],
      1,
      ['1', '2', '3'].map((line) => `${line}: 1 asked, 1 not`),
    ],
    ['the one that would notice fails anyway', [fails, notices('failed', equality, other)], 2, ['3: 1 asked, 0 not']],
    ['there is no test file', [], 2, ['1', '2', '3'].map((line) => `${line}: 0 asked, 0 not`)],
  ])('when %s', async (_, tests, most, expected) => {
    expect((await trial(tests, most)).survivors).toEqual(expected);
  });

  it('tells once which test files fail without any change', async () => {
    expect((await trial([fails, passes], 2)).broken).toEqual(['0']);
  });

  it('takes the change back before the next one', async () => {
    const { applied } = await trial([notices('failed', other)], 1);
    expect(applied).toEqual(mutants.flatMap((mutant) => [describeMutant(mutant), 'restored']));
  });

  it('ends when a copy can not be used', async () => {
    const copy = () => Promise.reject(new Error('no space left'));
    const options = { testsOf: () => [], tests: 1, jobs: 2, onSurvivor: () => {}, onBrokenTest: () => {} };
    await expect(tryMutants(mutants, { ...options, copy })).rejects.toThrow('no space left');
  });
});

async function trial(tests: readonly Says[], most: number) {
  const survivors: Survivor[] = [];
  const broken: string[] = [];
  const applied: string[] = [];
  await tryMutants(mutants, {
    copy: async () => pretendedCopy(tests, applied),
    testsOf: () => tests.map((_, index) => `${index}`),
    tests: most,
    jobs: 1,
    onSurvivor: (survivor) => survivors.push(survivor),
    onBrokenTest: (file) => broken.push(file),
  });
  const told = survivors.map(({ mutant, asked, unasked }) => `${mutant.line}: ${asked} asked, ${unasked} not`);
  return { survivors: told, broken, applied };
}

function pretendedCopy(tests: readonly Says[], applied: string[]): Copy {
  let current: Mutant | undefined;
  return {
    apply: async (mutant) => {
      current = mutant;
      applied.push(describeMutant(mutant));
    },
    restore: async () => {
      current = undefined;
      applied.push('restored');
    },
    test: async (file) => tests[Number(file)]?.(current) ?? 'failed',
  };
}
