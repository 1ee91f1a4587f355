import { describe, expect, it } from '@jest/globals';
import { observe } from '../../../shared/conditions/condition.js';
import type { Memory } from '../../../shared/conditions/index.js';
import type { Group } from '../../../shared/text/groupBy.js';
import { aRule, aSignal, T0 } from '../../helpers/alerts.js';
import { signalsOf, type TestLine } from '../../helpers/signals.js';

const SECOND = 1000;
const HOUR = 3_600_000;
const rule = aRule({ type: 'change', of: 'fields.version' });
const known = (value: string): Memory => ({ type: 'change', value, at: T0 });

/** One line a second with these values, from so many milliseconds after T0. */
function observed(memory: Memory | undefined, after: number, ...values: string[]) {
  const lines = values.map((value, second) => ({ ts: T0 + after + second * SECOND, value }));
  return observe(rule, memory, signalsOf(rule, lines as Group<TestLine>), T0 + after + HOUR);
}

describe('change', () => {
  it.each<[string, Memory | undefined, number, string[], object]>([
    ['the first value is none', undefined, 0, ['1.2'], { outcome: 'noted', memory: { value: '1.2' } }],
    [
      'from the value before',
      known('1.2'),
      SECOND,
      ['1.3'],
      { firing: { tally: { count: 1 }, measured: { from: '1.2', to: '1.3' } } },
    ],
    ['within the first batch', undefined, 0, ['1.2', '1.3'], { firing: { measured: { from: '1.2', to: '1.3' } } }],
    [
      'back and forth',
      known('a'),
      SECOND,
      ['b', 'a', 'c'],
      { firing: { tally: { count: 3, first: T0 + SECOND, last: T0 + 3 * SECOND }, measured: { from: 'a', to: 'c' } } },
    ],
    [
      'the same value, an hour later',
      known('a'),
      HOUR,
      ['a'],
      { outcome: 'noted', memory: { value: 'a', at: T0 + HOUR } },
    ],
    ['the same value costs no write before', known('a'), HOUR - 1, ['a'], { outcome: 'ignored', reason: 'unchanged' }],
    ['an older line says nothing', known('b'), -SECOND, ['a'], { outcome: 'ignored', reason: 'too late' }],
    [
      'a batch across the value known',
      known('b'),
      -SECOND,
      ['a', 'b', 'c'],
      { firing: { tally: { count: 1 }, measured: { from: 'b', to: 'c' } } },
    ],
  ])('%s', (_name, memory, after, values, expected) => {
    const observation = observed(memory, after, ...values);
    expect(observation).toMatchObject(expected);
    expect('firing' in observation).toBe('firing' in expected);
  });

  it('sees a change between buckets, whatever order they come in', () => {
    const signal = (after: number, value: string) =>
      aSignal({ bucket: T0 + after, values: [{ ts: T0 + after, value }] });
    const signals: Group<ReturnType<typeof aSignal>> = [signal(120_000, 'b'), signal(0, 'a'), signal(60_000, 'a')];
    expect(observe(rule, undefined, signals, T0 + HOUR)).toMatchObject({
      firing: { tally: { count: 1, first: T0 + 120_000, samples: [{ message: 'card declined' }] } },
    });
  });

  it('knows no change among keys that were folded into one', () => {
    expect(observe(rule, undefined, [aSignal({})], T0)).toEqual({ outcome: 'ignored', reason: 'several keys' });
  });
});
