import { describe, expect, it } from '@jest/globals';
import { ratio } from '../../../shared/conditions/ratio.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { aRule, MINUTE } from '../../helpers/alerts.js';
import { lines, observed, type WindowCase } from '../../helpers/windows.js';

describe('ratio', () => {
  const of = { status: { gte: 500 } };
  const above = aRule({ type: 'ratio', of, window: 5 * MINUTE, above: 0.05, minTotal: 100, lateness: 0 });
  const below = aRule({ type: 'ratio', of, window: 5 * MINUTE, below: 0.9, minTotal: 100, lateness: 0 });
  const both = (seconds: number, matched: number, others: number) => [
    ...lines(seconds, matched),
    ...lines(seconds, others, { isPart: false }),
  ];

  it.each<WindowCase>([
    ['6 of 100', [both(0, 6, 94)], [[6, 6, 100]]],
    ['5 of 100 is not above 5 %', [both(0, 5, 95)], ['quiet']],
    ['all of 99 are too few', [both(0, 99, 0)], ['quiet']],
    ['the denominator grows', [both(0, 6, 60), both(10, 0, 34)], ['quiet', [6, 6, 100]]],
    [
      'still above, and nothing new to tell',
      [both(0, 10, 90), both(10, 0, 20)],
      [
        [10, 10, 100],
        [0, 10, 120],
      ],
    ],
    ['old lines leave the window', [both(0, 50, 50), both(300, 2, 98)], [[50, 50, 100], 'quiet']],
    [
      '50 of 400 in four parts',
      [both(0, 5, 90), both(60, 15, 90), both(120, 15, 85), both(180, 15, 85)],
      ['quiet', [20, 20, 200], [15, 35, 300], [15, 50, 400]],
    ],
  ])('above 5 % of at least 100: %s', (_name, batches, expected) => {
    expect(observed(above, batches)).toEqual(expected);
  });

  it.each<[string, { readonly above?: number | string; readonly below?: number | string }, readonly string[]]>([
    ['above a part', { above: 0.05 }, []],
    ['below a percentage', { below: '90%' }, []],
    ['above nothing', { above: 0 }, []],
    ['below everything', { below: '100%' }, []],
    ['no bound', {}, ['a ratio has neither "above" nor "below"; write one of them']],
    ['both bounds', { above: 0.5, below: 0.1 }, ['a ratio has both "above" and "below"; make it two rules']],
    ['above 101%', { above: '101%' }, ['above is "101%"; no share is above 100%']],
    ['below 1.5', { below: 1.5 }, ['below is "1.5"; no share is above 100%']],
    ['above everything', { above: 1 }, ['above is 1, and no share is above that: the rule would never fire']],
    ['below nothing', { below: '0%' }, ['below is 0%, and no share is below that: the rule would never fire']],
  ])('is stated %s', (_name, bounds, expected) => {
    const problems = ratio.problems?.({ of, window: '5m', ...bounds }, above as Extract<Rule, { type: 'ratio' }>) ?? [];
    expect(problems.map(({ message }) => message)).toEqual(expected);
  });

  it.each<WindowCase>([
    ['89 of 100', [both(0, 89, 11)], [[100, 89, 100]]],
    ['90 of 100', [both(0, 90, 10)], ['quiet']],
    ['none of 100', [both(0, 0, 100)], [[100, 0, 100]]],
  ])('below 90 % of at least 100: %s, told with all the lines', (_name, batches, expected) => {
    expect(observed(below, batches)).toEqual(expected);
  });
});
