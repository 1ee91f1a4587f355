import { expect, it } from '@jest/globals';
import type { Canary } from '../../shared/record/canary.js';
import { Canaries, canaryText } from './canaries.js';

const canary = (run: number, number: number, lines = 0, dropped = 0): Canary => ({
  ...{ run, number, time: 0, now: { lines, retries: 0, dropped }, since: undefined },
});

it('counts what is missing and what came twice, of each run by itself', () => {
  const canaries = new Canaries();
  for (const each of [canary(1, 1, 10), canary(1, 4, 40, 3), canary(1, 2, 20), canary(1, 2, 20), canary(2, 2, 5)]) {
    canaries.add(each);
  }
  const tally = canaries.tally();
  expect(tally).toEqual({ runs: 2, numbered: 6, missing: 2, doubled: 1, lines: 45, dropped: 3 });
  expect(canaryText(tally)).toBe('4 of 6 (2 runs), 1 twice, 45 read, 3 dropped');
  expect(canaryText({ ...tally, runs: 1, missing: 0, doubled: 0, dropped: 0 })).toBe('6 of 6, 45 read');
});
