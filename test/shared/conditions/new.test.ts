import { describe, expect, it } from '@jest/globals';
import { observe } from '../../../shared/conditions/condition.js';
import type { Memory } from '../../../shared/conditions/index.js';
import { otherKey } from '../../../shared/signals/alertKey.js';
import { aRule, aSignal, T0 } from '../../helpers/alerts.js';
import { signalsOf } from '../../helpers/signals.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const rule = aRule({ type: 'new', remember: 30 * DAY });
const seen = (lastSeen: number): Memory => ({ type: 'new', lastSeen });
const at = (ts: number) => signalsOf(rule, [{ ts }]);

describe('new: not seen in 30 days', () => {
  it.each<[string, Memory | undefined, number, object]>([
    ['never seen', undefined, T0, { memory: seen(T0), firing: { measured: { type: 'new' } } }],
    ['not seen for longer', seen(T0), T0 + 30 * DAY + 1, { firing: { measured: { type: 'new', before: T0 } } }],
    ['seen 30 days ago', seen(T0), T0 + 30 * DAY, { outcome: 'noted', memory: seen(T0 + 30 * DAY) }],
    ['seen an hour ago: remembered again', seen(T0), T0 + HOUR, { outcome: 'noted', memory: seen(T0 + HOUR) }],
    ['seen within the hour: costs no write', seen(T0), T0 + HOUR - 1, { outcome: 'ignored', reason: 'known' }],
    ['a late line of a key that is known', seen(T0), T0 - DAY, { outcome: 'ignored', reason: 'known' }],
    ['the rule was of another type', { type: 'match' }, T0, { firing: { measured: { type: 'new' } } }],
  ])('%s', (_name, memory, ts, expected) => {
    const observation = observe(rule, memory, at(ts), ts);
    expect(observation).toMatchObject(expected);
    expect('firing' in observation).toBe('firing' in expected);
  });

  it('remembers again after a tenth of the time when that is less', () => {
    const short = aRule({ type: 'new', remember: HOUR });
    expect(observe(short, seen(T0), at(T0 + HOUR / 10 - 1), T0 + HOUR).outcome).toBe('ignored');
    expect(observe(short, seen(T0), at(T0 + HOUR / 10), T0 + HOUR).outcome).toBe('noted');
  });

  it('takes a line from the future for one of now', () => {
    expect(observe(rule, undefined, at(T0 + DAY), T0)).toMatchObject({
      memory: seen(T0),
      firing: { tally: { count: 1, first: T0, last: T0 } },
    });
  });

  it('may not call keys known that were folded into one', () => {
    const folded = aSignal({ key: otherKey, labels: {}, first: T0, last: T0, count: 12 });
    expect(observe(rule, seen(T0), [folded], T0)).toMatchObject({ firing: { tally: { count: 12 } } });
  });
});
