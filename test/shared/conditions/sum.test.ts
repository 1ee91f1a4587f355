import { describe, expect, it } from '@jest/globals';
import { aRule, MINUTE } from '../../helpers/alerts.js';
import { at, observed, type WindowCase } from '../../helpers/windows.js';

describe('sum: more than 10 in 1m', () => {
  const rule = aRule({ type: 'sum', of: 'fields.paid', above: 10, window: MINUTE, lateness: 0 });
  const paid = (seconds: number, ...values: string[]) => values.map((value) => ({ ts: at(seconds), value }));

  it.each<WindowCase>([
    ['more', [paid(0, '9', '1.01')], [[2, 10.01]]],
    ['tenths that add up to exactly that', [paid(0, '9.7', '0.1', '0.1', '0.1')], ['quiet']],
    ['no numbers', [paid(0, '', 'ten', 'Infinity', '9')], ['quiet']],
    ['what is taken away', [paid(0, '12', '-3'), paid(10, '2')], ['quiet', [3, 11]]],
    ['not within a minute', [paid(0, '9'), paid(60, '9')], ['quiet', 'quiet']],
  ])('%s', (_name, batches, expected) => {
    expect(observed(rule, batches)).toEqual(expected);
  });
});
