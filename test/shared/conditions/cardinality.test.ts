import { describe, expect, it } from '@jest/globals';
import { aRule, MINUTE } from '../../helpers/alerts.js';
import { at, observed, type WindowCase } from '../../helpers/windows.js';

describe('cardinality: more than 3 different values in 1m', () => {
  const rule = aRule({ type: 'cardinality', of: 'client_ip', window: MINUTE, above: 3, lateness: 0 });
  const values = (seconds: number, text: string) => [...text].map((value) => ({ ts: at(seconds), value }));

  it.each<WindowCase>([
    ['four', [values(0, 'abcd')], [[4, 4, true]]],
    ['three', [values(0, 'abc')], ['quiet']],
    ['the same ones again', [values(0, 'abc'), values(20, 'cba')], ['quiet', 'quiet']],
    ['the fourth, later', [values(0, 'abc'), values(20, 'ad')], ['quiet', [5, 4, true]]],
    ['not within a minute', [values(0, 'abc'), values(60, 'd')], ['quiet', 'quiet']],
  ])('%s', (_name, batches, expected) => {
    expect(observed(rule, batches)).toEqual(expected);
  });

  it('says when there are so many that it estimates', () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ ts: at(0), value: `10.0.${n >> 8}.${n & 255}` }));
    const [result] = observed(rule, [many]);
    expect(result).toEqual([1000, expect.any(Number), false]);
    const [, distinct] = result as [number, number];
    expect(Math.abs(distinct - 1000)).toBeLessThan(300);
  });
});
