import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { observe } from '../../../shared/conditions/condition.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import type { Group } from '../../../shared/text/groupBy.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';
import { signalsOf, type TestLine } from '../../helpers/signals.js';
import { at, observed, type WindowCase } from '../../helpers/windows.js';

const above = 800;
const rule = (quantile: number, minCount: number) =>
  aRule({ type: 'quantile', of: 'duration_ms', quantile, above, minCount, window: 5 * MINUTE, lateness: 0 });
const took = (seconds: number, ...numbers: (number | string)[]) =>
  numbers.map((value): TestLine => ({ ts: at(seconds), value: String(value), isPart: Number(value) > above }));
const times = (count: number, number: number) => Array.from({ length: count }, () => number);

describe('quantile', () => {
  it.each<WindowCase>([
    ['6 of 100 are above', [took(0, ...times(94, 5), ...times(6, 900))], [[6, expect.closeTo(900, -2), 6, 100]]],
    ['5 of 100 are', [took(0, ...times(95, 5), ...times(5, 900))], ['quiet']],
    ['exactly the bound', [took(0, ...times(100, 800))], ['quiet']],
    ['a hair above it', [took(0, ...times(100, 800.001))], [[100, expect.closeTo(800, -2), 100, 100]]],
    ['all of 99 are too few', [took(0, ...times(99, 900))], ['quiet']],
    ['what is no number does not count', [took(0, ...times(99, 900), '', 'slow', 'NaN')], ['quiet']],
    [
      'zero and less are numbers',
      [took(0, ...times(93, 0), -7, ...times(6, 900))],
      [[6, expect.closeTo(900, -2), 6, 100]],
    ],
    [
      'far above is told as 24 times the bound',
      [took(0, ...times(100, 1e9))],
      [[100, expect.closeTo(19_346, -3), 100, 100]],
    ],
    [
      'over several batches, each line once',
      [took(0, ...times(94, 5)), took(60, ...times(6, 900)), took(120, 4000)],
      ['quiet', [6, expect.closeTo(900, -2), 6, 100], [1, expect.closeTo(900, -2), 7, 101]],
    ],
    ['old lines leave the window', [took(0, ...times(94, 900)), took(300, ...times(6, 900))], ['quiet', 'quiet']],
  ])('p95 above 800 of at least 100: %s', (_name, batches, expected) => {
    expect(observed(rule(0.95, 100), batches)).toEqual(expected);
  });

  it('is above exactly when the numbers in order say so, and is told to within 1 %', () => {
    const number = fc.oneof(fc.double({ min: -10, max: 2000, noNaN: true }), fc.constantFrom(799.99, 800, 800.01));
    const any = fc.array(number, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(any, fc.constantFrom(0.05, 0.5, 0.9, 0.95, 0.99), (numbers, quantile) => {
        const sorted = [...numbers].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(Math.round(quantile * numbers.length * 1e6) / 1e6) - 1] as number;
        const signals = signalsOf(rule(quantile, 1), took(0, ...numbers) as Group<TestLine>);
        const seen = observe(rule(quantile, 1), undefined, signals, T0);
        const measured = seen.outcome === 'counted' ? seen.firing?.measured : undefined;
        expect(measured !== undefined).toBe(exact > above);
        if (measured?.type === 'quantile') expect(Math.abs(measured.value - exact) / exact).toBeLessThan(0.0101);
      }),
    );
  });

  it('asks of lines what it measures: lines above the bound give the samples, all with a number the total', () => {
    const { rules, collector } = compileRules([{ ...rule(0.95, 1), on: ['access'], where: {}, by: [] } as Rule]);
    const open = collector();
    for (const [index, duration_ms] of [5, 900, 800, undefined, 1e9].entries()) {
      open.observe('access', {
        ts: T0 + index,
        path: `/${index}`,
        ...(duration_ms === undefined ? {} : { duration_ms }),
      });
    }
    expect(rules).toHaveLength(1);
    expect(open.signals()).toMatchObject([
      { count: 2, first: T0 + 1, last: T0 + 4, spread: { total: 4 }, samples: [{ message: '/1' }, { message: '/4' }] },
    ]);
  });
});
