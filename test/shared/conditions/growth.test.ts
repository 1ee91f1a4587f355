import { describe, expect, it } from '@jest/globals';
import { aRule, MINUTE } from '../../helpers/alerts.js';
import { lines, observed, type WindowCase } from '../../helpers/windows.js';

describe('growth: three times in a row half as many again, from 10 lines to 40', () => {
  const HOUR = 3600;
  const settings = { window: 60 * MINUTE, factor: 1.5, minCount: 40, minPrevious: 10, lateness: 0 } as const;
  const rule = aRule({ type: 'growth', ...settings, steps: 3 });
  const hours = (...counts: number[]) => counts.map((count, hour) => lines(hour * HOUR, count));

  it.each<WindowCase>([
    ['as much as that', hours(12, 18, 27, 41), ['quiet', 'quiet', 'quiet', [41, [12, 18, 27, 41]]]],
    ['more than that', hours(10, 100, 1000, 10_000), ['quiet', 'quiet', 'quiet', [10_000, [10, 100, 1000, 10_000]]]],
    ['not the last time', hours(12, 18, 27, 40), ['quiet', 'quiet', 'quiet', 'quiet']],
    ['not in between', hours(12, 18, 26, 60), ['quiet', 'quiet', 'quiet', 'quiet']],
    ['from too few', hours(9, 18, 36, 72), ['quiet', 'quiet', 'quiet', 'quiet']],
    ['to too few', hours(10, 15, 23, 35), ['quiet', 'quiet', 'quiet', 'quiet']],
    ['from nothing', hours(0, 100, 200, 400).slice(1), ['quiet', 'quiet', 'quiet']],
    [
      'before the hour is over, and what is told once is not told again',
      [...hours(12, 18, 27), lines(3 * HOUR - 300, 1), lines(3 * HOUR, 41), lines(3 * HOUR + 60, 5)],
      ['quiet', 'quiet', 'quiet', 'quiet', [42, [12, 18, 27, 42]], [5, [12, 18, 27, 47]]],
    ],
  ])('%s', (_name, batches, expected) => {
    expect(observed(rule, batches)).toEqual(expected);
  });

  it('compares day with day by one step', () => {
    const daily = aRule({ type: 'growth', ...settings, window: 24 * 60 * MINUTE, factor: 2, steps: 1 });
    expect(observed(daily, [lines(0, 100), lines(24 * HOUR, 199), lines(25 * HOUR, 1)])).toEqual([
      'quiet',
      'quiet',
      [200, [100, 200]],
    ]);
  });
});
